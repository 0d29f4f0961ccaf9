/**
 * What `kalshi export` does.
 */
import * as Export from "@effect-kalshi/history/Export"
import * as History from "@effect-kalshi/history/History"
import * as HistorySink from "@effect-kalshi/history/HistorySink"
import type * as Kind from "@effect-kalshi/history/Kind"
import * as Config from "effect/Config"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Path from "effect/Path"
import * as Redacted from "effect/Redacted"
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
import * as list from "./list.ts"

interface Options {
  readonly what: ReadonlyArray<Kind.Name | "account">
  readonly since: Option.Option<Times.Time | "last">
  readonly until: Option.Option<Times.Time>
  readonly format: Option.Option<HistorySink.Format | "postgres">
  readonly compress: Option.Option<HistorySink.Compression>
  readonly out: Option.Option<string>
  readonly table: Option.Option<string>
  readonly windows: number
  readonly restart: boolean
  readonly ticker: Option.Option<string>
  readonly subaccount: Option.Option<number>
}

const ACCOUNT = ["fills", "orders", "settlements", "positions", "deposits", "withdrawals", "transfers"] as const

/** Where each export goes. */
type Place =
  | { readonly _tag: "Postgres"; readonly url: Redacted.Redacted<string> }
  | {
      readonly _tag: "File"
      readonly format: HistorySink.Format
      readonly compression: HistorySink.Compression | undefined
      /** The path of the file of a kind. */
      readonly path: (name: Kind.Name) => string
    }

const isUrl = (out: string): boolean => /^postgres(?:ql)?:\/\//.test(out)

/** What the name of a file says of how it is written. */
const fromName = (
  out: string
): { readonly format: HistorySink.Format; readonly compression: HistorySink.Compression | undefined } | undefined => {
  const [, format, gz] = /\.(ndjson|jsonl|csv|parquet)(\.gz)?$/.exec(out) ?? []
  const known = format === "jsonl" ? "ndjson" : format
  return known === "ndjson" || known === "csv" || known === "parquet"
    ? { format: known, compression: gz === undefined ? undefined : "gzip" }
    : undefined
}

const place = Effect.fnUntraced(function* (
  { compress, format, out, table }: Options,
  isOne: boolean
): Effect.fn.Return<Place, Failure.Failure, FileSystem.FileSystem | Path.Path> {
  const named = Option.getOrUndefined(out)
  const wanted = Option.getOrUndefined(format)
  if (wanted === "postgres" || (named !== undefined && isUrl(named))) {
    if (wanted !== undefined && wanted !== "postgres") {
      return yield* Failure.usage("InvalidOut", `--out names a database, and --format ${wanted} is one of files`)
    }
    if (named !== undefined && !isUrl(named)) {
      return yield* Failure.usage("InvalidOut", "with --format postgres, --out is postgres://… or left away")
    }
    if (!isOne && Option.isSome(table)) {
      return yield* Failure.usage("InvalidTable", "--table names one table, and there are several things to export")
    }
    const url = named === undefined ? Config.Redacted("DATABASE_URL") : Config.succeed(Redacted.make(named))
    return yield* url.pipe(
      Effect.map((url) => ({ _tag: "Postgres", url }) as const),
      Effect.mapError(() =>
        Failure.usage("MissingDatabase", "which database? Set DATABASE_URL to postgres://user:password@host/database")
      )
    )
  }
  if (Option.isSome(table)) return yield* Failure.usage("InvalidTable", "--table is for PostgreSQL alone")
  const fs = yield* FileSystem.FileSystem
  const paths = yield* Path.Path
  const isFolder =
    named !== undefined &&
    (named.endsWith("/") ||
      named.endsWith(paths.sep) ||
      (yield* fs.stat(named).pipe(
        Effect.map(({ type }) => type === "Directory"),
        Effect.orElseSucceed(() => false)
      )))
  const said = named === undefined || isFolder ? undefined : fromName(named)
  if (named !== undefined && !isFolder && said === undefined && wanted === undefined) {
    return yield* Failure.usage(
      "UnknownFormat",
      `what should ${named} be? End its name with .csv, .ndjson or .parquet (.csv.gz, .ndjson.gz), or say --format`
    )
  }
  if (!isOne && named !== undefined && !isFolder) {
    return yield* Failure.usage(
      "InvalidOut",
      `${named} is one file, and there are several things: name a folder, ${named}/`
    )
  }
  const chosen: HistorySink.Format = wanted ?? said?.format ?? "csv"
  const compression = Option.getOrElse(compress, () => said?.compression)
  const extension = HistorySink.extension(chosen, compression)
  return {
    _tag: "File",
    format: chosen,
    compression,
    path: (name) => (named === undefined || isFolder ? paths.join(named ?? ".", `${name}${extension}`) : named)
  }
})

// nobody waits in front of it: a network that is gone for a while is waited for
const patience: Retry.Retry = Schedule.min([Schedule.exponential("250 millis"), Schedule.spaced("10 seconds")]).pipe(
  Schedule.jittered,
  Schedule.upTo({ duration: "2 minutes" }),
  Schedule.setInputType<Reason>()
)

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

/** Exports one kind, and says how far it is. */
const one = Effect.fnUntraced(function* (asked: Export.Options<Kind.Name>, place: Place, table: string | undefined) {
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
    place._tag === "File"
      ? Export.toFile({
          ...asked,
          onProgress,
          path: place.path(name),
          format: place.format,
          compression: place.compression
        })
      : Export.toPostgres({ ...asked, onProgress, table }).pipe(
          Effect.provide(database(place.url)),
          Effect.catchTag("SqlError", (error) => Effect.fail(unreachable(error)))
        )
  const done = yield* exported.pipe(
    Effect.mapError((error) => (error._tag === "Failure" ? error : failed(error))),
    Effect.onInterrupt(() => output.note("what was read is kept: the same command goes on there")),
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
  const to = yield* place(options, names.length === 1)

  return yield* Effect.gen(function* () {
    const { credential, isHere } = yield* Session.Session
    const given = Option.filter(options.since, (since): since is Times.Time => since !== "last")
    const { maxTs: until, minTs: since } = yield* list.range(given, options.until)
    for (const what of names) {
      const asked = {
        what,
        // the exchange of this process has another key each time
        account: isHere ? "sandbox" : `${credential.environment.name}/${credential.keyId}`,
        since,
        until,
        sinceLast: Option.isSome(options.since) && options.since.value === "last",
        restart: options.restart,
        windows: options.windows,
        ticker: Option.getOrUndefined(options.ticker),
        subaccounts: Option.isSome(options.subaccount) ? [options.subaccount.value] : undefined
      }
      yield* one(asked, to, Option.getOrUndefined(options.table))
    }
  }).pipe(Effect.provide(History.layer), Effect.provideService(Retry.Retry, patience), (work) =>
    Session.provide(work, { rateLimit: "learned", breaker: "none" })
  )
})
