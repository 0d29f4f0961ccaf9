import { assert, describe, it } from "@effect/vitest"
import * as Schema from "effect/Schema"
import * as January2026 from "effect-kalshi/api/legacy/January2026"
import * as Api from "effect-kalshi/api/Markets"
import * as Trade from "effect-kalshi/models/Trade"
import * as Golden from "./Golden.ts"
import * as Laws from "./Laws.ts"

const decode = Schema.decodeUnknownSync(Api.Trade)
const decodeJanuary = Schema.decodeUnknownSync(January2026.Trade)

const wire = {
  trade_id: "t-1",
  ticker: "KXA",
  count_fp: "4.50",
  yes_price_dollars: "0.4150",
  no_price_dollars: "0.5850",
  taker_side: "no",
  taker_outcome_side: "no",
  taker_book_side: "ask",
  created_time: "2026-11-20T10:00:00.000001Z",
  is_block_trade: false
}

describe("Trade", () => {
  Laws.reads("today", Api.Trade, Trade.Trade, Trade.fromWire)
  Laws.reads("January 2026", January2026.Trade, Trade.Trade, Trade.fromWireJanuary2026)

  it("reads today's wire", () => {
    const trade = Trade.fromWire(decode(wire))
    assert.deepStrictEqual<unknown>(trade, {
      tradeId: "t-1",
      ticker: "KXA",
      takerSide: "ask",
      price: 415_000,
      count: 450,
      createdAt: 1_795_168_800_000_001,
      isBlock: false
    })
    assert.strictEqual(Trade.key(trade), "t-1")
    Laws.roundTrip(Trade.Trade, trade)
  })

  it("knows the taker by any of the three names, and by none where two contradict each other", () => {
    const { taker_book_side: _, taker_outcome_side: __, taker_side: ___, ...bare } = wire
    const side = (names: object) => Trade.fromWire(decode({ ...bare, ...names })).takerSide
    assert.strictEqual(side({ taker_book_side: "bid" }), "bid")
    assert.strictEqual(side({ taker_outcome_side: "no" }), "ask")
    assert.strictEqual(side({ taker_side: "yes" }), "bid")
    assert.strictEqual(side({ taker_side: "no" }), "ask")
    assert.strictEqual(side({ taker_book_side: "bid", taker_outcome_side: "no" }), "unknown")
    // the names of today decide
    assert.strictEqual(side({ taker_side: "no", taker_book_side: "bid" }), "bid")
    assert.strictEqual(side({}), "unknown")
    assert.strictEqual(side({ taker_side: "maybe" }), "unknown")
  })

  it("was recorded in January 2026", () => {
    const { cursor, trades } = Golden.read("trades_list", January2026.GetTradesResponse)
    const models = (trades ?? []).map(Trade.fromWireJanuary2026)
    assert.strictEqual(cursor, "EhIKEGiNwc3pm3X2QYbRDgixEEEaDAjN9pPLBhDIivDDAQ")
    assert.deepStrictEqual<unknown>(Golden.first(models), {
      tradeId: "961535f3-d80f-5462-e91d-88d4fe6db285",
      ticker: "KXPERSONMARS-99",
      takerSide: "ask",
      price: 60_000,
      count: 100,
      createdAt: 1_768_230_020_897_212
    })
    assert.strictEqual(new Set(models.map(Trade.key)).size, 5)
    for (const trade of models) Laws.roundTrip(Trade.Trade, trade)
  })

  it("prefers the exact strings of January 2026", () => {
    const base = { trade_id: "t", ticker: "KXA", count: 1, yes_price: 4, created_time: "2026-01-30T00:00:00Z" }
    const exact = Trade.fromWireJanuary2026(
      decodeJanuary({ ...base, count_fp: "1.99", yes_price_dollars: "0.0410", taker_side: "yes" })
    )
    assert.deepStrictEqual([exact.count, exact.price, exact.takerSide], [199, 41_000, "bid"])
    const whole = Trade.fromWireJanuary2026(decodeJanuary(base))
    assert.deepStrictEqual([whole.count, whole.price, whole.takerSide], [100, 40_000, "unknown"])
    assert.notProperty(whole, "isBlock")
  })
})
