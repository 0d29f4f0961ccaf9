/**
 * What a query means where everything is on shard 0 and there is no subaccount but 0.
 *
 * @since 0.1.0
 */
import * as Timestamp from "effect-kalshi/Timestamp"

/**
 * Whether a query asks for a subaccount that the sandbox does not have, or for a shard with nothing on it.
 *
 * @since 0.1.0
 * @category predicates
 */
export const isElsewhere = (query: {
  readonly subaccount?: number | undefined
  readonly exchange_index?: number | undefined
}): boolean => (query.subaccount ?? 0) !== 0 || (query.exchange_index ?? 0) > 0

/**
 * The last instant of the second that a query ends with: bounds are included,
 * and they are whole seconds.
 *
 * @since 0.1.0
 * @category conversions
 */
export const wholeSecond = (until: Timestamp.Timestamp | undefined): Timestamp.Timestamp | undefined =>
  until === undefined ? undefined : Timestamp.micros(Math.min(until + 999_999, Number.MAX_SAFE_INTEGER))
