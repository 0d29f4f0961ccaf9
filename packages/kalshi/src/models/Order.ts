/**
 * An order as the exchange shows it when it is read.
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import type * as Types from "effect/Types"
import type * as January2026 from "../api/legacy/January2026.ts"
import type * as Legacy from "../api/legacy/Orders.ts"
import type * as Api from "../api/Orders.ts"
import * as Wire from "../api/Wire.ts"
import * as Contracts from "../Contracts.ts"
import * as Direction from "../Direction.ts"
import * as Dollars from "../Dollars.ts"
import * as Timestamp from "../Timestamp.ts"

/**
 * Schema of an order.
 *
 * `price` is the YES price in dollars per contract, whichever side was meant.
 * After a cancel `remaining` is 0, so `initial` is not always `filled` and
 * `remaining` together. Costs and fees are totals in dollars, absent where the
 * wire had none.
 *
 * @since 0.1.0
 * @category schemas
 */
export const Order = Schema.Struct({
  orderId: Schema.String,
  clientOrderId: Schema.optional(Schema.String),
  ticker: Schema.String,
  side: Direction.Recorded,
  price: Dollars.Dollars,
  status: Wire.openEnum("resting", "canceled", "executed"),
  initial: Contracts.Contracts,
  filled: Contracts.Contracts,
  remaining: Contracts.Contracts,
  takerCost: Schema.optional(Dollars.Dollars),
  makerCost: Schema.optional(Dollars.Dollars),
  takerFees: Schema.optional(Dollars.Dollars),
  makerFees: Schema.optional(Dollars.Dollars),
  expiresAt: Schema.optional(Timestamp.Timestamp),
  createdAt: Schema.optional(Timestamp.Timestamp),
  updatedAt: Schema.optional(Timestamp.Timestamp),
  selfTradePrevention: Schema.optional(Wire.openEnum("taker_at_cross", "maker")),
  orderGroupId: Schema.optional(Schema.String),
  cancelOnPause: Schema.optional(Schema.Boolean),
  subaccount: Schema.optional(Schema.Int),
  exchangeIndex: Schema.optional(Schema.Int)
})

/**
 * An order as the exchange shows it.
 *
 * @since 0.1.0
 * @category models
 */
export type Order = typeof Order.Type

// what both generations call the same
const shared = (
  order: Types.Mutable<Order>,
  wire: Pick<
    typeof Api.Order.Type | typeof January2026.Order.Type,
    | "client_order_id"
    | "expiration_time"
    | "created_time"
    | "last_update_time"
    | "self_trade_prevention_type"
    | "order_group_id"
    | "cancel_order_on_pause"
  >
): void => {
  if (wire.client_order_id != null && wire.client_order_id !== "") order.clientOrderId = wire.client_order_id
  if (wire.expiration_time != null) order.expiresAt = wire.expiration_time
  if (wire.created_time != null) order.createdAt = wire.created_time
  if (wire.last_update_time != null) order.updatedAt = wire.last_update_time
  if (wire.self_trade_prevention_type != null && wire.self_trade_prevention_type !== "") {
    order.selfTradePrevention = wire.self_trade_prevention_type
  }
  if (wire.order_group_id != null && wire.order_group_id !== "") order.orderGroupId = wire.order_group_id
  if (wire.cancel_order_on_pause != null) order.cancelOnPause = wire.cancel_order_on_pause
}

/**
 * Reads an order of today's wire; ids that are empty text there are absent.
 *
 * @since 0.1.0
 * @category conversions
 */
export const fromWire = (wire: typeof Api.Order.Type): Order => {
  const order: Types.Mutable<Order> = {
    orderId: wire.order_id,
    ticker: wire.ticker,
    side: Direction.ofRecord(wire),
    price: wire.yes_price_dollars,
    status: wire.status,
    initial: wire.initial_count_fp,
    filled: wire.fill_count_fp,
    remaining: wire.remaining_count_fp
  }
  shared(order, wire)
  if (wire.taker_fill_cost_dollars != null) order.takerCost = wire.taker_fill_cost_dollars
  if (wire.maker_fill_cost_dollars != null) order.makerCost = wire.maker_fill_cost_dollars
  if (wire.taker_fees_dollars != null) order.takerFees = wire.taker_fees_dollars
  if (wire.maker_fees_dollars != null) order.makerFees = wire.maker_fees_dollars
  if (wire.subaccount_number != null) order.subaccount = wire.subaccount_number
  if (wire.exchange_index != null) order.exchangeIndex = wire.exchange_index
  return order
}

/**
 * Reads an order of January 2026: the exact string where there is one, else
 * the integer. The direction of a `sell` is `unknown`.
 *
 * @since 0.1.0
 * @category conversions
 */
export const fromWireJanuary2026 = (wire: typeof January2026.Order.Type): Order => {
  const order: Types.Mutable<Order> = {
    orderId: wire.order_id,
    ticker: wire.ticker,
    side: Direction.ofRecord(wire),
    price: wire.yes_price_dollars ?? wire.yes_price,
    status: wire.status,
    initial: wire.initial_count_fp ?? wire.initial_count,
    filled: wire.fill_count_fp ?? wire.fill_count,
    remaining: wire.remaining_count_fp ?? wire.remaining_count
  }
  shared(order, wire)
  const takerCost = wire.taker_fill_cost_dollars ?? wire.taker_fill_cost
  if (takerCost != null) order.takerCost = takerCost
  const makerCost = wire.maker_fill_cost_dollars ?? wire.maker_fill_cost
  if (makerCost != null) order.makerCost = makerCost
  const takerFees = wire.taker_fees_dollars ?? wire.taker_fees
  if (takerFees != null) order.takerFees = takerFees
  const makerFees = wire.maker_fees_dollars ?? wire.maker_fees
  if (makerFees != null) order.makerFees = makerFees
  if (wire.subaccount_number != null) order.subaccount = wire.subaccount_number
  return order
}

/**
 * Whether an order of the wire of 2.0.0 says what became of its contracts: its
 * contract requires no count, and the answer to a new order has none.
 *
 * @since 0.1.0
 * @category predicates
 */
export const hasCounts2024 = (wire: typeof Legacy.Order.Type): boolean =>
  [
    wire.remaining_count,
    wire.taker_fill_count,
    wire.maker_fill_count,
    wire.decrease_count,
    wire.close_cancel_count,
    wire.fcc_cancel_count,
    wire.taker_self_trade_cancel_count
  ].some((count) => count != null)

/**
 * Reads an order of the wire of 2.0.0.
 *
 * Its counts say what became of its contracts, and `initial` is all of them
 * together. One that the record leaves out counts as 0; of an order that leaves
 * out all of them ({@link hasCounts2024}) nothing is known.
 *
 * @since 0.1.0
 * @category conversions
 */
export const fromWire2024 = (wire: typeof Legacy.Order.Type): Order => {
  const count = (counted: Contracts.Contracts | null | undefined): Contracts.Contracts => counted ?? Contracts.zero
  const filled = Contracts.add(count(wire.taker_fill_count), count(wire.maker_fill_count))
  const remaining = count(wire.remaining_count)
  const order: Types.Mutable<Order> = {
    orderId: wire.order_id,
    ticker: wire.ticker,
    side: Direction.ofOrder2024(wire),
    price: wire.yes_price,
    status: wire.status,
    initial: Contracts.sum([
      filled,
      remaining,
      count(wire.decrease_count),
      count(wire.close_cancel_count),
      count(wire.fcc_cancel_count),
      count(wire.taker_self_trade_cancel_count)
    ]),
    filled,
    remaining
  }
  if (wire.client_order_id !== "") order.clientOrderId = wire.client_order_id
  if (wire.taker_fill_cost != null) order.takerCost = wire.taker_fill_cost
  if (wire.maker_fill_cost != null) order.makerCost = wire.maker_fill_cost
  if (wire.taker_fees != null) order.takerFees = wire.taker_fees
  if (wire.maker_fees != null) order.makerFees = wire.maker_fees
  if (wire.expiration_time != null) order.expiresAt = wire.expiration_time
  if (wire.created_time != null) order.createdAt = wire.created_time
  if (wire.last_update_time != null) order.updatedAt = wire.last_update_time
  return order
}
