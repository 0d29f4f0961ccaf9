/**
 * Corruptions planted one at a time, and whether the ledger names where they are.
 */
import { Discrepancy, Ledger } from "@effect-kalshi/history"
import type * as Corruption from "./Corruption.ts"
import type { Records } from "./Reading.ts"

/** How they fared. */
export interface Fared {
  readonly planted: number
  /** A set was named that holds the culprit. */
  readonly found: number
  /** Nothing else was named. */
  readonly alone: number
  /** Of the orders and markets named for one corruption, at most so many. */
  readonly largest: number
  /** Those that the balances alone gave away. */
  readonly byBalance: number
  /** Those that were not found, or not alone, and what was said. */
  readonly missed: ReadonlyArray<string>
}

export interface Judged {
  readonly corruption: Corruption.Planted
  readonly isFound: boolean
  readonly isAlone: boolean
  readonly size: number
  readonly isByBalance: boolean
  readonly said: ReadonlyArray<string>
}

/** What the ledger names. */
export const named = (ledger: Ledger.Ledger): ReadonlyArray<Discrepancy.Culprit> =>
  ledger.discrepancies.flatMap(Discrepancy.culprits)

// a market is one set, in however many subaccounts it was held
const setOf = (culprit: Discrepancy.Culprit): string =>
  culprit._tag === "order"
    ? culprit.orderId
    : culprit._tag === "market"
      ? culprit.ticker
      : `subaccount ${culprit.subaccount}`

/** Plants each alone, in the records as the ledger gets them. */
export const judge = (
  records: Records,
  planted: ReadonlyArray<Corruption.Planted>,
  options: Ledger.Options,
  of: "isCulprit" | "isMarket",
  given: (records: Records) => Ledger.Records = (all) => all
): ReadonlyArray<Judged> =>
  planted.map((corruption) => {
    const ledger = Ledger.make(given(corruption.apply(records)), options)
    const names = named(ledger)
    return {
      corruption,
      isFound: names.some(corruption[of]),
      isAlone: names.every(corruption[of]),
      size: new Set(names.map(setOf)).size,
      isByBalance: ledger.discrepancies.every(({ _tag }) => _tag === "CashUnlikeBalance"),
      said: ledger.discrepancies.map(Discrepancy.describe)
    }
  })

/** In figures. */
export const fared = (judged: ReadonlyArray<Judged>): Fared => ({
  planted: judged.length,
  found: judged.filter(({ isFound }) => isFound).length,
  alone: judged.filter(({ isAlone, isFound }) => isFound && isAlone).length,
  largest: Math.max(0, ...judged.map(({ size }) => size)),
  byBalance: judged.filter(({ isByBalance, isFound }) => isFound && isByBalance).length,
  missed: judged
    .filter(({ isAlone, isFound }) => !isFound || !isAlone)
    .map(({ corruption, said }) => [`${corruption.kind}: ${corruption.what}`, ...said].join(" | "))
})
