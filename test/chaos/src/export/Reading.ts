/**
 * Files and tables of exports, read with what other people wrote: `JSON.parse`,
 * `csv-parse`, `hyparquet`, PostgreSQL itself.
 */
import * as PgClient from "@effect/sql-pg/PgClient"
import { parse } from "csv-parse"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as SqlClient from "effect/sql/SqlClient"
import { asyncBufferFromFile, parquetMetadataAsync, parquetRead } from "hyparquet"
import * as NodeCrypto from "node:crypto"
import * as NodeFs from "node:fs"
import * as Readline from "node:readline"
import { pipeline, type Readable } from "node:stream"
import * as Zlib from "node:zlib"
import type { Format } from "./Plan.ts"
import * as Rows from "./Rows.ts"

type Take = (row: Rows.Row) => void

const bytesOf = (path: string, isCompressed: boolean): Readable => {
  const file = NodeFs.createReadStream(path, { highWaterMark: 1024 * 1024 })
  return isCompressed ? pipeline(file, Zlib.createGunzip(), () => {}) : file
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value)

/** What JSON has for a value: text but for whole numbers and what is true or false. */
const fromJson = (type: Rows.Type, value: unknown): Rows.Value => {
  if (value === undefined) return null
  if (typeof value === "string" && type !== "integer" && type !== "boolean") return Rows.fromText(type, value)
  if (typeof value === "number" && type === "integer") return value
  return typeof value === "boolean" && type === "boolean" ? value : `not ${type}: ${JSON.stringify(value)}`
}

const ndjson = (path: string, isCompressed: boolean, { columns }: Rows.Layout, take: Take): Effect.Effect<void> =>
  Effect.promise(() => {
    const input = bytesOf(path, isCompressed)
    const lines = Readline.createInterface({ input, crlfDelay: Infinity })
    return new Promise((resolve, reject) => {
      input.once("error", reject)
      lines.on("line", (line) => {
        const value: unknown = JSON.parse(line)
        take(columns.map(({ field, type }) => fromJson(type, isRecord(value) ? value[field] : undefined)))
      })
      lines.once("close", resolve)
    })
  })

const isCells = (value: unknown): value is ReadonlyArray<string> => Array.isArray(value)

const csv = (path: string, isCompressed: boolean, { columns }: Rows.Layout, take: Take): Effect.Effect<void> =>
  Effect.promise(
    () =>
      new Promise((resolve, reject) => {
        const parser = parse()
        let places: ReadonlyArray<number> | undefined
        parser.on("data", (cells: unknown) => {
          if (!isCells(cells)) return
          if (places === undefined) {
            places = columns.map(({ name }) => cells.indexOf(name))
            return
          }
          const at = places
          take(
            columns.map(({ type }, index) => {
              const cell = cells[at[index] ?? -1] ?? ""
              return cell === "" ? null : Rows.fromText(type, cell)
            })
          )
        })
        pipeline(bytesOf(path, isCompressed), parser, (error) =>
          error === null || error === undefined ? resolve() : reject(error)
        )
      })
  )

const fromParquet = (type: Rows.Type, value: unknown): Rows.Value => {
  if (value === undefined || value === null) return null
  if (typeof value === "bigint") return Number(value)
  // the library makes floats of decimals: what they are is the nearest of their unit
  if (typeof value === "number") return Math.round(value * 10 ** Rows.decimals[type])
  return typeof value === "string" || typeof value === "boolean" ? value : `not ${type}`
}

const GROUP = 20_000

const parquet = Effect.fnUntraced(function* (path: string, { columns }: Rows.Layout, take: Take) {
  const file = yield* Effect.promise(() => asyncBufferFromFile(path))
  const metadata = yield* Effect.promise(() => parquetMetadataAsync(file))
  const rows = Number(metadata.num_rows)
  for (let rowStart = 0; rowStart < rows; rowStart += GROUP) {
    yield* Effect.promise(() =>
      parquetRead({
        file,
        metadata,
        columns: columns.map(({ name }) => name),
        rowStart,
        rowEnd: Math.min(rows, rowStart + GROUP),
        parsers: { timestampFromMicroseconds: (micros: bigint) => micros },
        onComplete: (all) => {
          for (const row of all) take(columns.map(({ type }, index) => fromParquet(type, row[index])))
        }
      })
    )
  }
})

/** Reads the rows of a file. */
export const file = (path: string, format: Format, layout: Rows.Layout, take: Take): Effect.Effect<void> => {
  switch (format) {
    case "ndjson":
    case "ndjson+gzip":
      return ndjson(path, format === "ndjson+gzip", layout, take)
    case "csv":
    case "csv+gzip":
      return csv(path, format === "csv+gzip", layout, take)
    case "parquet":
      return parquet(path, layout, take)
  }
}

/** The SHA-256 of a file. */
export const sha256 = (path: string): Effect.Effect<string> =>
  Effect.promise(
    () =>
      new Promise((resolve, reject) => {
        const hash = NodeCrypto.createHash("sha256")
        NodeFs.createReadStream(path)
          .on("data", (bytes) => hash.update(bytes))
          .once("end", () => resolve(hash.digest("hex")))
          .once("error", reject)
      })
  )

const expression = ({ name, type }: Rows.Column): string => {
  switch (type) {
    case "money":
      return `(${name} * 1000000)::bigint::text`
    case "count":
      return `("${name}" * 100)::bigint::text`
    case "time":
      return `(extract(epoch from ${name}) * 1000000)::bigint::text`
    default:
      return `"${name}"::text`
  }
}

const fromDatabase = (type: Rows.Type, value: unknown): Rows.Value => {
  if (typeof value !== "string") return null
  return type === "text" || type === "boolean" ? Rows.fromText(type, value) : Number(value)
}

const STEP = 50_000

/** Reads the rows of a table, by their keys. */
export const table = Effect.fnUntraced(function* (name: string, { columns, keys }: Rows.Layout, take: Take) {
  const sql = (yield* SqlClient.SqlClient).withoutTransforms()
  const key = columns
    .slice(0, keys)
    .map(({ name }) => name)
    .join(", ")
  const places = Array.from({ length: keys }, (_, index) => `$${index + 1}`).join(", ")
  const select = columns.map((column) => `${expression(column)} AS ${column.name}`).join(", ")
  let after: ReadonlyArray<Rows.Value> = Array.from({ length: keys }, () => "")
  for (;;) {
    const found: ReadonlyArray<unknown> = yield* Effect.orDie(
      sql.unsafe(
        `SELECT ${columns.map(({ name }) => `"${name}"`).join(", ")} FROM
          (SELECT ${select.replaceAll(/ AS (\w+)/g, ' AS "$1"')} FROM ${name} WHERE (${key}) > (${places}) ORDER BY ${key} LIMIT ${STEP}) AS part
          ORDER BY ${key}`,
        [...after]
      )
    )
    if (found.length === 0) return
    for (const one of found) {
      const row = columns.map(({ name, type }) => fromDatabase(type, isRecord(one) ? one[name] : undefined))
      take(row)
      after = row.slice(0, keys)
    }
  }
})

/** The database, where one answers. */
export const database = (url: string) => PgClient.layer({ url: Redacted.make(url), connectTimeout: "2 seconds" })
