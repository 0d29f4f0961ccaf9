/**
 * The lists of the portfolio as streams, over the pages of any wire.
 */
import * as Effect from "effect/Effect"
import type * as Stream from "effect/Stream"
import * as KalshiError from "../KalshiError.ts"
import * as Fill from "../models/Fill.ts"
import type * as Order from "../models/Order.ts"
import type * as Position from "../models/Position.ts"
import * as Settlement from "../models/Settlement.ts"
import type { FillsQuery, OrdersQuery, PageQuery, PositionsQuery, SettlementsQuery } from "../models/PortfolioQuery.ts"
import * as check from "../service/check.ts"
import * as pages from "../service/pages.ts"

/** The largest page of every list. */
export const MAX_LIMIT = 1000

type PageOf<Name extends string, A> = Effect.Effect<
  { readonly [K in Name]: ReadonlyArray<A> } & { readonly cursor?: string | undefined },
  KalshiError.Of
>

/** One page of each list. */
export interface Pages {
  readonly getFills: (query?: FillsQuery) => PageOf<"fills", Fill.Fill>
  readonly getOrders: (query?: OrdersQuery) => PageOf<"orders", Order.Order>
  readonly getPortfolioSettlements: (query?: SettlementsQuery) => PageOf<"settlements", Settlement.Settlement>
  readonly getPositions: (query?: PositionsQuery) => Effect.Effect<
    {
      readonly marketPositions: ReadonlyArray<Position.MarketPosition>
      readonly eventPositions: ReadonlyArray<Position.EventPosition>
      readonly cursor?: string | undefined
    },
    KalshiError.Of
  >
}

/** All rows of each list. */
export interface Lists {
  readonly fills: (query?: FillsQuery) => Stream.Stream<Fill.Fill, KalshiError.Of>
  readonly orders: (query?: OrdersQuery) => Stream.Stream<Order.Order, KalshiError.Of>
  readonly settlements: (query?: SettlementsQuery) => Stream.Stream<Settlement.Settlement, KalshiError.Of>
  readonly marketPositions: (query?: PositionsQuery) => Stream.Stream<Position.MarketPosition, KalshiError.Of>
  readonly eventPositions: (query?: PositionsQuery) => Stream.Stream<Position.EventPosition, KalshiError.Of>
}

/** The stream of a list from its pages, largest pages first. */
export const streamOf =
  <Query extends PageQuery, Page extends { readonly cursor?: string | undefined }, A>(
    operation: string,
    page: (query: Query) => Effect.Effect<Page, KalshiError.Of>,
    items: (page: Page) => ReadonlyArray<A>,
    key: (item: A) => string
  ) =>
  (query: Query): Stream.Stream<A, KalshiError.Of> =>
    pages.stream({
      page: (cursor) =>
        Effect.map(page({ ...query, limit: query.limit ?? MAX_LIMIT, cursor }), (page) => ({
          items: items(page),
          cursor: page.cursor
        })),
      key,
      stuck: () => KalshiError.make<never>({ operation, reason: check.stuck, attempts: 1 }),
      cursor: query.cursor
    })

/** Makes the streams. */
export const make = (from: Pages): Lists => {
  const fills = streamOf("getFills", from.getFills, (page) => page.fills, Fill.key)
  const orders = streamOf(
    "getOrders",
    from.getOrders,
    (page) => page.orders,
    (order) => order.orderId
  )
  const settlements = streamOf(
    "getPortfolioSettlements",
    from.getPortfolioSettlements,
    (page) => page.settlements,
    Settlement.key
  )
  const marketPositions = streamOf(
    "getPositions",
    from.getPositions,
    (page) => page.marketPositions,
    (position) => position.ticker
  )
  const eventPositions = streamOf(
    "getPositions",
    from.getPositions,
    (page) => page.eventPositions,
    (position) => position.eventTicker
  )
  return {
    fills: (query = {}) => fills(query),
    orders: (query = {}) => orders(query),
    settlements: (query = {}) => settlements(query),
    marketPositions: (query = {}) => marketPositions(query),
    eventPositions: (query = {}) => eventPositions(query)
  }
}
