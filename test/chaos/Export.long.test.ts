/** The harness for exports, with little to export, in which a process is killed often. */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { folder, killed, layer, LIMIT } from "./killed.ts"
import * as BadInput from "./src/export/BadInput.ts"
import * as Run from "./src/export/Run.ts"
import * as Venue from "./src/export/Venue.ts"

describe("exports of a history", () => {
  it.live(
    "have each record once and as it is, however often they are killed and wherever the cutoff is",
    () =>
      killed({ fills: 20_000, reading: 4, writing: 2, moves: 4, least: { bytes: 100_000, kills: 5, moves: 3 } }).pipe(
        Effect.scoped,
        Effect.provide(layer)
      ),
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
