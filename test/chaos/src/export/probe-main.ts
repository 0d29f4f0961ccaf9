/**
 * The process of a probe; its task is its argument.
 */
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import * as NodeServices from "@effect/platform-node/NodeServices"
import * as NodeStream from "@effect/platform-node/NodeStream"
import "effect-kalshi/jit"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import * as NodeFs from "node:fs"
import * as Plan from "./Plan.ts"
import * as Probe from "./Probe.ts"

const lines = NodeStream.fromReadable<string>({ evaluate: () => process.stdin.setEncoding("utf8") }).pipe(
  Stream.splitLines,
  Stream.orDie
)

const tell = (told: Plan.Told): void => {
  NodeFs.writeSync(1, `${Plan.told.encode(told)}\n`)
}

NodeRuntime.runMain(
  Effect.flatMap(Probe.decode(process.argv[2] ?? ""), (task) => Probe.run(task, lines, tell)).pipe(
    Effect.tapCause((cause) => Effect.sync(() => NodeFs.writeSync(2, `${Cause.pretty(cause)}\n`))),
    Effect.ensuring(Effect.sync(() => process.stdin.destroy())),
    Effect.provide(NodeServices.layer)
  ),
  { disableErrorReporting: true }
)
