import { assert, describe, it } from "@effect/vitest"
import * as Schema from "effect/Schema"
import * as January2026 from "effect-kalshi/api/legacy/January2026"
import * as Legacy from "effect-kalshi/api/legacy/Portfolio"
import * as Api from "effect-kalshi/api/Portfolio"
import * as Fill from "effect-kalshi/models/Fill"
import * as Golden from "./Golden.ts"
import * as Handmade from "./Handmade.ts"
import * as Laws from "./Laws.ts"

const decode = Schema.decodeUnknownSync(Api.Fill)
const decodeJanuary = Schema.decodeUnknownSync(January2026.Fill)

const wire = {
  fill_id: "t-1",
  trade_id: "t-1",
  order_id: "o-1",
  ticker: "KXA",
  market_ticker: "KXA",
  exchange_index: 2,
  outcome_side: "yes",
  book_side: "bid",
  count_fp: "4.50",
  yes_price_dollars: "0.4150",
  no_price_dollars: "0.5850",
  is_taker: true,
  created_time: "2026-11-20T10:00:00.000001Z",
  fee_cost: "0.076500",
  subaccount_number: 0,
  ts: 1795168800
}

describe("Fill", () => {
  Laws.reads("today", Api.Fill, Fill.Fill, Fill.fromWire)
  Laws.reads("January 2026", January2026.Fill, Fill.Fill, Fill.fromWireJanuary2026)
  Laws.reads("2.0.0", Legacy.Fill, Fill.Fill, Fill.fromWire2024)

  it("reads today's wire", () => {
    const fill = Fill.fromWire(decode(wire))
    assert.deepStrictEqual<unknown>(fill, {
      tradeId: "t-1",
      orderId: "o-1",
      ticker: "KXA",
      side: "bid",
      price: 415_000,
      count: 450,
      isTaker: true,
      fee: 76_500,
      createdAt: 1_795_168_800_000_001,
      subaccount: 0,
      exchangeIndex: 2
    })
    assert.strictEqual(Fill.key(fill), "t-1/o-1")
    assert.deepStrictEqual<unknown>(Schema.encodeSync(Fill.Fill)(fill), {
      tradeId: "t-1",
      orderId: "o-1",
      ticker: "KXA",
      side: "bid",
      price: "0.4150",
      count: "4.50",
      isTaker: true,
      fee: "0.0765",
      createdAt: "2026-11-20T10:00:00.000001Z",
      subaccount: 0,
      exchangeIndex: 2
    })
  })

  it("a recorded sell of NO is a sold YES", () => {
    const fill = Fill.fromWire(
      decode({
        trade_id: "t",
        order_id: "o",
        ticker: "KXA",
        action: "sell",
        side: "no",
        count_fp: "2.00",
        yes_price_dollars: "0.0410",
        is_taker: true,
        fee_cost: "0.012000"
      })
    )
    assert.strictEqual(fill.side, "ask")
    assert.strictEqual(fill.price, 41_000)
    assert.strictEqual(fill.count, 200)
    assert.strictEqual(fill.fee, 12_000)
    assert.notProperty(fill, "createdAt")
    assert.notProperty(fill, "subaccount")
  })

  it("sides that contradict each other are unknown", () => {
    assert.strictEqual(Fill.fromWire(decode({ ...wire, outcome_side: "no" })).side, "unknown")
  })

  it("takes the older name of the market and the coarser time where there is nothing else", () => {
    const fill = Fill.fromWire(decode({ ...wire, ticker: undefined, created_time: null }))
    assert.strictEqual(fill.ticker, "KXA")
    assert.strictEqual(fill.createdAt, 1_795_168_800_000_000)
  })

  it("two sides of one trade have two keys", () => {
    const own = decode(wire)
    assert.notStrictEqual(Fill.key(Fill.fromWire(own)), Fill.key(Fill.fromWire({ ...own, order_id: "o-2" })))
  })

  describe("January 2026", () => {
    const { fills } = Golden.read("portfolio_fills", January2026.GetFillsResponse)
    const models = (fills ?? []).map(Fill.fromWireJanuary2026)

    it("was recorded", () => {
      assert.deepStrictEqual<unknown>(Golden.first(models), {
        tradeId: "43db2a6b-63dc-5493-8674-3307da176d64",
        orderId: "6e44d48f-cdf5-5181-ad6c-5c740920b5f0",
        ticker: "KXEXAMPLE-9C7BFD30C721",
        side: "bid",
        price: 600_000,
        count: 3200,
        isTaker: true,
        createdAt: 1_768_061_471_109_554
      })
      assert.deepStrictEqual<unknown>(
        models.map((fill) => [fill.price, fill.count, fill.side]),
        [
          [600_000, 3200, "bid"],
          [490_000, 500, "bid"],
          [480_000, 100, "bid"],
          [480_000, 3400, "bid"],
          [760_000, 1000, "bid"]
        ]
      )
      assert.strictEqual(new Set(models.map(Fill.key)).size, 5)
      for (const fill of models) Laws.roundTrip(Fill.Fill, fill)
    })

    const base = { trade_id: "t", order_id: "o", ticker: "KXA", count: 1, is_taker: false, yes_price: 4, side: "no" }

    it("prefers the exact price to the cents", () => {
      const exact = decodeJanuary({ ...base, action: "buy", yes_price_fixed: "0.0410" })
      assert.strictEqual(Fill.fromWireJanuary2026(exact).price, 41_000)
      assert.strictEqual(Fill.fromWireJanuary2026(decodeJanuary({ ...base, action: "buy" })).price, 40_000)
    })

    it("prefers the exact count to the whole contracts, which are cut", () => {
      const exact = decodeJanuary({ ...base, count_fp: "1.99", yes_price_fixed: "0.0410", yes_price_dollars: "0.0411" })
      assert.strictEqual(Fill.fromWireJanuary2026(exact).count, 199)
      assert.strictEqual(Fill.fromWireJanuary2026(exact).price, 41_100)
      assert.strictEqual(Fill.fromWireJanuary2026(decodeJanuary(base)).count, 100)
    })

    it("has a fee and a subaccount where the record has them", () => {
      const fill = Fill.fromWireJanuary2026(decodeJanuary({ ...base, fee_cost: "0.012345", subaccount_number: 2 }))
      assert.strictEqual(fill.fee, 12_345)
      assert.strictEqual(fill.subaccount, 2)
    })

    it("does not tell what a sell was, nor a fee", () => {
      const fill = Fill.fromWireJanuary2026(decodeJanuary({ ...base, action: "sell", ts: 7 }))
      assert.strictEqual(fill.side, "unknown")
      assert.strictEqual(fill.createdAt, 7_000_000)
      assert.notProperty(fill, "fee")
    })
  })

  describe("2.0.0", () => {
    const decode2024 = Schema.decodeUnknownSync(Legacy.Fill)

    it("is in whole cents and contracts, and has no fee", () => {
      assert.deepStrictEqual<unknown>(Fill.fromWire2024(decode2024(Handmade.of2024.fill)), {
        tradeId: "43db2a6b-63dc-4493-8674-3307da176d64",
        orderId: "6e44d48f-cdf5-4181-ad6c-5c740920b5f0",
        ticker: "CPI-24AUG-T0.2",
        side: "ask",
        price: 370_000,
        count: 1200,
        isTaker: false,
        createdAt: 1_723_638_600_123_456
      })
    })

    it("does not tell what a sell was", () => {
      assert.strictEqual(Fill.fromWire2024(decode2024({ ...Handmade.of2024.fill, action: "sell" })).side, "unknown")
    })
  })
})
