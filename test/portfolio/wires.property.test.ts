/**
 * Whichever wire a program speaks, the exchange is the same afterwards.
 *
 * Generated programs run twice, each on a sandbox of its own with the same
 * seed: over today's wire and over that of 2.0.0. What each call comes to has
 * to be the same, and so has everything that the engine knows in the end.
 */
import { Buckets, Control, Sandbox } from "@effect-kalshi/sandbox"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import type * as HttpClient from "effect/http/HttpClient"
import * as Layer from "effect/Layer"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import { TestClock } from "effect/testing"
import {
  Contracts,
  Credentials,
  Dollars,
  Environment,
  Kalshi,
  KalshiError,
  Portfolio,
  RateLimit,
  Resolution,
  Signer
} from "effect-kalshi"
import * as support from "../support.ts"

const whole = (minimum: number, maximum: number) => Schema.Int.check(Schema.isBetween({ minimum, maximum }))

// few prices and sizes, so that orders meet
const cents = whole(46, 54)
const size = whole(1, 12)
const market = whole(0, 1)

const words = Schema.Union([
  Schema.Struct({ side: Schema.Literals(["bid", "ask"]) }),
  Schema.Struct({ action: Schema.Literals(["buy", "sell"]), side: Schema.Literals(["yes", "no"]) })
])

const Wish = Schema.Struct({
  market,
  words,
  cents,
  size,
  atOnce: Schema.Boolean,
  /** The number of an id that may have been used before. */
  id: Schema.optional(whole(0, 5))
})

/** Orders are named by the number of their placing; what is not there names none. */
const order = whole(0, 12)

const Step = Schema.Union([
  Schema.TaggedStruct("create", { wish: Wish }),
  Schema.TaggedStruct("batch", { wishes: Schema.Array(Wish).check(Schema.isMinLength(1), Schema.isMaxLength(4)) }),
  Schema.TaggedStruct("amend", { order, words, cents, size }),
  Schema.TaggedStruct("decreaseBy", { order, size }),
  Schema.TaggedStruct("decreaseTo", { order, size: whole(0, 12) }),
  Schema.TaggedStruct("cancel", { order }),
  Schema.TaggedStruct("cancelAll", { orders: Schema.Array(order).check(Schema.isMinLength(1), Schema.isMaxLength(4)) }),
  /** Somebody else, without the wire. */
  Schema.TaggedStruct("other", { market, side: Schema.Literals(["bid", "ask"]), cents, size })
])

const Program = Schema.Array(Step).check(Schema.isMinLength(1), Schema.isMaxLength(25))

const TICKERS = ["KXBOTH-1-A", "KXBOTH-1-B"] as const
const NOBODY = "01234567-89ab-4cde-8f01-23456789abcd"

const wished = (said: typeof words.Type, price: number) => {
  const yes = said.side === "bid" || said.side === "ask" || said.side === "yes"
  return { ...said, price: Dollars.cents(yes ? price : 100 - price) }
}

const request = (wish: typeof Wish.Type, number: number) => ({
  ...wished(wish.words, wish.cents),
  ticker: TICKERS[wish.market] ?? "",
  count: Contracts.of(wish.size),
  timeInForce: wish.atOnce ? ("immediate_or_cancel" as const) : undefined,
  clientOrderId: wish.id === undefined ? `fresh-${number}` : `used-${wish.id}`
})

// what calls came to, so that programs that do nothing show
const met = new Set<string>()

/** What a call came to, in what both wires say. */
const told = (value: unknown): unknown => {
  if (KalshiError.isKalshiError(value)) {
    met.add(value.reason._tag)
    return { failed: value.reason._tag, outcome: value.outcome }
  }
  if (typeof value !== "object" || value === null) return value
  if ("_tag" in value) met.add(String(value._tag))
  // when, and on average at what, is what they tell apart
  const { at: _at, averageFee: _fee, averagePrice: _price, ...rest } = value as Readonly<Record<string, unknown>>
  return rest
}

/** Lets the clock go on while a call waits for it, and not while it is under way. */
const patiently = Effect.fnUntraced(function* <A, E, R>(call: Effect.Effect<A, E, R>) {
  const fiber = yield* Effect.forkChild(call)
  for (let turns = 1; fiber.pollUnsafe() === undefined; turns++) {
    yield* turns % 100 === 0 ? TestClock.adjust("1 second") : Effect.yieldNow
  }
  return yield* Fiber.join(fiber)
})

/** Runs a program; gives what each step came to and what the exchange knows in the end, without its clock. */
const run = Effect.fnUntraced(function* (program: typeof Program.Type) {
  const portfolio = yield* Portfolio.Portfolio
  const control = yield* Control.Control
  const { account } = yield* Sandbox.Sandbox
  const other = yield* control.account("other", { key: "ed25519", deposit: Dollars.of(1_000) })
  for (const ticker of TICKERS) yield* control.listMarket({ ticker })

  const placed: Array<string> = []
  const outcomes: Array<unknown> = []
  const named = (number: number) => placed[number] ?? NOBODY
  let number = 0

  const keep = <A>(call: Effect.Effect<A, KalshiError.KalshiError>) =>
    Effect.map(Effect.result(patiently(call)), (result) => {
      outcomes.push(told(Result.isSuccess(result) ? result.success : result.failure))
      return result
    })
  const items = <A>(results: ReadonlyArray<{ readonly result: Result.Result<A, KalshiError.KalshiError> }>) =>
    outcomes.push(results.map(({ result }) => told(Result.isSuccess(result) ? result.success : result.failure)))

  for (const step of program) {
    switch (step._tag) {
      case "create": {
        const result = yield* keep(portfolio.createOrder(request(step.wish, number++)))
        if (Result.isSuccess(result)) placed.push(result.success.orderId)
        break
      }
      case "batch": {
        const requests = step.wishes.map((wish) => request(wish, number++))
        const results = yield* Effect.result(patiently(portfolio.batchCreateOrders(requests)))
        if (Result.isFailure(results)) outcomes.push(told(results.failure))
        else {
          items(results.success)
          for (const { result } of results.success) if (Result.isSuccess(result)) placed.push(result.success.orderId)
        }
        break
      }
      case "amend": {
        yield* keep(
          portfolio.amendOrder({
            ...wished(step.words, step.cents),
            orderId: named(step.order),
            total: Contracts.of(step.size)
          })
        )
        break
      }
      case "decreaseBy": {
        yield* keep(portfolio.decreaseOrder(named(step.order), { by: Contracts.of(step.size) }))
        break
      }
      case "decreaseTo": {
        // down to more than rests does nothing on the wire of 2.0.0, and is refused today
        yield* Effect.result(patiently(portfolio.decreaseOrder(named(step.order), { to: Contracts.of(step.size) })))
        break
      }
      case "cancel": {
        yield* keep(portfolio.cancelOrder(named(step.order)))
        break
      }
      case "cancelAll": {
        const ids = Array.from(new Set(step.orders.map(named)))
        const results = yield* Effect.orDie(patiently(portfolio.batchCancelOrders(ids)))
        items(results)
        break
      }
      case "other": {
        yield* Effect.result(
          control.place(other.id, {
            ticker: TICKERS[step.market] ?? "",
            side: step.side,
            price: Dollars.cents(step.cents),
            count: Contracts.of(step.size)
          })
        )
        break
      }
    }
  }

  const timeless = (truth: Control.Truth) => ({
    balance: { ...truth.balance, updatedAt: undefined },
    orders: truth.orders.map((order) => ({ ...order, createdAt: undefined, updatedAt: undefined, words: undefined })),
    fills: truth.fills.map((fill) => ({ ...fill, at: undefined })),
    positions: truth.positions.map((position) => ({ ...position, updatedAt: undefined }))
  })
  const markets = yield* Effect.forEach(TICKERS, (ticker) => control.market(ticker))
  return {
    outcomes,
    member: timeless(yield* control.truth(account)),
    other: timeless(yield* control.truth(other.id)),
    books: markets.map((market) => [market?.bids, market?.asks, market?.volume, market?.openInterest]),
    audit: yield* control.audit
  }
})

type Member = Layer.Layer<Portfolio.Portfolio, unknown, HttpClient.HttpClient | Sandbox.Sandbox>

const today: Member = Layer.unwrap(
  Effect.map(Sandbox.Sandbox, ({ keyId, url }) =>
    Kalshi.layerWith({ breaker: "none" }).pipe(
      Layer.provide([RateLimit.layerNone, Signer.layerTest({ environment: Environment.sandbox(url), keyId })])
    )
  )
)

const legacy: Member = Layer.unwrap(
  Effect.map(Sandbox.Sandbox, ({ legacy: { email, password, url } }) =>
    Kalshi.layerLegacy({ rateLimit: "none", breaker: "none" }).pipe(
      Layer.provide(Credentials.layerLogin({ environment: Environment.sandbox(url), email, password }))
    )
  )
)

const on = (program: typeof Program.Type, member: Member) =>
  run(program).pipe(
    Effect.provide(member),
    Effect.provide(
      Sandbox.layerInMemory({
        limits: Buckets.unlimited,
        wholeCents: true,
        markets: false,
        deposit: Dollars.of(15),
        seed: 7
      })
    ),
    // whatever is still looked for is of no interest once the exchange has been read
    Effect.provideService(Resolution.Resolution, { ...support.hasty, closing: 0 }),
    Effect.orDie
  )

describe("either wire", () => {
  it.effect.prop(
    "leaves the same exchange behind, and says the same of every call",
    [Program],
    ([program]) =>
      Effect.gen(function* () {
        const now = yield* on(program, today)
        const then = yield* on(program, legacy)
        assert.deepStrictEqual(then, now)
      }),
    { arbitrary: { runs: 80, size: 1_000, seed: 3 } }
  )

  it("met every answer and every refusal that such programs can meet", () => {
    assert.includeMembers(Array.from(met), [
      "Resting",
      "PartlyFilled",
      "Filled",
      "Cancelled",
      "AlreadyCancelled",
      "AlreadyFilled",
      "OrderNotFound",
      "InvalidOrder",
      "InsufficientBalance",
      "ClientOrderIdReused",
      "InvalidInput"
    ])
  })
})
