/**
 * What the engine knows, as the wire of 2.0.0 tells it. Pure.
 *
 * This wire has whole cents and whole contracts. What it cannot say is cut off
 * toward zero, as the exchange cuts the cents of a balance; today's wire has
 * it exact. On an exchange of whole cents nothing is cut.
 *
 * What becomes of the contracts of an order adds up: those that it took, those
 * that were taken from it, those that remain, and as `decrease_count` those
 * that left untraded, for whatever reason.
 *
 * @since 0.1.0
 */
import type * as Orders from "effect-kalshi/api/legacy/Orders"
import type * as Portfolio from "effect-kalshi/api/legacy/Portfolio"
import * as Contracts from "effect-kalshi/Contracts"
import * as Direction from "effect-kalshi/Direction"
import * as Dollars from "effect-kalshi/Dollars"
import type * as Model from "./Model.ts"

const CENT = Dollars.cents(1)
const CONTRACT = Contracts.of(1)

const towardZero = (value: number, unit: number): number => value - (value % unit)

const cents = (amount: Dollars.Dollars): Dollars.Dollars => Dollars.micros(towardZero(amount, CENT))

/**
 * A count in whole contracts.
 *
 * @since 0.1.0
 * @category conversions
 */
export const whole = (count: Contracts.Contracts): Contracts.Contracts => Contracts.centis(towardZero(count, CONTRACT))

const priced = (price: Dollars.Dollars) => ({
  yes_price: cents(price),
  no_price: cents(Dollars.complement(price))
})

/**
 * The balance of an account.
 *
 * @since 0.1.0
 * @category conversions
 */
export const balance = (view: Model.BalanceView): typeof Portfolio.GetBalanceResponse.Type => ({
  balance: cents(view.available)
})

/**
 * What a new order answers: how it stands, and no counts.
 *
 * @since 0.1.0
 * @category conversions
 */
export const confirmation = (view: Model.OrderView): typeof Orders.OrderConfirmation.Type => ({
  order_id: view.orderId,
  user_id: view.accountId,
  ticker: view.ticker,
  status: view.status,
  ...priced(view.price),
  created_time: view.createdAt,
  ...(view.expiration === undefined ? {} : { expiration_time: view.expiration }),
  action: view.words.action,
  side: view.words.side,
  type: view.words.type,
  client_order_id: view.clientOrderId
})

/**
 * An order.
 *
 * @since 0.1.0
 * @category conversions
 */
export const order = (view: Model.OrderView): typeof Orders.Order.Type => {
  const { filled, initial, remaining, takerFilled } = view
  return {
    ...confirmation(view),
    last_update_time: view.updatedAt,
    place_count: view.rested ? whole(Contracts.subtract(initial, takerFilled)) : Contracts.zero,
    remaining_count: whole(remaining),
    taker_fill_count: whole(takerFilled),
    maker_fill_count: whole(Contracts.subtract(filled, takerFilled)),
    decrease_count: whole(Contracts.subtract(Contracts.subtract(initial, filled), remaining)),
    amend_count: Contracts.zero,
    amend_taker_fill_count: Contracts.zero,
    close_cancel_count: Contracts.zero,
    fcc_cancel_count: Contracts.zero,
    taker_self_trade_cancel_count: Contracts.zero,
    taker_fill_cost: cents(view.takerCost),
    maker_fill_cost: cents(view.makerCost),
    taker_fees: cents(view.takerFees),
    maker_fees: cents(view.makerFees)
  }
}

/**
 * A fill. What a recorded `sell` names on this wire is not documented, so it
 * is always told as the side that was gained: a bid bought YES, an ask NO.
 *
 * @since 0.1.0
 * @category conversions
 */
export const fill = (view: Model.FillView): typeof Portfolio.Fill.Type => ({
  trade_id: view.tradeId,
  ticker: view.ticker,
  order_id: view.orderId,
  side: Direction.outcome(view.side),
  action: "buy",
  count: whole(view.count),
  ...priced(view.price),
  is_taker: view.isTaker,
  created_time: view.at
})

/**
 * A position in a market.
 *
 * @since 0.1.0
 * @category conversions
 */
export const marketPosition = (view: Model.PositionView): typeof Portfolio.MarketPosition.Type => ({
  ticker: view.ticker,
  total_traded: cents(view.totalTraded),
  position: whole(view.position),
  market_exposure: cents(view.exposure),
  realized_pnl: cents(view.realizedPnl),
  resting_orders_count: whole(view.resting),
  fees_paid: cents(view.feesPaid),
  last_updated_ts: view.updatedAt
})

/**
 * The positions of one event together.
 *
 * @since 0.1.0
 * @category conversions
 */
export const eventPosition = (
  eventTicker: string,
  views: ReadonlyArray<Model.PositionView>
): typeof Portfolio.EventPosition.Type => {
  const total = (amount: (view: Model.PositionView) => Dollars.Dollars) => cents(Dollars.sum(views.map(amount)))
  return {
    event_ticker: eventTicker,
    total_cost: total((view) => view.totalTraded),
    event_exposure: total((view) => view.exposure),
    realized_pnl: total((view) => view.realizedPnl),
    resting_order_count: whole(Contracts.sum(views.map((view) => view.resting))),
    fees_paid: total((view) => view.feesPaid)
  }
}

/**
 * A settled market.
 *
 * @since 0.1.0
 * @category conversions
 */
export const settlement = (view: Model.SettlementView): typeof Portfolio.Settlement.Type => ({
  ticker: view.ticker,
  market_result: view.result._tag,
  yes_count: whole(view.yesCount),
  yes_total_cost: cents(view.yesCost),
  no_count: whole(view.noCount),
  no_total_cost: cents(view.noCost),
  revenue: cents(view.revenue),
  settled_time: view.at
})

/**
 * What resting orders are worth.
 *
 * @since 0.1.0
 * @category conversions
 */
export const restingTotal = (
  view: Model.BalanceView
): typeof Portfolio.GetPortfolioRestingOrderTotalValueResponse.Type => ({ total_value: cents(view.reserved) })
