/**
 * The equity and what of it is profit: what was paid in and out moves the one
 * and not the other.
 */
import * as Timestamp from "effect-kalshi/Timestamp"
import type * as Data from "./Data.ts"
import type { Micros } from "./numbers.ts"

/** The account at an instant: what it is worth, and what it would be worth without any profit since the first. */
export interface Worth {
  readonly at: Timestamp.Timestamp
  readonly cash: Micros
  readonly open: Micros
  readonly equity: Micros
  readonly paidIn: Micros
}

/** Each point with the equity of the first one plus all that was paid in since, less what was paid out. */
export const worths = (
  points: ReadonlyArray<Data.EquityPoint>,
  fundings: ReadonlyArray<Data.Funding>
): ReadonlyArray<Worth> => {
  const sorted = points.toSorted((a, b) => a.at - b.at)
  const flows = fundings.toSorted((a, b) => a.at - b.at)
  const first = sorted[0]
  if (first === undefined) return []
  let paidIn = BigInt(first.cash) + BigInt(first.open)
  let next = flows.findIndex(({ at }) => at > first.at)
  if (next < 0) next = flows.length
  return sorted.map(({ at, cash, open }) => {
    for (let flow = flows[next]; flow !== undefined && flow.at <= at; flow = flows[++next])
      paidIn += BigInt(flow.amount)
    return { at, cash: BigInt(cash), open: BigInt(open), equity: BigInt(cash) + BigInt(open), paidIn }
  })
}

/** A fall of the profit from its highest point to the lowest after it. */
export interface Fall {
  readonly from: Timestamp.Timestamp
  readonly until: Timestamp.Timestamp
  readonly amount: Micros
}

/** The largest fall of the profit, if it ever fell. */
export const largestFall = (points: ReadonlyArray<Worth>): Fall | undefined => {
  let worst: Fall | undefined
  let peak = 0n
  let peakAt = points[0]?.at
  for (const { at, equity, paidIn } of points) {
    const profit = equity - paidIn
    if (profit > peak || peakAt === undefined) [peak, peakAt] = [profit, at]
    const amount = peak - profit
    if (amount > (worst?.amount ?? 0n)) worst = { from: peakAt, until: at, amount }
  }
  return worst
}

/**
 * What a drawing of so many columns can show: of each column of time the first,
 * the last, the highest and the lowest point. A shorter list stays as it is.
 */
export const thinned = (points: ReadonlyArray<Worth>, columns: number): ReadonlyArray<Worth> => {
  const [first, last] = [points[0], points.at(-1)]
  if (points.length <= columns * 4 || first === undefined || last === undefined) return points
  const kept = new Set<Worth>()
  const width = (last.at - first.at + 1) / columns
  const keep = (group: ReadonlyArray<Worth>) => {
    let [low, high] = [group[0], group[0]]
    for (const point of group) {
      if (low === undefined || point.equity < low.equity) low = point
      if (high === undefined || point.equity > high.equity) high = point
    }
    for (const point of [group[0], low, high, group.at(-1)]) if (point !== undefined) kept.add(point)
  }
  let current = 0
  let start = 0
  for (const [index, point] of points.entries()) {
    const own = Math.floor((point.at - first.at) / width)
    if (own !== current) {
      keep(points.slice(start, index))
      ;[current, start] = [own, index]
    }
  }
  keep(points.slice(start))
  return points.filter((point) => kept.has(point))
}

/** The last point of each month of UTC. */
export const monthEnds = (points: ReadonlyArray<Worth>): ReadonlyArray<Worth> => {
  const months = new Map<string, Worth>()
  for (const point of points) months.set(Timestamp.format(point.at).slice(0, 7), point)
  return [...months.values()]
}
