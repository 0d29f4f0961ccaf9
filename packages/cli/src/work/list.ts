/**
 * Lists: what of a stream is shown, and how.
 */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import * as Exchange from "effect-kalshi/Exchange"
import type * as Timestamp from "effect-kalshi/Timestamp"
import * as Failure from "../Failure.ts"
import * as Output from "../Output.ts"
import * as Table from "../Table.ts"
import * as Times from "../Times.ts"

/** A range of time, its start included and its end not. */
export interface Range {
  readonly minTs?: Timestamp.Timestamp | undefined
  readonly maxTs?: Timestamp.Timestamp | undefined
}

/** The range that two flags name, by what the exchange shows. */
export const range = Effect.fnUntraced(function* (since: Option.Option<Times.Time>, until: Option.Option<Times.Time>) {
  const exchange = yield* Exchange.Exchange
  // asked for only where it matters
  const now = yield* Effect.cached(exchange.getUserDataTimestamp)
  const at = (time: Option.Option<Times.Time>) =>
    Option.isNone(time)
      ? Effect.undefined
      : time.value._tag === "At"
        ? Effect.succeed(time.value.at)
        : Effect.map(now, Times.before(time.value.micros))
  const found: Range = { minTs: yield* at(since), maxTs: yield* at(until) }
  if (found.minTs !== undefined && found.maxTs !== undefined && found.minTs >= found.maxTs) {
    return yield* Failure.usage("InvalidRange", "--since is not before --until: nothing can be between them")
  }
  return found
})

/** Whether a time lies within; what has no time is not left out. */
export const isWithin = ({ maxTs, minTs }: Range, at: Timestamp.Timestamp | undefined): boolean =>
  at === undefined || ((minTs === undefined || at >= minTs) && (maxTs === undefined || at < maxTs))

/** How records are shown. */
export interface View<A, I> {
  /** What they are called, in the plural. */
  readonly name: string
  readonly schema: Schema.Codec<A, I>
  readonly columns: ReadonlyArray<Table.Column<A>>
}

// the most that a page of the exchange holds
const PAGE = 1000

/** The size of the pages to ask for: no more than what is shown, and the one that tells whether there is more. */
export const pageFor = (limit: number): number => (limit === 0 ? PAGE : Math.min(limit + 1, PAGE))

/** Shows the first `limit` records of a stream, or all with 0, and says where there are more. */
export const show = Effect.fnUntraced(function* <A, I, E, R>(
  records: Stream.Stream<A, E, R>,
  limit: number,
  view: View<A, I>
) {
  const output = yield* Output.Output
  const encode = Schema.encodeEffect(Schema.fromJsonString(view.schema))
  const shown: Array<A> = []
  let seen = 0
  yield* (limit === 0 ? records : Stream.take(records, limit + 1)).pipe(
    Stream.runForEachArray(
      Effect.fnUntraced(function* (chunk) {
        const rows = limit === 0 ? chunk : chunk.slice(0, Math.max(0, limit - seen))
        seen += chunk.length
        if (output.json) yield* output.lines(yield* Effect.orDie(Effect.forEach(rows, (row) => encode(row))))
        else shown.push(...rows)
      })
    )
  )
  yield* output.lines(Table.lines(view.columns, shown, output))
  if (seen === 0) yield* output.note(`There are no ${view.name} that match.`, { shown: 0, more: false })
  if (limit > 0 && seen > limit) {
    yield* output.note(
      `There are more: these are the newest ${limit}. --limit ${limit * 10} shows more, --limit 0 all of them.`,
      { shown: limit, more: true }
    )
  }
})
