/**
 * Exports that can be stopped at any instant and gone on with.
 *
 * An export keeps beside its output what it has read, and how far it is. The
 * same export again goes on there, and what comes out is what an undisturbed
 * one gives: for records that do not change, the same bytes.
 *
 * @since 0.1.0
 */
import type * as Timestamp from "effect-kalshi/Timestamp"
import * as Effect from "effect/Effect"
import type * as FileSystem from "effect/FileSystem"
import type * as Path from "effect/Path"
import type * as SqlClient from "effect/sql/SqlClient"
import * as fileTarget from "./export/file.ts"
import * as postgresTarget from "./export/postgres.ts"
import * as run from "./export/run.ts"
import type { Target } from "./export/Target.ts"
import * as History from "./History.ts"
import type { AnyQuery } from "./HistoryQuery.ts"
import * as Kind from "./Kind.ts"
import * as queries from "./window/query.ts"
import { because, DiskFull } from "./sink/error.ts"
import type * as file from "./sink/file.ts"

export { AnotherExport, Damaged, ExportError, type ExportReason, InUse, NotOurs, OutputGone } from "./export/error.ts"
export type { Progress } from "./export/run.ts"

/**
 * What is exported, from when to when.
 *
 * @since 0.1.0
 * @category models
 */
export interface Options<N extends Kind.Name> extends AnyQuery {
  readonly what: N
  /** Whose records they are: another account cannot go on with the export. */
  readonly account?: string | undefined
  /**
   * Adds what is new since the last time to what is there: from an hour before
   * its end, and from the earliest record that might still change then. The
   * first time, it is everything. Default false.
   */
  readonly sinceLast?: boolean | undefined
  /** Begins anew, whatever is there; the output of before stays until the new one is complete. Default false. */
  readonly restart?: boolean | undefined
  /**
   * Whether `since` and `until` were reckoned from now, and are others each time:
   * one that was stopped goes on with those that it began with. Default false.
   */
  readonly isRelative?: boolean | undefined
  readonly onProgress?: ((progress: run.Progress) => Effect.Effect<void>) | undefined
}

/**
 * What is exported, and to which file.
 *
 * @since 0.1.0
 * @category models
 */
export interface FileOptions<N extends Kind.Name> extends Options<N> {
  readonly path: string
  readonly format: file.Format
  /** Default `none`; Parquet, where nothing is said, is compressed with Snappy. */
  readonly compression?: file.Compression | undefined
}

/**
 * What is exported, and to which table.
 *
 * @since 0.1.0
 * @category models
 */
export interface PostgresOptions<N extends Kind.Name> extends Options<N> {
  /** The table, with its schema before a dot where it is not of the search path. Default `kalshi_` and the kind, as `kalshi_fills`. */
  readonly table?: string | undefined
}

/**
 * What an export came to; `path` is its file or table.
 *
 * @since 0.1.0
 * @category models
 */
export interface Done {
  readonly path: string
  readonly records: number
  readonly since?: Timestamp.Timestamp | undefined
  readonly until: Timestamp.Timestamp
  /** Whether it began, went on, added what was new, or had been done before. */
  readonly how: "begun" | "resumed" | "added" | "unchanged"
}

/**
 * What an export fails with.
 *
 * @since 0.1.0
 * @category errors
 */
export type Failure = run.Fault

const readerOf = <N extends Kind.Name>(
  history: History.History["Service"],
  options: Options<N>
): run.Reader<Kind.Records[N]> => ({
  range: (query) => history.range({ ...options, ...query }),
  batches: (query) => history.batches(options.what, { ...options, ...query })
})

const jobOf = <N extends Kind.Name>(options: Options<N>): run.Options["job"] => {
  const { account, event, isBlock, series, since, subaccounts, ticker, what } = options
  return {
    what,
    ...(account === undefined ? {} : { account }),
    ...(ticker === undefined ? {} : { ticker }),
    ...(event === undefined ? {} : { event }),
    ...(series === undefined ? {} : { series }),
    ...(isBlock === undefined ? {} : { isBlock }),
    ...(subaccounts === undefined ? {} : { subaccounts: Array.from(new Set(subaccounts)).toSorted((a, b) => a - b) }),
    ...(since === undefined ? {} : { since })
  }
}

const to = Effect.fnUntraced(function* <N extends Kind.Name>(
  options: Options<N>,
  kind: Kind.Kind<Kind.Records[N]>,
  target: Target<Kind.Records[N]>
) {
  // said before anything else, and whatever is kept
  const problem = queries.problem(options)
  if (problem !== undefined) return yield* problem
  const history = yield* History.History
  const outcome = yield* run.run(kind, readerOf(history, options), target, {
    job: jobOf(options),
    until: options.until,
    sinceLast: options.sinceLast === true,
    restart: options.restart === true,
    isRelative: options.isRelative === true,
    onProgress: options.onProgress ?? (() => Effect.void)
  })
  return { path: target.output, ...outcome }
})

/**
 * Exports a history to a file, which is there when all of it is in it, or not at
 * all. Stopped at any instant, the same export goes on where it was: with
 * `until` left away that of the first time is kept.
 *
 * Beside the file are `<path>.checkpoint`, which stays, for `sinceLast`, and
 * until the file is complete `<path>.spool` and `<path>.lock`.
 *
 * Fails with an `ExportError` where it cannot begin or go on, a `SinkError`
 * where the disk refuses, a `KalshiError` or `HistoryError` where the history
 * cannot be read, and a `FileError` where what was kept cannot.
 *
 * @since 0.1.0
 * @category exports
 */
export const toFile = Effect.fnUntraced(function* <N extends Kind.Name>(
  options: FileOptions<N>
): Effect.fn.Return<Done, Failure, History.History | FileSystem.FileSystem | Path.Path> {
  const kind: Kind.Kind<Kind.Records[N]> = Kind.all[options.what]
  return yield* fileTarget.make(kind, options).pipe(
    Effect.flatMap((target) => to(options, kind, target)),
    // whatever is kept beside it did not fit: it is the output that is as it was
    Effect.catchReason("SinkError", "DiskFull", (_, error) =>
      Effect.fail(because(new DiskFull({ path: options.path }), error))
    )
  )
})

/**
 * Exports a history to a table of PostgreSQL, made where it is absent, in which
 * each record has one row. Stopped at any instant, the same export goes on where
 * it was: how far it is stands in the table `kalshi_exports` beside it. Rows that
 * are there already are brought up to date, and none is taken away; `restart`
 * reads everything again.
 *
 * Fails with an `ExportError` where it cannot begin or go on, a `SinkError`
 * where the database refuses, and a `KalshiError` or `HistoryError` where the
 * history cannot be read.
 *
 * @since 0.1.0
 * @category exports
 */
export const toPostgres = Effect.fnUntraced(function* <N extends Kind.Name>(
  options: PostgresOptions<N>
): Effect.fn.Return<Done, Failure, History.History | SqlClient.SqlClient> {
  const kind: Kind.Kind<Kind.Records[N]> = Kind.all[options.what]
  return yield* to(options, kind, yield* postgresTarget.make(kind, options.table ?? `kalshi_${kind.name}`))
})
