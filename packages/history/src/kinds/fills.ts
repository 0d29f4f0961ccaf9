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
  isFinal: true,
  columns: [
    column.text("trade_id", (fill) => fill.tradeId),
    column.text("order_id", (fill) => fill.orderId),
    column.text("ticker", (fill) => fill.ticker),
    column.text("side", (fill) => fill.side),
    column.money("price", (fill) => fill.price),
    column.count("count", (fill) => fill.count),
    column.boolean("is_taker", (fill) => fill.isTaker),
    column.optional.money("fee", (fill) => fill.fee),
    column.optional.time("created_at", (fill) => fill.createdAt),
    column.optional.integer("subaccount", (fill) => fill.subaccount),
    column.optional.integer("exchange_index", (fill) => fill.exchangeIndex)
  ]
}
