/**
 * Whether what was bought won as often as its price said.
 */
import * as charts from "../charts/winRate.ts"
import type * as Data from "../Data.ts"
import { empty, figure } from "../figure.ts"
import { type Markup, markup } from "../markup.ts"
import { integer, percent } from "../numbers.ts"
import { confidence, everyPrice } from "../select.ts"
import { table } from "../table.ts"

const whole = (share: number): string => `${Math.round(share * 100)}%`

/** The section. */
export const winRate = ({ prices, totals }: Data.Data): Markup => {
  if (prices.every(({ lots }) => lots === 0)) return empty("No lot was closed in this period.")
  const results = everyPrice(prices)
  return markup`${figure({
    title: "Share of closed lots that won, by entry price",
    about:
      "A lot won if it brought more than it cost and its fees. A price is the chance that the market gives: a bar above the diamond did better than that. Lots that were sold before the end count as they came out. Below each bar stand the entry price in cents and the number of lots.",
    keys: [
      { shape: "box", color: "won", text: "Won" },
      { shape: "diamond", color: "expected", text: "Expected by price" },
      { shape: "range", color: "ink", text: "95% range of the share (Wilson)" }
    ],
    chart: charts.winRate(
      results,
      `Column chart of the share of lots won by entry price: ${percent(totals.wins, totals.lots)} of ${integer(totals.lots)} lots in all`
    ),
    table: table({
      caption: "Closed lots by entry price; shares are rounded",
      columns: (column) => [
        column.text("Entry price", charts.priceRange),
        column.number("Closed lots", ({ lots }) => integer(lots)),
        column.number("Won", ({ wins }) => integer(wins)),
        column.number("Share won", ({ lots, wins }) => percent(wins, lots)),
        column.number("Expected", charts.expected),
        column.number("95% range", ({ lots, wins }) => {
          const [low, high] = confidence(wins, lots)
          return lots === 0 ? "–" : `${whole(low)} to ${whole(high)}`
        })
      ],
      rows: results
    })
  })}`
}
