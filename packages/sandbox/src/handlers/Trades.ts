/**
 * A page of public trades, of either side of the cutoff.
 *
 * @since 0.1.0
 */
import type * as Markets from "effect-kalshi/api/Markets"
import type * as Timestamp from "effect-kalshi/Timestamp"
import type * as Cursors from "../Cursors.ts"
import type * as Engine from "../Engine.ts"
import * as Render from "../Render.ts"
import type * as Switches from "../Switches.ts"
import * as Range from "./Range.ts"

/**
 * What a query narrows trades to.
 *
 * @since 0.1.0
 * @category models
 */
export interface Query {
  readonly limit?: number | undefined
  readonly cursor?: string | undefined
  readonly ticker?: string | undefined
  readonly min_ts?: Timestamp.Timestamp | undefined
  readonly max_ts?: Timestamp.Timestamp | undefined
  readonly is_block_trade?: boolean | undefined
}

/**
 * The page that a query asks for; no trade is agreed off the book here.
 *
 * @since 0.1.0
 * @category accessors
 */
export const page = (
  cursors: Cursors.Cursors["Service"],
  engine: Engine.Engine,
  switches: Switches.Switches["Service"],
  query: Query,
  archived: boolean
): typeof Markets.GetTradesResponse.Type => {
  const { items, ...end } = cursors.page(archived ? "historical trades" : "trades", query, (limit, cursor) =>
    query.is_block_trade === true
      ? { items: [] }
      : engine.trades(
          {
            ticker: query.ticker,
            ...Range.of(query, switches.rangeBounds),
            side: { archived, cutoff: switches.cutoff.trades }
          },
          limit,
          cursor
        )
  )
  return { trades: items.map(Render.trade), ...end }
}
