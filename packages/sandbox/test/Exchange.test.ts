import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { TestClock } from "effect/testing"
import * as Dollars from "effect-kalshi/Dollars"
import * as Exchange from "../src/Exchange.ts"

const ID = "member"

/** Deposits a dollar, and counts how often the command is run. */
const deposits = Effect.map(Exchange.Exchange, (exchange) => {
  const at: Array<number> = []
  let runs = 0
  return {
    at,
    runs: () => runs,
    one: exchange
      .run((engine, instant) => {
        runs++
        engine.deposit(ID, Dollars.one, instant)
        return instant
      })
      .pipe(Effect.map((instant) => at.push(instant)))
  }
})

describe("read lag", () => {
  it.effect("wanders between its bounds, and reads never go back nor say more than they show", () =>
    Effect.gen(function* () {
      const exchange = yield* Exchange.Exchange
      const { at, one } = yield* deposits
      yield* one
      yield* TestClock.adjust("1 second")
      yield* exchange.setReadLag(200, 3000)
      const lags = new Set<number>()
      let before = Number.NEGATIVE_INFINITY
      let changed = 0
      for (let step = 0; step < 2000; step++) {
        yield* TestClock.adjust("20 millis")
        yield* one
        const now = yield* exchange.now
        const { asOf, engine } = yield* exchange.lagged
        assert.isAtLeast(asOf, before)
        // at first the lag has to come about: what was shown before it stays
        if (step >= 150) {
          assert.isAtLeast(now - asOf, 200_000)
          assert.isAtMost(now - asOf, 3_000_000)
          lags.add(now - asOf)
          // a jump is a new lag; otherwise reads follow the clock or stand still
          if (asOf - before > 20_000) changed++
        }
        before = asOf
        assert.strictEqual(engine.balance(ID).available, Dollars.of(at.filter((instant) => instant <= asOf).length))
      }
      assert.isAbove(lags.size, 20)
      assert.isAbove(Math.max(...lags) - Math.min(...lags), 1_000_000)
      assert.isAbove(changed, 3)
      yield* exchange.setReadLag(0, 0)
      const { engine } = yield* exchange.lagged
      assert.strictEqual(engine.balance(ID).available, Dollars.of(at.length))
    }).pipe(Effect.provide(Exchange.layer({ seed: 1 })))
  )

  it.effect("the same seed wanders the same way", () =>
    Effect.gen(function* () {
      const walk = (seed: number) =>
        Effect.gen(function* () {
          const exchange = yield* Exchange.Exchange
          yield* exchange.setReadLag(0, 1000)
          const lags: Array<number> = []
          for (let step = 0; step < 50; step++) {
            yield* TestClock.adjust("100 millis")
            lags.push((yield* exchange.now) - (yield* exchange.lagged).asOf)
          }
          return lags
        }).pipe(Effect.provide(Exchange.layer({ seed })))
      assert.deepStrictEqual(yield* walk(3), yield* walk(3))
      assert.notDeepEqual(yield* walk(3), yield* walk(4))
    })
  )

  it.effect("30,000 commands reach the copy once each, and it does not wait for a read to have them", () =>
    Effect.gen(function* () {
      const exchange = yield* Exchange.Exchange
      const { at, one, runs } = yield* deposits
      yield* one
      yield* exchange.setReadLag(1000, 1000)
      for (let index = 0; index < 15_000; index++) {
        yield* one
        if (index % 10 === 0) yield* TestClock.adjust("1 millis")
      }
      // nobody has read, and what is older than the lag is on the copy nevertheless
      const waiting = 2 * at.length - runs()
      assert.isAbove(waiting, 0)
      assert.isBelow(waiting, 10_002)
      for (let index = 0; index < 15_000; index++) {
        yield* one
        if (index % 10 === 0) yield* TestClock.adjust("1 millis")
        if (index % 50 === 0) {
          const { asOf, engine } = yield* exchange.lagged
          const shown = engine.balance(ID).available
          if (index % 5000 === 0) {
            assert.strictEqual(shown, Dollars.of(at.filter((instant) => instant <= asOf).length))
          }
        }
      }
      yield* TestClock.adjust("2 seconds")
      const { engine } = yield* exchange.lagged
      assert.strictEqual(engine.balance(ID).available, Dollars.of(30_001))
      assert.strictEqual(runs(), 60_002)
    }).pipe(Effect.provide(Exchange.layer({ seed: 1 })))
  )

  it.effect("a lag that comes back goes on from where reads were", () =>
    Effect.gen(function* () {
      const exchange = yield* Exchange.Exchange
      const { at, one } = yield* deposits
      yield* exchange.setReadLag(500, 500)
      yield* one
      yield* TestClock.adjust("1 second")
      yield* exchange.lagged
      yield* exchange.setReadLag(0, 0)
      // more than may wait for the copy
      for (let index = 0; index < 12_000; index++) yield* one
      yield* exchange.setReadLag(500, 500)
      assert.strictEqual((yield* exchange.lagged).engine.balance(ID).available, Dollars.of(at.length))
      yield* one
      assert.strictEqual((yield* exchange.lagged).engine.balance(ID).available, Dollars.of(at.length - 1))
      yield* TestClock.adjust("1 second")
      assert.strictEqual((yield* exchange.lagged).engine.balance(ID).available, Dollars.of(at.length))
    }).pipe(Effect.provide(Exchange.layer({ seed: 1 })))
  )
})
