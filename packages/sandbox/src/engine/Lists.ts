/**
 * Lists, newest first, in parts. A cursor is the number of the last row that
 * was given; rows are only ever added in front, so a walk never shifts.
 */
import type * as Timestamp from "effect-kalshi/Timestamp"
import type {
  AccountId,
  FillView,
  FundingView,
  Narrow,
  OrderView,
  Part,
  SettlementView,
  Side,
  TradeView,
  TransferView
} from "../Model.ts"
import * as History from "./History.ts"
import type { Account, Order, State, Subaccount } from "./State.ts"
import * as Views from "./Views.ts"

/** What a row is to a list: `end` when no older row can belong to it either. */
type Belongs = "yes" | "no" | "end"

/** Walks rows from `first` to older ones, and stops after the limit. */
const walk = <A>(
  first: number,
  previous: (row: number) => number,
  belongs: (row: number) => Belongs,
  view: (row: number) => A,
  limit: number
): Part<A> => {
  const items: Array<A> = []
  let last = 0
  for (let row = first; row > 0; row = previous(row)) {
    const belonging = belongs(row)
    if (belonging === "end") break
    if (belonging === "no") continue
    if (items.length >= limit) return { items, next: last }
    items.push(view(row))
    last = row
  }
  return { items }
}

/** Where a walk starts: at the head, or after the cursor; `on` tells whether the cursor is a row of this very list. */
const start = (
  head: number,
  cursor: number | undefined,
  previous: (row: number) => number,
  on: (row: number) => boolean
): number => {
  if (cursor === undefined || cursor > head) return head
  if (on(cursor)) return previous(cursor)
  let row = head
  while (row >= cursor) row = previous(row)
  return row
}

const within = (narrow: Narrow, at: Timestamp.Timestamp): Belongs =>
  narrow.from !== undefined && at < narrow.from ? "end" : narrow.until !== undefined && at > narrow.until ? "no" : "yes"

/** Whether what happened at an instant is on a side of a cutoff; in a list by time, all older rows are on the same. */
const onSide = (side: Side | undefined, at: Timestamp.Timestamp): Belongs =>
  side === undefined || at < side.cutoff === side.archived ? "yes" : side.archived ? "no" : "end"

/** Whether an order is on a side of a cutoff; what rests is never archived. */
const isOrderOn = (side: Side | undefined, order: Order): boolean =>
  side === undefined || (order.status !== "resting" && order.updatedAt < side.cutoff) === side.archived

const empty = { items: [] }

/** The one subaccount that a list is about; none where it is about several, or about one that is not there. */
const single = (account: Account, narrow: Narrow): Subaccount | undefined => {
  const [primary, ...others] = account.subaccounts
  if (narrow.subaccount !== undefined) return account.subaccounts[narrow.subaccount]
  return others.length === 0 ? primary : undefined
}

/** Whether an order, or what it filled, is of the subaccount and the market that are asked for. */
const isOf = (narrow: Narrow, order: Order): boolean =>
  (narrow.subaccount === undefined || order.holding.subaccount.number === narrow.subaccount) &&
  (narrow.ticker === undefined || order.market.spec.ticker === narrow.ticker)

/** Orders of an account, in order of creation. */
export const orders = (
  state: State,
  id: AccountId,
  narrow: Narrow,
  limit: number,
  cursor: number | undefined
): Part<OrderView> => {
  const account = state.accounts.get(id)
  if (account === undefined) return empty
  const only = single(account, narrow)
  const holding = narrow.ticker === undefined ? undefined : only?.holdings.get(narrow.ticker)
  if (narrow.ticker !== undefined && only !== undefined && holding === undefined) return empty
  const wanted = narrow.orderId === undefined ? undefined : state.orderIds.read(narrow.orderId)
  if (narrow.orderId !== undefined && wanted === undefined) return empty
  const order = (row: number): Order | undefined => state.orders[row - 1]
  const previous = (row: number): number =>
    (holding === undefined ? order(row)?.previousOfAccount : order(row)?.previousOfHolding) ?? 0
  const on = (row: number): boolean => {
    const found = order(row)
    return found !== undefined && found.account === account && (holding === undefined || found.holding === holding)
  }
  const belongs = (row: number): Belongs => {
    const found = order(row)
    if (found === undefined) return "no"
    const time = within(narrow, found.createdAt)
    if (time !== "yes") return time
    if (!isOf(narrow, found)) return "no"
    if (narrow.status !== undefined && found.status !== narrow.status) return "no"
    if (!isOrderOn(narrow.side, found)) return "no"
    return narrow.eventTickers === undefined || narrow.eventTickers.includes(found.market.spec.eventTicker)
      ? "yes"
      : "no"
  }
  const view = (row: number): OrderView => Views.order(state, row)
  if (wanted !== undefined) {
    const given = cursor !== undefined && wanted >= cursor
    return on(wanted) && !given && belongs(wanted) === "yes" ? { items: [view(wanted)] } : empty
  }
  const head = holding === undefined ? account.lastOrder : holding.lastOrder
  return walk(start(head, cursor, previous, on), previous, belongs, view, limit)
}

/** The shortest list of fills that holds all that is asked for. */
const fillList = (
  state: State,
  account: Account,
  narrow: Narrow
): { readonly list: History.List; readonly head: number; readonly on: (order: Order) => boolean } | undefined => {
  if (narrow.orderId !== undefined) {
    const number = state.orderIds.read(narrow.orderId)
    const found = number === undefined ? undefined : state.orders[number - 1]
    if (found === undefined || found.account !== account) return undefined
    if (!isOf(narrow, found)) return undefined
    return { list: "order", head: found.lastFill, on: (order) => order === found }
  }
  const only = single(account, narrow)
  if (narrow.ticker !== undefined && only !== undefined) {
    const holding = only.holdings.get(narrow.ticker)
    if (holding === undefined) return undefined
    return { list: "holding", head: holding.lastFill, on: (order) => order.holding === holding }
  }
  return { list: "account", head: account.lastFill, on: (order) => order.account === account }
}

// beyond that a walk from the head finds it as soon
const NEAR = 64

/** The newest row of a list that is not after an instant, where one is near: trades lie in the order of their time. */
const newestBy = (
  history: History.History,
  at: Timestamp.Timestamp,
  on: (row: number) => boolean
): number | undefined => {
  let low = 0
  let high = history.size()
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if (history.at(middle) <= at) low = middle
    else high = middle - 1
  }
  const newest = History.fillOf(low, true)
  for (let row = newest; row > Math.max(0, newest - NEAR); row--) if (on(row)) return row
  return undefined
}

/** After which instant nothing is listed, if there is one. */
const newestOf = ({ side, until }: Narrow): Timestamp.Timestamp | undefined =>
  side?.archived === true && (until === undefined || side.cutoff < until) ? side.cutoff : until

/** Fills of an account. */
export const fills = (
  state: State,
  id: AccountId,
  narrow: Narrow,
  limit: number,
  cursor: number | undefined
): Part<FillView> => {
  const account = state.accounts.get(id)
  const chosen = account === undefined ? undefined : fillList(state, account, narrow)
  if (chosen === undefined) return empty
  const { history } = state
  const orderOf = (row: number): Order | undefined => state.orders[history.order(row) - 1]
  const previous = (row: number): number => history.previous(chosen.list, row)
  const on = (row: number): boolean => {
    const order = orderOf(row)
    return order !== undefined && chosen.on(order)
  }
  const belongs = (row: number): Belongs => {
    const at = history.at(History.tradeOf(row))
    const side = onSide(narrow.side, at)
    const time = side === "yes" ? within(narrow, at) : side
    if (time !== "yes") return time
    const order = orderOf(row)
    if (order === undefined || !isOf(narrow, order)) return "no"
    return narrow.eventTickers === undefined || narrow.eventTickers.includes(order.market.spec.eventTicker)
      ? "yes"
      : "no"
  }
  const view = (row: number): FillView => Views.fill(state, row)
  const newest = cursor === undefined && chosen.list === "account" ? newestOf(narrow) : undefined
  const first =
    (newest === undefined ? undefined : newestBy(history, newest, on)) ?? start(chosen.head, cursor, previous, on)
  return walk(first, previous, belongs, view, limit)
}

/** A part of rows that lie in the order of their sequence, oldest first. */
const bySequence = <A extends { readonly sequence: number }>(
  rows: ReadonlyArray<A>,
  belongs: (row: A) => Belongs,
  limit: number,
  cursor: number | undefined
): Part<A> => {
  // sequences are the exchange's, so the row of a cursor is looked up: the newest one below it
  const before = cursor ?? Infinity
  let low = 0
  let high = rows.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((rows[middle]?.sequence ?? 0) < before) low = middle + 1
    else high = middle
  }
  const items: Array<A> = []
  for (let index = low - 1; index >= 0; index--) {
    const row = rows[index]
    const belonging = row === undefined ? "no" : belongs(row)
    if (belonging === "end") break
    if (row === undefined || belonging === "no") continue
    const last = items.at(-1)
    if (items.length >= limit && last !== undefined) return { items, next: last.sequence }
    items.push(row)
  }
  return { items }
}

/** Settlements of an account. */
export const settlements = (
  state: State,
  id: AccountId,
  narrow: Narrow,
  limit: number,
  cursor: number | undefined
): Part<SettlementView> => {
  const belongs = (row: SettlementView): Belongs => {
    const time = within(narrow, row.at)
    if (time !== "yes") return time
    if (narrow.subaccount !== undefined && row.subaccount !== narrow.subaccount) return "no"
    if (narrow.ticker !== undefined && row.ticker !== narrow.ticker) return "no"
    return narrow.eventTickers === undefined || narrow.eventTickers.includes(row.eventTicker) ? "yes" : "no"
  }
  return bySequence(state.accounts.get(id)?.settlements ?? [], belongs, limit, cursor)
}

const all = (): Belongs => "yes"

/** Deposits of an account. */
export const deposits = (state: State, id: AccountId, limit: number, cursor: number | undefined): Part<FundingView> =>
  bySequence(state.accounts.get(id)?.deposits ?? [], all, limit, cursor)

/** Withdrawals of an account. */
export const withdrawals = (
  state: State,
  id: AccountId,
  limit: number,
  cursor: number | undefined
): Part<FundingView> => bySequence(state.accounts.get(id)?.withdrawals ?? [], all, limit, cursor)

/** Transfers between the subaccounts of an account. */
export const transfers = (state: State, id: AccountId, limit: number, cursor: number | undefined): Part<TransferView> =>
  bySequence(state.accounts.get(id)?.transfers ?? [], all, limit, cursor)

/** Trades of a market, or of all. */
export const trades = (state: State, narrow: Narrow, limit: number, cursor: number | undefined): Part<TradeView> => {
  const { history } = state
  const { ticker } = narrow
  const market = ticker === undefined ? undefined : state.markets.get(ticker)
  if (ticker !== undefined && market === undefined) return empty
  const previous = (row: number): number => (market === undefined ? row - 1 : history.previousOfMarket(row))
  const on = (row: number): boolean =>
    market === undefined || state.orders[history.order(History.fillOf(row, true)) - 1]?.market === market
  const belongs = (row: number): Belongs => {
    const side = onSide(narrow.side, history.at(row))
    return side === "yes" ? within(narrow, history.at(row)) : side
  }
  const head = market === undefined ? history.size() : market.lastTrade
  return walk(start(head, cursor, previous, on), previous, belongs, (row) => Views.trade(state, row), limit)
}
