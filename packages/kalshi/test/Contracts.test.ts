import { assert, describe, it } from "@effect/vitest"
import * as BigDecimal from "effect/BigDecimal"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as Contracts from "effect-kalshi/Contracts"
import * as Generators from "./Generators.ts"

const decode = Schema.decodeUnknownSync(Contracts.Contracts)

describe("Contracts", () => {
  it.prop(
    "reading is the inverse of writing",
    [Generators.contracts],
    ([count]) => {
      const text = Contracts.format(count)
      assert.match(text, /^-?(0|[1-9]\d*)\.\d{2}$/)
      assert.strictEqual(Contracts.fromStringUnsafe(text), count)
      assert.strictEqual(Schema.encodeSync(Contracts.Contracts)(count), text)
      assert.strictEqual(decode(text), count)
      assert.isTrue(BigDecimal.equals(BigDecimal.fromStringUnsafe(text), Contracts.toBigDecimal(count)))
    },
    { arbitrary: { runs: 1000 } }
  )

  it("reads 0 to 2 decimals", () => {
    for (const [text, centis] of [
      ["10", 1000],
      ["10.0", 1000],
      ["10.00", 1000],
      ["0.01", 1],
      ["-32.50", -3250]
    ] as const) {
      assert.strictEqual<number>(decode(text), centis)
    }
    assert.isTrue(Object.is(decode("-0.00"), 0))
  })

  it("refuses what is no count", () => {
    for (const text of ["", ".", "1.", ".5", "+1", "1e3", " 1", "1,000", "0.001", "NaN", "90071992547409.92"]) {
      assert.isTrue(Option.isNone(Contracts.fromString(text)), text)
      assert.throws(() => Contracts.fromStringUnsafe(text), RangeError)
      assert.throws(() => decode(text))
    }
    assert.throws(() => decode(10))
    assert.throws(() => Contracts.of(0.001), RangeError)
    assert.throws(() => Contracts.centis(0.5), RangeError)
  })

  it.prop("whole counts there and back are the identity", [Generators.integer(-1e12, 1e12)], ([whole]) => {
    const count = Schema.decodeSync(Contracts.FromWhole)(whole)
    assert.strictEqual(count, Contracts.of(whole))
    assert.strictEqual(Schema.encodeSync(Contracts.FromWhole)(count), whole)
  })

  it("a part of a contract has no whole form", () => {
    assert.throws(() => Schema.encodeSync(Contracts.FromWhole)(Contracts.of(2.5)))
    assert.throws(() => Schema.decodeUnknownSync(Contracts.FromWhole)(2.5))
  })

  it.prop(
    "of agrees with centis to ten million contracts",
    [Generators.integer(-1e9, 1e9)],
    ([centis]) => {
      assert.strictEqual(Contracts.of(centis / 100), centis)
    },
    { arbitrary: { runs: 1000 } }
  )

  it.prop("add and subtract are exact or refuse", [Generators.contracts, Generators.contracts], ([a, b]) => {
    const sum = BigInt(a) + BigInt(b)
    if (Number.isSafeInteger(Number(sum))) {
      assert.strictEqual(BigInt(Contracts.add(a, b)), sum)
      assert.strictEqual(Contracts.subtract(Contracts.add(a, b), b), a)
      assert.strictEqual(Contracts.sum([a, b]), Contracts.add(b, a))
    } else assert.throws(() => Contracts.add(a, b), RangeError)
  })

  it.prop("sign and size", [Generators.contracts, Generators.contracts], ([a, b]) => {
    assert.strictEqual(Contracts.negate(Contracts.negate(a)), a)
    assert.strictEqual(Contracts.abs(a), Contracts.abs(Contracts.negate(a)))
    assert.isTrue(Contracts.min(a, b) <= a && Contracts.min(a, b) <= b)
  })
})
