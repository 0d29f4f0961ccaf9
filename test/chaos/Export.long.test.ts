/** The harness for exports, with little to export, in which a process is killed often. */
import * as NodeServices from "@effect/platform-node/NodeServices"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Layer from "effect/Layer"
import * as BadInput from "./src/export/BadInput.ts"
import * as Kills from "./src/export/Kills.ts"
import * as Run from "./src/export/Run.ts"
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
        const venue = yield* Venue.make({ seed: 7, fills: 20_000, orders: 2000 }, here)
        const outcome = yield* Kills.play(
          7,
          {
            fills: 20_000,
            orders: 2000,
            windows: 8,
            formats: ["parquet"],
            starting: 0,
            reading: 4,
            writing: 2,
            moves: 4,
            others: false
          },
          venue,
          here
        )
        for (const { cutoffMoves: _, kills: __, pages: ___, seconds: ____, bytes, ...exported } of outcome.exports) {
          assert.isAbove(bytes ?? 0, 100_000)
          assert.deepStrictEqual(exported, {
            what: "fills",
            into: "parquet",
            records: 20_000,
            missing: 0,
            duplicated: 0,
            wrong: 0,
            misplaced: 0,
            identical: true
          })
        }
        assert.strictEqual(outcome.exports.length, 1)
        assert.isAtLeast(Kills.killsOf(outcome).total, 5)
        assert.isAtLeast(Kills.movesOf(outcome), 3)
      }).pipe(Effect.scoped, Effect.provide(layer)),
    LIMIT
  )

  it.live(
    "say what cannot be done, and lose nothing for it",
    () =>
      Effect.gen(function* () {
        const here = yield* folder
        const venue = yield* Venue.make({ seed: 7, fills: 6000, orders: 600 }, here)
        const { cases, skipped } = yield* BadInput.play("the exporter", Run.exporter, venue, `${here}/bad`, [
          "cut",
          "full-writing"
        ])
        assert.deepStrictEqual(
          cases.filter((one) => !BadInput.isGood(one)),
          []
        )
        assert.strictEqual(cases.length + skipped.length, 2)
        assert.isAtLeast(cases.length, 1)
      }).pipe(Effect.scoped, Effect.provide(layer)),
    LIMIT
  )
})
