/**
 * The wire of orders: entry on `/portfolio/events/orders`, reading on
 * `/portfolio/orders` ("Orders" in the exchange's API reference, V2).
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import * as HttpApiEndpoint from "effect/http-api/HttpApiEndpoint"
import * as HttpApiGroup from "effect/http-api/HttpApiGroup"
import * as HttpApiSchema from "effect/http-api/HttpApiSchema"
import * as Contracts from "../Contracts.ts"
import * as Direction from "../Direction.ts"
import * as Dollars from "../Dollars.ts"
import * as Timestamp from "../Timestamp.ts"
import * as Wire from "./Wire.ts"

/**
 * An order as the exchange shows it.
 *
 * @since 0.1.0
 * @category schemas
 */
export const Order = Schema.Struct({
  order_id: Schema.String,
  user_id: Wire.maybe(Schema.String),
  client_order_id: Wire.maybe(Schema.String),
  ticker: Schema.String,
  side: Wire.maybe(Schema.String),
  action: Wire.maybe(Schema.String),
  outcome_side: Wire.maybe(Wire.openEnum("yes", "no")),
  book_side: Wire.maybe(Wire.openEnum("bid", "ask")),
  type: Wire.maybe(Wire.openEnum("limit", "market")),
  status: Wire.openEnum("resting", "canceled", "executed"),
  yes_price_dollars: Dollars.Dollars,
  no_price_dollars: Wire.maybe(Dollars.Dollars),
  fill_count_fp: Contracts.Contracts,
  remaining_count_fp: Contracts.Contracts,
  initial_count_fp: Contracts.Contracts,
  taker_fill_cost_dollars: Wire.maybe(Dollars.Dollars),
  maker_fill_cost_dollars: Wire.maybe(Dollars.Dollars),
  taker_fees_dollars: Wire.maybe(Dollars.Dollars),
  maker_fees_dollars: Wire.maybe(Dollars.Dollars),
  expiration_time: Wire.maybe(Timestamp.Timestamp),
  created_time: Wire.maybe(Timestamp.Timestamp),
  last_update_time: Wire.maybe(Timestamp.Timestamp),
  self_trade_prevention_type: Wire.maybe(Wire.openEnum("taker_at_cross", "maker")),
  order_group_id: Wire.maybe(Schema.String),
  cancel_order_on_pause: Wire.maybe(Schema.Boolean),
  subaccount_number: Wire.maybe(Schema.Int),
  exchange_index: Wire.maybe(Schema.Int)
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

/**
 * A new order; the price is that of YES.
 *
 * @since 0.1.0
 * @category schemas
 */
export const CreateOrderRequest = Schema.Struct({
  ticker: Schema.String,
  side: Direction.Direction,
  count: Contracts.Contracts,
  price: Dollars.Price,
  time_in_force: Schema.Literals(["good_till_canceled", "immediate_or_cancel", "fill_or_kill"]),
  self_trade_prevention_type: Schema.Literals(["taker_at_cross", "maker"]),
  client_order_id: Schema.optionalKey(Schema.String),
  expiration_time: Schema.optionalKey(Timestamp.FromSeconds),
  post_only: Schema.optionalKey(Schema.Boolean),
  reduce_only: Schema.optionalKey(Schema.Boolean),
  cancel_order_on_pause: Schema.optionalKey(Schema.Boolean),
  subaccount: Schema.optionalKey(Schema.Int),
  order_group_id: Schema.optionalKey(Schema.String),
  exchange_index: Schema.optionalKey(Schema.Int)
})

/**
 * What became of a new order at once; it has no status. The averages are
 * rounded decoration and stay text, so that they cannot spoil the answer.
 *
 * @since 0.1.0
 * @category schemas
 */
export const CreateOrderResponse = Schema.Struct({
  order_id: Schema.String,
  client_order_id: Wire.maybe(Schema.String),
  fill_count: Contracts.Contracts,
  remaining_count: Contracts.Contracts,
  average_fill_price: Wire.maybe(Schema.String),
  average_fee_paid: Wire.maybe(Schema.String),
  ts_ms: Timestamp.FromMillis
})

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
 * Several new orders.
 *
 * @since 0.1.0
 * @category schemas
 */
export const BatchCreateOrdersRequest = Schema.Struct({ orders: Schema.Array(CreateOrderRequest) })

/**
 * One result an item: an order, or an error.
 *
 * @since 0.1.0
 * @category schemas
 */
export const BatchCreateOrdersItem = Schema.Struct({
  order_id: Wire.maybe(Schema.String),
  client_order_id: Wire.maybe(Schema.String),
  fill_count: Wire.maybe(Contracts.Contracts),
  remaining_count: Wire.maybe(Contracts.Contracts),
  average_fill_price: Wire.maybe(Schema.String),
  average_fee_paid: Wire.maybe(Schema.String),
  ts_ms: Wire.maybe(Timestamp.FromMillis),
  error: Wire.maybe(ItemError)
})

/**
 * The results of a batch, in no promised order.
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
export const BatchCancelOrdersRequest = Schema.Struct({
  orders: Schema.Array(
    Schema.Struct({
      order_id: Schema.String,
      subaccount: Schema.optionalKey(Schema.Int),
      exchange_index: Schema.optionalKey(Schema.Int),
      market_ticker: Schema.optionalKey(Schema.String)
    })
  )
})

/**
 * One result a cancel: what was taken off the book, or an error.
 *
 * @since 0.1.0
 * @category schemas
 */
export const BatchCancelOrdersItem = Schema.Struct({
  order_id: Schema.String,
  client_order_id: Wire.maybe(Schema.String),
  reduced_by: Wire.maybe(Contracts.Contracts),
  ts_ms: Wire.maybe(Timestamp.FromMillis),
  error: Wire.maybe(ItemError)
})

/**
 * The results of a batch of cancels, in no promised order.
 *
 * @since 0.1.0
 * @category schemas
 */
export const BatchCancelOrdersResponse = Schema.Struct({
  orders: Wire.maybe(Schema.Array(BatchCancelOrdersItem))
})

/**
 * What a cancel took off the book.
 *
 * @since 0.1.0
 * @category schemas
 */
export const CancelOrderResponse = Schema.Struct({
  order_id: Schema.String,
  client_order_id: Wire.maybe(Schema.String),
  reduced_by: Contracts.Contracts,
  ts_ms: Timestamp.FromMillis
})

/**
 * A change of an order: `count` is what is filled already plus what is wanted.
 *
 * @since 0.1.0
 * @category schemas
 */
export const AmendOrderRequest = Schema.Struct({
  ticker: Schema.String,
  side: Direction.Direction,
  price: Dollars.Price,
  count: Contracts.Contracts,
  client_order_id: Schema.optionalKey(Schema.String),
  updated_client_order_id: Schema.optionalKey(Schema.String),
  exchange_index: Schema.optionalKey(Schema.Int)
})

/**
 * What became of an amended order.
 *
 * @since 0.1.0
 * @category schemas
 */
export const AmendOrderResponse = Schema.Struct({
  order_id: Schema.String,
  client_order_id: Wire.maybe(Schema.String),
  remaining_count: Wire.maybe(Contracts.Contracts),
  fill_count: Wire.maybe(Contracts.Contracts),
  average_fill_price: Wire.maybe(Schema.String),
  average_fee_paid: Wire.maybe(Schema.String),
  ts_ms: Timestamp.FromMillis
})

/**
 * A smaller remaining size: exactly one of the two.
 *
 * @since 0.1.0
 * @category schemas
 */
export const DecreaseOrderRequest = Schema.Struct({
  reduce_by: Schema.optionalKey(Contracts.Contracts),
  reduce_to: Schema.optionalKey(Contracts.Contracts),
  exchange_index: Schema.optionalKey(Schema.Int),
  market_ticker: Schema.optionalKey(Schema.String)
})

/**
 * What is left of a decreased order.
 *
 * @since 0.1.0
 * @category schemas
 */
export const DecreaseOrderResponse = Schema.Struct({
  order_id: Schema.String,
  client_order_id: Wire.maybe(Schema.String),
  remaining_count: Contracts.Contracts,
  ts_ms: Timestamp.FromMillis
})

const orderId = { order_id: Schema.String }
const subaccount = { subaccount: Schema.optional(Schema.Int) }
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
    status: Schema.optional(Schema.Literals(["resting", "canceled", "executed"])),
    ...Wire.range,
    ...Wire.page,
    ...subaccount,
    exchange_index: Schema.optional(Schema.Int)
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
 * `POST /portfolio/events/orders`.
 *
 * @since 0.1.0
 * @category endpoints
 */
export const createOrder = HttpApiEndpoint.post("createOrder", "/portfolio/events/orders", {
  payload: CreateOrderRequest,
  success: CreateOrderResponse.pipe(created)
})
  .annotate(Wire.Bucket, "write")
  .annotate(Wire.Idempotency, "keyed")
  .annotate(Wire.Lane, "order")
  .annotate(Wire.SuccessStatus, 201)

/**
 * `POST /portfolio/events/orders/batched`; 10 tokens an item.
 *
 * @since 0.1.0
 * @category endpoints
 */
export const batchCreateOrders = HttpApiEndpoint.post("batchCreateOrders", "/portfolio/events/orders/batched", {
  payload: BatchCreateOrdersRequest,
  success: BatchCreateOrdersResponse.pipe(created)
})
  .annotate(Wire.Bucket, "write")
  .annotate(Wire.Idempotency, "keyed")
  .annotate(Wire.Lane, "order")
  .annotate(Wire.SuccessStatus, 201)

/**
 * `DELETE /portfolio/events/orders/batched` with a body; 2 tokens an item.
 *
 * @since 0.1.0
 * @category endpoints
 */
export const batchCancelOrders = HttpApiEndpoint.delete("batchCancelOrders", "/portfolio/events/orders/batched", {
  payload: BatchCancelOrdersRequest,
  success: BatchCancelOrdersResponse
})
  .annotate(Wire.Bucket, "write")
  .annotate(Wire.Cost, 2)
  .annotate(Wire.Idempotency, "idempotent")
  .annotate(Wire.Lane, "cancel")

/**
 * `DELETE /portfolio/events/orders`; without a subaccount it means all of them.
 *
 * @since 0.1.0
 * @category endpoints
 */
export const cancelAllOrders = HttpApiEndpoint.delete("cancelAllOrders", "/portfolio/events/orders", {
  query: subaccount,
  success: HttpApiSchema.NoContent
})
  .annotate(Wire.Bucket, "write")
  .annotate(Wire.Cost, 2)
  .annotate(Wire.Idempotency, "idempotent")
  .annotate(Wire.Lane, "cancel")
  .annotate(Wire.SuccessStatus, 204)

/**
 * `DELETE /portfolio/events/orders/{order_id}`.
 *
 * @since 0.1.0
 * @category endpoints
 */
export const cancelOrder = HttpApiEndpoint.delete("cancelOrder", "/portfolio/events/orders/:order_id", {
  params: orderId,
  query: {
    ...subaccount,
    exchange_index: Schema.optional(Schema.Int),
    market_ticker: Schema.optional(Schema.String)
  },
  success: CancelOrderResponse
})
  .annotate(Wire.Bucket, "write")
  .annotate(Wire.Cost, 2)
  .annotate(Wire.Idempotency, "idempotent")
  .annotate(Wire.Lane, "cancel")

/**
 * `POST /portfolio/events/orders/{order_id}/amend`.
 *
 * @since 0.1.0
 * @category endpoints
 */
export const amendOrder = HttpApiEndpoint.post("amendOrder", "/portfolio/events/orders/:order_id/amend", {
  params: orderId,
  query: subaccount,
  payload: AmendOrderRequest,
  success: AmendOrderResponse
})
  .annotate(Wire.Bucket, "write")
  .annotate(Wire.Idempotency, "unsafe")
  .annotate(Wire.Lane, "order")

/**
 * `POST /portfolio/events/orders/{order_id}/decrease`.
 *
 * @since 0.1.0
 * @category endpoints
 */
export const decreaseOrder = HttpApiEndpoint.post("decreaseOrder", "/portfolio/events/orders/:order_id/decrease", {
  params: orderId,
  query: subaccount,
  payload: DecreaseOrderRequest,
  success: DecreaseOrderResponse
})
  .annotate(Wire.Bucket, "write")
  .annotate(Wire.Idempotency, "unsafe")
  .annotate(Wire.Lane, "cancel")

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
  cancelAllOrders,
  cancelOrder,
  amendOrder,
  decreaseOrder
) {}
