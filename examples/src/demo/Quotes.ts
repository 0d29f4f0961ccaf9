/**
 * A market to trade in.
 */
import { Effect, Option, Stream } from "effect"
import { type Contracts, Dollars, type Market, Markets } from "effect-kalshi"

/** What others offer in a market. */
export interface Quoted {
  readonly ticker: string
  readonly bid: Dollars.Dollars
  readonly ask: Dollars.Dollars
  readonly askSize: Contracts.Contracts
}

const CENT = Dollars.cents(1)
const SPREAD = Dollars.cents(2)

const isOfCents = (market: Market.Market): boolean => market.bands.every((band) => band.step === CENT)

/** Whether every open market is of whole cents, so that amounts of whole cents say all of them. */
export const isOfWholeCents = Effect.flatMap(Markets.Markets, (markets) =>
  markets.markets({ status: "open" }).pipe(
    Stream.filter((market) => !isOfCents(market)),
    Stream.runHead,
    Effect.map(Option.isNone)
  )
)

/** The open market of whole cents with the tightest spread that leaves room for us, the oldest of equals. */
export const pick = Effect.fn("Quotes.pick")(function* () {
  const markets = yield* Markets.Markets
  const found = yield* markets.markets({ status: "open" }).pipe(
    Stream.filter(isOfCents),
    Stream.runFold(
      (): Quoted | undefined => undefined,
      (best, market) => {
        const { ask, askSize, bid, ticker } = market
        if (bid === undefined || ask === undefined || askSize === undefined || ask - bid < SPREAD) return best
        const quoted = { ticker, bid, ask, askSize }
        return best === undefined || ask - bid <= best.ask - best.bid ? quoted : best
      }
    )
  )
  return Option.fromUndefinedOr(found)
})
