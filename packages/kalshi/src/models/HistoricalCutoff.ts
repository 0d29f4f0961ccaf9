/**
 * Where the exchange cuts its records in two: what is older has moved into the
 * archive.
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import type * as Types from "effect/Types"
import type * as Api from "../api/Historical.ts"
import * as Timestamp from "../Timestamp.ts"

/**
 * Schema of the cutoffs, one for each kind of record; each moves forward by
 * itself, at any time, and none says anything of another.
 *
 * Archived is what lies before: markets by when they settled
 * (`marketsSettled`), public trades and fills by when they were made
 * (`trades`), orders by when they ended (`orders`), positions by their last
 * update, those of an event together (`positions`, absent where the exchange
 * does not tell it). What rests or is not settled is never archived, and
 * settlements, deposits and withdrawals are not either.
 *
 * @since 0.1.0
 * @category schemas
 */
export const HistoricalCutoff = Schema.Struct({
  marketsSettled: Timestamp.Timestamp,
  trades: Timestamp.Timestamp,
  orders: Timestamp.Timestamp,
  positions: Schema.optional(Timestamp.Timestamp)
})

/**
 * Where the exchange cuts its records in two.
 *
 * @since 0.1.0
 * @category models
 */
export type HistoricalCutoff = typeof HistoricalCutoff.Type

/**
 * Reads the cutoffs of today's wire.
 *
 * @since 0.1.0
 * @category conversions
 */
export const fromWire = (wire: typeof Api.GetHistoricalCutoffResponse.Type): HistoricalCutoff => {
  const cutoff: Types.Mutable<HistoricalCutoff> = {
    marketsSettled: wire.market_settled_ts,
    trades: wire.trades_created_ts,
    orders: wire.orders_updated_ts
  }
  if (wire.market_positions_last_updated_ts != null) cutoff.positions = wire.market_positions_last_updated_ts
  return cutoff
}
