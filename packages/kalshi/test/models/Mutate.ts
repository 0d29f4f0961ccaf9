/**
 * Which fields of a record decide anything about what it is read as, found by
 * changing them.
 */
import type { Raw } from "./Handmade.ts"

/** Reads many records at once; one that is refused is `undefined`. */
export type ReadAll = (records: ReadonlyArray<Raw>) => ReadonlyArray<unknown>

/** What became of a field: whether any change of it changed what was read, and whether any was accepted at all. */
export interface Effect {
  readonly decides: boolean
  readonly accepted: boolean
}

const without = (record: Raw, ...names: ReadonlyArray<string>): Raw =>
  Object.fromEntries(Object.entries(record).filter(([name]) => !names.includes(name)))

// one of each form that a field can have, and two where there are degrees
const values: ReadonlyArray<unknown> = [
  0,
  7,
  0.5,
  "0.0700",
  "7.00",
  "2026-02-02T02:02:02Z",
  true,
  false,
  null,
  "yes",
  "no",
  "buy",
  "sell",
  "x-7"
]

// what decides whether another field is looked at
const words = { action: ["buy"], side: ["yes", "no"], market_result: ["scalar"] }

const stem = (name: string): string => name.replace(/_(?:dollars|fixed|fp)$/, "")

const isNoPrice = (name: string): boolean => stem(name) === "no_price"

/** A record with another price of YES in cents has another of NO, too: they are $1 together. */
const changed = (record: Raw, field: string, value: unknown): Raw => ({
  ...record,
  ...(field === "yes_price" && Object.hasOwn(record, "no_price") ? { no_price: 100 - Number(value) } : {}),
  [field]: value
})

/** The record, and the same with that out of the way which may decide instead of a field. */
const contexts = (record: Raw, field: string): ReadonlyArray<Raw> => {
  const others = Object.keys(record).filter((name) => name !== field)
  return [
    record,
    ...others.map((name) => without(record, name)),
    // what says the same, more exactly
    without(record, ...others.filter((name) => stem(name) === stem(field))),
    without(record, ...others.filter(isNoPrice)),
    without(record, ...others.filter((name) => isNoPrice(name) || stem(name) === stem(field))),
    ...Object.entries(words).flatMap(([name, members]) =>
      others.includes(name) ? members.map((member) => ({ ...record, [name]: member })) : []
    )
  ]
}

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b)

/** Tries the changes of a field in every context, until one decides. */
export const effectOf = (record: Raw, field: string, readAll: ReadAll): Effect => {
  let accepted = false
  for (const context of contexts(record, field)) {
    const changes = [without(context, field), ...values.map((value) => changed(context, field, value))]
    const [before, ...after] = readAll([context, ...changes])
    if (before === undefined) continue
    for (const [at, changed] of after.entries()) {
      if (changed === undefined || same(changes[at], context)) continue
      accepted = true
      if (!same(before, changed)) return { decides: true, accepted }
    }
  }
  return { decides: false, accepted }
}
