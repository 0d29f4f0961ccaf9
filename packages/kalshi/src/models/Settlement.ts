/**
 * What a market paid when it ended.
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
 * what they paid (`revenue`, known to the cent), and the fees of their trades,
 * absent where the wire had none, which does not mean that they were free.
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
  fee: Schema.optional(Dollars.Dollars),
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
 * What tells settlements apart, as far as anything does: they name no
 * subaccount and have no id, so it is the whole row. Two subaccounts that did
 * the same in a market have the same; read one subaccount at a time there.
 *
 * @since 0.1.0
 * @category accessors
 */
export const key = (settlement: Settlement): string =>
  [
    settlement.ticker,
    settlement.settledAt,
    settlement.yesCount,
    settlement.yesCost,
    settlement.noCount,
    settlement.noCost,
    settlement.revenue,
    settlement.fee
  ].join("/")

const CENT = Dollars.cents(1)

/** What YES paid, as far as the record tells. */
const payoutOfYes = (result: Result): Dollars.Dollars | undefined =>
  Result.match(result, {
    yes: () => Dollars.one,
    no: () => Dollars.zero,
    scalar: ({ value }) => value,
    other: () => undefined
  })

/**
 * What the market earned in the end, in dollars, negative for a loss; it is as
 * exact as `revenue`, which the exchange sends in whole cents.
 *
 * The counts are of all contracts that were bought, and a YES and a NO of one
 * market pay their dollar when they meet, not when the market settles. Whether
 * `revenue` has those dollars in it is not documented, and records differ from
 * the documented formula; it is decided here from the counts and the result.
 * Where neither reading fits, or the record has no fee, the answer is
 * `unknown`, not a guess.
 *
 * Throws a `RangeError` beyond the exact range of `Dollars`.
 *
 * @since 0.1.0
 * @category math
 */
export const netPnl = (
  settlement: Pick<Settlement, "result" | "yesCount" | "yesCost" | "noCount" | "noCost" | "revenue" | "fee">
): Dollars.Dollars | "unknown" => {
  const { fee, noCount, revenue, result, yesCount } = settlement
  if (fee === undefined) return "unknown"
  const paid = Dollars.subtract(revenue, Dollars.sum([settlement.yesCost, settlement.noCost, fee]))
  const met = Contracts.min(yesCount, noCount)
  // nothing met before the end, so both readings are one
  if (met === 0) return paid
  const ofYes = payoutOfYes(result)
  if (ofYes === undefined) return "unknown"
  const pairs = Dollars.times(Dollars.one, met)
  const open = Dollars.add(
    Dollars.timesRounded(ofYes, Contracts.subtract(yesCount, met), "floor"),
    Dollars.timesRounded(Dollars.complement(ofYes), Contracts.subtract(noCount, met), "floor")
  )
  // revenue is cut to cents, and so is the payout of a scalar, for each contract
  const left = Contracts.abs(Contracts.subtract(yesCount, noCount))
  const tolerance = result._tag === "scalar" ? Dollars.add(CENT, Dollars.timesRounded(CENT, left, "ceil")) : CENT
  const fits = (expected: Dollars.Dollars): boolean =>
    revenue <= expected + (tolerance - CENT) && expected - revenue < tolerance
  const without = fits(open)
  const within = fits(Dollars.add(open, pairs))
  if (without === within) return "unknown"
  return without ? Dollars.add(paid, pairs) : paid
}

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
 * Reads a settlement of January 2026: the exact string where there is one,
 * else the integer.
 *
 * @since 0.1.0
 * @category conversions
 */
export const fromWireJanuary2026 = (wire: typeof January2026.Settlement.Type): Settlement => {
  const settlement: Types.Mutable<Settlement> = {
    ticker: wire.ticker,
    result: result(wire.market_result, wire.value),
    yesCount: wire.yes_count_fp ?? wire.yes_count,
    yesCost: wire.yes_total_cost_dollars ?? wire.yes_total_cost,
    noCount: wire.no_count_fp ?? wire.no_count,
    noCost: wire.no_total_cost_dollars ?? wire.no_total_cost,
    revenue: wire.revenue,
    settledAt: wire.settled_time
  }
  if (wire.fee_cost != null) settlement.fee = wire.fee_cost
  if (wire.event_ticker != null) settlement.eventTicker = wire.event_ticker
  return settlement
}

/**
 * Reads a settlement of the wire of 2.0.0, which had no fee.
 *
 * @since 0.1.0
 * @category conversions
 */
export const fromWire2024 = (wire: typeof Legacy.Settlement.Type): Settlement => ({
  ticker: wire.ticker,
  result: result(wire.market_result, undefined),
  yesCount: wire.yes_count,
  yesCost: wire.yes_total_cost,
  noCount: wire.no_count,
  noCost: wire.no_total_cost,
  revenue: wire.revenue,
  settledAt: wire.settled_time
})
