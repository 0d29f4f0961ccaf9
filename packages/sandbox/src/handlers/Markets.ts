/**
 * Answers for markets, their books, events and series.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import * as HttpApiBuilder from "effect/http-api/HttpApiBuilder"
import * as Answers from "../Answers.ts"
import * as Cursors from "../Cursors.ts"
import type * as Engine from "../Engine.ts"
import * as Exchange from "../Exchange.ts"
import * as Gate from "../Gate.ts"
import type * as Model from "../Model.ts"
import * as Render from "../Render.ts"

// what a filter means in the words of a market's own status
const statuses: Record<string, ReadonlyArray<Model.MarketStatus>> = {
  unopened: ["initialized"],
  open: ["active", "inactive"],
  paused: ["inactive"],
  closed: ["closed", "determined"],
  settled: ["finalized"]
}

// Newest first; the cursor is a place in the order of listing, so that new markets move nothing.
const part =
  (markets: ReadonlyArray<Model.MarketView>, fits: (market: Model.MarketView) => boolean) =>
  (limit: number, cursor?: number): Engine.Part<Model.MarketView> => {
    const items: Array<Model.MarketView> = []
    for (let index = cursor ?? markets.length - 1; index >= 0; index--) {
      const market = markets[index]
      if (market === undefined || !fits(market)) continue
      if (items.length === limit) return { items, next: index }
      items.push(market)
    }
    return { items }
  }

/**
 * Builds the answers.
 *
 * @since 0.1.0
 * @category layers
 */
export const layer = HttpApiBuilder.group(Gate.Api, "markets", (handlers) =>
  Effect.gen(function* () {
    const exchange = yield* Exchange.Exchange
    const cursors = yield* Cursors.Cursors
    return handlers
      .handle("getMarkets", ({ query }) =>
        Effect.map(exchange.live, ({ engine }) => {
          const tickers = query.tickers === undefined ? undefined : new Set(query.tickers.split(","))
          const status = query.status === undefined ? undefined : statuses[query.status]
          const { items, ...end } = cursors.page(
            "markets",
            query,
            part(
              engine.markets(),
              ({ spec, status: own }) =>
                (query.event_ticker === undefined || spec.eventTicker === query.event_ticker) &&
                (query.series_ticker === undefined || spec.seriesTicker === query.series_ticker) &&
                (tickers === undefined || tickers.has(spec.ticker)) &&
                (status === undefined || status.includes(own))
            )
          )
          return { markets: items.map(Render.market), ...end }
        })
      )
      .handle("getMarket", ({ params }) =>
        Effect.map(exchange.live, ({ engine }) => {
          const market = engine.market(params.ticker)
          return market === undefined
            ? Answers.notFound("market_not_found", "market not found")
            : { market: Render.market(market) }
        })
      )
      .handle("getMarketOrderbook", ({ params, query }) =>
        Effect.map(exchange.live, ({ engine }) => {
          const market = engine.market(params.ticker)
          return market === undefined
            ? Answers.notFound("market_not_found", "market not found")
            : Render.book(market, query.depth ?? 0)
        })
      )
      .handle("getEvent", ({ params }) =>
        Effect.map(exchange.live, ({ engine }) => {
          const markets = engine.markets().filter(({ spec }) => spec.eventTicker === params.event_ticker)
          const first = markets[0]
          return first === undefined
            ? Answers.notFound("not_found", "event not found")
            : { event: Render.event(first.spec), markets: markets.map(Render.market) }
        })
      )
      .handle("getSeries", ({ params }) =>
        Effect.map(exchange.live, ({ engine }) => {
          const first = engine.markets().find(({ spec }) => spec.seriesTicker === params.series_ticker)
          return first === undefined
            ? Answers.notFound("not_found", "series not found")
            : { series: Render.series(first.spec) }
        })
      )
  })
)
