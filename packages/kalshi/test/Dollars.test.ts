import { assert, describe, it } from "@effect/vitest"
import * as Arbitrary from "effect/Arbitrary"
import * as BigDecimal from "effect/BigDecimal"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as Contracts from "effect-kalshi/Contracts"
import * as Dollars from "effect-kalshi/Dollars"
import * as Generators from "./Generators.ts"

const decode = Schema.decodeUnknownSync(Dollars.Dollars)
const encode = Schema.encodeSync(Dollars.Dollars)

// what an operation should give: the exact amount, or none beyond the range
const expected = (exact: BigDecimal.BigDecimal): Dollars.Dollars | undefined => {
  const micros = BigDecimal.multiply(exact, BigDecimal.make(1_000_000n, 0))
  const whole = BigDecimal.scale(micros, 0)
  const value = Number(whole.value)
  return BigDecimal.equals(micros, whole) && Number.isSafeInteger(value) ? Dollars.micros(value) : undefined
}

const attempt = (evaluate: () => Dollars.Dollars): Dollars.Dollars | undefined => {
  try {
    return evaluate()
  } catch (error) {
    assert.instanceOf(error, RangeError)
    return undefined
  }
}

describe("Dollars", () => {
  describe("text", () => {
    it.prop(
      "reading is the inverse of writing",
      [Generators.dollars],
      ([amount]) => {
        const text = Dollars.format(amount)
        assert.match(text, /^-?(0|[1-9]\d*)\.\d{4,6}$/)
        assert.strictEqual(Dollars.fromStringUnsafe(text), amount)
        assert.strictEqual(encode(amount), text)
        assert.strictEqual(decode(text), amount)
      },
      { arbitrary: { runs: 1000 } }
    )

    it.prop("writing is what BigDecimal says", [Generators.dollars], ([amount]) => {
      assert.isTrue(
        BigDecimal.equals(BigDecimal.fromStringUnsafe(Dollars.format(amount)), Dollars.toBigDecimal(amount))
      )
    })

    it("reads and writes as the exchange does", () => {
      for (const [text, micros, written] of [
        ["0.5600", 560_000, "0.5600"],
        ["0.56", 560_000, "0.5600"],
        ["1", 1_000_000, "1.0000"],
        ["0", 0, "0.0000"],
        ["0.017472", 17_472, "0.017472"],
        ["0.017500", 17_500, "0.0175"],
        ["-12.3456", -12_345_600, "-12.3456"],
        ["-0.000001", -1, "-0.000001"],
        ["9007199254.740991", 9_007_199_254_740_991, "9007199254.740991"]
      ] as const) {
        assert.strictEqual<number>(decode(text), micros)
        assert.strictEqual(Dollars.format(decode(text)), written)
      }
    })

    it("has one zero", () => {
      assert.isTrue(Object.is(decode("-0.0000"), 0))
      assert.isTrue(Object.is(Dollars.negate(Dollars.zero), 0))
      assert.isTrue(Object.is(Dollars.subtract(Dollars.one, Dollars.one), 0))
    })

    it("refuses what is no exact amount", () => {
      for (const text of [
        "",
        " ",
        ".",
        "-",
        "1.",
        ".5",
        "+1",
        "--1",
        "1e3",
        " 1",
        "1 ",
        "1,000",
        "0x10",
        "NaN",
        "Infinity",
        "1.2.3",
        "0.1234567",
        "9007199254.740992",
        "99999999999999999999",
        "١"
      ]) {
        assert.isTrue(Option.isNone(Dollars.fromString(text)), text)
        assert.throws(() => Dollars.fromStringUnsafe(text), RangeError)
        assert.throws(() => decode(text))
      }
      for (const value of [0.56, 56, null, undefined, {}]) assert.throws(() => decode(value))
    })
  })

  describe("constructors", () => {
    it.prop(
      "cents and dollars agree to a million dollars",
      [Generators.integer(-100_000_000, 100_000_000)],
      ([cents]) => {
        assert.strictEqual(Dollars.cents(cents), cents * 10_000)
        assert.strictEqual(Dollars.of(cents / 100), cents * 10_000)
      },
      { arbitrary: { runs: 2000 } }
    )

    it("refuse what is finer than a micro-dollar, or too large", () => {
      assert.strictEqual(Dollars.cents(5.5), 55_000)
      assert.strictEqual(Dollars.of(0.29), 290_000)
      for (const value of [0.0000001, NaN, Infinity, 1e10]) assert.throws(() => Dollars.of(value), RangeError)
      assert.throws(() => Dollars.cents(0.00001), RangeError)
      assert.throws(() => Dollars.micros(0.5), RangeError)
      assert.throws(() => Dollars.micros(2 ** 53), RangeError)
    })
  })

  describe("wire forms", () => {
    it.prop(
      "cents there and back are the identity",
      [Generators.integer(-900_000_000_000, 900_000_000_000)],
      ([cents]) => {
        const amount = Schema.decodeSync(Dollars.FromCents)(cents)
        assert.strictEqual(amount, Dollars.cents(cents))
        assert.strictEqual(Schema.encodeSync(Dollars.FromCents)(amount), cents)
      }
    )

    it("cents refuse what is below a cent, and what is beyond the range", () => {
      assert.throws(() => Schema.encodeSync(Dollars.FromCents)(Dollars.micros(9_999)))
      assert.throws(() => Schema.decodeUnknownSync(Dollars.FromCents)(0.5))
      assert.throws(() => Schema.decodeUnknownSync(Dollars.FromCents)(1e12))
    })

    it.prop("a price of the finest grid survives a request", [Generators.price], ([price]) => {
      const text = Schema.encodeSync(Dollars.Price)(price)
      assert.match(text, /^0\.\d{4}$/)
      assert.strictEqual(Schema.decodeSync(Dollars.Price)(text), price)
    })

    it("a price refuses a fifth decimal and a sign", () => {
      assert.throws(() => Schema.encodeSync(Dollars.Price)(Dollars.micros(560_010)))
      assert.throws(() => Schema.encodeSync(Dollars.Price)(Dollars.cents(-1)))
      for (const text of ["0.56001", "-0.5", "0.", ".5", "5e-1"]) {
        assert.throws(() => Schema.decodeSync(Dollars.Price)(text))
      }
    })
  })

  describe("arithmetic", () => {
    it.prop(
      "add and subtract are exact or refuse",
      [Generators.dollars, Generators.dollars],
      ([a, b]) => {
        const [x, y] = [Dollars.toBigDecimal(a), Dollars.toBigDecimal(b)]
        assert.strictEqual(
          attempt(() => Dollars.add(a, b)),
          expected(BigDecimal.sum(x, y))
        )
        assert.strictEqual(
          attempt(() => Dollars.subtract(a, b)),
          expected(BigDecimal.subtract(x, y))
        )
      },
      { arbitrary: { runs: 500 } }
    )

    it.prop(
      "times is exact or refuses",
      [Generators.dollars, Generators.contracts],
      ([price, count]) => {
        assert.strictEqual(
          attempt(() => Dollars.times(price, count)),
          expected(BigDecimal.multiply(Dollars.toBigDecimal(price), Contracts.toBigDecimal(count)))
        )
      },
      { arbitrary: { runs: 500 } }
    )

    it.prop(
      "times never refuses what trades",
      [Generators.price, Generators.size],
      ([price, count]) => {
        assert.strictEqual(
          Dollars.times(price, count),
          expected(BigDecimal.multiply(Dollars.toBigDecimal(price), Contracts.toBigDecimal(count)))
        )
      },
      { arbitrary: { runs: 500 } }
    )

    it("times beyond the safe product of integers", () => {
      // 999999.99 × $9000.00 is 8999999910 dollars: 9e17 in the units of the product
      assert.strictEqual(Dollars.format(Dollars.times(Dollars.of(9000), Contracts.of(999_999.99))), "8999999910.0000")
    })

    it.prop(
      "rounded products enclose the exact one",
      [Generators.integer(-1_000_000, 1_000_000), Generators.integer(-100_000_000, 100_000_000)],
      ([micros, centis]) => {
        const [price, count] = [Dollars.micros(micros), Contracts.centis(centis)]
        const exact = BigInt(micros) * BigInt(centis)
        const floor = BigInt(Dollars.timesRounded(price, count, "floor")) * 100n
        const ceil = BigInt(Dollars.timesRounded(price, count, "ceil")) * 100n
        const even = BigInt(Dollars.timesRounded(price, count, "half-even")) * 100n
        assert.isTrue(floor <= exact && exact - floor < 100n)
        assert.isTrue(exact <= ceil && ceil - exact < 100n)
        assert.isTrue(even === floor || even === ceil)
        const off = even > exact ? even - exact : exact - even
        assert.isTrue(off < 50n || (off === 50n && (even / 100n) % 2n === 0n))
        if (exact % 100n === 0n) assert.strictEqual(BigInt(Dollars.times(price, count)) * 100n, exact)
        else assert.throws(() => Dollars.times(price, count), RangeError)
      },
      { arbitrary: { runs: 500 } }
    )

    it.prop(
      "round gives the nearest multiple on its side",
      [Generators.integer(-1e12, 1e12), Generators.integer(1, 1_000_000)],
      ([micros, unit]) => {
        const amount = Dollars.micros(micros)
        const floor = Dollars.round(amount, Dollars.micros(unit), "floor")
        const ceil = Dollars.round(amount, Dollars.micros(unit), "ceil")
        assert.isTrue(floor % unit === 0 && ceil % unit === 0)
        assert.isTrue(floor <= amount && amount - floor < unit)
        assert.isTrue(amount <= ceil && ceil - amount < unit)
      }
    )

    it.prop(
      "sum does not depend on order",
      [Arbitrary.array(Arbitrary.map(Generators.integer(-1e12, 1e12), Dollars.micros))],
      ([amounts]) => {
        assert.strictEqual(Dollars.sum(amounts), Dollars.sum(amounts.toReversed()))
        assert.strictEqual(Dollars.sum(amounts), amounts.reduce(Dollars.add, Dollars.zero))
      }
    )

    it("sum refuses a total beyond the range, at any step", () => {
      const most = Dollars.micros(Number.MAX_SAFE_INTEGER)
      assert.throws(() => Dollars.sum([most, Dollars.micros(1), Dollars.micros(-1)]), RangeError)
      assert.strictEqual(Dollars.sum([]), 0)
    })

    it.prop("negate and complement undo themselves", [Generators.dollars, Generators.price], ([amount, price]) => {
      assert.strictEqual(Dollars.negate(Dollars.negate(amount)), amount)
      assert.strictEqual(Dollars.complement(Dollars.complement(price)), price)
      assert.strictEqual(Dollars.add(price, Dollars.complement(price)), Dollars.one)
    })
  })
})
