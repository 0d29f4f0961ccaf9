/**
 * Orders meet. What an incoming order would do is planned first, without
 * changing anything, so that it can still be refused; then the plan is carried
 * out.
 */
import * as Contracts from "effect-kalshi/Contracts"
import type * as Direction from "effect-kalshi/Direction"
import * as Dollars from "effect-kalshi/Dollars"
import type * as Fees from "effect-kalshi/Fees"
import type { OrderStatus } from "../Model.ts"
import * as Book from "./Book.ts"
import * as History from "./History.ts"
import * as Ledger from "./Ledger.ts"
import * as Reserve from "./Reserve.ts"
import type { Holding, Order, State } from "./State.ts"

/** An order that comes in, new or amended. */
export interface Incoming {
  readonly holding: Pick<Holding, "account" | "market" | "position">
  readonly side: Direction.Direction
  readonly price: Dollars.Dollars
  readonly count: Contracts.Contracts
  readonly accumulator: Fees.Accumulator
}

/** What an incoming order would do. */
export interface Plan {
  readonly fills: ReadonlyArray<{
    readonly maker: Order
    readonly count: Contracts.Contracts
    readonly charge: Fees.Charge
  }>
  /** Resting orders of the same account, of whatever subaccount, that are in its way. */
  readonly own: ReadonlyArray<Order>
  /** It stopped before an order of the same account. */
  readonly stopped: boolean
  readonly filled: Contracts.Contracts
  /** The change of the cash of the incoming order's subaccount. */
  readonly cash: Dollars.Dollars
  /** Its position afterwards. */
  readonly position: Contracts.Contracts
}

/** A plan without a meeting. */
export const nothing = (holding: Pick<Holding, "position">): Plan => ({
  fills: [],
  own: [],
  stopped: false,
  filled: Contracts.zero,
  cash: Dollars.zero,
  position: holding.position
})

/** Plans an incoming order; at an order of the same account it stops or passes. */
export const plan = (state: State, incoming: Incoming, atOwn: "stop" | "pass"): Plan => {
  const { holding, price: limit, side } = incoming
  const { account, market } = holding
  const fills: Array<Plan["fills"][number]> = []
  const own: Array<Order> = []
  // makers with reduce-only orders: what this plan has done to their positions so far
  const positions = new Map<Holding, Contracts.Contracts>()
  let accumulator = incoming.accumulator
  let position = holding.position
  let cash = Dollars.zero
  let wanted = incoming.count
  let stopped = false
  for (const maker of Book.walk(Book.opposite(market, side))) {
    if (wanted === 0 || !Book.crosses(side, limit, maker.price)) break
    if (maker.account === account) {
      if (atOwn === "stop") {
        stopped = true
        break
      }
      own.push(maker)
      continue
    }
    let count = Contracts.min(wanted, maker.remaining)
    if (maker.holding.reduceOnly.size > 0) {
      const before = positions.get(maker.holding) ?? maker.holding.position
      if (maker.reduceOnly) count = Contracts.min(count, Ledger.closable(maker.side, before))
      if (count === 0) continue
      positions.set(maker.holding, Ledger.moved(maker.side, before, count))
    }
    const charge = Ledger.charge(
      market,
      "taker",
      side,
      maker.price,
      count,
      position,
      accumulator,
      state.precision,
      state.now
    )
    accumulator = charge.accumulator
    position = Ledger.moved(side, position, count)
    cash = Dollars.add(cash, charge.balanceChange)
    wanted = Contracts.subtract(wanted, count)
    fills.push({ maker, count, charge })
  }
  return { fills, own, stopped, filled: Contracts.subtract(incoming.count, wanted), cash, position }
}

/** Ends an order: what remained of it leaves the book. */
const end = (state: State, order: Order, status: OrderStatus): void => {
  if (order.level !== undefined) {
    Reserve.change(order, -order.remaining)
    Book.remove(order)
    order.holding.reduceOnly.delete(order)
  }
  order.remaining = Contracts.zero
  order.status = status
  order.updatedAt = state.now
}

/** Cancels an order and frees its reserve. */
export const cancel = (state: State, order: Order): void => {
  end(state, order, "canceled")
  Reserve.refresh(order.holding)
}

/** Makes a resting order smaller; it keeps its place, and is cancelled when nothing remains. */
export const decrease = (state: State, order: Order, remaining: Contracts.Contracts): void => {
  if (remaining === 0) return cancel(state, order)
  const by = Contracts.subtract(order.remaining, remaining)
  Book.shrink(order, by)
  Reserve.change(order, -by)
  order.remaining = remaining
  order.initial = Contracts.add(order.filled, remaining)
  order.updatedAt = state.now
  Reserve.refresh(order.holding)
}

/** Takes a resting order off the book to come in anew. */
export const lift = (order: Order): void => {
  Reserve.change(order, -order.remaining)
  Book.remove(order)
  order.holding.reduceOnly.delete(order)
}

/** Puts what remains of an order at the back of its queue. */
export const rest = (order: Order): void => {
  Book.add(order)
  Reserve.change(order, order.remaining)
  order.rested = true
  if (order.reduceOnly) order.holding.reduceOnly.add(order)
}

/** Reduce-only orders close what there is and no more. */
const capReduceOnly = (state: State, holding: Holding): void => {
  for (const order of holding.reduceOnly) {
    const most = Ledger.closable(order.side, holding.position)
    if (order.remaining > most) decrease(state, order, most)
  }
}

const progress = (
  state: State,
  order: Order,
  taker: boolean,
  price: Dollars.Dollars,
  count: Contracts.Contracts,
  charge: Fees.Charge
): void => {
  const cost = Dollars.times(order.side === "bid" ? price : Dollars.complement(price), count)
  order.filled = Contracts.add(order.filled, count)
  order.remaining = Contracts.subtract(order.remaining, count)
  order.accumulator = charge.accumulator
  order.updatedAt = state.now
  if (taker) {
    order.takerFilled = Contracts.add(order.takerFilled, count)
    order.takerCost = Dollars.add(order.takerCost, cost)
    order.takerFees = Dollars.add(order.takerFees, charge.fee)
  } else {
    order.makerCost = Dollars.add(order.makerCost, cost)
    order.makerFees = Dollars.add(order.makerFees, charge.fee)
  }
}

const heads = (order: Order): History.Heads => ({
  order: order.lastFill,
  holding: order.holding.lastFill,
  account: order.account.lastFill
})

const remember = (order: Order, fill: number): void => {
  order.lastFill = fill
  order.holding.lastFill = fill
  order.account.lastFill = fill
}

const trade = (
  state: State,
  taker: Order,
  maker: Order,
  count: Contracts.Contracts,
  takerCharge: Fees.Charge
): void => {
  const market = taker.market
  const price = maker.price
  const makerCharge = Ledger.charge(
    market,
    "maker",
    maker.side,
    price,
    count,
    maker.holding.position,
    maker.accumulator,
    state.precision,
    state.now
  )
  Ledger.book(state, maker.holding, maker.side, price, count, makerCharge)
  Ledger.book(state, taker.holding, taker.side, price, count, takerCharge)

  Book.shrink(maker, count)
  Reserve.change(maker, -count)
  progress(state, maker, false, price, count, makerCharge)
  progress(state, taker, true, price, count, takerCharge)
  if (maker.remaining === 0) end(state, maker, "executed")

  const number = state.history.add(
    {
      price,
      count,
      takerFee: takerCharge.fee,
      makerFee: makerCharge.fee,
      at: state.now,
      takerOrder: taker.number,
      makerOrder: maker.number
    },
    market.lastTrade,
    heads(taker),
    heads(maker)
  )
  remember(maker, History.fillOf(number, false))
  remember(taker, History.fillOf(number, true))
  market.lastTrade = number
  market.lastPrice = price
  market.volume = Contracts.add(market.volume, count)
  market.updatedAt = state.now

  capReduceOnly(state, maker.holding)
  capReduceOnly(state, taker.holding)
  Reserve.refresh(maker.holding)
}

/** Carries out a plan for an order that is not on the book; what remains rests or is cancelled. */
export const execute = (state: State, order: Order, planned: Plan, rests: boolean): void => {
  for (const own of planned.own) cancel(state, own)
  for (const { charge, count, maker } of planned.fills) trade(state, order, maker, count, charge)
  if (order.remaining === 0) end(state, order, order.filled > 0 ? "executed" : "canceled")
  else if (rests && !planned.stopped) rest(order)
  else end(state, order, "canceled")
  Reserve.refresh(order.holding)
}
