/**
 * Orders beside their fills.
 */
import * as Contracts from "effect-kalshi/Contracts"
import type * as Direction from "effect-kalshi/Direction"
import * as Dollars from "effect-kalshi/Dollars"
import type * as Order from "effect-kalshi/models/Order"
import * as Timestamp from "effect-kalshi/Timestamp"
import type * as Discrepancy from "../Discrepancy.ts"
import { type Booked, placeKey } from "./Booking.ts"
import type { Note } from "./Model.ts"
import * as Rows from "./Rows.ts"
import * as Vector from "./Vector.ts"

/** What the orders of a market say that its fills do not. */
export interface Correction {
  readonly place: Discrepancy.Place
  /** To be added to what the fills make. */
  vector: Vector.Vector
  /** Whether all amounts of it are told. */
  isExact: boolean
  /** Between these instants it came about. */
  from: Timestamp.Timestamp
  until: Timestamp.Timestamp
}

interface Tally {
  side: Direction.Direction
  ticker: string
  subaccount: number
  isMixed: boolean
  count: Contracts.Contracts
  takerCost: Dollars.Dollars
  makerCost: Dollars.Dollars
  takerFees: Dollars.Dollars
  makerFees: Dollars.Dollars
}

const tally = (booked: ReadonlyArray<Booked>): ReadonlyMap<string, Tally> => {
  const tallies = new Map<string, Tally>()
  for (const { cost, count, fee, isTaker, orderId, side, subaccount, ticker } of booked) {
    let of = tallies.get(orderId)
    if (of === undefined) {
      of = {
        side,
        ticker,
        subaccount,
        isMixed: false,
        count: Contracts.zero,
        takerCost: Dollars.zero,
        makerCost: Dollars.zero,
        takerFees: Dollars.zero,
        makerFees: Dollars.zero
      }
      tallies.set(orderId, of)
    }
    if (side !== of.side || ticker !== of.ticker || subaccount !== of.subaccount) of.isMixed = true
    of.count = Contracts.add(of.count, count)
    if (isTaker) {
      of.takerCost = Dollars.add(of.takerCost, cost)
      of.takerFees = Dollars.add(of.takerFees, fee)
    } else {
      of.makerCost = Dollars.add(of.makerCost, cost)
      of.makerFees = Dollars.add(of.makerFees, fee)
    }
  }
  return tallies
}

const compare = (order: Order.Order, of: Tally | undefined): ReadonlyArray<Rows.Compared> => {
  const compared = [Rows.count("filled", order.filled, of?.count ?? Contracts.zero)]
  for (const what of ["takerCost", "makerCost", "takerFees", "makerFees"] as const) {
    const told = order[what]
    // what an ask costs may be meant otherwise than what a bid does
    if (told !== undefined)
      compared.push(Rows.money(what, told, of?.[what] ?? Dollars.zero, `${what} of ${order.side}s`))
  }
  if (of !== undefined) {
    const place = placeKey({ subaccount: order.subaccount ?? 0, ticker: order.ticker })
    compared.push(Rows.word("market", place, of.isMixed ? "several" : placeKey(of)))
    if (order.side !== "unknown") compared.push(Rows.word("side", order.side, of.isMixed ? "several" : of.side))
  }
  return compared
}

/** What an order says of itself, as fills would; `undefined` where it leaves an amount out. */
const vectorOf = (order: Order.Order, meaning: Rows.Meaning): Vector.Vector | undefined => {
  const { filled, makerCost, makerFees, side, takerCost, takerFees } = order
  const isUnlike = (["takerCost", "makerCost", "takerFees", "makerFees"] as const).some((what) =>
    meaning.isUnlike(`${what} of ${side}s`)
  )
  if (isUnlike || side === "unknown") return undefined
  if (takerCost === undefined || makerCost === undefined) return undefined
  if (takerFees === undefined || makerFees === undefined) return undefined
  return Vector.of(side, filled, Dollars.add(takerCost, makerCost), Dollars.add(takerFees, makerFees))
}

/** Names the orders whose totals are not those of their fills, and tells what their fills lack by market. */
export const check = (
  orders: ReadonlyMap<string, Order.Order>,
  booked: ReadonlyArray<Booked>,
  found: Array<Discrepancy.Discrepancy>,
  notes: Array<Note>
): ReadonlyMap<string, Correction> => {
  const tallies = tally(booked)
  const meaning = Rows.meaning("order")
  for (const order of orders.values()) meaning.see(compare(order, tallies.get(order.orderId)))
  notes.push(...meaning.notes())

  const unlike = new Map<string, { readonly order: Order.Order; readonly fills: Array<Booked> }>()
  for (const order of orders.values()) {
    if (meaning.differences(compare(order, tallies.get(order.orderId))).length > 0) {
      unlike.set(order.orderId, { order, fills: [] })
    }
  }
  const corrections = new Map<string, Correction>()
  if (unlike.size === 0) return corrections
  for (const fill of booked) unlike.get(fill.orderId)?.fills.push(fill)

  const correct = (place: Discrepancy.Place, order: Order.Order, vector: Vector.Vector | undefined): void => {
    const key = placeKey(place)
    const from = order.createdAt ?? Timestamp.micros(0)
    const until = order.updatedAt ?? from
    const known = corrections.get(key) ?? { place, vector: Vector.zero, isExact: true, from, until }
    known.vector = Vector.add(known.vector, vector ?? Vector.zero)
    known.isExact &&= vector !== undefined
    if (from < known.from) known.from = from
    if (until > known.until) known.until = until
    corrections.set(key, known)
  }
  for (const { fills, order } of unlike.values()) {
    const { orderId, ticker } = order
    const place = { subaccount: order.subaccount ?? 0, ticker }
    found.push({
      _tag: "OrderUnlikeFills",
      ...place,
      orderId,
      tradeIds: fills.map(({ tradeId }) => tradeId),
      differences: meaning.differences(compare(order, tallies.get(orderId)))
    })
    correct(place, order, vectorOf(order, meaning))
    for (const { cost, count, fee, side, subaccount, ticker } of fills) {
      correct({ subaccount, ticker }, order, Vector.negate(Vector.of(side, count, cost, fee)))
    }
  }
  return corrections
}
