/**
 * The writing half of the portfolio on today's wire.
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
import * as KalshiError from "../KalshiError.ts"
import { Listings } from "../Listings.ts"
import type * as Fees from "../Fees.ts"
import type * as Contracts from "../Contracts.ts"
import type * as Order from "../models/Order.ts"
import type { OrderPlace } from "../models/OrderChange.ts"
import * as OrderRequest from "../models/OrderRequest.ts"
import * as OrderResult from "../models/OrderResult.ts"
import * as Preview from "../models/Preview.ts"
import * as Retry from "../Retry.ts"
import * as Timestamp from "../Timestamp.ts"
import * as batch from "./batch.ts"
import * as check from "./check.ts"
import * as classify from "./classify.ts"
import * as client from "./client.ts"
import { defined } from "./defined.ts"
import * as operation from "./operation.ts"
import type { OrderMemory, Place } from "./orderMemory.ts"
import type { Reads } from "./portfolioReads.ts"

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
const batchCancelOrders = operation.make({
  name: "batchCancelOrders",
  success: OrdersApi.BatchCancelOrdersResponse,
  reasons: ["OrderNotFound", "MarketClosed", "Unanswered"]
})
const cancelOrder = operation.make({
  name: "cancelOrder",
  success: OrdersApi.CancelOrderResponse,
  reasons: ["OrderNotFound", "MarketClosed", "AnotherOrder"]
})
const amendOrder = operation.make({
  name: "amendOrder",
  success: OrdersApi.AmendOrderResponse,
  reasons: [
    "OrderNotFound",
    "InsufficientBalance",
    "DuplicateClientOrderId",
    "MarketNotFound",
    "MarketClosed",
    "TradingPaused",
    "InvalidPrice",
    "InvalidOrder",
    "PostOnlyCross",
    "AnotherOrder"
  ]
})
const decreaseOrder = operation.make({
  name: "decreaseOrder",
  success: OrdersApi.DecreaseOrderResponse,
  reasons: ["OrderNotFound", "MarketClosed", "TradingPaused", "InvalidOrder", "AnotherOrder"]
})
const preview = operation.make({
  name: "preview",
  success: OrdersApi.CreateOrderResponse,
  reasons: ["MarketNotFound"]
})

const request = { responseMode: "response-only" } as const
const CREATE_TOKENS = 10
const CANCEL_TOKENS = 2
// an order that landed is looked for from a little before the call, by the exchange's clock
const LOOK_BACK_MILLIS = 60_000
// reads trail the engine by up to half a second as observed
const looks = Schedule.spaced("250 millis").pipe(Schedule.upTo({ times: 6 }))
const LOOK_LIMIT = "5 seconds"

const refuse = <E>(
  op: { readonly invalid: (field: string, description: string) => E },
  wrong: OrderRequest.Wrong | undefined,
  prefix = ""
): Effect.Effect<void, E> =>
  wrong === undefined ? Effect.void : Effect.fail(op.invalid(prefix + wrong.field, wrong.description))

/** What every change of an order says of where it is. */
const checkPlace = <E>(
  op: { readonly invalid: (field: string, description: string) => E },
  orderId: string,
  place: OrderPlace
): Effect.Effect<void, E> =>
  check
    .name(op, "orderId", orderId)
    .pipe(
      Effect.andThen(place.ticker === undefined ? Effect.void : check.name(op, "ticker", place.ticker)),
      Effect.andThen(refuse(op, OrderRequest.ofSubaccount(place.subaccount)))
    )

const asked = (order: OrderRequest.OrderRequest): OrderResult.Asked => ({
  timeInForce: order.timeInForce ?? "good_till_canceled",
  count: order.count
})

/**
 * Whether an answer was lost, so that the order may be there all the same. A
 * duplicate says so only of an order that this call sent before.
 */
const isLost = (error: KalshiError.Of<KalshiError.OrderReason>): boolean => {
  if (error.outcome !== "unknown") return false
  switch (error.reason._tag) {
    case "TimedOut":
    case "Disconnected":
    case "Unavailable":
      return true
    case "DuplicateClientOrderId":
      return error.attempts > 1
    default:
      return error.uncertain === true
  }
}

/** Whether a recorded order is the one that was asked for. */
const isOf = (order: OrderRequest.OrderRequest, clientOrderId: string) => {
  const quote = Direction.toQuote(order)
  return (found: Order.Order): boolean =>
    found.clientOrderId === clientOrderId &&
    found.ticker === order.ticker &&
    found.side === quote.side &&
    found.price === quote.price
}

/** Makes the writing operations over the reading ones. */
export const make = Effect.fnUntraced(function* (reads: Reads, memory: OrderMemory) {
  const orders = yield* client.group("orders")
  const listings = yield* Listings
  const random = yield* SecureRandom.SecureRandom

  const freshId = (given: string | undefined): Effect.Effect<string> =>
    given === undefined ? random.uuidV4() : Effect.succeed(given)

  /** Where an order is: as told, as remembered, else looked up once. */
  const locate = (
    orderId: string,
    told: { readonly ticker?: string | undefined; readonly subaccount?: number | undefined }
  ): Effect.Effect<Place, KalshiError.Of<KalshiError.OrderNotFound>> => {
    const known = memory.find(orderId)
    const ticker = told.ticker ?? known?.ticker
    return ticker !== undefined
      ? Effect.succeed({ ticker, subaccount: told.subaccount ?? known?.subaccount ?? 0 })
      : Effect.map(reads.getOrder(orderId), (order) => ({
          ticker: order.ticker,
          subaccount: told.subaccount ?? order.subaccount ?? 0
        }))
  }

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
    const place: Place = { ticker: order.ticker, subaccount: order.subaccount ?? 0 }
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
        { cost: CREATE_TOKENS * items.length, items: items.length }
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

  const cancel = Effect.fnUntraced(function* (orderId: string, options: OrderPlace = {}) {
    yield* checkPlace(cancelOrder, orderId, options)
    const place = yield* Effect.mapError(locate(orderId, options), cancelOrder.before)
    const { sent, wire } = yield* cancelOrder.runCounted(
      orders.cancelOrder({
        ...request,
        params: { order_id: orderId },
        query: {
          market_ticker: place.ticker,
          subaccount: place.subaccount,
          exchange_index: options.exchangeIndex
        }
      })
    )
    if (wire.order_id !== orderId) {
      return yield* Effect.fail(
        cancelOrder.fail(new KalshiError.AnotherOrder({ asked: orderId, answered: wire.order_id }), sent)
      )
    }
    return { orderId, clientOrderId: wire.client_order_id || undefined, reducedBy: wire.reduced_by, at: wire.ts_ms }
  })

  const batchCancel = Effect.fnUntraced(function* (
    requests: ReadonlyArray<string | (OrderPlace & { readonly orderId: string })>
  ) {
    const given = requests.map((item): OrderPlace & { readonly orderId: string } =>
      typeof item === "string" ? { orderId: item } : item
    )
    if (given.length === 0) return []
    for (const item of given) yield* checkPlace(batchCancelOrders, item.orderId, item)
    const ids = new Set(given.map((item) => item.orderId))
    if (ids.size !== given.length) {
      return yield* Effect.fail(batchCancelOrders.invalid("orderId", "is named twice in the batch"))
    }
    const located = yield* Effect.forEach(
      given,
      (item) =>
        Effect.result(
          Effect.map(locate(item.orderId, item), (place) => ({
            ...place,
            orderId: item.orderId,
            exchangeIndex: item.exchangeIndex
          }))
        ),
      { concurrency: 8 }
    )
    const known = located.flatMap((result) => (Result.isSuccess(result) ? [result.success] : []))
    const { sent, wire } =
      known.length === 0
        ? { sent: { attempts: 0, uncertain: false }, wire: { orders: [] } }
        : yield* batchCancelOrders.runCounted(
            orders.batchCancelOrders({
              ...request,
              payload: {
                orders: known.map((item) =>
                  defined({
                    order_id: item.orderId,
                    market_ticker: item.ticker,
                    subaccount: item.subaccount,
                    exchange_index: item.exchangeIndex
                  })
                )
              }
            }),
            { cost: CANCEL_TOKENS * known.length, items: known.length }
          )
    const answers = batch.match({
      items: known,
      answers: wire.orders ?? [],
      idOfItem: (item) => item.orderId,
      idOfAnswer: (answer) => answer.order_id || undefined
    })
    const byId = new Map(known.map((item, index) => [item.orderId, answers[index]]))
    return located.map((result, index) => {
      const orderId = given[index]?.orderId ?? ""
      return {
        orderId,
        result: Result.isSuccess(result)
          ? readCancelled(orderId, byId.get(orderId), sent)
          : Result.fail(batchCancelOrders.before(result.failure))
      }
    })
  })

  const amend = Effect.fnUntraced(function* (change: OrderRequest.AmendRequest) {
    yield* checkPlace(amendOrder, change.orderId, change)
    yield* refuse(amendOrder, OrderRequest.checkAmend(change, undefined))
    const place = yield* Effect.mapError(locate(change.orderId, change), amendOrder.before)
    yield* refuse(amendOrder, OrderRequest.checkAmend(change, yield* listings.knownGrid(place.ticker)))
    const quote = Direction.toQuote(change)
    const { sent, wire } = yield* amendOrder.runCounted(
      orders.amendOrder({
        ...request,
        params: { order_id: change.orderId },
        query: { subaccount: place.subaccount },
        payload: defined({
          ticker: place.ticker,
          side: quote.side,
          price: quote.price,
          count: change.total,
          client_order_id: change.clientOrderId,
          updated_client_order_id: change.updatedClientOrderId,
          exchange_index: change.exchangeIndex
        })
      })
    )
    if (wire.order_id !== change.orderId) {
      return yield* Effect.fail(
        amendOrder.fail(new KalshiError.AnotherOrder({ asked: change.orderId, answered: wire.order_id }), sent)
      )
    }
    return {
      orderId: wire.order_id,
      clientOrderId: wire.client_order_id || undefined,
      remaining: wire.remaining_count ?? undefined,
      at: wire.ts_ms
    }
  })

  const decrease = Effect.fnUntraced(function* (
    orderId: string,
    options: OrderPlace & {
      readonly by?: Contracts.Contracts | undefined
      readonly to?: Contracts.Contracts | undefined
    }
  ) {
    yield* checkPlace(decreaseOrder, orderId, options)
    const { by, to } = options
    if ((by === undefined) === (to === undefined)) {
      return yield* Effect.fail(decreaseOrder.invalid("by", "give exactly one of `by` and `to`"))
    }
    if (by !== undefined && !(Number.isSafeInteger(by) && by >= 1)) {
      return yield* Effect.fail(decreaseOrder.invalid("by", "takes at least 0.01 contract"))
    }
    if (to !== undefined && !(Number.isSafeInteger(to) && to >= 0)) {
      return yield* Effect.fail(decreaseOrder.invalid("to", "takes 0 contracts or more"))
    }
    const place = yield* Effect.mapError(locate(orderId, options), decreaseOrder.before)
    const { sent, wire } = yield* decreaseOrder.runCounted(
      orders.decreaseOrder({
        ...request,
        params: { order_id: orderId },
        query: { subaccount: place.subaccount },
        payload: defined({
          reduce_by: by,
          reduce_to: to,
          market_ticker: place.ticker,
          exchange_index: options.exchangeIndex
        })
      }),
      // reducing *to* a size ends the same however often it is sent, reducing *by* does not
      { idempotency: to === undefined ? "unsafe" : "idempotent" }
    )
    if (wire.order_id !== orderId) {
      return yield* Effect.fail(
        decreaseOrder.fail(new KalshiError.AnotherOrder({ asked: orderId, answered: wire.order_id }), sent)
      )
    }
    return {
      orderId,
      clientOrderId: wire.client_order_id || undefined,
      remaining: wire.remaining_count,
      at: wire.ts_ms
    }
  })

  const previewOrder = Effect.fnUntraced(function* (
    order: OrderRequest.OrderRequest,
    options?: {
      readonly position?: Contracts.Contracts | undefined
      readonly precision?: Fees.Precision | undefined
    }
  ) {
    yield* refuse(preview, OrderRequest.check(order, undefined))
    const schedule = yield* Effect.mapError(listings.fees(order.ticker), preview.before)
    const grid = yield* listings.knownGrid(order.ticker)
    yield* refuse(preview, OrderRequest.check(order, grid))
    return Preview.make({
      order,
      schedule,
      grid,
      position: options?.position,
      precision: options?.precision
    })
  })

  return {
    createOrder: create,
    batchCreateOrders: batchCreate,
    cancelOrder: cancel,
    batchCancelOrders: batchCancel,
    amendOrder: amend,
    decreaseOrder: decrease,
    preview: previewOrder
  }
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

const readCancelled = (
  orderId: string,
  answer: typeof OrdersApi.BatchCancelOrdersItem.Type | undefined,
  sent: operation.Sent
) => {
  const fail = (reason: KalshiError.Reason) => Result.fail(batchCancelOrders.fail(reason, sent))
  if (answer === undefined) return fail(new KalshiError.Unanswered())
  if (classify.isItemError(answer.error)) return fail(classify.itemReason(answer.error))
  if (answer.reduced_by == null) {
    return fail(
      new KalshiError.UnreadableAnswer({ status: 200, description: "an item has neither a size nor an error" })
    )
  }
  return Result.succeed({
    orderId,
    clientOrderId: answer.client_order_id || undefined,
    reducedBy: answer.reduced_by,
    at: answer.ts_ms ?? undefined
  })
}
