/**
 * Cash and positions: the only place where money moves.
 */
import * as Contracts from "effect-kalshi/Contracts"
import type * as Direction from "effect-kalshi/Direction"
import * as Dollars from "effect-kalshi/Dollars"
import * as Fees from "effect-kalshi/Fees"
import type * as Timestamp from "effect-kalshi/Timestamp"
import type { AccountId, Result } from "../Model.ts"
import * as Reserve from "./Reserve.ts"
import type { Account, Holding, Market, State, Subaccount } from "./State.ts"

/** Adds the next subaccount to an account. */
export const open = (state: State, account: Account): Subaccount => {
  const made: Subaccount = {
    account,
    number: account.subaccounts.length,
    cash: Dollars.zero,
    reserved: Dollars.zero,
    paidIn: Dollars.zero,
    updatedAt: state.now,
    open: new Map(),
    holdings: new Map()
  }
  account.subaccounts.push(made)
  return made
}

/** The account of an id, made with its primary subaccount when it is new. */
export const account = (state: State, id: AccountId): Account => {
  const known = state.accounts.get(id)
  if (known !== undefined) return known
  const made: Account = {
    id,
    subaccounts: [],
    clientOrderIds: new Set(),
    clientTransferIds: new Set(),
    transfers: [],
    settlements: [],
    deposits: [],
    withdrawals: [],
    lastFill: 0,
    lastOrder: 0
  }
  open(state, made)
  state.accounts.set(id, made)
  return made
}

/** What a subaccount has in a market, made when it is new. */
export const holding = (of: Subaccount, market: Market, at: Timestamp.Timestamp): Holding => {
  const known = of.holdings.get(market.spec.ticker)
  if (known !== undefined) return known
  const made: Holding = {
    account: of.account,
    subaccount: of,
    market,
    position: Contracts.zero,
    openCost: Dollars.zero,
    totalTraded: Dollars.zero,
    totalContracts: Contracts.zero,
    realizedPnl: Dollars.zero,
    feesPaid: Dollars.zero,
    yesCount: Contracts.zero,
    yesCost: Dollars.zero,
    noCount: Contracts.zero,
    noCost: Dollars.zero,
    updatedAt: at,
    exposure: Reserve.none(),
    reserve: 0,
    resting: 0,
    reduceOnly: new Set(),
    lastFill: 0,
    lastOrder: 0
  }
  of.holdings.set(market.spec.ticker, made)
  of.open.set(market.spec.ticker, made)
  market.holdings.add(made)
  return made
}

/** Cash that no reserve has set aside. */
export const available = (of: Subaccount): Dollars.Dollars => Dollars.subtract(of.cash, of.reserved)

/** Pays money into a subaccount, or out of it where the amount is negative, beside all trading. */
export const pay = (state: State, to: Subaccount, amount: Dollars.Dollars): void => {
  to.cash = Dollars.add(to.cash, amount)
  to.paidIn = Dollars.add(to.paidIn, amount)
  to.updatedAt = state.now
}

/** Contracts that an order of this direction would close at a position. */
export const closable = (side: Direction.Direction, position: Contracts.Contracts): Contracts.Contracts =>
  side === "bid"
    ? position < 0
      ? Contracts.negate(position)
      : Contracts.zero
    : position > 0
      ? position
      : Contracts.zero

/** A position after a fill. */
export const moved = (
  side: Direction.Direction,
  position: Contracts.Contracts,
  count: Contracts.Contracts
): Contracts.Contracts => (side === "bid" ? Contracts.add(position, count) : Contracts.subtract(position, count))

/** What one fill does to the cash of a party with a position: it pays for all, and gets $1 for each contract closed. */
export const charge = (
  market: Market,
  role: Fees.Role,
  side: Direction.Direction,
  price: Dollars.Dollars,
  count: Contracts.Contracts,
  position: Contracts.Contracts,
  accumulator: Fees.Accumulator,
  precision: Fees.Precision,
  at: Timestamp.Timestamp
): Fees.Charge => {
  const closed = Contracts.min(count, closable(side, position))
  return Fees.settle({
    tradeFee: Reserve.tradeFee(market.spec, role, price, count, precision, at),
    principal: Dollars.add(Fees.openingPrincipal(side, price, count), Dollars.times(Dollars.one, closed)),
    accumulator,
    precision
  })
}

/** A part of a cost in proportion to a count, rounded down to a unit. */
const share = (
  cost: Dollars.Dollars,
  part: Contracts.Contracts,
  whole: Contracts.Contracts,
  unit: Dollars.Dollars
): Dollars.Dollars =>
  part === whole ? cost : Dollars.micros(Number((BigInt(cost) * BigInt(part)) / (BigInt(whole) * BigInt(unit))) * unit)

/** Books one side of a trade. */
export const book = (
  state: State,
  of: Holding,
  side: Direction.Direction,
  price: Dollars.Dollars,
  count: Contracts.Contracts,
  charged: Fees.Charge
): void => {
  const { market, subaccount: who } = of
  who.cash = Dollars.add(who.cash, charged.balanceChange)
  who.updatedAt = state.now
  state.kept = Dollars.add(state.kept, charged.fee)

  const paid = side === "bid" ? price : Dollars.complement(price)
  const cost = Dollars.times(paid, count)
  const held = Contracts.abs(of.position)
  const closed = Contracts.min(count, closable(side, of.position))
  if (closed > 0) {
    const released = share(of.openCost, closed, held, state.share)
    const proceeds = Dollars.times(Dollars.complement(paid), closed)
    of.openCost = Dollars.subtract(of.openCost, released)
    of.realizedPnl = Dollars.add(of.realizedPnl, Dollars.subtract(proceeds, released))
  }
  of.openCost = Dollars.add(of.openCost, Dollars.times(paid, Contracts.subtract(count, closed)))

  const position = moved(side, of.position, count)
  market.openInterest = Contracts.centis(market.openInterest + Math.max(0, position) - Math.max(0, of.position))
  of.position = position
  of.totalTraded = Dollars.add(of.totalTraded, cost)
  of.totalContracts = Contracts.add(of.totalContracts, count)
  of.feesPaid = Dollars.add(of.feesPaid, charged.fee)
  of.updatedAt = state.now
  if (side === "bid") {
    of.yesCount = Contracts.add(of.yesCount, count)
    of.yesCost = Dollars.add(of.yesCost, cost)
  } else {
    of.noCount = Contracts.add(of.noCount, count)
    of.noCost = Dollars.add(of.noCost, cost)
  }
}

/** What one contract of YES pays. */
const payout = (result: Result): Dollars.Dollars =>
  result._tag === "yes" ? Dollars.one : result._tag === "no" ? Dollars.zero : result.value

/** Pays out a market and ends its positions; what rounding takes off a payout is kept. */
export const settle = (state: State, market: Market, result: Result): void => {
  const yes = payout(result)
  let undistributed = Dollars.times(Dollars.one, market.openInterest)
  for (const held of market.holdings) {
    const { account, subaccount: who } = held
    const each = held.position > 0 ? yes : Dollars.complement(yes)
    const revenue = Dollars.round(
      Dollars.timesRounded(each, Contracts.abs(held.position), "floor"),
      state.precision.balance,
      "floor"
    )
    undistributed = Dollars.subtract(undistributed, revenue)
    if (revenue > 0) {
      who.cash = Dollars.add(who.cash, revenue)
      who.updatedAt = state.now
    }
    if (held.totalContracts > 0) {
      account.settlements.push({
        sequence: ++state.settlements,
        accountId: account.id,
        subaccount: who.number,
        ticker: market.spec.ticker,
        eventTicker: market.spec.eventTicker,
        result,
        yesCount: held.yesCount,
        yesCost: held.yesCost,
        noCount: held.noCount,
        noCost: held.noCost,
        revenue,
        fees: held.feesPaid,
        at: state.now
      })
    }
    if (held.position !== 0) held.updatedAt = state.now
    held.position = Contracts.zero
    held.openCost = Dollars.zero
    who.open.delete(market.spec.ticker)
    Reserve.refresh(held)
  }
  state.kept = Dollars.add(state.kept, undistributed)
  market.openInterest = Contracts.zero
}
