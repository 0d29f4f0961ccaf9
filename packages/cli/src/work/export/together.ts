/**
 * Several exports that end at one instant.
 */
import * as History from "@effect-kalshi/history/History"
import * as HistorySink from "@effect-kalshi/history/HistorySink"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Option from "effect/Option"
import * as Path from "effect/Path"
import * as Stream from "effect/Stream"
import * as NodeCrypto from "node:crypto"
import * as Timestamp from "effect-kalshi/Timestamp"
import type { Place } from "./place.ts"

/** What was asked for, in a word of its own: another command has another. */
const nameOf = (words: ReadonlyArray<unknown>): string =>
  NodeCrypto.createHash("sha256").update(JSON.stringify(words)).digest("hex").slice(0, 12)

/**
 * The end of several exports: it is the same for all, and where they are files
 * kept beside them until all are done, so that the same command goes on with it.
 */
export const together = Effect.fnUntraced(function* (place: Place, words: ReadonlyArray<unknown>, restart: boolean) {
  const history = yield* History.History
  const now = Effect.map(history.range(), ({ until }) => until)
  if (place._tag === "Postgres") return { until: yield* now, end: Effect.void }
  const fs = yield* FileSystem.FileSystem
  const paths = yield* Path.Path
  const kept = paths.join(place.folder, `.kalshi-export-${nameOf(words)}`)
  const end = Effect.ignore(fs.remove(kept, { force: true }))
  const before = restart
    ? Option.none()
    : yield* fs.readFileString(kept).pipe(
        Effect.map((text) => Timestamp.fromString(text.trim())),
        Effect.orElseSucceed(() => Option.none<Timestamp.Timestamp>())
      )
  if (Option.isSome(before)) return { until: before.value, end }
  const until = yield* now
  yield* Stream.run(Stream.succeed(`${Timestamp.format(until)}\n`), HistorySink.text(kept))
  return { until, end }
})
