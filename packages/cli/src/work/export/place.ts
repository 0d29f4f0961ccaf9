/**
 * Where exports go: into a file, a folder, or PostgreSQL.
 */
import * as HistorySink from "@effect-kalshi/history/HistorySink"
import type * as Kind from "@effect-kalshi/history/Kind"
import * as Config from "effect/Config"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Option from "effect/Option"
import * as Path from "effect/Path"
import * as Redacted from "effect/Redacted"
import * as Failure from "../../Failure.ts"

/** Where each export goes. */
export type Place =
  | { readonly _tag: "Postgres"; readonly url: Redacted.Redacted<string> }
  | {
      readonly _tag: "File"
      readonly format: HistorySink.Format
      readonly compression: HistorySink.Compression | undefined
      readonly folder: string
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

/** What of the words says where to. */
export interface Options {
  readonly format: Option.Option<HistorySink.Format | "postgres">
  readonly compress: Option.Option<HistorySink.Compression>
  readonly out: Option.Option<string>
  readonly table: Option.Option<string>
}

/** Finds the place of one export, or of several, in the words; fails with what is wrong with them. */
export const find = Effect.fnUntraced(function* (
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
    folder: isFolder ? named : ".",
    path: (name) => (named === undefined || isFolder ? paths.join(named ?? ".", `${name}${extension}`) : named)
  }
})
