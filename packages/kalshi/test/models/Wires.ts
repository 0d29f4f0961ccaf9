/**
 * Models as each generation of the wire would have shown them, as far as it
 * could: by hand, and by nothing that reads them.
 */
import * as Contracts from "effect-kalshi/Contracts"
import type * as Direction from "effect-kalshi/Direction"
import * as Dollars from "effect-kalshi/Dollars"
import type * as Fill from "effect-kalshi/models/Fill"
import type * as Order from "effect-kalshi/models/Order"
import type * as Position from "effect-kalshi/models/Position"
import type * as Settlement from "effect-kalshi/models/Settlement"
import * as Timestamp from "effect-kalshi/Timestamp"
import type { Raw } from "./Handmade.ts"

/** A model as a generation can say it, and how that looks on its wire. */
export interface Said<A> {
  readonly model: A
  readonly wire: Raw
}

/** A kind of model on each wire; models are {@link clean}. */
export type Wires<A> = Readonly<Record<"2024" | "2026-01" | "today", (model: A) => Said<A>>>

/**
 * A generated model as one that was read: what is undefined is absent, and −0,
 * which no text has, is 0.
 */
export const clean = <A extends object>(model: A): A => {
  const copy = { ...model }
  for (const [key, value] of Object.entries(copy)) {
    if (value === undefined) Reflect.deleteProperty(copy, key)
    if (typeof value === "number") Reflect.set(copy, key, value + 0)
  }
  return copy
}

const toCents = (amount: Dollars.Dollars): number => Math.trunc(amount / 10_000)
const cents = (amount: Dollars.Dollars): Dollars.Dollars => Dollars.micros(toCents(amount) * 10_000 + 0)
const toWhole = (count: Contracts.Contracts): number => Math.trunc(count / 100)
const whole = (count: Contracts.Contracts): Contracts.Contracts => Contracts.centis(toWhole(count) * 100 + 0)

const perhaps = <A, B>(value: A | null | undefined, f: (value: A) => B): B | undefined =>
  value == null ? undefined : f(value)

// no count but a position is below 0
const size = (count: Contracts.Contracts): Contracts.Contracts => Contracts.abs(count)

/** The words of records before May 2026, where a plain buy is all that is known for sure. */
const words = (side: Direction.Recorded): Raw =>
  side === "unknown" ? { action: "sell", side: "yes" } : { action: "buy", side: side === "bid" ? "yes" : "no" }

const sides = (side: Direction.Recorded): Raw =>
  side === "unknown" ? {} : { book_side: side, outcome_side: side === "bid" ? "yes" : "no" }

const none = Timestamp.micros(0)

export const fill: Wires<Fill.Fill> = {
  "2024": (fill) => {
    const { exchangeIndex: _, fee: __, subaccount: ___, ...rest } = fill
    const createdAt = fill.createdAt ?? none
    const model = { ...rest, price: cents(fill.price), count: whole(size(fill.count)), createdAt }
    return {
      model,
      wire: {
        trade_id: model.tradeId,
        ticker: model.ticker,
        order_id: model.orderId,
        ...words(model.side),
        count: toWhole(model.count),
        yes_price: toCents(fill.price),
        no_price: 100 - toCents(fill.price),
        is_taker: model.isTaker,
        created_time: Timestamp.format(createdAt)
      }
    }
  },
  "2026-01": (fill) => {
    const { exchangeIndex: _, ...rest } = fill
    const model = { ...rest, count: size(fill.count) }
    return {
      model,
      wire: {
        fill_id: model.tradeId,
        trade_id: model.tradeId,
        order_id: model.orderId,
        ticker: model.ticker,
        ...words(model.side),
        count: toWhole(model.count),
        count_fp: Contracts.format(model.count),
        yes_price: toCents(model.price),
        yes_price_fixed: Dollars.format(model.price),
        is_taker: model.isTaker,
        created_time: perhaps(model.createdAt, Timestamp.format),
        fee_cost: perhaps(model.fee, Dollars.format),
        subaccount_number: model.subaccount
      }
    }
  },
  today: (fill) => {
    const model = { ...fill, fee: fill.fee ?? Dollars.zero }
    return {
      model,
      wire: {
        trade_id: model.tradeId,
        order_id: model.orderId,
        ticker: model.ticker,
        exchange_index: model.exchangeIndex ?? null,
        ...sides(model.side),
        count_fp: Contracts.format(model.count),
        yes_price_dollars: Dollars.format(model.price),
        is_taker: model.isTaker,
        created_time: perhaps(model.createdAt, Timestamp.format),
        fee_cost: Dollars.format(model.fee),
        subaccount_number: model.subaccount
      }
    }
  }
}

/** Text that is empty where an id is absent. */
const named = (order: Order.Order): Order.Order => {
  const { clientOrderId, orderGroupId, selfTradePrevention, ...rest } = order
  return {
    ...rest,
    ...(clientOrderId ? { clientOrderId } : {}),
    ...(orderGroupId ? { orderGroupId } : {}),
    ...(selfTradePrevention ? { selfTradePrevention } : {})
  }
}

const instants = (order: Order.Order): Raw => ({
  expiration_time: perhaps(order.expiresAt, Timestamp.format) ?? null,
  created_time: perhaps(order.createdAt, Timestamp.format),
  last_update_time: perhaps(order.updatedAt, Timestamp.format)
})

const later = (order: Order.Order): Raw => ({
  client_order_id: order.clientOrderId ?? "",
  self_trade_prevention_type: order.selfTradePrevention,
  order_group_id: order.orderGroupId ?? null,
  cancel_order_on_pause: order.cancelOnPause,
  subaccount_number: order.subaccount
})

const MILLION = Contracts.of(1_000_000)

// counts that add up, as those of a real order do
const counted = (count: Contracts.Contracts): Contracts.Contracts => whole(Contracts.centis(Math.abs(count) % MILLION))

export const order: Wires<Order.Order> = {
  "2024": (order) => {
    const { cancelOnPause: _, exchangeIndex: __, orderGroupId: ___, ...known } = named(order)
    const { selfTradePrevention: ____, subaccount: _____, ...rest } = known
    const filled = counted(order.filled)
    const remaining = counted(order.remaining)
    const decreased = counted(order.initial)
    const { makerCost, makerFees, takerCost, takerFees, ...amounts } = rest
    const model = {
      ...amounts,
      price: cents(order.price),
      filled,
      remaining,
      initial: Contracts.sum([filled, remaining, decreased]),
      ...(takerCost === undefined ? {} : { takerCost: cents(takerCost) }),
      ...(makerCost === undefined ? {} : { makerCost: cents(makerCost) }),
      ...(takerFees === undefined ? {} : { takerFees: cents(takerFees) }),
      ...(makerFees === undefined ? {} : { makerFees: cents(makerFees) })
    }
    return {
      model,
      wire: {
        order_id: order.orderId,
        client_order_id: model.clientOrderId ?? "",
        ticker: order.ticker,
        status: order.status,
        yes_price: toCents(order.price),
        no_price: 100 - toCents(order.price),
        ...(order.side === "unknown" ? { action: "", side: "" } : words(order.side)),
        type: "limit",
        taker_fill_count: toWhole(filled),
        maker_fill_count: null,
        remaining_count: toWhole(remaining),
        decrease_count: toWhole(decreased),
        taker_fill_cost: perhaps(order.takerCost, toCents),
        maker_fill_cost: perhaps(order.makerCost, toCents),
        taker_fees: perhaps(order.takerFees, toCents),
        maker_fees: perhaps(order.makerFees, toCents),
        ...instants(order)
      }
    }
  },
  "2026-01": (order) => {
    const { exchangeIndex: _, ...rest } = named(order)
    const model = {
      ...rest,
      filled: size(order.filled),
      remaining: size(order.remaining),
      initial: size(order.initial)
    }
    return {
      model,
      wire: {
        order_id: model.orderId,
        ticker: model.ticker,
        status: model.status,
        ...words(model.side),
        yes_price: toCents(model.price),
        yes_price_dollars: Dollars.format(model.price),
        fill_count: toWhole(model.filled),
        fill_count_fp: Contracts.format(model.filled),
        remaining_count: toWhole(model.remaining),
        remaining_count_fp: Contracts.format(model.remaining),
        initial_count: toWhole(model.initial),
        initial_count_fp: Contracts.format(model.initial),
        taker_fill_cost: perhaps(model.takerCost, toCents),
        taker_fill_cost_dollars: perhaps(model.takerCost, Dollars.format),
        maker_fill_cost: perhaps(model.makerCost, toCents),
        maker_fill_cost_dollars: perhaps(model.makerCost, Dollars.format),
        taker_fees: perhaps(model.takerFees, toCents),
        taker_fees_dollars: perhaps(model.takerFees, Dollars.format),
        maker_fees: perhaps(model.makerFees, toCents),
        maker_fees_dollars: perhaps(model.makerFees, Dollars.format),
        ...instants(model),
        ...later(model)
      }
    }
  },
  today: (order) => {
    const model = named(order)
    return {
      model,
      wire: {
        order_id: model.orderId,
        ticker: model.ticker,
        status: model.status,
        ...sides(model.side),
        yes_price_dollars: Dollars.format(model.price),
        fill_count_fp: Contracts.format(model.filled),
        remaining_count_fp: Contracts.format(model.remaining),
        initial_count_fp: Contracts.format(model.initial),
        taker_fill_cost_dollars: perhaps(model.takerCost, Dollars.format),
        maker_fill_cost_dollars: perhaps(model.makerCost, Dollars.format),
        taker_fees_dollars: perhaps(model.takerFees, Dollars.format),
        maker_fees_dollars: perhaps(model.makerFees, Dollars.format),
        ...instants(model),
        ...later(model),
        exchange_index: model.exchangeIndex
      }
    }
  }
}

/** How a market ended on a wire that shows a scalar's value in cents, or not at all. */
const ended = (result: Settlement.Result, hasValue: boolean): Said<Settlement.Result> => {
  switch (result._tag) {
    case "scalar":
      return hasValue && result.value !== undefined
        ? {
            model: { _tag: "scalar", value: cents(result.value) },
            wire: { market_result: "scalar", value: toCents(result.value) }
          }
        : { model: { _tag: "scalar" }, wire: { market_result: "scalar" } }
    case "other": {
      const name = ["yes", "no", "scalar"].includes(result.name) ? "void" : result.name
      return { model: { _tag: "other", name }, wire: { market_result: name } }
    }
    default:
      return { model: result, wire: { market_result: result._tag } }
  }
}

export const settlement: Wires<Settlement.Settlement> = {
  "2024": (settlement) => {
    const { eventTicker: _, exchangeIndex: __, fee: ___, ...rest } = settlement
    const result = ended(settlement.result, false)
    const model = {
      ...rest,
      result: result.model,
      yesCount: whole(size(settlement.yesCount)),
      yesCost: cents(settlement.yesCost),
      noCount: whole(size(settlement.noCount)),
      noCost: cents(settlement.noCost),
      revenue: cents(settlement.revenue)
    }
    return {
      model,
      wire: {
        ticker: model.ticker,
        ...result.wire,
        yes_count: toWhole(model.yesCount),
        yes_total_cost: toCents(settlement.yesCost),
        no_count: toWhole(model.noCount),
        no_total_cost: toCents(settlement.noCost),
        revenue: toCents(settlement.revenue),
        settled_time: Timestamp.format(model.settledAt)
      }
    }
  },
  "2026-01": (settlement) => {
    const { exchangeIndex: _, ...rest } = settlement
    const result = ended(settlement.result, true)
    const model = {
      ...rest,
      result: result.model,
      revenue: cents(settlement.revenue),
      yesCount: size(settlement.yesCount),
      noCount: size(settlement.noCount)
    }
    return {
      model,
      wire: {
        ticker: model.ticker,
        event_ticker: model.eventTicker ?? null,
        ...result.wire,
        yes_count: toWhole(model.yesCount),
        yes_count_fp: Contracts.format(model.yesCount),
        yes_total_cost: toCents(model.yesCost),
        yes_total_cost_dollars: Dollars.format(model.yesCost),
        no_count: toWhole(model.noCount),
        no_count_fp: Contracts.format(model.noCount),
        no_total_cost: toCents(model.noCost),
        no_total_cost_dollars: Dollars.format(model.noCost),
        revenue: toCents(settlement.revenue),
        settled_time: Timestamp.format(model.settledAt),
        fee_cost: perhaps(model.fee, Dollars.format)
      }
    }
  },
  today: (settlement) => {
    const result = ended(settlement.result, true)
    const fee = settlement.fee ?? Dollars.zero
    const model = { ...settlement, result: result.model, revenue: cents(settlement.revenue), fee }
    return {
      model,
      wire: {
        ticker: model.ticker,
        exchange_index: model.exchangeIndex,
        event_ticker: model.eventTicker,
        ...result.wire,
        yes_count_fp: Contracts.format(model.yesCount),
        yes_total_cost_dollars: Dollars.format(model.yesCost),
        no_count_fp: Contracts.format(model.noCount),
        no_total_cost_dollars: Dollars.format(model.noCost),
        revenue: toCents(settlement.revenue),
        settled_time: Timestamp.format(model.settledAt),
        fee_cost: Dollars.format(fee)
      }
    }
  }
}

export const marketPosition: Wires<Position.MarketPosition> = {
  "2024": (position) => {
    const { exchangeIndex: _, ...rest } = position
    const resting = size(position.resting ?? Contracts.zero)
    const updatedAt = position.updatedAt ?? none
    const model = {
      ...rest,
      position: whole(position.position),
      exposure: cents(position.exposure),
      totalTraded: cents(position.totalTraded),
      realizedPnl: cents(position.realizedPnl),
      feesPaid: cents(position.feesPaid),
      resting: whole(resting),
      updatedAt
    }
    return {
      model,
      wire: {
        ticker: model.ticker,
        total_traded: toCents(position.totalTraded),
        position: toWhole(position.position),
        market_exposure: toCents(position.exposure),
        realized_pnl: toCents(position.realizedPnl),
        resting_orders_count: toWhole(resting),
        fees_paid: toCents(position.feesPaid),
        last_updated_ts: Timestamp.format(updatedAt)
      }
    }
  },
  "2026-01": (position) => {
    const { exchangeIndex: _, resting: given, ...rest } = position
    const resting = perhaps(given, size)
    const model = { ...rest, ...(resting === undefined ? {} : { resting: whole(resting) }) }
    return {
      model,
      wire: {
        ticker: model.ticker,
        position: toWhole(model.position),
        position_fp: Contracts.format(model.position),
        total_traded: toCents(model.totalTraded),
        total_traded_dollars: Dollars.format(model.totalTraded),
        market_exposure: toCents(model.exposure),
        market_exposure_dollars: Dollars.format(model.exposure),
        realized_pnl: toCents(model.realizedPnl),
        realized_pnl_dollars: Dollars.format(model.realizedPnl),
        fees_paid: toCents(model.feesPaid),
        fees_paid_dollars: Dollars.format(model.feesPaid),
        resting_orders_count: perhaps(resting, toWhole),
        last_updated_ts: perhaps(model.updatedAt, Timestamp.format)
      }
    }
  },
  today: (position) => {
    const { resting: _, ...model } = position
    return {
      model,
      wire: {
        ticker: model.ticker,
        exchange_index: model.exchangeIndex,
        total_traded_dollars: Dollars.format(model.totalTraded),
        position_fp: Contracts.format(model.position),
        market_exposure_dollars: Dollars.format(model.exposure),
        realized_pnl_dollars: Dollars.format(model.realizedPnl),
        fees_paid_dollars: Dollars.format(model.feesPaid),
        last_updated_ts: perhaps(model.updatedAt, Timestamp.format)
      }
    }
  }
}

export const eventPosition: Wires<Position.EventPosition> = {
  "2024": (position) => {
    const { totalContracts: _, ...rest } = position
    const resting = size(position.resting ?? Contracts.zero)
    const model = {
      ...rest,
      totalCost: cents(position.totalCost),
      exposure: cents(position.exposure),
      realizedPnl: cents(position.realizedPnl),
      feesPaid: cents(position.feesPaid),
      resting: whole(resting)
    }
    return {
      model,
      wire: {
        event_ticker: model.eventTicker,
        total_cost: toCents(position.totalCost),
        event_exposure: toCents(position.exposure),
        realized_pnl: toCents(position.realizedPnl),
        resting_order_count: toWhole(resting),
        fees_paid: toCents(position.feesPaid)
      }
    }
  },
  "2026-01": (position) => {
    const { resting: given, totalContracts: shares, ...rest } = position
    const resting = perhaps(given, size)
    const model = {
      ...rest,
      ...(shares === undefined ? {} : { totalContracts: size(shares) }),
      ...(resting === undefined ? {} : { resting: whole(resting) })
    }
    return {
      model,
      wire: {
        event_ticker: model.eventTicker,
        total_cost: toCents(model.totalCost),
        total_cost_dollars: Dollars.format(model.totalCost),
        total_cost_shares: perhaps(model.totalContracts, toWhole),
        total_cost_shares_fp: perhaps(model.totalContracts, Contracts.format),
        event_exposure: toCents(model.exposure),
        event_exposure_dollars: Dollars.format(model.exposure),
        realized_pnl: toCents(model.realizedPnl),
        realized_pnl_dollars: Dollars.format(model.realizedPnl),
        fees_paid: toCents(model.feesPaid),
        fees_paid_dollars: Dollars.format(model.feesPaid),
        resting_order_count: perhaps(resting, toWhole)
      }
    }
  },
  today: (position) => {
    const { resting: _, ...model } = position
    return {
      model,
      wire: {
        event_ticker: model.eventTicker,
        total_cost_dollars: Dollars.format(model.totalCost),
        total_cost_shares_fp: perhaps(model.totalContracts, Contracts.format),
        event_exposure_dollars: Dollars.format(model.exposure),
        realized_pnl_dollars: Dollars.format(model.realizedPnl),
        fees_paid_dollars: Dollars.format(model.feesPaid)
      }
    }
  }
}
