/** A portfolio that sends no write, and says what each would do. */
import { Control, Sandbox } from "@effect-kalshi/sandbox"
import { assert, layer } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type * as Result from "effect/Result"
import {
  Breaker,
  Contracts,
  Dollars,
  Guard,
  Kalshi,
  type KalshiError,
  Listings,
  OrderJournal,
  Portfolio,
  RateLimit,
  Signer,
  Transport
} from "effect-kalshi"
import * as client from "../../packages/kalshi/src/service/client.ts"
import * as support from "../support.ts"
import * as kit from "./kit.ts"

const dry = support.layerMember({ rateLimit: "none", dryRun: true }).pipe(Layer.orDie)

/** Methods of all requests that have reached the sandbox since the market was listed. */
const methods = Control.Control.use((control) =>
  Effect.map(control.requests(), (entries) => new Set(entries.map(({ method }) => method)))
)

const reasonOf = (item: { readonly result: Result.Result<unknown, KalshiError.KalshiError> } | undefined) =>
  item?.result._tag === "Failure" ? item.result.failure.reason : assert.fail("it was not refused")

layer(kit.sandbox(), { excludeTestServices: true })("Kalshi.layer({ dryRun: true })", (it) => {
  it.effect("tells what an order would cost, as preview does, and sends none", () =>
    Effect.gen(function* () {
      const ticker = yield* kit.market()
      const real = yield* (yield* Portfolio.Portfolio).preview(kit.bid(ticker, 50, 10))
      yield* Effect.gen(function* () {
        const portfolio = yield* Portfolio.Portfolio
        const error = yield* Effect.flip(portfolio.createOrder({ ...kit.bid(ticker, 50, 10), clientOrderId: "mine" }))
        const reason = kit.failed(error, "DryRun", { operation: "createOrder", outcome: "not-applied", attempts: 0 })
        assert.strictEqual(reason.cost, real.worstCost)
        assert.strictEqual(reason.fee, real.fee)
        assert.deepStrictEqual(error.clientOrderIds, ["mine"])
        assert.strictEqual(
          error.reason.message,
          `dry run: it would place a bid of 10.00 contracts of ${ticker} at $0.5000, which would cost at most $5.1761, ` +
            "with a fee of $0.1750 where it fills at once; nothing was sent"
        )
        const previewed = yield* portfolio.preview(kit.ask(ticker, 30, 7))
        const ask = yield* kit.fails(portfolio.createOrder(kit.ask(ticker, 30, 7)), "DryRun")
        assert.deepStrictEqual([ask.cost, ask.fee], [previewed.worstCost, previewed.fee])
      }).pipe(Effect.provide(dry))
      assert.deepStrictEqual(yield* kit.ordersIn(ticker), [])
      assert.deepStrictEqual([...(yield* methods)], ["GET"])
    })
  )

  it.effect("tells it of each order of a batch, and checks them as the real one does", () =>
    Effect.gen(function* () {
      const ticker = yield* kit.market()
      yield* Effect.gen(function* () {
        const portfolio = yield* Portfolio.Portfolio
        const orders = [kit.bid(ticker, 50, 10), kit.ask(ticker, 60, 3), kit.bid("KXNONE-1-A")]
        const results = yield* portfolio.batchCreateOrders(orders)
        assert.deepStrictEqual(
          results.map((item) => reasonOf(item)._tag),
          ["DryRun", "DryRun", "MarketNotFound"]
        )
        for (const index of [0, 1]) {
          const previewed = yield* portfolio.preview(orders[index] ?? kit.bid(ticker))
          const reason = reasonOf(results[index])
          assert.strictEqual(reason._tag === "DryRun" ? reason.cost : undefined, previewed.worstCost)
          assert.isNotEmpty(results[index]?.clientOrderId)
        }
        const wrong = yield* kit.fails(
          portfolio.batchCreateOrders([kit.bid(ticker), kit.bid(ticker, 50.5)]),
          "InvalidInput",
          { operation: "batchCreateOrders" }
        )
        assert.strictEqual(wrong.field, "orders[1].price")
        const twice = { ...kit.bid(ticker), clientOrderId: "mine" }
        yield* kit.fails(portfolio.batchCreateOrders([twice, twice]), "InvalidInput")
        yield* kit.fails(portfolio.createOrder(kit.bid(ticker, 50.5)), "InvalidInput", { operation: "createOrder" })
        yield* kit.fails(portfolio.createOrder(kit.bid("KXNONE-1-A")), "MarketNotFound", { outcome: "not-applied" })
        assert.deepStrictEqual(yield* portfolio.batchCreateOrders([]), [])
      }).pipe(Effect.provide(dry))
      assert.deepStrictEqual([...(yield* methods)], ["GET"])
    })
  )

  it.effect("tells what would be moved between subaccounts, and checks it", () =>
    Effect.gen(function* () {
      yield* kit.market()
      yield* Effect.gen(function* () {
        const portfolio = yield* Portfolio.Portfolio
        const transfer = { from: 0, to: 2, amount: Dollars.of(1.5) }
        const moving = yield* kit.fails(portfolio.transferBetweenSubaccounts(transfer), "DryRun", { attempts: 0 })
        assert.strictEqual(moving.description, "it would move $1.5000 from subaccount 0 to subaccount 2")
        const half = portfolio.transferBetweenSubaccounts({ ...transfer, amount: Dollars.of(0.005) })
        assert.strictEqual((yield* kit.fails(half, "InvalidInput")).field, "amount")
        yield* kit.fails(portfolio.createSubaccount(), "DryRun", { operation: "createSubaccount", attempts: 0 })
        assert.strictEqual((yield* portfolio.getSubaccountBalances).length, 1)
      }).pipe(Effect.provide(dry))
      assert.deepStrictEqual([...(yield* methods)], ["GET"])
    })
  )

  it.effect("tells what would become of an order that rests", () =>
    Effect.gen(function* () {
      const ticker = yield* kit.market()
      yield* kit.offer(ticker, "ask", 40, 2)
      const { orderId } = yield* (yield* Portfolio.Portfolio).createOrder(kit.bid(ticker, 40, 10))
      yield* (yield* Control.Control).clearRequests
      const before = yield* kit.ordersIn(ticker)
      yield* Effect.gen(function* () {
        const portfolio = yield* Portfolio.Portfolio
        const says = (call: Effect.Effect<unknown, KalshiError.KalshiError>) =>
          Effect.map(
            kit.fails(call, "DryRun", { outcome: "not-applied", attempts: 0 }),
            ({ description }) => description
          )
        const order = `order ${orderId}, a bid of 8.00 contracts of ${ticker} at $0.4000`
        assert.strictEqual(yield* says(portfolio.cancelOrder(orderId)), `it would cancel ${order}`)
        assert.strictEqual(
          yield* says(portfolio.decreaseOrder(orderId, { by: Contracts.of(3) })),
          `it would leave 5.00 contracts of ${order}`
        )
        assert.strictEqual(
          yield* says(portfolio.decreaseOrder(orderId, { to: Contracts.of(9) })),
          `it would leave 8.00 contracts of ${order}`
        )
        assert.strictEqual(
          yield* says(portfolio.decreaseOrder(orderId, { by: Contracts.of(8) })),
          `it would cancel ${order}`
        )
        const amend = { ...kit.bid(ticker, 45), orderId, total: Contracts.of(14) }
        const amended = yield* kit.fails(portfolio.amendOrder(amend), "DryRun")
        const previewed = yield* portfolio.preview(kit.bid(ticker, 45, 12))
        assert.deepStrictEqual([amended.cost, amended.fee], [previewed.worstCost, previewed.fee])
        assert.strictEqual(
          amended.description,
          `it would make of ${order}, a bid of 12.00 contracts of ${ticker} at $0.4500`
        )
        assert.strictEqual(
          yield* says(portfolio.amendOrder({ ...amend, total: Contracts.of(2) })),
          `it would cancel ${order}`
        )
        yield* kit.fails(portfolio.amendOrder({ ...amend, total: Contracts.of(1) }), "InvalidInput")
        yield* kit.fails(portfolio.amendOrder({ ...amend, price: Dollars.cents(45.5) }), "InvalidInput")
        yield* kit.fails(portfolio.decreaseOrder(orderId, {}), "InvalidInput")
        yield* kit.fails(portfolio.cancelOrder(""), "InvalidInput")
        yield* kit.fails(portfolio.cancelOrder("nothing"), "OrderNotFound", { operation: "cancelOrder" })
        const results = yield* portfolio.batchCancelOrders([orderId, "nothing"])
        assert.deepStrictEqual(
          results.map((item) => [item.orderId, reasonOf(item)._tag]),
          [
            [orderId, "DryRun"],
            ["nothing", "OrderNotFound"]
          ]
        )
      }).pipe(Effect.provide(dry))
      assert.deepStrictEqual(yield* kit.ordersIn(ticker), before)
      assert.deepStrictEqual([...(yield* methods)], ["GET"])
    })
  )

  it.effect("says of an order that has ended that nothing would change", () =>
    Effect.gen(function* () {
      const ticker = yield* kit.market()
      const portfolio = yield* Portfolio.Portfolio
      const { orderId } = yield* portfolio.createOrder(kit.bid(ticker))
      yield* portfolio.cancelOrder(orderId)
      const { description } = yield* Effect.flatMap(Portfolio.Portfolio, (portfolio) =>
        kit.fails(portfolio.cancelOrder(orderId), "DryRun")
      ).pipe(Effect.provide(dry))
      assert.include(description, "has ended (canceled)")
    })
  )

  it.effect("reads as the real one", () =>
    Effect.gen(function* () {
      const real = yield* (yield* Portfolio.Portfolio).getBalance()
      const read = yield* Effect.flatMap(Portfolio.Portfolio, (portfolio) => portfolio.getBalance()).pipe(
        Effect.provide(dry)
      )
      assert.strictEqual(read.available, real.available)
    })
  )
})

layer(kit.sandbox(), { excludeTestServices: true })("Portfolio.layerDryRun", (it) => {
  it.effect("has nothing that signs a write, although the program has a road for them", () =>
    Effect.gen(function* () {
      const { keyId, url } = yield* Sandbox.Sandbox
      const signed: Array<string> = []
      const signer = Layer.succeed(
        Signer.Signer,
        Signer.Signer.of({
          environment: { name: "sandbox", baseUrl: url },
          account: keyId,
          sign: ({ method }) =>
            Effect.sync(() => {
              signed.push(method)
              return { "KALSHI-ACCESS-KEY": keyId }
            })
        })
      )
      const ticker = yield* kit.market()
      yield* Effect.gen(function* () {
        const portfolio = yield* Portfolio.Portfolio
        const place = { ticker }
        yield* kit.fails(portfolio.createOrder(kit.bid(ticker)), "DryRun")
        yield* portfolio.batchCreateOrders([kit.bid(ticker)])
        // these are about an order, which this key is not let read
        yield* Effect.flip(portfolio.amendOrder({ orderId: "id", ...kit.bid(ticker), total: Contracts.of(1) }))
        yield* Effect.flip(portfolio.decreaseOrder("id", { ...place, by: Contracts.of(1) }))
        yield* Effect.flip(portfolio.cancelOrder("id", place))
        yield* portfolio.batchCancelOrders([{ orderId: "id", ...place }])
      }).pipe(
        Effect.provide(
          Portfolio.layerDryRun.pipe(
            Layer.provide(Listings.layer),
            Layer.provide(Transport.layer),
            Layer.provide([Breaker.layerNone, Guard.layerNone, OrderJournal.layerMemory]),
            Layer.provide([signer, RateLimit.layerNone, support.clients.fetch])
          )
        )
      )
      assert.isNotEmpty(signed)
      assert.deepStrictEqual([...new Set(signed)], ["GET"])
      assert.deepStrictEqual([...(yield* methods)], ["GET"])
    })
  )

  it.effect("cannot sign one on a road that would carry it", () =>
    Effect.gen(function* () {
      const { keyId, url } = yield* Sandbox.Sandbox
      const signer = Layer.provide(
        Signer.readOnly,
        Signer.layerTest({ environment: { name: "sandbox", baseUrl: url }, keyId })
      )
      yield* kit.market()
      const cancelled = Effect.gen(function* () {
        const orders = yield* client.group("orders")
        return yield* orders.cancelOrder({ params: { order_id: "id" }, query: {} })
      })
      const error = yield* Effect.flip(cancelled).pipe(
        Effect.provide(
          Transport.layer.pipe(
            Layer.provide([Breaker.layerNone, Guard.layerNone, OrderJournal.layerMemory]),
            Layer.provideMerge(Layer.mergeAll(signer, RateLimit.layerNone, support.clients.fetch))
          )
        )
      )
      assert.strictEqual(error._tag, "KalshiError")
      if (error._tag === "KalshiError") assert.include(error.reason.message, "signs reads alone, and not DELETE")
      assert.strictEqual(yield* kit.count(), 0)
    })
  )

  it.effect("is what Kalshi.layerWith gives for a dry run, on a signer of your own", () =>
    Effect.gen(function* () {
      const { keyId, url } = yield* Sandbox.Sandbox
      const ticker = yield* kit.market()
      const reason = yield* Effect.flatMap(Portfolio.Portfolio, (portfolio) =>
        kit.fails(portfolio.createOrder(kit.bid(ticker)), "DryRun")
      ).pipe(
        Effect.provide(
          Kalshi.layerWith({ dryRun: true }).pipe(
            Layer.provide([
              Signer.layerTest({ environment: { name: "sandbox", baseUrl: url }, keyId }),
              RateLimit.layerNone,
              support.clients.fetch
            ])
          )
        )
      )
      assert.isDefined(reason.cost)
    })
  )
})
