/**
 * Circuit breakers: after too many failures in a row calls fail at once with
 * `BreakerOpen`, and one after a pause finds out whether the exchange is back.
 *
 * There is one circuit for reads and one for writes that raise risk, each with
 * a policy of its own that can be left out. Reads count a network that fails,
 * time-outs and 5xx. Writes count unknown outcomes and 5xx alone: a refusal is
 * an answer. What lowers risk passes no breaker.
 *
 * @since 0.1.0
 */
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import * as CircuitBreaker from "effect/persistence/CircuitBreaker"
import * as Schedule from "effect/Schedule"
import type * as Scope from "effect/Scope"
import * as KalshiError from "./KalshiError.ts"

/**
 * The two circuits.
 *
 * @since 0.1.0
 * @category models
 */
export type Circuit = KalshiError.BreakerOpen["circuit"]

/**
 * When a circuit opens, and for how long.
 *
 * @since 0.1.0
 * @category models
 */
export interface Policy {
  /** How many failures in a row open it, at least 1. Default 5. */
  readonly failures?: number | undefined
  /**
   * How long it stays open: always as long, or by a schedule that gives the
   * n-th opening in a row its n-th delay. Default 1 second, doubled up to 30.
   */
  readonly openFor?: Duration.Input | Schedule.Schedule<unknown, number> | undefined
}

/**
 * The policy of each circuit; `false` leaves one out.
 *
 * @since 0.1.0
 * @category models
 */
export interface Options {
  readonly read?: Policy | false | undefined
  readonly write?: Policy | false | undefined
}

/**
 * Runs calls through a circuit.
 *
 * @since 0.1.0
 * @category services
 */
export class Breaker extends Context.Service<
  Breaker,
  {
    /**
     * Runs a call while its circuit is closed, and counts how it ends. Fails
     * with `BreakerOpen` before the call begins where it is open, or while
     * another call finds out whether it can close. An interrupted call says
     * nothing.
     */
    readonly guard: <A, R>(
      circuit: Circuit,
      call: Effect.Effect<A, KalshiError.Reason, R>
    ) => Effect.Effect<A, KalshiError.Reason, R>
  }
>()("effect-kalshi/Breaker") {}

// doubled at each opening in a row
const growing = Schedule.min([Schedule.exponential("1 second"), Schedule.spaced("30 seconds")])

/** What a failure says of the exchange. */
const outcomeOf = (circuit: Circuit, reason: KalshiError.Reason): CircuitBreaker.Outcome => {
  switch (reason._tag) {
    case "Unavailable":
      return CircuitBreaker.failure()
    case "Disconnected":
    case "TimedOut":
      return circuit === "read" || reason.outcome === "unknown" ? CircuitBreaker.failure() : CircuitBreaker.ignored
    // nothing was asked
    case "InvalidInput":
    case "NotOnThisWire":
    case "ReadOnly":
    case "Unsigned":
    case "LimitExceeded":
    case "Refused":
    case "JournalFailed":
    case "BreakerOpen":
    case "ShuttingDown":
    case "LoginFailed":
    case "DryRun":
      return CircuitBreaker.ignored
    default:
      // a refusal is an answer
      return circuit === "write" && reason.outcome === "unknown" ? CircuitBreaker.failure() : CircuitBreaker.success
  }
}

const open = (circuit: Circuit, error: CircuitBreaker.CircuitBreakerError): KalshiError.BreakerOpen =>
  new KalshiError.BreakerOpen({
    circuit,
    ...(error.reason._tag === "CircuitOpen" ? { retryAfter: Duration.toMillis(error.reason.retryAfter) } : {})
  })

const circuitOf = Effect.fnUntraced(function* (
  circuit: Circuit,
  policy: Policy | false
): Effect.fn.Return<
  <A, R>(call: Effect.Effect<A, KalshiError.Reason, R>) => Effect.Effect<A, KalshiError.Reason, R>,
  never,
  CircuitBreaker.CircuitBreakerStore | Scope.Scope
> {
  if (policy === false) return (call) => call
  const breaker = yield* CircuitBreaker.make({
    tripPolicy: CircuitBreaker.consecutive(policy.failures ?? 5),
    openDuration: policy.openFor ?? growing
  })
  return (call) => {
    // an exit of the call alone tells how the call ended: the breaker's own failures are others
    const run = breaker.execute(Effect.result(call), {
      key: circuit,
      classify: (exit) =>
        Exit.isFailure(exit)
          ? CircuitBreaker.ignored
          : exit.value._tag === "Success"
            ? CircuitBreaker.success
            : outcomeOf(circuit, exit.value.failure)
    })
    return run.pipe(
      Effect.mapError((error) => open(circuit, error)),
      Effect.flatMap(Effect.fromResult)
    )
  }
})

/**
 * Makes the two circuits, closed at the start.
 *
 * @since 0.1.0
 * @category constructors
 */
export const make = Effect.fnUntraced(function* (
  options: Options = {}
): Effect.fn.Return<Breaker["Service"], never, CircuitBreaker.CircuitBreakerStore | Scope.Scope> {
  const circuits = {
    read: yield* circuitOf("read", options.read ?? {}),
    write: yield* circuitOf("write", options.write ?? {})
  }
  return Breaker.of({ guard: (circuit, call) => circuits[circuit](call) })
})

/**
 * The two circuits, kept in this process.
 *
 * @since 0.1.0
 * @category layers
 */
export const layer = (options?: Options): Layer.Layer<Breaker> =>
  Layer.effect(Breaker, make(options)).pipe(
    Layer.provide(CircuitBreaker.layerStoreMemory()),
    // another account's circuits in this program are others
    Layer.fresh
  )

/**
 * No breaker: every call is tried.
 *
 * @since 0.1.0
 * @category layers
 */
export const layerNone: Layer.Layer<Breaker> = Layer.succeed(Breaker, Breaker.of({ guard: (_, call) => call }))
