/**
 * A deterministic exchange: one book a market, price-time priority, exact
 * money. Pure: no clock, no randomness of its own, no input or output. Every
 * command carries its instant; the same commands give the same exchange.
 */
import type * as Dollars from "effect-kalshi/Dollars"
import type * as Fees from "effect-kalshi/Fees"
import type * as Contracts from "effect-kalshi/Contracts"
import type * as Timestamp from "effect-kalshi/Timestamp"
import type * as Result from "effect/Result"
import type {
  AccountId,
  Amendment,
  Audit,
  BalanceView,
  Cancelled,
  Decreased,
  FillView,
  MarketSpec,
  MarketView,
  NewOrder,
  OrderStatus,
  OrderView,
  Placed,
  PositionView,
  Refusal,
  Result as MarketResult,
  SettlementView,
  TradeView
} from "./Model.ts"

export interface Options {
  /** Makes the ids; the same seed and commands give the same ids. */
  readonly seed: number
  /** Rounding of fees and balances. */
  readonly precision?: Fees.Precision | undefined
}

/** What a list of orders, fills or settlements is narrowed to; bounds of time are included. */
export interface Narrow {
  readonly ticker?: string | undefined
  readonly eventTickers?: ReadonlyArray<string> | undefined
  readonly orderId?: string | undefined
  readonly status?: OrderStatus | undefined
  readonly from?: Timestamp.Timestamp | undefined
  readonly until?: Timestamp.Timestamp | undefined
}

/** A part of a list, newest first, and where the next part starts; `next` is absent at the end. */
export interface Part<A> {
  readonly items: ReadonlyArray<A>
  readonly next?: number | undefined
}

export interface Engine {
  // the exchange
  readonly openAccount: (id: AccountId, at: Timestamp.Timestamp) => void
  readonly deposit: (id: AccountId, amount: Dollars.Dollars, at: Timestamp.Timestamp) => void
  readonly withdraw: (
    id: AccountId,
    amount: Dollars.Dollars,
    at: Timestamp.Timestamp
  ) => Result.Result<void, Refusal>
  readonly list: (market: MarketSpec, at: Timestamp.Timestamp) => void
  readonly setMarketActive: (ticker: string, active: boolean, at: Timestamp.Timestamp) => Result.Result<void, Refusal>
  readonly close: (ticker: string, at: Timestamp.Timestamp) => Result.Result<void, Refusal>
  readonly settle: (
    ticker: string,
    result: MarketResult,
    at: Timestamp.Timestamp
  ) => Result.Result<void, Refusal>
  /** Exchange flags: with trading paused cancels and decreases work, with the exchange paused nothing does. */
  readonly setFlags: (
    flags: { readonly exchangeActive: boolean; readonly tradingActive: boolean },
    at: Timestamp.Timestamp
  ) => void
  readonly flags: () => { readonly exchangeActive: boolean; readonly tradingActive: boolean }
  /** Expires orders and closes markets whose time has come. Every command does this first. */
  readonly advance: (at: Timestamp.Timestamp) => void

  // a member
  readonly create: (id: AccountId, order: NewOrder, at: Timestamp.Timestamp) => Result.Result<Placed, Refusal>
  readonly cancel: (id: AccountId, orderId: string, at: Timestamp.Timestamp) => Result.Result<Cancelled, Refusal>
  readonly amend: (
    id: AccountId,
    orderId: string,
    amendment: Amendment,
    at: Timestamp.Timestamp
  ) => Result.Result<Placed, Refusal>
  readonly decrease: (
    id: AccountId,
    orderId: string,
    by: { readonly reduceBy: Contracts.Contracts } | { readonly reduceTo: Contracts.Contracts },
    at: Timestamp.Timestamp
  ) => Result.Result<Decreased, Refusal>

  // what is known
  readonly balance: (id: AccountId) => BalanceView
  readonly order: (id: AccountId, orderId: string) => OrderView | undefined
  /** Newest first, in the order of creation; `cursor` continues exactly where a part ended, also when rows were added since. */
  readonly orders: (id: AccountId, narrow: Narrow, limit: number, cursor?: number) => Part<OrderView>
  readonly fills: (id: AccountId, narrow: Narrow, limit: number, cursor?: number) => Part<FillView>
  readonly settlements: (id: AccountId, narrow: Narrow, limit: number, cursor?: number) => Part<SettlementView>
  /** Unsettled markets that the account ever traded. */
  readonly positions: (id: AccountId) => ReadonlyArray<PositionView>
  readonly trades: (ticker: string | undefined, limit: number, cursor?: number) => Part<TradeView>
  readonly market: (ticker: string) => MarketView | undefined
  readonly markets: () => ReadonlyArray<MarketView>
  readonly accounts: () => ReadonlyArray<AccountId>
  readonly audit: () => Audit
  /** Cash, live orders, books and positions as one comparable value: the same state gives equal values. */
  readonly snapshot: () => unknown
}
