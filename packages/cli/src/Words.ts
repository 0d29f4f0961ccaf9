/**
 * How values are written for people: exact, and no longer than they have to be.
 *
 * @since 0.1.0
 */
import * as Contracts from "effect-kalshi/Contracts"
import * as Dollars from "effect-kalshi/Dollars"
import * as Timestamp from "effect-kalshi/Timestamp"

const trimmed = (text: string, decimals: number): string => {
  const [whole = "", fraction = ""] = text.split(".")
  const kept = fraction.replace(/0+$/, "").padEnd(decimals, "0")
  return kept === "" ? whole : `${whole}.${kept}`
}

const grouped = (text: string): string => text.replace(/\B(?=(\d{3})+(?!\d))/g, ",")

/**
 * An amount in dollars, not rounded: `0.56`, `-1,234.5017`.
 *
 * @since 0.1.0
 * @category conversions
 */
export const money = (amount: Dollars.Dollars): string => {
  const [whole = "", fraction = ""] = trimmed(Dollars.format(amount), 2).split(".")
  return `${grouped(whole)}.${fraction}`
}

/**
 * A count of contracts, not rounded: `10`, `-1,250.5`.
 *
 * @since 0.1.0
 * @category conversions
 */
export const count = (contracts: Contracts.Contracts): string => {
  const [whole = "", fraction] = trimmed(Contracts.format(contracts), 0).split(".")
  return fraction === undefined ? grouped(whole) : `${grouped(whole)}.${fraction}`
}

/**
 * An instant in UTC, to the second: `2026-11-20 14:03:07`.
 *
 * @since 0.1.0
 * @category conversions
 */
export const time = (at: Timestamp.Timestamp): string =>
  Timestamp.format(Timestamp.fromSeconds(Timestamp.toSeconds(at)))
    .slice(0, 19)
    .replace("T", " ")

/**
 * A duration in milliseconds, in the two largest units that it fills: `340 ms`,
 * `2.5 s`, `3 min 5 s`, `2 d 4 h`.
 *
 * @since 0.1.0
 * @category conversions
 */
export const duration = (millis: number): string => {
  if (millis < 1000) return `${Math.round(millis)} ms`
  if (millis < 10_000) return `${trimmed((millis / 1000).toFixed(1), 0)} s`
  const seconds = Math.round(millis / 1000)
  const units = [
    [86_400, "d"],
    [3600, "h"],
    [60, "min"],
    [1, "s"]
  ] as const
  const first = units.findIndex(([size]) => seconds >= size)
  const [size, unit] = units[first] ?? units[3]
  const [next, smaller] = units[first + 1] ?? [1, "s"]
  const rest = Math.floor((seconds % size) / next)
  const whole = `${Math.floor(seconds / size)} ${unit}`
  return size === 1 || rest === 0 ? whole : `${whole} ${rest} ${smaller}`
}
