/**
 * Tables. Amounts in them are exact: a column has as many decimals as its finest
 * amount needs, so that they stand one below the other.
 */
import { join, type Markup, markup } from "./markup.ts"
import { cents, decimalsOf, exact, isWholeCents, type Micros, type Sign } from "./numbers.ts"

/** A column of a table, over rows of `A`. */
type Column<A> =
  | { readonly _tag: "text"; readonly head: string; readonly cell: (row: A) => Markup | string }
  | { readonly _tag: "number"; readonly head: string; readonly cell: (row: A) => string }
  | {
      readonly _tag: "money"
      readonly head: string
      readonly sign: Sign
      readonly cell: (row: A) => Micros | undefined
    }

/** Makes the columns of a table over rows of `A`. */
export interface Columns<A> {
  /** Text, to the left. */
  readonly text: (head: string, cell: (row: A) => Markup | string) => Column<A>
  /** A number that is not money, to the right. */
  readonly number: (head: string, cell: (row: A) => string) => Column<A>
  /** Money, exactly. */
  readonly money: (head: string, cell: (row: A) => Micros | undefined, sign?: Sign) => Column<A>
}

const makers = <A>(): Columns<A> => ({
  text: (head, cell) => ({ _tag: "text", head, cell }),
  number: (head, cell) => ({ _tag: "number", head, cell }),
  money: (head, cell, sign = "negative") => ({ _tag: "money", head, sign, cell })
})

/** Gives a gain and a loss their colours; the sign says the same. */
export const toned = (amount: Micros, text: Markup | string): Markup => {
  const tone = amount > 0n ? "gain" : amount < 0n ? "loss" : "even"
  return markup`<span class="${tone}">${text}</span>`
}

/** An amount to the cent; what lies below is in its title. */
export const rounded = (amount: Micros, sign: Sign = "negative"): Markup =>
  isWholeCents(amount)
    ? markup`<span class="keep">${cents(amount, sign)}</span>`
    : markup`<span class="keep" title="exactly ${exact(amount, sign)}">${cents(amount, sign)}</span>`

/** A table; the first column names the row, and `total` is the last row. */
export const table = <A>(options: {
  readonly caption: string
  readonly columns: (make: Columns<A>) => ReadonlyArray<Column<A>>
  readonly rows: ReadonlyArray<A>
  readonly total?: A | undefined
}): Markup => {
  const { rows, total } = options
  const columns = options.columns(makers())
  const all = total === undefined ? rows : [...rows, total]
  const cells = columns.map((column) => {
    if (column._tag !== "money") return column.cell
    const decimals = Math.max(2, ...all.map((row) => decimalsOf(column.cell(row) ?? 0n)))
    return (row: A): Markup => {
      const amount = column.cell(row)
      if (amount === undefined) return markup`–`
      const written = exact(amount, column.sign, decimals)
      return column.sign === "always" ? toned(amount, written) : markup`${written}`
    }
  })
  const line = (row: A): Markup =>
    join(
      columns.map((column, index) => {
        const cell = cells[index]?.(row)
        if (index === 0) return markup`<th scope="row">${cell}</th>`
        return column._tag === "text" ? markup`<td>${cell}</td>` : markup`<td class="n">${cell}</td>`
      })
    )
  const head = columns.map((column) =>
    column._tag === "text"
      ? markup`<th scope="col">${column.head}</th>`
      : markup`<th scope="col" class="n">${column.head}</th>`
  )
  const foot = total === undefined ? undefined : markup`<tfoot><tr>${line(total)}</tr></tfoot>`
  return markup`<div class="scroll" tabindex="0" role="region" aria-label="${options.caption}"><table><caption>${options.caption}</caption><thead><tr>${head}</tr></thead><tbody>${rows.map((row) => markup`<tr>${line(row)}</tr>`)}</tbody>${foot}</table></div>`
}
