/**
 * The wire of markets, their books and trades, events and series ("Market", "Events" in
 * the exchange's API reference).
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import * as HttpApiEndpoint from "effect/http-api/HttpApiEndpoint"
import * as HttpApiGroup from "effect/http-api/HttpApiGroup"
import * as Contracts from "../Contracts.ts"
import * as Dollars from "../Dollars.ts"
import * as Timestamp from "../Timestamp.ts"
import * as Wire from "./Wire.ts"

/**
 * A band of the price grid.
 *
 * @since 0.1.0
 * @category schemas
 */
export const PriceRange = Schema.Struct({
  start: Dollars.Dollars,
  end: Dollars.Dollars,
  step: Dollars.Dollars
})

/**
 * A market.
 *
 * @since 0.1.0
 * @category schemas
 */
export const Market = Schema.Struct({
  ticker: Schema.String,
  event_ticker: Schema.String,
  market_type: Wire.openEnum("binary", "scalar"),
  title: Wire.maybe(Schema.String),
  subtitle: Wire.maybe(Schema.String),
  yes_sub_title: Wire.maybe(Schema.String),
  no_sub_title: Wire.maybe(Schema.String),
  created_time: Wire.maybe(Timestamp.Timestamp),
  updated_time: Wire.maybe(Timestamp.Timestamp),
  open_time: Timestamp.Timestamp,
  close_time: Timestamp.Timestamp,
  latest_expiration_time: Wire.maybe(Timestamp.Timestamp),
  settlement_timer_seconds: Wire.maybe(Schema.Int),
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
  yes_bid_dollars: Wire.maybe(Dollars.Dollars),
  yes_bid_size_fp: Wire.maybe(Contracts.Contracts),
  yes_ask_dollars: Wire.maybe(Dollars.Dollars),
  yes_ask_size_fp: Wire.maybe(Contracts.Contracts),
  no_bid_dollars: Wire.maybe(Dollars.Dollars),
  no_ask_dollars: Wire.maybe(Dollars.Dollars),
  last_price_dollars: Wire.maybe(Dollars.Dollars),
  volume_fp: Wire.maybe(Contracts.Contracts),
  volume_24h_fp: Wire.maybe(Contracts.Contracts),
  result: Wire.openEnum("yes", "no", "scalar", ""),
  can_close_early: Wire.maybe(Schema.Boolean),
  open_interest_fp: Wire.maybe(Contracts.Contracts),
  notional_value_dollars: Wire.maybe(Dollars.Dollars),
  previous_yes_bid_dollars: Wire.maybe(Dollars.Dollars),
  previous_yes_ask_dollars: Wire.maybe(Dollars.Dollars),
  previous_price_dollars: Wire.maybe(Dollars.Dollars),
  settlement_value_dollars: Wire.maybe(Dollars.Dollars),
  settlement_ts: Wire.maybe(Timestamp.Timestamp),
  expiration_value: Wire.maybe(Schema.String),
  fee_waiver_expiration_time: Wire.maybe(Timestamp.Timestamp),
  rules_primary: Wire.maybe(Schema.String),
  rules_secondary: Wire.maybe(Schema.String),
  price_level_structure: Wire.maybe(Schema.String),
  price_ranges: Wire.maybe(Schema.Array(PriceRange)),
  exchange_index: Wire.maybe(Schema.Int)
})

/**
 * One market.
 *
 * @since 0.1.0
 * @category schemas
 */
export const GetMarketResponse = Schema.Struct({ market: Market })

/**
 * A page of markets.
 *
 * @since 0.1.0
 * @category schemas
 */
export const GetMarketsResponse = Schema.Struct({
  markets: Wire.maybe(Schema.Array(Market)),
  cursor: Wire.cursor
})

/**
 * A level of the book: price in the terms of its own side, and size.
 *
 * @since 0.1.0
 * @category schemas
 */
export const Level = Schema.Tuple([Dollars.Dollars, Contracts.Contracts])

/**
 * A book: bids of YES and bids of NO, best last.
 *
 * @since 0.1.0
 * @category schemas
 */
export const GetMarketOrderbookResponse = Schema.Struct({
  orderbook_fp: Wire.maybe(
    Schema.Struct({
      yes_dollars: Wire.maybe(Schema.Array(Level)),
      no_dollars: Wire.maybe(Schema.Array(Level))
    })
  )
})

/**
 * A trade as everybody sees it; the price is that of YES, whichever side took.
 *
 * @since 0.1.0
 * @category schemas
 */
export const Trade = Schema.Struct({
  trade_id: Schema.String,
  ticker: Schema.String,
  count_fp: Contracts.Contracts,
  yes_price_dollars: Dollars.Dollars,
  no_price_dollars: Wire.maybe(Dollars.Dollars),
  taker_side: Wire.maybe(Wire.openEnum("yes", "no")),
  taker_outcome_side: Wire.maybe(Wire.openEnum("yes", "no")),
  taker_book_side: Wire.maybe(Wire.openEnum("bid", "ask")),
  created_time: Timestamp.Timestamp,
  is_block_trade: Wire.maybe(Schema.Boolean)
})

/**
 * A page of trades.
 *
 * @since 0.1.0
 * @category schemas
 */
export const GetTradesResponse = Schema.Struct({
  trades: Wire.maybe(Schema.Array(Trade)),
  cursor: Wire.cursor
})

/**
 * What a list of trades can be narrowed to.
 *
 * @since 0.1.0
 * @category schemas
 */
export const tradesQuery = {
  ...Wire.page,
  ticker: Schema.optional(Schema.String),
  ...Wire.range,
  is_block_trade: Schema.optional(Schema.Boolean)
}

/**
 * An event; its overrides of the fee win over those of its series.
 *
 * @since 0.1.0
 * @category schemas
 */
export const EventData = Schema.Struct({
  event_ticker: Schema.String,
  series_ticker: Schema.String,
  title: Wire.maybe(Schema.String),
  sub_title: Wire.maybe(Schema.String),
  collateral_return_type: Wire.maybe(Schema.String),
  mutually_exclusive: Wire.maybe(Schema.Boolean),
  settlement_sources: Wire.maybe(Schema.Array(Schema.Unknown)),
  fee_type_override: Wire.maybe(Schema.String),
  fee_multiplier_override: Wire.maybe(Schema.Finite),
  exchange_index: Wire.maybe(Schema.Int)
})

/**
 * One event and its markets.
 *
 * @since 0.1.0
 * @category schemas
 */
export const GetEventResponse = Schema.Struct({
  event: EventData,
  markets: Wire.maybe(Schema.Array(Market))
})

/**
 * A series: how its markets charge.
 *
 * @since 0.1.0
 * @category schemas
 */
export const Series = Schema.Struct({
  ticker: Schema.String,
  frequency: Wire.maybe(Schema.String),
  title: Wire.maybe(Schema.String),
  category: Wire.maybe(Schema.String),
  categories: Wire.maybe(Schema.Array(Schema.String)),
  tags: Wire.maybe(Schema.Array(Schema.String)),
  settlement_sources: Wire.maybe(Schema.Array(Schema.Unknown)),
  contract_url: Wire.maybe(Schema.String),
  contract_terms_url: Wire.maybe(Schema.String),
  fee_type: Schema.String,
  fee_multiplier: Schema.Finite,
  additional_prohibitions: Wire.maybe(Schema.Array(Schema.String)),
  exchange_index: Wire.maybe(Schema.Int)
})

/**
 * One series.
 *
 * @since 0.1.0
 * @category schemas
 */
export const GetSeriesResponse = Schema.Struct({ series: Series })

/**
 * `GET /markets`.
 *
 * @since 0.1.0
 * @category endpoints
 */
export const getMarkets = HttpApiEndpoint.get("getMarkets", "/markets", {
  query: {
    ...Wire.page,
    event_ticker: Schema.optional(Schema.String),
    series_ticker: Schema.optional(Schema.String),
    status: Schema.optional(Schema.Literals(["unopened", "open", "paused", "closed", "settled"])),
    tickers: Schema.optional(Schema.String)
  },
  success: GetMarketsResponse
}).annotate(Wire.Access, "public")

/**
 * `GET /markets/trades`.
 *
 * @since 0.1.0
 * @category endpoints
 */
export const getTrades = HttpApiEndpoint.get("getTrades", "/markets/trades", {
  query: tradesQuery,
  success: GetTradesResponse
}).annotate(Wire.Access, "public")

/**
 * `GET /markets/{ticker}`.
 *
 * @since 0.1.0
 * @category endpoints
 */
export const getMarket = HttpApiEndpoint.get("getMarket", "/markets/:ticker", {
  params: { ticker: Schema.String },
  success: GetMarketResponse
}).annotate(Wire.Access, "public")

/**
 * `GET /markets/{ticker}/orderbook`; a depth of 0 is the whole book.
 *
 * @since 0.1.0
 * @category endpoints
 */
export const getMarketOrderbook = HttpApiEndpoint.get("getMarketOrderbook", "/markets/:ticker/orderbook", {
  params: { ticker: Schema.String },
  query: { depth: Schema.optional(Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 100 }))) },
  success: GetMarketOrderbookResponse
}).annotate(Wire.Access, "public")

/**
 * `GET /events/{event_ticker}`.
 *
 * @since 0.1.0
 * @category endpoints
 */
export const getEvent = HttpApiEndpoint.get("getEvent", "/events/:event_ticker", {
  params: { event_ticker: Schema.String },
  success: GetEventResponse
}).annotate(Wire.Access, "public")

/**
 * `GET /series/{series_ticker}`.
 *
 * @since 0.1.0
 * @category endpoints
 */
export const getSeries = HttpApiEndpoint.get("getSeries", "/series/:series_ticker", {
  params: { series_ticker: Schema.String },
  success: GetSeriesResponse
}).annotate(Wire.Access, "public")

/**
 * The endpoints of markets.
 *
 * @since 0.1.0
 * @category groups
 */
export class Markets extends HttpApiGroup.make("markets").add(
  getMarkets,
  getTrades,
  getMarket,
  getMarketOrderbook,
  getEvent,
  getSeries
) {}
