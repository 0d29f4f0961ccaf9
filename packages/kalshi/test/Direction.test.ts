import { assert, describe, it } from "@effect/vitest"
import * as Schema from "effect/Schema"
import * as Direction from "effect-kalshi/Direction"
import * as Dollars from "effect-kalshi/Dollars"
import * as Generators from "./Generators.ts"

const action = Schema.Literals(["buy", "sell"])
const outcome = Schema.Literals(["yes", "no"])

describe("Direction", () => {
  describe("requests", () => {
    it.prop("an intent there and back is itself", [action, outcome, Generators.price], ([action, side, price]) => {
      const intent: Direction.Intent = { action, side, price }
      assert.deepStrictEqual(Direction.toIntent(Direction.toQuote(intent), action), intent)
    })

    it.prop(
      "a quote there and back is itself",
      [Direction.Direction, action, Generators.price],
      ([side, action, price]) => {
        const quote: Direction.Quote = { side, price }
        assert.deepStrictEqual(Direction.toQuote(Direction.toIntent(quote, action)), quote)
        assert.deepStrictEqual(Direction.toQuote(quote), quote)
      }
    )

    it("the four wishes", () => {
      const price = Dollars.cents(56)
      for (const [action, side, book, cents] of [
        ["buy", "yes", "bid", 56],
        ["sell", "yes", "ask", 56],
        ["buy", "no", "ask", 44],
        ["sell", "no", "bid", 44]
      ] as const) {
        assert.deepStrictEqual(Direction.toQuote({ action, side, price }), { side: book, price: Dollars.cents(cents) })
      }
    })

    it.prop("selling is the opposite of buying", [outcome, Generators.price], ([side, price]) => {
      const buy = Direction.toQuote({ action: "buy", side, price })
      const sell = Direction.toQuote({ action: "sell", side, price })
      assert.strictEqual(sell.side, Direction.opposite(buy.side))
      assert.strictEqual(sell.price, buy.price)
      assert.strictEqual(Direction.outcome(buy.side), side)
    })
  })

  describe("the words of 2.0.0", () => {
    const words = [action, outcome] as const

    it.prop(
      "a wish means the same in its words",
      [Direction.Direction, ...words, Generators.price],
      ([book, action, side, price]) => {
        const intent: Direction.Intent = { action, side, price }
        assert.deepStrictEqual(Direction.toWords(intent), intent)
        const quote: Direction.Quote = { side: book, price }
        assert.deepStrictEqual(Direction.toQuote(Direction.toWords(quote)), quote)
        assert.strictEqual(Direction.toWords(quote).action, "buy")
      }
    )

    it.prop(
      "a wish means the same in the words of an order, which it takes over where they go its way",
      [Direction.Direction, ...words, Generators.price],
      ([book, action, side, price]) => {
        const said = Direction.inWordsOf({ side: book, price }, { action, side })
        assert.deepStrictEqual(Direction.toQuote(said), { side: book, price })
        assert.strictEqual(said.action === action && said.side === side, Direction.sideOf({ action, side }) === book)
        assert.deepStrictEqual(
          Direction.inWordsOf({ side: book, price }, undefined),
          Direction.toWords({ side: book, price })
        )
      }
    )

    it.prop("an order shows the words of its request", [...words, Generators.price], ([action, side, price]) => {
      const direction = Direction.toQuote({ action, side, price }).side
      assert.strictEqual(Direction.ofOrder2024({ action, side }), direction)
      assert.deepStrictEqual(Direction.wordsOf({ action, side }), { action, side })
    })

    it("an order without known words does not tell its direction", () => {
      for (const told of [
        {},
        { action: "", side: "yes" },
        { action: "buy", side: "" },
        { action: "mint", side: "no" }
      ]) {
        assert.strictEqual(Direction.ofOrder2024(told), "unknown")
        assert.isUndefined(Direction.wordsOf(told))
      }
    })
  })

  describe("records", () => {
    it("a recorded fill that sells NO is a sold YES", () => {
      assert.strictEqual(Direction.ofFill({ action: "sell", side: "no" }), "ask")
      assert.strictEqual(Direction.ofFill({ action: "sell", side: "yes" }), "bid")
      assert.strictEqual(Direction.ofFill({ action: "buy", side: "yes" }), "bid")
      assert.strictEqual(Direction.ofFill({ action: "buy", side: "no" }), "ask")
      // and a request in the same words is not
      assert.strictEqual(Direction.toQuote({ action: "sell", side: "no", price: Dollars.cents(4) }).side, "bid")
    })

    it("an order, or a record of integers, does not tell what a sell is", () => {
      for (const side of ["yes", "no"]) {
        assert.strictEqual(Direction.ofRecord({ action: "sell", side }), "unknown")
      }
      assert.strictEqual(Direction.ofRecord({ action: "buy", side: "yes" }), "bid")
      assert.strictEqual(Direction.ofRecord({ action: "buy", side: "no" }), "ask")
    })

    it.prop(
      "the new fields decide over the old ones",
      [Direction.Direction, action, outcome],
      ([book, action, side]) => {
        const told = { action, side }
        for (const of of [Direction.ofFill, Direction.ofRecord]) {
          assert.strictEqual(of({ ...told, book_side: book }), book)
          assert.strictEqual(of({ ...told, outcome_side: Direction.outcome(book) }), book)
          assert.strictEqual(of({ ...told, book_side: book, outcome_side: Direction.outcome(book) }), book)
        }
      }
    )

    it.prop(
      "sides that contradict each other tell nothing",
      [Direction.Direction, action, outcome],
      ([book, action, side]) => {
        const told = { action, side, book_side: book, outcome_side: Direction.outcome(Direction.opposite(book)) }
        assert.strictEqual(Direction.ofFill(told), "unknown")
        assert.strictEqual(Direction.ofRecord(told), "unknown")
      }
    )

    it("what is not known stays unknown", () => {
      for (const told of [
        {},
        { action: null, side: null, book_side: null, outcome_side: null },
        { action: "sell" },
        { side: "yes" },
        { action: "buy", side: "maybe" },
        { action: "mint", side: "yes" },
        { book_side: "middle" }
      ]) {
        assert.strictEqual(Direction.ofFill(told), "unknown")
        assert.strictEqual(Direction.ofRecord(told), "unknown")
      }
    })
  })
})
