/**
 * The prices that a market takes.
 *
 * A market lists its grid as bands (`price_ranges`), each with a start, an end
 * and a step. A price is on the grid when it lies in a band and is a whole
 * number of steps from its start. $0 and $1 are never prices of an order.
 *
 * The exchange documents this as "price level structure"; the bands are the
 * truth and the structure's name is only a name.
 *
 * @since 0.1.0
 */
import * as Dollars from "./Dollars.ts"

/**
 * A band of prices, in dollars per contract, both ends included.
 *
 * @since 0.1.0
 * @category models
 */
export interface Band {
  readonly start: Dollars.Dollars
  readonly end: Dollars.Dollars
  readonly step: Dollars.Dollars
}

/**
 * The prices that a market takes, lowest band first.
 *
 * @since 0.1.0
 * @category models
 */
export interface PriceGrid {
  readonly bands: ReadonlyArray<Band>
}

/**
 * Makes a grid from a market's `price_ranges`, in any order.
 *
 * Bands without a positive step, or with an end below their start, are left
 * out: they hold no price.
 *
 * @since 0.1.0
 * @category constructors
 */
export const make = (bands: ReadonlyArray<Band>): PriceGrid => ({
  bands: bands.filter((band) => band.step > 0 && band.start <= band.end).toSorted((a, b) => a.start - b.start)
})

/**
 * Whole cents, 0.01 to 0.99: on every market they are valid.
 *
 * @since 0.1.0
 * @category constants
 */
export const cents: PriceGrid = make([{ start: Dollars.zero, end: Dollars.one, step: Dollars.cents(1) }])

/**
 * Whether an order may have this YES price, in dollars per contract.
 *
 * @since 0.1.0
 * @category predicates
 */
export const contains = (self: PriceGrid, price: Dollars.Dollars): boolean =>
  price > 0 &&
  price < Dollars.one &&
  self.bands.some((band) => price >= band.start && price <= band.end && (price - band.start) % band.step === 0)

/**
 * The nearest price of the grid at or below (`floor`) or at or above (`ceil`)
 * the given one; `undefined` when there is none on that side.
 *
 * @since 0.1.0
 * @category math
 */
export const snap = (self: PriceGrid, price: Dollars.Dollars, mode: "floor" | "ceil"): Dollars.Dollars | undefined => {
  let best: number | undefined
  for (const { end, start, step } of self.bands) {
    const bound = Math.min(Math.max(price, start), end, Dollars.one)
    const below = start + Math.floor((bound - start) / step) * step
    for (let candidate = below - step; candidate <= below + step; candidate += step) {
      const inside = candidate >= start && candidate <= end && candidate > 0 && candidate < Dollars.one
      if (!inside || (mode === "floor" ? candidate > price : candidate < price)) continue
      if (best === undefined || (mode === "floor" ? candidate > best : candidate < best)) best = candidate
    }
  }
  return best === undefined ? undefined : Dollars.micros(best)
}

/**
 * Every price of the grid, lowest first.
 *
 * @since 0.1.0
 * @category elements
 */
export const prices = (self: PriceGrid): ReadonlyArray<Dollars.Dollars> => {
  const all = new Set<number>()
  for (const { end, start, step } of self.bands) {
    for (let price: number = start; price <= end; price += step) {
      if (price > 0 && price < Dollars.one) all.add(price)
    }
  }
  return Array.from(all)
    .toSorted((a, b) => a - b)
    .map((price) => Dollars.micros(price))
}
