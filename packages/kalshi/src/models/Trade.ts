/**
 * A trade as everybody sees it: nobody's name is on it.
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import type * as Types from "effect/Types"
import type * as January2026 from "../api/legacy/January2026.ts"
import type * as Api from "../api/Markets.ts"
import * as Contracts from "../Contracts.ts"
import * as Direction from "../Direction.ts"
import * as Dollars from "../Dollars.ts"
import * as Timestamp from "../Timestamp.ts"
import type { PageQuery, RangeQuery } from "./PortfolioQuery.ts"

/**
 * Schema of a trade.
 *
 * `price` is the YES price in dollars per contract, whichever side took;
 * `takerSide` is the side of the book of the order that took. `isBlock` says
 * whether it was agreed off the book, and is absent where the wire had none.
 *
 * @since 0.1.0
 * @category schemas
 */
export const Trade = Schema.Struct({
  tradeId: Schema.String,
  ticker: Schema.String,
  takerSide: Direction.Recorded,
  price: Dollars.Dollars,
  count: Contracts.Contracts,
  createdAt: Timestamp.Timestamp,
  isBlock: Schema.optional(Schema.Boolean)
})

/**
 * A trade as everybody sees it.
 *
 * @since 0.1.0
 * @category models
 */
export type Trade = typeof Trade.Type

/**
 * What a list of trades is narrowed to; both kinds come where `isBlock` is
 * absent.
 *
 * @since 0.1.0
 * @category models
 */
export interface TradesQuery extends PageQuery, RangeQuery {
  readonly ticker?: string | undefined
  readonly isBlock?: boolean | undefined
}

/**
 * What identifies a trade.
 *
 * @since 0.1.0
 * @category accessors
 */
export const key = (trade: Pick<Trade, "tradeId">): string => trade.tradeId

/**
 * Reads a trade of today's wire.
 *
 * @since 0.1.0
 * @category conversions
 */
export const fromWire = (wire: typeof Api.Trade.Type): Trade => {
  const trade: Types.Mutable<Trade> = {
    tradeId: wire.trade_id,
    ticker: wire.ticker,
    takerSide: Direction.ofTaker(wire),
    price: wire.yes_price_dollars,
    count: wire.count_fp,
    createdAt: wire.created_time
  }
  if (wire.is_block_trade != null) trade.isBlock = wire.is_block_trade
  return trade
}

/**
 * Reads a trade of January 2026: the exact string where there is one, else the
 * integer.
 *
 * @since 0.1.0
 * @category conversions
 */
export const fromWireJanuary2026 = (wire: typeof January2026.Trade.Type): Trade => ({
  tradeId: wire.trade_id,
  ticker: wire.ticker,
  takerSide: Direction.ofTaker(wire),
  price: wire.yes_price_dollars ?? wire.yes_price,
  count: wire.count_fp ?? wire.count,
  createdAt: wire.created_time
})
