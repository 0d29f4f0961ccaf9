/** The processes of the harness for limits, with little time. */
import * as NodeServices from "@effect/platform-node/NodeServices"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { folder, LIMIT, share, url } from "./sharing.ts"
import * as Overtake from "./src/limits/Overtake.ts"

describe.skipIf(url === undefined)("processes that share a budget", () => {
  it.live(
    "are not refused, whatever is overtaken and whoever is killed; others are",
    () =>
      Effect.gen(function* () {
        const outcome = yield* share({ url: url ?? "" }, 8)
        assert.strictEqual(outcome.rejections429, 0)
        assert.isAtLeast(outcome.restarts, 1)
        assert.isAbove(outcome.load, 1.9)
        // of what flows in: a short run has no time for what a full bucket holds at first
        assert.isAbove(outcome.accepted.write / (100 * outcome.seconds), 0.8)
        assert.isAtMost(outcome.stranger.busiestSecond, 1)
        assert.isAbove(outcome.sdk.refused, 0)
      }).pipe(Effect.scoped, Effect.provide(NodeServices.layer)),
    LIMIT
  )

  it.live(
    "let cancels overtake what waits",
    () =>
      Effect.gen(function* () {
        const { cancels, p50 } = yield* Overtake.play(7, 30, { url: url ?? "" }, yield* folder)
        assert.strictEqual(cancels, 30)
        // whoever waited behind five hundred orders would wait for thousands
        assert.isBelow(p50, 3)
      }).pipe(Effect.scoped, Effect.provide(NodeServices.layer)),
    LIMIT
  )
})
