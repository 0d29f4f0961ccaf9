/**
 * The process of an exporter. What goes wrong it says to people, and ends with
 * 1, or 2 where it was not understood.
 */
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import * as NodeServices from "@effect/platform-node/NodeServices"
import "effect-kalshi/jit"
import * as CliError from "effect/cli/CliError"
import * as Command from "effect/cli/Command"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as NodeFs from "node:fs"
import * as Exporter from "./Exporter.ts"
import * as Plan from "./Plan.ts"

// whoever started it holds its input open: nobody is left to tell when that ends
process.stdin.resume()
process.stdin.on("end", () => process.exit(3))

const tell = (told: Plan.Told): void => {
  NodeFs.writeSync(1, `${Plan.told.encode(told)}\n`)
}

const say = (text: string) => Effect.sync(() => NodeFs.writeSync(2, `${text}\n`))

const words = (cause: Cause.Cause<unknown>): string => {
  const error = Cause.squash(cause)
  if (CliError.isCliError(error)) {
    return error._tag === "ShowHelp" ? error.errors.map(({ message }) => message).join("\n") : error.message
  }
  return error instanceof Error && !Cause.hasDies(cause) ? error.message : Cause.pretty(cause)
}

NodeRuntime.runMain(
  Command.runWith(Exporter.make(tell), { version: "0.1.0" })(process.argv.slice(2)).pipe(
    Effect.tapCause((cause) => say(words(cause))),
    Effect.ensuring(Effect.sync(() => process.stdin.destroy())),
    Effect.provide(NodeServices.layer)
  ),
  {
    disableErrorReporting: true,
    teardown: (exit, onExit) => onExit(Exit.isSuccess(exit) ? 0 : CliError.isCliError(Cause.squash(exit.cause)) ? 2 : 1)
  }
)
