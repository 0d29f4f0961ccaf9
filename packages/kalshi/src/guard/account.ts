/**
 * An account as its guard sees it, on today's wire.
 */
import * as Arr from "effect/Array"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Result from "effect/Result"
import * as Stream from "effect/Stream"
import * as OrdersApi from "../api/Orders.ts"
import * as Exchange from "../Exchange.ts"
import { defined } from "../internal/defined.ts"
import type * as KalshiError from "../KalshiError.ts"
import type * as Order from "../models/Order.ts"
import * as batch from "../portfolio/batch.ts"
import * as operations from "../portfolio/operations.ts"
import * as orderMemory from "../portfolio/orderMemory.ts"
import * as reads from "../portfolio/today/reads.ts"
import * as client from "../service/client.ts"

const batchCancelOrders = operations.batchCancelOrders(OrdersApi.BatchCancelOrdersResponse)

// what the smallest bucket takes at once, with room for others
const BATCH = 20
// how often it is looked whether something still rests, and after which pause
const ROUNDS = 10
const PAUSE = "1 second"

/** Makes what a guard needs of an account, over the road in force. */
export const make = Effect.fnUntraced(function* (subaccounts: ReadonlyArray<number>) {
  const exchange = yield* Exchange.make
  const portfolio = yield* reads.make(orderMemory.make())
  const orders = yield* client.group("orders")

  const resting = Stream.runCollect(portfolio.orders({ status: "resting" }))

  const positions = Effect.map(
    Effect.forEach(subaccounts, (subaccount) => Stream.runCollect(portfolio.marketPositions({ subaccount }))),
    Arr.flatten
  )

  const state = Effect.gen(function* () {
    // an exchange that does not say how fresh it is can be read all the same
    const asOf = Option.getOrUndefined(yield* Effect.option(exchange.getUserDataTimestamp))
    // orders first: what is filled between the two counts twice, and not never
    return { asOf, resting: yield* resting, positions: yield* positions }
  })

  /** Cancels some orders, and tells which may still rest. */
  const cancel = Effect.fnUntraced(function* (some: ReadonlyArray<Order.Order>) {
    const { sent, wire } = yield* batchCancelOrders.runCounted(
      orders.batchCancelOrders({
        responseMode: "response-only",
        payload: {
          orders: some.map((order) =>
            defined({
              order_id: order.orderId,
              market_ticker: order.ticker,
              subaccount: order.subaccount ?? 0,
              exchange_index: order.exchangeIndex
            })
          )
        }
      }),
      { items: some.length }
    )
    const answers = batch.match({
      items: some,
      answers: wire.orders ?? [],
      idOfItem: (order) => order.orderId,
      idOfAnswer: (answer) => answer.order_id || undefined
    })
    return some.flatMap(({ orderId }, index) => {
      const result = batch.readCancelled(answers[index], {
        fail: (reason) => batchCancelOrders.fail(reason, sent),
        cancelled: (reducedBy) => ({ _tag: "Cancelled", orderId, reducedBy })
      })
      // what is not there any more does not rest
      return Result.isFailure(result) && result.failure.reason._tag !== "OrderNotFound"
        ? [{ orderId, error: result.failure }]
        : []
    })
  })

  const cancelAll = Effect.gen(function* () {
    // reads lag: what is gone is listed for a while
    const gone = new Set<string>()
    let failure: KalshiError.KalshiError | undefined
    for (let round = 0; round < ROUNDS; round++) {
      if (round > 0) yield* Effect.sleep(PAUSE)
      const left = (yield* resting).filter(({ orderId }) => !gone.has(orderId))
      failure = undefined
      // twice, since an order that was under way may be listed late
      if (left.length === 0 && round > 0) return
      for (const some of Arr.chunksOf(left, BATCH)) {
        const failures = yield* cancel(some)
        for (const { orderId } of some) gone.add(orderId)
        for (const { error, orderId } of failures) {
          gone.delete(orderId)
          failure = error
        }
      }
    }
    if (failure !== undefined) return yield* failure
  })

  return { state, cancelAll }
})
