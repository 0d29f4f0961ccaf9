/**
 * What is the same of every query of a list, on any wire.
 */
import * as Effect from "effect/Effect"
import { ofSubaccount } from "../models/OrderRequest.ts"
import * as Timestamp from "../Timestamp.ts"
import * as check from "./check.ts"
import { MAX_LIMIT } from "./list.ts"

interface Ranged {
  readonly minTs?: Timestamp.Timestamp | undefined
  readonly maxTs?: Timestamp.Timestamp | undefined
  readonly limit?: number | undefined
  readonly subaccount?: number | undefined
}

/** Bounds on the wire are whole seconds: the upper one is rounded up, so that no row is cut off. */
export const upward = (maxTs: Timestamp.Timestamp | undefined): Timestamp.Timestamp | undefined =>
  maxTs === undefined ? undefined : Timestamp.micros(Math.ceil(maxTs / 1_000_000) * 1_000_000)

/** Fails with what is wrong with a range, a limit or a subaccount. */
export const checkRanged = <E>(
  refuses: check.Refuses<E>,
  query: Ranged,
  maximum: number = MAX_LIMIT
): Effect.Effect<void, E> => {
  if (query.minTs !== undefined && query.maxTs !== undefined && query.minTs > query.maxTs) {
    return Effect.fail(refuses.invalid("minTs", "is after maxTs"))
  }
  const wrong = ofSubaccount(query.subaccount)
  return wrong === undefined
    ? check.limit(refuses, query.limit, maximum)
    : Effect.fail(refuses.invalid(wrong.field, wrong.description))
}
