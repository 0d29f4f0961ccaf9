/**
 * Exact counts of contracts.
 *
 * `Contracts` is a branded safe integer of **centi-contracts** (0.01 contract):
 * the finest size that the exchange trades. A signed count is a position:
 * positive is YES, negative is NO.
 *
 * @since 0.1.0
 */
import * as BigDecimal from "effect/BigDecimal"
import { dual } from "effect/Function"
import * as Option from "effect/Option"
import * as Order_ from "effect/Order"
import * as Schema from "effect/Schema"
import * as SchemaTransformation from "effect/SchemaTransformation"
import * as decimal from "./internal/decimal.ts"

const SCALE = 2

const Centis = Schema.Int.annotate({
  expected: "a decimal count of contracts with at most 2 decimals"
}).pipe(Schema.brand("effect-kalshi/Contracts"))

/**
 * Schema of an exact count: decimal text outside (`"10.00"`), a branded
 * integer of 0.01 contract inside.
 *
 * It reads 0 to 2 decimals and always writes 2, as the exchange does.
 *
 * @since 0.1.0
 * @category schemas
 */
export const Contracts = Schema.String.pipe(
  Schema.decodeTo(
    Centis,
    SchemaTransformation.transform({
      decode: (text: string) => decimal.parse(text, SCALE),
      encode: (centis: number) => decimal.format(centis, SCALE, SCALE)
    })
  )
)

/**
 * An exact count of contracts, an integer of 0.01 contract.
 *
 * @since 0.1.0
 * @category models
 */
export type Contracts = typeof Contracts.Type

/**
 * Schema of a count that was sent as an integer of whole contracts.
 *
 * @since 0.1.0
 * @category schemas
 */
export const FromWhole = Schema.Int.pipe(
  Schema.decodeTo(
    Centis,
    SchemaTransformation.transform({
      // adding 0 turns the −0 of JSON into 0
      decode: (whole: number) => whole * 100 + 0,
      // NaN is refused by the schema: a part of a contract has no such form
      encode: (centis: number) => (centis % 100 === 0 ? centis / 100 : NaN)
    })
  )
)

/**
 * Makes a count from contracts: `of(10)` is ten, `of(2.5)` two and a half.
 * Throws a `RangeError` when it is finer than 0.01.
 *
 * @since 0.1.0
 * @category constructors
 */
export const of = (value: number): Contracts =>
  decimal.scaled(value, 100, "a count of contracts in steps of 0.01") as Contracts

/**
 * Makes a count from hundredths of a contract; throws a `RangeError` when the
 * number is not a safe integer.
 *
 * @since 0.1.0
 * @category constructors
 */
export const centis = (value: number): Contracts => decimal.safe(value, "a count") as Contracts

/**
 * None, 0 contracts.
 *
 * @since 0.1.0
 * @category constants
 */
export const zero = 0 as Contracts

/**
 * The smallest count that trades, 0.01 contract.
 *
 * @since 0.1.0
 * @category constants
 */
export const step = 1 as Contracts

/**
 * Reads decimal text of at most 2 decimals; `None` when it is anything else.
 *
 * @since 0.1.0
 * @category constructors
 */
export const fromString = (text: string): Option.Option<Contracts> => {
  const value = decimal.parse(text, SCALE)
  return Number.isNaN(value) ? Option.none() : Option.some(value as Contracts)
}

/**
 * Reads decimal text of at most 2 decimals; throws a `RangeError` when it is
 * anything else.
 *
 * @since 0.1.0
 * @category constructors
 */
export const fromStringUnsafe = (text: string): Contracts => {
  const value = decimal.parse(text, SCALE)
  if (Number.isNaN(value)) throw new RangeError("not a count of contracts with at most 2 decimals")
  return value as Contracts
}

/**
 * Writes a count as the exchange does, with 2 decimals: `"10.00"`.
 *
 * @since 0.1.0
 * @category conversions
 */
export const format = (self: Contracts): string => decimal.format(self, SCALE, SCALE)

/**
 * The count as a `BigDecimal` of contracts, exact.
 *
 * @since 0.1.0
 * @category conversions
 */
export const toBigDecimal = (self: Contracts): BigDecimal.BigDecimal => BigDecimal.make(BigInt(self), SCALE)

/**
 * The count as a float of contracts, for charts and statistics.
 *
 * @since 0.1.0
 * @category conversions
 */
export const toNumber = (self: Contracts): number => self / 100

/**
 * Adds; throws a `RangeError` beyond the exact range.
 *
 * @since 0.1.0
 * @category math
 */
export const add: {
  (that: Contracts): (self: Contracts) => Contracts
  (self: Contracts, that: Contracts): Contracts
} = dual(2, (self: Contracts, that: Contracts): Contracts => decimal.safe(self + that, "a sum") as Contracts)

/**
 * Subtracts; throws a `RangeError` beyond the exact range.
 *
 * @since 0.1.0
 * @category math
 */
export const subtract: {
  (that: Contracts): (self: Contracts) => Contracts
  (self: Contracts, that: Contracts): Contracts
} = dual(2, (self: Contracts, that: Contracts): Contracts => decimal.safe(self - that, "a difference") as Contracts)

/**
 * Adds all counts, 0 for none; throws a `RangeError` beyond the exact range.
 *
 * @since 0.1.0
 * @category math
 */
export const sum = (counts: Iterable<Contracts>): Contracts => {
  let total = 0
  for (const count of counts) total = decimal.safe(total + count, "a sum")
  return total as Contracts
}

/**
 * The same count with the other sign.
 *
 * @since 0.1.0
 * @category math
 */
export const negate = (self: Contracts): Contracts => (self === 0 ? self : -self) as Contracts

/**
 * The count without its sign.
 *
 * @since 0.1.0
 * @category math
 */
export const abs = (self: Contracts): Contracts => (self < 0 ? -self : self) as Contracts

/**
 * Orders counts, smallest first.
 *
 * @since 0.1.0
 * @category instances
 */
export const Order: Order_.Order<Contracts> = Order_.Number

/**
 * The smaller of two counts.
 *
 * @since 0.1.0
 * @category math
 */
export const min: {
  (that: Contracts): (self: Contracts) => Contracts
  (self: Contracts, that: Contracts): Contracts
} = dual(2, (self: Contracts, that: Contracts): Contracts => (self < that ? self : that))

/**
 * The larger of two counts.
 *
 * @since 0.1.0
 * @category math
 */
export const max: {
  (that: Contracts): (self: Contracts) => Contracts
  (self: Contracts, that: Contracts): Contracts
} = dual(2, (self: Contracts, that: Contracts): Contracts => (self > that ? self : that))
