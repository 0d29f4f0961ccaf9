/**
 * Every trade and its two fills in typed columns, 72 bytes a trade.
 *
 * A trade is a row; its fills are not stored but read from it: fill `2n` is
 * the maker's side of trade `n`, fill `2n + 1` the taker's. Three links a fill
 * lead to the fill before it of the same order, holding and account, so a
 * narrowed list is walked without looking at anything else.
 */
import * as Contracts from "effect-kalshi/Contracts"
import * as Dollars from "effect-kalshi/Dollars"
import * as Timestamp from "effect-kalshi/Timestamp"

/** A trade as it is recorded; orders by their numbers. */
export interface Row {
  readonly price: Dollars.Dollars
  readonly count: Contracts.Contracts
  readonly takerFee: Dollars.Dollars
  readonly makerFee: Dollars.Dollars
  readonly at: Timestamp.Timestamp
  readonly takerOrder: number
  readonly makerOrder: number
}

/** Which list of fills a link leads through. */
export type List = "order" | "holding" | "account"

/** The newest fills of an order, its holding and its account; 0 for none. */
export interface Heads {
  readonly order: number
  readonly holding: number
  readonly account: number
}

/** Trades, numbered from 1. */
export interface History {
  readonly size: () => number
  /** Adds a trade and returns its number. */
  readonly add: (row: Row, previousOfMarket: number, taker: Heads, maker: Heads) => number
  readonly row: (trade: number) => Row
  readonly at: (trade: number) => Timestamp.Timestamp
  /** The order of a fill. */
  readonly order: (fill: number) => number
  /** The fill before this one in a list, 0 when it is the oldest. */
  readonly previous: (list: List, fill: number) => number
  readonly previousOfMarket: (trade: number) => number
}

/** The trade of a fill. */
export const tradeOf = (fill: number): number => fill >>> 1

/** Whether a fill is its trade's taker side. */
export const isTaker = (fill: number): boolean => (fill & 1) === 1

/** The fill of a side of a trade. */
export const fillOf = (trade: number, taker: boolean): number => 2 * trade + (taker ? 1 : 0)

/** An empty history. */
export const make = (): History => {
  let size = 0
  let capacity = 1024
  const column = () => new Float64Array(capacity)
  const small = (width: number) => new Uint32Array(capacity * width)
  let price = small(1)
  let count = column()
  let at = column()
  let fees = new Float64Array(capacity * 2)
  // a row's maker and taker values lie beside each other: index is the fill
  let orders = small(2)
  let ofOrder = small(2)
  let ofHolding = small(2)
  let ofAccount = small(2)
  let ofMarket = small(1)

  const grow = (): void => {
    capacity *= 2
    const doubles = (old: Float64Array<ArrayBuffer>) => {
      const wider = new Float64Array(old.length * 2)
      wider.set(old)
      return wider
    }
    const words = (old: Uint32Array<ArrayBuffer>) => {
      const wider = new Uint32Array(old.length * 2)
      wider.set(old)
      return wider
    }
    price = words(price)
    count = doubles(count)
    at = doubles(at)
    fees = doubles(fees)
    orders = words(orders)
    ofOrder = words(ofOrder)
    ofHolding = words(ofHolding)
    ofAccount = words(ofAccount)
    ofMarket = words(ofMarket)
  }

  const link = (fill: number, order: number, heads: Heads): void => {
    orders[fill] = order
    ofOrder[fill] = heads.order
    ofHolding[fill] = heads.holding
    ofAccount[fill] = heads.account
  }

  return {
    size: () => size,
    add: (row, previousOfMarket, taker, maker) => {
      const trade = ++size
      if (trade >= capacity) grow()
      price[trade] = row.price
      count[trade] = row.count
      at[trade] = row.at
      fees[fillOf(trade, true)] = row.takerFee
      fees[fillOf(trade, false)] = row.makerFee
      link(fillOf(trade, true), row.takerOrder, taker)
      link(fillOf(trade, false), row.makerOrder, maker)
      ofMarket[trade] = previousOfMarket
      return trade
    },
    row: (trade) => ({
      price: Dollars.micros(price[trade] ?? NaN),
      count: Contracts.centis(count[trade] ?? NaN),
      takerFee: Dollars.micros(fees[fillOf(trade, true)] ?? NaN),
      makerFee: Dollars.micros(fees[fillOf(trade, false)] ?? NaN),
      at: Timestamp.micros(at[trade] ?? NaN),
      takerOrder: orders[fillOf(trade, true)] ?? 0,
      makerOrder: orders[fillOf(trade, false)] ?? 0
    }),
    at: (trade) => Timestamp.micros(at[trade] ?? NaN),
    order: (fill) => orders[fill] ?? 0,
    previous: (list, fill) => (list === "order" ? ofOrder : list === "holding" ? ofHolding : ofAccount)[fill] ?? 0,
    previousOfMarket: (trade) => ofMarket[trade] ?? 0
  }
}
