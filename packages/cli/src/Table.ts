/**
 * Tables of text for a terminal: columns as wide as they need to be, numbers
 * with their points below each other.
 *
 * @since 0.1.0
 */

/**
 * A column of a table of `Row`s.
 *
 * @since 0.1.0
 * @category models
 */
export interface Column<Row> {
  readonly head: string
  /** Default `left`. `point` puts decimal points below each other. */
  readonly align?: "left" | "right" | "point" | undefined
  /** The text of a row; nothing where it has none. */
  readonly cell: (row: Row) => string | undefined
}

/**
 * How a table is drawn.
 *
 * @since 0.1.0
 * @category models
 */
export interface Options {
  /** Whether the heads are set apart by an escape sequence. */
  readonly color: boolean
}

const DIM = "\u001b[2m"
const PLAIN = "\u001b[0m"

const fractionOf = (text: string): number => {
  const point = text.lastIndexOf(".")
  return point < 0 ? 0 : text.length - point
}

/** The cells of a column, all as wide as its widest. */
const columnOf = <Row>(column: Column<Row>, rows: ReadonlyArray<Row>): ReadonlyArray<string> => {
  const texts = rows.map((row) => column.cell(row) ?? "")
  const fraction = Math.max(0, ...(column.align === "point" ? texts.map(fractionOf) : []))
  const cells = column.align === "point" ? texts.map((text) => text + " ".repeat(fraction - fractionOf(text))) : texts
  const width = Math.max(column.head.length, ...cells.map((cell) => cell.length))
  const isLeft = (column.align ?? "left") === "left"
  return [column.head, ...cells].map((cell) => (isLeft ? cell.padEnd(width) : cell.padStart(width)))
}

/**
 * The lines of a table, its heads first; a column without any text is left out.
 *
 * @since 0.1.0
 * @category conversions
 */
export const lines = <Row>(
  columns: ReadonlyArray<Column<Row>>,
  rows: ReadonlyArray<Row>,
  options: Options
): ReadonlyArray<string> => {
  const drawn = columns
    .filter((column) => rows.some((row) => (column.cell(row) ?? "") !== ""))
    .map((column) => columnOf(column, rows))
  if (drawn.length === 0) return []
  return Array.from({ length: rows.length + 1 }, (_, index) => {
    const line = drawn
      .map((cells) => cells[index] ?? "")
      .join("  ")
      .trimEnd()
    return index === 0 && options.color ? `${DIM}${line}${PLAIN}` : line
  })
}
