/**
 * One record that is wrong on its way in, in each of the ways that are planted:
 * by much, and by the smallest unit there is.
 */
import type { Discrepancy, Kind } from "@effect-kalshi/history"
import { Contracts, Direction, Dollars, type Fill } from "effect-kalshi"
import type * as Random from "../../Random.ts"
import type { Records } from "./Reading.ts"

export const kinds = ["missing", "twice", "price", "count", "side", "fee", "value"] as const

export type Name = (typeof kinds)[number]

export interface Planted {
  readonly kind: Name
  readonly what: string
  readonly ticker: string
  readonly apply: (records: Records) => Records
  /** Whether a set that is named holds it. */
  readonly isCulprit: (culprit: Discrepancy.Culprit) => boolean
  /** The same where orders are not at hand: their market is the smallest set. */
  readonly isMarket: (culprit: Discrepancy.Culprit) => boolean
}

const UNIT = Dollars.micros(100)
const CENT = Dollars.cents(1)

const ofFill = (
  kind: Name,
  what: string,
  fill: Fill.Fill,
  become: (fill: Fill.Fill) => ReadonlyArray<Fill.Fill>
): Planted => ({
  kind,
  what: `${what} of ${fill.tradeId}`,
  ticker: fill.ticker,
  apply: (records) => ({ ...records, fills: records.fills.flatMap((one) => (one === fill ? become(one) : [one])) }),
  isCulprit: (culprit) => culprit._tag === "order" && culprit.orderId === fill.orderId,
  isMarket: (culprit) =>
    culprit._tag !== "subaccount" && culprit.ticker === fill.ticker && culprit.subaccount === (fill.subaccount ?? 0)
})

const fillOf = (kind: Exclude<Name, "value">, fill: Fill.Fill, subtle: boolean, random: Random.Random): Planted => {
  const change = (what: string, by: Partial<Fill.Fill>) => ofFill(kind, what, fill, (one) => [{ ...one, ...by }])
  switch (kind) {
    case "missing":
      return ofFill(kind, "loss", fill, () => [])
    case "twice":
      return subtle
        ? ofFill(kind, "another trade", fill, (one) => [one, { ...one, tradeId: `${one.tradeId}-again` }])
        : ofFill(kind, "repeat", fill, (one) => [one, one])
    case "price": {
      const by = subtle ? UNIT : Dollars.cents(random.between(1, 9))
      return change("price", {
        price: random.chance(0.5) ? Dollars.add(fill.price, by) : Dollars.subtract(fill.price, by)
      })
    }
    case "count": {
      const by = subtle ? Contracts.step : Contracts.centis(random.between(2, 900))
      return change("count", { count: Contracts.add(fill.count, by) })
    }
    case "side":
      return change("side", { side: fill.side === "unknown" ? "unknown" : Direction.opposite(fill.side) })
    case "fee": {
      const fee = fill.fee ?? Dollars.zero
      return change("fee", { fee: Dollars.add(fee, subtle ? Dollars.micros(1) : Dollars.cents(random.between(1, 20))) })
    }
  }
}

const ofMarket = (what: string, row: Kind.Settlement, apply: Planted["apply"], isAlone: boolean): Planted => {
  const isMarket = (culprit: Discrepancy.Culprit): boolean =>
    culprit._tag === "market" && culprit.ticker === row.ticker && (!isAlone || culprit.subaccount === row.subaccount)
  return { kind: "value", what: `${what} of ${row.ticker}`, ticker: row.ticker, apply, isCulprit: isMarket, isMarket }
}

/** The settlement value of its market, for all subaccounts. */
const valueOf = (row: Kind.Settlement, what: string, become: (value: Dollars.Dollars) => Dollars.Dollars): Planted =>
  ofMarket(
    what,
    row,
    (records) => ({
      ...records,
      markets: records.markets.map((market) =>
        market.ticker === row.ticker && market.settlementValue !== undefined
          ? { ...market, settlementValue: become(market.settlementValue) }
          : market
      )
    }),
    false
  )

const rowOf = (row: Kind.Settlement, what: string, become: Partial<Kind.Settlement>): Planted =>
  ofMarket(
    what,
    row,
    (records) => ({
      ...records,
      settlements: records.settlements.map((one) => (one === row ? { ...one, ...become } : one))
    }),
    true
  )

const pays = (value: Dollars.Dollars, position: Contracts.Contracts, unit: Dollars.Dollars): Dollars.Dollars =>
  Dollars.round(
    Dollars.timesRounded(position > 0 ? value : Dollars.complement(value), Contracts.abs(position), "floor"),
    unit,
    "floor"
  )

/** Whether a settlement pays something else, to a unit, when its value is that much higher. */
const matters = (value: Dollars.Dollars, position: Contracts.Contracts, unit: Dollars.Dollars): boolean =>
  pays(value, position, unit) !== pays(Dollars.add(value, UNIT), position, unit)

/** Plants the n-th corruption of a kind. */
export const plant = (kind: Name, index: number, records: Records, random: Random.Random): Planted => {
  const any = <A>(items: ReadonlyArray<A>): A => {
    const item = items[random.between(0, items.length - 1)]
    if (item === undefined) throw new Error(`there is nothing to plant a ${kind} in`)
    return item
  }
  if (kind !== "value") return fillOf(kind, any(records.fills), index % 2 === 0, random)
  const values = new Map(records.markets.map(({ settlementValue, ticker }) => [ticker, settlementValue]))
  const left = ({ noCount, yesCount }: Kind.Settlement) => Contracts.subtract(yesCount, noCount)
  const scalars = records.settlements.filter((row) => row.result._tag === "scalar" && left(row) !== 0)
  const plain = records.settlements.filter((row) => row.result._tag !== "scalar" && left(row) !== 0)
  switch (index % 5) {
    case 0:
    case 2: {
      // by the smallest unit, where that makes any difference to the account at all
      const valueIn = ({ ticker }: Kind.Settlement) => values.get(ticker) ?? Dollars.zero
      const felt = scalars.filter((row) => matters(valueIn(row), left(row), UNIT))
      // and where no revenue, in whole cents, gives it away
      const told = new Set(scalars.filter((row) => matters(valueIn(row), left(row), CENT)).map(({ ticker }) => ticker))
      const quiet = felt.filter(({ ticker }) => !told.has(ticker))
      return valueOf(any(quiet.length > 0 ? quiet : felt), "value by a unit", (value) => Dollars.add(value, UNIT))
    }
    case 1:
      return valueOf(any(plain), "value, all of it", Dollars.complement)
    case 3: {
      const row = any([...scalars, ...plain])
      return rowOf(row, "revenue by a cent", { revenue: Dollars.add(row.revenue, Dollars.cents(1)) })
    }
    default:
      return valueOf(any(scalars), "value by cents", (value) =>
        value > Dollars.cents(50) ? Dollars.subtract(value, Dollars.cents(3)) : Dollars.add(value, Dollars.cents(3))
      )
  }
}
