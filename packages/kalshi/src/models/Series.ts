/**
 * A series: the family of events that a market belongs to, and how it charges.
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import type * as Types from "effect/Types"
import type * as Api from "../api/Markets.ts"
import type * as Fees from "../Fees.ts"

/**
 * Schema of a series; `tags` is empty when it has none.
 *
 * @since 0.1.0
 * @category schemas
 */
export const Series = Schema.Struct({
  ticker: Schema.String,
  title: Schema.optional(Schema.String),
  category: Schema.optional(Schema.String),
  frequency: Schema.optional(Schema.String),
  tags: Schema.Array(Schema.String),
  feeType: Schema.String,
  feeMultiplier: Schema.Finite,
  exchangeIndex: Schema.optional(Schema.Int)
})

/**
 * A series.
 *
 * @since 0.1.0
 * @category models
 */
export type Series = typeof Series.Type

/**
 * How the markets of a series charge, unless their event overrides it.
 *
 * @since 0.1.0
 * @category accessors
 */
export const fees = (series: Pick<Series, "feeType" | "feeMultiplier">): Fees.Schedule => ({
  type: series.feeType,
  multiplier: series.feeMultiplier
})

/**
 * Reads a series of the wire, which is the same since January 2026.
 *
 * @since 0.1.0
 * @category conversions
 */
export const fromWire = (wire: typeof Api.Series.Type): Series => {
  const series: Types.Mutable<Series> = {
    ticker: wire.ticker,
    tags: wire.tags ?? [],
    feeType: wire.fee_type,
    feeMultiplier: wire.fee_multiplier
  }
  if (wire.title != null) series.title = wire.title
  if (wire.category != null) series.category = wire.category
  if (wire.frequency != null) series.frequency = wire.frequency
  if (wire.exchange_index != null) series.exchangeIndex = wire.exchange_index
  return series
}
