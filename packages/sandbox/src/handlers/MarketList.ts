/**
 * A list of markets, of either side of the cutoff.
 *
 * @since 0.1.0
 */
import type * as Engine from "../Engine.ts"
import type * as Model from "../Model.ts"

/**
 * What a query narrows markets to, beside their status.
 *
 * @since 0.1.0
 * @category models
 */
export interface Query {
  readonly event_ticker?: string | undefined
  readonly series_ticker?: string | undefined
  readonly tickers?: string | undefined
}

/**
 * Whether a market is one that a query asks for.
 *
 * @since 0.1.0
 * @category predicates
 */
export const fits = (query: Query, { spec }: Model.MarketView): boolean =>
  (query.event_ticker === undefined || spec.eventTicker === query.event_ticker) &&
  (query.series_ticker === undefined || spec.seriesTicker === query.series_ticker) &&
  (query.tickers === undefined || query.tickers.split(",").includes(spec.ticker))

/**
 * The markets that fit, newest first; the cursor is a place in the order of
 * listing, so that new markets move nothing.
 *
 * @since 0.1.0
 * @category accessors
 */
export const part =
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
