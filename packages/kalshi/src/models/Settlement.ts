/**
 * What a market paid when it ended.
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import type * as Types from "effect/Types"
import type * as January2026 from "../api/legacy/January2026.ts"
import type * as Api from "../api/Portfolio.ts"
import * as Contracts from "../Contracts.ts"
import * as Dollars from "../Dollars.ts"
import * as Timestamp from "../Timestamp.ts"

/**
 * Schema of how a market ended.
 *
 * `scalar` pays `value` dollars for a contract of YES and $1 − `value` for one
 * of NO; the wire has it in whole cents, so what is below a cent is lost and
 * the market's `settlementValue` is the exact one. `other` is any result that
 * is not known here, such as `void`, by its name.
 *
 * @since 0.1.0
 * @category schemas
 */
export const Result = Schema.TaggedUnion({
  yes: {},
  no: {},
  scalar: { value: Schema.optional(Dollars.Dollars) },
  other: { name: Schema.String }
})

/**
 * How a market ended.
 *
 * @since 0.1.0
 * @category models
 */
export type Result = typeof Result.Type

/**
 * Schema of a settlement, in dollars: what the YES and the NO contracts cost,
 * what they paid (`revenue`, known to the cent), and the fees of their trades.
 *
 * A settlement names no subaccount and has no id.
 *
 * @since 0.1.0
 * @category schemas
 */
export const Settlement = Schema.Struct({
  ticker: Schema.String,
  eventTicker: Schema.optional(Schema.String),
  result: Result,
  yesCount: Contracts.Contracts,
  yesCost: Dollars.Dollars,
  noCount: Contracts.Contracts,
  noCost: Dollars.Dollars,
  revenue: Dollars.Dollars,
  fee: Dollars.Dollars,
  settledAt: Timestamp.Timestamp,
  exchangeIndex: Schema.optional(Schema.Int)
})

/**
 * What a market paid when it ended.
 *
 * @since 0.1.0
 * @category models
 */
export type Settlement = typeof Settlement.Type

/**
 * What the market earned in the end, in dollars:
 * `revenue − yesCost − noCost − fee`, negative for a loss.
 *
 * It is as exact as `revenue`, which the exchange sends in whole cents. Throws
 * a `RangeError` beyond the exact range of `Dollars`.
 *
 * @since 0.1.0
 * @category math
 */
export const netPnl = (settlement: Pick<Settlement, "revenue" | "yesCost" | "noCost" | "fee">): Dollars.Dollars =>
  Dollars.subtract(
    settlement.revenue,
    Dollars.sum([settlement.yesCost, settlement.noCost, settlement.fee])
  )

const result = (name: string, value: Dollars.Dollars | null | undefined): Result => {
  switch (name) {
    case "yes":
      return { _tag: "yes" }
    case "no":
      return { _tag: "no" }
    case "scalar":
      return value == null ? { _tag: "scalar" } : { _tag: "scalar", value }
    default:
      return { _tag: "other", name }
  }
}

/**
 * Reads a settlement of today's wire.
 *
 * @since 0.1.0
 * @category conversions
 */
export const fromWire = (wire: typeof Api.Settlement.Type): Settlement => {
  const settlement: Types.Mutable<Settlement> = {
    ticker: wire.ticker,
    result: result(wire.market_result, wire.value),
    yesCount: wire.yes_count_fp,
    yesCost: wire.yes_total_cost_dollars,
    noCount: wire.no_count_fp,
    noCost: wire.no_total_cost_dollars,
    revenue: wire.revenue,
    fee: wire.fee_cost,
    settledAt: wire.settled_time
  }
  if (wire.event_ticker != null) settlement.eventTicker = wire.event_ticker
  if (wire.exchange_index != null) settlement.exchangeIndex = wire.exchange_index
  return settlement
}

/**
 * Reads a settlement of January 2026.
 *
 * @since 0.1.0
 * @category conversions
 */
export const fromWireJanuary2026 = (wire: typeof January2026.Settlement.Type): Settlement => {
  const settlement: Types.Mutable<Settlement> = {
    ticker: wire.ticker,
    result: result(wire.market_result, wire.value),
    yesCount: wire.yes_count,
    yesCost: wire.yes_total_cost_dollars ?? wire.yes_total_cost,
    noCount: wire.no_count,
    noCost: wire.no_total_cost_dollars ?? wire.no_total_cost,
    revenue: wire.revenue,
    fee: wire.fee_cost,
    settledAt: wire.settled_time
  }
  if (wire.event_ticker != null) settlement.eventTicker = wire.event_ticker
  return settlement
}
