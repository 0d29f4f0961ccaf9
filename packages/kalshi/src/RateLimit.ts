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
 *   first is served first. A lane that was passed over for five seconds goes
 *   next.
 * - Buckets are empty at first: whoever ran before may have spent them. What
 *   was learned later adds nothing to what is in them.
 * - A 429 empties the bucket, since others spend it too: for a second all but
 *   cancels leave it alone, and it refills at half its pace, which comes back
 *   within ten.
 * - Whoever is interrupted while waiting has taken nothing.
 *
 * `layer` learns what the account has, `layerShared` shares it with every other
 * process in Redis, `layerFixed` keeps to what it was told, and `layerNone`
 * waits for nothing. Requests may overtake one another on their way by up to the
 * `headroom`, and so may not be ahead of the exchange.
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
export interface SharedOptions<E = never> extends LearnOptions {
  /**
   * Redis, built here: while it cannot be, and whenever it does not answer, this
   * process takes its part of the budget. Let commands fail where there is no
   * connection (`disableOfflineQueue` of `NodeRedis.layer`).
   */
  readonly redis: Layer.Layer<Redis.Redis, E>
  /**
   * A name for the account, the same in every process that spends its budget,
   * and another for every other account. A key id is none: all keys of an
   * account share its budget.
   */
  readonly account: string
  /** What the names of its keys in Redis begin with. Default `kalshi:`. */
  readonly prefix?: string | undefined
  /**
   * How many processes there are at least, 1 and more: this one takes one part
   * in so many while Redis does not answer. Default 1; what was seen counts
   * where it is more, but who starts without Redis has seen nobody.
   */
  readonly processes?: number | undefined
}

/** A number within bounds; what is none is the least. */
const between = (value: number, least: number, most: number): number => (value >= least ? Math.min(value, most) : least)

const headroomOf = ({ headroom = "250 millis" }: Options): number =>
  between(Duration.toMillis(Duration.fromInputUnsafe(headroom)), 0, 60_000)

const queueOf = ({ queue = 10_000 }: Options): number => between(queue, 1, Infinity)

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
        (store) => limit.make(store, { known: limit.fixed, queue: queueOf(options) })
      )
    )
  )

/** A limit over a store, which learns on a road of its own, whose tokens it pays. */
const learning = Effect.fnUntraced(function* (
  store: Store,
  options: LearnOptions
): Effect.fn.Return<RateLimit["Service"], never, HttpClient.HttpClient | Signer | Scope.Scope> {
  const learner = yield* learn.make
  const made = limit.make(store, { known: learner, queue: queueOf(options) })
  const road = yield* Layer.build(
    Transport.layer.pipe(
      Layer.provide([Breaker.layerNone, Guard.layerNone, layerMemory, Layer.succeed(RateLimit, made)])
    )
  )
  const exchange = yield* Effect.provide(Exchange.make, road)
  yield* Effect.forkScoped(learner.learning(exchange, store, Duration.fromInputUnsafe(options.refresh ?? "5 minutes")))
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
 * in the log, and comes back by itself; nothing waits for Redis for longer than
 * it takes to find out. One that is cut off alone takes its part of what the
 * others take whole, so that the exchange may refuse some.
 *
 * @since 0.1.0
 * @category layers
 */
export const layerShared = <E>(
  options: SharedOptions<E>
): Layer.Layer<RateLimit, never, HttpClient.HttpClient | Signer> =>
  Layer.fresh(
    Layer.effect(
      RateLimit,
      Effect.gen(function* () {
        if (!options.account)
          return yield* Effect.die(new TypeError("RateLimit.layerShared needs the name of an account"))
        const store = yield* shared.make({
          account: options.account,
          redis: options.redis,
          prefix: options.prefix ?? "kalshi:",
          processes: Math.floor(between(options.processes ?? 1, 1, 1_000)),
          budget: tiers.basic,
          headroom: headroomOf(options)
        })
        return yield* learning(store, options)
      })
    )
  ).pipe(Layer.provide(SecureRandom.layerWebCrypto))

/**
 * What the rate limit in force knows, without asking the exchange.
 *
 * @since 0.1.0
 * @category accessors
 */
export const state: Effect.Effect<State, never, RateLimit> = RateLimit.use((limit) => limit.state)
