/**
 * Token buckets: one for reads, one for writes, and one for the writes of each
 * shard but the first; full at first, refilled continuously, as the exchange
 * documents them under "Rate limits and tiers".
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
  /** Each shard but the first has a bucket of this size of its own. */
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
 * The name of a bucket: `write:1` is that of the writes of shard 1.
 *
 * @since 0.1.0
 * @category models
 */
export type Name = "read" | "write" | `write:${number}`

/**
 * A number for each bucket.
 *
 * @since 0.1.0
 * @category models
 */
export interface Tally {
  readonly read: number
  readonly write: number
  readonly [shard: `write:${number}`]: number
}

/**
 * What the buckets of an account were asked for since the start.
 *
 * @since 0.1.0
 * @category models
 */
export interface Tokens {
  /** Tokens that requests were let in for. */
  readonly accepted: Tally
  /** Requests that the bucket did not hold enough for. */
  readonly refused: Tally
  /** Tokens that were spent elsewhere. */
  readonly spent: Tally
}

/**
 * The name of the bucket that the writes of a shard are billed to.
 *
 * @since 0.1.0
 * @category accessors
 */
export const ofShard = (shard: number): Name => (shard === 0 ? "write" : `write:${shard}`)

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
    /** Takes tokens for a request from each of the buckets if all of them hold enough, else from none. */
    readonly take: (account: string, buckets: ReadonlyArray<Name>, cost: number) => Effect.Effect<boolean>
    /** Takes tokens if all of them are there, else none, for what is no request to the sandbox. */
    readonly spend: (account: string, bucket: Name, tokens: number) => Effect.Effect<boolean>
    /** What the buckets of the account were asked for since the start. */
    readonly tokens: (account: string) => Effect.Effect<Tokens>
  }
>()("@effect-kalshi/sandbox/Buckets") {}

interface Level {
  readonly name: Name
  // in thousandths: whole rates and milliseconds stay whole, and a bucket is full on time
  thousandths: number
  at: number
  accepted: number
  refused: number
  spent: number
}

/**
 * Builds full buckets with these limits, for an exchange of so many shards.
 *
 * @since 0.1.0
 * @category layers
 */
export const layer = (initial: Limits, shards = 1): Layer.Layer<Buckets> =>
  Layer.sync(Buckets, () => {
    let limits = initial
    const levels = new Map<string, Level>()

    const sizeOf = (name: Name): Bucket => (name === "read" ? limits.read : limits.write)

    const refill = (level: Level, now: number): void => {
      const { capacity, refill } = sizeOf(level.name)
      level.thousandths = Math.min(capacity * 1000, level.thousandths + refill * Math.max(0, now - level.at))
      level.at = now
    }

    const levelOf = (account: string, name: Name, now: number): Level => {
      const key = `${name} ${account}`
      const level = levels.get(key) ?? {
        name,
        thousandths: sizeOf(name).capacity * 1000,
        at: now,
        accepted: 0,
        refused: 0,
        spent: 0
      }
      levels.set(key, level)
      refill(level, now)
      return level
    }

    const holds = (level: Level, tokens: number): boolean => level.thousandths >= tokens * 1000

    return Buckets.of({
      limits: Effect.sync(() => limits),
      setLimits: (next) =>
        Effect.map(Clock.currentTimeMillis, (now) => {
          // what came in until now came at the old rate
          for (const level of levels.values()) refill(level, now)
          limits = next
        }),
      take: (account, buckets, cost) =>
        Effect.map(Clock.currentTimeMillis, (now) => {
          const billed = buckets.map((name) => levelOf(account, name, now))
          const empty = billed.filter((level) => !holds(level, cost))
          for (const level of empty) level.refused++
          if (empty.length > 0) return false
          for (const level of billed) {
            level.thousandths -= cost * 1000
            level.accepted += cost
          }
          return true
        }),
      spend: (account, bucket, tokens) =>
        Effect.map(Clock.currentTimeMillis, (now) => {
          const level = levelOf(account, bucket, now)
          if (!holds(level, tokens)) return false
          level.thousandths -= tokens * 1000
          level.spent += tokens
          return true
        }),
      tokens: (account) =>
        Effect.map(Clock.currentTimeMillis, (now) => {
          const tally = (of: "accepted" | "refused" | "spent"): Tally => {
            const all: { -readonly [K in keyof Tally]: Tally[K] } = {
              read: levelOf(account, "read", now)[of],
              write: 0
            }
            for (let shard = 0; shard < shards; shard++) all[ofShard(shard)] = levelOf(account, ofShard(shard), now)[of]
            return all
          }
          return { accepted: tally("accepted"), refused: tally("refused"), spent: tally("spent") }
        })
    })
  })
