/**
 * A sandbox of its own for each test of the wire of 2.0.0, and its member logged in there.
 */
import { assert, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import type * as Scope from "effect/Scope"
import * as Buckets from "../src/Buckets.ts"
import * as Control from "../src/Control.ts"
import * as Sandbox from "../src/Sandbox.ts"
import { CENTS } from "./http-kit.ts"
import * as Judge from "./http-judge.ts"

/** A client with a token. */
export const bearer =
  (base: string, token: string) =>
  (method: string, path: string, sent: Judge.Sent = {}) =>
    Judge.client(base)(method, path, { ...sent, headers: { authorization: `Bearer ${token}`, ...sent.headers } })

/** Logs somebody in, and gives the answer. */
export const login = (base: string, email: string, password: Redacted.Redacted<string>) =>
  Judge.client(base)("POST", "/login", { body: { email, password: Redacted.value(password) } })

/** What a test gets: the sandbox, its control, and clients of both wires. */
export const setup = Effect.gen(function* () {
  const sandbox = yield* Sandbox.Sandbox
  const control = yield* Control.Control
  const { email, password, url } = sandbox.legacy
  const opened = yield* login(url, email, password)
  assert.strictEqual(opened.status, 200, opened.text)
  const token: string = opened.json.token
  return {
    sandbox,
    control,
    token,
    /** Of 2.0.0, with the member's token. */
    send: bearer(url, token),
    /** Of 2.0.0, as nobody. */
    bare: Judge.client(url),
    /** Of today. */
    today: Judge.client(sandbox.url, sandbox)
  }
})

export type Setup = Effect.Success<typeof setup>

/** A test against a new sandbox of whole cents; it limits nothing unless told otherwise. */
export const test = <A, E>(
  name: string,
  body: (setup: Setup) => Effect.Effect<A, E, Scope.Scope>,
  options: Sandbox.ListenOptions = {}
) =>
  it.live(name, () =>
    Effect.flatMap(setup, body).pipe(
      Effect.scoped,
      Effect.provide(Sandbox.layer({ keyType: "ed25519", limits: Buckets.unlimited, wholeCents: true, ...options }))
    )
  )

/** The path of orders. */
export const ORDERS = "/portfolio/orders"

/** An id that no order has. */
export const NOBODY = "01234567-89ab-4cde-8f01-23456789abcd"

let named = 0

/** The body of an order that rests in `CENTS`, whose book is 41 / 43 with 100 on each best level. */
export const order = (fields: Record<string, unknown> = {}) => ({
  ticker: CENTS,
  client_order_id: `test-${++named}`,
  action: "buy",
  side: "yes",
  type: "limit",
  count: 10,
  ...("yes_price" in fields || "no_price" in fields || fields["type"] === "market" ? {} : { yes_price: 40 }),
  ...fields
})

/** Looks that an answer is a failure in the one shape of this wire, and repeats itself in its headers. */
export const refused = (answer: Judge.Answer, status: number, code: string, details?: string) => {
  assert.strictEqual(answer.status, status, answer.text)
  assert.deepStrictEqual(Object.keys(answer.json), ["code", "message", "details"])
  assert.strictEqual(answer.json.code, code, answer.text)
  for (const name of ["code", "message", "details"]) assert.strictEqual(answer.headers.get(name), answer.json[name])
  if (details !== undefined) assert.strictEqual(answer.json.details, details)
}
