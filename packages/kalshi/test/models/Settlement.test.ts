import { assert, describe, it } from "@effect/vitest"
import * as Schema from "effect/Schema"
import * as January2026 from "effect-kalshi/api/legacy/January2026"
import * as Legacy from "effect-kalshi/api/legacy/Portfolio"
import * as Api from "effect-kalshi/api/Portfolio"
import * as Dollars from "effect-kalshi/Dollars"
import * as Settlement from "effect-kalshi/models/Settlement"
import * as Golden from "./Golden.ts"
import * as Handmade from "./Handmade.ts"
import * as Laws from "./Laws.ts"

const wire = {
  ticker: "KXA",
  exchange_index: 0,
  event_ticker: "KXE",
  market_result: "yes",
  yes_count_fp: "10.50",
  yes_total_cost_dollars: "4.200000",
  no_count_fp: "0.00",
  no_total_cost_dollars: "0.000000",
  revenue: 1050,
  settled_time: "2026-11-20T10:00:00Z",
  fee_cost: "0.017472",
  value: 100
}
const read = (change: object) => Settlement.fromWire(Schema.decodeUnknownSync(Api.Settlement)({ ...wire, ...change }))

describe("Settlement", () => {
  Laws.reads("today", Api.Settlement, Settlement.Settlement, Settlement.fromWire)
  Laws.reads("January 2026", January2026.Settlement, Settlement.Settlement, Settlement.fromWireJanuary2026)
  Laws.reads("2.0.0", Legacy.Settlement, Settlement.Settlement, Settlement.fromWire2024)

  it("reads today's wire", () => {
    const settlement = read({})
    assert.deepStrictEqual<unknown>(settlement, {
      ticker: "KXA",
      eventTicker: "KXE",
      result: { _tag: "yes" },
      yesCount: 1050,
      yesCost: 4_200_000,
      noCount: 0,
      noCost: 0,
      revenue: 10_500_000,
      fee: 17_472,
      settledAt: 1_795_168_800_000_000,
      exchangeIndex: 0
    })
    assert.strictEqual<unknown>(Settlement.netPnl(settlement), 6_282_528)
  })

  it("counts the cost of both sides", () => {
    const loss = read({ market_result: "no", revenue: 0, no_total_cost_dollars: "1.000000" })
    assert.strictEqual<unknown>(Settlement.netPnl(loss), -5_217_472)
    assert.strictEqual(
      Settlement.netPnl(read({ revenue: 0, yes_total_cost_dollars: "0", fee_cost: "0" })),
      Dollars.zero
    )
  })

  describe("where YES and NO met before the end", () => {
    // 10 YES for $4 and 4 NO for $2: four pairs paid $1 each, six YES were left
    const met = {
      yes_count_fp: "10.00",
      no_count_fp: "4.00",
      no_total_cost_dollars: "2.000000",
      yes_total_cost_dollars: "4.000000",
      fee_cost: "0"
    }

    it("adds their dollars when revenue leaves them out, and not when it has them", () => {
      assert.strictEqual<unknown>(Settlement.netPnl(read({ ...met, revenue: 600 })), 4_000_000)
      assert.strictEqual<unknown>(Settlement.netPnl(read({ ...met, revenue: 1000 })), 4_000_000)
      assert.strictEqual<unknown>(Settlement.netPnl(read({ ...met, market_result: "no", revenue: 0 })), -2_000_000)
      assert.strictEqual<unknown>(Settlement.netPnl(read({ ...met, market_result: "no", revenue: 400 })), -2_000_000)
    })

    it("takes the cents that a scalar payout is cut to into account", () => {
      // 6 YES at 0.333, shown as 33 cents, are $1.998, cut to $1.99
      const scalar = { ...met, market_result: "scalar", value: 33 }
      assert.strictEqual<unknown>(Settlement.netPnl(read({ ...scalar, revenue: 199 })), -10_000)
      assert.strictEqual<unknown>(Settlement.netPnl(read({ ...scalar, revenue: 599 })), -10_000)
    })

    it("is unknown where neither reading fits, and where the result is not known", () => {
      assert.strictEqual(Settlement.netPnl(read({ ...met, revenue: 321 })), "unknown")
      assert.strictEqual(Settlement.netPnl(read({ ...met, market_result: "void", revenue: 600 })), "unknown")
      assert.strictEqual(
        Settlement.netPnl(read({ ...met, market_result: "scalar", value: null, revenue: 600 })),
        "unknown"
      )
    })
  })

  it("is told apart by its whole row, since it has no id", () => {
    const keys = [{}, { yes_count_fp: "3.00" }, { revenue: 300 }, { fee_cost: "0.5" }, { no_count_fp: "1.00" }].map(
      (change) => Settlement.key(read(change))
    )
    assert.strictEqual(new Set(keys).size, keys.length)
    assert.strictEqual(Settlement.key(read({})), keys[0])
  })

  it("knows how a market ends", () => {
    assert.deepStrictEqual<unknown>(read({ market_result: "no" }).result, { _tag: "no" })
    assert.deepStrictEqual<unknown>(read({ market_result: "scalar", value: 37 }).result, {
      _tag: "scalar",
      value: 370_000
    })
    assert.deepStrictEqual<unknown>(read({ market_result: "scalar", value: null }).result, { _tag: "scalar" })
    assert.deepStrictEqual<unknown>(read({ market_result: "void" }).result, { _tag: "other", name: "void" })
    assert.deepStrictEqual<unknown>(read({ market_result: "refunded" }).result, { _tag: "other", name: "refunded" })
    for (const market_result of ["yes", "no", "scalar", "void"]) {
      Laws.roundTrip(Settlement.Settlement, read({ market_result }))
    }
  })

  it("matches results by their tag", () => {
    const pays = Settlement.Result.match({
      yes: () => "1",
      no: () => "0",
      scalar: ({ value }) => (value === undefined ? "?" : Dollars.format(value)),
      other: ({ name }) => name
    })
    assert.deepStrictEqual(
      ["yes", "no", "scalar", "void"].map((market_result) => pays(read({ market_result, value: 37 }).result)),
      ["1", "0", "0.3700", "void"]
    )
  })

  it("was recorded", () => {
    const { settlements } = Golden.read("portfolio_settlements", January2026.GetSettlementsResponse)
    const settlement = Settlement.fromWireJanuary2026(Golden.first(settlements))
    assert.deepStrictEqual<unknown>(settlement, {
      ticker: "KXEXAMPLE-CCBD3CFD2609",
      eventTicker: "KXEXAMPLE-237850A89798",
      result: { _tag: "yes" },
      yesCount: 3700,
      yesCost: 42_860_000,
      noCount: 3700,
      noCost: 491_950_000,
      revenue: 0,
      fee: 730_000,
      settledAt: 1_768_020_631_435_826
    })
    Laws.roundTrip(Settlement.Settlement, settlement)
  })

  it("prefers the exact strings of January 2026, and may lack a fee", () => {
    const decodeJanuary = Schema.decodeUnknownSync(January2026.Settlement)
    const { fee_cost: _, ...record } = Handmade.ofJanuary2026.settlement
    assert.deepStrictEqual<unknown>(Settlement.fromWireJanuary2026(decodeJanuary(record)), {
      ticker: "KXA",
      eventTicker: "KXE",
      result: { _tag: "scalar", value: 370_000 },
      yesCount: 450,
      yesCost: 1_867_951,
      noCount: 125,
      noCost: 731_251,
      revenue: 2_800_000,
      settledAt: 1_770_890_400_000_000
    })
  })

  it("of 2.0.0 has no fee, so what it earned is not known", () => {
    const settlement = Settlement.fromWire2024(Schema.decodeUnknownSync(Legacy.Settlement)(Handmade.of2024.settlement))
    assert.deepStrictEqual<unknown>(settlement, {
      ticker: "CPI-24AUG-T0.2",
      result: { _tag: "yes" },
      yesCount: 1200,
      yesCost: 4_440_000,
      noCount: 200,
      noCost: 1_200_000,
      revenue: 12_000_000,
      settledAt: 1_723_730_400_000_000
    })
    assert.strictEqual(Settlement.netPnl(settlement), "unknown")
  })
})
