/**
 * A whole exchange inside a program: no port, no network, and faults on
 * demand. Tests of a trading program look like this one.
 *
 * The question here: an order is placed, the answer is lost on the way back.
 * How often does it exist?
 */
import { Control, Faults, Sandbox } from "@effect-kalshi/sandbox"
import { NodeRuntime } from "@effect/platform-node"
import { Console, Effect, Layer, Stream } from "effect"
import { Contracts, Dollars, Environment, Kalshi, Portfolio, RateLimit, Signer } from "effect-kalshi"

const ticker = "KXHIGHNY-26DEC31-T40"

// The sandbox is the `HttpClient`, and takes a signature that needs no key.
const signer = Layer.unwrap(
  Effect.map(Sandbox.Sandbox, ({ keyId, url }) => Signer.layerTest({ environment: Environment.sandbox(url), keyId }))
)

const layer = Kalshi.layerWith().pipe(
  Layer.provide([signer, RateLimit.layerFixed("basic")]),
  Layer.provideMerge(Sandbox.layerInMemory({ deposit: Dollars.of(100) }))
)

const program = Effect.gen(function* () {
  const { account } = yield* Sandbox.Sandbox
  const control = yield* Control.Control
  const portfolio = yield* Portfolio.Portfolio

  // The exchange takes the next order and the line breaks before it can say so.
  yield* control.inject(Faults.droppedAfter, { endpoint: "createOrder" })
  const result = yield* portfolio.createOrder({
    ticker,
    action: "buy",
    side: "yes",
    price: Dollars.cents(43),
    count: Contracts.of(10)
  })
  yield* Console.log(`The client says: ${result._tag}, ${Contracts.format(result.filled)} contracts`)

  // The engine knows the truth, and so do the fills.
  const truth = yield* control.truth(account)
  const sent = yield* control.requests({ endpoint: "createOrder" })
  const fills = yield* Stream.runCollect(portfolio.fills({ ticker }))
  yield* Console.log(`Requests: ${sent.length}, orders: ${truth.orders.length}, fills: ${fills.length}`)

  // It was warm that day: each contract pays a dollar.
  yield* control.settle(ticker, "yes")
  const { available } = yield* portfolio.getBalance()
  yield* Console.log(`Cash after settlement: $${Dollars.format(available)}`)
})

NodeRuntime.runMain(Effect.provide(program, layer))
