/**
 * Everything that moves money, one after the other.
 */
import type * as Dollars from "effect-kalshi/Dollars"
import type * as Funding from "effect-kalshi/models/Funding"
import type * as Timestamp from "effect-kalshi/Timestamp"
import type * as Kind from "../Kind.ts"
import { type Booked, inOrder } from "./Booking.ts"
import type { Note, Records } from "./Model.ts"

/** Where money came from, or went to, beside trading. */
export type Purpose = "deposited" | "withdrawn" | "received" | "sent" | "adjusted"

export type Event =
  | {
      readonly _tag: "money"
      readonly at: Timestamp.Timestamp
      readonly subaccount: number
      readonly purpose: Purpose
      readonly amount: Dollars.Dollars
    }
  | { readonly _tag: "fill"; readonly at: Timestamp.Timestamp; readonly fill: Booked }
  | { readonly _tag: "settlement"; readonly at: Timestamp.Timestamp; readonly row: Kind.Settlement }

const money = (records: Records, notes: Array<Note>): Array<Event> => {
  const events: Array<Event> = []
  const move = (at: Timestamp.Timestamp, subaccount: number, purpose: Purpose, amount: Dollars.Dollars): void => {
    events.push({ _tag: "money", at, subaccount, purpose, amount })
  }
  const fund = (funding: Funding.Deposit | Funding.Withdrawal, purpose: Purpose): void => {
    if (funding.status !== "applied") return
    const { amount, createdAt, fee, finalizedAt, id } = funding
    // the exchange lists them for the account: they are of its primary subaccount
    move(finalizedAt ?? createdAt, 0, purpose, amount)
    if (fee !== 0) notes.push({ _tag: "FundingFee", id, fee })
  }
  for (const deposit of records.deposits ?? []) fund(deposit, "deposited")
  for (const withdrawal of records.withdrawals ?? []) fund(withdrawal, "withdrawn")
  for (const { amount, createdAt, from, to } of records.transfers ?? []) {
    move(createdAt, from, "sent", amount)
    move(createdAt, to, "received", amount)
  }
  for (const { amount, at, subaccount } of records.adjustments ?? []) move(at, subaccount, "adjusted", amount)
  return events
}

/** All of it by time; of one instant money comes first, and what ends a market last. */
export function* walk(
  booked: ReadonlyArray<Booked>,
  settlements: Iterable<Kind.Settlement>,
  records: Records,
  notes: Array<Note>
): Generator<Event> {
  const funding = inOrder(money(records, notes))
  const ends = inOrder(
    Array.from(settlements, (row): Extract<Event, { readonly _tag: "settlement" }> => ({
      _tag: "settlement",
      at: row.settledAt,
      row
    }))
  )
  let nextMoney = 0
  let nextFill = 0
  let nextEnd = 0
  for (;;) {
    const moved = funding[nextMoney]
    const fill = booked[nextFill]
    const end = ends[nextEnd]
    if (moved !== undefined && moved.at <= (fill?.at ?? Infinity) && moved.at <= (end?.at ?? Infinity)) {
      nextMoney++
      yield moved
    } else if (fill !== undefined && fill.at <= (end?.at ?? Infinity)) {
      nextFill++
      yield { _tag: "fill", at: fill.at, fill }
    } else if (end !== undefined) {
      nextEnd++
      yield end
    } else return
  }
}
