/**
 * The columns of a table of records: each holds one field.
 */
import type { Column, ColumnType, ColumnValue, Draft } from "../Kind.ts"

type Has<K extends string, T extends ColumnType> = { readonly [P in K]: ColumnValue[T] }
type May<K extends string, T extends ColumnType> = { readonly [P in K]?: ColumnValue[T] | undefined }

const set =
  (field: string) =>
  (into: Draft, value: ColumnValue[ColumnType]): void => {
    into[field] = value
  }

const has = <K extends string, T extends ColumnType>(type: T, name: string, field: K) => ({
  type,
  name,
  optional: false,
  get: (record: Has<K, T>) => record[field],
  set: set(field)
})

const may = <K extends string, T extends ColumnType>(type: T, name: string, field: K) => ({
  type,
  name,
  optional: true,
  get: (record: May<K, T>) => record[field],
  set: set(field)
})

/** A column that may be empty. */
export const optional = {
  text: <K extends string>(name: string, field: K): Column<May<K, "text">> => may("text", name, field),
  money: <K extends string>(name: string, field: K): Column<May<K, "money">> => may("money", name, field),
  count: <K extends string>(name: string, field: K): Column<May<K, "count">> => may("count", name, field),
  time: <K extends string>(name: string, field: K): Column<May<K, "time">> => may("time", name, field),
  integer: <K extends string>(name: string, field: K): Column<May<K, "integer">> => may("integer", name, field),
  boolean: <K extends string>(name: string, field: K): Column<May<K, "boolean">> => may("boolean", name, field)
}

export const text = <K extends string>(name: string, field: K): Column<Has<K, "text">> => has("text", name, field)

export const money = <K extends string>(name: string, field: K): Column<Has<K, "money">> => has("money", name, field)

export const count = <K extends string>(name: string, field: K): Column<Has<K, "count">> => has("count", name, field)

export const time = <K extends string>(name: string, field: K): Column<Has<K, "time">> => has("time", name, field)

export const integer = <K extends string>(name: string, field: K): Column<Has<K, "integer">> =>
  has("integer", name, field)

export const boolean = <K extends string>(name: string, field: K): Column<Has<K, "boolean">> =>
  has("boolean", name, field)
