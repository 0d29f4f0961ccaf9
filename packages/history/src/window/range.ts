/**
 * Ranges of time: the start included, the end not; without a start they reach
 * back as far as there is anything.
 */
import * as Timestamp from "effect-kalshi/Timestamp"

export interface Range {
  readonly from: Timestamp.Timestamp | undefined
  readonly to: Timestamp.Timestamp
}

export const SECOND = 1_000_000
const HOUR = 3600 * SECOND

const later = (at: Timestamp.Timestamp, by: number): Timestamp.Timestamp => Timestamp.micros(at + by)

export const contains = (range: Range, at: Timestamp.Timestamp): boolean => isAfterStart(range, at) && at < range.to

export const isEmpty = (range: Range): boolean => range.from !== undefined && range.from >= range.to

/**
 * Bounds of a request that has all of a range, whether the exchange takes the
 * seconds that they name for a part of it or not.
 */
export const bounds = (
  range: Range
): { readonly minTs?: Timestamp.Timestamp | undefined; readonly maxTs: Timestamp.Timestamp } => ({
  // there is nothing before 1970
  minTs: range.from === undefined ? undefined : Timestamp.micros(Math.max(0, range.from - SECOND)),
  maxTs: later(range.to, SECOND)
})

/** What of a range a move of the cutoff may have taken to the other side, and an hour more on both ends. */
export const touched = (range: Range, before: Timestamp.Timestamp, after: Timestamp.Timestamp): Range => {
  const from = later(before, -HOUR)
  const to = later(after, HOUR)
  return {
    from: range.from === undefined || range.from < from ? from : range.from,
    to: range.to > to ? to : range.to
  }
}

/** How long a range is, in µs. */
export const length = (range: Range): number => (range.from === undefined ? Infinity : range.to - range.from)

/** Whether an instant is not before the start. */
export const isAfterStart = (range: Range, at: Timestamp.Timestamp): boolean =>
  range.from === undefined || at >= range.from

/** Before this nobody traded on the exchange. */
const OPENING = Timestamp.fromMillis(Date.UTC(2021, 5, 1))

/** Cuts off the head of a range, of a length in µs; what lies before the exchange opened is one head. */
export const cut = (range: Range, length: number): readonly [head: Range, rest: Range | undefined] => {
  const at = range.from === undefined ? OPENING : later(range.from, length)
  return at >= range.to
    ? [range, undefined]
    : [
        { from: range.from, to: at },
        { from: at, to: range.to }
      ]
}
