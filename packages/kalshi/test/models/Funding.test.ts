import { assert, describe, it } from "@effect/vitest"
import * as Schema from "effect/Schema"
import * as Api from "effect-kalshi/api/Portfolio"
import * as Funding from "effect-kalshi/models/Funding"
import * as Laws from "./Laws.ts"

const wire = {
  id: "d-1",
  status: "applied",
  type: "ach",
  amount_cents: 12_345,
  fee_cents: 7,
  created_ts: 1_795_168_800,
  finalized_ts: 1_795_168_900
}

describe("Funding", () => {
  Laws.reads("a deposit", Api.Deposit, Funding.Deposit, Funding.depositFromWire)
  Laws.reads("a withdrawal", Api.Withdrawal, Funding.Withdrawal, Funding.withdrawalFromWire)

  it("is in cents and seconds on the wire", () => {
    const expected = {
      id: "d-1",
      status: "applied",
      type: "ach",
      amount: 123_450_000,
      fee: 70_000,
      createdAt: 1_795_168_800_000_000,
      finalizedAt: 1_795_168_900_000_000
    }
    const deposit = Funding.depositFromWire(Schema.decodeUnknownSync(Api.Deposit)(wire))
    assert.deepStrictEqual<unknown>(deposit, expected)
    Laws.roundTrip(Funding.Deposit, deposit)
    const withdrawal = Funding.withdrawalFromWire(Schema.decodeUnknownSync(Api.Withdrawal)(wire))
    assert.deepStrictEqual<unknown>(withdrawal, expected)
  })

  it("has no end while it is pending, and keeps words that came later", () => {
    for (const finalized_ts of [null, undefined]) {
      const deposit = Funding.depositFromWire(
        Schema.decodeUnknownSync(Api.Deposit)({ ...wire, status: "held", type: "card", finalized_ts })
      )
      assert.notProperty(deposit, "finalizedAt")
      assert.deepStrictEqual([deposit.status, deposit.type], ["held", "card"])
    }
  })

  it("refuses a part of a cent", () => {
    assert.throws(() => Schema.decodeUnknownSync(Api.Deposit)({ ...wire, amount_cents: 1.5 }))
  })
})
