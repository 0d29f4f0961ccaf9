/**
 * Placing orders, one or several, and finding those whose answer was lost.
 */
import * as Clock from "effect/Clock"
import * as SecureRandom from "effect/crypto/SecureRandom"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Result from "effect/Result"
import * as Schedule from "effect/Schedule"
import * as Stream from "effect/Stream"
import * as OrdersApi from "../api/Orders.ts"
import * as Direction from "../Direction.ts"
import * as classify from "../internal/classify.ts"
import * as KalshiError from "../KalshiError.ts"
import { Listings } from "../Listings.ts"
import type * as Order from "../models/Order.ts"
import * as OrderRequest from "../models/OrderRequest.ts"
import * as OrderResult from "../models/OrderResult.ts"
import * as Retry from "../Retry.ts"
import * as client from "../service/client.ts"
import * as operation from "../service/operation.ts"
import * as Timestamp from "../Timestamp.ts"
import * as batch from "./batch.ts"
import type { OrderMemory } from "./orderMemory.ts"
import type { Reads } from "./reads.ts"
import { refuse } from "./refuse.ts"

const createReasons = [
  "InsufficientBalance",
  "DuplicateClientOrderId",
  "MarketNotFound",
  "MarketClosed",
  "TradingPaused",
  "InvalidPrice",
  "InvalidOrder",
  "PostOnlyCross",
  "FillOrKillUnfilled",
  "AnotherOrder"
] as const

const createOrder = operation.make({
  name: "createOrder",
  success: OrdersApi.CreateOrderResponse,
  reasons: createReasons
})
const batchCreateOrders = operation.make({
  name: "batchCreateOrders",
  success: OrdersApi.BatchCreateOrdersResponse,
  reasons: [...createReasons, "Unanswered"]
})

const request = { responseMode: "response-only" } as const
const TOKENS = 10
// an order that landed is looked for from a little before the call, by the exchange's clock
const LOOK_BACK_MILLIS = 60_000
// reads trail the engine by up to half a second as observed
const looks = Schedule.spaced("250 millis").pipe(Schedule.upTo({ times: 6 }))
const LOOK_LIMIT = "5 seconds"

const asked = (order: OrderRequest.OrderRequest): OrderResult.Asked => ({
  timeInForce: order.timeInForce ?? "good_till_canceled",
  count: order.count
})

/**
 * Whether the order may be there although the call failed. A conflict or a
 * duplicate speaks of an order that was there before, which is that of this
 * call only when an attempt before may have placed it.
 */
const isLost = (error: KalshiError.Of<KalshiError.OrderReason>): boolean =>
  error.outcome === "unknown" &&
  (error.uncertain === true || (error.reason._tag !== "DuplicateClientOrderId" && error.reason._tag !== "Conflict"))

/** Whether a recorded order is the one that was asked for. */
const isOf = (order: OrderRequest.OrderRequest, clientOrderId: string) => {
  const quote = Direction.toQuote(order)
  return (found: Order.Order): boolean =>
    found.clientOrderId === clientOrderId &&
    found.ticker === order.ticker &&
    found.side === quote.side &&
    found.price === quote.price &&
    // the exchange cuts a reduce-only order to the position
    (found.initial === order.count || order.reduceOnly === true)
}

/** Makes the operations that place orders. */
export const make = Effect.fnUntraced(function* (reads: Reads, memory: OrderMemory) {
  const orders = yield* client.group("orders")
  const listings = yield* Listings
  const random = yield* SecureRandom.SecureRandom

  const freshId = (given: string | undefined): Effect.Effect<string> =>
    given === undefined ? random.uuidV4() : Effect.succeed(given)

  /**
   * Finds the order of a create whose answer was lost, if it is there: reads
   * trail the engine, so it is looked for several times, within a bound.
   */
  const findLanded = (
    order: OrderRequest.OrderRequest,
    clientOrderId: string,
    startedAt: number
  ): Effect.Effect<Option.Option<OrderResult.OrderResult>> =>
    reads
      .orders({
        ticker: order.ticker,
        minTs: Timestamp.fromMillis(startedAt - LOOK_BACK_MILLIS)
      })
      .pipe(
        Stream.filter(isOf(order, clientOrderId)),
        Stream.runHead,
        Retry.off,
        Effect.orElseSucceed(Option.none<Order.Order>),
        Effect.repeat({ schedule: looks, until: Option.isSome }),
        Effect.timeoutOption(LOOK_LIMIT),
        Effect.map((found) =>
          Option.map(Option.flatten(found), (found) => OrderResult.fromOrder(asked(order), found, clientOrderId))
        )
      )

  const create = Effect.fnUntraced(function* (order: OrderRequest.OrderRequest) {
    yield* refuse(createOrder, OrderRequest.check(order, yield* listings.knownGrid(order.ticker)))
    const clientOrderId = yield* freshId(order.clientOrderId)
    const startedAt = yield* Clock.currentTimeMillis
    const place = { ticker: order.ticker, subaccount: order.subaccount ?? 0 }
    return yield* createOrder
      .runCounted(orders.createOrder({ ...request, payload: OrderRequest.toWire(order, clientOrderId) }))
      .pipe(
        Effect.flatMap(({ sent, wire }) => {
          const answered = wire.client_order_id
          if (wire.order_id === "") {
            return Effect.fail(
              createOrder.fail(
                new KalshiError.UnreadableAnswer({ status: 201, description: "it names no order" }),
                sent
              )
            )
          }
          return answered == null || answered === "" || answered === clientOrderId
            ? Effect.succeed(OrderResult.fromWire(asked(order), { ...wire, client_order_id: clientOrderId }))
            : Effect.fail(createOrder.fail(new KalshiError.AnotherOrder({ asked: clientOrderId, answered }), sent))
        }),
        Effect.catchIf(isLost, (error) =>
          Effect.flatMap(
            findLanded(order, clientOrderId, startedAt),
            Option.match({ onNone: () => Effect.fail(error), onSome: Effect.succeed })
          )
        ),
        Effect.mapError((error) => createOrder.named(error, [clientOrderId])),
        Effect.tap((result) => Effect.sync(() => memory.remember(result.orderId, place)))
      )
  })

  const batchCreate = Effect.fnUntraced(function* (requests: ReadonlyArray<OrderRequest.OrderRequest>) {
    if (requests.length === 0) return []
    for (const [index, order] of requests.entries()) {
      const wrong = OrderRequest.check(order, yield* listings.knownGrid(order.ticker))
      yield* refuse(batchCreateOrders, wrong, `orders[${index}].`)
    }
    const items = yield* Effect.forEach(requests, (order) =>
      Effect.map(freshId(order.clientOrderId), (clientOrderId) => ({ order, clientOrderId }))
    )
    const ids = items.map((item) => item.clientOrderId)
    if (new Set(ids).size !== ids.length) {
      return yield* Effect.fail(batchCreateOrders.invalid("clientOrderId", "is used twice in the batch"))
    }
    const startedAt = yield* Clock.currentTimeMillis
    const { sent, wire } = yield* batchCreateOrders
      .runCounted(
        orders.batchCreateOrders({
          ...request,
          payload: { orders: items.map((item) => OrderRequest.toWire(item.order, item.clientOrderId)) }
        }),
        { cost: TOKENS * items.length, items: items.length }
      )
      .pipe(Effect.mapError((error) => batchCreateOrders.named(error, ids)))
    const answers = batch.match({
      items,
      answers: wire.orders ?? [],
      idOfItem: (item) => item.clientOrderId,
      idOfAnswer: (answer) => answer.client_order_id || undefined
    })
    return yield* Effect.forEach(
      items,
      ({ clientOrderId, order }, index) => {
        const read = readCreated(order, clientOrderId, answers[index], sent)
        return Effect.map(
          Result.isFailure(read) && isLost(read.failure)
            ? findLanded(order, clientOrderId, startedAt)
            : Effect.succeedNone,
          (landed) => {
            const result = Option.isSome(landed)
              ? Result.succeed(landed.value)
              : Result.mapError(read, (error) => batchCreateOrders.named(error, [clientOrderId]))
            if (Result.isSuccess(result)) {
              memory.remember(result.success.orderId, { ticker: order.ticker, subaccount: order.subaccount ?? 0 })
            }
            return { clientOrderId, result }
          }
        )
      },
      { concurrency: 8 }
    )
  })

  return { createOrder: create, batchCreateOrders: batchCreate }
})

const readCreated = (
  order: OrderRequest.OrderRequest,
  clientOrderId: string,
  answer: typeof OrdersApi.BatchCreateOrdersItem.Type | undefined,
  sent: operation.Sent
) => {
  const fail = (reason: KalshiError.Reason) => Result.fail(batchCreateOrders.fail(reason, sent))
  if (answer === undefined) return fail(new KalshiError.Unanswered())
  const { error, fill_count, order_id, remaining_count, ts_ms } = answer
  if (classify.isItemError(error)) {
    return order_id
      ? fail(new KalshiError.UnreadableAnswer({ status: 201, description: "an item has an order and an error" }))
      : fail(classify.itemReason(error))
  }
  if (!order_id || fill_count == null || remaining_count == null || ts_ms == null) {
    return fail(
      new KalshiError.UnreadableAnswer({ status: 201, description: "an item has neither an order nor an error" })
    )
  }
  return Result.succeed(
    OrderResult.fromWire(asked(order), {
      ...answer,
      order_id,
      fill_count,
      remaining_count,
      ts_ms,
      client_order_id: clientOrderId
    })
  )
}
