/**
 * Public trades: those of everybody.
 */
import * as Trade from "effect-kalshi/models/Trade"
import type { Kind } from "../Kind.ts"
import * as column from "./column.ts"

/**
 * Public trades, which never change, by when they were made.
 *
 * @since 0.1.0
 * @category kinds
 */
export const trades: Kind<Trade.Trade> = {
  name: "trades",
  schema: Trade.Trade,
  key: Trade.key,
  keyColumns: ["trade_id"],
  time: (trade) => trade.createdAt,
  isFinal: true,
  columns: [
    column.text("trade_id", (trade) => trade.tradeId),
    column.text("ticker", (trade) => trade.ticker),
    column.text("taker_side", (trade) => trade.takerSide),
    column.money("price", (trade) => trade.price),
    column.count("count", (trade) => trade.count),
    column.time("created_at", (trade) => trade.createdAt),
    column.optional.boolean("is_block", (trade) => trade.isBlock)
  ]
}
