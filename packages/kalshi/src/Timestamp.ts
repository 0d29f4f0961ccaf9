/**
 * Exact instants.
 *
 * `Timestamp` is a branded safe integer of **epoch microseconds** (UTC): the
 * precision of the exchange's RFC 3339 strings. It compares with `<` and
 * orders as a number.
 *
 * @since 0.1.0
 */
import * as Clock from "effect/Clock"
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { dual } from "effect/Function"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as SchemaTransformation from "effect/SchemaTransformation"
import * as decimal from "./internal/decimal.ts"

// decoders add 0, which turns the −0 of JSON into 0
const Micros = Schema.Int.annotate({
  expected: "an RFC 3339 instant"
}).pipe(Schema.brand("effect-kalshi/Timestamp"))

// date, time, fraction, offset; RFC 3339 allows lower case and a space, the exchange sends neither
const RFC3339 = /^(\d{4}-\d{2}-\d{2})[Tt ](\d{2}:\d{2}:\d{2})(?:\.(\d{1,9}))?(Z|z|[+-]\d{2}:\d{2})$/

const parse = (text: string): number => {
  const match = RFC3339.exec(text)
  if (match === null) return NaN
  const [, date, time, fraction, offset] = match
  const wall = Date.parse(`${date}T${time}Z`)
  // the engine reads 30 February as 2 March and 24:00 as the next day
  if (Number.isNaN(wall) || !new Date(wall).toISOString().startsWith(`${date}T${time}`)) return NaN
  const millis = Date.parse(`${date}T${time}${offset === "z" ? "Z" : offset}`)
  return Number.isNaN(millis)
    ? NaN
    : millis * 1000 + (fraction === undefined ? 0 : Number(fraction.padEnd(6, "0").slice(0, 6)))
}

const write = (micros: number): string => {
  const fraction = ((micros % 1_000_000) + 1_000_000) % 1_000_000
  const seconds = new Date((micros - fraction) / 1000).toISOString().slice(0, 19)
  return fraction === 0 ? `${seconds}Z` : `${seconds}.${String(fraction).padStart(6, "0")}Z`
}

/**
 * Schema of an instant: RFC 3339 text outside, epoch microseconds inside.
 *
 * It reads any offset and up to 9 decimals of a second (below a microsecond
 * they are cut off) and writes UTC with 6 decimals, or none on a whole second.
 *
 * @since 0.1.0
 * @category schemas
 */
export const Timestamp = Schema.String.pipe(
  Schema.decodeTo(Micros, SchemaTransformation.transform({ decode: parse, encode: write }))
)

/**
 * An instant, an integer of epoch microseconds.
 *
 * @since 0.1.0
 * @category models
 */
export type Timestamp = typeof Timestamp.Type

/**
 * Schema of an instant that the wire has as whole Unix seconds; encoding cuts
 * off what is below a second.
 *
 * @since 0.1.0
 * @category schemas
 */
export const FromSeconds = Schema.Int.pipe(
  Schema.decodeTo(
    Micros,
    SchemaTransformation.transform({
      decode: (seconds: number) => seconds * 1_000_000 + 0,
      encode: (micros: number) => Math.floor(micros / 1_000_000)
    })
  )
)

/**
 * Schema of an instant that the wire has as Unix milliseconds; encoding cuts
 * off what is below a millisecond.
 *
 * @since 0.1.0
 * @category schemas
 */
export const FromMillis = Schema.Int.pipe(
  Schema.decodeTo(
    Micros,
    SchemaTransformation.transform({
      decode: (millis: number) => millis * 1000 + 0,
      encode: (micros: number) => Math.floor(micros / 1000)
    })
  )
)

/**
 * Makes an instant from epoch microseconds; throws a `RangeError` when the
 * number is not a safe integer.
 *
 * @since 0.1.0
 * @category constructors
 */
export const micros = (value: number): Timestamp => decimal.safe(value, "an instant") as Timestamp

/**
 * Makes an instant from epoch milliseconds; parts of a millisecond are cut off.
 *
 * @since 0.1.0
 * @category constructors
 */
export const fromMillis = (millis: number): Timestamp =>
  decimal.safe(Math.floor(millis) * 1000, "an instant") as Timestamp

/**
 * Makes an instant from Unix seconds; parts of a second are cut off.
 *
 * @since 0.1.0
 * @category constructors
 */
export const fromSeconds = (seconds: number): Timestamp =>
  decimal.safe(Math.floor(seconds) * 1_000_000, "an instant") as Timestamp

/**
 * Reads RFC 3339 text; `None` when it is anything else.
 *
 * @since 0.1.0
 * @category constructors
 */
export const fromString = (text: string): Option.Option<Timestamp> => {
  const value = parse(text)
  return Number.isNaN(value) ? Option.none() : Option.some(value as Timestamp)
}

/**
 * Makes an instant from an Effect `DateTime`, with millisecond precision.
 *
 * @since 0.1.0
 * @category constructors
 */
export const fromDateTime = (dateTime: DateTime.DateTime): Timestamp => fromMillis(DateTime.toEpochMillis(dateTime))

/**
 * This moment by the program's `Clock`, with millisecond precision.
 *
 * @since 0.1.0
 * @category constructors
 */
export const now: Effect.Effect<Timestamp> = Effect.map(Clock.currentTimeMillis, fromMillis)

/**
 * Moves an instant by a duration, to the microsecond below:
 * `Timestamp.add(now, "5 minutes")`.
 *
 * @since 0.1.0
 * @category math
 */
export const add: {
  (duration: Duration.Input): (self: Timestamp) => Timestamp
  (self: Timestamp, duration: Duration.Input): Timestamp
} = dual(
  2,
  (self: Timestamp, duration: Duration.Input): Timestamp =>
    decimal.safe(
      self + Math.floor(Duration.toMillis(Duration.fromInputUnsafe(duration)) * 1000),
      "an instant"
    ) as Timestamp
)

/**
 * Whole epoch milliseconds; microseconds are cut off.
 *
 * @since 0.1.0
 * @category conversions
 */
export const toMillis = (self: Timestamp): number => Math.floor(self / 1000)

/**
 * Whole Unix seconds; the rest is cut off.
 *
 * @since 0.1.0
 * @category conversions
 */
export const toSeconds = (self: Timestamp): number => Math.floor(self / 1_000_000)

/**
 * The instant as an Effect `DateTime` in UTC, with millisecond precision.
 *
 * @since 0.1.0
 * @category conversions
 */
export const toDateTime = (self: Timestamp): DateTime.Utc => DateTime.makeUnsafe(toMillis(self))

/**
 * Writes RFC 3339 in UTC: `"2026-11-22T09:35:51.109554Z"`.
 *
 * @since 0.1.0
 * @category conversions
 */
export const format = (self: Timestamp): string => write(self)
