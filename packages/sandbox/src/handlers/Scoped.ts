/**
 * What a query means where everything is on shard 0.
 *
 * @since 0.1.0
 */
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
