import { assert, describe, it } from "@effect/vitest"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import { TestClock } from "effect/testing"
import * as RateLimit from "../src/RateLimit.ts"

const order = (tokens = 10) => ({ bucket: "write", lane: "order", tokens }) as const
const cancel = { bucket: "write", lane: "cancel", tokens: 2 } as const
const read = (tokens = 10) => ({ bucket: "read", lane: "read", tokens }) as const

/** Takes one after the other from many fibers, and tells when each was let go. */
const race = (requests: ReadonlyArray<RateLimit.Request>) =>
  Effect.gen(function* () {
    const limit = yield* RateLimit.RateLimit
    const gone: Array<readonly [index: number, at: number]> = []
    const fibers = yield* Effect.forEach(requests, (request, index) =>
      Effect.forkChild(
        limit.take(request).pipe(
          Effect.andThen(Clock.currentTimeMillis),
          Effect.map((now) => gone.push([index, now]))
        ),
        { startImmediately: true }
      )
    )
    return { fibers, gone }
  })

const times = (length: number, request: RateLimit.Request) => Array.from({ length }, () => request)

const settle = Effect.yieldNow.pipe(Effect.repeat({ times: 20 }))

describe("RateLimit.layerFixed", () => {
  it.effect("lets a full bucket go at once and paces the rest, in order", () =>
    Effect.gen(function* () {
      const { fibers, gone } = yield* race(times(15, order()))
      yield* TestClock.adjust("1 second")
      yield* Fiber.joinAll(fibers)
      assert.deepStrictEqual(
        gone,
        Array.from({ length: 15 }, (_, index) => [index, Math.max(0, index - 9) * 100] as const)
      )
    }).pipe(Effect.provide(RateLimit.layerFixed("basic")))
  )

  it.effect("fills up again to its capacity and no further", () =>
    Effect.gen(function* () {
      const limit = yield* RateLimit.RateLimit
      yield* limit.take(order(100))
      yield* TestClock.adjust("1 hour")
      const { fibers, gone } = yield* race(times(11, order()))
      yield* TestClock.adjust("1 second")
      yield* Fiber.joinAll(fibers)
      assert.deepStrictEqual(
        gone.map(([, at]) => at - 3_600_000),
        [...Array.from({ length: 10 }, () => 0), 100]
      )
    }).pipe(Effect.provide(RateLimit.layerFixed("basic")))
  )

  it.effect("reads and writes have buckets of their own", () =>
    Effect.gen(function* () {
      const limit = yield* RateLimit.RateLimit
      yield* limit.take(order(100))
      yield* limit.take(read(400))
      const { fibers, gone } = yield* race([order(), read()])
      yield* TestClock.adjust("1 second")
      yield* Fiber.joinAll(fibers)
      assert.deepStrictEqual(gone, [
        [1, 50],
        [0, 100]
      ])
    }).pipe(Effect.provide(RateLimit.layerFixed("basic")))
  )

  it.effect("a large cancel is not starved by orders that keep coming", () =>
    Effect.gen(function* () {
      // a batch of 20 cancels behind a queue of orders, and the bucket empty
      const { fibers, gone } = yield* race([...times(30, order()), { ...cancel, tokens: 40 }])
      yield* settle
      assert.strictEqual(gone.length, 10)
      yield* TestClock.adjust("400 millis")
      yield* settle
      assert.deepStrictEqual(gone.slice(10), [[30, 400]])
      yield* TestClock.adjust("2 seconds")
      yield* Fiber.joinAll(fibers)
      assert.strictEqual(gone.length, 31)
    }).pipe(Effect.provide(RateLimit.layerFixed("basic")))
  )

  it.effect("a cancel does not stand behind orders", () =>
    Effect.gen(function* () {
      const limit = yield* RateLimit.RateLimit
      yield* limit.take(order(100))
      const { fibers, gone } = yield* race([...times(3, order()), cancel])
      yield* TestClock.adjust("1 second")
      yield* Fiber.joinAll(fibers)
      assert.deepStrictEqual(gone[0], [3, 20])
      assert.deepStrictEqual(
        gone.slice(1).map(([index]) => index),
        [0, 1, 2]
      )
      assert.isAtMost(gone[3]?.[1] ?? Infinity, 321)
    }).pipe(Effect.provide(RateLimit.layerFixed("basic")))
  )

  it.effect("who is interrupted while waiting has taken nothing", () =>
    Effect.gen(function* () {
      const limit = yield* RateLimit.RateLimit
      yield* limit.take(order(100))
      const { fibers, gone } = yield* race([...times(5, order(100)), order()])
      yield* TestClock.adjust("50 millis")
      yield* Effect.forEach(fibers.slice(0, 5), Fiber.interrupt)
      yield* settle
      assert.deepStrictEqual(gone, [])
      // the last one stands at the head now, and its ten tokens are there after 100 ms
      yield* TestClock.adjust("50 millis")
      yield* Fiber.join(fibers[5] ?? assert.fail("no fiber"))
      assert.deepStrictEqual(gone, [[5, 100]])
    }).pipe(Effect.provide(RateLimit.layerFixed("basic")))
  )

  it.effect("refuses at once what never fits, and says what does", () =>
    Effect.gen(function* () {
      const limit = yield* RateLimit.RateLimit
      const plain = yield* Effect.flip(limit.take(order(101)))
      assert.isUndefined(plain.largest)
      assert.strictEqual(plain.outcome, "not-applied")
      const batch = yield* Effect.flip(limit.take({ ...order(250), items: 25 }))
      assert.strictEqual(batch.largest, 10)
      assert.match(batch.message, /send a smaller batch; nothing was sent/)
      assert.strictEqual((yield* Effect.flip(limit.take({ ...order(150), items: 10 }))).largest, 6)
      yield* limit.take(order(100))
      assert.strictEqual(yield* Clock.currentTimeMillis, 0)
    }).pipe(Effect.provide(RateLimit.layerFixed("basic")))
  )

  it.effect("a budget of one's own", () =>
    Effect.gen(function* () {
      const { fibers, gone } = yield* race([order(5), order(5), order(5)])
      yield* TestClock.adjust("10 seconds")
      yield* Fiber.joinAll(fibers)
      assert.deepStrictEqual(gone, [
        [0, 0],
        [1, 1000],
        [2, 6000]
      ])
    }).pipe(
      Effect.provide(RateLimit.layerFixed({ read: { refill: 1, capacity: 1 }, write: { refill: 1, capacity: 9 } }))
    )
  )
})

describe("RateLimit.layerNone", () => {
  it.effect("never waits", () =>
    Effect.gen(function* () {
      const limit = yield* RateLimit.RateLimit
      for (let index = 0; index < 1000; index++) yield* limit.take(order(1000))
      assert.strictEqual(yield* Clock.currentTimeMillis, 0)
    }).pipe(Effect.provide(RateLimit.layerNone))
  )
})
