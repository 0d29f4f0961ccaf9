/**
 * The wire of the archive: what is older than a cutoff is here and no longer
 * at its own endpoint ("Historical" in the exchange's API reference).
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import * as HttpApiEndpoint from "effect/http-api/HttpApiEndpoint"
import * as HttpApiGroup from "effect/http-api/HttpApiGroup"
import * as Timestamp from "../Timestamp.ts"
import * as Markets from "./Markets.ts"
import * as Orders from "./Orders.ts"
import * as Portfolio from "./Portfolio.ts"
import * as Wire from "./Wire.ts"

/**
 * The cutoff of each kind of record; instants in RFC 3339, whatever their
 * names say.
 *
 * @since 0.1.0
 * @category schemas
 */
export const GetHistoricalCutoffResponse = Schema.Struct({
  market_settled_ts: Timestamp.Timestamp,
  trades_created_ts: Timestamp.Timestamp,
  orders_updated_ts: Timestamp.Timestamp,
  market_positions_last_updated_ts: Wire.maybe(Timestamp.Timestamp)
})

const records = {
  ticker: Schema.optional(Schema.String),
  ...Wire.range,
  ...Wire.page,
  subaccount: Schema.optional(Schema.Int)
}

/**
 * `GET /historical/cutoff`.
 *
 * @since 0.1.0
 * @category endpoints
 */
export const getHistoricalCutoff = HttpApiEndpoint.get("getHistoricalCutoff", "/historical/cutoff", {
  success: GetHistoricalCutoffResponse
}).annotate(Wire.Access, "public")

/**
 * `GET /historical/fills`.
 *
 * @since 0.1.0
 * @category endpoints
 */
export const getFillsHistorical = HttpApiEndpoint.get("getFillsHistorical", "/historical/fills", {
  query: records,
  success: Portfolio.GetFillsResponse
})

/**
 * `GET /historical/orders`.
 *
 * @since 0.1.0
 * @category endpoints
 */
export const getHistoricalOrders = HttpApiEndpoint.get("getHistoricalOrders", "/historical/orders", {
  query: records,
  success: Orders.GetOrdersResponse
})

/**
 * `GET /historical/positions`.
 *
 * @since 0.1.0
 * @category endpoints
 */
export const getHistoricalPositions = HttpApiEndpoint.get("getHistoricalPositions", "/historical/positions", {
  query: {
    ...Wire.page,
    ticker: Schema.optional(Schema.String),
    event_ticker: Schema.optional(Schema.String),
    subaccount: Schema.optional(Schema.Int)
  },
  success: Portfolio.GetPositionsResponse
})

/**
 * `GET /historical/trades`.
 *
 * @since 0.1.0
 * @category endpoints
 */
export const getTradesHistorical = HttpApiEndpoint.get("getTradesHistorical", "/historical/trades", {
  query: Markets.tradesQuery,
  success: Markets.GetTradesResponse
}).annotate(Wire.Access, "public")

/**
 * `GET /historical/markets`; it takes one filter at most.
 *
 * @since 0.1.0
 * @category endpoints
 */
export const getHistoricalMarkets = HttpApiEndpoint.get("getHistoricalMarkets", "/historical/markets", {
  query: {
    ...Wire.page,
    tickers: Schema.optional(Schema.String),
    event_ticker: Schema.optional(Schema.String),
    series_ticker: Schema.optional(Schema.String)
  },
  success: Markets.GetMarketsResponse
}).annotate(Wire.Access, "public")

/**
 * `GET /historical/markets/{ticker}`.
 *
 * @since 0.1.0
 * @category endpoints
 */
export const getHistoricalMarket = HttpApiEndpoint.get("getHistoricalMarket", "/historical/markets/:ticker", {
  params: { ticker: Schema.String },
  success: Markets.GetMarketResponse
}).annotate(Wire.Access, "public")

/**
 * The endpoints of the archive.
 *
 * @since 0.1.0
 * @category groups
 */
export class Historical extends HttpApiGroup.make("historical").add(
  getHistoricalCutoff,
  getFillsHistorical,
  getHistoricalOrders,
  getHistoricalPositions,
  getTradesHistorical,
  getHistoricalMarkets,
  getHistoricalMarket
) {}
