/**
 * The archive: records that are older than a cutoff, which the other services
 * no longer list.
 *
 * Each kind of record has a cutoff of its own, which moves forward at any time
 * and without notice: what `Portfolio` or `Markets` listed a moment ago may be
 * here now. What has to be complete reads the cutoff, then here, then there,
 * and here again where the cutoff has moved meanwhile.
 *
 * @since 0.1.0
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type * as Stream from "effect/Stream"
import * as HistoricalApi from "./api/Historical.ts"
import * as MarketsApi from "./api/Markets.ts"
import * as OrdersApi from "./api/Orders.ts"
import * as PortfolioApi from "./api/Portfolio.ts"
import * as check from "./service/check.ts"
import * as client from "./service/client.ts"
import * as list from "./service/list.ts"
import * as operation from "./service/operation.ts"
import { checkRanged, upward } from "./service/query.ts"
import * as trades from "./service/trades.ts"
import type * as KalshiError from "./KalshiError.ts"
import * as Fill from "./models/Fill.ts"
import * as HistoricalCutoff from "./models/HistoricalCutoff.ts"
import * as Market from "./models/Market.ts"
import * as Order from "./models/Order.ts"
import type { ArchivedPositionsQuery, ArchiveQuery, PageQuery } from "./models/PortfolioQuery.ts"
import * as Position from "./models/Position.ts"
import type * as Trade from "./models/Trade.ts"

/**
 * What a list of archived markets is narrowed to: by one of the three at most,
 * the exchange takes no two of them together.
 *
 * @since 0.1.0
 * @category models
 */
export interface MarketsQuery extends PageQuery {
  readonly tickers?: ReadonlyArray<string> | undefined
  readonly eventTicker?: string | undefined
  readonly seriesTicker?: string | undefined
}

/**
 * The archive.
 *
 * @since 0.1.0
 * @category services
 */
export class Historical extends Context.Service<
  Historical,
  {
    /** Where records are cut in two at the moment; public. See "Get Historical Cutoff Timestamps". */
    readonly getCutoff: Effect.Effect<HistoricalCutoff.HistoricalCutoff, KalshiError.Of>

    /** One page of archived fills, newest first. See "Get Historical Fills". */
    readonly getFills: (query?: ArchiveQuery) => list.PageOf<"fills", Fill.Fill>

    /** All archived fills of a query, each once, newest first, one page fetched ahead. */
    readonly fills: (query?: ArchiveQuery) => Stream.Stream<Fill.Fill, KalshiError.Of>

    /** One page of archived orders, newest first. See "Get Historical Orders". */
    readonly getOrders: (query?: ArchiveQuery) => list.PageOf<"orders", Order.Order>

    /** All archived orders of a query, each once, newest first, one page fetched ahead. */
    readonly orders: (query?: ArchiveQuery) => Stream.Stream<Order.Order, KalshiError.Of>

    /** One page of archived positions, all of settled markets, and of their events. See "Get Historical Positions". */
    readonly getPositions: (query?: ArchivedPositionsQuery) => Effect.Effect<
      {
        readonly marketPositions: ReadonlyArray<Position.MarketPosition>
        readonly eventPositions: ReadonlyArray<Position.EventPosition>
        readonly cursor?: string | undefined
      },
      KalshiError.Of
    >

    /** All archived positions, each once, one page fetched ahead. */
    readonly marketPositions: (query?: ArchivedPositionsQuery) => Stream.Stream<Position.MarketPosition, KalshiError.Of>

    /** All archived positions by event, each once, one page fetched ahead. */
    readonly eventPositions: (query?: ArchivedPositionsQuery) => Stream.Stream<Position.EventPosition, KalshiError.Of>

    /** One page of archived public trades, newest first; public. See "Get Historical Trades". */
    readonly getTrades: (query?: Trade.TradesQuery) => list.PageOf<"trades", Trade.Trade>

    /** All archived public trades of a query, each once, newest first, one page fetched ahead. */
    readonly trades: (query?: Trade.TradesQuery) => Stream.Stream<Trade.Trade, KalshiError.Of>

    /** One page of archived markets; public. See "Get Historical Markets". */
    readonly getMarkets: (query?: MarketsQuery) => list.PageOf<"markets", Market.Market>

    /** All archived markets of a query, each once, one page fetched ahead. */
    readonly markets: (query?: MarketsQuery) => Stream.Stream<Market.Market, KalshiError.Of>

    /** One archived market; public. Fails with `MarketNotFound`, also for one that is not archived. See "Get Historical Market". */
    readonly getMarket: (ticker: string) => Effect.Effect<Market.Market, KalshiError.Of<KalshiError.MarketNotFound>>
  }
>()("effect-kalshi/Historical") {}

const getCutoff = operation.make({
  name: "getHistoricalCutoff",
  success: HistoricalApi.GetHistoricalCutoffResponse
})
const getFills = operation.make({ name: "getFillsHistorical", success: PortfolioApi.GetFillsResponse })
const getOrders = operation.make({ name: "getHistoricalOrders", success: OrdersApi.GetOrdersResponse })
const getPositions = operation.make({ name: "getHistoricalPositions", success: PortfolioApi.GetPositionsResponse })
const getMarkets = operation.make({ name: "getHistoricalMarkets", success: MarketsApi.GetMarketsResponse })
const getMarket = operation.make({
  name: "getHistoricalMarket",
  success: MarketsApi.GetMarketResponse,
  reasons: ["MarketNotFound"]
})

const checkMarkets = (query: MarketsQuery): Effect.Effect<void, KalshiError.Of> => {
  const [, second] = (["tickers", "eventTicker", "seriesTicker"] as const).filter((name) => query[name] !== undefined)
  return second === undefined
    ? check.limit(getMarkets, query.limit, list.MAX_LIMIT)
    : Effect.fail(getMarkets.invalid(second, "the archive takes one of tickers, eventTicker and seriesTicker"))
}

/**
 * Makes the service from the endpoints of the archive.
 *
 * @since 0.1.0
 * @category constructors
 */
export const make: Effect.Effect<Historical["Service"], never, client.Requires> = Effect.gen(function* () {
  const api = yield* client.group("historical")
  const request = { responseMode: "response-only" } as const

  const records = (query: ArchiveQuery) => ({
    ...request,
    query: {
      ticker: query.ticker,
      min_ts: query.minTs,
      max_ts: upward(query.maxTs),
      limit: query.limit,
      cursor: query.cursor,
      subaccount: query.subaccount
    }
  })

  const readFills = Effect.fnUntraced(function* (query: ArchiveQuery = {}) {
    yield* checkRanged(getFills, query)
    const wire = yield* getFills.run(api.getFillsHistorical(records(query)))
    return { fills: (wire.fills ?? []).map(Fill.fromWire), cursor: check.cursor(wire.cursor) }
  })

  const readOrders = Effect.fnUntraced(function* (query: ArchiveQuery = {}) {
    yield* checkRanged(getOrders, query)
    const wire = yield* getOrders.run(api.getHistoricalOrders(records(query)))
    return { orders: (wire.orders ?? []).map(Order.fromWire), cursor: check.cursor(wire.cursor) }
  })

  const readPositions = Effect.fnUntraced(function* (query: ArchivedPositionsQuery = {}) {
    yield* checkRanged(getPositions, query)
    const wire = yield* getPositions.run(
      api.getHistoricalPositions({
        ...request,
        query: {
          ticker: query.ticker,
          event_ticker: query.eventTicker,
          limit: query.limit,
          cursor: query.cursor,
          subaccount: query.subaccount
        }
      })
    )
    return {
      marketPositions: (wire.market_positions ?? []).map(Position.fromWire),
      eventPositions: (wire.event_positions ?? []).map(Position.eventFromWire),
      cursor: check.cursor(wire.cursor)
    }
  })

  const readMarkets = Effect.fnUntraced(function* (query: MarketsQuery = {}) {
    yield* checkMarkets(query)
    const wire = yield* getMarkets.run(
      api.getHistoricalMarkets({
        ...request,
        query: {
          tickers: query.tickers?.join(","),
          event_ticker: query.eventTicker,
          series_ticker: query.seriesTicker,
          limit: query.limit,
          cursor: query.cursor
        }
      })
    )
    return { markets: (wire.markets ?? []).map(Market.fromWire), cursor: check.cursor(wire.cursor) }
  })

  const fills = list.stream(getFills.name, readFills, (page) => page.fills, Fill.key)
  const orders = list.stream(
    getOrders.name,
    readOrders,
    (page) => page.orders,
    (order) => order.orderId
  )
  const marketPositions = list.stream(
    getPositions.name,
    readPositions,
    (page) => page.marketPositions,
    (position) => position.ticker
  )
  const eventPositions = list.stream(
    getPositions.name,
    readPositions,
    (page) => page.eventPositions,
    (position) => position.eventTicker
  )
  const markets = list.stream(
    getMarkets.name,
    readMarkets,
    (page) => page.markets,
    (market) => market.ticker
  )

  return Historical.of({
    getCutoff: Effect.suspend(() => getCutoff.run(api.getHistoricalCutoff(request))).pipe(
      Effect.map(HistoricalCutoff.fromWire)
    ),
    getFills: readFills,
    fills: (query = {}) => fills(query),
    getOrders: readOrders,
    orders: (query = {}) => orders(query),
    getPositions: readPositions,
    marketPositions: (query = {}) => marketPositions(query),
    eventPositions: (query = {}) => eventPositions(query),
    ...trades.make("getTradesHistorical", (query) => api.getTradesHistorical({ ...request, query })),
    getMarkets: readMarkets,
    markets: (query = {}) => markets(query),
    getMarket: (ticker) =>
      check.name(getMarket, "ticker", ticker).pipe(
        Effect.andThen(getMarket.run(api.getHistoricalMarket({ ...request, params: { ticker } }))),
        Effect.map((answer) => Market.fromWire(answer.market))
      )
  })
})

/**
 * The service over the road in force.
 *
 * @since 0.1.0
 * @category layers
 */
export const layer: Layer.Layer<Historical, never, client.Requires> = Layer.effect(Historical, make).pipe(
  // layers are shared by reference, whatever they are provided with: another account's is another
  Layer.fresh
)
