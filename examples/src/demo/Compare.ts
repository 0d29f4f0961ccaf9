/**
 * Rows of a file against the rows that have to be in it: each exactly once,
 * every field the same. Rows are read as a stream; of what was read only the
 * keys are kept.
 */
import { Effect, Equal, Option, Stream } from "effect"
import type { List } from "./Lists.ts"

/** How a row differs. */
export type Difference =
  | { readonly _tag: "Missing" | "Unexpected" | "Twice"; readonly key: string }
  | {
      readonly _tag: "Changed"
      readonly key: string
      readonly field: string
      readonly wrote: unknown
      readonly knows: unknown
    }

/** How a file compares; `first` are the first few of its `wrong` differences. */
export interface Comparison {
  readonly file: string
  /** What it was compared with. */
  readonly against: string
  readonly rows: number
  readonly wrong: number
  readonly first: ReadonlyArray<Difference>
}

const FEW = 5

// what differs between two rows; a field that is absent is one that is undefined
const changed = <A>(key: string, wrote: A, knows: A): ReadonlyArray<Difference> => {
  const left = new Map<string, unknown>(Object.entries(wrote ?? {}))
  const right = new Map<string, unknown>(Object.entries(knows ?? {}))
  return Array.from(new Set([...left.keys(), ...right.keys()])).flatMap((field): ReadonlyArray<Difference> =>
    Equal.equals(left.get(field), right.get(field))
      ? []
      : [{ _tag: "Changed", key, field, wrote: left.get(field), knows: right.get(field) }]
  )
}

/** Compares the rows of a file with what is known; each row is also shown to `see`. */
export const run = Effect.fn("Compare.run")(function* <A, E, R>(options: {
  readonly file: string
  readonly list: Pick<List<A>, "key">
  readonly rows: Stream.Stream<A, E, R>
  readonly known: ReadonlyArray<A>
  /** Who knows; the sandbox, unless told otherwise. */
  readonly against?: string | undefined
  readonly see?: ((row: A) => void) | undefined
}) {
  const { key } = options.list
  const missing = new Map(options.known.map((row) => [key(row), row]))
  const seen = new Set<string>()
  const first: Array<Difference> = []
  let rows = 0
  let wrong = 0
  const tell = (difference: Difference): void => {
    wrong++
    if (first.length < FEW) first.push(difference)
  }

  yield* Stream.runForEach(options.rows, (row) =>
    Effect.sync(() => {
      rows++
      options.see?.(row)
      const id = key(row)
      const known = missing.get(id)
      if (known !== undefined) for (const difference of changed(id, row, known)) tell(difference)
      else tell({ _tag: seen.has(id) ? "Twice" : "Unexpected", key: id })
      missing.delete(id)
      seen.add(id)
    })
  )
  for (const id of missing.keys()) tell({ _tag: "Missing", key: id })
  const comparison: Comparison = { file: options.file, against: options.against ?? "the sandbox", rows, wrong, first }
  return comparison
})

/**
 * Compares two files of the same list in step, where only the exchange knows
 * what has to be in them: the same rows in the same order, each key once.
 */
export const inStep = Effect.fn("Compare.inStep")(function* <A, E, R>(options: {
  readonly file: string
  readonly against: string
  readonly list: Pick<List<A>, "key">
  readonly rows: Stream.Stream<A, E, R>
  readonly others: Stream.Stream<A, E, R>
}) {
  const { key } = options.list
  const seen = new Set<string>()
  const first: Array<Difference> = []
  let rows = 0
  let wrong = 0
  const tell = (difference: Difference): void => {
    wrong++
    if (first.length < FEW) first.push(difference)
  }
  // one more than there is, so that the longer file shows
  const ended = (of: Stream.Stream<A, E, R>) =>
    Stream.concat(Stream.map(of, Option.some), Stream.succeed(Option.none<A>()))

  yield* Stream.zip(ended(options.rows), ended(options.others)).pipe(
    Stream.runForEach(([row, other]) =>
      Effect.sync(() => {
        if (Option.isSome(row)) {
          rows++
          const id = key(row.value)
          if (seen.has(id)) tell({ _tag: "Twice", key: id })
          seen.add(id)
          if (Option.isNone(other)) tell({ _tag: "Unexpected", key: id })
          else for (const difference of changed(id, row.value, other.value)) tell(difference)
        } else if (Option.isSome(other)) {
          tell({ _tag: "Missing", key: key(other.value) })
        }
      })
    )
  )
  const comparison: Comparison = { file: options.file, against: options.against, rows, wrong, first }
  return comparison
})

/** A difference of a comparison in words. */
export const describe = ({ against, file }: Comparison, difference: Difference): string => {
  switch (difference._tag) {
    case "Missing":
      return `${difference.key}: in ${against}, not in ${file}`
    case "Unexpected":
      return `${difference.key}: in ${file}, not in ${against}`
    case "Twice":
      return `${difference.key}: more than once in ${file}`
    case "Changed":
      return `${difference.key}: ${difference.field} is ${JSON.stringify(difference.wrote)} in ${file}, ${JSON.stringify(
        difference.knows
      )} in ${against}`
  }
}
