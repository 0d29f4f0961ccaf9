/**
 * How long one attempt of a call may take.
 *
 * The time runs from signing to the last byte of the answer. Waiting for
 * tokens of the rate limit does not count, but a new order does not wait for
 * them longer than its limit either: a late order is one at an old price. A
 * token that has to be renewed after a 401 is waited for no longer than that,
 * too.
 *
 * It is no limit of the whole call: that has as many attempts as its `Retry`
 * allows, with the pauses between them. A new order is not sent again after two
 * seconds, and one whose answer was lost is looked for five seconds at most.
 *
 * @since 0.1.0
 */
import * as Context from "effect/Context"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { dual } from "effect/Function"

/**
 * The time limits of one attempt, for reads and for order entry.
 *
 * @since 0.1.0
 * @category models
 */
export interface Timeout {
  readonly read: Duration.Input
  readonly orderEntry: Duration.Input
}

/**
 * The time limits in force: 10 seconds, order entry 5 seconds.
 *
 * @since 0.1.0
 * @category references
 */
export const Timeout = Context.Reference<Timeout>("effect-kalshi/Timeout", {
  defaultValue: () => ({ read: "10 seconds", orderEntry: "5 seconds" })
})

/**
 * Gives each attempt of the calls inside this long, instead of the limits in
 * force; with `Retry.off` a call has one attempt.
 *
 * @since 0.1.0
 * @category combinators
 */
export const within: {
  (limit: Duration.Input): <A, E, R>(self: Effect.Effect<A, E, R>) => Effect.Effect<A, E, R>
  <A, E, R>(self: Effect.Effect<A, E, R>, limit: Duration.Input): Effect.Effect<A, E, R>
} = dual(2, <A, E, R>(self: Effect.Effect<A, E, R>, limit: Duration.Input): Effect.Effect<A, E, R> =>
  Effect.provideService(self, Timeout, { read: limit, orderEntry: limit })
)
