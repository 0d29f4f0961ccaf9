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

/**
 * A fault of the network, the gateway or the exchange.
 *
 * @since 0.1.0
 * @category models
 */
export type Fault =
  | { readonly _tag: "Latency"; readonly delay: Duration.Duration }
  | { readonly _tag: "AnsweredLate"; readonly delay: Duration.Duration }
  | { readonly _tag: "Refused" }
  | { readonly _tag: "DroppedAfter" }
  | { readonly _tag: "AppliedLate"; readonly delay: Duration.Duration }
  | { readonly _tag: "Held"; readonly delay: Duration.Duration }
  | { readonly _tag: "Duplicated" }
  | { readonly _tag: "Truncated" }
  | { readonly _tag: "TooManyRequests" }
  | { readonly _tag: "GatewayPage"; readonly status: number }
  | { readonly _tag: "ServerError"; readonly status: number; readonly code: string }
  | { readonly _tag: "ServerErrorAfter"; readonly status: number; readonly code: string }
  | { readonly _tag: "Status"; readonly status: number }
  | { readonly _tag: "Redirect"; readonly status: 301 | 302 | 307 | 308; readonly location: string }
  | { readonly _tag: "WrongOrder" }
  | { readonly _tag: "NoOrder" }
  | { readonly _tag: "Malformed" }
  | { readonly _tag: "Hang" }

/**
 * Takes the request up after a delay: a caller who leaves before takes it
 * back. It may come together with one other fault.
 *
 * @since 0.1.0
 * @category constructors
 */
export const latency = (delay: Duration.Input): Fault => ({ _tag: "Latency", delay: Duration.fromInputUnsafe(delay) })

/**
 * Applies the request at once and answers after a delay.
 *
 * @since 0.1.0
 * @category constructors
 */
export const answeredLate = (delay: Duration.Input): Fault => ({
  _tag: "AnsweredLate",
  delay: Duration.fromInputUnsafe(delay)
})

/**
 * Closes the connection without an answer; nothing is applied.
 *
 * @since 0.1.0
 * @category constructors
 */
export const refused: Fault = { _tag: "Refused" }

/**
 * Applies the request, then closes the connection without an answer.
 *
 * @since 0.1.0
 * @category constructors
 */
export const droppedAfter: Fault = { _tag: "DroppedAfter" }

/**
 * Closes the connection without an answer and applies the request later.
 *
 * @since 0.1.0
 * @category constructors
 */
export const appliedLate = (delay: Duration.Input): Fault => ({
  _tag: "AppliedLate",
  delay: Duration.fromInputUnsafe(delay)
})

/**
 * Keeps the connection open without an answer and applies the request after a
 * delay, also for a caller who has hung up by then; one who has not is answered.
 *
 * @since 0.1.0
 * @category constructors
 */
export const held = (delay: Duration.Input): Fault => ({ _tag: "Held", delay: Duration.fromInputUnsafe(delay) })

/**
 * Applies the request twice, as two requests at two instants, and answers what came of the first time.
 *
 * @since 0.1.0
 * @category constructors
 */
export const duplicated: Fault = { _tag: "Duplicated" }

/**
 * Applies the request and cuts its answer off in the middle of the body.
 *
 * @since 0.1.0
 * @category constructors
 */
export const truncated: Fault = { _tag: "Truncated" }

/**
 * Answers 429; nothing is applied.
 *
 * @since 0.1.0
 * @category constructors
 */
export const tooManyRequests: Fault = { _tag: "TooManyRequests" }

/**
 * Answers a page of HTML as a gateway does; nothing is applied.
 *
 * @since 0.1.0
 * @category constructors
 */
export const gatewayPage = (status: number): Fault => ({ _tag: "GatewayPage", status })

/**
 * Answers a JSON error of the exchange; nothing is applied.
 *
 * @since 0.1.0
 * @category constructors
 */
export const serverError = (status = 500, code = "internal_server_error"): Fault => ({
  _tag: "ServerError",
  status,
  code
})

/**
 * Applies the request, then answers a JSON error of the exchange.
 *
 * @since 0.1.0
 * @category constructors
 */
export const serverErrorAfter = (status = 500, code = "internal_server_error"): Fault => ({
  _tag: "ServerErrorAfter",
  status,
  code
})

/**
 * Applies the request and answers its success with this status.
 *
 * @since 0.1.0
 * @category constructors
 */
export const status = (code: number): Fault => ({ _tag: "Status", status: code })

/**
 * Sends the caller to another address; nothing is applied.
 *
 * @since 0.1.0
 * @category constructors
 */
export const redirect = (location: string, code: 301 | 302 | 307 | 308 = 307): Fault => ({
  _tag: "Redirect",
  status: code,
  location
})

/**
 * Applies the request and names another order in the answer.
 *
 * @since 0.1.0
 * @category constructors
 */
export const wrongOrder: Fault = { _tag: "WrongOrder" }

/**
 * Applies the request and answers its success with an empty object.
 *
 * @since 0.1.0
 * @category constructors
 */
export const noOrder: Fault = { _tag: "NoOrder" }

/**
 * Applies the request and answers its success with what is no JSON.
 *
 * @since 0.1.0
 * @category constructors
 */
export const malformed: Fault = { _tag: "Malformed" }

/**
 * Never answers; nothing is applied.
 *
 * @since 0.1.0
 * @category constructors
 */
export const hang: Fault = { _tag: "Hang" }

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
