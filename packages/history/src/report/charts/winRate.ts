/**
 * The share of lots that won, by the price at which they were opened, beside
 * the share that those prices expect.
 */
import { type Chart, FONT } from "../chart.ts"
import type * as Data from "../Data.ts"
import { integer, percent } from "../numbers.ts"
import { confidence } from "../select.ts"

/** A range of prices in cents: `10–20¢`. */
export const priceRange = ({ from }: Data.PriceResult): string => `${from / 10_000}–${from / 10_000 + 10}¢`

/** The share of wins that the prices expect, in percent. */
export const expected = ({ lots, prices }: Data.PriceResult): string => percent(prices, BigInt(lots) * 1_000_000n)

const said = (result: Data.PriceResult): string => {
  const [low, high] = confidence(result.wins, result.lots)
  const whole = (share: number) => `${Math.round(share * 100)}%`
  return result.lots === 0
    ? `${priceRange(result)}: no closed lots`
    : `${priceRange(result)}: ${integer(result.wins)} of ${integer(result.lots)} lots won\n` +
        `Won ${percent(result.wins, result.lots)} (95% range ${whole(low)} to ${whole(high)})\n` +
        `Expected by price ${expected(result)}`
}

/** A count in four letters. */
const short = (count: number): string => {
  if (count < 1000) return String(count)
  if (count < 1_000_000) return `${(count / 1000).toFixed(count < 9950 ? 1 : 0)}k`
  return `${(count / 1_000_000).toFixed(0)}M`
}

/** The chart. */
export const winRate = (results: ReadonlyArray<Data.PriceResult>, label: string): Chart => ({
  id: "win-rate",
  label,
  height: ({ name }) => (name === "wide" ? 300 : 260),
  tip: (_, index) => {
    const result = results[index]
    return result === undefined ? undefined : said(result)
  },
  option: ({ name }) => {
    const isWide = name === "wide"
    return {
      grid: { left: isWide ? 84 : 44, right: isWide ? 24 : 4, top: 12, bottom: 46 },
      xAxis: {
        type: "category",
        data: results.map(priceRange),
        axisTick: { show: false },
        axisLine: { lineStyle: { color: "var(--axis)" } },
        axisLabel: {
          color: "var(--muted)",
          fontSize: isWide ? FONT : 12,
          lineHeight: 16,
          interval: 0,
          formatter: (text: string, index: number) => {
            const lots = results[index]?.lots ?? 0
            return isWide
              ? `${text}\n${integer(lots)} ${lots === 1 ? "lot" : "lots"}`
              : `${text.split("–")[0]}\n${short(lots)}`
          }
        }
      },
      yAxis: {
        type: "value",
        min: 0,
        max: 100,
        interval: 25,
        axisLabel: { color: "var(--muted)", fontSize: FONT, formatter: "{value}%" },
        splitLine: { lineStyle: { color: "var(--grid)" } }
      },
      series: [
        {
          type: "bar",
          barWidth: "46%",
          barMaxWidth: 44,
          itemStyle: { color: "var(--won)" },
          emphasis: { disabled: true },
          data: results.map(({ lots, wins }) => (lots === 0 ? null : (wins / lots) * 100))
        },
        {
          type: "custom",
          silent: true,
          z: 4,
          data: results.flatMap(({ lots, wins }, index) => {
            const [low, high] = confidence(wins, lots)
            return lots === 0 ? [] : [[index, low * 100, high * 100]]
          }),
          renderItem: (_, api) => {
            const [x = 0, low = 0] = api.coord([api.value(0), api.value(1)])
            const [, high = 0] = api.coord([api.value(0), api.value(2)])
            const style = { stroke: "var(--ink)", lineWidth: 1, fill: "none" }
            return {
              type: "path",
              shape: { pathData: `M${x - 4} ${low}H${x + 4}M${x - 4} ${high}H${x + 4}M${x} ${low}V${high}` },
              style
            }
          }
        },
        {
          type: "scatter",
          symbol: "diamond",
          symbolSize: isWide ? 13 : 11,
          itemStyle: { color: "var(--expected)", borderColor: "var(--page)", borderWidth: 1, opacity: 1 },
          emphasis: { disabled: true },
          z: 5,
          data: results.map(({ lots, prices }) => (lots === 0 ? null : (prices / lots / 1_000_000) * 100))
        }
      ]
    }
  }
})
