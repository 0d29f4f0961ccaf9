/**
 * Runs a built program as a user would: in a process of its own, with an
 * environment that has nothing of ours but the contract's judge, and no
 * terminal.
 */
import * as NodeServices from "@effect/platform-node/NodeServices"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import * as ChildProcess from "effect/process/ChildProcess"
import * as NodeUrl from "node:url"
import * as Children from "../contract/Children.ts"

/** Where the examples are built to. */
const dist = new URL("../../examples/dist/", import.meta.url)

/** What a program said, and how it ended. */
export interface Ended {
  readonly code: number
  readonly out: string
  readonly err: string
}

/** Runs one of the built programs to its end. */
export const run = Effect.fn("Program.run")(
  function* (name: string, args: ReadonlyArray<string>, env: Readonly<Record<string, string>> = {}) {
    const judged = yield* Children.judged
    const handle = yield* ChildProcess.make(process.execPath, [NodeUrl.fileURLToPath(new URL(name, dist)), ...args], {
      stdin: "ignore",
      extendEnv: false,
      env: { PATH: process.env["PATH"], ...judged, ...env }
    })
    const text = (bytes: typeof handle.stdout) => Stream.mkString(Stream.decodeText(bytes))
    const [code, out, err] = yield* Effect.all([handle.exitCode, text(handle.stdout), text(handle.stderr)], {
      concurrency: "unbounded"
    })
    const ended: Ended = { code, out, err }
    return ended
  },
  Effect.scoped,
  Effect.provide(NodeServices.layer)
)
