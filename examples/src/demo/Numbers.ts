/**
 * Numbers as people read them.
 */
import { Contracts, Dollars } from "effect-kalshi"

const grouped = (digits: string): string => digits.replace(/\B(?=(\d{3})+$)/g, ",")

/** 25,000 */
export const count = (value: number): string => grouped(String(Math.round(value)))

// the exact text of an amount, its digits grouped, with `least` to 6 decimals
const money = (amount: Dollars.Dollars, least: number): string => {
  const [whole = "", fraction = ""] = Dollars.format(amount).replace("-", "").split(".")
  const decimals = fraction.replace(/0+$/, "").padEnd(least, "0")
  return `${amount < 0 ? "−" : ""}$${grouped(whole)}.${decimals}`
}

/** $1,234.50, with more decimals only where there is more. */
export const dollars = (amount: Dollars.Dollars): string => money(amount, 2)

/** $1,234.57, to the nearest cent: for an overview. */
export const cents = (amount: Dollars.Dollars): string => money(Dollars.round(amount, Dollars.cents(1), "half-even"), 2)

/** $1,234.500000, down to the micro-dollar, so that columns line up. */
export const micros = (amount: Dollars.Dollars): string => money(amount, 6)

/** 1,234.5 contracts */
export const contracts = (value: Contracts.Contracts): string => {
  const [whole = "", fraction = ""] = Contracts.format(value).replace("-", "").split(".")
  const decimals = fraction.replace(/0+$/, "")
  return `${value < 0 ? "−" : ""}${grouped(whole)}${decimals === "" ? "" : `.${decimals}`}`
}

/** 4.1 MB */
export const bytes = (value: number): string =>
  value < 1000
    ? `${value} B`
    : value < 1_000_000
      ? `${(value / 1000).toFixed(1)} kB`
      : `${(value / 1_000_000).toFixed(1)} MB`

/** 1.3 s */
export const seconds = (millis: number): string => `${(millis / 1000).toFixed(1)} s`

/** Rows a second, given rows and the time that they took. */
export const rate = (rows: number, millis: number): string => `${count((rows * 1000) / Math.max(1, millis))} rows/s`
