import { assert, describe } from "@effect/vitest"
import * as Contracts from "effect-kalshi/Contracts"
import * as Dollars from "effect-kalshi/Dollars"
import * as Timestamp from "effect-kalshi/Timestamp"
import * as Effect from "effect/Effect"
import type * as Judge from "./http-judge.ts"
import { CENTS, order, ORDERS, type Setup, test } from "./http-kit.ts"

const KEYS = "/api_keys"
const SUBACCOUNTS = "/portfolio/subaccounts"

const expectForbidden = (answer: Judge.Answer, words: RegExp) => {
  assert.strictEqual(answer.status, 403, answer.text)
  assert.match(answer.json["error"]?.message, words)
}

/** Opens subaccounts 1 and 2, gives each $100, and binds the key to the first. */
const bound = Effect.fnUntraced(function* ({ control, sandbox }: Setup) {
  for (const to of [1, 2]) {
    yield* control.openSubaccount(sandbox.account)
    yield* control.transfer(sandbox.account, {
      from: 0,
      to,
      amount: Dollars.of(100),
      clientTransferId: `to-${to}`
    })
  }
  yield* control.setKey(sandbox.keyId, { subaccount: 1 })
})

describe("keys", () => {
  test("are listed with what they may do", ({ control, sandbox, send }) =>
    Effect.gen(function* () {
      assert.deepStrictEqual((yield* send("GET", KEYS)).json, {
        api_keys: [{ api_key_id: sandbox.keyId, name: "member 1", scopes: ["read", "write"] }]
      })
      const second = yield* control.account("member", { key: "ed25519" })
      yield* control.account("somebody else", { key: "ed25519" })
      yield* control.setKey(second.keyId, { name: "reader", scopes: ["read"], subaccount: 0 })
      yield* control.setRegionExpiry(sandbox.account, Timestamp.fromSeconds(1_800_000_000))
      assert.deepStrictEqual((yield* send("GET", KEYS)).json, {
        api_keys: [
          { api_key_id: sandbox.keyId, name: "member 1", scopes: ["read", "write"] },
          { api_key_id: second.keyId, name: "reader", scopes: ["read"], subaccount: 0 }
        ],
        api_key_region_expiration_ts: 1_800_000_000
      })
      yield* control.setRegionExpiry(sandbox.account, undefined)
      yield* control.setKey(second.keyId, { subaccount: null })
      const after = (yield* send("GET", KEYS)).json
      assert.isUndefined(after["api_key_region_expiration_ts"])
      assert.deepStrictEqual(after["api_keys"][1], { api_key_id: second.keyId, name: "reader", scopes: ["read"] })
    }))

  test("may do what their scopes say, and no more", ({ control, sandbox, send }) =>
    Effect.gen(function* () {
      const place = () => send("POST", ORDERS, { body: order() })
      yield* control.setKey(sandbox.keyId, { scopes: ["read"] })
      assert.strictEqual((yield* send("GET", "/portfolio/fills")).status, 200)
      expectForbidden(yield* place(), /lacks the scope write/)
      yield* control.setKey(sandbox.keyId, { scopes: ["read::portfolio_balance", "write::trade"] })
      assert.strictEqual((yield* send("GET", "/portfolio/balance")).status, 200)
      expectForbidden(yield* send("GET", "/portfolio/fills"), /lacks the scope read/)
      expectForbidden(yield* send("GET", KEYS), /lacks the scope read/)
      assert.strictEqual((yield* place()).status, 201)
      expectForbidden(yield* send("POST", SUBACCOUNTS, { body: {} }), /lacks the scope write/)
      yield* control.setKey(sandbox.keyId, { scopes: [] })
      assert.strictEqual((yield* send("GET", "/exchange/status")).status, 200)
      expectForbidden(yield* send("GET", "/portfolio/balance"), /lacks the scope read/)
    }))

  test("that are bound to a subaccount mean it where none is named", (setup) =>
    Effect.gen(function* () {
      const { control, sandbox, send } = setup
      yield* bound(setup)
      const balance = (yield* send("GET", "/portfolio/balance")).json
      assert.strictEqual(balance["balance_dollars"], "100.0000")
      assert.isUndefined(balance["balance_breakdown"])
      const placed = yield* send("POST", ORDERS, { body: order() })
      assert.strictEqual(placed.status, 201, placed.text)
      const id = placed.json["order_id"]
      assert.deepStrictEqual(
        (yield* control.truth(sandbox.account, 1)).orders.map((mine) => mine.orderId),
        [id]
      )
      const { order: shown } = (yield* send("GET", `/portfolio/orders/${id}`)).json
      assert.strictEqual(shown["subaccount_number"], 1)
      assert.strictEqual((yield* send("DELETE", `${ORDERS}/${id}?market_ticker=${CENTS}`)).status, 200)
    }))

  test("that are bound to a subaccount reach no other", (setup) =>
    Effect.gen(function* () {
      const { control, sandbox, send } = setup
      yield* bound(setup)
      const only = /limited to a single sub-account/
      assert.strictEqual((yield* send("GET", "/portfolio/balance?subaccount=1")).status, 200)
      expectForbidden(yield* send("GET", "/portfolio/balance?subaccount=0"), only)
      expectForbidden(yield* send("POST", ORDERS, { body: order({ subaccount: 2 }) }), only)
      expectForbidden(
        yield* send("POST", `${ORDERS}/batched`, {
          body: { orders: [order({ subaccount: 1 }), order({ subaccount: 2 })] }
        }),
        only
      )
      expectForbidden(yield* send("GET", `${SUBACCOUNTS}/balances`), only)
      expectForbidden(yield* send("POST", SUBACCOUNTS, { body: {} }), only)
      const other = yield* control.place(sandbox.account, {
        ticker: CENTS,
        side: "bid",
        price: Dollars.cents(40),
        count: Contracts.of(10),
        subaccount: 2
      })
      assert.strictEqual((yield* send("GET", `/portfolio/orders/${other.orderId}`)).status, 404)
      assert.strictEqual((yield* send("DELETE", `${ORDERS}/${other.orderId}`)).status, 404)
      assert.deepStrictEqual((yield* send("GET", "/portfolio/orders")).json["orders"], [])
      yield* control.setKey(sandbox.keyId, { subaccount: null })
      assert.strictEqual((yield* send("GET", "/portfolio/orders")).json["orders"].length, 1)
    }))
})
