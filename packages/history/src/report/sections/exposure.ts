/**
 * What the open positions cost, by event.
 */
import { ranks } from "../charts/ranks.ts"
import type * as Data from "../Data.ts"
import { empty, figure } from "../figure.ts"
import { type Markup, markup } from "../markup.ts"
import { exact, integer, type Micros, minute, percent, sum } from "../numbers.ts"
import { top } from "../select.ts"
import { rounded, table } from "../table.ts"

const BARS = 12
const ROWS = 60

interface Row {
  readonly name: string
  readonly title?: string | undefined
  readonly markets: bigint
  readonly cost: Micros
}

const totalOf = (name: string, those: ReadonlyArray<Row>): Row => ({
  name,
  markets: those.reduce((total, { markets }) => total + markets, 0n),
  cost: sum(those.map(({ cost }) => cost))
})

const shown = (rows: ReadonlyArray<Row>, limit: number): ReadonlyArray<Row> => {
  const { kept, rest } = top(rows, limit, { amount: ({ cost }) => cost, name: ({ name }) => name })
  return rest.length === 0 ? kept : [...kept, totalOf(`${integer(rest.length)} others`, rest)]
}

/** The section. */
export const exposure = ({ exposures, until }: Data.Data): Markup => {
  if (exposures.length === 0) return empty("There are no open positions.")
  const all = exposures.map(({ cost, event, markets, title }): Row => ({
    name: event,
    title,
    markets: BigInt(markets),
    cost: BigInt(cost)
  }))
  const total = totalOf("All", all)
  const bars = shown(all, BARS)
  const what =
    bars.length < all.length
      ? ` The ${BARS - 1} largest of ${integer(all.length)}, the others together, without a bar.`
      : ""
  return markup`<p class="lead">On ${minute(until)} open positions had cost ${rounded(total.cost)}, in ${integer(total.markets)} ${total.markets === 1n ? "market" : "markets"} of ${integer(all.length)} ${all.length === 1 ? "event" : "events"}.</p>${figure(
    {
      title: "Cost of open positions by event, in dollars",
      about: `What was paid for what is still held.${what} Amounts beside the bars are to the cent.`,
      chart: ranks({
        id: "exposure",
        label: `Bar chart of the cost of open positions by event, ${integer(bars.length)} bars, ${exact(total.cost)} in all`,
        ranks: bars.map((row, index) => ({
          isRest: bars.length < all.length && index === bars.length - 1,
          name: row.name,
          amount: row.cost,
          tip: `${row.name}${row.title === undefined ? "" : `\n${row.title}`}\nCost ${exact(row.cost)}, ${percent(row.cost, total.cost)} of all`
        })),
        color: () => "var(--cost)",
        sign: "negative"
      }),
      table: table({
        caption: "Cost of open positions by event",
        columns: (column) => [
          column.text("Event", ({ name, title }) =>
            title === undefined
              ? markup`<bdi>${name}</bdi>`
              : markup`<bdi>${name}</bdi><span class="title"><bdi>${title}</bdi></span>`
          ),
          column.number("Markets", ({ markets }) => integer(markets)),
          column.money("Cost", ({ cost }) => cost),
          column.number("Share", ({ cost }) => percent(cost, total.cost))
        ],
        rows: shown(all, ROWS),
        total
      })
    }
  )}`
}
