/** A planted mistake, which the harness for orders has to see. */
import { assert, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { layer, LIMIT, little, play, TRADES_MILLIS } from "./playing.ts"
import * as Plan from "./src/Plan.ts"

it.live(
  "notices a client that sends no ids",
  () =>
    Effect.gen(function* () {
      const outcome = yield* play({ ...Plan.short(7, TRADES_MILLIS, "no-id"), enough: little })
      assert.deepStrictEqual(outcome.crashes, [])
      assert.isAbove(outcome.figures.counts.duplicated, 0)
      assert.isAbove(outcome.figures.counts.misreported, 0)
    }).pipe(Effect.scoped, Effect.provide(layer)),
  LIMIT
)
