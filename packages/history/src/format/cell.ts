/**
 * A value of a column as text, exactly, and back.
 *
 * Money and counts are decimals as the exchange writes them: `0.5600`, `10.00`;
 * a time is RFC 3339 in UTC, always with microseconds.
 */
import * as Option from "effect/Option"
import * as Contracts from "effect-kalshi/Contracts"
import * as Dollars from "effect-kalshi/Dollars"
import * as Timestamp from "effect-kalshi/Timestamp"
import type { Column, ColumnType, ColumnValue } from "../Kind.ts"

const WHOLE_SECOND = "2026-11-22T09:35:51Z".length

const time = (value: Timestamp.Timestamp): string => {
  const text = Timestamp.format(value)
  return text.length === WHOLE_SECOND ? `${text.slice(0, -1)}.000000Z` : text
}

const defined = <A>(value: A | undefined, write: (value: A) => string): string | undefined =>
  value === undefined ? undefined : write(value)

/** What a record has in a column, as text. */
export const write = <A>(column: Column<A>, record: A): string | undefined => {
  switch (column.type) {
    case "text":
      return column.get(record)
    case "money":
      return defined(column.get(record), Dollars.format)
    case "count":
      return defined(column.get(record), Contracts.format)
    case "time":
      return defined(column.get(record), time)
    case "integer":
    case "boolean":
      return defined<number | boolean>(column.get(record), String)
  }
}

const INTEGER = /^-?\d{1,16}$/

/** What text is a value of each type, for people. */
export const expected: Readonly<Record<ColumnType, string>> = {
  text: "text",
  money: "an amount of at most 6 decimals",
  count: "a count of at most 2 decimals",
  time: "an RFC 3339 time",
  integer: "a whole number",
  boolean: "true or false"
}

/** The value that a text is, or nothing. */
export const read: Readonly<Record<ColumnType, (text: string) => ColumnValue[ColumnType] | undefined>> = {
  text: (text) => text,
  money: (text) => Option.getOrUndefined(Dollars.fromString(text)),
  count: (text) => Option.getOrUndefined(Contracts.fromString(text)),
  time: (text) => Option.getOrUndefined(Timestamp.fromString(text)),
  // adding 0 turns −0 into 0; the schema refuses what is not exact
  integer: (text) => (INTEGER.test(text) ? Number(text) + 0 : undefined),
  boolean: (text) => (text === "true" ? true : text === "false" ? false : undefined)
}
