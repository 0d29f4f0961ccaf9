import { assert, describe, it } from "@effect/vitest"
import * as Schema from "effect/Schema"
import * as Dollars from "effect-kalshi/Dollars"
import * as numbers from "../../src/report/numbers.ts"
import * as select from "../../src/report/select.ts"
import * as Samples from "./Samples.ts"

const amounts = Schema.Array(Schema.Int).check(Schema.isMaxLength(40))
const by = { amount: (item: bigint) => item, name: String }

describe("select", () => {
  it.prop("the largest and the rest are all, and none of the rest is larger", [amounts], ([values]) => {
    const items = values.map(BigInt)
    const { kept, rest } = select.top(items, 7, by)
    assert.strictEqual(kept.length + rest.length, items.length)
    assert.strictEqual(numbers.sum([...kept, ...rest]), numbers.sum(items))
    assert.notStrictEqual(rest.length, 1)
    assert.isAtMost(kept.length + Math.min(1, rest.length), 7)
    const smallest = kept.map(numbers.abs).toSorted((a, b) => Number(a - b))[0] ?? 0n
    assert.isTrue(rest.every((item) => numbers.abs(item) <= smallest))
    assert.deepStrictEqual(
      kept,
      kept.toSorted((a, b) => Number(b - a))
    )
  })

  it("does not depend on the order of what it is given", () => {
    const items = [3n, -3n, 1n, 2n, -2n, 5n, 4n, 0n, 7n]
    assert.deepStrictEqual(select.top(items, 5, by), select.top(items.toReversed(), 5, by))
  })

  it("fills in the months between", () => {
    const result = { profit: Dollars.cents(5), fees: Dollars.zero, volume: Dollars.zero }
    const months = select.everyMonth([
      { month: "2026-02", ...result },
      { month: "2025-11", ...result }
    ])
    assert.deepStrictEqual(
      months.map(({ month, profit }) => [month, Number(profit)]),
      [
        ["2025-11", 50_000],
        ["2025-12", 0],
        ["2026-01", 0],
        ["2026-02", 50_000]
      ]
    )
    // a month that is centuries off is shown, and not filled up to
    assert.lengthOf(select.everyMonth([...months, { month: "0001-01", ...result }]), 5)
    assert.deepStrictEqual(select.everyMonth([]), [])
  })

  it("shows all ten ranges of prices, and loses none that it does not know", () => {
    const odd = { from: Dollars.cents(5), lots: 1, wins: 1, prices: Dollars.cents(7) }
    const some = { from: Dollars.cents(30), lots: 2, wins: 1, prices: Dollars.cents(70) }
    const all = select.everyPrice([some, odd])
    assert.lengthOf(all, 11)
    assert.deepStrictEqual([all[1], all[4]], [odd, some])
  })

  it("knows how sure a share is", () => {
    // Newcombe 1998, table I: 81 of 263 and 0 of 20
    const rounded = (share: readonly [number, number]) => share.map((each) => each.toFixed(4))
    assert.deepStrictEqual(rounded(select.confidence(81, 263)), ["0.2553", "0.3662"])
    assert.deepStrictEqual(rounded(select.confidence(0, 20)), ["0.0000", "0.1611"])
    assert.deepStrictEqual(select.confidence(0, 0), [0, 1])
  })

  it("finds the largest lots", () => {
    const { best, worst } = select.largestLots(Samples.year.lots, 10)
    const profits = Samples.year.lots.map((lot) => Number(select.lotProfit(lot))).toSorted((a, b) => a - b)
    assert.deepStrictEqual(
      worst.map((lot) => Number(select.lotProfit(lot))),
      profits.slice(0, 10)
    )
    assert.deepStrictEqual(
      best.map((lot) => Number(select.lotProfit(lot))),
      profits.toReversed().slice(0, 10)
    )
    const winner = best.slice(0, 1)
    assert.deepStrictEqual(select.largestLots(winner, 10), { best: winner, worst: [] })
  })
})
