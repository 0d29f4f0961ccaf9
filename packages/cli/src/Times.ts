/**
 * Times as people give them: an RFC 3339 instant, a date, or how long ago.
 *
 * What is relative is so to what the exchange shows (`user_data_timestamp`),
 * never to the clock of this machine.
 *
 * @since 0.1.0
 */
import * as Option from "effect/Option"
import * as Timestamp from "effect-kalshi/Timestamp"

/**
 * A time that was given: an instant, or so many microseconds before now.
 *
 * @since 0.1.0
 * @category models
 */
export type Time =
  | { readonly _tag: "At"; readonly at: Timestamp.Timestamp }
  | { readonly _tag: "Ago"; readonly micros: number }

/**
 * What is accepted, in words.
 *
 * @since 0.1.0
 * @category constants
 */
export const expected =
  "an instant (2026-11-20T14:00:00Z), a date (2026-11-20, from its start in UTC), or how long ago (90s, 30m, 24h, 7d, 2w)"

const SECOND = 1_000_000
const units: Readonly<Record<string, number>> = {
  s: SECOND,
  m: 60 * SECOND,
  h: 3600 * SECOND,
  d: 86_400 * SECOND,
  w: 7 * 86_400 * SECOND
}

/**
 * Reads a time; nothing where it is none.
 *
 * @since 0.1.0
 * @category constructors
 */
export const fromString = (given: string): Option.Option<Time> => {
  const text = given.trim()
  if (text === "now") return Option.some({ _tag: "Ago", micros: 0 })
  const [, amount, unit] = /^(\d{1,6})([smhdw])$/.exec(text) ?? []
  if (amount !== undefined && unit !== undefined) {
    return Option.some({ _tag: "Ago", micros: Number(amount) * (units[unit] ?? 0) })
  }
  return Timestamp.fromString(/^\d{4}-\d{2}-\d{2}$/.test(text) ? `${text}T00:00:00Z` : text).pipe(
    // there is nothing before 1970
    Option.map((at): Time => ({ _tag: "At", at: Timestamp.micros(Math.max(0, at)) }))
  )
}

/**
 * The instant so many microseconds before another, or 1970, before which there
 * is nothing.
 *
 * @since 0.1.0
 * @category accessors
 */
export const before =
  (micros: number) =>
  (now: Timestamp.Timestamp): Timestamp.Timestamp =>
    Timestamp.micros(Math.max(0, now - micros))
