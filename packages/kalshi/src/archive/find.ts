/**
 * Finds the records in a JSON value, whatever stored it: a response, a list, a
 * record alone, a recorded response with what was recorded about it.
 *
 * @since 0.1.0
 */
import * as Predicate from "effect/Predicate"
import type { Raw } from "./generation.ts"

/**
 * How the records of a kind are stored: in which lists, and what shows that an
 * object is such a record by itself.
 *
 * @since 0.1.0
 * @category models
 */
export interface Storage<Kind extends string> {
  /** What they are called together. */
  readonly plural: string
  /** The lists of a response, and what is in each. */
  readonly lists: Readonly<Record<string, Kind>>
  /** The names under which an object has one record each, in their order. */
  readonly singles: Readonly<Record<string, Kind>>
  /** The kind of record that an object is by itself, if it is one. */
  readonly kindOf: (value: Raw) => Kind | undefined
}

/**
 * Something at a place in a JSON value: a record of a kind, or what is there
 * instead of one. `path` is as in a program, `fills[3]`, and empty for the
 * value itself.
 *
 * @since 0.1.0
 * @category models
 */
export type Found<Kind> =
  | { readonly path: string; readonly problem?: undefined; readonly kind: Kind; readonly record: Raw }
  | { readonly path: string; readonly problem: string }

// a list of pages in a recorded response is three deep; what goes on is no archive
const MAX_DEPTH = 8

const MAX_NAMES = 5
const MAX_NAME = 40

/** What a value is, without showing it. */
const describe = (value: unknown): string => {
  if (value === null) return "null"
  if (Array.isArray(value)) return "a list"
  return typeof value === "object" ? "an object" : `a ${typeof value}`
}

const names = (value: Raw): string => {
  const all = Object.keys(value)
  const shown = all.slice(0, MAX_NAMES).map((name) => `"${name.slice(0, MAX_NAME)}"`)
  return all.length === 0 ? "it is empty" : `it has ${shown.join(", ")}${all.length > MAX_NAMES ? ", …" : ""}`
}

const word = (value: unknown): string | undefined =>
  typeof value === "string" && value !== "" ? value.slice(0, MAX_NAME) : undefined

/** What an item of a batch says that failed, or nothing. */
const failure = ({ error }: Raw): string | undefined =>
  Predicate.isReadonlyObject(error) ? (word(error["code"]) ?? word(error["message"])) : word(error)

const join = (path: string, name: string): string => (path === "" ? name : `${path}.${name}`)

/**
 * Compiles the search for the records of a kind: it finds every record in a
 * JSON value, in its order, and says what is in the place of one. Nothing found
 * is a problem too, except in an empty list.
 *
 * @since 0.1.0
 * @category constructors
 */
export const compile = <Kind extends string>(storage: Storage<Kind>): ((value: unknown) => Iterable<Found<Kind>>) => {
  const lists = Object.entries(storage.lists)
  const singles = Object.entries(storage.singles)

  const record = (value: unknown, kind: Kind, path: string): Found<Kind> =>
    Predicate.isReadonlyObject(value)
      ? { path, kind, record: value }
      : { path, problem: `${describe(value)} and no record` }

  const holdsSingles = (value: Raw): boolean =>
    singles.length > 0 && (singles.some(([name]) => Object.hasOwn(value, name)) || failure(value) !== undefined)

  function* ofSingles(value: Raw, path: string): Iterable<Found<Kind>> {
    const there = singles.filter(([name]) => value[name] != null)
    for (const [name, kind] of there) yield record(value[name], kind, join(path, name))
    if (there.length > 0) return
    const failed = failure(value)
    yield { path, problem: failed === undefined ? `no ${storage.plural} in it` : `it failed and has none: ${failed}` }
  }

  function* ofList(list: unknown, kind: Kind, path: string): Iterable<Found<Kind>> {
    if (list == null) return
    if (!Array.isArray(list)) return yield { path, problem: `${describe(list)} and no list` }
    for (const [index, item] of list.entries()) {
      const at = `${path}[${index}]`
      if (Predicate.isReadonlyObject(item) && holdsSingles(item)) yield* ofSingles(item, at)
      else yield record(item, kind, at)
    }
  }

  function* ofObject(value: Raw, path: string, depth: number): Iterable<Found<Kind>> {
    const there = lists.filter(([name]) => Object.hasOwn(value, name))
    if (there.length > 0) {
      for (const [name, kind] of there) yield* ofList(value[name], kind, join(path, name))
      return
    }
    if (holdsSingles(value)) return yield* ofSingles(value, path)
    if (Object.hasOwn(value, "response")) return yield* of(value["response"], join(path, "response"), depth + 1)
    const kind = storage.kindOf(value)
    if (kind !== undefined) return yield { path, kind, record: value }
    // a page may leave out a list that is empty
    if (Object.keys(value).join() === "cursor") return
    yield { path, problem: `no ${storage.plural} in it: ${names(value)}` }
  }

  function* of(value: unknown, path: string, depth: number): Iterable<Found<Kind>> {
    if (depth > MAX_DEPTH) return yield { path, problem: `no ${storage.plural} in it: it is nested too deep` }
    if (Predicate.isReadonlyObject(value)) return yield* ofObject(value, path, depth)
    if (!Array.isArray(value)) return yield { path, problem: `no ${storage.plural} in it: it is ${describe(value)}` }
    for (const [index, item] of value.entries()) yield* of(item, `${path}[${index}]`, depth + 1)
  }

  return (value) => of(value, "", 0)
}
