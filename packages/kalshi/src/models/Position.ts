/**
 * What an account holds: in a market, and in all markets of an event.
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import type * as Types from "effect/Types"
import type * as January2026 from "../api/legacy/January2026.ts"
import type * as Legacy from "../api/legacy/Portfolio.ts"
import type * as Api from "../api/Portfolio.ts"
import * as Contracts from "../Contracts.ts"
import * as Dollars from "../Dollars.ts"
import * as Timestamp from "../Timestamp.ts"

/**
 * Schema of a position in a market: one that is not settled yet, or in the
 * archive one that was.
 *
 * `position` is signed: positive holds YES, negative NO. `exposure` is what
 * the open position cost, `totalTraded` the cost of everything traded,
 * `realizedPnl` what is locked in; `feesPaid` is reported apart. In dollars.
 * `resting` is how many contracts rest in orders, absent where the wire had
 * none: today's has not.
 *
 * @since 0.1.0
 * @category schemas
 */
export const MarketPosition = Schema.Struct({
  ticker: Schema.String,
  position: Contracts.Contracts,
  exposure: Dollars.Dollars,
  totalTraded: Dollars.Dollars,
  realizedPnl: Dollars.Dollars,
  feesPaid: Dollars.Dollars,
  resting: Schema.optional(Contracts.Contracts),
  updatedAt: Schema.optional(Timestamp.Timestamp),
  exchangeIndex: Schema.optional(Schema.Int)
})

/**
 * A position in a market.
 *
 * @since 0.1.0
 * @category models
 */
export type MarketPosition = typeof MarketPosition.Type

/**
 * Schema of the positions of an event together, in dollars; `totalContracts`
 * are the YES and NO contracts traded and `resting` those that rest in orders,
 * each absent where the wire had none.
 *
 * @since 0.1.0
 * @category schemas
 */
export const EventPosition = Schema.Struct({
  eventTicker: Schema.String,
  totalCost: Dollars.Dollars,
  totalContracts: Schema.optional(Contracts.Contracts),
  exposure: Dollars.Dollars,
  realizedPnl: Dollars.Dollars,
  feesPaid: Dollars.Dollars,
  resting: Schema.optional(Contracts.Contracts)
})

/**
 * The positions of an event together.
 *
 * @since 0.1.0
 * @category models
 */
export type EventPosition = typeof EventPosition.Type

/**
 * Reads a market position of today's wire.
 *
 * @since 0.1.0
 * @category conversions
 */
export const fromWire = (wire: typeof Api.MarketPosition.Type): MarketPosition => {
  const position: Types.Mutable<MarketPosition> = {
    ticker: wire.ticker,
    position: wire.position_fp,
    exposure: wire.market_exposure_dollars,
    totalTraded: wire.total_traded_dollars,
    realizedPnl: wire.realized_pnl_dollars,
    feesPaid: wire.fees_paid_dollars
  }
  if (wire.last_updated_ts != null) position.updatedAt = wire.last_updated_ts
  if (wire.exchange_index != null) position.exchangeIndex = wire.exchange_index
  return position
}

/**
 * Reads a market position of January 2026: the exact string where there is
 * one, else the integer.
 *
 * @since 0.1.0
 * @category conversions
 */
export const fromWireJanuary2026 = (wire: typeof January2026.MarketPosition.Type): MarketPosition => {
  const position: Types.Mutable<MarketPosition> = {
    ticker: wire.ticker,
    position: wire.position_fp ?? wire.position,
    exposure: wire.market_exposure_dollars ?? wire.market_exposure,
    totalTraded: wire.total_traded_dollars ?? wire.total_traded,
    realizedPnl: wire.realized_pnl_dollars ?? wire.realized_pnl,
    feesPaid: wire.fees_paid_dollars ?? wire.fees_paid
  }
  if (wire.resting_orders_count != null) position.resting = wire.resting_orders_count
  if (wire.last_updated_ts != null) position.updatedAt = wire.last_updated_ts
  return position
}

/**
 * Reads a market position of the wire of 2.0.0.
 *
 * @since 0.1.0
 * @category conversions
 */
export const fromWire2024 = (wire: typeof Legacy.MarketPosition.Type): MarketPosition => ({
  ticker: wire.ticker,
  position: wire.position,
  exposure: wire.market_exposure,
  totalTraded: wire.total_traded,
  realizedPnl: wire.realized_pnl,
  feesPaid: wire.fees_paid,
  resting: wire.resting_orders_count,
  updatedAt: wire.last_updated_ts
})

/**
 * Reads an event position of today's wire.
 *
 * @since 0.1.0
 * @category conversions
 */
export const eventFromWire = (wire: typeof Api.EventPosition.Type): EventPosition => {
  const position: Types.Mutable<EventPosition> = {
    eventTicker: wire.event_ticker,
    totalCost: wire.total_cost_dollars,
    exposure: wire.event_exposure_dollars,
    realizedPnl: wire.realized_pnl_dollars,
    feesPaid: wire.fees_paid_dollars
  }
  if (wire.total_cost_shares_fp != null) position.totalContracts = wire.total_cost_shares_fp
  return position
}

/**
 * Reads an event position of January 2026: the exact string where there is
 * one, else the integer.
 *
 * @since 0.1.0
 * @category conversions
 */
export const eventFromWireJanuary2026 = (wire: typeof January2026.EventPosition.Type): EventPosition => {
  const position: Types.Mutable<EventPosition> = {
    eventTicker: wire.event_ticker,
    totalCost: wire.total_cost_dollars ?? wire.total_cost,
    exposure: wire.event_exposure_dollars ?? wire.event_exposure,
    realizedPnl: wire.realized_pnl_dollars ?? wire.realized_pnl,
    feesPaid: wire.fees_paid_dollars ?? wire.fees_paid
  }
  const totalContracts = wire.total_cost_shares_fp ?? wire.total_cost_shares
  if (totalContracts != null) position.totalContracts = totalContracts
  if (wire.resting_order_count != null) position.resting = wire.resting_order_count
  return position
}

/**
 * Reads an event position of the wire of 2.0.0.
 *
 * @since 0.1.0
 * @category conversions
 */
export const eventFromWire2024 = (wire: typeof Legacy.EventPosition.Type): EventPosition => ({
  eventTicker: wire.event_ticker,
  totalCost: wire.total_cost,
  exposure: wire.event_exposure,
  realizedPnl: wire.realized_pnl,
  feesPaid: wire.fees_paid,
  resting: wire.resting_order_count
})
