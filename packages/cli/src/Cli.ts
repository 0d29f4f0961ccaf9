/**
 * The `kalshi` command: its subcommands, and how it ends.
 *
 * @since 0.1.0
 */
import * as Cause from "effect/Cause"
import * as CliConfig from "effect/cli/CliConfig"
import type * as CliError from "effect/cli/CliError"
import * as CliOutput from "effect/cli/CliOutput"
import * as Command from "effect/cli/Command"
import * as GlobalFlag from "effect/cli/GlobalFlag"
import * as TerminalCapabilities from "effect/cli/TerminalCapabilities"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Runtime from "effect/Runtime"
import * as Stdio from "effect/Stdio"
import { balance } from "./commands/balance.ts"
import { doctor } from "./commands/doctor.ts"
import { exports } from "./commands/export.ts"
import { fills } from "./commands/fills.ts"
import { orders } from "./commands/orders.ts"
import { positions } from "./commands/positions.ts"
import { sandbox } from "./commands/sandbox.ts"
import * as Failure from "./Failure.ts"
import * as Output from "./Output.ts"
import * as Root from "./Root.ts"

// help indents the first line
const description = [
  "Look at an account on Kalshi, and take its history with you. It never places an order.",
  "Which exchange is looked at is said with --env or KALSHI_ENV; there is no default. The key is in",
  "KALSHI_API_KEY_ID and KALSHI_PRIVATE_KEY_PATH (a file) or KALSHI_PRIVATE_KEY. Without a key: --env sandbox.",
  "Exit codes: 0 good, 1 the exchange or the network failed, 2 not understood, 3 no key or a refused one,",
  "4 doctor found a problem, 130 told to stop."
].join("\n  ")

/**
 * `kalshi` with all its subcommands.
 *
 * @since 0.1.0
 * @category commands
 */
export const command = Root.root.pipe(
  Command.withDescription(description),
  Command.withSubcommands([balance, orders, fills, positions, exports, sandbox, doctor]),
  Command.withExamples([
    { command: "kalshi doctor --env demo", description: "Is everything as it should be?" },
    { command: "kalshi fills --env sandbox --since 7d", description: "Try it out, without a key" },
    { command: "source <(kalshi --completions bash)", description: "Complete words with the tab key" }
  ])
)

/**
 * The version of the command.
 *
 * @since 0.1.0
 * @category constants
 */
export const version = "0.1.0"

const suggested = (suggestions: ReadonlyArray<string>): string =>
  suggestions.length === 0 ? "" : `; did you mean ${suggestions.join(" or ")}?`

const misunderstood = (error: CliError.CliError): string => {
  switch (error._tag) {
    case "UnknownSubcommand":
      return `there is no command ${error.subcommand}${suggested(error.suggestions)}`
    case "UnrecognizedOption":
      return `there is no flag ${error.option}${suggested(error.suggestions)}`
    case "InvalidValue": {
      const expected = error.expected
        .replace(/^(?:Schema validation failed:\s*)?(?:Expected:?\s+)?/, "")
        .replace("a string representing a finite number", "a number")
      const name = error.kind === "flag" ? `--${error.option}` : error.option
      return error.value === ""
        ? `${name} needs a value${expected === "string" ? "" : `: ${expected}`}`
        : `${name} cannot be "${error.value}": it is ${expected}`
    }
    case "UnexpectedArgument":
      return `${error.arguments.join(" ")}: nothing is expected there`
    default:
      return error.message.replaceAll(/\s+/g, " ")
  }
}

// What was not understood: the first of it, since the rest often follows from it.
const usage = ({ commandPath, errors: [first] }: CliError.ShowHelp, json: boolean) => {
  const path = commandPath.join(" ")
  if (first === undefined) {
    // help was what it did
    return json ? Failure.usage("MissingCommand", `say which command: ${path} --help lists them`) : undefined
  }
  return Failure.usage(first._tag, `${misunderstood(first)}\n${path} --help says what there is`)
}

const stop = new Failure.Failure({ kind: "failed", reason: "Interrupted", text: "stopped" })

const broken = (cause: Cause.Cause<unknown>): Failure.Failure => {
  const defect = Cause.squash(cause)
  const words = defect instanceof Error ? defect.message : String(defect)
  return new Failure.Failure({
    kind: "failed",
    reason: "Defect",
    text: `this is a mistake of kalshi's own: ${words.split("\n", 1)[0]}\nplease report it, with what you asked for`
  })
}

const report = ({ kind, reason, text }: Failure.Failure, json: boolean) =>
  Output.say(
    json
      ? JSON.stringify({ error: { kind, reason, message: text.replaceAll("\n", "; ") } })
      : `kalshi: ${text.replaceAll("\n", "\n        ")}`
  )

// help goes where it was asked for; what was not understood is told in two lines, not in pages
const presenter = (json: boolean) =>
  CliOutput.layerPresenter({
    present: (event) =>
      event._tag === "InvalidInvocation" || (json && event._tag === "Help" && event.reason === "Implicit")
        ? Effect.void
        : CliOutput.defaultPresenter.present(event)
  })

/**
 * The exit code of a run that ended so.
 *
 * @since 0.1.0
 * @category accessors
 */
export const codeOf = (cause: Cause.Cause<unknown>): number =>
  Cause.hasInterruptsOnly(cause) ? Failure.exitCodes.interrupted : Runtime.getErrorExitCode(Cause.squash(cause))

/**
 * Runs the command with the arguments of `Stdio`. Whatever goes wrong has been
 * said by then; the error that is left carries the exit code.
 *
 * @since 0.1.0
 * @category running
 */
export const run: Effect.Effect<void, Failure.Failure | Failure.Ended, Command.Environment> = Effect.gen(function* () {
  const args = yield* Effect.flatMap(Stdio.Stdio, (stdio) => stdio.args)
  const end = args.indexOf("--")
  const json = (end < 0 ? args : args.slice(0, end)).includes("--json")
  yield* Command.runWith(command, { version })(args).pipe(
    Effect.provide(
      Layer.mergeAll(
        presenter(json),
        TerminalCapabilities.layer,
        CliConfig.layer({ builtIns: [GlobalFlag.Help, GlobalFlag.Version, GlobalFlag.Completions] })
      )
    ),
    Effect.catchIf(
      (error): error is CliError.CliError => error._tag !== "Failure" && error._tag !== "Ended",
      (error) => {
        const failure = error._tag === "ShowHelp" ? usage(error, json) : Failure.usage(error._tag, misunderstood(error))
        return failure === undefined ? Effect.void : Effect.fail(failure)
      }
    ),
    Effect.onInterrupt(() => report(stop, json)),
    Effect.catchCause((cause) =>
      Cause.hasDies(cause) && !Cause.hasInterrupts(cause) ? Effect.fail(broken(cause)) : Effect.failCause(cause)
    ),
    Effect.tapError((error) => (error._tag === "Failure" ? report(error, json) : Effect.void))
  )
})
