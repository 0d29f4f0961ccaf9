/** What an order can cost is told before it is sent, and is never more. */
import { Engine, Listing } from "@effect-kalshi/sandbox"
import { assert, describe, it, layer } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import { Contracts, Dollars, Fees, Portfolio, Preview, PriceGrid, Timestamp } from "effect-kalshi"
import * as kit from "./kit.ts"

/** Numbers from 0 to below 1 that are the same in every run. */
const random = (seed: number) => {
  let state = seed
  return (): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}

const schedules: ReadonlyArray<Fees.Schedule> = [
  { type: "quadratic", multiplier: 1 },
  { type: "quadratic", multiplier: 0.5 },
  { type: "quadratic_with_maker_fees", multiplier: 1 },
  { type: "quadratic_with_combo_maker_fees", multiplier: 1 }
]
const grids = [Listing.grids.linear_cent, Listing.grids.deci_cent, Listing.grids.center_centi_edge_centi_cent]
const CASES = 400

describe("the worst cost", () => {
  for (const name of ["direct", "intermediated"] as const) {
    it(`is never exceeded by what the engine takes: ${name}`, () => {
      const precision = name === "direct" ? Fees.direct : Fees.intermediated
      const next = random(7)
      const pick = <A>(items: ReadonlyArray<A>): A => items[Math.floor(next() * items.length)]!
      const engine = Engine.make({ seed: 1, precision })
      let now = 1_795_000_000_000_000
      const at = () => Timestamp.micros((now += 1000))
      engine.deposit("other", Dollars.of(10_000_000), at())
      let filled = 0
      for (let index = 0; index < CASES; index++) {
        const grid = pick(grids)
        const fees = pick(schedules)
        const prices = PriceGrid.prices(grid)
        const ticker = `KXP${index}-A`
        const hero = `hero-${index}`
        engine.list(
          {
            ticker,
            eventTicker: `KXP${index}`,
            seriesTicker: "KXP",
            title: ticker,
            priceLevelStructure: "any",
            grid,
            fees,
            openTime: Timestamp.micros(0),
            closeTime: Timestamp.micros(2_000_000_000_000_000)
          },
          at()
        )
        engine.deposit(hero, Dollars.of(1_000), at())
        const side = next() < 0.5 ? "bid" : "ask"
        const price = pick(prices)
        const count = Contracts.centis(1 + Math.floor(next() * 3000))
        const order = { ticker, side, price, count } as const
        const { worstCost } = Preview.make({ order, schedule: fees, grid, precision })
        if (worstCost === "unknown") return assert.fail("these fees are known")

        const place = (who: string, of: "bid" | "ask", priced: Dollars.Dollars, size: Contracts.Contracts) =>
          engine.create(
            who,
            {
              ticker,
              side: of,
              price: priced,
              count: size,
              timeInForce: "good_till_canceled",
              selfTradePrevention: "taker_at_cross"
            },
            at()
          )
        const opposite = side === "bid" ? "ask" : "bid"
        const small = () => Contracts.centis(1 + Math.floor(next() * 700))
        // some of the book is there before, some comes after, in pieces of any size
        for (let level = 0; level < 4; level++) place("other", opposite, pick(prices), small())
        const before = engine.balance(hero)
        if (Result.isFailure(place(hero, side, price, count))) continue
        for (let piece = 0; piece < 6; piece++) place("other", opposite, price, small())
        const after = engine.balance(hero)
        const fell = Dollars.subtract(
          Dollars.add(before.available, before.reserved),
          Dollars.add(after.available, after.reserved)
        )
        if (fell > 0) filled++
        assert.isAtMost(fell, worstCost, JSON.stringify({ order, fees, name }))
      }
      // the law is about orders that trade
      assert.isAbove(filled, CASES / 2)
    })
  }
})

describe("what is known before", () => {
  const schedule = { type: "quadratic", multiplier: 1 }
  const order = {
    ticker: "KXA",
    action: "buy",
    side: "yes",
    price: Dollars.cents(50),
    count: Contracts.of(10)
  } as const

  it("is the collateral and the fee of the whole order at its limit", () => {
    const preview = Preview.make({ order, schedule, grid: PriceGrid.cents })
    assert.deepStrictEqual(preview.quote, { side: "bid", price: Dollars.cents(50) })
    assert.strictEqual(preview.collateral, Dollars.of(5))
    assert.strictEqual(preview.fee, Dollars.of(0.175))
    // 0.0001 and a micro-dollar for each of 1000 pieces, which is all that rounding can add
    assert.strictEqual(preview.worstCost, Dollars.of(5.1761))
  })

  it("needs no collateral for what closes a position", () => {
    const closing = Preview.make({ order, schedule, grid: PriceGrid.cents, position: Contracts.of(-4) })
    assert.deepStrictEqual([closing.opens, closing.collateral], [Contracts.of(6), Dollars.of(3)])
    const reducing = Preview.make({
      order: { ...order, reduceOnly: true },
      schedule,
      grid: PriceGrid.cents,
      position: Contracts.of(-4)
    })
    assert.deepStrictEqual([reducing.opens, reducing.collateral], [Contracts.zero, Dollars.zero])
  })

  it("is unknown, and not zero, where the fee is", () => {
    const preview = Preview.make({ order, schedule: { type: "flat", multiplier: 1 }, grid: PriceGrid.cents })
    assert.deepStrictEqual([preview.fee, preview.worstCost], ["unknown", "unknown"])
    assert.strictEqual(preview.collateral, Dollars.of(5))
  })

  it("counts a fee that is waived now in the worst cost, since a later fill pays it", () => {
    const waived = Preview.make({ order, schedule, grid: PriceGrid.cents, isWaived: true })
    assert.deepStrictEqual([waived.fee, waived.worstCost], [Dollars.zero, Dollars.of(5.1761)])
  })
})

layer(kit.sandbox(), { excludeTestServices: true })("portfolio.preview", (it) => {
  it.effect("asks for the market once, checks its grid and sends no order", () =>
    Effect.gen(function* () {
      const portfolio = yield* Portfolio.Portfolio
      const ticker = yield* kit.market()
      const preview = yield* portfolio.preview(kit.bid(ticker, 50, 10))
      assert.strictEqual(preview.fee, Dollars.of(0.175))
      const reason = yield* kit.fails(portfolio.preview(kit.bid(ticker, 50.5, 10)), "InvalidInput", { attempts: 0 })
      assert.strictEqual(reason.field, "price")
      assert.strictEqual(yield* kit.count("getMarket"), 1)
      assert.strictEqual(yield* kit.count("createOrder"), 0)
    })
  )

  it.effect("knows a waiver of the market", () =>
    Effect.gen(function* () {
      const portfolio = yield* Portfolio.Portfolio
      const feeWaiverUntil = Timestamp.add(yield* Timestamp.now, "1 hour")
      const ticker = yield* kit.market({ feeWaiverUntil })
      const preview = yield* portfolio.preview(kit.bid(ticker, 50, 10))
      assert.strictEqual(preview.fee, Dollars.zero)
      assert.strictEqual(preview.worstCost, Dollars.of(5.1761))
    })
  )

  it.effect("says that there is no such market", () =>
    Effect.gen(function* () {
      const portfolio = yield* Portfolio.Portfolio
      yield* kit.fails(portfolio.preview(kit.bid("KXNONE-1-A")), "MarketNotFound", { outcome: "not-applied" })
    })
  )
})
