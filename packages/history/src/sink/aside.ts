/**
 * A file that is complete or absent.
 *
 * It is written under another name in the same folder, brought to the disk, and
 * then renamed. What was there before stays until then. A killed process leaves
 * what it had written aside, and the next one replaces it.
 */
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as FileSystem from "effect/FileSystem"
import * as Option from "effect/Option"
import * as Path from "effect/Path"
import * as Scope from "effect/Scope"
import { because, Contended, NotAFile, refused, type SinkError } from "./error.ts"

/** A file that is being written. */
export interface Aside {
  readonly write: (bytes: Uint8Array) => Effect.Effect<void, SinkError>
  /** Puts the file in its place, for good; nothing may be written after. */
  readonly commit: Effect.Effect<void, SinkError>
}

const sameFile = (a: FileSystem.File.Info, b: FileSystem.File.Info): boolean =>
  // where the platform does not number its files, none is replaced
  Option.isNone(a.ino) || Option.isNone(b.ino) || (a.ino.value === b.ino.value && a.dev === b.dev)

/** Where a file is written until it is complete. */
export const partial = (paths: Path.Path, path: string): string =>
  paths.join(paths.dirname(path), `.${paths.basename(path)}.partial`)

/** Makes the names in a folder durable, where the platform can. */
const syncFolder = (fs: FileSystem.FileSystem, folder: string) =>
  fs.open(folder, { flag: "r" }).pipe(
    Effect.flatMap((file) => file.sync),
    Effect.scoped,
    Effect.ignore
  )

/**
 * Opens a file aside; it is gone at the end of the scope unless it was
 * committed. Its folder is made where it is absent.
 */
export const open = Effect.fnUntraced(function* (
  path: string
): Effect.fn.Return<Aside, SinkError, FileSystem.FileSystem | Path.Path | Scope.Scope> {
  const fs = yield* FileSystem.FileSystem
  const paths = yield* Path.Path
  const folder = paths.dirname(path)
  const aside = partial(paths, path)
  const refuse = Effect.mapError(refused(path))

  const before = yield* fs.stat(path).pipe(
    Effect.asSome,
    Effect.catchReason("PlatformError", "NotFound", () => Effect.succeedNone),
    refuse
  )
  if (Option.isSome(before) && before.value.type !== "File") return yield* because(new NotAFile({ path }))

  const opened = yield* Effect.acquireRelease(
    Effect.gen(function* () {
      const scope = yield* Scope.make()
      yield* fs.makeDirectory(folder, { recursive: true })
      yield* fs.remove(aside, { force: true })
      const file = yield* fs
        .open(aside, {
          // fresh: a process that still writes to the one that was here is not written into
          flag: "wx",
          // who might not read the old file may not read the new one
          ...(Option.isSome(before) ? { mode: before.value.mode & 0o777 } : {})
        })
        .pipe(Scope.provide(scope))
      const info = yield* file.stat.pipe(Effect.onError((cause) => Scope.close(scope, Exit.failCause(cause))))
      const isOurs = fs.stat(aside).pipe(
        Effect.map((now) => sameFile(now, info)),
        Effect.orElseSucceed(() => false)
      )
      return { close: Scope.close(scope, Exit.void), file, isOurs, state: { isCommitted: false } }
    }).pipe(refuse),
    ({ close, isOurs, state }) =>
      Effect.andThen(
        close,
        Effect.suspend(() =>
          state.isCommitted
            ? Effect.void
            : Effect.flatMap(isOurs, (isOurs) => (isOurs ? Effect.ignore(fs.remove(aside)) : Effect.void))
        )
      )
  )
  const { close, file, isOurs, state } = opened

  return {
    write: (bytes) => refuse(file.writeAll(bytes)),
    commit: Effect.gen(function* () {
      yield* refuse(file.sync)
      yield* close
      if (!(yield* isOurs)) return yield* because(new Contended({ path }))
      yield* refuse(fs.rename(aside, path))
      state.isCommitted = true
      yield* syncFolder(fs, folder)
    }).pipe(Effect.uninterruptible)
  }
})
