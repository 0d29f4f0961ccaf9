/**
 * The reading half of the portfolio on today's wire.
 */
import * as Effect from "effect/Effect"
import type * as Stream from "effect/Stream"
import * as OrdersApi from "../api/Orders.ts"
import * as PortfolioApi from "../api/Portfolio.ts"
import type * as KalshiError from "../KalshiError.ts"
import * as Balance from "../models/Balance.ts"
import * as Fill from "../models/Fill.ts"
import * as Order from "../models/Order.ts"
import { ofSubaccount } from "../models/OrderRequest.ts"
import * as Position from "../models/Position.ts"
import * as Settlement from "../models/Settlement.ts"
import type {
  BalanceQuery,
  FillsQuery,
  OrdersQuery,
  PageQuery,
  PositionsQuery,
  SettlementsQuery
} from "../models/PortfolioQuery.ts"
import * as Timestamp from "../Timestamp.ts"
import * as check from "../service/check.ts"
import * as client from "../service/client.ts"
import * as operation from "../service/operation.ts"
import type { OrderMemory } from "./orderMemory.ts"
import * as pages from "../service/pages.ts"

const MAX_LIMIT = 1000
const MAX_EVENTS = 10

const getBalance = operation.make({ name: "getBalance", success: PortfolioApi.GetBalanceResponse })
const getPositions = operation.make({ name: "getPositions", success: PortfolioApi.GetPositionsResponse })
const getFills = operation.make({ name: "getFills", success: PortfolioApi.GetFillsResponse })
const getOrders = operation.make({ name: "getOrders", success: OrdersApi.GetOrdersResponse })
const getOrder = operation.make({
  name: "getOrder",
  success: OrdersApi.GetOrderResponse,
  reasons: ["OrderNotFound"]
})
const getSettlements = operation.make({
  name: "getPortfolioSettlements",
  success: PortfolioApi.GetSettlementsResponse
})
const getRestingValue = operation.make({
  name: "getPortfolioRestingOrderTotalValue",
  success: PortfolioApi.GetPortfolioRestingOrderTotalValueResponse
})

interface Ranged {
  readonly minTs?: Timestamp.Timestamp | undefined
  readonly maxTs?: Timestamp.Timestamp | undefined
  readonly limit?: number | undefined
  readonly subaccount?: number | undefined
}

/** Bounds on the wire are whole seconds: the upper one is rounded up, so that no row is cut off. */
const upward = (maxTs: Timestamp.Timestamp | undefined): Timestamp.Timestamp | undefined =>
  maxTs === undefined ? undefined : Timestamp.micros(Math.ceil(maxTs / 1_000_000) * 1_000_000)

const checkRanged = <E>(
  refuses: { readonly invalid: (field: string, description: string) => E },
  query: Ranged
): Effect.Effect<void, E> => {
  if (query.minTs !== undefined && query.maxTs !== undefined && query.minTs > query.maxTs) {
    return Effect.fail(refuses.invalid("minTs", "is after maxTs"))
  }
  const wrong = ofSubaccount(query.subaccount)
  return wrong === undefined
    ? check.limit(refuses, query.limit, MAX_LIMIT)
    : Effect.fail(refuses.invalid(wrong.field, wrong.description))
}

const checkPositions = (query: PositionsQuery): Effect.Effect<void, KalshiError.Of> =>
  query.settlementStatus === undefined || query.settlementStatus === "unsettled"
    ? checkRanged(getPositions, query)
    : Effect.fail(
        getPositions.invalid(
          "settlementStatus",
          "the exchange lists unsettled positions alone; settled markets are in settlements"
        )
      )

const request = { responseMode: "response-only" } as const

/** Makes the reading operations; what they see of orders goes into `memory`. */
export const make = Effect.fnUntraced(function* (memory: OrderMemory) {
  const portfolio = yield* client.group("portfolio")
  const orders = yield* client.group("orders")

  /** `asked` is the subaccount that was asked for, where the record does not tell its own. */
  const remember = (order: Order.Order, asked?: number): Order.Order => {
    const seen = { ticker: order.ticker, subaccount: order.subaccount ?? asked }
    memory.remember(order.orderId, seen, order.status === "canceled" || order.status === "executed")
    return order
  }

  const readFills = Effect.fnUntraced(function* (query: FillsQuery = {}) {
    yield* checkRanged(getFills, query)
    const wire = yield* getFills.run(
      portfolio.getFills({
        ...request,
        query: {
          ticker: query.ticker,
          order_id: query.orderId,
          min_ts: query.minTs,
          max_ts: upward(query.maxTs),
          limit: query.limit,
          cursor: query.cursor,
          subaccount: query.subaccount,
          exchange_index: query.exchangeIndex
        }
      })
    )
    return { fills: (wire.fills ?? []).map(Fill.fromWire), cursor: check.cursor(wire.cursor) }
  })

  const readOrders = Effect.fnUntraced(function* (query: OrdersQuery = {}) {
    yield* checkRanged(getOrders, query)
    if ((query.eventTickers?.length ?? 0) > MAX_EVENTS) {
      return yield* Effect.fail(getOrders.invalid("eventTickers", `takes at most ${MAX_EVENTS} tickers`))
    }
    const wire = yield* getOrders.run(
      orders.getOrders({
        ...request,
        query: {
          ticker: query.ticker,
          event_ticker: query.eventTickers?.join(","),
          status: query.status,
          min_ts: query.minTs,
          max_ts: upward(query.maxTs),
          limit: query.limit,
          cursor: query.cursor,
          subaccount: query.subaccount,
          exchange_index: query.exchangeIndex
        }
      })
    )
    return {
      orders: (wire.orders ?? []).map((order) => remember(Order.fromWire(order), query.subaccount)),
      cursor: check.cursor(wire.cursor)
    }
  })

  const readSettlements = Effect.fnUntraced(function* (query: SettlementsQuery = {}) {
    yield* checkRanged(getSettlements, query)
    const wire = yield* getSettlements.run(
      portfolio.getSettlements({
        ...request,
        query: {
          ticker: query.ticker,
          event_ticker: query.eventTicker,
          min_ts: query.minTs,
          max_ts: upward(query.maxTs),
          limit: query.limit,
          cursor: query.cursor,
          subaccount: query.subaccount
        }
      })
    )
    return { settlements: (wire.settlements ?? []).map(Settlement.fromWire), cursor: check.cursor(wire.cursor) }
  })

  const readPositions = Effect.fnUntraced(function* (query: PositionsQuery = {}) {
    yield* checkPositions(query)
    const wire = yield* getPositions.run(
      portfolio.getPositions({
        ...request,
        query: {
          count_filter: query.countFilter?.join(","),
          ticker: query.ticker,
          event_ticker: query.eventTicker,
          limit: query.limit,
          cursor: query.cursor,
          subaccount: query.subaccount,
          exchange_index: query.exchangeIndex
        }
      })
    )
    return {
      marketPositions: (wire.market_positions ?? []).map(Position.fromWire),
      eventPositions: (wire.event_positions ?? []).map(Position.eventFromWire),
      cursor: check.cursor(wire.cursor)
    }
  })

  /** The stream of a list from its pages, largest pages first. */
  const streamOf =
    <
      Query extends PageQuery,
      Page extends {
        readonly cursor?: string | undefined
      },
      A
    >(
      op: { readonly fail: (reason: KalshiError.Reason, sent: operation.Sent) => KalshiError.Of },
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
        stuck: () => op.fail(check.stuck, { attempts: 1, uncertain: false }),
        cursor: query.cursor
      })

  const fills = streamOf(getFills, readFills, (page) => page.fills, Fill.key)
  const allOrders = streamOf(
    getOrders,
    readOrders,
    (page) => page.orders,
    (order) => order.orderId
  )
  const settlements = streamOf(getSettlements, readSettlements, (page) => page.settlements, Settlement.key)
  const marketPositions = streamOf(
    getPositions,
    readPositions,
    (page) => page.marketPositions,
    (position) => position.ticker
  )
  const eventPositions = streamOf(
    getPositions,
    readPositions,
    (page) => page.eventPositions,
    (position) => position.eventTicker
  )

  return {
    getBalance: Effect.fnUntraced(function* (query: BalanceQuery = {}) {
      yield* checkRanged(getBalance, query)
      const wire = yield* getBalance.run(
        portfolio.getBalance({
          ...request,
          query: { subaccount: query.subaccount, exchange_index: query.exchangeIndex }
        })
      )
      return Balance.fromWire(wire)
    }),
    getPositions: readPositions,
    getFills: readFills,
    getOrders: readOrders,
    getOrder: (orderId: string) =>
      check.name(getOrder, "orderId", orderId).pipe(
        Effect.andThen(getOrder.run(orders.getOrder({ ...request, params: { order_id: orderId } }))),
        Effect.map((wire) => remember(Order.fromWire(wire.order)))
      ),
    getPortfolioSettlements: readSettlements,
    getPortfolioRestingOrderTotalValue: Effect.suspend(() =>
      getRestingValue.run(portfolio.getPortfolioRestingOrderTotalValue(request))
    ).pipe(Effect.map((wire) => wire.total_resting_order_value)),
    fills: (query: FillsQuery = {}) => fills(query),
    orders: (query: OrdersQuery = {}) => allOrders(query),
    settlements: (query: SettlementsQuery = {}) => settlements(query),
    marketPositions: (query: PositionsQuery = {}) => marketPositions(query),
    eventPositions: (query: PositionsQuery = {}) => eventPositions(query)
  }
})

/** The reading operations of the portfolio. */
export type Reads = Effect.Success<ReturnType<typeof make>>
