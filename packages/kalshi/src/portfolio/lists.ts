/**
 * The lists of the portfolio as streams, over the pages of any wire.
 */
import type * as Effect from "effect/Effect"
import type * as Stream from "effect/Stream"
import type * as KalshiError from "../KalshiError.ts"
import * as Fill from "../models/Fill.ts"
import type * as Funding from "../models/Funding.ts"
import type * as Order from "../models/Order.ts"
import type * as Position from "../models/Position.ts"
import * as Settlement from "../models/Settlement.ts"
import type { FillsQuery, OrdersQuery, PageQuery, PositionsQuery, SettlementsQuery } from "../models/PortfolioQuery.ts"
import * as list from "../service/list.ts"

/** One page of each list. */
export interface Pages {
  readonly getFills: (query?: FillsQuery) => list.PageOf<"fills", Fill.Fill>
  readonly getOrders: (query?: OrdersQuery) => list.PageOf<"orders", Order.Order>
  readonly getPortfolioSettlements: (query?: SettlementsQuery) => list.PageOf<"settlements", Settlement.Settlement>
  readonly getPositions: (query?: PositionsQuery) => Effect.Effect<
    {
      readonly marketPositions: ReadonlyArray<Position.MarketPosition>
      readonly eventPositions: ReadonlyArray<Position.EventPosition>
      readonly cursor?: string | undefined
    },
    KalshiError.Of
  >
  readonly getDeposits: (query?: PageQuery) => list.PageOf<"deposits", Funding.Deposit>
  readonly getWithdrawals: (query?: PageQuery) => list.PageOf<"withdrawals", Funding.Withdrawal>
}

/** All rows of each list. */
export interface Lists {
  readonly fills: (query?: FillsQuery) => Stream.Stream<Fill.Fill, KalshiError.Of>
  readonly orders: (query?: OrdersQuery) => Stream.Stream<Order.Order, KalshiError.Of>
  readonly settlements: (query?: SettlementsQuery) => Stream.Stream<Settlement.Settlement, KalshiError.Of>
  readonly marketPositions: (query?: PositionsQuery) => Stream.Stream<Position.MarketPosition, KalshiError.Of>
  readonly eventPositions: (query?: PositionsQuery) => Stream.Stream<Position.EventPosition, KalshiError.Of>
  readonly deposits: (query?: PageQuery) => Stream.Stream<Funding.Deposit, KalshiError.Of>
  readonly withdrawals: (query?: PageQuery) => Stream.Stream<Funding.Withdrawal, KalshiError.Of>
}

/** The largest page of deposits and of withdrawals. */
export const MAX_FUNDINGS = 500

const idOf = ({ id }: { readonly id: string }): string => id

/** Makes the streams. */
export const make = (from: Pages): Lists => {
  const fills = list.stream("getFills", from.getFills, (page) => page.fills, Fill.key)
  const orders = list.stream(
    "getOrders",
    from.getOrders,
    (page) => page.orders,
    (order) => order.orderId
  )
  const settlements = list.stream(
    "getPortfolioSettlements",
    from.getPortfolioSettlements,
    (page) => page.settlements,
    Settlement.key
  )
  const marketPositions = list.stream(
    "getPositions",
    from.getPositions,
    (page) => page.marketPositions,
    (position) => position.ticker
  )
  const eventPositions = list.stream(
    "getPositions",
    from.getPositions,
    (page) => page.eventPositions,
    (position) => position.eventTicker
  )
  const deposits = list.stream("getDeposits", from.getDeposits, (page) => page.deposits, idOf, MAX_FUNDINGS)
  const withdrawals = list.stream("getWithdrawals", from.getWithdrawals, (page) => page.withdrawals, idOf, MAX_FUNDINGS)
  return {
    fills: (query = {}) => fills(query),
    orders: (query = {}) => orders(query),
    settlements: (query = {}) => settlements(query),
    marketPositions: (query = {}) => marketPositions(query),
    eventPositions: (query = {}) => eventPositions(query),
    deposits: (query = {}) => deposits(query),
    withdrawals: (query = {}) => withdrawals(query)
  }
}
