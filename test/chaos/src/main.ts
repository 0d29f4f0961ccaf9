/**
 * The harness: `npm run chaos`, with `-- --help` for what it can be told.
 */
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import * as NodeServices from "@effect/platform-node/NodeServices"
import "effect-kalshi/jit"
import * as Cause from "effect/Cause"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import * as Command from "effect/cli/Command"
import * as Chaos from "./Chaos.ts"
import * as Screen from "./Screen.ts"

Command.run(Chaos.command, { version: "0.1.0" }).pipe(
  Effect.onInterrupt(() => Console.log("\nchaos: stopped; no program is left running")),
  Effect.tapCause((cause) => (Cause.hasDies(cause) ? Console.error(Cause.pretty(cause)) : Effect.void)),
  Effect.provide(Layer.provideMerge(Screen.layer, NodeServices.layer)),
  NodeRuntime.runMain({
    disableErrorReporting: true,
    teardown: (exit, onExit) => onExit(Exit.isSuccess(exit) ? 0 : Cause.hasInterruptsOnly(exit.cause) ? 130 : 1)
  })
)
