/**
 * The reading half of the portfolio on today's wire.
 */
import * as Effect from "effect/Effect"
import * as OrdersApi from "../../api/Orders.ts"
import * as PortfolioApi from "../../api/Portfolio.ts"
import type * as KalshiError from "../../KalshiError.ts"
import * as Balance from "../../models/Balance.ts"
import * as Fill from "../../models/Fill.ts"
import * as Funding from "../../models/Funding.ts"
import * as Order from "../../models/Order.ts"
import * as Position from "../../models/Position.ts"
import * as Settlement from "../../models/Settlement.ts"
import type {
  BalanceQuery,
  FillsQuery,
  OrdersQuery,
  PageQuery,
  PositionsQuery,
  SettlementsQuery
} from "../../models/PortfolioQuery.ts"
import * as check from "../../service/check.ts"
import * as client from "../../service/client.ts"
import { checkRanged, upward } from "../../service/query.ts"
import * as lists from "../lists.ts"
import * as operations from "../operations.ts"
import type { OrderMemory } from "../orderMemory.ts"

const MAX_EVENTS = 10

const getBalance = operations.getBalance(PortfolioApi.GetBalanceResponse)
const getPositions = operations.getPositions(PortfolioApi.GetPositionsResponse)
const getFills = operations.getFills(PortfolioApi.GetFillsResponse)
const getOrders = operations.getOrders(OrdersApi.GetOrdersResponse)
const getOrder = operations.getOrder(OrdersApi.GetOrderResponse)
const getSettlements = operations.getPortfolioSettlements(PortfolioApi.GetSettlementsResponse)
const getRestingValue = operations.getPortfolioRestingOrderTotalValue(
  PortfolioApi.GetPortfolioRestingOrderTotalValueResponse
)
const getDeposits = operations.getDeposits(PortfolioApi.GetDepositsResponse)
const getWithdrawals = operations.getWithdrawals(PortfolioApi.GetWithdrawalsResponse)

const checkPositions = (query: PositionsQuery): Effect.Effect<void, KalshiError.Of> =>
  query.settlementStatus !== undefined && query.settlementStatus !== "unsettled"
    ? Effect.fail(
        getPositions.invalid(
          "settlementStatus",
          "the exchange lists unsettled positions alone; settled markets are in settlements"
        )
      )
    : query.countFilter?.includes("resting_order_count") === true
      ? Effect.fail(
          getPositions.invalid("countFilter", "the exchange no longer counts what rests; it is in the orders")
        )
      : checkRanged(getPositions, query)

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

  const readDeposits = Effect.fnUntraced(function* ({ cursor, limit }: PageQuery = {}) {
    yield* check.limit(getDeposits, limit, lists.MAX_FUNDINGS)
    const wire = yield* getDeposits.run(portfolio.getDeposits({ ...request, query: { limit, cursor } }))
    return { deposits: (wire.deposits ?? []).map(Funding.depositFromWire), cursor: check.cursor(wire.cursor) }
  })

  const readWithdrawals = Effect.fnUntraced(function* ({ cursor, limit }: PageQuery = {}) {
    yield* check.limit(getWithdrawals, limit, lists.MAX_FUNDINGS)
    const wire = yield* getWithdrawals.run(portfolio.getWithdrawals({ ...request, query: { limit, cursor } }))
    return { withdrawals: (wire.withdrawals ?? []).map(Funding.withdrawalFromWire), cursor: check.cursor(wire.cursor) }
  })

  const pages: lists.Pages = {
    getFills: readFills,
    getOrders: readOrders,
    getPortfolioSettlements: readSettlements,
    getPositions: readPositions,
    getDeposits: readDeposits,
    getWithdrawals: readWithdrawals
  }

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
    ...pages,
    ...lists.make(pages),
    getOrder: (orderId: string) =>
      check.name(getOrder, "orderId", orderId).pipe(
        Effect.andThen(getOrder.run(orders.getOrder({ ...request, params: { order_id: orderId } }))),
        Effect.map((wire) => remember(Order.fromWire(wire.order)))
      ),
    getPortfolioRestingOrderTotalValue: Effect.suspend(() =>
      getRestingValue.run(portfolio.getPortfolioRestingOrderTotalValue(request))
    ).pipe(Effect.map((wire) => wire.total_resting_order_value))
  }
})

/** The reading operations of the portfolio. */
export type Reads = Effect.Success<ReturnType<typeof make>>
