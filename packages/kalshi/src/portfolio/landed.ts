/**
 * What became of a new order whose answer was lost, on any wire.
 */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schedule from "effect/Schedule"
import * as Stream from "effect/Stream"
import * as Contracts from "../Contracts.ts"
import * as Direction from "../Direction.ts"
import * as Dollars from "../Dollars.ts"
import * as KalshiError from "../KalshiError.ts"
import type * as Order from "../models/Order.ts"
import type * as OrderRequest from "../models/OrderRequest.ts"
import * as OrderResult from "../models/OrderResult.ts"
import * as Retry from "../Retry.ts"
import * as Timestamp from "../Timestamp.ts"
import type { Item } from "./entry.ts"
import type { Lists } from "./lists.ts"
import * as resolve from "./resolve.ts"
import type { Running } from "./writes.ts"

/** What landed is looked for from before the call, by the exchange's clock: ours may be five minutes off. */
export const LOOK_BACK = Duration.minutes(-6)
// how far the exchange's clock may be behind ours where an order is told from one of before
const CLOCKS = Duration.seconds(-2)
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

/** Whether the order may be there although the call failed. */
export const isLost = (error: KalshiError.KalshiError): boolean => error.outcome === "unknown"

/** In what a recorded order is not the one that was asked for; nothing where it is. */
const differs = (order: OrderRequest.OrderRequest, found: Order.Order, mayLack: boolean): string | undefined => {
  const quote = Direction.toQuote(order)
  if (found.ticker !== order.ticker) return `it is in ${found.ticker}`
  if (found.side !== quote.side) return `it is on the ${found.side} side`
  if (found.price !== quote.price) return `its YES price is $${Dollars.format(found.price)}`
  // the exchange cuts a reduce-only order to the position
  const mayBeLess = order.reduceOnly === true || (mayLack && OrderResult.hasEnded(found))
  return found.initial === order.count || (mayBeLess && found.initial < order.count)
    ? undefined
    : `its size is ${Contracts.format(found.initial)}`
}

/** How the failures of an order are made. */
export interface Failing<E> {
  readonly fail: (
    reason: KalshiError.ClientOrderIdReused | KalshiError.OutcomeUnknown,
    sent?: { readonly attempts: number; readonly uncertain: boolean }
  ) => E
  readonly notApplied: (error: KalshiError.KalshiError) => E
}

/**
 * Settles a new order whose outcome is unknown. It ends with the order as it
 * is now, or with the proof that it was never placed; an id that is said to be
 * used by an order that cannot be found stays unknown.
 */
export const settle = Effect.fnUntraced(function* <E>(options: {
  readonly running: Running
  readonly lists: Lists
  readonly freshness: resolve.AskFreshness
  readonly item: Item
  readonly error: KalshiError.KalshiError
  readonly startedAt: Timestamp.Timestamp
  readonly op: Failing<E>
  /** Whether the size of an order that has ended may lack what was cancelled of it. */
  readonly mayLack: boolean
  /** Whether an order that came into being since may have been changed since. */
  readonly mayHaveChanged?: boolean | undefined
}): Effect.fn.Return<OrderResult.OrderResult, E> {
  const { error, freshness, item, lists, mayLack, op, running, startedAt } = options
  const { clientOrderId, order } = item
  const { reason } = error
  const sent = { attempts: error.attempts, uncertain: error.uncertain === true }
  // an order with this id is there, and may be as old as it likes
  const isDuplicate = reason._tag === "DuplicateClientOrderId"
  const find = (ticker: string | undefined, minTs: Timestamp.Timestamp | undefined): resolve.Look<Order.Order> =>
    lists.orders({ ticker, minTs }).pipe(
      Stream.filter((found) => found.clientOrderId === clientOrderId),
      Stream.runHead
    )
  const everywhere = find(undefined, undefined)
  const look = find(order.ticker, isDuplicate ? undefined : Timestamp.add(startedAt, LOOK_BACK))
  // a wire that never tells how fresh its reads are never proves that it is not in this market
  const isBlind = isDuplicate && Option.exists(yield* Effect.option(freshness), Option.isNone)
  const here = yield* resolve.until({
    running,
    cause: error,
    freshness,
    look: isBlind ? Effect.flatMap(look, (found) => (Option.isSome(found) ? Effect.succeed(found) : everywhere)) : look,
    inFlight: isDuplicate ? Duration.zero : undefined
  })
  const found =
    Option.isNone(here) && isDuplicate ? yield* Effect.orElseSucceed(everywhere, Option.none<Order.Order>) : here
  if (Option.isNone(found)) {
    if (!isDuplicate) return yield* Effect.fail(op.notApplied(error))
    return yield* Effect.fail(op.fail(running.stillUnknown(error), sent))
  }
  const { createdAt, side, ticker } = found.value
  const isSince = createdAt !== undefined && createdAt >= Timestamp.add(startedAt, CLOCKS)
  const isOurs =
    options.mayHaveChanged === true && isSince && ticker === order.ticker && side === Direction.toQuote(order).side
  // what a refusal speaks of is another decision, unless it says the same to the last contract
  const difference = isOurs ? undefined : differs(order, found.value, mayLack && !isDuplicate)
  if (difference === undefined) return OrderResult.fromOrder(OrderResult.asked(order), found.value, clientOrderId)
  const reused = new KalshiError.ClientOrderIdReused({
    clientOrderId,
    orderId: found.value.orderId,
    description: difference
  })
  return yield* Effect.fail(op.fail(reused, { ...sent, uncertain: false }))
})
