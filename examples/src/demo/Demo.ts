/**
 * The demo as a command: an account is shown, traded with, exported and
 * reconciled.
 */
import { Clock, Config, Console, Data, Effect, FileSystem, Option } from "effect"
import { Command } from "effect/cli"
import { CredentialsError, type KalshiError } from "effect-kalshi"
import * as Account from "./Account.ts"
import * as Expected from "./Expected.ts"
import * as Export from "./Export.ts"
import * as Lists from "./Lists.ts"
import * as Numbers from "./Numbers.ts"
import * as Options from "./Options.ts"
import * as Progress from "./Progress.ts"
import * as Reconcile from "./Reconcile.ts"
import * as Report from "./Report.ts"
import { layer as layerScreen, Screen } from "./Screen.ts"
import * as Target from "./Target.ts"
import * as Trading from "./Trading.ts"

/** What was written is not what the exchange knows; it has been told in full. */
export class Differs extends Data.TaggedError("Differs") {}

/** The export did not come to its end. */
export class Unfinished extends Data.TaggedError("Unfinished")<{
  readonly cause: KalshiError.KalshiError
  readonly directory: string
}> {
  override get message(): string {
    return `${this.cause.message}\n      ${stateOf(this.directory)}`
  }
}

const stateOf = (directory: string): string => `what ${directory} has is complete or as it was before`

const title = Effect.fnUntraced(function* (text: string, note = "") {
  const screen = yield* Screen
  yield* screen.line()
  yield* screen.line(`${screen.paint.bold(screen.paint.cyan(text))}${note === "" ? "" : `  ${screen.paint.dim(note)}`}`)
})

// How many rows there will be, where somebody knows.
const tasks = Effect.fnUntraced(function* () {
  const { books, wire } = yield* Target.Target
  const known = books === undefined ? undefined : Expected.rows(yield* books.account, wire)
  return [
    { name: Lists.fills.name, total: known?.fills.length },
    { name: Lists.orders.name, total: known?.orders.length },
    { name: Lists.settlements.name, total: known?.settlements.length },
    { name: Lists.marketPositions.name, total: known?.marketPositions.length },
    { name: Lists.eventPositions.name, total: known?.eventPositions.length }
  ]
})

const exportAll = Effect.fnUntraced(function* (directory: string) {
  const files = yield* FileSystem.FileSystem
  yield* files.makeDirectory(directory, { recursive: true })
  return yield* Progress.show(yield* tasks(), (progress) =>
    // side by side: the rate limit of the client paces all of them together
    Effect.all(
      [
        Export.run(Lists.fills, { directory, progress }),
        Export.run(Lists.orders, { directory, progress }),
        Export.run(Lists.settlements, { directory, progress }),
        Export.run(Lists.marketPositions, { directory, progress }),
        Export.run(Lists.eventPositions, { directory, progress })
      ],
      { concurrency: "unbounded" }
    )
  ).pipe(Effect.catchTag("KalshiError", (cause) => Effect.fail(new Unfinished({ cause, directory }))))
})

const reconcile = Effect.fnUntraced(function* (directory: string) {
  const { books, wire } = yield* Target.Target
  return books === undefined
    ? yield* Reconcile.withEachOther(directory)
    : yield* Reconcile.withTruth({ directory, wire, truth: yield* books.account, audit: yield* books.exchange })
})

const run = Effect.fnUntraced(function* (options: Options.Options, startedAt: number) {
  const screen = yield* Screen
  const target = yield* Target.Target
  const directory = options.out
  yield* screen.line(`  ${screen.paint.dim(`${target.name} at ${target.url}, ${target.signed}`)}`)

  yield* title("Account")
  yield* Account.show()

  let session = Option.none<Trading.Session>()
  if (target.trades) {
    yield* title("Trading")
    session = yield* Trading.run()
    if (Option.isSome(session)) yield* Report.showSession(session.value)
  } else if (target.whyNot !== undefined) yield* screen.line(`  ${screen.paint.dim(target.whyNot)}`)

  yield* title("Export", directory)
  const lists = yield* exportAll(directory)

  yield* title("Reconciliation", "all files, read back from disk")
  const report: Report.Report = {
    exchange: target.name,
    url: target.url,
    directory,
    session: Option.getOrUndefined(session),
    lists,
    outcome: yield* reconcile(directory),
    hasTruth: target.books !== undefined,
    millis: (yield* Clock.currentTimeMillis) - startedAt
  }
  yield* Report.show(report)
  if (options.json) yield* Console.log(Report.toJson(report))
  if (!Report.agrees(report)) return yield* new Differs()
})

// the login of a program of 2.0.0, where there is no key
const hasLogin = Effect.map(
  Effect.all(["KALSHI_EMAIL", "KALSHI_TOKEN"].map((name) => Config.option(Config.String(name)))),
  (all) => all.some(Option.isSome)
).pipe(Effect.orElseSucceed(() => false))

interface Failure {
  readonly _tag: string
  readonly message: string
}

// The command that would have done it, where it is plain.
const instead = Effect.fnUntraced(function* (error: Failure, { legacy }: Options.Options) {
  if (!CredentialsError.isCredentialsError(error)) return ""
  if (error.reason._tag === "LoginRetired") return "\n      npm run demo, without --legacy, uses an API key."
  return !legacy && error.reason._tag === "MissingKey" && (yield* hasLogin)
    ? "\n      npm run demo -- --legacy   uses the login, on the wire of API 2.0.0."
    : ""
})

// One or two lines for whoever sits in front of it; no stack.
const explain = (error: Failure, options: Options.Options): Effect.Effect<string> =>
  error._tag === "PlatformError"
    ? Effect.succeed(`demo: ${options.out} cannot be used (${error.message})`)
    : Effect.map(instead(error, options), (hint) => `demo: ${error.message}${hint}`)

/**
 * The command. It fails after it has said why, and with `Differs` after it has
 * said what differs.
 */
export const command = Command.make(
  "demo",
  Options.flags,
  Effect.fnUntraced(
    function* (options) {
      const startedAt = yield* Clock.currentTimeMillis
      const screen = yield* Screen
      yield* title("effect-kalshi")
      if (yield* Target.isOwn) {
        yield* screen.line(
          `  opening a sandbox with ${Numbers.count(options.fills)} fills, ${Numbers.count(options.orders)} orders, ${Numbers.count(
            options.settlements
          )} settlements …`
        )
      }
      yield* Effect.provide(run(options, startedAt), Target.layer(options))
    },
    (effect, options) =>
      effect.pipe(
        Effect.tapError((error) =>
          error._tag === "Differs"
            ? Effect.void
            : Effect.flatMap(explain(error, options), (said) => Console.error(said))
        ),
        Effect.tapDefect((defect) => Console.error("demo: this is a mistake of the demo", defect)),
        Effect.onInterrupt(() => Console.error(`demo: stopped; ${stateOf(options.out)}`)),
        Effect.provide(layerScreen({ forMachine: options.json }))
      )
  )
).pipe(Command.withDescription("Trade, export and reconcile, against an exchange in a box or your own account"))
