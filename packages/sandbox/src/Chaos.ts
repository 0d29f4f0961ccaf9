/**
 * Faults at random: which requests meet which of them, and how often. The same
 * seed and the same requests in the same order meet the same faults.
 *
 * @since 0.1.0
 */
import * as Duration from "effect/Duration"
import * as Random from "./engine/Random.ts"
import type { Fault } from "./Fault.ts"

/**
 * Makes a fault as it strikes, from numbers that the plan's seed decides.
 *
 * @since 0.1.0
 * @category models
 */
export type Draw = (random: Random.Random) => Fault

/**
 * What the requests of some endpoints meet.
 *
 * @since 0.1.0
 * @category models
 */
export interface Rule {
  /** The names of endpoints, `createOrder`; all when absent. */
  readonly endpoints?: ReadonlyArray<string> | undefined
  /** Each with its share of the requests, from 0 to 1; together at most 1, since a request meets one of them. */
  readonly faults: ReadonlyArray<{ readonly fault: Fault | Draw; readonly share: number }>
}

/**
 * Rules and the seed that plays them; the first rule for an endpoint decides.
 *
 * @since 0.1.0
 * @category models
 */
export interface Plan {
  readonly seed: number
  readonly rules: ReadonlyArray<Rule>
}

/**
 * A fault whose delay lies anywhere between two bounds, in whole milliseconds.
 *
 * @since 0.1.0
 * @category constructors
 */
export const between = (fault: (delay: Duration.Duration) => Fault, min: Duration.Input, max: Duration.Input): Draw => {
  const first = Duration.toMillis(min)
  const last = Duration.toMillis(max)
  return (random) => fault(Duration.millis(random.between(first, last)))
}

// shares are told apart to a millionth
const WHOLE = 1_000_000

/**
 * Plays a plan: what the next request of an endpoint meets. Throws a
 * `RangeError` where shares are below 0 or together above 1.
 *
 * @since 0.1.0
 * @category constructors
 */
export const play = ({ rules, seed }: Plan): ((endpoint: string) => Fault | undefined) => {
  const random = Random.make(seed)
  const odds = rules.map(({ endpoints, faults }) => {
    let upTo = 0
    const steps = faults.map(({ fault, share }) => {
      const size = Math.round(share * WHOLE)
      if (!(size >= 0)) throw new RangeError(`a share is not below 0, this one is ${share}`)
      upTo += size
      return { upTo, fault }
    })
    if (upTo > WHOLE) throw new RangeError("the shares of a rule are more than 1 together")
    return { endpoints: endpoints === undefined ? undefined : new Set(endpoints), steps }
  })
  return (endpoint) => {
    const rule = odds.find(({ endpoints }) => endpoints === undefined || endpoints.has(endpoint))
    if (rule === undefined) return undefined
    const drawn = random.below(WHOLE)
    const met = rule.steps.find(({ upTo }) => drawn < upTo)?.fault
    return typeof met === "function" ? met(random) : met
  }
}
