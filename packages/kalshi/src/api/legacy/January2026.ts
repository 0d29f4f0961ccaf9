/**
 * The wire as it was recorded in January 2026: integers of cents and of whole
 * contracts, some with an exact `_dollars` or `_fixed` string beside them.
 * Only for reading archives; nothing sends it any more.
 *
 * What was not in every recorded response is optional, and so are the strings
 * that came between that month and the end of the integers on 12 March 2026:
 * `_fp` counts since 22 January, and the names of today. Where a string and an
 * integer say the same, the string is the exact one: the integer lacks what is
 * below a cent or a contract.
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import * as Contracts from "../../Contracts.ts"
import * as Dollars from "../../Dollars.ts"
import * as Timestamp from "../../Timestamp.ts"
import * as Wire from "../Wire.ts"

/**
 * Cash and what positions are worth, in cents.
 *
 * @since 0.1.0
 * @category schemas
 */
export const GetBalanceResponse = Schema.Struct({
  balance: Dollars.FromCents,
  portfolio_value: Dollars.FromCents,
  updated_ts: Timestamp.FromSeconds
})

/**
 * A fill; the recorded ones have no fee. `price` was a float of dollars and is
 * not read.
 *
 * @since 0.1.0
 * @category schemas
 */
export const Fill = Schema.Struct({
  fill_id: Wire.maybe(Schema.String),
  trade_id: Schema.String,
  order_id: Schema.String,
  client_order_id: Wire.maybe(Schema.String),
  ticker: Schema.String,
  market_ticker: Wire.maybe(Schema.String),
  side: Wire.maybe(Schema.String),
  action: Wire.maybe(Schema.String),
  count: Contracts.FromWhole,
  count_fp: Wire.maybe(Contracts.Contracts),
  yes_price: Dollars.FromCents,
  yes_price_fixed: Wire.maybe(Dollars.Dollars),
  yes_price_dollars: Wire.maybe(Dollars.Dollars),
  no_price: Wire.maybe(Dollars.FromCents),
  no_price_fixed: Wire.maybe(Dollars.Dollars),
  no_price_dollars: Wire.maybe(Dollars.Dollars),
  is_taker: Schema.Boolean,
  created_time: Wire.maybe(Timestamp.Timestamp),
  ts: Wire.maybe(Timestamp.FromSeconds),
  fee_cost: Wire.maybe(Dollars.Dollars),
  subaccount_number: Wire.maybe(Schema.Int)
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
 * A trade as everybody saw it. `price` was a float of dollars and is not read.
 *
 * @since 0.1.0
 * @category schemas
 */
export const Trade = Schema.Struct({
  trade_id: Schema.String,
  ticker: Schema.String,
  count: Contracts.FromWhole,
  count_fp: Wire.maybe(Contracts.Contracts),
  yes_price: Dollars.FromCents,
  yes_price_dollars: Wire.maybe(Dollars.Dollars),
  no_price: Wire.maybe(Dollars.FromCents),
  no_price_dollars: Wire.maybe(Dollars.Dollars),
  taker_side: Wire.maybe(Wire.openEnum("yes", "no")),
  created_time: Timestamp.Timestamp
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
 * An order; fees and costs in cents.
 *
 * @since 0.1.0
 * @category schemas
 */
export const Order = Schema.Struct({
  order_id: Schema.String,
  user_id: Wire.maybe(Schema.String),
  client_order_id: Wire.maybe(Schema.String),
  ticker: Schema.String,
  side: Wire.maybe(Schema.String),
  action: Wire.maybe(Schema.String),
  type: Wire.maybe(Wire.openEnum("limit", "market")),
  status: Wire.openEnum("resting", "canceled", "executed"),
  yes_price: Dollars.FromCents,
  yes_price_dollars: Wire.maybe(Dollars.Dollars),
  no_price: Wire.maybe(Dollars.FromCents),
  no_price_dollars: Wire.maybe(Dollars.Dollars),
  fill_count: Contracts.FromWhole,
  fill_count_fp: Wire.maybe(Contracts.Contracts),
  remaining_count: Contracts.FromWhole,
  remaining_count_fp: Wire.maybe(Contracts.Contracts),
  initial_count: Contracts.FromWhole,
  initial_count_fp: Wire.maybe(Contracts.Contracts),
  queue_position: Wire.maybe(Schema.Int),
  taker_fill_cost: Wire.maybe(Dollars.FromCents),
  taker_fill_cost_dollars: Wire.maybe(Dollars.Dollars),
  maker_fill_cost: Wire.maybe(Dollars.FromCents),
  maker_fill_cost_dollars: Wire.maybe(Dollars.Dollars),
  taker_fees: Wire.maybe(Dollars.FromCents),
  taker_fees_dollars: Wire.maybe(Dollars.Dollars),
  maker_fees: Wire.maybe(Dollars.FromCents),
  maker_fees_dollars: Wire.maybe(Dollars.Dollars),
  expiration_time: Wire.maybe(Timestamp.Timestamp),
  created_time: Wire.maybe(Timestamp.Timestamp),
  last_update_time: Wire.maybe(Timestamp.Timestamp),
  self_trade_prevention_type: Wire.maybe(Wire.openEnum("taker_at_cross", "maker")),
  order_group_id: Wire.maybe(Schema.String),
  cancel_order_on_pause: Wire.maybe(Schema.Boolean),
  subaccount_number: Wire.maybe(Schema.Int)
})

/**
 * A page of orders.
 *
 * @since 0.1.0
 * @category schemas
 */
export const GetOrdersResponse = Schema.Struct({
  orders: Wire.maybe(Schema.Array(Order)),
  cursor: Wire.cursor
})

/**
 * An order before and after it was amended.
 *
 * @since 0.1.0
 * @category schemas
 */
export const AmendOrderResponse = Schema.Struct({
  old_order: Schema.optional(Order),
  order: Order
})

/**
 * The results of a batch: an order each, or an error.
 *
 * @since 0.1.0
 * @category schemas
 */
export const BatchCreateOrdersResponse = Schema.Struct({
  orders: Wire.maybe(
    Schema.Array(
      Schema.Struct({
        client_order_id: Wire.maybe(Schema.String),
        order: Wire.maybe(Order),
        error: Wire.maybe(
          Schema.Struct({
            code: Wire.maybe(Schema.String),
            message: Wire.maybe(Schema.String),
            details: Wire.maybe(Schema.String)
          })
        )
      })
    )
  )
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
  position: Contracts.FromWhole,
  position_fp: Wire.maybe(Contracts.Contracts),
  total_traded: Dollars.FromCents,
  total_traded_dollars: Wire.maybe(Dollars.Dollars),
  market_exposure: Dollars.FromCents,
  market_exposure_dollars: Wire.maybe(Dollars.Dollars),
  realized_pnl: Dollars.FromCents,
  realized_pnl_dollars: Wire.maybe(Dollars.Dollars),
  fees_paid: Dollars.FromCents,
  fees_paid_dollars: Wire.maybe(Dollars.Dollars),
  resting_orders_count: Wire.maybe(Contracts.FromWhole),
  last_updated_ts: Wire.maybe(Timestamp.Timestamp)
})

/**
 * The positions of an event together. `resting_order_count`, how many
 * contracts rest, is of the generation before and in no recorded response.
 *
 * @since 0.1.0
 * @category schemas
 */
export const EventPosition = Schema.Struct({
  event_ticker: Schema.String,
  total_cost: Dollars.FromCents,
  total_cost_dollars: Wire.maybe(Dollars.Dollars),
  total_cost_shares: Wire.maybe(Contracts.FromWhole),
  total_cost_shares_fp: Wire.maybe(Contracts.Contracts),
  event_exposure: Dollars.FromCents,
  event_exposure_dollars: Wire.maybe(Dollars.Dollars),
  realized_pnl: Dollars.FromCents,
  realized_pnl_dollars: Wire.maybe(Dollars.Dollars),
  fees_paid: Dollars.FromCents,
  fees_paid_dollars: Wire.maybe(Dollars.Dollars),
  resting_order_count: Wire.maybe(Contracts.FromWhole)
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
 * A settled market; everything in cents except `fee_cost`.
 *
 * @since 0.1.0
 * @category schemas
 */
export const Settlement = Schema.Struct({
  ticker: Schema.String,
  event_ticker: Wire.maybe(Schema.String),
  market_result: Wire.openEnum("yes", "no", "scalar", "void"),
  yes_count: Contracts.FromWhole,
  yes_count_fp: Wire.maybe(Contracts.Contracts),
  yes_total_cost: Dollars.FromCents,
  yes_total_cost_dollars: Wire.maybe(Dollars.Dollars),
  no_count: Contracts.FromWhole,
  no_count_fp: Wire.maybe(Contracts.Contracts),
  no_total_cost: Dollars.FromCents,
  no_total_cost_dollars: Wire.maybe(Dollars.Dollars),
  revenue: Dollars.FromCents,
  settled_time: Timestamp.Timestamp,
  fee_cost: Wire.maybe(Dollars.Dollars),
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
 * A market. Its integer prices were leaving that month, so each is optional;
 * a quote that nobody makes was sent as 0, as 100, or not at all.
 *
 * @since 0.1.0
 * @category schemas
 */
export const Market = Schema.Struct({
  ticker: Schema.String,
  event_ticker: Schema.String,
  market_type: Wire.openEnum("binary", "scalar"),
  title: Schema.optional(Schema.String),
  subtitle: Schema.optional(Schema.String),
  yes_sub_title: Schema.optional(Schema.String),
  no_sub_title: Schema.optional(Schema.String),
  created_time: Wire.maybe(Timestamp.Timestamp),
  open_time: Timestamp.Timestamp,
  close_time: Timestamp.Timestamp,
  latest_expiration_time: Wire.maybe(Timestamp.Timestamp),
  settlement_timer_seconds: Schema.optional(Schema.Int),
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
  yes_bid: Wire.maybe(Dollars.FromCents),
  yes_bid_dollars: Wire.maybe(Dollars.Dollars),
  yes_ask: Wire.maybe(Dollars.FromCents),
  yes_ask_dollars: Wire.maybe(Dollars.Dollars),
  last_price: Wire.maybe(Dollars.FromCents),
  last_price_dollars: Wire.maybe(Dollars.Dollars),
  volume: Wire.maybe(Contracts.FromWhole),
  volume_24h: Wire.maybe(Contracts.FromWhole),
  open_interest: Wire.maybe(Contracts.FromWhole),
  result: Schema.optional(Wire.openEnum("yes", "no", "scalar", "")),
  can_close_early: Schema.optional(Schema.Boolean),
  settlement_value: Wire.maybe(Dollars.FromCents),
  settlement_value_dollars: Wire.maybe(Dollars.Dollars),
  settlement_ts: Wire.maybe(Timestamp.Timestamp),
  expiration_value: Wire.maybe(Schema.String),
  fee_waiver_expiration_time: Wire.maybe(Timestamp.Timestamp),
  price_level_structure: Schema.optional(Schema.String),
  price_ranges: Wire.maybe(Schema.Array(PriceRange))
})

/**
 * One market.
 *
 * @since 0.1.0
 * @category schemas
 */
export const GetMarketResponse = Schema.Struct({ market: Market })

/**
 * A level of the book in cents of its own side and whole contracts.
 *
 * @since 0.1.0
 * @category schemas
 */
export const CentLevel = Schema.Tuple([Dollars.FromCents, Contracts.FromWhole])

/**
 * A level of the book in exact dollars of its own side and whole contracts.
 *
 * @since 0.1.0
 * @category schemas
 */
export const DollarLevel = Schema.Tuple([Dollars.Dollars, Contracts.FromWhole])

/**
 * A book: bids of YES and bids of NO; a side without any was null.
 *
 * @since 0.1.0
 * @category schemas
 */
export const GetMarketOrderbookResponse = Schema.Struct({
  orderbook: Wire.maybe(
    Schema.Struct({
      yes: Wire.maybe(Schema.Array(CentLevel)),
      yes_dollars: Wire.maybe(Schema.Array(DollarLevel)),
      no: Wire.maybe(Schema.Array(CentLevel)),
      no_dollars: Wire.maybe(Schema.Array(DollarLevel))
    })
  )
})

/**
 * What works at the moment.
 *
 * @since 0.1.0
 * @category schemas
 */
export const GetExchangeStatusResponse = Schema.Struct({
  exchange_active: Schema.Boolean,
  trading_active: Schema.Boolean,
  exchange_estimated_resume_time: Wire.maybe(Timestamp.Timestamp)
})

/**
 * How fresh the reads of balances, orders, fills and positions are.
 *
 * @since 0.1.0
 * @category schemas
 */
export const GetUserDataTimestampResponse = Schema.Struct({ as_of_time: Timestamp.Timestamp })
