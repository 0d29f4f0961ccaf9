/**
 * What a query means where everything is on shard 0, and asked with a key that
 * may be bound to one subaccount.
 *
 * @since 0.1.0
 */
import type * as Engine from "../Engine.ts"
import type * as Passage from "../Passage.ts"

/**
 * Whether a query asks for a shard with nothing on it.
 *
 * @since 0.1.0
 * @category predicates
 */
export const isElsewhere = (query: { readonly exchange_index?: number | undefined }): boolean =>
  (query.exchange_index ?? 0) > 0

/**
 * The subaccount that is meant: the one that is named, or the only one of the
 * key. Another than that never comes as far as here.
 *
 * @since 0.1.0
 * @category accessors
 */
export const subaccountOf = (
  asked: { readonly subaccount?: number | undefined },
  caller: Passage.Caller["Service"]
): number | undefined => asked.subaccount ?? caller.subaccount

/**
 * Whether an account has a subaccount of this number.
 *
 * @since 0.1.0
 * @category predicates
 */
export const hasSubaccount = (engine: Engine.Engine, account: string, subaccount: number): boolean =>
  subaccount >= 0 && subaccount < engine.subaccounts(account)
