import { assert, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { layer, LIMIT, little, play, TRADES_MILLIS } from "./playing.ts"
import * as Plan from "./src/Plan.ts"
import * as Report from "./src/Report.ts"

it.live(
  "places every order once, while requests go astray and programs are killed",
  () =>
    Effect.gen(function* () {
      const outcome = yield* play({ ...Plan.short(7, TRADES_MILLIS), enough: { ...little, kills: 2 } })
      assert.deepStrictEqual(outcome.crashes, [])
      assert.deepStrictEqual(outcome.findings.flatMap(Report.finding), [])
      const { attempted, kills, recovery } = outcome.figures
      assert.isAbove(attempted.creates, 40)
      for (const instant of Plan.instants) assert.isAbove(kills[instant], 1)
      assert.isAbove(recovery.open, 0)
      assert.strictEqual(recovery.fraction, 1)
    }).pipe(Effect.scoped, Effect.provide(layer)),
  LIMIT
)
