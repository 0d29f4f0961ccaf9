/**
 * Fills: one side of a trade, of one order.
 */
import * as Fill from "effect-kalshi/models/Fill"
import type { Kind } from "../Kind.ts"
import * as column from "./column.ts"

/**
 * Fills, which never change, by when they were made. Their key is the trade and
 * the order: a trade between two of your own orders makes two fills.
 *
 * @since 0.1.0
 * @category kinds
 */
export const fills: Kind<Fill.Fill> = {
  name: "fills",
  schema: Fill.Fill,
  key: Fill.key,
  keyColumns: ["trade_id", "order_id"],
  time: (fill) => fill.createdAt,
  isFinal: () => true,
  columns: [
    column.text("trade_id", "tradeId"),
    column.text("order_id", "orderId"),
    column.text("ticker", "ticker"),
    column.text("side", "side"),
    column.money("price", "price"),
    column.count("count", "count"),
    column.boolean("is_taker", "isTaker"),
    column.optional.money("fee", "fee"),
    column.optional.time("created_at", "createdAt"),
    column.optional.integer("subaccount", "subaccount"),
    column.optional.integer("exchange_index", "exchangeIndex")
  ]
}
