/**
 * What a ledger is made of, and what it tells.
 */
import type * as Duration from "effect/Duration"
import type * as Contracts from "effect-kalshi/Contracts"
import type * as Direction from "effect-kalshi/Direction"
import type * as Dollars from "effect-kalshi/Dollars"
import type * as Fees from "effect-kalshi/Fees"
import type * as Fill from "effect-kalshi/models/Fill"
import type * as Funding from "effect-kalshi/models/Funding"
import type * as Market from "effect-kalshi/models/Market"
import type * as Order from "effect-kalshi/models/Order"
import type * as SubaccountTransfer from "effect-kalshi/models/SubaccountTransfer"
import type * as Timestamp from "effect-kalshi/Timestamp"
import type * as Discrepancy from "../Discrepancy.ts"
import type * as Kind from "../Kind.ts"

/**
 * What a ledger has to know of a market, which `Market` has: what YES paid, what
 * its price is, and which event it belongs to.
 *
 * @since 0.1.0
 * @category models
 */
export type MarketFacts = Pick<Market.Market, "ticker"> &
  Partial<
    Pick<
      Market.Market,
      "eventTicker" | "result" | "settlementValue" | "settledAt" | "lastPrice" | "bid" | "ask" | "feeWaiverUntil"
    >
  >

/**
 * What the exchange said of the money of a subaccount at an instant, in dollars:
 * `available` is its free balance, over all shards, `reserved` what its resting
 * orders set aside, nothing unless told.
 *
 * @since 0.1.0
 * @category models
 */
export interface Snapshot {
  readonly at: Timestamp.Timestamp
  readonly subaccount: number
  readonly available: Dollars.Dollars
  readonly reserved?: Dollars.Dollars | undefined
}

/**
 * Money that the exchange does not list, in a row of your own: interest, an
 * incentive, a correction. In dollars, negative where it was taken.
 *
 * @since 0.1.0
 * @category models
 */
export interface Adjustment {
  readonly at: Timestamp.Timestamp
  readonly subaccount: number
  readonly amount: Dollars.Dollars
  readonly reason: string
}

/**
 * The records of an account from its first on, in any order. Where orders or
 * positions are given, they are all of them, read when nothing traded meanwhile.
 *
 * @since 0.1.0
 * @category models
 */
export interface Records {
  readonly fills: Iterable<Fill.Fill>
  readonly settlements?: Iterable<Kind.Settlement> | undefined
  /** What settled markets paid, and what open ones are worth. */
  readonly markets?: Iterable<MarketFacts> | undefined
  readonly deposits?: Iterable<Funding.Deposit> | undefined
  readonly withdrawals?: Iterable<Funding.Withdrawal> | undefined
  readonly transfers?: Iterable<SubaccountTransfer.SubaccountTransfer> | undefined
  readonly adjustments?: Iterable<Adjustment> | undefined
  readonly orders?: Iterable<Order.Order> | undefined
  readonly positions?: Iterable<Kind.Position> | undefined
  readonly snapshots?: Iterable<Snapshot> | undefined
}

/**
 * How a ledger is kept.
 *
 * @since 0.1.0
 * @category models
 */
export interface Options {
  /** How the exchange rounds at an instant; that of a direct member unless told. */
  readonly precision?: Fees.Precision | ((at: Timestamp.Timestamp) => Fees.Precision) | undefined
  /** How a market charges, for notes on fees unlike the model; none without it. */
  readonly schedule?: ((ticker: string) => Fees.Schedule | undefined) | undefined
  /** The series of a market; its ticker up to the first dash unless told. */
  readonly series?: ((ticker: string) => string) | undefined
  /** What YES is worth in an open market, in dollars; its last price unless told. */
  readonly mark?: ((market: MarketFacts) => Dollars.Dollars | undefined) | undefined
  /** How far apart the points of the equity are; a day (UTC) unless told. */
  readonly step?: Duration.Input | undefined
}

/**
 * Which lot is closed first: the oldest, or a part of all at their average cost.
 *
 * @since 0.1.0
 * @category models
 */
export type Method = "fifo" | "average"

/**
 * An amount in dollars by either method.
 *
 * @since 0.1.0
 * @category models
 */
export type ByMethod = Readonly<Record<Method, Dollars.Dollars>>

/**
 * Where a market belongs.
 *
 * @since 0.1.0
 * @category models
 */
export interface Belonging extends Discrepancy.Place {
  readonly event: string
  readonly series: string
}

/**
 * Contracts that were bought in one fill and are held. `price` is what one cost,
 * in dollars, `cost` what they cost together and `openingFee` their part of the
 * fee of the fill, both by FIFO.
 *
 * @since 0.1.0
 * @category models
 */
export interface OpenLot extends Belonging {
  readonly side: Direction.Outcome
  readonly contracts: Contracts.Contracts
  readonly price: Dollars.Dollars
  readonly cost: Dollars.Dollars
  readonly openingFee: Dollars.Dollars
  readonly acquired: Timestamp.Timestamp
  readonly openedBy: { readonly tradeId: string; readonly orderId: string }
}

/**
 * Contracts that were bought in one fill and gave their money back in another,
 * or at the end of their market.
 *
 * `proceeds` is what they gave and `cost` what they cost, in dollars without
 * fees; `openingFee` and `closingFee` are their parts of the fees of both fills.
 * By average the lots are the same and bear a part of what all had cost.
 * `exitPrice` is absent where the market paid.
 *
 * @since 0.1.0
 * @category models
 */
export interface ClosedLot extends Belonging {
  readonly side: Direction.Outcome
  readonly contracts: Contracts.Contracts
  readonly entryPrice: Dollars.Dollars
  readonly exitPrice?: Dollars.Dollars
  readonly acquired: Timestamp.Timestamp
  readonly disposed: Timestamp.Timestamp
  readonly proceeds: Dollars.Dollars
  readonly closingFee: Dollars.Dollars
  readonly cost: ByMethod
  readonly openingFee: ByMethod
  readonly closedBy: "trade" | "settlement"
}

/**
 * A market that a subaccount ever traded. `position` is signed, positive YES;
 * counts and costs are of all that was bought on a side, in dollars without
 * fees. `realised` is what closed lots earned, without fees; `fees` all recorded
 * fees, of which `openFees` are of lots that are held, which cost `openCost`;
 * `value` is what these are worth, absent where the market tells no price.
 *
 * @since 0.1.0
 * @category models
 */
export interface Holding extends Belonging {
  readonly position: Contracts.Contracts
  readonly yesCount: Contracts.Contracts
  readonly yesCost: Dollars.Dollars
  readonly noCount: Contracts.Contracts
  readonly noCost: Dollars.Dollars
  readonly fees: Dollars.Dollars
  readonly payout: Dollars.Dollars
  readonly realised: ByMethod
  readonly openCost: ByMethod
  readonly openFees: ByMethod
  readonly value?: Dollars.Dollars
  readonly updatedAt: Timestamp.Timestamp
  readonly settledAt?: Timestamp.Timestamp
}

/**
 * The cash of a subaccount and where it came from, in dollars: `traded` is what
 * trades paid and brought in without fees, `paidOut` what settlements paid,
 * `adjusted` the rows of your own.
 *
 * `cash = deposited − withdrawn + received − sent + traded − fees + paidOut + adjusted`.
 *
 * @since 0.1.0
 * @category models
 */
export interface Account {
  readonly subaccount: number
  readonly deposited: Dollars.Dollars
  readonly withdrawn: Dollars.Dollars
  readonly received: Dollars.Dollars
  readonly sent: Dollars.Dollars
  readonly traded: Dollars.Dollars
  readonly fees: Dollars.Dollars
  readonly paidOut: Dollars.Dollars
  readonly adjusted: Dollars.Dollars
  readonly cash: Dollars.Dollars
}

/**
 * What a series did in a month (`2026-11`, UTC). `fees` are those of its fills
 * in the month, `takerFees` of them those of takers; `realised` what the lots
 * earned that were closed in it, without fees; `gain` the same less their parts
 * of fees; `won` and `lost` how many closed lots gained, or not, by FIFO;
 * `volume` what its fills cost.
 *
 * @since 0.1.0
 * @category models
 */
export interface Month {
  readonly month: string
  readonly series: string
  readonly fills: number
  readonly contracts: Contracts.Contracts
  readonly volume: Dollars.Dollars
  readonly fees: Dollars.Dollars
  readonly takerFees: Dollars.Dollars
  readonly realised: ByMethod
  readonly gain: ByMethod
  readonly won: number
  readonly lost: number
}

/**
 * How the account stood when a step of time was over, at its last record.
 * `equity` is all cash and what the open lots cost: the exchange does not tell
 * what they were worth. `funded` is what was paid in less what was paid out, and
 * `gain` the equity above that, so that fees are off it; in dollars.
 *
 * @since 0.1.0
 * @category models
 */
export interface EquityPoint {
  readonly at: Timestamp.Timestamp
  readonly cash: Dollars.Dollars
  readonly openCost: Dollars.Dollars
  readonly equity: Dollars.Dollars
  readonly funded: Dollars.Dollars
  readonly gain: Dollars.Dollars
  readonly realised: Dollars.Dollars
  readonly fees: Dollars.Dollars
}

/**
 * Money that came to a subaccount between two snapshots, or left it where it is
 * negative, and that no record tells of.
 *
 * @since 0.1.0
 * @category models
 */
export interface Unexplained {
  readonly subaccount: number
  readonly from: Timestamp.Timestamp
  readonly until: Timestamp.Timestamp
  readonly amount: Dollars.Dollars
}

/**
 * What is worth knowing and is no discrepancy.
 *
 * - `FeeUnlikeModel`: the recorded fee, which counts, is not that of the model.
 * - `FeeAbsent`: a record has no fee; it counts as $0, which it may not have been.
 * - `OrderAbsent`: a fill of an order that is not among the orders.
 * - `PaidToTheCent`: the value of the market is not known, so its payout is known
 *   to the cent alone.
 * - `FundingFee`: a deposit or a withdrawal had a fee, of which it is not
 *   documented whether it is in the amount; it is not counted.
 * - `RowsUnlike`: most rows of a kind differ from the fills in this, so that the
 *   exchange means something else by it; it was not compared.
 *
 * @since 0.1.0
 * @category models
 */
export type Note =
  | {
      readonly _tag: "FeeUnlikeModel"
      readonly tradeId: string
      readonly orderId: string
      readonly ticker: string
      readonly recorded: Dollars.Dollars
      readonly model: Dollars.Dollars
    }
  | { readonly _tag: "FeeAbsent"; readonly tradeId: string; readonly orderId: string; readonly ticker: string }
  | { readonly _tag: "OrderAbsent"; readonly orderId: string; readonly ticker: string }
  | (Discrepancy.Place & { readonly _tag: "PaidToTheCent" })
  | { readonly _tag: "FundingFee"; readonly id: string; readonly fee: Dollars.Dollars }
  | { readonly _tag: "RowsUnlike"; readonly row: "order" | "settlement" | "position"; readonly what: string }

/**
 * All of an account in dollars: `gain` is what closed lots earned less all fees
 * that they bear, `openGain` what the held lots of known value are worth above
 * what they cost with fees.
 *
 * @since 0.1.0
 * @category models
 */
export interface Totals {
  readonly cash: Dollars.Dollars
  readonly realised: ByMethod
  readonly gain: ByMethod
  readonly fees: Dollars.Dollars
  readonly openCost: ByMethod
  readonly openFees: ByMethod
  readonly value: Dollars.Dollars
  readonly openGain: ByMethod
  /** Open holdings whose value is not known, which are left out of `value` and `openGain`. */
  readonly unmarked: number
}

/**
 * An account, explained.
 *
 * @since 0.1.0
 * @category models
 */
export interface Ledger {
  readonly totals: Totals
  readonly accounts: ReadonlyArray<Account>
  readonly holdings: ReadonlyArray<Holding>
  readonly open: ReadonlyArray<OpenLot>
  /** By when they were closed. */
  readonly closed: ReadonlyArray<ClosedLot>
  /** By month and series. */
  readonly months: ReadonlyArray<Month>
  readonly equity: ReadonlyArray<EquityPoint>
  readonly discrepancies: ReadonlyArray<Discrepancy.Discrepancy>
  readonly unexplained: ReadonlyArray<Unexplained>
  readonly notes: ReadonlyArray<Note>
}
