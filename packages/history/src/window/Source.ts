/**
 * Where the records of a kind come from.
 */
import type * as HistoricalCutoff from "effect-kalshi/models/HistoricalCutoff"
import type * as KalshiError from "effect-kalshi/KalshiError"
import type * as Timestamp from "effect-kalshi/Timestamp"
import type * as Stream from "effect/Stream"
import type { Kind } from "../Kind.ts"
import type { Range } from "./range.ts"

export interface Source<A> {
  readonly kind: Kind<A>
  /** What the exchange lists of a range, and whatever else comes along. */
  readonly live: (range: Range) => Stream.Stream<A, KalshiError.Of>
  /** The side of the archive, of what has one. */
  readonly archive?:
    | {
        readonly records: (range: Range) => Stream.Stream<A, KalshiError.Of>
        readonly cutoff: (cutoffs: HistoricalCutoff.HistoricalCutoff) => Timestamp.Timestamp | undefined
        /** Whether the cutoff goes by the time of the kind, so that a move concerns what lies about it alone. */
        readonly isByTime: boolean
      }
    | undefined
  /** Whether the exchange filters by time, so that the range can be read in parts. */
  readonly isTimed: boolean
  /** Whether records are as they are when they are read, whenever they changed last, so that the range has no end. */
  readonly isSnapshot: boolean
  /** Whether a record is wanted, where the exchange does not filter. */
  readonly isWanted: (record: A) => boolean
}
