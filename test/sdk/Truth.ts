/** What the sandbox itself knows of an account, in the scenario's words. */
import type { Control } from "@effect-kalshi/sandbox"
import * as Contracts from "effect-kalshi/Contracts"
import * as Dollars from "effect-kalshi/Dollars"
import * as Scenario from "./Scenario.ts"

/** The truth about an account, as a client should report it; positions only of markets that are not settled. */
export const toState = (truth: Control.Truth): Scenario.AccountState => {
  const labels = new Map(truth.orders.map((order) => [order.orderId, order.clientOrderId]))
  return Scenario.comparable({
    balance: Dollars.format(truth.balance.available),
    orders: truth.orders.map((order) => ({
      label: order.clientOrderId,
      ticker: order.ticker,
      side: order.side,
      price: Dollars.format(order.price),
      status: order.status,
      filled: Contracts.format(order.filled),
      remaining: Contracts.format(order.remaining),
      takerFees: Dollars.format(order.takerFees),
      makerFees: Dollars.format(order.makerFees)
    })),
    fills: truth.fills.map((fill) => ({
      label: labels.get(fill.orderId) ?? fill.orderId,
      ticker: fill.ticker,
      side: fill.side,
      price: Dollars.format(fill.price),
      count: Contracts.format(fill.count),
      fee: Dollars.format(fill.fee),
      isTaker: fill.isTaker
    })),
    positions: truth.positions.map((position) => ({
      ticker: position.ticker,
      position: Contracts.format(position.position),
      exposure: Dollars.format(position.exposure),
      realizedPnl: Dollars.format(position.realizedPnl),
      fees: Dollars.format(position.feesPaid)
    }))
  })
}
