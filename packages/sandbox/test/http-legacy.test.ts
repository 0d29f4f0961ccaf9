/**
 * The wire of 2.0.0: orders, one exchange under both wires, and what cannot be asked.
 */
import { assert, describe } from "@effect/vitest"
import * as Contracts from "effect-kalshi/Contracts"
import * as Dollars from "effect-kalshi/Dollars"
import * as Effect from "effect/Effect"
import type * as Judge from "./http-judge.ts"
import { asksWrongly, CENTS } from "./http-kit.ts"
import { NOBODY, order, ORDERS, refused, test } from "./http-legacy-kit.ts"

const JSON_TYPE = { "content-type": "application/json" }

const counts = (shown: Judge.Body) => [
  shown.place_count,
  shown.taker_fill_count,
  shown.maker_fill_count,
  shown.remaining_count,
  shown.decrease_count
]

describe("an order on the wire of 2.0.0", () => {
  test("rests, is shown, and is cancelled", ({ sandbox, send }) =>
    Effect.gen(function* () {
      const body = order({ client_order_id: "mine-1" })
      const placed = yield* send("POST", ORDERS, { body })
      assert.strictEqual(placed.status, 201, placed.text)
      const { created_time, order_id, ...confirmed } = placed.json.order
      assert.deepStrictEqual(confirmed, {
        user_id: sandbox.account,
        ticker: CENTS,
        status: "resting",
        yes_price: 40,
        no_price: 60,
        action: "buy",
        side: "yes",
        type: "limit",
        client_order_id: "mine-1"
      })
      const shown = yield* send("GET", `${ORDERS}/${order_id}`)
      assert.strictEqual(shown.status, 200)
      assert.deepStrictEqual(shown.json.order, {
        ...confirmed,
        order_id,
        created_time,
        last_update_time: created_time,
        place_count: 10,
        remaining_count: 10,
        taker_fill_count: 0,
        maker_fill_count: 0,
        decrease_count: 0,
        amend_count: 0,
        amend_taker_fill_count: 0,
        close_cancel_count: 0,
        fcc_cancel_count: 0,
        taker_self_trade_cancel_count: 0,
        taker_fill_cost: 0,
        maker_fill_cost: 0,
        taker_fees: 0,
        maker_fees: 0
      })
      // a UUID is the same in capitals
      assert.strictEqual((yield* send("GET", `${ORDERS}/${order_id.toUpperCase()}`)).status, 200)
      const cancelled = yield* send("DELETE", `${ORDERS}/${order_id}`)
      assert.strictEqual(cancelled.status, 200)
      assert.strictEqual(cancelled.json.reduced_by, 10)
      assert.strictEqual(cancelled.json.order.status, "canceled")
      assert.deepStrictEqual(counts(cancelled.json.order), [10, 0, 0, 0, 10])
      refused(yield* send("DELETE", `${ORDERS}/${order_id}`), 400, "not_found")
      refused(yield* send("POST", ORDERS, { body }), 400, "order_already_exists")
    }))

  test("says what became of its contracts", ({ control, send }) =>
    Effect.gen(function* () {
      // 100 are offered at 43: they are taken, 20 rest
      const { json } = yield* send("POST", ORDERS, { body: order({ yes_price: 43, count: 120 }) })
      const path = `${ORDERS}/${json.order.order_id}`
      const { id } = yield* control.account("other", { deposit: Dollars.of(100), key: "ed25519" })
      const ask = { ticker: CENTS, side: "ask", price: Dollars.cents(43), count: Contracts.of(5) } as const
      yield* control.place(id, ask)
      const partly = (yield* send("GET", path)).json.order
      assert.deepStrictEqual(counts(partly), [20, 100, 5, 15, 0])
      assert.deepStrictEqual([partly.taker_fill_cost, partly.maker_fill_cost], [4300, 215])
      // 0.07 · 100 · 0.43 · 0.57, up to a cent
      assert.deepStrictEqual([partly.taker_fees, partly.maker_fees], [172, 0])
      assert.deepStrictEqual(counts((yield* send("DELETE", path)).json.order), [20, 100, 5, 0, 15])
      // what only takes never rested
      const taker = yield* send("POST", ORDERS, { body: order({ yes_price: 44, count: 7, expiration_ts: 1 }) })
      const taken = (yield* send("GET", `${ORDERS}/${taker.json.order.order_id}`)).json.order
      assert.deepStrictEqual([taken.status, ...counts(taken)], ["executed", 0, 7, 0, 0, 0])
    }))

  test("keeps the words that it was placed in, and its price is that of the field", ({ control, sandbox, send }) =>
    Effect.gen(function* () {
      const words = [
        [{ action: "buy", side: "yes", yes_price: 20 }, "bid", 20],
        [{ action: "sell", side: "no", no_price: 80 }, "bid", 20],
        [{ action: "buy", side: "no", no_price: 20 }, "ask", 80],
        [{ action: "sell", side: "yes", yes_price: 80 }, "ask", 80],
        // the price of the other leg
        [{ action: "buy", side: "yes", no_price: 79 }, "bid", 21],
        [{ action: "buy", side: "no", yes_price: 79 }, "ask", 79]
      ] as const
      for (const [said, side, cents] of words) {
        const { json } = yield* send("POST", ORDERS, { body: order({ ...said, count: 1 }) })
        const shown = (yield* send("GET", `${ORDERS}/${json.order.order_id}`)).json.order
        for (const one of [json.order, shown]) {
          assert.deepStrictEqual(
            [one.action, one.side, one.yes_price, one.no_price],
            [said.action, said.side, cents, 100 - cents]
          )
        }
        const [known] = (yield* control.truth(sandbox.account)).orders
        assert.deepStrictEqual([known?.side, known?.price], [side, Dollars.cents(cents)])
        assert.deepStrictEqual(known?.words, { action: said.action, side: said.side, type: "limit" })
      }
    }))

  test("of one wire is an order of the other", ({ send, today }) =>
    Effect.gen(function* () {
      const old = (yield* send("POST", ORDERS, { body: order({ action: "sell", side: "no", no_price: 70, count: 3 }) }))
        .json.order.order_id
      const body = {
        ticker: CENTS,
        side: "ask",
        count: "2.00",
        price: "0.7500",
        time_in_force: "good_till_canceled",
        self_trade_prevention_type: "taker_at_cross",
        client_order_id: "of-today"
      }
      const young = (yield* today("POST", "/portfolio/events/orders", { body })).json.order_id
      const seen = (yield* today("GET", `/portfolio/orders/${old}`)).json.order
      assert.deepStrictEqual(
        [seen.book_side, seen.side, seen.action, seen.yes_price_dollars, seen.remaining_count_fp],
        ["bid", "yes", "buy", "0.3000", "3.00"]
      )
      const { orders } = (yield* send("GET", `${ORDERS}?status=resting`)).json
      assert.deepStrictEqual(
        orders.map((one: Judge.Body) => [one.order_id, one.action, one.side, one.no_price, one.remaining_count]),
        [
          [young, "buy", "no", 25, 2],
          [old, "sell", "no", 70, 3]
        ]
      )
      // an id that was used on one is used on the other
      refused(
        yield* send("POST", ORDERS, { body: order({ client_order_id: "of-today" }) }),
        400,
        "order_already_exists"
      )
      assert.strictEqual((yield* send("DELETE", `${ORDERS}/${young}`)).status, 200)
      assert.strictEqual((yield* today("DELETE", `/portfolio/events/orders/${old}`)).status, 200)
      assert.deepStrictEqual((yield* send("GET", `${ORDERS}?status=resting`)).json.orders, [])
      const both = [yield* send("GET", "/portfolio/balance"), yield* today("GET", "/portfolio/balance")]
      assert.deepStrictEqual(
        both.map(({ json }) => json.balance),
        [1_000_000, 1_000_000]
      )
    }))

  test("expires in the future, and at once in the past", ({ send }) =>
    Effect.gen(function* () {
      const future = Math.floor(Date.now() / 1000) + 3600
      const rests = (yield* send("POST", ORDERS, { body: order({ expiration_ts: future }) })).json.order
      assert.strictEqual(rests.status, "resting")
      assert.strictEqual(Date.parse(rests.expiration_time), future * 1000)
      const gone = (yield* send("POST", ORDERS, { body: order({ expiration_ts: 1 }) })).json.order
      assert.strictEqual(gone.status, "canceled")
      assert.notProperty(gone, "expiration_time")
      const partly = (yield* send("POST", ORDERS, { body: order({ yes_price: 43, count: 130, expiration_ts: 1 }) }))
        .json.order
      assert.strictEqual(partly.status, "canceled")
      const shown = (yield* send("GET", `${ORDERS}/${partly.order_id}`)).json.order
      assert.deepStrictEqual(counts(shown), [0, 100, 0, 0, 30])
    }))

  test("stops at an order of one's own", ({ send }) =>
    Effect.gen(function* () {
      const own = yield* send("POST", ORDERS, { body: order({ action: "sell", yes_price: 42, count: 5 }) })
      const taker = yield* send("POST", ORDERS, { body: order({ yes_price: 42, count: 5 }) })
      assert.strictEqual(taker.json.order.status, "canceled")
      assert.strictEqual((yield* send("GET", `${ORDERS}/${own.json.order.order_id}`)).json.order.status, "resting")
    }))

  test("without an id of its own, as often as one likes", ({ send }) =>
    Effect.gen(function* () {
      for (let index = 0; index < 2; index++) {
        const placed = yield* send("POST", ORDERS, { body: order({ client_order_id: "" }) })
        assert.strictEqual(placed.json.order.client_order_id, "")
      }
    }))

  test("is refused with the codes of today, and with 400 alone", ({ control, send }) =>
    Effect.gen(function* () {
      const place = (fields: Record<string, unknown>) => send("POST", ORDERS, { body: order(fields) })
      const { order_id } = (yield* place({})).json.order
      refused(yield* place({ ticker: "KXNONE-1-A" }), 400, "market_not_found")
      refused(yield* place({ count: 100_000 }), 400, "insufficient_balance")
      for (const count of [0, -3]) refused(yield* place({ count }), 400, "invalid_order_size")
      for (const cents of [0, 100, -1, 101, -900_719_925_474]) {
        refused(yield* place({ yes_price: cents }), 400, "invalid_price")
        refused(yield* place({ no_price: cents }), 400, "invalid_price")
      }
      const exactlyOne = "give exactly one of yes_price and no_price"
      refused(yield* place({ yes_price: 40, no_price: 60 }), 400, "invalid_order", exactlyOne)
      refused(yield* place({ yes_price: undefined }), 400, "invalid_order", exactlyOne)
      refused(yield* place({ buy_max_cost: 100 }), 400, "invalid_order")
      refused(yield* place({ sell_position_floor: 0 }), 400, "invalid_order")
      refused(yield* place({ client_order_id: "a.b" }), 400, "invalid_parameters")
      refused(yield* place({ client_order_id: "a".repeat(65) }), 400, "invalid_parameters")
      yield* control.setExchange({ exchangeActive: true, tradingActive: false })
      refused(yield* place({}), 400, "trading_is_paused")
      yield* control.setExchange({ exchangeActive: false, tradingActive: false })
      refused(yield* place({}), 400, "exchange_is_paused")
      refused(yield* send("DELETE", `${ORDERS}/${order_id}`), 400, "exchange_is_paused")
      yield* control.setExchange({ exchangeActive: true, tradingActive: true })
      yield* control.closeMarket(CENTS)
      refused(yield* place({}), 400, "market_closed")
      for (const method of ["GET", "DELETE"]) {
        refused(yield* send(method, `${ORDERS}/${NOBODY}`), 400, "not_found", "order not found")
      }
    }))
})

describe("a market order on the wire of 2.0.0", () => {
  // the book of CENTS: 100 at 43, 200 at 44, 300 at 45 to buy; 100 at 41, 200 at 40 to sell
  const market = (fields: Record<string, unknown>) => order({ type: "market", ...fields })

  test("takes what there is, at whatever price it needs", ({ send }) =>
    Effect.gen(function* () {
      const bought = (yield* send("POST", ORDERS, { body: market({ count: 150 }) })).json.order
      assert.deepStrictEqual([bought.status, bought.yes_price, bought.type], ["executed", 44, "market"])
      const shown = (yield* send("GET", `${ORDERS}/${bought.order_id}`)).json.order
      assert.deepStrictEqual([shown.taker_fill_cost, shown.type], [100 * 43 + 50 * 44, "market"])
      const sold = (yield* send("POST", ORDERS, { body: market({ action: "sell", count: 101 }) })).json.order
      assert.deepStrictEqual([sold.status, sold.yes_price, sold.action, sold.side], ["executed", 40, "sell", "yes"])
      // more than there is: 1500 at 53 to 57, 500 of them at 57
      const all = (yield* send("POST", ORDERS, { body: market({ side: "no", count: 1600 }) })).json.order
      assert.deepStrictEqual([all.status, all.no_price], ["canceled", 63])
      const left = (yield* send("GET", `${ORDERS}/${all.order_id}`)).json.order
      assert.strictEqual(left.taker_fill_count, 1500 - 101)
      assert.strictEqual(left.decrease_count, 1600 - 1399)
      // and nobody is there any more
      const none = (yield* send("POST", ORDERS, { body: market({ side: "no", count: 1 }) })).json.order
      assert.deepStrictEqual([none.status, none.yes_price], ["canceled", 99])
    }))

  test("spends no more than it may", ({ control, sandbox, send }) =>
    Effect.gen(function* () {
      const cash = Effect.map(control.truth(sandbox.account), ({ balance }) => balance.available)
      for (const [most, side] of [
        [4472, "yes"],
        [4471, "yes"],
        [5000, "no"],
        [45, "yes"],
        [100_000, "yes"]
      ] as const) {
        const before = yield* cash
        const body = market({ side, count: 200, buy_max_cost: most })
        const placed = yield* send("POST", ORDERS, { body })
        assert.strictEqual(placed.status, 201, placed.text)
        const spent = (before - (yield* cash)) / 10_000
        assert.isAtMost(spent, most)
        const { taker_fill_count } = (yield* send("GET", `${ORDERS}/${placed.json.order.order_id}`)).json.order
        // one more contract, with its fee, would have been too much
        if (taker_fill_count < 200) assert.isAbove(spent, most - 70)
        assert.isAtLeast(taker_fill_count, 1)
      }
      refused(yield* send("POST", ORDERS, { body: market({ count: 1, buy_max_cost: 40 }) }), 400, "invalid_order")
      refused(yield* send("POST", ORDERS, { body: market({ count: 1, buy_max_cost: 0 }) }), 400, "invalid_order")
      refused(
        yield* send("POST", ORDERS, { body: market({ action: "sell", count: 1, buy_max_cost: 100 }) }),
        400,
        "invalid_order"
      )
      refused(
        yield* send("POST", ORDERS, { body: market({ count: -1, buy_max_cost: 100 }) }),
        400,
        "invalid_order_size"
      )
    }))

  test("does not flip a position, if told", ({ send }) =>
    Effect.gen(function* () {
      yield* send("POST", ORDERS, { body: market({ count: 5 }) })
      const position = Effect.map(
        send("GET", `/portfolio/positions?ticker=${CENTS}`),
        ({ json }) => json.market_positions[0].position
      )
      assert.strictEqual(yield* position, 5)
      const body = market({ action: "sell", count: 9, sell_position_floor: 0 })
      assert.strictEqual((yield* send("POST", ORDERS, { body })).json.order.status, "executed")
      assert.strictEqual(yield* position, 0)
      // nothing to sell any more
      const again = yield* send("POST", ORDERS, { body: { ...body, client_order_id: "again" } })
      assert.deepStrictEqual([again.status, again.json.order.status], [201, "canceled"])
      yield* send("POST", ORDERS, { body: market({ action: "sell", count: 2 }) })
      assert.strictEqual(yield* position, -2)
      for (const wrong of [{ sell_position_floor: 0 }, { action: "sell", sell_position_floor: 1 }]) {
        refused(yield* send("POST", ORDERS, { body: market({ ...wrong, count: 1 }) }), 400, "invalid_order")
      }
    }))

  test("goes no further than a price that comes with it", ({ send }) =>
    Effect.gen(function* () {
      const { order_id, ...bought } = (yield* send("POST", ORDERS, { body: market({ count: 150, yes_price: 43 }) }))
        .json.order
      assert.deepStrictEqual([bought.status, bought.yes_price], ["canceled", 43])
      assert.strictEqual((yield* send("GET", `${ORDERS}/${order_id}`)).json.order.taker_fill_count, 100)
      refused(yield* send("POST", ORDERS, { body: market({ yes_price: 43, no_price: 57 }) }), 400, "invalid_order")
      refused(yield* send("POST", ORDERS, { body: market({ ticker: "KXNONE-1-A" }) }), 400, "market_not_found")
    }))
})

describe("changing an order on the wire of 2.0.0", () => {
  test("amend shows it before and after", ({ send }) =>
    Effect.gen(function* () {
      const body = order({ action: "sell", side: "no", no_price: 60, client_order_id: "amend-1" })
      const { order_id } = (yield* send("POST", ORDERS, { body })).json.order
      const path = `${ORDERS}/${order_id}/amend`
      const change = {
        ticker: CENTS,
        action: "sell",
        side: "no",
        count: 12,
        no_price: 59,
        client_order_id: "amend-1",
        updated_client_order_id: "amend-2"
      }
      const amended = yield* send("POST", path, { body: change })
      assert.strictEqual(amended.status, 201, amended.text)
      const { old_order: before, order: after } = amended.json
      assert.deepStrictEqual(
        [before, after].map((one) => [one.yes_price, one.remaining_count, one.client_order_id, one.action, one.side]),
        [
          [40, 10, "amend-1", "sell", "no"],
          [41, 12, "amend-2", "sell", "no"]
        ]
      )
      const next = { ...change, client_order_id: "amend-2" }
      const amend = (fields: Record<string, unknown>) => send("POST", path, { body: { ...next, ...fields } })
      refused(yield* amend({ client_order_id: "amend-1" }), 400, "order_id_and_client_order_id_mismatch")
      refused(yield* amend({ action: "buy" }), 400, "order_side_mismatch")
      refused(yield* amend({ ticker: "KXHIGHNY-26DEC31-T45" }), 400, "order_ticker_mismatch")
      refused(yield* amend({ yes_price: 41 }), 400, "invalid_order")
      refused(yield* amend({ no_price: undefined }), 400, "invalid_order")
      refused(yield* amend({ count: 0 }), 400, "invalid_order_size")
      refused(yield* amend({ no_price: 100 }), 400, "invalid_price")
      refused(yield* amend({ updated_client_order_id: "a.b" }), 400, "invalid_parameters")
      yield* send("POST", ORDERS, { body: order({ client_order_id: "taken" }) })
      refused(yield* amend({ updated_client_order_id: "taken" }), 400, "order_already_exists")
      refused(yield* send("POST", `${ORDERS}/${NOBODY}/amend`, { body: change }), 400, "not_found")
      // other words that mean the same way are as good, and an empty id changes none
      const same = yield* amend({ action: "buy", side: "yes", updated_client_order_id: "" })
      assert.deepStrictEqual(
        [same.json.order.action, same.json.order.side, same.json.order.client_order_id],
        ["sell", "no", "amend-2"]
      )
    }))

  test("amend counts what is filled already", ({ send }) =>
    Effect.gen(function* () {
      const body = order({ yes_price: 43, count: 110, client_order_id: "filled" })
      const { order_id } = (yield* send("POST", ORDERS, { body })).json.order
      const change = {
        ticker: CENTS,
        action: "buy",
        side: "yes",
        yes_price: 44,
        count: 300,
        client_order_id: "filled",
        updated_client_order_id: "filled"
      }
      // 100 are filled; 200 more are offered at 44
      const { old_order, order: after } = (yield* send("POST", `${ORDERS}/${order_id}/amend`, { body: change })).json
      assert.deepStrictEqual(counts(old_order), [10, 100, 0, 10, 0])
      assert.deepStrictEqual([after.status, ...counts(after)], ["executed", 0, 300, 0, 0, 0])
      refused(yield* send("POST", `${ORDERS}/${order_id}/amend`, { body: change }), 400, "not_found")
    }))

  test("decrease by and to, and to more than there is does nothing", ({ send }) =>
    Effect.gen(function* () {
      const { order_id } = (yield* send("POST", ORDERS, { body: order() })).json.order
      const decrease = (body: unknown) => send("POST", `${ORDERS}/${order_id}/decrease`, { body })
      const by = yield* decrease({ reduce_by: 3 })
      assert.strictEqual(by.status, 201)
      assert.strictEqual(by.json.order.remaining_count, 7)
      assert.strictEqual((yield* decrease({ reduce_to: 4 })).json.order.remaining_count, 4)
      const more = yield* decrease({ reduce_to: 9 })
      assert.deepStrictEqual([more.status, more.json.order.remaining_count], [201, 4])
      refused(yield* decrease({}), 400, "invalid_parameters")
      refused(yield* decrease({ reduce_by: 1, reduce_to: 1 }), 400, "invalid_parameters")
      for (const wrong of [{ reduce_by: 0 }, { reduce_by: -1 }, { reduce_to: -1 }]) {
        refused(yield* decrease(wrong), 400, "invalid_order_size")
      }
      const none = yield* decrease({ reduce_to: 0 })
      assert.deepStrictEqual([none.status, none.json.order.status], [201, "canceled"])
      refused(yield* decrease({ reduce_to: 9 }), 400, "not_found")
      refused(yield* send("POST", `${ORDERS}/${NOBODY}/decrease`, { body: { reduce_by: 1 } }), 400, "not_found")
    }))
})

describe("batches on the wire of 2.0.0", () => {
  test("one result an item, in the order of the request", ({ send }) =>
    Effect.gen(function* () {
      const orders = [
        order({ client_order_id: "b-1" }),
        order({ ticker: "KXNONE-1-A" }),
        order({ client_order_id: "b-1" }),
        order({ yes_price: 43, client_order_id: "b-2" })
      ]
      const batch = yield* send("POST", `${ORDERS}/batched`, { body: { orders } })
      assert.strictEqual(batch.status, 201)
      const told = batch.json.orders.map((item: Judge.Body) => [
        Object.keys(item),
        item.order?.status,
        item.error?.code
      ])
      assert.deepStrictEqual(told, [
        [["order"], "resting", undefined],
        [["error"], undefined, "market_not_found"],
        [["error"], undefined, "order_already_exists"],
        [["order"], "executed", undefined]
      ])
      const [first, second] = batch.json.orders
      assert.deepStrictEqual(Object.keys(second.error), ["code", "message", "details"])
      const ids = [NOBODY, first.order.order_id, first.order.order_id]
      const cancel = yield* send("DELETE", `${ORDERS}/batched`, { body: { ids } })
      assert.strictEqual(cancel.status, 200)
      assert.deepStrictEqual(
        cancel.json.orders.map((item: Judge.Body) => [
          item.order_id,
          item.reduced_by,
          item.order?.status,
          item.error?.code
        ]),
        [
          [ids[0], 0, undefined, "not_found"],
          [ids[1], 10, "canceled", undefined],
          [ids[2], 0, undefined, "not_found"]
        ]
      )
      assert.deepStrictEqual((yield* send("POST", `${ORDERS}/batched`, { body: { orders: [] } })).json, { orders: [] })
      assert.deepStrictEqual((yield* send("DELETE", `${ORDERS}/batched`, { body: { ids: [] } })).json, { orders: [] })
    }))
})

describe("what cannot be read on the wire of 2.0.0", () => {
  test(
    "bodies",
    asksWrongly(({ send }) =>
      Effect.gen(function* () {
        const bad = [
          order({ count: "10" }),
          order({ count: 2.5 }),
          order({ yes_price: 40.5 }),
          order({ action: "hold" }),
          order({ type: "stop" }),
          { ...order(), client_order_id: undefined },
          []
        ]
        for (const body of bad) refused(yield* send("POST", ORDERS, { body }), 400, "bad_request")
        refused(yield* send("POST", ORDERS, { raw: "{", headers: JSON_TYPE }), 400, "bad_request")
        const text = { "content-type": "text/plain" }
        const advice = "send a JSON body with content-type: application/json"
        refused(yield* send("POST", ORDERS, { raw: "{}", headers: text }), 400, "invalid_content_type", advice)
        refused(yield* send("POST", ORDERS), 400, "invalid_content_type")
        refused(yield* send("DELETE", `${ORDERS}/batched`), 400, "invalid_content_type")
        // what a header cannot hold stays in the body
        const wide = yield* send("POST", ORDERS, { body: order({ action: "kaufen … für 40 ¢" }) })
        assert.strictEqual(wide.status, 400)
        assert.match(wide.headers.get("details") ?? "", /^[\x20-\x7e]*$/)
      })
    )
  )

  test(
    "queries and ids",
    asksWrongly(({ send }) =>
      Effect.gen(function* () {
        const bad = [
          "/portfolio/fills?limit=1001",
          "/portfolio/fills?limit=0",
          "/portfolio/fills?order_id=one",
          "/portfolio/orders?min_ts=yesterday",
          "/portfolio/orders?status=pending",
          "/portfolio/positions?settlement_status=soon",
          "/portfolio/positions?count_filter=position,volume",
          "/portfolio/settlements?limit=x",
          `${ORDERS}/one`
        ]
        for (const path of bad) refused(yield* send("GET", path), 400, "invalid_parameters")
        refused(yield* send("DELETE", `${ORDERS}/one`), 400, "invalid_parameters")
        refused(
          yield* send("DELETE", `${ORDERS}/batched`, { body: { ids: [NOBODY, "one"] } }),
          400,
          "invalid_parameters"
        )
        for (const [name, body] of [
          ["amend", { ...order(), updated_client_order_id: "x" }],
          ["decrease", { reduce_by: 1 }]
        ] as const) {
          refused(yield* send("POST", `${ORDERS}/one/${name}`, { body }), 400, "invalid_parameters")
        }
      })
    )
  )

  test(
    "unknown routes, other methods and trailing slashes are as on today's base",
    asksWrongly(({ sandbox, send }) =>
      Effect.gen(function* () {
        for (const [method, path] of [
          ["GET", "/nope"],
          ["GET", "/markets"],
          ["GET", "/portfolio/events/orders"],
          ["PUT", "/login"],
          ["GET", ""]
        ] as const) {
          const unknown = yield* send(method, path)
          assert.deepStrictEqual([unknown.status, unknown.text], [404, "404 page not found"])
          assert.match(unknown.headers.get("content-type") ?? "", /^text\/plain/)
        }
        const slash = yield* send("GET", "/portfolio/balance/?a=b")
        assert.strictEqual(slash.status, 301)
        assert.strictEqual(
          slash.headers.get("location"),
          `${new URL(sandbox.legacy.url).pathname}/portfolio/balance?a=b`
        )
      })
    )
  )
})
