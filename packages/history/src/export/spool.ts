/**
 * The records of an export as they come, in a file beside its output: what is
 * before the end that its checkpoint tells is whole, and what follows is cut
 * off when it is opened.
 */
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import type * as Scope from "effect/Scope"
import * as ndjson from "../format/ndjson.ts"
import type { Kind } from "../Kind.ts"
import { because as sinkBecause, refused, type SinkError, Unsayable } from "../sink/error.ts"
import { because, Damaged, type ExportError } from "./error.ts"

export interface Spool<A> {
  /** Adds records, on the disk itself when it is done, and gives how many bytes there are now. */
  readonly add: (records: ReadonlyArray<A>) => Effect.Effect<number, SinkError>
}

// so that a window is never in memory as text at once
const STEP = 1000

/** How many bytes there are, those included that no checkpoint tells of. */
const sizeOf = (fs: FileSystem.FileSystem, path: string) =>
  fs.stat(path).pipe(
    Effect.map(({ size }) => Number(size)),
    Effect.catchReason("PlatformError", "NotFound", () => Effect.succeed(0)),
    Effect.mapError(refused(path))
  )

/** Fails where there is anything else than what the checkpoint tells of. */
export const check = Effect.fnUntraced(function* (path: string, bytes: number) {
  const size = yield* sizeOf(yield* FileSystem.FileSystem, path)
  if (size === bytes) return
  return yield* because(new Damaged({ path, description: `it has ${size} bytes instead of ${bytes}` }))
})

export const open = Effect.fnUntraced(function* <A>(
  path: string,
  kind: Kind<A>,
  bytes: number
): Effect.fn.Return<Spool<A>, ExportError | SinkError, FileSystem.FileSystem | Scope.Scope> {
  const fs = yield* FileSystem.FileSystem
  const refuse = Effect.mapError(refused(path))
  const before = yield* sizeOf(fs, path)
  if (before < bytes) {
    return yield* because(new Damaged({ path, description: `it has ${before} bytes instead of ${bytes}` }))
  }
  // a file that is open to be added to cannot be cut everywhere
  if (before > bytes) yield* refuse(fs.truncate(path, bytes))
  const file = yield* refuse(fs.open(path, { flag: "a" }))
  const encoder = ndjson.encoder(kind)
  let size = bytes
  return {
    add: Effect.fnUntraced(function* (records) {
      for (let from = 0; from < records.length; from += STEP) {
        const text = yield* Effect.mapError(Effect.fromResult(encoder.add(records.slice(from, from + STEP))), (why) =>
          sinkBecause(new Unsayable(why))
        )
        yield* refuse(file.writeAll(text))
        size += text.length
      }
      yield* refuse(file.sync)
      return size
    })
  }
})
