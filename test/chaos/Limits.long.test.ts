/** Processes that share no budget are refused, which the harness for limits sees. */
import * as NodeServices from "@effect/platform-node/NodeServices"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { LIMIT, share, url } from "./sharing.ts"

describe.skipIf(url === undefined)("processes that share a budget", () => {
  it.live(
    "are refused where each has the budget to itself",
    () =>
      Effect.gen(function* () {
        const { rejections429 } = yield* share(undefined, 4)
        assert.isAbove(rejections429, 0)
      }).pipe(Effect.scoped, Effect.provide(NodeServices.layer)),
    LIMIT
  )
})
