import { assert, describe, it } from "@effect/vitest"
import * as Schema from "effect/Schema"
import * as January2026 from "effect-kalshi/api/legacy/January2026"
import * as Legacy from "effect-kalshi/api/legacy/Portfolio"
import * as Api from "effect-kalshi/api/Portfolio"
import * as Position from "effect-kalshi/models/Position"
import * as Golden from "./Golden.ts"
import * as Handmade from "./Handmade.ts"
import * as Laws from "./Laws.ts"

describe("Position", () => {
  Laws.reads("market, today", Api.MarketPosition, Position.MarketPosition, Position.fromWire)
  Laws.reads("market, January 2026", January2026.MarketPosition, Position.MarketPosition, Position.fromWireJanuary2026)
  Laws.reads("event, today", Api.EventPosition, Position.EventPosition, Position.eventFromWire)
  Laws.reads(
    "event, January 2026",
    January2026.EventPosition,
    Position.EventPosition,
    Position.eventFromWireJanuary2026
  )
  Laws.reads("market, 2.0.0", Legacy.MarketPosition, Position.MarketPosition, Position.fromWire2024)
  Laws.reads("event, 2.0.0", Legacy.EventPosition, Position.EventPosition, Position.eventFromWire2024)

  it("reads today's wire, NO with a minus", () => {
    const wire = Schema.decodeUnknownSync(Api.GetPositionsResponse)({
      market_positions: [
        {
          ticker: "KXA",
          exchange_index: 2,
          total_traded_dollars: "6.200000",
          position_fp: "-6.25",
          market_exposure_dollars: "2.400000",
          realized_pnl_dollars: "-0.600000",
          fees_paid_dollars: "0.017472",
          last_updated_ts: "2026-11-20T10:00:00Z"
        }
      ],
      event_positions: [
        {
          event_ticker: "KXE",
          total_cost_dollars: "6.2",
          total_cost_shares_fp: "14.00",
          event_exposure_dollars: "2.4",
          realized_pnl_dollars: "0.6",
          fees_paid_dollars: "0.017472"
        }
      ],
      cursor: ""
    })
    assert.deepStrictEqual<unknown>(Position.fromWire(Golden.first(wire.market_positions)), {
      ticker: "KXA",
      position: -625,
      exposure: 2_400_000,
      totalTraded: 6_200_000,
      realizedPnl: -600_000,
      feesPaid: 17_472,
      updatedAt: 1_795_168_800_000_000,
      exchangeIndex: 2
    })
    assert.deepStrictEqual<unknown>(Position.eventFromWire(Golden.first(wire.event_positions)), {
      eventTicker: "KXE",
      totalCost: 6_200_000,
      totalContracts: 1400,
      exposure: 2_400_000,
      realizedPnl: 600_000,
      feesPaid: 17_472
    })
  })

  it("was recorded", () => {
    const wire = Golden.read("portfolio_positions", January2026.GetPositionsResponse)
    const markets = (wire.market_positions ?? []).map(Position.fromWireJanuary2026)
    const events = (wire.event_positions ?? []).map(Position.eventFromWireJanuary2026)
    assert.isAbove(markets.length, 1)
    assert.isAbove(events.length, 1)
    assert.deepStrictEqual<unknown>(Golden.first(markets), {
      ticker: "KXEXAMPLE-9C7BFD30C721",
      position: 3200,
      exposure: 393_010_000,
      totalTraded: 436_170_000,
      realizedPnl: 0,
      feesPaid: 136_190_000,
      resting: 0,
      updatedAt: 1_768_061_471_109_894
    })
    assert.deepStrictEqual<unknown>(Golden.first(events), {
      eventTicker: "KXEXAMPLE-C2A62CE745E4",
      totalCost: 50_840_000,
      totalContracts: 3200,
      exposure: 464_850_000,
      realizedPnl: 0,
      feesPaid: 136_190_000
    })
    for (const position of markets) Laws.roundTrip(Position.MarketPosition, position)
    for (const position of events) Laws.roundTrip(Position.EventPosition, position)
  })

  it("the cents of a record say what its strings say", () => {
    const wire = Golden.read("portfolio_positions", January2026.GetPositionsResponse)
    for (const record of wire.market_positions ?? []) {
      const { fees_paid_dollars, market_exposure_dollars, realized_pnl_dollars, total_traded_dollars, ...cents } =
        record
      assert.isString(record.ticker)
      assert.deepStrictEqual(Position.fromWireJanuary2026(cents), Position.fromWireJanuary2026(record))
      assert.notInclude([fees_paid_dollars, market_exposure_dollars, realized_pnl_dollars, total_traded_dollars], null)
    }
  })

  it("prefers the exact strings of January 2026", () => {
    const { eventPosition, marketPosition } = Handmade.ofJanuary2026
    const position = Position.fromWireJanuary2026(Schema.decodeUnknownSync(January2026.MarketPosition)(marketPosition))
    assert.deepStrictEqual<unknown>(position, {
      ticker: "KXA",
      position: -450,
      exposure: 2_632_051,
      totalTraded: 1_867_951,
      realizedPnl: -310_001,
      feesPaid: 76_501,
      resting: 500,
      updatedAt: 1_770_717_601_000_000
    })
    const event = Position.eventFromWireJanuary2026(Schema.decodeUnknownSync(January2026.EventPosition)(eventPosition))
    assert.deepStrictEqual<unknown>(event, {
      eventTicker: "KXE",
      totalCost: 1_867_951,
      totalContracts: 1475,
      exposure: 2_632_051,
      realizedPnl: -310_001,
      feesPaid: 76_501,
      resting: 500
    })
  })

  it("of 2.0.0 tells the contracts that rest", () => {
    const { eventPosition, marketPosition } = Handmade.of2024
    const position = Position.fromWire2024(Schema.decodeUnknownSync(Legacy.MarketPosition)(marketPosition))
    assert.deepStrictEqual<unknown>(position, {
      ticker: "CPI-24AUG-T0.2",
      position: -1200,
      exposure: 7_560_000,
      totalTraded: 5_640_000,
      realizedPnl: -310_000,
      feesPaid: 90_000,
      resting: 2100,
      updatedAt: 1_723_638_660_000_000
    })
    const event = Position.eventFromWire2024(Schema.decodeUnknownSync(Legacy.EventPosition)(eventPosition))
    assert.deepStrictEqual<unknown>(event, {
      eventTicker: "CPI-24AUG",
      totalCost: 5_640_000,
      exposure: 7_560_000,
      realizedPnl: -310_000,
      feesPaid: 90_000,
      resting: 2100
    })
  })
})
