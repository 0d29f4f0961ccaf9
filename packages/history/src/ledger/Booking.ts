/**
 * Fills that can be booked: each once, with all that has to be known of it, in
 * the order of time.
 */
import type * as Contracts from "effect-kalshi/Contracts"
import type * as Direction from "effect-kalshi/Direction"
import * as Dollars from "effect-kalshi/Dollars"
import * as Fill from "effect-kalshi/models/Fill"
import type * as Order from "effect-kalshi/models/Order"
import type * as Timestamp from "effect-kalshi/Timestamp"
import type * as Discrepancy from "../Discrepancy.ts"
import type { Note } from "./Model.ts"
import * as Share from "./Share.ts"

export interface Booked {
  readonly tradeId: string
  readonly orderId: string
  readonly subaccount: number
  readonly ticker: string
  readonly side: Direction.Direction
  readonly price: Dollars.Dollars
  readonly count: Contracts.Contracts
  readonly cost: Dollars.Dollars
  readonly fee: Dollars.Dollars
  readonly isTaker: boolean
  readonly at: Timestamp.Timestamp
}

export const placeKey = (place: Discrepancy.Place): string => `${place.subaccount}/${place.ticker}`

/**
 * Sorts by time; what is of one instant keeps the order that it came in, or the
 * opposite one where most of the list goes back in time, as the exchange lists.
 */
export const inOrder = <A extends { readonly at: Timestamp.Timestamp }>(items: ReadonlyArray<A>): ReadonlyArray<A> => {
  let forward = 0
  for (let index = 1; index < items.length; index++) {
    forward += Math.sign((items[index]?.at ?? 0) - (items[index - 1]?.at ?? 0))
  }
  return (forward < 0 ? items.toReversed() : items).toSorted((a, b) => a.at - b.at)
}

/** Reads the fills, with what their orders know of them where they do not tell it. */
export const book = (
  fills: Iterable<Fill.Fill>,
  orders: ReadonlyMap<string, Order.Order> | undefined,
  found: Array<Discrepancy.Discrepancy>,
  notes: Array<Note>
): ReadonlyArray<Booked> => {
  const keys = new Set<string>()
  const absent = new Set<string>()
  const booked: Array<Booked> = []
  for (const fill of fills) {
    const { count, orderId, price, ticker, tradeId } = fill
    const order = orders?.get(orderId)
    const subaccount = fill.subaccount ?? order?.subaccount ?? 0
    if (orders !== undefined && order === undefined && !absent.has(orderId)) {
      absent.add(orderId)
      notes.push({ _tag: "OrderAbsent", orderId, ticker })
    }
    const key = Fill.key(fill)
    if (keys.has(key)) {
      found.push({ _tag: "FillTwice", tradeId, orderId, subaccount, ticker })
      continue
    }
    keys.add(key)
    const side = fill.side === "unknown" ? order?.side : fill.side
    const at = fill.createdAt ?? order?.createdAt
    if (side === undefined || side === "unknown" || at === undefined) {
      const lacks = at === undefined ? "time" : "side"
      found.push({ _tag: "FillUnreadable", tradeId, orderId, subaccount, ticker, lacks })
      continue
    }
    if (fill.fee === undefined) notes.push({ _tag: "FeeAbsent", tradeId, orderId, ticker })
    booked.push({
      tradeId,
      orderId,
      subaccount,
      ticker,
      side,
      price,
      count,
      cost: Share.cost(side === "bid" ? price : Dollars.complement(price), count),
      fee: fill.fee ?? Dollars.zero,
      isTaker: fill.isTaker,
      at
    })
  }
  return inOrder(booked)
}
