/**
 * `kalshi sandbox`: what `kalshi-sandbox` is.
 */
import * as Cli from "@effect-kalshi/sandbox/Cli"
import * as Command from "effect/cli/Command"
import * as Effect from "effect/Effect"
import * as Failure from "../Failure.ts"
import * as Root from "../Root.ts"

export const sandbox = Command.make("sandbox", Cli.flags, (options) =>
  Effect.gen(function* () {
    const { json } = yield* Root.root
    const stopping = yield* Root.Stopping
    stopping.isGood = true
    return yield* Effect.mapError(
      Cli.serve({ ...options, json }),
      (error) =>
        new Failure.Failure({
          kind: "failed",
          reason: error._tag,
          text: error._tag === "ServeError" ? Cli.explain(error.cause) : `the key cannot be written: ${error.message}`
        })
    )
  })
).pipe(
  Command.withDescription(`${Cli.description}. It stays until it is told to stop, with Ctrl-C.`),
  Command.withShortDescription(Cli.description),
  Command.withExamples([
    { command: "kalshi sandbox --port 8787 --fills 1200", description: "With some history, on a port of its own" }
  ])
)
