/**
 * One execution of an order.
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import type * as Types from "effect/Types"
import type * as January2026 from "../api/legacy/January2026.ts"
import type * as Legacy from "../api/legacy/Portfolio.ts"
import type * as Api from "../api/Portfolio.ts"
import * as Contracts from "../Contracts.ts"
import * as Direction from "../Direction.ts"
import * as Dollars from "../Dollars.ts"
import * as Timestamp from "../Timestamp.ts"

/**
 * Schema of a fill.
 *
 * `price` is the YES price in dollars per contract, whichever side was traded;
 * `fee` is the whole fee of the fill in dollars, absent where the wire had
 * none, which does not mean that it was free.
 *
 * @since 0.1.0
 * @category schemas
 */
export const Fill = Schema.Struct({
  tradeId: Schema.String,
  orderId: Schema.String,
  ticker: Schema.String,
  side: Direction.Recorded,
  price: Dollars.Dollars,
  count: Contracts.Contracts,
  isTaker: Schema.Boolean,
  fee: Schema.optional(Dollars.Dollars),
  createdAt: Schema.optional(Timestamp.Timestamp),
  subaccount: Schema.optional(Schema.Int),
  exchangeIndex: Schema.optional(Schema.Int)
})

/**
 * One execution of an order.
 *
 * @since 0.1.0
 * @category models
 */
export type Fill = typeof Fill.Type

/**
 * What identifies a fill: a trade between two of your own orders is two fills
 * with one trade id.
 *
 * @since 0.1.0
 * @category accessors
 */
export const key = (fill: Pick<Fill, "tradeId" | "orderId">): string => `${fill.tradeId}/${fill.orderId}`

/**
 * Reads a fill of today's wire.
 *
 * `createdAt` has microseconds, or seconds where only `ts` was sent; `ticker`
 * is empty when the record names no market at all.
 *
 * @since 0.1.0
 * @category conversions
 */
export const fromWire = (wire: typeof Api.Fill.Type): Fill => {
  const fill: Types.Mutable<Fill> = {
    tradeId: wire.trade_id,
    orderId: wire.order_id,
    ticker: wire.ticker ?? wire.market_ticker ?? "",
    side: Direction.ofFill(wire),
    price: wire.yes_price_dollars,
    count: wire.count_fp,
    isTaker: wire.is_taker,
    fee: wire.fee_cost
  }
  const createdAt = wire.created_time ?? wire.ts
  if (createdAt != null) fill.createdAt = createdAt
  if (wire.subaccount_number != null) fill.subaccount = wire.subaccount_number
  if (wire.exchange_index != null) fill.exchangeIndex = wire.exchange_index
  return fill
}

/**
 * Reads a fill of January 2026: the exact string where there is one, else the
 * integer. The direction of a `sell` is `unknown`, and the recorded fills have
 * no fee.
 *
 * @since 0.1.0
 * @category conversions
 */
export const fromWireJanuary2026 = (wire: typeof January2026.Fill.Type): Fill => {
  const fill: Types.Mutable<Fill> = {
    tradeId: wire.trade_id,
    orderId: wire.order_id,
    ticker: wire.ticker,
    side: Direction.ofRecord(wire),
    price: wire.yes_price_dollars ?? wire.yes_price_fixed ?? wire.yes_price,
    count: wire.count_fp ?? wire.count,
    isTaker: wire.is_taker
  }
  if (wire.fee_cost != null) fill.fee = wire.fee_cost
  const createdAt = wire.created_time ?? wire.ts
  if (createdAt != null) fill.createdAt = createdAt
  if (wire.subaccount_number != null) fill.subaccount = wire.subaccount_number
  return fill
}

/**
 * Reads a fill of the wire of 2.0.0, which had no fee; the direction of a
 * `sell` is `unknown`.
 *
 * @since 0.1.0
 * @category conversions
 */
export const fromWire2024 = (wire: typeof Legacy.Fill.Type): Fill => ({
  tradeId: wire.trade_id,
  orderId: wire.order_id,
  ticker: wire.ticker,
  side: Direction.ofRecord(wire),
  price: wire.yes_price,
  count: wire.count,
  isTaker: wire.is_taker,
  createdAt: wire.created_time
})
