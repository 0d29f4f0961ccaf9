/**
 * Amounts by month as columns.
 */
import { type Chart, FONT } from "../chart.ts"
import { type Micros, monthName, toFloat } from "../numbers.ts"
import * as scale from "../scale.ts"

/** A column: its month (`2026-03`), its amount, and what it says. */
export interface Column {
  readonly month: string
  readonly amount: Micros
  readonly tip: string
}

const STEPS = [1, 2, 3, 6, 12, 24, 60, 120, 240]

/** Every how many months there is room for a label. */
const stepFor = (months: number, room: number): number => STEPS.find((step) => months / step <= room) ?? 600

/** The chart; `color` tells the colour of an amount. */
export const columns = (options: {
  readonly id: string
  readonly label: string
  readonly columns: ReadonlyArray<Column>
  readonly color: (amount: Micros) => string
}): Chart => {
  const values = options.columns.map(({ amount }) => toFloat(amount))
  const y = scale.fit([0, ...values], 4)
  const written = scale.dollars(y)
  return {
    id: options.id,
    label: options.label,
    height: ({ name }) => (name === "wide" ? 260 : 220),
    tip: (_, index) => options.columns[index]?.tip,
    option: ({ name }) => {
      const isWide = name === "wide"
      const step = stepFor(options.columns.length, isWide ? 24 : 7)
      const isLabelled = (month: string) =>
        (Number(month.slice(0, 4)) * 12 + Number(month.slice(5, 7)) - 1) % step === 0
      const first = options.columns.findIndex(({ month }) => isLabelled(month))
      const labelOf = (index: number): string => {
        const month = options.columns[index]?.month ?? ""
        const [year, number] = [month.slice(0, 4), Number(month.slice(5, 7))]
        if (step >= 12) return year
        return number === 1 || index === first ? `${monthName(number)}\n${year}` : monthName(number)
      }
      return {
        grid: { left: isWide ? 84 : 62, right: isWide ? 24 : 8, top: 12, bottom: 44 },
        xAxis: {
          type: "category",
          data: options.columns.map(({ month }) => month),
          axisTick: { show: false },
          axisLine: { onZero: false, show: false },
          axisLabel: {
            color: "var(--muted)",
            fontSize: FONT,
            lineHeight: 16,
            interval: (index: number) => isLabelled(options.columns[index]?.month ?? ""),
            formatter: (_: string, index: number) => labelOf(index)
          }
        },
        yAxis: {
          type: "value",
          ...y,
          axisLabel: { color: "var(--muted)", fontSize: FONT, formatter: written },
          splitLine: { lineStyle: { color: "var(--grid)" } }
        },
        series: [
          {
            type: "bar",
            barMaxWidth: 44,
            barCategoryGap: "28%",
            emphasis: { disabled: true },
            data: options.columns.map(({ amount }) => ({
              value: toFloat(amount),
              itemStyle: { color: options.color(amount) }
            })),
            markLine: {
              silent: true,
              symbol: "none",
              label: { show: false },
              lineStyle: { color: "var(--axis)", type: "solid", width: 1 },
              data: [{ yAxis: 0 }]
            }
          }
        ]
      }
    }
  }
}
