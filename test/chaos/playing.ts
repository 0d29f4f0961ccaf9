/** Runs of the harness for orders, which its tests share. */
import * as NodeServices from "@effect/platform-node/NodeServices"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Layer from "effect/Layer"
import type * as Plan from "./src/Plan.ts"
import * as Run from "./src/Run.ts"
import * as Screen from "./src/Screen.ts"

// real processes on real sockets, that have a minute to settle what went astray
export const LIMIT = 240_000
// as long as it takes, on machines that do other things too
export const TRADES_MILLIS = 90_000
export const little = { creates: 100, batches: 10, amends: 10, decreases: 10, cancels: 10, kills: 0 }

export const play = Effect.fn(function* (run: Plan.Run) {
  const files = yield* FileSystem.FileSystem
  return yield* Run.play(run, `${yield* files.makeTempDirectoryScoped()}/run`)
})

export const layer = Layer.merge(Screen.layerSilent, NodeServices.layer)
