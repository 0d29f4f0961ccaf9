/**
 * What goes wrong with an operation, and by which name a program hears of it.
 */
import { Buckets, Control, Faults, Sandbox } from "@effect-kalshi/sandbox"
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
  type KalshiError,
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
    it.effect("insufficient balance", () =>
      Effect.gen(function* () {
        const portfolio = yield* Portfolio.Portfolio
        const ticker = yield* kit.market()
        const { available } = yield* portfolio.getBalance()
        const tooMany = Contracts.of(Math.ceil(Dollars.toNumber(available) / 0.4) + 1)
        const order = { ...kit.bid(ticker), count: tooMany }
        const reason = yield* kit.fails(portfolio.createOrder(order), "InsufficientBalance", {
          operation: "createOrder",
          outcome: "not-applied",
          attempts: 1,
          status: 400,
          code: "insufficient_balance"
        })
        assert.match(reason.message, /insufficient balance \(400 insufficient_balance/)
        assert.deepStrictEqual(yield* kit.ordersIn(ticker), [])
        const { orderId } = yield* portfolio.createOrder(kit.bid(ticker))
        yield* kit.fails(
          portfolio.amendOrder({ orderId, side: "bid", price: Dollars.cents(40), total: tooMany }),
          "InsufficientBalance",
          { operation: "amendOrder", outcome: "not-applied" }
        )
        const [item] = yield* portfolio.batchCreateOrders([order])
        assert.strictEqual(item?.result._tag, "Failure")
        if (item?.result._tag === "Failure") kit.failed(item.result.failure, "InsufficientBalance")
        assert.strictEqual(yield* kit.count("createOrder"), 2)
      })
    )

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

    it.effect("an order that is cancelled already", () =>
      Effect.gen(function* () {
        const portfolio = yield* Portfolio.Portfolio
        const ticker = yield* kit.market()
        const { orderId } = yield* portfolio.createOrder(kit.bid(ticker))
        yield* portfolio.cancelOrder(orderId)
        const expected = { outcome: "not-applied", status: 404, attempts: 1 } as const
        yield* kit.fails(portfolio.cancelOrder(orderId), "OrderNotFound", expected)
        yield* kit.fails(portfolio.decreaseOrder(orderId, { by: Contracts.of(1) }), "OrderNotFound", expected)
        yield* kit.fails(
          portfolio.amendOrder({ orderId, side: "bid", price: Dollars.cents(41), total: Contracts.of(1) }),
          "OrderNotFound",
          expected
        )
        assert.strictEqual(yield* kit.count("cancelOrder"), 2)
      })
    )

    it.effect("an order that is filled", () =>
      Effect.gen(function* () {
        const portfolio = yield* Portfolio.Portfolio
        const ticker = yield* kit.market()
        yield* kit.offer(ticker, "ask", 40, 10)
        const { orderId } = yield* portfolio.createOrder(kit.bid(ticker))
        yield* kit.fails(portfolio.cancelOrder(orderId), "OrderNotFound", { outcome: "not-applied" })
      })
    )

    it.effect("a client order id that was used, also after a cancel", () =>
      Effect.gen(function* () {
        const portfolio = yield* Portfolio.Portfolio
        const ticker = yield* kit.market()
        const order = { ...kit.bid(ticker), clientOrderId: "used-once" }
        const { orderId } = yield* portfolio.createOrder(order)
        const expected = { outcome: "unknown", status: 409, code: "order_already_exists", attempts: 1 } as const
        yield* kit.fails(portfolio.createOrder(order), "DuplicateClientOrderId", expected)
        yield* portfolio.cancelOrder(orderId)
        // an id that a single request finds used was used by somebody else: nothing is looked up
        yield* kit.fails(portfolio.createOrder(order), "DuplicateClientOrderId", expected)
        assert.strictEqual(yield* kit.count("createOrder"), 3)
        assert.strictEqual(yield* kit.count("getOrders"), 0)
        assert.strictEqual((yield* kit.ordersIn(ticker)).length, 1)
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

    it.effect("a market that is closed takes neither orders nor cancels", () =>
      Effect.gen(function* () {
        const portfolio = yield* Portfolio.Portfolio
        const control = yield* Control.Control
        const ticker = yield* kit.market()
        yield* control.closeMarket(ticker)
        yield* kit.fails(portfolio.createOrder(kit.bid(ticker)), "MarketClosed", {
          outcome: "not-applied",
          attempts: 1
        })
        const [item] = yield* portfolio.batchCreateOrders([kit.bid(ticker)])
        if (item?.result._tag !== "Failure") return assert.fail("a closed market takes an order")
        kit.failed(item.result.failure, "MarketClosed", { outcome: "not-applied" })
      })
    )

    it.effect("a market that is inactive takes no orders", () =>
      Effect.gen(function* () {
        const portfolio = yield* Portfolio.Portfolio
        const control = yield* Control.Control
        const ticker = yield* kit.market()
        yield* control.pauseMarket(ticker)
        yield* kit.fails(portfolio.createOrder(kit.bid(ticker)), "MarketClosed", { outcome: "not-applied" })
        yield* control.resumeMarket(ticker)
        assert.strictEqual((yield* portfolio.createOrder(kit.bid(ticker)))._tag, "Resting")
      })
    )

    it.effect("while trading is paused cancels work and orders do not", () =>
      Effect.gen(function* () {
        const portfolio = yield* Portfolio.Portfolio
        const control = yield* Control.Control
        const ticker = yield* kit.market()
        const first = yield* portfolio.createOrder(kit.bid(ticker))
        const second = yield* portfolio.createOrder(kit.bid(ticker))
        yield* Effect.gen(function* () {
          yield* control.setExchange({ exchangeActive: true, tradingActive: false })
          const expected = { outcome: "not-applied", status: 409, code: "trading_is_paused", attempts: 1 } as const
          yield* kit.fails(portfolio.createOrder(kit.bid(ticker)), "TradingPaused", expected)
          yield* kit.fails(
            portfolio.amendOrder({
              orderId: first.orderId,
              side: "bid",
              price: Dollars.cents(41),
              total: Contracts.of(9)
            }),
            "TradingPaused",
            expected
          )
          assert.strictEqual((yield* portfolio.cancelOrder(first.orderId)).reducedBy, Contracts.of(10))
          const [item] = yield* portfolio.batchCancelOrders([second.orderId])
          assert.strictEqual(item?.result._tag, "Success")
        }).pipe(Effect.ensuring(control.setExchange({ exchangeActive: true, tradingActive: true })))
      })
    )

    it.effect("while the exchange is paused nothing works", () =>
      Effect.gen(function* () {
        const portfolio = yield* Portfolio.Portfolio
        const control = yield* Control.Control
        const ticker = yield* kit.market()
        const { orderId } = yield* portfolio.createOrder(kit.bid(ticker))
        yield* Effect.gen(function* () {
          yield* control.setExchange({ exchangeActive: false, tradingActive: false })
          const expected = { outcome: "not-applied", status: 409, code: "exchange_is_paused" } as const
          yield* kit.fails(portfolio.createOrder(kit.bid(ticker)), "ExchangePaused", expected)
          yield* kit.fails(portfolio.cancelOrder(orderId), "ExchangePaused", expected)
        }).pipe(Effect.ensuring(control.setExchange({ exchangeActive: true, tradingActive: true })))
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

    it.effect("an amend below what is filled, or of the other side", () =>
      Effect.gen(function* () {
        const portfolio = yield* Portfolio.Portfolio
        const ticker = yield* kit.market()
        yield* kit.offer(ticker, "ask", 40, 4)
        const { orderId } = yield* portfolio.createOrder(kit.bid(ticker))
        const amend = { orderId, side: "bid", price: Dollars.cents(40), total: Contracts.of(3) } as const
        yield* kit.fails(portfolio.amendOrder(amend), "InvalidOrder", { status: 400 })
        yield* kit.fails(portfolio.amendOrder({ ...amend, side: "ask", total: Contracts.of(8) }), "InvalidOrder", {
          code: "order_side_mismatch"
        })
        assert.strictEqual((yield* portfolio.getOrder(orderId)).remaining, Contracts.of(6))
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

    it.effect("a clock that is off", () =>
      Effect.gen(function* () {
        const portfolio = yield* Portfolio.Portfolio
        const control = yield* Control.Control
        const ticker = yield* kit.market()
        yield* control.setClockSkew("2 minutes")
        const reason = yield* kit.fails(portfolio.createOrder(kit.bid(ticker)), "Unauthorized", {
          outcome: "not-applied",
          status: 401,
          code: "header_timestamp_expired",
          attempts: 1
        })
        assert.match(reason.message, /clock is off: synchronise it/)
      }).pipe(Effect.ensuring(Control.Control.use((control) => control.setClockSkew("0 millis"))))
    )

    it.effect("too many requests, until the retries are used up", () =>
      Effect.gen(function* () {
        const portfolio = yield* Portfolio.Portfolio
        const control = yield* Control.Control
        const ticker = yield* kit.market()
        yield* control.inject(Faults.tooManyRequests, { times: 100 })
        const reason = yield* kit.fails(kit.impatient(portfolio.createOrder(kit.bid(ticker))), "RateLimited", {
          outcome: "not-applied",
          status: 429,
          attempts: 4
        })
        assert.strictEqual(reason.text, "too many requests")
        assert.strictEqual(yield* kit.count("createOrder"), 4)
      })
    )

    it.effect("a gateway's page", () =>
      Effect.gen(function* () {
        const portfolio = yield* Portfolio.Portfolio
        const control = yield* Control.Control
        const ticker = yield* kit.market()
        for (const status of [500, 502, 503, 504]) {
          yield* control.inject(Faults.gatewayPage(status))
          const reason = yield* kit.fails(Retry.off(portfolio.cancelOrder("one", { ticker })), "Unavailable", {
            outcome: "unknown",
            status,
            attempts: 1
          })
          assert.isUndefined(reason.code)
          assert.notInclude(reason.message, "<")
        }
        yield* control.inject(Faults.gatewayPage(403))
        yield* kit.fails(portfolio.getBalance(), "Forbidden", { status: 403, attempts: 1 })
      })
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
        kit.failed(error, "Unauthorized", { outcome: "unknown", attempts: 2 })
        assert.isTrue(error.uncertain)
        assert.deepStrictEqual(error.clientOrderIds, ["uncertain"])
        assert.match(error.message, /; an earlier attempt may have been applied$/)
        // of one attempt there is no earlier one
        yield* control.inject(Faults.gatewayPage(502), { endpoint: "cancelOrder" })
        const only = yield* Effect.flip(Retry.off(portfolio.cancelOrder("one", { ticker })))
        kit.failed(only, "Unavailable", { outcome: "unknown", attempts: 1 })
        assert.isUndefined(only.uncertain)
        assert.notInclude(only.message, "earlier")
      })
    )

    it.effect("an error of the exchange", () =>
      Effect.gen(function* () {
        const portfolio = yield* Portfolio.Portfolio
        const control = yield* Control.Control
        const ticker = yield* kit.market()
        yield* control.inject(Faults.serverError())
        yield* kit.fails(Retry.off(portfolio.cancelOrder("one", { ticker })), "Unavailable", {
          outcome: "unknown",
          status: 500,
          code: "internal_server_error"
        })
      })
    )

    it.effect("an answer that does not come in time", () =>
      Effect.gen(function* () {
        const portfolio = yield* Portfolio.Portfolio
        const control = yield* Control.Control
        const ticker = yield* kit.market()
        const hangs = [
          yield* control.inject(Faults.hang, { endpoint: "getBalance", times: 4 }),
          yield* control.inject(Faults.hang, { endpoint: "createOrder" })
        ]
        const read = yield* kit.fails(
          portfolio.getBalance().pipe(Timeout.within("60 millis"), kit.impatient),
          "TimedOut",
          { attempts: 4 }
        )
        assert.strictEqual(read.millis, 60)
        // the time limit is that of each attempt
        const error = yield* Effect.flip(
          portfolio
            .createOrder({ ...kit.bid(ticker), clientOrderId: "hangs" })
            .pipe(Timeout.within("60 millis"), Retry.off)
        )
        kit.failed(error, "TimedOut", { outcome: "unknown", attempts: 1 })
        assert.deepStrictEqual(error.clientOrderIds, ["hangs"])
        assert.deepStrictEqual(yield* Effect.forEach(hangs, (hang) => hang.strikes), [4, 1])
        assert.strictEqual(yield* kit.count("createOrder"), 1)
        assert.deepStrictEqual(yield* kit.ordersIn(ticker), [])
        assert.isAbove((yield* portfolio.getBalance()).available, 0)
      })
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
          const reason = yield* kit.fails(Retry.off(portfolio.cancelOrder(orderId)), "TimedOut", { outcome: "unknown" })
          assert.strictEqual(reason.millis, 50)
        }).pipe(Effect.provideService(Timeout.Timeout, { read: "10 seconds", orderEntry: "50 millis" }))
        assert.strictEqual((yield* kit.ordersIn(ticker)).length, 1)
      }).pipe(Effect.ensuring(Control.Control.use((control) => control.clearFaults)))
    )

    it.effect("a connection that closes without an answer", () =>
      Effect.gen(function* () {
        const portfolio = yield* Portfolio.Portfolio
        const control = yield* Control.Control
        const ticker = yield* kit.market()
        yield* control.inject(Faults.refused)
        const reason = yield* kit.fails(Retry.off(portfolio.createOrder(kit.bid(ticker))), "Disconnected", {
          outcome: "unknown",
          attempts: 1
        })
        assert.isTrue(reason.sent)
      })
    )

    it.effect("a body that is cut in the middle", () =>
      Effect.gen(function* () {
        const portfolio = yield* Portfolio.Portfolio
        const control = yield* Control.Control
        const ticker = yield* kit.market()
        yield* control.inject(Faults.truncated, { times: 2 })
        yield* kit.fails(Retry.off(portfolio.getBalance()), "Disconnected", { attempts: 1 })
        // the order is there, and is found
        const { orderId } = yield* Retry.off(portfolio.createOrder(kit.bid(ticker)))
        assert.deepStrictEqual(
          (yield* kit.ordersIn(ticker)).map((order) => order.orderId),
          [orderId]
        )
        yield* control.inject(Faults.truncated)
        yield* kit.fails(Retry.off(portfolio.cancelOrder(orderId)), "Disconnected", { outcome: "unknown", attempts: 1 })
      })
    )

    it.effect("200 where 201 is declared is a success", () =>
      Effect.gen(function* () {
        const portfolio = yield* Portfolio.Portfolio
        const control = yield* Control.Control
        const ticker = yield* kit.market()
        yield* control.inject(Faults.status(200), { times: 2 })
        const result = yield* portfolio.createOrder(kit.bid(ticker))
        assert.strictEqual(result._tag, "Resting")
        const [item] = yield* portfolio.batchCreateOrders([kit.bid(ticker)])
        assert.strictEqual(item?.result._tag, "Success")
        assert.strictEqual((yield* kit.ordersIn(ticker)).length, 2)
        // and the other way round
        yield* control.inject(Faults.status(201))
        assert.strictEqual((yield* portfolio.cancelOrder(result.orderId)).reducedBy, Contracts.of(10))
        assert.strictEqual(yield* kit.count(), 3)
      })
    )
  })

  it.live("a body that is cut, a closed connection and a refused redirect, on undici too", () =>
    Effect.gen(function* () {
      const portfolio = yield* Portfolio.Portfolio
      const control = yield* Control.Control
      const ticker = yield* kit.market()
      yield* control.inject(Faults.truncated)
      yield* kit.fails(Retry.off(portfolio.getBalance()), "Disconnected", { attempts: 1 })
      yield* control.inject(Faults.refused)
      yield* kit.fails(Retry.off(portfolio.cancelOrder("one", { ticker })), "Disconnected", { outcome: "unknown" })
      yield* control.inject(Faults.hang)
      yield* kit.fails(portfolio.getBalance().pipe(Timeout.within("60 millis"), Retry.off), "TimedOut")
      assert.isAbove((yield* portfolio.getBalance()).available, 0)
    }).pipe(Effect.provide(kit.sandbox({}, { rateLimit: "none" }, support.clients.undici)))
  )

  for (const [name, client] of Object.entries(support.clients)) {
    it.live(`a redirect to another host is not followed, by ${name}`, () =>
      Effect.gen(function* () {
        const portfolio = yield* Portfolio.Portfolio
        const control = yield* Control.Control
        const ticker = yield* kit.market()
        const elsewhere = yield* kit.stub(() => ({ body: {} }))
        const own = yield* portfolio.createOrder(kit.bid(ticker))
        const calls: ReadonlyArray<Effect.Effect<unknown, KalshiError.KalshiError>> = [
          portfolio.getBalance(),
          portfolio.createOrder(kit.bid(ticker)),
          portfolio.cancelOrder(own.orderId)
        ] as const
        for (const status of [301, 302, 307, 308] as const) {
          for (const call of calls) {
            yield* control.inject(Faults.redirect(`${elsewhere.url}/portfolio/balance`, status))
            const reason = yield* kit.fails(call, "Redirected", { outcome: "not-applied", attempts: 1, status })
            assert.strictEqual(reason.location, `${elsewhere.url}/portfolio/balance`)
            assert.isFalse(reason.retryable)
          }
        }
        assert.deepStrictEqual(elsewhere.asked, [])
        assert.strictEqual((yield* kit.ordersIn(ticker)).length, 1)
      }).pipe(Effect.scoped, Effect.provide(kit.sandbox({}, { rateLimit: "none" }, client)))
    )
  }

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
        // nothing was sent, so even what must not happen twice is tried again
        yield* kit.fails(
          kit.impatient(portfolio.amendOrder({ ...kit.bid("KXT-1-A"), orderId: "x", total: Contracts.of(1) })),
          "Disconnected",
          { attempts: 4 }
        )
      }).pipe(Effect.provide(kit.at(url)))
    })
  )

  it.live("the account's bucket is empty at the exchange", () =>
    Effect.gen(function* () {
      const portfolio = yield* Portfolio.Portfolio
      const ticker = yield* kit.market()
      yield* portfolio.batchCreateOrders(Array.from({ length: 10 }, () => kit.bid(ticker, 1, 1)))
      yield* kit.fails(Retry.off(portfolio.createOrder(kit.bid(ticker, 1, 1))), "RateLimited", {
        outcome: "not-applied"
      })
      // its tokens are there again after 250 ms
      assert.strictEqual((yield* portfolio.createOrder(kit.bid(ticker, 1, 1)))._tag, "Resting")
      assert.strictEqual((yield* kit.ordersIn(ticker)).length, 11)
    }).pipe(Effect.provide(kit.sandbox({ limits: { ...Buckets.basic, write: { refill: 40, capacity: 100 } } })))
  )
})
