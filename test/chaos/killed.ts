/** Exports in processes that are killed, which the tests of the harness share. */
import * as NodeServices from "@effect/platform-node/NodeServices"
import { assert } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Layer from "effect/Layer"
import * as Kills from "./src/export/Kills.ts"
import * as Venue from "./src/export/Venue.ts"
import * as Screen from "./src/Screen.ts"

// real processes, on machines that do other things too
export const LIMIT = 180_000

export const layer = Layer.merge(Screen.layerSilent, NodeServices.layer)

export const folder = Effect.flatMap(FileSystem.FileSystem, (files) => files.makeTempDirectoryScoped())

/** Exports so many fills to Parquet while it is killed, and looks at what comes out. */
export const killed = Effect.fn(function* (run: {
  readonly fills: number
  readonly reading: number
  readonly writing: number
  readonly moves: number
  /** What there has to be at least. */
  readonly least: { readonly bytes: number; readonly kills: number; readonly moves: number }
}) {
  const here = yield* folder
  const { fills, least, moves, reading, writing } = run
  const orders = fills / 10
  const venue = yield* Venue.make({ seed: 7, fills, orders }, here)
  const outcome = yield* Kills.play(
    7,
    { fills, orders, windows: 8, formats: ["parquet"], starting: 0, reading, writing, moves, others: false },
    venue,
    here
  )
  for (const { cutoffMoves: _, kills: __, pages: ___, seconds: ____, bytes, ...exported } of outcome.exports) {
    assert.isAbove(bytes ?? 0, least.bytes)
    assert.deepStrictEqual(exported, {
      what: "fills",
      into: "parquet",
      records: fills,
      missing: 0,
      duplicated: 0,
      wrong: 0,
      misplaced: 0,
      identical: true
    })
  }
  assert.strictEqual(outcome.exports.length, 1)
  assert.isAtLeast(Kills.killsOf(outcome).total, least.kills)
  assert.isAtLeast(Kills.movesOf(outcome), least.moves)
})
