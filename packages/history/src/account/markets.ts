/**
 * The markets that an account traded, live and archived.
 */
import type * as KalshiError from "effect-kalshi/KalshiError"
import * as Historical from "effect-kalshi/Historical"
import * as Markets from "effect-kalshi/Markets"
import type * as Market from "effect-kalshi/models/Market"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { collect } from "./collect.ts"
import type { AccountRecords, Options } from "./Model.ts"

/** How many are asked for by name at once: their names are in the address. */
const AT_ONCE = 100

const chunks = (names: ReadonlyArray<string>): ReadonlyArray<ReadonlyArray<string>> =>
  Array.from({ length: Math.ceil(names.length / AT_ONCE) }, (_, index) =>
    names.slice(index * AT_ONCE, (index + 1) * AT_ONCE)
  )

const byName = <E>(
  tickers: ReadonlyArray<string>,
  read: (tickers: ReadonlyArray<string>) => Stream.Stream<Market.Market, E>
): Stream.Stream<Market.Market, E> => Stream.flatMap(Stream.fromIterable(chunks(tickers)), read)

/** Looks up the markets of the fills and settlements; those that the exchange does not know are left out. */
export const withMarkets = Effect.fnUntraced(function* (
  records: AccountRecords,
  options: Options = {}
): Effect.fn.Return<AccountRecords, KalshiError.Of, Markets.Markets | Historical.Historical> {
  const live = yield* Markets.Markets
  const archive = yield* Historical.Historical
  const tickers = new Set<string>()
  for (const { ticker } of records.fills) tickers.add(ticker)
  for (const { ticker } of records.settlements) tickers.add(ticker)
  const known = yield* collect(
    byName([...tickers], (tickers) => live.markets({ tickers })),
    "markets",
    options
  )
  // what is archived meanwhile goes from there to here, never back
  for (const { ticker } of known) tickers.delete(ticker)
  const archived = yield* collect(
    byName([...tickers], (tickers) => archive.markets({ tickers })),
    "markets",
    { onProgress: ({ count, what }) => options.onProgress?.({ what, count: known.length + count }) ?? Effect.void }
  )
  return {
    ...records,
    markets: [...known, ...archived],
    gaps: records.gaps.filter(({ _tag }) => _tag !== "NoMarkets")
  }
})
