/**
 * Profit and fees, by month and by series.
 */
import { columns } from "../charts/columns.ts"
import { ranks } from "../charts/ranks.ts"
import type * as Data from "../Data.ts"
import { empty, figure, type Key } from "../figure.ts"
import { type Markup, markup } from "../markup.ts"
import { exact, integer, type Micros, month, percent, sum } from "../numbers.ts"
import { everyMonth, top } from "../select.ts"
import { table } from "../table.ts"

/** Bars in a chart, and rows in a table. */
const BARS = 14
const ROWS = 60

interface Row {
  readonly name: string
  readonly title?: string | undefined
  readonly profit: Micros
  readonly fees: Micros
  readonly volume: Micros
}

const totalOf = (name: string, those: ReadonlyArray<Row>): Row => ({
  name,
  profit: sum(those.map(({ profit }) => profit)),
  fees: sum(those.map(({ fees }) => fees)),
  volume: sum(those.map(({ volume }) => volume))
})

const seriesRow = ({ fees, profit, series, title, volume }: Data.SeriesResult): Row => ({
  name: series,
  title,
  profit: BigInt(profit),
  fees: BigInt(fees),
  volume: BigInt(volume)
})

const monthRow = (result: Data.MonthResult): Row => ({
  name: result.month,
  profit: BigInt(result.profit),
  fees: BigInt(result.fees),
  volume: BigInt(result.volume)
})

type Figure = "profit" | "fees"

/** The largest by a figure, and one row for all others. */
const shown = (rows: ReadonlyArray<Row>, limit: number, figure: Figure): ReadonlyArray<Row> => {
  const { kept, rest } = top(rows, limit, { amount: (row) => row[figure], name: ({ name }) => name })
  return rest.length === 0 ? kept : [...kept, totalOf(`${integer(rest.length)} others`, rest)]
}

const named = ({ name, title }: Row): Markup =>
  title === undefined
    ? markup`<bdi>${name}</bdi>`
    : markup`<bdi>${name}</bdi><span class="title"><bdi>${title}</bdi></span>`

const listed = (
  kind: Figure,
  head: string,
  caption: string,
  rows: ReadonlyArray<Row>,
  name: (row: Row) => Markup | string,
  all: ReadonlyArray<Row>
): Markup =>
  table({
    caption,
    columns: (column) => [
      column.text(head, name),
      ...(kind === "profit" ? [column.money("Profit", ({ profit }) => profit, "always")] : []),
      column.money("Fees", ({ fees }) => fees),
      column.money("Volume", ({ volume }) => volume),
      ...(kind === "fees" ? [column.number("Fees of volume", ({ fees, volume }) => percent(fees, volume, 2))] : [])
    ],
    rows,
    total: totalOf("All", all)
  })

const profitColor = (amount: Micros): string => (amount < 0n ? "var(--loss)" : "var(--gain)")

const looks = {
  profit: { color: profitColor, sign: "always", about: "Realised from closed lots, after fees" },
  fees: { color: () => "var(--fee)", sign: "negative", about: "As charged, rebates taken off" }
} as const

const tones: ReadonlyArray<Key> = [
  { shape: "box", color: "gain", text: "Profit" },
  { shape: "box", color: "loss", text: "Loss" }
]

const byMonth = (data: Data.Data, kind: Figure): Markup => {
  const rows = everyMonth(data.months).map(monthRow)
  if (rows.length === 0) return empty(`There are no ${kind === "profit" ? "profits" : "fees"} of any month.`)
  const { about, color, sign } = looks[kind]
  const title = `${kind === "profit" ? "Profit" : "Fees"} by month, in dollars`
  return figure({
    title,
    about: `${about}; months of UTC.`,
    keys: kind === "profit" ? tones : [],
    chart: columns({
      id: `${kind}-by-month`,
      label: `Column chart: ${title}, ${integer(rows.length)} months`,
      columns: rows.map((row) => ({
        month: row.name,
        amount: row[kind],
        tip: `${month(row.name)}\n${kind === "profit" ? "Profit" : "Fees"} ${exact(row[kind], sign)}`
      })),
      color
    }),
    table: listed(kind, "Month", title, rows, ({ name }) => (name === "All" ? name : month(name)), rows)
  })
}

const bySeries = (data: Data.Data, kind: Figure): Markup => {
  const all = data.series.map(seriesRow)
  if (all.length === 0) return empty(`There are no ${kind === "profit" ? "profits" : "fees"} of any series.`)
  const { about, color, sign } = looks[kind]
  const bars = shown(all, BARS, kind)
  const title = `${kind === "profit" ? "Profit" : "Fees"} by series, in dollars`
  const what =
    bars.length < all.length
      ? `; the ${BARS - 1} largest of ${integer(all.length)}, the others together, without a bar`
      : ""
  return figure({
    title,
    about: `${about}${what}. Amounts beside the bars are to the cent.`,
    keys: kind === "profit" ? tones : [],
    chart: ranks({
      id: `${kind}-by-series`,
      label: `Bar chart: ${title}, ${integer(bars.length)} bars`,
      ranks: bars.map((row, index) => ({
        isRest: bars.length < all.length && index === bars.length - 1,
        name: row.name,
        amount: row[kind],
        tip: `${row.name}${row.title === undefined ? "" : `\n${row.title}`}\n${kind === "profit" ? "Profit" : "Fees"} ${exact(row[kind], sign)}`
      })),
      color,
      sign
    }),
    table: listed(kind, "Series", title, shown(all, ROWS, kind), named, all)
  })
}

/** The section of profits. */
export const profit = (data: Data.Data): Markup => markup`${byMonth(data, "profit")}${bySeries(data, "profit")}`

/** The section of fees. */
export const fees = (data: Data.Data): Markup => markup`${byMonth(data, "fees")}${bySeries(data, "fees")}`
