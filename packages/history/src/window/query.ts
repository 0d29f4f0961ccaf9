/**
 * What a query of a history may say.
 */
import { HistoryError, InvalidQuery } from "../HistoryError.ts"
import type { HistoryQuery } from "../HistoryQuery.ts"

const MAX_WINDOWS = 64
const MAX_SUBACCOUNT = 63

export const invalid = (field: string, description: string) =>
  new HistoryError({ reason: new InvalidQuery({ field, description }) })

const isWhole = (value: number, minimum: number, maximum: number): boolean =>
  Number.isInteger(value) && value >= minimum && value <= maximum

/** What is wrong with a query, whatever the exchange shows. */
export const problem = ({ since, subaccounts, until, windows }: HistoryQuery): HistoryError | undefined => {
  if (since !== undefined && until !== undefined && since >= until) {
    return invalid("until", "is not later than since: nothing lies between them")
  }
  if (windows !== undefined && !isWhole(windows, 1, MAX_WINDOWS)) {
    return invalid("windows", `takes a whole number from 1 to ${MAX_WINDOWS}`)
  }
  if (subaccounts === undefined) return undefined
  if (subaccounts.length === 0) return invalid("subaccounts", "is empty: leave it away for all of them")
  return subaccounts.every((subaccount) => isWhole(subaccount, 0, MAX_SUBACCOUNT))
    ? undefined
    : invalid("subaccounts", `takes whole numbers from 0 to ${MAX_SUBACCOUNT}`)
}
