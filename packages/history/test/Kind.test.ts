import { assert, describe, it } from "@effect/vitest"
import * as Result from "effect/Result"
import * as Dollars from "effect-kalshi/Dollars"
import * as Timestamp from "effect-kalshi/Timestamp"
import * as Contracts from "effect-kalshi/Contracts"
import * as Kind from "../src/Kind.ts"
import * as Records from "./Records.ts"

Records.each((kind) =>
  describe(`Kind.${kind.name}`, () => {
    it.prop("makes of a row the record that the row is of", [Records.any(kind)], ([record]) => {
      assert.deepStrictEqual(Kind.fromRow(kind)(Kind.toRow(kind, record)), Result.succeed(record))
    })

    it("has a column for each name, the key among them, which is never empty", () => {
      const names = kind.columns.map(({ name }) => name)
      assert.strictEqual(new Set(names).size, names.length)
      for (const name of kind.keyColumns) {
        const column = kind.columns.find((column) => column.name === name)
        assert.strictEqual(column?.optional, false)
      }
      for (const name of names) assert.match(name, /^[a-z]+(_[a-z]+)*$/)
    })

    it.prop("has its key in the columns of the key alone", [Records.any(kind), Records.any(kind)], ([one, other]) => {
      const row = Kind.toRow(kind, other)
      const mixed = Kind.toRow(kind, one).map((value, index) =>
        kind.keyColumns.includes(kind.columns[index]!.name) ? row[index] : value
      )
      assert.deepStrictEqual(Result.map(Kind.fromRow(kind)(mixed), kind.key), Result.succeed(kind.key(other)))
    })

    it("refuses a row without what is never empty, and names the column", () => {
      assert.deepStrictEqual(Kind.fromRow(kind)([]), Result.fail(`its ${kind.columns[0]?.name} is empty`))
    })
  })
)

describe("Kind.fromRow", () => {
  const settlement: Kind.Settlement = {
    subaccount: 3,
    ticker: "KXTEST-1",
    result: { _tag: "yes" },
    yesCount: Contracts.of(2.5),
    yesCost: Dollars.of(1),
    noCount: Contracts.zero,
    noCost: Dollars.zero,
    revenue: Dollars.of(2.5),
    settledAt: Timestamp.micros(-1)
  }
  const results: ReadonlyArray<readonly [Kind.Settlement["result"], text: string, paid: number | undefined]> = [
    [{ _tag: "yes" }, "yes", undefined],
    [{ _tag: "no" }, "no", undefined],
    [{ _tag: "scalar", value: Dollars.of(0.37) }, "scalar", 370_000],
    [{ _tag: "scalar" }, "scalar", undefined],
    [{ _tag: "other", name: "void" }, "void", undefined],
    [{ _tag: "other", name: "" }, "", undefined],
    [{ _tag: "other", name: "yes" }, "other:yes", undefined],
    [{ _tag: "other", name: "other:scalar" }, "other:other:scalar", undefined]
  ]

  it("has how a market ended in two columns, whatever it is", () => {
    const at = Kind.settlements.columns.findIndex(({ name }) => name === "result")
    for (const [result, text, paid] of results) {
      const record = { ...settlement, result }
      const row = Kind.toRow(Kind.settlements, record)
      assert.deepStrictEqual(row.slice(at, at + 2), [text, paid])
      assert.deepStrictEqual(Kind.fromRow(Kind.settlements)(row), Result.succeed(record))
    }
  })

  it("refuses what the schema refuses, and says what", () => {
    const row = [...Kind.toRow(Kind.fills, Records.fill(1))]
    row[3] = "sideways"
    const read = Kind.fromRow(Kind.fills)(row)
    assert.match(Result.isFailure(read) ? read.failure : "", /^Expected "bid"[^\n]* at \["side"\]$/)
  })
})
