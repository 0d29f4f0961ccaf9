/**
 * What goes wrong with the thirteen operations, and by which name a program
 * hears of it: the same on either wire.
 */
import { Buckets, Control, Faults } from "@effect-kalshi/sandbox"
import { assert, describe, it, layer } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { Contracts, Dollars, type KalshiError, Portfolio, Retry, Timeout } from "effect-kalshi"
import * as support from "../support.ts"
import * as kit from "./kit.ts"
import * as wires from "./wires.ts"

const UNKNOWN = "01234567-89ab-4cde-8f01-23456789abcd"

for (const wire of wires.all) {
  describe(`failures of the thirteen operations, on the wire of ${wire.name}`, () => {
    layer(wire.sandbox(), { excludeTestServices: true })((it) => {
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
          const expected = { outcome: "not-applied", code: "not_found", status: wire.status(404) } as const
          yield* kit.fails(portfolio.getOrder(UNKNOWN), "OrderNotFound", { ...expected, operation: "getOrder" })
          yield* kit.fails(portfolio.cancelOrder(UNKNOWN, { ticker }), "OrderNotFound", {
            ...expected,
            operation: "cancelOrder"
          })
          yield* kit.fails(portfolio.cancelOrder(UNKNOWN), "OrderNotFound", { ...expected, operation: "cancelOrder" })
          yield* kit.fails(portfolio.decreaseOrder(UNKNOWN, { ticker, by: Contracts.of(1) }), "OrderNotFound", {
            ...expected,
            operation: "decreaseOrder"
          })
          yield* kit.fails(portfolio.amendOrder(amend), "OrderNotFound", { ...expected, operation: "amendOrder" })
          const [item] = yield* portfolio.batchCancelOrders([UNKNOWN])
          if (item?.result._tag !== "Failure") return assert.fail("an order that never was is cancelled")
          // an item has a code, and no status of its own
          kit.failed(item.result.failure, "OrderNotFound", {
            outcome: "not-applied",
            code: "not_found",
            operation: "batchCancelOrders"
          })
        })
      )

      it.effect("an order that is cancelled already", () =>
        Effect.gen(function* () {
          const portfolio = yield* Portfolio.Portfolio
          const ticker = yield* kit.market()
          const { orderId } = yield* portfolio.createOrder(kit.bid(ticker))
          yield* portfolio.cancelOrder(orderId)
          const expected = { outcome: "not-applied", status: wire.status(404), attempts: 1 } as const
          assert.deepInclude(yield* portfolio.cancelOrder(orderId), {
            _tag: "AlreadyCancelled",
            orderId,
            reducedBy: Contracts.of(10),
            filled: Contracts.zero
          })
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
          assert.deepInclude(yield* portfolio.cancelOrder(orderId), {
            _tag: "AlreadyFilled",
            orderId,
            reducedBy: Contracts.zero,
            filled: Contracts.of(10)
          })
          assert.strictEqual(yield* kit.count("cancelOrder"), 1)
        })
      )

      it.effect("a client order id that was used gives its order back, also after a cancel", () =>
        Effect.gen(function* () {
          const portfolio = yield* Portfolio.Portfolio
          const ticker = yield* kit.market()
          const order = { ...kit.bid(ticker), clientOrderId: "used-once" }
          const { orderId } = yield* portfolio.createOrder(order)
          assert.deepInclude(yield* portfolio.createOrder(order), {
            _tag: "Resting",
            orderId,
            clientOrderId: "used-once",
            remaining: Contracts.of(10)
          })
          const other = { ...order, price: Dollars.cents(41) }
          const reused = { outcome: "not-applied", attempts: 1 } as const
          const reason = yield* kit.fails(portfolio.createOrder(other), "ClientOrderIdReused", reused)
          assert.deepInclude(reason, { clientOrderId: "used-once", orderId })
          yield* portfolio.cancelOrder(orderId)
          assert.deepInclude(yield* portfolio.createOrder(order), {
            _tag: "Cancelled",
            orderId,
            filled: Contracts.zero,
            remaining: Contracts.zero
          })
          yield* kit.fails(portfolio.createOrder(other), "ClientOrderIdReused", reused)
          assert.strictEqual(yield* kit.count("createOrder"), 5)
          // an id that is used is looked up once
          assert.strictEqual(yield* kit.count("getOrders"), 4)
          assert.strictEqual((yield* kit.ordersIn(ticker)).length, 1)
        })
      )

      it.effect("a client order id that was used in another market", () =>
        Effect.gen(function* () {
          const portfolio = yield* Portfolio.Portfolio
          const [here, there] = [yield* kit.market(), yield* kit.market()]
          const { orderId } = yield* portfolio.createOrder({ ...kit.bid(there), clientOrderId: "used-elsewhere" })
          const reason = yield* kit.fails(
            portfolio.createOrder({ ...kit.bid(here), clientOrderId: "used-elsewhere" }),
            "ClientOrderIdReused",
            { outcome: "not-applied", attempts: 1 }
          )
          assert.deepInclude(reason, { orderId, description: `it is in ${there}` })
          assert.strictEqual(yield* kit.count("createOrder"), 2)
          assert.deepStrictEqual(yield* kit.ordersIn(here), [])
        })
      )

      it.effect("a market that never was", () =>
        Effect.gen(function* () {
          const portfolio = yield* Portfolio.Portfolio
          yield* kit.market()
          yield* kit.fails(portfolio.createOrder(kit.bid("KXNOSUCH-1-A")), "MarketNotFound", {
            outcome: "not-applied",
            status: wire.status(404),
            code: "market_not_found"
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
            const expected = {
              outcome: "not-applied",
              status: wire.status(409),
              code: "trading_is_paused",
              attempts: 1
            } as const
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
            const expected = { outcome: "not-applied", status: wire.status(409), code: "exchange_is_paused" } as const
            yield* kit.fails(portfolio.createOrder(kit.bid(ticker)), "ExchangePaused", expected)
            yield* kit.fails(portfolio.cancelOrder(orderId), "ExchangePaused", expected)
          }).pipe(Effect.ensuring(control.setExchange({ exchangeActive: true, tradingActive: true })))
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

      it.effect("an amend under an id that is not the order's, or to one that was used", () =>
        Effect.gen(function* () {
          const portfolio = yield* Portfolio.Portfolio
          const ticker = yield* kit.market()
          const { orderId } = yield* portfolio.createOrder({ ...kit.bid(ticker), clientOrderId: "amended-1" })
          yield* portfolio.createOrder({ ...kit.bid(ticker), clientOrderId: "amended-2" })
          const amend = { orderId, side: "bid", price: Dollars.cents(40), total: Contracts.of(3) } as const
          yield* kit.fails(portfolio.amendOrder({ ...amend, clientOrderId: "another" }), "InvalidOrder", {
            code: "order_id_and_client_order_id_mismatch"
          })
          yield* kit.fails(
            portfolio.amendOrder({ ...amend, updatedClientOrderId: "amended-2" }),
            "DuplicateClientOrderId"
          )
          assert.strictEqual((yield* portfolio.getOrder(orderId)).remaining, Contracts.of(10))
        })
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
          const statuses = [500, 502, 503, 504]
          const rest = yield* Effect.forEach(statuses, () => portfolio.createOrder(kit.bid(ticker)))
          for (const endpoint of ["createOrder", "cancelOrder"]) {
            yield* Effect.forEach(statuses, (status) => control.inject(Faults.gatewayPage(status), { endpoint }))
          }
          const [errors, cancelled] = yield* Effect.all(
            [
              Effect.all(
                statuses.map(() => Effect.flip(Retry.off(portfolio.createOrder(kit.bid(ticker))))),
                { concurrency: 4 }
              ),
              Effect.forEach(rest, ({ orderId }) => Retry.off(portfolio.cancelOrder(orderId)))
            ],
            { concurrency: 2 }
          )
          const page = /the exchange is not available \((\d+): a web page, not an answer of the exchange\)/
          for (const error of errors) wire.unfound(error, { tag: "Unavailable", cause: page })
          assert.sameMembers(
            errors.map(({ message }) => Number(page.exec(message)?.[1])),
            statuses
          )
          assert.strictEqual(yield* kit.count("createOrder"), 8)
          // a cancel is sent again until the order is dead
          assert.deepStrictEqual(
            cancelled.map(({ _tag, reducedBy }) => [_tag, reducedBy]),
            statuses.map(() => ["Cancelled", Contracts.of(10)])
          )
          assert.strictEqual(yield* kit.count("cancelOrder"), 8)
          assert.deepStrictEqual(
            (yield* kit.ordersIn(ticker)).map((order) => order.status),
            statuses.map(() => "canceled")
          )
          yield* control.inject(Faults.gatewayPage(403), { endpoint: "getBalance" })
          yield* kit.fails(portfolio.getBalance(), "Forbidden", { status: 403, attempts: 1 })
        })
      )

      it.effect("an error of the exchange, where it may be applied and where it is not", () =>
        Effect.gen(function* () {
          const portfolio = yield* Portfolio.Portfolio
          const control = yield* Control.Control
          const ticker = yield* kit.market()
          const { orderId } = yield* portfolio.createOrder(kit.bid(ticker))
          yield* control.inject(Faults.serverError(), { endpoint: "cancelOrder" })
          yield* control.inject(Faults.serverErrorAfter(), { endpoint: "cancelOrder" })
          const cancelled = yield* Retry.off(portfolio.cancelOrder(orderId))
          assert.deepInclude(cancelled, { _tag: "Cancelled", reducedBy: Contracts.of(10) })
          assert.strictEqual(yield* kit.count("cancelOrder"), 2)
          yield* control.inject(Faults.serverError(503, "service_unavailable"), { endpoint: "createOrder" })
          const error = yield* Effect.flip(Retry.off(portfolio.createOrder(kit.bid(ticker))))
          wire.unfound(error, { tag: "Unavailable", cause: /\(503 service_unavailable/ })
          yield* control.inject(Faults.serverErrorAfter(503, "service_unavailable"), { endpoint: "createOrder" })
          assert.strictEqual((yield* Retry.off(portfolio.createOrder(kit.bid(ticker))))._tag, "Resting")
          yield* control.inject(Faults.serverError(403, "forbidden"), { endpoint: "createOrder" })
          yield* kit.fails(portfolio.createOrder(kit.bid(ticker)), "Forbidden", { outcome: "not-applied" })
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
          wire.unfound(error, { tag: "TimedOut", cause: /^no answer within 60 ms/ })
          assert.deepStrictEqual(error.clientOrderIds, ["hangs"])
          assert.deepStrictEqual(yield* Effect.forEach(hangs, (hang) => hang.strikes), [4, 1])
          assert.strictEqual(yield* kit.count("createOrder"), 1)
          assert.deepStrictEqual(yield* kit.ordersIn(ticker), [])
          assert.isAbove((yield* portfolio.getBalance()).available, 0)
        })
      )

      it.effect("a connection that closes without an answer", () =>
        Effect.gen(function* () {
          const portfolio = yield* Portfolio.Portfolio
          const control = yield* Control.Control
          const ticker = yield* kit.market()
          yield* control.inject(Faults.refused, { endpoint: "createOrder" })
          const error = yield* Effect.flip(Retry.off(portfolio.createOrder(kit.bid(ticker))))
          // it may have been sent
          wire.unfound(error, { tag: "Disconnected", cause: /^the connection broke before the answer was in: / })
          assert.strictEqual(yield* kit.count("createOrder"), 1)
          assert.deepStrictEqual(yield* kit.ordersIn(ticker), [])
        })
      )

      for (const fault of [Faults.droppedAfter, Faults.truncated, Faults.malformed, Faults.noOrder] as const) {
        it.effect(`an order whose answer was lost or spoiled is looked for, and found: ${fault._tag}`, () =>
          Effect.gen(function* () {
            const portfolio = yield* Portfolio.Portfolio
            const control = yield* Control.Control
            const ticker = yield* kit.market()
            yield* kit.offer(ticker, "ask", 40, 4)
            yield* control.inject(fault, { endpoint: "createOrder" })
            const result = yield* Retry.off(
              portfolio.createOrder({
                ticker,
                action: "sell",
                side: "no",
                price: Dollars.cents(60),
                count: Contracts.of(10)
              })
            )
            assert.strictEqual(result._tag, "PartlyFilled")
            assert.strictEqual(result.remaining, Contracts.of(6))
            assert.deepStrictEqual(
              (yield* kit.ordersIn(ticker)).map((order) => order.orderId),
              [result.orderId]
            )
            assert.strictEqual(yield* kit.count("createOrder"), 1)
          })
        )

        it.effect(
          `items of a batch whose answer was lost or spoiled are found, and never sent again: ${fault._tag}`,
          () =>
            Effect.gen(function* () {
              const portfolio = yield* Portfolio.Portfolio
              const control = yield* Control.Control
              const ticker = yield* kit.market()
              yield* control.inject(fault, { endpoint: "batchCreateOrders" })
              const results = yield* Retry.off(portfolio.batchCreateOrders([kit.bid(ticker), kit.bid(ticker)]))
              assert.deepStrictEqual(
                results.map(({ clientOrderId, result }) => [
                  clientOrderId,
                  result._tag === "Success" ? result.success.orderId : result.failure.message
                ]),
                (yield* kit.ordersIn(ticker)).map((order) => [order.clientOrderId, order.orderId]).toReversed()
              )
              assert.strictEqual(results.length, 2)
              assert.strictEqual(yield* kit.count("batchCreateOrders"), 1)
            })
        )
      }

      it.effect("an answer about another order", () =>
        Effect.gen(function* () {
          const portfolio = yield* Portfolio.Portfolio
          const control = yield* Control.Control
          const ticker = yield* kit.market()
          const { orderId } = yield* portfolio.createOrder(kit.bid(ticker))
          yield* control.inject(Faults.wrongOrder, { endpoint: "decreaseOrder" })
          // the order itself tells what became of it
          const { remaining } = yield* portfolio.decreaseOrder(orderId, { ticker, by: Contracts.of(1) })
          assert.strictEqual(remaining, Contracts.of(9))
          yield* control.inject(Faults.wrongOrder, { endpoint: "cancelOrder" })
          const cancelled = yield* portfolio.cancelOrder(orderId, { ticker })
          assert.deepInclude(cancelled, { _tag: "Cancelled", orderId, reducedBy: Contracts.of(9) })
          assert.strictEqual(yield* kit.count("decreaseOrder"), 1)
          assert.strictEqual(yield* kit.count("cancelOrder"), 1)
        })
      )

      it.effect("a body that is cut in the middle", () =>
        Effect.gen(function* () {
          const portfolio = yield* Portfolio.Portfolio
          const control = yield* Control.Control
          const ticker = yield* kit.market()
          yield* control.inject(Faults.truncated, { endpoint: "getBalance" })
          yield* kit.fails(Retry.off(portfolio.getBalance()), "Disconnected", { attempts: 1 })
          const { orderId } = yield* portfolio.createOrder(kit.bid(ticker))
          yield* control.inject(Faults.truncated, { endpoint: "cancelOrder" })
          const cancelled = yield* Retry.off(portfolio.cancelOrder(orderId))
          assert.deepInclude(cancelled, { _tag: "Cancelled", orderId, reducedBy: Contracts.of(10) })
          assert.strictEqual(yield* kit.count("cancelOrder"), 1)
        })
      )

      it.effect("another 2xx than the declared one is a success", () =>
        Effect.gen(function* () {
          const portfolio = yield* Portfolio.Portfolio
          const control = yield* Control.Control
          const ticker = yield* kit.market()
          yield* control.inject(Faults.status(200), { endpoint: "createOrder" })
          yield* control.inject(Faults.status(200), { endpoint: "batchCreateOrders" })
          const result = yield* portfolio.createOrder(kit.bid(ticker))
          assert.strictEqual(result._tag, "Resting")
          const [item] = yield* portfolio.batchCreateOrders([kit.bid(ticker)])
          assert.strictEqual(item?.result._tag, "Success")
          assert.strictEqual((yield* kit.ordersIn(ticker)).length, 2)
          // and the other way round
          yield* control.inject(Faults.status(201), { endpoint: "cancelOrder" })
          assert.strictEqual((yield* portfolio.cancelOrder(result.orderId)).reducedBy, Contracts.of(10))
          assert.strictEqual(yield* kit.count("createOrder"), 1)
        })
      )
    })

    for (const [name, client] of Object.entries(support.clients)) {
      it.live(`a redirect to another host is not followed, by ${name}`, () =>
        Effect.gen(function* () {
          const portfolio = yield* Portfolio.Portfolio
          const control = yield* Control.Control
          const ticker = yield* kit.market()
          const elsewhere = yield* kit.stub(() => ({ body: {} }))
          const own = yield* portfolio.createOrder(kit.bid(ticker))
          const calls: ReadonlyArray<
            readonly [endpoint: string, call: Effect.Effect<unknown, KalshiError.KalshiError>]
          > = [
            ["getBalance", portfolio.getBalance()],
            ["createOrder", portfolio.createOrder(kit.bid(ticker))],
            ["cancelOrder", portfolio.cancelOrder(own.orderId)]
          ] as const
          for (const status of [301, 302, 307, 308] as const) {
            for (const [endpoint, call] of calls) {
              yield* control.inject(Faults.redirect(`${elsewhere.url}/portfolio/balance`, status), { endpoint })
              const reason = yield* kit.fails(call, "Redirected", { outcome: "not-applied", attempts: 1, status })
              assert.strictEqual(reason.location, `${elsewhere.url}/portfolio/balance`)
              assert.isFalse(reason.retryable)
            }
          }
          assert.deepStrictEqual(elsewhere.asked, [])
          assert.strictEqual((yield* kit.ordersIn(ticker)).length, 1)
        }).pipe(Effect.scoped, Effect.provide(wire.sandbox({}, client)))
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
          yield* kit.fails(kit.impatient(portfolio.createOrder(kit.bid("KXT-1-A"))), "Disconnected", {
            outcome: "not-applied",
            attempts: 4
          })
        }).pipe(Effect.provide(wire.at(url)))
      })
    )

    it.live("the answer of a host that has moved, and of an endpoint that is gone", () =>
      Effect.gen(function* () {
        const gone = {
          error: {
            code: "deprecated_v1_order_endpoint",
            message: "Please switch to the V2 endpoints",
            details: "https://docs.kalshi.com/api-reference/orders/create-order-v2"
          }
        }
        const server = yield* kit.stub(({ method }) =>
          method === "POST"
            ? { status: 410, body: gone }
            : { status: 401, body: "API has been moved to https://api.elections.kalshi.com/" }
        )
        yield* Effect.gen(function* () {
          const portfolio = yield* Portfolio.Portfolio
          const expected = { outcome: "not-applied", attempts: 1 } as const
          const write = yield* kit.fails(portfolio.createOrder(kit.bid("KXT-1-A")), "Retired", {
            ...expected,
            status: 410
          })
          assert.match(write.message, /use an API key \(Credentials\.apiKey\) with Portfolio\.layer/)
          const read = yield* kit.fails(portfolio.getBalance(), "Retired", { ...expected, status: 401 })
          assert.match(read.message, /moved to https:\/\/api\.elections\.kalshi\.com/)
        }).pipe(Effect.provide(wire.at(server.url)))
        assert.lengthOf(server.asked, 2)
      }).pipe(Effect.scoped)
    )

    it.live("the account's bucket is empty at the exchange", () =>
      Effect.gen(function* () {
        const portfolio = yield* Portfolio.Portfolio
        const ticker = yield* kit.market()
        yield* portfolio.batchCreateOrders(Array.from({ length: 10 }, () => kit.bid(ticker, 1, 1)))
        yield* kit.fails(Retry.off(portfolio.createOrder(kit.bid(ticker, 1, 1))), "RateLimited", {
          outcome: "not-applied"
        })
        // its tokens are there again after 500 ms
        assert.strictEqual((yield* portfolio.createOrder(kit.bid(ticker, 1, 1)))._tag, "Resting")
        assert.strictEqual((yield* kit.ordersIn(ticker)).length, 11)
      }).pipe(Effect.provide(wire.sandbox({ limits: { ...Buckets.basic, write: { refill: 20, capacity: 100 } } })))
    )
  })
}
