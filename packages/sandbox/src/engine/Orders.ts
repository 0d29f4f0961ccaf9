/**
 * The commands of a member. Everything is checked before anything changes.
 */
import * as Contracts from "effect-kalshi/Contracts"
import * as Dollars from "effect-kalshi/Dollars"
import * as PriceGrid from "effect-kalshi/PriceGrid"
import * as Timestamp from "effect-kalshi/Timestamp"
import * as Result from "effect/Result"
import type { AccountId, Amendment, Cancelled, Decreased, NewOrder, Placed, Preview, Refusal } from "../Model.ts"
import * as Book from "./Book.ts"
import * as Ledger from "./Ledger.ts"
import * as Lifecycle from "./Lifecycle.ts"
import * as Matching from "./Matching.ts"
import * as Reserve from "./Reserve.ts"
import type { Exposure, Holding, Market, Order, State } from "./State.ts"
import * as Subaccounts from "./Subaccounts.ts"
import * as Words from "./Words.ts"

/** The largest order, a billion contracts: beyond it the arithmetic would leave the exact range. */
const MOST = 100_000_000_000

const refuse = (tag: Refusal["_tag"], details: string): Result.Result<never, Refusal> =>
  Result.fail({ _tag: tag, details })

const isLots = (state: State, count: Contracts.Contracts): boolean =>
  Number.isSafeInteger(count) && count % state.lot === 0

const validCount = (state: State, count: Contracts.Contracts): boolean =>
  isLots(state, count) && count > 0 && count <= MOST

/** Whether the market takes this command now. */
const refusedNow = (state: State, market: Market, changes: boolean): Result.Result<never, Refusal> | undefined => {
  if (market.status !== "active" && (changes || market.status !== "inactive")) {
    return refuse("MarketClosed", `market is ${market.status}`)
  }
  return changes && !state.tradingActive ? refuse("TradingPaused", "trading is paused") : undefined
}

interface Wish extends Matching.Incoming {
  readonly holding: Holding
  readonly timeInForce: NewOrder["timeInForce"]
  readonly selfTradePrevention: NewOrder["selfTradePrevention"]
  readonly postOnly: boolean
  readonly reduceOnly: boolean
  /** What the subaccount's other orders in this market expose; the wish is not in it. */
  readonly others: Exposure
}

/** Whether the subaccount can bear an exposure at a position, with its cash changed by some amount. */
const bears = (wish: Wish, exposure: Exposure, position: Contracts.Contracts, cash: Dollars.Dollars): boolean => {
  const { reserve, subaccount } = wish.holding
  return subaccount.cash + cash - (subaccount.reserved - reserve + Reserve.required(exposure, position)) >= 0
}

/** Whether the order could be paid if all of it opened at its limit, in one fill. */
const bearsLimit = (state: State, wish: Wish, takes: boolean): boolean => {
  const cost = Reserve.singleFill(
    wish.holding.market.spec,
    takes ? "taker" : "maker",
    wish.side,
    wish.price,
    wish.count,
    state.precision
  )
  const exposure = { ...wish.others }
  Reserve.expose(exposure, wish.side, wish.reduceOnly, wish.count, cost)
  return bears(wish, exposure, wish.holding.position, Dollars.zero)
}

/** Whether the subaccount bears what the plan leaves behind: its cash after the fills, and the rest on the book. */
const bearsPlan = (state: State, wish: Wish, planned: Matching.Plan): boolean => {
  const exposure = { ...wish.others }
  for (const own of planned.own) {
    // what another subaccount has set aside is not freed for this one
    if (own.holding !== wish.holding) continue
    Reserve.expose(exposure, own.side, own.reduceOnly, -own.remaining, -own.remaining * own.unitCost)
  }
  const remaining = Contracts.subtract(wish.count, planned.filled)
  if (wish.timeInForce === "good_till_canceled" && !planned.stopped && remaining > 0) {
    const unit = Reserve.unitCost(state, wish.holding.market.spec, wish.side, wish.price)
    Reserve.expose(exposure, wish.side, wish.reduceOnly, remaining, remaining * unit)
  }
  return bears(wish, exposure, planned.position, planned.cash)
}

/** Plans a wish, or says why it is refused. */
const consider = (state: State, wish: Wish): Result.Result<Matching.Plan, Refusal> => {
  const { market } = wish.holding
  const best = Book.opposite(market, wish.side).levels.at(-1)
  const crosses = best !== undefined && Book.crosses(wish.side, wish.price, best.price)
  if (wish.postOnly && crosses) return refuse("PostOnlyCross", "post only cross")
  const takes = crosses || wish.timeInForce !== "good_till_canceled"
  if (!bearsLimit(state, wish, takes)) return refuse("InsufficientBalance", "insufficient balance")

  const atOwn = wish.selfTradePrevention === "maker" ? "pass" : "stop"
  let planned = crosses
    ? Matching.plan(state, wish, wish.timeInForce === "fill_or_kill" ? "pass" : atOwn)
    : Matching.nothing(wish.holding)
  if (wish.timeInForce === "fill_or_kill") {
    if (planned.filled < wish.count) {
      return refuse("FillOrKill", `${Contracts.format(planned.filled)} contracts are available`)
    }
    // others have the full size, but an own order lies before it: from here on it is immediate-or-cancel
    if (planned.own.length > 0 && atOwn === "stop") planned = Matching.plan(state, wish, atOwn)
  }
  return bearsPlan(state, wish, planned)
    ? Result.succeed(planned)
    : refuse("InsufficientBalance", "insufficient balance")
}

const average = (total: number, count: Contracts.Contracts): Dollars.Dollars =>
  Dollars.micros(Number((BigInt(total) * 200n + BigInt(count)) / (2n * BigInt(count))))

const placed = (state: State, order: Order, planned: Matching.Plan): Placed => {
  let cost = 0
  let fees = 0
  for (const fill of planned.fills) {
    cost += Dollars.times(fill.maker.price, fill.count)
    fees += fill.charge.fee
  }
  return {
    orderId: state.orderIds.make(order.number),
    clientOrderId: order.clientOrderId,
    filled: planned.filled,
    remaining: order.remaining,
    averagePrice: planned.filled > 0 ? average(cost, planned.filled) : undefined,
    averageFee: planned.filled > 0 ? average(fees, planned.filled) : undefined,
    at: state.now
  }
}

const record = (state: State, holding: Holding, asked: NewOrder, count: Contracts.Contracts): Order => {
  const { account, market } = holding
  const order: Order = {
    number: state.orders.length + 1,
    account,
    market,
    holding,
    clientOrderId: asked.clientOrderId ?? "",
    side: asked.side,
    words: Words.of(asked.side, asked.words),
    price: asked.price,
    status: "canceled",
    initial: count,
    filled: Contracts.zero,
    takerFilled: Contracts.zero,
    remaining: count,
    rested: false,
    takerCost: Dollars.zero,
    makerCost: Dollars.zero,
    takerFees: Dollars.zero,
    makerFees: Dollars.zero,
    accumulator: Dollars.zero,
    expiration: asked.expiration,
    selfTradePrevention: asked.selfTradePrevention,
    postOnly: asked.postOnly ?? false,
    reduceOnly: asked.reduceOnly ?? false,
    cancelOnPause: asked.cancelOnPause ?? false,
    createdAt: state.now,
    updatedAt: state.now,
    unitCost: 0,
    level: undefined,
    ahead: undefined,
    behind: undefined,
    previousOfAccount: account.lastOrder,
    previousOfHolding: holding.lastOrder,
    lastFill: 0
  }
  state.orders.push(order)
  account.lastOrder = order.number
  holding.lastOrder = order.number
  if (order.clientOrderId !== "") account.clientOrderIds.add(order.clientOrderId)
  return order
}

const come = (state: State, order: Order, planned: Matching.Plan, rests: boolean): void => {
  if (rests) order.unitCost = Reserve.unitCost(state, order.market.spec, order.side, order.price)
  order.status = "resting"
  Matching.execute(state, order, planned, rests)
}

/** Places an order. */
export const create = (state: State, id: AccountId, asked: NewOrder): Result.Result<Placed, Refusal> => {
  if (!state.exchangeActive) return refuse("ExchangePaused", "the exchange is paused")
  const market = state.markets.get(asked.ticker)
  if (market === undefined) return refuse("UnknownMarket", "market not found")
  const closed = refusedNow(state, market, true)
  if (closed !== undefined) return closed
  if (!PriceGrid.contains(market.spec.grid, asked.price)) return refuse("InvalidPrice", "invalid price")
  if (!validCount(state, asked.count)) return refuse("InvalidCount", "invalid count")
  if (asked.expiration !== undefined) {
    if (asked.timeInForce !== "good_till_canceled") {
      return refuse("InvalidExpiration", "an expiration needs good_till_canceled")
    }
    if (asked.expiration <= state.now) return refuse("InvalidExpiration", "the expiration must be in the future")
  }
  const account = state.accounts.get(id)
  if (account === undefined) return refuse("InsufficientBalance", "the account has never been funded")
  const subaccount = account.subaccounts[asked.subaccount ?? 0]
  if (subaccount === undefined) return Subaccounts.unknown
  if (account.clientOrderIds.has(asked.clientOrderId ?? "")) {
    return refuse("DuplicateClientOrderId", "order already exists")
  }

  const holding = Ledger.holding(subaccount, market, state.now)
  const reduceOnly = asked.reduceOnly ?? false
  const count = reduceOnly ? Contracts.min(asked.count, Ledger.closable(asked.side, holding.position)) : asked.count
  if (count === 0) {
    const order = record(state, holding, asked, asked.count)
    order.remaining = Contracts.zero
    return Result.succeed(placed(state, order, Matching.nothing(holding)))
  }
  const considered = consider(state, {
    holding,
    side: asked.side,
    price: asked.price,
    count,
    accumulator: Dollars.zero,
    timeInForce: asked.timeInForce,
    selfTradePrevention: asked.selfTradePrevention,
    postOnly: asked.postOnly ?? false,
    reduceOnly,
    others: holding.exposure
  })
  if (Result.isFailure(considered)) return Result.fail(considered.failure)
  const order = record(state, holding, asked, count)
  come(state, order, considered.success, asked.timeInForce === "good_till_canceled")
  if (order.expiration !== undefined && order.remaining > 0)
    state.agenda.add(order.expiration, { _tag: "expire", order })
  return Result.succeed(placed(state, order, considered.success))
}

/** What an order of the primary subaccount would do that takes what it meets, as far as an order of the account's own. */
export const preview = (
  state: State,
  id: AccountId,
  asked: Pick<NewOrder, "ticker" | "side" | "price" | "count">
): Preview => {
  const account = state.accounts.get(id)
  const market = state.markets.get(asked.ticker)
  if (account === undefined || market === undefined || !validCount(state, asked.count)) {
    return { filled: Contracts.zero, cash: Dollars.zero }
  }
  const position = account.subaccounts[0]?.holdings.get(asked.ticker)?.position ?? Contracts.zero
  const { cash, filled } = Matching.plan(
    state,
    {
      holding: { account, market, position },
      side: asked.side,
      price: asked.price,
      count: asked.count,
      accumulator: Dollars.zero
    },
    "stop"
  )
  return { filled, cash }
}

/** The live order of an account, or of one of its subaccounts, that a command is about. */
const find = (
  state: State,
  id: AccountId,
  orderId: string,
  changes: boolean,
  subaccount: number | undefined
): Result.Result<Order, Refusal> => {
  if (!state.exchangeActive) return refuse("ExchangePaused", "the exchange is paused")
  const number = state.orderIds.read(orderId)
  const order = number === undefined ? undefined : state.orders[number - 1]
  if (
    order === undefined ||
    order.account.id !== id ||
    (subaccount !== undefined && order.holding.subaccount.number !== subaccount)
  ) {
    return refuse("UnknownOrder", "order not found")
  }
  const closed = refusedNow(state, order.market, changes)
  if (closed !== undefined) return closed
  return order.remaining === 0 ? refuse("UnknownOrder", "order is not live") : Result.succeed(order)
}

const acknowledged = (
  state: State,
  order: Order
): { readonly orderId: string; readonly clientOrderId: string; readonly at: Timestamp.Timestamp } => ({
  orderId: state.orderIds.make(order.number),
  clientOrderId: order.clientOrderId,
  at: state.now
})

/** Cancels what remains of an order. */
export const cancel = (
  state: State,
  id: AccountId,
  orderId: string,
  subaccount: number | undefined
): Result.Result<Cancelled, Refusal> => {
  const found = find(state, id, orderId, false, subaccount)
  if (Result.isFailure(found)) return Result.fail(found.failure)
  const order = found.success
  const reducedBy = order.remaining
  Matching.cancel(state, order)
  return Result.succeed({ ...acknowledged(state, order), reducedBy })
}

/**
 * Cancels all that rests of an account or of one of its subaccounts, and after
 * the tail, in microseconds, what was placed meanwhile.
 */
export const cancelAll = (
  state: State,
  id: AccountId,
  tail: number,
  subaccount: number | undefined
): Result.Result<void, Refusal> => {
  if (!state.exchangeActive) return refuse("ExchangePaused", "the exchange is paused")
  const account = state.accounts.get(id)
  if (account !== undefined) {
    // of all of them, a subaccount that comes into being within the tail too
    const subaccounts =
      subaccount === undefined ? account.subaccounts : account.subaccounts.slice(subaccount, subaccount + 1)
    Lifecycle.sweep(state, subaccounts)
    if (tail > 0) state.agenda.add(Timestamp.micros(state.now + tail), { _tag: "sweep", subaccounts })
  }
  return Result.succeed(undefined)
}

/** Makes an order smaller; it keeps its place. */
export const decrease = (
  state: State,
  id: AccountId,
  orderId: string,
  by: { readonly reduceBy: Contracts.Contracts } | { readonly reduceTo: Contracts.Contracts },
  subaccount: number | undefined
): Result.Result<Decreased, Refusal> => {
  const found = find(state, id, orderId, false, subaccount)
  if (Result.isFailure(found)) return Result.fail(found.failure)
  const order = found.success
  if ("reduceBy" in by) {
    if (!validCount(state, by.reduceBy)) return refuse("InvalidCount", "invalid reduce_by")
  } else if (!isLots(state, by.reduceTo) || by.reduceTo < 0 || by.reduceTo > order.remaining) {
    return refuse("InvalidCount", "invalid reduce_to")
  }
  const to = "reduceBy" in by ? Contracts.centis(Math.max(0, order.remaining - by.reduceBy)) : by.reduceTo
  if (to < order.remaining) Matching.decrease(state, order, to)
  return Result.succeed({ ...acknowledged(state, order), remaining: order.remaining })
}

/** Changes price or size of an order. */
export const amend = (
  state: State,
  id: AccountId,
  orderId: string,
  asked: Amendment,
  subaccount: number | undefined
): Result.Result<Placed, Refusal> => {
  const found = find(state, id, orderId, true, subaccount)
  if (Result.isFailure(found)) return Result.fail(found.failure)
  const order = found.success
  const { account, holding, market } = order
  if (asked.ticker !== market.spec.ticker) return refuse("TickerMismatch", "ticker is not that of the order")
  if (asked.side !== order.side) return refuse("SideMismatch", "side is not that of the order")
  if (asked.clientOrderId !== undefined && asked.clientOrderId !== order.clientOrderId) {
    return refuse("ClientOrderIdMismatch", "client_order_id is not that of the order")
  }
  if (!PriceGrid.contains(market.spec.grid, asked.price)) return refuse("InvalidPrice", "invalid price")
  if (!validCount(state, asked.total)) return refuse("InvalidCount", "invalid count")
  if (asked.total < order.filled) return refuse("AmendBelowFilled", "count is below what is filled")
  const renamed = asked.updatedClientOrderId
  if (renamed !== undefined && renamed !== order.clientOrderId && account.clientOrderIds.has(renamed)) {
    return refuse("DuplicateClientOrderId", "order already exists")
  }

  const wanted = Contracts.subtract(asked.total, order.filled)
  const remaining = order.reduceOnly ? Contracts.min(wanted, Ledger.closable(order.side, holding.position)) : wanted
  const keepsPlace = remaining === 0 || (asked.price === order.price && remaining <= order.remaining)
  let planned = Matching.nothing(holding)
  if (!keepsPlace) {
    const others = { ...holding.exposure }
    Reserve.expose(others, order.side, order.reduceOnly, -order.remaining, -order.remaining * order.unitCost)
    const considered = consider(state, {
      holding,
      side: order.side,
      price: asked.price,
      count: remaining,
      accumulator: order.accumulator,
      timeInForce: "good_till_canceled",
      selfTradePrevention: order.selfTradePrevention,
      postOnly: order.postOnly,
      reduceOnly: order.reduceOnly,
      others
    })
    if (Result.isFailure(considered)) return Result.fail(considered.failure)
    planned = considered.success
  }

  if (renamed !== undefined) {
    order.clientOrderId = renamed
    if (renamed !== "") account.clientOrderIds.add(renamed)
  }
  if (keepsPlace) {
    if (remaining < order.remaining) Matching.decrease(state, order, remaining)
    else order.updatedAt = state.now
  } else {
    Matching.lift(order)
    order.price = asked.price
    order.remaining = remaining
    order.initial = Contracts.add(order.filled, remaining)
    order.updatedAt = state.now
    come(state, order, planned, true)
  }
  return Result.succeed(placed(state, order, planned))
}
