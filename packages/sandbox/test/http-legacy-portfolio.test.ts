/**
 * The portfolio on the wire of 2.0.0, and the law that on an exchange of whole cents it leaves nothing out.
 */
import { assert, describe } from "@effect/vitest"
import * as Contracts from "effect-kalshi/Contracts"
import * as Dollars from "effect-kalshi/Dollars"
import * as Fees from "effect-kalshi/Fees"
import * as Timestamp from "effect-kalshi/Timestamp"
import * as Effect from "effect/Effect"
import type * as Control from "../src/Control.ts"
import type * as Model from "../src/Model.ts"
import type * as Judge from "./http-judge.ts"
import { CENTS } from "./http-kit.ts"
import { NOBODY, order, ORDERS, type Setup, test } from "./http-legacy-kit.ts"

const LOWER = "KXHIGHNY-26DEC31-T45"

/** All rows of a list, in pages. */
const all = Effect.fnUntraced(function* (send: Setup["send"], path: string, field: string) {
  const rows: Array<Judge.Body> = []
  let cursor: string | undefined = ""
  do {
    const query = `limit=100&cursor=${encodeURIComponent(cursor)}`
    const answer: Judge.Answer = yield* send("GET", `${path}${path.includes("?") ? "&" : "?"}${query}`)
    assert.strictEqual(answer.status, 200, answer.text)
    rows.push(...answer.json[field])
    cursor = answer.json.cursor
  } while (cursor !== undefined && cursor !== "")
  return rows
})

describe("the portfolio on the wire of 2.0.0", () => {
  test("balance and what rests, in cents", ({ send }) =>
    Effect.gen(function* () {
      yield* send("POST", ORDERS, { body: order({ yes_price: 25, count: 12 }) })
      assert.deepStrictEqual((yield* send("GET", "/portfolio/balance")).json, { balance: 1_000_000 - 300 })
      const { json } = yield* send("GET", "/portfolio/summary/total_resting_order_value")
      assert.deepStrictEqual(json, { total_value: 300 })
    }))

  test("what another subaccount has does not exist, and is not touched", ({ control, sandbox, send }) =>
    Effect.gen(function* () {
      const { account } = sandbox
      yield* control.openSubaccount(account)
      yield* control.transfer(account, { clientTransferId: "t", from: 0, to: 1, amount: Dollars.of(1000) })
      const place = (price: number) =>
        control.place(account, {
          ticker: CENTS,
          side: "bid",
          price: Dollars.cents(price),
          count: Contracts.of(10),
          subaccount: 1
        })
      const { orderId } = yield* place(20)
      yield* place(43)
      assert.deepStrictEqual((yield* send("GET", "/portfolio/balance")).json, { balance: 900_000 })
      const { json } = yield* send("GET", "/portfolio/summary/total_resting_order_value")
      assert.deepStrictEqual(json, { total_value: 0 })
      for (const [path, field] of [
        ["/portfolio/fills", "fills"],
        [`/portfolio/fills?order_id=${orderId}`, "fills"],
        ["/portfolio/orders", "orders"],
        ["/portfolio/positions", "market_positions"]
      ] as const) {
        assert.deepStrictEqual((yield* send("GET", path)).json[field], [], path)
      }
      const change = { reduce_by: 1 }
      const amendment = { ticker: CENTS, action: "buy", side: "yes", yes_price: 21, count: 10, client_order_id: "" }
      for (const answer of [
        yield* send("GET", `${ORDERS}/${orderId}`),
        yield* send("DELETE", `${ORDERS}/${orderId}`),
        yield* send("POST", `${ORDERS}/${orderId}/decrease`, { body: change }),
        yield* send("POST", `${ORDERS}/${orderId}/amend`, {
          body: { ...amendment, client_order_id: "a", updated_client_order_id: "b" }
        })
      ]) {
        assert.deepStrictEqual([answer.status, answer.json.error?.code ?? answer.json.code], [400, "not_found"])
      }
      yield* control.settle(CENTS, "yes")
      assert.deepStrictEqual((yield* send("GET", "/portfolio/settlements")).json.settlements, [])
      assert.strictEqual((yield* control.truth(account, 1)).settlements.length, 1)
    }))

  test("fills say what was gained, whatever words their orders were placed in", ({ control, sandbox, send }) =>
    Effect.gen(function* () {
      yield* send("POST", ORDERS, { body: order({ yes_price: 43, count: 2 }) })
      yield* send("POST", ORDERS, { body: order({ action: "sell", side: "no", no_price: 57, count: 3 }) })
      const sold = yield* send("POST", ORDERS, { body: order({ action: "sell", yes_price: 41, count: 4 }) })
      const { cursor, fills } = (yield* send("GET", "/portfolio/fills")).json
      assert.strictEqual(cursor, "")
      const told = fills.map((fill: Judge.Body) => [
        fill.action,
        fill.side,
        fill.count,
        fill.yes_price,
        fill.no_price,
        fill.is_taker
      ])
      assert.deepStrictEqual(told, [
        ["buy", "no", 4, 41, 59, true],
        ["buy", "yes", 3, 43, 57, true],
        ["buy", "yes", 2, 43, 57, true]
      ])
      const known = (yield* control.truth(sandbox.account)).fills
      assert.deepStrictEqual(
        fills.map((fill: Judge.Body) => [fill.trade_id, fill.order_id, fill.ticker]),
        known.map((fill) => [fill.tradeId, fill.orderId, fill.ticker])
      )
      const length = (query: string) =>
        Effect.map(send("GET", `/portfolio/fills?${query}`), ({ json }) => json.fills.length)
      assert.strictEqual(yield* length(`order_id=${sold.json.order.order_id}`), 1)
      assert.strictEqual(yield* length(`order_id=${NOBODY}`), 0)
      assert.strictEqual(yield* length(`ticker=${LOWER}`), 0)
      const second = Timestamp.toSeconds(known[0]?.at ?? Timestamp.micros(0))
      assert.isAtLeast(yield* length(`min_ts=${second}&max_ts=${second}`), 1)
      assert.strictEqual(yield* length(`min_ts=${second + 1}`), 0)
      assert.strictEqual(yield* length(`max_ts=${second - 60}`), 0)
    }))

  test("orders are narrowed to a market, an event, a status and a time", ({ send }) =>
    Effect.gen(function* () {
      const place = (fields: Record<string, unknown>) =>
        Effect.map(send("POST", ORDERS, { body: order(fields) }), ({ json }) => json.order.order_id)
      const rests = yield* place({})
      const other = yield* place({ ticker: LOWER, yes_price: 10 })
      const gone = yield* place({ yes_price: 30 })
      yield* send("DELETE", `${ORDERS}/${gone}`)
      const filled = yield* place({ yes_price: 43 })
      const ids = (query: string) =>
        Effect.map(send("GET", `${ORDERS}?${query}`), ({ json }) =>
          json.orders.map((one: { order_id: string }) => one.order_id)
        )
      assert.deepStrictEqual(yield* ids("event_ticker=KXHIGHNY-26DEC31"), [filled, gone, other, rests])
      assert.deepStrictEqual(yield* ids("event_ticker=KXHIGHNY-26DEC31,KXFREE-26DEC31"), [])
      assert.deepStrictEqual(yield* ids(`ticker=${LOWER}`), [other])
      assert.deepStrictEqual(yield* ids("status=resting"), [other, rests])
      assert.deepStrictEqual(yield* ids("status=canceled"), [gone])
      assert.deepStrictEqual(yield* ids("status=executed"), [filled])
      assert.deepStrictEqual(yield* ids("max_ts=1"), [])
      assert.lengthOf(yield* ids("min_ts=1"), 4)
    }))

  test("positions tell what rests, by market and by event", ({ send }) =>
    Effect.gen(function* () {
      for (const ticker of [CENTS, LOWER]) {
        yield* send("POST", ORDERS, { body: order({ ticker, type: "market", count: 4 }) })
      }
      yield* send("POST", ORDERS, { body: order({ count: 7 }) })
      yield* send("POST", ORDERS, { body: order({ action: "sell", yes_price: 90, count: 5 }) })
      const { event_positions, market_positions } = (yield* send("GET", "/portfolio/positions")).json
      const { last_updated_ts, ...first } = market_positions[0]
      assert.isString(last_updated_ts)
      assert.deepStrictEqual(first, {
        ticker: CENTS,
        total_traded: 172,
        position: 4,
        market_exposure: 172,
        realized_pnl: 0,
        resting_orders_count: 12,
        fees_paid: 7
      })
      // 4 at 19 cents, their fee of 0.07 · 4 · 0.19 · 0.81 up to a cent
      assert.deepStrictEqual(event_positions, [
        {
          event_ticker: "KXHIGHNY-26DEC31",
          total_cost: 172 + 76,
          event_exposure: 172 + 76,
          realized_pnl: 0,
          resting_order_count: 12,
          fees_paid: 7 + 5
        }
      ])
      const tickers = (query: string) =>
        Effect.map(send("GET", `/portfolio/positions?${query}`), ({ json }) =>
          json.market_positions.map(({ ticker }: { ticker: string }) => ticker)
        )
      assert.deepStrictEqual(yield* tickers("count_filter=resting_order_count"), [CENTS])
      assert.deepStrictEqual(yield* tickers("count_filter=resting_order_count,position"), [CENTS, LOWER])
      assert.deepStrictEqual(yield* tickers("event_ticker=KXFREE-26DEC31"), [])
      assert.deepStrictEqual(yield* tickers("limit=1"), [CENTS])
    }))

  test("positions of settled markets are there if asked for", ({ control, sandbox, send }) =>
    Effect.gen(function* () {
      for (const ticker of [CENTS, LOWER]) {
        yield* send("POST", ORDERS, { body: order({ ticker, type: "market", count: 4 }) })
      }
      yield* control.settle(CENTS, "yes")
      const positions = (status: string) =>
        Effect.map(send("GET", `/portfolio/positions?settlement_status=${status}`), ({ json }) =>
          json.market_positions.map((one: Judge.Body) => [
            one.ticker,
            one.position,
            one.market_exposure,
            one.total_traded,
            one.fees_paid
          ])
        )
      const settled = [CENTS, 0, 0, 172, 7]
      const open = [LOWER, 4, 76, 76, 5]
      assert.deepStrictEqual(yield* positions("unsettled"), [open])
      assert.deepStrictEqual(yield* positions("settled"), [settled])
      assert.deepStrictEqual(yield* positions("all"), [settled, open])
      const { settlements } = (yield* send("GET", "/portfolio/settlements")).json
      const [known] = (yield* control.truth(sandbox.account)).settlements
      const { settled_time, ...row } = settlements[0]
      assert.strictEqual(Date.parse(settled_time), Math.floor((known?.at ?? 0) / 1000))
      assert.deepStrictEqual(row, {
        ticker: CENTS,
        market_result: "yes",
        yes_count: 4,
        yes_total_cost: 172,
        no_count: 0,
        no_total_cost: 0,
        revenue: 400
      })
      const later = Timestamp.toSeconds(known?.at ?? Timestamp.micros(0)) + 1
      assert.deepStrictEqual((yield* send("GET", `/portfolio/settlements?min_ts=${later}`)).json.settlements, [])
      assert.lengthOf((yield* send("GET", `/portfolio/settlements?max_ts=${later}`)).json.settlements, 1)
    }))

  test(
    "what it cannot say is cut off toward zero",
    ({ control, sandbox, send, today }) =>
      Effect.gen(function* () {
        const ticker = "KXTENTHS-26DEC31-A"
        yield* control.listMarket({ ticker, grid: "deci_cent" })
        const { id } = yield* control.account("other", { deposit: Dollars.of(100), key: "ed25519" })
        const body = {
          ticker,
          side: "ask",
          count: "2.75",
          price: "0.4050",
          time_in_force: "good_till_canceled",
          self_trade_prevention_type: "taker_at_cross"
        }
        const { order_id } = (yield* today("POST", "/portfolio/events/orders", { body })).json
        const bid = { ticker, side: "bid", price: Dollars.of(0.405), count: Contracts.of(1.25) } as const
        yield* control.place(id, bid)
        const shown = (yield* send("GET", `${ORDERS}/${order_id}`)).json.order
        assert.deepStrictEqual(
          [shown.yes_price, shown.no_price, shown.place_count, shown.maker_fill_count, shown.remaining_count],
          [40, 59, 2, 1, 1]
        )
        const [position] = (yield* send("GET", "/portfolio/positions")).json.market_positions
        // 1.25 at 59.5 cents
        assert.deepStrictEqual([position.position, position.total_traded, position.resting_orders_count], [-1, 74, 1])
        const known = (yield* control.truth(sandbox.account)).balance
        const { balance } = (yield* send("GET", "/portfolio/balance")).json
        assert.strictEqual(balance, Math.floor(known.available / 10_000))
        const [fill] = (yield* send("GET", "/portfolio/fills")).json.fills
        assert.deepStrictEqual([fill.count, fill.yes_price, fill.no_price], [1, 40, 59])
      }),
    { wholeCents: false }
  )
})

const inCents = (amount: Dollars.Dollars): number => amount / 10_000
const inContracts = (count: Contracts.Contracts): number => count / 100
const instant = (at: Timestamp.Timestamp | undefined): string | undefined =>
  at === undefined ? undefined : new Date(at / 1000).toISOString().slice(0, 23)
const shownInstant = (text: string | undefined): string | undefined =>
  text === undefined ? undefined : new Date(text).toISOString()

// What each row of the wire has to be, from what the engine knows: divisions, so that what is cut off shows.
const expected = {
  order: (one: Model.OrderView) => [
    one.orderId,
    inCents(one.price),
    100 - inCents(one.price),
    inContracts(one.takerFilled),
    inContracts(one.filled) - inContracts(one.takerFilled),
    inContracts(one.remaining),
    inCents(one.takerCost),
    inCents(one.makerCost),
    inCents(one.takerFees),
    inCents(one.makerFees),
    one.status,
    one.clientOrderId,
    instant(one.createdAt)?.slice(0, 19),
    one.expiration === undefined ? undefined : one.expiration / 1_000_000
  ],
  fill: (one: Model.FillView) => [
    one.tradeId,
    one.orderId,
    inContracts(one.count),
    inCents(one.price),
    one.side === "bid" ? "yes" : "no",
    one.isTaker
  ],
  settlement: (one: Model.SettlementView) => [
    one.ticker,
    one.result._tag,
    inContracts(one.yesCount),
    inCents(one.yesCost),
    inContracts(one.noCount),
    inCents(one.noCost),
    inCents(one.revenue)
  ],
  position: (one: Model.PositionView) => [
    one.ticker,
    inContracts(one.position),
    inCents(one.exposure),
    inCents(one.totalTraded),
    inCents(one.realizedPnl),
    inCents(one.feesPaid),
    inContracts(one.resting)
  ]
}

const told = {
  order: (row: Judge.Body) => [
    row.order_id,
    row.yes_price,
    row.no_price,
    row.taker_fill_count,
    row.maker_fill_count,
    row.remaining_count,
    row.taker_fill_cost,
    row.maker_fill_cost,
    row.taker_fees,
    row.maker_fees,
    row.status,
    row.client_order_id,
    shownInstant(row.created_time)?.slice(0, 19),
    row.expiration_time === undefined ? undefined : Date.parse(row.expiration_time) / 1000
  ],
  fill: (row: Judge.Body) => [row.trade_id, row.order_id, row.count, row.yes_price, row.side, row.is_taker],
  settlement: (row: Judge.Body) => [
    row.ticker,
    row.market_result,
    row.yes_count,
    row.yes_total_cost,
    row.no_count,
    row.no_total_cost,
    row.revenue
  ],
  position: (row: Judge.Body) => [
    row.ticker,
    row.position,
    row.market_exposure,
    row.total_traded,
    row.realized_pnl,
    row.fees_paid,
    row.resting_orders_count
  ]
}

const byTicker = (a: Array<unknown>, b: Array<unknown>): number => (String(a[0]) < String(b[0]) ? -1 : 1)

const sum = (views: ReadonlyArray<Model.PositionView>, of: (view: Model.PositionView) => number): number =>
  views.reduce((total, view) => total + of(view), 0)

/** Looks that the wire tells the whole truth. */
const tellsAll = Effect.fnUntraced(function* ({ send }: Setup, truth: Control.Truth) {
  const orders = yield* all(send, ORDERS, "orders")
  assert.deepStrictEqual(orders.map(told.order), truth.orders.map(expected.order))
  for (const [index, row] of orders.entries()) {
    const initial = truth.orders[index]?.initial ?? Contracts.zero
    const parts = row.taker_fill_count + row.maker_fill_count + row.remaining_count + row.decrease_count
    assert.strictEqual(parts, inContracts(initial))
    assert.isTrue(row.place_count === 0 || row.place_count === parts - row.taker_fill_count)
  }
  const fills = yield* all(send, "/portfolio/fills", "fills")
  assert.deepStrictEqual(fills.map(told.fill), truth.fills.map(expected.fill))
  const settlements = yield* all(send, "/portfolio/settlements", "settlements")
  assert.deepStrictEqual(settlements.map(told.settlement), truth.settlements.map(expected.settlement))
  const positions = yield* all(send, "/portfolio/positions", "market_positions")
  assert.deepStrictEqual(
    positions.map(told.position).toSorted(byTicker),
    truth.positions.map(expected.position).toSorted(byTicker)
  )
  for (const event of yield* all(send, "/portfolio/positions", "event_positions")) {
    const views = truth.positions.filter((view) => view.eventTicker === event.event_ticker)
    assert.deepStrictEqual(
      [event.total_cost, event.event_exposure, event.realized_pnl, event.fees_paid, event.resting_order_count],
      [
        inCents(Dollars.micros(sum(views, (view) => view.totalTraded))),
        inCents(Dollars.micros(sum(views, (view) => view.exposure))),
        inCents(Dollars.micros(sum(views, (view) => view.realizedPnl))),
        inCents(Dollars.micros(sum(views, (view) => view.feesPaid))),
        inContracts(Contracts.centis(sum(views, (view) => view.resting)))
      ]
    )
  }
  const settled = yield* all(send, "/portfolio/positions?settlement_status=settled", "market_positions")
  assert.deepStrictEqual(
    settled.map(({ ticker }) => ticker).toSorted(),
    truth.settlements.map(({ ticker }) => ticker).toSorted()
  )
  const { balance } = (yield* send("GET", "/portfolio/balance")).json
  assert.strictEqual(balance, inCents(truth.balance.available))
  const { total_value } = (yield* send("GET", "/portfolio/summary/total_resting_order_value")).json
  assert.strictEqual(total_value, inCents(truth.balance.reserved))
  return { orders, fills, settlements, positions }
})

describe("an exchange of whole cents", () => {
  for (const seed of [1, 2, 3]) {
    test(
      `leaves the wire of 2.0.0 nothing to cut off: seed ${seed}`,
      (setup) =>
        Effect.gen(function* () {
          const { control, sandbox } = setup
          // something that rests on either side, and a position that was closed in part
          for (const [fields] of [
            [{ yes_price: 43, count: 7 }],
            [{ yes_price: 44, count: 104 }],
            [{ action: "sell", yes_price: 41, count: 5 }],
            [{ count: 9 }],
            [{ side: "no", no_price: 30, count: 9 }]
          ] as const) {
            yield* setup.send("POST", ORDERS, { body: order(fields) })
          }
          const truth = yield* control.truth(sandbox.account)
          const { fills, orders, positions, settlements } = yield* tellsAll(setup, truth)
          assert.isAtLeast(fills.length, 400)
          assert.isAtLeast(orders.length, 150)
          assert.strictEqual(settlements.length, 20)
          assert.isTrue(positions.some((row) => row.realized_pnl !== 0))
          assert.isTrue(positions.some((row) => row.fees_paid !== 0))
          assert.isTrue(settlements.some((row) => row.market_result === "scalar"))
        }),
      { seed, history: { fills: 400, orders: 150, settlements: 20 } }
    )
  }

  test("opens with markets of whole cents, and trades whole contracts on today's wire too", ({ send, today }) =>
    Effect.gen(function* () {
      const { markets } = (yield* today("GET", "/markets")).json
      assert.lengthOf(markets, 4)
      for (const market of markets) assert.strictEqual(market.price_level_structure, "linear_cent")
      const body = {
        ticker: CENTS,
        side: "bid",
        count: "2.50",
        price: "0.4000",
        time_in_force: "good_till_canceled",
        self_trade_prevention_type: "taker_at_cross"
      }
      const part = yield* today("POST", "/portfolio/events/orders", { body })
      assert.deepStrictEqual([part.status, part.json.error.code], [400, "invalid_order_size"])
      const { order_id } = (yield* today("POST", "/portfolio/events/orders", { body: { ...body, count: "3.00" } })).json
      const by = yield* today("POST", `/portfolio/events/orders/${order_id}/decrease`, { body: { reduce_by: "0.50" } })
      assert.deepStrictEqual([by.status, by.json.error.code], [400, "invalid_order_size"])
      assert.strictEqual((yield* send("GET", `${ORDERS}/${order_id}`)).json.order.remaining_count, 3)
    }))

  test(
    "takes another precision if it is told one",
    ({ control, sandbox, send }) =>
      Effect.gen(function* () {
        yield* send("POST", ORDERS, { body: order({ yes_price: 43, count: 1 }) })
        const [fill] = (yield* control.truth(sandbox.account)).fills
        // 0.07 · 0.43 · 0.57, up to $0.0001
        assert.strictEqual(fill?.fee, Dollars.of(0.0172))
      }),
    { precision: Fees.direct }
  )
})
