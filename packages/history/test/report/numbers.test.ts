import { assert, describe, it } from "@effect/vitest"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as Contracts from "effect-kalshi/Contracts"
import * as Dollars from "effect-kalshi/Dollars"
import * as Timestamp from "effect-kalshi/Timestamp"
import * as numbers from "../../src/report/numbers.ts"
import { amountOf } from "./Text.ts"

const micros = Schema.Int.check(Schema.isBetween({ minimum: -9_007_199_254_740_991, maximum: 9_007_199_254_740_991 }))
const time = (text: string) => Option.getOrThrow(Timestamp.fromString(text))

describe("numbers", () => {
  it.prop("an exact amount reads back as it was", [micros], ([value]) => {
    assert.strictEqual(amountOf(numbers.exact(BigInt(value))), BigInt(value))
    assert.strictEqual(amountOf(numbers.exact(BigInt(value), "always", 6)), BigInt(value))
  })

  it.prop("an amount to the cent is the nearest one", [micros], ([value]) => {
    const shown = amountOf(numbers.cents(BigInt(value)))
    assert.strictEqual(shown % 10_000n, 0n)
    assert.isTrue(numbers.abs(shown - BigInt(value)) <= 5000n)
    assert.strictEqual(numbers.isWholeCents(BigInt(value)), shown === BigInt(value))
  })

  it("writes amounts", () => {
    assert.strictEqual(numbers.exact(-1_234_567_890_000n), "−$1,234,567.89")
    assert.strictEqual(numbers.exact(17_500n, "always"), "+$0.0175")
    assert.strictEqual(numbers.exact(0n, "always"), "$0.00")
    assert.strictEqual(numbers.exact(1_000_000n, "negative", 6), "$1.000000")
    assert.strictEqual(numbers.exact(9_007_199_254_740_991n * 500n), "$4,503,599,627,370.4955")
    assert.strictEqual(numbers.cents(-5000n), "−$0.01")
    assert.strictEqual(numbers.cents(-4999n), "$0.00")
    assert.strictEqual(numbers.cents(999_995_000n), "$1,000.00")
  })

  it("adds beyond the range of Dollars", () => {
    const most = Dollars.micros(Number.MAX_SAFE_INTEGER)
    assert.strictEqual(numbers.sum([most, most, most]), 27_021_597_764_222_973n)
  })

  it("writes shares", () => {
    assert.strictEqual(numbers.percent(1, 3), "33.3%")
    assert.strictEqual(numbers.percent(-1, 3, 2), "−33.33%")
    assert.strictEqual(numbers.percent(1, 0), "–")
    assert.strictEqual(numbers.percent(0, 7), "0.0%")
    assert.strictEqual(numbers.percent(1, 8, 0), "13%")
    assert.strictEqual(numbers.percent(50_000n, 4n), "1,250,000.0%")
    assert.strictEqual(numbers.percent(-1, 100_000), "0.0%")
  })

  it("writes counts and times", () => {
    assert.strictEqual(numbers.contracts(Contracts.of(1234)), "1,234")
    assert.strictEqual(numbers.contracts(Contracts.of(-1234.5)), "−1,234.50")
    assert.strictEqual(numbers.integer(-1_234_567), "−1,234,567")
    assert.strictEqual(numbers.minute(time("2026-03-07T09:05:59.9Z")), "7 Mar 2026, 09:05 UTC")
    assert.strictEqual(numbers.month("2026-12"), "Dec 2026")
  })
})
