/**
 * Where the records of a history go: each sink is a value that a stream runs
 * into.
 *
 * ```ts
 * Stream.run(fills, HistorySink.parquet(Kind.fills, { path: "fills.parquet" }))
 * ```
 *
 * A file is complete or absent, and the same records give the same bytes.
 *
 * NDJSON has a line of JSON a record, as the schema of its kind writes it.
 *
 * CSV is that of RFC 4180, with a header and CRLF. Money and counts are
 * decimals as the exchange writes them (`0.5600`, `10.00`), times RFC 3339 in
 * UTC with microseconds, and what is absent is nothing between the commas, while
 * an empty text is `""`, as PostgreSQL's `COPY` has it. Text is written as it
 * is: a spreadsheet may take one that begins with `=`, `+`, `-` or `@` for a
 * formula, and is to be told that these columns are text.
 *
 * Parquet has types: money is `DECIMAL(18, 6)`, a count `DECIMAL(18, 2)`, a
 * time `TIMESTAMP` of microseconds in UTC; 20,000 records a row group.
 *
 * In PostgreSQL a record has a row of its key, and takes the place of an older
 * one.
 *
 * What is no records, such as a report, is written by {@link text} in the same
 * way: complete or absent.
 *
 * @since 0.1.0
 */
import type * as FileSystem from "effect/FileSystem"
import type * as Path from "effect/Path"
import type * as Sink from "effect/Sink"
import type { Kind } from "./Kind.ts"
import type { SinkError } from "./sink/error.ts"
import { type Compression, file, type FileOptions, type Format, type Written } from "./sink/file.ts"

export {
  AnotherTable,
  Contended,
  Database,
  DiskFull,
  NotAFile,
  SinkError,
  type SinkReason,
  Unsayable,
  Unwritable
} from "./sink/error.ts"
export { type Compression, file, type FileOptions, type Format, type Written } from "./sink/file.ts"
export { postgres, type PostgresOptions, type Stored } from "./sink/postgres.ts"
export { text } from "./sink/text.ts"

/** A file of one format. */
type FileOf<A> = Sink.Sink<Written, A, never, SinkError, FileSystem.FileSystem | Path.Path>

/**
 * Writes a line of JSON a record; see {@link file}.
 *
 * @since 0.1.0
 * @category sinks
 */
export const ndjson = <A>(kind: Kind<A>, options: FileOptions): FileOf<A> =>
  file(kind, { ...options, format: "ndjson" })

/**
 * Writes comma-separated values with a header; see {@link file}.
 *
 * @since 0.1.0
 * @category sinks
 */
export const csv = <A>(kind: Kind<A>, options: FileOptions): FileOf<A> => file(kind, { ...options, format: "csv" })

/**
 * Writes Parquet; see {@link file}.
 *
 * @since 0.1.0
 * @category sinks
 */
export const parquet = <A>(kind: Kind<A>, options: FileOptions): FileOf<A> =>
  file(kind, { ...options, format: "parquet" })

/**
 * What the name of a file ends with: `.ndjson`, `.csv.gz`, `.parquet` whatever
 * its compression.
 *
 * @since 0.1.0
 * @category accessors
 */
export const extension = (format: Format, compression: Compression = "none"): string =>
  format !== "parquet" && compression === "gzip" ? `.${format}.gz` : `.${format}`
