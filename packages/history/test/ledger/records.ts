/**
 * Records, made briefly.
 */
import type { Kind, Ledger } from "@effect-kalshi/history"
import { Contracts, Dollars, type Fill, type Order, type Settlement, Timestamp } from "effect-kalshi"

/** Noon of a day of July 2026, and so many microseconds. */
export const day = (day: number, micros = 0): Timestamp.Timestamp =>
  Timestamp.micros(Date.UTC(2026, 6, day, 12) * 1000 + micros)

let made = 0

/** A fill of YES at a price in dollars, with a fee in dollars. */
export const fill = (
  side: "bid" | "ask",
  contracts: number,
  price: number,
  at: Timestamp.Timestamp,
  more: Partial<Fill.Fill> = {}
): Fill.Fill => {
  const number = ++made
  return {
    tradeId: `trade-${number}`,
    orderId: `order-${number}`,
    ticker: "KXA-26JUL-T1",
    side,
    price: Dollars.of(price),
    count: Contracts.of(contracts),
    isTaker: true,
    fee: Dollars.zero,
    createdAt: at,
    subaccount: 0,
    ...more
  }
}

const sum = (fills: ReadonlyArray<Fill.Fill>, of: (fill: Fill.Fill) => Dollars.Dollars): Dollars.Dollars =>
  Dollars.sum(fills.map(of))

const cost = ({ count, price, side }: Fill.Fill): Dollars.Dollars =>
  Dollars.times(side === "bid" ? price : Dollars.complement(price), count)

/** The row of an order that these are all fills of. */
export const order = (
  fills: readonly [Fill.Fill, ...ReadonlyArray<Fill.Fill>],
  more: Partial<Order.Order> = {}
): Order.Order => {
  const [first] = fills
  const taken = fills.filter(({ isTaker }) => isTaker)
  const rested = fills.filter(({ isTaker }) => !isTaker)
  const filled = Contracts.sum(fills.map(({ count }) => count))
  return {
    orderId: first.orderId,
    ticker: first.ticker,
    side: first.side,
    price: first.price,
    status: "executed",
    initial: filled,
    filled,
    remaining: Contracts.zero,
    takerCost: sum(taken, cost),
    makerCost: sum(rested, cost),
    takerFees: sum(taken, ({ fee }) => fee ?? Dollars.zero),
    makerFees: sum(rested, ({ fee }) => fee ?? Dollars.zero),
    createdAt: first.createdAt ?? day(1),
    updatedAt: fills.at(-1)?.createdAt ?? day(1),
    subaccount: first.subaccount ?? 0,
    ...more
  }
}

/** The settlement of a market after these fills. */
export const settlement = (
  fills: ReadonlyArray<Fill.Fill>,
  result: Settlement.Result,
  revenue: number,
  at: Timestamp.Timestamp,
  more: Partial<Kind.Settlement> = {}
): Kind.Settlement => {
  const yes = fills.filter(({ side }) => side === "bid")
  const no = fills.filter(({ side }) => side === "ask")
  return {
    ticker: "KXA-26JUL-T1",
    result,
    yesCount: Contracts.sum(yes.map(({ count }) => count)),
    yesCost: sum(yes, cost),
    noCount: Contracts.sum(no.map(({ count }) => count)),
    noCost: sum(no, cost),
    revenue: Dollars.of(revenue),
    fee: sum(fills, ({ fee }) => fee ?? Dollars.zero),
    settledAt: at,
    subaccount: 0,
    ...more
  }
}

/** A market that paid so much for YES. */
export const market = (settlementValue: number, ticker = "KXA-26JUL-T1"): Ledger.MarketFacts => ({
  ticker,
  settlementValue: Dollars.of(settlementValue)
})

/** Money from outside that is there, in dollars. */
export const deposit = (amount: number, at: Timestamp.Timestamp) => ({
  id: `deposit-${++made}`,
  status: "applied" as const,
  type: "ach" as const,
  amount: Dollars.of(amount),
  fee: Dollars.zero,
  createdAt: at
})

/** Money from one subaccount to another, in dollars. */
export const transfer = (from: number, to: number, amount: number, at: Timestamp.Timestamp) => ({
  transferId: `transfer-${++made}`,
  from,
  to,
  amount: Dollars.of(amount),
  createdAt: at
})

/** What a subaccount has, in dollars. */
export const snapshot = (
  available: number,
  at: Timestamp.Timestamp,
  reserved = 0,
  subaccount = 0
): Ledger.Snapshot => ({
  at,
  subaccount,
  available: Dollars.of(available),
  reserved: Dollars.of(reserved)
})
