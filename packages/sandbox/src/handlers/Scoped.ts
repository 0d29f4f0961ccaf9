/**
 * What a query means where everything is on shard 0.
 *
 * @since 0.1.0
 */
import * as Timestamp from "effect-kalshi/Timestamp"
import type * as Engine from "../Engine.ts"

/**
 * Whether a query asks for a shard with nothing on it.
 *
 * @since 0.1.0
 * @category predicates
 */
export const isElsewhere = (query: { readonly exchange_index?: number | undefined }): boolean =>
  (query.exchange_index ?? 0) > 0

/**
 * Whether an account has a subaccount of this number.
 *
 * @since 0.1.0
 * @category predicates
 */
export const hasSubaccount = (engine: Engine.Engine, account: string, subaccount: number): boolean =>
  subaccount >= 0 && subaccount < engine.subaccounts(account)

/**
 * The last instant of the second that a query ends with: bounds are included,
 * and they are whole seconds.
 *
 * @since 0.1.0
 * @category conversions
 */
export const wholeSecond = (until: Timestamp.Timestamp | undefined): Timestamp.Timestamp | undefined =>
  until === undefined ? undefined : Timestamp.micros(Math.min(until + 999_999, Number.MAX_SAFE_INTEGER))
