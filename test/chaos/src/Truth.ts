/**
 * What is true at the end of a run, from the hand behind the exchange and from
 * its log of requests: plain data for the judge.
 */
import type { Control, Requests } from "@effect-kalshi/sandbox"

/** An order as the engine has it. Money in micro-dollars, counts in hundredths, instants in epoch microseconds. */
export interface Order {
  readonly orderId: string
  readonly clientOrderId: string
  readonly ticker: string
  readonly side: "bid" | "ask"
  readonly price: number
  readonly status: "resting" | "canceled" | "executed"
  /** What is filled and what rests together; of a cancelled order what they were before. */
  readonly size: number
  readonly filled: number
  readonly remaining: number
  /** Unix seconds. */
  readonly expiresAt?: number | undefined
  readonly createdAt: number
  readonly fees: number
  /** Oldest first. */
  readonly fills: ReadonlyArray<Fill>
}

/** A fill of an order. */
export interface Fill {
  readonly at: number
  readonly price: number
  readonly count: number
  readonly fee: number
}

/** A write that reached the exchange, and what it met. */
export interface Request {
  /** When it was at the socket, epoch milliseconds. */
  readonly at: number
  readonly keyId: string | undefined
  readonly endpoint: string
  readonly clientOrderIds: ReadonlyArray<string>
  /** Of the order that it changes, where its path names one. */
  readonly orderId: string | undefined
  readonly fault: string | undefined
  /** The status that the exchange itself came to; 0 where it never took it up. */
  readonly handled: number
}

/** The orders of an account. */
export const orders = (truth: Control.Truth): ReadonlyArray<Order> => {
  const fills = new Map<string, Array<Fill>>()
  // the truth is newest first
  for (const fill of truth.fills.toReversed()) {
    const of = fills.get(fill.orderId)
    const one = { at: fill.at, price: fill.price, count: fill.count, fee: fill.fee }
    if (of === undefined) fills.set(fill.orderId, [one])
    else of.push(one)
  }
  return truth.orders.map((order) => ({
    orderId: order.orderId,
    clientOrderId: order.clientOrderId,
    ticker: order.ticker,
    side: order.side,
    price: order.price,
    status: order.status,
    size: order.initial,
    filled: order.filled,
    remaining: order.remaining,
    expiresAt: order.expiration === undefined ? undefined : order.expiration / 1_000_000,
    createdAt: order.createdAt,
    fees: order.takerFees + order.makerFees,
    fills: fills.get(order.orderId) ?? []
  }))
}

const ORDER_ID = /\/orders\/([0-9a-f-]{36})/

/** A write of the log of requests. */
export const request = (entry: Requests.Entry): Request => ({
  at: entry.at / 1000,
  keyId: entry.keyId,
  endpoint: entry.endpoint ?? "",
  clientOrderIds: entry.clientOrderIds,
  orderId: ORDER_ID.exec(entry.path)?.[1],
  fault: entry.fault,
  handled: entry.handled
})
