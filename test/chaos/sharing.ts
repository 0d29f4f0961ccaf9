/** Processes that share a budget, which the tests of the harness for limits share. */
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import { inject } from "vitest"
import * as Sharing from "./src/limits/Sharing.ts"

export const url = inject("redis")

export const LIMIT = 60_000

export const folder = Effect.flatMap(FileSystem.FileSystem, (files) => files.makeTempDirectoryScoped())

export const share = Effect.fn(function* (server: { readonly url: string } | undefined, seconds: number) {
  return yield* Sharing.play(7, { seconds, stranger: 3, restartEvery: 4, headroom: 600 }, server, yield* folder)
})
