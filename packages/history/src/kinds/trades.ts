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
  isFinal: () => true,
  columns: [
    column.text("trade_id", "tradeId"),
    column.text("ticker", "ticker"),
    column.text("taker_side", "takerSide"),
    column.money("price", "price"),
    column.count("count", "count"),
    column.time("created_at", "createdAt"),
    column.optional.boolean("is_block", "isBlock")
  ]
}
