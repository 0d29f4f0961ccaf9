/**
 * The wire of 2.0.0 (August 2024): balance, positions, fills, settlements
 * ("portfolio" in the exchange's OpenAPI description 2.0.0). Amounts are whole
 * cents, counts whole contracts.
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import * as HttpApiEndpoint from "effect/http-api/HttpApiEndpoint"
import * as HttpApiGroup from "effect/http-api/HttpApiGroup"
import * as Contracts from "../../Contracts.ts"
import * as Dollars from "../../Dollars.ts"
import * as Timestamp from "../../Timestamp.ts"
import * as Wire from "../Wire.ts"

/**
 * Cash that is free, and what there is to pay out.
 *
 * @since 0.1.0
 * @category schemas
 */
export const GetBalanceResponse = Schema.Struct({
  balance: Dollars.FromCents,
  payout: Wire.maybe(Dollars.FromCents)
})

/**
 * A fill, without its fee.
 *
 * @since 0.1.0
 * @category schemas
 */
export const Fill = Schema.Struct({
  trade_id: Schema.String,
  ticker: Schema.String,
  order_id: Schema.String,
  side: Wire.openEnum("yes", "no", ""),
  action: Wire.openEnum("buy", "sell", ""),
  count: Contracts.FromWhole,
  yes_price: Dollars.FromCents,
  no_price: Dollars.FromCents,
  is_taker: Schema.Boolean,
  created_time: Timestamp.Timestamp
})

/**
 * A page of fills.
 *
 * @since 0.1.0
 * @category schemas
 */
export const GetFillsResponse = Schema.Struct({
  fills: Wire.maybe(Schema.Array(Fill)),
  cursor: Wire.cursor
})

/**
 * A position in a market; `position` is signed, YES positive, and
 * `resting_orders_count` is how many contracts rest, not how many orders.
 *
 * @since 0.1.0
 * @category schemas
 */
export const MarketPosition = Schema.Struct({
  ticker: Schema.String,
  total_traded: Dollars.FromCents,
  position: Contracts.FromWhole,
  market_exposure: Dollars.FromCents,
  realized_pnl: Dollars.FromCents,
  resting_orders_count: Contracts.FromWhole,
  fees_paid: Dollars.FromCents,
  last_updated_ts: Timestamp.Timestamp
})

/**
 * The positions of an event together; `resting_order_count` is how many
 * contracts rest.
 *
 * @since 0.1.0
 * @category schemas
 */
export const EventPosition = Schema.Struct({
  event_ticker: Schema.String,
  total_cost: Dollars.FromCents,
  event_exposure: Dollars.FromCents,
  realized_pnl: Dollars.FromCents,
  resting_order_count: Contracts.FromWhole,
  fees_paid: Dollars.FromCents
})

/**
 * A page of positions: two lists under one cursor.
 *
 * @since 0.1.0
 * @category schemas
 */
export const GetPositionsResponse = Schema.Struct({
  market_positions: Wire.maybe(Schema.Array(MarketPosition)),
  event_positions: Wire.maybe(Schema.Array(EventPosition)),
  cursor: Wire.cursor
})

/**
 * A settled market, without the fees of its trades.
 *
 * @since 0.1.0
 * @category schemas
 */
export const Settlement = Schema.Struct({
  ticker: Schema.String,
  market_result: Schema.String,
  yes_count: Contracts.FromWhole,
  yes_total_cost: Dollars.FromCents,
  no_count: Contracts.FromWhole,
  no_total_cost: Dollars.FromCents,
  revenue: Dollars.FromCents,
  settled_time: Timestamp.Timestamp
})

/**
 * A page of settlements.
 *
 * @since 0.1.0
 * @category schemas
 */
export const GetPortfolioSettlementsResponse = Schema.Struct({
  settlements: Wire.maybe(Schema.Array(Settlement)),
  cursor: Wire.cursor
})

/**
 * What resting orders are worth together, in cents.
 *
 * @since 0.1.0
 * @category schemas
 */
export const GetPortfolioRestingOrderTotalValueResponse = Schema.Struct({ total_value: Dollars.FromCents })

/**
 * `GET /portfolio/balance`.
 *
 * @since 0.1.0
 * @category endpoints
 */
export const getBalance = HttpApiEndpoint.get("getBalance", "/portfolio/balance", { success: GetBalanceResponse })

/**
 * `GET /portfolio/fills`.
 *
 * @since 0.1.0
 * @category endpoints
 */
export const getFills = HttpApiEndpoint.get("getFills", "/portfolio/fills", {
  query: {
    ticker: Schema.optional(Schema.String),
    order_id: Schema.optional(Schema.String),
    ...Wire.range,
    ...Wire.page
  },
  success: GetFillsResponse
})

/**
 * `GET /portfolio/positions`; unsettled markets unless told.
 *
 * @since 0.1.0
 * @category endpoints
 */
export const getPositions = HttpApiEndpoint.get("getPositions", "/portfolio/positions", {
  query: {
    ...Wire.page,
    count_filter: Schema.optional(Schema.String),
    settlement_status: Schema.optional(Schema.Literals(["all", "settled", "unsettled"])),
    ticker: Schema.optional(Schema.String),
    event_ticker: Schema.optional(Schema.String)
  },
  success: GetPositionsResponse
})

/**
 * `GET /portfolio/settlements`.
 *
 * @since 0.1.0
 * @category endpoints
 */
export const getPortfolioSettlements = HttpApiEndpoint.get("getPortfolioSettlements", "/portfolio/settlements", {
  query: { ...Wire.page, ...Wire.range },
  success: GetPortfolioSettlementsResponse
})

/**
 * `GET /portfolio/summary/total_resting_order_value`.
 *
 * @since 0.1.0
 * @category endpoints
 */
export const getPortfolioRestingOrderTotalValue = HttpApiEndpoint.get(
  "getPortfolioRestingOrderTotalValue",
  "/portfolio/summary/total_resting_order_value",
  { success: GetPortfolioRestingOrderTotalValueResponse }
)

/**
 * The endpoints of the portfolio.
 *
 * @since 0.1.0
 * @category groups
 */
export class Portfolio extends HttpApiGroup.make("portfolio").add(
  getBalance,
  getFills,
  getPositions,
  getPortfolioSettlements,
  getPortfolioRestingOrderTotalValue
) {}
