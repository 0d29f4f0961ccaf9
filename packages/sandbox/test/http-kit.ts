/**
 * A sandbox of its own for each test of the wire, and an order that rests in it.
 */
import { it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import * as Recorder from "../../../test/contract/Recorder.ts"
import * as Buckets from "../src/Buckets.ts"
import * as Control from "../src/Control.ts"
import * as Sandbox from "../src/Sandbox.ts"
import * as Judge from "./http-judge.ts"

/** What a test gets: the sandbox, its control, and the judge's client of it. */
export const setup = Effect.gen(function* () {
  const sandbox = yield* Sandbox.Sandbox
  const control = yield* Control.Control
  return { sandbox, control, send: Judge.client(sandbox.url, sandbox) }
})

export type Setup = Effect.Success<typeof setup>

/** A test against a new sandbox; it limits nothing unless told otherwise. */
export const test = <A, E>(
  name: string,
  body: (setup: Setup) => Effect.Effect<A, E, Scope.Scope>,
  options: Sandbox.ListenOptions = {}
) =>
  it.live(name, () =>
    Effect.flatMap(setup, body).pipe(
      Effect.scoped,
      Effect.provide(Sandbox.layer({ keyType: "ed25519", limits: Buckets.unlimited, ...options }))
    )
  )

/** Asks what nobody may ask, to see the answer: the record of the wire shall not count it. */
export const asksWrongly =
  <S, A, E>(body: (setup: S) => Effect.Effect<A, E, Scope.Scope>) =>
  (given: S) =>
    Recorder.exempt({ of: "request", because: "the test asks for refusals" })(body(given))

/** A market in whole cents: book 0.41 / 0.43, 100 on each best level. */
export const CENTS = "KXHIGHNY-26DEC31-T40"

/** The path of orders. */
export const ORDERS = "/portfolio/events/orders"

/** The body of an order that rests in `CENTS`. */
export const order = (fields: Record<string, unknown> = {}) => ({
  ticker: CENTS,
  side: "bid",
  count: "10.00",
  price: "0.4000",
  time_in_force: "good_till_canceled",
  self_trade_prevention_type: "taker_at_cross",
  ...fields
})
