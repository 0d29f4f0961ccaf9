import { assert, describe, it } from "@effect/vitest"
import { readFileSync } from "node:fs"
import * as Arbitrary from "effect/Arbitrary"
import * as Schema from "effect/Schema"
import * as Contracts from "effect-kalshi/Contracts"
import * as Direction from "effect-kalshi/Direction"
import * as Dollars from "effect-kalshi/Dollars"
import * as Fees from "effect-kalshi/Fees"
import * as Generators from "./Generators.ts"

const quadratic: Fees.Schedule = { type: "quadratic", multiplier: 1 }
const d = Dollars.fromStringUnsafe

const known = <A>(value: A | "unknown"): A => {
  if (value === "unknown") return assert.fail("the fee is not known")
  return value
}

describe("Fees", () => {
  describe("vectors", () => {
    // fills of one order: count, price, precision of the balance, then of each fill what it did
    const vectors: ReadonlyArray<{
      readonly count: number
      readonly price: string
      readonly precision: Fees.Precision
      readonly fills: ReadonlyArray<
        readonly [trade: string, rounding: string, rebate: string, fee: string, change: string]
      >
    }> = [
      { count: 1, price: "0.52", precision: Fees.direct, fills: [["0.017472", "0.000028", "0", "0.0175", "-0.5375"]] },
      {
        count: 1,
        price: "0.52",
        precision: Fees.intermediated,
        fills: [["0.017472", "0.002528", "0", "0.02", "-0.54"]]
      },
      { count: 10, price: "0.50", precision: Fees.direct, fills: [["0.175", "0", "0", "0.175", "-5.175"]] },
      { count: 10, price: "0.50", precision: Fees.intermediated, fills: [["0.175", "0.005", "0", "0.18", "-5.18"]] },
      {
        count: 1,
        price: "0.055",
        precision: Fees.direct,
        fills: [
          ["0.003639", "0.000061", "0", "0.0037", "-0.0587"],
          ["0.003639", "0.000061", "0.0001", "0.0036", "-0.0586"],
          ["0.003639", "0.000061", "0", "0.0037", "-0.0587"]
        ]
      },
      {
        count: 1,
        price: "0.055",
        precision: Fees.intermediated,
        fills: [
          ["0.003639", "0.001361", "0", "0.005", "-0.06"],
          ["0.003639", "0.001361", "0", "0.005", "-0.06"],
          ["0.003639", "0.001361", "0", "0.005", "-0.06"]
        ]
      },
      {
        count: 0.3,
        price: "0.50",
        precision: Fees.intermediated,
        fills: [
          ["0.00525", "0.00475", "0", "0.01", "-0.16"],
          ["0.00525", "0.00475", "0", "0.01", "-0.16"],
          ["0.00525", "0.00475", "0.01", "0", "-0.15"]
        ]
      }
    ]

    for (const { count, fills, precision, price } of vectors) {
      it(`${fills.length} × buy ${count} at ${price}, balances to ${Dollars.format(precision.balance)}`, () => {
        let accumulator: Fees.Accumulator = Dollars.zero
        for (const [tradeFee, roundingFee, rebate, fee, balanceChange] of fills) {
          const charge = known(
            Fees.charge({
              schedule: quadratic,
              role: "taker",
              side: "bid",
              price: d(price),
              count: Contracts.of(count),
              accumulator,
              precision
            })
          )
          accumulator = charge.accumulator
          assert.deepStrictEqual(charge, {
            tradeFee: d(tradeFee),
            roundingFee: d(roundingFee),
            rebate: d(rebate),
            fee: d(fee),
            balanceChange: d(balanceChange),
            accumulator
          })
        }
      })
    }
  })

  describe("recorded fees", () => {
    const [header, ...rows] = readFileSync(new URL("fixtures/fees-recorded.csv", import.meta.url), "utf8")
      .trim()
      .split("\n")
      .map((line) => line.trim().split(","))

    it("are all there", () => {
      assert.deepStrictEqual(header, ["action", "side", "count", "yes_price", "is_taker", "fee"])
      assert.strictEqual(rows.length, 211)
      assert.isTrue(rows.every((row) => row[4] === "true"))
    })

    it("every one comes out exact", () => {
      for (const [action, side, count = "", price = "", , fee = ""] of rows) {
        const direction = Direction.ofFill({ action, side })
        if (direction === "unknown") return assert.fail(`${action} ${side}`)
        const charge = known(
          Fees.charge({
            schedule: quadratic,
            role: "taker",
            side: direction,
            price: d(price),
            count: Contracts.fromStringUnsafe(count),
            precision: Fees.directBeforeJune2026
          })
        )
        assert.strictEqual(Dollars.format(charge.fee), Dollars.format(d(fee)), `${action} ${side} ${count} at ${price}`)
      }
    })

    it("tell apart what a recorded sell means", () => {
      // read the other way, the principal ends on another fraction of a cent and so do the fees
      const wrong = rows.filter(
        ([action, side, count = "", price = "", , fee = ""]) =>
          action === "sell" &&
          known(
            Fees.charge({
              schedule: quadratic,
              role: "taker",
              side: side === "yes" ? "ask" : "bid",
              price: d(price),
              count: Contracts.fromStringUnsafe(count),
              precision: Fees.directBeforeJune2026
            })
          ).fee !== d(fee)
      )
      assert.isAbove(wrong.length, 0)
    })
  })

  describe("schedules", () => {
    const at = (type: string, role: Fees.Role, multiplier = 1) =>
      Fees.tradeFee({
        schedule: { type, multiplier },
        role,
        price: Dollars.cents(50),
        count: Contracts.of(100)
      })

    it("have their own rates", () => {
      assert.strictEqual(at("quadratic", "taker"), d("1.75"))
      assert.strictEqual(at("quadratic", "maker"), Dollars.zero)
      assert.strictEqual(at("quadratic_with_maker_fees", "taker"), d("1.75"))
      assert.strictEqual(at("quadratic_with_maker_fees", "maker"), d("0.4375"))
      assert.strictEqual(at("quadratic_with_combo_maker_fees", "maker"), d("0.875"))
      assert.strictEqual(at("quadratic", "taker", 0.5), d("0.875"))
      assert.strictEqual(at("quadratic", "taker", 0), Dollars.zero)
    })

    it("that have no public formula are unknown, never zero", () => {
      for (const type of ["flat", "", "quadratic_2027", "toString", "__proto__"]) {
        for (const role of ["taker", "maker"] as const) {
          assert.strictEqual(at(type, role), "unknown")
          assert.strictEqual(
            Fees.charge({
              schedule: { type, multiplier: 1 },
              role,
              side: "bid",
              price: Dollars.cents(50),
              count: Contracts.of(1)
            }),
            "unknown"
          )
        }
      }
      for (const multiplier of [NaN, Infinity, -1]) assert.strictEqual(at("quadratic", "taker", multiplier), "unknown")
    })
  })

  describe("laws", () => {
    const precision = Schema.Literals(["direct", "intermediated", "directBeforeJune2026"])

    it.prop(
      "a fee is the model's, rounded up by less than its unit, the same for YES and NO",
      [Generators.price, Generators.size, precision],
      ([price, count, name]) => {
        const options = { schedule: quadratic, role: "taker", count, precision: Fees[name] } as const
        const fee = BigInt(known(Fees.tradeFee({ ...options, price })))
        // 0.07 · C · P · (1 − P) in units of 1e-16 dollar
        const model = 7n * BigInt(count) * BigInt(price) * BigInt(1_000_000 - price)
        const scaled = fee * 10n ** 10n
        assert.isTrue(scaled >= model && scaled - model < BigInt(Fees[name].fee) * 10n ** 10n)
        assert.strictEqual(fee % BigInt(Fees[name].fee), 0n)
        assert.strictEqual(BigInt(known(Fees.tradeFee({ ...options, price: Dollars.complement(price) }))), fee)
      },
      { arbitrary: { runs: 500 } }
    )

    it.prop(
      "an order never gains by rounding and money is conserved",
      [
        Arbitrary.array(Arbitrary.all([Generators.price, Generators.size]), { minLength: 1, maxLength: 8 }),
        Direction.Direction,
        precision
      ],
      ([fills, side, name]) => {
        const unit = Fees[name].balance
        let accumulator: Fees.Accumulator = Dollars.zero
        let rounding = 0
        let rebates = 0
        for (const [price, count] of fills) {
          const charge = known(
            Fees.charge({
              schedule: quadratic,
              role: "taker",
              side,
              price,
              count,
              accumulator,
              precision: Fees[name]
            })
          )
          const principal = Fees.openingPrincipal(side, price, count)
          assert.isTrue(charge.fee >= 0 && charge.roundingFee >= 0 && charge.roundingFee < unit)
          assert.strictEqual(charge.balanceChange, Dollars.subtract(principal, charge.fee))
          assert.isTrue(charge.balanceChange % unit === 0)
          rounding += charge.roundingFee
          rebates += charge.rebate
          accumulator = charge.accumulator
          assert.strictEqual(accumulator, rounding - rebates)
          assert.isTrue(accumulator >= 0)
        }
      }
    )
  })
})
