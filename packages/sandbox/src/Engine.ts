/**
 * A deterministic exchange: one book a market, price-time priority, exact
 * money. Pure: no clock, no randomness of its own, no input or output. Every
 * command carries its instant; the same commands give the same exchange. An
 * instant before the last one counts as the last one.
 *
 * Where the exchange's rules are not public, this one does the following:
 * - A fee type without a public formula (`flat`) costs nothing.
 * - An order is accepted when its cost at its limit, in one fill with its fee,
 *   is free, and when the account still covers the worst case of everything
 *   that rests; see `engine/Reserve.ts`.
 * - Fill-or-kill counts the contracts of others only; when they suffice but an
 *   own order lies before them, it goes on as immediate-or-cancel.
 * - An inactive market takes cancels and decreases; becoming inactive cancels
 *   the orders that asked to be cancelled on a pause.
 * - A settlement's revenue is what was paid out: the net position's, rounded
 *   down to the precision of balances. Its counts are gross.
 * - Decreasing an order, or capping a reduce-only one, lowers its initial size.
 * - A subaccount has its own money, positions and reserves; deposits go to the
 *   primary one, 0. Ids of orders and of transfers are unique within an account.
 *   Orders of two subaccounts of an account do not trade with each other: they
 *   are of the same user, whom self-trade prevention is about.
 */
import * as Contracts from "effect-kalshi/Contracts"
import * as Dollars from "effect-kalshi/Dollars"
import * as Fees from "effect-kalshi/Fees"
import * as Timestamp from "effect-kalshi/Timestamp"
import type * as Result from "effect/Result"
import * as Agenda from "./engine/Agenda.ts"
import * as History from "./engine/History.ts"
import * as Ids from "./engine/Ids.ts"
import * as Ledger from "./engine/Ledger.ts"
import * as Lifecycle from "./engine/Lifecycle.ts"
import * as Lists from "./engine/Lists.ts"
import * as Orders from "./engine/Orders.ts"
import type { State } from "./engine/State.ts"
import * as Subaccounts from "./engine/Subaccounts.ts"
import * as Views from "./engine/Views.ts"
import type {
  AccountId,
  Amendment,
  Audit,
  BalanceView,
  Cancelled,
  Decreased,
  FillView,
  FundingView,
  MarketSpec,
  MarketView,
  Narrow,
  NewOrder,
  OrderView,
  Part,
  Placed,
  PositionView,
  Preview,
  Refusal,
  Result as MarketResult,
  Settled,
  SettlementView,
  TradeView,
  Transfer,
  TransferView
} from "./Model.ts"

export type { Narrow, Part } from "./Model.ts"

/** How an exchange is made. */
export interface Options {
  /** Makes the ids; the same seed and commands give the same ids. */
  readonly seed: number
  /** Rounding of fees and balances. */
  readonly precision?: Fees.Precision | undefined
  /** Whole contracts alone trade, and costs are shared out in whole cents. Default false. */
  readonly wholes?: boolean | undefined
}

/** The exchange: commands that answer or refuse, and what is known. */
export interface Engine {
  // the exchange
  readonly openAccount: (id: AccountId, at: Timestamp.Timestamp) => void
  readonly deposit: (id: AccountId, amount: Dollars.Dollars, at: Timestamp.Timestamp) => void
  readonly withdraw: (id: AccountId, amount: Dollars.Dollars, at: Timestamp.Timestamp) => Result.Result<void, Refusal>
  readonly list: (market: MarketSpec, at: Timestamp.Timestamp) => void
  readonly setMarketActive: (ticker: string, active: boolean, at: Timestamp.Timestamp) => Result.Result<void, Refusal>
  readonly close: (ticker: string, at: Timestamp.Timestamp) => Result.Result<void, Refusal>
  readonly settle: (ticker: string, result: MarketResult, at: Timestamp.Timestamp) => Result.Result<void, Refusal>
  /** Exchange flags: with trading paused cancels and decreases work, with the exchange paused nothing does. */
  readonly setFlags: (
    flags: { readonly exchangeActive: boolean; readonly tradingActive: boolean },
    at: Timestamp.Timestamp
  ) => void
  readonly flags: () => { readonly exchangeActive: boolean; readonly tradingActive: boolean }
  /** Expires orders and closes markets whose time has come. Every command does this first. */
  readonly advance: (at: Timestamp.Timestamp) => void

  // a member
  /** Opens the next subaccount and tells its number. */
  readonly openSubaccount: (id: AccountId, at: Timestamp.Timestamp) => Result.Result<number, Refusal>
  readonly transfer: (id: AccountId, transfer: Transfer, at: Timestamp.Timestamp) => Result.Result<void, Refusal>
  readonly create: (id: AccountId, order: NewOrder, at: Timestamp.Timestamp) => Result.Result<Placed, Refusal>
  /** With a subaccount this and the other changes of an order are about an order of that one alone. */
  readonly cancel: (
    id: AccountId,
    orderId: string,
    at: Timestamp.Timestamp,
    subaccount?: number
  ) => Result.Result<Cancelled, Refusal>
  /**
   * Cancels all that rests of an account or of one of its subaccounts, in every
   * market; with a tail, in microseconds, also what is placed until that is
   * over, when it is.
   */
  readonly cancelAll: (
    id: AccountId,
    tail: number,
    at: Timestamp.Timestamp,
    subaccount?: number
  ) => Result.Result<void, Refusal>
  readonly amend: (
    id: AccountId,
    orderId: string,
    amendment: Amendment,
    at: Timestamp.Timestamp,
    subaccount?: number
  ) => Result.Result<Placed, Refusal>
  readonly decrease: (
    id: AccountId,
    orderId: string,
    by: { readonly reduceBy: Contracts.Contracts } | { readonly reduceTo: Contracts.Contracts },
    at: Timestamp.Timestamp,
    subaccount?: number
  ) => Result.Result<Decreased, Refusal>

  // what is known
  /** How many subaccounts there are, the primary one included. */
  readonly subaccounts: (id: AccountId) => number
  /** Of the primary subaccount unless told; the same of positions. */
  readonly balance: (id: AccountId, subaccount?: number) => BalanceView
  readonly order: (id: AccountId, orderId: string) => OrderView | undefined
  /** Newest first, in the order of creation; `cursor` continues exactly where a part ended, also when rows were added since. */
  readonly orders: (id: AccountId, narrow: Narrow, limit: number, cursor?: number) => Part<OrderView>
  readonly fills: (id: AccountId, narrow: Narrow, limit: number, cursor?: number) => Part<FillView>
  readonly settlements: (id: AccountId, narrow: Narrow, limit: number, cursor?: number) => Part<SettlementView>
  readonly deposits: (id: AccountId, limit: number, cursor?: number) => Part<FundingView>
  readonly withdrawals: (id: AccountId, limit: number, cursor?: number) => Part<FundingView>
  /** Markets that the subaccount ever traded, unsettled ones unless told; a settled one holds nothing any more. */
  readonly positions: (id: AccountId, settled?: Settled, subaccount?: number) => ReadonlyArray<PositionView>
  readonly transfers: (id: AccountId, limit: number, cursor?: number) => Part<TransferView>
  /** What an order of the primary subaccount would do that takes what it meets; it says nothing of whether the order would be accepted. */
  readonly preview: (id: AccountId, order: Pick<NewOrder, "ticker" | "side" | "price" | "count">) => Preview
  readonly trades: (narrow: Narrow, limit: number, cursor?: number) => Part<TradeView>
  readonly market: (ticker: string) => MarketView | undefined
  readonly markets: () => ReadonlyArray<MarketView>
  readonly accounts: () => ReadonlyArray<AccountId>
  readonly audit: () => Audit
  /** Cash, live orders, books and positions as one comparable value: the same state gives equal values. */
  readonly snapshot: () => unknown
}

/** Makes an empty exchange; a cent must be a whole number of the precision of balances. */
export const make = (options: Options): Engine => {
  const precision = options.precision ?? Fees.direct
  if (!(precision.balance > 0) || Dollars.cents(1) % precision.balance !== 0) {
    throw new RangeError("a cent must be a whole number of the precision of balances")
  }
  const wholes = options.wholes ?? false
  const state: State = {
    precision,
    lot: wholes ? Contracts.of(1) : Contracts.step,
    share: wholes ? Dollars.cents(1) : Dollars.micros(1),
    orderIds: Ids.make(options.seed, 1),
    tradeIds: Ids.make(options.seed, 2),
    fundingIds: Ids.make(options.seed, 3),
    transferIds: Ids.make(options.seed, 4),
    accounts: new Map(),
    markets: new Map(),
    orders: [],
    history: History.make(),
    agenda: Agenda.make(),
    now: Timestamp.micros(Number.MIN_SAFE_INTEGER),
    exchangeActive: true,
    tradingActive: true,
    deposits: Dollars.zero,
    withdrawals: Dollars.zero,
    kept: Dollars.zero,
    settlements: 0,
    fundings: 0,
    transfers: 0
  }
  const then = (at: Timestamp.Timestamp): State => {
    Lifecycle.advance(state, at)
    return state
  }
  return {
    openAccount: (id, at) => {
      Ledger.account(then(at), id)
    },
    deposit: (id, amount, at) => Lifecycle.deposit(then(at), id, amount),
    withdraw: (id, amount, at) => Lifecycle.withdraw(then(at), id, amount),
    list: (market, at) => Lifecycle.list(then(at), market),
    setMarketActive: (ticker, active, at) => Lifecycle.setMarketActive(then(at), ticker, active),
    close: (ticker, at) => Lifecycle.close(then(at), ticker),
    settle: (ticker, result, at) => Lifecycle.settle(then(at), ticker, result),
    setFlags: (flags, at) => Lifecycle.setFlags(then(at), flags),
    flags: () => ({ exchangeActive: state.exchangeActive, tradingActive: state.tradingActive }),
    advance: (at) => {
      then(at)
    },

    openSubaccount: (id, at) => Subaccounts.open(then(at), id),
    transfer: (id, transfer, at) => Subaccounts.transfer(then(at), id, transfer),
    create: (id, order, at) => Orders.create(then(at), id, order),
    cancel: (id, orderId, at, subaccount) => Orders.cancel(then(at), id, orderId, subaccount),
    cancelAll: (id, tail, at, subaccount) => Orders.cancelAll(then(at), id, tail, subaccount),
    amend: (id, orderId, amendment, at, subaccount) => Orders.amend(then(at), id, orderId, amendment, subaccount),
    decrease: (id, orderId, by, at, subaccount) => Orders.decrease(then(at), id, orderId, by, subaccount),

    subaccounts: (id) => state.accounts.get(id)?.subaccounts.length ?? 0,
    balance: (id, subaccount) => Views.balance(state, id, subaccount),
    order: (id, orderId) => Views.orderById(state, id, orderId),
    orders: (id, narrow, limit, cursor) => Lists.orders(state, id, narrow, limit, cursor),
    fills: (id, narrow, limit, cursor) => Lists.fills(state, id, narrow, limit, cursor),
    settlements: (id, narrow, limit, cursor) => Lists.settlements(state, id, narrow, limit, cursor),
    deposits: (id, limit, cursor) => Lists.deposits(state, id, limit, cursor),
    withdrawals: (id, limit, cursor) => Lists.withdrawals(state, id, limit, cursor),
    positions: (id, settled, subaccount) => Views.positions(state, id, settled, subaccount),
    transfers: (id, limit, cursor) => Lists.transfers(state, id, limit, cursor),
    preview: (id, order) => Orders.preview(state, id, order),
    trades: (narrow, limit, cursor) => Lists.trades(state, narrow, limit, cursor),
    market: (ticker) => {
      const found = state.markets.get(ticker)
      return found === undefined ? undefined : Views.market(found)
    },
    markets: () => Array.from(state.markets.values(), Views.market),
    accounts: () => Array.from(state.accounts.keys()),
    audit: () => Views.audit(state),
    snapshot: () => Views.snapshot(state)
  }
}
