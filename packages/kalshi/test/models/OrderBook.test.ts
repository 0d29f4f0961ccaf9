import { assert, describe, it } from "@effect/vitest"
import * as Arbitrary from "effect/Arbitrary"
import * as Schema from "effect/Schema"
import * as January2026 from "effect-kalshi/api/legacy/January2026"
import * as Api from "effect-kalshi/api/Markets"
import * as Dollars from "effect-kalshi/Dollars"
import * as OrderBook from "effect-kalshi/models/OrderBook"
import * as Generators from "../Generators.ts"
import * as Golden from "./Golden.ts"
import * as Laws from "./Laws.ts"

const decode = Schema.decodeUnknownSync(Api.GetMarketOrderbookResponse)

const book = {
  bids: [
    { price: 420_000, count: 600 },
    { price: 410_000, count: 5000 }
  ],
  asks: [
    { price: 430_000, count: 1500 },
    { price: 450_000, count: 2000 }
  ]
}

const levels = Arbitrary.array(Arbitrary.all([Generators.price, Generators.size]))

describe("OrderBook", () => {
  Laws.reads("today", Api.GetMarketOrderbookResponse, OrderBook.OrderBook, OrderBook.fromWire)
  Laws.reads("January 2026", January2026.GetMarketOrderbookResponse, OrderBook.OrderBook, OrderBook.fromWireJanuary2026)

  it("is in YES prices, best first, whatever the order on the wire", () => {
    const yes = [
      ["0.4100", "50.00"],
      ["0.4200", "6.00"]
    ]
    const no = [
      ["0.5500", "20.00"],
      ["0.5700", "15.00"]
    ]
    for (const orderbook_fp of [
      { yes_dollars: yes, no_dollars: no },
      { yes_dollars: yes.toReversed(), no_dollars: no.toReversed() }
    ]) {
      assert.deepStrictEqual<unknown>(OrderBook.fromWire(decode({ orderbook_fp })), book)
      assert.deepStrictEqual<unknown>(OrderBook.fromWire(decode({ orderbook_fp }), "KXA"), { ticker: "KXA", ...book })
    }
    Laws.roundTrip(OrderBook.OrderBook, OrderBook.fromWire(decode({ orderbook_fp: { yes_dollars: yes } }), "KXA"))
  })

  it.prop("keeps every level", [levels, levels], ([yes, no]) => {
    const { asks, bids } = OrderBook.fromWire({ orderbook_fp: { yes_dollars: yes, no_dollars: no } })
    assert.strictEqual(bids.length, yes.length)
    assert.strictEqual(asks.length, no.length)
    assert.deepStrictEqual(
      bids.map(({ count, price }) => `${price} ${count}`).toSorted(),
      yes.map(([price, count]) => `${price} ${count}`).toSorted()
    )
    assert.deepStrictEqual(
      asks.map(({ count, price }) => `${Dollars.complement(price)} ${count}`).toSorted(),
      no.map(([price, count]) => `${price} ${count}`).toSorted()
    )
    assert.isTrue(bids.every(({ price }, index) => price <= (bids[index - 1]?.price ?? Dollars.one)))
    assert.isTrue(asks.every(({ price }, index) => price >= (asks[index - 1]?.price ?? Dollars.zero)))
  })

  it("missing and null sides are empty", () => {
    for (const wire of [
      {},
      { orderbook: {} },
      { orderbook_fp: null },
      { orderbook_fp: {} },
      { orderbook_fp: { yes_dollars: null, no_dollars: null } },
      { orderbook_fp: { yes_dollars: [], no_dollars: [] } }
    ])
      assert.deepStrictEqual<unknown>(OrderBook.fromWire(decode(wire)), { bids: [], asks: [] })
  })

  it("leaves out what is no price of an order", () => {
    const level = (price: string) => [[price, "1.00"]]
    for (const price of ["0.0000", "1.0000", "-0.5000", "9007199254.740991", "-9007199254.740991"]) {
      assert.deepStrictEqual<unknown>(
        OrderBook.fromWire(decode({ orderbook_fp: { yes_dollars: level(price), no_dollars: level(price) } })),
        { bids: [], asks: [] }
      )
    }
  })

  describe("January 2026", () => {
    const decodeJanuary = Schema.decodeUnknownSync(January2026.GetMarketOrderbookResponse)

    it("was recorded, empty", () => {
      const recorded = OrderBook.fromWireJanuary2026(Golden.read("orderbook", January2026.GetMarketOrderbookResponse))
      assert.deepStrictEqual<unknown>(recorded, { bids: [], asks: [] })
      Laws.roundTrip(OrderBook.OrderBook, recorded)
    })

    it("prefers exact prices to cents", () => {
      const cents = {
        yes: [
          [41, 50],
          [42, 6]
        ],
        no: [
          [55, 20],
          [57, 15]
        ]
      }
      assert.deepStrictEqual<unknown>(OrderBook.fromWireJanuary2026(decodeJanuary({ orderbook: cents })), book)
      const exact = { ...cents, yes_dollars: [["0.4150", 50]], no_dollars: [["0.5745", 20]] }
      assert.deepStrictEqual<unknown>(OrderBook.fromWireJanuary2026(decodeJanuary({ orderbook: exact })), {
        bids: [{ price: 415_000, count: 5000 }],
        asks: [{ price: 425_500, count: 2000 }]
      })
    })
  })
})
