/**
 * The wire of the portfolio: balance, positions, fills, settlements,
 * deposits and withdrawals ("Portfolio" in the exchange's API reference).
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
 * A balance on one shard.
 *
 * @since 0.1.0
 * @category schemas
 */
export const IndexedBalance = Schema.Struct({
  exchange_index: Schema.Int,
  balance: Dollars.Dollars
})

/**
 * Cash and what positions are worth; `balance` drops what is below a cent.
 *
 * @since 0.1.0
 * @category schemas
 */
export const GetBalanceResponse = Schema.Struct({
  balance: Dollars.FromCents,
  balance_dollars: Wire.maybe(Dollars.Dollars),
  portfolio_value: Dollars.FromCents,
  updated_ts: Timestamp.FromSeconds,
  balance_breakdown: Wire.maybe(Schema.Array(IndexedBalance))
})

/**
 * A fill; its key is `trade_id` with `order_id`.
 *
 * @since 0.1.0
 * @category schemas
 */
export const Fill = Schema.Struct({
  fill_id: Wire.maybe(Schema.String),
  trade_id: Schema.String,
  order_id: Schema.String,
  ticker: Wire.maybe(Schema.String),
  market_ticker: Wire.maybe(Schema.String),
  exchange_index: Wire.maybe(Schema.Int),
  side: Wire.maybe(Schema.String),
  action: Wire.maybe(Schema.String),
  outcome_side: Wire.maybe(Wire.openEnum("yes", "no")),
  book_side: Wire.maybe(Wire.openEnum("bid", "ask")),
  count_fp: Contracts.Contracts,
  yes_price_dollars: Dollars.Dollars,
  no_price_dollars: Wire.maybe(Dollars.Dollars),
  is_taker: Schema.Boolean,
  created_time: Wire.maybe(Timestamp.Timestamp),
  fee_cost: Dollars.Dollars,
  subaccount_number: Wire.maybe(Schema.Int),
  ts: Wire.maybe(Timestamp.FromSeconds)
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
 * A position in an unsettled market; `position_fp` is signed, YES positive.
 *
 * @since 0.1.0
 * @category schemas
 */
export const MarketPosition = Schema.Struct({
  ticker: Schema.String,
  exchange_index: Wire.maybe(Schema.Int),
  total_traded_dollars: Dollars.Dollars,
  position_fp: Contracts.Contracts,
  market_exposure_dollars: Dollars.Dollars,
  realized_pnl_dollars: Dollars.Dollars,
  fees_paid_dollars: Dollars.Dollars,
  last_updated_ts: Wire.maybe(Timestamp.Timestamp)
})

/**
 * The positions of an event together.
 *
 * @since 0.1.0
 * @category schemas
 */
export const EventPosition = Schema.Struct({
  event_ticker: Schema.String,
  total_cost_dollars: Dollars.Dollars,
  total_cost_shares_fp: Wire.maybe(Contracts.Contracts),
  event_exposure_dollars: Dollars.Dollars,
  realized_pnl_dollars: Dollars.Dollars,
  fees_paid_dollars: Dollars.Dollars
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
 * A settled market; `revenue` and `value` are cents.
 *
 * @since 0.1.0
 * @category schemas
 */
export const Settlement = Schema.Struct({
  ticker: Schema.String,
  exchange_index: Wire.maybe(Schema.Int),
  event_ticker: Wire.maybe(Schema.String),
  market_result: Wire.openEnum("yes", "no", "scalar", "void"),
  yes_count_fp: Contracts.Contracts,
  yes_total_cost_dollars: Dollars.Dollars,
  no_count_fp: Contracts.Contracts,
  no_total_cost_dollars: Dollars.Dollars,
  revenue: Dollars.FromCents,
  settled_time: Timestamp.Timestamp,
  fee_cost: Dollars.Dollars,
  value: Wire.maybe(Dollars.FromCents)
})

/**
 * A page of settlements.
 *
 * @since 0.1.0
 * @category schemas
 */
export const GetSettlementsResponse = Schema.Struct({
  settlements: Wire.maybe(Schema.Array(Settlement)),
  cursor: Wire.cursor
})

/**
 * What resting orders are worth together, in cents, and by shard.
 *
 * @since 0.1.0
 * @category schemas
 */
export const GetPortfolioRestingOrderTotalValueResponse = Schema.Struct({
  total_resting_order_value: Dollars.FromCents,
  resting_order_value_breakdown: Wire.maybe(Schema.Array(IndexedBalance))
})

const funding = {
  id: Schema.String,
  status: Wire.openEnum("pending", "applied", "failed", "returned"),
  type: Wire.openEnum("ach", "wire", "crypto", "debit", "apm"),
  amount_cents: Dollars.FromCents,
  fee_cents: Dollars.FromCents,
  created_ts: Timestamp.FromSeconds,
  finalized_ts: Wire.maybe(Timestamp.FromSeconds)
}

/**
 * Money that was paid in, in cents; it counts once it is `applied`.
 *
 * @since 0.1.0
 * @category schemas
 */
export const Deposit = Schema.Struct(funding)

/**
 * A page of deposits.
 *
 * @since 0.1.0
 * @category schemas
 */
export const GetDepositsResponse = Schema.Struct({
  deposits: Wire.maybe(Schema.Array(Deposit)),
  cursor: Wire.cursor
})

/**
 * Money that was paid out, in cents; it is off the balance once it is `applied`.
 *
 * @since 0.1.0
 * @category schemas
 */
export const Withdrawal = Schema.Struct(funding)

/**
 * A page of withdrawals.
 *
 * @since 0.1.0
 * @category schemas
 */
export const GetWithdrawalsResponse = Schema.Struct({
  withdrawals: Wire.maybe(Schema.Array(Withdrawal)),
  cursor: Wire.cursor
})

const ticker = { ticker: Schema.optional(Schema.String) }
const account = {
  subaccount: Schema.optional(Schema.Int),
  exchange_index: Schema.optional(Schema.Int)
}

/**
 * `GET /portfolio/balance`.
 *
 * @since 0.1.0
 * @category endpoints
 */
export const getBalance = HttpApiEndpoint.get("getBalance", "/portfolio/balance", {
  query: account,
  success: GetBalanceResponse
})

/**
 * `GET /portfolio/positions`.
 *
 * @since 0.1.0
 * @category endpoints
 */
export const getPositions = HttpApiEndpoint.get("getPositions", "/portfolio/positions", {
  query: {
    ...Wire.page,
    count_filter: Schema.optional(Schema.String),
    ...ticker,
    event_ticker: Schema.optional(Schema.String),
    ...account
  },
  success: GetPositionsResponse
})

/**
 * `GET /portfolio/fills`.
 *
 * @since 0.1.0
 * @category endpoints
 */
export const getFills = HttpApiEndpoint.get("getFills", "/portfolio/fills", {
  query: {
    ...ticker,
    order_id: Schema.optional(Schema.String),
    ...Wire.range,
    ...Wire.page,
    ...account
  },
  success: GetFillsResponse
})

/**
 * `GET /portfolio/settlements`.
 *
 * @since 0.1.0
 * @category endpoints
 */
export const getSettlements = HttpApiEndpoint.get("getSettlements", "/portfolio/settlements", {
  query: {
    ...Wire.page,
    ...ticker,
    event_ticker: Schema.optional(Schema.String),
    ...Wire.range,
    subaccount: account.subaccount
  },
  success: GetSettlementsResponse
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

const fundingPage = Wire.pageUpTo(500)

/**
 * `GET /portfolio/deposits`; at most 500 rows a page.
 *
 * @since 0.1.0
 * @category endpoints
 */
export const getDeposits = HttpApiEndpoint.get("getDeposits", "/portfolio/deposits", {
  query: fundingPage,
  success: GetDepositsResponse
})

/**
 * `GET /portfolio/withdrawals`; at most 500 rows a page.
 *
 * @since 0.1.0
 * @category endpoints
 */
export const getWithdrawals = HttpApiEndpoint.get("getWithdrawals", "/portfolio/withdrawals", {
  query: fundingPage,
  success: GetWithdrawalsResponse
})

/**
 * The endpoints of the portfolio.
 *
 * @since 0.1.0
 * @category groups
 */
export class Portfolio extends HttpApiGroup.make("portfolio").add(
  getBalance,
  getPositions,
  getFills,
  getSettlements,
  getPortfolioRestingOrderTotalValue,
  getDeposits,
  getWithdrawals
) {}
