#!/usr/bin/env node
/**
 * Runs the command `kalshi-sandbox`.
 *
 * @since 0.1.0
 */
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import * as NodeServices from "@effect/platform-node/NodeServices"
import * as Cause from "effect/Cause"
import * as Command from "effect/cli/Command"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import "effect/schema/SchemaJITCompiler/enable"
import * as Cli from "./Cli.ts"

Command.run(Cli.command, { version: "0.1.0" }).pipe(
  Effect.catchTag("ServeError", (error) =>
    Effect.andThen(Console.error(`kalshi-sandbox: ${Cli.explain(error.cause)}`), Effect.fail(error))
  ),
  // everything that is expected has been said by now
  Effect.tapCause((cause) => (Cause.hasDies(cause) ? Console.error(Cause.pretty(cause)) : Effect.void)),
  Effect.provide(NodeServices.layer),
  NodeRuntime.runMain({
    disableErrorReporting: true,
    // to be told to stop is not a failure
    teardown: (exit, onExit) => onExit(Exit.isSuccess(exit) || Cause.hasInterruptsOnly(exit.cause) ? 0 : 1)
  })
)
