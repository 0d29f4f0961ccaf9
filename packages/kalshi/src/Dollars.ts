/**
 * Exact money.
 *
 * `Dollars` is a branded safe integer of **micro-dollars** (1e-6 dollar): the
 * finest unit that the exchange sends. It is exact to about ±9 billion
 * dollars, compares with `===` and `<`, and works as a key. No float is ever
 * involved; what does not fit is refused, never rounded, unless the function
 * says how it rounds.
 *
 * @since 0.1.0
 */
import * as BigDecimal from "effect/BigDecimal"
import { dual } from "effect/Function"
import * as Option from "effect/Option"
import * as Order_ from "effect/Order"
import * as Schema from "effect/Schema"
import * as SchemaTransformation from "effect/SchemaTransformation"
import type { Contracts } from "./Contracts.ts"
import * as decimal from "./internal/decimal.ts"

const SCALE = 6

const Micros = Schema.Int.annotate({
  expected: "a decimal dollar string with at most 6 decimals"
}).pipe(Schema.brand("effect-kalshi/Dollars"))

/**
 * Schema of an exact amount: decimal text outside (`"0.5600"`), a branded
 * integer of micro-dollars inside.
 *
 * It reads 0 to 6 decimals and writes at least 4, as the exchange does.
 *
 * @since 0.1.0
 * @category schemas
 */
export const Dollars = Schema.String.pipe(
  Schema.decodeTo(
    Micros,
    SchemaTransformation.transform({
      decode: (text: string) => decimal.parse(text, SCALE),
      encode: (micros: number) => decimal.format(micros, SCALE, 4)
    })
  )
)

/**
 * An exact amount of money, an integer of 1e-6 dollar.
 *
 * @since 0.1.0
 * @category models
 */
export type Dollars = typeof Dollars.Type

/**
 * Schema of an amount that the exchange sends as an integer of cents.
 *
 * @since 0.1.0
 * @category schemas
 */
export const FromCents = Schema.Int.pipe(
  Schema.decodeTo(
    Micros,
    SchemaTransformation.transform({
      // adding 0 turns the −0 of JSON into 0
      decode: (cents: number) => cents * 10_000 + 0,
      // NaN is refused by the schema: an amount below a cent has no such form
      encode: (micros: number) => (micros % 10_000 === 0 ? micros / 10_000 : NaN)
    })
  )
)

/**
 * Schema of a price in a request, where the exchange takes at most 4 decimals.
 *
 * Encoding a price finer than $0.0001 fails.
 *
 * @since 0.1.0
 * @category schemas
 */
export const Price = Schema.String.check(
  Schema.isPattern(/^\d+(\.\d{1,4})?$/, {
    expected: "a dollar price with at most 4 decimals"
  })
).pipe(
  Schema.decodeTo(
    Micros,
    SchemaTransformation.transform({
      decode: (text: string) => decimal.parse(text, SCALE),
      encode: (micros: number) => decimal.format(micros, SCALE, 4)
    })
  )
)

/**
 * Makes an amount from micro-dollars; throws a `RangeError` when the number is
 * not a safe integer.
 *
 * @since 0.1.0
 * @category constructors
 */
export const micros = (value: number): Dollars => decimal.safe(value, "an amount") as Dollars

/**
 * Makes an amount from cents: `cents(56)` is $0.56 and `cents(5.5)` is $0.055.
 * Throws a `RangeError` when it is finer than a micro-dollar.
 *
 * @since 0.1.0
 * @category constructors
 */
export const cents = (value: number): Dollars =>
  decimal.scaled(value, 10_000, "a whole number of micro-dollars in cents") as Dollars

/**
 * Makes an amount from dollars: `of(12.5)` is $12.50. Throws a `RangeError`
 * when it is finer than a micro-dollar.
 *
 * @since 0.1.0
 * @category constructors
 */
export const of = (value: number): Dollars =>
  decimal.scaled(value, 1_000_000, "a whole number of micro-dollars") as Dollars

/**
 * Nothing, $0.
 *
 * @since 0.1.0
 * @category constants
 */
export const zero = 0 as Dollars

/**
 * One dollar: what a contract pays when its side wins.
 *
 * @since 0.1.0
 * @category constants
 */
export const one = 1_000_000 as Dollars

/**
 * Reads decimal text of at most 6 decimals; `None` when it is anything else.
 *
 * @since 0.1.0
 * @category constructors
 */
export const fromString = (text: string): Option.Option<Dollars> => {
  const value = decimal.parse(text, SCALE)
  return Number.isNaN(value) ? Option.none() : Option.some(value as Dollars)
}

/**
 * Reads decimal text of at most 6 decimals; throws a `RangeError` when it is
 * anything else.
 *
 * @since 0.1.0
 * @category constructors
 */
export const fromStringUnsafe = (text: string): Dollars => {
  const value = decimal.parse(text, SCALE)
  if (Number.isNaN(value)) throw new RangeError("not a decimal dollar string with at most 6 decimals")
  return value as Dollars
}

/**
 * Writes an amount as the exchange does: `"0.5600"`, `"-12.3456"`,
 * `"0.017472"`, at least 4 decimals and no more than needed.
 *
 * @since 0.1.0
 * @category conversions
 */
export const format = (self: Dollars): string => decimal.format(self, SCALE, 4)

/**
 * The amount as a `BigDecimal` of dollars, exact.
 *
 * @since 0.1.0
 * @category conversions
 */
export const toBigDecimal = (self: Dollars): BigDecimal.BigDecimal => BigDecimal.make(BigInt(self), SCALE)

/**
 * The amount as a float of dollars, for charts and statistics, never for money.
 *
 * @since 0.1.0
 * @category conversions
 */
export const toNumber = (self: Dollars): number => self / 1_000_000

/**
 * Adds; throws a `RangeError` beyond the exact range.
 *
 * @since 0.1.0
 * @category math
 */
export const add: {
  (that: Dollars): (self: Dollars) => Dollars
  (self: Dollars, that: Dollars): Dollars
} = dual(2, (self: Dollars, that: Dollars): Dollars => decimal.safe(self + that, "a sum") as Dollars)

/**
 * Subtracts; throws a `RangeError` beyond the exact range.
 *
 * @since 0.1.0
 * @category math
 */
export const subtract: {
  (that: Dollars): (self: Dollars) => Dollars
  (self: Dollars, that: Dollars): Dollars
} = dual(2, (self: Dollars, that: Dollars): Dollars => decimal.safe(self - that, "a difference") as Dollars)

/**
 * Adds all amounts, $0 for none; throws a `RangeError` beyond the exact range.
 *
 * @since 0.1.0
 * @category math
 */
export const sum = (amounts: Iterable<Dollars>): Dollars => {
  let total = 0
  for (const amount of amounts) total = decimal.safe(total + amount, "a sum")
  return total as Dollars
}

/**
 * The same amount with the other sign.
 *
 * @since 0.1.0
 * @category math
 */
export const negate = (self: Dollars): Dollars => (self === 0 ? self : -self) as Dollars

/**
 * The amount without its sign.
 *
 * @since 0.1.0
 * @category math
 */
export const abs = (self: Dollars): Dollars => (self < 0 ? -self : self) as Dollars

/**
 * The smaller of two amounts.
 *
 * @since 0.1.0
 * @category math
 */
export const min: {
  (that: Dollars): (self: Dollars) => Dollars
  (self: Dollars, that: Dollars): Dollars
} = dual(2, (self: Dollars, that: Dollars): Dollars => (self < that ? self : that))

/**
 * The larger of two amounts.
 *
 * @since 0.1.0
 * @category math
 */
export const max: {
  (that: Dollars): (self: Dollars) => Dollars
  (self: Dollars, that: Dollars): Dollars
} = dual(2, (self: Dollars, that: Dollars): Dollars => (self > that ? self : that))

/**
 * Orders amounts, smallest first.
 *
 * @since 0.1.0
 * @category instances
 */
export const Order: Order_.Order<Dollars> = Order_.Number

/**
 * What the other side of a contract costs: `complement(p)` is $1 − p.
 *
 * @since 0.1.0
 * @category math
 */
export const complement = (price: Dollars): Dollars => subtract(one, price)

// A price of 1e-6 dollar times a count of 0.01 contract is in units of 1e-8 dollar.
const PER_MICRO = 100

/**
 * Price times count, exactly.
 *
 * Every price of the exchange (4 decimals) gives a whole number of
 * micro-dollars. Throws a `RangeError` when the product is finer than a
 * micro-dollar or beyond the exact range: use {@link timesRounded} there.
 *
 * @since 0.1.0
 * @category math
 */
export const times: {
  (count: Contracts): (price: Dollars) => Dollars
  (price: Dollars, count: Contracts): Dollars
} = dual(2, (price: Dollars, count: Contracts): Dollars => {
  const product = price * count
  if (Number.isSafeInteger(product)) {
    if (product % PER_MICRO !== 0) throw new RangeError("a product is finer than a micro-dollar")
    return decimal.safe(product / PER_MICRO, "a product") as Dollars
  }
  const exact = BigInt(price) * BigInt(count)
  if (exact % 100n !== 0n) throw new RangeError("a product is finer than a micro-dollar")
  return decimal.safe(Number(exact / 100n), "a product") as Dollars
})

/**
 * Price times count, brought to a micro-dollar by the rounding mode
 * (`floor` and `ceil` are toward the infinities): for payouts and estimates.
 *
 * @since 0.1.0
 * @category math
 */
export const timesRounded: {
  (count: Contracts, mode: decimal.RoundingMode): (price: Dollars) => Dollars
  (price: Dollars, count: Contracts, mode: decimal.RoundingMode): Dollars
} = dual(
  3,
  (price: Dollars, count: Contracts, mode: decimal.RoundingMode): Dollars =>
    decimal.safe(Number(decimal.divide(BigInt(price) * BigInt(count), 100n, mode)), "a product") as Dollars
)

/**
 * Brings an amount to a multiple of `unit` by the rounding mode (`floor` and
 * `ceil` are toward the infinities).
 *
 * @since 0.1.0
 * @category math
 */
export const round: {
  (unit: Dollars, mode: decimal.RoundingMode): (self: Dollars) => Dollars
  (self: Dollars, unit: Dollars, mode: decimal.RoundingMode): Dollars
} = dual(
  3,
  (self: Dollars, unit: Dollars, mode: decimal.RoundingMode): Dollars =>
    decimal.safe(Number(decimal.divide(BigInt(self), BigInt(unit), mode)) * unit, "an amount") as Dollars
)

export {
  /**
   * How a result that is not whole is rounded: `floor` and `ceil` are toward
   * the infinities.
   *
   * @since 0.1.0
   * @category models
   */
  type RoundingMode
} from "./internal/decimal.ts"
