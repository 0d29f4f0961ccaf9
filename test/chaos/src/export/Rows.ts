/**
 * Records as rows that can be compared, whatever they were read from: an array
 * of plain values, with money in micro-dollars, counts in 0.01 contracts and
 * times in microseconds. Nothing of the library that is judged is used here.
 */

/** How a value is written in files. */
export type Type = "text" | "money" | "count" | "time" | "integer" | "boolean"

export interface Column {
  /** In tables. */
  readonly name: string
  /** In JSON. */
  readonly field: string
  readonly type: Type
}

/** What is compared of a kind of records. */
export interface Layout {
  readonly name: "fills" | "orders"
  /** How many of the first columns tell one record from another. */
  readonly keys: number
  readonly columns: ReadonlyArray<Column>
}

export type Value = string | number | boolean | null

export type Row = ReadonlyArray<Value>

const column =
  (type: Type) =>
  (name: string): Column => ({
    name,
    field: name.replaceAll(/_(.)/g, (_, letter: string) => letter.toUpperCase()),
    type
  })

const text = column("text")
const money = column("money")
const count = column("count")
const time = column("time")
const integer = column("integer")
const boolean = column("boolean")

export const fills: Layout = {
  name: "fills",
  keys: 2,
  columns: [
    text("trade_id"),
    text("order_id"),
    text("ticker"),
    text("side"),
    money("price"),
    count("count"),
    boolean("is_taker"),
    money("fee"),
    time("created_at"),
    integer("subaccount"),
    integer("exchange_index")
  ]
}

export const orders: Layout = {
  name: "orders",
  keys: 1,
  columns: [
    text("order_id"),
    text("client_order_id"),
    text("ticker"),
    text("side"),
    money("price"),
    text("status"),
    count("initial"),
    count("filled"),
    count("remaining"),
    money("taker_cost"),
    money("maker_cost"),
    money("taker_fees"),
    money("maker_fees"),
    time("expires_at"),
    time("created_at"),
    time("updated_at"),
    text("self_trade_prevention"),
    text("order_group_id"),
    boolean("cancel_on_pause"),
    integer("subaccount"),
    integer("exchange_index")
  ]
}

/** How many decimals of each type are kept. */
export const decimals: Readonly<Record<Type, number>> = { text: 0, money: 6, count: 2, time: 0, integer: 0, boolean: 0 }

/** `0.5600` with six decimals as 560000; NaN where it is no decimal that fits. */
const units = (text: string, places: number): number => {
  const [, sign, whole = "", part = ""] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text) ?? []
  if (sign === undefined || part.length > places) return NaN
  const value = Number(whole + part.padEnd(places, "0"))
  return sign === "-" ? -value : value
}

/** `2026-11-25T21:08:27.123456Z` in microseconds. */
const micros = (text: string): number => {
  const [, seconds, part = ""] = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,6}))?Z$/.exec(text) ?? []
  return seconds === undefined ? NaN : Date.parse(`${seconds}Z`) * 1000 + Number(part.padEnd(6, "0"))
}

/** The value that a text of a file is; what cannot be read is itself, and so no value of a record. */
export const fromText = (type: Type, text: string): Value => {
  switch (type) {
    case "text":
      return text
    case "boolean":
      return text === "true" ? true : text === "false" ? false : text
    case "time":
      return orText(micros(text), text)
    default:
      return orText(units(text, decimals[type]), text)
  }
}

const orText = (value: number, text: string): Value => (Number.isNaN(value) ? text : value)

/** A row as one line. */
export const line = (row: Row): string => JSON.stringify(row)

/** What tells a row from others. */
export const key = ({ keys }: Layout, row: Row): string => row.slice(0, keys).join("/")
