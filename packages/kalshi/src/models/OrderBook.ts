/**
 * What everyone offers in a market, at one moment.
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import type * as January2026 from "../api/legacy/January2026.ts"
import type * as Api from "../api/Markets.ts"
import * as Contracts from "../Contracts.ts"
import * as Dollars from "../Dollars.ts"

/**
 * Schema of a level: the YES price in dollars per contract, and the contracts
 * that are offered at it.
 *
 * @since 0.1.0
 * @category schemas
 */
export const Level = Schema.Struct({
  price: Dollars.Dollars,
  count: Contracts.Contracts
})

/**
 * A level of a book.
 *
 * @since 0.1.0
 * @category models
 */
export type Level = typeof Level.Type

/**
 * Schema of a book in YES prices, best first: `bids` fall, `asks` rise. A side
 * where nobody offers is empty.
 *
 * @since 0.1.0
 * @category schemas
 */
export const OrderBook = Schema.Struct({
  ticker: Schema.optional(Schema.String),
  bids: Schema.Array(Level),
  asks: Schema.Array(Level)
})

/**
 * What everyone offers in a market.
 *
 * @since 0.1.0
 * @category models
 */
export type OrderBook = typeof OrderBook.Type

type WireSide = ReadonlyArray<readonly [price: Dollars.Dollars, count: Contracts.Contracts]> | null | undefined

// $0 and $1 are prices of no order
const isPrice = (price: Dollars.Dollars): boolean => price > Dollars.zero && price < Dollars.one

const make = (yes: WireSide, no: WireSide, ticker: string | undefined): OrderBook => {
  const bids: Array<Level> = []
  for (const [price, count] of yes ?? []) if (isPrice(price)) bids.push({ price, count })
  const asks: Array<Level> = []
  // who bids q for NO asks 1 − q for YES
  for (const [price, count] of no ?? []) if (isPrice(price)) asks.push({ price: Dollars.complement(price), count })
  bids.sort((a, b) => b.price - a.price)
  asks.sort((a, b) => a.price - b.price)
  return ticker === undefined ? { bids, asks } : { ticker, bids, asks }
}

/**
 * Reads a book of today's wire, whose two sides are bids of YES and bids of
 * NO in any order. The answer does not name its market: `ticker` does.
 *
 * A level whose price no order can have, $0, $1 or beyond, is left out.
 *
 * @since 0.1.0
 * @category conversions
 */
export const fromWire = (wire: typeof Api.GetMarketOrderbookResponse.Type, ticker?: string): OrderBook =>
  make(wire.orderbook_fp?.yes_dollars, wire.orderbook_fp?.no_dollars, ticker)

/**
 * Reads a book of January 2026: exact prices where there are any, else cents.
 *
 * @since 0.1.0
 * @category conversions
 */
export const fromWireJanuary2026 = (
  wire: typeof January2026.GetMarketOrderbookResponse.Type,
  ticker?: string
): OrderBook =>
  make(wire.orderbook?.yes_dollars ?? wire.orderbook?.yes, wire.orderbook?.no_dollars ?? wire.orderbook?.no, ticker)
