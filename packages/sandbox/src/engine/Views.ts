/**
 * What the exchange tells about itself: plain values, copied.
 */
import * as Contracts from "effect-kalshi/Contracts"
import * as Dollars from "effect-kalshi/Dollars"
import * as Timestamp from "effect-kalshi/Timestamp"
import type {
  AccountId,
  Audit,
  BalanceView,
  FillView,
  Level,
  MarketView,
  OrderView,
  PositionView,
  Settled,
  TradeView
} from "../Model.ts"
import * as Book from "./Book.ts"
import * as History from "./History.ts"
import * as Ledger from "./Ledger.ts"
import type { BookSide, Market, Order, State } from "./State.ts"

const at = (state: State, number: number): Order => {
  const order = state.orders[number - 1]
  if (order === undefined) throw new RangeError(`there is no order ${number}`)
  return order
}

/** An order by its number. */
export const order = (state: State, number: number): OrderView => {
  const found = at(state, number)
  return {
    orderId: state.orderIds.make(number),
    accountId: found.account.id,
    subaccount: found.holding.subaccount.number,
    clientOrderId: found.clientOrderId,
    ticker: found.market.spec.ticker,
    eventTicker: found.market.spec.eventTicker,
    side: found.side,
    words: found.words,
    price: found.price,
    status: found.status,
    initial: found.initial,
    filled: found.filled,
    takerFilled: found.takerFilled,
    remaining: found.remaining,
    rested: found.rested,
    takerCost: found.takerCost,
    makerCost: found.makerCost,
    takerFees: found.takerFees,
    makerFees: found.makerFees,
    expiration: found.expiration,
    selfTradePrevention: found.selfTradePrevention,
    cancelOnPause: found.cancelOnPause,
    createdAt: found.createdAt,
    updatedAt: found.updatedAt
  }
}

/** An order of an account by its id. */
export const orderById = (state: State, id: AccountId, orderId: string): OrderView | undefined => {
  const number = state.orderIds.read(orderId)
  const found = number === undefined ? undefined : state.orders[number - 1]
  return found === undefined || found.account.id !== id ? undefined : order(state, found.number)
}

/** A fill by its number. */
export const fill = (state: State, number: number): FillView => {
  const trade = History.tradeOf(number)
  const isTaker = History.isTaker(number)
  const row = state.history.row(trade)
  const of = at(state, isTaker ? row.takerOrder : row.makerOrder)
  return {
    sequence: number,
    tradeId: state.tradeIds.make(trade),
    orderId: state.orderIds.make(of.number),
    accountId: of.account.id,
    subaccount: of.holding.subaccount.number,
    ticker: of.market.spec.ticker,
    side: of.side,
    price: row.price,
    count: row.count,
    isTaker,
    fee: isTaker ? row.takerFee : row.makerFee,
    at: row.at
  }
}

/** A trade by its number. */
export const trade = (state: State, number: number): TradeView => {
  const row = state.history.row(number)
  const taker = at(state, row.takerOrder)
  return {
    tradeId: state.tradeIds.make(number),
    ticker: taker.market.spec.ticker,
    price: row.price,
    count: row.count,
    takerSide: taker.side,
    at: row.at
  }
}

/** Markets that a subaccount ever traded. */
export const positions = (
  state: State,
  id: AccountId,
  settled: Settled = "unsettled",
  number = 0
): ReadonlyArray<PositionView> => {
  const subaccount = state.accounts.get(id)?.subaccounts[number]
  const views: Array<PositionView> = []
  for (const [ticker, held] of (settled === "unsettled" ? subaccount?.open : subaccount?.holdings) ?? []) {
    if (held.totalContracts === 0 || (settled === "settled" && subaccount?.open.has(ticker) === true)) continue
    views.push({
      accountId: id,
      subaccount: number,
      ticker: held.market.spec.ticker,
      eventTicker: held.market.spec.eventTicker,
      position: held.position,
      exposure: held.openCost,
      totalTraded: held.totalTraded,
      totalContracts: held.totalContracts,
      realizedPnl: held.realizedPnl,
      feesPaid: held.feesPaid,
      resting: Contracts.centis(held.resting),
      updatedAt: held.updatedAt
    })
  }
  return views
}

/** The money of a subaccount; positions at the price of their market's last trade. */
export const balance = (state: State, id: AccountId, number = 0): BalanceView => {
  const subaccount = state.accounts.get(id)?.subaccounts[number]
  if (subaccount === undefined) {
    return {
      available: Dollars.zero,
      reserved: Dollars.zero,
      paidIn: Dollars.zero,
      portfolioValue: Dollars.zero,
      updatedAt: Timestamp.micros(0)
    }
  }
  let portfolioValue = Dollars.zero
  for (const { market, position } of subaccount.open.values()) {
    if (position === 0 || market.lastPrice === undefined) continue
    const each = position > 0 ? market.lastPrice : Dollars.complement(market.lastPrice)
    portfolioValue = Dollars.add(portfolioValue, Dollars.times(each, Contracts.abs(position)))
  }
  return {
    available: Ledger.available(subaccount),
    reserved: subaccount.reserved,
    paidIn: subaccount.paidIn,
    portfolioValue,
    updatedAt: subaccount.updatedAt
  }
}

const levels = (book: BookSide): ReadonlyArray<Level> =>
  book.levels.map((level) => ({ price: level.price, count: Contracts.centis(level.total) })).toReversed()

/** A market with its book. */
export const market = (found: Market): MarketView => ({
  spec: found.spec,
  status: found.status,
  result: found.result,
  settledAt: found.settledAt,
  createdAt: found.createdAt,
  updatedAt: found.updatedAt,
  bids: levels(found.bids),
  asks: levels(found.asks),
  lastPrice: found.lastPrice,
  volume: found.volume,
  openInterest: found.openInterest
})

/** The books of the exchange. */
export const audit = (state: State): Audit => {
  let cash = Dollars.zero
  let reserves = Dollars.zero
  for (const { subaccounts } of state.accounts.values()) {
    for (const subaccount of subaccounts) {
      cash = Dollars.add(cash, Ledger.available(subaccount))
      reserves = Dollars.add(reserves, subaccount.reserved)
    }
  }
  let pairs = Dollars.zero
  const sums = new Map<string, Contracts.Contracts>()
  for (const [ticker, found] of state.markets) {
    let sum = Contracts.zero
    for (const held of found.holdings) sum = Contracts.add(sum, held.position)
    sums.set(ticker, sum)
    pairs = Dollars.add(pairs, Dollars.times(Dollars.one, found.openInterest))
  }
  return {
    deposits: state.deposits,
    withdrawals: state.withdrawals,
    cash,
    reserves,
    pairs,
    kept: state.kept,
    positions: sums
  }
}

/** Cash, live orders in the order of their queues, and positions. */
export const snapshot = (state: State): unknown => ({
  now: state.now,
  flags: [state.exchangeActive, state.tradingActive],
  kept: state.kept,
  trades: state.history.size(),
  orders: state.orders.length,
  accounts: Array.from(state.accounts.values(), (account) => ({
    id: account.id,
    settlements: account.settlements.length,
    transfers: account.transfers.length,
    subaccounts: account.subaccounts.map(({ cash, number, reserved }) => ({
      cash,
      reserved,
      positions: positions(state, account.id, "unsettled", number)
    }))
  })),
  markets: Array.from(state.markets.values(), (found) => ({
    ticker: found.spec.ticker,
    status: found.status,
    volume: found.volume,
    openInterest: found.openInterest,
    lastPrice: found.lastPrice,
    queues: [found.bids, found.asks].map((book) =>
      Array.from(Book.walk(book), (resting) => ({
        orderId: state.orderIds.make(resting.number),
        price: resting.price,
        remaining: resting.remaining,
        filled: resting.filled
      }))
    )
  }))
})
