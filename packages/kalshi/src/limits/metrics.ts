/**
 * What can be watched of a rate limit.
 */
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Metric from "effect/Metric"
import type { Lane } from "./Service.ts"

export const wait = Metric.timer("kalshi_rate_limit_wait", {
  description: "How long requests waited for tokens, by bucket and lane"
})

export const tokens = Metric.gauge("kalshi_rate_limit_tokens", {
  description: "Tokens left, by bucket"
})

export const waiting = Metric.gauge("kalshi_rate_limit_waiting", {
  description: "Requests that wait for tokens, by bucket and lane"
})

export const refused = Metric.counter("kalshi_rate_limit_refused", {
  description: "Requests that the exchange answered with 429, by bucket",
  incremental: true
})

export const givenUp = Metric.counter("kalshi_rate_limit_given_up", {
  description: "Requests that were not sent because their tokens did not come in time, by bucket and lane",
  incremental: true
})

/** The metrics of one bucket and lane. */
export interface Gauges {
  readonly waited: (duration: Duration.Duration) => Effect.Effect<void>
  readonly waiting: (length: number) => Effect.Effect<void>
  readonly givenUp: Effect.Effect<void>
}

export const left = (bucket: string): ((tokens: number) => Effect.Effect<void>) => {
  const gauge = Metric.withAttributes(tokens, { bucket })
  return (now) => Metric.update(gauge, now)
}

export const of = (bucket: string, lane: Lane): Gauges => {
  const timer = Metric.withAttributes(wait, { bucket, lane })
  const length = Metric.withAttributes(waiting, { bucket, lane })
  return {
    waited: (duration) => Metric.update(timer, duration),
    waiting: (now) => Metric.update(length, now),
    givenUp: Metric.update(Metric.withAttributes(givenUp, { bucket, lane }), 1)
  }
}

export const refuse = (buckets: ReadonlyArray<string>): Effect.Effect<void> =>
  Effect.forEach(buckets, (bucket) => Metric.update(Metric.withAttributes(refused, { bucket }), 1), { discard: true })
