import { assert, describe, it } from "@effect/vitest"
import * as Arbitrary from "effect/Arbitrary"
import * as Schema from "effect/Schema"
import * as January2026 from "effect-kalshi/api/legacy/January2026"
import * as Legacy from "effect-kalshi/api/legacy/Orders"
import * as Api from "effect-kalshi/api/Orders"
import * as Contracts from "effect-kalshi/Contracts"
import * as Order from "effect-kalshi/models/Order"
import * as Generators from "../Generators.ts"
import * as Golden from "./Golden.ts"
import * as Handmade from "./Handmade.ts"
import * as Laws from "./Laws.ts"

const decode = Schema.decodeUnknownSync(Api.Order)

const wire = {
  order_id: "o-1",
  user_id: "u-1",
  client_order_id: "c-1",
  ticker: "KXA",
  outcome_side: "no",
  book_side: "ask",
  type: "limit",
  status: "resting",
  yes_price_dollars: "0.4410",
  no_price_dollars: "0.5590",
  fill_count_fp: "4.00",
  remaining_count_fp: "6.50",
  initial_count_fp: "10.50",
  taker_fill_cost_dollars: "2.236000",
  maker_fill_cost_dollars: "0.000000",
  taker_fees_dollars: "0.069100",
  maker_fees_dollars: "0.000000",
  expiration_time: "2026-11-21T00:00:00Z",
  created_time: "2026-11-20T10:00:00.5Z",
  last_update_time: "2026-11-20T10:00:01Z",
  self_trade_prevention_type: "maker",
  order_group_id: "g-1",
  cancel_order_on_pause: false,
  subaccount_number: 3,
  exchange_index: 1
}

describe("Order", () => {
  Laws.reads("today", Api.Order, Order.Order, Order.fromWire)
  Laws.reads("January 2026", January2026.Order, Order.Order, Order.fromWireJanuary2026)

  it("reads today's wire", () => {
    assert.deepStrictEqual<unknown>(Order.fromWire(decode(wire)), {
      orderId: "o-1",
      clientOrderId: "c-1",
      ticker: "KXA",
      side: "ask",
      price: 441_000,
      status: "resting",
      initial: 1050,
      filled: 400,
      remaining: 650,
      takerCost: 2_236_000,
      makerCost: 0,
      takerFees: 69_100,
      makerFees: 0,
      expiresAt: 1_795_219_200_000_000,
      createdAt: 1_795_168_800_500_000,
      updatedAt: 1_795_168_801_000_000,
      selfTradePrevention: "maker",
      orderGroupId: "g-1",
      cancelOnPause: false,
      subaccount: 3,
      exchangeIndex: 1
    })
  })

  it("empty and null are absent, and members of later become themselves", () => {
    const order = Order.fromWire(
      decode({
        order_id: "o-1",
        client_order_id: "",
        ticker: "KXA",
        status: "suspended",
        yes_price_dollars: "0.44",
        fill_count_fp: "0.00",
        remaining_count_fp: "0.00",
        initial_count_fp: "1.00",
        expiration_time: null,
        order_group_id: null,
        subaccount_number: null,
        self_trade_prevention_type: ""
      })
    )
    assert.deepStrictEqual<unknown>(order, {
      orderId: "o-1",
      ticker: "KXA",
      side: "unknown",
      price: 440_000,
      status: "suspended",
      initial: 100,
      filled: 0,
      remaining: 0
    })
  })

  it("an old sell is unknown, not guessed", () => {
    const { book_side: _, outcome_side: __, ...old } = wire
    assert.strictEqual(Order.fromWire(decode({ ...old, action: "sell", side: "no" })).side, "unknown")
    assert.strictEqual(Order.fromWire(decode({ ...old, action: "buy", side: "no" })).side, "ask")
  })

  describe("January 2026", () => {
    it("was recorded", () => {
      const orders = (Golden.read("portfolio_orders", January2026.GetOrdersResponse).orders ?? []).map(
        Order.fromWireJanuary2026
      )
      assert.deepStrictEqual<unknown>(Golden.first(orders), {
        orderId: "6e44d48f-cdf5-5181-ad6c-5c740920b5f0",
        ticker: "KXEXAMPLE-9C7BFD30C721",
        side: "bid",
        price: 600_000,
        status: "executed",
        initial: 3200,
        filled: 3200,
        remaining: 0,
        takerCost: 13_870_000,
        makerCost: 0,
        takerFees: 447_400_000,
        // sent in cents only
        makerFees: 0,
        createdAt: 1_768_061_471_109_554,
        updatedAt: 1_768_061_471_109_554
      })
      assert.deepStrictEqual<unknown>(
        orders.map((order) => [order.price, order.filled, order.side]),
        [
          [600_000, 3200, "bid"],
          [490_000, 4000, "bid"],
          [760_000, 2500, "bid"],
          // { action: sell, side: no }
          [970_000, 3700, "unknown"],
          [190_000, 5200, "bid"]
        ]
      )
      for (const order of orders) Laws.roundTrip(Order.Order, order)
    })

    it("an amended order was recorded, before and after", () => {
      const answer = Golden.read("amend_order", January2026.AmendOrderResponse)
      if (answer.old_order === undefined) return assert.fail("no old order")
      const [before, after] = [Order.fromWireJanuary2026(answer.old_order), Order.fromWireJanuary2026(answer.order)]
      assert.deepStrictEqual<unknown>(
        [before.status, before.initial, before.remaining, before.price],
        ["resting", 100, 100, 300_000]
      )
      assert.deepStrictEqual<unknown>(
        [after.status, after.initial, after.remaining, after.filled],
        ["canceled", 100, 0, 0]
      )
      assert.strictEqual(before.clientOrderId, "02fd9e0f-b37b-5252-825b-feafb2a44884")
      assert.strictEqual(after.clientOrderId, "8edcbaf2-4a21-5dcf-9135-87217eee69f4")
      Laws.roundTrip(Order.Order, before)
      Laws.roundTrip(Order.Order, after)
    })

    it("a batch of new orders was recorded", () => {
      const items = Golden.read("batch_create_orders", January2026.BatchCreateOrdersResponse).orders ?? []
      assert.strictEqual(items.length, 2)
      for (const item of items) {
        if (item.order == null) return assert.fail("no order")
        const order = Order.fromWireJanuary2026(item.order)
        assert.deepStrictEqual<unknown>(
          [order.status, order.side, order.price, order.initial, order.remaining],
          ["resting", "bid", 300_000, 100, 100]
        )
        assert.notProperty(order, "expiresAt")
        Laws.roundTrip(Order.Order, order)
      }
    })

    it("prefers exact counts to whole contracts, which are cut", () => {
      const record = Schema.decodeUnknownSync(January2026.Order)(Handmade.ofJanuary2026.order)
      assert.deepStrictEqual<unknown>(Order.fromWireJanuary2026(record), {
        orderId: "o-1",
        clientOrderId: "c-1",
        ticker: "KXA",
        side: "bid",
        price: 415_100,
        status: "resting",
        initial: 975,
        filled: 450,
        remaining: 525,
        takerCost: 1_867_951,
        makerCost: 10_001,
        takerFees: 76_501,
        makerFees: 20_001,
        expiresAt: 1_770_768_000_000_000,
        createdAt: 1_770_717_600_000_001,
        updatedAt: 1_770_717_601_000_000,
        selfTradePrevention: "maker",
        orderGroupId: "g-1",
        cancelOnPause: true,
        subaccount: 3
      })
    })
  })

  describe("2.0.0", () => {
    const decode2024 = Schema.decodeUnknownSync(Legacy.Order)

    it("is placed in words, and its counts say what became of its contracts", () => {
      assert.deepStrictEqual<unknown>(Order.fromWire2024(decode2024(Handmade.of2024.order)), {
        orderId: "6e44d48f-cdf5-4181-ad6c-5c740920b5f0",
        clientOrderId: "c-1",
        ticker: "CPI-24AUG-T0.2",
        // { action: sell, side: yes }
        side: "ask",
        price: 370_000,
        status: "resting",
        // filled 12, remaining 21, decreased 3, cancelled 4, 6 and 8
        initial: 5400,
        filled: 1200,
        remaining: 2100,
        takerCost: 1_850_000,
        makerCost: 2_590_000,
        takerFees: 90_000,
        makerFees: 0,
        expiresAt: 1_723_680_000_000_000,
        createdAt: 1_723_638_600_123_456,
        updatedAt: 1_723_638_660_000_000
      })
    })

    // within what can be added up
    const count = Arbitrary.map(Generators.integer(0, 10_000_000), Contracts.of)
    const counts = Arbitrary.all([count, count, count, count, count, count, count])

    it.prop("any record becomes a model", [Legacy.Order, counts], ([record, counts]) => {
      const [remaining, taker, maker, decreased, closed, fcc, selfTrade] = counts
      const order = Order.fromWire2024({
        ...record,
        remaining_count: remaining,
        taker_fill_count: taker,
        maker_fill_count: maker,
        decrease_count: decreased,
        close_cancel_count: closed,
        fcc_cancel_count: fcc,
        taker_self_trade_cancel_count: selfTrade
      })
      assert.isTrue(Schema.is(Order.Order)(order))
      assert.notInclude<unknown>(Object.values(order), undefined)
      assert.strictEqual(order.initial, Contracts.sum(counts))
      assert.strictEqual(order.filled, Contracts.add(taker, maker))
    })
  })
})
