import * as NodeServices from "@effect/platform-node/NodeServices"
import { assert, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Layer from "effect/Layer"
import * as Plan from "./src/Plan.ts"
import * as Report from "./src/Report.ts"
import * as Run from "./src/Run.ts"
import * as Screen from "./src/Screen.ts"

// real processes on real sockets, that have a minute to settle what went astray
const LIMIT = 240_000
// as long as it takes, on machines that do other things too
const TRADES_MILLIS = 90_000
const little = { creates: 100, batches: 10, amends: 10, decreases: 10, cancels: 10, kills: 0 }

const play = Effect.fn(function* (run: Plan.Run) {
  const files = yield* FileSystem.FileSystem
  return yield* Run.play(run, `${yield* files.makeTempDirectoryScoped()}/run`)
})

const layer = Layer.merge(Screen.layerSilent, NodeServices.layer)

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
