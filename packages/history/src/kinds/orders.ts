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
  isFinal: (order) => order.status === "canceled" || order.status === "executed",
  columns: [
    column.text("order_id", "orderId"),
    column.optional.text("client_order_id", "clientOrderId"),
    column.text("ticker", "ticker"),
    column.text("side", "side"),
    column.money("price", "price"),
    column.text("status", "status"),
    column.count("initial", "initial"),
    column.count("filled", "filled"),
    column.count("remaining", "remaining"),
    column.optional.money("taker_cost", "takerCost"),
    column.optional.money("maker_cost", "makerCost"),
    column.optional.money("taker_fees", "takerFees"),
    column.optional.money("maker_fees", "makerFees"),
    column.optional.time("expires_at", "expiresAt"),
    column.optional.time("created_at", "createdAt"),
    column.optional.time("updated_at", "updatedAt"),
    column.optional.text("self_trade_prevention", "selfTradePrevention"),
    column.optional.text("order_group_id", "orderGroupId"),
    column.optional.boolean("cancel_on_pause", "cancelOnPause"),
    column.optional.integer("subaccount", "subaccount"),
    column.optional.integer("exchange_index", "exchangeIndex")
  ]
}
