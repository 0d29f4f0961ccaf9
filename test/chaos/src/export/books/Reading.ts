/**
 * The records of the account, as the client reads them from both sides of the
 * cutoff.
 */
import type { Kind, Ledger } from "@effect-kalshi/history"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { type Fill, Historical, type Market, Markets, type Order, Portfolio } from "effect-kalshi"

/** All that a ledger is made of, in arrays. */
export type Records = {
  readonly [K in keyof Ledger.Records]-?: ReadonlyArray<
    Exclude<Ledger.Records[K], undefined> extends Iterable<infer A> ? A : never
  >
}

/** The orders on the book. */
export const resting = Portfolio.Portfolio.use((portfolio) =>
  Stream.runCollect(portfolio.orders({ status: "resting", limit: 1000 }))
)

/** The open positions, each with its subaccount. */
export const positions = Effect.fnUntraced(function* (subaccounts: ReadonlyArray<number>) {
  const portfolio = yield* Portfolio.Portfolio
  const all: Array<Kind.Position> = []
  for (const subaccount of subaccounts) {
    const mine = yield* Stream.runCollect(portfolio.marketPositions({ subaccount, limit: 1000 }))
    all.push(...mine.map((position) => ({ ...position, subaccount })))
  }
  return all
})

const settlements = Effect.fnUntraced(function* (subaccounts: ReadonlyArray<number>) {
  const portfolio = yield* Portfolio.Portfolio
  const all: Array<Kind.Settlement> = []
  for (const subaccount of subaccounts) {
    const mine = yield* Stream.runCollect(portfolio.settlements({ subaccount, limit: 1000 }))
    all.push(...mine.map((settlement) => ({ ...settlement, subaccount })))
  }
  return all
})

const TICKERS = 50

/** All records, when nothing trades. */
export const everything = Effect.fnUntraced(function* (
  tickers: ReadonlyArray<string>,
  subaccounts: ReadonlyArray<number>
) {
  const portfolio = yield* Portfolio.Portfolio
  const historical = yield* Historical.Historical
  const live = yield* Markets.Markets
  const both = <A, E>(archived: Stream.Stream<A, E>, listed: Stream.Stream<A, E>) =>
    Stream.runCollect(Stream.concat(archived, listed))
  const markets: Array<Market.Market> = []
  for (let from = 0; from < tickers.length; from += TICKERS) {
    const query = { tickers: tickers.slice(from, from + TICKERS), limit: 1000 }
    markets.push(...(yield* both(historical.markets(query), live.markets(query))))
  }
  const fills: ReadonlyArray<Fill.Fill> = yield* both(
    historical.fills({ limit: 1000 }),
    portfolio.fills({ limit: 1000 })
  )
  const orders: ReadonlyArray<Order.Order> = yield* both(
    historical.orders({ limit: 1000 }),
    portfolio.orders({ limit: 1000 })
  )
  const records: Records = {
    fills,
    orders,
    markets,
    settlements: yield* settlements(subaccounts),
    positions: yield* positions(subaccounts),
    deposits: yield* Stream.runCollect(portfolio.deposits({ limit: 500 })),
    withdrawals: yield* Stream.runCollect(portfolio.withdrawals({ limit: 500 })),
    transfers: yield* Stream.runCollect(portfolio.subaccountTransfers({ limit: 500 })),
    adjustments: [],
    snapshots: []
  }
  return records
})
