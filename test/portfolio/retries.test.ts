/**
 * Which operation may be sent again after which failure, row by row, counted
 * at the exchange; and what becomes of a write whose answer was lost.
 */
import { Control, Faults } from "@effect-kalshi/sandbox"
import { assert, describe, it, layer } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Schedule from "effect/Schedule"
import { Contracts, Dollars, type KalshiError, Portfolio, Retry, Timeout } from "effect-kalshi"
import * as kit from "./kit.ts"

type Service = Portfolio.Portfolio["Service"]

const amend = (orderId: string) => ({ orderId, side: "bid", price: Dollars.cents(41), total: Contracts.of(8) }) as const

// each after latency that the attempt does not wait for, or none
const lost = {
  "429": Faults.tooManyRequests,
  "500 with a page": Faults.gatewayPage(500),
  "503 in JSON": Faults.serverError(503, "service_unavailable"),
  "a closed connection": Faults.refused,
  "an answer dropped after applying": Faults.droppedAfter,
  "a body cut in the middle": Faults.truncated,
  "a time-out": Faults.hang
}

type Lost = keyof typeof lost

const names = Object.keys(lost) as ReadonlyArray<Lost>

/** The failures after which nothing was applied for certain. */
const notApplied: ReadonlySet<Lost> = new Set(["429"])

/** The failures after which the sandbox has applied the request. */
const applied: ReadonlySet<Lost> = new Set(["an answer dropped after applying", "a body cut in the middle"])

const quick = <A, E, R>(effect: Effect.Effect<A, E, R>) => effect.pipe(Timeout.within("250 millis"), kit.impatient)

const reads: Readonly<
  Record<string, (portfolio: Service, orderId: string) => Effect.Effect<unknown, KalshiError.KalshiError>>
> = {
  getBalance: (portfolio) => portfolio.getBalance(),
  getPositions: (portfolio) => portfolio.getPositions(),
  getFills: (portfolio) => portfolio.getFills(),
  getOrders: (portfolio) => portfolio.getOrders(),
  getOrder: (portfolio, orderId) => portfolio.getOrder(orderId),
  getSettlements: (portfolio) => portfolio.getPortfolioSettlements(),
  getPortfolioRestingOrderTotalValue: (portfolio) => portfolio.getPortfolioRestingOrderTotalValue
}

describe("portfolio retries", () => {
  layer(kit.sandbox(), { excludeTestServices: true })((it) => {
    for (const name of names) {
      it.effect(`after ${name} every read is sent again`, () =>
        Effect.gen(function* () {
          const portfolio = yield* Portfolio.Portfolio
          const control = yield* Control.Control
          const ticker = yield* kit.market()
          const { orderId } = yield* portfolio.createOrder(kit.bid(ticker))
          for (const [endpoint, read] of Object.entries(reads)) {
            yield* control.inject(lost[name], { endpoint })
            yield* quick(read(portfolio, orderId))
            assert.strictEqual(yield* kit.count(endpoint), 2, endpoint)
          }
        })
      )

      it.effect(`after ${name} a create is sent again under its id`, () =>
        Effect.gen(function* () {
          const portfolio = yield* Portfolio.Portfolio
          const control = yield* Control.Control
          const ticker = yield* kit.market()
          yield* control.inject(lost[name], { endpoint: "createOrder" })
          const result = yield* quick(portfolio.createOrder(kit.bid(ticker)))
          assert.strictEqual(result._tag, "Resting")
          assert.strictEqual(result.remaining, Contracts.of(10))
          assert.strictEqual(yield* kit.count("createOrder"), 2)
          // 409 says that the first one landed, and only then it is looked for
          assert.strictEqual(yield* kit.count("getOrders"), applied.has(name) ? 1 : 0)
          const orders = yield* kit.ordersIn(ticker)
          assert.deepStrictEqual(
            orders.map((order) => [order.orderId, order.clientOrderId]),
            [[result.orderId, result.clientOrderId]]
          )
        })
      )

      it.effect(`after ${name} a batch of creates is sent again under its ids`, () =>
        Effect.gen(function* () {
          const portfolio = yield* Portfolio.Portfolio
          const control = yield* Control.Control
          const ticker = yield* kit.market()
          yield* control.inject(lost[name], { endpoint: "batchCreateOrders" })
          const results = yield* quick(portfolio.batchCreateOrders([kit.bid(ticker, 10), kit.bid(ticker, 11)]))
          assert.strictEqual(yield* kit.count("batchCreateOrders"), 2)
          assert.strictEqual(yield* kit.count("getOrders"), applied.has(name) ? 2 : 0)
          const orders = (yield* kit.ordersIn(ticker)).toReversed()
          assert.deepStrictEqual(
            results.map(({ result }) =>
              result._tag === "Success" ? [result.success._tag, result.success.orderId] : "failed"
            ),
            orders.map((order) => ["Resting", order.orderId])
          )
          assert.strictEqual(orders.length, 2)
        })
      )

      it.effect(`after ${name} a cancel is sent again`, () =>
        Effect.gen(function* () {
          const portfolio = yield* Portfolio.Portfolio
          const control = yield* Control.Control
          const ticker = yield* kit.market()
          const { orderId } = yield* portfolio.createOrder(kit.bid(ticker))
          yield* control.inject(lost[name], { endpoint: "cancelOrder" })
          const cancel = quick(portfolio.cancelOrder(orderId))
          if (applied.has(name)) {
            yield* kit.fails(cancel, "OrderNotFound", { attempts: 2 })
          } else {
            assert.strictEqual((yield* cancel).reducedBy, Contracts.of(10))
          }
          assert.strictEqual(yield* kit.count("cancelOrder"), 2)
          assert.strictEqual((yield* kit.ordersIn(ticker))[0]?.status, "canceled")
        })
      )

      it.effect(`after ${name} a batch of cancels is sent again`, () =>
        Effect.gen(function* () {
          const portfolio = yield* Portfolio.Portfolio
          const control = yield* Control.Control
          const ticker = yield* kit.market()
          const { orderId } = yield* portfolio.createOrder(kit.bid(ticker))
          yield* control.inject(lost[name], { endpoint: "batchCancelOrders" })
          const [item] = yield* quick(portfolio.batchCancelOrders([orderId]))
          if (applied.has(name)) {
            if (item?.result._tag !== "Failure") return assert.fail("cancelled twice")
            kit.failed(item.result.failure, "OrderNotFound", { attempts: 2 })
          } else {
            assert.strictEqual(item?.result._tag, "Success")
          }
          assert.strictEqual(yield* kit.count("batchCancelOrders"), 2)
          assert.strictEqual((yield* kit.ordersIn(ticker))[0]?.status, "canceled")
        })
      )

      it.effect(`after ${name} a cancel of everything is sent again`, () =>
        Effect.gen(function* () {
          const portfolio = yield* Portfolio.Portfolio
          const control = yield* Control.Control
          const ticker = yield* kit.market()
          yield* portfolio.createOrder(kit.bid(ticker))
          yield* control.inject(lost[name], { endpoint: "cancelAllOrders" })
          yield* quick(portfolio.cancelAllOrders())
          assert.strictEqual(yield* kit.count("cancelAllOrders"), 2)
          assert.strictEqual((yield* kit.ordersIn(ticker))[0]?.status, "canceled")
        })
      )

      it.effect(`after ${name} a decrease to a size is sent again`, () =>
        Effect.gen(function* () {
          const portfolio = yield* Portfolio.Portfolio
          const control = yield* Control.Control
          const ticker = yield* kit.market()
          const { orderId } = yield* portfolio.createOrder(kit.bid(ticker))
          yield* control.inject(lost[name], { endpoint: "decreaseOrder" })
          const changed = yield* quick(portfolio.decreaseOrder(orderId, { to: Contracts.of(4) }))
          assert.strictEqual(changed.remaining, Contracts.of(4))
          assert.strictEqual(yield* kit.count("decreaseOrder"), 2)
          assert.strictEqual((yield* kit.ordersIn(ticker))[0]?.remaining, Contracts.of(4))
        })
      )

      it.effect(`after ${name} a decrease by a size is sent again only if nothing ran`, () =>
        Effect.gen(function* () {
          const portfolio = yield* Portfolio.Portfolio
          const control = yield* Control.Control
          const ticker = yield* kit.market()
          const { orderId } = yield* portfolio.createOrder(kit.bid(ticker))
          yield* control.inject(lost[name], { endpoint: "decreaseOrder" })
          const decrease = quick(portfolio.decreaseOrder(orderId, { by: Contracts.of(4) }))
          if (notApplied.has(name)) {
            assert.strictEqual((yield* decrease).remaining, Contracts.of(6))
            assert.strictEqual(yield* kit.count("decreaseOrder"), 2)
          } else {
            const error = yield* Effect.flip(decrease)
            assert.strictEqual(error.outcome, "unknown")
            assert.strictEqual(error.attempts, 1)
            assert.strictEqual(yield* kit.count("decreaseOrder"), 1)
          }
          assert.strictEqual(
            (yield* kit.ordersIn(ticker))[0]?.remaining,
            notApplied.has(name) || applied.has(name) ? Contracts.of(6) : Contracts.of(10)
          )
        })
      )

      it.effect(`after ${name} an amend is sent again only if nothing ran`, () =>
        Effect.gen(function* () {
          const portfolio = yield* Portfolio.Portfolio
          const control = yield* Control.Control
          const ticker = yield* kit.market()
          const { orderId } = yield* portfolio.createOrder(kit.bid(ticker))
          yield* control.inject(lost[name], { endpoint: "amendOrder" })
          const change = quick(portfolio.amendOrder(amend(orderId)))
          if (notApplied.has(name)) {
            assert.strictEqual((yield* change).remaining, Contracts.of(8))
            assert.strictEqual(yield* kit.count("amendOrder"), 2)
          } else {
            const error = yield* Effect.flip(change)
            assert.strictEqual(error.outcome, "unknown")
            assert.strictEqual(error.attempts, 1)
            assert.strictEqual(yield* kit.count("amendOrder"), 1)
          }
        })
      )
    }

    it.effect("what the exchange refused is never sent again", () =>
      Effect.gen(function* () {
        const portfolio = yield* Portfolio.Portfolio
        const control = yield* Control.Control
        const ticker = yield* kit.market()
        const { orderId } = yield* portfolio.createOrder(kit.bid(ticker))
        yield* control.clearRequests
        for (const status of [400, 401, 403, 404, 409, 410]) {
          yield* Effect.forEach(["getBalance", "createOrder", "cancelOrder"], (endpoint) =>
            control.inject(Faults.serverError(status, "something_new"), { endpoint })
          )
          const calls: ReadonlyArray<Effect.Effect<unknown, KalshiError.KalshiError>> = [
            portfolio.getBalance(),
            portfolio.createOrder(kit.bid(ticker)),
            portfolio.cancelOrder(orderId)
          ]
          for (const call of calls) {
            const error = yield* Effect.flip(quick(call))
            assert.strictEqual(error.attempts, 1)
            assert.isFalse(error.retryable)
          }
        }
        for (const endpoint of ["getBalance", "createOrder", "cancelOrder"]) {
          assert.strictEqual(yield* kit.count(endpoint), 6, endpoint)
        }
      })
    )

    it.effect("Retry.off switches retries off for one call", () =>
      Effect.gen(function* () {
        const portfolio = yield* Portfolio.Portfolio
        const control = yield* Control.Control
        yield* kit.market()
        yield* control.inject(Faults.tooManyRequests, { times: 2 })
        yield* kit.impatient(
          Effect.gen(function* () {
            yield* kit.fails(Retry.off(portfolio.getBalance()), "RateLimited", { attempts: 1 })
            yield* portfolio.getBalance()
          })
        )
        assert.strictEqual(yield* kit.count("getBalance"), 3)
      })
    )

    it.effect("an order that landed is found although reads trail the engine", () =>
      Effect.gen(function* () {
        const portfolio = yield* Portfolio.Portfolio
        const control = yield* Control.Control
        const ticker = yield* kit.market()
        yield* control.setReadLag("400 millis")
        yield* control.inject(Faults.droppedAfter)
        const result = yield* quick(portfolio.createOrder(kit.bid(ticker)))
        const orders = yield* kit.ordersIn(ticker)
        assert.deepStrictEqual(
          orders.map((order) => order.orderId),
          [result.orderId]
        )
        assert.isAbove(yield* kit.count("getOrders"), 1)
        yield* control.inject(Faults.droppedAfter)
        const [item] = yield* quick(portfolio.batchCreateOrders([kit.bid(ticker, 20)]))
        assert.strictEqual(item?.result._tag, "Success")
      }).pipe(Effect.ensuring(Control.Control.use((control) => control.setReadLag("0 millis"))))
    )

    it.effect("an order that landed and was filled at once is told as filled", () =>
      Effect.gen(function* () {
        const portfolio = yield* Portfolio.Portfolio
        const control = yield* Control.Control
        const ticker = yield* kit.market()
        yield* kit.offer(ticker, "ask", 40, 10)
        yield* control.inject(Faults.droppedAfter, { times: 1 })
        const filled = yield* quick(portfolio.createOrder(kit.bid(ticker)))
        assert.strictEqual(filled._tag, "Filled")
        yield* kit.offer(ticker, "ask", 40, 4)
        yield* control.inject(Faults.droppedAfter)
        const partly = yield* quick(portfolio.createOrder(kit.bid(ticker)))
        assert.strictEqual(partly._tag, "PartlyFilled")
        assert.strictEqual(partly.remaining, Contracts.of(6))
        yield* control.inject(Faults.droppedAfter)
        const missed = yield* quick(portfolio.createOrder({ ...kit.bid(ticker), timeInForce: "immediate_or_cancel" }))
        assert.strictEqual(missed._tag, "Cancelled")
        assert.strictEqual((yield* kit.ordersIn(ticker)).length, 3)
      })
    )

    it.effect("a request that arrives twice is one order", () =>
      Effect.gen(function* () {
        const portfolio = yield* Portfolio.Portfolio
        const control = yield* Control.Control
        const ticker = yield* kit.market()
        yield* control.inject(Faults.duplicated)
        const result = yield* portfolio.createOrder(kit.bid(ticker))
        assert.strictEqual(result._tag, "Resting")
        assert.strictEqual((yield* kit.ordersIn(ticker)).length, 1)
      })
    )

    it.effect("an id that was used for another order is no landed order", () =>
      Effect.gen(function* () {
        const portfolio = yield* Portfolio.Portfolio
        const control = yield* Control.Control
        const ticker = yield* kit.market()
        yield* portfolio.createOrder({ ...kit.bid(ticker, 30), clientOrderId: "taken" })
        yield* control.inject(Faults.tooManyRequests)
        yield* kit.fails(
          quick(portfolio.createOrder({ ...kit.bid(ticker, 31), clientOrderId: "taken" })),
          "DuplicateClientOrderId",
          { outcome: "unknown", attempts: 2 }
        )
        assert.strictEqual((yield* kit.ordersIn(ticker)).length, 1)
      })
    )

    it.effect("an answer about another order is an error, and the outcome is unknown", () =>
      Effect.gen(function* () {
        const portfolio = yield* Portfolio.Portfolio
        const control = yield* Control.Control
        const ticker = yield* kit.market()
        const { orderId } = yield* portfolio.createOrder(kit.bid(ticker))
        yield* control.inject(Faults.wrongOrder, { times: 3 })
        const expected = { outcome: "unknown", attempts: 1 } as const
        const change = yield* kit.fails(portfolio.amendOrder(amend(orderId)), "AnotherOrder", expected)
        assert.strictEqual(change.asked, orderId)
        assert.notStrictEqual(change.answered, orderId)
        yield* kit.fails(portfolio.decreaseOrder(orderId, { by: Contracts.of(1) }), "AnotherOrder", expected)
        yield* kit.fails(portfolio.cancelOrder(orderId), "AnotherOrder", expected)
        // in a batch its item has no answer, since the one left over names somebody else
        const next = yield* portfolio.createOrder(kit.bid(ticker))
        yield* control.inject(Faults.wrongOrder)
        const [item] = yield* portfolio.batchCancelOrders([next.orderId])
        if (item?.result._tag !== "Failure") return assert.fail("an answer about another order is a success")
        kit.failed(item.result.failure, "Unanswered", expected)
      })
    )

    it.effect("a change whose success names no order, or is no JSON, leaves the outcome unknown", () =>
      Effect.gen(function* () {
        const portfolio = yield* Portfolio.Portfolio
        const control = yield* Control.Control
        const ticker = yield* kit.market()
        for (const fault of [Faults.noOrder, Faults.malformed]) {
          const { orderId } = yield* portfolio.createOrder(kit.bid(ticker))
          yield* control.clearRequests
          yield* control.inject(fault, { times: 5 })
          const expected = { outcome: "unknown", attempts: 1 } as const
          const calls: ReadonlyArray<Effect.Effect<unknown, KalshiError.KalshiError>> = [
            portfolio.amendOrder(amend(orderId)),
            portfolio.decreaseOrder(orderId, { by: Contracts.of(1) }),
            portfolio.cancelOrder(orderId)
          ]
          for (const call of calls) yield* kit.fails(quick(call), "UnreadableAnswer", expected)
          assert.strictEqual(yield* kit.count(), 3)
          yield* control.clearFaults
        }
        // an answer to a batch without items answers no item: it is looked for, and found
        yield* control.inject(Faults.noOrder, { endpoint: "batchCreateOrders" })
        const [item] = yield* portfolio.batchCreateOrders([kit.bid(ticker)])
        if (item?.result._tag !== "Success") return assert.fail("the order is there")
        assert.strictEqual(item.result.success._tag, "Resting")
        assert.isTrue((yield* kit.ordersIn(ticker)).some((order) => order.clientOrderId === item.clientOrderId))
        yield* control.inject(Faults.malformed)
        yield* kit.fails(portfolio.batchCreateOrders([kit.bid(ticker)]), "UnreadableAnswer", { outcome: "unknown" })
      })
    )

    it.effect("an order that is applied after its line was cut is one order", () =>
      Effect.gen(function* () {
        const portfolio = yield* Portfolio.Portfolio
        const control = yield* Control.Control
        const ticker = yield* kit.market()
        yield* control.inject(Faults.appliedLate("100 millis"))
        const result = yield* quick(portfolio.createOrder(kit.bid(ticker)))
        yield* Effect.sleep("200 millis")
        assert.deepStrictEqual(
          (yield* kit.ordersIn(ticker)).map((order) => order.orderId),
          [result.orderId]
        )
      })
    )
  })

  it.live("each attempt is signed afresh", () =>
    Effect.gen(function* () {
      const server = yield* kit.stub((_, index) =>
        index < 2
          ? { status: 503, body: "" }
          : { body: { balance: 100, balance_dollars: "1.0000", portfolio_value: 0, updated_ts: 1_795_190_400 } }
      )
      yield* Portfolio.Portfolio.use((portfolio) => portfolio.getBalance()).pipe(
        Effect.provideService(
          Retry.Retry,
          Schedule.spaced("5 millis").pipe(Schedule.setInputType<KalshiError.Reason>())
        ),
        Effect.provide(kit.at(server.url))
      )
      const stamps = server.asked.map(({ headers }) => Number(headers["kalshi-access-timestamp"]))
      assert.strictEqual(stamps.length, 3)
      assert.isTrue(
        stamps.every((stamp, index) => index === 0 || stamp > (stamps[index - 1] ?? stamp)),
        String(stamps)
      )
      assert.deepStrictEqual(
        server.asked.map(({ headers }) => headers["kalshi-access-signature"]),
        stamps.map((stamp) => `test:key:${stamp}GET/trade-api/v2/portfolio/balance`)
      )
    })
  )

  it.live("a create that answers about another order is an error", () =>
    Effect.gen(function* () {
      const answered = {
        order_id: "00000000-0000-4000-8000-000000000001",
        client_order_id: "somebody-elses",
        fill_count: "0.00",
        remaining_count: "10.00",
        ts_ms: 1_795_190_400_123
      }
      const server = yield* kit.stub((_, index) => ({
        status: 201,
        body: index === 0 ? answered : { ...answered, order_id: "" }
      }))
      yield* Effect.gen(function* () {
        const portfolio = yield* Portfolio.Portfolio
        const reason = yield* kit.fails(
          portfolio.createOrder({ ...kit.bid("KXT-1-A"), clientOrderId: "mine" }),
          "AnotherOrder",
          { outcome: "unknown", attempts: 1 }
        )
        assert.deepStrictEqual([reason.asked, reason.answered], ["mine", "somebody-elses"])
        yield* kit.fails(portfolio.createOrder(kit.bid("KXT-1-A")), "UnreadableAnswer", { outcome: "unknown" })
      }).pipe(Effect.provide(kit.at(server.url)))
      // both were looked for, in vain, and sent once
      assert.strictEqual(server.asked.filter(({ method }) => method === "POST").length, 2)
      assert.isAbove(server.asked.length, 2)
    })
  )
})
