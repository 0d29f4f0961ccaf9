import { Ledger } from "@effect-kalshi/history"
import * as Report from "@effect-kalshi/history/Report"
import { assert, describe, it } from "@effect/vitest"
import * as Arbitrary from "effect/Arbitrary"
import * as Schema from "effect/Schema"
import { Contracts, Dollars, Timestamp } from "effect-kalshi"
import { day, deposit, fill, order, settlement, snapshot, transfer } from "../ledger/records.ts"

const between = (minimum: number, maximum: number) =>
  Arbitrary.schema(Schema.Int.check(Schema.isBetween({ minimum, maximum })))

const HOUR = 3_600_000_000
const TICKERS = ["KXA-26JUL-T1", "KXA-26JUL-T2", "KXB-26JUL-T1"]

const life = Arbitrary.array(
  Arbitrary.all([
    Arbitrary.schema(Schema.Literals(["bid", "ask"])),
    between(1, 99),
    between(1, 400),
    between(-500, 9_000),
    between(0, 96),
    between(0, 2)
  ]),
  { minLength: 0, maxLength: 16 }
)

type Life = ReadonlyArray<readonly ["bid" | "ask", number, number, number, number, number]>

const hour = (hours: number): Timestamp.Timestamp => Timestamp.micros(day(1) + hours * HOUR)

/** An account that traded for some days, was paid by one of its markets, and moved its money about. */
const recordsOf = (life: Life): Ledger.Records => {
  const fills = life.map(([side, price, count, fee, at, ticker], index) =>
    fill(side, 1, 0.5, Timestamp.micros(hour(at) + index), {
      price: Dollars.cents(price),
      count: Contracts.centis(count),
      fee: Dollars.micros(fee),
      ticker: TICKERS[ticker]!
    })
  )
  const last = fills.filter(({ ticker }) => ticker === TICKERS[2])
  return {
    fills,
    settlements: last.length === 0 ? [] : [settlement(last, { _tag: "yes" }, 0, hour(100), { ticker: TICKERS[2]! })],
    deposits: [deposit(100, hour(0)), { ...deposit(7, hour(40)), status: "failed" }, deposit(20, hour(30))],
    withdrawals: [deposit(5, hour(50))],
    transfers: [transfer(0, 1, 30, hour(20))],
    adjustments: [{ at: hour(35), subaccount: 1, amount: Dollars.cents(77), reason: "interest" }]
  }
}

const account = { name: "test", environment: "sandbox" }
const asOf = hour(120)

const dataOf = (records: Ledger.Records, more: Partial<Report.Options> = {}): Report.Data =>
  Report.fromLedger(Ledger.make(records), { account, asOf, records, ...more })

const sum = <A>(items: ReadonlyArray<A>, of: (item: A) => number): number =>
  items.reduce((so, item) => so + of(item), 0)

const KEYS = ["profit", "fees", "volume"] as const

/** Everything that a page demands of its data. */
const consistent = ({ fundings, months, prices, series, totals }: Report.Data): void => {
  for (const key of KEYS) {
    assert.strictEqual(
      sum(series, (row) => row[key]),
      totals[key]
    )
    assert.strictEqual(
      sum(months, (row) => row[key]),
      totals[key]
    )
  }
  assert.strictEqual(
    sum(prices, ({ lots }) => lots),
    totals.lots
  )
  assert.strictEqual(
    sum(prices, ({ wins }) => wins),
    totals.wins
  )
  for (const { from, lots, prices: all } of prices) {
    assert.strictEqual(from % 100_000, 0)
    assert.isTrue(all >= from * lots && all < (from + 100_000) * lots)
  }
  assert.isTrue(fundings.every(({ amount, name }) => amount > 0 === (name === "deposit")))
}

const PROPERTY = { arbitrary: { runs: 150, size: 1_000 } }

describe("Report.fromLedger", () => {
  it.prop(
    "adds up by series, month and price, and its totals are those of the ledger",
    [life],
    ([life]) => {
      const records = recordsOf(life)
      const ledger = Ledger.make(records)
      for (const method of ["fifo", "average"] as const) {
        const data = Report.fromLedger(ledger, { account, asOf, records, method })
        consistent(data)
        assert.strictEqual(data.totals.profit, ledger.totals.gain[method])
        assert.strictEqual(data.totals.fees, ledger.totals.fees)
        assert.strictEqual(data.totals.lots, ledger.closed.length)
        assert.strictEqual(data.totals.fills, life.length)
        const shown = data.lots.map(({ cost, fees, proceeds }) => proceeds - cost - fees)
        const best = Math.max(0, ...ledger.closed.map((lot) => Ledger.gain(lot, method)))
        assert.strictEqual(Math.max(0, ...shown), best)
        assert.strictEqual(
          sum(data.exposures, ({ cost }) => cost),
          ledger.totals.openCost.fifo
        )
      }
    },
    PROPERTY
  )

  it.prop(
    "parts of the time are the whole, and one begins as the account stood when the other ended",
    [life, between(1, 110), between(0, 30)],
    ([life, at, index]) => {
      const records = recordsOf(life)
      // often at the very instant of a fill
      const cut = Array.from(records.fills)[index]?.createdAt ?? hour(at)
      const whole = dataOf(records)
      const [before, after] = [{ until: cut }, { since: cut }].map((period) => dataOf(records, { period }))
      if (before === undefined || after === undefined) return assert.fail()
      consistent(before)
      consistent(after)
      for (const key of [...KEYS, "contracts", "fills", "lots", "wins"] as const) {
        assert.strictEqual(before.totals[key] + after.totals[key], whole.totals[key], key)
      }
      assert.deepStrictEqual([...before.fundings, ...after.fundings], whole.fundings)
      // a ledger with a point for each instant knows how it stood
      const fine = Ledger.make(records, { step: "1 micros" }).equity.findLast((point) => point.at < cut)
      const stood = { cash: fine?.cash, open: fine?.openCost }
      const end = before.equity.points.at(-1)
      assert.deepStrictEqual({ cash: end?.cash, open: end?.open }, stood)
      // before there was anything, nothing was open
      assert.strictEqual(
        sum(before.exposures, ({ cost }) => cost),
        fine?.openCost ?? Dollars.zero
      )
      const first = Math.min(...Array.from(records.fills, (fill) => fill.createdAt ?? 0))
      if (first < cut) {
        assert.deepStrictEqual(after.equity.points[0], { at: Timestamp.micros(cut - 1), ...stood })
      }
    },
    PROPERTY
  )

  it("draws what it made, without a word of doubt", () => {
    const fills = [
      fill("bid", 10, 0.4, day(1, 5), { fee: Dollars.cents(3) }),
      fill("ask", 4, 0.55, day(2), { fee: Dollars.cents(2) })
    ]
    const records = { fills, deposits: [deposit(50, day(1))], snapshots: [snapshot(50 - 4 + 4 - 1.8 - 0.05, day(3))] }
    const title = () => "Rain in New York"
    const data = dataOf(records, { title, omitted: ["Much."], asOf: day(3) })
    const page = Report.html(data)
    assert.isTrue(Report.isReport(page))
    assert.isFalse(Report.isReport("<!doctype html><title>mine</title>"))
    assert.notInclude(page, "do not add up")
    assert.include(page, 'to the micro-dollar: <span class="keep">$48.15</span>')
    assert.include(page, "<li>Much.</li>")
    assert.deepStrictEqual(data.exposures, [
      { event: "KXA-26JUL", title: "Rain in New York", markets: 1, cost: Dollars.of(2.4) }
    ])
    // 4 of 10 were bought for $1.60, sold for $2.20, and bear 1.2 and 2 cents
    assert.strictEqual(data.totals.profit, Dollars.of(0.6 - 0.032))
    // the line begins with what was paid in
    assert.deepStrictEqual(data.equity.points[0], {
      at: Timestamp.micros(day(1, 5) - 1),
      cash: Dollars.of(50),
      open: Dollars.zero
    })
  })

  it("says what does not add up, and by how much", () => {
    const fills = [fill("bid", 10, 0.4, day(1)), fill("bid", 1, 0.4, day(1))]
    const [first] = fills
    const records = {
      fills: [...fills, ...(first === undefined ? [] : [{ ...first }])],
      orders: first === undefined ? [] : [order([first], { filled: Contracts.of(11), makerCost: Dollars.of(1) })],
      deposits: [{ ...deposit(50, day(1)), fee: Dollars.cents(30) }],
      snapshots: [snapshot(40, day(3), 5)]
    }
    const data = dataOf(records)
    assert.deepInclude(data.discrepancies[0], { records: [`order ${first?.orderId}`] })
    assert.deepInclude(data.discrepancies[1], { records: [`order ${first?.orderId}`, `fill ${first?.tradeId}`] })
    // with what the order says of itself there would be $44.60
    assert.match(data.discrepancies[2]?.message ?? "", /^Subaccount 0 has \$0\.4000 more than/)
    assert.strictEqual(data.discrepancies[2]?.amount, Dollars.cents(40))
    assert.deepInclude(data.balance, { computed: Dollars.of(45.6), reported: Dollars.of(40), resting: Dollars.of(5) })
    assert.isTrue(data.notes.some((note) => note.startsWith("1 order of a fill is not among the records")))
    assert.isTrue(data.notes.some((note) => note.startsWith("1 deposit or withdrawal had a fee")))
    const page = Report.html(data)
    assert.include(page, "These figures do not add up")
    assert.include(page, "Records that do not agree (3)")
    // a snapshot that is not of all that has money is none of the account
    const away = { ...records, transfers: [transfer(0, 1, 10, day(2))] }
    assert.isUndefined(dataOf(away).balance)
  })

  it("has nothing to say of an account without records", () => {
    const data = dataOf({ fills: [], snapshots: [snapshot(0, day(1))] }, { period: { since: day(1) } })
    assert.deepStrictEqual(data.equity.points, [])
    assert.strictEqual(data.totals.profit, 0)
    assert.notInclude(Report.html(data), "do not add up")
  })
})
