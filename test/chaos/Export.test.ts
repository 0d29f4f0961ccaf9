/** The harness for exports, with little to export. */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { killed, layer, LIMIT } from "./killed.ts"
import * as Judge from "./src/export/Judge.ts"
import * as Rows from "./src/export/Rows.ts"

describe("exports of a history", () => {
  it.live(
    "have each record once and as it is, however often they are killed and wherever the cutoff is",
    () =>
      killed({ fills: 3000, reading: 1, writing: 1, moves: 2, least: { bytes: 20_000, kills: 1, moves: 1 } }).pipe(
        Effect.scoped,
        Effect.provide(layer)
      ),
    LIMIT
  )
})

describe("the judge of exports", () => {
  const row = (id: string, price = 560_000): Rows.Row => [id, "order", "TICKER", "bid", price, 100, true, 0, 1, 0, 0]
  const lines = ["a", "b", "c"].map((id) => Rows.line(row(id)))
  const truth: Judge.Truth = {
    layout: Rows.fills,
    lines,
    places: new Map(["a", "b", "c"].map((id, place) => [`${id}/order`, place]))
  }
  const verdict = (...rows: ReadonlyArray<Rows.Row>) => {
    const judge = Judge.make(truth, true)
    for (const one of rows) judge.take(one)
    return judge.verdict()
  }
  const good = { records: 3, missing: 0, duplicated: 0, wrong: 0, misplaced: 0 }

  it("finds what is missing, twice, wrong, or somewhere else", () => {
    assert.deepStrictEqual(verdict(row("a"), row("b"), row("c")), good)
    assert.deepStrictEqual(verdict(row("a"), row("b")), { ...good, records: 2, missing: 1 })
    assert.deepStrictEqual(verdict(row("a"), row("b"), row("c"), row("c")), {
      ...good,
      records: 4,
      duplicated: 1,
      misplaced: 1
    })
    assert.deepStrictEqual(verdict(row("a"), row("b", 560_001), row("c")), { ...good, wrong: 1 })
    assert.deepStrictEqual(verdict(row("a"), row("b"), row("d")), { ...good, missing: 1, wrong: 1 })
    assert.deepStrictEqual(verdict(row("b"), row("a"), row("c")), { ...good, misplaced: 2 })
  })
})
