/**
 * Generated values over the whole exact range, edges included.
 */
import * as Arbitrary from "effect/Arbitrary"
import * as Schema from "effect/Schema"
import * as Contracts from "effect-kalshi/Contracts"
import * as Dollars from "effect-kalshi/Dollars"
import * as Timestamp from "effect-kalshi/Timestamp"

export const integer = (minimum: number, maximum: number): Arbitrary.Arbitrary<number> =>
  Arbitrary.schema(Schema.Int.check(Schema.isBetween({ minimum, maximum })))

const safe = integer(-Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER)

export const dollars = Arbitrary.map(safe, Dollars.micros)

export const contracts = Arbitrary.map(safe, Contracts.centis)

export const timestamp = Arbitrary.map(safe, Timestamp.micros)

/** A price of an order on the finest grid, $0.0001 to $0.9999. */
export const price = Arbitrary.map(integer(1, 9_999), (steps) => Dollars.micros(steps * 100))

/** A size that trades, 0.01 to a million contracts. */
export const size = Arbitrary.map(integer(1, 100_000_000), Contracts.centis)
