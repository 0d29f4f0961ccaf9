/**
 * What a settlement paid.
 *
 * The value of the market is exact, what the settlement tells is in whole cents.
 * Whether `revenue` has the dollars in it of the pairs that met before is not
 * documented: it is decided once for an account, by most of its settlements.
 */
import * as Contracts from "effect-kalshi/Contracts"
import * as Dollars from "effect-kalshi/Dollars"
import type * as Settlement from "effect-kalshi/models/Settlement"
import type * as Kind from "../Kind.ts"
import type { MarketFacts } from "./Model.ts"
import * as Vector from "./Vector.ts"

export const CENT = Dollars.cents(1)

/** What YES paid, where it is known exactly. */
export const valueOf = (result: Settlement.Result, market: MarketFacts | undefined): Dollars.Dollars | undefined =>
  market?.settlementValue ?? (result._tag === "yes" ? Dollars.one : result._tag === "no" ? Dollars.zero : undefined)

/** What a position of YES (positive) or NO is paid, rounded down to the precision of balances. */
export const of = (value: Dollars.Dollars, position: Contracts.Contracts, unit: Dollars.Dollars): Dollars.Dollars =>
  Dollars.round(
    Dollars.timesRounded(position > 0 ? value : Dollars.complement(value), Contracts.abs(position), "floor"),
    unit,
    "floor"
  )

/** Whether an amount is what the wire has in whole cents. */
const isCut = (cents: Dollars.Dollars, exact: Dollars.Dollars): boolean => cents <= exact && exact - cents < CENT

/** How the exchange tells a revenue: of the position that was left, or of all contracts. */
export type Reading = "left" | "all"

/** The amount that `revenue` is to be, by a reading. */
export const told = (payout: Dollars.Dollars, of: Vector.Vector, reading: Reading): Dollars.Dollars =>
  reading === "left" ? payout : Dollars.add(payout, Vector.pairs(of))

/** What a position was paid as far as the revenue tells, where the market does not. */
export const fromRevenue = (revenue: Dollars.Dollars, met: Contracts.Contracts, reading: Reading): Dollars.Dollars =>
  reading === "left" ? revenue : Dollars.max(Dollars.zero, Dollars.subtract(revenue, Dollars.times(Dollars.one, met)))

/** Whether a revenue is that of a payout, to the cent. */
export const fits = (revenue: Dollars.Dollars, payout: Dollars.Dollars, of: Vector.Vector, reading: Reading): boolean =>
  isCut(revenue, told(payout, of, reading))

/** Whether the result of a settlement and the value of its market say the same. */
export const agree = (result: Settlement.Result, value: Dollars.Dollars): boolean => {
  switch (result._tag) {
    case "yes":
      return value === Dollars.one
    case "no":
      return value === Dollars.zero
    case "scalar":
      return result.value === undefined || isCut(result.value, value)
    case "other":
      return true
  }
}

/** How the settlements of an account are to be read. */
export const reading = (
  rows: Iterable<{ readonly row: Kind.Settlement; readonly payout: Dollars.Dollars; readonly of: Vector.Vector }>
): Reading => {
  let all = 0
  for (const { of, payout, row } of rows) {
    const left = fits(row.revenue, payout, of, "left")
    if (left !== fits(row.revenue, payout, of, "all")) all += left ? -1 : 1
  }
  return all > 0 ? "all" : "left"
}

/**
 * The least and the greatest value of YES, to the micro-dollar, with which a
 * position is paid this much; none where no value does.
 */
export const valuesFor = (
  payout: Dollars.Dollars,
  position: Contracts.Contracts,
  unit: Dollars.Dollars
): readonly [least: Dollars.Dollars, greatest: Dollars.Dollars] | undefined => {
  if (position === 0 || payout < 0 || payout % unit !== 0) return undefined
  const count = BigInt(Contracts.abs(position))
  const least = (BigInt(payout) * 100n + count - 1n) / count
  const greatest = ((BigInt(payout) + BigInt(unit)) * 100n - 1n) / count
  const one = BigInt(Dollars.one)
  if (least > greatest || least > one) return undefined
  const from = Dollars.micros(Number(least))
  const until = Dollars.micros(Number(greatest < one ? greatest : one))
  return position > 0 ? [from, until] : [Dollars.complement(until), Dollars.complement(from)]
}
