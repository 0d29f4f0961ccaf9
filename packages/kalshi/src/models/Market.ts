/**
 * A market: what it is about, when it trades, and at which prices.
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import type * as Types from "effect/Types"
import type * as January2026 from "../api/legacy/January2026.ts"
import type * as Api from "../api/Markets.ts"
import * as Wire from "../api/Wire.ts"
import * as Contracts from "../Contracts.ts"
import * as Dollars from "../Dollars.ts"
import * as PriceGrid from "../PriceGrid.ts"
import * as Timestamp from "../Timestamp.ts"

/**
 * Schema of a band of prices, in dollars per contract, both ends included.
 *
 * @since 0.1.0
 * @category schemas
 */
export const Band = Schema.Struct({
  start: Dollars.Dollars,
  end: Dollars.Dollars,
  step: Dollars.Dollars
})

/**
 * Schema of a market.
 *
 * `bid` and `ask` are YES prices in dollars per contract, absent when nobody
 * quotes. `lastPrice` is absent before the first trade, `result` before there
 * is one. `settlementValue` is what a contract of YES paid. `bands` is empty
 * when the wire had no price ranges.
 *
 * @since 0.1.0
 * @category schemas
 */
export const Market = Schema.Struct({
  ticker: Schema.String,
  eventTicker: Schema.String,
  title: Schema.optional(Schema.String),
  type: Wire.openEnum("binary", "scalar"),
  status: Wire.openEnum(
    "initialized",
    "inactive",
    "active",
    "closed",
    "determined",
    "disputed",
    "amended",
    "finalized"
  ),
  openTime: Timestamp.Timestamp,
  closeTime: Timestamp.Timestamp,
  bid: Schema.optional(Dollars.Dollars),
  bidSize: Schema.optional(Contracts.Contracts),
  ask: Schema.optional(Dollars.Dollars),
  askSize: Schema.optional(Contracts.Contracts),
  lastPrice: Schema.optional(Dollars.Dollars),
  volume: Schema.optional(Contracts.Contracts),
  openInterest: Schema.optional(Contracts.Contracts),
  result: Schema.optional(Wire.openEnum("yes", "no", "scalar")),
  settlementValue: Schema.optional(Dollars.Dollars),
  settledAt: Schema.optional(Timestamp.Timestamp),
  feeWaiverUntil: Schema.optional(Timestamp.Timestamp),
  priceLevelStructure: Schema.optional(Schema.String),
  bands: Schema.Array(Band),
  exchangeIndex: Schema.optional(Schema.Int)
})

/**
 * A market.
 *
 * @since 0.1.0
 * @category models
 */
export type Market = typeof Market.Type

/**
 * The prices that orders of the market may have; `undefined` when its ranges
 * are not known. Whole cents are then still valid: {@link PriceGrid.cents}.
 *
 * @since 0.1.0
 * @category accessors
 */
export const grid = (market: Pick<Market, "bands">): PriceGrid.PriceGrid | undefined =>
  market.bands.length === 0 ? undefined : PriceGrid.make(market.bands)

// An order costs more than $0 and less than $1: anything else is how the wire says "no quote".
const isQuote = (price: Dollars.Dollars | null | undefined): price is Dollars.Dollars =>
  price != null && price > Dollars.zero && price < Dollars.one

// what both generations call the same
const shared = (wire: typeof Api.Market.Type | typeof January2026.Market.Type): Types.Mutable<Market> => {
  const market: Types.Mutable<Market> = {
    ticker: wire.ticker,
    eventTicker: wire.event_ticker,
    type: wire.market_type,
    status: wire.status,
    openTime: wire.open_time,
    closeTime: wire.close_time,
    bands: wire.price_ranges ?? []
  }
  if (wire.title != null) market.title = wire.title
  if (wire.result != null && wire.result !== "") market.result = wire.result
  if (wire.settlement_ts != null) market.settledAt = wire.settlement_ts
  if (wire.fee_waiver_expiration_time != null) market.feeWaiverUntil = wire.fee_waiver_expiration_time
  if (wire.price_level_structure != null) market.priceLevelStructure = wire.price_level_structure
  return market
}

/**
 * Reads a market of today's wire.
 *
 * @since 0.1.0
 * @category conversions
 */
export const fromWire = (wire: typeof Api.Market.Type): Market => {
  const market = shared(wire)
  if (isQuote(wire.yes_bid_dollars)) {
    market.bid = wire.yes_bid_dollars
    if (wire.yes_bid_size_fp != null) market.bidSize = wire.yes_bid_size_fp
  }
  if (isQuote(wire.yes_ask_dollars)) {
    market.ask = wire.yes_ask_dollars
    if (wire.yes_ask_size_fp != null) market.askSize = wire.yes_ask_size_fp
  }
  if (wire.last_price_dollars != null && wire.last_price_dollars !== 0) market.lastPrice = wire.last_price_dollars
  if (wire.volume_fp != null) market.volume = wire.volume_fp
  if (wire.open_interest_fp != null) market.openInterest = wire.open_interest_fp
  if (wire.settlement_value_dollars != null) market.settlementValue = wire.settlement_value_dollars
  if (wire.exchange_index != null) market.exchangeIndex = wire.exchange_index
  return market
}

/**
 * Reads a market of January 2026, which told no sizes.
 *
 * @since 0.1.0
 * @category conversions
 */
export const fromWireJanuary2026 = (wire: typeof January2026.Market.Type): Market => {
  const market = shared(wire)
  const bid = wire.yes_bid_dollars ?? wire.yes_bid
  if (isQuote(bid)) market.bid = bid
  const ask = wire.yes_ask_dollars ?? wire.yes_ask
  if (isQuote(ask)) market.ask = ask
  const lastPrice = wire.last_price_dollars ?? wire.last_price
  if (lastPrice != null && lastPrice !== 0) market.lastPrice = lastPrice
  if (wire.volume != null) market.volume = wire.volume
  if (wire.open_interest != null) market.openInterest = wire.open_interest
  const settlementValue = wire.settlement_value_dollars ?? wire.settlement_value
  if (settlementValue != null) market.settlementValue = settlementValue
  return market
}
