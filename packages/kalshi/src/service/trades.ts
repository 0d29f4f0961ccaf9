/**
 * Public trades, of either side of the cutoff: the two endpoints differ in
 * their path alone.
 */
import * as Effect from "effect/Effect"
import type * as Stream from "effect/Stream"
import * as MarketsApi from "../api/Markets.ts"
import type * as KalshiError from "../KalshiError.ts"
import * as Trade from "../models/Trade.ts"
import * as check from "./check.ts"
import * as list from "./list.ts"
import * as operation from "./operation.ts"
import { checkRanged, upward } from "./query.ts"

/** One page of trades, and all of them. */
export interface Trades {
  readonly getTrades: (query?: Trade.TradesQuery) => list.PageOf<"trades", Trade.Trade>
  readonly trades: (query?: Trade.TradesQuery) => Stream.Stream<Trade.Trade, KalshiError.Of>
}

interface WireQuery {
  readonly limit: number | undefined
  readonly cursor: string | undefined
  readonly ticker: string | undefined
  readonly min_ts: Trade.TradesQuery["minTs"]
  readonly max_ts: Trade.TradesQuery["maxTs"]
  readonly is_block_trade: boolean | undefined
}

type Run = operation.Operation<typeof MarketsApi.GetTradesResponse.Type, never>["run"]

/** Makes both from the name of an operation and the call of its endpoint. */
export const make = (name: string, call: (query: WireQuery) => Parameters<Run>[0]): Trades => {
  const getTrades = operation.make({ name, success: MarketsApi.GetTradesResponse })
  const page = Effect.fnUntraced(function* (query: Trade.TradesQuery = {}) {
    yield* checkRanged(getTrades, query)
    const wire = yield* getTrades.run(
      call({
        limit: query.limit,
        cursor: query.cursor,
        ticker: query.ticker,
        min_ts: query.minTs,
        max_ts: upward(query.maxTs),
        is_block_trade: query.isBlock
      })
    )
    return { trades: (wire.trades ?? []).map(Trade.fromWire), cursor: check.cursor(wire.cursor) }
  })
  const trades = list.stream(name, page, (page) => page.trades, Trade.key)
  return { getTrades: page, trades: (query = {}) => trades(query) }
}
