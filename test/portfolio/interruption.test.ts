/**
 * Leaving is not an answer: each kind of write is interrupted at each step of
 * its way, on an exchange in memory and the clock of the test.
 */
import { Buckets, Control, Faults, Sandbox } from "@effect-kalshi/sandbox"
import { assert, describe, it } from "@effect/vitest"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as HttpClient from "effect/http/HttpClient"
import * as Layer from "effect/Layer"
import * as Stream from "effect/Stream"
import { TestClock } from "effect/testing"
import {
  Contracts,
  Dollars,
  Environment,
  Kalshi,
  type KalshiError,
  OrderJournal,
  type Outcome,
  Portfolio,
  RateLimit,
  Resolution,
  Retry,
  Signer
} from "effect-kalshi"
import * as kit from "./kit.ts"

const NOON = Date.parse("2026-11-20T12:00:00Z")

type Service = Portfolio.Portfolio["Service"]

interface Kind {
  readonly operation: Outcome.Outcome["operation"]
  readonly tokens: number
  readonly call: (
    portfolio: Service,
    market: { readonly ticker: string; readonly orderId: string }
  ) => Effect.Effect<unknown, KalshiError.KalshiError>
  /** Whether the order that rested, or the market, shows that it was applied. */
  readonly isApplied: (orders: ReadonlyArray<{ readonly remaining: number; readonly price: number }>) => boolean
}

const kinds: ReadonlyArray<Kind> = [
  {
    operation: "createOrder",
    tokens: 10,
    call: (portfolio, { ticker }) => portfolio.createOrder(kit.bid(ticker, 20)),
    isApplied: (orders) => orders.length === 2
  },
  {
    operation: "batchCreateOrders",
    tokens: 20,
    call: (portfolio, { ticker }) => portfolio.batchCreateOrders([kit.bid(ticker, 20), kit.bid(ticker, 21)]),
    isApplied: (orders) => orders.length === 3
  },
  {
    operation: "amendOrder",
    tokens: 10,
    call: (portfolio, { orderId, ticker }) =>
      portfolio.amendOrder({ ...kit.bid(ticker, 38), orderId, total: Contracts.of(12) }),
    isApplied: (orders) => orders.some(({ price }) => price === Dollars.cents(38))
  },
  {
    operation: "decreaseOrder",
    tokens: 10,
    call: (portfolio, { orderId }) => portfolio.decreaseOrder(orderId, { by: Contracts.of(3) }),
    isApplied: (orders) => orders.some(({ remaining }) => remaining === Contracts.of(7))
  },
  {
    operation: "cancelOrder",
    tokens: 2,
    call: (portfolio, { orderId }) => portfolio.cancelOrder(orderId),
    isApplied: (orders) => orders.every(({ remaining }) => remaining === 0)
  },
  {
    operation: "batchCancelOrders",
    tokens: 2,
    call: (portfolio, { orderId }) => portfolio.batchCancelOrders([orderId]),
    isApplied: (orders) => orders.every(({ remaining }) => remaining === 0)
  }
]

/** Where a request is held until it is let go on. */
type Gate = "signing" | "sending" | "decoding" | "tokens" | "none"

/** A client whose way has a gate, which is open until it is closed. */
const gated = (gate: Gate) => {
  let closed: Deferred.Deferred<void> | undefined
  let reached = false
  const wait = (place: Gate) =>
    Effect.suspend(() => {
      if (place !== gate || closed === undefined) return Effect.void
      reached = true
      return Deferred.await(closed)
    })
  const isWrite = (method: string) => method !== "GET"
  const limit = Layer.effect(
    RateLimit.RateLimit,
    Effect.map(RateLimit.RateLimit, (inner) =>
      RateLimit.RateLimit.of({
        ...inner,
        take: (request) =>
          request.bucket === "write" ? Effect.andThen(wait("tokens"), inner.take(request)) : inner.take(request)
      })
    )
  ).pipe(Layer.provide(RateLimit.layerFixed({ read: { refill: 1e6, capacity: 1e6 }, write: BUCKET })))
  const signer = Layer.effect(
    Signer.Signer,
    Effect.map(Signer.Signer, (inner) =>
      Signer.Signer.of({
        ...inner,
        sign: (request) =>
          isWrite(request.method) ? Effect.andThen(wait("signing"), inner.sign(request)) : inner.sign(request)
      })
    )
  ).pipe(
    Layer.provide(
      Layer.unwrap(
        Effect.map(Sandbox.Sandbox, ({ keyId, url }) =>
          Signer.layerTest({ environment: Environment.sandbox(url), keyId })
        )
      )
    )
  )
  const client = Layer.effect(
    HttpClient.HttpClient,
    Effect.map(HttpClient.HttpClient, (inner) =>
      HttpClient.transform(inner, (answer, request) =>
        isWrite(request.method)
          ? wait("sending").pipe(
              Effect.andThen(answer),
              Effect.tap(() => wait("decoding"))
            )
          : answer
      )
    )
  )
  const sandbox = Sandbox.layerInMemory({ limits: Buckets.unlimited, markets: false })
  const member = Kalshi.layerWith({ breaker: "none", journal: OrderJournal.layerMemory }).pipe(
    Layer.provide([signer, limit]),
    Layer.provide(client)
  )
  return {
    layer: member.pipe(Layer.provideMerge(sandbox)),
    close: Effect.sync(() => {
      closed = Deferred.makeUnsafe<void>()
    }),
    open: Effect.suspend(() => (closed === undefined ? Effect.void : Deferred.succeed(closed, undefined))),
    reached: () => reached
  }
}

// as much as one batch of two new orders takes
const BUCKET = { refill: 1, capacity: 20 }

const bounds: Resolution.Resolution = { ...Resolution.standard, closing: "0 millis" }

interface Test {
  readonly gate: ReturnType<typeof gated>
  readonly portfolio: Service
  readonly market: { readonly ticker: string; readonly orderId: string }
  readonly journal: OrderJournal.OrderJournal["Service"]
  readonly control: Control.Control["Service"]
  readonly outcomes: () => ReadonlyArray<Outcome.Outcome>
  readonly rests: Effect.Effect<ReadonlyArray<{ readonly remaining: number; readonly price: number }>, never, Services>
}

type Services = Control.Control | Sandbox.Sandbox

const test = (name: string, at: Gate, body: (test: Test) => Effect.Effect<void, unknown, Services>) =>
  it.effect(name, () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(NOON)
      const gate = gated(at)
      yield* Effect.gen(function* () {
        const portfolio = yield* Portfolio.Portfolio
        const control = yield* Control.Control
        const journal = yield* OrderJournal.OrderJournal
        const ticker = yield* kit.market()
        // the bucket is empty at first
        yield* TestClock.adjust("1 minute")
        const { orderId } = yield* portfolio.createOrder(kit.bid(ticker))
        const told: Array<Outcome.Outcome> = []
        yield* Effect.forkChild(
          Stream.runForEach(portfolio.outcomes, (outcome) => Effect.sync(() => told.push(outcome)))
        )
        // the bucket is full again
        yield* TestClock.adjust("1 minute")
        yield* control.clearRequests
        yield* body({
          gate,
          portfolio,
          market: { ticker, orderId },
          journal,
          control,
          outcomes: () => told,
          rests: kit.ordersIn(ticker)
        })
      }).pipe(Effect.provide(gate.layer), Effect.provideService(Resolution.Resolution, bounds))
    })
  )

const writes = Control.Control.use((control) =>
  Effect.map(control.requests(), (all) => all.filter(({ method }) => method !== "GET").length)
)

const steps = Effect.forEach([1, 2, 3, 4], () => TestClock.adjust("100 millis"), { discard: true })

for (const kind of kinds) {
  describe(`${kind.operation}, left`, () => {
    for (const at of ["tokens", "signing"] as const) {
      test(`while it waits for ${at}: it was never sent, and its tokens are there`, at, (t) =>
        Effect.gen(function* () {
          yield* t.gate.close
          const fiber = yield* Effect.forkChild(Effect.exit(kind.call(t.portfolio, t.market)))
          yield* steps
          assert.isTrue(t.gate.reached())
          yield* Fiber.interrupt(fiber)
          yield* t.gate.open
          yield* steps
          assert.strictEqual(yield* writes, 0)
          assert.isFalse(kind.isApplied(yield* t.rests))
          assert.deepStrictEqual(yield* t.journal.open, [])
          assert.deepStrictEqual(t.outcomes(), [])
          // the whole bucket is there: this takes all of it, and waits for nothing
          const all = yield* Effect.forkChild(
            t.portfolio.batchCreateOrders([kit.bid(t.market.ticker, 1), kit.bid(t.market.ticker, 2)])
          )
          yield* TestClock.adjust("1 millis")
          assert.isDefined(all.pollUnsafe())
        })
      )
    }

    const goesOn = (name: string, at: Gate, hold: (t: Test) => Effect.Effect<Effect.Effect<unknown>>) =>
      test(`${name}: it goes on, and its outcome is told once`, at, (t) =>
        Effect.gen(function* () {
          const release = yield* hold(t)
          const fiber = yield* Effect.forkChild(Effect.exit(Retry.off(kind.call(t.portfolio, t.market))))
          yield* steps
          yield* Fiber.interrupt(fiber)
          assert.deepStrictEqual(t.outcomes(), [])
          yield* release
          for (let second = 0; second < 90 && t.outcomes().length === 0; second++) yield* TestClock.adjust("1 second")
          yield* steps
          assert.deepStrictEqual(
            t.outcomes().map(({ operation, result }) => [operation, result._tag]),
            [[kind.operation, "Success"]]
          )
          assert.isTrue(kind.isApplied(yield* t.rests))
          assert.deepStrictEqual(yield* t.journal.open, [])
        })
      )

    for (const at of ["sending", "decoding"] as const) {
      goesOn(`while it is ${at}`, at, ({ gate }) => Effect.as(gate.close, gate.open))
    }

    goesOn("while it waits for the answer", "none", ({ control }) =>
      Effect.as(control.inject(Faults.answeredLate("3 seconds"), { endpoint: kind.operation }), Effect.void)
    )

    goesOn("while it is looked for", "none", ({ control }) =>
      Effect.gen(function* () {
        yield* control.inject(Faults.droppedAfter, { endpoint: kind.operation })
        const blind = yield* control.inject(Faults.gatewayPage(503), { method: "GET", times: 9999 })
        return blind.clear
      })
    )
  })
}

describe("a client that closes", () => {
  it.effect("takes no new writes, waits for those under way, and leaves the rest in the journal", () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(NOON)
      yield* Effect.gen(function* () {
        const control = yield* Control.Control
        const { keyId, url } = yield* Sandbox.Sandbox
        const ticker = yield* kit.market()
        const journal = yield* OrderJournal.OrderJournal
        const closing = yield* Effect.forkChild(
          Effect.gen(function* () {
            const portfolio = yield* Portfolio.Portfolio
            yield* control.inject(Faults.answeredLate("2 seconds"), { endpoint: "createOrder" })
            const slow = yield* Effect.forkDetach(portfolio.createOrder({ ...kit.bid(ticker), clientOrderId: "slow" }))
            yield* Effect.sleep("100 millis")
            yield* control.inject(Faults.droppedAfter, { endpoint: "batchCreateOrders" })
            yield* control.inject(Faults.gatewayPage(503), { method: "GET", times: 9999 })
            yield* Effect.forkDetach(Retry.off(portfolio.batchCreateOrders([kit.bid(ticker)])))
            yield* Effect.sleep("100 millis")
            return { portfolio, slow }
          }).pipe(
            Effect.provide(
              Kalshi.layerWith({ breaker: "none", journal: Layer.succeed(OrderJournal.OrderJournal, journal) }).pipe(
                Layer.provide([RateLimit.layerNone, Signer.layerTest({ environment: Environment.sandbox(url), keyId })])
              )
            )
          )
        )
        yield* TestClock.adjust("300 millis")
        assert.isUndefined(closing.pollUnsafe())
        for (let second = 0; second < 15; second++) yield* TestClock.adjust("1 second")
        const { portfolio, slow } = yield* Fiber.join(closing)
        assert.strictEqual((yield* Fiber.join(slow))._tag, "Resting")
        yield* kit.fails(portfolio.createOrder(kit.bid(ticker)), "ShuttingDown", {
          outcome: "not-applied",
          attempts: 0
        })
        assert.deepStrictEqual(
          (yield* journal.open).map(({ entry }) => entry.operation),
          ["batchCreateOrders"]
        )
      }).pipe(
        Effect.provide(
          Layer.merge(Sandbox.layerInMemory({ limits: Buckets.unlimited, markets: false }), OrderJournal.layerMemory)
        )
      )
    })
  )
})
