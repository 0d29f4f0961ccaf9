import { assert, describe, it } from "@effect/vitest"
import * as Contracts from "effect-kalshi/Contracts"
import * as Direction from "effect-kalshi/Direction"
import * as Dollars from "effect-kalshi/Dollars"
import * as OrderRequest from "effect-kalshi/models/OrderRequest"
import * as PriceGrid from "effect-kalshi/PriceGrid"

const rest = { ticker: "KXA", price: Dollars.cents(10), count: Contracts.of(1) }

/** What a program without types may hand over. */
const untyped = (wish: object): string | undefined => {
  const order: OrderRequest.OrderRequest = Object.assign({ side: "bid" as const, ...rest }, wish)
  return OrderRequest.check(order, undefined)?.field
}

describe("OrderRequest", () => {
  it("takes the words of a person or of the book, and no mixture", () => {
    assert.isUndefined(untyped({ side: "bid" }))
    assert.isUndefined(untyped({ action: "sell", side: "no" }))
    assert.strictEqual(untyped({ action: "buy", side: "bid" }), "action")
    assert.strictEqual(untyped({ side: "yes" }), "action")
    assert.strictEqual(untyped({ action: "hold", side: "yes" }), "action")
    assert.strictEqual(untyped({ side: "YES" }), "side")
    assert.strictEqual(untyped({ side: undefined }), "side")
  })

  it("never passes over what an order of 2.0.0 says about its price", () => {
    assert.isUndefined(untyped({ type: "limit" }))
    assert.isUndefined(untyped({ type: undefined, buy_max_cost: null }))
    for (const type of ["market", "", "LIMIT", 1]) assert.strictEqual(untyped({ type }), "type")
    for (const field of ["buyMaxCost", "buy_max_cost", "sellPositionFloor", "sell_position_floor"]) {
      assert.strictEqual(untyped({ type: "limit", [field]: 0 }), field)
    }
  })

  it("never turns a bid around", () => {
    const mixed = Object.assign({ action: "buy" as const }, { side: "bid" as const, price: Dollars.cents(10) })
    // @ts-expect-error the types refuse the mixture
    assert.deepStrictEqual(Direction.toQuote(mixed), { side: "bid", price: Dollars.cents(10) })
  })

  it("names the nearest prices of the grid", () => {
    const wrong = OrderRequest.check({ ...rest, side: "bid", price: Dollars.cents(55.5) }, PriceGrid.cents)
    assert.strictEqual(wrong?.field, "price")
    assert.include(wrong?.description, "$0.5500 and $0.5600")
    // a NO price is checked as the YES price that it is
    assert.isUndefined(
      OrderRequest.check({ ...rest, action: "buy", side: "no", price: Dollars.cents(56) }, PriceGrid.cents)
    )
  })
})
