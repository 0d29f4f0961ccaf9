/**
 * What is known of listed markets: their grids and how they charge.
 *
 * Services share this, so that a market which one of them has seen is not
 * asked for again by another. Grids and fees change rarely; what was asked for
 * is trusted for ten minutes.
 *
 * @since 0.1.0
 */
import * as Cache from "effect/Cache"
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import * as MarketsApi from "./api/Markets.ts"
import type * as Fees from "./Fees.ts"
import * as client from "./service/client.ts"
import * as operation from "./service/operation.ts"
import type * as KalshiError from "./KalshiError.ts"
import * as Market from "./models/Market.ts"
import * as Series from "./models/Series.ts"
import type * as PriceGrid from "./PriceGrid.ts"

const CAPACITY = 5000
const TRUSTED = Duration.minutes(10)

/**
 * What is known of listed markets.
 *
 * @since 0.1.0
 * @category services
 */
export class Listings extends Context.Service<
  Listings,
  {
    /** The grid of a market that was seen in the last ten minutes, without asking for it. */
    readonly knownGrid: (ticker: string) => Effect.Effect<PriceGrid.PriceGrid | undefined>
    /** Keeps what a market that was seen tells. */
    readonly remember: (market: Market.Market) => Effect.Effect<void>
    /** A market, asked for at most once in ten minutes. */
    readonly market: (ticker: string) => Effect.Effect<Market.Market, KalshiError.Of<KalshiError.MarketNotFound>>
    /** How a market charges unless its fee is waived: its event's override, else its series. */
    readonly fees: (ticker: string) => Effect.Effect<Fees.Schedule, KalshiError.Of<KalshiError.MarketNotFound>>
  }
>()("effect-kalshi/Listings") {}

const getMarket = operation.make({
  name: "getMarket",
  success: MarketsApi.GetMarketResponse,
  reasons: ["MarketNotFound"]
})
const getEvent = operation.make({
  name: "getEvent",
  success: MarketsApi.GetEventResponse,
  reasons: ["MarketNotFound"]
})
const getSeries = operation.make({
  name: "getSeries",
  success: MarketsApi.GetSeriesResponse,
  reasons: ["MarketNotFound"]
})

const whileTrusted = (exit: Exit.Exit<unknown, unknown>) => (Exit.isSuccess(exit) ? TRUSTED : 0)

/**
 * Makes the service from the endpoints of markets.
 *
 * @since 0.1.0
 * @category constructors
 */
export const make: Effect.Effect<Listings["Service"], never, client.Requires> = Effect.gen(function* () {
  const markets = yield* client.group("markets")
  const grids = new Map<string, { readonly grid: PriceGrid.PriceGrid; readonly until: number }>()

  const remember = (market: Market.Market): Effect.Effect<void> =>
    Effect.map(Clock.currentTimeMillis, (now) => {
      const grid = Market.grid(market)
      if (grid === undefined) return
      grids.delete(market.ticker)
      grids.set(market.ticker, { grid, until: now + Duration.toMillis(TRUSTED) })
      if (grids.size > CAPACITY) {
        const oldest = grids.keys().next()
        if (oldest.done !== true) grids.delete(oldest.value)
      }
    })

  // a grid can change while its market trades: an old one must not refuse an order
  const knownGrid = (ticker: string): Effect.Effect<PriceGrid.PriceGrid | undefined> =>
    Effect.map(Clock.currentTimeMillis, (now) => {
      const known = grids.get(ticker)
      return known !== undefined && now < known.until ? known.grid : undefined
    })

  const cached = <A, E>(lookup: (key: string) => Effect.Effect<A, E>) =>
    Cache.makeWith(lookup, { capacity: CAPACITY, timeToLive: whileTrusted })

  const byTicker = yield* cached((ticker) =>
    getMarket.run(markets.getMarket({ params: { ticker }, responseMode: "response-only" })).pipe(
      Effect.map((answer) => Market.fromWire(answer.market)),
      Effect.tap(remember)
    )
  )

  const ofSeries = yield* cached((ticker) =>
    Effect.map(
      getSeries.run(markets.getSeries({ params: { series_ticker: ticker }, responseMode: "response-only" })),
      ({ series }) => Series.fees(Series.fromWire(series))
    )
  )

  const ofEvent = yield* cached((ticker) =>
    getEvent.run(markets.getEvent({ params: { event_ticker: ticker }, responseMode: "response-only" })).pipe(
      Effect.flatMap(({ event }) => {
        const type = event.fee_type_override ?? undefined
        const multiplier = event.fee_multiplier_override ?? undefined
        return type !== undefined && multiplier !== undefined
          ? Effect.succeed<Fees.Schedule>({ type, multiplier })
          : Effect.map(Cache.get(ofSeries, event.series_ticker), (schedule): Fees.Schedule => ({
              type: type ?? schedule.type,
              multiplier: multiplier ?? schedule.multiplier
            }))
      })
    )
  )

  return Listings.of({
    knownGrid,
    remember,
    market: (ticker) => Cache.get(byTicker, ticker),
    fees: (ticker) => Effect.flatMap(Cache.get(byTicker, ticker), (market) => Cache.get(ofEvent, market.eventTicker))
  })
})

/**
 * What is known of listed markets, empty at the start.
 *
 * @since 0.1.0
 * @category layers
 */
export const layer: Layer.Layer<Listings, never, client.Requires> = Layer.effect(Listings, make).pipe(
  // layers are shared by reference, whatever they are provided with: another account's is another
  Layer.fresh
)
