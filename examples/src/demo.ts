/**
 * The demo: `npm run demo`, with `-- --help` for what it can be told.
 */
// by module: the whole of it takes half a second to load
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import * as NodeServices from "@effect/platform-node/NodeServices"
import { Effect } from "effect"
import { Command } from "effect/cli"
import "effect-kalshi/jit"
import { command } from "./demo/Demo.ts"

Command.run(command, { version: "0.1.0" }).pipe(
  Effect.provide(NodeServices.layer),
  // whatever went wrong has been said already
  NodeRuntime.runMain({ disableErrorReporting: true })
)
