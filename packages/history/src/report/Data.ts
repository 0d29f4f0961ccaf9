/**
 * What a report shows, as plain values.
 */
import * as Schema from "effect/Schema"
import * as Contracts from "effect-kalshi/Contracts"
import * as Dollars from "effect-kalshi/Dollars"
import * as Timestamp from "effect-kalshi/Timestamp"

const Count = Schema.Int.check(Schema.isGreaterThanOrEqualTo(0))

/** Money of trading, of whatever part of it. */
const results = {
  profit: Dollars.Dollars,
  fees: Dollars.Dollars,
  volume: Dollars.Dollars
}

/**
 * Schema of whose figures these are; `environment` is the exchange's name
 * (`production`, `demo`, `sandbox` or your own).
 *
 * @since 0.1.0
 * @category schemas
 */
export const Account = Schema.Struct({ name: Schema.String, environment: Schema.String })

/**
 * Whose figures these are.
 *
 * @since 0.1.0
 * @category models
 */
export type Account = typeof Account.Type

/**
 * Schema of the whole: `profit` is realised and after fees, `fees` are those
 * charged in the period (rebates taken off), `volume` is price × count of all
 * fills, `lots` the closed lots and `wins` those of them with a profit above $0
 * after fees.
 *
 * @since 0.1.0
 * @category schemas
 */
export const Totals = Schema.Struct({
  ...results,
  contracts: Contracts.Contracts,
  fills: Count,
  lots: Count,
  wins: Count
})

/**
 * The whole.
 *
 * @since 0.1.0
 * @category models
 */
export type Totals = typeof Totals.Type

/**
 * Schema of what the account was worth at an instant: cash, and the open
 * positions by the basis of the equity.
 *
 * @since 0.1.0
 * @category schemas
 */
export const EquityPoint = Schema.Struct({ at: Timestamp.Timestamp, cash: Dollars.Dollars, open: Dollars.Dollars })

/**
 * What the account was worth at an instant.
 *
 * @since 0.1.0
 * @category models
 */
export type EquityPoint = typeof EquityPoint.Type

/**
 * Schema of the equity over time, oldest first. `basis` says what an open
 * position counts for: what it cost, or the exchange's price of the instant.
 *
 * @since 0.1.0
 * @category schemas
 */
export const Equity = Schema.Struct({
  basis: Schema.Literals(["cost", "mark"]),
  points: Schema.Array(EquityPoint)
})

/**
 * The equity over time.
 *
 * @since 0.1.0
 * @category models
 */
export type Equity = typeof Equity.Type

/**
 * Schema of money that came into the account (above $0) or left it (below),
 * such as a deposit, a withdrawal or a transfer between subaccounts.
 *
 * @since 0.1.0
 * @category schemas
 */
export const Funding = Schema.Struct({ at: Timestamp.Timestamp, name: Schema.String, amount: Dollars.Dollars })

/**
 * Money that came into the account or left it.
 *
 * @since 0.1.0
 * @category models
 */
export type Funding = typeof Funding.Type

/**
 * Schema of the results of a series; those of all series add up to the totals.
 *
 * @since 0.1.0
 * @category schemas
 */
export const SeriesResult = Schema.Struct({
  series: Schema.String,
  title: Schema.optional(Schema.String),
  ...results
})

/**
 * The results of a series.
 *
 * @since 0.1.0
 * @category models
 */
export type SeriesResult = typeof SeriesResult.Type

/**
 * Schema of the results of a month of UTC (`2026-03`), each month once; those of
 * all months add up to the totals. A month without any may be left out.
 *
 * @since 0.1.0
 * @category schemas
 */
export const MonthResult = Schema.Struct({
  month: Schema.String.check(Schema.isPattern(/^\d{4}-(0[1-9]|1[0-2])$/, { expected: "a month as 2026-03" })),
  ...results
})

/**
 * The results of a month.
 *
 * @since 0.1.0
 * @category models
 */
export type MonthResult = typeof MonthResult.Type

/**
 * Schema of the lots that were opened at a price from `from` (a multiple of
 * $0.10) to below $0.10 more, and closed since. `prices` is the sum of their
 * entry prices, one for each lot: divided by `lots` it is the share of wins
 * that the prices themselves expect.
 *
 * @since 0.1.0
 * @category schemas
 */
export const PriceResult = Schema.Struct({
  from: Dollars.Dollars,
  lots: Count,
  wins: Count,
  prices: Dollars.Dollars
})

/**
 * The lots that were opened at a range of prices.
 *
 * @since 0.1.0
 * @category models
 */
export type PriceResult = typeof PriceResult.Type

/**
 * Schema of what the open positions in the markets of an event cost.
 *
 * @since 0.1.0
 * @category schemas
 */
export const Exposure = Schema.Struct({
  event: Schema.String,
  title: Schema.optional(Schema.String),
  markets: Count,
  cost: Dollars.Dollars
})

/**
 * What the open positions in the markets of an event cost.
 *
 * @since 0.1.0
 * @category models
 */
export type Exposure = typeof Exposure.Type

/**
 * Schema of a closed lot. Its profit is `proceeds − cost − fees`; `fees` are
 * those of opening and closing it.
 *
 * @since 0.1.0
 * @category schemas
 */
export const Lot = Schema.Struct({
  ticker: Schema.String,
  title: Schema.optional(Schema.String),
  side: Schema.Literals(["yes", "no"]),
  count: Contracts.Contracts,
  openedAt: Timestamp.Timestamp,
  closedAt: Timestamp.Timestamp,
  closedBy: Schema.Literals(["trade", "settlement"]),
  cost: Dollars.Dollars,
  proceeds: Dollars.Dollars,
  fees: Dollars.Dollars
})

/**
 * A closed lot.
 *
 * @since 0.1.0
 * @category models
 */
export type Lot = typeof Lot.Type

/**
 * Schema of the comparison of cash: `computed` from the records, `reported` as
 * the exchange's balance, `resting` what resting orders reserve of it. The
 * first should be the other two together.
 *
 * @since 0.1.0
 * @category schemas
 */
export const Balance = Schema.Struct({
  at: Timestamp.Timestamp,
  computed: Dollars.Dollars,
  reported: Dollars.Dollars,
  resting: Dollars.Dollars
})

/**
 * The comparison of cash.
 *
 * @since 0.1.0
 * @category models
 */
export type Balance = typeof Balance.Type

/**
 * Schema of what does not agree: what was found, in a sentence, the records
 * that it lies in, and by how much, where that is known.
 *
 * @since 0.1.0
 * @category schemas
 */
export const Discrepancy = Schema.Struct({
  message: Schema.String,
  records: Schema.Array(Schema.String),
  amount: Schema.optional(Dollars.Dollars)
})

/**
 * What does not agree.
 *
 * @since 0.1.0
 * @category models
 */
export type Discrepancy = typeof Discrepancy.Type

/**
 * Schema of a change of the balance between two instants that no record
 * explains.
 *
 * @since 0.1.0
 * @category schemas
 */
export const Unexplained = Schema.Struct({
  from: Timestamp.Timestamp,
  until: Timestamp.Timestamp,
  amount: Dollars.Dollars,
  note: Schema.optional(Schema.String)
})

/**
 * A change of the balance that no record explains.
 *
 * @since 0.1.0
 * @category models
 */
export type Unexplained = typeof Unexplained.Type

/**
 * Schema of all that a report shows.
 *
 * The period is from `from` (absent: from the first record on) to `until`;
 * `asOf` is the instant up to which the exchange's records were complete when
 * they were read. Of `lots` the report shows the ten best and the ten worst, so
 * that any others may be left out. `balance` is absent where it was not
 * compared. `notes` are sentences about single figures, and `omitted` what
 * these figures do not contain beyond what none can.
 *
 * @since 0.1.0
 * @category schemas
 */
export const Data = Schema.Struct({
  account: Account,
  from: Schema.optional(Timestamp.Timestamp),
  until: Timestamp.Timestamp,
  asOf: Timestamp.Timestamp,
  totals: Totals,
  equity: Equity,
  fundings: Schema.Array(Funding),
  series: Schema.Array(SeriesResult),
  months: Schema.Array(MonthResult),
  prices: Schema.Array(PriceResult),
  exposures: Schema.Array(Exposure),
  lots: Schema.Array(Lot),
  balance: Schema.optional(Balance),
  discrepancies: Schema.Array(Discrepancy),
  unexplained: Schema.Array(Unexplained),
  notes: Schema.Array(Schema.String),
  omitted: Schema.Array(Schema.String)
})

/**
 * All that a report shows.
 *
 * @since 0.1.0
 * @category models
 */
export type Data = typeof Data.Type
