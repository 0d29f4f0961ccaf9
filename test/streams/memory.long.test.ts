/**
 * A stream holds a page and the next, however long the list is.
 */
import { assert, describe, it } from "@effect/vitest"
import * as memory from "../bench/memory.ts"

describe("memory of a stream", () => {
  it("100,000 fills come once and in order, and hold no more than 10,000 do", { timeout: 120_000 }, async () => {
    const [short, long] = [await memory.measure(10_000), await memory.measure(100_000)]
    for (const [run, fills] of [
      [short, 10_000],
      [long, 100_000]
    ] as const) {
      assert.isAtLeast(run.expected.length, fills)
      assert.strictEqual(new Set(run.keys).size, run.keys.length)
      assert.isTrue(
        run.keys.length === run.expected.length && run.keys.every((key, index) => key === run.expected[index])
      )
    }
    const ratio = memory.growth(long) / memory.growth(short)
    assert.isAbove(memory.growth(short), 0)
    assert.isAtMost(
      ratio,
      1.25,
      JSON.stringify({ short: [short.idle, short.samples], long: [long.idle, long.samples] })
    )
  })
})
