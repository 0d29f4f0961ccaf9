/**
 * Where the records of each kind come from: which lists of the exchange, on
 * which sides of the cutoff.
 */
import type { Historical } from "effect-kalshi/Historical"
import type * as KalshiError from "effect-kalshi/KalshiError"
import type { Markets } from "effect-kalshi/Markets"
import type { Portfolio } from "effect-kalshi/Portfolio"
import * as Stream from "effect/Stream"
import type { HistoryQuery, MarketsQuery, TradesQuery } from "../HistoryQuery.ts"
import * as Kind from "../Kind.ts"
import * as range from "./range.ts"
import type { Source } from "./Source.ts"

export interface Exchange {
  readonly historical: Historical["Service"]
  readonly markets: Markets["Service"]
  readonly portfolio: Portfolio["Service"]
}

const anything = (): boolean => true

/** The one of a list of subaccounts, where it is one: the exchange narrows to it. */
const single = (subaccounts: ReadonlyArray<number> | undefined): number | undefined =>
  subaccounts?.length === 1 ? subaccounts[0] : undefined

/** Whether a record that names its subaccount, or none for the first, is of one of these. */
const isOf =
  (subaccounts: ReadonlyArray<number> | undefined) =>
  ({ subaccount = 0 }: { readonly subaccount?: number | undefined }): boolean =>
    subaccounts === undefined || subaccounts.includes(subaccount)

export const fills = ({ historical, portfolio }: Exchange, query: HistoryQuery): Source<Kind.Records["fills"]> => {
  const { subaccounts, ticker } = query
  const narrow = { ticker, subaccount: single(subaccounts) }
  return {
    kind: Kind.fills,
    live: (window) => portfolio.fills({ ...narrow, ...range.bounds(window) }),
    archive: {
      records: (window) => historical.fills({ ...narrow, ...range.bounds(window) }),
      cutoff: ({ trades }) => trades,
      isByTime: true
    },
    isTimed: true,
    isSnapshot: false,
    isWanted: isOf(subaccounts)
  }
}

export const orders = ({ historical, portfolio }: Exchange, query: HistoryQuery): Source<Kind.Records["orders"]> => {
  const { subaccounts, ticker } = query
  const narrow = { ticker, subaccount: single(subaccounts) }
  return {
    kind: Kind.orders,
    live: () => portfolio.orders(narrow),
    archive: {
      records: () => historical.orders(narrow),
      cutoff: ({ orders }) => orders,
      // an order is archived by when it ended
      isByTime: false
    },
    // whether the exchange would filter by creation or by the last change is not documented
    isTimed: false,
    isSnapshot: false,
    isWanted: isOf(subaccounts)
  }
}

export const trades = ({ historical, markets }: Exchange, query: TradesQuery): Source<Kind.Records["trades"]> => {
  const narrow = { ticker: query.ticker, isBlock: query.isBlock }
  return {
    kind: Kind.trades,
    live: (window) => markets.trades({ ...narrow, ...range.bounds(window) }),
    archive: {
      records: (window) => historical.trades({ ...narrow, ...range.bounds(window) }),
      cutoff: ({ trades }) => trades,
      isByTime: true
    },
    isTimed: true,
    isSnapshot: false,
    isWanted: anything
  }
}

/** Reads a list of which no row names its subaccount, one subaccount after the other. */
const each = <A>(
  subaccounts: ReadonlyArray<number>,
  read: (subaccount: number) => Stream.Stream<A, KalshiError.Of>
): Stream.Stream<A & { readonly subaccount: number }, KalshiError.Of> =>
  Stream.flatMap(Stream.fromIterable(subaccounts), (subaccount) =>
    Stream.map(read(subaccount), (row) => ({ ...row, subaccount }))
  )

export const settlements = (
  { portfolio }: Exchange,
  { ticker }: HistoryQuery,
  subaccounts: ReadonlyArray<number>
): Source<Kind.Records["settlements"]> => ({
  kind: Kind.settlements,
  live: (window) =>
    each(subaccounts, (subaccount) => portfolio.settlements({ ticker, subaccount, ...range.bounds(window) })),
  isTimed: true,
  isSnapshot: false,
  isWanted: anything
})

export const positions = (
  { historical, portfolio }: Exchange,
  { ticker }: HistoryQuery,
  subaccounts: ReadonlyArray<number>
): Source<Kind.Records["positions"]> => ({
  kind: Kind.positions,
  live: () => each(subaccounts, (subaccount) => portfolio.marketPositions({ ticker, subaccount })),
  archive: {
    records: () => each(subaccounts, (subaccount) => historical.marketPositions({ ticker, subaccount })),
    cutoff: ({ positions }) => positions,
    // those of an event move together
    isByTime: false
  },
  isTimed: false,
  isSnapshot: true,
  isWanted: anything
})

export const deposits = ({ portfolio }: Exchange): Source<Kind.Records["deposits"]> => ({
  kind: Kind.deposits,
  live: () => portfolio.deposits(),
  isTimed: false,
  isSnapshot: false,
  isWanted: anything
})

export const withdrawals = ({ portfolio }: Exchange): Source<Kind.Records["withdrawals"]> => ({
  kind: Kind.withdrawals,
  live: () => portfolio.withdrawals(),
  isTimed: false,
  isSnapshot: false,
  isWanted: anything
})

export const transfers = (
  { portfolio }: Exchange,
  { subaccounts }: HistoryQuery
): Source<Kind.Records["transfers"]> => ({
  kind: Kind.transfers,
  live: () => portfolio.subaccountTransfers(),
  isTimed: false,
  isSnapshot: false,
  isWanted: ({ from, to }) => subaccounts === undefined || subaccounts.includes(from) || subaccounts.includes(to)
})

export const markets = ({ historical, markets }: Exchange, query: MarketsQuery): Source<Kind.Records["markets"]> => {
  const narrow = {
    tickers: query.ticker === undefined ? undefined : [query.ticker],
    eventTicker: query.event,
    seriesTicker: query.series
  }
  return {
    kind: Kind.markets,
    live: () => markets.markets(narrow),
    archive: {
      records: () => historical.markets(narrow),
      cutoff: ({ marketsSettled }) => marketsSettled,
      // a market is archived by when it settled
      isByTime: false
    },
    isTimed: false,
    isSnapshot: true,
    isWanted: anything
  }
}
