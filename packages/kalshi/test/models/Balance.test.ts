import { assert, describe, it } from "@effect/vitest"
import * as Schema from "effect/Schema"
import * as January2026 from "effect-kalshi/api/legacy/January2026"
import * as Legacy from "effect-kalshi/api/legacy/Portfolio"
import * as Api from "effect-kalshi/api/Portfolio"
import * as Balance from "effect-kalshi/models/Balance"
import * as Golden from "./Golden.ts"
import * as Laws from "./Laws.ts"

const decode = Schema.decodeUnknownSync(Api.GetBalanceResponse)

describe("Balance", () => {
  Laws.reads("today", Api.GetBalanceResponse, Balance.Balance, Balance.fromWire)
  Laws.reads("January 2026", January2026.GetBalanceResponse, Balance.Balance, Balance.fromWireJanuary2026)
  Laws.reads("2.0.0", Legacy.GetBalanceResponse, Balance.Balance, Balance.fromWire2024)

  it("prefers the exact string", () => {
    const wire = { balance: 12345, balance_dollars: "123.4567", portfolio_value: 25000, updated_ts: 1768231443 }
    assert.deepStrictEqual<unknown>(Balance.fromWire(decode(wire)), {
      available: 123_456_700,
      portfolioValue: 250_000_000,
      updatedAt: 1_768_231_443_000_000
    })
  })

  it("has what each shard holds", () => {
    const balance = Balance.fromWire(
      decode({
        balance: 300,
        portfolio_value: 0,
        updated_ts: 1,
        balance_breakdown: [
          { exchange_index: 0, balance: "1.0000" },
          { exchange_index: 2, balance: "2.0001" }
        ]
      })
    )
    assert.strictEqual(balance.available, 3_000_000)
    assert.deepStrictEqual<unknown>(balance.byShard, [
      { exchangeIndex: 0, available: 1_000_000 },
      { exchangeIndex: 2, available: 2_000_100 }
    ])
    const none = Balance.fromWire(decode({ balance: 0, portfolio_value: 0, updated_ts: 1, balance_breakdown: null }))
    assert.notProperty(none, "byShard")
  })

  it("was recorded", () => {
    const balance = Balance.fromWireJanuary2026(Golden.read("portfolio_balance", January2026.GetBalanceResponse))
    assert.deepStrictEqual<unknown>(balance, {
      available: 100_000_000,
      portfolioValue: 250_000_000,
      updatedAt: 1_768_231_443_000_000
    })
    Laws.roundTrip(Balance.Balance, balance)
    // today's wire reads it too
    assert.deepStrictEqual(Balance.fromWire(Golden.read("portfolio_balance", Api.GetBalanceResponse)), balance)
  })
})
