/**
 * What can go wrong on the way: each fault, where it strikes, and how often.
 *
 * @since 0.1.0
 */
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Chaos from "./Chaos.ts"
import type { Fault } from "./Fault.ts"

export * from "./Fault.ts"

/**
 * Where a fault strikes; what is absent matches all.
 *
 * @since 0.1.0
 * @category models
 */
export interface Where {
  /** The name of an endpoint, `createOrder`. */
  readonly endpoint?: string | undefined
  readonly method?: string | undefined
  /** The whole path with its base, or a pattern for a part of it. */
  readonly path?: string | RegExp | undefined
  /** How often it strikes before it is spent. Default 1. */
  readonly times?: number | undefined
}

/**
 * A fault that was injected.
 *
 * @since 0.1.0
 * @category models
 */
export interface Handle {
  /** How often it struck. */
  readonly strikes: Effect.Effect<number>
  /** Takes it away. */
  readonly clear: Effect.Effect<void>
}

/**
 * What a request meets: at most one fault beside the latency.
 *
 * @since 0.1.0
 * @category models
 */
export interface Met {
  readonly delay: Duration.Duration
  readonly fault: Fault | undefined
}

/**
 * How often each fault has struck: by the name of the endpoint, then by the
 * tag of the fault.
 *
 * @since 0.1.0
 * @category models
 */
export type Strikes = Readonly<Record<string, Readonly<Partial<Record<Fault["_tag"], number>>>>>

/**
 * The faults that wait, and those that come at random.
 *
 * @since 0.1.0
 * @category services
 */
export class Faults extends Context.Service<
  Faults,
  {
    readonly inject: (fault: Fault, where?: Where) => Effect.Effect<Handle>
    /** Lets requests meet faults at random from now on, or no longer; what was injected goes before. */
    readonly setChaos: (plan: Chaos.Plan | undefined) => Effect.Effect<void>
    /** Takes away what was injected and what comes at random. */
    readonly clear: Effect.Effect<void>
    /** What has struck since the start, injected or at random. */
    readonly strikes: Effect.Effect<Strikes>
    /** What this request meets; what is met is counted. */
    readonly meet: (request: { readonly endpoint: string; readonly method: string; readonly path: string }) => Met
  }
>()("@effect-kalshi/sandbox/Faults") {}

interface Waiting {
  readonly fault: Fault
  readonly where: Where
  strikes: number
}

/**
 * Builds a sandbox without faults.
 *
 * @since 0.1.0
 * @category layers
 */
export const layer: Layer.Layer<Faults> = Layer.sync(Faults, () => {
  const waiting = new Set<Waiting>()
  const strikes: Record<string, Partial<Record<Fault["_tag"], number>>> = {}
  let chaos: ReturnType<typeof Chaos.play> | undefined

  const count = (endpoint: string, { _tag }: Fault): void => {
    const of = (strikes[endpoint] ??= {})
    of[_tag] = (of[_tag] ?? 0) + 1
  }

  const matches = (
    { strikes, where }: Waiting,
    request: { readonly endpoint: string; readonly method: string; readonly path: string }
  ): boolean =>
    strikes < (where.times ?? 1) &&
    (where.endpoint === undefined || where.endpoint === request.endpoint) &&
    (where.method === undefined || where.method === request.method) &&
    (where.path === undefined ||
      (typeof where.path === "string" ? where.path === request.path : where.path.test(request.path)))

  return Faults.of({
    inject: (fault, where = {}) =>
      Effect.sync(() => {
        const one: Waiting = { fault, where, strikes: 0 }
        waiting.add(one)
        return {
          strikes: Effect.sync(() => one.strikes),
          clear: Effect.sync(() => {
            waiting.delete(one)
          })
        }
      }),
    setChaos: (plan) =>
      Effect.sync(() => {
        chaos = plan === undefined ? undefined : Chaos.play(plan)
      }),
    clear: Effect.sync(() => {
      waiting.clear()
      chaos = undefined
    }),
    strikes: Effect.sync(() => structuredClone(strikes)),
    meet: (request) => {
      let delay = Duration.zero
      let fault: Fault | undefined
      for (const one of waiting) {
        if (!matches(one, request)) continue
        if (one.fault._tag === "Latency") {
          delay = Duration.sum(delay, one.fault.delay)
        } else if (fault === undefined) {
          fault = one.fault
        } else {
          continue
        }
        one.strikes++
        count(request.endpoint, one.fault)
      }
      const drawn = fault === undefined ? chaos?.(request.endpoint) : undefined
      if (drawn !== undefined) {
        if (drawn._tag === "Latency") delay = Duration.sum(delay, drawn.delay)
        else fault = drawn
        count(request.endpoint, drawn)
      }
      return { delay, fault }
    }
  })
})
