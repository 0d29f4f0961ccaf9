/**
 * Accounts and markets over time: what the exchange itself does.
 */
import * as Contracts from "effect-kalshi/Contracts"
import * as Dollars from "effect-kalshi/Dollars"
import type * as Timestamp from "effect-kalshi/Timestamp"
import * as Result from "effect/Result"
import type { AccountId, FundingView, MarketSpec, Refusal, Result as MarketResult } from "../Model.ts"
import * as Book from "./Book.ts"
import * as Ledger from "./Ledger.ts"
import * as Matching from "./Matching.ts"
import type { Account, Market, Order, State, Subaccount } from "./State.ts"

const refuse = (tag: Refusal["_tag"], details: string): Result.Result<never, Refusal> =>
  Result.fail({ _tag: tag, details })

const cancelResting = (state: State, market: Market, which: (order: Order) => boolean): void => {
  for (const book of [market.bids, market.asks]) {
    for (const order of Array.from(Book.walk(book)).filter(which)) Matching.cancel(state, order)
  }
}

/** Cancels all that rests of some subaccounts, in every market. */
export const sweep = (state: State, subaccounts: ReadonlyArray<Subaccount>): void => {
  for (const { open } of subaccounts) {
    for (const holding of open.values()) {
      if (holding.resting > 0) cancelResting(state, holding.market, (order) => order.holding === holding)
    }
  }
}

const all = () => true
const onPause = (order: Order) => order.cancelOnPause

const shut = (state: State, market: Market): void => {
  market.status = "closed"
  market.updatedAt = state.now
  cancelResting(state, market, all)
}

const ended = (market: Market): boolean =>
  market.status === "closed" || market.status === "determined" || market.status === "finalized"

/** Moves the exchange to an instant, and does what falls due before it. An instant before the last one counts as that. */
export const advance = (state: State, at: Timestamp.Timestamp): void => {
  for (let entry = state.agenda.due(at); entry !== undefined; entry = state.agenda.due(at)) {
    if (entry.at > state.now) state.now = entry.at
    const { what } = entry
    if (what._tag === "expire") {
      if (what.order.remaining > 0) Matching.cancel(state, what.order)
    } else if (what._tag === "sweep") {
      if (state.exchangeActive) sweep(state, what.subaccounts)
    } else if (what._tag === "close") {
      if (!ended(what.market)) shut(state, what.market)
    } else if (what.market.status === "initialized") {
      what.market.status = "active"
      what.market.updatedAt = state.now
    }
  }
  if (at > state.now) state.now = at
}

const funding = (state: State, account: Account, amount: Dollars.Dollars): FundingView => {
  const sequence = ++state.fundings
  return { sequence, id: state.fundingIds.make(sequence), accountId: account.id, amount, at: state.now }
}

/** Adds money to the primary subaccount of an account, which is opened when it is new. */
export const deposit = (state: State, id: AccountId, amount: Dollars.Dollars): void => {
  if (amount <= 0) throw new RangeError("a deposit must be positive")
  const total = Dollars.add(state.deposits, amount)
  const account = Ledger.account(state, id)
  const [primary] = account.subaccounts
  if (primary !== undefined) Ledger.pay(state, primary, amount)
  account.deposits.push(funding(state, account, amount))
  state.deposits = total
}

/** Takes free money out of the primary subaccount of an account. */
export const withdraw = (state: State, id: AccountId, amount: Dollars.Dollars): Result.Result<void, Refusal> => {
  if (amount <= 0) return refuse("InvalidCount", "a withdrawal must be positive")
  const account = state.accounts.get(id)
  const primary = account?.subaccounts[0]
  if (account === undefined || primary === undefined || Ledger.available(primary) < amount) {
    return refuse("InsufficientBalance", "insufficient balance")
  }
  Ledger.pay(state, primary, Dollars.negate(amount))
  account.withdrawals.push(funding(state, account, amount))
  state.withdrawals = Dollars.add(state.withdrawals, amount)
  return Result.succeed(undefined)
}

/** Lists a market; a ticker is listed once, and no price of its grid is finer than $0.0001. */
export const list = (state: State, spec: MarketSpec): void => {
  if (state.markets.has(spec.ticker)) throw new RangeError(`${spec.ticker} is listed already`)
  for (const band of spec.grid.bands) {
    if (band.start % 100 !== 0 || band.step % 100 !== 0) throw new RangeError("a grid is finer than $0.0001")
  }
  if (!(spec.fees.multiplier >= 0 && spec.fees.multiplier <= 100)) {
    throw new RangeError("a fee multiplier is out of range")
  }
  const market: Market = {
    spec,
    status: "initialized",
    result: undefined,
    settledAt: undefined,
    createdAt: state.now,
    updatedAt: state.now,
    bids: { side: "bid", levels: [] },
    asks: { side: "ask", levels: [] },
    holdings: new Set(),
    lastPrice: undefined,
    volume: Contracts.zero,
    openInterest: Contracts.zero,
    lastTrade: 0
  }
  state.markets.set(spec.ticker, market)
  state.agenda.add(spec.openTime, { _tag: "open", market })
  state.agenda.add(spec.closeTime, { _tag: "close", market })
  advance(state, state.now)
}

const withMarket = (
  state: State,
  ticker: string,
  run: (market: Market) => Result.Result<void, Refusal>
): Result.Result<void, Refusal> => {
  const market = state.markets.get(ticker)
  return market === undefined ? refuse("UnknownMarket", "market not found") : run(market)
}

/** Pauses or resumes one market; resuming cancels everything that rests. */
export const setMarketActive = (state: State, ticker: string, active: boolean): Result.Result<void, Refusal> =>
  withMarket(state, ticker, (market) => {
    if (market.status !== "active" && market.status !== "inactive") {
      return refuse("MarketClosed", `market is ${market.status}`)
    }
    const wanted = active ? "active" : "inactive"
    if (market.status !== wanted) {
      market.status = wanted
      market.updatedAt = state.now
      cancelResting(state, market, active ? all : onPause)
    }
    return Result.succeed(undefined)
  })

/** Closes a market before its time. */
export const close = (state: State, ticker: string): Result.Result<void, Refusal> =>
  withMarket(state, ticker, (market) => {
    if (ended(market)) return refuse("MarketClosed", `market is ${market.status}`)
    shut(state, market)
    return Result.succeed(undefined)
  })

/** Settles a market, closing it first when it is open. */
export const settle = (state: State, ticker: string, result: MarketResult): Result.Result<void, Refusal> =>
  withMarket(state, ticker, (market) => {
    if (market.status === "finalized") return refuse("MarketClosed", "market is finalized")
    if (result._tag === "scalar" && (result.value < 0 || result.value > Dollars.one)) {
      return refuse("InvalidPrice", "a settlement value lies between $0 and $1")
    }
    if (!ended(market)) shut(state, market)
    Ledger.settle(state, market, result)
    market.status = "finalized"
    market.result = result
    market.settledAt = state.now
    market.updatedAt = state.now
    return Result.succeed(undefined)
  })

/** Sets the flags of the exchange; a pause cancels the orders that asked for it. */
export const setFlags = (
  state: State,
  flags: { readonly exchangeActive: boolean; readonly tradingActive: boolean }
): void => {
  const ran = state.exchangeActive && state.tradingActive
  state.exchangeActive = flags.exchangeActive
  state.tradingActive = flags.tradingActive
  if (ran && !(flags.exchangeActive && flags.tradingActive)) {
    for (const market of state.markets.values()) cancelResting(state, market, onPause)
  }
}
