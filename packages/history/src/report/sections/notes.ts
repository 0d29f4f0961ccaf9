/**
 * How to read the figures, and what they do not contain.
 */
import type * as Data from "../Data.ts"
import { type Markup, markup } from "../markup.ts"
import { integer } from "../numbers.ts"

const reading: ReadonlyArray<string> = [
  "All amounts are US dollars. Every amount in a table is exact, with as many decimals as it needs. Amounts in sentences, in the four figures at the top and beside bars are rounded to the cent; axes are rounded further. All times are UTC.",
  "Profit is realised: it is counted when a lot is closed by a trade or a settlement, after the fees of opening and closing it. Fees are those that the exchange recorded, of open lots too, so that they can be more than what profits had taken off.",
  "Volume is price × count of every fill, at the price of the side that was traded."
]

const never: ReadonlyArray<string> = [
  "Interest, incentives, promotions and corrections that the exchange does not report through its API. Where they changed the balance between two readings of it, the change is shown as unexplained.",
  "Profit or loss of positions that are still open.",
  "Tax: nothing here is a statement for a tax office."
]

const MOST = 50

const list = (items: ReadonlyArray<string>): Markup => {
  const rest = items.length > MOST ? markup`<li>and ${integer(items.length - MOST)} more</li>` : undefined
  return markup`<ul>${items.slice(0, MOST).map((item) => markup`<li>${item}</li>`)}${rest}</ul>`
}

/** The section. */
export const notes = (data: Data.Data): Markup => {
  const own = data.notes.length === 0 ? undefined : markup`<h3>Notes on single figures</h3>${list(data.notes)}`
  return markup`<div class="notes"><h3>How to read them</h3>${list(reading)}<h3>What they do not contain</h3>${list([...data.omitted, ...never])}${own}</div>`
}
