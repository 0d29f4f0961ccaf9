/**
 * The account's token budget, spent here before it is refused there.
 *
 * The exchange bills an account's requests to token buckets, one for reads and
 * one for writes on each shard, and answers 429 when one is empty ("Rate limits
 * and tiers" in its documentation). A rate limit waits for the tokens of a
 * request before it is signed and sent, so that a burst is paced and not
 * refused.
 *
 * - Cancels go before orders and orders before reads, and within these who came
 *   first is served first. Whoever has waited for five seconds at the head of
 *   its lane goes next.
 * - Buckets are empty at first: whoever ran before may have spent them. What
 *   was learned later adds nothing to what is in them.
 * - A 429 empties the bucket, since others spend it too: for a second all but
 *   cancels leave it alone, and it refills at half its pace, which comes back
 *   within ten.
 * - Whoever is interrupted while waiting has taken nothing.
 *
 * `layer` learns what the account has, `layerShared` shares it with every other
 * process in Redis, `layerFixed` keeps to what it was told, and `layerNone`
 * waits for nothing. None is ever ahead of the exchange: requests may overtake
 * one another on their way by up to the `headroom`.
 *
 * @since 0.1.0
 */
import * as SecureRandom from "effect/crypto/SecureRandom"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type * as HttpClient from "effect/http/HttpClient"
import * as Layer from "effect/Layer"
import type * as Redis from "effect/persistence/Redis"
import type * as Scope from "effect/Scope"
import * as Breaker from "./Breaker.ts"
import * as Exchange from "./Exchange.ts"
import * as Guard from "./guard/Service.ts"
import { layerMemory } from "./journal/memory.ts"
import * as learn from "./limits/learn.ts"
import * as limit from "./limits/make.ts"
import * as memory from "./limits/memory.ts"
import { type Budget, RateLimit, type State } from "./limits/Service.ts"
import * as shared from "./limits/shared.ts"
import type { Store } from "./limits/Store.ts"
import type { Signer } from "./Signer.ts"
import * as Transport from "./Transport.ts"

export {
  type Bucket,
  type BucketState,
  type Budget,
  type Grant,
  type Lane,
  layerNone,
  RateLimit,
  type Request,
  type State
} from "./limits/Service.ts"

/**
 * The budgets of the tiers that anyone can have, with the smallest burst that
 * was documented or seen.
 *
 * @since 0.1.0
 * @category constants
 */
export const tiers: { readonly basic: Budget; readonly advanced: Budget } = {
  basic: { read: { refill: 200, capacity: 400 }, write: { refill: 100, capacity: 100 } },
  advanced: { read: { refill: 300, capacity: 600 }, write: { refill: 300, capacity: 600 } }
}

/**
 * How a rate limit waits.
 *
 * @since 0.1.0
 * @category models
 */
export interface Options {
  /**
   * The longest by which one request may be overtaken by another on its way,
   * 0 and more: what a burst leaves in a bucket is less by what flows in
   * meanwhile. Default 250 milliseconds.
   */
  readonly headroom?: Duration.Input | undefined
  /**
   * How many requests may wait for the tokens of a bucket, after which all but
   * cancels fail with `LimitExceeded`. Default 10,000.
   */
  readonly queue?: number | undefined
}

/**
 * How a rate limit learns.
 *
 * @since 0.1.0
 * @category models
 */
export interface LearnOptions extends Options {
  /** How old what was learned may become, from 30 seconds on. Default 5 minutes. */
  readonly refresh?: Duration.Input | undefined
}

/**
 * Who shares a budget.
 *
 * @since 0.1.0
 * @category models
 */
export interface SharedOptions extends LearnOptions {
  /**
   * A name for the account, the same in every process that spends its budget,
   * and another for every other account. A key id is none: all keys of an
   * account share its budget.
   */
  readonly account: string
  /** What the names of its keys in Redis begin with. Default `kalshi:`. */
  readonly prefix?: string | undefined
  /**
   * How many processes there are at least: this one takes one part in so many
   * while Redis does not answer. Default 1; what was seen counts where it is more.
   */
  readonly processes?: number | undefined
}

const QUEUE = 10_000

const headroomOf = ({ headroom = "250 millis" }: Options): number =>
  Duration.toMillis(Duration.fromInputUnsafe(headroom))

/**
 * A rate limit with the budget of a tier or one of your own, in this process
 * alone. It learns nothing: requests cost what is declared.
 *
 * @since 0.1.0
 * @category layers
 */
export const layerFixed = (budget: keyof typeof tiers | Budget, options: Options = {}): Layer.Layer<RateLimit> =>
  // layers are shared by reference: another account's buckets are others
  Layer.fresh(
    Layer.effect(
      RateLimit,
      Effect.map(
        memory.make({
          budget: typeof budget === "string" ? tiers[budget] : budget,
          headroom: headroomOf(options)
        }),
        (store) => limit.make(store, { known: limit.fixed, queue: options.queue ?? QUEUE })
      )
    )
  )

/** A limit over a store, which learns on a road of its own, whose tokens it pays. */
const learning = Effect.fnUntraced(function* (
  store: Store,
  { queue = QUEUE, refresh = "5 minutes" }: LearnOptions
): Effect.fn.Return<RateLimit["Service"], never, HttpClient.HttpClient | Signer | Scope.Scope> {
  const learner = yield* learn.make
  const made = limit.make(store, { known: learner, queue })
  const road = yield* Layer.build(
    Transport.layer.pipe(
      Layer.provide([Breaker.layerNone, Guard.layerNone, layerMemory, Layer.succeed(RateLimit, made)])
    )
  )
  const exchange = yield* Effect.provide(Exchange.make, road)
  yield* Effect.forkScoped(learner.learning(exchange, store, Duration.fromInputUnsafe(refresh)))
  return made
})

/**
 * A rate limit that learns the account's tier, its buckets and what requests
 * cost, at the start and every few minutes, in this process alone. Until it
 * has, and where it cannot, the Basic tier is assumed, with a warning in the
 * log.
 *
 * @since 0.1.0
 * @category layers
 */
export const layer = (options: LearnOptions = {}): Layer.Layer<RateLimit, never, HttpClient.HttpClient | Signer> =>
  Layer.fresh(
    Layer.effect(
      RateLimit,
      Effect.flatMap(memory.make({ budget: tiers.basic, headroom: headroomOf(options) }), (store) =>
        learning(store, options)
      )
    )
  )

/**
 * A rate limit as `layer`, whose budget is spent together by every process that
 * names the same account in the same Redis, by the clock of Redis.
 *
 * While Redis does not answer, each process takes a part of the budget, says so
 * in the log, and comes back by itself; nothing waits for Redis.
 *
 * @since 0.1.0
 * @category layers
 */
export const layerShared = (
  options: SharedOptions
): Layer.Layer<RateLimit, never, HttpClient.HttpClient | Signer | Redis.Redis> =>
  Layer.fresh(
    Layer.effect(
      RateLimit,
      Effect.flatMap(
        shared.make({
          account: options.account,
          prefix: options.prefix ?? "kalshi:",
          processes: Math.max(1, options.processes ?? 1),
          budget: tiers.basic,
          headroom: headroomOf(options)
        }),
        (store) => learning(store, options)
      )
    )
  ).pipe(Layer.provide(SecureRandom.layerWebCrypto))

/**
 * What the rate limit in force knows, without asking the exchange.
 *
 * @since 0.1.0
 * @category accessors
 */
export const state: Effect.Effect<State, never, RateLimit> = RateLimit.use((limit) => limit.state)
