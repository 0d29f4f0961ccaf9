/**
 * How long the next window should be, from how much the last ones held.
 */
import * as Duration from "effect/Duration"
import { SECOND } from "./range.ts"

/** How many records a window should hold, how many it may, and how many all that are read and not yet taken should. */
export interface Size {
  readonly target: number
  readonly limit: number
  readonly all: number
}

const HELD = 40_000
const LEAST = 4000
const MOST = 20_000
// those that are read sooner than the one whose turn it is wait for it
const AHEAD = 1.5

/** With so many windows side by side; all of them together hold about as much whatever their number. */
export const size = (windows: number): Size => {
  const target = Math.min(MOST, Math.max(LEAST, Math.floor(HELD / (windows + 1))))
  return { target, limit: 3 * target, all: Math.max(AHEAD * HELD, 2 * target) }
}

const FASTER = 4
const FIRST = Duration.toMillis("30 days") * 1000

/** The first window of a range of this length, in µs; how long one is whose start is open comes with the rest of it. */
export const first = (length: number, windows: number): number =>
  Math.max(SECOND, Math.min(FIRST, Math.ceil(length / (8 * windows))))

/** After a window of this length with so many records, at least one. */
export const next = (length: number, records: number, { target }: Size): number =>
  Math.max(SECOND, Math.ceil(Math.min(length * FASTER, (length * target) / records)))

/**
 * After a window of this length without any, for what follows it. Several of one
 * length may come to nothing one after the other: each makes what follows longer.
 */
export const afterNothing = (length: number, next: { readonly length: number; readonly isDense: boolean }): number =>
  next.isDense ? next.length : Math.ceil(Math.max(FASTER * length, 2 * next.length))

// a burst at the end of a window says little of the rest of it
const MOST_CUT = 64

/** After a window that held too many: `records` of them lay over `span` µs. */
export const after = (length: number, records: number, span: number, { target }: Size): number => {
  const wanted = (span * target) / records
  return Math.max(SECOND, Math.ceil(Math.min(length / 2, Math.max(length / MOST_CUT, wanted))))
}

/** How many records tell how dense the others are. */
const telling = ({ target }: Size): number => Math.max(2000, target / 4)

/**
 * Whether records that were read so far, which lie over `span` µs of a window,
 * show that it holds too many. Lists are in order of time, so that some tell
 * how dense all of them are; where they are not, they lie over all of it.
 */
export const isTooMany = (records: number, span: number, length: number, size: Size): boolean =>
  records > size.limit || (records >= telling(size) && span > 0 && (records * length) / span > 2 * size.limit)

/** How many records a window seems to have, of which so many were read that lie over `span` µs. */
export const expected = (records: number, span: number, length: number, size: Size): number =>
  records < telling(size) || span === 0
    ? Math.max(records, size.target)
    : Math.max(records, Math.min(size.limit, (records * length) / span))
