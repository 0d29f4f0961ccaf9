/**
 * Comma-separated values as RFC 4180 has them: a header of the names of the
 * columns, CRLF behind every line, the last one too.
 *
 * A cell without quotes and without text is absent, and `""` is a text that is
 * empty, as PostgreSQL's `COPY` has it. Text is written as it is. A spreadsheet
 * takes one that begins with `=`, `+`, `-` or `@` for a formula, and so might
 * be made to compute what somebody else named an order: what is put before such
 * text elsewhere would make it another text, so here nothing is; import the
 * columns as text.
 */
import * as Result from "effect/Result"
import * as Kind from "../Kind.ts"
import * as cell from "./cell.ts"
import type { Decoder, Problem, Read } from "./Decoder.ts"
import type { Encoder } from "./Encoder.ts"
import * as lines from "./lines.ts"
import * as rows from "./rows.ts"
import { unsayable } from "./text.ts"

const END = "\r\n"

/** What cannot stand without quotes. */
const SPECIAL = /[",\r\n]/

const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`

const written = (text: string | undefined): string =>
  text === undefined ? "" : text === "" || SPECIAL.test(text) ? quoted(text) : text

/** Writes records as lines behind a header. */
export const encoder = <A>(kind: Kind.Kind<A>): Encoder<A> => {
  const { columns } = kind
  const encoder = new TextEncoder()
  let header = columns.map(({ name }) => name).join(",") + END

  return {
    add: (records) => {
      let text = header
      for (const record of records) {
        for (let index = 0; index < columns.length; index++) {
          const column = columns[index]!
          const value = cell.write(column, record)
          if (column.type === "text" && value !== undefined) {
            const description = unsayable(value)
            if (description !== undefined) {
              return Result.fail({ key: kind.key(record), description: `its ${column.name}: ${description}` })
            }
          }
          text += (index === 0 ? "" : ",") + written(value)
        }
        text += END
      }
      header = ""
      return Result.succeed(encoder.encode(text))
    },
    end: () => encoder.encode(header)
  }
}

/** Where each column of a kind is in the file, by its header; or what is wrong with that. */
const places = <A>(
  { columns, name }: Kind.Kind<A>,
  header: rows.Cells
): Result.Result<ReadonlyArray<number>, string> => {
  const unknown = header.find((found) => !columns.some(({ name }) => name === found))
  if (unknown !== undefined || header.includes(undefined)) {
    return Result.fail(`${name} have no column ${JSON.stringify(unknown ?? "")}`)
  }
  if (new Set(header).size !== header.length) return Result.fail("it has a column twice")
  const absent = columns.find(({ name, optional }) => !optional && !header.includes(name))
  return absent === undefined
    ? Result.succeed(columns.map(({ name }) => header.indexOf(name)))
    : Result.fail(`it has no column "${absent.name}"`)
}

/** Reads lines behind a header as records; optional columns may be missing, and their order is any. */
export const decoder = <A>(kind: Kind.Kind<A>): Decoder<A> => {
  const { columns } = kind
  const fromRow = Kind.fromRow(kind)
  const split = lines.make()
  const parser = rows.make()
  let header: { readonly places: ReadonlyArray<number>; readonly width: number } | undefined

  const record = (cells: rows.Cells, places: ReadonlyArray<number>): Result.Result<A, string> => {
    const row: Array<Kind.Row[number]> = []
    for (let index = 0; index < columns.length; index++) {
      const { name, type } = columns[index]!
      const text = cells[places[index]!]
      const value = text === undefined ? undefined : cell.read[type](text)
      if (text !== undefined && value === undefined) {
        return Result.fail(`its ${name} is not ${cell.expected[type]}`)
      }
      row.push(value)
    }
    return fromRow(row)
  }

  const take = (found: ReadonlyArray<rows.Row>, problem: Problem | undefined): Read<A> => {
    const records: Array<A> = []
    for (const { cells, line } of found) {
      if (header === undefined) {
        const at = places(kind, cells)
        if (Result.isFailure(at)) return { records, problem: { line, description: at.failure } }
        header = { places: at.success, width: cells.length }
        continue
      }
      if (cells.length !== header.width) {
        const description = `it has ${cells.length} cells where the header has ${header.width}`
        return { records, problem: { line, description } }
      }
      const read = record(cells, header.places)
      if (Result.isFailure(read)) return { records, problem: { line, description: read.failure } }
      records.push(read.success)
    }
    return { records, problem }
  }

  return {
    add: (bytes) => {
      const { problem, text } = split.add(bytes)
      const parsed = parser.add(text)
      return take(
        parsed.rows,
        parsed.problem ?? (problem === undefined ? undefined : { line: parser.line(), description: problem })
      )
    },
    end: () => {
      const { problem, ...rest } = split.end()
      // every line of ours has an end, the last one and the header too
      const isCut = problem === undefined && (rest.isCut || parser.isWithin() || header === undefined)
      return isCut || problem !== undefined
        ? { records: [], problem: { line: parser.line(), description: problem ?? "", isCut } }
        : { records: [] }
    }
  }
}
