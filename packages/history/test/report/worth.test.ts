import { assert, describe, it } from "@effect/vitest"
import * as Dollars from "effect-kalshi/Dollars"
import * as Timestamp from "effect-kalshi/Timestamp"
import * as worth from "../../src/report/worth.ts"
import * as Samples from "./Samples.ts"

const point = (at: number, dollars: number) => ({
  at: Timestamp.fromSeconds(at),
  cash: Dollars.of(dollars),
  open: Dollars.zero
})

const funding = (at: number, dollars: number) => ({
  at: Timestamp.fromSeconds(at),
  name: "deposit",
  amount: Dollars.of(dollars)
})

const dollars = (amount: bigint | undefined): number => Number(amount ?? 0n) / 1_000_000

describe("worth", () => {
  it("takes what was paid in for no profit", () => {
    // the deposit before the first point is in it already; one at the instant of a point counts from there on
    const all = worth.worths(
      [point(30, 180), point(10, 100), point(20, 155)],
      [funding(25, 20), funding(5, 100), funding(20, 50), funding(99, 7)]
    )
    assert.deepStrictEqual(
      all.map(({ equity, paidIn }) => [dollars(equity), dollars(paidIn)]),
      [
        [100, 100],
        [155, 150],
        [180, 170]
      ]
    )
    assert.deepStrictEqual(worth.worths([], [funding(5, 100)]), [])
  })

  it("finds the largest fall of the profit, whatever is paid in between", () => {
    const all = worth.worths(
      [point(0, 100), point(1, 110), point(2, 205), point(3, 190), point(4, 215), point(5, 100)],
      [funding(2, 100), funding(5, -100)]
    )
    // profits: 0, 10, 5, −10, 15, 0
    const fall = worth.largestFall(all)
    assert.deepStrictEqual(
      [dollars(fall?.amount), fall?.from, fall?.until],
      [20, Timestamp.fromSeconds(1), Timestamp.fromSeconds(3)]
    )
    assert.isUndefined(worth.largestFall(worth.worths([point(0, 1), point(1, 2)], [])))
    assert.isUndefined(worth.largestFall([]))
  })

  it("thins a long line without losing its ends, its peaks and its lows", () => {
    const all = worth.worths(Samples.long.equity.points, Samples.long.fundings)
    const thin = worth.thinned(all, 50)
    const equities = (points: ReadonlyArray<worth.Worth>) => points.map(({ equity }) => Number(equity))
    assert.isAtMost(thin.length, 200)
    assert.isAbove(thin.length, 100)
    assert.strictEqual(thin[0], all[0])
    assert.strictEqual(thin.at(-1), all.at(-1))
    assert.strictEqual(Math.max(...equities(thin)), Math.max(...equities(all)))
    assert.strictEqual(Math.min(...equities(thin)), Math.min(...equities(all)))
    assert.deepStrictEqual(
      thin,
      thin.toSorted((a, b) => a.at - b.at)
    )
    assert.strictEqual(worth.thinned(all, 900), all)
  })

  it("takes the last point of each month", () => {
    const ends = worth.monthEnds(worth.worths(Samples.year.equity.points, []))
    assert.lengthOf(ends, 12)
    assert.strictEqual(Timestamp.format(ends[2]?.at ?? Timestamp.micros(0)).slice(0, 10), "2026-02-28")
  })
})
