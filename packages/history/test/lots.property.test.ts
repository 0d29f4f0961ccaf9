import { Ledger, TaxLots } from "@effect-kalshi/history"
import { assert, describe, it } from "@effect/vitest"
import * as Arbitrary from "effect/Arbitrary"
import * as Schema from "effect/Schema"
import { Contracts, Dollars, type Fill, Timestamp } from "effect-kalshi"
import * as Oracle from "./ledger/oracle.ts"
import { day, fill, market, settlement } from "./ledger/records.ts"

const between = (minimum: number, maximum: number) =>
  Arbitrary.schema(Schema.Int.check(Schema.isBetween({ minimum, maximum })))

const life = Arbitrary.array(
  Arbitrary.all([
    Arbitrary.schema(Schema.Literals(["bid", "ask"])),
    between(1, 9_999),
    between(1, 400),
    between(0, 90_000)
  ]),
  { minLength: 1, maxLength: 14 }
)

type Life = ReadonlyArray<readonly ["bid" | "ask", number, number, number]>

const fillsOf = (life: Life): ReadonlyArray<Fill.Fill> =>
  life.map(([side, price, count, fee], index) =>
    fill(side, 1, 0.5, day(1, index), {
      price: Dollars.micros(price * 100),
      count: Contracts.centis(count),
      fee: Dollars.micros(fee)
    })
  )

const sum = <A>(items: ReadonlyArray<A>, of: (item: A) => number): number =>
  items.reduce((so, item) => so + of(item), 0)

const PROPERTY = { arbitrary: { runs: 300, size: 1_000 } }

describe("lots", () => {
  it.prop(
    "are those of pieces in a queue, one by one",
    [life, between(0, 10_000)],
    ([life, value]) => {
      const fills = fillsOf(life)
      for (const isSettled of [false, true]) {
        const at = day(2)
        // settled at a value whose payouts are whole, so that no rounding is in the way
        const paid = isSettled ? { value: Math.round(value / 10_000) * 1_000_000, at } : undefined
        const expected = Oracle.run(fills, paid)
        const ledger = Ledger.make({
          fills,
          markets: paid === undefined ? [] : [market(paid.value / 1_000_000)],
          settlements: paid === undefined ? [] : [settlement(fills, { _tag: paid.value > 0 ? "yes" : "no" }, 0, at)]
        })
        assert.deepStrictEqual(
          ledger.closed.map((lot) => ({
            side: lot.side,
            acquired: lot.acquired as number,
            disposed: lot.disposed as number,
            pieces: lot.contracts as number,
            cost: lot.cost.fifo * 100,
            proceeds: lot.proceeds * 100
          })),
          expected.lots
        )
        assert.strictEqual(
          sum(ledger.open, ({ contracts }) => contracts),
          expected.queue.length
        )
        assert.strictEqual(
          ledger.totals.openCost.fifo * 100,
          sum(expected.queue, ({ cost }) => cost)
        )
        assert.strictEqual((ledger.totals.cash + ledger.totals.fees) * 100, expected.cash)
      }
    },
    PROPERTY
  )

  it.prop(
    "lose nothing: what went in is what closed lots and held ones bear, by either method",
    [life, between(0, 10_000)],
    ([life, value]) => {
      const fills = fillsOf(life)
      const at = day(2)
      for (const rows of [[], [settlement(fills, { _tag: "scalar" }, 0, at)]]) {
        const ledger = Ledger.make({ fills, settlements: rows, markets: [market(value / 10_000)] })
        const { totals } = ledger
        assert.strictEqual(
          totals.fees,
          sum(life, ([, , , fee]) => fee)
        )
        for (const method of ["fifo", "average"] as const) {
          // cash is what was earned less what is held and all fees
          assert.strictEqual(totals.cash, totals.realised[method] - totals.openCost[method] - totals.fees)
          const lots = TaxLots.fromLedger(ledger, { method })
          const fees = sum(lots, ({ fees }) => fees)
          assert.strictEqual(fees + totals.openFees[method], totals.fees)
          assert.strictEqual(
            sum(lots, ({ gain }) => gain),
            totals.realised[method] - fees
          )
          assert.strictEqual(totals.gain[method], totals.realised[method] - fees)
          for (const lot of lots) {
            assert.strictEqual(lot.gain, lot.proceeds - lot.cost)
            assert.isAtLeast(lot.fees, 0)
          }
          if (rows.length > 0) assert.strictEqual(totals.openCost[method] + totals.openFees[method], 0)
        }
        assert.strictEqual(ledger.equity.at(-1)?.equity, totals.cash + totals.openCost.fifo)
        assert.strictEqual(ledger.equity.at(-1)?.realised, totals.realised.fifo)
      }
    },
    PROPERTY
  )

  it.prop(
    "by average cost what all that is held cost, within a micro-dollar a close",
    [life],
    ([life]) => {
      const fills = fillsOf(life)
      const { totals } = Ledger.make({ fills })
      // exact fractions, in 1e-8 dollar
      let held = 0
      let cost = { over: 0n, under: 1n }
      let closes = 0
      for (const { count, price, side } of fills) {
        const sign = side === "bid" ? 1 : -1
        const each = BigInt(side === "bid" ? price : 1_000_000 - price)
        const closed = held * sign < 0 ? Math.min(count, Math.abs(held)) : 0
        if (closed > 0) {
          closes++
          cost = { over: cost.over * BigInt(Math.abs(held) - closed), under: cost.under * BigInt(Math.abs(held)) }
        }
        cost = { over: cost.over + each * BigInt(count - closed) * cost.under, under: cost.under }
        held += sign * count
      }
      const exact = Number((cost.over * 1_000n) / cost.under) / 1_000
      assert.isAtMost(Math.abs(totals.openCost.average * 100 - exact), closes * 100 + 1)
    },
    PROPERTY
  )

  it.prop(
    "are the same in whatever order records come, where no two are of one instant",
    [life, between(0, 1_000)],
    ([life, turn]) => {
      const fills = fillsOf(life)
      const at = turn % fills.length
      const turned = [...fills.slice(at), ...fills.slice(0, at)]
      assert.deepStrictEqual(Ledger.make({ fills: turned }), Ledger.make({ fills }))
      assert.deepStrictEqual(Ledger.make({ fills: fills.toReversed() }), Ledger.make({ fills }))
    },
    PROPERTY
  )
})

describe("instants", () => {
  it("are told to the microsecond", () => {
    const at = Timestamp.micros(day(1) + 1)
    const [lot] = Ledger.make({ fills: [fill("bid", 1, 0.5, at)] }).open
    assert.strictEqual(lot?.acquired, at)
  })
})
