/**
 * Files of records, read back exactly.
 *
 * What {@link HistorySink} writes comes back as the records that were written,
 * a part at a time, so that a file may be of any size. A file that breaks off,
 * or is of something else, fails, after the records before that place: what is
 * wrong is never passed over.
 *
 * Columns that are optional may be missing in CSV and Parquet, as in files of
 * before there was such a column.
 *
 * @since 0.1.0
 */
import type * as FileSystem from "effect/FileSystem"
import type * as Stream from "effect/Stream"
import type { FileError } from "./file/error.ts"
import * as lines from "./file/lines.ts"
import * as parquet from "./file/parquet.ts"
import * as csv from "./format/csv.ts"
import * as ndjson from "./format/ndjson.ts"
import type { Kind } from "./Kind.ts"
import type { Compression, Format } from "./sink/file.ts"

export { CutOff, FileError, type FileReason, Foreign, Unreadable } from "./file/error.ts"

/**
 * Which file is read, and how it was written.
 *
 * @since 0.1.0
 * @category models
 */
export interface ReadOptions {
  readonly path: string
  readonly format: Format
  /** Default `none`; a Parquet file says it itself. */
  readonly compression?: Compression | undefined
}

/**
 * Reads the records of a file in their order: NDJSON and CSV by the line,
 * Parquet by the row group.
 *
 * NDJSON and CSV that were cut behind a line look complete; nothing in them
 * tells how many records there are. Deposits and withdrawals have the same
 * columns, and Parquet alone tells which of them it has.
 *
 * Fails with a `FileError`: `Unreadable`, `CutOff` or `Foreign`, the latter two
 * with the line.
 *
 * @since 0.1.0
 * @category streams
 */
export const read = <A>(
  kind: Kind<A>,
  { compression, format, path }: ReadOptions
): Stream.Stream<A, FileError, FileSystem.FileSystem> => {
  const isCompressed = compression === "gzip"
  switch (format) {
    case "ndjson":
      return lines.read(path, () => ndjson.decoder(kind), isCompressed)
    case "csv":
      return lines.read(path, () => csv.decoder(kind), isCompressed)
    case "parquet":
      return parquet.read(kind, path)
  }
}
