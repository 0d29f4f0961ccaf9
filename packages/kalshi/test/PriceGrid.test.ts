import { assert, describe, it } from "@effect/vitest"
import * as Arbitrary from "effect/Arbitrary"
import * as Dollars from "effect-kalshi/Dollars"
import * as PriceGrid from "effect-kalshi/PriceGrid"
import * as Generators from "./Generators.ts"

const band = (start: string, end: string, step: string): PriceGrid.Band => ({
  start: Dollars.fromStringUnsafe(start),
  end: Dollars.fromStringUnsafe(end),
  step: Dollars.fromStringUnsafe(step)
})

// structures of the exchange, and how many prices each has
const structures: ReadonlyArray<readonly [name: string, prices: number, bands: ReadonlyArray<PriceGrid.Band>]> = [
  ["linear_cent", 99, [band("0", "1", "0.01")]],
  ["deci_cent", 999, [band("0", "1", "0.001")]],
  ["tapered_deci_cent", 279, [band("0", "0.10", "0.001"), band("0.10", "0.90", "0.01"), band("0.90", "1", "0.001")]],
  [
    "center_deci_edge_centi_cent",
    1179,
    [band("0", "0.01", "0.0001"), band("0.01", "0.99", "0.001"), band("0.99", "1", "0.0001")]
  ]
]

// bands side by side from $0 to at most $1, with any limits and steps, in units of $0.0001
const grids = Arbitrary.map(
  Arbitrary.array(Arbitrary.all([Generators.integer(1, 2_500), Generators.integer(1, 700)]), {
    minLength: 1,
    maxLength: 4
  }),
  (parts) => {
    let start = 0
    return PriceGrid.make(
      parts.map(([width, step]) => {
        const band = {
          start: Dollars.micros(start * 100),
          end: Dollars.micros((start + width) * 100),
          step: Dollars.micros(step * 100)
        }
        start += width
        return band
      })
    )
  }
)

const anyPrice = Arbitrary.map(Generators.integer(-100_000, 1_100_000), Dollars.micros)

describe("PriceGrid", () => {
  it("has the prices of the exchange's structures", () => {
    for (const [name, count, bands] of structures) {
      const prices = PriceGrid.prices(PriceGrid.make(bands.toReversed()))
      assert.strictEqual(prices.length, count, name)
      assert.isTrue(
        prices.every((price, index) => index === 0 || price > (prices[index - 1] ?? Dollars.one)),
        name
      )
    }
  })

  it("takes whole cents on every structure", () => {
    for (const [name, , bands] of structures) {
      const grid = PriceGrid.make(bands)
      for (let cents = 1; cents <= 99; cents++) {
        assert.isTrue(PriceGrid.contains(grid, Dollars.cents(cents)), `${name} ${cents}`)
      }
      for (const outside of [Dollars.zero, Dollars.one, Dollars.cents(-1), Dollars.cents(101)]) {
        assert.isFalse(PriceGrid.contains(grid, outside), name)
      }
    }
  })

  it.prop("contains is membership in prices", [grids, anyPrice], ([grid, price]) => {
    const prices = PriceGrid.prices(grid)
    assert.strictEqual(PriceGrid.contains(grid, price), prices.includes(price))
    for (const member of prices) assert.isTrue(PriceGrid.contains(grid, member))
  })

  it.prop(
    "snap is the nearest member on its side",
    [grids, anyPrice],
    ([grid, price]) => {
      const prices = PriceGrid.prices(grid)
      const floor = PriceGrid.snap(grid, price, "floor")
      const ceil = PriceGrid.snap(grid, price, "ceil")
      assert.strictEqual(
        floor,
        prices.findLast((member) => member <= price)
      )
      assert.strictEqual(
        ceil,
        prices.find((member) => member >= price)
      )
      if (PriceGrid.contains(grid, price)) assert.isTrue(floor === price && ceil === price)
    },
    { arbitrary: { runs: 500 } }
  )

  it("leaves out bands that hold no price", () => {
    const grid = PriceGrid.make([band("0", "1", "0"), band("0.5", "0.4", "0.01"), band("0", "1", "-0.01")])
    assert.deepStrictEqual(grid.bands, [])
    assert.strictEqual(PriceGrid.snap(grid, Dollars.cents(50), "floor"), undefined)
    assert.isFalse(PriceGrid.contains(grid, Dollars.cents(50)))
  })
})
