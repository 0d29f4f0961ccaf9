/**
 * What the client says, in the words of a diary.
 */
import type { KalshiError, Order, OrderChange, OrderResult, Recovered } from "effect-kalshi"
import * as Result from "effect/Result"
import type * as Types from "effect/Types"
import type * as Diary from "./Diary.ts"

type Seen = Types.Mutable<Diary.Seen>

/** What a new order is said to have come to. */
export const ofResult = (result: OrderResult.OrderResult): Diary.Word => {
  const status = {
    Resting: "resting",
    PartlyFilled: "resting",
    Filled: "executed",
    Cancelled: "canceled"
  } as const
  const seen: Seen = { status: status[result._tag], filled: result.filled, remaining: result.remaining }
  if (result.averagePrice !== undefined) seen.averagePrice = result.averagePrice
  if (result.averageFee !== undefined) seen.averageFee = result.averageFee
  return { outcome: "applied", orderId: result.orderId, seen, why: result._tag }
}

/** What a changed order is said to be. */
export const ofChange = (changed: OrderChange.ChangedOrder): Diary.Word => {
  const seen: Seen = {}
  if (changed.remaining !== undefined) seen.remaining = changed.remaining
  if (changed.filled !== undefined) seen.filled = changed.filled
  return { outcome: "applied", orderId: changed.orderId, seen }
}

/** What a cancel is said to have come to. */
export const ofCancel = (cancelled: OrderChange.CancelledOrder): Diary.Word => {
  const status = { Cancelled: "canceled", AlreadyCancelled: "canceled", AlreadyFilled: "executed" } as const
  const seen: Seen = { status: status[cancelled._tag], reducedBy: cancelled.reducedBy }
  if (cancelled.filled !== undefined) seen.filled = cancelled.filled
  return { outcome: "applied", orderId: cancelled.orderId, seen, why: cancelled._tag }
}

const isStatus = (status: string): status is "resting" | "canceled" | "executed" =>
  status === "resting" || status === "canceled" || status === "executed"

/** What an order that was read is said to be. */
export const seenOf = (order: Order.Order): Diary.Seen => {
  const seen: Seen = { filled: order.filled, remaining: order.remaining, price: order.price }
  if (isStatus(order.status)) seen.status = order.status
  return seen
}

/** What a failure says became of a write. */
export const ofError = (error: KalshiError.KalshiError): Diary.Word => {
  const { reason } = error
  if (reason._tag === "OrderEnded") {
    const seen: Seen = { filled: reason.filled }
    if (isStatus(reason.status)) seen.status = reason.status
    return { outcome: reason.changed === "unknown" ? "ended" : reason.changed, seen, why: error.message }
  }
  return { outcome: error.outcome, why: error.message }
}

/** What recovery says of an item. */
export const ofRecovered = (item: Recovered.RecoveredItem): Diary.Word => {
  if (item.placed !== undefined) return ofResult(item.placed)
  if (item.changed !== undefined) return ofChange(item.changed)
  if (item.error !== undefined) return ofError(item.error)
  return { outcome: item.outcome, why: "recovery says no more" }
}

/** What a call came to. */
export const of = <A>(
  result: Result.Result<A, KalshiError.KalshiError>,
  success: (value: A) => Diary.Word
): Diary.Word => Result.match(result, { onSuccess: success, onFailure: ofError })
