/**
 * Markets, their order books, their trades and what they charge. Public: no
 * key is needed.
 *
 * @since 0.1.0
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type * as Stream from "effect/Stream"
import * as MarketsApi from "./api/Markets.ts"
import type * as Fees from "./Fees.ts"
import * as check from "./service/check.ts"
import * as client from "./service/client.ts"
import * as operation from "./service/operation.ts"
import * as pages from "./service/pages.ts"
import * as trades from "./service/trades.ts"
import type * as KalshiError from "./KalshiError.ts"
import { Listings } from "./Listings.ts"
import * as Market from "./models/Market.ts"
import * as OrderBook from "./models/OrderBook.ts"
import type * as Trade from "./models/Trade.ts"

/**
 * What a list of markets is narrowed to; `limit` is 1 to 1000 a page.
 *
 * @since 0.1.0
 * @category models
 */
export interface MarketsQuery {
  readonly eventTicker?: string | undefined
  readonly seriesTicker?: string | undefined
  readonly status?: "unopened" | "open" | "paused" | "closed" | "settled" | undefined
  readonly tickers?: ReadonlyArray<string> | undefined
  readonly limit?: number | undefined
  readonly cursor?: string | undefined
}

/**
 * Markets, their order books, their trades and what they charge.
 *
 * @since 0.1.0
 * @category services
 */
export class Markets extends Context.Service<
  Markets,
  {
    /**
     * One market, fresh from the exchange. Fails with `MarketNotFound`. See
     * "Get Market".
     */
    readonly getMarket: (ticker: string) => Effect.Effect<Market.Market, KalshiError.Of<KalshiError.MarketNotFound>>
    /** One page of markets as the exchange gives it. See "Get Markets". */
    readonly getMarkets: (
      query?: MarketsQuery
    ) => Effect.Effect<
      { readonly markets: ReadonlyArray<Market.Market>; readonly cursor?: string | undefined },
      KalshiError.Of
    >
    /** All markets of a query, one page fetched ahead. See "Get Markets". */
    readonly markets: (query?: MarketsQuery) => Stream.Stream<Market.Market, KalshiError.Of>
    /** One page of public trades, newest first, of all markets or one. See "Get Trades". */
    readonly getTrades: (
      query?: Trade.TradesQuery
    ) => Effect.Effect<
      { readonly trades: ReadonlyArray<Trade.Trade>; readonly cursor?: string | undefined },
      KalshiError.Of
    >
    /**
     * All public trades of a query, each once, newest first, one page fetched
     * ahead. Those from before the cutoff are in `Historical`.
     */
    readonly trades: (query?: Trade.TradesQuery) => Stream.Stream<Trade.Trade, KalshiError.Of>
    /**
     * The order book of a market in YES prices, best level first on both sides;
     * `depth` is 1 to 100 levels, 0 or absent for all. Fails with `MarketNotFound`.
     * See "Get Market Orderbook".
     */
    readonly getOrderBook: (
      ticker: string,
      options?: { readonly depth?: number | undefined }
    ) => Effect.Effect<OrderBook.OrderBook, KalshiError.Of<KalshiError.MarketNotFound>>
    /**
     * How a market charges: its event's override, else its series; known for
     * ten minutes. Until `feeWaiverUntil` of the market it charges nothing.
     * Fails with `MarketNotFound`.
     */
    readonly getFees: (ticker: string) => Effect.Effect<Fees.Schedule, KalshiError.Of<KalshiError.MarketNotFound>>
  }
>()("effect-kalshi/Markets") {}

const getMarket = operation.make({
  name: "getMarket",
  success: MarketsApi.GetMarketResponse,
  reasons: ["MarketNotFound"]
})
const getMarkets = operation.make({ name: "getMarkets", success: MarketsApi.GetMarketsResponse })
const getOrderBook = operation.make({
  name: "getOrderBook",
  success: MarketsApi.GetMarketOrderbookResponse,
  reasons: ["MarketNotFound"]
})

/**
 * Makes the service from the endpoints of markets.
 *
 * @since 0.1.0
 * @category constructors
 */
export const make: Effect.Effect<Markets["Service"], never, Listings | client.Requires> = Effect.gen(function* () {
  const api = yield* client.group("markets")
  const listings = yield* Listings

  const page = Effect.fnUntraced(function* (query: MarketsQuery) {
    yield* check.limit(getMarkets, query.limit, 1000)
    const wire = yield* getMarkets.run(
      api.getMarkets({
        query: {
          limit: query.limit,
          cursor: query.cursor,
          event_ticker: query.eventTicker,
          series_ticker: query.seriesTicker,
          status: query.status,
          tickers: query.tickers?.join(",")
        },
        responseMode: "response-only"
      })
    )
    const items = (wire.markets ?? []).map(Market.fromWire)
    yield* Effect.forEach(items, listings.remember, { discard: true })
    return { items, cursor: check.cursor(wire.cursor) }
  })

  return Markets.of({
    getMarket: (ticker) =>
      check.name(getMarket, "ticker", ticker).pipe(
        Effect.andThen(getMarket.run(api.getMarket({ params: { ticker }, responseMode: "response-only" }))),
        Effect.map((answer) => Market.fromWire(answer.market)),
        Effect.tap(listings.remember)
      ),
    getMarkets: (query = {}) => Effect.map(page(query), ({ cursor, items }) => ({ markets: items, cursor })),
    markets: (query = {}) =>
      pages.stream({
        page: (cursor) => page({ ...query, limit: query.limit ?? 1000, cursor }),
        key: (market) => market.ticker,
        stuck: () => getMarkets.fail(check.stuck, { attempts: 1, uncertain: false }),
        cursor: query.cursor
      }),
    ...trades.make("getTrades", (query) => api.getTrades({ query, responseMode: "response-only" })),
    getOrderBook: Effect.fnUntraced(function* (ticker, options) {
      yield* check.name(getOrderBook, "ticker", ticker)
      yield* check.integer(getOrderBook, "depth", options?.depth, 0, 100)
      const wire = yield* getOrderBook.run(
        api.getMarketOrderbook({
          params: { ticker },
          query: { depth: options?.depth },
          responseMode: "response-only"
        })
      )
      return OrderBook.fromWire(wire, ticker)
    }),
    getFees: listings.fees
  })
})

/**
 * The service over the road in force.
 *
 * @since 0.1.0
 * @category layers
 */
export const layer: Layer.Layer<Markets, never, Listings | client.Requires> = Layer.effect(Markets, make).pipe(
  // layers are shared by reference, whatever they are provided with: another account's is another
  Layer.fresh
)
