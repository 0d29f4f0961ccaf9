/**
 * Tokens of this process alone.
 */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Latch from "effect/Latch"
import * as buckets from "./bucket.ts"
import type { Budget } from "./Service.ts"
import { type Answer, type Ask, type Bill, bucketOf, rank, STARVED, type Store } from "./Store.ts"

interface Claim extends Ask {
  readonly order: number
  readonly since: number
}

/** Whether a claim goes before another. */
const precedes = (a: Claim, b: Claim, now: number): boolean => {
  const first = now - a.since >= STARVED ? 0 : rank(a.lane)
  const second = now - b.since >= STARVED ? 0 : rank(b.lane)
  return first === second ? a.order < b.order : first < second
}

/** Makes a store whose buckets are empty, as after a restart: who was here before may have spent them. */
export const make = Effect.fnUntraced(function* (options: {
  readonly budget: Budget
  /** Milliseconds by which one request may be overtaken by another. */
  readonly headroom: number
}): Effect.fn.Return<Store> {
  const { headroom } = options
  let budget = options.budget
  let claimed = 0
  // by the clock that never goes back, from here on
  const opened = yield* Clock.monotonicTimeNanos
  const millis = Effect.map(Clock.monotonicTimeNanos, (now) => Number(now - opened) / 1e6)
  const levels = new Map<string, buckets.Level>()
  // what a bucket of writes has that nobody has taken from yet
  let unseen = buckets.empty(0)
  const claims = new Map<string, Claim>()
  // lets those who sleep ask again
  const sooner = yield* Latch.make(false)

  const levelOf = (name: string, now: number): buckets.Level =>
    buckets.settle(levels.get(name) ?? unseen, bucketOf(budget, name), now)

  const change = ({ buckets: names }: Bill, to: (level: buckets.Level, name: string) => buckets.Level) =>
    Effect.andThen(
      Effect.map(millis, (now) => {
        for (const name of names) levels.set(name, to(levelOf(name, now), name))
      }),
      sooner.release
    )

  const granted = (bill: Bill, left: number): Answer => ({
    granted: true,
    left,
    giveBack: change(bill, (level, name) => buckets.giveBack(level, bucketOf(budget, name), bill.tokens)),
    refused: change(bill, (level) => buckets.refuse(level))
  })

  const ask = (ask: Ask): Effect.Effect<Answer> =>
    Effect.map(millis, (now): Answer => {
      const known = claims.get(ask.claim)
      const claim: Claim = { ...ask, order: known?.order ?? claimed++, since: known?.since ?? now }
      const isCancel = ask.lane === "cancel"
      let wait = 0
      const settled = ask.buckets.map((name) => {
        const bucket = bucketOf(budget, name)
        const level = levelOf(name, now)
        let wanted = ask.tokens
        for (const other of claims.values()) {
          if (other.claim !== ask.claim && other.buckets.includes(name) && precedes(other, claim, now)) {
            wanted += other.tokens
          }
        }
        // who may take more than there can be waits for all of it
        wait = Math.max(wait, buckets.wait(level, bucket, Math.min(wanted, bucket.capacity), isCancel))
        return { name, bucket, level }
      })
      if (wait > 0) {
        claims.set(ask.claim, claim)
        const starved = claim.since + STARVED - now
        return { granted: false, wait: starved > 0 ? Math.min(wait, starved) : wait }
      }
      claims.delete(ask.claim)
      let left = Infinity
      for (const { bucket, level, name } of settled) {
        const after = buckets.spend(level, bucket, { tokens: ask.tokens, headroom, isCancel })
        if (left === Infinity) left = after.tokens
        levels.set(name, after)
      }
      return granted(ask, left)
    })

  return {
    ask,
    withdraw: (claim) => Effect.suspend(() => (claims.delete(claim) ? Effect.asVoid(sooner.release) : Effect.void)),
    rest: (wait) => Effect.asVoid(Effect.timeoutOption(sooner.await, Math.max(1, Math.ceil(wait)))),
    largest: (bucket) => Effect.sync(() => budget[bucket].capacity),
    learn: (next) =>
      Effect.andThen(
        Effect.map(millis, (now) => {
          // what flowed in so far flowed at the old rate
          for (const name of ["read", "write", ...levels.keys()]) levels.set(name, levelOf(name, now))
          unseen = buckets.settle(unseen, budget.write, now)
          budget = next
        }),
        sooner.release
      ),
    levels: Effect.map(millis, (now) =>
      Array.from(new Set(["read", "write", ...levels.keys()]), (name) => ({
        name,
        ...bucketOf(budget, name),
        tokens: levelOf(name, now).tokens
      }))
    ),
    mode: Effect.succeed({ mode: "alone", processes: 1 })
  }
})
