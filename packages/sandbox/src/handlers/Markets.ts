/**
 * Answers for markets, their books and trades, events and series.
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
import * as Switches from "../Switches.ts"
import * as Archive from "./Archive.ts"
import * as MarketList from "./MarketList.ts"
import * as Trades from "./Trades.ts"

// what a filter means in the words of a market's own status
const statuses: Record<string, ReadonlyArray<Model.MarketStatus>> = {
  unopened: ["initialized"],
  open: ["active", "inactive"],
  paused: ["inactive"],
  closed: ["closed", "determined"],
  settled: ["finalized"]
}

// a market that has moved into the archive is not here any more
const found = (
  engine: Engine.Engine,
  ticker: string,
  { cutoff }: Switches.Switches["Service"]
): Model.MarketView | undefined => {
  const market = engine.market(ticker)
  return market === undefined || Archive.isMarketArchived(market, cutoff) ? undefined : market
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
    const switches = yield* Switches.Switches
    return handlers
      .handle("getMarkets", ({ query }) =>
        Effect.map(exchange.live, ({ engine }) => {
          const status = query.status === undefined ? undefined : statuses[query.status]
          const { items, ...end } = cursors.page(
            "markets",
            query,
            MarketList.part(
              engine.markets(),
              (market) =>
                !Archive.isMarketArchived(market, switches.cutoff) &&
                MarketList.fits(query, market) &&
                (status === undefined || status.includes(market.status))
            )
          )
          return { markets: items.map(Render.market), ...end }
        })
      )
      .handle("getTrades", ({ query }) =>
        Effect.map(exchange.live, ({ engine }) => Trades.page(cursors, engine, switches, query, false))
      )
      .handle("getMarket", ({ params }) =>
        Effect.map(exchange.live, ({ engine }) => {
          const market = found(engine, params.ticker, switches)
          return market === undefined
            ? Answers.notFound("market_not_found", "market not found")
            : { market: Render.market(market) }
        })
      )
      .handle("getMarketOrderbook", ({ params, query }) =>
        Effect.map(exchange.live, ({ engine }) => {
          const market = found(engine, params.ticker, switches)
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
            : {
                event: Render.event(first.spec),
                markets: markets
                  .filter((market) => !Archive.isMarketArchived(market, switches.cutoff))
                  .map(Render.market)
              }
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
