/**
 * Orders, as they are when they are read.
 */
import * as Order from "effect-kalshi/models/Order"
import type { Kind } from "../Kind.ts"
import * as column from "./column.ts"

/**
 * Orders, by when they were created. An order changes until it ends, so that a
 * later reading may tell more of it.
 *
 * @since 0.1.0
 * @category kinds
 */
export const orders: Kind<Order.Order> = {
  name: "orders",
  schema: Order.Order,
  key: (order) => order.orderId,
  keyColumns: ["order_id"],
  time: (order) => order.createdAt,
  isFinal: false,
  columns: [
    column.text("order_id", (order) => order.orderId),
    column.optional.text("client_order_id", (order) => order.clientOrderId),
    column.text("ticker", (order) => order.ticker),
    column.text("side", (order) => order.side),
    column.money("price", (order) => order.price),
    column.text("status", (order) => order.status),
    column.count("initial", (order) => order.initial),
    column.count("filled", (order) => order.filled),
    column.count("remaining", (order) => order.remaining),
    column.optional.money("taker_cost", (order) => order.takerCost),
    column.optional.money("maker_cost", (order) => order.makerCost),
    column.optional.money("taker_fees", (order) => order.takerFees),
    column.optional.money("maker_fees", (order) => order.makerFees),
    column.optional.time("expires_at", (order) => order.expiresAt),
    column.optional.time("created_at", (order) => order.createdAt),
    column.optional.time("updated_at", (order) => order.updatedAt),
    column.optional.text("self_trade_prevention", (order) => order.selfTradePrevention),
    column.optional.text("order_group_id", (order) => order.orderGroupId),
    column.optional.boolean("cancel_on_pause", (order) => order.cancelOnPause),
    column.optional.integer("subaccount", (order) => order.subaccount),
    column.optional.integer("exchange_index", (order) => order.exchangeIndex)
  ]
}
