/**
 * Records of a Parquet file, a row group at a time.
 */
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Result from "effect/Result"
import type * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import { type FileMetaData, parquetMetadataAsync, parquetRead, type SchemaElement } from "hyparquet"
import { decompressAll } from "../format/gzip.ts"
import * as parquet from "../format/parquet.ts"
import * as Kind from "../Kind.ts"
import { CutOff, FileError, type FileReason, Foreign, Unreadable } from "./error.ts"

const because =
  (path: string) =>
  (reason: FileReason, cause?: unknown): FileError =>
    new FileError({ path, reason, ...(cause === undefined ? {} : { cause }) })

/** A part of a file from a place on. */
type Part = (start: number, end: number) => Effect.Effect<ArrayBuffer, FileError>

interface Parts {
  readonly size: number
  readonly part: Part
}

const partsOf = Effect.fnUntraced(function* (
  path: string
): Effect.fn.Return<Parts, FileError, FileSystem.FileSystem | Scope.Scope> {
  const fs = yield* FileSystem.FileSystem
  const wrong = because(path)
  const refuse = Effect.mapError((error: { readonly message: string }) =>
    wrong(new Unreadable({ description: error.message }), error)
  )
  const file = yield* refuse(fs.open(path, { flag: "r" }))
  const { size, type } = yield* refuse(file.stat)
  if (type !== "File") return yield* wrong(new Unreadable({ description: "it is no file" }))

  const part: Part = Effect.fnUntraced(function* (start, end) {
    const bytes = new Uint8Array(Math.max(0, end - start))
    for (let at = 0; at < bytes.length;) {
      const read = yield* refuse(file.read(bytes.subarray(at), { position: BigInt(start + at) }))
      if (read === 0) return yield* wrong(new CutOff({}))
      at += read
    }
    return bytes.buffer
  })
  return { size: Number(size), part }
})

/** Refuses a file that does not begin and end as Parquet does. */
const look = Effect.fnUntraced(function* (path: string, { part, size }: Parts) {
  const text = (bytes: ArrayBuffer) => String.fromCharCode(...new Uint8Array(bytes))
  const start = text(yield* part(0, Math.min(size, parquet.MAGIC.length)))
  if (start === "" || !parquet.MAGIC.startsWith(start)) {
    return yield* because(path)(new Foreign({ description: "it is not Parquet" }))
  }
  // a file of ours that has no end has no footer, which is written last
  if (size < 3 * parquet.MAGIC.length || text(yield* part(size - parquet.MAGIC.length, size)) !== parquet.MAGIC) {
    return yield* because(path)(new CutOff({}))
  }
})

/** What the values of a column mean, however old its declaration is. */
const meaning = ({ converted_type, logical_type, scale, type }: SchemaElement): string => {
  if (logical_type?.type === "DECIMAL") return `${type}, a decimal with ${logical_type.scale} decimals`
  if (converted_type === "DECIMAL") return `${type}, a decimal with ${scale ?? 0} decimals`
  if (logical_type?.type === "TIMESTAMP") return `${type}, a timestamp in ${logical_type.unit}`
  if (converted_type?.startsWith("TIMESTAMP_")) {
    return `${type}, a timestamp in ${converted_type.slice("TIMESTAMP_".length)}`
  }
  if (logical_type?.type === "STRING" || converted_type === "UTF8") return `${type}, text`
  return String(type)
}

/** The columns of a kind that are in the file, or what is wrong with those that are. */
const columnsOf = <A>(kind: Kind.Kind<A>, { key_value_metadata, schema }: FileMetaData) => {
  const named = key_value_metadata?.find(({ key }) => key === parquet.KIND)?.value
  if (named !== undefined && named !== kind.name) return Result.fail(`it has ${named}, and no ${kind.name}`)
  const [, ...elements] = schema
  for (const element of elements) {
    const column = kind.columns.find(({ name }) => name === element.name)
    if (column === undefined) return Result.fail(`${kind.name} have no column "${element.name}"`)
    const [found, expected] = [meaning(element), meaning(parquet.element(column))]
    if (found !== expected) return Result.fail(`its column "${column.name}" is ${found} and not ${expected}`)
  }
  const names = new Set(elements.map(({ name }) => name))
  const absent = kind.columns.find(({ name, optional }) => !optional && !names.has(name))
  return absent === undefined
    ? Result.succeed(kind.columns.map(({ name }) => name).filter((name) => names.has(name)))
    : Result.fail(`it has no column "${absent.name}"`)
}

/** The same file without what makes floats and dates of its integers. */
const bare = (metadata: FileMetaData): FileMetaData => ({
  ...metadata,
  schema: metadata.schema.map((element) => {
    if (element.type !== "INT64") return element
    const { name, repetition_type, type } = element
    return { name, type, ...(repetition_type === undefined ? {} : { repetition_type }) }
  })
})

interface Range {
  readonly start: number
  readonly end: number
}

/** Where each row group begins and ends. */
function* groups({ row_groups }: FileMetaData): Iterable<Range> {
  let start = 0
  for (const { num_rows } of row_groups) {
    const end = start + Number(num_rows)
    if (end > start) yield { start, end }
    start = end
  }
}

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true })

const parsers = {
  stringFromBytes: (bytes: Uint8Array | undefined) => (bytes === undefined ? undefined : utf8.decode(bytes))
}

/** The columns were looked at: nothing else comes of them. */
const value = (found: unknown): Kind.Row[number] => {
  if (typeof found === "bigint") return Number(found)
  return typeof found === "string" || typeof found === "boolean" ? found : undefined
}

/** Reads a file of Parquet. */
export const read = <A>(kind: Kind.Kind<A>, path: string): Stream.Stream<A, FileError, FileSystem.FileSystem> =>
  Stream.unwrap(
    Effect.gen(function* () {
      const wrong = because(path)
      const parts = yield* partsOf(path)
      yield* look(path, parts)
      const run = Effect.runPromiseWith(yield* Effect.context<never>())
      const file = {
        byteLength: parts.size,
        slice: (start: number, end = parts.size) => run(parts.part(start, end))
      }
      const attempt = <B>(evaluate: () => Promise<B>): Effect.Effect<B, FileError> =>
        Effect.tryPromise({
          try: evaluate,
          catch: (cause) =>
            cause instanceof FileError
              ? cause
              : wrong(new Foreign({ description: `it is damaged (${cause instanceof Error ? cause.message : cause})` }))
        })

      const metadata = yield* attempt(() => parquetMetadataAsync(file))
      const found = columnsOf(kind, metadata)
      if (Result.isFailure(found)) return yield* wrong(new Foreign({ description: found.failure }))
      const columns = found.success
      const plain = bare(metadata)
      const places = kind.columns.map(({ name }) => columns.indexOf(name))
      const fromRow = Kind.fromRow(kind)

      const rowsOf = (rowStart: number, rowEnd: number) =>
        attempt(() => {
          const rows: Array<ReadonlyArray<unknown>> = []
          return parquetRead({
            file,
            metadata: plain,
            columns,
            rowStart,
            rowEnd,
            parsers,
            compressors: { GZIP: decompressAll },
            onComplete: (all) => {
              for (const row of all) rows.push(row)
            }
          }).then(() => rows)
        })

      const group = Effect.fnUntraced(function* ({ end, start }: Range) {
        const records: Array<A> = []
        for (const row of yield* rowsOf(start, end)) {
          const record = fromRow(places.map((at) => value(row[at])))
          if (Result.isFailure(record)) {
            const description = `record ${start + records.length + 1}: ${record.failure}`
            // what is before it is handed on first
            return Stream.concat(Stream.fromArray(records), Stream.fail(wrong(new Foreign({ description }))))
          }
          records.push(record.success)
        }
        return Stream.fromArray(records)
      })

      return Stream.flatMap(Stream.fromIterable(groups(metadata)), (range) => Stream.unwrap(group(range)))
    })
  )
