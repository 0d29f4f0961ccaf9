/**
 * The account's token budget, spent here before it is refused there.
 *
 * The exchange bills two buckets an account, one for reads and one for writes,
 * and refuses with 429 when one is empty ("Rate limits" in its documentation).
 * A rate limit waits for the tokens of a request before it is signed and sent,
 * so that a burst is paced and not refused. Requests of one lane leave in the
 * order in which they came, and no order takes tokens while a cancel waits for
 * them. An interrupted request takes nothing.
 *
 * @since 0.1.0
 */
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Latch from "effect/Latch"
import * as Layer from "effect/Layer"
import * as RateLimiter from "effect/persistence/RateLimiter"
import * as Semaphore from "effect/Semaphore"
import { LimitExceeded } from "./KalshiError.ts"

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
 * The two buckets of an account.
 *
 * @since 0.1.0
 * @category models
 */
export interface Budget {
  readonly read: Bucket
  readonly write: Bucket
}

/**
 * What a request takes before it is sent.
 *
 * @since 0.1.0
 * @category models
 */
export interface Request {
  readonly bucket: "read" | "write"
  readonly lane: "cancel" | "order" | "read"
  readonly tokens: number
  /** How many items of a batch the tokens are for. */
  readonly items?: number | undefined
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
     * `LimitExceeded` when they can never be.
     */
    readonly take: (request: Request) => Effect.Effect<void, LimitExceeded>
    /** Puts the tokens back of a request that was not sent after all. */
    readonly giveBack: (request: Request) => Effect.Effect<void>
  }
>()("effect-kalshi/RateLimit") {}

/**
 * The budgets of the tiers that anyone can have, with the smallest burst that
 * was documented or seen. A tier with more is a `Budget` of your own.
 *
 * @since 0.1.0
 * @category constants
 */
export const tiers: { readonly basic: Budget; readonly advanced: Budget } = {
  basic: { read: { refill: 200, capacity: 400 }, write: { refill: 100, capacity: 100 } },
  advanced: { read: { refill: 300, capacity: 600 }, write: { refill: 300, capacity: 600 } }
}

/**
 * Makes a rate limit that spends a fixed budget, full at the start.
 *
 * @since 0.1.0
 * @category constructors
 */
export const make: (budget: Budget) => Effect.Effect<RateLimit["Service"], never, RateLimiter.RateLimiter> =
  Effect.fnUntraced(function* (budget: Budget) {
    const limiter = yield* RateLimiter.RateLimiter
    // one queue a lane, whose head alone asks for tokens
    const queues = {
      cancel: yield* Semaphore.make(1),
      order: yield* Semaphore.make(1),
      read: yield* Semaphore.make(1)
    }
    // open while no cancel waits
    const clear = yield* Latch.make(true)
    let cancels = 0

    /** Keeps orders from the tokens while a cancel waits. */
    const first = <A, E>(cancel: Effect.Effect<A, E>): Effect.Effect<A, E> =>
      Effect.acquireUseRelease(
        Effect.suspend(() => {
          cancels++
          return clear.close
        }),
        () => cancel,
        () => Effect.suspend(() => (--cancels === 0 ? clear.open : Effect.void))
      )

    const consume = (request: Request, bucket: Bucket, tokens: number) =>
      limiter.consume({
        algorithm: "token-bucket",
        // failing and sleeping, not reserving: who is interrupted while waiting has taken nothing
        onExceeded: "fail",
        key: request.bucket,
        limit: bucket.capacity,
        window: Duration.seconds(bucket.capacity / bucket.refill),
        tokens
      })

    const attempt = (request: Request, bucket: Bucket) => consume(request, bucket, request.tokens)

    const giveBack = (request: Request): Effect.Effect<void> => {
      const bucket = budget[request.bucket]
      return consume(request, bucket, 0).pipe(
        // what has flowed in since may leave less room
        Effect.flatMap(({ remaining }) =>
          consume(request, bucket, -Math.min(request.tokens, bucket.capacity - Math.floor(remaining)))
        ),
        // they are lost with the store
        Effect.ignore
      )
    }

    const take = (request: Request): Effect.Effect<void, LimitExceeded> => {
      const bucket = budget[request.bucket]
      if (request.tokens > bucket.capacity) {
        return Effect.fail(
          new LimitExceeded({
            description:
              `a request of ${request.tokens} tokens never fits the ${request.bucket} bucket of ` +
              `${bucket.capacity}` +
              (request.items === undefined ? "" : ": send a smaller batch"),
            ...(request.items === undefined
              ? {}
              : { largest: Math.floor((bucket.capacity * request.items) / request.tokens) })
          })
        )
      }
      const asked =
        request.lane === "order" ? Effect.andThen(clear.await, attempt(request, bucket)) : attempt(request, bucket)
      const next: Effect.Effect<void, LimitExceeded> = asked.pipe(
        Effect.asVoid,
        Effect.catchReason(
          "RateLimiterError",
          "RateLimitExceeded",
          (reason) => Effect.andThen(Effect.sleep(Duration.max(reason.retryAfter, Duration.millis(1))), next),
          (reason) =>
            Effect.fail(new LimitExceeded({ description: `the store of the rate limit failed: ${reason._tag}` }))
        )
      )
      const queued = queues[request.lane].withPermits(1)(next)
      return request.lane === "cancel" ? first(queued) : queued
    }

    return RateLimit.of({ take, giveBack })
  })

/**
 * A rate limit with the fixed budget of a tier or of your own, kept in this
 * process.
 *
 * @since 0.1.0
 * @category layers
 */
export const layerFixed = (budget: keyof typeof tiers | Budget): Layer.Layer<RateLimit> =>
  Layer.effect(RateLimit, make(typeof budget === "string" ? tiers[budget] : budget)).pipe(
    // a store of its own: another account's layer in this program has other buckets
    Layer.provide(Layer.fresh(Layer.provide(RateLimiter.layer, RateLimiter.layerStoreMemory)))
  )

/**
 * No limit: the exchange answers 429 and the retry policy waits.
 *
 * @since 0.1.0
 * @category layers
 */
export const layerNone: Layer.Layer<RateLimit> = Layer.succeed(
  RateLimit,
  RateLimit.of({ take: () => Effect.void, giveBack: () => Effect.void })
)
