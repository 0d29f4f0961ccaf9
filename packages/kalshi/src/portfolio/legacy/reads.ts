/**
 * The reading half of the portfolio on the wire of 2.0.0.
 */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as OrdersApi from "../../api/legacy/Orders.ts"
import * as PortfolioApi from "../../api/legacy/Portfolio.ts"
import * as Balance from "../../models/Balance.ts"
import * as Fill from "../../models/Fill.ts"
import * as Order from "../../models/Order.ts"
import type {
  BalanceQuery,
  FillsQuery,
  OrdersQuery,
  PositionsQuery,
  SettlementsQuery
} from "../../models/PortfolioQuery.ts"
import * as Position from "../../models/Position.ts"
import * as Settlement from "../../models/Settlement.ts"
import * as check from "../../service/check.ts"
import * as client from "../../service/client.ts"
import { checkRanged, upward } from "../../service/query.ts"
import * as lists from "../lists.ts"
import * as operations from "../operations.ts"
import { unsaid } from "../refuse.ts"
import * as said from "./said.ts"

const getBalance = operations.getBalance(PortfolioApi.GetBalanceResponse)
const getPositions = operations.getPositions(PortfolioApi.GetPositionsResponse)
const getFills = operations.getFills(PortfolioApi.GetFillsResponse)
const getOrders = operations.getOrders(OrdersApi.GetOrdersResponse)
const getOrder = operations.getOrder(OrdersApi.GetOrderResponse)
const getSettlements = operations.getPortfolioSettlements(PortfolioApi.GetPortfolioSettlementsResponse)
const getRestingValue = operations.getPortfolioRestingOrderTotalValue(
  PortfolioApi.GetPortfolioRestingOrderTotalValueResponse
)
const getDeposits = operations.getDeposits(Schema.Never)
const getWithdrawals = operations.getWithdrawals(Schema.Never)

const noFunding = (field: string) => ({ field, description: `the wire of 2.0.0 tells no ${field}` })

const request = { responseMode: "response-only" } as const

/** Makes the reading operations. */
export const make = Effect.gen(function* () {
  const portfolio = yield* client.legacyGroup("portfolio")
  const orders = yield* client.legacyGroup("orders")

  const readFills = Effect.fnUntraced(function* (query: FillsQuery = {}) {
    yield* checkRanged(getFills, query)
    yield* unsaid(getFills, said.ofPlace(query))
    if (query.orderId !== undefined) yield* said.checkUuid(getFills, "orderId", query.orderId)
    const wire = yield* getFills.run(
      portfolio.getFills({
        ...request,
        query: {
          ticker: query.ticker,
          order_id: query.orderId,
          min_ts: query.minTs,
          max_ts: upward(query.maxTs),
          limit: query.limit,
          cursor: query.cursor
        }
      })
    )
    return { fills: (wire.fills ?? []).map(Fill.fromWire2024), cursor: check.cursor(wire.cursor) }
  })

  const readOrders = Effect.fnUntraced(function* (query: OrdersQuery = {}) {
    yield* checkRanged(getOrders, query)
    yield* unsaid(getOrders, said.ofPlace(query))
    const [eventTicker, ...more] = query.eventTickers ?? []
    if (more.length > 0) {
      yield* unsaid(getOrders, { field: "eventTickers", description: "the wire of 2.0.0 narrows to one event" })
    }
    const wire = yield* getOrders.run(
      orders.getOrders({
        ...request,
        query: {
          ticker: query.ticker,
          event_ticker: eventTicker,
          status: query.status,
          min_ts: query.minTs,
          max_ts: upward(query.maxTs),
          limit: query.limit,
          cursor: query.cursor
        }
      })
    )
    return { orders: (wire.orders ?? []).map(Order.fromWire2024), cursor: check.cursor(wire.cursor) }
  })

  const readSettlements = Effect.fnUntraced(function* (query: SettlementsQuery = {}) {
    yield* checkRanged(getSettlements, query)
    yield* unsaid(getSettlements, said.ofPlace(query))
    if (query.eventTicker !== undefined) {
      yield* unsaid(getSettlements, {
        field: "eventTicker",
        description: "the settlements of the wire of 2.0.0 name no event"
      })
    }
    const wire = yield* getSettlements.run(
      portfolio.getPortfolioSettlements({
        ...request,
        query: {
          min_ts: query.minTs,
          max_ts: upward(query.maxTs),
          limit: query.limit,
          cursor: query.cursor
        }
      })
    )
    const settlements = (wire.settlements ?? []).map(Settlement.fromWire2024)
    return {
      // this wire does not narrow to a market: a page has those of its rows that are wanted
      settlements:
        query.ticker === undefined ? settlements : settlements.filter(({ ticker }) => ticker === query.ticker),
      cursor: check.cursor(wire.cursor)
    }
  })

  const readPositions = Effect.fnUntraced(function* (query: PositionsQuery = {}) {
    yield* checkRanged(getPositions, query)
    yield* unsaid(getPositions, said.ofPlace(query))
    const wire = yield* getPositions.run(
      portfolio.getPositions({
        ...request,
        query: {
          count_filter: query.countFilter?.join(","),
          settlement_status: query.settlementStatus,
          ticker: query.ticker,
          event_ticker: query.eventTicker,
          limit: query.limit,
          cursor: query.cursor
        }
      })
    )
    return {
      marketPositions: (wire.market_positions ?? []).map(Position.fromWire2024),
      eventPositions: (wire.event_positions ?? []).map(Position.eventFromWire2024),
      cursor: check.cursor(wire.cursor)
    }
  })

  const pages: lists.Pages = {
    getFills: readFills,
    getOrders: readOrders,
    getPortfolioSettlements: readSettlements,
    getPositions: readPositions,
    getDeposits: () => Effect.as(unsaid(getDeposits, noFunding("deposits")), { deposits: [] }),
    getWithdrawals: () => Effect.as(unsaid(getWithdrawals, noFunding("withdrawals")), { withdrawals: [] })
  }

  /** An order in the words of the wire, which an amendment has to repeat. */
  const readOrder = Effect.fnUntraced(function* (orderId: string) {
    yield* check.name(getOrder, "orderId", orderId)
    yield* said.checkUuid(getOrder, "orderId", orderId)
    const { order } = yield* getOrder.run(orders.getOrder({ ...request, params: { order_id: orderId } }))
    return order
  })

  return {
    readOrder,
    reading: {
      getBalance: Effect.fnUntraced(function* (query: BalanceQuery = {}) {
        yield* checkRanged(getBalance, query)
        yield* unsaid(getBalance, said.ofPlace(query))
        return Balance.fromWire2024(yield* getBalance.run(portfolio.getBalance(request)))
      }),
      ...pages,
      ...lists.make(pages),
      getOrder: (orderId: string) => Effect.map(readOrder(orderId), Order.fromWire2024),
      getPortfolioRestingOrderTotalValue: Effect.suspend(() =>
        getRestingValue.run(portfolio.getPortfolioRestingOrderTotalValue(request))
      ).pipe(Effect.map((wire) => wire.total_value))
    }
  }
})

/** The reading operations of the portfolio on this wire. */
export type Reads = Effect.Success<typeof make>
