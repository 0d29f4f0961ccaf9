/**
 * What the engine is asked and what it answers: plain data, no behaviour.
 *
 * Prices are YES prices in dollars per contract, counts are exact, instants
 * are epoch microseconds. A position is signed: positive YES, negative NO.
 */
import type * as Contracts from "effect-kalshi/Contracts"
import type * as Direction from "effect-kalshi/Direction"
import type * as Dollars from "effect-kalshi/Dollars"
import type * as Fees from "effect-kalshi/Fees"
import type * as PriceGrid from "effect-kalshi/PriceGrid"
import type * as Timestamp from "effect-kalshi/Timestamp"

/** Identifies an account; the wire shows it as `user_id`. */
export type AccountId = string

export type MarketStatus = "initialized" | "active" | "inactive" | "closed" | "determined" | "finalized"

/** A market as it is listed. */
export interface MarketSpec {
  readonly ticker: string
  readonly eventTicker: string
  readonly seriesTicker: string
  readonly title: string
  /** The name of the grid, `linear_cent` for whole cents. */
  readonly priceLevelStructure: string
  readonly grid: PriceGrid.PriceGrid
  readonly fees: Fees.Schedule
  /** Before this instant fills cost no fee. */
  readonly feeWaiverUntil?: Timestamp.Timestamp | undefined
  readonly openTime: Timestamp.Timestamp
  readonly closeTime: Timestamp.Timestamp
}

/** What a contract paid. `scalar` pays `value` to YES and 1 − value to NO. */
export type Result =
  | { readonly _tag: "yes" }
  | { readonly _tag: "no" }
  | { readonly _tag: "scalar"; readonly value: Dollars.Dollars }

export type TimeInForce = "good_till_canceled" | "immediate_or_cancel" | "fill_or_kill"
export type SelfTradePrevention = "taker_at_cross" | "maker"
export type OrderStatus = "resting" | "canceled" | "executed"

/** The words that an order was placed in: two mean its side, the third was translated before it came here. */
export interface Words extends Direction.Words {
  readonly type: "limit" | "market"
}

export interface NewOrder {
  readonly ticker: string
  readonly side: Direction.Direction
  /** Remembered and shown again, nothing else; default: a limit that buys the outcome that the side gains from. */
  readonly words?: (Direction.Words & Partial<Words>) | undefined
  readonly price: Dollars.Dollars
  readonly count: Contracts.Contracts
  readonly timeInForce: TimeInForce
  readonly selfTradePrevention: SelfTradePrevention
  readonly clientOrderId?: string | undefined
  readonly expiration?: Timestamp.Timestamp | undefined
  readonly postOnly?: boolean | undefined
  readonly reduceOnly?: boolean | undefined
  readonly cancelOnPause?: boolean | undefined
  /** Default 0, the primary one. */
  readonly subaccount?: number | undefined
}

/** Money that is to go from one subaccount of an account to another, once under this id. */
export interface Transfer {
  readonly clientTransferId: string
  readonly from: number
  readonly to: number
  /** Whole cents. */
  readonly amount: Dollars.Dollars
}

/** A transfer that was made. */
export interface TransferView extends Transfer {
  readonly sequence: number
  readonly transferId: string
  readonly accountId: AccountId
  readonly at: Timestamp.Timestamp
}

/** The answer to a create or an amend: the fills are those of this command alone. */
export interface Placed {
  readonly orderId: string
  readonly clientOrderId: string
  readonly filled: Contracts.Contracts
  readonly remaining: Contracts.Contracts
  /** Averages per contract, rounded to a micro-dollar; absent without a fill. */
  readonly averagePrice?: Dollars.Dollars | undefined
  readonly averageFee?: Dollars.Dollars | undefined
  readonly at: Timestamp.Timestamp
}

export interface Cancelled {
  readonly orderId: string
  readonly clientOrderId: string
  readonly reducedBy: Contracts.Contracts
  readonly at: Timestamp.Timestamp
}

export interface Decreased {
  readonly orderId: string
  readonly clientOrderId: string
  readonly remaining: Contracts.Contracts
  readonly at: Timestamp.Timestamp
}

export interface Amendment {
  readonly ticker: string
  readonly side: Direction.Direction
  readonly price: Dollars.Dollars
  /** Already filled plus wanted remaining. */
  readonly total: Contracts.Contracts
  readonly clientOrderId?: string | undefined
  readonly updatedClientOrderId?: string | undefined
}

/** What an order would do now if it took what it meets and rested nowhere. */
export interface Preview {
  readonly filled: Contracts.Contracts
  /** The change of the account's cash, fees included. */
  readonly cash: Dollars.Dollars
}

/** Why the engine refused; nothing was changed. */
export interface Refusal {
  readonly _tag:
    | "UnknownMarket"
    | "MarketClosed"
    | "TradingPaused"
    | "ExchangePaused"
    | "InvalidPrice"
    | "InvalidCount"
    | "InvalidExpiration"
    | "InsufficientBalance"
    | "DuplicateClientOrderId"
    | "PostOnlyCross"
    | "FillOrKill"
    | "UnknownOrder"
    | "AmendBelowFilled"
    | "SideMismatch"
    | "TickerMismatch"
    | "ClientOrderIdMismatch"
    | "UnknownSubaccount"
    | "TooManySubaccounts"
    | "DuplicateClientTransferId"
    | "InvalidTransfer"
  readonly details: string
}

/** One order with its whole life, as it is now. */
export interface OrderView {
  readonly orderId: string
  readonly accountId: AccountId
  readonly subaccount: number
  readonly clientOrderId: string
  readonly ticker: string
  readonly eventTicker: string
  readonly side: Direction.Direction
  readonly words: Words
  readonly price: Dollars.Dollars
  readonly status: OrderStatus
  readonly initial: Contracts.Contracts
  readonly filled: Contracts.Contracts
  /** Of what is filled, what it took from the book; the rest was taken from it. */
  readonly takerFilled: Contracts.Contracts
  /** 0 once the order is no longer live. */
  readonly remaining: Contracts.Contracts
  /** Whether it was ever on the book. */
  readonly rested: boolean
  readonly takerCost: Dollars.Dollars
  readonly makerCost: Dollars.Dollars
  readonly takerFees: Dollars.Dollars
  readonly makerFees: Dollars.Dollars
  readonly expiration?: Timestamp.Timestamp | undefined
  readonly selfTradePrevention: SelfTradePrevention
  readonly cancelOnPause: boolean
  readonly createdAt: Timestamp.Timestamp
  readonly updatedAt: Timestamp.Timestamp
}

/** One party's side of one trade. */
export interface FillView {
  /** Grows by one with every fill of the exchange: the order of the list. */
  readonly sequence: number
  readonly tradeId: string
  readonly orderId: string
  readonly accountId: AccountId
  readonly subaccount: number
  readonly ticker: string
  readonly side: Direction.Direction
  readonly price: Dollars.Dollars
  readonly count: Contracts.Contracts
  readonly isTaker: boolean
  readonly fee: Dollars.Dollars
  readonly at: Timestamp.Timestamp
}

export interface PositionView {
  readonly accountId: AccountId
  readonly subaccount: number
  readonly ticker: string
  readonly eventTicker: string
  /** Signed: positive YES, negative NO. */
  readonly position: Contracts.Contracts
  /** Cost of what is open: YES at its price, NO at 1 − price; average cost. */
  readonly exposure: Dollars.Dollars
  /** Cost of everything ever traded in this market. */
  readonly totalTraded: Dollars.Dollars
  /** Contracts ever traded in this market, YES and NO together. */
  readonly totalContracts: Contracts.Contracts
  /** Locked-in profit without fees, by average cost. */
  readonly realizedPnl: Dollars.Dollars
  readonly feesPaid: Dollars.Dollars
  /** Contracts of the subaccount's orders on the book of this market. */
  readonly resting: Contracts.Contracts
  readonly updatedAt: Timestamp.Timestamp
}

/** Which markets a list of positions is about. */
export type Settled = "unsettled" | "settled" | "all"

export interface SettlementView {
  readonly sequence: number
  readonly accountId: AccountId
  readonly subaccount: number
  readonly ticker: string
  readonly eventTicker: string
  readonly result: Result
  /** Contracts bought on each side over the market's life, gross, and what they cost. */
  readonly yesCount: Contracts.Contracts
  readonly yesCost: Dollars.Dollars
  readonly noCount: Contracts.Contracts
  readonly noCost: Dollars.Dollars
  readonly revenue: Dollars.Dollars
  readonly fees: Dollars.Dollars
  readonly at: Timestamp.Timestamp
}

export interface TradeView {
  readonly tradeId: string
  readonly ticker: string
  readonly price: Dollars.Dollars
  readonly count: Contracts.Contracts
  readonly takerSide: Direction.Direction
  readonly at: Timestamp.Timestamp
}

/** Money that came from outside of the exchange, or left it. */
export interface FundingView {
  /** Grows by one with every deposit and withdrawal of the exchange: the order of the list. */
  readonly sequence: number
  readonly id: string
  readonly accountId: AccountId
  readonly amount: Dollars.Dollars
  readonly at: Timestamp.Timestamp
}

export interface BalanceView {
  /** Cash that is free: reserves of resting orders are already taken off. */
  readonly available: Dollars.Dollars
  /** What resting orders have set aside. */
  readonly reserved: Dollars.Dollars
  /** Deposits less withdrawals, and what was transferred in less what was transferred out. */
  readonly paidIn: Dollars.Dollars
  /** Open positions at their last traded price. */
  readonly portfolioValue: Dollars.Dollars
  readonly updatedAt: Timestamp.Timestamp
}

/** A price level of the book, YES price, total resting. */
export interface Level {
  readonly price: Dollars.Dollars
  readonly count: Contracts.Contracts
}

export interface MarketView {
  readonly spec: MarketSpec
  readonly status: MarketStatus
  readonly result?: Result | undefined
  readonly settledAt?: Timestamp.Timestamp | undefined
  readonly createdAt: Timestamp.Timestamp
  readonly updatedAt: Timestamp.Timestamp
  /** Best first. */
  readonly bids: ReadonlyArray<Level>
  readonly asks: ReadonlyArray<Level>
  readonly lastPrice?: Dollars.Dollars | undefined
  readonly volume: Contracts.Contracts
  readonly openInterest: Contracts.Contracts
}

/** The books of the exchange, for the law that money is neither made nor lost. */
export interface Audit {
  readonly deposits: Dollars.Dollars
  readonly withdrawals: Dollars.Dollars
  /** Free cash of all accounts. */
  readonly cash: Dollars.Dollars
  readonly reserves: Dollars.Dollars
  /** $1 for each open contract pair. */
  readonly pairs: Dollars.Dollars
  /** Fees and rounding that the exchange kept. */
  readonly kept: Dollars.Dollars
  /** The sum of all positions, by market: 0 each. */
  readonly positions: ReadonlyMap<string, Contracts.Contracts>
}

/**
 * One side of a cutoff: what lies strictly before it is in the archive. Of an
 * order its end decides, of a fill or a trade when it was made.
 */
export interface Side {
  readonly archived: boolean
  readonly cutoff: Timestamp.Timestamp
}

/** What a list of orders, fills, trades or settlements is narrowed to; bounds of time are included. */
export interface Narrow {
  readonly ticker?: string | undefined
  readonly eventTickers?: ReadonlyArray<string> | undefined
  readonly orderId?: string | undefined
  /** Absent is all of them. */
  readonly subaccount?: number | undefined
  readonly status?: OrderStatus | undefined
  readonly from?: Timestamp.Timestamp | undefined
  readonly until?: Timestamp.Timestamp | undefined
  /** Settlements have none. */
  readonly side?: Side | undefined
}

/** A part of a list, newest first, and where the next part starts; `next` is absent at the end. */
export interface Part<A> {
  readonly items: ReadonlyArray<A>
  readonly next?: number | undefined
}
