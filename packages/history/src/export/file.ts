/**
 * An export into a file: records are kept in a spool beside it, and the file is
 * made of that at once.
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Path from "effect/Path"
import * as Stream from "effect/Stream"
import * as HistoryFile from "../HistoryFile.ts"
import type { Kind } from "../Kind.ts"
import { open as openAside } from "../sink/aside.ts"
import { refused, type SinkError } from "../sink/error.ts"
import { file, type FileOptions, type Format } from "../sink/file.ts"
import { once } from "../window/once.ts"
import * as Checkpoint from "./Checkpoint.ts"
import { because, Damaged } from "./error.ts"
import * as lock from "./lock.ts"
import * as spool from "./spool.ts"
import type { Target } from "./Target.ts"

export const make = Effect.fnUntraced(function* <A>(
  kind: Kind<A>,
  options: FileOptions & { readonly format: Format }
): Effect.fn.Return<Target<A>, SinkError, FileSystem.FileSystem | Path.Path> {
  const { compression, format, path } = options
  const fs = yield* FileSystem.FileSystem
  const paths = yield* Path.Path
  // these alone: a scope that is around here is not that of the export
  const here = Effect.provideContext(Context.make(FileSystem.FileSystem, fs).pipe(Context.add(Path.Path, paths)))
  const names = { checkpoint: `${path}.checkpoint`, spool: `${path}.spool`, lock: `${path}.lock` }
  const refuse = Effect.mapError(refused(path))
  yield* refuse(fs.makeDirectory(paths.dirname(path), { recursive: true }))

  return {
    output: path,
    beside: names.checkpoint,
    into: compression === undefined ? format : `${format}+${compression}`,
    load: fs.readFileString(names.checkpoint).pipe(
      Effect.flatMap(Checkpoint.decode),
      Effect.catchTag("SchemaError", () =>
        Effect.fail(because(new Damaged({ path: names.checkpoint, description: "it is cut off, or something else" })))
      ),
      Effect.catchReason("PlatformError", "NotFound", () => Effect.succeed(undefined)),
      Effect.catchTag("PlatformError", (error) => Effect.fail(refused(names.checkpoint)(error)))
    ),
    save: (checkpoint) =>
      Effect.gen(function* () {
        const text = yield* Effect.orDie(Checkpoint.encode(checkpoint))
        const aside = yield* openAside(names.checkpoint)
        yield* aside.write(new TextEncoder().encode(`${text}\n`))
        yield* aside.commit
      }).pipe(Effect.scoped, here),
    isThere: refuse(fs.exists(path)),
    hold: here(lock.hold(names.lock)),
    open: (kept) =>
      Effect.map(here(spool.open(names.spool, kind, kept.bytes)), ({ add }) => {
        let { records } = kept
        return (some) =>
          Effect.map(add(some), (bytes) => {
            records += some.length
            return { records, bytes }
          })
      }),
    carry: Effect.fnUntraced(
      function* (last, before, add) {
        let records = 0
        yield* HistoryFile.read(kind, options).pipe(
          Stream.filter((record) => {
            records++
            const at = kind.time(record)
            // what has no time and may have changed is read again
            return at === undefined ? kind.isFinal(record) : at < before
          }),
          Stream.runForEachArray(add)
        )
        if (records === last.records) return
        return yield* because(
          new Damaged({ path, description: `it has ${records} records instead of ${last.records}` })
        )
      },
      (effect) => here(effect)
    ),
    finish: (kept, tell) => {
      let written = 0
      return Effect.andThen(
        spool.check(names.spool, kept.bytes),
        HistoryFile.read(kind, { path: names.spool, format: "ndjson" }).pipe(
          Stream.filter(once(kind)),
          Stream.mapArrayEffect((some) => {
            written += some.length
            return Effect.as(tell(written), some)
          }),
          Stream.run(file(kind, options)),
          Effect.map(({ records }) => records)
        )
      ).pipe(here)
    },
    forget: Effect.ignore(fs.remove(names.spool, { force: true }))
  }
})
