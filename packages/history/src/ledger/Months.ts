/**
 * What each series did in each month.
 */
import * as Contracts from "effect-kalshi/Contracts"
import * as Dollars from "effect-kalshi/Dollars"
import * as Timestamp from "effect-kalshi/Timestamp"
import type { Booked } from "./Booking.ts"
import type { ByMethod, ClosedLot, Method, Month } from "./Model.ts"

const DAY = 86_400_000_000

/** Nothing, by either method. */
export const none: ByMethod = { fifo: Dollars.zero, average: Dollars.zero }

/** Adds by method. */
export const plus = (a: ByMethod, b: ByMethod): ByMethod => ({
  fifo: Dollars.add(a.fifo, b.fifo),
  average: Dollars.add(a.average, b.average)
})

/** What a closed lot earned without fees. */
export const realised = (lot: ClosedLot, method: Method): Dollars.Dollars =>
  Dollars.subtract(lot.proceeds, lot.cost[method])

/** What a closed lot earned less the fees that it bears. */
export const gain = (lot: ClosedLot, method: Method): Dollars.Dollars =>
  Dollars.subtract(realised(lot, method), Dollars.add(lot.closingFee, lot.openingFee[method]))

type Row = { -readonly [K in keyof Month]: Month[K] }

export interface Months {
  readonly fill: (fill: Booked, series: string) => void
  readonly close: (lot: ClosedLot) => void
  /** By month, then by series. */
  readonly rows: () => ReadonlyArray<Month>
}

export const make = (): Months => {
  const rows = new Map<string, Row>()
  const names = new Map<number, string>()
  const monthOf = (at: Timestamp.Timestamp): string => {
    const day = Math.floor(at / DAY)
    const known = names.get(day)
    if (known !== undefined) return known
    const name = Timestamp.format(at).slice(0, 7)
    names.set(day, name)
    return name
  }
  const row = (at: Timestamp.Timestamp, series: string): Row => {
    const month = monthOf(at)
    const key = `${month}/${series}`
    const known = rows.get(key)
    if (known !== undefined) return known
    const made: Row = {
      month,
      series,
      fills: 0,
      contracts: Contracts.zero,
      volume: Dollars.zero,
      fees: Dollars.zero,
      takerFees: Dollars.zero,
      realised: none,
      gain: none,
      won: 0,
      lost: 0
    }
    rows.set(key, made)
    return made
  }
  return {
    fill: ({ at, cost, count, fee, isTaker }, series) => {
      const of = row(at, series)
      of.fills++
      of.contracts = Contracts.add(of.contracts, count)
      of.volume = Dollars.add(of.volume, cost)
      of.fees = Dollars.add(of.fees, fee)
      if (isTaker) of.takerFees = Dollars.add(of.takerFees, fee)
    },
    close: (lot) => {
      const of = row(lot.disposed, lot.series)
      const earned = { fifo: gain(lot, "fifo"), average: gain(lot, "average") }
      of.realised = plus(of.realised, { fifo: realised(lot, "fifo"), average: realised(lot, "average") })
      of.gain = plus(of.gain, earned)
      if (earned.fifo > 0) of.won++
      else of.lost++
    },
    rows: () =>
      Array.from(rows)
        .toSorted(([a], [b]) => (a < b ? -1 : 1))
        .map(([, row]) => row)
  }
}
