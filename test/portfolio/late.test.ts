/**
 * An order that comes late is one at an old price, or past its own end: when a
 * new order may still leave, on either wire, whatever it waited for.
 */
import { assert, describe, it } from "@effect/vitest"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as HttpClient from "effect/http/HttpClient"
import * as HttpClientResponse from "effect/http/HttpClientResponse"
import * as Layer from "effect/Layer"
import * as Schedule from "effect/Schedule"
import * as TestClock from "effect/testing/TestClock"
import {
  Contracts,
  Credentials,
  Dollars,
  Environment,
  Kalshi,
  type KalshiError,
  Portfolio,
  RateLimit,
  Retry,
  Signer,
  Timeout,
  Timestamp
} from "effect-kalshi"
import * as kit from "./kit.ts"

interface Asked {
  /** `POST login`, the last word of the path. */
  readonly what: string
  /** When, in milliseconds since the test began. */
  readonly at: number
  /** How often this was asked before. */
  readonly before: number
  readonly body: { readonly client_order_id?: string }
}

interface Answer {
  readonly status: number
  readonly body?: unknown
  /** How long it takes, in milliseconds. */
  readonly after?: number
}

const bodyOf = (body: { readonly _tag: string; readonly body?: unknown }): Asked["body"] =>
  body._tag === "Uint8Array" && body.body instanceof Uint8Array ? JSON.parse(new TextDecoder().decode(body.body)) : {}

/** A client whose answers are made up, and what it was asked for. */
const scripted = (answer: (asked: Asked) => Answer) => {
  const asked: Array<Asked> = []
  const client = Layer.succeed(
    HttpClient.HttpClient,
    HttpClient.make((request, url) =>
      Effect.gen(function* () {
        const what = `${request.method} ${url.pathname.split("/").at(-1)}`
        const before = asked.filter((one) => one.what === what).length
        const one: Asked = { what, before, at: yield* Clock.currentTimeMillis, body: bodyOf(request.body) }
        asked.push(one)
        const { after = 0, body, status } = answer(one)
        if (after > 0) yield* Effect.sleep(after)
        return HttpClientResponse.fromWeb(
          request,
          new Response(body === undefined ? null : JSON.stringify(body), {
            status,
            headers: { "content-type": "application/json" }
          })
        )
      })
    )
  )
  return { asked, client }
}

type Scripted = ReturnType<typeof scripted>

interface Wire {
  readonly name: string
  readonly create: string
  readonly over: (client: Scripted["client"]) => Layer.Layer<Portfolio.Portfolio>
  readonly placed: (asked: Asked) => Answer
}

const ID = "01234567-89ab-4cde-8f01-23456789abcd"

const today: Wire = {
  name: "today",
  create: "POST orders",
  // what signs is told of a 401 and asks somebody for a new credential, as the session of 2.0.0 does
  over: (client) => {
    const signer = Layer.effect(
      Signer.Signer,
      Effect.gen(function* () {
        const environment = Environment.sandbox("https://today.example/trade-api/v2")
        const http = yield* HttpClient.HttpClient
        const login: Effect.Effect<Record<string, string>> = http.post(`${environment.baseUrl}/login`).pipe(
          Effect.orDie,
          Effect.flatMap(({ status }) => (status === 200 ? Effect.succeed({ authorization: "Bearer a" }) : login)),
          Effect.tap((headers) =>
            Effect.sync(() => {
              signed = headers
            })
          )
        )
        let signed: Record<string, string> | undefined
        const sign = Effect.suspend(() => (signed === undefined ? login : Effect.succeed(signed)))
        return { environment, account: "today", sign: () => sign, refused: () => Effect.as(login, true) }
      })
    )
    return Kalshi.layerWith().pipe(Layer.provide([signer, RateLimit.layerNone]), Layer.provide(client))
  },
  placed: ({ body }) => ({
    status: 201,
    body: {
      order_id: ID,
      client_order_id: body.client_order_id,
      fill_count: "10.00",
      remaining_count: "0.00",
      ts_ms: 1
    }
  })
}

const legacy: Wire = {
  name: "2.0.0",
  create: "POST orders",
  over: (client) =>
    Kalshi.layerLegacy({ rateLimit: "none" }).pipe(
      Layer.provide(
        Credentials.layerLogin({
          environment: Environment.sandbox("https://legacy.example/trade-api/v2"),
          email: "a@b.example",
          password: "a password"
        })
      ),
      Layer.provide(client),
      Layer.orDie
    ),
  placed: ({ body }) => ({
    status: 201,
    body: {
      order: {
        order_id: ID,
        ticker: "T",
        status: "executed",
        yes_price: 44,
        no_price: 56,
        action: "buy",
        side: "yes",
        type: "limit",
        client_order_id: body.client_order_id
      }
    }
  })
}

const order = { ticker: "T", side: "bid", price: Dollars.cents(44), count: Contracts.of(10) } as const
const in1Second = { ...order, expiresAt: Timestamp.fromMillis(1000) }
const MINUTE_LATER = "1 minute"

const create = (request: Parameters<Portfolio.Portfolio["Service"]["createOrder"]>[0]) =>
  Portfolio.Portfolio.use((portfolio) => portfolio.createOrder(request))

/** The standard waits, each as long as it says: 250 ms, 500 ms, 1 s and 2 s. */
const steady: Retry.Retry = Schedule.exponential("250 millis").pipe(
  Schedule.upTo({ times: 4 }),
  Schedule.setInputType<KalshiError.Reason>()
)

/** How a call fails that is given a minute. */
const failure = <A, E extends KalshiError.KalshiError, R>(call: Effect.Effect<A, E, R>) =>
  Effect.gen(function* () {
    const fiber = yield* Effect.forkChild(Effect.provideService(Effect.flip(call), Retry.Retry, steady))
    yield* TestClock.adjust(MINUTE_LATER)
    return yield* Fiber.join(fiber)
  })

const sentAt = ({ asked }: Scripted, wire: Wire): ReadonlyArray<number> =>
  asked.filter(({ what }) => what === wire.create).map(({ at }) => at)

const token = { status: 200, body: { token: "a-token" } }
const refused = { status: 401, body: { error: { code: "token_authentication_failure" } } }
const limited = { status: 429, body: { error: { code: "too_many_requests" } } }

for (const wire of [today, legacy]) {
  describe(`a new order on the wire of ${wire.name}`, () => {
    /** What creates are answered with; a login is answered at once unless said. */
    const over = (answer: (asked: Asked) => Answer, login: (asked: Asked) => Answer = () => token) =>
      scripted((asked) => {
        switch (asked.what) {
          case "POST login":
            return login(asked)
          case "POST logout":
            return { status: 204 }
          default:
            return answer(asked)
        }
      })

    it.effect("is not sent again after 429 when two seconds have passed", () =>
      Effect.gen(function* () {
        const script = over((asked) => (asked.before < 4 ? limited : wire.placed(asked)))
        const error = yield* Effect.provide(failure(create(order)), wire.over(script.client))
        kit.failed(error, "RateLimited", { outcome: "not-applied", attempts: 4 })
        const sent = sentAt(script, wire)
        assert.lengthOf(sent, 4)
        assert.isBelow(Math.max(...sent), 2000)
      })
    )

    it.effect("nor although the clock of the machine was set back meanwhile", () =>
      Effect.gen(function* () {
        yield* TestClock.setTime(7_200_000)
        const script = over(() => limited)
        const clock = yield* Clock.Clock
        const started = clock.currentTimeMillisUnsafe()
        const back = (millis: number) => (millis > started ? millis - 3_600_000 : millis)
        const wall: Clock.Clock = {
          currentTimeMillisUnsafe: () => back(clock.currentTimeMillisUnsafe()),
          currentTimeMillis: Effect.map(clock.currentTimeMillis, back),
          currentTimeNanosUnsafe: () => BigInt(back(clock.currentTimeMillisUnsafe())) * 1_000_000n,
          currentTimeNanos: Effect.map(clock.currentTimeMillis, (now) => BigInt(back(now)) * 1_000_000n),
          monotonicTimeNanosUnsafe: () => clock.monotonicTimeNanosUnsafe(),
          monotonicTimeNanos: clock.monotonicTimeNanos,
          sleep: (duration) => clock.sleep(duration)
        }
        const fiber = yield* Effect.forkChild(
          Effect.flip(create(order)).pipe(
            Effect.provide(wire.over(script.client)),
            Effect.provideService(Retry.Retry, steady),
            Effect.provideService(Clock.Clock, wall)
          )
        )
        yield* TestClock.adjust(MINUTE_LATER)
        kit.failed(yield* Fiber.join(fiber), "RateLimited", { outcome: "not-applied", attempts: 4 })
      })
    )

    it.effect("nor is a batch of them", () =>
      Effect.gen(function* () {
        const script = over(() => limited)
        const batch = Portfolio.Portfolio.use((portfolio) => portfolio.batchCreateOrders([order]))
        const steadily = Effect.provideService(batch, Retry.Retry, steady)
        const fiber = yield* Effect.forkChild(Effect.provide(steadily, wire.over(script.client)))
        yield* TestClock.adjust(MINUTE_LATER)
        const [only] = yield* Fiber.join(fiber)
        if (only?.result._tag !== "Failure") return assert.fail("it succeeded")
        kit.failed(only.result.failure, "RateLimited", { outcome: "not-applied", attempts: 4 })
        assert.isBelow(Math.max(...sentAt(script, wire)), 2000)
      })
    )

    it.effect("is not sent again after 429 when it has expired meanwhile", () =>
      Effect.gen(function* () {
        const script = over((asked) => (asked.before < 3 ? limited : wire.placed(asked)))
        const error = yield* Effect.provide(failure(create(in1Second)), wire.over(script.client))
        kit.failed(error, "RateLimited", { outcome: "not-applied", attempts: 3 })
        assert.isBelow(Math.max(...sentAt(script, wire)), 1000)
      })
    )

    it.effect("is sent once more after a 401, with a credential that was renewed in time", () =>
      Effect.gen(function* () {
        const script = over(
          (asked) => (asked.before === 0 ? { ...refused, after: 20 } : wire.placed(asked)),
          ({ before }) => (before === 0 ? token : { status: 200, body: { token: "another" }, after: 500 })
        )
        const fiber = yield* Effect.forkChild(
          Effect.gen(function* () {
            // a token that is seconds old is not renewed
            yield* Effect.ignore(Portfolio.Portfolio.use((portfolio) => portfolio.getBalance()))
            yield* Effect.sleep(20_000)
            return yield* create(order)
          }).pipe(Effect.provide(wire.over(script.client)))
        )
        yield* TestClock.adjust(MINUTE_LATER)
        assert.strictEqual((yield* Fiber.join(fiber))._tag, "Filled")
        assert.lengthOf(sentAt(script, wire), 2)
      })
    )

    for (const [what, request, limit, waited] of [
      ["two seconds have passed", order, undefined, 2000],
      ["it has expired meanwhile", { ...order, expiresAt: Timestamp.fromMillis(21_000) }, undefined, 1000],
      ["the call's own limit has passed", order, 700, 700]
    ] as const) {
      it.effect(`waits for a renewal after a 401 no longer than until ${what}`, () =>
        Effect.gen(function* () {
          const script = over(
            (asked) => (asked.before === 0 ? refused : wire.placed(asked)),
            ({ before }) => (before === 0 ? token : { status: 503, body: {}, after: 6000 })
          )
          const fiber = yield* Effect.forkChild(
            Effect.gen(function* () {
              yield* Effect.ignore(Portfolio.Portfolio.use((portfolio) => portfolio.getBalance()))
              yield* Effect.sleep(20_000 - (yield* Clock.currentTimeMillis))
              const call = create(request)
              const error = yield* Effect.flip(limit === undefined ? call : Timeout.within(call, limit))
              return { error, at: yield* Clock.currentTimeMillis }
            }).pipe(Effect.provide(wire.over(script.client)))
          )
          yield* TestClock.adjust(MINUTE_LATER)
          const { at, error } = yield* Fiber.join(fiber)
          const { original } = kit.failed(error, "LoginFailed", { outcome: "not-applied", attempts: 1 })
          assert.strictEqual(original._tag, "TimedOut")
          assert.strictEqual(at, 20_000 + waited)
          assert.lengthOf(sentAt(script, wire), 1)
        })
      )
    }

    it.effect("is not sent at all when it has expired while it waited for a login", () =>
      Effect.gen(function* () {
        const script = over(wire.placed, () => ({ ...token, after: 3000 }))
        const error = yield* Effect.provide(failure(create(in1Second)), wire.over(script.client))
        const reason = kit.failed(error, "InvalidInput", { outcome: "not-applied", attempts: 0 })
        assert.strictEqual(reason.field, "expiresAt")
        assert.lengthOf(sentAt(script, wire), 0)
        const batch = Portfolio.Portfolio.use((portfolio) => portfolio.batchCreateOrders([order, in1Second]))
        const again = over(wire.placed, () => ({ ...token, after: 3000 }))
        yield* TestClock.setTime(0)
        kit.failed(yield* Effect.provide(failure(batch), wire.over(again.client)), "InvalidInput", { attempts: 0 })
      })
    )

    it.effect("a cancel is sent again for longer", () =>
      Effect.gen(function* () {
        const script = over(() => limited)
        const cancel = Portfolio.Portfolio.use((portfolio) => portfolio.cancelOrder(ID, { ticker: "T" }))
        const error = yield* Effect.provide(failure(cancel), wire.over(script.client))
        kit.failed(error, "RateLimited", { attempts: 5 })
      })
    )
  })
}
