/**
 * What `kalshi export` does.
 */
import * as Export from "@effect-kalshi/history/Export"
import * as History from "@effect-kalshi/history/History"
import type * as Kind from "@effect-kalshi/history/Kind"
import * as Effect from "effect/Effect"
import type * as FileSystem from "effect/FileSystem"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import type * as Path from "effect/Path"
import type * as Redacted from "effect/Redacted"
import * as Schedule from "effect/Schedule"
import * as Schema from "effect/Schema"
import type { SqlError } from "effect/sql/SqlError"
import { isKalshiError, type KalshiError, type Reason } from "effect-kalshi/KalshiError"
import * as Retry from "effect-kalshi/Retry"
import * as Timestamp from "effect-kalshi/Timestamp"
import * as Failure from "../Failure.ts"
import * as Output from "../Output.ts"
import * as Progress from "../Progress.ts"
import * as Session from "../Session.ts"
import type * as Times from "../Times.ts"
import * as Words from "../Words.ts"
import * as place from "./export/place.ts"
import { together } from "./export/together.ts"
import * as list from "./list.ts"

interface Options extends place.Options {
  readonly what: ReadonlyArray<Kind.Name | "account">
  readonly since: Option.Option<Times.Time | "last">
  readonly until: Option.Option<Times.Time>
  readonly windows: number
  readonly restart: boolean
  readonly ticker: Option.Option<string>
  readonly event: Option.Option<string>
  readonly series: Option.Option<string>
  readonly subaccount: Option.Option<number>
}

const ACCOUNT = ["fills", "orders", "settlements", "positions", "deposits", "withdrawals", "transfers"] as const

/** Nobody waits in front of it: a network that is gone for a while is waited for. */
export const patience: Retry.Retry = Schedule.min([
  Schedule.exponential("250 millis"),
  Schedule.spaced("10 seconds")
]).pipe(Schedule.jittered, Schedule.upTo({ duration: "2 minutes" }), Schedule.setInputType<Reason>())

const failed = (error: Export.Failure): Failure.Failure | KalshiError => {
  if (isKalshiError(error)) return error
  const { _tag: reason } = error.reason
  switch (reason) {
    case "InvalidQuery":
    case "NotShownYet":
    case "AnotherExport":
    case "NotOurs":
    case "NotAFile":
    case "AnotherTable":
      return Failure.usage(reason, flagged(error.message))
    default:
      return new Failure.Failure({ kind: "failed", reason, text: flagged(error.message) })
  }
}

/** The words of the library, in those of the command line. */
const flagged = (message: string): string => message.replace(/\bor restart\b/, "or say --restart")

/** Of how many records it seems to be, by how much of the time they lie over. */
const expected = (first: number, { reached, records, until }: Export.Progress): number | undefined => {
  const share = reached === undefined ? 0 : (reached - first) / (until - first)
  return share > 0 ? Math.max(records, Math.round(records / share)) : undefined
}

const Line = Schema.fromJsonString(
  Schema.Struct({
    what: Schema.String,
    path: Schema.String,
    records: Schema.Int,
    since: Schema.optional(Timestamp.Timestamp),
    until: Timestamp.Timestamp,
    how: Schema.String
  })
)
const encodeLine = Schema.encodeSync(Line)

const HOW: Readonly<Record<Export.Done["how"], string>> = {
  begun: "",
  resumed: ", gone on with",
  added: ", what is new added",
  unchanged: ", as it was"
}

const say = (name: Kind.Name, { how, path, records, since, until }: Export.Done): string => {
  const range = `${since === undefined ? "the beginning" : Words.time(since)} to ${Words.time(until)}`
  return `${path}  ${records} ${name}, ${range}${HOW[how]}`
}

const isDistinct = (name: Kind.Name, index: number, names: ReadonlyArray<Kind.Name>) => names.indexOf(name) === index

// only where it is asked for: the client of the database takes its time to load
const database = (url: Redacted.Redacted<string>) =>
  Effect.promise(() => import("@effect/sql-pg/PgClient")).pipe(
    Effect.map((PgClient) => PgClient.layer({ url, applicationName: "kalshi", connectTimeout: "10 seconds" })),
    Layer.unwrap
  )

const unreachable = ({ reason }: SqlError) =>
  new Failure.Failure({
    kind: "failed",
    reason: "Database",
    text: `the database does not answer as it should (${reason.cause instanceof Error ? reason.cause.message : reason._tag}); look at its address, and at user and password`
  })

/** What a kind is not narrowed by: what would change nothing is not taken. */
const refusedFor = (name: Kind.Name, { event, series, subaccount, ticker }: Options): string | undefined => {
  const isFunding = name === "deposits" || name === "withdrawals"
  if ((isFunding || name === "transfers") && Option.isSome(ticker)) return "--ticker"
  if (name !== "markets" && Option.isSome(event)) return "--event"
  if (name !== "markets" && Option.isSome(series)) return "--series"
  const isOfSubaccounts = !isFunding && name !== "trades" && name !== "markets"
  return !isOfSubaccounts && Option.isSome(subaccount) ? "--subaccount" : undefined
}

const isAgo = (time: Option.Option<Times.Time | "last">): boolean =>
  Option.isSome(time) && time.value !== "last" && time.value._tag === "Ago"

/** Exports one kind, and says how far it is. */
const one = Effect.fnUntraced(function* (asked: Export.Options<Kind.Name>, to: place.Place, table: string | undefined) {
  const output = yield* Output.Output
  const name = asked.what
  const progress = yield* Progress.make({ title: name, unit: "records" })
  let first: number | undefined
  const onProgress = (at: Export.Progress) => {
    if (at.phase === "writing") return progress.update(at.records, at.total)
    first ??= at.since ?? (at.records > 0 ? at.reached : undefined)
    return progress.update(at.records, first === undefined ? undefined : expected(first, at))
  }
  const exported: Effect.Effect<
    Export.Done,
    Export.Failure | Failure.Failure,
    History.History | FileSystem.FileSystem | Path.Path
  > =
    to._tag === "File"
      ? Export.toFile({
          ...asked,
          onProgress,
          path: to.path(name),
          format: to.format,
          compression: to.compression
        })
      : Export.toPostgres({ ...asked, onProgress, table }).pipe(
          Effect.provide(database(to.url)),
          Effect.catchTag("SqlError", (error) => Effect.fail(unreachable(error)))
        )
  const done = yield* exported.pipe(
    Effect.mapError((error) => (error._tag === "Failure" ? error : failed(error))),
    Effect.onInterrupt(() =>
      output.note(
        `what was read is kept: the same command${asked.restart === true ? " without --restart" : ""} goes on there`
      )
    ),
    Effect.ensuring(progress.end)
  )
  yield* output.lines([output.json ? encodeLine({ what: name, ...done }) : say(name, done)])
})

/** Exports what is asked for, one after the other. */
export const run = Effect.fnUntraced(function* (options: Options) {
  const names = options.what
    .flatMap((name): ReadonlyArray<Kind.Name> => (name === "account" ? ACCOUNT : [name]))
    .filter(isDistinct)
  // what is wrong with the words is said before anybody is asked
  const to = yield* place.find(options, names.length === 1)
  for (const name of names) {
    const flag = refusedFor(name, options)
    if (flag !== undefined) {
      return yield* Failure.usage("InvalidFlag", `${name} are not narrowed by ${flag}: leave it away, or export others`)
    }
  }

  return yield* Effect.gen(function* () {
    const { credential, isHere } = yield* Session.Session
    const given = Option.filter(options.since, (since): since is Times.Time => since !== "last")
    const { maxTs: until, minTs: since } = yield* list.range(given, options.until)
    const query = {
      // the exchange of this process has another key each time
      account: isHere ? "sandbox" : `${credential.environment.name}/${credential.keyId}`,
      sinceLast: Option.isSome(options.since) && options.since.value === "last",
      restart: options.restart,
      windows: options.windows,
      ticker: Option.getOrUndefined(options.ticker),
      event: Option.getOrUndefined(options.event),
      series: Option.getOrUndefined(options.series),
      subaccounts: Option.isSome(options.subaccount) ? [options.subaccount.value] : undefined
    }
    const words = [
      query.account,
      names,
      options.since,
      to._tag === "File" ? [to.format, to.compression] : [],
      query.ticker,
      query.subaccounts
    ]
    const end =
      names.length > 1 && until === undefined
        ? yield* Effect.mapError(together(to, words, options.restart), failed)
        : { until, end: Effect.void }
    const isRelative = isAgo(options.since) || isAgo(options.until)
    for (const what of names) {
      const asked = { ...query, what, since, until: end.until, isRelative }
      yield* one(asked, to, Option.getOrUndefined(options.table))
    }
    yield* end.end
  }).pipe(Effect.provide(History.layer), Effect.provideService(Retry.Retry, patience), (work) =>
    Session.provide(work, { rateLimit: "learned", breaker: "none" })
  )
})
