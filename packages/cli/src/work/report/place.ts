/**
 * Files that are written, and whether what has their name may be replaced.
 */
import * as HistorySink from "@effect-kalshi/history/HistorySink"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import * as Failure from "../../Failure.ts"

/** What is read of a file to see what it is. */
const START = 1000

const unwritable = (path: string, description: string): Failure.Failure =>
  new Failure.Failure({ kind: "failed", reason: "Unwritable", text: `${path} cannot be looked at: ${description}` })

/** Fails where a path has something else already; with `force` any file may be replaced. */
export const check = Effect.fnUntraced(function* (
  path: string,
  force: boolean,
  isOurs: (start: string) => Effect.Effect<boolean>,
  what: string
) {
  const fs = yield* FileSystem.FileSystem
  const there = yield* fs.stat(path).pipe(
    Effect.asSome,
    Effect.catchReason("PlatformError", "NotFound", () => Effect.succeedNone),
    Effect.mapError(({ message }) => unwritable(path, message))
  )
  if (Option.isNone(there)) return
  if (there.value.type !== "File") {
    return yield* Failure.usage("NotAFile", `${path} is a folder or a device, which is not replaced; name a file`)
  }
  if (force) return
  const start = yield* fs.stream(path, { bytesToRead: START }).pipe(
    Stream.decodeText(),
    Stream.mkString,
    Effect.mapError(({ message }) => unwritable(path, message))
  )
  if (!(yield* isOurs(start))) {
    return yield* Failure.usage(
      "NotOurs",
      `${path} is there already and is no ${what}; name another file, or say --force to replace it`
    )
  }
})

/** Writes a file, which is complete or as it was before. */
export const write = (path: string, pieces: Stream.Stream<string>) =>
  Stream.run(pieces, HistorySink.text(path)).pipe(
    Effect.mapError(
      ({ message, reason }) => new Failure.Failure({ kind: "failed", reason: reason._tag, text: message })
    )
  )
