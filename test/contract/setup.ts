/**
 * A setup file of vitest: every exchange with a sandbox is judged, over
 * sockets and in memory, and a test with a violation on the record fails with
 * the list. No test has to do anything for it.
 */
import type { Sandbox } from "@effect-kalshi/sandbox"
import * as Layer from "effect/Layer"
import { afterAll, afterEach, vi } from "vitest"
import * as Contract from "./Contract.ts"
import * as Recorder from "./Recorder.ts"
import * as Tap from "./Tap.ts"

Tap.install()

// A sandbox in memory has no server to listen in on: its client is tapped where it is made.
vi.mock("../../packages/sandbox/src/Sandbox.ts", async (importOriginal) => {
  const original = await importOriginal<typeof Sandbox>()
  const layerInMemory: typeof Sandbox.layerInMemory = (options) =>
    Recorder.layer.pipe(Layer.provideMerge(original.layerInMemory(options)))
  return { ...original, layerInMemory }
})

const judge = (): void => {
  const { violations } = Recorder.take()
  if (violations.length > 0) {
    throw new Error(`${violations.length} violation(s) of the exchange's contract\n${Contract.format(violations)}`)
  }
}

// What a shared fixture did before the first test is judged with the first test, and after the last one here.
afterEach(judge)
afterAll(judge)
