import { assert, describe, it } from "@effect/vitest"
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as HttpClient from "effect/http/HttpClient"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import { TestClock } from "effect/testing"
import * as Clock from "effect/Clock"
import * as Buckets from "../src/Buckets.ts"
import * as Control from "../src/Control.ts"
import * as Faults from "../src/Faults.ts"
import * as Sandbox from "../src/Sandbox.ts"

const get = Effect.fnUntraced(function* (path: string) {
  const client = yield* HttpClient.HttpClient
  const { keyId, url } = yield* Sandbox.Sandbox
  const timestamp = yield* Clock.currentTimeMillis
  const signed = new URL(`${url}${path}`).pathname
  const response = yield* client.execute(
    HttpClientRequest.get(`${url}${path}`).pipe(
      HttpClientRequest.setHeaders({
        "KALSHI-ACCESS-KEY": keyId,
        "KALSHI-ACCESS-TIMESTAMP": String(timestamp),
        "KALSHI-ACCESS-SIGNATURE": `test:${keyId}:${timestamp}GET${signed}`
      })
    )
  )
  return { status: response.status, json: yield* response.json, headers: response.headers }
})

const post = Effect.fnUntraced(function* (path: string, body: unknown) {
  const client = yield* HttpClient.HttpClient
  const { keyId, url } = yield* Sandbox.Sandbox
  const timestamp = yield* Clock.currentTimeMillis
  const response = yield* client.execute(
    HttpClientRequest.post(`${url}${path}`).pipe(
      HttpClientRequest.setHeaders({
        "KALSHI-ACCESS-KEY": keyId,
        "KALSHI-ACCESS-TIMESTAMP": String(timestamp),
        "KALSHI-ACCESS-SIGNATURE": `test:${keyId}:${timestamp}POST${new URL(url).pathname}${path}`
      }),
      HttpClientRequest.bodyJsonUnsafe(body)
    )
  )
  return { status: response.status, json: yield* response.json }
})

const cancelAll = Effect.gen(function* () {
  const client = yield* HttpClient.HttpClient
  const { keyId, url } = yield* Sandbox.Sandbox
  const timestamp = yield* Clock.currentTimeMillis
  const path = "/portfolio/events/orders"
  const { status } = yield* client.execute(
    HttpClientRequest.delete(`${url}${path}`).pipe(
      HttpClientRequest.setHeaders({
        "KALSHI-ACCESS-KEY": keyId,
        "KALSHI-ACCESS-TIMESTAMP": String(timestamp),
        "KALSHI-ACCESS-SIGNATURE": `test:${keyId}:${timestamp}DELETE${new URL(url).pathname}${path}`
      })
    )
  )
  return status
})

const NEW = {
  ticker: "KXHIGHNY-26DEC31-T40",
  side: "bid",
  count: "1.00",
  price: "0.4000",
  time_in_force: "good_till_canceled",
  self_trade_prevention_type: "taker_at_cross"
}

describe("in memory", () => {
  it.effect("time is the clock of the test", () =>
    Effect.gen(function* () {
      const status = yield* get("/exchange/user_data_timestamp")
      assert.strictEqual(status.headers.date, "Fri, 20 Nov 2026 16:00:00 GMT")
      for (let index = 0; index < 9; index++) {
        assert.strictEqual((yield* post("/portfolio/events/orders", NEW)).status, 201)
      }
      assert.strictEqual((yield* post("/portfolio/events/orders", NEW)).status, 201)
      assert.strictEqual((yield* post("/portfolio/events/orders", NEW)).status, 429)
      yield* TestClock.adjust("100 millis")
      assert.strictEqual((yield* post("/portfolio/events/orders", NEW)).status, 201)
      const control = yield* Control.Control
      yield* control.inject(Faults.latency("1 hour"))
      const fiber = yield* Effect.forkChild(get("/exchange/status"))
      yield* TestClock.adjust("59 minutes")
      assert.isUndefined(fiber.pollUnsafe())
      yield* TestClock.adjust("1 minute")
      assert.strictEqual((yield* Fiber.join(fiber)).status, 401)
    }).pipe(Effect.provide(Sandbox.layerInMemory()), (effect) =>
      Effect.andThen(TestClock.setTime(1_795_190_400_000), effect)
    )
  )

  it.effect("an order expires on the second", () =>
    Effect.gen(function* () {
      const placed = yield* post("/portfolio/events/orders", { ...NEW, expiration_time: 60 })
      assert.strictEqual(placed.status, 201)
      const resting = get("/portfolio/orders?status=resting").pipe(Effect.map((answer) => answer.json))
      assert.strictEqual((yield* resting as Effect.Effect<{ orders: Array<unknown> }>).orders.length, 1)
      yield* TestClock.adjust("60 seconds")
      assert.strictEqual((yield* resting as Effect.Effect<{ orders: Array<unknown> }>).orders.length, 0)
      const past = yield* post("/portfolio/events/orders", { ...NEW, expiration_time: 1 })
      assert.strictEqual(past.status, 400)
    }).pipe(Effect.provide(Sandbox.layerInMemory()))
  )

  it.effect("a broken line is a transport error", () =>
    Effect.gen(function* () {
      const control = yield* Control.Control
      const { account } = yield* Sandbox.Sandbox
      yield* control.inject(Faults.droppedAfter)
      const dropped = yield* Effect.flip(post("/portfolio/events/orders", NEW))
      assert.strictEqual(dropped._tag === "HttpClientError" && dropped.reason._tag, "TransportError")
      assert.strictEqual((yield* control.truth(account)).orders.length, 1)
      yield* control.inject(Faults.truncated)
      assert.isTrue(yield* Effect.isFailure(get("/portfolio/balance")))
      yield* control.inject(Faults.appliedLate("10 seconds"))
      assert.isTrue(yield* Effect.isFailure(post("/portfolio/events/orders", NEW)))
      assert.strictEqual((yield* control.truth(account)).orders.length, 1)
      yield* TestClock.adjust("10 seconds")
      assert.strictEqual((yield* control.truth(account)).orders.length, 2)
    }).pipe(Effect.provide(Sandbox.layerInMemory()))
  )

  it.effect("a cancel of everything goes on for as long as it is told to", () =>
    Effect.gen(function* () {
      const control = yield* Control.Control
      const { account } = yield* Sandbox.Sandbox
      const statuses = Effect.map(control.truth(account), ({ orders }) => orders.map(({ status }) => status))
      assert.strictEqual(yield* cancelAll, 204)
      yield* post("/portfolio/events/orders", NEW)
      yield* TestClock.adjust("2 minutes")
      assert.deepStrictEqual(yield* statuses, ["resting"])
      yield* control.setCancelAllTail("1 minute")
      yield* control.setReadLag("5 seconds")
      assert.strictEqual(yield* cancelAll, 204)
      assert.deepStrictEqual(yield* statuses, ["canceled"])
      yield* TestClock.adjust("59 seconds")
      yield* post("/portfolio/events/orders", NEW)
      assert.deepStrictEqual(yield* statuses, ["resting", "canceled"])
      // no two commands share an instant: it came microseconds after the minute began
      yield* TestClock.adjust("1001 millis")
      assert.deepStrictEqual(yield* statuses, ["canceled", "canceled"])
      yield* post("/portfolio/events/orders", NEW)
      yield* TestClock.adjust("1 minute")
      assert.deepStrictEqual(yield* statuses, ["resting", "canceled", "canceled"])
      // reads that trail tell the same
      const { json } = yield* get("/portfolio/orders")
      assert.deepStrictEqual(
        (json as { orders: ReadonlyArray<{ status: string }> }).orders.map(({ status }) => status),
        ["resting", "canceled", "canceled"]
      )
    }).pipe(Effect.provide(Sandbox.layerInMemory()))
  )

  it.effect("a held request is applied though its caller was interrupted", () =>
    Effect.gen(function* () {
      const control = yield* Control.Control
      const { account } = yield* Sandbox.Sandbox
      const orders = Effect.map(control.truth(account), (truth) => truth.orders.length)
      yield* control.inject(Faults.held("5 seconds"))
      const fiber = yield* Effect.forkChild(post("/portfolio/events/orders", NEW))
      yield* TestClock.adjust("1 second")
      yield* Fiber.interrupt(fiber)
      yield* TestClock.adjust("3999 millis")
      assert.strictEqual(yield* orders, 0)
      yield* TestClock.adjust("1 millis")
      assert.strictEqual(yield* orders, 1)
    }).pipe(Effect.provide(Sandbox.layerInMemory()))
  )

  it.effect("a delayed request pays when it arrives, and is answered when its answer has come back", () =>
    Effect.gen(function* () {
      const control = yield* Control.Control
      const { account } = yield* Sandbox.Sandbox
      const state = Effect.gen(function* () {
        const { accepted, refused } = yield* control.tokens(account)
        return [accepted.write, refused.write, (yield* control.truth(account)).orders.length]
      })
      // as the first one arrives 10 have come in, and 5 more as the second one does
      yield* control.spend(account, "write", 100)
      yield* control.inject(Faults.delayed("100 millis", "300 millis"))
      yield* control.inject(Faults.delayed("150 millis", 0))
      const first = yield* Effect.forkChild(post("/portfolio/events/orders", NEW))
      yield* Effect.yieldNow
      const second = yield* Effect.forkChild(post("/portfolio/events/orders", NEW))
      yield* TestClock.adjust("99 millis")
      assert.deepStrictEqual(yield* state, [0, 0, 0])
      yield* TestClock.adjust("1 millis")
      assert.deepStrictEqual(yield* state, [10, 0, 1])
      yield* TestClock.adjust("50 millis")
      assert.deepStrictEqual(yield* state, [10, 1, 1])
      assert.strictEqual((yield* Fiber.join(second)).status, 429)
      yield* TestClock.adjust("249 millis")
      assert.isUndefined(first.pollUnsafe())
      yield* TestClock.adjust("1 millis")
      assert.strictEqual((yield* Fiber.join(first)).status, 201)
    }).pipe(Effect.provide(Sandbox.layerInMemory()))
  )

  it.effect("a delayed request arrives though its caller was interrupted", () =>
    Effect.gen(function* () {
      const control = yield* Control.Control
      const { account } = yield* Sandbox.Sandbox
      const orders = Effect.map(control.truth(account), (truth) => truth.orders.length)
      yield* control.inject(Faults.delayed("5 seconds", "5 seconds"), { times: 2 })
      const travelling = yield* Effect.forkChild(post("/portfolio/events/orders", NEW))
      yield* TestClock.adjust("1 second")
      yield* Fiber.interrupt(travelling)
      yield* TestClock.adjust("3999 millis")
      assert.strictEqual(yield* orders, 0)
      yield* TestClock.adjust("1 millis")
      assert.strictEqual(yield* orders, 1)
      const returning = yield* Effect.forkChild(post("/portfolio/events/orders", NEW))
      yield* TestClock.adjust("9 seconds")
      yield* Fiber.interrupt(returning)
      assert.strictEqual(yield* orders, 2)
    }).pipe(Effect.provide(Sandbox.layerInMemory()))
  )

  it.effect("every request can be delayed, each by something else", () =>
    Effect.gen(function* () {
      const control = yield* Control.Control
      const { account } = yield* Sandbox.Sandbox
      const orders = Effect.map(control.truth(account), (truth) => truth.orders.length)
      yield* control.setChaos({
        seed: 1,
        rules: [
          {
            faults: [
              {
                fault: (random) =>
                  Faults.delayed(Duration.millis(random.between(0, 150)), Duration.millis(random.between(0, 150))),
                share: 1
              }
            ]
          }
        ]
      })
      const fiber = yield* Effect.forkChild(
        Effect.forEach(Array.from({ length: 40 }), () => post("/portfolio/events/orders", NEW), {
          concurrency: "unbounded"
        })
      )
      yield* TestClock.adjust("75 millis")
      const early = yield* orders
      assert.isAtLeast(early, 5)
      assert.isAtMost(early, 35)
      yield* TestClock.adjust("75 millis")
      assert.strictEqual(yield* orders, 40)
      assert.isUndefined(fiber.pollUnsafe())
      yield* TestClock.adjust("150 millis")
      assert.isTrue((yield* Fiber.join(fiber)).every(({ status }) => status === 201))
      assert.deepStrictEqual(yield* control.strikes, { createOrder: { Delayed: 40 } })
    }).pipe(Effect.provide(Sandbox.layerInMemory({ limits: Buckets.unlimited })))
  )

  it.effect("the log tells which orders were asked for, what they met, and what came of it", () =>
    Effect.gen(function* () {
      const control = yield* Control.Control
      yield* control.inject(Faults.held("5 seconds"))
      yield* control.inject(Faults.refused)
      const order = { ...NEW, client_order_id: "mine" }
      const held = yield* Effect.forkChild(post("/portfolio/events/orders", order))
      yield* TestClock.adjust("1 second")
      yield* Fiber.interrupt(held)
      yield* Effect.ignore(post("/portfolio/events/orders/batched", { orders: [order, NEW] }))
      const tell = Effect.map(control.requests(), (entries) =>
        entries.map(({ clientOrderIds, fault, handled, status }) => ({ clientOrderIds, fault, handled, status }))
      )
      const dropped = { clientOrderIds: ["mine"], fault: "Refused", handled: 0, status: 0 } as const
      const late = { clientOrderIds: ["mine"], fault: "Held", handled: 0, status: 0 } as const
      assert.deepStrictEqual(yield* tell, [late, dropped])
      yield* TestClock.adjust("4 seconds")
      assert.deepStrictEqual(yield* tell, [{ ...late, handled: 201 }, dropped])
    }).pipe(Effect.provide(Sandbox.layerInMemory()))
  )

  it.effect("a lag that wanders is told by user_data_timestamp", () =>
    Effect.gen(function* () {
      const control = yield* Control.Control
      yield* TestClock.adjust("1 minute")
      yield* control.setReadLag({ min: "50 millis", max: "2 seconds" })
      yield* control.setLimits(Buckets.unlimited)
      const placed: Array<number> = []
      let before = 0
      for (let step = 0; step < 60; step++) {
        yield* TestClock.adjust("70 millis")
        const { json } = yield* post("/portfolio/events/orders", NEW)
        placed.push((json as { ts_ms: number }).ts_ms)
        const seen = (yield* get("/portfolio/orders?limit=1000")).json as { orders: Array<unknown> }
        const { as_of_time } = (yield* get("/exchange/user_data_timestamp")).json as { as_of_time: string }
        const asOf = Date.parse(as_of_time)
        assert.isAtLeast(asOf, before)
        before = asOf
        assert.strictEqual(seen.orders.length, placed.filter((at) => at <= asOf).length)
      }
    }).pipe(Effect.provide(Sandbox.layerInMemory()))
  )

  it.effect("reads lag on the clock of the test", () =>
    Effect.gen(function* () {
      const control = yield* Control.Control
      yield* TestClock.adjust("1 second")
      yield* control.setReadLag("300 millis")
      yield* TestClock.adjust("10 millis")
      yield* post("/portfolio/events/orders", NEW)
      const count = get("/portfolio/orders").pipe(
        Effect.map((answer) => (answer.json as { orders: Array<unknown> }).orders.length)
      )
      assert.strictEqual(yield* count, 0)
      yield* TestClock.adjust("299 millis")
      assert.strictEqual(yield* count, 0)
      yield* TestClock.adjust("1 millis")
      assert.strictEqual(yield* count, 1)
    }).pipe(Effect.provide(Sandbox.layerInMemory()))
  )

  it.effect("two sandboxes share nothing", () =>
    Effect.gen(function* () {
      const layer = Sandbox.layerInMemory()
      yield* Effect.provide(post("/portfolio/events/orders", NEW), layer)
      const orders = yield* Effect.provide(get("/portfolio/orders"), layer)
      assert.deepStrictEqual((orders.json as { orders: Array<unknown> }).orders, [])
    })
  )

  it.effect("one layer is one sandbox, wherever it is provided", () =>
    Effect.gen(function* () {
      const shared = Sandbox.layerInMemory()
      class First extends Context.Service<First, string>()("First") {}
      class Second extends Context.Service<Second, string>()("Second") {}
      const key = Effect.map(Sandbox.Sandbox, (sandbox) => Redacted.value(sandbox.privateKey))
      const both = Layer.mergeAll(Layer.effect(First, key), Layer.effect(Second, key))
      const split = Layer.mergeAll(
        Layer.provide(Layer.effect(First, key), shared),
        Layer.provide(Layer.effect(Second, key), shared)
      )
      yield* Effect.gen(function* () {
        assert.strictEqual(yield* First, yield* Second)
      }).pipe(Effect.provide(split))
      const first = yield* First.pipe(Effect.provide(both), Effect.provide(Sandbox.layerInMemory()))
      const second = yield* First.pipe(Effect.provide(both), Effect.provide(Sandbox.layerInMemory()))
      assert.notStrictEqual(first, second)
    })
  )

  it.effect("history without a real clock", () =>
    Effect.gen(function* () {
      const control = yield* Control.Control
      const { account } = yield* Sandbox.Sandbox
      assert.isAtLeast((yield* control.truth(account)).fills.length, 50)
      const second = yield* control.account("second", { key: "ed25519" })
      yield* TestClock.adjust("1 day")
      yield* control.seedHistory(second.id, { fills: 40, settlements: 3 })
      assert.isAtLeast((yield* control.truth(second.id)).fills.length, 40)
    }).pipe(Effect.provide(Sandbox.layerInMemory({ history: { fills: 50, settlements: 5 } })), (effect) =>
      Effect.andThen(TestClock.setTime(1_795_190_400_000), effect)
    )
  )
})
