#!/usr/bin/env node
/**
 * Runs the command `kalshi`.
 *
 * @since 0.1.0
 */
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import * as NodeServices from "@effect/platform-node/NodeServices"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Cli from "./Cli.ts"
import * as Failure from "./Failure.ts"
import * as Root from "./Root.ts"

// who reads may stop reading: what is written then is lost, and that is all
for (const stream of [process.stdout, process.stderr]) stream.on("error", () => {})

const stopping = { isGood: false }

Cli.run.pipe(
  Effect.provideService(Root.Stopping, stopping),
  Effect.provide(NodeServices.layer),
  NodeRuntime.runMain({
    disableErrorReporting: true,
    teardown: (exit, onExit) => {
      const code = Exit.isSuccess(exit) ? Failure.exitCodes.good : Cli.codeOf(exit.cause)
      onExit(stopping.isGood && code === Failure.exitCodes.interrupted ? Failure.exitCodes.good : code)
    }
  })
)
