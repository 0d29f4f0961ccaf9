/**
 * The lots that won and lost most.
 */
import type * as Data from "../Data.ts"
import { empty } from "../figure.ts"
import { type Markup, markup } from "../markup.ts"
import { contracts, day } from "../numbers.ts"
import { largestLots, lotProfit } from "../select.ts"
import { table } from "../table.ts"

const COUNT = 10

const listed = (caption: string, rows: ReadonlyArray<Data.Lot>): Markup =>
  table({
    caption,
    columns: (column) => [
      column.text("Market", ({ side, ticker, title }) => {
        const name = title === undefined ? undefined : markup`<span class="title"><bdi>${title}</bdi></span>`
        return markup`<bdi>${ticker}</bdi> <span class="badge">${side}</span>${name}`
      }),
      column.money("Profit", lotProfit, "always"),
      column.number("Contracts", ({ count }) => contracts(count)),
      column.money("Cost", ({ cost }) => BigInt(cost)),
      column.money("Proceeds", ({ proceeds }) => BigInt(proceeds)),
      column.money("Fees", ({ fees }) => BigInt(fees)),
      column.text("Opened", ({ openedAt }) => markup`<span class="when">${day(openedAt)}</span>`),
      column.text(
        "Closed",
        ({ closedAt, closedBy }) =>
          markup`<span class="when">${day(closedAt)}</span><span class="title">${closedBy === "trade" ? "traded" : "settled"}</span>`
      )
    ],
    rows
  })

/** The section. */
export const lots = (data: Data.Data): Markup => {
  const { best, worst } = largestLots(data.lots, COUNT)
  const gains = best.length === 0 ? empty("No closed lot had a profit.") : listed("Largest profits, after fees", best)
  const losses = worst.length === 0 ? empty("No closed lot had a loss.") : listed("Largest losses, after fees", worst)
  return markup`<h3>Best</h3>${gains}<h3>Worst</h3>${losses}`
}
