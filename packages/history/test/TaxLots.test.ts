import { Ledger, TaxLots } from "@effect-kalshi/history"
import { assert, it } from "@effect/vitest"
import { parse } from "csv-parse/sync"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import { Dollars } from "effect-kalshi"
import { day, fill, market, settlement, transfer } from "./ledger/records.ts"

const fills = [
  fill("bid", 10, 0.4, day(1), { fee: Dollars.of(0.1) }),
  fill("bid", 10, 0.6, day(2), { fee: Dollars.of(0.2) }),
  fill("ask", 15, 0.7, day(3), { fee: Dollars.of(0.1) })
]
const ledger = Ledger.make({
  fills,
  transfers: [transfer(0, 1, 1, day(2))],
  settlements: [settlement(fills, { _tag: "yes" }, 5, day(20))],
  markets: [market(1)]
})

const brief = (options: TaxLots.Options) =>
  TaxLots.fromLedger(ledger, options).map(({ acquired, closedBy, contracts, cost, disposed, gain, proceeds }) => [
    acquired,
    disposed,
    contracts / 100,
    Dollars.toNumber(proceeds),
    Dollars.toNumber(cost),
    Dollars.toNumber(gain),
    closedBy
  ])

it("a row is a lot, fees in what it cost and gave, the last part with what rounding left", () => {
  assert.deepStrictEqual(brief({ method: "fifo" }), [
    [day(1), day(3), 10, 6.933334, 4.1, 2.833334, "trade"],
    [day(2), day(3), 5, 3.466666, 3.1, 0.366666, "trade"],
    [day(2), day(20), 5, 5, 3.1, 1.9, "settlement"]
  ])
})

it("by average lots bear the same, wherever they come from", () => {
  assert.deepStrictEqual(brief({ method: "average" }), [
    [day(1), day(3), 10, 6.933334, 5.15, 1.783334, "trade"],
    [day(2), day(3), 5, 3.466666, 2.575, 0.891666, "trade"],
    [day(2), day(20), 5, 5, 2.575, 2.425, "settlement"]
  ])
})

it("a period is of lots that were closed in it, its end not included", () => {
  assert.strictEqual(TaxLots.fromLedger(ledger, { method: "fifo", until: day(20) }).length, 2)
  assert.strictEqual(TaxLots.fromLedger(ledger, { method: "fifo", from: day(20) }).length, 1)
  const july = TaxLots.fromLedger(ledger, { method: "fifo", from: day(1), until: day(32) })
  assert.strictEqual(Dollars.sum(july.map(({ gain }) => gain)), ledger.totals.gain.fifo)
})

it.effect("as CSV others read what was written", () =>
  Effect.gen(function* () {
    const lots = TaxLots.fromLedger(ledger, { method: "fifo" })
    const text = yield* Stream.mkString(TaxLots.csv(lots))
    const rows: ReadonlyArray<Record<string, string>> = parse(text, { columns: true })
    assert.deepStrictEqual(rows[0], {
      acquired: "2026-07-01T12:00:00Z",
      disposed: "2026-07-03T12:00:00Z",
      market: "KXA-26JUL-T1",
      side: "yes",
      contracts: "10.00",
      proceeds: "6.933334",
      cost: "4.1000",
      gain: "2.833334",
      fees: "0.166666",
      subaccount: "0",
      method: "fifo",
      closedBy: "trade"
    })
    assert.deepStrictEqual(yield* Schema.decodeUnknownEffect(Schema.Array(TaxLots.TaxLot))(rows), lots)
    assert.isTrue(text.endsWith("\r\n"))
  })
)
