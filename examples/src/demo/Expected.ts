/**
 * What the rows of an export have to be, from what the sandbox's engine knows.
 *
 * It goes from the engine's own records to the models directly: neither the
 * wire nor the client's reading of it has a part in it, so that a mistake in
 * either shows.
 */
import type { Control, Model } from "@effect-kalshi/sandbox"
import { Contracts, Dollars, type Fill, type Order, type Position, type Settlement } from "effect-kalshi"

// the sandbox has one shard, and no subaccounts
const PLACE = { subaccount: 0, exchangeIndex: 0 } as const

// the exchange sends revenue and settlement values in whole cents
const wholeCents = (amount: Dollars.Dollars): Dollars.Dollars => Dollars.round(amount, Dollars.cents(1), "floor")

const fill = (view: Model.FillView): Fill.Fill => ({
  tradeId: view.tradeId,
  orderId: view.orderId,
  ticker: view.ticker,
  side: view.side,
  price: view.price,
  count: view.count,
  isTaker: view.isTaker,
  fee: view.fee,
  createdAt: view.at,
  ...PLACE
})

const order = (view: Model.OrderView): Order.Order => ({
  orderId: view.orderId,
  clientOrderId: view.clientOrderId === "" ? undefined : view.clientOrderId,
  ticker: view.ticker,
  side: view.side,
  price: view.price,
  status: view.status,
  initial: view.initial,
  filled: view.filled,
  remaining: view.remaining,
  takerCost: view.takerCost,
  makerCost: view.makerCost,
  takerFees: view.takerFees,
  makerFees: view.makerFees,
  expiresAt: view.expiration,
  createdAt: view.createdAt,
  updatedAt: view.updatedAt,
  selfTradePrevention: view.selfTradePrevention,
  cancelOnPause: view.cancelOnPause,
  ...PLACE
})

const settlement = (view: Model.SettlementView): Settlement.Settlement => ({
  ticker: view.ticker,
  eventTicker: view.eventTicker,
  result: view.result._tag === "scalar" ? { _tag: "scalar", value: wholeCents(view.result.value) } : view.result,
  yesCount: view.yesCount,
  yesCost: view.yesCost,
  noCount: view.noCount,
  noCost: view.noCost,
  revenue: wholeCents(view.revenue),
  fee: view.fees,
  settledAt: view.at,
  exchangeIndex: PLACE.exchangeIndex
})

const marketPosition = (view: Model.PositionView): Position.MarketPosition => ({
  ticker: view.ticker,
  position: view.position,
  exposure: view.exposure,
  totalTraded: view.totalTraded,
  realizedPnl: view.realizedPnl,
  feesPaid: view.feesPaid,
  updatedAt: view.updatedAt,
  exchangeIndex: PLACE.exchangeIndex
})

const eventPositions = (views: ReadonlyArray<Model.PositionView>): ReadonlyArray<Position.EventPosition> => {
  const events = new Map<string, Array<Model.PositionView>>()
  for (const view of views) {
    const known = events.get(view.eventTicker)
    if (known === undefined) events.set(view.eventTicker, [view])
    else known.push(view)
  }
  return Array.from(events, ([eventTicker, markets]) => ({
    eventTicker,
    totalCost: Dollars.sum(markets.map((view) => view.totalTraded)),
    totalContracts: Contracts.sum(markets.map((view) => view.totalContracts)),
    exposure: Dollars.sum(markets.map((view) => view.exposure)),
    realizedPnl: Dollars.sum(markets.map((view) => view.realizedPnl)),
    feesPaid: Dollars.sum(markets.map((view) => view.feesPaid))
  }))
}

/** The rows of each list. */
export interface Rows {
  readonly fills: ReadonlyArray<Fill.Fill>
  readonly orders: ReadonlyArray<Order.Order>
  readonly settlements: ReadonlyArray<Settlement.Settlement>
  readonly marketPositions: ReadonlyArray<Position.MarketPosition>
  readonly eventPositions: ReadonlyArray<Position.EventPosition>
}

/** The rows that the truth about an account asks for. */
export const rows = (truth: Control.Truth): Rows => ({
  fills: truth.fills.map(fill),
  orders: truth.orders.map(order),
  settlements: truth.settlements.map(settlement),
  marketPositions: truth.positions.map(marketPosition),
  eventPositions: eventPositions(truth.positions)
})
