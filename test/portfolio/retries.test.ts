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

/** The failures after which a change that is sent once has its end all the same: what was lost is found. */
const ends: ReadonlySet<Lost> = new Set([...notApplied, ...applied])

/** What a change fails with that was proven not to be applied. */
const reasons: Readonly<Record<Lost, KalshiError.Reason["_tag"]>> = {
  "429": "RateLimited",
  "500 with a page": "Unavailable",
  "503 in JSON": "Unavailable",
  "a closed connection": "Disconnected",
  "an answer dropped after applying": "Disconnected",
  "a body cut in the middle": "Disconnected",
  "a time-out": "TimedOut"
}

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
          const { _tag, reducedBy } = yield* quick(portfolio.cancelOrder(orderId))
          assert.deepStrictEqual([_tag, reducedBy], ["Cancelled", Contracts.of(10)])
          assert.strictEqual(yield* kit.count("cancelOrder"), 2)
          // 404 says that the first one landed, and only then it is looked for
          assert.strictEqual(yield* kit.count("getOrder"), applied.has(name) ? 1 : 0)
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
          if (item?.result._tag !== "Success") return assert.fail("not cancelled")
          const { _tag, reducedBy } = item.result.success
          assert.deepStrictEqual([_tag, reducedBy], ["Cancelled", Contracts.of(10)])
          assert.strictEqual(yield* kit.count("batchCancelOrders"), 2)
          assert.strictEqual(yield* kit.count("getOrder"), applied.has(name) ? 1 : 0)
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

      it.effect(`after ${name} a decrease by a size is sent again only if nothing ran, else settled`, () =>
        Effect.gen(function* () {
          const portfolio = yield* Portfolio.Portfolio
          const control = yield* Control.Control
          const ticker = yield* kit.market()
          const { orderId } = yield* portfolio.createOrder(kit.bid(ticker))
          yield* control.inject(lost[name], { endpoint: "decreaseOrder" })
          const decrease = quick(portfolio.decreaseOrder(orderId, { by: Contracts.of(4) }))
          if (ends.has(name)) {
            assert.strictEqual((yield* decrease).remaining, Contracts.of(6))
          } else {
            const error = yield* Effect.flip(decrease)
            kit.failed(error, reasons[name], { outcome: "not-applied", attempts: 1 })
            assert.strictEqual(error.settled, "not-applied")
          }
          assert.strictEqual(yield* kit.count("decreaseOrder"), notApplied.has(name) ? 2 : 1)
          assert.strictEqual(
            (yield* kit.ordersIn(ticker))[0]?.remaining,
            ends.has(name) ? Contracts.of(6) : Contracts.of(10)
          )
        })
      )

      it.effect(`after ${name} an amend is sent again only if nothing ran, else settled`, () =>
        Effect.gen(function* () {
          const portfolio = yield* Portfolio.Portfolio
          const control = yield* Control.Control
          const ticker = yield* kit.market()
          const { orderId } = yield* portfolio.createOrder(kit.bid(ticker))
          yield* control.inject(lost[name], { endpoint: "amendOrder" })
          const change = quick(portfolio.amendOrder(amend(orderId)))
          if (ends.has(name)) {
            assert.strictEqual((yield* change).remaining, Contracts.of(8))
          } else {
            const error = yield* Effect.flip(change)
            kit.failed(error, reasons[name], { outcome: "not-applied", attempts: 1 })
            assert.strictEqual(error.settled, "not-applied")
          }
          assert.strictEqual(yield* kit.count("amendOrder"), notApplied.has(name) ? 2 : 1)
          assert.deepStrictEqual(
            (yield* kit.ordersIn(ticker)).map((order) => [order.price, order.remaining]),
            [ends.has(name) ? [Dollars.cents(41), Contracts.of(8)] : [Dollars.cents(40), Contracts.of(10)]]
          )
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
        const endpoints = ["getBalance", "createOrder", "cancelOrder"]
        for (const status of [400, 401, 403, 410]) {
          yield* Effect.forEach(endpoints, (endpoint) =>
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
            assert.strictEqual(error.outcome, "not-applied")
            assert.isUndefined(error.settled)
            assert.isFalse(error.retryable)
          }
        }
        for (const endpoint of endpoints) assert.strictEqual(yield* kit.count(endpoint), 4, endpoint)
        assert.strictEqual(yield* kit.count(), 12)
      })
    )

    it.effect("a refusal that does not say that nothing happened is looked into, and only a cancel is sent again", () =>
      Effect.gen(function* () {
        const portfolio = yield* Portfolio.Portfolio
        const control = yield* Control.Control
        const ticker = yield* kit.market()
        for (const [status, read, create] of [
          [404, "NotFound", "NotFound"],
          [409, "Conflict", "Conflict"]
        ] as const) {
          const { orderId } = yield* portfolio.createOrder(kit.bid(ticker))
          yield* control.clearRequests
          yield* Effect.forEach(["getBalance", "createOrder", "cancelOrder"], (endpoint) =>
            control.inject(Faults.serverError(status, "something_new"), { endpoint })
          )
          yield* kit.fails(quick(portfolio.getBalance()), read, { attempts: 1 })
          const error = yield* Effect.flip(quick(portfolio.createOrder(kit.bid(ticker))))
          kit.failed(error, create, { attempts: 1, outcome: "not-applied" })
          // 404 says that nothing happened by itself
          assert.strictEqual(error.settled, status === 409 ? "not-applied" : undefined)
          const { _tag, reducedBy } = yield* quick(portfolio.cancelOrder(orderId))
          assert.deepStrictEqual([_tag, reducedBy], ["Cancelled", Contracts.of(10)])
          assert.strictEqual(yield* kit.count("getBalance"), 1)
          assert.strictEqual(yield* kit.count("createOrder"), 1)
          assert.strictEqual(yield* kit.count("cancelOrder"), 2)
        }
        assert.deepStrictEqual(
          (yield* kit.ordersIn(ticker)).map((order) => order.status),
          ["canceled", "canceled"]
        )
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
        yield* control.inject(Faults.droppedAfter, { endpoint: "createOrder" })
        const result = yield* quick(portfolio.createOrder(kit.bid(ticker)))
        const orders = yield* kit.ordersIn(ticker)
        assert.deepStrictEqual(
          orders.map((order) => order.orderId),
          [result.orderId]
        )
        assert.isAbove(yield* kit.count("getOrders"), 1)
        yield* control.inject(Faults.droppedAfter, { endpoint: "batchCreateOrders" })
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
        yield* control.inject(Faults.droppedAfter, { endpoint: "createOrder" })
        const filled = yield* quick(portfolio.createOrder(kit.bid(ticker)))
        assert.strictEqual(filled._tag, "Filled")
        yield* kit.offer(ticker, "ask", 40, 4)
        yield* control.inject(Faults.droppedAfter, { endpoint: "createOrder" })
        const partly = yield* quick(portfolio.createOrder(kit.bid(ticker)))
        assert.strictEqual(partly._tag, "PartlyFilled")
        assert.strictEqual(partly.remaining, Contracts.of(6))
        yield* control.inject(Faults.droppedAfter, { endpoint: "createOrder" })
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
        yield* control.inject(Faults.duplicated, { endpoint: "createOrder" })
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
        const { orderId } = yield* portfolio.createOrder({ ...kit.bid(ticker, 30), clientOrderId: "taken" })
        yield* control.inject(Faults.tooManyRequests, { endpoint: "createOrder" })
        const reason = yield* kit.fails(
          quick(portfolio.createOrder({ ...kit.bid(ticker, 31), clientOrderId: "taken" })),
          "ClientOrderIdReused",
          { outcome: "not-applied", attempts: 2 }
        )
        assert.deepInclude(reason, { clientOrderId: "taken", orderId, description: "its YES price is $0.3000" })
        assert.strictEqual((yield* kit.ordersIn(ticker)).length, 1)
      })
    )

    for (const fault of [Faults.wrongOrder, Faults.noOrder, Faults.malformed]) {
      it.effect(`a change whose answer says nothing of it is read, and sent once: ${fault._tag}`, () =>
        Effect.gen(function* () {
          const portfolio = yield* Portfolio.Portfolio
          const control = yield* Control.Control
          const ticker = yield* kit.market()
          const { orderId } = yield* portfolio.createOrder(kit.bid(ticker))
          yield* Effect.forEach(["amendOrder", "decreaseOrder", "cancelOrder", "batchCancelOrders"], (endpoint) =>
            control.inject(fault, { endpoint })
          )
          const amended = yield* portfolio.amendOrder(amend(orderId))
          assert.deepInclude(amended, { orderId, remaining: Contracts.of(8), filled: Contracts.zero })
          const decreased = yield* portfolio.decreaseOrder(orderId, { by: Contracts.of(1) })
          assert.deepInclude(decreased, { orderId, remaining: Contracts.of(7), filled: Contracts.zero })
          const cancelled = yield* portfolio.cancelOrder(orderId)
          assert.deepInclude(cancelled, { _tag: "Cancelled", orderId, reducedBy: Contracts.of(7) })
          // in a batch its item has no answer
          const next = yield* portfolio.createOrder(kit.bid(ticker))
          const [item] = yield* portfolio.batchCancelOrders([next.orderId])
          if (item?.result._tag !== "Success") return assert.fail("the order is cancelled")
          assert.deepInclude(item.result.success, {
            _tag: "Cancelled",
            orderId: next.orderId,
            reducedBy: Contracts.of(10)
          })
          for (const endpoint of ["amendOrder", "decreaseOrder", "cancelOrder", "batchCancelOrders"]) {
            assert.strictEqual(yield* kit.count(endpoint), 1, endpoint)
          }
          assert.strictEqual(yield* kit.count("getOrder"), 4)
        })
      )

      // one that names another order under our id is taken at its word
      if (fault === Faults.wrongOrder) continue

      it.effect(`an item of a batch without an answer of its own is looked for, and found: ${fault._tag}`, () =>
        Effect.gen(function* () {
          const portfolio = yield* Portfolio.Portfolio
          const control = yield* Control.Control
          const ticker = yield* kit.market()
          yield* control.inject(fault, { endpoint: "batchCreateOrders" })
          const [item] = yield* portfolio.batchCreateOrders([kit.bid(ticker)])
          if (item?.result._tag !== "Success") return assert.fail("the order is there")
          assert.strictEqual(item.result.success._tag, "Resting")
          assert.deepStrictEqual(
            (yield* kit.ordersIn(ticker)).map((order) => [order.orderId, order.clientOrderId]),
            [[item.result.success.orderId, item.clientOrderId]]
          )
          assert.strictEqual(yield* kit.count("batchCreateOrders"), 1)
        })
      )
    }

    it.effect("a change whose answer says nothing of it is unknown while the order cannot be read", () =>
      Effect.gen(function* () {
        const portfolio = yield* Portfolio.Portfolio
        const control = yield* Control.Control
        const ticker = yield* kit.market()
        const { orderId } = yield* portfolio.createOrder(kit.bid(ticker))
        yield* control.inject(Faults.wrongOrder, { endpoint: "amendOrder" })
        yield* control.inject(Faults.malformed, { endpoint: "decreaseOrder" })
        yield* control.inject(Faults.noOrder, { endpoint: "cancelOrder" })
        yield* control.inject(Faults.gatewayPage(503), { endpoint: "getOrder", times: 10_000 })
        const calls: ReadonlyArray<readonly [Effect.Effect<unknown, KalshiError.KalshiError>, RegExp]> = [
          [portfolio.amendOrder(amend(orderId)), new RegExp(`^asked for order ${orderId}, the answer is about .*`)],
          [portfolio.decreaseOrder(orderId, { by: Contracts.of(1) }), /^the exchange answered 200 with a body that/],
          [portfolio.cancelOrder(orderId), /^the exchange answered 200 with a body that cannot be read: Missing key/]
        ]
        for (const [call, cause] of calls) {
          const reason = yield* kit.fails(kit.soon(quick(call)), "OutcomeUnknown", { outcome: "unknown", attempts: 1 })
          assert.match(reason.cause, cause)
        }
        for (const endpoint of ["amendOrder", "decreaseOrder", "cancelOrder"]) {
          assert.strictEqual(yield* kit.count(endpoint), 1, endpoint)
        }
      }).pipe(Effect.ensuring(Control.Control.use((control) => control.clearFaults)))
    )

    it.effect("an order that is applied after its line was cut is one order", () =>
      Effect.gen(function* () {
        const portfolio = yield* Portfolio.Portfolio
        const control = yield* Control.Control
        const ticker = yield* kit.market()
        yield* control.inject(Faults.appliedLate("100 millis"), { endpoint: "createOrder" })
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

  it.live("a create that answers about another order, or about none, is an error where its own is not there", () =>
    Effect.gen(function* () {
      const answered = {
        order_id: "00000000-0000-4000-8000-000000000001",
        client_order_id: "somebody-elses",
        fill_count: "0.00",
        remaining_count: "10.00",
        ts_ms: 1_795_190_400_123
      }
      const server = yield* kit.stub(
        (asked, index) =>
          kit.nothing(asked) ?? { status: 201, body: index === 0 ? answered : { ...answered, order_id: "" } }
      )
      yield* Effect.gen(function* () {
        const portfolio = yield* Portfolio.Portfolio
        const expected = { outcome: "not-applied", attempts: 1 } as const
        const reason = yield* kit.fails(
          portfolio.createOrder({ ...kit.bid("KXT-1-A"), clientOrderId: "mine" }),
          "AnotherOrder",
          expected
        )
        assert.deepStrictEqual([reason.asked, reason.answered], ["mine", "somebody-elses"])
        yield* kit.fails(portfolio.createOrder(kit.bid("KXT-1-A")), "UnreadableAnswer", expected)
      }).pipe(Effect.provide(kit.at(server.url)))
      // both were sent once, and looked for once: what is read is later than any attempt, and said to both
      assert.deepStrictEqual(
        server.asked.map(({ method, url }) => [method, url.split("?", 1)[0]]),
        [
          ["POST", "/trade-api/v2/portfolio/events/orders"],
          ["GET", "/trade-api/v2/exchange/user_data_timestamp"],
          ["GET", "/trade-api/v2/portfolio/orders"],
          ["POST", "/trade-api/v2/portfolio/events/orders"],
          ["GET", "/trade-api/v2/portfolio/orders"]
        ]
      )
    })
  )
})
