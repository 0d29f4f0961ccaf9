/**
 * A cancel without its market goes to the wrong shard: where the market of an
 * order comes from, and that it is always sent.
 */
import { Control } from "@effect-kalshi/sandbox"
import { assert, describe, it, layer } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import { Contracts, Dollars, Portfolio, Retry } from "effect-kalshi"
import * as kit from "./kit.ts"

const queryOf = (endpoint: string) =>
  Control.Control.use((control) =>
    Effect.map(control.requests({ endpoint }), (entries) =>
      entries.map(({ query }) => Object.fromEntries(new URLSearchParams(query)))
    )
  )

/** Orders that another session of the member placed: this one has never seen them. */
const strangers = Effect.fnUntraced(function* (ticker: string, count: number) {
  const portfolio = yield* Portfolio.Portfolio
  const ids: Array<string> = []
  for (let index = 0; index < count; index++) ids.push((yield* portfolio.createOrder(kit.bid(ticker))).orderId)
  yield* Control.Control.use((control) => control.clearRequests)
  return ids
})

describe("portfolio routing", () => {
  layer(kit.sandbox(), { excludeTestServices: true })((it) => {
    it.effect("an order that was placed here is cancelled without a lookup", () =>
      Effect.gen(function* () {
        const portfolio = yield* Portfolio.Portfolio
        const ticker = yield* kit.market()
        const one = yield* portfolio.createOrder(kit.bid(ticker))
        const [two] = yield* portfolio.batchCreateOrders([kit.bid(ticker)])
        if (two?.result._tag !== "Success") return assert.fail("not placed")
        yield* portfolio.cancelOrder(one.orderId)
        yield* portfolio.cancelOrder(two.result.success.orderId)
        assert.deepStrictEqual(yield* queryOf("cancelOrder"), [
          { market_ticker: ticker, subaccount: "0" },
          { market_ticker: ticker, subaccount: "0" }
        ])
        assert.strictEqual(yield* kit.count("getOrder"), 0)
      })
    )

    it.effect("an order that was seen here is cancelled without a lookup", () =>
      Effect.gen(function* () {
        const ticker = yield* kit.market()
        const [one = "", two = "", three = ""] = yield* strangers(ticker, 3)
        yield* Effect.gen(function* () {
          const portfolio = yield* Portfolio.Portfolio
          yield* portfolio.getOrder(one)
          yield* portfolio.getOrders({ ticker, limit: 2 })
          yield* portfolio.orders({ ticker }).pipe(Stream.runDrain)
          assert.strictEqual(yield* kit.count("getOrder"), 1)
          yield* portfolio.cancelOrder(one)
          yield* portfolio.batchCancelOrders([two, three])
          assert.strictEqual(yield* kit.count("getOrder"), 1)
        }).pipe(Effect.provide(kit.session))
      })
    )

    it.effect("an order that was never seen is looked up once, and never again", () =>
      Effect.gen(function* () {
        const ticker = yield* kit.market()
        const [id = ""] = yield* strangers(ticker, 1)
        yield* Effect.gen(function* () {
          const portfolio = yield* Portfolio.Portfolio
          // what it is at before a decrease to a size decides nothing
          yield* portfolio.decreaseOrder(id, { to: Contracts.of(9) })
          assert.strictEqual(yield* kit.count("getOrder"), 1)
        }).pipe(Effect.provide(kit.session))
      })
    )

    it.effect("what an order is at is read before a change of one that was not changed here, and not again", () =>
      Effect.gen(function* () {
        const ticker = yield* kit.market()
        const [id = ""] = yield* strangers(ticker, 1)
        yield* Effect.gen(function* () {
          const portfolio = yield* Portfolio.Portfolio
          yield* portfolio.getOrders({ ticker })
          yield* portfolio.decreaseOrder(id, { by: Contracts.of(1) })
          assert.strictEqual(yield* kit.count("getOrder"), 1)
          yield* portfolio.decreaseOrder(id, { by: Contracts.of(1) })
          yield* portfolio.amendOrder({ orderId: id, side: "bid", price: Dollars.cents(41), total: Contracts.of(5) })
          yield* portfolio.decreaseOrder(id, { by: Contracts.of(1) })
          yield* portfolio.cancelOrder(id)
          assert.strictEqual(yield* kit.count("getOrder"), 1)
          // one that is dead already is read for what became of it
          const { _tag, reducedBy } = yield* portfolio.cancelOrder(id)
          assert.deepStrictEqual([_tag, reducedBy], ["AlreadyCancelled", Contracts.of(4)])
          assert.strictEqual(yield* kit.count("getOrder"), 2)
          assert.deepStrictEqual(yield* queryOf("cancelOrder"), [
            { market_ticker: ticker, subaccount: "0" },
            { market_ticker: ticker, subaccount: "0" }
          ])
        }).pipe(Effect.provide(kit.session))
      })
    )

    it.effect("a batch looks up those alone that were never seen", () =>
      Effect.gen(function* () {
        const ticker = yield* kit.market()
        const [one = "", two = "", three = ""] = yield* strangers(ticker, 3)
        yield* Effect.gen(function* () {
          const portfolio = yield* Portfolio.Portfolio
          yield* portfolio.getOrder(two)
          const results = yield* portfolio.batchCancelOrders([one, two, { orderId: three, ticker }])
          assert.deepStrictEqual(
            results.map(({ orderId, result }) => [orderId, result._tag]),
            [
              [one, "Success"],
              [two, "Success"],
              [three, "Success"]
            ]
          )
          assert.strictEqual(yield* kit.count("getOrder"), 2)
        }).pipe(Effect.provide(kit.session))
      })
    )

    it.effect("a market that is told is not looked up, and doubted only where no such order rests in it", () =>
      Effect.gen(function* () {
        const ticker = yield* kit.market()
        const [id = "", misplaced = ""] = yield* strangers(ticker, 2)
        yield* Effect.gen(function* () {
          const portfolio = yield* Portfolio.Portfolio
          yield* portfolio.cancelOrder(id, { ticker, exchangeIndex: 0 })
          assert.strictEqual(yield* kit.count("getOrder"), 0)
          const { _tag } = yield* portfolio.cancelOrder(misplaced, { ticker: "KXELSEWHERE-1-A" })
          assert.strictEqual(_tag, "Cancelled")
          assert.strictEqual(yield* kit.count("getOrder"), 1)
          assert.deepStrictEqual(yield* queryOf("cancelOrder"), [
            { market_ticker: ticker, subaccount: "0", exchange_index: "0" },
            { market_ticker: "KXELSEWHERE-1-A", subaccount: "0" },
            { market_ticker: ticker, subaccount: "0" }
          ])
        }).pipe(Effect.provide(kit.session))
      })
    )
  })

  it.live("a cancel that is sent again says the same of where the order is", () =>
    Effect.gen(function* () {
      const order = {
        order_id: "one",
        ticker: "KXT-1-A",
        status: "resting",
        yes_price_dollars: "0.4000",
        fill_count_fp: "0.00",
        remaining_count_fp: "10.00",
        initial_count_fp: "10.00",
        subaccount_number: null
      }
      const server = yield* kit.stub(({ method }, index) =>
        index === 0
          ? { status: 502, body: "" }
          : { body: method === "GET" ? { order } : { order_id: "one", reduced_by: "10.00", ts_ms: 1 } }
      )
      yield* Portfolio.Portfolio.use((portfolio) =>
        portfolio.cancelOrder("one", { ticker: "KXT-1-A", subaccount: 7, exchangeIndex: 2 })
      ).pipe(Retry.off, Effect.provide(kit.at(server.url)))
      const place = { market_ticker: "KXT-1-A", subaccount: "7", exchange_index: "2" }
      assert.deepStrictEqual(
        server.asked
          .filter(({ method }) => method === "DELETE")
          .map(({ url }) => Object.fromEntries(new URL(url, server.origin).searchParams)),
        [place, place]
      )
    })
  )

  const Body = Schema.decodeUnknownEffect(Schema.fromJsonString(Schema.Unknown))

  it.live("what every change of an order says of where it is", () =>
    Effect.gen(function* () {
      const done = { order_id: "one", reduced_by: "1.00", remaining_count: "1.00", ts_ms: 1_795_190_400_123 }
      const order = {
        order_id: "one",
        ticker: "KXT-1-A",
        status: "resting",
        yes_price_dollars: "0.4000",
        fill_count_fp: "0.00",
        remaining_count_fp: "10.00",
        initial_count_fp: "10.00"
      }
      const server = yield* kit.stub(({ method, url }) => ({
        body: method === "GET" ? { order } : url.endsWith("batched") ? { orders: [done] } : done
      }))
      const place = { ticker: "KXT-1-A", subaccount: 7, exchangeIndex: 2 }
      yield* Effect.gen(function* () {
        const portfolio = yield* Portfolio.Portfolio
        yield* portfolio.cancelOrder("one", place)
        yield* portfolio.decreaseOrder("one", { ...place, by: Contracts.of(1) })
        yield* portfolio.decreaseOrder("one", { ticker: "KXT-1-A", to: Contracts.of(1) })
        yield* portfolio.amendOrder({
          ...place,
          orderId: "one",
          side: "ask",
          price: Dollars.cents(40),
          total: Contracts.of(2)
        })
        yield* portfolio.batchCancelOrders([{ orderId: "one", ...place }])
      }).pipe(Effect.provide(kit.at(server.url)))
      const bodies = yield* Effect.forEach(server.asked, ({ body }) => (body === "" ? Effect.succeed({}) : Body(body)))
      const base = "/trade-api/v2/portfolio/events/orders"
      assert.deepStrictEqual(
        server.asked.map(({ method, url }, index) => {
          const { pathname, searchParams } = new URL(url, server.origin)
          return [method, pathname, Object.fromEntries(searchParams), bodies[index]]
        }),
        [
          ["DELETE", `${base}/one`, { market_ticker: "KXT-1-A", subaccount: "7", exchange_index: "2" }, {}],
          // what it is at, by which a decrease by a size or an amend is known again
          ["GET", "/trade-api/v2/portfolio/orders/one", {}, {}],
          [
            "POST",
            `${base}/one/decrease`,
            { subaccount: "7" },
            {
              reduce_by: "1.00",
              market_ticker: "KXT-1-A",
              exchange_index: 2
            }
          ],
          ["POST", `${base}/one/decrease`, { subaccount: "0" }, { reduce_to: "1.00", market_ticker: "KXT-1-A" }],
          ["GET", "/trade-api/v2/portfolio/orders/one", {}, {}],
          [
            "POST",
            `${base}/one/amend`,
            { subaccount: "7" },
            {
              ticker: "KXT-1-A",
              side: "ask",
              price: "0.4000",
              count: "2.00",
              exchange_index: 2
            }
          ],
          [
            "DELETE",
            `${base}/batched`,
            {},
            {
              orders: [{ order_id: "one", market_ticker: "KXT-1-A", subaccount: 7, exchange_index: 2 }]
            }
          ]
        ]
      )
    })
  )
})
