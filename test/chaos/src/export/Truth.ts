/**
 * What the engine of the exchange knows, as rows in the order of an export:
 * oldest first, those of one instant by their key.
 */
import type { Control, Model } from "@effect-kalshi/sandbox"
import { Timestamp } from "effect-kalshi"
import * as Rows from "./Rows.ts"

const fill = (view: Model.FillView): Rows.Row => [
  view.tradeId,
  view.orderId,
  view.ticker,
  view.side,
  view.price,
  view.count,
  view.isTaker,
  view.fee,
  view.at,
  view.subaccount,
  0
]

const order = (view: Model.OrderView): Rows.Row => [
  view.orderId,
  // the exchange has an empty text where there is none
  view.clientOrderId === "" ? null : view.clientOrderId,
  view.ticker,
  view.side,
  view.price,
  view.status,
  view.initial,
  view.filled,
  view.remaining,
  view.takerCost,
  view.makerCost,
  view.takerFees,
  view.makerFees,
  view.expiration ?? null,
  view.createdAt,
  view.updatedAt,
  view.selfTradePrevention,
  null,
  view.cancelOnPause,
  view.subaccount,
  0
]

/** Newest first as oldest first, what is of one instant by its key. */
function* oldestFirst<A>(
  newestFirst: ReadonlyArray<A>,
  at: (one: A) => number,
  toRow: (one: A) => Rows.Row,
  layout: Rows.Layout
): Iterable<string> {
  for (let index = newestFirst.length - 1; index >= 0;) {
    const together: Array<Rows.Row> = []
    const instant = at(newestFirst[index]!)
    for (; index >= 0 && at(newestFirst[index]!) === instant; index--) together.push(toRow(newestFirst[index]!))
    together.sort((a, b) => (Rows.key(layout, a) < Rows.key(layout, b) ? -1 : 1))
    for (const row of together) yield Rows.line(row)
  }
}

export const fills = (truth: Control.Truth): Iterable<string> =>
  oldestFirst(truth.fills, ({ at }) => at, fill, Rows.fills)

export const orders = (truth: Control.Truth): Iterable<string> =>
  oldestFirst(truth.orders, ({ createdAt }) => createdAt, order, Rows.orders)

/** The first instant after all of it. */
export const after = ({ fills, orders }: Control.Truth): Timestamp.Timestamp =>
  Timestamp.micros(Math.max(fills[0]?.at ?? 0, orders[0]?.createdAt ?? 0) + 1)
