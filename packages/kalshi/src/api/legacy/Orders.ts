/**
 * The wire of 2.0.0 (August 2024): orders ("portfolio" in the exchange's
 * OpenAPI description 2.0.0). Prices are whole cents, counts whole contracts,
 * and an order says `buy` or `sell` and `yes` or `no`.
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import * as HttpApiEndpoint from "effect/http-api/HttpApiEndpoint"
import * as HttpApiGroup from "effect/http-api/HttpApiGroup"
import * as HttpApiSchema from "effect/http-api/HttpApiSchema"
import * as Contracts from "../../Contracts.ts"
import * as Dollars from "../../Dollars.ts"
import * as Timestamp from "../../Timestamp.ts"
import * as Wire from "../Wire.ts"

const confirmed = {
  order_id: Schema.String,
  user_id: Wire.maybe(Schema.String),
  ticker: Schema.String,
  status: Wire.openEnum("resting", "canceled", "executed", "pending"),
  yes_price: Dollars.FromCents,
  no_price: Dollars.FromCents,
  created_time: Wire.maybe(Timestamp.Timestamp),
  expiration_time: Wire.maybe(Timestamp.Timestamp),
  action: Wire.openEnum("buy", "sell", ""),
  side: Wire.openEnum("yes", "no", ""),
  type: Wire.openEnum("limit", "market", ""),
  client_order_id: Schema.String
}

/**
 * The answer to a new order: its status and no counts.
 *
 * @since 0.1.0
 * @category schemas
 */
export const OrderConfirmation = Schema.Struct(confirmed)

/**
 * An order as the exchange shows it. Its counts say what became of the
 * contracts; the contract requires none of them.
 *
 * @since 0.1.0
 * @category schemas
 */
export const Order = Schema.Struct({
  ...confirmed,
  last_update_time: Wire.maybe(Timestamp.Timestamp),
  place_count: Wire.maybe(Contracts.FromWhole),
  remaining_count: Wire.maybe(Contracts.FromWhole),
  taker_fill_count: Wire.maybe(Contracts.FromWhole),
  maker_fill_count: Wire.maybe(Contracts.FromWhole),
  decrease_count: Wire.maybe(Contracts.FromWhole),
  amend_count: Wire.maybe(Contracts.FromWhole),
  amend_taker_fill_count: Wire.maybe(Contracts.FromWhole),
  close_cancel_count: Wire.maybe(Contracts.FromWhole),
  fcc_cancel_count: Wire.maybe(Contracts.FromWhole),
  taker_self_trade_cancel_count: Wire.maybe(Contracts.FromWhole),
  taker_fill_cost: Wire.maybe(Dollars.FromCents),
  maker_fill_cost: Wire.maybe(Dollars.FromCents),
  taker_fees: Wire.maybe(Dollars.FromCents),
  maker_fees: Wire.maybe(Dollars.FromCents),
  queue_position: Wire.maybe(Schema.Int)
})

/**
 * A page of orders.
 *
 * @since 0.1.0
 * @category schemas
 */
export const GetOrdersResponse = Schema.Struct({
  orders: Wire.maybe(Schema.Array(Order)),
  cursor: Wire.cursor
})

/**
 * One order.
 *
 * @since 0.1.0
 * @category schemas
 */
export const GetOrderResponse = Schema.Struct({ order: Order })

const exactlyOnePrice = {
  yes_price: Schema.optionalKey(Dollars.FromCents),
  no_price: Schema.optionalKey(Dollars.FromCents)
}

/**
 * A new order: exactly one price, that of the side that it names. Without
 * `expiration_ts` it works until it is cancelled; one in the past means at
 * once or not at all.
 *
 * @since 0.1.0
 * @category schemas
 */
export const CreateOrderRequest = Schema.Struct({
  ticker: Schema.String,
  client_order_id: Schema.String,
  action: Schema.Literals(["buy", "sell"]),
  side: Schema.Literals(["yes", "no"]),
  type: Schema.Literals(["limit", "market"]),
  count: Contracts.FromWhole,
  ...exactlyOnePrice,
  expiration_ts: Schema.optionalKey(Timestamp.FromSeconds),
  buy_max_cost: Schema.optionalKey(Dollars.FromCents),
  sell_position_floor: Schema.optionalKey(Contracts.FromWhole)
})

/**
 * The answer to a new order.
 *
 * @since 0.1.0
 * @category schemas
 */
export const CreateOrderResponse = Schema.Struct({ order: OrderConfirmation })

/**
 * Several new orders.
 *
 * @since 0.1.0
 * @category schemas
 */
export const BatchCreateOrdersRequest = Schema.Struct({ orders: Schema.Array(CreateOrderRequest) })

/**
 * Why one item of a batch failed.
 *
 * @since 0.1.0
 * @category schemas
 */
export const ItemError = Schema.Struct({
  code: Wire.maybe(Schema.String),
  message: Wire.maybe(Schema.String),
  details: Wire.maybe(Schema.String)
})

/**
 * One result an item: an order, or an error that names nothing.
 *
 * @since 0.1.0
 * @category schemas
 */
export const BatchCreateOrdersItem = Schema.Struct({
  order: Wire.maybe(OrderConfirmation),
  error: Wire.maybe(ItemError)
})

/**
 * The results of a batch, which correspond to the orders of the request.
 *
 * @since 0.1.0
 * @category schemas
 */
export const BatchCreateOrdersResponse = Schema.Struct({
  orders: Wire.maybe(Schema.Array(BatchCreateOrdersItem))
})

/**
 * Several orders to cancel.
 *
 * @since 0.1.0
 * @category schemas
 */
export const BatchCancelOrdersRequest = Schema.Struct({ ids: Schema.Array(Schema.String) })

/**
 * One result a cancel: what was taken off the book, or an error.
 *
 * @since 0.1.0
 * @category schemas
 */
export const BatchCancelOrdersItem = Schema.Struct({
  order_id: Wire.maybe(Schema.String),
  order: Wire.maybe(Order),
  reduced_by: Wire.maybe(Contracts.FromWhole),
  error: Wire.maybe(ItemError)
})

/**
 * The results of a batch of cancels.
 *
 * @since 0.1.0
 * @category schemas
 */
export const BatchCancelOrdersResponse = Schema.Struct({
  orders: Wire.maybe(Schema.Array(BatchCancelOrdersItem))
})

/**
 * A cancelled order, and what was taken off the book.
 *
 * @since 0.1.0
 * @category schemas
 */
export const CancelOrderResponse = Schema.Struct({
  order: Order,
  reduced_by: Contracts.FromWhole
})

/**
 * A change of an order: `count` is what is filled already plus what is wanted.
 * Ticker, side, action and id are those of the order and cannot change.
 *
 * @since 0.1.0
 * @category schemas
 */
export const AmendOrderRequest = Schema.Struct({
  ticker: Schema.String,
  action: Schema.Literals(["buy", "sell"]),
  side: Schema.Literals(["yes", "no"]),
  count: Contracts.FromWhole,
  ...exactlyOnePrice,
  client_order_id: Schema.String,
  updated_client_order_id: Schema.String
})

/**
 * An order before and after it was amended.
 *
 * @since 0.1.0
 * @category schemas
 */
export const AmendOrderResponse = Schema.Struct({
  old_order: Wire.maybe(Order),
  order: Order
})

/**
 * A smaller remaining size: exactly one of the two.
 *
 * @since 0.1.0
 * @category schemas
 */
export const DecreaseOrderRequest = Schema.Struct({
  reduce_by: Schema.optionalKey(Contracts.FromWhole),
  reduce_to: Schema.optionalKey(Contracts.FromWhole)
})

/**
 * A decreased order.
 *
 * @since 0.1.0
 * @category schemas
 */
export const DecreaseOrderResponse = Schema.Struct({ order: Order })

const orderId = { order_id: Schema.String }
const created = HttpApiSchema.status(201)

/**
 * `GET /portfolio/orders`.
 *
 * @since 0.1.0
 * @category endpoints
 */
export const getOrders = HttpApiEndpoint.get("getOrders", "/portfolio/orders", {
  query: {
    ticker: Schema.optional(Schema.String),
    event_ticker: Schema.optional(Schema.String),
    ...Wire.range,
    status: Schema.optional(Schema.String),
    ...Wire.page
  },
  success: GetOrdersResponse
})

/**
 * `GET /portfolio/orders/{order_id}`.
 *
 * @since 0.1.0
 * @category endpoints
 */
export const getOrder = HttpApiEndpoint.get("getOrder", "/portfolio/orders/:order_id", {
  params: orderId,
  success: GetOrderResponse
}).annotate(Wire.Cost, 2)

/**
 * `POST /portfolio/orders`. That generation does not document what a second
 * order under the same `client_order_id` does, so it is never sent twice.
 *
 * @since 0.1.0
 * @category endpoints
 */
export const createOrder = HttpApiEndpoint.post("createOrder", "/portfolio/orders", {
  payload: CreateOrderRequest,
  success: CreateOrderResponse.pipe(created)
})
  .annotate(Wire.Bucket, "write")
  .annotate(Wire.Idempotency, "unsafe")
  .annotate(Wire.Lane, "order")
  .annotate(Wire.SuccessStatus, 201)

/**
 * `POST /portfolio/orders/batched`; 10 tokens an item.
 *
 * @since 0.1.0
 * @category endpoints
 */
export const batchCreateOrders = HttpApiEndpoint.post("batchCreateOrders", "/portfolio/orders/batched", {
  payload: BatchCreateOrdersRequest,
  success: BatchCreateOrdersResponse.pipe(created)
})
  .annotate(Wire.Bucket, "write")
  .annotate(Wire.Idempotency, "unsafe")
  .annotate(Wire.Lane, "order")
  .annotate(Wire.SuccessStatus, 201)

/**
 * `DELETE /portfolio/orders/batched` with a body; 2 tokens an item.
 *
 * @since 0.1.0
 * @category endpoints
 */
export const batchCancelOrders = HttpApiEndpoint.delete("batchCancelOrders", "/portfolio/orders/batched", {
  payload: BatchCancelOrdersRequest,
  success: BatchCancelOrdersResponse
})
  .annotate(Wire.Bucket, "write")
  .annotate(Wire.Cost, 2)
  .annotate(Wire.Idempotency, "idempotent")
  .annotate(Wire.Lane, "cancel")

/**
 * `DELETE /portfolio/orders/{order_id}`.
 *
 * @since 0.1.0
 * @category endpoints
 */
export const cancelOrder = HttpApiEndpoint.delete("cancelOrder", "/portfolio/orders/:order_id", {
  params: orderId,
  success: CancelOrderResponse
})
  .annotate(Wire.Bucket, "write")
  .annotate(Wire.Cost, 2)
  .annotate(Wire.Idempotency, "idempotent")
  .annotate(Wire.Lane, "cancel")

/**
 * `POST /portfolio/orders/{order_id}/amend`.
 *
 * @since 0.1.0
 * @category endpoints
 */
export const amendOrder = HttpApiEndpoint.post("amendOrder", "/portfolio/orders/:order_id/amend", {
  params: orderId,
  payload: AmendOrderRequest,
  success: AmendOrderResponse.pipe(created)
})
  .annotate(Wire.Bucket, "write")
  .annotate(Wire.Idempotency, "unsafe")
  .annotate(Wire.Lane, "order")
  .annotate(Wire.SuccessStatus, 201)

/**
 * `POST /portfolio/orders/{order_id}/decrease`.
 *
 * @since 0.1.0
 * @category endpoints
 */
export const decreaseOrder = HttpApiEndpoint.post("decreaseOrder", "/portfolio/orders/:order_id/decrease", {
  params: orderId,
  payload: DecreaseOrderRequest,
  success: DecreaseOrderResponse.pipe(created)
})
  .annotate(Wire.Bucket, "write")
  .annotate(Wire.Idempotency, "unsafe")
  .annotate(Wire.Lane, "cancel")
  .annotate(Wire.SuccessStatus, 201)

/**
 * The endpoints of orders.
 *
 * @since 0.1.0
 * @category groups
 */
export class Orders extends HttpApiGroup.make("orders").add(
  getOrders,
  getOrder,
  createOrder,
  batchCreateOrders,
  batchCancelOrders,
  cancelOrder,
  amendOrder,
  decreaseOrder
) {}
