/** Processes that share no budget are refused, which the harness for limits sees. */
import * as NodeServices from "@effect/platform-node/NodeServices"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import { inject } from "vitest"
import * as Sharing from "./src/limits/Sharing.ts"

const url = inject("redis")

const LIMIT = 60_000

const folder = Effect.flatMap(FileSystem.FileSystem, (files) => files.makeTempDirectoryScoped())

const share = Effect.fn(function* (server: { readonly url: string } | undefined, seconds: number) {
  return yield* Sharing.play(7, { seconds, stranger: 3, restartEvery: 4, headroom: 600 }, server, yield* folder)
})

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
