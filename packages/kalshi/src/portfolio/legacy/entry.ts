/**
 * New orders on the wire of 2.0.0.
 *
 * Its answer has a status and no counts. An order that is executed is filled
 * whole; any other is read back, so that a result says as much as on today's
 * wire.
 */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Result from "effect/Result"
import * as OrdersApi from "../../api/legacy/Orders.ts"
import * as Contracts from "../../Contracts.ts"
import * as Direction from "../../Direction.ts"
import * as classify from "../../internal/classify.ts"
import { defined } from "../../internal/defined.ts"
import * as KalshiError from "../../KalshiError.ts"
import * as Order from "../../models/Order.ts"
import type * as OrderRequest from "../../models/OrderRequest.ts"
import * as OrderResult from "../../models/OrderResult.ts"
import * as client from "../../service/client.ts"
import type * as operation from "../../service/operation.ts"
import * as Timestamp from "../../Timestamp.ts"
import * as batch from "../batch.ts"
import { type BatchFailure, type Entry, firstEnd, isPast, type Item } from "../entry.ts"
import * as landed from "../landed.ts"
import * as operations from "../operations.ts"
import { refuse, unsaid } from "../refuse.ts"
import type { Reads } from "./reads.ts"
import * as said from "./said.ts"

const createOrder = operations.createOrder(OrdersApi.CreateOrderResponse)
const batchCreateOrders = operations.batchCreateOrders(OrdersApi.BatchCreateOrdersResponse)

const request = { responseMode: "response-only" } as const
// an order that has expired before it comes is immediate or cancelled, on any clock
const YESTERDAY = Duration.negate(Duration.days(1))

/** A price in the words that go with it: exactly one of the two. */
export const priced = (
  words: Direction.Intent
): Pick<typeof OrdersApi.CreateOrderRequest.Type, "yes_price" | "no_price"> =>
  words.side === "yes" ? { yes_price: words.price } : { no_price: words.price }

const toWire = ({ clientOrderId, order }: Item, now: Timestamp.Timestamp): typeof OrdersApi.CreateOrderRequest.Type => {
  const words = Direction.toWords(order)
  return defined({
    ticker: order.ticker,
    client_order_id: clientOrderId,
    action: words.action,
    side: words.side,
    type: "limit" as const,
    count: order.count,
    ...priced(words),
    expiration_ts: order.timeInForce === "immediate_or_cancel" ? Timestamp.add(now, YESTERDAY) : order.expiresAt
  })
}

/** A past expiration means something else on this wire. */
const ofExpiration = (order: OrderRequest.OrderRequest, now: Timestamp.Timestamp): OrderRequest.Wrong | undefined =>
  order.expiresAt !== undefined && isPast(order.expiresAt, now)
    ? {
        field: "expiresAt",
        description: "is past, which the wire of 2.0.0 takes for immediate_or_cancel: say that if you mean it"
      }
    : undefined

/** Makes the entry of orders. */
export const make = Effect.fnUntraced(function* ({ readOrder }: Pick<Reads, "readOrder">) {
  const orders = yield* client.legacyGroup("orders")

  /** What became of an order that was placed, or why nobody knows. */
  const readBack = Effect.fnUntraced(function* (
    { clientOrderId, order }: Item,
    { created_time, order_id: orderId, status }: typeof OrdersApi.OrderConfirmation.Type
  ): Effect.fn.Return<OrderResult.OrderResult, KalshiError.ReadBackFailed> {
    if (status === "executed") {
      const filled = { _tag: "Filled", orderId, clientOrderId, filled: order.count, remaining: Contracts.zero } as const
      return created_time == null ? filled : { ...filled, at: created_time }
    }
    const read = yield* landed.look(
      Effect.result(readOrder(orderId)),
      (read) => Result.isSuccess(read) && read.success.status !== "pending"
    )
    const failed = (description: string) => new KalshiError.ReadBackFailed({ orderId, status, description })
    if (Option.isNone(read)) return yield* failed("no answer in time")
    if (Result.isFailure(read.value)) return yield* failed(read.value.failure.reason.message)
    const found = read.value.success
    if (!Order.hasCounts2024(found)) return yield* failed("the order tells no counts")
    return OrderResult.fromOrder(OrderResult.asked(order), Order.fromWire2024(found), clientOrderId)
  })

  /** What is wrong with a confirmation as the answer to an order. */
  const wrongIn = (
    { clientOrderId }: Item,
    confirmation: typeof OrdersApi.OrderConfirmation.Type
  ): KalshiError.UnreadableAnswer | KalshiError.AnotherOrder | undefined => {
    if (confirmation.order_id === "") {
      return new KalshiError.UnreadableAnswer({ status: 201, description: "it names no order" })
    }
    const answered = confirmation.client_order_id
    return answered === "" || answered === clientOrderId
      ? undefined
      : new KalshiError.AnotherOrder({ asked: clientOrderId, answered })
  }

  const readCreated = (
    item: Item,
    answer: typeof OrdersApi.BatchCreateOrdersItem.Type | undefined,
    sent: operation.Sent
  ): Effect.Effect<Result.Result<OrderResult.OrderResult, BatchFailure>> => {
    const fail = (reason: KalshiError.Reason) => Result.fail(batchCreateOrders.fail(reason, sent))
    const unreadable = (description: string) =>
      Effect.succeed(fail(new KalshiError.UnreadableAnswer({ status: 201, description })))
    if (answer === undefined) return Effect.succeed(fail(new KalshiError.Unanswered()))
    const { error, order } = answer
    if (classify.isItemError(error)) {
      return order == null
        ? Effect.succeed(fail(classify.itemReason(error)))
        : unreadable("an item has an order and an error")
    }
    if (order == null) return unreadable("an item has neither an order nor an error")
    const wrong = wrongIn(item, order)
    return wrong === undefined
      ? Effect.map(
          Effect.result(readBack(item, order)),
          Result.mapError((reason) => batchCreateOrders.fail(reason, sent))
        )
      : Effect.succeed(fail(wrong))
  }

  const entry: Entry = {
    createOrder,
    batchCreateOrders,
    // a size is what its counts come to, and the rest of an immediate order need not be in one
    mayLack: true,

    check: Effect.fnUntraced(function* (op, order, prefix) {
      yield* unsaid(op, said.ofOrder(order), prefix)
      yield* refuse(op, ofExpiration(order, yield* Timestamp.now), prefix)
    }),

    create: Effect.fnUntraced(function* (item) {
      const payload = toWire(item, yield* Timestamp.now)
      const { sent, wire } = yield* createOrder.runCounted(orders.createOrder({ ...request, payload }), {
        expiresAt: firstEnd([item])
      })
      const wrong = wrongIn(item, wire.order)
      if (wrong !== undefined) return yield* createOrder.fail(wrong, sent)
      return yield* Effect.mapError(readBack(item, wire.order), (reason) => createOrder.fail(reason, sent))
    }),

    batchCreate: Effect.fnUntraced(function* (items) {
      const now = yield* Timestamp.now
      const { sent, wire } = yield* batchCreateOrders.runCounted(
        orders.batchCreateOrders({ ...request, payload: { orders: items.map((item) => toWire(item, now)) } }),
        { items: items.length, expiresAt: firstEnd(items) }
      )
      const answers = batch.matchInPlace({
        items,
        answers: wire.orders ?? [],
        idOfItem: (item) => item.clientOrderId,
        idOfAnswer: (answer) => answer.order?.client_order_id || undefined
      })
      return yield* Effect.forEach(items, (item, index) => readCreated(item, answers[index], sent), { concurrency: 8 })
    })
  }
  return entry
})
