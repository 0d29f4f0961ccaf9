/**
 * The whole history of an account, and of the markets, as streams.
 *
 * The exchange moves what is older than a cutoff into its archive, at any time
 * and without notice. A stream of here reads both sides: each record once, none
 * lost while the cutoff moves, oldest first, those of the same instant by their
 * key. What it gives of records that do not change depends on the range alone.
 *
 * @since 0.1.0
 */
import * as Exchange from "effect-kalshi/Exchange"
import * as Historical from "effect-kalshi/Historical"
import type * as KalshiError from "effect-kalshi/KalshiError"
import * as Markets from "effect-kalshi/Markets"
import * as Portfolio from "effect-kalshi/Portfolio"
import type * as SubaccountBalance from "effect-kalshi/models/SubaccountBalance"
import * as Timestamp from "effect-kalshi/Timestamp"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Stream from "effect/Stream"
import { HistoryError, NotShownYet } from "./HistoryError.ts"
import type { AnyQuery, HistoryQuery, MarketsQuery, TradesQuery } from "./HistoryQuery.ts"
import type * as Kind from "./Kind.ts"
import * as queries from "./window/query.ts"
import * as sources from "./window/sources.ts"
import * as batches from "./window/batches.ts"
import type { Batch } from "./window/read.ts"
import type { Source } from "./window/Source.ts"

/**
 * What a stream of a history fails with.
 *
 * @since 0.1.0
 * @category errors
 */
export type Failure = KalshiError.Of | HistoryError

/**
 * A range of time with its end, of which all is shown.
 *
 * @since 0.1.0
 * @category models
 */
export interface Shown {
  readonly since: Timestamp.Timestamp | undefined
  readonly until: Timestamp.Timestamp
}

/**
 * The records of a kind in a part of a range, complete and in order.
 *
 * @since 0.1.0
 * @category models
 */
export type { Batch } from "./window/read.ts"

/**
 * The whole history of an account, and of the markets.
 *
 * @since 0.1.0
 * @category services
 */
export class History extends Context.Service<
  History,
  {
    /** All fills, by when they were made. See "Get Fills" and "Get Historical Fills". */
    readonly fills: (query?: HistoryQuery) => Stream.Stream<Kind.Records["fills"], Failure>

    /**
     * All orders, by when they were created, as they are when they are read; the
     * range is filtered here, since by which time of an order the exchange filters
     * is not documented: all of them are read, and held until they are. See "Get
     * Orders" and "Get Historical Orders".
     */
    readonly orders: (query?: HistoryQuery) => Stream.Stream<Kind.Records["orders"], Failure>

    /** All public trades, of all markets or one, by when they were made. See "Get Trades" and "Get Historical Trades". */
    readonly trades: (query?: TradesQuery) => Stream.Stream<Kind.Records["trades"], Failure>

    /**
     * All settlements, by when they were made, each with its subaccount: they are
     * read a subaccount at a time. See "Get Settlements".
     */
    readonly settlements: (query?: HistoryQuery) => Stream.Stream<Kind.Records["settlements"], Failure>

    /**
     * All positions, by when they changed last, each with its subaccount, as they
     * are when they are read; `since` is filtered here, and `until` says nothing of
     * them. Those of settled markets are listed once their event is archived: until then their
     * settlements alone tell of them. See "Get Positions" and "Get Historical
     * Positions".
     */
    readonly positions: (query?: HistoryQuery) => Stream.Stream<Kind.Records["positions"], Failure>

    /** All deposits, by when they were made; the range is filtered here. See "Get Deposits". */
    readonly deposits: (query?: HistoryQuery) => Stream.Stream<Kind.Records["deposits"], Failure>

    /** All withdrawals, by when they were made; the range is filtered here. See "Get Withdrawals". */
    readonly withdrawals: (query?: HistoryQuery) => Stream.Stream<Kind.Records["withdrawals"], Failure>

    /** All transfers between subaccounts, by when they were made; the range is filtered here. See "Get Subaccount Transfers". */
    readonly transfers: (query?: HistoryQuery) => Stream.Stream<Kind.Records["transfers"], Failure>

    /**
     * The markets of an event or a series, or one, by when they close, as they are
     * when they are read; `since` is filtered here, and `until` says nothing of
     * them. See "Get Markets" and "Get
     * Historical Markets".
     */
    readonly markets: (query: MarketsQuery) => Stream.Stream<Kind.Records["markets"], Failure>

    /**
     * The history of a kind in parts of its range that follow on one another, each
     * complete when it comes: what was told until then needs no second reading.
     */
    readonly batches: <N extends Kind.Name>(name: N, query?: AnyQuery) => Stream.Stream<Batch<Kind.Records[N]>, Failure>

    /** The range that a query is about at this moment, its end as far as reads show. */
    readonly range: (query?: HistoryQuery) => Effect.Effect<Shown, Failure>

    /** The subaccounts that there are, 0 first. See "Get All Subaccount Balances". */
    readonly subaccounts: Effect.Effect<ReadonlyArray<number>, KalshiError.Of>

    /** The free cash of all subaccounts now, one row a subaccount and shard. See "Get All Subaccount Balances". */
    readonly balances: Effect.Effect<ReadonlyArray<SubaccountBalance.SubaccountBalance>, KalshiError.Of>
  }
>()("@effect-kalshi/history/History") {}

/**
 * Makes the service from those of the exchange.
 *
 * @since 0.1.0
 * @category constructors
 */
export const make: Effect.Effect<
  History["Service"],
  never,
  Exchange.Exchange | Historical.Historical | Markets.Markets | Portfolio.Portfolio
> = Effect.gen(function* () {
  const exchange = yield* Exchange.Exchange
  const historical = yield* Historical.Historical
  const markets = yield* Markets.Markets
  const portfolio = yield* Portfolio.Portfolio
  const on: sources.Exchange = { historical, markets, portfolio }

  const balances = portfolio.getSubaccountBalances
  const subaccounts = Effect.map(balances, (rows) =>
    Array.from(new Set([0, ...rows.map(({ subaccount }) => subaccount)])).toSorted((a, b) => a - b)
  )

  let shown = 0
  const range = Effect.fnUntraced(function* (query: HistoryQuery = {}) {
    const problem = queries.problem(query)
    if (problem !== undefined) return yield* problem
    // what was shown once is shown, whichever of the exchange's machines answers next
    const asOf = Timestamp.micros(Math.max(shown, yield* exchange.getUserDataTimestamp))
    shown = asOf
    const { since, until = asOf } = query
    if (until > asOf) return yield* new HistoryError({ reason: new NotShownYet({ until, asOf }) })
    if (since !== undefined && since > until) {
      return yield* queries.invalid("since", "is later than what the exchange's reads show")
    }
    return { since, until }
  })

  const read = <A>(
    query: HistoryQuery,
    source: Effect.Effect<Source<A>, KalshiError.Of>
  ): Stream.Stream<Batch<A>, Failure> =>
    Stream.unwrap(
      Effect.gen(function* () {
        const { since, until } = yield* range(query)
        const whole = { from: since, to: until }
        return batches.stream(yield* source, whole, query.windows ?? 1, historical.getCutoff)
      })
    )

  const eachOf = <A>(query: HistoryQuery, source: (subaccounts: ReadonlyArray<number>) => Source<A>) =>
    read(
      query,
      Effect.map(query.subaccounts === undefined ? subaccounts : Effect.succeed(query.subaccounts), (these) =>
        source(Array.from(new Set(these)))
      )
    )

  const all: { readonly [N in Kind.Name]: (query: AnyQuery) => Stream.Stream<Batch<Kind.Records[N]>, Failure> } = {
    fills: (query) => read(query, Effect.succeed(sources.fills(on, query))),
    orders: (query) => read(query, Effect.succeed(sources.orders(on, query))),
    trades: (query) => read(query, Effect.succeed(sources.trades(on, query))),
    settlements: (query) => eachOf(query, (these) => sources.settlements(on, query, these)),
    positions: (query) => eachOf(query, (these) => sources.positions(on, query, these)),
    deposits: (query) => read(query, Effect.succeed(sources.deposits(on))),
    withdrawals: (query) => read(query, Effect.succeed(sources.withdrawals(on))),
    transfers: (query) => read(query, Effect.succeed(sources.transfers(on, query))),
    markets: (query) =>
      [query.ticker, query.event, query.series].filter((one) => one !== undefined).length === 1
        ? read(query, Effect.succeed(sources.markets(on, query)))
        : Stream.fail(queries.invalid("ticker", "event or series: markets are narrowed by one of them"))
  }

  const records =
    <Q, A>(of: (query: Q) => Stream.Stream<Batch<A>, Failure>, none: Q) =>
    (query: Q = none): Stream.Stream<A, Failure> =>
      Stream.flatMap(of(query), (batch) => Stream.fromArray(batch.records))

  return History.of({
    fills: records(all.fills, {}),
    orders: records(all.orders, {}),
    trades: records(all.trades, {}),
    settlements: records(all.settlements, {}),
    positions: records(all.positions, {}),
    deposits: records(all.deposits, {}),
    withdrawals: records(all.withdrawals, {}),
    transfers: records(all.transfers, {}),
    markets: records(all.markets, {}),
    batches: (name, query) => all[name](query ?? {}),
    range,
    subaccounts,
    balances
  })
})

/**
 * The service over those of the exchange.
 *
 * @since 0.1.0
 * @category layers
 */
export const layer: Layer.Layer<
  History,
  never,
  Exchange.Exchange | Historical.Historical | Markets.Markets | Portfolio.Portfolio
> = Layer.effect(History, make).pipe(
  // layers are shared by reference, whatever they are provided with: another account's is another
  Layer.fresh
)
