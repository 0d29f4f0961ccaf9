/**
 * Rows on disk: NDJSON and CSV, written aside and renamed when complete, and
 * read back.
 */
import { Effect, FileSystem, type PlatformError, type Schema, Stream } from "effect"
import { Csv, Ndjson } from "effect/encoding"
import type { List } from "./Lists.ts"

/** The two forms of every list. */
export const formats = ["ndjson", "csv"] as const
export type Format = (typeof formats)[number]

export const nameOf = <A>(list: List<A>, format: Format): string => `${list.name}.${format}`

/**
 * Writes a file under another name and renames it when it is complete: a
 * failure or Ctrl-C leaves what was there before, and no half of anything.
 */
export const aside = Effect.fnUntraced(function* <A, E, R>(
  path: string,
  write: (part: string) => Effect.Effect<A, E, R>
) {
  const files = yield* FileSystem.FileSystem
  const part = `${path}.part`
  return yield* write(part).pipe(
    Effect.andThen(files.rename(part, path)),
    Effect.onError(() => Effect.ignore(files.remove(part, { force: true })))
  )
})

/** Writes all rows of a stream to a file. */
export const write = Effect.fnUntraced(function* <A, E, R>(
  list: List<A>,
  format: Format,
  path: string,
  rows: Stream.Stream<A, E, R>
) {
  const files = yield* FileSystem.FileSystem
  yield* aside(path, (part) =>
    (format === "ndjson"
      ? Stream.pipeThroughChannel(rows, Ndjson.encodeSchema(list.record)<E>())
      : // RFC 4180: CRLF, quotes where needed, a header
        Stream.pipeThroughChannel(rows, Csv.encodeSchema(list.row)<E>({ headers: true }))
    ).pipe(Stream.run(files.sink(part)))
  )
  return Number((yield* files.stat(path)).size)
})

/** Reads the rows of a file, each decoded by the schema that it was written with. */
export const read = <A>(
  list: List<A>,
  format: Format,
  path: string
): Stream.Stream<A, Unreadable, FileSystem.FileSystem> => {
  const bytes = Stream.unwrap(Effect.map(FileSystem.FileSystem, (files) => files.stream(path)))
  return format === "ndjson"
    ? Stream.pipeThroughChannel(bytes, Ndjson.decodeSchema(list.record)<PlatformError.PlatformError>())
    : Stream.pipeThroughChannel(bytes, Csv.decodeSchema(list.row)<PlatformError.PlatformError>({ headers: true }))
}

/** Why a file cannot be read back. */
export type Unreadable = PlatformError.PlatformError | Schema.SchemaError | Ndjson.NdjsonError | Csv.CsvError
