/**
 * Cells of comma-separated values, as RFC 4180 has them, with what others do
 * not tell: whether a cell without text had quotes.
 */
import type { Problem } from "./Decoder.ts"

/** The cells of a row: absent where there is nothing, not even quotes. */
export type Cells = ReadonlyArray<string | undefined>

/** A row and the line that it begins on, from 1. */
export interface Row {
  readonly line: number
  readonly cells: Cells
}

/** Takes a text apart that comes in whole lines. */
export interface Parser {
  /** The rows that are whole by now, up to what is wrong. */
  readonly add: (text: string) => { readonly rows: ReadonlyArray<Row>; readonly problem?: Problem | undefined }
  /** The line that comes next. */
  readonly line: () => number
  /** Whether it is within a row, whose text has line breaks. */
  readonly isWithin: () => boolean
}

const QUOTE = 34
const COMMA = 44
const RETURN = 13
const BREAK = 10

/** Reads one file; it is not asked again after a problem. */
export const make = (): Parser => {
  let cells: Array<string | undefined> = []
  let line = 1
  let begun = 1
  /** The text of a cell whose quotes are open. */
  let open: string | undefined

  const add: Parser["add"] = (text) => {
    const rows: Array<Row> = []
    let at = 0

    const wrong = (description: string) => ({ rows, problem: { line, description } })

    const endRow = () => {
      rows.push({ line: begun, cells })
      cells = []
      line++
      begun = line
    }

    while (at < text.length) {
      if (open !== undefined || text.charCodeAt(at) === QUOTE) {
        let from = at
        if (open === undefined) {
          open = ""
          from++
        }
        const end = text.indexOf('"', from)
        const part = text.slice(from, end === -1 ? text.length : end)
        for (let next = part.indexOf("\n"); next !== -1; next = part.indexOf("\n", next + 1)) line++
        open += part
        if (end === -1) return { rows }
        at = end + 1
        if (text.charCodeAt(at) === QUOTE) {
          open += '"'
          at++
          continue
        }
        cells.push(open)
        open = undefined
      } else {
        const from = at
        let code = text.charCodeAt(at)
        while (at < text.length && code !== COMMA && code !== BREAK && code !== RETURN && code !== QUOTE)
          code = text.charCodeAt(++at)
        cells.push(at === from ? undefined : text.slice(from, at))
      }
      // the text ends with a line break, so something is there
      if (text.charCodeAt(at) === RETURN && text.charCodeAt(at + 1) === BREAK) at++
      const code = text.charCodeAt(at)
      if (code !== COMMA && code !== BREAK) return wrong("a quote or a return stands where neither can")
      at++
      if (code === BREAK) endRow()
    }
    return { rows }
  }

  return { add, line: () => line, isWithin: () => open !== undefined || cells.length > 0 }
}
