/**
 * The columns of a table of records.
 */
import type { Column, ColumnValue } from "../Kind.ts"

type Get<A, T extends keyof ColumnValue> = (record: A) => ColumnValue[T] | undefined

/** A column that may be empty. */
export const optional = {
  text: <A>(name: string, get: Get<A, "text">): Column<A> => ({ type: "text", name, optional: true, get }),
  money: <A>(name: string, get: Get<A, "money">): Column<A> => ({ type: "money", name, optional: true, get }),
  time: <A>(name: string, get: Get<A, "time">): Column<A> => ({ type: "time", name, optional: true, get }),
  integer: <A>(name: string, get: Get<A, "integer">): Column<A> => ({ type: "integer", name, optional: true, get }),
  boolean: <A>(name: string, get: Get<A, "boolean">): Column<A> => ({ type: "boolean", name, optional: true, get })
}

type Has<A, T extends keyof ColumnValue> = (record: A) => ColumnValue[T]

export const text = <A>(name: string, get: Has<A, "text">): Column<A> => ({ type: "text", name, optional: false, get })

export const money = <A>(name: string, get: Has<A, "money">): Column<A> => ({
  type: "money",
  name,
  optional: false,
  get
})

export const count = <A>(name: string, get: Has<A, "count">): Column<A> => ({
  type: "count",
  name,
  optional: false,
  get
})

export const time = <A>(name: string, get: Has<A, "time">): Column<A> => ({ type: "time", name, optional: false, get })

export const integer = <A>(name: string, get: Has<A, "integer">): Column<A> => ({
  type: "integer",
  name,
  optional: false,
  get
})

export const boolean = <A>(name: string, get: Has<A, "boolean">): Column<A> => ({
  type: "boolean",
  name,
  optional: false,
  get
})
