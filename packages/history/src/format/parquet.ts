/**
 * Parquet, with types: money is a `DECIMAL(18, 6)` and a count a
 * `DECIMAL(18, 2)`, a time a `TIMESTAMP` of microseconds in UTC, whole numbers
 * have 64 bits. Values are integers all the way; none is ever a float.
 */
import type { RowGroup, SchemaElement } from "hyparquet"
import { ByteWriter, ParquetWriter } from "hyparquet-writer"
import * as Result from "effect/Result"
import type * as Kind from "../Kind.ts"
import type { Encoder } from "./Encoder.ts"
import { compressAll } from "./gzip.ts"
import { unsayable } from "./text.ts"

/** What a file begins and ends with. */
export const MAGIC = "PAR1"

/** How many records a row group has; the last one may have fewer. */
export const GROUP = 20_000

/** The key of the metadata that names the kind of the records. */
export const KIND = "effect-kalshi.kind"

// of the layout, which is not that of the package
const CREATED_BY = "effect-kalshi version 1.0.0"

type Physical = Required<Pick<SchemaElement, "type">> &
  Pick<SchemaElement, "converted_type" | "logical_type" | "precision" | "scale">

const PRECISION = 18

const decimal = (scale: number): Physical => ({
  type: "INT64",
  converted_type: "DECIMAL",
  logical_type: { type: "DECIMAL", precision: PRECISION, scale },
  precision: PRECISION,
  scale
})

const physical: Readonly<Record<Kind.ColumnType, Physical>> = {
  text: { type: "BYTE_ARRAY", converted_type: "UTF8", logical_type: { type: "STRING" } },
  money: decimal(6),
  count: decimal(2),
  time: {
    type: "INT64",
    converted_type: "TIMESTAMP_MICROS",
    logical_type: { type: "TIMESTAMP", isAdjustedToUTC: true, unit: "MICROS" }
  },
  integer: { type: "INT64" },
  boolean: { type: "BOOLEAN" }
}

/** How a column is declared in a file. */
export const element = <A>({ name, optional, type }: Kind.Column<A>): SchemaElement => ({
  name,
  repetition_type: optional ? "OPTIONAL" : "REQUIRED",
  ...physical[type]
})

const CODECS = { none: "UNCOMPRESSED", gzip: "GZIP", snappy: "SNAPPY" } as const

type Codec = (typeof CODECS)[keyof typeof CODECS]

/** A row group without rows, which has no page. */
const emptyGroup = <A>({ columns }: Kind.Kind<A>, codec: Codec): RowGroup => ({
  columns: columns.map((column) => ({
    file_offset: 0n,
    meta_data: {
      type: physical[column.type].type,
      encodings: ["PLAIN"],
      path_in_schema: [column.name],
      codec,
      num_values: 0n,
      total_uncompressed_size: 0n,
      total_compressed_size: 0n,
      data_page_offset: BigInt(MAGIC.length)
    }
  })),
  total_byte_size: 0n,
  num_rows: 0n
})

/** Writes records a row group at a time. */
export const encoder = <A>(kind: Kind.Kind<A>, compression: keyof typeof CODECS): Encoder<A> => {
  const { columns } = kind
  const codec = CODECS[compression]
  const bytes = new ByteWriter(1024 * 1024)
  const file = new ParquetWriter({
    writer: bytes,
    schema: [{ name: kind.name, num_children: columns.length }, ...columns.map(element)],
    codec,
    compressors: { GZIP: compressAll },
    kvMetadata: [{ key: KIND, value: kind.name }],
    createdBy: CREATED_BY
  })
  const empty = (): ReadonlyArray<Array<string | bigint | boolean | undefined>> => columns.map(() => [])
  let group = empty()
  let length = 0

  const flush = (): void => {
    if (length === 0) return
    // without an answer to wait for: the bytes stay in memory until they are taken
    void file.write({
      columnData: columns.map(({ name }, index) => ({ name, data: group[index]! })),
      rowGroupSize: GROUP
    })
    group = empty()
    length = 0
  }

  /** What was written since; where it is in the file is counted on. */
  const take = (): Uint8Array => {
    const taken = bytes.getBytes().slice()
    bytes.index = 0
    return taken
  }

  return {
    add: (records) => {
      for (const record of records) {
        for (let index = 0; index < columns.length; index++) {
          const column = columns[index]!
          const value = column.get(record)
          if (typeof value === "string") {
            const description = unsayable(value)
            if (description !== undefined) {
              return Result.fail({ key: kind.key(record), description: `its ${column.name}: ${description}` })
            }
          }
          group[index]!.push(typeof value === "number" ? BigInt(value) : value)
        }
        if (++length === GROUP) flush()
      }
      return Result.succeed(take())
    },
    end: () => {
      flush()
      // the library gives a list without members the wrong type, which others refuse
      if (file.row_groups.length === 0) file.row_groups.push(emptyGroup(kind, codec))
      void file.finish()
      return take()
    }
  }
}
