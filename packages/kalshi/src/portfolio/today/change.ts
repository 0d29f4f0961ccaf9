/**
 * Changing orders that rest, on today's wire: cancel, decrease, amend.
 */
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as OrdersApi from "../../api/Orders.ts"
import type * as Contracts from "../../Contracts.ts"
import * as Direction from "../../Direction.ts"
import { defined } from "../../internal/defined.ts"
import type * as KalshiError from "../../KalshiError.ts"
import { Listings } from "../../Listings.ts"
import { type OrderPlace, placed } from "../../models/OrderChange.ts"
import * as OrderRequest from "../../models/OrderRequest.ts"
import * as client from "../../service/client.ts"
import { isAbout } from "../about.ts"
import * as batch from "../batch.ts"
import * as operations from "../operations.ts"
import type { OrderMemory, Place } from "../orderMemory.ts"
import { checkPlace, refuse } from "../refuse.ts"
import type { Reads } from "./reads.ts"

const batchCancelOrders = operations.batchCancelOrders(OrdersApi.BatchCancelOrdersResponse)
const cancelOrder = operations.cancelOrder(OrdersApi.CancelOrderResponse)
const cancelAllOrders = operations.cancelAllOrders(Schema.Void)
const amendOrder = operations.amendOrder(OrdersApi.AmendOrderResponse)
const decreaseOrder = operations.decreaseOrder(OrdersApi.DecreaseOrderResponse)

const request = { responseMode: "response-only" } as const

/** Makes the operations that change orders. */
export const make = Effect.fnUntraced(function* (reads: Reads, memory: OrderMemory) {
  const orders = yield* client.group("orders")
  const listings = yield* Listings

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
          subaccount: told.subaccount ?? order.subaccount ?? known?.subaccount ?? 0
        }))
  }

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
    yield* isAbout(cancelOrder, orderId, wire.order_id, sent)
    return {
      _tag: "Cancelled" as const,
      orderId,
      clientOrderId: wire.client_order_id || undefined,
      reducedBy: wire.reduced_by,
      at: wire.ts_ms
    }
  })

  const batchCancel = Effect.fnUntraced(function* (
    requests: ReadonlyArray<string | (OrderPlace & { readonly orderId: string })>
  ) {
    const given = requests.map(placed)
    if (given.length === 0) return []
    for (const item of given) yield* checkPlace(batchCancelOrders, item.orderId, item)
    yield* batch.distinct(
      batchCancelOrders,
      "orderId",
      given.map((item) => item.orderId)
    )
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
            { items: known.length }
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
      if (Result.isFailure(result)) return { orderId, result: Result.fail(batchCancelOrders.before(result.failure)) }
      const answer = byId.get(orderId)
      return {
        orderId,
        result: batch.readCancelled(answer, {
          fail: (reason) => batchCancelOrders.fail(reason, sent),
          cancelled: (reducedBy) => ({
            _tag: "Cancelled",
            orderId,
            clientOrderId: answer?.client_order_id || undefined,
            reducedBy,
            at: answer?.ts_ms ?? undefined
          })
        })
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
    yield* isAbout(amendOrder, change.orderId, wire.order_id, sent)
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
    yield* refuse(decreaseOrder, OrderRequest.checkDecrease(options))
    const { by, to } = options
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
    yield* isAbout(decreaseOrder, orderId, wire.order_id, sent)
    return {
      orderId,
      clientOrderId: wire.client_order_id || undefined,
      remaining: wire.remaining_count,
      at: wire.ts_ms
    }
  })

  const cancelAll = Effect.fnUntraced(function* (query: { readonly subaccount?: number | undefined } = {}) {
    yield* refuse(cancelAllOrders, OrderRequest.ofSubaccount(query.subaccount))
    yield* cancelAllOrders.run(orders.cancelAllOrders({ ...request, query: { subaccount: query.subaccount } }))
  })

  return {
    cancelOrder: cancel,
    batchCancelOrders: batchCancel,
    amendOrder: amend,
    decreaseOrder: decrease,
    cancelAllOrders: cancelAll
  }
})
