/**
 * One window of a history: both sides of the cutoff, each record once, in order
 * of time.
 *
 * The archive is read first, then what is live. A record that moved meanwhile
 * may have been on neither side as its page was read; so the cutoff is read
 * again afterwards, and where it has moved, the archive too.
 */
import type * as HistoricalCutoff from "effect-kalshi/models/HistoricalCutoff"
import type * as KalshiError from "effect-kalshi/KalshiError"
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import type * as Timestamp from "effect-kalshi/Timestamp"
import * as pace from "./pace.ts"
import * as range from "./range.ts"
import type { Source } from "./Source.ts"

/** A window with its records, by time and then by key. */
export interface Batch<A> {
  readonly range: range.Range
  readonly records: ReadonlyArray<A>
}

/** There are more records than a window may hold: those that were read, and over how much time they lie, in µs. */
export class TooMany extends Data.TaggedError("TooMany")<{
  readonly records: number
  readonly span: number
}> {}

/** The cutoffs as they were read last. */
export interface Cutoffs {
  known: HistoricalCutoff.HistoricalCutoff
  readonly read: Effect.Effect<HistoricalCutoff.HistoricalCutoff, KalshiError.Of>
}

/** By time, then by key; what has no time is at the head. */
const inOrder = <A>({ kind: { key, time } }: Source<A>, records: ReadonlyMap<string, A>): ReadonlyArray<A> =>
  // lists are newest first, so that little is left to sort
  Array.from(records.values())
    .toReversed()
    .toSorted((a, b) => {
      const [at, by] = [time(a) ?? -Infinity, time(b) ?? -Infinity]
      return at === by ? (key(a) < key(b) ? -1 : 1) : at - by
    })

/**
 * Reads a window; fails with `TooMany` as soon as it shows that there
 * are too many records, unless `size` is absent. After each page `tell` hears
 * how many there are, and over how much time they lie, in µs.
 */
export const read = <A>(
  source: Source<A>,
  window: range.Range,
  cutoffs: Cutoffs,
  size: pace.Size | undefined,
  tell: (records: number, span: number) => void
): Effect.Effect<Batch<A>, KalshiError.Of | TooMany> =>
  Effect.suspend(() => {
    const { archive, kind } = source
    const found = new Map<string, A>()
    let first = Infinity
    let last = -Infinity

    const isHere = (at: Timestamp.Timestamp | undefined): boolean =>
      at === undefined || (source.isSnapshot ? range.isAfterStart(window, at) : range.contains(window, at))

    const add = (records: ReadonlyArray<A>, isLatest: boolean) => {
      for (const record of records) {
        const at = kind.time(record)
        if (!isHere(at) || !source.isWanted(record)) continue
        const key = kind.key(record)
        // what is live tells more of a record than what was archived of it
        if (isLatest || !found.has(key)) found.set(key, record)
        if (at === undefined) continue
        if (at < first) first = at
        if (at > last) last = at
      }
      const span = Math.max(0, last - first)
      tell(found.size, span)
      return size !== undefined && pace.isTooMany(found.size, span, range.length(window), size)
        ? Effect.fail(new TooMany({ records: found.size, span }))
        : Effect.void
    }
    const live = Stream.runForEachArray(source.live(window), (records) => add(records, true))
    const done = (): Batch<A> => ({ range: window, records: inOrder(source, found) })
    if (archive === undefined) return Effect.map(live, done)

    const archived = (part: range.Range) =>
      range.isEmpty(part)
        ? Effect.void
        : Stream.runForEachArray(archive.records(part), (records) => add(records, false))

    // what had left the other side before its end is in the archive by now; what leaves later was there all the time
    const again = (before: HistoricalCutoff.HistoricalCutoff): Effect.Effect<void, KalshiError.Of | TooMany> =>
      Effect.flatMap(cutoffs.read, (after) => {
        cutoffs.known = after
        const from = archive.cutoff(before)
        const to = archive.cutoff(after)
        if (from === undefined || to === undefined) return archived(window)
        if (from === to) return Effect.void
        return archived(archive.isByTime ? range.touched(window, from, to) : window)
      })

    const before = cutoffs.known
    return archived(window).pipe(Effect.andThen(live), Effect.andThen(again(before)), Effect.map(done))
  })
