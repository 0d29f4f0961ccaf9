/**
 * One list to two files, in one pass over the stream.
 *
 * Pages are encoded and written as they come, so that memory does not grow
 * with the account.
 */
import { Clock, Effect, Path, Stream } from "effect"
import * as Files from "./Files.ts"
import type { List } from "./Lists.ts"
import type { Progress } from "./Progress.ts"

/** What was written. */
export interface Written {
  readonly name: string
  readonly rows: number
  readonly bytes: { readonly [format in Files.Format]: number }
  readonly millis: number
}

export const run = Effect.fn("Export.run")(function* <A>(
  list: List<A>,
  options: { readonly directory: string; readonly progress: Progress }
) {
  const path = yield* Path.Path
  const startedAt = yield* Clock.currentTimeMillis
  let rows = 0
  const counted = list.rows.pipe(
    Stream.mapArrayEffect((page) => {
      rows += page.length
      return Effect.as(options.progress.add(list.name, page.length), page)
    })
  )
  const [forNdjson, forCsv] = yield* Stream.broadcastN(counted, { n: 2, capacity: 1 })
  const to = (format: Files.Format) => path.join(options.directory, Files.nameOf(list, format))
  const [ndjson, csv] = yield* Effect.all(
    [Files.write(list, "ndjson", to("ndjson"), forNdjson), Files.write(list, "csv", to("csv"), forCsv)],
    { concurrency: 2 }
  )
  yield* options.progress.done(list.name)
  const written: Written = {
    name: list.name,
    rows,
    bytes: { ndjson, csv },
    millis: (yield* Clock.currentTimeMillis) - startedAt
  }
  return written
}, Effect.scoped)
