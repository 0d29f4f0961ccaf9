/**
 * What the exchange says that is not declared here.
 *
 * The exchange adds fields and members of enums every few weeks. None of them
 * breaks a program: unknown fields are ignored and unknown members stay
 * themselves. They are looked for beside decoding, counted in
 * `kalshi_drift_total`, and can be listened to.
 *
 * @since 0.1.0
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Metric from "effect/Metric"

/**
 * Something that was not declared: a `field`, a `member` of an enum (both with
 * where, as `fills[].book_side`), or a success `status`.
 *
 * @since 0.1.0
 * @category models
 */
export type Drift =
  | { readonly kind: "field"; readonly operation: string; readonly path: string }
  | { readonly kind: "member"; readonly operation: string; readonly path: string; readonly member: string }
  | { readonly kind: "status"; readonly operation: string; readonly status: number }

/**
 * Whether every record of an answer is looked at, not only the first of each
 * list: `false`.
 *
 * @since 0.1.0
 * @category references
 */
export const Strict = Context.Reference<boolean>("effect-kalshi/Drift/Strict", { defaultValue: () => false })

/**
 * Who is told of each drift: nobody. It runs within the call that saw it, so
 * let it be quick; what goes wrong in it goes no further.
 *
 * @since 0.1.0
 * @category references
 */
export const Listener = Context.Reference<(drift: Drift) => Effect.Effect<void>>("effect-kalshi/Drift/Listener", {
  defaultValue: () => () => Effect.void
})

/**
 * How often something was not declared, by operation and kind.
 *
 * @since 0.1.0
 * @category metrics
 */
export const total = Metric.counter("kalshi_drift_total", {
  description: "Fields, enum members and success statuses that are not declared",
  incremental: true
})

/**
 * Counts a drift and tells the listener.
 *
 * @since 0.1.0
 * @category combinators
 */
export const report = (drift: Drift): Effect.Effect<void> =>
  Metric.update(Metric.withAttributes(total, { operation: drift.operation, kind: drift.kind }), 1).pipe(
    Effect.andThen(Listener),
    Effect.flatMap((listen) => Effect.suspend(() => listen(drift))),
    // an order that landed must not fail for who listens
    Effect.catchCause(() => Effect.void)
  )
