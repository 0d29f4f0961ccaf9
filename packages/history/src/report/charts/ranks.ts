/**
 * Amounts by name as lying bars, each with its name and its amount beside it,
 * or above it where there is no room beside.
 */
import { type Chart, FONT } from "../chart.ts"
import { cents, type Micros, type Sign, toFloat } from "../numbers.ts"

/** A bar: its name, its amount, and what it says. */
export interface Rank {
  readonly name: string
  readonly amount: Micros
  readonly tip: string
  /** Whether these are all others together, which get no bar: a long one would leave nothing of the rest. */
  readonly isRest: boolean
}

const ROW = { wide: 30, narrow: 44 } as const

/** How far the name stands above the middle of its bar where it is above it. */
const ABOVE = 16

/** Keeps a name apart from the line that it stands on. */
const halo = { textBorderColor: "var(--page)", textBorderWidth: 4 }

/** Room for the longest name, within reason. */
const nameWidth = (ranks: ReadonlyArray<Rank>): number =>
  Math.min(190, Math.max(60, ...ranks.map(({ name }) => name.length * 10)))

/** The chart, bars from the top; `color` tells the colour of an amount. */
export const ranks = (options: {
  readonly id: string
  readonly label: string
  readonly ranks: ReadonlyArray<Rank>
  readonly color: (amount: Micros) => string
  readonly sign: Sign
}): Chart => {
  const { ranks } = options
  const values = ranks.map(({ amount, isRest }) => (isRest ? null : toFloat(amount)))
  const drawn = values.filter((value) => value !== null)
  const [low, high] = [Math.min(0, ...drawn), Math.max(0, ...drawn)]
  return {
    id: options.id,
    label: options.label,
    height: ({ name }) => ranks.length * ROW[name] + 8,
    tip: (_, index) => ranks[index]?.tip,
    option: ({ name }) => {
      const isWide = name === "wide"
      const names = {
        type: "category" as const,
        inverse: true,
        data: ranks.map(({ name }) => name),
        axisLine: { show: false, onZero: false },
        axisTick: { show: false }
      }
      const side = isWide ? nameWidth(ranks) : 0
      const text = {
        color: "var(--ink)",
        fontSize: FONT,
        interval: 0,
        overflow: "truncate" as const,
        ...(isWide ? { width: side } : { ...halo, inside: true, margin: 0, width: 190, lineHeight: 2 * ABOVE })
      }
      // above the bar is the first of two lines of which the second is empty
      const written = (line: string): string => (isWide ? line : `${line}\n `)
      return {
        grid: { left: isWide ? side + 14 : 2, right: isWide ? 130 : 2, top: 4, bottom: 4 },
        xAxis: {
          type: "value",
          min: low,
          max: low === high ? 1 : high,
          axisLabel: { show: false },
          splitLine: { show: false }
        },
        yAxis: [
          { ...names, axisLabel: { ...text, formatter: written } },
          {
            ...names,
            position: "right",
            axisLabel: {
              ...text,
              ...(isWide ? { align: "right" as const, margin: 126, width: 122 } : { width: 140 }),
              formatter: (_: string, index: number) => written(cents(ranks[index]?.amount ?? 0n, options.sign))
            }
          }
        ],
        series: [
          {
            type: "bar",
            barWidth: isWide ? 14 : 12,
            emphasis: { disabled: true },
            data: ranks.map(({ amount }, index) => ({
              value: values[index] ?? null,
              itemStyle: { color: options.color(amount) }
            })),
            markLine: {
              silent: true,
              symbol: "none",
              label: { show: false },
              lineStyle: { color: "var(--axis)", type: "solid", width: 1 },
              // at an edge it would run through the names above the bars
              data: isWide || (low < 0 && high > 0) ? [{ xAxis: 0 }] : []
            }
          }
        ]
      }
    }
  }
}
