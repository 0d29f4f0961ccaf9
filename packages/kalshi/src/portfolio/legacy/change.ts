/**
 * Changing orders that rest, on the wire of 2.0.0: cancel, decrease, amend.
 */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as OrdersApi from "../../api/legacy/Orders.ts"
import * as Contracts from "../../Contracts.ts"
import * as Direction from "../../Direction.ts"
import { defined } from "../../internal/defined.ts"
import * as write from "../../internal/write.ts"
import * as Order from "../../models/Order.ts"
import { type CancelledOrder, type ChangedOrder, type OrderPlace, placed } from "../../models/OrderChange.ts"
import * as OrderRequest from "../../models/OrderRequest.ts"
import * as client from "../../service/client.ts"
import { isAbout } from "../about.ts"
import * as batch from "../batch.ts"
import * as operations from "../operations.ts"
import { checkPlace, refuse, unsaid } from "../refuse.ts"
import { priced } from "./entry.ts"
import type { Reads } from "./reads.ts"
import * as said from "./said.ts"

const batchCancelOrders = operations.batchCancelOrders(OrdersApi.BatchCancelOrdersResponse)
const cancelOrder = operations.cancelOrder(OrdersApi.CancelOrderResponse)
const cancelAllOrders = operations.cancelAllOrders(Schema.Void)
const amendOrder = operations.amendOrder(OrdersApi.AmendOrderResponse)
const decreaseOrder = operations.decreaseOrder(OrdersApi.DecreaseOrderResponse)

const request = { responseMode: "response-only" } as const

/** What an order says of itself after a change. */
const changed = (wire: typeof OrdersApi.Order.Type): ChangedOrder => {
  const order = Order.fromWire2024(wire)
  return {
    orderId: order.orderId,
    clientOrderId: order.clientOrderId,
    remaining: wire.remaining_count ?? undefined,
    at: order.updatedAt
  }
}

/** Makes the operations that change orders. */
export const make = Effect.fnUntraced(function* ({ readOrder }: Pick<Reads, "readOrder">) {
  const orders = yield* client.legacyGroup("orders")

  const checkChange = Effect.fnUntraced(function* <E>(
    op: Parameters<typeof checkPlace<E>>[0] & Parameters<typeof unsaid<E>>[0],
    orderId: string,
    place: OrderPlace
  ) {
    yield* checkPlace(op, orderId, place)
    yield* unsaid(op, said.ofPlace(place))
    yield* said.checkUuid(op, "orderId", orderId)
  })

  const cancel = Effect.fnUntraced(function* (orderId: string, place: OrderPlace = {}) {
    yield* checkChange(cancelOrder, orderId, place)
    const { sent, wire } = yield* cancelOrder.runCounted(
      orders.cancelOrder({ ...request, params: { order_id: orderId } })
    )
    yield* isAbout(cancelOrder, orderId, wire.order.order_id, sent)
    return cancelled(orderId, wire.order, wire.reduced_by)
  })

  const batchCancel = Effect.fnUntraced(function* (
    requests: ReadonlyArray<string | (OrderPlace & { readonly orderId: string })>
  ) {
    const given = requests.map(placed)
    if (given.length === 0) return []
    for (const item of given) yield* checkChange(batchCancelOrders, item.orderId, item)
    const ids = given.map((item) => item.orderId)
    yield* batch.distinct(batchCancelOrders, "orderId", ids)
    const { sent, wire } = yield* batchCancelOrders.runCounted(
      orders.batchCancelOrders({ ...request, payload: { ids } }),
      { items: ids.length }
    )
    const answers = batch.match({
      items: ids,
      answers: wire.orders ?? [],
      idOfItem: (orderId) => orderId,
      idOfAnswer: (answer) => answer.order?.order_id || answer.order_id || undefined
    })
    return ids.map((orderId, index) => {
      const answer = answers[index]
      return {
        orderId,
        result: batch.readCancelled(answer, {
          fail: (reason) => batchCancelOrders.fail(reason, sent),
          cancelled: (reducedBy) => cancelled(orderId, answer?.order, reducedBy)
        })
      }
    })
  })

  const amend = Effect.fnUntraced(function* (change: OrderRequest.AmendRequest) {
    yield* checkPlace(amendOrder, change.orderId, change)
    yield* refuse(amendOrder, OrderRequest.checkAmend(change, undefined))
    yield* unsaid(amendOrder, said.ofAmend(change))
    yield* said.checkUuid(amendOrder, "orderId", change.orderId)
    // it has to repeat the words and the id of the order
    const known = yield* Effect.mapError(readOrder(change.orderId), amendOrder.before)
    const under = yield* write.Current
    if (under !== undefined && under.before === undefined && Order.hasCounts2024(known)) {
      // what it is at is in it, and need not be read again
      const { filled, price, remaining } = Order.fromWire2024(known)
      under.before = { price, total: Contracts.add(filled, remaining) }
      under.prepare = Effect.void
    }
    const words = Direction.inWordsOf(change, Direction.wordsOf(known))
    const { sent, wire } = yield* amendOrder.runCounted(
      orders.amendOrder({
        ...request,
        params: { order_id: change.orderId },
        payload: defined({
          ticker: change.ticker ?? known.ticker,
          action: words.action,
          side: words.side,
          count: change.total,
          ...priced(words),
          client_order_id: change.clientOrderId ?? known.client_order_id,
          updated_client_order_id: change.updatedClientOrderId ?? change.clientOrderId ?? known.client_order_id
        })
      })
    )
    yield* isAbout(amendOrder, change.orderId, wire.order.order_id, sent)
    return changed(wire.order)
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
    yield* unsaid(decreaseOrder, said.ofCount("by", by) ?? said.ofCount("to", to))
    yield* checkChange(decreaseOrder, orderId, options)
    const { sent, wire } = yield* decreaseOrder.runCounted(
      orders.decreaseOrder({
        ...request,
        params: { order_id: orderId },
        payload: defined({ reduce_by: by, reduce_to: to })
      }),
      // reducing *to* a size ends the same however often it is sent, reducing *by* does not
      { idempotency: to === undefined ? "unsafe" : "idempotent" }
    )
    yield* isAbout(decreaseOrder, orderId, wire.order.order_id, sent)
    return changed(wire.order)
  })

  const cancelAll = Effect.fnUntraced(function* (query: { readonly subaccount?: number | undefined } = {}) {
    yield* refuse(cancelAllOrders, OrderRequest.ofSubaccount(query.subaccount))
    yield* unsaid(cancelAllOrders, {
      field: "cancelAllOrders",
      description: "the wire of 2.0.0 cancels orders by their ids alone"
    })
  })

  return {
    cancelOrder: cancel,
    batchCancelOrders: batchCancel,
    amendOrder: amend,
    decreaseOrder: decrease,
    cancelAllOrders: cancelAll
  }
})

const cancelled = (
  orderId: string,
  order: typeof OrdersApi.Order.Type | null | undefined,
  reducedBy: Contracts.Contracts
): CancelledOrder => ({
  _tag: "Cancelled",
  orderId,
  clientOrderId: order?.client_order_id || undefined,
  reducedBy,
  at: order?.last_update_time ?? undefined
})
