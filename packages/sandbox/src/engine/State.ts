/**
 * The mutable records of the exchange. Who changes what: `Book` the queues,
 * `Reserve` the reserves, `Ledger` cash and positions, `Matching` the rest of
 * an order; nobody else.
 */
import type * as Contracts from "effect-kalshi/Contracts"
import type * as Direction from "effect-kalshi/Direction"
import type * as Dollars from "effect-kalshi/Dollars"
import type * as Fees from "effect-kalshi/Fees"
import type * as Timestamp from "effect-kalshi/Timestamp"
import type {
  AccountId,
  FundingView,
  MarketSpec,
  MarketStatus,
  OrderStatus,
  Result,
  SelfTradePrevention,
  SettlementView,
  TransferView,
  Words
} from "../Model.ts"
import type { Agenda } from "./Agenda.ts"
import type { History } from "./History.ts"
import type { Ids } from "./Ids.ts"

/** What resting orders of one account in one market may cost, in micro-dollars; see `Reserve`. */
export interface Exposure {
  bid: number
  ask: number
  reduceBid: number
  reduceAsk: number
  excess: number
}

/** What a subaccount has in one market. */
export interface Holding {
  readonly account: Account
  readonly subaccount: Subaccount
  readonly market: Market
  position: Contracts.Contracts
  openCost: Dollars.Dollars
  totalTraded: Dollars.Dollars
  totalContracts: Contracts.Contracts
  realizedPnl: Dollars.Dollars
  feesPaid: Dollars.Dollars
  yesCount: Contracts.Contracts
  yesCost: Dollars.Dollars
  noCount: Contracts.Contracts
  noCost: Dollars.Dollars
  updatedAt: Timestamp.Timestamp
  readonly exposure: Exposure
  /** What is set aside now. */
  reserve: number
  /** How much of the subaccount's orders is on the book, in 0.01 contracts. */
  resting: number
  /** Resting reduce-only orders, oldest first. */
  readonly reduceOnly: Set<Order>
  lastFill: number
  lastOrder: number
}

/** A part of a member's account with money and positions of its own. */
export interface Subaccount {
  readonly account: Account
  /** 0 is the one that every account has. */
  readonly number: number
  /** What reserves have set aside is in here too. */
  cash: Dollars.Dollars
  reserved: Dollars.Dollars
  /** Deposits less withdrawals, and what was transferred in less what was transferred out. */
  paidIn: Dollars.Dollars
  updatedAt: Timestamp.Timestamp
  /** Holdings of unsettled markets. */
  readonly open: Map<string, Holding>
  /** Every holding there ever was. */
  readonly holdings: Map<string, Holding>
}

/** A member: its orders, fills, settlements and ids are those of all its subaccounts. */
export interface Account {
  readonly id: AccountId
  /** Each at its number. */
  readonly subaccounts: Array<Subaccount>
  readonly clientOrderIds: Set<string>
  readonly clientTransferIds: Set<string>
  readonly transfers: Array<TransferView>
  readonly settlements: Array<SettlementView>
  readonly deposits: Array<FundingView>
  readonly withdrawals: Array<FundingView>
  lastFill: number
  lastOrder: number
}

/** An order from its creation on; `remaining` is 0 once it is not live. */
export interface Order {
  /** Numbers start at 1. */
  readonly number: number
  readonly account: Account
  readonly market: Market
  readonly holding: Holding
  clientOrderId: string
  readonly side: Direction.Direction
  readonly words: Words
  price: Dollars.Dollars
  status: OrderStatus
  initial: Contracts.Contracts
  filled: Contracts.Contracts
  takerFilled: Contracts.Contracts
  remaining: Contracts.Contracts
  /** It has been on the book. */
  rested: boolean
  takerCost: Dollars.Dollars
  makerCost: Dollars.Dollars
  takerFees: Dollars.Dollars
  makerFees: Dollars.Dollars
  accumulator: Fees.Accumulator
  readonly expiration: Timestamp.Timestamp | undefined
  readonly selfTradePrevention: SelfTradePrevention
  readonly postOnly: boolean
  readonly reduceOnly: boolean
  readonly cancelOnPause: boolean
  readonly createdAt: Timestamp.Timestamp
  updatedAt: Timestamp.Timestamp
  /** The most that 0.01 contracts of it may cost while it rests, in micro-dollars. */
  unitCost: number
  level: PriceLevel | undefined
  ahead: Order | undefined
  behind: Order | undefined
  readonly previousOfAccount: number
  readonly previousOfHolding: number
  lastFill: number
}

/** The orders of one price, a queue. */
export interface PriceLevel {
  readonly price: Dollars.Dollars
  total: number
  first: Order | undefined
  last: Order | undefined
}

/** One side of a book: levels with the best at the end. */
export interface BookSide {
  readonly side: Direction.Direction
  readonly levels: Array<PriceLevel>
}

/** A market with its book. */
export interface Market {
  readonly spec: MarketSpec
  status: MarketStatus
  result: Result | undefined
  settledAt: Timestamp.Timestamp | undefined
  readonly createdAt: Timestamp.Timestamp
  updatedAt: Timestamp.Timestamp
  readonly bids: BookSide
  readonly asks: BookSide
  readonly holdings: Set<Holding>
  lastPrice: Dollars.Dollars | undefined
  volume: Contracts.Contracts
  openInterest: Contracts.Contracts
  lastTrade: number
}

/** What happens by itself. */
export type Event =
  | { readonly _tag: "open"; readonly market: Market }
  | { readonly _tag: "close"; readonly market: Market }
  | { readonly _tag: "expire"; readonly order: Order }
  | { readonly _tag: "sweep"; readonly subaccounts: ReadonlyArray<Subaccount> }

/** The whole exchange. */
export interface State {
  readonly precision: Fees.Precision
  /** The smallest size that trades: every count is a whole number of it. */
  readonly lot: Contracts.Contracts
  /** What costs are shared out in when a part of a position closes. */
  readonly share: Dollars.Dollars
  readonly orderIds: Ids
  readonly tradeIds: Ids
  readonly fundingIds: Ids
  readonly transferIds: Ids
  readonly accounts: Map<AccountId, Account>
  readonly markets: Map<string, Market>
  /** An order at its number − 1. */
  readonly orders: Array<Order>
  readonly history: History
  readonly agenda: Agenda<Event>
  now: Timestamp.Timestamp
  exchangeActive: boolean
  tradingActive: boolean
  deposits: Dollars.Dollars
  withdrawals: Dollars.Dollars
  kept: Dollars.Dollars
  settlements: number
  fundings: number
  transfers: number
}
