/**
 * Token buckets: two an account, full at first, refilled continuously, as the
 * exchange documents them under "Rate limits and tiers".
 *
 * @since 0.1.0
 */
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"

/**
 * Tokens a second, and at most.
 *
 * @since 0.1.0
 * @category models
 */
export interface Bucket {
  readonly refill: number
  readonly capacity: number
}

/**
 * The limits of every account.
 *
 * @since 0.1.0
 * @category models
 */
export interface Limits {
  /** The name of the tier, as `/account/limits` shows it. */
  readonly tier: string
  readonly read: Bucket
  readonly write: Bucket
}

/**
 * The limits of the tier that every account starts with.
 *
 * @since 0.1.0
 * @category constants
 */
export const basic: Limits = {
  tier: "basic",
  read: { refill: 200, capacity: 400 },
  write: { refill: 100, capacity: 100 }
}

/**
 * Limits that nobody reaches.
 *
 * @since 0.1.0
 * @category constants
 */
export const unlimited: Limits = {
  tier: "prestige",
  read: { refill: 1_000_000_000, capacity: 1_000_000_000 },
  write: { refill: 1_000_000_000, capacity: 1_000_000_000 }
}

/**
 * The buckets of all accounts.
 *
 * @since 0.1.0
 * @category services
 */
export class Buckets extends Context.Service<
  Buckets,
  {
    readonly limits: Effect.Effect<Limits>
    /** Changes the limits of all accounts; what is in the buckets stays, up to the new capacity. */
    readonly setLimits: (limits: Limits) => Effect.Effect<void>
    /** Takes tokens if all of them are there, else none. */
    readonly take: (account: string, bucket: "read" | "write", cost: number) => Effect.Effect<boolean>
  }
>()("@effect-kalshi/sandbox/Buckets") {}

/**
 * Builds full buckets with these limits.
 *
 * @since 0.1.0
 * @category layers
 */
export const layer = (initial: Limits): Layer.Layer<Buckets> =>
  Layer.sync(Buckets, () => {
    let limits = initial
    const levels = new Map<string, { tokens: number; at: number }>()
    return Buckets.of({
      limits: Effect.sync(() => limits),
      setLimits: (next) =>
        Effect.sync(() => {
          limits = next
        }),
      take: (account, bucket, cost) =>
        Effect.map(Clock.currentTimeMillis, (now) => {
          const { capacity, refill } = limits[bucket]
          const key = `${bucket}:${account}`
          const level = levels.get(key) ?? { tokens: capacity, at: now }
          levels.set(key, level)
          level.tokens = Math.min(capacity, level.tokens + (refill * Math.max(0, now - level.at)) / 1000)
          level.at = now
          if (level.tokens < cost) return false
          level.tokens -= cost
          return true
        })
    })
  })
