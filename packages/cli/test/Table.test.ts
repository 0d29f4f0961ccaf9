import { assert, describe, it } from "@effect/vitest"
import * as Contracts from "effect-kalshi/Contracts"
import * as Dollars from "effect-kalshi/Dollars"
import * as Table from "../src/Table.ts"
import * as Words from "../src/Words.ts"

const rows = [
  { name: "a", amount: "1,234.5", note: undefined },
  { name: "longer", amount: "7", note: undefined },
  { name: "b", amount: "-0.017472", note: undefined }
]

const columns: ReadonlyArray<Table.Column<(typeof rows)[number]>> = [
  { head: "NAME", cell: ({ name }) => name },
  { head: "AMOUNT", align: "point", cell: ({ amount }) => amount },
  { head: "NOTE", cell: ({ note }) => note }
]

describe("a table", () => {
  it("has its points below each other, and no column without text", () => {
    assert.deepStrictEqual(Table.lines(columns, rows, { color: false }), [
      "NAME          AMOUNT",
      "a       1,234.5",
      "longer      7",
      "b          -0.017472"
    ])
  })

  it("sets its heads apart only where colour is seen", () => {
    const [head, first] = Table.lines(columns, rows, { color: true })
    assert.strictEqual(head, "\u001b[2mNAME          AMOUNT\u001b[0m")
    assert.strictEqual(first, "a       1,234.5")
  })

  it("of nothing is nothing", () => {
    assert.deepStrictEqual(Table.lines(columns, [], { color: false }), [])
  })
})

describe("words", () => {
  it("are exact", () => {
    assert.strictEqual(Words.money(Dollars.fromStringUnsafe("1234567.017472")), "1,234,567.017472")
    assert.strictEqual(Words.money(Dollars.fromStringUnsafe("-1234.5")), "-1,234.50")
    assert.strictEqual(Words.money(Dollars.fromStringUnsafe("-123")), "-123.00")
    assert.strictEqual(Words.money(Dollars.zero), "0.00")
    assert.strictEqual(Words.count(Contracts.fromStringUnsafe("1200.00")), "1,200")
    assert.strictEqual(Words.count(Contracts.fromStringUnsafe("-0.25")), "-0.25")
  })

  it("name durations in two units at most", () => {
    assert.deepStrictEqual(
      [0, 340, 999.6, 1000, 2500, 9990, 59_400, 60_000, 185_000, 3_600_000, 187_200_000, 86_400_000].map(
        Words.duration
      ),
      ["0 ms", "340 ms", "1000 ms", "1 s", "2.5 s", "10 s", "59 s", "1 min", "3 min 5 s", "1 h", "2 d 4 h", "1 d"]
    )
  })
})
