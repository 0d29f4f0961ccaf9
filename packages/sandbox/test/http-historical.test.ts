import { assert, describe } from "@effect/vitest"
import * as Contracts from "effect-kalshi/Contracts"
import * as Dollars from "effect-kalshi/Dollars"
import * as Timestamp from "effect-kalshi/Timestamp"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Option from "effect/Option"
import type * as Judge from "./http-judge.ts"
import { CENTS, order, ORDERS, type Setup, test } from "./http-kit.ts"

const history = { fills: 300, orders: 120, settlements: 12 }

/** All rows of a list, in pages of 7. */
const all = Effect.fnUntraced(function* (send: Setup["send"], path: string, items: string) {
  const rows: Array<Judge.Body> = []
  let cursor = ""
  do {
    const page = `${path}${path.includes("?") ? "&" : "?"}limit=7${cursor === "" ? "" : `&cursor=${cursor}`}`
    const { json, status, text } = yield* send("GET", page)
    assert.strictEqual(status, 200, text)
    rows.push(...json[items])
    cursor = json.cursor ?? ""
  } while (cursor !== "")
  return rows
})

const keys: Readonly<Record<string, (row: Judge.Body) => string>> = {
  fills: (row) => `${row.trade_id}/${row.order_id}`,
  orders: (row) => row.order_id,
  trades: (row) => row.trade_id,
  markets: (row) => row.ticker,
  market_positions: (row) => row.ticker
}

const lists = {
  fills: ["/portfolio/fills", "/historical/fills", "fills"],
  orders: ["/portfolio/orders", "/historical/orders", "orders"],
  trades: ["/markets/trades", "/historical/trades", "trades"],
  markets: ["/markets", "/historical/markets", "markets"],
  positions: ["/portfolio/positions", "/historical/positions", "market_positions"]
} as const

/** The keys of a list on both sides of its cutoff. */
const sides = Effect.fnUntraced(function* (send: Setup["send"], list: keyof typeof lists) {
  const [live, historical, items] = lists[list]
  const key = keys[items] ?? (() => "")
  return {
    live: (yield* all(send, live, items)).map(key),
    historical: (yield* all(send, historical, items)).map(key)
  }
})

const dies = <A, E>(effect: Effect.Effect<A, E>) =>
  Effect.map(Effect.exit(effect), (exit) => {
    assert.isTrue(Exit.isFailure(exit) && Cause.hasDies(exit.cause))
  })

/** How far reads are, by the exchange's own word. */
const shown = (send: Setup["send"]) =>
  Effect.map(send("GET", "/exchange/user_data_timestamp"), ({ json }) =>
    Option.getOrThrow(Timestamp.fromString(json.as_of_time))
  )

const later = (at: Timestamp.Timestamp) => Timestamp.micros(at + 1)

describe("the archive", () => {
  test(
    "is empty at first",
    ({ send }) =>
      Effect.gen(function* () {
        const { json } = yield* send("GET", "/historical/cutoff", { signer: undefined })
        assert.deepStrictEqual(json, {
          market_settled_ts: "1970-01-01T00:00:00Z",
          trades_created_ts: "1970-01-01T00:00:00Z",
          orders_updated_ts: "1970-01-01T00:00:00Z",
          market_positions_last_updated_ts: "1970-01-01T00:00:00Z"
        })
        for (const list of ["fills", "orders", "trades", "markets", "positions"] as const) {
          const { historical, live } = yield* sides(send, list)
          assert.deepStrictEqual(historical, [], list)
          assert.isAbove(live.length, 0, list)
        }
      }),
    { history }
  )

  test(
    "takes what is strictly before each cutoff, and every record is on one side",
    ({ control, sandbox, send }) =>
      Effect.gen(function* () {
        const truth = yield* control.truth(sandbox.account)
        const before = {
          fills: yield* sides(send, "fills"),
          orders: yield* sides(send, "orders"),
          trades: yield* sides(send, "trades"),
          markets: yield* sides(send, "markets")
        }
        const middle = truth.fills[150]
        const ended = truth.orders
          .filter((order) => order.status !== "resting")
          .toSorted((a, b) => a.updatedAt - b.updatedAt)
        const settled = truth.settlements[6]
        assert.isDefined(middle)
        assert.isDefined(settled)
        // one at the cutoff itself stays, and moves with the next microsecond
        for (const move of [(at: Timestamp.Timestamp) => at, later]) {
          const cutoff = {
            trades: move(middle?.at ?? Timestamp.micros(0)),
            orders: move(ended[60]?.updatedAt ?? Timestamp.micros(0)),
            markets: move(settled?.at ?? Timestamp.micros(0))
          }
          yield* control.setCutoff(cutoff)
          const told = (yield* send("GET", "/historical/cutoff")).json
          assert.strictEqual(told.trades_created_ts, Timestamp.format(cutoff.trades))
          assert.strictEqual(told.market_positions_last_updated_ts, "1970-01-01T00:00:00Z")
          const fills = yield* sides(send, "fills")
          assert.deepStrictEqual([...fills.live, ...fills.historical], before.fills.live)
          assert.strictEqual(fills.historical.length, truth.fills.filter(({ at }) => at < cutoff.trades).length)
          const trades = yield* sides(send, "trades")
          assert.deepStrictEqual([...trades.live, ...trades.historical], before.trades.live)
          assert.isAbove(trades.historical.length, 0)
          const orders = yield* sides(send, "orders")
          assert.sameMembers([...orders.live, ...orders.historical], before.orders.live)
          assert.sameMembers(
            orders.historical,
            truth.orders
              .filter(({ status, updatedAt }) => status !== "resting" && updatedAt < cutoff.orders)
              .map(({ orderId }) => orderId)
          )
          const markets = yield* sides(send, "markets")
          assert.sameMembers([...markets.live, ...markets.historical], before.markets.live)
          assert.strictEqual(
            markets.historical.length,
            truth.settlements.filter(({ at }) => at < cutoff.markets).length
          )
        }
      }),
    { history }
  )

  test(
    "a market that has moved is found there, and no longer where it was",
    ({ control, sandbox, send }) =>
      Effect.gen(function* () {
        const { settlements } = yield* control.truth(sandbox.account)
        const oldest = settlements.at(-1)
        assert.isDefined(oldest)
        const { at, eventTicker, ticker } = oldest ?? { at: Timestamp.micros(0), eventTicker: "", ticker: "" }
        assert.strictEqual((yield* send("GET", `/historical/markets/${ticker}`)).status, 404)
        yield* control.setCutoff({ markets: later(at) })
        for (const path of [`/markets/${ticker}`, `/markets/${ticker}/orderbook`, `/historical/markets/${CENTS}`]) {
          const answer = yield* send("GET", path)
          assert.strictEqual(answer.status, 404, path)
          assert.strictEqual(answer.json.error.code, "market_not_found")
        }
        const { json } = yield* send("GET", `/historical/markets/${ticker}`, { signer: undefined })
        assert.strictEqual(json.market.ticker, ticker)
        assert.strictEqual(json.market.settlement_ts, Timestamp.format(at))
        // the event stays, without what has moved
        const event = yield* send("GET", `/events/${eventTicker}`)
        assert.strictEqual(event.json.event.event_ticker, eventTicker)
        assert.notInclude(
          event.json.markets.map((market: Judge.Body) => market.ticker),
          ticker
        )
        for (const filter of [`tickers=${ticker},NO`, `event_ticker=${eventTicker}`]) {
          const found = yield* all(send, `/historical/markets?${filter}`, "markets")
          assert.deepStrictEqual(
            found.map((market) => market.ticker),
            [ticker]
          )
        }
      }),
    { history }
  )

  test("filters of archived markets are mutually exclusive", ({ send }: Setup) =>
    Effect.gen(function* () {
      const answer = yield* send("GET", "/historical/markets?event_ticker=A&series_ticker=B")
      assert.strictEqual(answer.status, 400)
      assert.strictEqual(answer.json.error.code, "invalid_parameters")
    }))

  test("positions of an event move together, once all its markets are settled", ({ control, sandbox, send }) =>
    Effect.gen(function* () {
      const tickers = ["KXONE-26DEC31-A", "KXONE-26DEC31-B"] as const
      const other = yield* control.account("other", { deposit: Dollars.of(100), key: "ed25519" })
      for (const ticker of tickers) {
        yield* control.listMarket({ ticker })
        yield* control.place(other.id, { ticker, side: "ask", price: Dollars.cents(40), count: Contracts.of(2) })
        const { json } = yield* send("POST", ORDERS, { body: order({ ticker, count: "2.00" }) })
        assert.strictEqual(json.fill_count, "2.00")
      }
      const now = shown(send)
      yield* control.settle(tickers[0], "yes")
      yield* control.setCutoff({ positions: yield* now })
      // one market is still open: nothing has moved
      assert.deepStrictEqual(yield* sides(send, "positions"), { live: [tickers[1]], historical: [] })
      yield* control.settle(tickers[1], "no")
      assert.deepStrictEqual(yield* sides(send, "positions"), { live: [], historical: [] })
      // all are settled, and the last one after the cutoff
      yield* control.setCutoff({ positions: yield* now })
      assert.deepStrictEqual((yield* sides(send, "positions")).historical.toSorted(), [...tickers])
      const { json } = yield* send("GET", "/historical/positions?event_ticker=KXONE-26DEC31")
      assert.deepStrictEqual(
        json.event_positions.map((event: Judge.Body) => [event.event_ticker, event.total_cost_dollars]),
        [["KXONE-26DEC31", "1.6000"]]
      )
      assert.deepStrictEqual((yield* send("GET", `/historical/positions?ticker=NO`)).json.market_positions, [])
      const { positions } = yield* control.truth(sandbox.account)
      assert.deepStrictEqual(positions, [])
    }))

  test(
    "a cutoff goes neither back nor into the future, and moves alone",
    ({ control, sandbox, send }) =>
      Effect.gen(function* () {
        const { fills } = yield* control.truth(sandbox.account)
        const at = fills[100]?.at ?? Timestamp.micros(0)
        yield* control.setCutoff({ trades: at })
        yield* dies(control.setCutoff({ trades: Timestamp.micros(at - 1) }))
        yield* dies(control.setCutoff({ orders: Timestamp.add(at, "3650 days") }))
        const { json } = yield* send("GET", "/historical/cutoff")
        assert.strictEqual(json.trades_created_ts, Timestamp.format(at))
        assert.strictEqual(json.orders_updated_ts, "1970-01-01T00:00:00Z")
      }),
    { history }
  )

  test("what rests never moves", ({ control, send }) =>
    Effect.gen(function* () {
      const { json } = yield* send("POST", ORDERS, { body: order() })
      const { json: gone } = yield* send("POST", ORDERS, { body: order() })
      yield* send("DELETE", `${ORDERS}/${gone.order_id}?market_ticker=${CENTS}`)
      yield* control.setCutoff({ orders: yield* shown(send) })
      assert.deepStrictEqual(yield* sides(send, "orders"), { live: [json.order_id], historical: [gone.order_id] })
    }))

  test(
    "a list that is read while the cutoff moves goes on with what has stayed",
    ({ control, sandbox, send }) =>
      Effect.gen(function* () {
        const { fills } = yield* control.truth(sandbox.account)
        const cutoff = fills[50]?.at ?? Timestamp.micros(0)
        const first = yield* send("GET", "/portfolio/fills?limit=20")
        yield* control.setCutoff({ trades: cutoff })
        const rest = yield* send("GET", `/portfolio/fills?limit=1000&cursor=${first.json.cursor}`)
        const staying = fills.filter(({ at }) => at >= cutoff).length
        assert.strictEqual(first.json.fills.length + rest.json.fills.length, staying)
        assert.strictEqual(rest.json.cursor, "")
      }),
    { history }
  )
})

describe("public trades", () => {
  test(
    "by market, by time, and of a kind",
    ({ control, sandbox, send }) =>
      Effect.gen(function* () {
        const { fills } = yield* control.truth(sandbox.account)
        const ticker = fills[0]?.ticker ?? ""
        const trades = yield* all(send, `/markets/trades?ticker=${ticker}`, "trades")
        assert.sameMembers(
          [...new Set(trades.map((trade) => trade.trade_id))],
          [...new Set(fills.filter((fill) => fill.ticker === ticker).map((fill) => fill.tradeId))]
        )
        const taken = fills.find((fill) => fill.isTaker)
        const trade = (yield* all(send, "/markets/trades", "trades")).find((row) => row.trade_id === taken?.tradeId)
        assert.strictEqual(trade?.taker_book_side, taken?.side)
        assert.strictEqual(trade?.yes_price_dollars, Dollars.format(taken?.price ?? Dollars.zero))
        assert.deepStrictEqual(yield* all(send, "/markets/trades?is_block_trade=true", "trades"), [])
        assert.isAbove((yield* all(send, "/markets/trades?is_block_trade=false", "trades")).length, 0)
        const at = Timestamp.toSeconds(taken?.at ?? Timestamp.micros(0))
        const range = yield* all(send, `/markets/trades?min_ts=${at}&max_ts=${at}`, "trades")
        assert.include(
          range.map((row) => row.trade_id),
          taken?.tradeId
        )
        for (const row of range) assert.strictEqual(Math.floor(Date.parse(row.created_time) / 1000), at)
        assert.deepStrictEqual((yield* send("GET", "/markets/trades?ticker=NO")).json.trades, [])
      }),
    { history }
  )
})

describe("ranges", () => {
  test(
    "include the seconds that they name, or do not",
    ({ control, sandbox, send }) =>
      Effect.gen(function* () {
        const { fills, orders, settlements } = yield* control.truth(sandbox.account)
        const rows = {
          fills: [fills.map(({ at }) => at), "/portfolio/fills", "/historical/fills"],
          orders: [
            orders.filter(({ status }) => status !== "resting").map(({ createdAt }) => createdAt),
            "/portfolio/orders",
            "/historical/orders"
          ],
          settlements: [settlements.map(({ at }) => at), "/portfolio/settlements", "/portfolio/settlements"]
        } as const
        const isEnded = (row: Judge.Body) => row.status !== "resting"
        const check = Effect.fnUntraced(function* (side: 1 | 2) {
          for (const [items, of] of Object.entries(rows)) {
            const seconds = of[0].map(Timestamp.toSeconds)
            const [from = 0, to = 0] = [seconds.at(-4), seconds[3]]
            const path = `${of[side]}?min_ts=${from}&max_ts=${to}`
            yield* control.setRangeBounds("inclusive")
            const within = seconds.filter((at) => at >= from && at <= to).length
            assert.strictEqual((yield* all(send, path, items)).filter(isEnded).length, within, path)
            yield* control.setRangeBounds("exclusive")
            const between = seconds.filter((at) => at > from && at < to).length
            assert.strictEqual((yield* all(send, path, items)).filter(isEnded).length, between, path)
            assert.isBelow(between, within)
          }
        })
        yield* check(1)
        const now = yield* shown(send)
        // of what ended alone: the others never move
        yield* control.setCutoff({ trades: now, orders: now })
        yield* check(2)
      }),
    { history }
  )
})

describe("deposits and withdrawals", () => {
  test("are listed, newest first, in whole cents and seconds", ({ control, sandbox, send }) =>
    Effect.gen(function* () {
      for (const dollars of [1, 2, 3]) yield* control.deposit(sandbox.account, Dollars.of(dollars))
      yield* control.withdraw(sandbox.account, Dollars.cents(1234))
      const deposits = yield* all(send, "/portfolio/deposits", "deposits")
      assert.deepStrictEqual(
        deposits.map((row) => row.amount_cents),
        [300, 200, 100, 1_000_000]
      )
      const withdrawals = yield* all(send, "/portfolio/withdrawals", "withdrawals")
      assert.deepStrictEqual(
        withdrawals.map((row) => [row.amount_cents, row.fee_cents, row.status]),
        [[1234, 0, "applied"]]
      )
      assert.strictEqual(new Set([...deposits, ...withdrawals].map((row) => row.id)).size, 5)
      const { json } = yield* send("GET", "/portfolio/deposits?limit=2")
      assert.strictEqual(json.deposits.length, 2)
      const { balance } = yield* control.truth(sandbox.account)
      assert.strictEqual(balance.paidIn, Dollars.cents(1_000_000 + 600 - 1234))
    }))

  test("what is finer than a cent is not paid", ({ control, sandbox, send }) =>
    Effect.gen(function* () {
      yield* dies(control.deposit(sandbox.account, Dollars.micros(5_001)))
      const refused = yield* Effect.flip(control.withdraw(sandbox.account, Dollars.micros(5_001)))
      assert.strictEqual(refused.refusal._tag, "InvalidCount")
      assert.strictEqual((yield* send("GET", "/portfolio/deposits")).json.deposits.length, 1)
      assert.strictEqual((yield* send("GET", "/portfolio/withdrawals")).json.withdrawals.length, 0)
    }))

  test("a page has at most 500", ({ send }: Setup) =>
    Effect.gen(function* () {
      assert.strictEqual((yield* send("GET", "/portfolio/deposits?limit=501")).status, 400)
      assert.strictEqual((yield* send("GET", "/portfolio/withdrawals?limit=0")).status, 400)
    }))
})
