import { assert, describe } from "@effect/vitest"
import * as Contracts from "effect-kalshi/Contracts"
import * as Dollars from "effect-kalshi/Dollars"
import * as Effect from "effect/Effect"
import * as Judge from "./http-judge.ts"
import { asksWrongly, CENTS, order, ORDERS, type Setup, test } from "./http-kit.ts"

const DECI = "KXFED-26DEC-T350" // book 0.614 / 0.616
const TAPERED = "KXBTC-26DEC31-T100000"
const CENTI = "KXCOMBO-26DEC31-A"

const expectError = (answer: Judge.Answer, status: number, code: string, details?: string) => {
  assert.strictEqual(answer.status, status, answer.text)
  assert.strictEqual(answer.json.error?.code, code, answer.text)
  assert.deepStrictEqual(
    Object.keys(answer.json.error).filter((key) => !["code", "message", "details"].includes(key)),
    []
  )
  if (details !== undefined) assert.strictEqual(answer.json.error.details, details)
}

describe("edges", () => {
  test(
    "unknown routes, trailing slashes and methods",
    asksWrongly(({ sandbox, send }) =>
      Effect.gen(function* () {
        const unknown = yield* send("GET", "/nope")
        assert.strictEqual(unknown.status, 404)
        assert.strictEqual(unknown.text, "404 page not found")
        assert.match(unknown.headers.get("content-type") ?? "", /^text\/plain/)
        const outside = yield* Judge.client(new URL(sandbox.url).origin)("GET", "/")
        assert.strictEqual(outside.status, 404)
        const slash = yield* send("GET", "/markets/?limit=2&cursor=")
        assert.strictEqual(slash.status, 301)
        assert.strictEqual(slash.headers.get("location"), "/trade-api/v2/markets?limit=2&cursor=")
      })
    )
  )

  test(
    "V1 writes are gone, V1 reads live on",
    asksWrongly(({ send }) =>
      Effect.gen(function* () {
        const writes = [
          ["POST", "/portfolio/orders"],
          ["POST", "/portfolio/orders/batched"],
          ["DELETE", "/portfolio/orders/batched"],
          ["DELETE", "/portfolio/orders/abc"],
          ["POST", "/portfolio/orders/abc/amend"],
          ["POST", "/portfolio/orders/abc/decrease"]
        ] as const
        for (const [method, path] of writes) {
          const answer = yield* send(method, path, { body: {} })
          assert.strictEqual(answer.status, 410)
          assert.deepStrictEqual(answer.json, {
            error: {
              code: "deprecated_v1_order_endpoint",
              message: "Please switch to the V2 endpoints",
              details: "https://docs.kalshi.com/api-reference/orders/create-order-v2"
            }
          })
        }
        assert.strictEqual((yield* send("GET", "/portfolio/orders")).status, 200)
      })
    )
  )

  test(
    "bodies: strings for numbers, a content type, JSON",
    asksWrongly(({ send }) =>
      Effect.gen(function* () {
        for (const body of [order({ count: 10 }), order({ price: 0.4 }), order({ side: "yes" }), [], { orders: 1 }]) {
          const answer = yield* send("POST", ORDERS, { body })
          assert.strictEqual(answer.status, 400)
          assert.strictEqual(answer.json.code, "bad_request")
          assert.isString(answer.json.message)
        }
        const broken = yield* send("POST", ORDERS, { raw: "{", headers: { "content-type": "application/json" } })
        assert.strictEqual(broken.json.code, "bad_request")
        const text = yield* send("POST", ORDERS, { raw: "{}", headers: { "content-type": "text/plain" } })
        assert.strictEqual(text.status, 400)
        assert.strictEqual(text.json.code, "invalid_content_type")
        const none = yield* send("POST", ORDERS)
        assert.strictEqual(none.json.code, "invalid_content_type")
      })
    )
  )

  test(
    "queries that make no sense",
    asksWrongly(({ send }) =>
      Effect.gen(function* () {
        const bad = [
          "/portfolio/fills?limit=1001",
          "/portfolio/fills?limit=0",
          "/portfolio/fills?limit=x",
          "/portfolio/orders?min_ts=yesterday",
          "/portfolio/orders?status=pending",
          "/markets?limit=1001"
        ]
        for (const path of bad) {
          const answer = yield* send("GET", path)
          assert.strictEqual(answer.status, 400, path)
          assert.deepStrictEqual(Object.keys(answer.json), ["msg"])
        }
      })
    )
  )

  test("client order ids and decreases that make no sense", ({ send }) =>
    Effect.gen(function* () {
      expectError(yield* send("POST", ORDERS, { body: order({ client_order_id: "a.b" }) }), 400, "invalid_parameters")
      expectError(
        yield* send("POST", ORDERS, { body: order({ client_order_id: "x".repeat(65) }) }),
        400,
        "invalid_parameters"
      )
      const placed = yield* send("POST", ORDERS, { body: order({ client_order_id: "x".repeat(64) }) })
      assert.strictEqual(placed.status, 201)
      const path = `${ORDERS}/${placed.json.order_id}/decrease`
      expectError(yield* send("POST", path, { body: {} }), 400, "invalid_parameters")
      expectError(yield* send("POST", path, { body: { reduce_by: "1", reduce_to: "1" } }), 400, "invalid_parameters")
    }))
})

describe("orders", () => {
  test("price grids", ({ send }) =>
    Effect.gen(function* () {
      const at = (ticker: string, price: string) => send("POST", ORDERS, { body: order({ ticker, price }) })
      expectError(yield* at(CENTS, "0.4050"), 400, "invalid_price")
      assert.strictEqual((yield* at(DECI, "0.4050")).status, 201)
      expectError(yield* at(DECI, "0.4055"), 400, "invalid_price")
      assert.strictEqual((yield* at(TAPERED, "0.0410")).status, 201)
      expectError(yield* at(TAPERED, "0.4010"), 400, "invalid_price")
      assert.strictEqual((yield* at(CENTI, "0.0101")).status, 201)
      expectError(yield* at(CENTS, "1.0000"), 400, "invalid_price")
      expectError(yield* at("NOPE", "0.5000"), 404, "market_not_found")
    }))

  test("fill or kill, a missed IOC, a self-cross", ({ send }) =>
    Effect.gen(function* () {
      expectError(
        yield* send("POST", ORDERS, {
          body: order({ price: "0.4300", count: "101", time_in_force: "fill_or_kill" })
        }),
        409,
        "fill_or_kill_insufficient_resting_volume"
      )
      const miss = yield* send("POST", ORDERS, { body: order({ time_in_force: "immediate_or_cancel" }) })
      assert.strictEqual(miss.status, 201)
      assert.strictEqual(miss.json.fill_count, "0.00")
      assert.strictEqual(miss.json.remaining_count, "0.00")
      const resting = yield* send("POST", ORDERS, { body: order({ price: "0.4200" }) })
      assert.strictEqual(resting.json.remaining_count, "10.00")
      const self = yield* send("POST", ORDERS, { body: order({ side: "ask", price: "0.4200" }) })
      assert.strictEqual(self.status, 201)
      assert.strictEqual(self.json.fill_count, "0.00")
      assert.strictEqual(self.json.remaining_count, "0.00")
    }))

  test("a cancel of everything, of the account alone, on all markets", ({ control, sandbox, send }) =>
    Effect.gen(function* () {
      const other = yield* control.account("other", { deposit: Dollars.of(100), key: "ed25519" })
      const mine = yield* send("POST", ORDERS, { body: order() })
      yield* send("POST", ORDERS, { body: order({ side: "ask", price: "0.9000" }) })
      yield* send("POST", ORDERS, { body: order({ ticker: DECI, price: "0.0100" }) })
      yield* send("POST", ORDERS, { body: order({ price: "0.4300", count: "3" }) })
      const theirs = yield* send("POST", ORDERS, { body: order(), signer: other })
      // there is no such subaccount, and nothing that rests in it
      assert.strictEqual((yield* send("DELETE", `${ORDERS}?subaccount=7`)).status, 204)
      assert.strictEqual((yield* send("GET", "/portfolio/orders?status=resting")).json.orders.length, 3)
      const all = yield* send("DELETE", ORDERS)
      assert.deepStrictEqual([all.status, all.text], [204, ""])
      assert.strictEqual((yield* send("GET", "/portfolio/orders?status=resting")).json.orders.length, 0)
      const { balance, orders } = yield* control.truth(sandbox.account)
      assert.deepStrictEqual(
        orders.map(({ status }) => status),
        ["executed", "canceled", "canceled", "canceled"]
      )
      assert.strictEqual(balance.reserved, Dollars.zero)
      assert.strictEqual((yield* control.truth(other.id)).orders[0]?.orderId, theirs.json.order_id)
      assert.strictEqual((yield* control.truth(other.id)).orders[0]?.status, "resting")
      expectError(yield* send("DELETE", `${ORDERS}/${mine.json.order_id}`), 404, "not_found")
      assert.strictEqual((yield* send("DELETE", ORDERS, { signer: undefined })).status, 401)
      const [entry] = yield* control.requests({ endpoint: "cancelAllOrders", status: 204 })
      assert.strictEqual(entry?.tokens, 2)
      yield* control.setExchange({ exchangeActive: false, tradingActive: false })
      expectError(yield* send("DELETE", ORDERS), 409, "exchange_is_paused")
    }))

  test("a fill, and everything that it changes", ({ send }) =>
    Effect.gen(function* () {
      const taken = yield* send("POST", ORDERS, {
        body: order({ price: "0.4300", count: "10", client_order_id: "taker-1" })
      })
      assert.strictEqual(taken.status, 201)
      assert.deepStrictEqual(Object.keys(taken.json), [
        "order_id",
        "client_order_id",
        "fill_count",
        "remaining_count",
        "average_fill_price",
        "average_fee_paid",
        "ts_ms"
      ])
      assert.strictEqual(taken.json.fill_count, "10.00")
      assert.strictEqual(taken.json.average_fill_price, "0.4300")
      const { order: seen } = (yield* send("GET", `/portfolio/orders/${taken.json.order_id}`)).json
      assert.strictEqual(seen.status, "executed")
      assert.strictEqual(seen.client_order_id, "taker-1")
      assert.strictEqual(seen.taker_fees_dollars, "0.1716") // 0.07 * 10 * 0.43 * 0.57 = 0.17157
      const { fills } = (yield* send("GET", "/portfolio/fills")).json
      assert.strictEqual(fills.length, 1)
      assert.strictEqual(fills[0].fee_cost, "0.1716")
      assert.strictEqual(fills[0].book_side, "bid")
      assert.strictEqual(fills[0].is_taker, true)
      const { event_positions, market_positions } = (yield* send("GET", "/portfolio/positions")).json
      assert.strictEqual(market_positions[0].position_fp, "10.00")
      assert.strictEqual(market_positions[0].market_exposure_dollars, "4.3000")
      assert.strictEqual(event_positions[0].event_ticker, "KXHIGHNY-26DEC31")
      const balance = (yield* send("GET", "/portfolio/balance")).json
      assert.strictEqual(balance.balance_dollars, "9995.5284")
      assert.strictEqual(balance.balance, 999552)
      assert.deepStrictEqual(balance.balance_breakdown, [{ exchange_index: 0, balance: "9995.5284" }])
    }))

  test("a client order id is taken for good", ({ send }) =>
    Effect.gen(function* () {
      const body = order({ client_order_id: "once" })
      const first = yield* send("POST", ORDERS, { body })
      expectError(yield* send("POST", ORDERS, { body }), 409, "order_already_exists")
      const path = `${ORDERS}/${first.json.order_id}?market_ticker=${CENTS}`
      const cancelled = yield* send("DELETE", path)
      assert.strictEqual(cancelled.status, 200)
      assert.strictEqual(cancelled.json.reduced_by, "10.00")
      expectError(yield* send("DELETE", path), 404, "not_found")
      expectError(yield* send("POST", ORDERS, { body }), 409, "order_already_exists")
      expectError(yield* send("DELETE", `${ORDERS}/unknown`), 404, "not_found")
      expectError(yield* send("GET", "/portfolio/orders/unknown"), 404, "not_found")
    }))

  test("amend and decrease", ({ send }) =>
    Effect.gen(function* () {
      const placed = yield* send("POST", ORDERS, { body: order() })
      const path = `${ORDERS}/${placed.json.order_id}`
      const less = yield* send("POST", `${path}/decrease`, { body: { reduce_by: "2.5" } })
      assert.strictEqual(less.status, 200)
      assert.strictEqual(less.json.remaining_count, "7.50")
      const amended = yield* send("POST", `${path}/amend`, {
        body: { ticker: CENTS, side: "bid", price: "0.4100", count: "8" }
      })
      assert.strictEqual(amended.status, 200, amended.text)
      assert.strictEqual(amended.json.remaining_count, "8.00")
      expectError(
        yield* send("POST", `${path}/amend`, { body: { ticker: CENTS, side: "ask", price: "0.4100", count: "8" } }),
        400,
        "order_side_mismatch"
      )
      expectError(
        yield* send("POST", `${path}/amend`, { body: { ticker: DECI, side: "bid", price: "0.4100", count: "8" } }),
        400,
        "order_ticker_mismatch"
      )
    }))

  test("post-only says no, in a batch with a space", ({ send }) =>
    Effect.gen(function* () {
      const crossing = order({ price: "0.5000", post_only: true })
      expectError(yield* send("POST", ORDERS, { body: crossing }), 400, "invalid_order", "post only cross")
      const batch = yield* send("POST", `${ORDERS}/batched`, {
        body: {
          orders: [order({ client_order_id: "good" }), crossing, order({ ticker: "NOPE", client_order_id: "n" })]
        }
      })
      assert.strictEqual(batch.status, 201)
      const [good, post, none] = batch.json.orders
      assert.strictEqual(good.client_order_id, "good")
      assert.isUndefined(good.error)
      assert.strictEqual(post.error.code, "invalid order")
      assert.strictEqual(post.error.details, "post only cross")
      assert.strictEqual(none.error.code, "market_not_found")
      assert.strictEqual(none.client_order_id, "n")
      const cancel = yield* send("DELETE", `${ORDERS}/batched`, {
        body: { orders: [{ order_id: good.order_id }, { order_id: "unknown" }] }
      })
      assert.strictEqual(cancel.status, 200)
      assert.strictEqual(cancel.json.orders[0].reduced_by, "10.00")
      assert.strictEqual(cancel.json.orders[1].reduced_by, "0.00")
      assert.strictEqual(cancel.json.orders[1].error.code, "not_found")
    }))

  test(
    "too little money",
    ({ send }) =>
      Effect.gen(function* () {
        expectError(yield* send("POST", ORDERS, { body: order({ count: "1000" }) }), 400, "insufficient_balance")
        const elsewhere = yield* send("GET", "/portfolio/balance?exchange_index=1")
        assert.strictEqual(elsewhere.status, 404)
      }),
    { deposit: Dollars.of(10) }
  )

  test("pauses", ({ control, send }) =>
    Effect.gen(function* () {
      const placed = yield* send("POST", ORDERS, { body: order() })
      yield* control.setExchange({ exchangeActive: true, tradingActive: false })
      expectError(yield* send("POST", ORDERS, { body: order() }), 409, "trading_is_paused")
      assert.strictEqual((yield* send("GET", "/exchange/status")).json.trading_active, false)
      assert.strictEqual((yield* send("DELETE", `${ORDERS}/${placed.json.order_id}`)).status, 200)
      yield* control.setExchange({ exchangeActive: false, tradingActive: false })
      expectError(yield* send("POST", ORDERS, { body: order() }), 409, "exchange_is_paused")
      yield* control.setExchange({ exchangeActive: true, tradingActive: true })
      yield* control.closeMarket(CENTS)
      expectError(yield* send("POST", ORDERS, { body: order() }), 409, "market_closed")
    }))

  test("settlement takes the position away", ({ control, send }) =>
    Effect.gen(function* () {
      yield* send("POST", ORDERS, { body: order({ price: "0.4300" }) })
      yield* control.closeMarket(CENTS)
      yield* control.settle(CENTS, "yes")
      assert.deepStrictEqual((yield* send("GET", "/portfolio/positions")).json.market_positions, [])
      const { settlements } = (yield* send("GET", "/portfolio/settlements")).json
      assert.strictEqual(settlements.length, 1)
      assert.strictEqual(settlements[0].market_result, "yes")
      assert.strictEqual(settlements[0].revenue, 1000)
      assert.strictEqual(settlements[0].value, 100)
      const { market } = (yield* send("GET", `/markets/${CENTS}`)).json
      assert.strictEqual(market.result, "yes")
      assert.strictEqual(market.status, "finalized")
    }))
})

describe("reads", () => {
  test("books ascend and mirror", ({ send }) =>
    Effect.gen(function* () {
      const { orderbook_fp: book } = (yield* send("GET", `/markets/${CENTS}/orderbook`, { signer: undefined })).json
      const prices = (levels: ReadonlyArray<readonly [string, string]>) => levels.map(([price]) => price)
      assert.deepStrictEqual(prices(book.yes_dollars), ["0.3700", "0.3800", "0.3900", "0.4000", "0.4100"])
      assert.deepStrictEqual(prices(book.no_dollars), ["0.5300", "0.5400", "0.5500", "0.5600", "0.5700"])
      const { orderbook_fp: best } = (yield* send("GET", `/markets/${CENTS}/orderbook?depth=1`)).json
      assert.deepStrictEqual(best, { yes_dollars: [["0.4100", "100.00"]], no_dollars: [["0.5700", "100.00"]] })
    }))

  test("markets by filter, series and event", ({ control, send }) =>
    Effect.gen(function* () {
      const tickers = (answer: Judge.Answer) => answer.json.markets.map((market: { ticker: string }) => market.ticker)
      assert.deepStrictEqual(tickers(yield* send("GET", `/markets?tickers=${CENTS},${DECI}`)), [DECI, CENTS])
      yield* control.closeMarket(CENTS)
      assert.deepStrictEqual(tickers(yield* send("GET", "/markets?status=closed")), [CENTS])
      assert.strictEqual((yield* send("GET", "/markets?status=open")).json.markets.length, 6)
      assert.strictEqual((yield* send("GET", "/series/KXBTC")).json.series.fee_multiplier, 0.5)
      assert.strictEqual((yield* send("GET", "/series/NOPE")).status, 404)
      assert.strictEqual((yield* send("GET", "/events/KXHIGHNY-26DEC31")).json.markets.length, 2)
    }))

  const pages = Effect.fnUntraced(function* (send: Setup["send"], path: string, limit: number) {
    const all: Array<Array<string>> = []
    let cursor: string | undefined = ""
    do {
      const answer: Judge.Answer = yield* send("GET", `${path}?limit=${limit}&cursor=${encodeURIComponent(cursor)}`)
      assert.strictEqual(answer.status, 200)
      all.push(answer.json.fills.map((fill: { trade_id: string }) => fill.trade_id))
      cursor = answer.json.cursor
    } while (cursor !== undefined && cursor !== "")
    return { all, last: cursor }
  })

  test(
    "pages, their ends and their faults",
    ({ control, sandbox, send }) =>
      Effect.gen(function* () {
        const truth = (yield* control.truth(sandbox.account)).fills.map((fill) => fill.tradeId)
        assert.isAtLeast(truth.length, 25)
        const plain = yield* pages(send, "/portfolio/fills", 10)
        assert.deepStrictEqual(plain.all.flat(), truth)
        assert.strictEqual(plain.last, "")
        yield* control.setCursorEnd("absent")
        assert.strictEqual((yield* pages(send, "/portfolio/fills", 10)).last, undefined)
        yield* control.setPageDuplicates(2)
        const doubled = yield* pages(send, "/portfolio/fills", 10)
        assert.deepStrictEqual([...new Set(doubled.all.flat())], truth)
        assert.deepStrictEqual(doubled.all[1]?.slice(0, 2), doubled.all[0]?.slice(-2))
        assert.isTrue(doubled.all.every((page) => page.length <= 10))
        yield* control.setPageDuplicates(0)
        yield* control.setEmptyPages(true)
        const gaps = yield* pages(send, "/portfolio/fills", 10)
        assert.deepStrictEqual(gaps.all.flat(), truth)
        assert.deepStrictEqual(gaps.all[1], [])
        const garbage = yield* send("GET", "/portfolio/fills?limit=10&cursor=Z2FyYmFnZQ")
        assert.strictEqual(garbage.status, 200)
        assert.deepStrictEqual(
          garbage.json.fills.map((fill: { trade_id: string }) => fill.trade_id),
          truth.slice(0, 10)
        )
      }),
    { history: { fills: 25, orders: 12 } }
  )

  test("a page boundary stays while rows are added", ({ send }) =>
    Effect.gen(function* () {
      for (let index = 0; index < 4; index++) {
        yield* send("POST", ORDERS, { body: order({ client_order_id: `c-${index}` }) })
      }
      const ids = (answer: Judge.Answer) =>
        answer.json.orders.map((one: { client_order_id: string }) => one.client_order_id)
      const first = yield* send("GET", "/portfolio/orders?limit=2")
      assert.deepStrictEqual(ids(first), ["c-3", "c-2"])
      yield* send("POST", ORDERS, { body: order({ client_order_id: "late" }) })
      const second = yield* send("GET", `/portfolio/orders?limit=2&cursor=${first.json.cursor}`)
      assert.deepStrictEqual(ids(second), ["c-1", "c-0"])
      assert.strictEqual(second.json.cursor, "")
    }))

  test(
    "bounds of time are included",
    ({ control, sandbox, send }) =>
      Effect.gen(function* () {
        const fills = (yield* control.truth(sandbox.account)).fills
        const middle = Math.floor((fills[10]?.at ?? 0) / 1_000_000)
        const inside = fills.filter((fill) => Math.floor(fill.at / 1_000_000) === middle).length
        const answer = yield* send("GET", `/portfolio/fills?min_ts=${middle}&max_ts=${middle}`)
        assert.strictEqual(answer.json.fills.length, inside)
      }),
    { history: { fills: 25 } }
  )

  test("reads trail the engine truthfully", ({ control, send }) =>
    Effect.gen(function* () {
      yield* control.setReadLag("400 millis")
      const placed = yield* send("POST", ORDERS, { body: order() })
      assert.strictEqual(placed.status, 201)
      assert.strictEqual((yield* send("GET", `/portfolio/orders/${placed.json.order_id}`)).status, 404)
      assert.strictEqual((yield* send("GET", "/portfolio/balance")).json.balance, 1_000_000)
      const { as_of_time } = (yield* send("GET", "/exchange/user_data_timestamp")).json
      assert.isBelow(Date.parse(as_of_time), placed.json.ts_ms)
      yield* Effect.sleep("450 millis")
      assert.strictEqual((yield* send("GET", `/portfolio/orders/${placed.json.order_id}`)).json.order.status, "resting")
      yield* send("DELETE", `${ORDERS}/${placed.json.order_id}`)
      assert.strictEqual((yield* send("GET", `/portfolio/orders/${placed.json.order_id}`)).json.order.status, "resting")
      yield* control.setReadLag(0)
      assert.strictEqual(
        (yield* send("GET", `/portfolio/orders/${placed.json.order_id}`)).json.order.status,
        "canceled"
      )
    }))

  test("unannounced fields are everywhere", ({ control, send }) =>
    Effect.gen(function* () {
      yield* control.setUnknownFields(true)
      const answer = yield* send("GET", "/portfolio/balance")
      assert.property(answer.json, "sandbox_unannounced")
      assert.property(answer.json.balance_breakdown[0], "sandbox_unannounced")
    }))

  test("another participant", ({ control, send }) =>
    Effect.gen(function* () {
      const other = yield* control.account("other", { deposit: Dollars.of(100), key: "ed25519" })
      const mine = yield* send("POST", ORDERS, { body: order({ price: "0.4200" }) })
      const theirs = yield* control.place(other.id, {
        ticker: CENTS,
        side: "ask",
        price: Dollars.cents(42),
        count: Contracts.of(4)
      })
      assert.strictEqual(theirs.filled, Contracts.of(4))
      const { order: seen } = (yield* send("GET", `/portfolio/orders/${mine.json.order_id}`)).json
      assert.strictEqual(seen.fill_count_fp, "4.00")
      assert.strictEqual((yield* send("GET", "/portfolio/fills", { signer: other })).json.fills[0].is_taker, true)
      const foreign = yield* send("GET", `/portfolio/orders/${mine.json.order_id}`, { signer: other })
      assert.strictEqual(foreign.status, 404)
    }))

  test(
    "25,000 fills in pages of 1,000",
    ({ control, sandbox, send }) =>
      Effect.gen(function* () {
        const started = Date.now()
        const { all } = yield* pages(send, "/portfolio/fills", 1000)
        assert.strictEqual(all.flat().length, (yield* control.truth(sandbox.account)).fills.length)
        assert.isBelow(Date.now() - started, 6000)
      }),
    { history: { fills: 25_000 } }
  )
})
