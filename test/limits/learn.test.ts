/** What a rate limit learns from the exchange, on the clock of the test. */
import { Buckets, Control, Faults, Sandbox } from "@effect-kalshi/sandbox"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import { TestClock } from "effect/testing"
import { Contracts, Dollars, Environment, Kalshi, Portfolio, RateLimit, Resolution, Signer } from "effect-kalshi"
import { recording } from "../spans.ts"

const TICKER = "KXLIMITS-26-A"

const advanced: Buckets.Limits = {
  tier: "advanced",
  read: { refill: 300, capacity: 900 },
  write: { refill: 300, capacity: 900 }
}

const bid = { ticker: TICKER, side: "bid", price: Dollars.cents(1), count: Contracts.of(1) } as const
const bids = (length: number) => Array.from({ length }, () => bid)

/** The client over a sandbox that has been open for a while, as a program that starts. */
const client = (options: RateLimit.LearnOptions = {}) =>
  Layer.unwrap(
    Effect.map(Sandbox.Sandbox, ({ keyId, url }) =>
      Kalshi.layerWith({ breaker: "none" }).pipe(
        Layer.provideMerge(RateLimit.layer(options)),
        Layer.provide(Signer.layerTest({ environment: Environment.sandbox(url), keyId }))
      )
    )
  )

const exchange = (options: { readonly limits?: Buckets.Limits; readonly shards?: number } = {}) =>
  Layer.effectDiscard(
    Effect.gen(function* () {
      const control = yield* Control.Control
      yield* control.listMarket({ ticker: TICKER, event: "KXLIMITS-26" })
    })
  ).pipe(Layer.provideMerge(Sandbox.layerInMemory({ markets: false, limits: advanced, ...options })))

const within = <A, E>(
  options: Parameters<typeof exchange>[0],
  effect: Effect.Effect<A, E, Layer.Success<ReturnType<typeof exchange>>>
) => Effect.andThen(TestClock.setTime(1_795_190_400_000), Effect.provide(effect, exchange(options)))

const bucket = (name: string) =>
  Effect.map(RateLimit.state, ({ buckets }) => buckets.find((each) => each.name === name) ?? assert.fail(name))

const asked = Control.Control.use((control) => control.requests({ endpoint: "getAccountApiLimits" }))

const refused = Effect.gen(function* () {
  const control = yield* Control.Control
  const { account } = yield* Sandbox.Sandbox
  return (yield* control.tokens(account)).refused
})

// what is under way waits for promises that no clock can hurry
const settle = TestClock.withLive(Effect.sleep("50 millis"))

const warnings = () => {
  const said: Array<string> = []
  const logger = Logger.make(({ logLevel, message }) => {
    if (logLevel === "Warn") said.push(String(message))
  })
  return { said, layer: Logger.layer([logger]) }
}

describe("RateLimit.layer", () => {
  it.effect("learns tier, buckets and refill at the start, and adds nothing to what is in them", () =>
    within(
      {},
      Effect.gen(function* () {
        const before = yield* RateLimit.state
        assert.isUndefined(before.tier)
        assert.deepInclude(yield* bucket("write"), { refill: 100, capacity: 100, tokens: 0 })
        // a read costs ten tokens, which are there after 50 ms
        yield* settle
        yield* TestClock.adjust("50 millis")
        yield* settle
        const { tier } = yield* RateLimit.state
        assert.strictEqual(tier, "advanced")
        assert.deepInclude(yield* bucket("write"), { refill: 300, capacity: 900, tokens: 5 })
        yield* TestClock.adjust("1 second")
        assert.deepInclude(yield* bucket("write"), { tokens: 305 })
      }).pipe(Effect.provide(client()))
    )
  )

  it.effect("learns what requests cost", () =>
    within(
      {},
      Effect.gen(function* () {
        const control = yield* Control.Control
        yield* control.setCosts({ standard: 20, endpoints: { cancelOrder: 7, batchCreateOrders: 25 } })
        yield* Effect.gen(function* () {
          const portfolio = yield* Portfolio.Portfolio
          yield* TestClock.adjust("10 seconds")
          const { orderId } = yield* portfolio.createOrder(bid)
          assert.strictEqual((yield* bucket("write")).tokens, 900 - 75 - 20)
          yield* TestClock.adjust("10 seconds")
          yield* portfolio.cancelOrder(orderId, { ticker: TICKER })
          assert.strictEqual((yield* bucket("write")).tokens, 900 - 75 - 7)
          yield* TestClock.adjust("10 seconds")
          yield* portfolio.batchCreateOrders(bids(3))
          assert.strictEqual((yield* bucket("write")).tokens, 900 - 75 - 75)
        }).pipe(Effect.provide(client()))
        const { account } = yield* Sandbox.Sandbox
        assert.strictEqual((yield* control.tokens(account)).accepted.write, 20 + 7 + 75)
      })
    )
  )

  it.effect("says in the span of a call how long it waited, and for what", () =>
    within(
      { shards: 2 },
      Effect.gen(function* () {
        const { spans, tracer } = recording()
        yield* TestClock.adjust("10 seconds")
        const portfolio = yield* Portfolio.Portfolio
        yield* portfolio.batchCreateOrders(bids(90))
        const fiber = yield* Effect.forkChild(Effect.withTracer(portfolio.createOrder(bid), tracer))
        yield* TestClock.adjust("1 second")
        yield* Fiber.join(fiber)
        const told = spans.find(({ name }) => name === "createOrder")?.attributes
        assert.strictEqual(told?.get("kalshi.tokens"), 10)
        assert.deepStrictEqual(told?.get("kalshi.waited_for"), ["write", "write:1"])
        // three hundred flow in a second
        assert.strictEqual(told?.get("kalshi.waited_ms"), 34)
      }).pipe(Effect.provide(client({ headroom: 0 })))
    )
  )

  it.effect("bills the shards that the exchange lists", () =>
    within(
      { shards: 3 },
      Effect.gen(function* () {
        const control = yield* Control.Control
        const { account } = yield* Sandbox.Sandbox
        const portfolio = yield* Portfolio.Portfolio
        yield* TestClock.adjust("10 seconds")
        yield* portfolio.createOrder(bid)
        yield* portfolio.createOrder({ ...bid, exchangeIndex: 0 })
        // it is billed before it is refused: the market is on shard 0
        yield* Effect.flip(portfolio.createOrder({ ...bid, exchangeIndex: 2 }))
        yield* portfolio.batchCreateOrders(bids(2))
        const { accepted } = yield* control.tokens(account)
        assert.deepInclude(accepted, { write: 40, "write:1": 10, "write:2": 20 })
        const { buckets } = yield* RateLimit.state
        assert.deepStrictEqual(
          buckets.map(({ name, tokens }) => [name, tokens]),
          [
            ["read", 900],
            ["write", 825 - 40],
            ["write:1", 825 - 10],
            ["write:2", 825 - 20]
          ]
        )
      }).pipe(Effect.provide(client()))
    )
  )

  it.effect("asks before it says that a batch never fits", () =>
    within(
      {},
      Effect.gen(function* () {
        const portfolio = yield* Portfolio.Portfolio
        const fiber = yield* Effect.forkChild(portfolio.batchCreateOrders(bids(20)))
        yield* TestClock.adjust("2 seconds")
        assert.strictEqual((yield* Fiber.join(fiber)).length, 20)
        const never = yield* Effect.flip(portfolio.batchCreateOrders(bids(91)))
        assert.deepInclude(never.reason, { _tag: "LimitExceeded", largest: 90 })
      }).pipe(Effect.provide(client()))
    )
  )

  it.effect("assumes the Basic tier, with a warning, where it cannot learn, and learns later", () => {
    const { layer, said } = warnings()
    return within(
      {},
      Effect.gen(function* () {
        const control = yield* Control.Control
        const broken = yield* control.inject(Faults.serverError(403, "forbidden"), {
          endpoint: "getAccountApiLimits",
          times: 9999
        })
        yield* Effect.gen(function* () {
          yield* TestClock.adjust("1 second")
          assert.strictEqual(said.length, 1)
          assert.match(said[0] ?? "", /limits of the account could not be learned \(.*forbidden.*\): .*Basic tier/)
          assert.deepInclude(yield* bucket("write"), { refill: 100, capacity: 100 })
          const portfolio = yield* Portfolio.Portfolio
          const never = yield* Effect.flip(portfolio.batchCreateOrders(bids(11)))
          assert.deepInclude(never.reason, { _tag: "LimitExceeded", largest: 10 })
          yield* broken.clear
          yield* TestClock.adjust("1 minute")
          assert.deepInclude(yield* bucket("write"), { refill: 300, capacity: 900 })
        }).pipe(Effect.provide(client({ refresh: "30 seconds" })), Effect.provide(layer))
      })
    )
  })

  it.effect("keeps what it knows fresh: a better tier adds nothing, a lower one takes what is too much", () =>
    within(
      {},
      Effect.gen(function* () {
        const control = yield* Control.Control
        yield* TestClock.adjust("5 minutes")
        assert.strictEqual((yield* bucket("write")).tokens, 900)
        yield* control.setLimits({ tier: "premier", read: advanced.read, write: { refill: 1_200, capacity: 3_600 } })
        yield* TestClock.adjust("1 second")
        const { tier } = yield* RateLimit.state
        assert.strictEqual(tier, "premier")
        assert.deepInclude(yield* bucket("write"), { refill: 1_200, capacity: 3_600 })
        yield* control.setLimits(Buckets.basic)
        yield* TestClock.adjust("301 seconds")
        assert.deepInclude(yield* bucket("write"), { refill: 100, capacity: 100, tokens: 100 })
        assert.strictEqual((yield* asked).length, 3)
      }).pipe(Effect.provide(client()))
    )
  )

  it.effect("asks again soon after a 429, and not for each of them", () =>
    within(
      { limits: Buckets.basic },
      Effect.gen(function* () {
        const control = yield* Control.Control
        const { account } = yield* Sandbox.Sandbox
        const portfolio = yield* Portfolio.Portfolio
        yield* TestClock.adjust("10 seconds")
        assert.strictEqual((yield* asked).length, 1)
        for (let times = 0; times < 3; times++) {
          // the website spends all of it
          assert.isTrue(yield* control.spend(account, "write", 100))
          const fiber = yield* Effect.forkChild(Effect.result(portfolio.createOrder(bid)))
          yield* TestClock.adjust("5 seconds")
          assert.strictEqual((yield* Fiber.join(fiber))._tag, "Success")
        }
        assert.strictEqual((yield* refused).write, 3)
        yield* TestClock.adjust("1 minute")
        assert.strictEqual((yield* asked).length, 2)
      }).pipe(Effect.provide(client()))
    )
  )

  it.effect("is never ahead of the exchange, whatever shards are written to", () =>
    within(
      { limits: Buckets.basic, shards: 4 },
      Effect.gen(function* () {
        const portfolio = yield* Portfolio.Portfolio
        yield* TestClock.adjust("10 seconds")
        const orders = Array.from({ length: 200 }, (_, index) => {
          const shard = [undefined, 0, 1, undefined, 2, 3][index % 6]
          return Effect.exit(portfolio.createOrder({ ...bid, exchangeIndex: shard }))
        })
        const fiber = yield* Effect.forkChild(
          Effect.all(orders, { concurrency: "unbounded" }).pipe(
            Effect.updateService(Resolution.Resolution, (times) => ({ ...times, maxAge: "1 minute" as const }))
          )
        )
        yield* TestClock.adjust("1 minute")
        yield* Fiber.join(fiber)
        assert.deepStrictEqual(
          Object.values(yield* refused).filter((times) => times > 0),
          []
        )
      }).pipe(Effect.provide(client({ headroom: 0 })))
    )
  )
})
