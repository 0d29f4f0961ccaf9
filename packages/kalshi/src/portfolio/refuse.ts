/**
 * Fails with what is wrong with an input, before anything is sent.
 */
import * as Effect from "effect/Effect"
import * as KalshiError from "../KalshiError.ts"
import type { OrderPlace } from "../models/OrderChange.ts"
import * as OrderRequest from "../models/OrderRequest.ts"
import * as check from "../service/check.ts"

/** Fails when something is wrong. */
export const refuse = <E>(
  op: check.Refuses<E>,
  wrong: OrderRequest.Wrong | undefined,
  prefix = ""
): Effect.Effect<void, E> =>
  wrong === undefined ? Effect.void : Effect.fail(op.invalid(prefix + wrong.field, wrong.description))

/** Fails when the wire has no words for something. */
export const unsaid = <E>(
  op: { readonly fail: (reason: KalshiError.NotOnThisWire) => E },
  what: OrderRequest.Wrong | undefined,
  prefix = ""
): Effect.Effect<void, E> =>
  what === undefined
    ? Effect.void
    : Effect.fail(op.fail(new KalshiError.NotOnThisWire({ field: prefix + what.field, description: what.description })))

/** What every change of an order says of where it is. */
export const checkPlace = <E>(op: check.Refuses<E>, orderId: string, place: OrderPlace): Effect.Effect<void, E> =>
  check
    .name(op, "orderId", orderId)
    .pipe(
      Effect.andThen(place.ticker === undefined ? Effect.void : check.name(op, "ticker", place.ticker)),
      Effect.andThen(refuse(op, OrderRequest.ofSubaccount(place.subaccount)))
    )
