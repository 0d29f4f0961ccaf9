/**
 * Amounts, counts, shares and times as text. Sums are whole numbers without a
 * bound, so that none can leave its range here; floats are for axes alone.
 */
import * as Contracts from "effect-kalshi/Contracts"
import type * as Dollars from "effect-kalshi/Dollars"
import * as Timestamp from "effect-kalshi/Timestamp"

/** An amount in micro-dollars, of any size. */
export type Micros = bigint

const DECIMALS = 6
const PER_DOLLAR = 1_000_000n
const PER_CENT = 10_000n

/** Adds amounts, whatever they come to. */
export const sum = (amounts: Iterable<Dollars.Dollars | Micros>): Micros => {
  let total = 0n
  for (const amount of amounts) total += BigInt(amount)
  return total
}

/** The amount without its sign. */
export const abs = (amount: Micros): Micros => (amount < 0n ? -amount : amount)

/** Puts commas between thousands. */
export const grouped = (digits: string): string => digits.replace(/\B(?=(\d{3})+$)/g, ",")

/** How a sign is written: only where it is negative, or always except for nothing. */
export type Sign = "negative" | "always"

const signOf = (amount: Micros, sign: Sign): string => {
  if (amount < 0n) return "−"
  return sign === "always" && amount > 0n ? "+" : ""
}

/** How many decimals an amount needs to be exact, at least 2. */
export const decimalsOf = (amount: Micros): number => {
  let decimals = DECIMALS
  for (let rest = abs(amount); decimals > 2 && rest % 10n === 0n; rest /= 10n) decimals--
  return decimals
}

/** Writes an amount exactly, with `decimals` or as many more as it needs. */
export const exact = (amount: Micros, sign: Sign = "negative", decimals = 2): string => {
  const size = abs(amount)
  const fraction = String(size % PER_DOLLAR).padStart(DECIMALS, "0")
  const shown = fraction.slice(0, Math.max(decimals, decimalsOf(amount)))
  return `${signOf(amount, sign)}$${grouped(String(size / PER_DOLLAR))}.${shown}`
}

/** Whether an amount is a whole number of cents. */
export const isWholeCents = (amount: Micros): boolean => amount % PER_CENT === 0n

/** Writes an amount to the cent, half a cent away from nothing. */
export const cents = (amount: Micros, sign: Sign = "negative"): string => {
  const rounded = ((abs(amount) + PER_CENT / 2n) / PER_CENT) * PER_CENT
  return exact(amount < 0n ? -rounded : rounded, sign)
}

/** The amount as a float of dollars, for pixels. */
export const toFloat = (amount: Dollars.Dollars | Micros): number => Number(amount) / 1_000_000

/** Writes a whole number. */
export const integer = (value: number | bigint): string => {
  const text = grouped(String(value).replace("-", ""))
  return value < 0 ? `−${text}` : text
}

/** Writes a count of contracts, with decimals only where it is not whole. */
export const contracts = (count: Contracts.Contracts): string => {
  const [whole = "0", fraction = "00"] = Contracts.format(Contracts.abs(count)).split(".")
  return `${count < 0 ? "−" : ""}${grouped(whole)}${fraction === "00" ? "" : `.${fraction}`}`
}

/** `part` of `whole` in percent with `decimals`, half away from nothing; a dash where there is no whole. */
export const percent = (part: number | bigint, whole: number | bigint, decimals = 1): string => {
  const [a, b] = [BigInt(part), abs(BigInt(whole))]
  if (b === 0n) return "–"
  const scale = 10n ** BigInt(decimals)
  const rounded = (abs(a) * 200n * scale + b) / (2n * b)
  const fraction = decimals === 0 ? "" : `.${String(rounded % scale).padStart(decimals, "0")}`
  const isNegative = a < 0n !== BigInt(whole) < 0n && rounded > 0n
  return `${isNegative ? "−" : ""}${grouped(String(rounded / scale))}${fraction}%`
}

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

/** The name of a month, 1 to 12. */
export const monthName = (month: number): string => MONTHS[month - 1] ?? ""

/** Writes the day in UTC: `22 Nov 2026`. */
export const day = (at: Timestamp.Timestamp): string => {
  const text = Timestamp.format(at)
  return `${Number(text.slice(8, 10))} ${monthName(Number(text.slice(5, 7)))} ${text.slice(0, 4)}`
}

/** Writes the minute in UTC: `22 Nov 2026, 09:35 UTC`. */
export const minute = (at: Timestamp.Timestamp): string => `${day(at)}, ${Timestamp.format(at).slice(11, 16)} UTC`

/** Writes `2026-03` as `Mar 2026`. */
export const month = (text: string): string => `${monthName(Number(text.slice(5, 7)))} ${text.slice(0, 4)}`
