/**
 * The official SDK under the same load: it has no limiter, and the sandbox's
 * buckets refuse it. They are not ours alone.
 */
import { Control, Sandbox } from "@effect-kalshi/sandbox"
import { Dollars } from "effect-kalshi"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { createRequire } from "node:module"
import type * as Package from "kalshi-typescript"

export interface Outcome {
  readonly sent: number
  readonly refused: number
}

const SENT = 20

const sdk = createRequire(import.meta.url)("kalshi-typescript") as typeof Package

const order = {
  ticker: "KXLIMITS-26-A",
  side: "bid",
  price: "0.0100",
  count: "1.00",
  time_in_force: "good_till_canceled",
  self_trade_prevention_type: "taker_at_cross"
} as const

/** Places orders as fast as it can, which is twice what a full bucket has. */
export const play: Effect.Effect<Outcome, never, Control.Control | Sandbox.Sandbox> = Effect.gen(function* () {
  const control = yield* Control.Control
  const { url } = yield* Sandbox.Sandbox
  const { id, keyId, privateKey } = yield* control.account("sdk", { deposit: Dollars.of(10_000) })
  yield* control.clearFaults
  const orders = new sdk.OrdersApi(
    new sdk.Configuration({ apiKey: keyId, privateKeyPem: Redacted.value(privateKey), basePath: url })
  )
  yield* Effect.forEach(
    Array.from({ length: SENT }),
    (_, index) =>
      Effect.ignore(Effect.tryPromise(() => orders.createOrderV2({ ...order, client_order_id: `sdk-${index}` }))),
    { concurrency: "unbounded" }
  )
  const { refused } = yield* control.tokens(id)
  return { sent: SENT, refused: refused.write }
})
