/**
 * One token bucket, as the sender has to see it.
 *
 * The exchange counts a request when it arrives, not when it leaves, and what
 * leaves later may arrive sooner. So what comes back into a full bucket counts
 * only after the `headroom`, the longest by which one request can be overtaken
 * by another: whatever the network does between, no stretch of time brings the
 * exchange more than its capacity and what it has refilled. A bucket that is
 * full may be taken whole all the same.
 *
 * A 429 says that somebody else spends. The bucket is empty then, left to
 * cancels for a while, and refills at half its pace, which comes back little by
 * little.
 *
 * Effect's own token bucket has no headroom, takes from one bucket at a time,
 * is full at first and full again when its limits change.
 */
import type { Bucket } from "./Service.ts"

/** Milliseconds for which a bucket counts as empty after a 429, for all but cancels. */
export const PAUSE = 1_000

/** Milliseconds in which the pace comes back from nothing to all of it. */
export const RECOVERY = 20_000

/** The part of the pace that is left however many 429s there were. */
export const SLOWEST = 0.25

/** A microsecond: what clocks round off keeps nobody waiting. */
export const ROUNDING = 1e-3

export interface Level {
  /** Tokens at the instant `at`, in milliseconds; below 0 while the headroom passes. */
  readonly tokens: number
  readonly at: number
  /** Until then it is left to cancels, and counts as empty for all others. */
  readonly quietUntil: number
  /** When the pace is back. */
  readonly slowUntil: number
}

/** What nobody knows anything of may just have been spent. */
export const empty = (now: number): Level => ({ tokens: 0, at: now, quietUntil: -Infinity, slowUntil: -Infinity })

const square = (value: number): number => value * value

/** The part of the pace at an instant. */
const pace = ({ slowUntil }: Level, at: number): number => Math.min(1, 1 - (slowUntil - at) / RECOVERY)

/** Milliseconds at full pace that bring as much as those between two instants. */
const gained = ({ slowUntil }: Level, from: number, to: number): number =>
  to - from - (square(Math.max(0, slowUntil - from)) - square(Math.max(0, slowUntil - to))) / (2 * RECOVERY)

/** Milliseconds from an instant on that bring as much as so many at full pace. */
const lasting = (level: Level, from: number, gain: number): number => {
  const slow = Math.max(0, level.slowUntil - from)
  const start = 1 - slow / RECOVERY
  const within = RECOVERY * (Math.sqrt(square(start) + (2 * gain) / RECOVERY) - start)
  return within <= slow ? within : gain + square(slow) / (2 * RECOVERY)
}

/** The tokens of the headroom: never more than half of what the bucket holds. */
export const reserve = ({ capacity, refill }: Bucket, headroom: number): number =>
  Math.min((refill * headroom) / 1000, capacity / 2)

export const settle = (level: Level, { capacity, refill }: Bucket, now: number): Level => ({
  ...level,
  tokens: Math.min(capacity, level.tokens + (refill * Math.max(0, gained(level, level.at, now))) / 1000),
  at: Math.max(level.at, now)
})

/** Milliseconds from the level's instant on until as many tokens are there for a lane; 0 where they are. */
export const wait = (level: Level, { refill }: Bucket, wanted: number, isCancel: boolean): number => {
  const { at, quietUntil, tokens } = level
  const until = (from: number, missing: number) => (missing > 0 ? lasting(level, from, (missing / refill) * 1000) : 0)
  const own = until(at, wanted - tokens)
  if (isCancel || quietUntil === -Infinity) return own > ROUNDING ? own : 0
  const from = Math.max(at, quietUntil)
  const after = from - at + until(from, wanted - (refill * gained(level, quietUntil, from)) / 1000)
  return Math.max(own, after) > ROUNDING ? Math.max(own, after) : 0
}

/** Takes tokens of a level, which are there. */
export const spend = (
  level: Level,
  bucket: Bucket,
  options: { readonly tokens: number; readonly headroom: number; readonly isCancel: boolean }
): Level => {
  const { at, quietUntil, tokens } = level
  const there =
    options.isCancel || quietUntil === -Infinity
      ? tokens
      : Math.min(tokens, (bucket.refill * gained(level, quietUntil, at)) / 1000)
  return { ...level, tokens: Math.min(there, bucket.capacity - reserve(bucket, options.headroom)) - options.tokens }
}

export const giveBack = (level: Level, { capacity }: Bucket, tokens: number): Level => ({
  ...level,
  tokens: Math.min(capacity, level.tokens + tokens)
})

/** After a 429. Several at a time have one cause. */
export const refuse = (level: Level): Level => {
  const { at, quietUntil, slowUntil, tokens } = level
  const left = Math.max(SLOWEST, pace(level, at) / 2)
  return {
    tokens: Math.min(0, tokens),
    at,
    quietUntil: at + PAUSE,
    slowUntil: at < quietUntil ? slowUntil : at + (1 - left) * RECOVERY
  }
}
