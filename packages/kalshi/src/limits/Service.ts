/**
 * The rate limit as what spends through it sees it.
 */
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type { LimitExceeded } from "../KalshiError.ts"

/**
 * A token bucket: tokens a second, and at most.
 *
 * @since 0.1.0
 * @category models
 */
export interface Bucket {
  readonly refill: number
  readonly capacity: number
}

/**
 * The buckets of an account: one for reads, and one for writes on each shard
 * of the exchange, all of the same size.
 *
 * @since 0.1.0
 * @category models
 */
export interface Budget {
  readonly read: Bucket
  readonly write: Bucket
}

/**
 * Who goes before whom, first to last.
 *
 * @since 0.1.0
 * @category models
 */
export type Lane = "cancel" | "order" | "read"

/**
 * What a request takes before it is sent.
 *
 * @since 0.1.0
 * @category models
 */
export interface Request {
  readonly bucket: "read" | "write"
  readonly lane: Lane
  /** What it costs in tokens unless the exchange has told otherwise; of a batch, what one item costs. */
  readonly cost: number
  /** How many items a batch has; absent where it is no batch. */
  readonly items?: number | undefined
  /** The shard that a write names; absent where the exchange has to find it. */
  readonly shard?: number | undefined
  /** How long it may wait, after which it fails as not sent; for ever where it is absent. */
  readonly longest?: Duration.Duration | undefined
  /** The declaration of its endpoint, by which its cost is learned. */
  readonly endpoint?: { readonly method: string; readonly path: string } | undefined
}

/**
 * Tokens that were taken for a request, all of them at once.
 *
 * @since 0.1.0
 * @category models
 */
export interface Grant {
  /** From each of these buckets as many. */
  readonly buckets: ReadonlyArray<string>
  readonly tokens: number
  readonly waited: Duration.Duration
  /** Puts them back, for a request that was not sent after all. */
  readonly giveBack: Effect.Effect<void>
  /** Says that the exchange answered 429: its buckets are empty, whatever ours say. */
  readonly refused: Effect.Effect<void>
}

/**
 * A bucket as it is, without asking the exchange.
 *
 * @since 0.1.0
 * @category models
 */
export interface BucketState extends Bucket {
  readonly name: string
  /** The tokens left; below 0 while requests that were just sent may still be on their way. */
  readonly tokens: number
  /** How many requests wait in its queue. */
  readonly waiting: Readonly<Record<Lane, number>>
}

/**
 * What a rate limit knows.
 *
 * @since 0.1.0
 * @category models
 */
export interface State {
  /**
   * `alone`: this process has the budget. `shared`: it shares it with others.
   * `apart`: it would share it, and its store does not answer, so that it has a
   * part of it.
   */
  readonly mode: "alone" | "shared" | "apart"
  /** How many processes spend the budget, as far as is known. */
  readonly processes: number
  /** The tier that the exchange told, absent until it has. */
  readonly tier?: string | undefined
  readonly buckets: ReadonlyArray<BucketState>
}

/**
 * The tokens of an account.
 *
 * @since 0.1.0
 * @category services
 */
export class RateLimit extends Context.Service<
  RateLimit,
  {
    /**
     * Waits until the tokens of a request are there and takes them. Fails with
     * `LimitExceeded` when they can never be, or when too many wait already.
     * Who is interrupted while waiting has taken nothing.
     */
    readonly take: (request: Request) => Effect.Effect<Grant, LimitExceeded>
    readonly state: Effect.Effect<State>
  }
>()("effect-kalshi/RateLimit") {}

const free: Grant = {
  buckets: [],
  tokens: 0,
  waited: Duration.zero,
  giveBack: Effect.void,
  refused: Effect.void
}

/**
 * No limit: the exchange answers 429 and the retry policy waits.
 *
 * @since 0.1.0
 * @category layers
 */
export const layerNone: Layer.Layer<RateLimit> = Layer.succeed(
  RateLimit,
  RateLimit.of({
    take: () => Effect.succeed(free),
    state: Effect.succeed({ mode: "alone", processes: 1, buckets: [] })
  })
)
