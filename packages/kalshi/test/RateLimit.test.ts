import { assert, describe, it } from "@effect/vitest"
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Metric from "effect/Metric"
import { TestClock } from "effect/testing"
import * as RateLimit from "../src/RateLimit.ts"

// shard 0: the bucket without a shard alone
const order = (cost = 10) => ({ bucket: "write", lane: "order", cost, shard: 0 }) as const
const cancel = (cost = 2) => ({ bucket: "write", lane: "cancel", cost, shard: 0 }) as const
const read = (cost = 10) => ({ bucket: "read", lane: "read", cost }) as const

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

const take = (request: RateLimit.Request) => RateLimit.RateLimit.use((limit) => limit.take(request))

const levels = Effect.map(RateLimit.state, ({ buckets }) =>
  Object.fromEntries(buckets.map(({ name, tokens }) => [name, tokens]))
)

// as the exchange counts, with a network on which nothing is overtaken
const basic = RateLimit.layerFixed("basic", { headroom: 0 })

const filled = TestClock.adjust("10 seconds")

describe("a bucket", () => {
  it.effect("is empty at first, and fills", () =>
    Effect.gen(function* () {
      const { fibers, gone } = yield* race([order(), order(), read(), read()])
      yield* TestClock.adjust("200 millis")
      yield* Fiber.joinAll(fibers)
      assert.deepStrictEqual(gone, [
        [2, 50],
        [0, 100],
        [3, 100],
        [1, 200]
      ])
    }).pipe(Effect.provide(basic))
  )

  it.effect("that is full lets a burst go and paces the rest, in order", () =>
    Effect.gen(function* () {
      yield* filled
      const { fibers, gone } = yield* race(times(15, order()))
      yield* TestClock.adjust("1 second")
      yield* Fiber.joinAll(fibers)
      assert.deepStrictEqual(
        gone.map(([index, at]) => [index, at - 10_000]),
        Array.from({ length: 15 }, (_, index) => [index, Math.max(0, index - 9) * 100])
      )
    }).pipe(Effect.provide(basic))
  )

  it.effect("fills to its capacity and no further", () =>
    Effect.gen(function* () {
      yield* TestClock.adjust("1 hour")
      assert.deepStrictEqual(yield* levels, { read: 400, write: 100 })
      const { fibers, gone } = yield* race(times(11, order()))
      yield* TestClock.adjust("1 second")
      yield* Fiber.joinAll(fibers)
      assert.deepStrictEqual(
        gone.map(([, at]) => at - 3_600_000),
        [...Array.from({ length: 10 }, () => 0), 100]
      )
    }).pipe(Effect.provide(basic))
  )

  it.effect("keeps what may be overtaken on its way out of a burst, and can be taken whole", () =>
    Effect.gen(function* () {
      yield* filled
      // 100 tokens, of which 25 flow in while a request may be on its way
      const { fibers, gone } = yield* race(times(9, order()))
      yield* TestClock.adjust("1 second")
      yield* Fiber.joinAll(fibers)
      assert.deepStrictEqual(
        gone.map(([, at]) => at - 10_000),
        [0, 0, 0, 0, 0, 0, 0, 50, 150]
      )
      yield* filled
      yield* take(order(100))
      assert.strictEqual((yield* levels)["write"], -25)
      const after = yield* race([order()])
      yield* TestClock.adjust("349 millis")
      assert.deepStrictEqual(after.gone, [])
      yield* TestClock.adjust("1 millis")
      yield* Fiber.joinAll(after.fibers)
    }).pipe(Effect.provide(RateLimit.layerFixed("basic")))
  )

  it.effect("refuses at once what never fits, and says what does", () =>
    Effect.gen(function* () {
      const plain = yield* Effect.flip(take(order(101)))
      assert.isUndefined(plain.largest)
      assert.strictEqual(plain.outcome, "not-applied")
      const batch = yield* Effect.flip(take({ ...order(), items: 25 }))
      assert.strictEqual(batch.largest, 10)
      assert.match(batch.message, /250 tokens never fits .* send a smaller batch; nothing was sent/)
      assert.strictEqual((yield* Effect.flip(take({ ...order(15), items: 10 }))).largest, 6)
      assert.strictEqual(yield* Clock.currentTimeMillis, 0)
    }).pipe(Effect.provide(basic))
  )

  it.effect("of one's own", () =>
    Effect.gen(function* () {
      yield* filled
      const { fibers, gone } = yield* race(times(3, order(5)))
      yield* TestClock.adjust("10 seconds")
      yield* Fiber.joinAll(fibers)
      assert.deepStrictEqual(
        gone.map(([, at]) => at - 10_000),
        [0, 1_000, 6_000]
      )
    }).pipe(
      Effect.provide(
        RateLimit.layerFixed({ read: { refill: 1, capacity: 1 }, write: { refill: 1, capacity: 9 } }, { headroom: 0 })
      )
    )
  )
})

describe("buckets", () => {
  it.effect("of shards: a write is billed where it says, and everywhere when it does not", () =>
    Effect.gen(function* () {
      yield* filled
      const grants = yield* Effect.forEach(
        [
          { ...order(), shard: 0 },
          { ...order(), shard: 2 },
          { ...order(), shard: undefined },
          { ...order(), items: 3, shard: undefined },
          { ...cancel(), shard: 7 },
          read()
        ],
        take
      )
      assert.deepStrictEqual(
        grants.map(({ buckets, tokens }) => [buckets, tokens]),
        [
          [["write"], 10],
          [["write:2"], 10],
          [["write", "write:1", "write:2", "write:3"], 10],
          [["write"], 30],
          [["write:7"], 2],
          [["read"], 10]
        ]
      )
      assert.deepStrictEqual(yield* levels, {
        read: 390,
        write: 50,
        "write:1": 90,
        "write:2": 80,
        "write:3": 90,
        "write:7": 98
      })
    }).pipe(Effect.provide(basic))
  )

  it.effect("are taken from together or not at all", () =>
    Effect.gen(function* () {
      yield* filled
      yield* take({ ...order(95), shard: 3 })
      const { fibers, gone } = yield* race([
        { ...order(), shard: undefined },
        { ...order(), shard: 1 }
      ])
      yield* settle
      // the first waits for shard 3, and has taken nothing of shard 1
      assert.deepStrictEqual(gone, [[1, 10_000]])
      assert.strictEqual((yield* levels)["write"], 100)
      yield* TestClock.adjust("50 millis")
      yield* Fiber.joinAll(fibers)
      assert.deepStrictEqual(gone[1], [0, 10_050])
    }).pipe(Effect.provide(basic))
  )

  it.effect("a write to every shard is not starved by those to one", () =>
    Effect.gen(function* () {
      yield* filled
      yield* take({ ...order(100), shard: 1 })
      const { fibers, gone } = yield* race([
        { ...order(20), shard: 1 },
        { ...order(30), shard: undefined },
        ...times(10, { ...order(), shard: 1 })
      ])
      yield* TestClock.adjust("500 millis")
      yield* settle
      assert.deepStrictEqual(gone, [
        [0, 10_200],
        [1, 10_500]
      ])
      yield* TestClock.adjust("1 second")
      yield* Fiber.joinAll(fibers)
    }).pipe(Effect.provide(basic))
  )

  it.effect("after a 429 are empty, and for a second left to cancels", () =>
    Effect.gen(function* () {
      yield* filled
      const grant = yield* take(order())
      yield* grant.refused
      assert.strictEqual((yield* levels)["write"], 0)
      const { fibers, gone } = yield* race([order(), cancel(), order()])
      yield* TestClock.adjust("2 seconds")
      yield* Fiber.joinAll(fibers)
      assert.deepStrictEqual(gone, [
        // at half the pace
        [1, 10_040],
        // empty at the end of the pause, whatever has flowed in, and a little faster
        [0, 11_181],
        [2, 11_358]
      ])
    }).pipe(Effect.provide(basic))
  )

  it.effect("that were refused have their pace back after ten seconds, and several 429s at a time are one", () =>
    Effect.gen(function* () {
      yield* filled
      const grants = yield* Effect.all([take(order()), take(order()), take(order())])
      for (const grant of grants) yield* grant.refused
      // from half of it on a twentieth more each second
      yield* TestClock.adjust("1 second")
      assert.closeTo((yield* levels)["write"] ?? 0, 52.5, 1e-9)
      yield* TestClock.adjust("9 seconds")
      yield* take(order(100))
      yield* TestClock.adjust("300 millis")
      assert.closeTo((yield* levels)["write"] ?? 0, 30, 1e-9)
    }).pipe(Effect.provide(basic))
  )
})

describe("a queue", () => {
  it.effect("lets a cancel overtake all orders", () =>
    Effect.gen(function* () {
      const { fibers, gone } = yield* race([...times(3, order()), cancel()])
      yield* TestClock.adjust("320 millis")
      yield* Fiber.joinAll(fibers)
      assert.deepStrictEqual(gone, [
        [3, 20],
        [0, 120],
        [1, 220],
        [2, 320]
      ])
    }).pipe(Effect.provide(basic))
  )

  it.effect("lets a large cancel overtake orders that keep coming", () =>
    Effect.gen(function* () {
      // a batch of 20 cancels
      const { fibers, gone } = yield* race([...times(30, order()), { ...cancel(), items: 20 }])
      yield* TestClock.adjust("400 millis")
      yield* settle
      assert.deepStrictEqual(gone, [[30, 400]])
      yield* TestClock.adjust("3 seconds")
      yield* Fiber.joinAll(fibers)
      assert.strictEqual(gone.length, 31)
    }).pipe(Effect.provide(basic))
  )

  it.effect("lets an order overtake what else is written", () =>
    Effect.gen(function* () {
      const other = { bucket: "write", lane: "read", cost: 10, shard: 0 } as const
      const { fibers, gone } = yield* race([other, other, order(), order()])
      yield* TestClock.adjust("1 second")
      yield* Fiber.joinAll(fibers)
      assert.deepStrictEqual(
        gone.map(([index]) => index),
        [2, 3, 0, 1]
      )
    }).pipe(Effect.provide(basic))
  )

  it.effect("lets nobody starve: the head of a lane goes next after five seconds", () =>
    Effect.gen(function* () {
      const limit = yield* RateLimit.RateLimit
      let cancels = 0
      const flood = yield* Effect.forkChild(
        Effect.forever(
          Effect.tap(
            limit.take(cancel()),
            Effect.sync(() => cancels++)
          )
        ),
        { startImmediately: true }
      )
      // another cancel always waits when one was let go
      const second = yield* Effect.forkChild(Effect.forever(limit.take(cancel())), { startImmediately: true })
      const { gone } = yield* race(times(3, order()))
      yield* TestClock.adjust("4990 millis")
      yield* settle
      assert.deepStrictEqual(gone, [])
      yield* TestClock.adjust("11 seconds")
      yield* settle
      assert.deepStrictEqual(
        gone.map(([index]) => index),
        [0, 1, 2]
      )
      // once in five seconds and a tenth
      for (const [index, at] of gone) assert.closeTo(at, (index + 1) * 5_100, 40 * (index + 1))
      assert.isAbove(cancels, 300)
      yield* Fiber.interrupt(flood)
      yield* Fiber.interrupt(second)
    }).pipe(Effect.provide(basic))
  )

  it.effect("forgets who is interrupted, who has taken nothing", () =>
    Effect.gen(function* () {
      const { fibers, gone } = yield* race([...times(5, order(100)), order()])
      yield* TestClock.adjust("50 millis")
      yield* Effect.forEach(fibers.slice(0, 5), Fiber.interrupt)
      yield* settle
      assert.deepStrictEqual(gone, [])
      // the last one stands at the head now, and its ten tokens are there after 100 ms
      yield* TestClock.adjust("50 millis")
      yield* Fiber.join(fibers[5] ?? assert.fail("no fiber"))
      assert.deepStrictEqual(gone, [[5, 100]])
    }).pipe(Effect.provide(basic))
  )

  it.effect("takes back what was not sent", () =>
    Effect.gen(function* () {
      yield* filled
      const grant = yield* take(order(100))
      const { fibers, gone } = yield* race([order(50)])
      yield* settle
      assert.deepStrictEqual(gone, [])
      yield* grant.giveBack
      yield* Fiber.joinAll(fibers)
      assert.deepStrictEqual(gone, [[0, 10_000]])
      assert.strictEqual((yield* levels)["write"], 50)
    }).pipe(Effect.provide(basic))
  )

  it.effect("is as long as it may be, and longer for cancels", () =>
    Effect.gen(function* () {
      const { fibers } = yield* race(times(3, order()))
      const full = yield* Effect.flip(take(order()))
      assert.match(full.message, /3 requests wait for tokens of the write bucket already; nothing was sent/)
      const { gone } = yield* race([cancel(), read()])
      yield* TestClock.adjust("50 millis")
      yield* settle
      assert.deepStrictEqual(gone, [
        [0, 20],
        [1, 50]
      ])
      yield* Effect.forEach(fibers, Fiber.interrupt)
      yield* TestClock.adjust("100 millis")
      yield* take(order())
    }).pipe(Effect.provide(RateLimit.layerFixed("basic", { headroom: 0, queue: 3 })))
  )

  it.effect("lets a write wait no longer than it may", () =>
    Effect.gen(function* () {
      const longest = Duration.millis(250)
      const fiber = yield* Effect.forkChild(
        Effect.forEach(
          Array.from({ length: 4 }, () => ({ ...order(), longest })),
          (request) => Effect.result(take(request)),
          { concurrency: "unbounded" }
        ),
        { startImmediately: true }
      )
      yield* TestClock.adjust("250 millis")
      const [first, second, third, fourth] = yield* Fiber.join(fiber)
      assert.strictEqual(first?._tag, "Success")
      assert.strictEqual(second?._tag, "Success")
      for (const late of [third, fourth]) {
        assert.match(String(late?._tag === "Failure" && late.failure.message), /^no tokens within 250 ms/)
      }
      // nobody is left in it
      yield* TestClock.adjust("50 millis")
      yield* take(order())
      assert.strictEqual(yield* Clock.currentTimeMillis, 300)
    }).pipe(Effect.provide(basic))
  )
})

describe("what can be seen", () => {
  it.effect("of a rate limit: its buckets, and who waits for them", () =>
    Effect.gen(function* () {
      yield* take({ ...read(), cost: 0 })
      yield* race([order(), order(), cancel()])
      assert.deepStrictEqual(yield* RateLimit.state, {
        mode: "alone",
        processes: 1,
        tier: undefined,
        buckets: [
          { name: "read", refill: 200, capacity: 400, tokens: 0, waiting: { cancel: 0, order: 0, read: 0 } },
          { name: "write", refill: 100, capacity: 100, tokens: 0, waiting: { cancel: 1, order: 2, read: 0 } }
        ]
      })
    }).pipe(Effect.provide(basic))
  )

  it.effect("of its metrics: waits, tokens left, lengths and 429s", () =>
    Effect.gen(function* () {
      const { fibers } = yield* race([order(), order(), order()])
      const waiting = (yield* Metric.snapshot).find(({ id }) => id === "kalshi_rate_limit_waiting")
      assert.deepInclude(waiting?.state, { value: 3 })
      yield* TestClock.adjust("300 millis")
      yield* Fiber.joinAll(fibers)
      yield* filled
      yield* (yield* take(order())).refused
      const seen = Object.fromEntries((yield* Metric.snapshot).map((metric) => [metric.id, metric]))
      assert.deepInclude(seen["kalshi_rate_limit_wait"]?.state, { count: 4, min: 0, max: 300 })
      assert.deepInclude(seen["kalshi_rate_limit_wait"]?.attributes, { bucket: "write", lane: "order" })
      assert.deepInclude(seen["kalshi_rate_limit_waiting"]?.state, { value: 0 })
      assert.deepInclude(seen["kalshi_rate_limit_tokens"]?.state, { value: 90 })
      assert.deepInclude(seen["kalshi_rate_limit_refused"]?.state, { count: 1 })
    }).pipe(Effect.provide(basic), Effect.provideService(Metric.MetricRegistry, new Map()))
  )
})

describe("RateLimit.layerNone", () => {
  it.effect("never waits", () =>
    Effect.gen(function* () {
      for (let index = 0; index < 1000; index++) yield* take(order(1000))
      assert.strictEqual(yield* Clock.currentTimeMillis, 0)
    }).pipe(Effect.provide(RateLimit.layerNone))
  )
})
