/**
 * One program, on the wire of today and on that of API 2.0.0: what both have
 * is the same, and what one lacks is refused before it is sent.
 */
import { NodeRuntime } from "@effect/platform-node"
import { Sandbox } from "@effect-kalshi/sandbox"
import { Console, Effect, Layer } from "effect"
import { Contracts, Credentials, Dollars, Environment, Portfolio } from "effect-kalshi"
import { Kalshi } from "effect-kalshi/node"

const ticker = "KXHIGHNY-26DEC31-T40"

const program = Effect.gen(function* () {
  const portfolio = yield* Portfolio.Portfolio
  const order = yield* portfolio.createOrder({
    ticker,
    side: "ask",
    price: Dollars.cents(44),
    count: Contracts.of(10)
  })
  const { reducedBy } = yield* portfolio.cancelOrder(order.orderId)
  yield* Console.log(`  ${order._tag}, then ${Contracts.format(reducedBy)} taken off the book`)

  // a quarter of a contract is nothing that 2.0.0 has a word for
  const part = yield* portfolio
    .createOrder({ ticker, side: "bid", price: Dollars.cents(40), count: Contracts.of(0.25) })
    .pipe(
      Effect.map((result) => result._tag),
      Effect.catchReason("KalshiError", "NotOnThisWire", (reason) => Effect.succeed(reason.message))
    )
  yield* Console.log(`  a quarter of a contract: ${part}`)
})

const today = Layer.unwrap(
  Effect.map(Sandbox.Sandbox, ({ keyId, privateKey, url }) =>
    Kalshi.layer().pipe(Layer.provide(Credentials.layer({ environment: Environment.sandbox(url), keyId, privateKey })))
  )
).pipe(Layer.provide(Kalshi.layerHttpClient))

const legacy = Layer.unwrap(
  Effect.map(Sandbox.Sandbox, ({ legacy: { email, password, url } }) =>
    Kalshi.layerLegacy().pipe(
      Layer.provide(Credentials.layerLogin({ environment: Environment.sandbox(url), email, password }))
    )
  )
).pipe(Layer.provide(Kalshi.layerHttpClient))

const both = Effect.gen(function* () {
  yield* Console.log("today:")
  yield* Effect.provide(program, today)
  yield* Console.log("2.0.0:")
  yield* Effect.provide(program, legacy)
})

NodeRuntime.runMain(Effect.provide(both, Sandbox.layer()))
