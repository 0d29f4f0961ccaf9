/**
 * The equity as a line, beside the line that it would be without any profit,
 * with what was paid in and out below.
 */
import * as Timestamp from "effect-kalshi/Timestamp"
import { type Chart, FONT } from "../chart.ts"
import type * as Data from "../Data.ts"
import { type Markup, markup } from "../markup.ts"
import { exact, minute, toFloat } from "../numbers.ts"
import * as scale from "../scale.ts"
import { thinned, type Worth } from "../worth.ts"

const HALF_DAY = 43_200_000

const range = (points: ReadonlyArray<Worth>): readonly [from: number, until: number] => {
  const from = Timestamp.toMillis(points[0]?.at ?? Timestamp.micros(0))
  const until = Timestamp.toMillis(points.at(-1)?.at ?? Timestamp.micros(0))
  return from === until ? [from - HALF_DAY, until + HALF_DAY] : [from, until]
}

/** What stands over a point: where the mouse is, or a finger. */
const said = ({ at, cash, equity, open, paidIn }: Worth): string =>
  `${minute(at)}\nEquity ${exact(equity)}\nCash ${exact(cash)}\nOpen positions ${exact(open)}\n` +
  `Profit since the first point ${exact(equity - paidIn, "always")}`

/** The last point in each of so many columns. */
const columns = (points: ReadonlyArray<Worth>, x: (point: Worth) => number, width: number) => {
  const byColumn = new Map<number, { readonly point: Worth; readonly x: number }>()
  for (const point of points) byColumn.set(Math.floor(x(point) / width), { point, x: x(point) })
  return [...byColumn.values()]
}

/** The axis of dollars. */
export const axis = (points: ReadonlyArray<Worth>): scale.Scale =>
  scale.fit(
    points.flatMap(({ equity, paidIn }) => [toFloat(equity), toFloat(paidIn)]),
    5
  )

/** The chart; there is at least one point. */
export const equity = (points: ReadonlyArray<Worth>, fundings: ReadonlyArray<Data.Funding>, label: string): Chart => {
  const [from, until] = range(points)
  const x = ({ at }: { readonly at: Timestamp.Timestamp }) => Timestamp.toMillis(at)
  const flows = fundings.filter((flow) => flow.amount !== 0 && x(flow) >= from && x(flow) <= until)
  const incoming = flows.filter(({ amount }) => amount > 0)
  const outgoing = flows.filter(({ amount }) => amount < 0)
  const y = axis(points)
  const drawnIn = (width: number) => thinned(points, width)
  return {
    id: "equity",
    label,
    height: ({ name }) => (name === "wide" ? 340 : 260),
    tip: (series, index) => {
      const flow = [undefined, undefined, incoming, outgoing][series]?.[index]
      return flow === undefined ? undefined : `${minute(flow.at)}\n${flow.name} ${exact(BigInt(flow.amount), "always")}`
    },
    option: ({ name, width }) => {
      const isWide = name === "wide"
      const ticks = scale.timeTicks(from, until, isWide ? 12 : 5)
      const shown = drawnIn(width)
      const written = scale.dollars(y)
      const mark = (those: ReadonlyArray<Data.Funding>, rotate: number, color: string) => ({
        type: "scatter" as const,
        symbol: "triangle",
        symbolSize: isWide ? 9 : 8,
        symbolRotate: rotate,
        symbolOffset: [0, -6],
        itemStyle: { color, opacity: 1 },
        data: those.map((flow) => [x(flow), y.min])
      })
      return {
        grid: { left: isWide ? 84 : 62, right: isWide ? 24 : 14, top: 12, bottom: 44 },
        xAxis: {
          type: "value",
          min: from,
          max: until,
          splitLine: { show: false },
          axisLine: { onZero: false, lineStyle: { color: "var(--axis)" } },
          axisTick: { show: true, customValues: ticks.map(({ at }) => at), lineStyle: { color: "var(--axis)" } },
          axisLabel: {
            customValues: ticks.map(({ at }) => at),
            color: "var(--muted)",
            fontSize: FONT,
            lineHeight: 16,
            hideOverlap: true,
            formatter: (value: number) => ticks.find(({ at }) => at === value)?.label ?? ""
          }
        },
        yAxis: {
          type: "value",
          ...y,
          axisLine: { show: false },
          axisTick: { show: false },
          axisLabel: { color: "var(--muted)", fontSize: FONT, formatter: written },
          splitLine: { lineStyle: { color: "var(--grid)" } }
        },
        series: [
          {
            type: "line",
            step: "end",
            showSymbol: false,
            silent: true,
            lineStyle: { color: "var(--paid)", width: 1.5, type: [5, 4] },
            data: shown.map((point) => [x(point), toFloat(point.paidIn)])
          },
          {
            type: "line",
            showSymbol: shown.length === 1,
            symbol: "circle",
            symbolSize: 8,
            silent: true,
            itemStyle: { color: "var(--line)" },
            lineStyle: { color: "var(--line)", width: 2, join: "round" },
            data: shown.map((point) => [x(point), toFloat(point.equity)])
          },
          mark(incoming, 0, "var(--gain)"),
          mark(outgoing, 180, "var(--loss)")
        ]
      }
    },
    over: ({ name, width }, place, height): ReadonlyArray<Markup> => {
      const [left] = place(from, y.min)
      const [right] = place(until, y.min)
      const each = columns(points, (point) => place(x(point), y.min)[0], (right - left) / (name === "wide" ? 120 : 48))
      return each.map(({ point, x: at }, index) => {
        const before = each[index - 1]?.x
        const after = each[index + 1]?.x
        const start = before === undefined ? left : (before + at) / 2
        const end = after === undefined ? Math.min(right, width) : (at + after) / 2
        const [, top] = place(x(point), toFloat(point.equity))
        return markup`<g class="hit"><rect x="${start.toFixed(1)}" y="12" width="${Math.max(0, end - start).toFixed(1)}" height="${height - 70}"/><circle cx="${at.toFixed(1)}" cy="${top.toFixed(1)}" r="4"/><title>${said(point)}</title></g>`
      })
    }
  }
}
