/** The harness for exports, with little to export. */
import * as NodeServices from "@effect/platform-node/NodeServices"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Layer from "effect/Layer"
import * as Judge from "./src/export/Judge.ts"
import * as Kills from "./src/export/Kills.ts"
import * as Rows from "./src/export/Rows.ts"
import * as Venue from "./src/export/Venue.ts"
import * as Screen from "./src/Screen.ts"

// real processes, on machines that do other things too
const LIMIT = 180_000

const layer = Layer.merge(Screen.layerSilent, NodeServices.layer)

const folder = Effect.flatMap(FileSystem.FileSystem, (files) => files.makeTempDirectoryScoped())

describe("exports of a history", () => {
  it.live(
    "have each record once and as it is, however often they are killed and wherever the cutoff is",
    () =>
      Effect.gen(function* () {
        const here = yield* folder
        const venue = yield* Venue.make({ seed: 7, fills: 3000, orders: 300 }, here)
        const outcome = yield* Kills.play(
          7,
          {
            fills: 3000,
            orders: 300,
            windows: 8,
            formats: ["parquet"],
            starting: 0,
            reading: 1,
            writing: 1,
            moves: 2,
            others: false
          },
          venue,
          here
        )
        for (const { cutoffMoves: _, kills: __, pages: ___, seconds: ____, bytes, ...exported } of outcome.exports) {
          assert.isAbove(bytes ?? 0, 20_000)
          assert.deepStrictEqual(exported, {
            what: "fills",
            into: "parquet",
            records: 3000,
            missing: 0,
            duplicated: 0,
            wrong: 0,
            misplaced: 0,
            identical: true
          })
        }
        assert.strictEqual(outcome.exports.length, 1)
        assert.isAtLeast(Kills.killsOf(outcome).total, 1)
        assert.isAtLeast(Kills.movesOf(outcome), 1)
      }).pipe(Effect.scoped, Effect.provide(layer)),
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
