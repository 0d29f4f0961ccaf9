/**
 * What becomes of calls when this machine's clock and the exchange's differ.
 */
import { Buckets, Control, Faults, Sandbox } from "@effect-kalshi/sandbox"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as HttpClient from "effect/http/HttpClient"
import * as HttpClientResponse from "effect/http/HttpClientResponse"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as TestClock from "effect/testing/TestClock"
import { Environment, Kalshi, Portfolio, RateLimit, Signer, Timeout } from "effect-kalshi"
import * as support from "../support.ts"
import * as kit from "./kit.ts"

const START = 1_795_190_400_123

/** A sandbox in memory and the services of its member, at a moment that is no whole second. */
const layer = (changed: (client: HttpClient.HttpClient) => HttpClient.HttpClient = (client) => client) =>
  Kalshi.layerWith().pipe(
    Layer.provide(
      Layer.mergeAll(
        RateLimit.layerNone,
        Layer.effect(HttpClient.HttpClient, Effect.map(HttpClient.HttpClient, changed)),
        Layer.unwrap(
          Effect.map(Sandbox.Sandbox, ({ keyId, url }) =>
            Signer.layerTest({ environment: Environment.sandbox(url), keyId })
          )
        )
      )
    ),
    Layer.provideMerge(Sandbox.layerInMemory({ limits: Buckets.unlimited }))
  )

const getBalance = Portfolio.Portfolio.use((portfolio) => portfolio.getBalance())

const create = (ticker: string) => Portfolio.Portfolio.use((portfolio) => portfolio.createOrder(kit.bid(ticker)))

/** The statuses of what was sent since the last look. */
const statuses = Control.Control.use((control) =>
  Effect.map(control.requests(), (entries) => entries.map(({ status }) => status)).pipe(
    Effect.tap(() => control.clearRequests)
  )
)

/** Changes the headers of every answer. */
const withHeaders = (change: (headers: Headers) => void) =>
  HttpClient.transformResponse(
    Effect.flatMap((response) =>
      Effect.map(response.text, (text) => {
        const headers = new Headers(response.headers)
        change(headers)
        return HttpClientResponse.fromWeb(response.request, new Response(text, { status: response.status, headers }))
      })
    )
  )

describe("a clock that is off", () => {
  for (const skew of ["30 seconds", "-30 seconds", "290 seconds", "-290 seconds"] as const) {
    it.effect(`by ${skew}: one request is signed twice, all others right at once`, () =>
      Effect.gen(function* () {
        yield* TestClock.setTime(START)
        const control = yield* Control.Control
        yield* control.setClockSkew(skew)
        const ticker = yield* kit.market()
        const result = yield* create(ticker)
        assert.strictEqual(result._tag, "Resting")
        assert.deepStrictEqual(yield* statuses, [401, 201])
        yield* create(ticker)
        yield* getBalance
        yield* TestClock.adjust("1 hour")
        yield* getBalance
        assert.deepStrictEqual(yield* statuses, [201, 200, 200])
        assert.lengthOf(yield* kit.ordersIn(ticker), 2)
        // somebody sets it right
        yield* control.setClockSkew(0)
        yield* getBalance
        yield* getBalance
        assert.deepStrictEqual(yield* statuses, [401, 200, 200])
      }).pipe(Effect.provide(layer()))
    )
  }

  for (const [skew, message] of [
    ["6 minutes", /this machine's clock is 360 s behind the exchange's: synchronise it/],
    ["-6 minutes", /this machine's clock is 360 s ahead of the exchange's: synchronise it/]
  ] as const) {
    it.effect(`by ${skew}: nothing is sent again, and the failure says what to do`, () =>
      Effect.gen(function* () {
        yield* TestClock.setTime(START)
        const control = yield* Control.Control
        yield* control.setClockSkew(skew)
        const ticker = yield* kit.market()
        const reason = yield* kit.fails(create(ticker), "ClockOff", { outcome: "not-applied", attempts: 1 })
        assert.closeTo(Math.abs(reason.offset), 360_000, 500)
        assert.match(reason.message, message)
        assert.deepStrictEqual(yield* statuses, [401])
        // it is not believed later either
        yield* kit.fails(getBalance, "ClockOff", { attempts: 1 })
        assert.deepStrictEqual(yield* statuses, [401])
      }).pipe(Effect.provide(layer()))
    )
  }

  for (const [name, change] of [
    ["out of a cache", (headers: Headers) => headers.set("age", "0")],
    ["that cannot be read", (headers: Headers) => headers.set("date", "yesterday")],
    ["that is missing", (headers: Headers) => headers.delete("date")]
  ] as const) {
    it.effect(`a date ${name} is not believed`, () =>
      Effect.gen(function* () {
        yield* TestClock.setTime(START)
        const control = yield* Control.Control
        yield* control.setClockSkew("30 seconds")
        for (let call = 0; call < 2; call++) {
          const reason = yield* kit.fails(getBalance, "Unauthorized", {
            attempts: 1,
            code: "header_timestamp_expired"
          })
          assert.match(reason.message, /clock is off: synchronise it/)
        }
        assert.deepStrictEqual(yield* statuses, [401, 401])
      }).pipe(Effect.provide(layer(withHeaders(change))))
    )
  }

  it.effect("a second refusal of the time is the end of the call", () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(START)
      const control = yield* Control.Control
      yield* control.inject(Faults.serverError(401, "header_timestamp_expired"), { times: 9 })
      yield* kit.fails(kit.impatient(getBalance), "Unauthorized", { attempts: 2, code: "header_timestamp_expired" })
      assert.deepStrictEqual(yield* statuses, [401, 401])
    }).pipe(Effect.provide(layer()))
  )

  it.effect("another 401 is not signed again", () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(START)
      const control = yield* Control.Control
      yield* control.setClockSkew("10 seconds")
      yield* control.inject(Faults.serverError(401, "authentication_error"))
      yield* kit.fails(getBalance, "Unauthorized", { attempts: 1 })
      assert.deepStrictEqual(yield* statuses, [401])
    }).pipe(Effect.provide(layer()))
  )

  it.effect("a request that was long on its way is signed anew, and teaches nothing", () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(START)
      const control = yield* Control.Control
      yield* control.inject(Faults.latency("16 seconds"))
      const fiber = yield* Effect.forkChild(Timeout.within("30 seconds")(getBalance))
      yield* TestClock.adjust("16 seconds")
      yield* Fiber.join(fiber)
      assert.deepStrictEqual(yield* statuses, [401, 200])
      // had it learned the middle of that round trip, this exchange would be 18 seconds behind
      yield* control.setClockSkew("-10 seconds")
      yield* getBalance
      assert.deepStrictEqual(yield* statuses, [200])
    }).pipe(Effect.provide(layer()))
  )

  it.effect("many calls at once learn it together", () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(START)
      const control = yield* Control.Control
      yield* control.setClockSkew("-45 seconds")
      yield* Effect.all(
        Array.from({ length: 8 }, () => getBalance),
        { concurrency: "unbounded" }
      )
      const seen = yield* statuses
      assert.strictEqual(seen.filter((status) => status === 200).length, 8)
      assert.isAtMost(seen.length, 16)
    }).pipe(Effect.provide(layer()))
  )

  it.live.each(Object.entries(support.clients))("over a socket, with a key: %s", ([, client]) =>
    Effect.gen(function* () {
      const control = yield* Control.Control
      yield* control.setClockSkew("90 seconds")
      const ticker = yield* kit.market()
      yield* create(ticker)
      yield* create(ticker)
      assert.deepStrictEqual(yield* statuses, [401, 201, 201])
      assert.lengthOf(yield* kit.ordersIn(ticker), 2)
    }).pipe(Effect.provide(kit.sandbox({}, { rateLimit: "none" }, client)))
  )
})
