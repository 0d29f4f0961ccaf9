import { assert, describe, it } from "@effect/vitest"
import * as Schema from "effect/Schema"
import * as January2026 from "effect-kalshi/api/legacy/January2026"
import * as Api from "effect-kalshi/api/Markets"
import * as Dollars from "effect-kalshi/Dollars"
import * as Market from "effect-kalshi/models/Market"
import * as PriceGrid from "effect-kalshi/PriceGrid"
import * as Golden from "./Golden.ts"
import * as Laws from "./Laws.ts"

const wire = {
  ticker: "KXA-1",
  event_ticker: "KXA",
  market_type: "binary",
  title: "A?",
  open_time: "2026-11-20T10:00:00Z",
  close_time: "2026-11-21T10:00:00Z",
  status: "active",
  yes_bid_dollars: "0.4150",
  yes_bid_size_fp: "12.50",
  yes_ask_dollars: "0.4300",
  yes_ask_size_fp: "3.00",
  last_price_dollars: "0.4200",
  volume_fp: "1000.25",
  open_interest_fp: "0.00",
  result: "",
  price_level_structure: "deci_cent",
  price_ranges: [{ start: "0.0000", end: "1.0000", step: "0.0010" }],
  exchange_index: 2
}
const read = (change: object) => Market.fromWire(Schema.decodeUnknownSync(Api.Market)({ ...wire, ...change }))

describe("Market", () => {
  Laws.reads("today", Api.Market, Market.Market, Market.fromWire)
  Laws.reads("January 2026", January2026.Market, Market.Market, Market.fromWireJanuary2026)

  it("reads today's wire", () => {
    const market = read({})
    assert.deepStrictEqual<unknown>(market, {
      ticker: "KXA-1",
      eventTicker: "KXA",
      title: "A?",
      type: "binary",
      status: "active",
      openTime: 1_795_168_800_000_000,
      closeTime: 1_795_255_200_000_000,
      bid: 415_000,
      bidSize: 1250,
      ask: 430_000,
      askSize: 300,
      lastPrice: 420_000,
      volume: 100_025,
      openInterest: 0,
      priceLevelStructure: "deci_cent",
      bands: [{ start: 0, end: 1_000_000, step: 1000 }],
      exchangeIndex: 2
    })
    Laws.roundTrip(Market.Market, market)
  })

  it("a side where nobody quotes is absent, and so is a price before the first trade", () => {
    const market = read({
      yes_bid_dollars: "0.0000",
      yes_bid_size_fp: "0.00",
      yes_ask_dollars: "1.0000",
      yes_ask_size_fp: "0.00",
      last_price_dollars: "0.0000"
    })
    for (const key of ["bid", "bidSize", "ask", "askSize", "lastPrice", "result"]) assert.notProperty(market, key)
  })

  it("has its result when there is one", () => {
    const market = read({
      status: "finalized",
      result: "scalar",
      settlement_value_dollars: "0.3333",
      settlement_ts: "2026-11-21T11:00:00Z",
      fee_waiver_expiration_time: "2026-11-20T11:00:00Z"
    })
    assert.strictEqual(market.result, "scalar")
    assert.strictEqual(market.settlementValue, 333_300)
    assert.strictEqual(market.settledAt, 1_795_258_800_000_000)
    assert.strictEqual(market.feeWaiverUntil, 1_795_172_400_000_000)
    // NO won: YES paid nothing, which is known and not absent
    assert.strictEqual(read({ result: "no", settlement_value_dollars: "0.0000" }).settlementValue, 0)
  })

  it("has a grid when its ranges are known", () => {
    const grid = Market.grid(read({}))
    if (grid === undefined) return assert.fail("no grid")
    assert.isTrue(PriceGrid.contains(grid, Dollars.cents(41.5)))
    assert.isFalse(PriceGrid.contains(grid, Dollars.cents(41.55)))
    assert.strictEqual(Market.grid(read({ price_ranges: null })), undefined)
    assert.strictEqual(Market.grid(read({ price_ranges: [] })), undefined)
  })

  describe("January 2026", () => {
    it("was recorded, with no one in its book", () => {
      const market = Market.fromWireJanuary2026(Golden.read("market_single", January2026.GetMarketResponse).market)
      assert.deepStrictEqual<unknown>(market, {
        ticker: "KXMVENFLSINGLEGAME-S202513E70FA7695-688BECB3826",
        eventTicker: "KXMVENFLSINGLEGAME-S202513E70FA7695",
        title: "[text removed]",
        type: "binary",
        status: "active",
        openTime: 1_768_255_690_402_546,
        closeTime: 1_769_476_500_000_000,
        // yes_ask was "0.0000" and no_bid "1.0000": nobody quoted
        volume: 0,
        openInterest: 0,
        priceLevelStructure: "deci_cent",
        bands: [{ start: 0, end: 1_000_000, step: 1000 }]
      })
      Laws.roundTrip(Market.Market, market)
    })

    it("prefers exact prices to cents", () => {
      const base = {
        ticker: "KXA-1",
        event_ticker: "KXA",
        market_type: "binary",
        open_time: "2026-01-01T00:00:00Z",
        close_time: "2026-01-02T00:00:00Z",
        status: "active",
        yes_bid: 4,
        yes_ask: 5,
        last_price: 4
      }
      const decode = Schema.decodeUnknownSync(January2026.Market)
      const cents = Market.fromWireJanuary2026(decode(base))
      assert.deepStrictEqual<unknown>([cents.bid, cents.ask, cents.lastPrice], [40_000, 50_000, 40_000])
      assert.deepStrictEqual(cents.bands, [])
      const exact = Market.fromWireJanuary2026(
        decode({ ...base, yes_bid_dollars: "0.0410", yes_ask_dollars: "0.0470", last_price_dollars: "0.0440" })
      )
      assert.deepStrictEqual<unknown>([exact.bid, exact.ask, exact.lastPrice], [41_000, 47_000, 44_000])
    })
  })
})
