/**
 * One process at an export at a time.
 *
 * A lock is a file that names its process, and is there at once with its name:
 * it is written aside and linked. One whose process has ended is taken over.
 */
import * as SecureRandom from "effect/crypto/SecureRandom"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import type { PlatformError } from "effect/PlatformError"
import type * as Scope from "effect/Scope"
import * as NodeProcess from "node:process"
import { refused, type SinkError } from "../sink/error.ts"
import { because, type ExportError, InUse } from "./error.ts"

/** The locks of this process: whoever had its number before it has ended. */
const own = new Set<string>()

const isAlive = (id: number): boolean => {
  try {
    return NodeProcess.kill(id, 0)
  } catch (error) {
    // of another user
    return error instanceof Error && "code" in error && error.code === "EPERM"
  }
}

const processOf = (text: string): number => Number(text.split(" ", 1)[0])

const isHeld = (path: string, text: string): boolean => {
  const id = processOf(text)
  if (!Number.isInteger(id) || id <= 0) return false
  return id === NodeProcess.pid ? own.has(path) : isAlive(id)
}

/** Holds the lock until the end of the scope. */
export const hold = Effect.fnUntraced(function* (
  path: string
): Effect.fn.Return<void, ExportError | SinkError, FileSystem.FileSystem | Scope.Scope> {
  const fs = yield* FileSystem.FileSystem
  const name = yield* Effect.sync(() => `${NodeProcess.pid} ${SecureRandom.uuidV4Unsafe()}`)
  const aside = `${path}.${name.replace(" ", ".")}`

  const read = fs.readFileString(path).pipe(
    Effect.map((text): string | undefined => text),
    Effect.catchReason("PlatformError", "NotFound", () => Effect.succeed(undefined))
  )
  const inUse = (text: string) => because(new InUse({ path, process: processOf(text) }))

  /** Links the own name in place, and gives what stands there already. */
  const take = Effect.scoped(
    Effect.gen(function* () {
      yield* Effect.acquireRelease(fs.writeFileString(aside, name), () =>
        Effect.ignore(fs.remove(aside, { force: true }))
      )
      yield* fs.link(aside, path)
    })
  ).pipe(
    Effect.as(undefined),
    // one that was let go meanwhile is of nobody, and not ours yet
    Effect.catchReason("PlatformError", "AlreadyExists", () => Effect.map(read, (text) => text ?? ""))
  )

  /** Moves a lock away that is of nobody; one that somebody took meanwhile is put back. */
  const clear = Effect.fnUntraced(function* (stale: string): Effect.fn.Return<void, ExportError | PlatformError> {
    const moved = `${aside}.stale`
    yield* fs.rename(path, moved).pipe(Effect.catchReason("PlatformError", "NotFound", () => Effect.void))
    const text = yield* fs
      .readFileString(moved)
      .pipe(Effect.catchReason("PlatformError", "NotFound", () => Effect.succeed(stale)))
    if (text !== stale) yield* Effect.ignore(fs.link(moved, path))
    yield* fs.remove(moved, { force: true })
    if (text !== stale) return yield* inUse(text)
  })

  yield* Effect.acquireRelease(
    Effect.gen(function* () {
      const before = yield* take
      if (before === undefined) return
      if (isHeld(path, before)) return yield* inUse(before)
      yield* clear(before)
      const other = yield* take
      if (other !== undefined) return yield* inUse(other)
    }).pipe(
      Effect.tap(() => Effect.sync(() => own.add(path))),
      Effect.catchTag("PlatformError", (error) => Effect.fail(refused(path)(error)))
    ),
    () =>
      Effect.gen(function* () {
        own.delete(path)
        if ((yield* read) === name) yield* fs.remove(path, { force: true })
      }).pipe(Effect.ignore)
  )
})
