/**
 * What can go wrong, and what to do then.
 *
 * Every call fails with a `KalshiError` whose `reason` is one of a few tagged
 * classes; `Effect.catchReason` handles one of them and leaves the others.
 */
import { NodeRuntime } from "@effect/platform-node"
import { Console, Effect } from "effect"
import { Contracts, Dollars, type OrderRequest, Portfolio, Retry, Timeout } from "effect-kalshi"
import { Kalshi } from "effect-kalshi/node"

const order: OrderRequest.OrderRequest = {
  ticker: "KXHIGHNY-26DEC31-T40",
  action: "buy",
  side: "yes",
  price: Dollars.cents(41),
  count: Contracts.of(10)
}

const program = Effect.gen(function* () {
  const portfolio = yield* Portfolio.Portfolio

  // One reason is handled here. Anything else goes on as it was.
  yield* portfolio
    .createOrder({ ...order, count: Contracts.of(1_000_000) })
    .pipe(
      Effect.catchReason("KalshiError", "InsufficientBalance", (reason) =>
        Effect.andThen(Console.log(`Too dear: ${reason.message}`), Effect.succeed(undefined))
      )
    )

  // Several reasons, each with a fallback of its own.
  yield* portfolio.createOrder({ ...order, ticker: "KXNOBODY-KNOWS" }).pipe(
    Effect.catchReasons("KalshiError", {
      MarketNotFound: () => Console.log("There is no such market."),
      MarketClosed: () => Console.log("The market is closed.")
    })
  )

  // What has the wrong shape is never sent: `attempts` is 0.
  const shape = yield* Effect.flip(portfolio.createOrder({ ...order, price: Dollars.cents(141) }))
  yield* Console.log(`${shape.reason._tag} after ${shape.attempts} attempts: ${shape.message}`)

  // A write says what became of it. Here a call has a second, once, and no retry.
  yield* portfolio.createOrder({ ...order, clientOrderId: "example-errors-1" }).pipe(
    Timeout.within("1 second"),
    Retry.off,
    Effect.matchEffect({
      onSuccess: (placed) => Console.log(`${placed._tag} under ${placed.clientOrderId ?? "no id"}`),
      onFailure: (error) => {
        switch (error.outcome) {
          case "not-applied":
            return Console.log(`Nothing happened: ${error.message}`)
          case "applied":
            return Console.log(`It happened: ${error.message}`)
          case "unknown":
            return Console.log(`Nobody knows yet, and portfolio.settled goes on looking: ${error.message}`)
        }
      }
    })
  )

  // The same decision under the same id gives the first order back; another one needs another id.
  const again = yield* portfolio.createOrder({ ...order, clientOrderId: "example-errors-1" })
  yield* Console.log(`${again._tag} once, under ${again.clientOrderId ?? "no id"}`)
  const other = { ...order, price: Dollars.cents(40), clientOrderId: "example-errors-1" }
  const twice = yield* Effect.flip(portfolio.createOrder(other))
  yield* Console.log(`${twice.reason._tag}: retryable ${twice.retryable}, outcome ${twice.outcome}`)
})

NodeRuntime.runMain(Effect.provide(program, Kalshi.layerConfig()))
