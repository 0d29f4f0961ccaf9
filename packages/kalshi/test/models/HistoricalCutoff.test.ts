import { assert, describe, it } from "@effect/vitest"
import * as Schema from "effect/Schema"
import * as Api from "effect-kalshi/api/Historical"
import * as HistoricalCutoff from "effect-kalshi/models/HistoricalCutoff"
import * as Laws from "./Laws.ts"

const decode = Schema.decodeUnknownSync(Api.GetHistoricalCutoffResponse)

// as the exchange was seen to answer on 2026-09-25
const wire = {
  market_settled_ts: "2026-07-27T00:00:00Z",
  trades_created_ts: "2026-07-27T00:00:00Z",
  orders_updated_ts: "2026-09-11T00:00:00Z",
  market_positions_last_updated_ts: "2026-07-27T00:00:00Z"
}

describe("HistoricalCutoff", () => {
  Laws.reads("today", Api.GetHistoricalCutoffResponse, HistoricalCutoff.HistoricalCutoff, HistoricalCutoff.fromWire)

  it("has one instant for each kind of record, text on the wire whatever its name says", () => {
    const cutoff = HistoricalCutoff.fromWire(decode(wire))
    assert.deepStrictEqual<unknown>(cutoff, {
      marketsSettled: 1_785_110_400_000_000,
      trades: 1_785_110_400_000_000,
      orders: 1_789_084_800_000_000,
      positions: 1_785_110_400_000_000
    })
    Laws.roundTrip(HistoricalCutoff.HistoricalCutoff, cutoff)
    assert.throws(() => decode({ ...wire, orders_updated_ts: 1_789_084_800 }))
  })

  it("may not tell that of positions", () => {
    const { market_positions_last_updated_ts: _, ...older } = wire
    assert.notProperty(HistoricalCutoff.fromWire(decode(older)), "positions")
  })
})
