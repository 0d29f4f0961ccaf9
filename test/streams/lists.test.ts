/**
 * Every list as a stream: whole, in order, each row once, whatever the pages
 * look like; and every filter of its endpoint.
 */
import { Control, Sandbox } from "@effect-kalshi/sandbox"
import { assert, describe, it, layer } from "@effect/vitest"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Stream from "effect/Stream"
import { Contracts, type Fill, type KalshiError, Portfolio, Timestamp } from "effect-kalshi"
import * as kit from "../portfolio/kit.ts"

type Service = Portfolio.Portfolio["Service"]

const truth = Effect.gen(function* () {
  const control = yield* Control.Control
  const { account } = yield* Sandbox.Sandbox
  return yield* control.truth(account)
})

/** Rows that tell one from another, by list. */
const rows = {
  fills: (portfolio: Service, query: object) =>
    Stream.map(portfolio.fills(query), (fill) => `${fill.tradeId}/${fill.orderId}`),
  orders: (portfolio: Service, query: object) => Stream.map(portfolio.orders(query), (order) => order.orderId),
  settlements: (portfolio: Service, query: object) =>
    Stream.map(portfolio.settlements(query), (settlement) => settlement.ticker),
  marketPositions: (portfolio: Service, query: object) =>
    Stream.map(portfolio.marketPositions(query), (position) => position.ticker),
  eventPositions: (portfolio: Service, query: object) =>
    Stream.map(portfolio.eventPositions(query), (position) => position.eventTicker)
} satisfies Record<string, (portfolio: Service, query: object) => Stream.Stream<string, KalshiError.KalshiError>>

const lists = Object.keys(rows) as ReadonlyArray<keyof typeof rows>

/** The same rows as the exchange has them, those of positions in the order of its pages. */
const expected = Effect.gen(function* () {
  const known = yield* truth
  const portfolio = yield* Portfolio.Portfolio
  const { eventPositions, marketPositions } = yield* portfolio.getPositions({ limit: 1000 })
  assert.sameMembers(
    marketPositions.map(({ ticker }) => ticker),
    known.positions.map(({ ticker }) => ticker)
  )
  assert.sameMembers(
    eventPositions.map(({ eventTicker }) => eventTicker),
    [...new Set(known.positions.map(({ eventTicker }) => eventTicker))]
  )
  return {
    fills: known.fills.map((fill) => `${fill.tradeId}/${fill.orderId}`),
    orders: known.orders.map((order) => order.orderId),
    settlements: known.settlements.map((settlement) => settlement.ticker),
    marketPositions: marketPositions.map(({ ticker }) => ticker),
    eventPositions: eventPositions.map(({ eventTicker }) => eventTicker)
  } satisfies Record<keyof typeof rows, ReadonlyArray<string>>
})

/** Pages small enough that there are many. */
const limits: Readonly<Record<keyof typeof rows, number>> = {
  fills: 97,
  orders: 53,
  settlements: 7,
  marketPositions: 3,
  eventPositions: 3
}

const collect = (list: keyof typeof rows, query: object = {}) =>
  Portfolio.Portfolio.use((portfolio) => Stream.runCollect(rows[list](portfolio, query)))

const straight = Effect.gen(function* () {
  const control = yield* Control.Control
  yield* control.setPageDuplicates(0)
  yield* control.setEmptyPages(false)
  yield* control.setCursorEnd("empty")
  yield* control.setUnknownFields(false)
})

const second = (at: Timestamp.Timestamp) => Timestamp.toSeconds(at)

/** What a range of whole seconds lets through: all of the first second and all of the last. */
const between = (at: Timestamp.Timestamp, minTs: Timestamp.Timestamp, maxTs: Timestamp.Timestamp) =>
  second(at) >= second(minTs) && second(at) <= Math.ceil(maxTs / 1_000_000)

describe("lists as streams", () => {
  layer(kit.sandbox({ history: { fills: 2000, orders: 700, settlements: 40 } }), {
    excludeTestServices: true,
    timeout: "60 seconds"
  })((it) => {
    it.effect("there is enough of each", () =>
      Effect.gen(function* () {
        const all = yield* expected
        assert.isAtLeast(all.fills.length, 2000)
        assert.isAtLeast(all.orders.length, 700)
        assert.isAtLeast(all.settlements.length, 40)
        assert.isAtLeast(all.marketPositions.length, 7)
        assert.isAtLeast(all.eventPositions.length, 4)
      })
    )

    for (const list of lists) {
      it.effect(`${list}: the whole list, once, in order, in the largest pages`, () =>
        Effect.gen(function* () {
          const control = yield* Control.Control
          const all = yield* expected
          yield* control.clearRequests
          assert.deepStrictEqual(yield* collect(list), all[list])
          assert.strictEqual(yield* kit.count(), Math.max(1, Math.ceil(all[list].length / 1000)))
        })
      )

      for (const [pages, set] of Object.entries({
        "small pages": () => Effect.void,
        "rows that come again": (control: Control.Control["Service"]) => control.setPageDuplicates(2),
        "empty pages between": (control: Control.Control["Service"]) => control.setEmptyPages(true),
        "both, and a cursor that is absent at the end": (control: Control.Control["Service"]) =>
          Effect.all([control.setPageDuplicates(1), control.setEmptyPages(true), control.setCursorEnd("absent")]),
        "fields that nobody announced": (control: Control.Control["Service"]) => control.setUnknownFields(true)
      })) {
        it.effect(`${list}: the whole list, once, in order, with ${pages}`, () =>
          Effect.gen(function* () {
            const control = yield* Control.Control
            const all = yield* expected
            yield* set(control)
            yield* control.clearRequests
            assert.deepStrictEqual(yield* collect(list, { limit: limits[list] }), all[list])
            // small pages are many: more than one for each list
            assert.isAtLeast(yield* kit.count(), 2)
          }).pipe(Effect.ensuring(straight))
        )
      }
    }

    it.effect("fills are newest first and say what the exchange knows", () =>
      Effect.gen(function* () {
        const portfolio = yield* Portfolio.Portfolio
        const known = (yield* truth).fills
        const fills = yield* Stream.runCollect(portfolio.fills())
        const picture = (fill: Pick<Fill.Fill, "price" | "count" | "isTaker" | "fee" | "side" | "ticker">) => [
          fill.ticker,
          fill.side,
          fill.price,
          fill.count,
          fill.isTaker,
          fill.fee
        ]
        assert.deepStrictEqual(fills.map(picture), known.map(picture))
        assert.deepStrictEqual(
          fills.map((fill) => fill.createdAt),
          known.map((fill) => fill.at)
        )
        assert.isTrue(
          fills.every((fill, index) => index === 0 || (fills[index - 1]?.createdAt ?? 0) >= (fill.createdAt ?? 0))
        )
      })
    )

    it.effect("orders and settlements say what the exchange knows", () =>
      Effect.gen(function* () {
        const portfolio = yield* Portfolio.Portfolio
        const known = yield* truth
        const orders = yield* Stream.runCollect(portfolio.orders())
        assert.deepStrictEqual(
          orders.map((order) => [order.status, order.initial, order.filled, order.remaining, order.price, order.side]),
          known.orders.map((order) => [
            order.status,
            order.initial,
            order.filled,
            order.remaining,
            order.price,
            order.side
          ])
        )
        assert.deepStrictEqual(
          orders.map((order) => [order.takerCost, order.makerCost, order.takerFees, order.makerFees, order.createdAt]),
          known.orders.map((order) => [
            order.takerCost,
            order.makerCost,
            order.takerFees,
            order.makerFees,
            order.createdAt
          ])
        )
        const settlements = yield* Stream.runCollect(portfolio.settlements())
        assert.deepStrictEqual(
          settlements.map((row) => [
            row.result._tag,
            row.yesCount,
            row.noCount,
            row.yesCost,
            row.noCost,
            row.settledAt
          ]),
          known.settlements.map((row) => [row.result._tag, row.yesCount, row.noCount, row.yesCost, row.noCost, row.at])
        )
      })
    )

    it.effect("fills: every filter", () =>
      Effect.gen(function* () {
        const known = (yield* truth).fills
        const keys = (fills: typeof known) => fills.map((fill) => `${fill.tradeId}/${fill.orderId}`)
        const sample = known[700]
        const from = known[1200]?.at
        const until = known[300]?.at
        if (sample === undefined || from === undefined || until === undefined) return assert.fail("too few fills")
        assert.deepStrictEqual(
          yield* collect("fills", { ticker: sample.ticker, limit: 20 }),
          keys(known.filter((fill) => fill.ticker === sample.ticker))
        )
        assert.deepStrictEqual(
          yield* collect("fills", { orderId: sample.orderId }),
          keys(known.filter((fill) => fill.orderId === sample.orderId))
        )
        const inRange = known.filter((fill) => between(fill.at, from, until))
        assert.isAbove(inRange.length, 500)
        assert.deepStrictEqual(yield* collect("fills", { minTs: from, maxTs: until, limit: 97 }), keys(inRange))
        assert.deepStrictEqual(
          yield* collect("fills", { minTs: until }),
          keys(known.filter((fill) => second(fill.at) >= second(until)))
        )
        assert.deepStrictEqual(
          yield* collect("fills", { maxTs: from, ticker: sample.ticker }),
          keys(known.filter((fill) => fill.ticker === sample.ticker && second(fill.at) <= Math.ceil(from / 1_000_000)))
        )
        assert.deepStrictEqual(yield* collect("fills", { subaccount: 0, exchangeIndex: 0 }), keys(known))
        assert.deepStrictEqual(yield* collect("fills", { subaccount: 1 }), [])
        assert.deepStrictEqual(yield* collect("fills", { ticker: "KXNOSUCH-1-A" }), [])
      })
    )

    it.effect("orders: every filter", () =>
      Effect.gen(function* () {
        const known = (yield* truth).orders
        const keys = (orders: typeof known) => orders.map((order) => order.orderId)
        const sample = known[100]
        const other = known.find((order) => order.eventTicker !== sample?.eventTicker)
        const from = known[500]?.createdAt
        const until = known[200]?.createdAt
        if (sample === undefined || other === undefined || from === undefined || until === undefined) {
          return assert.fail("too few orders")
        }
        for (const status of ["resting", "canceled", "executed"] as const) {
          const some = known.filter((order) => order.status === status)
          assert.isAbove(some.length, 5, status)
          assert.deepStrictEqual(yield* collect("orders", { status, limit: 53 }), keys(some))
        }
        assert.deepStrictEqual(
          yield* collect("orders", { ticker: sample.ticker }),
          keys(known.filter((order) => order.ticker === sample.ticker))
        )
        assert.deepStrictEqual(
          yield* collect("orders", { eventTickers: [sample.eventTicker, other.eventTicker], limit: 20 }),
          keys(
            known.filter((order) => order.eventTicker === sample.eventTicker || order.eventTicker === other.eventTicker)
          )
        )
        assert.deepStrictEqual(
          yield* collect("orders", { minTs: from, maxTs: until }),
          keys(known.filter((order) => between(order.createdAt, from, until)))
        )
        assert.deepStrictEqual(yield* collect("orders", { subaccount: 0 }), keys(known))
        assert.deepStrictEqual(yield* collect("orders", { subaccount: 63 }), [])
      })
    )

    it.effect("settlements: every filter", () =>
      Effect.gen(function* () {
        const known = (yield* truth).settlements
        const keys = (settlements: typeof known) => settlements.map((settlement) => settlement.ticker)
        const sample = known[10]
        const from = known[30]?.at
        const until = known[8]?.at
        if (sample === undefined || from === undefined || until === undefined) return assert.fail("too few settlements")
        assert.deepStrictEqual(yield* collect("settlements", { ticker: sample.ticker }), [sample.ticker])
        assert.deepStrictEqual(
          yield* collect("settlements", { eventTicker: sample.eventTicker }),
          keys(known.filter((row) => row.eventTicker === sample.eventTicker))
        )
        assert.deepStrictEqual(
          yield* collect("settlements", { minTs: from, maxTs: until, limit: 5 }),
          keys(known.filter((row) => between(row.at, from, until)))
        )
        assert.deepStrictEqual(yield* collect("settlements", { subaccount: 0 }), keys(known))
        assert.deepStrictEqual(yield* collect("settlements", { subaccount: 2 }), [])
      })
    )

    it.effect("positions: every filter", () =>
      Effect.gen(function* () {
        const portfolio = yield* Portfolio.Portfolio
        // one position that is closed again
        const ticker = yield* kit.market()
        yield* kit.offer(ticker, "ask", 40, 2)
        yield* portfolio.createOrder(kit.bid(ticker, 40, 2))
        yield* kit.offer(ticker, "bid", 38, 2)
        yield* portfolio.createOrder(kit.ask(ticker, 38, 2))
        const known = (yield* truth).positions
        const sample = known.find((position) => position.position !== 0)
        const flat = known.filter((position) => position.position === 0)
        if (sample === undefined) return assert.fail("no position is open")
        assert.deepStrictEqual(
          flat.map((position) => position.ticker),
          [ticker]
        )
        assert.deepStrictEqual(yield* collect("marketPositions", { ticker: sample.ticker }), [sample.ticker])
        assert.sameMembers(
          [...(yield* collect("marketPositions", { eventTicker: sample.eventTicker }))],
          known.filter((position) => position.eventTicker === sample.eventTicker).map(({ ticker }) => ticker)
        )
        assert.deepStrictEqual(yield* collect("eventPositions", { eventTicker: sample.eventTicker }), [
          sample.eventTicker
        ])
        assert.sameMembers(
          [...(yield* collect("marketPositions", { countFilter: ["position"], limit: 3 }))],
          known.filter((position) => position.position !== 0).map(({ ticker }) => ticker)
        )
        assert.sameMembers(
          [
            ...(yield* collect("marketPositions", {
              countFilter: ["position", "total_traded"],
              settlementStatus: "unsettled"
            }))
          ],
          known.map(({ ticker }) => ticker)
        )
        assert.deepStrictEqual(yield* collect("marketPositions", { subaccount: 5 }), [])
        assert.strictEqual(
          (yield* collect("marketPositions", { subaccount: 0, exchangeIndex: 0 })).length,
          known.length
        )
      })
    )

    it.effect("a stream begins at the cursor that it is given", () =>
      Effect.gen(function* () {
        const portfolio = yield* Portfolio.Portfolio
        const all = yield* expected
        const first = yield* portfolio.getFills({ limit: 100 })
        assert.deepStrictEqual(yield* collect("fills", { limit: 100, cursor: first.cursor }), all.fills.slice(100))
      })
    )

    it.effect("one page is fetched ahead, and not two", () =>
      Effect.gen(function* () {
        const portfolio = yield* Portfolio.Portfolio
        const control = yield* Control.Control
        const pages = Math.ceil((yield* truth).fills.length / 100)
        yield* control.clearRequests
        const gate = yield* Deferred.make<void>()
        const fiber = yield* Effect.forkChild(
          Stream.runForEachArray(portfolio.fills({ limit: 100 }), () => Deferred.await(gate))
        )
        yield* Effect.sleep("250 millis")
        assert.strictEqual(yield* kit.count("getFills"), 2)
        yield* Deferred.succeed(gate, undefined)
        yield* Fiber.join(fiber)
        assert.strictEqual(yield* kit.count("getFills"), pages)
      })
    )

    it.effect("who takes some asks for no more than a page beyond", () =>
      Effect.gen(function* () {
        const portfolio = yield* Portfolio.Portfolio
        const control = yield* Control.Control
        yield* control.clearRequests
        const some = yield* portfolio.fills({ limit: 100 }).pipe(Stream.take(150), Stream.runCollect)
        assert.strictEqual(some.length, 150)
        yield* Effect.sleep("100 millis")
        assert.isAtMost(yield* kit.count("getFills"), 3)
      })
    )

    it.effect("fills that come while the list is read do not come twice, and shift nothing out", () =>
      Effect.gen(function* () {
        const portfolio = yield* Portfolio.Portfolio
        const ticker = yield* kit.market()
        const before = (yield* expected).fills
        let seen = 0
        const fills = yield* portfolio.fills({ limit: 100 }).pipe(
          Stream.tap(() =>
            ++seen === 250
              ? kit.offer(ticker, "ask", 40, 3).pipe(Effect.andThen(portfolio.createOrder(kit.bid(ticker, 40, 3))))
              : Effect.void
          ),
          Stream.runCollect
        )
        assert.deepStrictEqual(
          fills.map((fill) => `${fill.tradeId}/${fill.orderId}`),
          before
        )
      })
    )
  })

  const wire = (id: number) => ({
    trade_id: `t${id}`,
    order_id: `o${id}`,
    ticker: "KXT-1-A",
    outcome_side: "yes",
    book_side: "bid",
    count_fp: "1.00",
    yes_price_dollars: "0.4000",
    is_taker: true,
    fee_cost: "0.0100"
  })

  it.live("a list whose cursor does not advance fails instead of looping", () =>
    Effect.gen(function* () {
      // the server does not look at the cursor: every page is the first
      const server = yield* kit.stub(() => ({ body: { fills: [wire(1), wire(2)], cursor: "again" } }))
      yield* Effect.gen(function* () {
        const portfolio = yield* Portfolio.Portfolio
        const seen: Array<string> = []
        const reason = yield* kit.fails(
          Stream.runForEach(portfolio.fills(), (fill) => Effect.sync(() => seen.push(fill.tradeId))),
          "UnreadableAnswer",
          { operation: "getFills" }
        )
        assert.match(reason.message, /never end/)
        assert.deepStrictEqual(seen, ["t1", "t2"])
      }).pipe(Effect.provide(kit.at(server.url)))
      assert.strictEqual(server.asked.length, 2)
    })
  )

  it.live("a page that fails in the middle is read again, and the list is whole", () =>
    Effect.gen(function* () {
      const server = yield* kit.stub((_, index) =>
        index === 1
          ? { status: 502, body: "<html>" }
          : { body: { fills: [wire(index)], cursor: index === 0 ? "second" : "" } }
      )
      const fills = yield* Portfolio.Portfolio.use((portfolio) => Stream.runCollect(portfolio.fills())).pipe(
        kit.impatient,
        Effect.provide(kit.at(server.url))
      )
      assert.deepStrictEqual(
        fills.map((fill) => fill.tradeId),
        ["t0", "t2"]
      )
      assert.deepStrictEqual(
        server.asked.map(({ url }) => new URL(url, server.origin).searchParams.get("cursor")),
        [null, "second", "second"]
      )
    })
  )

  it.live("two fills of one trade are two fills", () =>
    Effect.gen(function* () {
      const own = [wire(1), { ...wire(1), order_id: "o2", book_side: "ask", outcome_side: "no" }]
      const server = yield* kit.stub(() => ({ body: { fills: own, cursor: "" } }))
      const fills = yield* Portfolio.Portfolio.use((portfolio) => Stream.runCollect(portfolio.fills())).pipe(
        Effect.provide(kit.at(server.url))
      )
      assert.deepStrictEqual(
        fills.map((fill) => [fill.tradeId, fill.orderId, fill.side, fill.count]),
        [
          ["t1", "o1", "bid", Contracts.of(1)],
          ["t1", "o2", "ask", Contracts.of(1)]
        ]
      )
    })
  )
})
