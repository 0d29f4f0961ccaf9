/**
 * What the account was worth over time.
 */
import * as charts from "../charts/equity.ts"
import type * as Data from "../Data.ts"
import { empty, figure } from "../figure.ts"
import { type Markup, markup, none } from "../markup.ts"
import { day, exact, integer, type Micros, minute, sum } from "../numbers.ts"
import { rounded, table, toned } from "../table.ts"
import { largestFall, monthEnds, type Worth, worths } from "../worth.ts"

/** The most points that a table lists one by one. */
const MOST = 62

const words = {
  cost: "Cash and open positions at what they cost",
  mark: "Cash and open positions at the exchange’s price of the day"
}

const points = (all: ReadonlyArray<Worth>): Markup => {
  const isShort = all.length <= MOST
  return table({
    caption: isShort
      ? "Equity, every point"
      : `Equity, the last point of each month (UTC) of ${integer(all.length)} points drawn`,
    columns: (column) => [
      column.text("At", ({ at }) => markup`<span class="when">${minute(at)}</span>`),
      column.money("Cash", ({ cash }) => cash),
      column.money("Open positions", ({ open }) => open),
      column.money("Equity", ({ equity }) => equity),
      column.money("Profit since the first point", ({ equity, paidIn }) => equity - paidIn, "always")
    ],
    rows: isShort ? all : monthEnds(all)
  })
}

interface Flow {
  readonly when: string
  readonly name: string
  readonly amount: Micros
}

/** The most that is paid in and out that a table lists one by one. */
const MOST_FLOWS = 100

const flows = (fundings: ReadonlyArray<Data.Funding>): Markup => {
  if (fundings.length === 0) return none
  const sorted = fundings.toSorted((a, b) => a.at - b.at)
  const early = sorted.slice(0, Math.max(0, sorted.length - MOST_FLOWS))
  const late = sorted
    .slice(early.length)
    .map(({ amount, at, name }): Flow => ({ when: minute(at), name, amount: BigInt(amount) }))
  const before: ReadonlyArray<Flow> =
    early.length === 0
      ? []
      : [{ when: `${integer(early.length)} earlier ones`, name: "", amount: sum(early.map(({ amount }) => amount)) }]
  return table({
    caption: "Money paid in (+) and out (−)",
    columns: (column) => [
      column.text("At", ({ when }) => markup`<span class="when">${when}</span>`),
      column.text("What", ({ name }) => name),
      column.money("Amount", ({ amount }) => amount, "always")
    ],
    rows: [...before, ...late],
    total: { when: "Together", name: "", amount: sum(fundings.map(({ amount }) => amount)) }
  })
}

const summary = (all: ReadonlyArray<Worth>): Markup => {
  const last = all.at(-1)
  if (last === undefined) return none
  const fall = largestFall(all)
  const gain = last.equity - last.paidIn
  const falls =
    fall === undefined
      ? undefined
      : markup` The largest fall of it from a high was ${rounded(fall.amount)}, from ${day(fall.from)} to ${day(fall.until)}.`
  return markup`<p class="lead">On ${minute(last.at)} the account was worth ${rounded(last.equity)}: ${rounded(last.cash)} cash and ${rounded(last.open)} in open positions. Since the first point it made ${toned(gain, rounded(gain, "always"))} beyond what was paid in and out.${falls}</p>`
}

/** The section. */
export const equity = ({ equity: { basis, points: given }, fundings }: Data.Data): Markup => {
  const all = worths(given, fundings)
  const first = all[0]
  const last = all.at(-1)
  if (first === undefined || last === undefined) {
    const table = flows(fundings)
    return markup`${empty("The equity is not known at any instant of this period.")}${table}`
  }
  const axis = charts.axis(all)
  const label = `Line chart of the equity in dollars from ${day(first.at)} to ${day(last.at)}: from ${exact(first.equity)} to ${exact(last.equity)}`
  return markup`${summary(all)}${figure({
    title: "Equity over time, in dollars",
    about: `${words[basis]}.${axis.min > 0 || axis.max < 0 ? " The axis does not start at $0." : ""}`,
    keys: [
      { shape: "line", color: "line", text: "Equity" },
      {
        shape: "dashes",
        color: "paid",
        text: "Without profit: the first equity and all that was paid in and out since"
      },
      ...(fundings.some(({ amount }) => amount > 0) ? [{ shape: "up", color: "gain", text: "Paid in" } as const] : []),
      ...(fundings.some(({ amount }) => amount < 0)
        ? [{ shape: "down", color: "loss", text: "Paid out" } as const]
        : [])
    ],
    chart: charts.equity(all, fundings, label),
    table: markup`${points(all)}${flows(fundings)}`
  })}`
}
