import { assert, describe, it } from "@effect/vitest"
import * as Arbitrary from "effect/Arbitrary"
import * as Schema from "effect/Schema"
import * as Api from "effect-kalshi/api/Orders"
import * as Contracts from "effect-kalshi/Contracts"
import * as OrderResult from "effect-kalshi/models/OrderResult"
import * as Timestamp from "effect-kalshi/Timestamp"
import * as Generators from "../Generators.ts"
import * as Laws from "./Laws.ts"

type TimeInForce = OrderResult.Asked["timeInForce"]
const GTC = "good_till_canceled"
const IOC = "immediate_or_cancel"
const FOK = "fill_or_kill"

const result = (timeInForce: TimeInForce, filled: string, remaining: string, change: object = {}) =>
  OrderResult.fromWire(
    { timeInForce, count: Contracts.of(10) },
    Schema.decodeUnknownSync(Api.CreateOrderResponse)({
      order_id: "o-1",
      client_order_id: "c-1",
      fill_count: filled,
      remaining_count: remaining,
      ts_ms: 1795190400123,
      ...change
    })
  )

const counts = Arbitrary.map(Generators.integer(0, 2_000), Contracts.centis)

describe("OrderResult", () => {
  it("decides by counts and time in force", () => {
    for (const [timeInForce, filled, remaining, tag, rests] of [
      [GTC, "0.00", "10.00", "Resting", 1000],
      [GTC, "4.00", "6.00", "PartlyFilled", 600],
      [GTC, "10.00", "0.00", "Filled", 0],
      // met an order of its own user, or had no position to reduce
      [GTC, "0.00", "0.00", "Cancelled", 0],
      // traded, then met an order of its own user; or was cut to a smaller position
      [GTC, "4.00", "0.00", "Cancelled", 0],
      // was cut to a smaller position, and rests
      [GTC, "0.00", "3.00", "Resting", 300],
      [GTC, "1.00", "3.00", "PartlyFilled", 300],
      [IOC, "0.00", "0.00", "Cancelled", 0],
      [IOC, "4.00", "0.00", "Cancelled", 0],
      // whatever the answer says, the rest of an immediate order does not rest
      [IOC, "4.00", "6.00", "Cancelled", 0],
      [IOC, "0.00", "10.00", "Cancelled", 0],
      [IOC, "10.00", "0.00", "Filled", 0],
      [FOK, "10.00", "0.00", "Filled", 0],
      [FOK, "0.00", "0.00", "Cancelled", 0],
      [FOK, "4.00", "6.00", "Cancelled", 0]
    ] as const) {
      const told = result(timeInForce, filled, remaining)
      assert.strictEqual(told._tag, tag, `${timeInForce} ${filled} ${remaining}`)
      assert.strictEqual<number>(told.remaining, rests)
      assert.strictEqual(Contracts.format(told.filled), filled)
      Laws.roundTrip(OrderResult.OrderResult, told)
    }
  })

  it("has what the answer has", () => {
    assert.deepStrictEqual<unknown>(
      result(GTC, "4.00", "6.00", { average_fill_price: "0.4150", average_fee_paid: "0.0170" }),
      {
        _tag: "PartlyFilled",
        orderId: "o-1",
        clientOrderId: "c-1",
        filled: 400,
        remaining: 600,
        averagePrice: 415_000,
        averageFee: 17_000,
        at: 1_795_190_400_123_000
      }
    )
    const bare = result(GTC, "0.00", "10.00", { client_order_id: "", average_fill_price: null, average_fee_paid: null })
    assert.deepStrictEqual<unknown>(bare, {
      _tag: "Resting",
      orderId: "o-1",
      filled: 0,
      remaining: 1000,
      at: 1_795_190_400_123_000
    })
  })

  it.prop(
    "tag and counts never disagree",
    [Schema.Literals([GTC, IOC, FOK]), counts, counts, counts],
    ([timeInForce, count, fill_count, remaining_count]) => {
      const told = OrderResult.fromWire(
        { timeInForce, count },
        {
          order_id: "o",
          fill_count,
          remaining_count,
          ts_ms: Timestamp.fromMillis(0)
        }
      )
      assert.strictEqual(told.filled, fill_count)
      if (timeInForce !== GTC) assert.strictEqual(told.remaining, 0)
      OrderResult.OrderResult.match(told, {
        Resting: ({ filled, remaining }) => assert.isTrue(filled === 0 && remaining > 0),
        PartlyFilled: ({ filled, remaining }) => assert.isTrue(filled > 0 && remaining > 0),
        Filled: ({ filled, remaining }) => assert.isTrue(filled > 0 && filled >= count && remaining === 0),
        Cancelled: ({ filled, remaining }) => assert.isTrue((filled < count || filled === 0) && remaining === 0)
      })
    },
    { arbitrary: { runs: 500 } }
  )
})
