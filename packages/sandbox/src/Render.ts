/**
 * What the engine knows, as the wire tells it. Pure: from views to the values
 * of the declared messages, every field of today's contract filled in.
 *
 * @since 0.1.0
 */
import type * as Exchange from "effect-kalshi/api/Exchange"
import type * as Historical from "effect-kalshi/api/Historical"
import type * as Markets from "effect-kalshi/api/Markets"
import type * as Orders from "effect-kalshi/api/Orders"
import type * as Portfolio from "effect-kalshi/api/Portfolio"
import type * as Subaccounts from "effect-kalshi/api/Subaccounts"
import * as Contracts from "effect-kalshi/Contracts"
import * as Direction from "effect-kalshi/Direction"
import * as Dollars from "effect-kalshi/Dollars"
import type * as Timestamp from "effect-kalshi/Timestamp"
import type * as Buckets from "./Buckets.ts"
import type * as Members from "./Members.ts"
import type * as Model from "./Model.ts"
import type * as Switches from "./Switches.ts"

/**
 * The shard of all markets.
 *
 * @since 0.1.0
 * @category constants
 */
export const SHARD = 0

const CENT = Dollars.cents(1)

// fields in whole cents drop what is below a cent
const wholeCents = (amount: Dollars.Dollars): Dollars.Dollars => Dollars.round(amount, CENT, "floor")

/**
 * The balance of an account.
 *
 * @since 0.1.0
 * @category conversions
 */
export const balance = (view: Model.BalanceView, isBound: boolean): typeof Portfolio.GetBalanceResponse.Type => ({
  balance: wholeCents(view.available),
  balance_dollars: view.available,
  portfolio_value: wholeCents(view.portfolioValue),
  updated_ts: view.updatedAt,
  // a key that is bound to a subaccount is not told
  ...(isBound ? {} : { balance_breakdown: [{ exchange_index: SHARD, balance: view.available }] })
})

/**
 * An order.
 *
 * @since 0.1.0
 * @category conversions
 */
export const order = (view: Model.OrderView): typeof Orders.Order.Type => ({
  order_id: view.orderId,
  user_id: view.accountId,
  client_order_id: view.clientOrderId,
  ticker: view.ticker,
  side: Direction.outcome(view.side),
  action: "buy",
  outcome_side: Direction.outcome(view.side),
  book_side: view.side,
  type: "limit",
  status: view.status,
  yes_price_dollars: view.price,
  no_price_dollars: Dollars.complement(view.price),
  fill_count_fp: view.filled,
  remaining_count_fp: view.remaining,
  initial_count_fp: view.initial,
  taker_fill_cost_dollars: view.takerCost,
  maker_fill_cost_dollars: view.makerCost,
  taker_fees_dollars: view.takerFees,
  maker_fees_dollars: view.makerFees,
  expiration_time: view.expiration ?? null,
  created_time: view.createdAt,
  last_update_time: view.updatedAt,
  self_trade_prevention_type: view.selfTradePrevention,
  order_group_id: null,
  cancel_order_on_pause: view.cancelOnPause,
  subaccount_number: view.subaccount,
  exchange_index: SHARD
})

/**
 * A fill.
 *
 * @since 0.1.0
 * @category conversions
 */
export const fill = (view: Model.FillView): typeof Portfolio.Fill.Type => ({
  fill_id: view.tradeId,
  trade_id: view.tradeId,
  order_id: view.orderId,
  ticker: view.ticker,
  market_ticker: view.ticker,
  exchange_index: SHARD,
  side: Direction.outcome(view.side),
  action: "buy",
  outcome_side: Direction.outcome(view.side),
  book_side: view.side,
  count_fp: view.count,
  yes_price_dollars: view.price,
  no_price_dollars: Dollars.complement(view.price),
  is_taker: view.isTaker,
  created_time: view.at,
  fee_cost: view.fee,
  subaccount_number: view.subaccount,
  ts: view.at
})

/**
 * A position in a market.
 *
 * @since 0.1.0
 * @category conversions
 */
export const marketPosition = (view: Model.PositionView): typeof Portfolio.MarketPosition.Type => ({
  ticker: view.ticker,
  exchange_index: SHARD,
  total_traded_dollars: view.totalTraded,
  position_fp: view.position,
  market_exposure_dollars: view.exposure,
  realized_pnl_dollars: view.realizedPnl,
  fees_paid_dollars: view.feesPaid,
  last_updated_ts: view.updatedAt
})

/**
 * The positions of one event together.
 *
 * @since 0.1.0
 * @category conversions
 */
export const eventPosition = (
  eventTicker: string,
  views: ReadonlyArray<Model.PositionView>
): typeof Portfolio.EventPosition.Type => ({
  event_ticker: eventTicker,
  total_cost_dollars: Dollars.sum(views.map((view) => view.totalTraded)),
  total_cost_shares_fp: Contracts.sum(views.map((view) => view.totalContracts)),
  event_exposure_dollars: Dollars.sum(views.map((view) => view.exposure)),
  realized_pnl_dollars: Dollars.sum(views.map((view) => view.realizedPnl)),
  fees_paid_dollars: Dollars.sum(views.map((view) => view.feesPaid))
})

// what YES paid
const yesValue = (result: Model.Result): Dollars.Dollars => {
  switch (result._tag) {
    case "yes":
      return Dollars.one
    case "no":
      return Dollars.zero
    case "scalar":
      return result.value
  }
}

/**
 * A settled market.
 *
 * @since 0.1.0
 * @category conversions
 */
export const settlement = (view: Model.SettlementView): typeof Portfolio.Settlement.Type => ({
  ticker: view.ticker,
  exchange_index: SHARD,
  event_ticker: view.eventTicker,
  market_result: view.result._tag,
  yes_count_fp: view.yesCount,
  yes_total_cost_dollars: view.yesCost,
  no_count_fp: view.noCount,
  no_total_cost_dollars: view.noCost,
  revenue: wholeCents(view.revenue),
  settled_time: view.at,
  fee_cost: view.fees,
  value: wholeCents(yesValue(view.result))
})

/** What deposits and withdrawals have in common: here they are applied at once and cost nothing. */
const funding = (view: Model.FundingView) => ({
  id: view.id,
  status: "applied",
  type: "ach",
  amount_cents: view.amount,
  fee_cents: Dollars.zero,
  created_ts: view.at,
  finalized_ts: view.at
})

/**
 * A deposit.
 *
 * @since 0.1.0
 * @category conversions
 */
export const deposit = (view: Model.FundingView): typeof Portfolio.Deposit.Type => funding(view)

/**
 * A withdrawal.
 *
 * @since 0.1.0
 * @category conversions
 */
export const withdrawal = (view: Model.FundingView): typeof Portfolio.Withdrawal.Type => funding(view)

/**
 * What the resting orders of all subaccounts are worth.
 *
 * @since 0.1.0
 * @category conversions
 */
export const restingTotal = (
  views: ReadonlyArray<Model.BalanceView>
): typeof Portfolio.GetPortfolioRestingOrderTotalValueResponse.Type => {
  const reserved = Dollars.sum(views.map((view) => view.reserved))
  return {
    total_resting_order_value: wholeCents(reserved),
    resting_order_value_breakdown: [{ exchange_index: SHARD, balance: reserved }]
  }
}

/**
 * The balance of a subaccount.
 *
 * @since 0.1.0
 * @category conversions
 */
export const subaccountBalance = (
  view: Model.BalanceView,
  subaccount: number
): typeof Subaccounts.SubaccountBalance.Type => ({
  subaccount_number: subaccount,
  exchange_index: SHARD,
  balance: view.available,
  updated_ts: view.updatedAt
})

/**
 * A transfer between subaccounts.
 *
 * @since 0.1.0
 * @category conversions
 */
export const subaccountTransfer = (view: Model.TransferView): typeof Subaccounts.SubaccountTransfer.Type => ({
  transfer_id: view.transferId,
  from_subaccount: view.from,
  to_subaccount: view.to,
  amount_cents: view.amount,
  created_ts: view.at,
  exchange_index: SHARD
})

/**
 * The answer to a new order.
 *
 * @since 0.1.0
 * @category conversions
 */
export const placed = (view: Model.Placed): typeof Orders.CreateOrderResponse.Type => ({
  order_id: view.orderId,
  client_order_id: view.clientOrderId,
  fill_count: view.filled,
  remaining_count: view.remaining,
  ...(view.averagePrice === undefined ? {} : { average_fill_price: Dollars.format(view.averagePrice) }),
  ...(view.averageFee === undefined ? {} : { average_fee_paid: Dollars.format(view.averageFee) }),
  ts_ms: view.at
})

/**
 * The answer to a cancel.
 *
 * @since 0.1.0
 * @category conversions
 */
export const cancelled = (view: Model.Cancelled): typeof Orders.CancelOrderResponse.Type => ({
  order_id: view.orderId,
  client_order_id: view.clientOrderId,
  reduced_by: view.reducedBy,
  ts_ms: view.at
})

/**
 * The answer to a decrease.
 *
 * @since 0.1.0
 * @category conversions
 */
export const decreased = (view: Model.Decreased): typeof Orders.DecreaseOrderResponse.Type => ({
  order_id: view.orderId,
  client_order_id: view.clientOrderId,
  remaining_count: view.remaining,
  ts_ms: view.at
})

// how long a result stays open to dispute
const SETTLEMENT_TIMER_SECONDS = 60

/**
 * A market. What the sandbox does not track (24 hours, the day before) is told
 * as if the market had been listed today.
 *
 * @since 0.1.0
 * @category conversions
 */
export const market = (view: Model.MarketView): typeof Markets.Market.Type => {
  const { spec } = view
  const bid = view.bids[0]
  const ask = view.asks[0]
  const yesBid = bid?.price ?? Dollars.zero
  const yesAsk = ask?.price ?? Dollars.one
  return {
    ticker: spec.ticker,
    event_ticker: spec.eventTicker,
    market_type: "binary",
    title: spec.title,
    subtitle: "",
    yes_sub_title: "Yes",
    no_sub_title: "No",
    created_time: view.createdAt,
    updated_time: view.updatedAt,
    open_time: spec.openTime,
    close_time: spec.closeTime,
    latest_expiration_time: spec.closeTime,
    settlement_timer_seconds: SETTLEMENT_TIMER_SECONDS,
    status: view.status,
    yes_bid_dollars: yesBid,
    yes_bid_size_fp: bid?.count ?? Contracts.zero,
    yes_ask_dollars: yesAsk,
    yes_ask_size_fp: ask?.count ?? Contracts.zero,
    no_bid_dollars: Dollars.complement(yesAsk),
    no_ask_dollars: Dollars.complement(yesBid),
    last_price_dollars: view.lastPrice ?? Dollars.zero,
    volume_fp: view.volume,
    volume_24h_fp: view.volume,
    result: view.result?._tag ?? "",
    can_close_early: true,
    open_interest_fp: view.openInterest,
    notional_value_dollars: Dollars.one,
    previous_yes_bid_dollars: Dollars.zero,
    previous_yes_ask_dollars: Dollars.one,
    previous_price_dollars: Dollars.zero,
    ...(view.result === undefined ? {} : { settlement_value_dollars: yesValue(view.result) }),
    ...(view.settledAt === undefined ? {} : { settlement_ts: view.settledAt }),
    expiration_value: view.result?._tag ?? "",
    ...(spec.feeWaiverUntil === undefined ? {} : { fee_waiver_expiration_time: spec.feeWaiverUntil }),
    rules_primary: `${spec.title}: the sandbox decides.`,
    rules_secondary: "",
    price_level_structure: spec.priceLevelStructure,
    price_ranges: spec.grid.bands,
    exchange_index: SHARD
  }
}

/**
 * A book: bids of each side in its own prices, best last; a depth of 0 is all.
 *
 * @since 0.1.0
 * @category conversions
 */
export const book = (view: Model.MarketView, depth: number): typeof Markets.GetMarketOrderbookResponse.Type => {
  const side = (levels: ReadonlyArray<Model.Level>, price: (level: Model.Level) => Dollars.Dollars) =>
    (depth === 0 ? levels : levels.slice(0, depth)).map((level) => [price(level), level.count] as const).toReversed()
  return {
    orderbook_fp: {
      yes_dollars: side(view.bids, (level) => level.price),
      no_dollars: side(view.asks, (level) => Dollars.complement(level.price))
    }
  }
}

/**
 * A trade as everybody sees it; none is agreed off the book here.
 *
 * @since 0.1.0
 * @category conversions
 */
export const trade = (view: Model.TradeView): typeof Markets.Trade.Type => ({
  trade_id: view.tradeId,
  ticker: view.ticker,
  count_fp: view.count,
  yes_price_dollars: view.price,
  no_price_dollars: Dollars.complement(view.price),
  taker_side: Direction.outcome(view.takerSide),
  taker_outcome_side: Direction.outcome(view.takerSide),
  taker_book_side: view.takerSide,
  created_time: view.at,
  is_block_trade: false
})

/**
 * Where records are cut in two.
 *
 * @since 0.1.0
 * @category conversions
 */
export const cutoff = (at: Switches.Cutoff): typeof Historical.GetHistoricalCutoffResponse.Type => ({
  market_settled_ts: at.markets,
  trades_created_ts: at.trades,
  orders_updated_ts: at.orders,
  market_positions_last_updated_ts: at.positions
})

/**
 * The event that a market belongs to.
 *
 * @since 0.1.0
 * @category conversions
 */
export const event = (spec: Model.MarketSpec): typeof Markets.EventData.Type => ({
  event_ticker: spec.eventTicker,
  series_ticker: spec.seriesTicker,
  title: spec.title,
  sub_title: "",
  collateral_return_type: "",
  mutually_exclusive: false,
  settlement_sources: [],
  exchange_index: SHARD
})

/**
 * The series that a market belongs to.
 *
 * @since 0.1.0
 * @category conversions
 */
export const series = (spec: Model.MarketSpec): typeof Markets.Series.Type => ({
  ticker: spec.seriesTicker,
  frequency: "custom",
  title: spec.title,
  category: "Sandbox",
  categories: ["Sandbox"],
  tags: [],
  settlement_sources: [],
  contract_url: "",
  contract_terms_url: "",
  fee_type: spec.fees.type,
  fee_multiplier: spec.fees.multiplier,
  additional_prohibitions: [],
  exchange_index: SHARD
})

/**
 * Whether the exchange and trading are on, on all shards alike.
 *
 * @since 0.1.0
 * @category conversions
 */
export const status = (
  flags: {
    readonly exchangeActive: boolean
    readonly tradingActive: boolean
  },
  shards: number
): typeof Exchange.GetExchangeStatusResponse.Type => ({
  exchange_active: flags.exchangeActive,
  trading_active: flags.tradingActive,
  intra_exchange_transfers_active: flags.exchangeActive,
  exchange_index_statuses: Array.from({ length: shards }, (_, shard) => ({
    exchange_index: shard,
    description: shard === SHARD ? "Default" : `Shard ${shard}`,
    exchange_active: flags.exchangeActive,
    trading_active: flags.tradingActive,
    intra_exchange_transfers_active: flags.exchangeActive
  }))
})

/**
 * The keys of an account.
 *
 * @since 0.1.0
 * @category conversions
 */
export const apiKeys = (
  keys: ReadonlyArray<Members.Key>,
  regionExpiresAt: Timestamp.Timestamp | undefined
): typeof Exchange.GetApiKeysResponse.Type => ({
  api_keys: keys.map(({ keyId, name, scopes, subaccount }) => ({
    api_key_id: keyId,
    name,
    scopes,
    ...(subaccount === undefined ? {} : { subaccount })
  })),
  ...(regionExpiresAt === undefined ? {} : { api_key_region_expiration_ts: regionExpiresAt })
})

/**
 * The limits of an account.
 *
 * @since 0.1.0
 * @category conversions
 */
export const limits = (all: Buckets.Limits): typeof Exchange.GetAccountApiLimitsResponse.Type => ({
  usage_tier: all.tier,
  read: { refill_rate: all.read.refill, bucket_capacity: all.read.capacity },
  write: { refill_rate: all.write.refill, bucket_capacity: all.write.capacity },
  grants: []
})

/**
 * How fresh reads are.
 *
 * @since 0.1.0
 * @category conversions
 */
export const userDataTimestamp = (asOf: Timestamp.Timestamp): typeof Exchange.GetUserDataTimestampResponse.Type => ({
  as_of_time: asOf
})
