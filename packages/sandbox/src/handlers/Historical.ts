/**
 * Answers for the archive: what is older than a cutoff.
 *
 * The cutoff does not lag, and cuts reads that do: whatever state a read
 * shows, a record of it is on one side.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import * as HttpApiBuilder from "effect/http-api/HttpApiBuilder"
import * as Answers from "../Answers.ts"
import * as Cursors from "../Cursors.ts"
import * as Exchange from "../Exchange.ts"
import * as Gate from "../Gate.ts"
import * as Passage from "../Passage.ts"
import * as Render from "../Render.ts"
import * as Switches from "../Switches.ts"
import * as Archive from "./Archive.ts"
import * as MarketList from "./MarketList.ts"
import * as Positions from "./Positions.ts"
import * as Range from "./Range.ts"
import * as Scoped from "./Scoped.ts"
import * as Trades from "./Trades.ts"

/**
 * Builds the answers.
 *
 * @since 0.1.0
 * @category layers
 */
export const layer = HttpApiBuilder.group(Gate.Api, "historical", (handlers) =>
  Effect.gen(function* () {
    const exchange = yield* Exchange.Exchange
    const cursors = yield* Cursors.Cursors
    const switches = yield* Switches.Switches
    return handlers
      .handle("getHistoricalCutoff", () => Effect.sync(() => Render.cutoff(switches.cutoff)))
      .handle("getFillsHistorical", ({ query }) =>
        Effect.gen(function* () {
          const caller = yield* Passage.Caller
          const { account } = caller
          const { engine } = yield* exchange.lagged
          const { items, ...end } = cursors.page("historical fills", query, (limit, cursor) =>
            engine.fills(
              account,
              {
                ticker: query.ticker,
                subaccount: Scoped.subaccountOf(query, caller),
                ...Range.of(query, switches.rangeBounds),
                side: { archived: true, cutoff: switches.cutoff.trades }
              },
              limit,
              cursor
            )
          )
          return { fills: items.map(Render.fill), ...end }
        })
      )
      .handle("getHistoricalOrders", ({ query }) =>
        Effect.gen(function* () {
          const caller = yield* Passage.Caller
          const { account } = caller
          const { engine } = yield* exchange.lagged
          const { items, ...end } = cursors.page("historical orders", query, (limit, cursor) =>
            engine.orders(
              account,
              {
                ticker: query.ticker,
                subaccount: Scoped.subaccountOf(query, caller),
                ...Range.of(query, switches.rangeBounds),
                side: { archived: true, cutoff: switches.cutoff.orders }
              },
              limit,
              cursor
            )
          )
          return { orders: items.map(Render.order), ...end }
        })
      )
      .handle("getHistoricalPositions", ({ query }) =>
        Effect.gen(function* () {
          const caller = yield* Passage.Caller
          const { account } = caller
          const { engine } = yield* exchange.lagged
          const views = Archive.positions(engine, account, switches.cutoff, Scoped.subaccountOf(query, caller))
          const { end, events, markets } = Positions.page(cursors, engine, views, query, {}, "historical positions")
          return {
            market_positions: markets.map(Render.marketPosition),
            event_positions: events.map(([eventTicker, views]) => Render.eventPosition(eventTicker, views)),
            ...end
          }
        })
      )
      .handle("getTradesHistorical", ({ query }) =>
        Effect.map(exchange.live, ({ engine }) => Trades.page(cursors, engine, switches, query, true))
      )
      .handle("getHistoricalMarkets", ({ query }) =>
        Effect.map(exchange.live, ({ engine }) => {
          const filters = [query.tickers, query.event_ticker, query.series_ticker]
          if (filters.filter((filter) => filter !== undefined).length > 1) {
            return Answers.invalidParameters("filters are mutually exclusive")
          }
          const { items, ...end } = cursors.page(
            "historical markets",
            query,
            MarketList.part(
              engine.markets(),
              (market) => Archive.isMarketArchived(market, switches.cutoff) && MarketList.fits(query, market)
            )
          )
          return { markets: items.map(Render.market), ...end }
        })
      )
      .handle("getHistoricalMarket", ({ params }) =>
        Effect.map(exchange.live, ({ engine }) => {
          const market = engine.market(params.ticker)
          return market === undefined || !Archive.isMarketArchived(market, switches.cutoff)
            ? Answers.notFound("market_not_found", "market not found")
            : { market: Render.market(market) }
        })
      )
  })
)
