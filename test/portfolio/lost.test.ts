/** What is told of writes whose answer was lost, or says little. */
import { Control, Faults } from "@effect-kalshi/sandbox"
import { assert, describe, it, layer } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as Stream from "effect/Stream"
import { Contracts, Portfolio } from "effect-kalshi"
import * as kit from "./kit.ts"

layer(kit.sandbox(), { excludeTestServices: true })("lost answers", (it) => {
  it.effect("an id that another order has is a reused one, also after a refusal for want of tokens", () =>
    Effect.gen(function* () {
      const portfolio = yield* Portfolio.Portfolio
      const control = yield* Control.Control
      const ticker = yield* kit.market()
      const first = yield* portfolio.createOrder({ ...kit.bid(ticker, 40, 10), clientOrderId: `first-${ticker}` })
      yield* control.inject(Faults.tooManyRequests, { endpoint: "createOrder" })
      const reason = yield* kit.fails(
        portfolio.createOrder({ ...kit.bid(ticker, 40, 500), clientOrderId: `first-${ticker}` }).pipe(kit.impatient),
        "ClientOrderIdReused",
        { attempts: 2, outcome: "not-applied" }
      )
      assert.deepInclude(reason, {
        clientOrderId: `first-${ticker}`,
        orderId: first.orderId,
        description: "its size is 10.00"
      })
      assert.strictEqual(yield* kit.count("createOrder"), 3)
      assert.strictEqual((yield* kit.ordersIn(ticker)).length, 1)
    })
  )

  it.effect("an id whose order has another size is not taken for this one", () =>
    Effect.gen(function* () {
      const portfolio = yield* Portfolio.Portfolio
      const control = yield* Control.Control
      const ticker = yield* kit.market()
      yield* portfolio.createOrder({ ...kit.bid(ticker, 40, 10), clientOrderId: `size-${ticker}` })
      yield* control.inject(Faults.refused, { endpoint: "createOrder" })
      yield* kit.fails(
        portfolio.createOrder({ ...kit.bid(ticker, 40, 20), clientOrderId: `size-${ticker}` }).pipe(kit.impatient),
        "ClientOrderIdReused",
        // the attempt that was lost cannot have placed it either: the id was used by then
        { attempts: 2, outcome: "not-applied" }
      )
      assert.deepStrictEqual(
        (yield* kit.ordersIn(ticker)).map((order) => order.initial),
        [Contracts.of(10)]
      )
    })
  )

  for (const fault of [Faults.malformed, Faults.noOrder]) {
    it.effect(`an order whose answer cannot be read is looked for and found: ${fault._tag}`, () =>
      Effect.gen(function* () {
        const portfolio = yield* Portfolio.Portfolio
        const control = yield* Control.Control
        const ticker = yield* kit.market()
        yield* control.inject(fault, { endpoint: "createOrder" })
        const placed = yield* portfolio.createOrder(kit.bid(ticker))
        assert.strictEqual(placed._tag, "Resting")
        assert.deepStrictEqual(
          (yield* kit.ordersIn(ticker)).map((order) => order.orderId),
          [placed.orderId]
        )
        assert.strictEqual(yield* kit.count("createOrder"), 1)
      })
    )
  }
})

describe("answers that say little", () => {
  it.live("a subaccount that an order was placed in is not forgotten when a list leaves it out", () =>
    Effect.gen(function* () {
      const server = yield* kit.stub(({ method, url }) =>
        method === "POST"
          ? { status: 201, body: { order_id: "o1", fill_count: "0.00", remaining_count: "10.00", ts_ms: 1 } }
          : method === "DELETE"
            ? { body: { order_id: "o1", reduced_by: "10.00", ts_ms: 2 } }
            : url.includes("/portfolio/orders")
              ? {
                  body: {
                    orders: [
                      {
                        order_id: "o1",
                        ticker: "KXT-1-A",
                        status: "resting",
                        yes_price_dollars: "0.4000",
                        fill_count_fp: "0.00",
                        remaining_count_fp: "10.00",
                        initial_count_fp: "10.00",
                        subaccount_number: null
                      }
                    ]
                  }
                }
              : { status: 404 }
      )
      yield* Effect.gen(function* () {
        const portfolio = yield* Portfolio.Portfolio
        yield* portfolio.createOrder({ ...kit.bid("KXT-1-A"), subaccount: 5 })
        yield* portfolio.getOrders()
        yield* portfolio.cancelOrder("o1")
      }).pipe(Effect.provide(kit.at(server.url)))
      const cancel = server.asked.find(({ method }) => method === "DELETE")
      assert.include(cancel?.url, "subaccount=5")
      assert.include(cancel?.url, "market_ticker=KXT-1-A")
    }).pipe(Effect.scoped)
  )

  it.live("a cancel in a batch with an error, whatever it says, is no success", () =>
    Effect.gen(function* () {
      const item = (order_id: string, reduced_by: string, error: unknown) => ({ order_id, reduced_by, error })
      const server = yield* kit.stub(() => ({
        body: {
          orders: [
            item("a", "0.00", { details: "order is not live" }),
            item("b", "0.00", {}),
            item("c", "3.00", null),
            item("d", "0.00", null)
          ]
        }
      }))
      const results = yield* Portfolio.Portfolio.use((portfolio) =>
        portfolio.batchCancelOrders(["a", "b", "c", "d"].map((orderId) => ({ orderId, ticker: "KXT-1-A" })))
      ).pipe(Effect.provide(kit.at(server.url)))
      const told = results.map(({ result }) =>
        Result.match(result, {
          onFailure: (error) => [error.reason._tag, error.outcome],
          onSuccess: ({ reducedBy }) => Contracts.format(reducedBy)
        })
      )
      // nothing that can be read tells what became of the first two
      assert.deepStrictEqual(told, [["OutcomeUnknown", "unknown"], ["OutcomeUnknown", "unknown"], "3.00", "0.00"])
    }).pipe(Effect.scoped)
  )
})

describe("settlements of several subaccounts", () => {
  it.live("are as many rows as the exchange has, also where market and time are the same", () =>
    Effect.gen(function* () {
      const row = (yes_count_fp: string) => ({
        ticker: "KXT-1-A",
        market_result: "yes",
        yes_count_fp,
        yes_total_cost_dollars: "1.0000",
        no_count_fp: "0.00",
        no_total_cost_dollars: "0.0000",
        revenue: 100,
        settled_time: "2026-11-20T10:00:00Z",
        fee_cost: "0.0000"
      })
      const server = yield* kit.stub((_, index) => ({
        body:
          index === 0
            ? { settlements: [row("1.00"), row("2.00"), row("2.00")], cursor: "more" }
            : { settlements: [row("3.00")], cursor: "" }
      }))
      const settlements = yield* Portfolio.Portfolio.use((portfolio) =>
        Stream.runCollect(portfolio.settlements())
      ).pipe(Effect.provide(kit.at(server.url)))
      assert.deepStrictEqual(
        settlements.map(({ yesCount }) => Contracts.format(yesCount)),
        ["1.00", "2.00", "2.00", "3.00"]
      )
    }).pipe(Effect.scoped)
  )
})
