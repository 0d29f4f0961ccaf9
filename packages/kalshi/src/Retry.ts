/**
 * When a call is tried again.
 *
 * Two things decide. What is *allowed* follows from what sending twice does
 * and from what is known of the failure: a read may always be sent again; a
 * write only under the same `client_order_id`, or where it ends in the same
 * state, or where the failed attempt is known to have done nothing. *When* is
 * a `Schedule` behind a reference, which can be replaced for a program or for
 * one call.
 *
 * A new order, or the amendment of one, is sent again only while the call is
 * younger than `maxAge` of `Resolution`, whatever failed: later it would be an
 * old order at an old price.
 *
 * @since 0.1.0
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Schedule from "effect/Schedule"
import type { Reason } from "./KalshiError.ts"
import type { Request } from "./limits/Service.ts"

/**
 * A schedule of retries; its input is the reason of the failure.
 *
 * @since 0.1.0
 * @category models
 */
export type Retry = Schedule.Schedule<unknown, Reason>

/**
 * Up to four retries, about 250 ms, 500 ms, 1 s and 2 s apart, with jitter.
 *
 * @since 0.1.0
 * @category schedules
 */
export const standard: Retry = Schedule.exponential("250 millis").pipe(
  Schedule.jittered,
  Schedule.upTo({ times: 4 }),
  Schedule.setInputType<Reason>()
)

/**
 * No retry.
 *
 * @since 0.1.0
 * @category schedules
 */
export const none: Retry = Schedule.recurs(0).pipe(Schedule.setInputType<Reason>())

/**
 * The schedule in force: {@link standard}.
 *
 * @since 0.1.0
 * @category references
 */
export const Retry = Context.Reference<Retry>("effect-kalshi/Retry", { defaultValue: () => standard })

/**
 * Switches retries off for the calls inside.
 *
 * @since 0.1.0
 * @category combinators
 */
export const off = <A, E, R>(self: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
  Effect.provideService(self, Retry, none)

/**
 * What sending a request twice does: `safe` reads, `keyed` writes with an id
 * of ours, `idempotent` writes that end in the same state, `unsafe` writes
 * that would happen twice.
 *
 * @since 0.1.0
 * @category models
 */
export type Idempotency = "safe" | "keyed" | "idempotent" | "unsafe"

/**
 * Whether a failed attempt may be sent again at all, `age` milliseconds after
 * the call began. What puts risk on (the lane `order`) may be so only while it
 * is younger than `maxAge` milliseconds.
 *
 * @since 0.1.0
 * @category predicates
 */
export const allows = (options: {
  readonly idempotency: Idempotency
  readonly lane: Request["lane"]
  readonly reason: Reason
  readonly age: number
  readonly maxAge: number
}): boolean => {
  if (!options.reason.retryable || (options.lane === "order" && options.age >= options.maxAge)) return false
  switch (options.idempotency) {
    case "safe":
    case "keyed":
    case "idempotent":
      return true
    case "unsafe":
      return options.reason.outcome === "not-applied"
  }
}
