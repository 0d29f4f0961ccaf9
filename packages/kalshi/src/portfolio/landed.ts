/**
 * Finding an order whose answer was lost, on any wire.
 */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schedule from "effect/Schedule"
import * as Stream from "effect/Stream"
import * as Direction from "../Direction.ts"
import type * as KalshiError from "../KalshiError.ts"
import type * as Order from "../models/Order.ts"
import type * as OrderRequest from "../models/OrderRequest.ts"
import * as OrderResult from "../models/OrderResult.ts"
import * as Retry from "../Retry.ts"
import * as Timestamp from "../Timestamp.ts"
import type { Lists } from "./lists.ts"

// an order that landed is looked for from a little before the call, by the exchange's clock
const LOOK_BACK_MILLIS = 60_000
// reads trail the engine by up to half a second as observed
const LOOK_LIMIT = "5 seconds"

/** Reads what should be there until it is, or for the last time, within a bound. */
export const look = <A, E, R>(
  read: Effect.Effect<A, E, R>,
  until: (read: A) => boolean
): Effect.Effect<Option.Option<A>, E, R> =>
  Retry.off(read).pipe(
    Effect.repeat({ schedule: Schedule.spaced("250 millis").pipe(Schedule.upTo({ times: 6 })), until }),
    Effect.timeoutOption(LOOK_LIMIT)
  )

/**
 * Whether the order may be there although the call failed. A conflict or a
 * duplicate speaks of an order that was there before, which is that of this
 * call only when an attempt before may have placed it.
 */
export const isLost = (error: KalshiError.Of<KalshiError.OrderReason>): boolean =>
  error.outcome === "unknown" &&
  (error.uncertain === true || (error.reason._tag !== "DuplicateClientOrderId" && error.reason._tag !== "Conflict"))

/** Whether a recorded order is the one that was asked for. */
const isOf = (order: OrderRequest.OrderRequest, clientOrderId: string, mayLack: boolean) => {
  const quote = Direction.toQuote(order)
  return (found: Order.Order): boolean =>
    found.clientOrderId === clientOrderId &&
    found.ticker === order.ticker &&
    found.side === quote.side &&
    found.price === quote.price &&
    // the exchange cuts a reduce-only order to the position
    (found.initial === order.count ||
      order.reduceOnly === true ||
      (mayLack && OrderResult.hasEnded(found) && found.initial < order.count))
}

/**
 * Finds the order of a create whose answer was lost, if it is there: reads
 * trail the engine, so it is looked for several times, within a bound. An order
 * that has ended `mayLack` in its size what was cancelled of it.
 */
export const find = (
  lists: Lists,
  order: OrderRequest.OrderRequest,
  clientOrderId: string,
  startedAt: number,
  mayLack: boolean
): Effect.Effect<Option.Option<OrderResult.OrderResult>> =>
  lists
    .orders({
      ticker: order.ticker,
      minTs: Timestamp.fromMillis(startedAt - LOOK_BACK_MILLIS)
    })
    .pipe(
      Stream.filter(isOf(order, clientOrderId, mayLack)),
      Stream.runHead,
      Effect.orElseSucceed(Option.none<Order.Order>),
      (found) => look(found, Option.isSome),
      Effect.map((found) =>
        Option.map(Option.flatten(found), (found) =>
          OrderResult.fromOrder(OrderResult.asked(order), found, clientOrderId)
        )
      )
    )
