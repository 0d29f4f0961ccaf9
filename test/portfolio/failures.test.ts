/**
 * What goes wrong on today's wire alone, and by which name a program hears of
 * it; what goes wrong on either is in `thirteen-failures.test.ts`.
 */
import { Control, Faults, Sandbox } from "@effect-kalshi/sandbox"
import { assert, describe, it, layer } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type * as Redacted from "effect/Redacted"
import {
  Contracts,
  Credentials,
  Dollars,
  Environment,
  Kalshi,
  Markets,
  Portfolio,
  Retry,
  Timeout,
  Timestamp
} from "effect-kalshi"
import * as support from "../support.ts"
import * as kit from "./kit.ts"

const UNKNOWN = "01234567-89ab-4cde-8f01-23456789abcd"

const withKey = (url: string, keyId: string, privateKey: Redacted.Redacted<string>) =>
  Kalshi.layer({ rateLimit: "none" }).pipe(
    Layer.provide(Credentials.layer({ environment: Environment.sandbox(url), keyId, privateKey })),
    Layer.provide(support.clients.fetch)
  )

const getBalance = Portfolio.Portfolio.use((portfolio) => portfolio.getBalance())

describe("portfolio failures", () => {
  layer(kit.sandbox(), { excludeTestServices: true })((it) => {
    it.effect("an order that never was, by every operation that names one", () =>
      Effect.gen(function* () {
        const portfolio = yield* Portfolio.Portfolio
        const ticker = yield* kit.market()
        const amend = {
          orderId: UNKNOWN,
          side: "bid",
          price: Dollars.cents(40),
          total: Contracts.of(1),
          ticker
        } as const
        const expected = { outcome: "not-applied", status: 404, code: "not_found", attempts: 1 } as const
        yield* kit.fails(portfolio.getOrder(UNKNOWN), "OrderNotFound", { ...expected, operation: "getOrder" })
        yield* kit.fails(portfolio.cancelOrder(UNKNOWN, { ticker }), "OrderNotFound", {
          ...expected,
          operation: "cancelOrder"
        })
        yield* kit.fails(portfolio.decreaseOrder(UNKNOWN, { ticker, by: Contracts.of(1) }), "OrderNotFound", {
          ...expected,
          operation: "decreaseOrder"
        })
        yield* kit.fails(portfolio.amendOrder(amend), "OrderNotFound", { ...expected, operation: "amendOrder" })
        // without a market it is looked up, and the operation is still the one that was called
        yield* kit.fails(portfolio.cancelOrder(UNKNOWN), "OrderNotFound", {
          ...expected,
          operation: "cancelOrder",
          attempts: 0
        })
        assert.strictEqual(yield* kit.count("cancelOrder"), 1)
        const [item] = yield* portfolio.batchCancelOrders([UNKNOWN])
        if (item?.result._tag !== "Failure") return assert.fail("an order that never was is cancelled")
        kit.failed(item.result.failure, "OrderNotFound", { operation: "batchCancelOrders" })
      })
    )

    it.effect("a price off the grid: the exchange refuses it, and we do once we know the grid", () =>
      Effect.gen(function* () {
        const portfolio = yield* Portfolio.Portfolio
        const markets = yield* Markets.Markets
        const ticker = yield* kit.market()
        const order = { ...kit.bid(ticker), price: Dollars.of(0.405) }
        yield* kit.fails(portfolio.createOrder(order), "InvalidPrice", {
          outcome: "not-applied",
          status: 400,
          code: "invalid_price",
          attempts: 1
        })
        const { orderId } = yield* portfolio.createOrder(kit.bid(ticker))
        const amend = { orderId, side: "bid", price: Dollars.of(0.405), total: Contracts.of(5) } as const
        yield* kit.fails(portfolio.amendOrder(amend), "InvalidPrice", { outcome: "not-applied", attempts: 1 })
        yield* markets.getMarket(ticker)
        const sent = yield* kit.count()
        const refused = yield* kit.fails(portfolio.createOrder(order), "InvalidInput", {
          operation: "createOrder",
          outcome: "not-applied",
          attempts: 0
        })
        assert.strictEqual(refused.field, "price")
        assert.match(refused.message, /\$0\.4050 is not on this market's grid; the nearest are \$0\.4000 and \$0\.4100/)
        yield* kit.fails(portfolio.amendOrder(amend), "InvalidInput", { attempts: 0 })
        const inBatch = yield* kit.fails(portfolio.batchCreateOrders([kit.bid(ticker), order]), "InvalidInput", {
          operation: "batchCreateOrders",
          attempts: 0
        })
        assert.strictEqual(inBatch.field, "orders[1].price")
        assert.strictEqual(yield* kit.count(), sent)
        // a finer grid takes the same price
        const finer = yield* kit.market({ grid: "deci_cent" })
        yield* markets.getMarket(finer)
        assert.strictEqual((yield* portfolio.createOrder({ ...order, ticker: finer }))._tag, "Resting")
      })
    )

    it.effect("a market that never was", () =>
      Effect.gen(function* () {
        const portfolio = yield* Portfolio.Portfolio
        const markets = yield* Markets.Markets
        yield* kit.market()
        const expected = { outcome: "not-applied", status: 404, code: "market_not_found" } as const
        yield* kit.fails(portfolio.createOrder(kit.bid("KXNOSUCH-1-A")), "MarketNotFound", expected)
        yield* kit.fails(markets.getMarket("KXNOSUCH-1-A"), "MarketNotFound", expected)
        yield* kit.fails(portfolio.preview(kit.bid("KXNOSUCH-1-A")), "MarketNotFound", {
          ...expected,
          operation: "preview"
        })
      })
    )

    it.effect("an expiration in the past", () =>
      Effect.gen(function* () {
        const portfolio = yield* Portfolio.Portfolio
        const ticker = yield* kit.market()
        yield* kit.fails(
          portfolio.createOrder({ ...kit.bid(ticker), expiresAt: Timestamp.fromSeconds(1_600_000_000) }),
          "InvalidOrder",
          { outcome: "not-applied", status: 400 }
        )
      })
    )

    it.effect("a key that is not known here", () =>
      Effect.gen(function* () {
        const { privateKey, url } = yield* Sandbox.Sandbox
        yield* kit.market()
        const reason = yield* kit
          .fails(getBalance, "Unauthorized", {
            outcome: "not-applied",
            status: 401,
            code: "authentication_error",
            attempts: 1
          })
          .pipe(Effect.provide(withKey(url, UNKNOWN, privateKey)))
        assert.strictEqual(reason.details, "NOT_FOUND")
        assert.match(reason.message, /a key belongs to one environment/)
        assert.strictEqual(yield* kit.count(), 1)
      })
    )

    it.effect("a private key that is not the one of its id", () =>
      Effect.gen(function* () {
        const { keyId, url } = yield* Sandbox.Sandbox
        yield* kit.market()
        const { privateKey } = yield* kit.other("wrong-key")
        const reason = yield* kit
          .fails(getBalance, "Unauthorized", { outcome: "not-applied", status: 401, attempts: 1 })
          .pipe(Effect.provide(withKey(url, keyId, privateKey)))
        assert.strictEqual(reason.details, "INCORRECT_API_KEY_SIGNATURE")
        assert.match(reason.message, /the signature does not fit the key id/)
      })
    )

    it.effect("a clock that is off by more than five minutes", () =>
      Effect.gen(function* () {
        const portfolio = yield* Portfolio.Portfolio
        const control = yield* Control.Control
        const ticker = yield* kit.market()
        yield* control.setClockSkew("6 minutes")
        const reason = yield* kit.fails(portfolio.createOrder(kit.bid(ticker)), "ClockOff", {
          outcome: "not-applied",
          attempts: 1
        })
        assert.closeTo(reason.offset, 360_000, 1000)
        assert.match(reason.message, /this machine's clock is 3\d\d s behind the exchange's: synchronise it/)
        assert.deepStrictEqual(yield* kit.ordersIn(ticker), [])
      }).pipe(Effect.ensuring(Control.Control.use((control) => control.setClockSkew("0 millis"))))
    )

    it.effect("what comes last says nothing of the attempts before it", () =>
      Effect.gen(function* () {
        const portfolio = yield* Portfolio.Portfolio
        const control = yield* Control.Control
        const ticker = yield* kit.market()
        yield* control.inject(Faults.gatewayPage(502), { endpoint: "createOrder" })
        yield* control.inject(Faults.serverError(401, "authentication_error"), { endpoint: "createOrder" })
        const error = yield* Effect.flip(
          kit.impatient(portfolio.createOrder({ ...kit.bid(ticker), clientOrderId: "uncertain" }))
        )
        // the attempt before it was looked for, and is not there
        kit.failed(error, "Unauthorized", { outcome: "not-applied", attempts: 2 })
        assert.isTrue(error.uncertain)
        assert.strictEqual(error.settled, "not-applied")
        assert.deepStrictEqual(error.clientOrderIds, ["uncertain"])
        assert.match(error.message, /; it was looked for since, and was not applied$/)
        assert.deepStrictEqual(yield* kit.ordersIn(ticker), [])
        assert.strictEqual(yield* kit.count("createOrder"), 2)
        // a refusal that comes last says as little of an order that landed
        yield* control.inject(Faults.droppedAfter, { endpoint: "createOrder" })
        yield* control.inject(Faults.serverError(401, "authentication_error"), { endpoint: "createOrder" })
        const { orderId } = yield* kit.impatient(portfolio.createOrder(kit.bid(ticker)))
        assert.deepStrictEqual(
          (yield* kit.ordersIn(ticker)).map((order) => order.orderId),
          [orderId]
        )
        assert.strictEqual(yield* kit.count("createOrder"), 4)
        // while nothing can be read it is unknown, and says why
        yield* control.inject(Faults.gatewayPage(502), { endpoint: "createOrder" })
        yield* control.inject(Faults.serverError(401, "authentication_error"), { endpoint: "createOrder" })
        yield* control.inject(Faults.gatewayPage(503), { endpoint: "getOrders", times: 1000 })
        const open = yield* Effect.flip(kit.soon(kit.impatient(portfolio.createOrder(kit.bid(ticker)))))
        const { cause } = kit.failed(open, "OutcomeUnknown", { outcome: "unknown", attempts: 2 })
        assert.isTrue(open.uncertain)
        assert.match(cause, /^not authorised \(401 authentication_error/)
        yield* control.clearFaults
        // of one attempt there is no earlier one
        yield* control.inject(Faults.gatewayPage(502), { endpoint: "cancelOrder" })
        const only = yield* Effect.flip(Retry.off(portfolio.cancelOrder(UNKNOWN, { ticker })))
        kit.failed(only, "OrderNotFound", { outcome: "not-applied", attempts: 1 })
        assert.isUndefined(only.uncertain)
        assert.notInclude(only.message, "earlier")
        assert.strictEqual(yield* kit.count("cancelOrder"), 1)
      }).pipe(Effect.ensuring(Control.Control.use((control) => control.clearFaults)))
    )

    it.effect("reads and order entry have time limits of their own", () =>
      Effect.gen(function* () {
        const portfolio = yield* Portfolio.Portfolio
        const control = yield* Control.Control
        const ticker = yield* kit.market()
        yield* Effect.forEach(["getBalance", "createOrder", "cancelOrder"], (endpoint) =>
          control.inject(Faults.answeredLate("150 millis"), { endpoint })
        )
        yield* Effect.gen(function* () {
          yield* portfolio.getBalance()
          const { orderId } = yield* Retry.off(portfolio.createOrder(kit.bid(ticker)))
          // it was not waited for: it was looked for, and found
          assert.isAtLeast(yield* kit.count("getOrders"), 1)
          // so was the cancel
          const { _tag, filled, reducedBy } = yield* Retry.off(portfolio.cancelOrder(orderId))
          assert.deepStrictEqual([_tag, reducedBy, filled], ["Cancelled", Contracts.of(10), Contracts.zero])
          assert.strictEqual(yield* kit.count("cancelOrder"), 1)
          assert.isAtLeast(yield* kit.count("getOrder"), 1)
          // where its end cannot be read, it says which limit it was
          yield* control.inject(Faults.answeredLate("150 millis"), { endpoint: "createOrder" })
          yield* control.inject(Faults.gatewayPage(503), { endpoint: "getOrders", times: 1000 })
          const { cause } = yield* kit.fails(
            kit.soon(Retry.off(portfolio.createOrder(kit.bid(ticker)))),
            "OutcomeUnknown"
          )
          assert.match(cause, /\b50 ms\b/)
        }).pipe(Effect.provideService(Timeout.Timeout, { read: "10 seconds", orderEntry: "50 millis" }))
        assert.strictEqual((yield* kit.ordersIn(ticker)).length, 2)
      }).pipe(Effect.ensuring(Control.Control.use((control) => control.clearFaults)))
    )
  })

  it.live("a body that is cut, a closed connection and a hanging one, on undici too", () =>
    Effect.gen(function* () {
      const portfolio = yield* Portfolio.Portfolio
      const control = yield* Control.Control
      const ticker = yield* kit.market()
      yield* control.inject(Faults.truncated, { endpoint: "getBalance" })
      yield* kit.fails(Retry.off(portfolio.getBalance()), "Disconnected", { attempts: 1 })
      yield* control.inject(Faults.refused, { endpoint: "createOrder" })
      yield* kit.fails(Retry.off(portfolio.createOrder(kit.bid(ticker))), "Disconnected", {
        outcome: "not-applied",
        attempts: 1
      })
      assert.deepStrictEqual(yield* kit.ordersIn(ticker), [])
      yield* control.inject(Faults.truncated, { endpoint: "createOrder" })
      const { orderId } = yield* Retry.off(portfolio.createOrder(kit.bid(ticker)))
      assert.deepStrictEqual(
        (yield* kit.ordersIn(ticker)).map((order) => order.orderId),
        [orderId]
      )
      yield* control.inject(Faults.hang, { endpoint: "getBalance" })
      yield* kit.fails(portfolio.getBalance().pipe(Timeout.within("60 millis"), Retry.off), "TimedOut")
      assert.isAbove((yield* portfolio.getBalance()).available, 0)
    }).pipe(Effect.provide(kit.sandbox({}, { rateLimit: "none" }, support.clients.undici)))
  )

  it.live("an exchange that is not there", () =>
    Effect.gen(function* () {
      const { url } = yield* Effect.scoped(kit.stub(() => ({})))
      yield* Effect.gen(function* () {
        const portfolio = yield* Portfolio.Portfolio
        const reason = yield* kit.fails(Retry.off(portfolio.createOrder(kit.bid("KXT-1-A"))), "Disconnected", {
          outcome: "not-applied",
          attempts: 1
        })
        assert.isFalse(reason.sent)
        assert.match(reason.message, /no connection to the exchange: .*ECONNREFUSED/)
        yield* kit.fails(kit.impatient(portfolio.createOrder(kit.bid("KXT-1-A"))), "Disconnected", {
          outcome: "not-applied",
          attempts: 4
        })
      }).pipe(Effect.provide(kit.at(url)))
    })
  )
})
