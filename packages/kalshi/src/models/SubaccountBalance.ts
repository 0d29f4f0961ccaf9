/**
 * The free cash of a subaccount.
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import type * as Types from "effect/Types"
import type * as Api from "../api/Subaccounts.ts"
import * as Dollars from "../Dollars.ts"
import * as Timestamp from "../Timestamp.ts"

/**
 * Schema of the free cash of a subaccount on one shard, in dollars; 0 is the
 * primary subaccount. Cash of one shard does not pay for orders on another.
 *
 * @since 0.1.0
 * @category schemas
 */
export const SubaccountBalance = Schema.Struct({
  subaccount: Schema.Int,
  available: Dollars.Dollars,
  updatedAt: Timestamp.Timestamp,
  exchangeIndex: Schema.optional(Schema.Int)
})

/**
 * The free cash of a subaccount on one shard, in dollars.
 *
 * @since 0.1.0
 * @category models
 */
export type SubaccountBalance = typeof SubaccountBalance.Type

/**
 * Reads the balance of a subaccount.
 *
 * @since 0.1.0
 * @category conversions
 */
export const fromWire = (wire: typeof Api.SubaccountBalance.Type): SubaccountBalance => {
  const balance: Types.Mutable<SubaccountBalance> = {
    subaccount: wire.subaccount_number,
    available: wire.balance,
    updatedAt: wire.updated_ts
  }
  if (wire.exchange_index != null) balance.exchangeIndex = wire.exchange_index
  return balance
}
