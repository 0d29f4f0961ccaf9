/** Records of every kind, the strange ones included. */
import * as Arbitrary from "effect/Arbitrary"
import * as Schema from "effect/Schema"
import * as Contracts from "effect-kalshi/Contracts"
import * as Dollars from "effect-kalshi/Dollars"
import type * as Fill from "effect-kalshi/models/Fill"
import * as Timestamp from "effect-kalshi/Timestamp"
import * as Kind from "../src/Kind.ts"

/** Calls a test of each kind by its name. */
export const each = (test: <A>(kind: Kind.Kind<A>) => void): void => {
  test(Kind.fills)
  test(Kind.orders)
  test(Kind.trades)
  test(Kind.settlements)
  test(Kind.positions)
  test(Kind.deposits)
  test(Kind.withdrawals)
  test(Kind.transfers)
  test(Kind.markets)
}

/**
 * A record as decoders make it: without fields that are there and undefined,
 * which no file can tell from absent ones, and without −0.
 */
export const told = <A>(record: A): A => {
  if (typeof record !== "object" || record === null) return record
  if (Array.isArray(record)) return record.map(told) as A
  return Object.assign(
    {},
    ...Object.entries(record).flatMap(([key, value]) =>
      value === undefined ? [] : [{ [key]: value === 0 ? 0 : told(value) }]
    )
  )
}

/** Whether all of its texts can be UTF-8, and a database takes them. */
const isText = (value: unknown): boolean =>
  typeof value === "string"
    ? !/\p{Surrogate}/u.test(value) && !value.includes("\0")
    : typeof value !== "object" || value === null || Object.values(value).every(isText)

export const any = <A>(kind: Kind.Kind<A>): Arbitrary.Arbitrary<A> =>
  Arbitrary.map(Arbitrary.filter(Arbitrary.schema(Schema.toType(kind.schema)), isText), told)

export const lists = <A>(kind: Kind.Kind<A>, maximum: number): Arbitrary.Arbitrary<ReadonlyArray<A>> =>
  Arbitrary.array(any(kind), { maxLength: maximum })

const LARGEST = Number.MAX_SAFE_INTEGER

/** Texts that formats trip over. */
export const texts: ReadonlyArray<string> = [
  "",
  " ",
  "plain",
  'a "quoted" word',
  '"',
  "a,b",
  "line\nbreak",
  "return\r\nboth\r",
  "\uFEFFmark",
  "é🙂\u{10FFFF}",
  "\u2028",
  "=1+1",
  "-1",
  "null",
  "undefined",
  "\\",
  "\\N",
  "{}",
  "NaN",
  "1e3",
  "a\tb",
  "'"
]

/** Fills at the edges of what a fill can be. */
export const strange: ReadonlyArray<Fill.Fill> = [
  ...texts.map((text, index): Fill.Fill => ({
    tradeId: `text-${index}`,
    orderId: text,
    ticker: text,
    side: "bid",
    price: Dollars.micros(index),
    count: Contracts.centis(index),
    isTaker: index % 2 === 0
  })),
  ...[-LARGEST, -1_000_001, -1, 0, 1, 999_999, LARGEST].map((value, index): Fill.Fill => ({
    tradeId: `value-${index}`,
    orderId: "o",
    ticker: "T",
    side: "unknown",
    price: Dollars.micros(value),
    count: Contracts.centis(value),
    isTaker: false,
    fee: Dollars.micros(-value + 0),
    createdAt: Timestamp.micros(value),
    subaccount: index,
    exchangeIndex: value
  }))
]

const SIDES = ["bid", "ask"] as const

/** The fill of a number: ordinary, and never twice the same. */
export const fill = (index: number): Fill.Fill => ({
  tradeId: `00000000-0000-4000-8000-${String(index).padStart(12, "0")}`,
  orderId: `10000000-0000-4000-8000-${String(index % 1000).padStart(12, "0")}`,
  ticker: `KXTEST-26NOV${String((index % 28) + 1).padStart(2, "0")}-T${index % 97}`,
  side: SIDES[index % 2]!,
  price: Dollars.micros(10_000 + (index % 98) * 10_000 + (index % 7) * 100),
  count: Contracts.centis((index % 1000) + 1),
  isTaker: index % 3 === 0,
  fee: Dollars.micros((index % 50) * 137),
  createdAt: Timestamp.micros(1_780_000_000_000_000 + index * 1_234_567),
  ...(index % 5 === 0 ? {} : { subaccount: index % 4 })
})

export const fills = (count: number): Array<Fill.Fill> => Array.from({ length: count }, (_, index) => fill(index))
