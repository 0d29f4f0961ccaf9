/**
 * What a ledger found, in sentences of a page.
 */
import * as Dollars from "effect-kalshi/Dollars"
import * as Discrepancy from "../Discrepancy.ts"
import type { Method, Note } from "../ledger/Model.ts"
import type * as Data from "./Data.ts"
import { integer } from "./numbers.ts"

const sentence = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)

const place = ({ subaccount, ticker }: Discrepancy.Place): string => `${ticker} (subaccount ${subaccount})`

const culprit = (of: Discrepancy.Culprit): string => {
  switch (of._tag) {
    case "order":
      return `order ${of.orderId}`
    case "market":
      return place(of)
    case "subaccount":
      return `subaccount ${of.subaccount}`
  }
}

const amountOf = (discrepancy: Discrepancy.Discrepancy): Dollars.Dollars | undefined => {
  switch (discrepancy._tag) {
    case "CashUnlikeBalance":
      return discrepancy.difference
    case "PayoutUnlikeValue":
      return Dollars.subtract(discrepancy.revenue, discrepancy.computed)
    default:
      return undefined
  }
}

/** A discrepancy, and where it lies. */
export const discrepancy = (found: Discrepancy.Discrepancy): Data.Discrepancy => {
  const amount = amountOf(found)
  const fills = "tradeIds" in found ? found.tradeIds.map((tradeId) => `fill ${tradeId}`) : []
  return {
    message: sentence(Discrepancy.describe(found)),
    records: [...Discrepancy.culprits(found).map(culprit), ...fills],
    ...(amount === undefined ? {} : { amount })
  }
}

const counted = (count: number, one: string, many: string): string => `${integer(count)} ${count === 1 ? one : many}`

/** The first of them, and that there are more. */
const first = <A>(notes: ReadonlyArray<A>, name: (note: A) => string): string => {
  const [note] = notes
  if (note === undefined) return ""
  return notes.length === 1 ? `: ${name(note)}` : `, the first of them ${name(note)}`
}

const tagged = <T extends Note["_tag"]>(notes: ReadonlyArray<Note>, tag: T) =>
  notes.filter((note): note is Extract<Note, { readonly _tag: T }> => note._tag === tag)

const isDistinct = (text: string, index: number, all: ReadonlyArray<string>): boolean => all.indexOf(text) === index

/** The notes of a ledger, those of a kind in one sentence. */
export const notes = (all: ReadonlyArray<Note>): ReadonlyArray<string> => {
  const fees = tagged(all, "FeeUnlikeModel")
  const absent = tagged(all, "FeeAbsent")
  const orders = tagged(all, "OrderAbsent")
  const cents = tagged(all, "PaidToTheCent")
  const fundings = tagged(all, "FundingFee")
  const said = (those: ReadonlyArray<unknown>, text: string): ReadonlyArray<string> =>
    those.length === 0 ? [] : [text]
  const fill = ({ ticker, tradeId }: { readonly tradeId: string; readonly ticker: string }) =>
    `fill ${tradeId} in ${ticker}`
  return [
    ...said(
      fees,
      `${counted(fees.length, "fill has a recorded fee that is", "fills have recorded fees that are")} not what the published schedule makes${first(fees, fill)}. The recorded fee counts.`
    ),
    ...said(
      absent,
      `${counted(absent.length, "fill has no recorded fee, which counts", "fills have no recorded fee, which count")} as $0${first(absent, fill)}.`
    ),
    ...said(
      orders,
      `${counted(orders.length, "order of a fill is", "orders of fills are")} not among the records${first(orders, ({ orderId, ticker }) => `order ${orderId} in ${ticker}`)}.`
    ),
    ...said(
      cents,
      `${counted(cents.length, "settlement is of a market whose value is", "settlements are of markets whose values are")} not known: what they paid is known to the cent alone${first(cents, place)}.`
    ),
    ...said(
      fundings,
      `${counted(fundings.length, "deposit or withdrawal had a fee", "deposits or withdrawals had fees")}, which the exchange does not say whether the amount contains; they are not counted${first(fundings, ({ fee, id }) => `$${Dollars.format(fee)} of ${id}`)}.`
    ),
    ...tagged(all, "RowsUnlike")
      .map(
        ({ row, what }) =>
          `Most ${row}s tell another ${what} than the fills make, so that the exchange seems to mean something else by it; it was not compared.`
      )
      .filter(isDistinct)
  ]
}

/** What the figures go by. */
export const method: Readonly<Record<Method, string>> = {
  fifo: "What a lot cost is by FIFO: of the contracts of a market those that were bought first are closed first.",
  average:
    "What a lot cost is by average: each closed contract bears what all held ones of its market had cost on average. The equity and the exposure have open positions at what the lots that are left cost, by FIFO."
}

export const reserve =
  "What resting orders reserve is an estimate: their worst case with fees, as the exchange documents it. It does not publish the formula."
