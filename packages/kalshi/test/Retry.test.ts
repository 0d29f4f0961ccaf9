import { assert, describe, it } from "@effect/vitest"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import { TestClock } from "effect/testing"
import * as KalshiError from "../src/KalshiError.ts"
import * as Retry from "../src/Retry.ts"

const reasons: Readonly<Record<string, KalshiError.Reason>> = {
  limited: new KalshiError.RateLimited({ status: 429 }),
  refused: new KalshiError.Disconnected({ description: "ECONNREFUSED", sent: false }),
  broken: new KalshiError.Disconnected({ description: "ECONNRESET", sent: true }),
  late: new KalshiError.TimedOut({ millis: 5000 }),
  unavailable: new KalshiError.Unavailable({ status: 502 }),
  invalid: new KalshiError.InvalidOrder({ status: 400 }),
  conflict: new KalshiError.Conflict({ status: 409 }),
  unreadable: new KalshiError.UnreadableAnswer({ status: 201, description: "not JSON" }),
  redirected: new KalshiError.Redirected({ status: 307 }),
  unsigned: new KalshiError.Unsigned({ description: "no key" }),
  exceeded: new KalshiError.LimitExceeded({ description: "too many" })
}

const allowed = (
  idempotency: Retry.Idempotency,
  age = 0,
  lane: Parameters<typeof Retry.maxAge>[0] = "read"
): ReadonlyArray<string> =>
  Object.entries(reasons).flatMap(([name, reason]) => (Retry.allows({ idempotency, lane, reason, age }) ? [name] : []))

const outages = ["limited", "refused", "broken", "late", "unavailable"]

describe("Retry.allows", () => {
  it("reads and writes that end in the same state: after every outage, however old", () => {
    assert.deepStrictEqual(allowed("safe"), outages)
    assert.deepStrictEqual(allowed("idempotent"), outages)
    assert.deepStrictEqual(allowed("safe", 1e9), outages)
    assert.deepStrictEqual(allowed("idempotent", 1e9), outages)
  })

  it("writes under an id of ours: after every outage", () => {
    assert.deepStrictEqual(allowed("keyed"), outages)
    assert.deepStrictEqual(allowed("keyed", 1e9, "cancel"), outages)
  })

  it("writes that would happen twice: only where nothing happened", () => {
    assert.deepStrictEqual(allowed("unsafe"), ["limited", "refused"])
    assert.deepStrictEqual(allowed("unsafe", 1e9), ["limited", "refused"])
  })

  it("whatever puts risk on: while it is younger than two seconds", () => {
    for (const idempotency of ["safe", "keyed", "idempotent", "unsafe"] as const) {
      assert.deepStrictEqual(allowed(idempotency, 1999, "order"), allowed(idempotency))
      assert.deepStrictEqual(allowed(idempotency, 2000, "order"), [])
    }
  })
})

describe("Retry schedules", () => {
  /** The instants at which a failing call is made under the schedule in force. */
  const instants = (adjust: string & `${number} seconds`) =>
    Effect.gen(function* () {
      const at: Array<number> = []
      const call = Effect.flatMap(Clock.currentTimeMillis, (now) => {
        at.push(now)
        return Effect.fail<KalshiError.Reason>(new KalshiError.RateLimited({ status: 429 }))
      })
      const schedule = yield* Retry.Retry
      const fiber = yield* Effect.forkChild(Effect.flip(Effect.retry(call, { schedule })))
      yield* TestClock.adjust(adjust)
      yield* Fiber.join(fiber)
      return at
    })

  it.effect("standard: four retries, doubling, with jitter", () =>
    Effect.gen(function* () {
      const at = yield* instants("10 seconds")
      assert.strictEqual(at.length, 5)
      const waits = at.slice(1).map((instant, index) => instant - (at[index] ?? 0))
      for (const [index, wait] of waits.entries()) {
        assert.isAtLeast(wait, 250 * 2 ** index * 0.8 - 1)
        assert.isAtMost(wait, 250 * 2 ** index * 1.2 + 1)
      }
    })
  )

  it.effect("off: none inside, and outside as before", () =>
    Effect.gen(function* () {
      assert.strictEqual((yield* Retry.off(instants("10 seconds"))).length, 1)
      assert.strictEqual((yield* instants("10 seconds")).length, 5)
    })
  )
})
