/**
 * Read-only transports, several accounts in one program, what a program can
 * tell from types alone, and time that a test holds in its hand.
 */
import { Control, Faults, Sandbox } from "@effect-kalshi/sandbox"
import { assert, describe, expectTypeOf, it, layer } from "@effect/vitest"
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as Layer from "effect/Layer"
import type * as Result from "effect/Result"
import * as Stream from "effect/Stream"
import { TestClock } from "effect/testing"
import {
  Contracts,
  Credentials,
  Dollars,
  Environment,
  Kalshi,
  type KalshiError,
  Markets,
  Portfolio,
  RateLimit,
  Signer,
  Timeout,
  Timestamp
} from "effect-kalshi"
import * as support from "../support.ts"
import * as kit from "./kit.ts"

const counting = (signed: { count: number }) =>
  Layer.effect(
    Signer.Signer,
    Effect.map(Signer.Signer, (signer) =>
      Signer.Signer.of({
        environment: signer.environment,
        account: signer.account,
        sign: (request) =>
          Effect.suspend(() => {
            signed.count++
            return signer.sign(request)
          })
      })
    )
  )

describe("Transport.readOnly", () => {
  layer(kit.sandbox(), { excludeTestServices: true })((it) => {
    it.effect("refuses every write before it is signed, and reads", () =>
      Effect.gen(function* () {
        const { keyId, privateKey, url } = yield* Sandbox.Sandbox
        const ticker = yield* kit.market()
        const signed = { count: 0 }
        const readOnly = Kalshi.layerWith({ readOnly: true }).pipe(
          Layer.provide([counting(signed), RateLimit.layerNone, FetchHttpClient.layer]),
          Layer.provide(Signer.layer),
          Layer.provide(Credentials.layer({ environment: Environment.sandbox(url), keyId, privateKey }))
        )
        yield* Effect.gen(function* () {
          const portfolio = yield* Portfolio.Portfolio
          const place = { ticker }
          const writes: ReadonlyArray<readonly [string, Effect.Effect<unknown, KalshiError.KalshiError>]> = [
            ["createOrder", portfolio.createOrder(kit.bid(ticker))],
            ["batchCreateOrders", portfolio.batchCreateOrders([kit.bid(ticker)])],
            ["amendOrder", portfolio.amendOrder({ orderId: "id", ...kit.bid(ticker), total: Contracts.of(1) })],
            ["decreaseOrder", portfolio.decreaseOrder("id", { ...place, by: Contracts.of(1) })],
            ["cancelOrder", portfolio.cancelOrder("id", place)],
            ["batchCancelOrders", portfolio.batchCancelOrders([{ orderId: "id", ...place }])],
            ["cancelAllOrders", portfolio.cancelAllOrders()],
            ["createSubaccount", portfolio.createSubaccount()],
            [
              "transferBetweenSubaccounts",
              portfolio.transferBetweenSubaccounts({ from: 0, to: 1, amount: Dollars.cents(1) })
            ]
          ]
          for (const [operation, write] of writes) {
            yield* kit.fails(write, "ReadOnly", { operation, outcome: "not-applied", attempts: 0 })
          }
          assert.strictEqual(signed.count, 0)
          assert.strictEqual(yield* kit.count(), 0)
          assert.isAbove((yield* portfolio.getBalance()).available, 0)
          yield* portfolio.getOrders()
          assert.strictEqual(signed.count, 2)
        }).pipe(Effect.provide(readOnly))
      })
    )
  })
})

class Alice extends Context.Service<Alice, Portfolio.Portfolio["Service"]>()("test/Alice") {}
class Bob extends Context.Service<Bob, Portfolio.Portfolio["Service"]>()("test/Bob") {}

describe("two accounts in one program", () => {
  layer(kit.sandbox(), { excludeTestServices: true })((it) => {
    it.effect("each signs with its own key, although their layers are built together", () =>
      Effect.gen(function* () {
        const control = yield* Control.Control
        const { url } = yield* Sandbox.Sandbox
        const ticker = yield* kit.market()
        const alice = yield* control.account("alice", { key: "ed25519", deposit: Dollars.of(111) })
        const bob = yield* control.account("bob", { key: "ed25519", deposit: Dollars.of(222) })
        const credentials = ({ keyId, privateKey }: typeof alice) =>
          Credentials.layer({ environment: Environment.sandbox(url), keyId, privateKey })
        // the same layer, provided with one credential and then with another
        const kalshi = Kalshi.layer({ rateLimit: "none" })
        const accounts = Layer.mergeAll(
          Layer.effect(Alice, Portfolio.Portfolio).pipe(Layer.provide(kalshi), Layer.provide(credentials(alice))),
          Layer.effect(Bob, Portfolio.Portfolio).pipe(Layer.provide(kalshi), Layer.provide(credentials(bob)))
        ).pipe(Layer.provide(FetchHttpClient.layer))
        yield* Effect.gen(function* () {
          const ofAlice = yield* Alice
          const ofBob = yield* Bob
          yield* control.clearRequests
          const calls = Array.from({ length: 20 }, (_, index) =>
            index % 2 === 0 ? ofAlice.getBalance() : ofBob.getBalance()
          )
          const balances = yield* Effect.all(calls, { concurrency: 20 })
          assert.deepStrictEqual(
            balances.map(({ available }) => Dollars.toNumber(available)),
            Array.from({ length: 20 }, (_, index) => (index % 2 === 0 ? 111 : 222))
          )
          const order = yield* ofBob.createOrder(kit.bid(ticker, 10, 1))
          assert.strictEqual((yield* control.requests({ keyId: alice.keyId })).length, 10)
          assert.strictEqual((yield* control.requests({ keyId: bob.keyId })).length, 11)
          assert.strictEqual((yield* control.truth(bob.id)).orders[0]?.orderId, order.orderId)
          assert.deepStrictEqual((yield* control.truth(alice.id)).orders, [])
          yield* kit.fails(ofAlice.getOrder(order.orderId), "OrderNotFound")
        }).pipe(Effect.provide(accounts))
      })
    )

    it.effect("one inside the other", () =>
      Effect.gen(function* () {
        const control = yield* Control.Control
        const sandbox = yield* Sandbox.Sandbox
        const { keyId } = sandbox
        yield* kit.market()
        const inner = yield* control.account("inner", { key: "ed25519", deposit: Dollars.of(333) })
        const available = Effect.map(
          Portfolio.Portfolio.use((portfolio) => portfolio.getBalance()),
          (balance) => balance.available
        )
        const outside = yield* available
        const inside = yield* available.pipe(
          Effect.provide(
            support.layerMember().pipe(
              Layer.provide(
                Layer.succeed(Sandbox.Sandbox, {
                  ...sandbox,
                  account: inner.id,
                  keyId: inner.keyId,
                  privateKey: inner.privateKey
                })
              )
            )
          )
        )
        assert.strictEqual(inside, Dollars.of(333))
        assert.strictEqual(outside, Dollars.of(10_000))
        assert.deepStrictEqual(
          (yield* control.requests()).map((request) => request.keyId),
          [keyId, inner.keyId]
        )
      })
    )
  })

  it.effect("each has buckets of its own", () =>
    Effect.gen(function* () {
      class One extends Context.Service<One, RateLimit.RateLimit["Service"]>()("test/One") {}
      class Two extends Context.Service<Two, RateLimit.RateLimit["Service"]>()("test/Two") {}
      const budget = RateLimit.layerFixed("basic")
      yield* Effect.gen(function* () {
        const all = { bucket: "write", lane: "order", cost: 100 } as const
        yield* TestClock.adjust("1 second")
        yield* (yield* One).take(all)
        yield* (yield* Two).take(all)
        assert.strictEqual(yield* Clock.currentTimeMillis, 1000)
      }).pipe(
        Effect.provide(
          Layer.mergeAll(
            Layer.effect(One, RateLimit.RateLimit).pipe(Layer.provide(budget)),
            Layer.effect(Two, RateLimit.RateLimit).pipe(Layer.provide(RateLimit.layerFixed("basic")))
          )
        )
      )
    })
  )
})

describe("types", () => {
  type Service = Portfolio.Portfolio["Service"]
  type Reasons<A> =
    A extends Effect.Effect<infer _A, infer E, infer _R>
      ? E extends KalshiError.KalshiError
        ? E["reason"]
        : never
      : never

  it("an operation lists its reasons, and those of no other", () => {
    expectTypeOf<KalshiError.InsufficientBalance>().toExtend<Reasons<ReturnType<Service["createOrder"]>>>()
    expectTypeOf<KalshiError.OrderNotFound>().not.toExtend<Reasons<ReturnType<Service["createOrder"]>>>()
    expectTypeOf<KalshiError.OrderNotFound>().toExtend<Reasons<ReturnType<Service["cancelOrder"]>>>()
    expectTypeOf<KalshiError.InsufficientBalance>().not.toExtend<Reasons<ReturnType<Service["cancelOrder"]>>>()
    expectTypeOf<Reasons<ReturnType<Service["getBalance"]>>>().toEqualTypeOf<KalshiError.Common>()
    expectTypeOf<Reasons<Service["getPortfolioRestingOrderTotalValue"]>>().toEqualTypeOf<KalshiError.Common>()
    type Item = Effect.Success<ReturnType<Service["batchCreateOrders"]>>[number]["result"]
    type ItemError = Item extends Result.Result<infer _A, infer E> ? E : never
    expectTypeOf<ItemError>().toExtend<KalshiError.KalshiError>()
    expectTypeOf<KalshiError.Unanswered>().toExtend<ItemError["reason"]>()
  })

  it("a money amount is no number, and no count", () => {
    expectTypeOf<number>().not.toExtend<Dollars.Dollars>()
    expectTypeOf<Contracts.Contracts>().not.toExtend<Dollars.Dollars>()
    expectTypeOf<Timestamp.Timestamp>().not.toExtend<Contracts.Contracts>()
  })

  it.live("a reason that is handled is told apart, with what it knows", () =>
    Effect.gen(function* () {
      const server = yield* kit.stub(() => ({
        status: 400,
        body: { error: { code: "insufficient_balance", message: "insufficient balance", details: "short of $1" } }
      }))
      const handled = Portfolio.Portfolio.use((portfolio) => portfolio.createOrder(kit.bid("KXT-1-A"))).pipe(
        Effect.map((result) => result._tag),
        Effect.catchReason("KalshiError", "InsufficientBalance", (reason) => {
          expectTypeOf(reason).toEqualTypeOf<KalshiError.InsufficientBalance>()
          return Effect.succeed(`short: ${reason.details}`)
        })
      )
      expectTypeOf<Effect.Success<typeof handled>>().toEqualTypeOf<string>()
      assert.strictEqual(yield* handled.pipe(Effect.provide(kit.at(server.url))), "short: short of $1")
      const several = Portfolio.Portfolio.use((portfolio) => portfolio.createOrder(kit.bid("KXT-1-A"))).pipe(
        Effect.catchReasons("KalshiError", {
          InsufficientBalance: () => Effect.succeed("balance"),
          MarketClosed: () => Effect.succeed("closed")
        })
      )
      assert.strictEqual(yield* several.pipe(Effect.provide(kit.at(server.url))), "balance")
    })
  )
})

const MIDNIGHT = 1_795_190_400_000

describe("in memory, on the clock of the test", () => {
  const inMemory = Layer.unwrap(
    Effect.map(Sandbox.Sandbox, ({ keyId, url }) =>
      Kalshi.layerWith().pipe(
        Layer.provide([
          Signer.layerTest({ environment: Environment.sandbox(url), keyId }),
          // in memory nothing is overtaken
          RateLimit.layerFixed("basic", { headroom: 0 })
        ])
      )
    )
  ).pipe(Layer.provideMerge(Sandbox.layerInMemory()))

  const within = <A, E, R>(effect: Effect.Effect<A, E, R | Layer.Success<typeof inMemory>>) =>
    Effect.andThen(
      // ten seconds early, for buckets that are full
      TestClock.setTime(MIDNIGHT - 10_000),
      Effect.andThen(TestClock.adjust("10 seconds"), effect).pipe(Effect.provide(inMemory))
    )

  /** Lets the clock go on in steps, between which whoever waits may do something. */
  const pass = (seconds: number) =>
    Effect.forEach(Array.from({ length: seconds }), () => TestClock.adjust("1 second"), { discard: true })

  it.effect("an order expires when its time has come", () =>
    within(
      Effect.gen(function* () {
        const portfolio = yield* Portfolio.Portfolio
        const before = yield* portfolio.getBalance()
        const { orderId } = yield* portfolio.createOrder({
          ...kit.bid("KXHIGHNY-26DEC31-T40", 30),
          expiresAt: Timestamp.fromMillis(MIDNIGHT + 3_600_000)
        })
        yield* TestClock.adjust("59 minutes")
        assert.strictEqual((yield* portfolio.getOrder(orderId)).status, "resting")
        assert.strictEqual(Dollars.subtract(before.available, (yield* portfolio.getBalance()).available), Dollars.of(3))
        yield* TestClock.adjust("1 minute")
        const order = yield* portfolio.getOrder(orderId)
        assert.strictEqual(order.status, "canceled")
        assert.strictEqual(order.remaining, 0)
        assert.strictEqual((yield* portfolio.getBalance()).available, before.available)
        assert.deepInclude(yield* portfolio.cancelOrder(orderId), {
          _tag: "AlreadyCancelled",
          reducedBy: Contracts.of(10),
          filled: Contracts.zero
        })
      })
    )
  )

  it.effect("by default a read is tried five times, over about four seconds", () =>
    within(
      Effect.gen(function* () {
        const portfolio = yield* Portfolio.Portfolio
        const control = yield* Control.Control
        yield* control.inject(Faults.gatewayPage(502), { times: 100 })
        const fiber = yield* Effect.forkChild(Effect.flip(portfolio.getBalance()))
        yield* TestClock.adjust("2500 millis")
        assert.isUndefined(fiber.pollUnsafe())
        yield* TestClock.adjust("3 seconds")
        kit.failed(yield* Fiber.join(fiber), "Unavailable", { attempts: 5, status: 502 })
        assert.strictEqual(yield* kit.count("getBalance"), 5)
        const elapsed = (yield* control.requests()).map(({ at }) => Timestamp.toMillis(at) - MIDNIGHT)
        // 250, 500, 1000 and 2000 ms, each a fifth more or less
        const waits = elapsed.slice(1).map((at, index) => at - (elapsed[index] ?? 0))
        for (const [index, wait] of waits.entries()) {
          assert.isAtLeast(wait, 250 * 2 ** index * 0.8)
          assert.isAtMost(wait, 250 * 2 ** index * 1.2 + 1)
        }
      })
    )
  )

  it.effect("a create is sent again only while it is younger than two seconds", () =>
    within(
      Effect.gen(function* () {
        const portfolio = yield* Portfolio.Portfolio
        const control = yield* Control.Control
        yield* control.inject(Faults.gatewayPage(502), { endpoint: "createOrder", times: 100 })
        const fiber = yield* Effect.forkChild(Effect.flip(portfolio.createOrder(kit.bid("KXHIGHNY-26DEC31-T40", 30))))
        // the longest that it can be under way, after the last attempt
        yield* pass(32)
        assert.isUndefined(fiber.pollUnsafe())
        yield* pass(6)
        const error = yield* Fiber.join(fiber)
        kit.failed(error, "Unavailable", { outcome: "not-applied", status: 502 })
        assert.strictEqual(error.settled, "not-applied")
        const sent = (yield* control.requests({ endpoint: "createOrder" })).map(
          ({ at }) => Timestamp.toMillis(at) - MIDNIGHT
        )
        assert.strictEqual(sent.length, error.attempts)
        assert.isAtLeast(sent.length, 4)
        // the last wait of 2 s begins before the two seconds are over
        assert.isTrue(
          sent.slice(0, -1).every((at) => at < 2000),
          String(sent)
        )
      })
    )
  )

  it.effect("an attempt of order entry has five seconds and is not sent again after them; a read has ten", () =>
    within(
      Effect.gen(function* () {
        const portfolio = yield* Portfolio.Portfolio
        const control = yield* Control.Control
        yield* Effect.forEach(["createOrder", "getBalance"], (endpoint) => control.inject(Faults.hang, { endpoint }))
        const write = yield* Effect.forkChild(Effect.flip(portfolio.createOrder(kit.bid("KXHIGHNY-26DEC31-T40", 30))))
        const read = yield* Effect.forkChild(Effect.exit(portfolio.getBalance()))
        yield* TestClock.adjust("4999 millis")
        assert.strictEqual(yield* kit.count("getOrders"), 0)
        // once its time is over it is looked for
        yield* TestClock.adjust("1 millis")
        assert.strictEqual(yield* kit.count("getOrders"), 1)
        yield* TestClock.adjust("4999 millis")
        assert.isUndefined(read.pollUnsafe())
        yield* TestClock.adjust("1 second")
        assert.strictEqual((yield* Fiber.join(read))._tag, "Success")
        assert.strictEqual(yield* kit.count("getBalance"), 2)
        // it was sent just after midnight, and is not known to be lost before the 32nd second
        yield* pass(21)
        assert.isUndefined(write.pollUnsafe())
        yield* pass(3)
        const error = yield* Fiber.join(write)
        const reason = kit.failed(error, "TimedOut", { outcome: "not-applied", attempts: 1 })
        assert.strictEqual(error.settled, "not-applied")
        assert.strictEqual(reason.millis, 5000)
        assert.strictEqual(yield* kit.count("createOrder"), 1)
        // a pause of 200 ms, longer by that each time up to two seconds
        assert.isAtMost(yield* kit.count("getOrders"), 20)
      })
    )
  )

  it.effect("orders are paced by the rate limit and not refused by the exchange", () =>
    within(
      Effect.gen(function* () {
        const portfolio = yield* Portfolio.Portfolio
        const control = yield* Control.Control
        const orders = Array.from({ length: 15 }, () => portfolio.createOrder(kit.bid("KXHIGHNY-26DEC31-T40", 30, 1)))
        const fiber = yield* Effect.forkChild(Effect.all(orders, { concurrency: 15 }))
        yield* TestClock.adjust("1 second")
        assert.strictEqual((yield* Fiber.join(fiber)).length, 15)
        const requests = yield* control.requests()
        assert.isTrue(requests.every(({ status }) => status === 201))
        // 10 at once from the full bucket, then one each 100 ms
        assert.deepStrictEqual(
          requests.map(({ at }) => Timestamp.toMillis(at) - MIDNIGHT),
          [...Array.from({ length: 10 }, () => 0), 100, 200, 300, 400, 500]
        )
      })
    )
  )

  it.effect("an order that waits longer than its time limit for tokens is not sent", () =>
    within(
      Effect.gen(function* () {
        const portfolio = yield* Portfolio.Portfolio
        const order = kit.bid("KXHIGHNY-26DEC31-T40", 30, 1)
        yield* portfolio.batchCreateOrders(Array.from({ length: 10 }, () => order))
        const waiting = Effect.forkChild(Effect.result(portfolio.createOrder(order).pipe(Timeout.within("150 millis"))))
        const fibers = [yield* waiting, yield* waiting, yield* waiting]
        yield* TestClock.adjust("1 second")
        const [first, ...rest] = yield* Effect.forEach(fibers, Fiber.join)
        assert.strictEqual(first?._tag, "Success")
        for (const result of rest) {
          if (result._tag !== "Failure") return assert.fail("an order was sent late")
          kit.failed(result.failure, "LimitExceeded", { outcome: "not-applied", attempts: 0 })
          assert.match(result.failure.message, /no tokens within 150 ms/)
        }
        assert.strictEqual(yield* kit.count("createOrder"), 1)
        // what they gave up they did not take: the bucket is full again when its time has come
        yield* TestClock.adjust("200 millis")
        const results = yield* portfolio.batchCreateOrders(Array.from({ length: 10 }, () => order))
        assert.strictEqual(results.length, 10)
      })
    )
  )

  it.effect("a cancel does not stand behind orders that wait", () =>
    within(
      Effect.gen(function* () {
        const portfolio = yield* Portfolio.Portfolio
        const control = yield* Control.Control
        const order = kit.bid("KXHIGHNY-26DEC31-T40", 30, 1)
        const [placed] = yield* portfolio.batchCreateOrders(Array.from({ length: 10 }, () => order))
        if (placed?.result._tag !== "Success") return assert.fail("not placed")
        const { orderId } = placed.result.success
        const queue = yield* Effect.forkChild(
          Effect.all(
            Array.from({ length: 5 }, () => portfolio.createOrder(order)),
            { concurrency: 5 }
          )
        )
        yield* TestClock.adjust("1 millis")
        const cancel = yield* Effect.forkChild(portfolio.cancelOrder(orderId))
        yield* TestClock.adjust("30 millis")
        yield* Fiber.join(cancel)
        assert.strictEqual((yield* control.requests({ endpoint: "createOrder" })).length, 0)
        yield* TestClock.adjust("1 second")
        yield* Fiber.join(queue)
      })
    )
  )

  it.effect("public reads spend no tokens", () =>
    within(
      Effect.gen(function* () {
        const markets = yield* Markets.Markets
        for (let index = 0; index < 60; index++) yield* markets.getMarkets({ limit: 1 })
        assert.strictEqual(yield* Stream.runCount(markets.markets()), 7)
        assert.strictEqual(yield* Clock.currentTimeMillis, MIDNIGHT)
      })
    )
  )
})
