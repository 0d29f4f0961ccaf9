/**
 * Tables of box-drawing characters.
 */
import * as NodeUtil from "node:util"
import type { Paint } from "./Screen.ts"

export interface Column {
  readonly title: string
  readonly align?: "left" | "right" | undefined
}

/** The cells of a row, or a rule between two rows. */
export type Row = ReadonlyArray<string> | "rule"

// colours take no room
const width = (text: string): number => NodeUtil.stripVTControlCharacters(text).length

const pad = (text: string, to: number, align: Column["align"]): string => {
  const room = " ".repeat(Math.max(0, to - width(text)))
  return align === "right" ? room + text : text + room
}

/** The lines of a table, as wide as its contents. */
export const render = (
  columns: ReadonlyArray<Column>,
  rows: ReadonlyArray<Row>,
  paint: Paint
): ReadonlyArray<string> => {
  const widths = columns.map(({ title }, index) =>
    Math.max(width(title), ...rows.map((row) => (row === "rule" ? 0 : width(row[index] ?? ""))))
  )
  const rule = (left: string, middle: string, right: string): string =>
    paint.dim(left + widths.map((each) => "─".repeat(each + 2)).join(middle) + right)
  const bar = paint.dim("│")
  const line = (cells: ReadonlyArray<string>, align: (index: number) => Column["align"]): string =>
    `${bar} ${cells.map((cell, index) => pad(cell, widths[index] ?? 0, align(index))).join(` ${bar} `)} ${bar}`
  return [
    rule("┌", "┬", "┐"),
    line(
      columns.map(({ title }) => paint.bold(title)),
      (index) => columns[index]?.align
    ),
    rule("├", "┼", "┤"),
    ...rows.map((row) =>
      row === "rule"
        ? rule("├", "┼", "┤")
        : line(
            columns.map((_, index) => row[index] ?? ""),
            (index) => columns[index]?.align
          )
    ),
    rule("└", "┴", "┘")
  ]
}
