import { assert, describe, it } from "@effect/vitest"
import * as Schema from "effect/Schema"
import * as Api from "effect-kalshi/api/Subaccounts"
import * as Dollars from "effect-kalshi/Dollars"
import * as SubaccountBalance from "effect-kalshi/models/SubaccountBalance"
import * as SubaccountTransfer from "effect-kalshi/models/SubaccountTransfer"
import * as Laws from "./Laws.ts"

const ID = "00000000-0000-4000-8000-000000000001"
const request = { from: 0, to: 1, amount: Dollars.of(12.34) }

describe("SubaccountBalance", () => {
  Laws.reads("today", Api.SubaccountBalance, SubaccountBalance.SubaccountBalance, SubaccountBalance.fromWire)

  it("reads today's wire, with a shard and without", () => {
    const wire = { subaccount_number: 3, balance: "12.345600", updated_ts: 1_795_168_800 }
    const read = (more: object) =>
      SubaccountBalance.fromWire(Schema.decodeUnknownSync(Api.SubaccountBalance)({ ...wire, ...more }))
    const balance = { subaccount: 3, available: 12_345_600, updatedAt: 1_795_168_800_000_000 }
    assert.deepStrictEqual<unknown>(read({}), balance)
    assert.deepStrictEqual<unknown>(read({ exchange_index: 2 }), { ...balance, exchangeIndex: 2 })
  })
})

describe("SubaccountTransfer", () => {
  Laws.reads("today", Api.SubaccountTransfer, SubaccountTransfer.SubaccountTransfer, SubaccountTransfer.fromWire)

  it("reads today's wire", () => {
    const wire = {
      transfer_id: "t",
      from_subaccount: 0,
      to_subaccount: 63,
      amount_cents: 1234,
      created_ts: 1_795_168_800,
      exchange_index: 0
    }
    assert.deepStrictEqual<unknown>(
      SubaccountTransfer.fromWire(Schema.decodeUnknownSync(Api.SubaccountTransfer)(wire)),
      {
        transferId: "t",
        from: 0,
        to: 63,
        amount: 12_340_000,
        createdAt: 1_795_168_800_000_000,
        exchangeIndex: 0
      }
    )
  })

  it("says it in cents, and leaves out what is absent", () => {
    const encode = Schema.encodeSync(Api.ApplySubaccountTransferRequest)
    assert.deepStrictEqual(encode(SubaccountTransfer.toWire(request, ID)), {
      client_transfer_id: ID,
      from_subaccount: 0,
      to_subaccount: 1,
      amount_cents: 1234
    })
    assert.propertyVal(encode(SubaccountTransfer.toWire({ ...request, exchangeIndex: 2 }, ID)), "exchange_index", 2)
  })

  it.prop("takes whole cents alone, more than none", [Dollars.Dollars], ([amount]) => {
    const wrong = SubaccountTransfer.check({ ...request, amount })
    assert.strictEqual(wrong === undefined, amount > 0 && amount % 10_000 === 0)
    const cents = Dollars.round(amount, Dollars.cents(1), "floor")
    assert.strictEqual(SubaccountTransfer.check({ ...request, amount: cents }) === undefined, cents > 0)
  })

  it("takes two subaccounts that there can be, and a UUID", () => {
    const field = (change: object) => SubaccountTransfer.check({ ...request, ...change })?.field
    assert.isUndefined(field({ from: 63, to: 0, clientTransferId: ID }))
    assert.strictEqual(field({ from: 64 }), "from")
    assert.strictEqual(field({ to: 1.5 }), "to")
    assert.strictEqual(field({ to: 0 }), "to")
    assert.strictEqual(field({ clientTransferId: "" }), "clientTransferId")
    assert.strictEqual(field({ clientTransferId: ID.replace("0001", "000A") }), "clientTransferId")
  })
})
