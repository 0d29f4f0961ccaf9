/**
 * Refuses, before anything is sent, what the exchange would refuse for its
 * shape alone.
 */
import * as Effect from "effect/Effect"
import * as KalshiError from "../KalshiError.ts"

/** An operation that can refuse an input. */
export interface Refuses<E> {
  readonly invalid: (field: string, description: string) => E
}

/** A whole number within bounds, if it is given. */
export const integer = <E>(
  refuses: Refuses<E>,
  field: string,
  value: number | undefined,
  minimum: number,
  maximum: number
): Effect.Effect<void, E> =>
  value === undefined || (Number.isInteger(value) && value >= minimum && value <= maximum)
    ? Effect.void
    : Effect.fail(refuses.invalid(field, `takes a whole number from ${minimum} to ${maximum}`))

/** A name that becomes a part of a path: one that is empty or walks up would reach another endpoint. */
export const name = <E>(refuses: Refuses<E>, field: string, value: string): Effect.Effect<void, E> =>
  value === "" || value === "." || value === ".."
    ? Effect.fail(refuses.invalid(field, value === "" ? "is empty" : "is no name"))
    : Effect.void

/** The size of a page. */
export const limit = <E>(refuses: Refuses<E>, value: number | undefined, maximum: number): Effect.Effect<void, E> =>
  integer(refuses, "limit", value, 1, maximum)

/** The cursor of an answer: empty, null or absent on the last page. */
export const cursor = (value: string | null | undefined): string | undefined =>
  value === null || value === "" ? undefined : value

/** A list whose cursors come again. */
export const stuck = new KalshiError.UnreadableAnswer({
  status: 200,
  description: "the list names a cursor that it has named before as the next one, so it would never end"
})
