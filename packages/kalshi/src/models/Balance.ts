/**
 * What an account has.
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import type * as Types from "effect/Types"
import type * as January2026 from "../api/legacy/January2026.ts"
import type * as Legacy from "../api/legacy/Portfolio.ts"
import type * as Api from "../api/Portfolio.ts"
import * as Dollars from "../Dollars.ts"
import * as Timestamp from "../Timestamp.ts"

/**
 * Schema of the cash of one shard, in dollars. Cash of one shard does not pay
 * for orders on another.
 *
 * @since 0.1.0
 * @category schemas
 */
export const ShardBalance = Schema.Struct({
  exchangeIndex: Schema.Int,
  available: Dollars.Dollars
})

/**
 * The cash of one shard, in dollars.
 *
 * @since 0.1.0
 * @category models
 */
export type ShardBalance = typeof ShardBalance.Type

/**
 * Schema of a balance, in dollars: `available` cash, `portfolioValue`, what
 * open positions are worth by the exchange's own marking, and `payout`, what
 * the wire of 2.0.0 calls the available payout.
 *
 * What a generation of the wire lacks is absent: that of 2.0.0 has neither
 * `portfolioValue` nor `updatedAt`, and no other has `payout`. `byShard` is
 * absent where the exchange did not break the cash down.
 *
 * @since 0.1.0
 * @category schemas
 */
export const Balance = Schema.Struct({
  available: Dollars.Dollars,
  portfolioValue: Schema.optional(Dollars.Dollars),
  payout: Schema.optional(Dollars.Dollars),
  updatedAt: Schema.optional(Timestamp.Timestamp),
  byShard: Schema.optional(Schema.Array(ShardBalance))
})

/**
 * What an account has, in dollars.
 *
 * @since 0.1.0
 * @category models
 */
export type Balance = typeof Balance.Type

/**
 * Reads a balance of today's wire: the exact string where there is one, else
 * the cents, which lack what is below a cent.
 *
 * @since 0.1.0
 * @category conversions
 */
export const fromWire = (wire: typeof Api.GetBalanceResponse.Type): Balance => {
  const balance: Types.Mutable<Balance> = {
    available: wire.balance_dollars ?? wire.balance,
    portfolioValue: wire.portfolio_value,
    updatedAt: wire.updated_ts
  }
  if (wire.balance_breakdown != null) {
    balance.byShard = wire.balance_breakdown.map((shard) => ({
      exchangeIndex: shard.exchange_index,
      available: shard.balance
    }))
  }
  return balance
}

/**
 * Reads a balance of January 2026.
 *
 * @since 0.1.0
 * @category conversions
 */
export const fromWireJanuary2026 = (wire: typeof January2026.GetBalanceResponse.Type): Balance => ({
  available: wire.balance,
  portfolioValue: wire.portfolio_value,
  updatedAt: wire.updated_ts
})

/**
 * Reads a balance of the wire of 2.0.0, in whole cents.
 *
 * @since 0.1.0
 * @category conversions
 */
export const fromWire2024 = (wire: typeof Legacy.GetBalanceResponse.Type): Balance => {
  const balance: Types.Mutable<Balance> = { available: wire.balance }
  if (wire.payout != null) balance.payout = wire.payout
  return balance
}
