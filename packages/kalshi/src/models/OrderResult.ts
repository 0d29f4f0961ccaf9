/**
 * What became of a new order at once.
 *
 * The exchange answers a create with counts and no status, and its 201 does
 * not mean that anything rests. What the counts mean depends on the time in
 * force; this module is where that is decided. See "Create Order (V2)" in the
 * exchange's API reference.
 *
 * @since 0.1.0
 */
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import type * as Types from "effect/Types"
import type * as Api from "../api/Orders.ts"
import * as Contracts from "../Contracts.ts"
import * as Dollars from "../Dollars.ts"
import * as Timestamp from "../Timestamp.ts"
import type { Order } from "./Order.ts"
import type { OrderRequest } from "./OrderRequest.ts"

const fields = {
  orderId: Schema.String,
  clientOrderId: Schema.optional(Schema.String),
  filled: Contracts.Contracts,
  remaining: Contracts.Contracts,
  averagePrice: Schema.optional(Dollars.Dollars),
  averageFee: Schema.optional(Dollars.Dollars),
  at: Schema.optional(Timestamp.Timestamp)
}

/**
 * Schema of an order that rests whole: nothing of it is filled yet.
 *
 * @since 0.1.0
 * @category schemas
 */
export const Resting = Schema.TaggedStruct("Resting", fields)

/**
 * An order that rests whole.
 *
 * @since 0.1.0
 * @category models
 */
export type Resting = typeof Resting.Type

/**
 * Schema of an order of which a part is filled and the rest, `remaining`,
 * rests.
 *
 * @since 0.1.0
 * @category schemas
 */
export const PartlyFilled = Schema.TaggedStruct("PartlyFilled", fields)

/**
 * An order of which a part is filled and the rest rests.
 *
 * @since 0.1.0
 * @category models
 */
export type PartlyFilled = typeof PartlyFilled.Type

/**
 * Schema of an order that is filled for all that was asked.
 *
 * @since 0.1.0
 * @category schemas
 */
export const Filled = Schema.TaggedStruct("Filled", fields)

/**
 * An order that is filled for all that was asked.
 *
 * @since 0.1.0
 * @category models
 */
export type Filled = typeof Filled.Type

/**
 * Schema of an order that ended without all that was asked: `filled` may be 0
 * or more, and nothing of it rests.
 *
 * It is the answer to an immediate order that found too little, to one that
 * met an order of its own user, and to a reduce-only order that was cut to a
 * smaller position.
 *
 * @since 0.1.0
 * @category schemas
 */
export const Cancelled = Schema.TaggedStruct("Cancelled", fields)

/**
 * An order that ended without all that was asked.
 *
 * @since 0.1.0
 * @category models
 */
export type Cancelled = typeof Cancelled.Type

/**
 * Schema of what became of a new order.
 *
 * `filled` is what traded at once and `remaining` what rests now, 0 where
 * nothing does. `averagePrice` (YES) and `averageFee` are dollars per
 * contract, absent when nothing traded; the exchange rounds them, so they are
 * no basis for a ledger: fills are. `at` is the time of the matching engine,
 * in milliseconds, absent where the wire does not tell it.
 *
 * @since 0.1.0
 * @category schemas
 */
export const OrderResult = Schema.Union([Resting, PartlyFilled, Filled, Cancelled]).pipe(Schema.toTaggedUnion("_tag"))

/**
 * What became of a new order.
 *
 * @since 0.1.0
 * @category models
 */
export type OrderResult = typeof OrderResult.Type

/**
 * What was asked for, as far as it decides what an answer means.
 *
 * @since 0.1.0
 * @category models
 */
export interface Asked {
  readonly timeInForce: "good_till_canceled" | "immediate_or_cancel" | "fill_or_kill"
  readonly count: Contracts.Contracts
}

/**
 * What a request asked for.
 *
 * @since 0.1.0
 * @category conversions
 */
export const asked = (order: Pick<OrderRequest, "timeInForce" | "count">): Asked => ({
  timeInForce: order.timeInForce ?? "good_till_canceled",
  count: order.count
})

const tag = (asked: Asked, filled: Contracts.Contracts, remaining: Contracts.Contracts): OrderResult["_tag"] => {
  if (remaining > 0) return filled > 0 ? "PartlyFilled" : "Resting"
  return filled > 0 && filled >= asked.count ? "Filled" : "Cancelled"
}

// decimals below a micro-dollar are cut off; what is no amount at all is left out
const average = (text: string | null | undefined): Dollars.Dollars | undefined =>
  text == null ? undefined : Option.getOrUndefined(Dollars.fromString(text.replace(/(\.\d{6})\d+$/, "$1")))

/**
 * Reads the answer to a create of today's wire.
 *
 * Only a `good_till_canceled` order can rest: what the others did not fill is
 * cancelled, whatever the answer says remains. An order that neither traded
 * nor rests is `Cancelled`.
 *
 * @since 0.1.0
 * @category conversions
 */
export const fromWire = (asked: Asked, wire: typeof Api.CreateOrderResponse.Type): OrderResult => {
  const remaining = asked.timeInForce === "good_till_canceled" ? wire.remaining_count : Contracts.zero
  const result: Types.Mutable<OrderResult> = {
    _tag: tag(asked, wire.fill_count, remaining),
    orderId: wire.order_id,
    filled: wire.fill_count,
    remaining,
    at: wire.ts_ms
  }
  if (wire.client_order_id != null && wire.client_order_id !== "") result.clientOrderId = wire.client_order_id
  const averagePrice = average(wire.average_fill_price)
  if (averagePrice !== undefined) result.averagePrice = averagePrice
  const averageFee = average(wire.average_fee_paid)
  if (averageFee !== undefined) result.averageFee = averageFee
  return result
}

/**
 * Whether an order has ended: nothing of it rests.
 *
 * @since 0.1.0
 * @category predicates
 */
export const hasEnded = ({ status }: Pick<Order, "status">): boolean => status === "canceled" || status === "executed"

/**
 * Reads what became of a new order from the order itself, as it is now.
 *
 * An order whose status is not known here counts as live with what the record
 * says remains. `at` is when the order last changed.
 *
 * @since 0.1.0
 * @category conversions
 */
export const fromOrder = (asked: Asked, order: Order, clientOrderId: string): OrderResult => {
  const remaining = hasEnded(order) ? Contracts.zero : order.remaining
  const result: Types.Mutable<OrderResult> = {
    _tag: tag(asked, order.filled, remaining),
    orderId: order.orderId,
    clientOrderId,
    filled: order.filled,
    remaining
  }
  const at = order.updatedAt ?? order.createdAt
  if (at !== undefined) result.at = at
  return result
}
