import { assert, describe, it } from "@effect/vitest"
import * as Schema from "effect/Schema"
import * as scale from "../../src/report/scale.ts"

const dollars = Schema.Int.check(Schema.isBetween({ minimum: -9_000_000_000_000_000, maximum: 9_000_000_000_000_000 }))
const values = Schema.Array(dollars).check(Schema.isMinLength(1), Schema.isMaxLength(20))

const labels = (axis: scale.Scale): ReadonlyArray<string> => {
  const count = Math.round((axis.max - axis.min) / axis.interval)
  return Array.from({ length: count + 1 }, (_, index) => scale.dollars(axis)(axis.min + index * axis.interval))
}

describe("scale", () => {
  it.prop("holds all values in a few steps, each with a label of its own", [values], ([micros]) => {
    const all = micros.map((each) => each / 1_000_000)
    const axis = scale.fit(all, 5)
    const slack = axis.interval * 1e-6
    assert.isTrue(all.every((value) => value >= axis.min - slack && value <= axis.max + slack))
    const shown = labels(axis)
    assert.isAtLeast(shown.length, 2)
    assert.isAtMost(shown.length, 8)
    assert.strictEqual(new Set(shown).size, shown.length, shown.join(" "))
    assert.isTrue(shown.every((label) => label.length <= 12))
  })

  it("writes round dollars", () => {
    assert.deepStrictEqual(labels(scale.fit([0, 950], 4)), ["$0", "$250", "$500", "$750", "$1,000"])
    assert.deepStrictEqual(labels(scale.fit([-0.4, 0.3], 4)), ["−$0.40", "−$0.20", "$0", "$0.20", "$0.40"])
    assert.deepStrictEqual(labels(scale.fit([18_600, 22_600], 5)), ["$18k", "$19k", "$20k", "$21k", "$22k", "$23k"])
    assert.deepStrictEqual(labels(scale.fit([0, 0.02], 4)), ["$0", "$0.005", "$0.010", "$0.015", "$0.020"])
    assert.deepStrictEqual(scale.fit([0, 0], 4), { min: 0, max: 1, interval: 0.25 })
    assert.deepStrictEqual(scale.fit([], 4), { min: 0, max: 1, interval: 1 })
  })

  it("has few round instants in any range", () => {
    const from = Date.UTC(2026, 1, 27, 13, 7)
    for (const span of [1, 10, 100, 1000, 10_000, 50_000, 100_000, 525_600, 5_256_000, 52_560_000]) {
      const ticks = scale.timeTicks(from, from + span * 60_000, 10)
      // a leap of calendars may put one more in
      assert.isAtMost(ticks.length, 11, `${span} minutes`)
      assert.isAtLeast(ticks.length, 1, `${span} minutes`)
      assert.isTrue(ticks.every(({ at, label }) => at >= from && at <= from + span * 60_000 && label !== ""))
    }
    assert.deepStrictEqual(
      scale.timeTicks(Date.UTC(2025, 11, 1), Date.UTC(2026, 2, 1), 5).map(({ label }) => label),
      ["Dec\n2025", "Jan\n2026", "Feb", "Mar"]
    )
  })
})
