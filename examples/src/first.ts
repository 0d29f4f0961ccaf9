import { NodeRuntime } from "@effect/platform-node"
import { Console, Effect, Stream } from "effect"
import { Contracts, Dollars, Portfolio } from "effect-kalshi"
import { Kalshi } from "effect-kalshi/node"

const ticker = "KXHIGHNY-26DEC31-T40"

const program = Effect.gen(function* () {
  const portfolio = yield* Portfolio.Portfolio
  const price = Dollars.cents(43)
  const order = yield* portfolio.createOrder({ ticker, action: "buy", side: "yes", price, count: Contracts.of(10) })
  yield* Console.log(order._tag, Contracts.format(order.filled), "of 10 contracts")
  yield* Stream.runForEach(portfolio.fills({ ticker }), (fill) =>
    Console.log(fill.ticker, Contracts.format(fill.count), "at", Dollars.format(fill.price))
  )
})

NodeRuntime.runMain(Effect.provide(program, Kalshi.layerConfig()))
