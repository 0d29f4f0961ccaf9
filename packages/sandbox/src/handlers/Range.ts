/**
 * What a range of whole seconds lets through.
 *
 * @since 0.1.0
 */
import * as Timestamp from "effect-kalshi/Timestamp"
import type * as Model from "../Model.ts"
import type * as Switches from "../Switches.ts"

const SECOND = 1_000_000

const lastOf = (second: Timestamp.Timestamp): Timestamp.Timestamp =>
  Timestamp.micros(Math.min(second + SECOND - 1, Number.MAX_SAFE_INTEGER))

/**
 * The instants of a range, both included: all of the first and the last second,
 * or, where the bounds are exclusive, nothing of either. What is right under
 * both is right under whatever lies between.
 *
 * @since 0.1.0
 * @category conversions
 */
export const of = (
  query: {
    readonly min_ts?: Timestamp.Timestamp | undefined
    readonly max_ts?: Timestamp.Timestamp | undefined
  },
  bounds: Switches.RangeBounds
): Pick<Model.Narrow, "from" | "until"> =>
  bounds === "inclusive"
    ? { from: query.min_ts, until: query.max_ts === undefined ? undefined : lastOf(query.max_ts) }
    : {
        from: query.min_ts === undefined ? undefined : Timestamp.micros(query.min_ts + SECOND),
        until: query.max_ts === undefined ? undefined : Timestamp.micros(query.max_ts - 1)
      }
