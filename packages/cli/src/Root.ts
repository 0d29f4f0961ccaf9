/**
 * The command without a subcommand, and what every subcommand is run with.
 *
 * A module of `commands` declares what a command can be told; what it does is
 * in `work`, and loaded when it is asked for, so that help and typing mistakes
 * are answered at once.
 *
 * @since 0.1.0
 */
import * as Command from "effect/cli/Command"
import * as ConfigProvider from "effect/ConfigProvider"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type * as Stdio from "effect/Stdio"
import * as Flags from "./Flags.ts"
import * as Output from "./Output.ts"

/**
 * `kalshi`, with the flags of every command.
 *
 * @since 0.1.0
 * @category commands
 */
export const root = Command.make("kalshi").pipe(Command.withSharedFlags(Flags.shared))

// what was said on the command line goes before what the environment says
const withEnvironment =
  (name: string) =>
  <A, E, R>(self: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
    Effect.flatMap(ConfigProvider.ConfigProvider, (given) =>
      Effect.provideService(
        self,
        ConfigProvider.ConfigProvider,
        ConfigProvider.orElse(ConfigProvider.fromEnv({ env: { KALSHI_ENV: name } }), given)
      )
    )

/**
 * Whether to be told to stop is how the command ends well, as it is for what
 * runs until then. A command that does so says it.
 *
 * @since 0.1.0
 * @category references
 */
export const Stopping = Context.Reference<{ isGood: boolean }>("@effect-kalshi/cli/Root/Stopping", {
  defaultValue: () => ({ isGood: false })
})

/**
 * Loads what a command does and runs it with its output, in the environment
 * that the command line names.
 *
 * @since 0.1.0
 * @category constructors
 */
export const run = <Work, A, E, R>(
  load: () => Promise<Work>,
  body: (work: Work) => Effect.Effect<A, E, R>
): Effect.Effect<void, E, Exclude<R, Output.Output> | Stdio.Stdio | Command.CommandContext<"kalshi">> =>
  Effect.gen(function* () {
    const { env, json, quiet } = yield* root
    const output = yield* Output.make({ json, quiet })
    const work = yield* Effect.promise(load)
    yield* body(work).pipe(
      Effect.provideService(Output.Output, output),
      Option.isSome(env) ? withEnvironment(env.value) : (self) => self
    )
  })
