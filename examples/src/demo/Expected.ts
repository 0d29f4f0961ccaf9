/**
 * What the rows of an export have to be, from what the sandbox's engine knows.
 *
 * It goes from the engine's own records to the models directly: neither the
 * wire nor the client's reading of it has a part in it, so that a mistake in
 * either shows.
 */
import type { Control, Model } from "@effect-kalshi/sandbox"
import { Contracts, Dollars, type Fill, type Order, type Position, type Settlement } from "effect-kalshi"
import type { Wire } from "./Target.ts"

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

const byEvent = (
  views: ReadonlyArray<Model.PositionView>
): ReadonlyArray<readonly [eventTicker: string, markets: ReadonlyArray<Model.PositionView>]> => {
  const events = new Map<string, Array<Model.PositionView>>()
  for (const view of views) {
    const known = events.get(view.eventTicker)
    if (known === undefined) events.set(view.eventTicker, [view])
    else known.push(view)
  }
  return Array.from(events)
}

const eventMoney = (markets: ReadonlyArray<Model.PositionView>) => ({
  totalCost: Dollars.sum(markets.map((view) => view.totalTraded)),
  exposure: Dollars.sum(markets.map((view) => view.exposure)),
  realizedPnl: Dollars.sum(markets.map((view) => view.realizedPnl)),
  feesPaid: Dollars.sum(markets.map((view) => view.feesPaid))
})

const eventPositions = (views: ReadonlyArray<Model.PositionView>): ReadonlyArray<Position.EventPosition> =>
  byEvent(views).map(([eventTicker, markets]) => ({
    eventTicker,
    ...eventMoney(markets),
    totalContracts: Contracts.sum(markets.map((view) => view.totalContracts))
  }))

/** The rows of each list. */
export interface Rows {
  readonly fills: ReadonlyArray<Fill.Fill>
  readonly orders: ReadonlyArray<Order.Order>
  readonly settlements: ReadonlyArray<Settlement.Settlement>
  readonly marketPositions: ReadonlyArray<Position.MarketPosition>
  readonly eventPositions: ReadonlyArray<Position.EventPosition>
}

// What the wire of 2.0.0 does not tell is in none of its rows: the fees of fills and of settlements,
// places, what later orders can say; and it tells how much rests.
const rows2024 = (truth: Control.Truth): Rows => {
  const resting = (views: ReadonlyArray<Pick<Model.PositionView, "ticker">>): Contracts.Contracts => {
    const tickers = new Set(views.map(({ ticker }) => ticker))
    return Contracts.sum(truth.orders.filter(({ ticker }) => tickers.has(ticker)).map(({ remaining }) => remaining))
  }
  return {
    fills: truth.fills.map((view) => {
      const { exchangeIndex: _index, fee: _fee, subaccount: _subaccount, ...told } = fill(view)
      return told
    }),
    orders: truth.orders.map((view) => {
      const {
        cancelOnPause: _pause,
        exchangeIndex: _index,
        selfTradePrevention: _prevention,
        subaccount: _subaccount,
        ...told
      } = order(view)
      return told
    }),
    settlements: truth.settlements.map((view) => {
      const { eventTicker: _event, exchangeIndex: _index, fee: _fee, ...told } = settlement(view)
      return view.result._tag === "scalar" ? { ...told, result: { _tag: "scalar" } } : told
    }),
    marketPositions: truth.positions.map((view) => {
      const { exchangeIndex: _index, ...told } = marketPosition(view)
      return { ...told, resting: resting([view]) }
    }),
    eventPositions: byEvent(truth.positions).map(([eventTicker, markets]) => ({
      eventTicker,
      ...eventMoney(markets),
      resting: resting(markets)
    }))
  }
}

/** The rows that the truth about an account asks for, on a wire. */
export const rows = (truth: Control.Truth, wire: Wire = "today"): Rows =>
  wire === "2.0.0"
    ? rows2024(truth)
    : {
        fills: truth.fills.map(fill),
        orders: truth.orders.map(order),
        settlements: truth.settlements.map(settlement),
        marketPositions: truth.positions.map(marketPosition),
        eventPositions: eventPositions(truth.positions)
      }
