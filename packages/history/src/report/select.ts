/**
 * What of long lists is shown, without losing any of it.
 */
import type * as Data from "./Data.ts"
import { abs, type Micros } from "./numbers.ts"
import * as Dollars from "effect-kalshi/Dollars"

/** By code points, which no locale changes. */
const byName = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

const descending = (a: Micros, b: Micros): number => (a > b ? -1 : a < b ? 1 : 0)

/** The `limit` largest of a list, the rest taken together as one of them where there are more. */
export const top = <A>(
  items: ReadonlyArray<A>,
  limit: number,
  by: { readonly amount: (item: A) => Micros; readonly name: (item: A) => string }
): { readonly kept: ReadonlyArray<A>; readonly rest: ReadonlyArray<A> } => {
  const largest = items.toSorted(
    (a, b) => descending(abs(by.amount(a)), abs(by.amount(b))) || byName(by.name(a), by.name(b))
  )
  const count = items.length > limit ? limit - 1 : limit
  const kept = largest
    .slice(0, count)
    .toSorted((a, b) => descending(by.amount(a), by.amount(b)) || byName(by.name(a), by.name(b)))
  return { kept, rest: largest.slice(count) }
}

/** The most months without any result that are filled in, lest a wrong date makes a page of nothing. */
const MAX_MONTHS = 1200

const monthNumber = (month: string): number => Number(month.slice(0, 4)) * 12 + Number(month.slice(5, 7)) - 1

const monthText = (number: number): string =>
  `${String(Math.floor(number / 12)).padStart(4, "0")}-${String((number % 12) + 1).padStart(2, "0")}`

/** The months in order, with those between them that have no result. */
export const everyMonth = (months: ReadonlyArray<Data.MonthResult>): ReadonlyArray<Data.MonthResult> => {
  const sorted = months.toSorted((a, b) => byName(a.month, b.month))
  const [first, last] = [sorted[0], sorted.at(-1)]
  if (first === undefined || last === undefined) return []
  if (monthNumber(last.month) - monthNumber(first.month) > MAX_MONTHS) return sorted
  return sorted.flatMap((result, index) => {
    const before = sorted[index - 1]
    const missing = before === undefined ? 0 : monthNumber(result.month) - monthNumber(before.month) - 1
    const empty = Array.from({ length: Math.max(0, missing) }, (_, at) => ({
      month: monthText(monthNumber(result.month) - missing + at),
      profit: Dollars.zero,
      fees: Dollars.zero,
      volume: Dollars.zero
    }))
    return [...empty, result]
  })
}

const BUCKET = Dollars.cents(10)
const BUCKETS = 10

/** The ranges of prices in order, those without a lot too. */
export const everyPrice = (prices: ReadonlyArray<Data.PriceResult>): ReadonlyArray<Data.PriceResult> => {
  const known = new Set(prices.map(({ from }) => from))
  const missing = Array.from({ length: BUCKETS }, (_, index) => Dollars.micros(index * BUCKET))
    .filter((from) => !known.has(from))
    .map((from) => ({ from, lots: 0, wins: 0, prices: Dollars.zero }))
  return [...prices, ...missing].toSorted((a, b) => a.from - b.from)
}

/** The range in which a share lies with 95% confidence (Wilson), from 0 to 1. */
export const confidence = (wins: number, lots: number): readonly [low: number, high: number] => {
  if (lots === 0) return [0, 1]
  const [z, share] = [1.96, wins / lots]
  const centre = share + (z * z) / (2 * lots)
  const spread = z * Math.sqrt((share * (1 - share)) / lots + (z * z) / (4 * lots * lots))
  const whole = 1 + (z * z) / lots
  return [Math.max(0, (centre - spread) / whole), Math.min(1, (centre + spread) / whole)]
}

/** What a lot brought, fees taken off. */
export const lotProfit = ({ cost, fees, proceeds }: Data.Lot): Micros => BigInt(proceeds) - BigInt(cost) - BigInt(fees)

/** The lots that won most and those that lost most, each from the largest on. */
export const largestLots = (
  lots: ReadonlyArray<Data.Lot>,
  count: number
): { readonly best: ReadonlyArray<Data.Lot>; readonly worst: ReadonlyArray<Data.Lot> } => {
  const ranked = lots
    .map((lot) => ({ lot, profit: lotProfit(lot) }))
    .toSorted(
      (a, b) => descending(a.profit, b.profit) || a.lot.closedAt - b.lot.closedAt || byName(a.lot.ticker, b.lot.ticker)
    )
  const only = (those: typeof ranked) => those.slice(0, count).map(({ lot }) => lot)
  return {
    best: only(ranked.filter(({ profit }) => profit > 0n)),
    worst: only(ranked.filter(({ profit }) => profit < 0n).toReversed())
  }
}
