/**
 * Axes: round steps from the lowest to the highest value, and what stands
 * beside them. These are pixels, so that floats will do.
 */
import { grouped, monthName } from "./numbers.ts"

/** An axis in dollars or percent. */
export interface Scale {
  readonly min: number
  readonly max: number
  readonly interval: number
}

const STEPS = [1, 2, 2.5, 5, 10]

/** The smallest round number that is at least as large. */
const roundUp = (value: number): number => {
  const power = 10 ** Math.floor(Math.log10(value))
  return (STEPS.find((step) => step * power >= value * 0.999_999) ?? 10) * power
}

/** An axis shows nothing finer than this part of its largest value: no label would have room for it. */
const FINEST = 1e-5

/** An axis of about `count` steps that holds all values. */
export const fit = (values: ReadonlyArray<number>, count: number): Scale => {
  let [low, high] = [Infinity, -Infinity]
  for (const value of values) {
    low = Math.min(low, value)
    high = Math.max(high, value)
  }
  if (low > high) return { min: 0, max: 1, interval: 1 }
  if (low === high) {
    // nothing to spread over: some room on both sides, on the one side of nothing where it is nothing
    const room = low === 0 ? 1 : Math.abs(low) * 0.1
    high += room
    low -= low === 0 ? 0 : room
  }
  const largest = Math.max(Math.abs(low), Math.abs(high))
  const interval = roundUp(Math.max((high - low) / count, largest * FINEST, 0.000_001))
  return { min: Math.floor(low / interval) * interval, max: Math.ceil(high / interval) * interval, interval }
}

const units = [
  { from: 1e9, name: "B" },
  { from: 1e6, name: "M" },
  { from: 1e4, name: "k" },
  { from: 1, name: "" }
] as const

const PER = { B: 1e9, M: 1e6, k: 1e3, "": 1 } as const

/** Writes the values of an axis of dollars with as many decimals as its steps need. */
export const dollars = ({ interval, max, min }: Scale): ((value: number) => string) => {
  const largest = Math.max(Math.abs(min), Math.abs(max))
  const name = units.find(({ from, name }) => largest >= from && interval / PER[name] >= 0.0099)?.name ?? ""
  const step = interval / PER[name]
  const isWhole = (scaled: number) => Math.abs(scaled - Math.round(scaled)) <= scaled * 1e-6
  let decimals = 0
  while (decimals < 6 && !isWhole(step * 10 ** decimals)) decimals++
  // a fraction of a dollar is cents
  if (name === "" && decimals === 1) decimals = 2
  return (value) => {
    const [whole = "0", fraction] = Math.abs(value / PER[name])
      .toFixed(decimals)
      .split(".")
    if (Number(`${whole}.${fraction ?? 0}`) === 0) return "$0"
    const sign = value < 0 ? "−" : ""
    return `${sign}$${grouped(whole)}${fraction === undefined ? "" : `.${fraction}`}${name}`
  }
}

const DAY = 86_400_000

/** An instant of an axis of time, in epoch milliseconds, and what stands beside it. */
export interface Tick {
  readonly at: number
  readonly label: string
}

const monthTicks = (from: number, until: number, step: number): ReadonlyArray<Tick> => {
  const ticks: Array<Tick> = []
  const start = new Date(from)
  let [year, month] = [start.getUTCFullYear(), Math.floor(start.getUTCMonth() / step) * step]
  for (;;) {
    const at = Date.UTC(year, month)
    if (at > until) return ticks
    const date = new Date(at)
    const name = monthName(date.getUTCMonth() + 1)
    if (at >= from) {
      ticks.push({
        at,
        label: date.getUTCMonth() === 0 || ticks.length === 0 ? `${name}\n${date.getUTCFullYear()}` : name
      })
    }
    month += step
    if (month >= 12) {
      year += Math.floor(month / 12)
      month %= 12
    }
  }
}

const pad = (value: number): string => String(value).padStart(2, "0")

const plainTicks = (from: number, until: number, step: number): ReadonlyArray<Tick> => {
  const ticks: Array<Tick> = []
  for (let at = Math.ceil(from / step) * step; at <= until; at += step) {
    const date = new Date(at)
    const day = `${date.getUTCDate()} ${monthName(date.getUTCMonth() + 1)}`
    const clock = `${pad(date.getUTCHours())}:${pad(date.getUTCMinutes())}`
    ticks.push({ at, label: step >= DAY ? day : `${clock}\n${day}` })
  }
  return ticks
}

const PLAIN = [1, 5, 15, 60, 180, 360, 720, 1440, 2880, 7200, 14_400].map((minutes) => minutes * 60_000)
const MONTHS = [1, 2, 3, 6, 12, 24, 60, 120]

/** At most `count` round instants of UTC in a range of epoch milliseconds. */
export const timeTicks = (from: number, until: number, count: number): ReadonlyArray<Tick> => {
  const span = until - from
  const plain = PLAIN.find((step) => span / step <= count)
  if (plain !== undefined) return plainTicks(from, until, plain)
  const step = MONTHS.find((months) => span / (months * 30.4 * DAY) <= count) ?? 240
  return monthTicks(from, until, step)
}
