import { assert, describe, it } from "@effect/vitest"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as HttpClient from "effect/http/HttpClient"
import * as Chaos from "../src/Chaos.ts"
import * as Control from "../src/Control.ts"
import * as Faults from "../src/Faults.ts"
import * as Sandbox from "../src/Sandbox.ts"

const tags = (plan: Chaos.Plan, endpoint: string, times: number): ReadonlyArray<string> => {
  const next = Chaos.play(plan)
  return Array.from({ length: times }, () => next(endpoint)?._tag ?? "none")
}

const count = (all: ReadonlyArray<string>, tag: string): number => all.filter((one) => one === tag).length

describe("Chaos", () => {
  const plan: Chaos.Plan = {
    seed: 7,
    rules: [
      {
        endpoints: ["createOrder"],
        faults: [
          { fault: Faults.droppedAfter, share: 0.1 },
          { fault: Faults.duplicated, share: 0.02 }
        ]
      },
      { faults: [{ fault: Faults.refused, share: 1 }] }
    ]
  }

  it("each fault has its share of the requests", () => {
    const met = tags(plan, "createOrder", 10_000)
    assert.approximately(count(met, "DroppedAfter"), 1000, 100)
    assert.approximately(count(met, "Duplicated"), 200, 50)
    assert.strictEqual(count(met, "DroppedAfter") + count(met, "Duplicated") + count(met, "none"), 10_000)
  })

  it("the first rule for an endpoint decides, and one without endpoints is for all", () => {
    assert.strictEqual(count(tags(plan, "getOrders", 100), "Refused"), 100)
    assert.strictEqual(count(tags(plan, "createOrder", 1000), "Refused"), 0)
  })

  it("the seed decides", () => {
    assert.deepStrictEqual(tags(plan, "createOrder", 500), tags(plan, "createOrder", 500))
    assert.notDeepEqual(tags(plan, "createOrder", 500), tags({ ...plan, seed: 8 }, "createOrder", 500))
  })

  it("delays lie anywhere between their bounds", () => {
    const next = Chaos.play({
      seed: 1,
      rules: [{ faults: [{ fault: Chaos.between(Faults.held, "1 second", "10 seconds"), share: 1 }] }]
    })
    const delays = Array.from({ length: 1000 }, () => {
      const fault = next("createOrder")
      return fault?._tag === "Held" ? Duration.toMillis(fault.delay) : -1
    })
    assert.isAtLeast(Math.min(...delays), 1000)
    assert.isAtMost(Math.max(...delays), 10_000)
    assert.approximately(delays.reduce((sum, delay) => sum + delay, 0) / delays.length, 5500, 300)
  })

  it("refuses shares that cannot be", () => {
    const withShares = (...shares: ReadonlyArray<number>) =>
      Chaos.play({ seed: 1, rules: [{ faults: shares.map((share) => ({ fault: Faults.refused, share })) }] })
    assert.throws(() => withShares(0.6, 0.5), RangeError)
    assert.throws(() => withShares(-0.1), RangeError)
    assert.throws(() => withShares(Number.NaN), RangeError)
    assert.doesNotThrow(() => withShares(0.7, 0.2, 0.1))
  })

  it.effect("strikes are counted by endpoint, and what was injected goes first", () =>
    Effect.gen(function* () {
      const control = yield* Control.Control
      const { url } = yield* Sandbox.Sandbox
      const ask = (path: string) =>
        Effect.match(HttpClient.get(url + path), {
          onSuccess: ({ status }) => status,
          onFailure: () => 0
        })
      yield* control.setChaos({
        seed: 1,
        rules: [{ endpoints: ["getExchangeStatus"], faults: [{ fault: Faults.serverError(503), share: 1 }] }]
      })
      yield* control.inject(Faults.refused)
      assert.strictEqual(yield* ask("/exchange/status"), 0)
      assert.strictEqual(yield* ask("/exchange/status"), 503)
      assert.strictEqual(yield* ask("/exchange/status"), 503)
      assert.strictEqual(yield* ask("/markets"), 200)
      assert.deepStrictEqual(yield* control.strikes, { getExchangeStatus: { Refused: 1, ServerError: 2 } })
      yield* control.setChaos(undefined)
      assert.strictEqual(yield* ask("/exchange/status"), 200)
      assert.isTrue(
        (yield* Effect.exit(control.setChaos({ seed: 1, rules: [{ faults: [{ fault: Faults.hang, share: 2 }] }] })))
          ._tag === "Failure"
      )
    }).pipe(Effect.provide(Sandbox.layerInMemory()))
  )
})
