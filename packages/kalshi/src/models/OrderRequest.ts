/**
 * An order before it is sent: what a user says, what is wrong with it, and its
 * form on the wire.
 *
 * @since 0.1.0
 */
import type * as Api from "../api/Orders.ts"
import type * as Contracts from "../Contracts.ts"
import * as Direction from "../Direction.ts"
import * as Dollars from "../Dollars.ts"
import { defined } from "../internal/defined.ts"
import * as PriceGrid from "../PriceGrid.ts"
import type * as Timestamp from "../Timestamp.ts"

/**
 * How long an order works: until it is cancelled (or `expiresAt`), at once for
 * what there is, or at once for all of it.
 *
 * @since 0.1.0
 * @category models
 */
export type TimeInForce = "good_till_canceled" | "immediate_or_cancel" | "fill_or_kill"

/**
 * What happens when an order would trade with one of your own:
 * `taker_at_cross` cancels the rest of the new one, `maker` the resting one.
 *
 * @since 0.1.0
 * @category models
 */
export type SelfTradePrevention = "taker_at_cross" | "maker"

/**
 * The side and the price of a wish, in the words of a person
 * (`{ action: "buy", side: "no", price }`, the price of that side) or of the
 * book (`{ side: "bid", price }`, the YES price).
 *
 * @since 0.1.0
 * @category models
 */
export type Wish = Direction.Intent | Direction.Quote

/**
 * A new order. Ticker, side, price and count have no defaults.
 *
 * @since 0.1.0
 * @category models
 */
export type OrderRequest = Wish & {
  readonly ticker: string
  /** At least 0.01 contract. */
  readonly count: Contracts.Contracts
  /** Default `good_till_canceled`. */
  readonly timeInForce?: TimeInForce | undefined
  /** Default `taker_at_cross`. */
  readonly selfTradePrevention?: SelfTradePrevention | undefined
  /** 1 to 64 of `A-Z a-z 0-9 _ -`; a fresh UUID when absent. */
  readonly clientOrderId?: string | undefined
  /** When a `good_till_canceled` order ends; whole seconds, parts are cut off. */
  readonly expiresAt?: Timestamp.Timestamp | undefined
  /** Never take: refused when it would trade at once. */
  readonly postOnly?: boolean | undefined
  /** Only close: capped to the position, never opens the other side. */
  readonly reduceOnly?: boolean | undefined
  /** Cancelled when trading pauses. */
  readonly cancelOnPause?: boolean | undefined
  /** 0 to 63; absent is the primary account. */
  readonly subaccount?: number | undefined
  readonly orderGroupId?: string | undefined
  /** The shard; absent lets the exchange route by ticker. */
  readonly exchangeIndex?: number | undefined
}

/**
 * How a batch of new orders is sent.
 *
 * @since 0.1.0
 * @category models
 */
export interface BatchOptions {
  /** Send it in several batches where it is larger than the token bucket. Default `false`. */
  readonly split?: boolean | undefined
}

/**
 * A change of a resting order.
 *
 * @since 0.1.0
 * @category models
 */
export type AmendRequest = Wish & {
  readonly orderId: string
  /** What is filled already plus what is wanted: not the new remaining. */
  readonly total: Contracts.Contracts
  /** Looked up when absent and the order is not remembered. */
  readonly ticker?: string | undefined
  readonly clientOrderId?: string | undefined
  readonly updatedClientOrderId?: string | undefined
  readonly subaccount?: number | undefined
  readonly exchangeIndex?: number | undefined
}

/**
 * What is wrong with an input.
 *
 * @since 0.1.0
 * @category models
 */
export interface Wrong {
  readonly field: string
  readonly description: string
}

const CLIENT_ORDER_ID = /^[A-Za-z0-9_-]{1,64}$/
// prices on the wire have at most 4 decimals
const FINEST = 100
const MAX_SUBACCOUNT = 63

const wrong = (field: string, description: string): Wrong => ({ field, description })

/** Programs without types, and objects spread into another, say what the types would refuse. */
const ofSide = (wish: { readonly action?: unknown; readonly side: unknown }): Wrong | undefined => {
  switch (wish.side) {
    case "bid":
    case "ask":
      return wish.action === undefined
        ? undefined
        : wrong("action", `does not go with ${wish.side}: bid buys YES, ask sells it`)
    case "yes":
    case "no":
      return wish.action === "buy" || wish.action === "sell" ? undefined : wrong("action", "takes buy or sell")
    default:
      return wrong("side", "takes bid or ask, or yes or no with an action")
  }
}

/** What an order of 2.0.0 may say and one here does not: left out, it would be another order. */
const ofOldFields = (order: {
  readonly ticker: string
  readonly type?: unknown
  readonly buyMaxCost?: unknown
  readonly buy_max_cost?: unknown
  readonly sellPositionFloor?: unknown
  readonly sell_position_floor?: unknown
}): Wrong | undefined => {
  if (order.type != null && order.type !== "limit") {
    return wrong("type", "takes limit alone: instead of a market order send a limit that crosses")
  }
  for (const field of ["buyMaxCost", "buy_max_cost"] as const) {
    if (order[field] != null) {
      return wrong(field, "is no part of an order here: bound what it costs by its price and its count")
    }
  }
  for (const field of ["sellPositionFloor", "sell_position_floor"] as const) {
    if (order[field] != null) return wrong(field, "is no part of an order here: on today's wire reduceOnly closes only")
  }
  return undefined
}

const ofPrice = (wish: Wish, grid: PriceGrid.PriceGrid | undefined): Wrong | undefined => {
  const { price } = wish
  if (!Number.isSafeInteger(price) || price <= 0 || price >= Dollars.one) {
    return wrong("price", "takes more than $0 and less than $1 per contract; make it with Dollars.cents")
  }
  if (price % FINEST !== 0) return wrong("price", "takes at most 4 decimals of a dollar")
  const quote = Direction.toQuote(wish)
  if (grid !== undefined && !PriceGrid.contains(grid, quote.price)) {
    const below = PriceGrid.snap(grid, quote.price, "floor")
    const above = PriceGrid.snap(grid, quote.price, "ceil")
    const nearest = [below, above].flatMap((price) => (price === undefined ? [] : [`$${Dollars.format(price)}`]))
    return wrong(
      "price",
      `a YES price of $${Dollars.format(quote.price)} is not on this market's grid` +
        (nearest.length === 0 ? "" : `; the nearest are ${nearest.join(" and ")}`)
    )
  }
  return undefined
}

const ofCount = (field: string, count: Contracts.Contracts): Wrong | undefined =>
  Number.isSafeInteger(count) && count >= 1
    ? undefined
    : wrong(field, "takes at least 0.01 contract, in steps of 0.01; make it with Contracts.of")

const ofClientOrderId = (field: string, id: string | undefined): Wrong | undefined =>
  id === undefined || CLIENT_ORDER_ID.test(id) ? undefined : wrong(field, "takes 1 to 64 of A-Z a-z 0-9 _ -")

/**
 * What is wrong with a subaccount number.
 *
 * @since 0.1.0
 * @category predicates
 */
export const ofSubaccount = (subaccount: number | undefined, field = "subaccount"): Wrong | undefined =>
  subaccount === undefined || (Number.isInteger(subaccount) && subaccount >= 0 && subaccount <= MAX_SUBACCOUNT)
    ? undefined
    : wrong(field, `takes a whole number from 0 to ${MAX_SUBACCOUNT}`)

/**
 * What the exchange would refuse about an order for its shape alone, or for a
 * price off its market's grid when the grid is known; and what a program of
 * 2.0.0 could say that would be lost here, such as that it is a market order.
 *
 * @since 0.1.0
 * @category predicates
 */
export const check = (order: OrderRequest, grid: PriceGrid.PriceGrid | undefined): Wrong | undefined =>
  (order.ticker === "" ? wrong("ticker", "is empty") : undefined) ??
  ofOldFields(order) ??
  ofSide(order) ??
  ofCount("count", order.count) ??
  ofPrice(order, grid) ??
  ofClientOrderId("clientOrderId", order.clientOrderId) ??
  ofSubaccount(order.subaccount) ??
  (order.expiresAt !== undefined && order.timeInForce !== undefined && order.timeInForce !== "good_till_canceled"
    ? wrong("expiresAt", `goes with good_till_canceled alone, not with ${order.timeInForce}`)
    : undefined)

/**
 * What the exchange would refuse about a change of an order for its shape
 * alone, or for a price off the grid when the grid is known.
 *
 * @since 0.1.0
 * @category predicates
 */
export const checkAmend = (amend: AmendRequest, grid: PriceGrid.PriceGrid | undefined): Wrong | undefined =>
  (amend.orderId === "" ? wrong("orderId", "is empty") : undefined) ??
  ofSide(amend) ??
  ofCount("total", amend.total) ??
  ofPrice(amend, grid) ??
  ofClientOrderId("clientOrderId", amend.clientOrderId) ??
  ofClientOrderId("updatedClientOrderId", amend.updatedClientOrderId) ??
  ofSubaccount(amend.subaccount)

/**
 * What is wrong with how much smaller an order is to become.
 *
 * @since 0.1.0
 * @category predicates
 */
export const checkDecrease = ({
  by,
  to
}: {
  readonly by?: Contracts.Contracts | undefined
  readonly to?: Contracts.Contracts | undefined
}): Wrong | undefined => {
  if ((by === undefined) === (to === undefined)) return wrong("by", "give exactly one of `by` and `to`")
  if (by !== undefined && !(Number.isSafeInteger(by) && by >= 1)) return wrong("by", "takes at least 0.01 contract")
  return to === undefined || (Number.isSafeInteger(to) && to >= 0)
    ? undefined
    : wrong("to", "takes 0 contracts or more")
}

/**
 * The form of an order on the wire of today, under the given id.
 *
 * @since 0.1.0
 * @category conversions
 */
export const toWire = (order: OrderRequest, clientOrderId: string): typeof Api.CreateOrderRequest.Type => {
  const quote = Direction.toQuote(order)
  return defined({
    ticker: order.ticker,
    side: quote.side,
    count: order.count,
    price: quote.price,
    time_in_force: order.timeInForce ?? "good_till_canceled",
    self_trade_prevention_type: order.selfTradePrevention ?? "taker_at_cross",
    client_order_id: clientOrderId,
    expiration_time: order.expiresAt,
    post_only: order.postOnly,
    reduce_only: order.reduceOnly,
    cancel_order_on_pause: order.cancelOnPause,
    subaccount: order.subaccount,
    order_group_id: order.orderGroupId,
    exchange_index: order.exchangeIndex
  })
}

/**
 * The order that was written in the form of today's wire.
 *
 * @since 0.1.0
 * @category conversions
 */
export const fromWire = (wire: typeof Api.CreateOrderRequest.Type): OrderRequest => ({
  ticker: wire.ticker,
  side: wire.side,
  price: wire.price,
  count: wire.count,
  timeInForce: wire.time_in_force,
  selfTradePrevention: wire.self_trade_prevention_type,
  clientOrderId: wire.client_order_id,
  expiresAt: wire.expiration_time,
  postOnly: wire.post_only,
  reduceOnly: wire.reduce_only,
  cancelOnPause: wire.cancel_order_on_pause,
  subaccount: wire.subaccount,
  orderGroupId: wire.order_group_id,
  exchangeIndex: wire.exchange_index
})
