/**
 * Amounts that are cut into parts, of which nothing is lost.
 */
import type * as Contracts from "effect-kalshi/Contracts"
import * as Dollars from "effect-kalshi/Dollars"

/**
 * The part of an amount that is in proportion to a count, rounded down. Who takes
 * parts one after the other, each from what is left, takes all of it in the end.
 */
export const of = (amount: Dollars.Dollars, part: Contracts.Contracts, whole: Contracts.Contracts): Dollars.Dollars => {
  if (part === whole || amount === 0) return amount
  const product = amount * part
  if (product >= 0 && Number.isSafeInteger(product)) return Dollars.micros((product - (product % whole)) / whole)
  const exact = BigInt(amount) * BigInt(part)
  const over = ((exact % BigInt(whole)) + BigInt(whole)) % BigInt(whole)
  return Dollars.micros(Number((exact - over) / BigInt(whole)))
}

/** What contracts cost at a price; prices of the exchange make whole micro-dollars, others are rounded. */
export const cost = (price: Dollars.Dollars, count: Contracts.Contracts): Dollars.Dollars => {
  const product = price * count
  return Number.isSafeInteger(product) && product % 100 === 0
    ? Dollars.micros(product / 100)
    : Dollars.timesRounded(price, count, "half-even")
}
