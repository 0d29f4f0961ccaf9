/**
 * One process that spends a budget: through the public parts of the client
 * alone, on a clock that is wrong.
 */
import * as NodeRedis from "@effect/platform-node/NodeRedis"
import {
  Contracts,
  Credentials,
  Dollars,
  Environment,
  Kalshi,
  Portfolio,
  RateLimit,
  Resolution,
  Timeout
} from "effect-kalshi"
import { Kalshi as NodeKalshi } from "effect-kalshi/node"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as HttpClient from "effect/http/HttpClient"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as Schedule from "effect/Schedule"
import * as NodeFs from "node:fs"
import * as Random from "../Random.ts"
import * as Plan from "./Plan.ts"

// at once: who is killed has told it all the same
const tell = (line: Plan.Line): void => {
  NodeFs.writeSync(1, `${Plan.encode(line)}\n`)
}

const ahead = (clock: Clock.Clock, millis: number): Clock.Clock => ({
  currentTimeMillisUnsafe: () => clock.currentTimeMillisUnsafe() + millis,
  currentTimeMillis: Effect.map(clock.currentTimeMillis, (now) => now + millis),
  currentTimeNanosUnsafe: () => clock.currentTimeNanosUnsafe() + BigInt(millis) * 1_000_000n,
  currentTimeNanos: Effect.map(clock.currentTimeNanos, (now) => now + BigInt(millis) * 1_000_000n),
  monotonicTimeNanosUnsafe: () => clock.monotonicTimeNanosUnsafe(),
  monotonicTimeNanos: clock.monotonicTimeNanos,
  sleep: (duration) => clock.sleep(duration)
})

/** What the network sees: when a cancel leaves, and what is refused. */
const watched = (now: () => number, onCancel: (orderId: string) => void) =>
  Layer.effect(
    HttpClient.HttpClient,
    Effect.map(HttpClient.HttpClient, (network) =>
      HttpClient.transform(network, (answer, request) => {
        const [, orderId] = /\/portfolio\/events\/orders\/([^/?]+)$/.exec(request.url.split("?", 1)[0] ?? "") ?? []
        if (request.method === "DELETE" && orderId !== undefined) onCancel(orderId)
        return Effect.tap(answer, (response) =>
          Effect.sync(() => {
            if (response.status === 429) tell({ _tag: "Refused", at: now() })
          })
        )
      })
    )
  ).pipe(Layer.provide(NodeKalshi.layerHttpClient))

const rateLimit = ({ headroom, redis }: Plan.Trader) =>
  redis === undefined
    ? RateLimit.layer({ headroom })
    : RateLimit.layerShared({
        headroom,
        account: redis.account,
        redis: NodeRedis.layer({ url: redis.url, disableOfflineQueue: true })
      })

/** Trades until it is ended, or until its cancels are done. */
export const run = Effect.fnUntraced(function* (plan: Plan.Trader) {
  const clock = yield* Clock.Clock
  const now = () => clock.currentTimeMillisUnsafe()
  const random = Random.make(plan.seed, plan.clock)
  const leaving = new Map<string, () => void>()

  const bid = {
    ticker: plan.ticker,
    side: "bid",
    price: Dollars.cents(1),
    count: Contracts.of(1),
    postOnly: true
  } as const

  const trade = Effect.gen(function* () {
    const portfolio = yield* Portfolio.Portfolio
    const { state } = yield* RateLimit.RateLimit
    yield* portfolio.getBalance()
    tell({ _tag: "Trading", at: now() })

    let mode: string | undefined
    const watching = Effect.map(state, (state) => {
      if (state.mode !== mode) tell({ _tag: "Mode", at: now(), mode: state.mode, processes: state.processes })
      mode = state.mode
    }).pipe(Effect.repeat(Schedule.spaced("50 millis")))

    // what is told as not sent was not, and the next one comes soon
    const create = Effect.ignore(portfolio.createOrder(bid))
    const creating =
      plan.every === undefined
        ? Effect.void
        : Effect.forkChild(create).pipe(Effect.repeat(Schedule.fixed(plan.every.create)))
    const reading =
      plan.every === undefined
        ? Effect.void
        : Effect.forkChild(Effect.ignore(portfolio.getBalance())).pipe(Effect.repeat(Schedule.fixed(plan.every.read)))
    const waiting = Effect.forEach(Array.from({ length: plan.waiting }), () => Effect.forever(create), {
      concurrency: "unbounded",
      discard: true
    })

    const cancel = Effect.fnUntraced(function* (orderId: string) {
      const asked = performance.now()
      leaving.set(orderId, () => {
        leaving.delete(orderId)
        tell({ _tag: "Cancelled", at: now(), waited: performance.now() - asked })
      })
      yield* Effect.ignore(portfolio.cancelOrder(orderId, { ticker: plan.ticker }))
      yield* Effect.sleep(random.between(0, plan.cancels?.pause ?? 0))
    })
    const cancelling = Effect.gen(function* () {
      if (plan.cancels === undefined) return yield* Effect.never
      // those who wait are there first
      yield* Effect.sleep("2 seconds")
      yield* Effect.forEach(plan.cancels.orderIds, cancel, { discard: true })
      tell({ _tag: "Done", at: now() })
    })
    yield* Effect.raceFirst(
      cancelling,
      Effect.all([watching, creating, reading, waiting], { concurrency: "unbounded", discard: true })
    )
  })

  const patient = plan.waiting > 0 ? "1 hour" : undefined
  yield* trade.pipe(
    Effect.provide(
      Kalshi.layer({ rateLimit: rateLimit(plan), breaker: "none" }).pipe(
        Layer.provide(
          Credentials.layer({
            environment: Environment.sandbox(plan.url),
            keyId: plan.keyId,
            privateKey: Redacted.make(plan.privateKey)
          })
        ),
        Layer.provide(watched(now, (orderId) => leaving.get(orderId)?.()))
      )
    ),
    Effect.provideService(Timeout.Timeout, { read: "10 seconds", orderEntry: patient ?? "5 seconds" }),
    Effect.updateService(Resolution.Resolution, (times) => ({ ...times, maxAge: patient ?? times.maxAge })),
    Effect.provideService(Clock.Clock, ahead(clock, plan.clock))
  )
})
