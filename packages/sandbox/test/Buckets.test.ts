import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { TestClock } from "effect/testing"
import * as Buckets from "../src/Buckets.ts"

const ID = "member"

const limits: Buckets.Limits = {
  tier: "basic",
  read: { refill: 200, capacity: 400 },
  write: { refill: 100, capacity: 100 }
}

describe("Buckets", () => {
  it.effect("start full, let in what they hold, and refill continuously up to their capacity", () =>
    Effect.gen(function* () {
      const { take } = yield* Buckets.Buckets
      assert.isFalse(yield* take(ID, ["write"], 101))
      assert.isTrue(yield* take(ID, ["write"], 100))
      assert.isFalse(yield* take(ID, ["write"], 1))
      // each asked for on its own, and whole to the millisecond
      for (let millis = 1; millis < 100; millis++) {
        yield* TestClock.adjust("1 millis")
        assert.isFalse(yield* take(ID, ["write"], 10))
      }
      yield* TestClock.adjust("1 millis")
      assert.isTrue(yield* take(ID, ["write"], 10))
      yield* TestClock.adjust("1 hour")
      assert.isFalse(yield* take(ID, ["write"], 101))
      assert.isTrue(yield* take(ID, ["write"], 100))
    }).pipe(Effect.provide(Buckets.layer(limits)))
  )

  it.effect("pay together or not at all, and whoever is empty is told", () =>
    Effect.gen(function* () {
      const { take, tokens } = yield* Buckets.Buckets
      assert.isTrue(yield* take(ID, ["write:2"], 95))
      assert.isFalse(yield* take(ID, ["write", "write:1", "write:2"], 10))
      assert.isTrue(yield* take(ID, ["write", "write:1"], 100))
      assert.isFalse(yield* take(ID, ["write", "write:1", "write:2"], 5))
      assert.deepStrictEqual(yield* tokens(ID), {
        accepted: { read: 0, write: 100, "write:1": 100, "write:2": 95 },
        refused: { read: 0, write: 1, "write:1": 1, "write:2": 1 },
        spent: { read: 0, write: 0, "write:1": 0, "write:2": 0 }
      })
    }).pipe(Effect.provide(Buckets.layer(limits, 3)))
  )

  it.effect("are of one account each, and tell apart what was spent elsewhere", () =>
    Effect.gen(function* () {
      const { spend, take, tokens } = yield* Buckets.Buckets
      assert.isTrue(yield* spend(ID, "read", 395))
      assert.isFalse(yield* spend(ID, "read", 6))
      assert.isFalse(yield* take(ID, ["read"], 10))
      assert.isTrue(yield* take(ID, ["write"], 10))
      assert.isTrue(yield* take("other", ["read"], 400))
      assert.deepStrictEqual(yield* tokens(ID), {
        accepted: { read: 0, write: 10 },
        refused: { read: 1, write: 0 },
        spent: { read: 395, write: 0 }
      })
    }).pipe(Effect.provide(Buckets.layer(limits)))
  )

  it.effect("keep what they hold when the limits change, up to the new capacity", () =>
    Effect.gen(function* () {
      const { setLimits, take } = yield* Buckets.Buckets
      yield* take(ID, ["write"], 100)
      yield* TestClock.adjust("500 millis")
      // 50 came in at the old rate
      yield* setLimits({ ...limits, write: { refill: 1, capacity: 60 } })
      assert.isFalse(yield* take(ID, ["write"], 51))
      assert.isTrue(yield* take(ID, ["write"], 30))
      yield* TestClock.adjust("10 seconds")
      assert.isFalse(yield* take(ID, ["write"], 31))
      assert.isTrue(yield* take(ID, ["write"], 30))
      yield* TestClock.adjust("1 hour")
      yield* setLimits({ ...limits, write: { refill: 1, capacity: 20 } })
      assert.isFalse(yield* take(ID, ["write"], 21))
      assert.isTrue(yield* take(ID, ["write"], 20))
    }).pipe(Effect.provide(Buckets.layer(limits)))
  )
})
