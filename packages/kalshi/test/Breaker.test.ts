import { assert, describe, it } from "@effect/vitest"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import { TestClock } from "effect/testing"
import * as Breaker from "../src/Breaker.ts"
import * as KalshiError from "../src/KalshiError.ts"

const reasons = {
  unavailable: new KalshiError.Unavailable({ status: 503 }),
  timedOut: new KalshiError.TimedOut({ millis: 5000 }),
  broken: new KalshiError.Disconnected({ description: "reset", sent: true }),
  unreachable: new KalshiError.Disconnected({ description: "no route", sent: false }),
  unreadable: new KalshiError.UnreadableAnswer({ status: 200, description: "it is not JSON" }),
  conflict: new KalshiError.Conflict({ status: 409 }),
  refused: new KalshiError.InsufficientBalance({ status: 400 }),
  notFound: new KalshiError.NotFound({ status: 404 }),
  local: new KalshiError.LimitExceeded({ description: "no tokens" })
}

const { broken, local, notFound, refused, timedOut, unavailable, unreachable } = reasons

/** Calls once, and tells how that ended: `ok`, or the tag of its failure. */
const call = (circuit: Breaker.Circuit, answer?: KalshiError.Reason) =>
  Breaker.Breaker.use((breaker) =>
    breaker
      .guard(circuit, answer === undefined ? Effect.succeed("ok") : Effect.fail(answer))
      .pipe(Effect.catch((reason) => Effect.succeed(reason._tag)))
  )

const times = (count: number, circuit: Breaker.Circuit, answer?: KalshiError.Reason) =>
  Effect.repeat(call(circuit, answer), { times: count - 1 })

/** The refusal of an open circuit. */
const rejected = (circuit: Breaker.Circuit) =>
  Breaker.Breaker.use((breaker) =>
    Effect.map(Effect.flip(breaker.guard(circuit, Effect.die("an open circuit was passed"))), (reason) => {
      assert.strictEqual(reason._tag, "BreakerOpen")
      assert.strictEqual(reason.outcome, "not-applied")
      return reason._tag === "BreakerOpen" ? { circuit: reason.circuit, retryAfter: reason.retryAfter } : undefined
    })
  )

describe("Breaker.layer", () => {
  for (const circuit of ["read", "write"] as const) {
    it.effect(`opens the circuit of ${circuit}s after five failures in a row, and says for how long`, () =>
      Effect.gen(function* () {
        yield* times(4, circuit, unavailable)
        assert.strictEqual(yield* call(circuit), "ok")
        yield* times(5, circuit, unavailable)
        assert.deepStrictEqual(yield* rejected(circuit), { circuit, retryAfter: 1000 })
        yield* TestClock.adjust(400)
        assert.deepStrictEqual(yield* rejected(circuit), { circuit, retryAfter: 600 })
        // the other one is closed
        assert.strictEqual(yield* call(circuit === "read" ? "write" : "read"), "ok")
        yield* TestClock.adjust(600)
        assert.strictEqual(yield* call(circuit), "ok")
        assert.strictEqual(yield* call(circuit), "ok")
      }).pipe(Effect.provide(Breaker.layer()))
    )
  }

  it.effect("stays open longer each time, up to half a minute", () =>
    Effect.gen(function* () {
      yield* times(5, "read", unavailable)
      const opened: Array<number | undefined> = []
      for (let opening = 0; opening < 7; opening++) {
        const { retryAfter } = (yield* rejected("read")) ?? {}
        opened.push(retryAfter)
        yield* TestClock.adjust(retryAfter ?? 0)
        assert.strictEqual(yield* call("read", unavailable), "Unavailable")
      }
      assert.deepStrictEqual(opened, [1000, 2000, 4000, 8000, 16_000, 30_000, 30_000])
    }).pipe(Effect.provide(Breaker.layer()))
  )

  const opens = (circuit: Breaker.Circuit, reason: KalshiError.Reason) =>
    Effect.gen(function* () {
      yield* times(5, circuit, reason)
      return (yield* call(circuit)) === "BreakerOpen"
    }).pipe(Effect.provide(Breaker.layer()))

  const expected: Readonly<Record<Breaker.Circuit, ReadonlyArray<keyof typeof reasons>>> = {
    read: ["unavailable", "timedOut", "broken", "unreachable"],
    write: ["unavailable", "timedOut", "broken", "unreadable", "conflict"]
  }
  for (const circuit of ["read", "write"] as const) {
    for (const [name, reason] of Object.entries(reasons)) {
      const does = expected[circuit].some((other) => other === name)
      it.effect(`of ${circuit}s ${does ? "counts" : "does not count"} ${reason._tag} (${name})`, () =>
        Effect.map(opens(circuit, reason), (isOpen) => assert.strictEqual(isOpen, does))
      )
    }
  }

  it.effect("begins to count anew after a refusal, which is an answer, and not after what asked nothing", () =>
    Effect.gen(function* () {
      yield* times(4, "write", timedOut)
      assert.strictEqual(yield* call("write", refused), "InsufficientBalance")
      yield* times(4, "write", broken)
      assert.strictEqual(yield* call("write", local), "LimitExceeded")
      assert.strictEqual(yield* call("write", unreachable), "Disconnected")
      assert.strictEqual(yield* call("write", broken), "Disconnected")
      yield* rejected("write")
      yield* times(4, "read", timedOut)
      yield* call("read", notFound)
      yield* call("read", timedOut)
      assert.strictEqual(yield* call("read"), "ok")
    }).pipe(Effect.provide(Breaker.layer()))
  )

  it.effect("lets one call alone find out whether it can close", () =>
    Effect.gen(function* () {
      const breaker = yield* Breaker.Breaker
      yield* times(5, "write", unavailable)
      yield* TestClock.adjust("1 second")
      const gate = yield* Deferred.make<void>()
      const probe = yield* Effect.forkChild(breaker.guard("write", Deferred.await(gate)), { startImmediately: true })
      assert.deepStrictEqual(yield* rejected("write"), { circuit: "write", retryAfter: undefined })
      // an interrupted one says nothing, and the next one finds out
      yield* Fiber.interrupt(probe)
      assert.strictEqual(yield* call("write"), "ok")
    }).pipe(Effect.provide(Breaker.layer()))
  )

  it.effect("takes a policy for each, and leaves one out", () =>
    Effect.gen(function* () {
      yield* times(20, "read", unavailable)
      assert.strictEqual(yield* call("read"), "ok")
      yield* times(2, "write", unavailable)
      assert.deepStrictEqual(yield* rejected("write"), { circuit: "write", retryAfter: 60_000 })
    }).pipe(Effect.provide(Breaker.layer({ read: false, write: { failures: 2, openFor: "1 minute" } })))
  )

  it.effect("is another one for each account", () =>
    Effect.gen(function* () {
      const layer = Breaker.layer({ write: { failures: 1 } })
      yield* Effect.provide(call("write", unavailable), layer)
      assert.strictEqual(yield* Effect.provide(call("write"), layer), "ok")
    })
  )
})

describe("Breaker.layerNone", () => {
  it.effect("tries every call", () =>
    Effect.gen(function* () {
      for (const circuit of ["read", "write"] as const) {
        yield* times(20, circuit, unavailable)
        assert.strictEqual(yield* call(circuit), "ok")
      }
    }).pipe(Effect.provide(Breaker.layerNone))
  )
})
