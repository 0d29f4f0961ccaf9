/**
 * New orders on today's wire.
 */
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as OrdersApi from "../../api/Orders.ts"
import * as classify from "../../internal/classify.ts"
import * as KalshiError from "../../KalshiError.ts"
import * as OrderRequest from "../../models/OrderRequest.ts"
import * as OrderResult from "../../models/OrderResult.ts"
import * as client from "../../service/client.ts"
import type * as operation from "../../service/operation.ts"
import * as batch from "../batch.ts"
import * as Timestamp from "../../Timestamp.ts"
import { type BatchFailure, type Entry, firstEnd, isPast, type Item } from "../entry.ts"
import * as operations from "../operations.ts"

const createOrder = operations.createOrder(OrdersApi.CreateOrderResponse)
const batchCreateOrders = operations.batchCreateOrders(OrdersApi.BatchCreateOrdersResponse)

const request = { responseMode: "response-only" } as const

/** When the first of some orders ends that have not ended already, which the exchange refuses. */
const firstEndToCome = (items: ReadonlyArray<Item>): Effect.Effect<Timestamp.Timestamp | undefined> =>
  Effect.map(Timestamp.now, (now) =>
    firstEnd(items.filter(({ order }) => order.expiresAt !== undefined && !isPast(order.expiresAt, now)))
  )

/** Makes the entry of orders. */
export const make = Effect.gen(function* () {
  const orders = yield* client.group("orders")

  const entry: Entry = {
    createOrder,
    batchCreateOrders,
    mayLack: false,
    // it has words for everything
    check: () => Effect.void,

    create: Effect.fnUntraced(function* (item) {
      const { clientOrderId, order } = item
      const { sent, wire } = yield* createOrder.runCounted(
        orders.createOrder({ ...request, payload: OrderRequest.toWire(order, clientOrderId) }),
        { expiresAt: yield* firstEndToCome([item]) }
      )
      if (wire.order_id === "") {
        return yield* createOrder.fail(
          new KalshiError.UnreadableAnswer({ status: 201, description: "it names no order" }),
          sent
        )
      }
      const answered = wire.client_order_id
      if (answered != null && answered !== "" && answered !== clientOrderId) {
        return yield* createOrder.fail(new KalshiError.AnotherOrder({ asked: clientOrderId, answered }), sent)
      }
      return OrderResult.fromWire(OrderResult.asked(order), { ...wire, client_order_id: clientOrderId })
    }),

    batchCreate: Effect.fnUntraced(function* (items) {
      const { sent, wire } = yield* batchCreateOrders.runCounted(
        orders.batchCreateOrders({
          ...request,
          payload: { orders: items.map((item) => OrderRequest.toWire(item.order, item.clientOrderId)) }
        }),
        {
          items: items.length,
          expiresAt: yield* firstEndToCome(items)
        }
      )
      const answers = batch.match({
        items,
        answers: wire.orders ?? [],
        idOfItem: (item) => item.clientOrderId,
        idOfAnswer: (answer) => answer.client_order_id || undefined
      })
      return items.map((item, index) => readCreated(item, answers[index], sent))
    })
  }
  return entry
})

const readCreated = (
  { clientOrderId, order }: Item,
  answer: typeof OrdersApi.BatchCreateOrdersItem.Type | undefined,
  sent: operation.Sent
): Result.Result<OrderResult.OrderResult, BatchFailure> => {
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
    OrderResult.fromWire(OrderResult.asked(order), {
      ...answer,
      order_id,
      fill_count,
      remaining_count,
      ts_ms,
      client_order_id: clientOrderId
    })
  )
}
