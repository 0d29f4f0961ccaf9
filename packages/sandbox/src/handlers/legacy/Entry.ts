/**
 * What a new order of the wire of 2.0.0 asks of the engine, in one command.
 *
 * A price is that of the leg whose field holds it, whatever side the order
 * names. An expiration that is past makes an order immediate-or-cancel. A
 * market order is one of those too, with the worst price that it needs as its
 * limit, in whole cents; a price that comes with it all the same bounds that.
 * `buy_max_cost` is what it may take off the account's cash, fees included.
 *
 * @since 0.1.0
 */
import type * as Orders from "effect-kalshi/api/legacy/Orders"
import * as Contracts from "effect-kalshi/Contracts"
import * as Direction from "effect-kalshi/Direction"
import * as Dollars from "effect-kalshi/Dollars"
import type * as Timestamp from "effect-kalshi/Timestamp"
import * as Result from "effect/Result"
import * as Answers from "../../Answers.ts"
import type * as Engine from "../../Engine.ts"
import * as LegacyAnswers from "../../LegacyAnswers.ts"
import type * as Model from "../../Model.ts"
import * as ClientId from "../ClientId.ts"

/**
 * What came of a command, or why it was refused.
 *
 * @since 0.1.0
 * @category models
 */
export type Outcome<A> = Result.Result<A, Answers.ItemError>

type Request = typeof Orders.CreateOrderRequest.Type

/**
 * The subaccount that everything is in on this wire, which knows of no other.
 *
 * @since 0.1.0
 * @category constants
 */
export const PRIMARY = 0

/**
 * An order of an account as it stands.
 *
 * @since 0.1.0
 * @category accessors
 */
export const shown = (engine: Engine.Engine, account: string, orderId: string): Outcome<Model.OrderView> => {
  const view = engine.order(account, orderId)
  return view?.subaccount !== PRIMARY ? Result.fail(LegacyAnswers.notFound("order not found")) : Result.succeed(view)
}

const CENT = Dollars.cents(1)
const LOWEST = CENT
const HIGHEST = Dollars.complement(CENT)
const CONTRACT = Contracts.of(1)

const no = (details: string): Result.Result<never, Answers.ItemError> =>
  Result.fail(LegacyAnswers.invalidOrder(details))

/**
 * The YES price of a request, which gives exactly one of the two: 1 to 99 cents.
 *
 * @since 0.1.0
 * @category accessors
 */
export const priceOf = ({
  no_price: noPrice,
  yes_price: yesPrice
}: Pick<Request, "yes_price" | "no_price">): Outcome<Dollars.Dollars> => {
  const price = yesPrice ?? noPrice
  if (price === undefined || (yesPrice !== undefined && noPrice !== undefined)) {
    return no("give exactly one of yes_price and no_price")
  }
  if (price < LOWEST || price > HIGHEST) {
    return Result.fail(LegacyAnswers.invalidPrice("a price is 1 to 99 cents"))
  }
  return Result.succeed(yesPrice === undefined ? Dollars.complement(price) : price)
}

// the one of two limits that trades with less of the book
const nearer = (side: Direction.Direction, a: Dollars.Dollars, b: Dollars.Dollars): Dollars.Dollars =>
  (side === "bid" ? a < b : a > b) ? a : b

// How far into the book an order has to go: the price of its last contract, or of the last that there is.
const reach = (
  market: Model.MarketView | undefined,
  side: Direction.Direction,
  count: Contracts.Contracts
): Dollars.Dollars => {
  let wanted: number = count
  let last: Dollars.Dollars | undefined
  for (const level of (side === "bid" ? market?.asks : market?.bids) ?? []) {
    if (wanted <= 0) break
    last = level.price
    wanted -= level.count
  }
  if (last === undefined) return side === "bid" ? LOWEST : HIGHEST
  const whole = Dollars.round(last, CENT, side === "bid" ? "ceil" : "floor")
  return nearer(side, whole, side === "bid" ? HIGHEST : LOWEST)
}

// The most whole contracts that cost no more.
const affordable = (
  engine: Engine.Engine,
  account: string,
  order: Pick<Model.NewOrder, "ticker" | "side" | "price" | "count">,
  most: Dollars.Dollars
): Contracts.Contracts => {
  const fits = (count: Contracts.Contracts) => -engine.preview(account, { ...order, count }).cash <= most
  if (fits(order.count)) return order.count
  let low = 0
  let high = Math.floor(order.count / CONTRACT)
  while (low < high) {
    const middle = Math.ceil((low + high) / 2)
    if (fits(Contracts.of(middle))) low = middle
    else high = middle - 1
  }
  return Contracts.of(low)
}

const common = (order: Request) => {
  const words = { action: order.action, side: order.side, type: order.type }
  return {
    ticker: order.ticker,
    side: Direction.sideOf(words),
    words,
    count: order.count,
    selfTradePrevention: "taker_at_cross",
    clientOrderId: ClientId.given(order.client_order_id)
  } as const
}

const limitOrder = (order: Request, at: Timestamp.Timestamp): Outcome<Model.NewOrder> => {
  if (order.buy_max_cost !== undefined || order.sell_position_floor !== undefined) {
    return no("buy_max_cost and sell_position_floor are for market orders")
  }
  const { expiration_ts: expiration } = order
  return Result.map(priceOf(order), (price): Model.NewOrder => ({
    ...common(order),
    price,
    ...(expiration === undefined || expiration > at
      ? { timeInForce: "good_till_canceled", expiration }
      : { timeInForce: "immediate_or_cancel" })
  }))
}

const marketOrder = (engine: Engine.Engine, account: string, order: Request): Outcome<Model.NewOrder> => {
  const { buy_max_cost: most, no_price: noPrice, sell_position_floor: floor, yes_price: yesPrice } = order
  if (most !== undefined && order.action !== "buy") return no("buy_max_cost is for buying")
  if (floor !== undefined && (order.action !== "sell" || floor !== 0)) {
    return no("sell_position_floor is for selling, and 0")
  }
  const bounded = yesPrice !== undefined || noPrice !== undefined
  const bound = priceOf(order)
  if (bounded && Result.isFailure(bound)) return Result.fail(bound.failure)
  const placed = common(order)
  const worst = reach(engine.market(order.ticker), placed.side, order.count)
  const price = Result.isSuccess(bound) ? nearer(placed.side, worst, bound.success) : worst
  const count = most === undefined ? order.count : affordable(engine, account, { ...placed, price }, most)
  if (count === 0 && order.count > 0) return no("buy_max_cost is less than one contract costs")
  return Result.succeed({
    ...placed,
    price,
    count,
    timeInForce: "immediate_or_cancel",
    reduceOnly: floor !== undefined
  })
}

/**
 * Places an order, and answers how it stands.
 *
 * @since 0.1.0
 * @category commands
 */
export const create = (
  engine: Engine.Engine,
  at: Timestamp.Timestamp,
  account: string,
  order: Request
): Outcome<Model.OrderView> => {
  const problem = ClientId.problemOf("client_order_id", order.client_order_id)
  if (problem !== undefined) return Result.fail(LegacyAnswers.invalidParameters(problem))
  // what a market order sees is the book of this very instant
  engine.advance(at)
  const wish = order.type === "limit" ? limitOrder(order, at) : marketOrder(engine, account, order)
  return Result.flatMap(wish, (asked) =>
    Result.flatMap(Result.mapError(engine.create(account, asked, at), Answers.coded), ({ orderId }) =>
      shown(engine, account, orderId)
    )
  )
}
