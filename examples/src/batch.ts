/**
 * Several orders in one request: each has an answer of its own.
 *
 * A batch costs as many tokens as its items would alone; what it saves is
 * round trips. One item that is refused takes nothing from the others.
 */
import { NodeRuntime } from "@effect/platform-node"
import { Console, Effect, Result } from "effect"
import { Contracts, Dollars, type OrderRequest, Portfolio } from "effect-kalshi"
import { Kalshi } from "effect-kalshi/node"

const bid = (cents: number, postOnly = false): OrderRequest.OrderRequest => ({
  ticker: "KXHIGHNY-26DEC31-T40",
  side: "bid",
  price: Dollars.cents(cents),
  count: Contracts.of(10),
  postOnly
})

const program = Effect.gen(function* () {
  const portfolio = yield* Portfolio.Portfolio

  // A ladder of bids; the last would take what others offer, and says that it must not.
  const items = yield* portfolio.batchCreateOrders([bid(40), bid(39), bid(38), bid(43, true)])
  const resting: Array<string> = []
  for (const { clientOrderId, result } of items) {
    if (Result.isSuccess(result)) {
      resting.push(result.success.orderId)
      yield* Console.log(
        `${result.success._tag}: ${Contracts.format(result.success.remaining)} rest (${clientOrderId})`
      )
    } else {
      // `outcome` tells whether the order may exist all the same
      yield* Console.log(`${result.failure.reason._tag}, ${result.failure.outcome} (${clientOrderId})`)
    }
  }

  // Cancelling is a batch as well. The first order is gone before it comes, and told as it is.
  yield* Effect.forEach(resting.slice(0, 1), (orderId) => portfolio.cancelOrder(orderId))
  for (const { orderId, result } of yield* portfolio.batchCancelOrders(resting)) {
    yield* Console.log(
      Result.isSuccess(result)
        ? `${result.success._tag}: ${Contracts.format(result.success.reducedBy)} of ${orderId}`
        : `${result.failure.reason._tag}, ${result.failure.outcome}: ${orderId}`
    )
  }
})

NodeRuntime.runMain(Effect.provide(program, Kalshi.layerConfig()))
