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

const ZERO = 48

/** The number in `length` digits at `at`, or NaN. */
const digits = (text: string, at: number, length: number): number => {
  let value = 0
  for (let index = at; index < at + length; index++) {
    const digit = text.charCodeAt(index) - ZERO
    if (!(digit >= 0 && digit <= 9)) return NaN
    value = value * 10 + digit
  }
  return value
}

const isLeap = (year: number): boolean => (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0

const DAYS_BEFORE = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365]

const daysIn = (year: number, month: number): number =>
  month === 2 && isLeap(year) ? 29 : (DAYS_BEFORE[month] ?? NaN) - (DAYS_BEFORE[month - 1] ?? NaN)

/** Days from 1970-01-01, by the calendar that RFC 3339 uses for all years. */
const daysTo = (year: number, month: number, day: number): number => {
  const before = year - 1
  const leaps = Math.floor(before / 4) - Math.floor(before / 100) + Math.floor(before / 400) - 477
  const leap = month > 2 && isLeap(year) ? 1 : 0
  return (year - 1970) * 365 + leaps + (DAYS_BEFORE[month - 1] ?? NaN) + leap + day - 1
}

const isOneOf = (text: string, at: number, these: string): boolean =>
  at < text.length && these.includes(text.charAt(at))

/** Minutes east of UTC at the end of the text, from `at` on, or NaN. */
const offset = (text: string, at: number): number => {
  if (isOneOf(text, at, "Zz")) return text.length === at + 1 ? 0 : NaN
  if (!isOneOf(text, at, "+-") || text.length !== at + 6 || !isOneOf(text, at + 3, ":")) return NaN
  const hours = digits(text, at + 1, 2)
  const minutes = digits(text, at + 4, 2)
  if (!(hours <= 23 && minutes <= 59)) return NaN
  return (text.charAt(at) === "-" ? -1 : 1) * (hours * 60 + minutes)
}

/**
 * Reads RFC 3339 as epoch microseconds, or NaN.
 *
 * By hand, since it is most of what decoding a page costs, and since the
 * engine's own reading takes 30 February for 2 March.
 */
const parse = (text: string): number => {
  const year = digits(text, 0, 4)
  const month = digits(text, 5, 2)
  const day = digits(text, 8, 2)
  const hour = digits(text, 11, 2)
  const minute = digits(text, 14, 2)
  const second = digits(text, 17, 2)
  const isShaped =
    isOneOf(text, 4, "-") &&
    isOneOf(text, 7, "-") &&
    isOneOf(text, 10, "Tt ") &&
    isOneOf(text, 13, ":") &&
    isOneOf(text, 16, ":")
  const isReal =
    month >= 1 && month <= 12 && day >= 1 && day <= daysIn(year, month) && hour <= 23 && minute <= 59 && second <= 59
  if (!isShaped || !isReal) return NaN
  let at = 19
  let fraction = 0
  if (isOneOf(text, at, ".")) {
    const first = ++at
    for (; at < text.length; at++) {
      const digit = text.charCodeAt(at) - ZERO
      if (!(digit >= 0 && digit <= 9)) break
      // below a microsecond is cut off
      if (at - first < 6) fraction = fraction * 10 + digit
    }
    const length = at - first
    if (length === 0 || length > 9) return NaN
    for (let decimals = length; decimals < 6; decimals++) fraction *= 10
  }
  const minutes = (daysTo(year, month, day) * 24 + hour) * 60 + minute - offset(text, at)
  return (minutes * 60 + second) * 1_000_000 + fraction
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
 * Reads RFC 3339 text; `None` when it is anything else, or out of range (about 285 years around 1970).
 *
 * @since 0.1.0
 * @category constructors
 */
export const fromString = (text: string): Option.Option<Timestamp> => {
  const value = parse(text)
  return Number.isSafeInteger(value) ? Option.some(value as Timestamp) : Option.none()
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
