#!/usr/bin/env node
/**
 * Runs the command `kalshi`.
 *
 * @since 0.1.0
 */
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import * as NodeServices from "@effect/platform-node/NodeServices"
import * as Effect from "effect/Effect"
import * as Cli from "./Cli.ts"

// who reads may stop reading: what is written then is lost, and that is all
for (const stream of [process.stdout, process.stderr]) stream.on("error", () => {})

Cli.run.pipe(Effect.provide(NodeServices.layer), NodeRuntime.runMain({ disableErrorReporting: true }))
