import { assert, describe } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Buckets from "../src/Buckets.ts"
import type * as Judge from "./http-judge.ts"
import { CENTS, order, ORDERS, type Setup, test } from "./http-kit.ts"

const NOBODY = "01234567-89ab-4cde-8f01-23456789abcd"

// what each bucket paid for what is done
const paid = Effect.fnUntraced(function* <E>({ control, sandbox }: Setup, done: Effect.Effect<Judge.Answer, E>) {
  const accepted = Effect.map(control.tokens(sandbox.account), (tokens) => Object.entries(tokens.accepted))
  const before = new Map(yield* accepted)
  const { status } = yield* done
  const after = yield* accepted
  const bill = after.flatMap(([name, tokens]) =>
    tokens === before.get(name) ? [] : [[name, tokens - (before.get(name) ?? 0)] as const]
  )
  return { status, bill: Object.fromEntries(bill) }
})

describe("buckets of shards", () => {
  test(
    "a write pays for the shard that it names, or for all of them",
    (given) =>
      Effect.gen(function* () {
        const { send } = given
        const create = (fields: Record<string, unknown>) => send("POST", ORDERS, { body: order(fields) })
        const cancel = (query: string) => send("DELETE", `${ORDERS}/${NOBODY}${query}`)
        const change = (way: string, body: Record<string, unknown>) =>
          send("POST", `${ORDERS}/${NOBODY}/${way}`, { body: { ...body, exchange_index: 1 } })
        const all = (cost: number) => ({ write: cost, "write:1": cost, "write:2": cost })
        const bills: ReadonlyArray<readonly [ReturnType<typeof send>, number, Record<string, number>]> = [
          [create({}), 201, all(10)],
          [create({ exchange_index: -1 }), 201, all(10)],
          [create({ exchange_index: 0 }), 201, { write: 10 }],
          [create({ exchange_index: 1 }), 404, { "write:1": 10 }],
          [create({ exchange_index: 2 }), 404, { "write:2": 10 }],
          // there is no such shard
          [create({ exchange_index: 3 }), 404, { write: 10 }],
          [cancel(`?market_ticker=${CENTS}`), 404, all(2)],
          [cancel("?exchange_index=-1"), 404, all(2)],
          [cancel("?subaccount=0&exchange_index=0"), 404, { write: 2 }],
          [cancel("?subaccount=0&exchange_index=2"), 404, { "write:2": 2 }],
          [change("amend", { ticker: CENTS, side: "bid", price: "0.4100", count: "1.00" }), 404, { "write:1": 10 }],
          [change("decrease", { reduce_by: "1.00" }), 404, { "write:1": 10 }],
          [send("DELETE", ORDERS), 204, all(2)],
          // batches pay as a whole
          [
            send("POST", `${ORDERS}/batched`, { body: { orders: [order(), order({ exchange_index: 1 })] } }),
            201,
            { write: 20 }
          ],
          [
            send("DELETE", `${ORDERS}/batched`, { body: { orders: [{ order_id: NOBODY, exchange_index: 1 }] } }),
            200,
            { write: 2 }
          ],
          [send("GET", "/portfolio/orders?exchange_index=1"), 200, { read: 10 }]
        ]
        for (const [done, status, bill] of bills) {
          assert.deepStrictEqual(yield* paid(given, done), { status, bill })
        }
      }),
    { shards: 3 }
  )

  test("with one shard there is one bucket for writes", (given) =>
    Effect.gen(function* () {
      const { control, sandbox, send } = given
      const create = (fields: Record<string, unknown>) => send("POST", ORDERS, { body: order(fields) })
      assert.deepStrictEqual(yield* paid(given, create({})), { status: 201, bill: { write: 10 } })
      assert.deepStrictEqual(yield* paid(given, create({ exchange_index: 1 })), { status: 404, bill: { write: 10 } })
      assert.hasAllKeys((yield* control.tokens(sandbox.account)).accepted, ["read", "write"])
    }))

  test(
    "what somebody else spends is missing to whoever has to pay from there",
    ({ control, sandbox, send }) =>
      Effect.gen(function* () {
        const create = (fields: Record<string, unknown>) =>
          Effect.map(send("POST", ORDERS, { body: order(fields) }), ({ status }) => status)
        assert.isTrue(yield* control.spend(sandbox.account, "write:1", 95))
        assert.isFalse(yield* control.spend(sandbox.account, "write:1", 95))
        assert.strictEqual(yield* create({}), 429)
        assert.strictEqual(yield* create({ exchange_index: 1 }), 429)
        assert.strictEqual(yield* create({ exchange_index: 0 }), 201)
        assert.strictEqual(yield* create({ exchange_index: 2 }), 404)
        assert.deepStrictEqual(yield* control.tokens(sandbox.account), {
          accepted: { read: 0, write: 10, "write:1": 0, "write:2": 10 },
          refused: { read: 0, write: 0, "write:1": 2, "write:2": 0 },
          spent: { read: 0, write: 0, "write:1": 95, "write:2": 0 }
        })
      }),
    // nothing to speak of comes back while it runs, however slow that is
    { shards: 3, limits: { ...Buckets.basic, write: { refill: 0.1, capacity: 100 } } }
  )

  test(
    "the exchange tells its shards, and markets stay on the first",
    ({ send }) =>
      Effect.gen(function* () {
        const { json } = yield* send("GET", "/exchange/status")
        assert.deepStrictEqual(
          json.exchange_index_statuses.map((one: Judge.Body) => [one.exchange_index, one.trading_active]),
          [
            [0, true],
            [1, true],
            [2, true]
          ]
        )
        const { json: listed } = yield* send("GET", "/markets")
        for (const market of listed.markets) assert.strictEqual(market.exchange_index, 0)
      }),
    { shards: 3 }
  )
})

describe("costs", () => {
  test("are told as they are billed, whatever they are", (given) =>
    Effect.gen(function* () {
      const { control, send } = given
      const costs = Effect.map(send("GET", "/account/endpoint_costs", { signer: undefined }), ({ json }) => json)
      const declared = yield* costs
      const bill = <E>(done: Effect.Effect<Judge.Answer, E>) => Effect.map(paid(given, done), (paid) => paid.bill)
      const batch = send("POST", `${ORDERS}/batched`, { body: { orders: [order(), order(), order()] } })
      yield* control.setCosts({ standard: 7, endpoints: { batchCreateOrders: 4, getOrder: 7 } })
      const told = yield* costs
      assert.strictEqual(told.default_cost, 7)
      const told4 = { method: "POST", path: `/trade-api/v2${ORDERS}/batched`, cost: 4 }
      assert.deepInclude(told.endpoint_costs, told4)
      // what costs the default has no row
      assert.notInclude(
        told.endpoint_costs.map(({ path }: Judge.Body) => path),
        "/trade-api/v2/portfolio/orders/{order_id}"
      )
      assert.deepStrictEqual(yield* bill(batch), { write: 12 })
      assert.deepStrictEqual(yield* bill(send("POST", ORDERS, { body: order() })), { write: 7 })
      assert.deepStrictEqual(yield* bill(send("GET", `/portfolio/orders/${NOBODY}`)), { read: 7 })
      // what is declared stays where nothing else was said
      assert.deepStrictEqual(yield* bill(send("DELETE", `${ORDERS}/${NOBODY}?market_ticker=${CENTS}`)), { write: 2 })
      yield* control.setCosts({})
      assert.deepStrictEqual(yield* costs, declared)
      assert.deepStrictEqual(yield* bill(batch), { write: 30 })
    }))
})
