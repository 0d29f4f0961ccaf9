import { assert, describe } from "@effect/vitest"
import * as Dollars from "effect-kalshi/Dollars"
import * as Effect from "effect/Effect"
import type * as Judge from "./http-judge.ts"
import { asksWrongly, CENTS, order, ORDERS, type Setup, test } from "./http-kit.ts"

const SUBACCOUNTS = "/portfolio/subaccounts"
const TRANSFER = `${SUBACCOUNTS}/transfer`

const uuid = (number: number): string => `00000000-0000-4000-8000-${String(number).padStart(12, "0")}`

const expectError = (answer: Judge.Answer, status: number, code: string) => {
  assert.strictEqual(answer.status, status, answer.text)
  assert.strictEqual(answer.json.error?.code, code, answer.text)
}

/** Opens subaccounts 1 and 2 and gives each $100. */
const opened = Effect.fnUntraced(function* ({ send }: Setup) {
  for (const number of [1, 2]) {
    const answer = yield* send("POST", SUBACCOUNTS, { body: {} })
    assert.deepStrictEqual([answer.status, answer.json], [201, { subaccount_number: number }])
    const moved = yield* send("POST", TRANSFER, { body: transfer(number, { to_subaccount: number }) })
    assert.deepStrictEqual([moved.status, moved.json], [200, {}])
  }
})

const transfer = (number: number, fields: Record<string, unknown> = {}) => ({
  client_transfer_id: uuid(number),
  from_subaccount: 0,
  to_subaccount: 1,
  amount_cents: 10_000,
  ...fields
})

describe("subaccounts", () => {
  test("are opened in sequence, and hold money that was moved there", (setup) =>
    Effect.gen(function* () {
      const { control, send } = setup
      yield* opened(setup)
      const { subaccount_balances: rows } = (yield* send("GET", `${SUBACCOUNTS}/balances`)).json
      assert.deepStrictEqual(
        rows.map((row: Record<string, unknown>) => [row["subaccount_number"], row["exchange_index"], row["balance"]]),
        [
          [0, 0, "9800.0000"],
          [1, 0, "100.0000"],
          [2, 0, "100.0000"]
        ]
      )
      assert.strictEqual((yield* send("GET", "/portfolio/balance?subaccount=2")).json.balance_dollars, "100.0000")
      assert.strictEqual((yield* send("GET", "/portfolio/balance")).json.balance_dollars, "9800.0000")
      expectError(yield* send("GET", "/portfolio/balance?subaccount=3"), 404, "not_found")
      const { deposits, withdrawals, ...audit } = yield* control.audit
      assert.strictEqual(deposits - withdrawals, audit.cash + audit.reserves + audit.pairs + audit.kept)
    }))

  test("move money once under an id, and not what is not there", (setup) =>
    Effect.gen(function* () {
      const { sandbox, send } = setup
      yield* opened(setup)
      const post = (body: object) => send("POST", TRANSFER, { body })
      expectError(yield* post(transfer(1)), 409, "transfer_already_exists")
      expectError(yield* post(transfer(1, { amount_cents: 1, from_subaccount: 2 })), 409, "transfer_already_exists")
      expectError(yield* post(transfer(3, { amount_cents: 980_001 })), 400, "insufficient_balance")
      expectError(yield* post(transfer(3, { to_subaccount: 3 })), 404, "not_found")
      expectError(yield* post(transfer(3, { to_subaccount: 0 })), 400, "invalid_parameters")
      expectError(yield* post(transfer(3, { amount_cents: 0 })), 400, "invalid_parameters")
      expectError(yield* post(transfer(3, { client_transfer_id: "mine" })), 400, "invalid_parameters")
      expectError(yield* post(transfer(3, { exchange_index: 1 })), 404, "not_found")
      expectError(yield* send("POST", SUBACCOUNTS, { body: { exchange_index: 1 } }), 404, "not_found")
      assert.strictEqual((yield* post(transfer(3, { from_subaccount: 2 }))).status, 200)
      const first = (yield* send("GET", `${SUBACCOUNTS}/transfers?limit=2`)).json
      const rest = (yield* send("GET", `${SUBACCOUNTS}/transfers?limit=2&cursor=${first.cursor}`)).json
      assert.strictEqual(rest.cursor, "")
      const rows: ReadonlyArray<Record<string, unknown>> = [...first.transfers, ...rest.transfers]
      assert.deepStrictEqual(
        rows.map((row) => [row["from_subaccount"], row["to_subaccount"], row["amount_cents"]]),
        [
          [2, 1, 10_000],
          [0, 2, 10_000],
          [0, 1, 10_000]
        ]
      )
      assert.strictEqual(new Set(rows.map((row) => row["transfer_id"])).size, 3)
      const { transfers } = yield* setup.control.truth(sandbox.account, 0)
      assert.deepStrictEqual(
        transfers.map(({ transferId }) => transferId),
        rows.slice(1).map((row) => row["transfer_id"])
      )
    }))

  test(
    "half a cent cannot be said",
    asksWrongly(({ send }) =>
      Effect.gen(function* () {
        const half = yield* send("POST", TRANSFER, { body: transfer(1, { amount_cents: 0.5 }) })
        assert.deepStrictEqual([half.status, half.json.code], [400, "bad_request"])
      })
    )
  )

  test("trade apart: every read has its own default", (setup) =>
    Effect.gen(function* () {
      const { control, sandbox, send } = setup
      yield* opened(setup)
      // a fill and an order that rests, each in 0 and in 1
      const place = (fields: object) => send("POST", ORDERS, { body: order({ ...fields }) })
      for (const subaccount of [0, 1]) {
        assert.strictEqual((yield* place({ price: "0.4300", count: "5", subaccount })).json.fill_count, "5.00")
        assert.strictEqual((yield* place({ price: "0.1000", subaccount })).json.remaining_count, "10.00")
      }
      expectError(yield* place({ subaccount: 3 }), 404, "not_found")
      const rows = (path: string, list: string) =>
        Effect.map(send("GET", `/portfolio/${path}`), (answer): ReadonlyArray<number> =>
          answer.json[list].map((row: Record<string, unknown>) => row["subaccount_number"])
        )
      assert.deepStrictEqual(yield* rows("fills", "fills"), [1, 0])
      assert.deepStrictEqual(yield* rows(`fills?ticker=${CENTS}`, "fills"), [1, 0])
      assert.deepStrictEqual(yield* rows("fills?subaccount=0", "fills"), [0])
      assert.deepStrictEqual(yield* rows(`fills?subaccount=1&ticker=${CENTS}`, "fills"), [1])
      assert.deepStrictEqual(yield* rows("fills?subaccount=2", "fills"), [])
      assert.deepStrictEqual(yield* rows("orders?status=resting", "orders"), [1, 0])
      assert.deepStrictEqual(yield* rows("orders?subaccount=1", "orders"), [1, 1])
      assert.deepStrictEqual(yield* rows("orders?subaccount=9", "orders"), [])
      const positions = (query: string) =>
        Effect.map(send("GET", `/portfolio/positions${query}`), ({ json }) => json.market_positions.length)
      assert.deepStrictEqual(
        yield* Effect.forEach(["", "?subaccount=0", "?subaccount=1", "?subaccount=2", "?subaccount=9"], positions),
        [1, 1, 1, 0, 0]
      )
      const total = (yield* send("GET", "/portfolio/summary/total_resting_order_value")).json
      const reserved = yield* Effect.forEach([0, 1], (subaccount) =>
        Effect.map(control.truth(sandbox.account, subaccount), ({ balance }) => balance.reserved)
      )
      assert.strictEqual(total.total_resting_order_value, Math.floor(Dollars.sum(reserved) / 10_000))
      yield* control.closeMarket(CENTS)
      yield* control.settle(CENTS, "yes")
      const settlements = (query: string) =>
        Effect.map(send("GET", `/portfolio/settlements${query}`), ({ json }) => json.settlements.length)
      assert.deepStrictEqual(
        yield* Effect.forEach(["", "?subaccount=0", "?subaccount=1", "?subaccount=2"], settlements),
        [2, 1, 1, 0]
      )
    }))

  test("change orders where they are, and nowhere else", (setup) =>
    Effect.gen(function* () {
      const { control, sandbox, send } = setup
      yield* opened(setup)
      const place = Effect.map(send("POST", ORDERS, { body: order({ subaccount: 1 }) }), ({ json }) => json.order_id)
      const id = yield* place
      const path = `${ORDERS}/${id}`
      const amendment = { ticker: CENTS, side: "bid", price: "0.3900", count: "8" }
      expectError(yield* send("POST", `${path}/amend`, { body: amendment }), 404, "not_found")
      expectError(yield* send("POST", `${path}/decrease`, { body: { reduce_by: "1" } }), 404, "not_found")
      expectError(yield* send("DELETE", path), 404, "not_found")
      expectError(yield* send("DELETE", `${path}?subaccount=2`), 404, "not_found")
      assert.strictEqual((yield* send("POST", `${path}/amend?subaccount=1`, { body: amendment })).status, 200)
      const less = yield* send("POST", `${path}/decrease?subaccount=1`, { body: { reduce_by: "1" } })
      assert.strictEqual(less.json.remaining_count, "7.00")
      // it is read wherever it is
      assert.strictEqual((yield* send("GET", `/portfolio/orders/${id}`)).json.order.subaccount_number, 1)
      const batch = yield* send("DELETE", `${ORDERS}/batched`, {
        body: { orders: [{ order_id: id }, { order_id: id, subaccount: 1 }] }
      })
      assert.strictEqual(batch.json.orders[0].error.code, "not_found")
      assert.strictEqual(batch.json.orders[1].reduced_by, "7.00")
      const again = yield* place
      assert.strictEqual((yield* send("DELETE", `${ORDERS}/${again}?subaccount=1`)).status, 200)
      yield* place
      assert.strictEqual((yield* send("DELETE", `${ORDERS}?subaccount=0`)).status, 204)
      const resting = Effect.map(
        control.truth(sandbox.account, 1),
        ({ orders }) => orders.filter(({ status }) => status === "resting").length
      )
      assert.strictEqual(yield* resting, 1)
      assert.strictEqual((yield* send("DELETE", ORDERS)).status, 204)
      assert.strictEqual(yield* resting, 0)
    }))

  test("trail the engine as all reads do", (setup) =>
    Effect.gen(function* () {
      const { control, send } = setup
      yield* opened(setup)
      yield* control.setReadLag("1 minute")
      assert.strictEqual((yield* send("POST", SUBACCOUNTS, { body: {} })).json.subaccount_number, 3)
      yield* send("POST", TRANSFER, { body: transfer(9) })
      assert.strictEqual((yield* send("GET", `${SUBACCOUNTS}/balances`)).json.subaccount_balances.length, 3)
      assert.strictEqual((yield* send("GET", `${SUBACCOUNTS}/transfers`)).json.transfers.length, 2)
    }))
})
