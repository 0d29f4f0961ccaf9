/**
 * Cash beside what the exchange said at snapshots.
 *
 * The cash that the records make is the free balance and what resting orders set
 * aside. What it is not changed between two snapshots of a subaccount, or before
 * the first: what named orders, markets and settlements explain to the last unit
 * is left to them; settlement values that only the cash knows to be wrong become
 * suspects; and all else is one line, dated between the two.
 */
import * as Dollars from "effect-kalshi/Dollars"
import type * as Timestamp from "effect-kalshi/Timestamp"
import type * as Discrepancy from "../Discrepancy.ts"
import { type Booked, placeKey } from "./Booking.ts"
import type { Corrected, Paid } from "./Markets.ts"
import type { Snapshot, Unexplained } from "./Model.ts"
import * as Payout from "./Payout.ts"
import * as Vector from "./Vector.ts"

/** A snapshot with the cash that the records make until then. */
export interface Point {
  readonly snapshot: Snapshot
  readonly computed: Dollars.Dollars
}

/** What the cash changed between two points beyond what records tell. */
interface Window {
  readonly subaccount: number
  readonly from: Timestamp.Timestamp | undefined
  readonly until: Timestamp.Timestamp
  readonly change: Dollars.Dollars
}

/** What is to be added to the computed cash from `until` on; until then, from `from` on, nobody knows. */
interface Due {
  readonly from: Timestamp.Timestamp
  readonly until: Timestamp.Timestamp
  readonly amountAt: (at: Timestamp.Timestamp) => Dollars.Dollars
}

const windows = (points: ReadonlyArray<Point>, dues: ReadonlyArray<Due>): ReadonlyArray<Window> => {
  let before = Dollars.zero
  let from: Timestamp.Timestamp | undefined
  const out: Array<Window> = []
  for (const { computed, snapshot } of points) {
    const { at, available, reserved, subaccount } = snapshot
    if (dues.some((due) => due.from <= at && at < due.until)) continue
    const due = dues.filter(({ until }) => until <= at).map(({ amountAt }) => amountAt(at))
    const difference = Dollars.subtract(
      Dollars.add(available, reserved ?? Dollars.zero),
      Dollars.sum([computed, ...due])
    )
    out.push({ subaccount, from, until: at, change: Dollars.subtract(difference, before) })
    before = difference
    from = at
  }
  return out
}

/**
 * What a corrected market is to add to the cash: how many contracts met, and so
 * gave their dollar, changes with every fill.
 */
const dueOf = ({ from, of, until }: Corrected, fills: ReadonlyArray<Booked>, paid: ReadonlyArray<Paid>): Due => {
  let sum = Vector.zero
  const steps = fills.map(({ at, cost, count, fee, side }) => {
    sum = Vector.add(sum, Vector.of(side, count, cost, fee))
    return { at, sum }
  })
  const lacks = Vector.add(of, Vector.negate(sum))
  return {
    from,
    until,
    amountAt: (at) => {
      const known = steps.findLast((step) => step.at <= at)?.sum ?? Vector.zero
      const traded = Dollars.subtract(Vector.cash(Vector.add(known, lacks)), Vector.cash(known))
      const settled = paid.filter(({ row }) => row.settledAt <= at)
      return Dollars.sum([traded, ...settled.map(({ due, payout }) => Dollars.subtract(due, payout))])
    }
  }
}

const isIn = (window: Window, at: Timestamp.Timestamp): boolean =>
  (window.from === undefined || window.from < at) && at <= window.until

const LESS_THAN_A_CENT = Dollars.subtract(Payout.CENT, Dollars.micros(1))

/** How much more a settlement may have paid than it is booked with, as far as its revenue tells. */
const toTheCent = ({ due, of, row }: Paid, reading: Payout.Reading): readonly [least: number, greatest: number] => {
  const least = row.revenue - Payout.told(due, of, reading)
  return [least, least + LESS_THAN_A_CENT]
}

/** The same, where it is known what it paid. */
const slack = (paid: Paid, reading: Payout.Reading): readonly [least: number, greatest: number] => {
  if (paid.value === undefined) return [0, LESS_THAN_A_CENT]
  return paid.isNamed ? toTheCent(paid, reading) : [0, 0]
}

const isExplained = (window: Window, settled: ReadonlyArray<Paid>, reading: Payout.Reading): boolean => {
  if (window.change === 0) return true
  let least = 0
  let greatest = 0
  for (const paid of settled) {
    if (!isIn(window, paid.row.settledAt)) continue
    const [from, until] = slack(paid, reading)
    least += from
    greatest += until
  }
  return least <= window.change && window.change <= greatest
}

/** The settlements of a market that was named in another subaccount, whose value is in doubt here too. */
const accomplices = (
  window: Window,
  paid: ReadonlyMap<number, ReadonlyArray<Paid>>,
  reading: Payout.Reading
): ReadonlyArray<Discrepancy.Place> => {
  const named = new Set<string>()
  for (const of of paid.values()) for (const { isNamed, place } of of) if (isNamed) named.add(place.ticker)
  return (paid.get(window.subaccount) ?? []).flatMap((one) => {
    if (!named.has(one.place.ticker) || !isIn(window, one.row.settledAt)) return []
    const [least, greatest] = toTheCent(one, reading)
    return least <= window.change && window.change <= greatest ? [one.place] : []
  })
}

/** The settlements of which another value, as good for all other records, makes all of these changes. */
const suspectsOf = (
  window: Window,
  all: ReadonlyArray<Window>,
  paid: ReadonlyMap<number, ReadonlyArray<Paid>>,
  reading: Payout.Reading
): ReadonlyArray<Discrepancy.Place> =>
  (paid.get(window.subaccount) ?? []).flatMap((suspect) => {
    const { place, row, value } = suspect
    if (value === undefined || suspect.isNamed || row.result._tag !== "scalar") return []
    if (!isIn(window, row.settledAt)) return []
    let least: number = row.result.value ?? 0
    let greatest: number = row.result.value === undefined ? Dollars.one : least + LESS_THAN_A_CENT
    // whoever held the market was paid by the same value
    for (const [subaccount, others] of paid) {
      for (const other of others) {
        if (other.place.ticker !== place.ticker || other.row.settledAt !== row.settledAt) continue
        const their = all.find((one) => one.subaccount === subaccount && isIn(one, row.settledAt))
        if (their === undefined) continue
        const payout = Dollars.add(other.due, their.change)
        const values = Payout.valuesFor(payout, Vector.net(other.of), other.unit)
        if (values === undefined) {
          if (their.change !== 0) return []
          continue
        }
        if (!Payout.fits(other.row.revenue, payout, other.of, reading)) return []
        least = Math.max(least, values[0])
        greatest = Math.min(greatest, values[1])
      }
    }
    return least <= greatest ? [place] : []
  })

/** Explains the cash at the snapshots. */
export const check = (
  points: ReadonlyMap<number, ReadonlyArray<Point>>,
  paid: ReadonlyArray<Paid>,
  booked: ReadonlyArray<Booked>,
  corrected: ReadonlyMap<string, Corrected>,
  reading: Payout.Reading,
  found: Array<Discrepancy.Discrepancy>
): ReadonlyArray<Unexplained> => {
  const settled = new Map<number, Array<Paid>>()
  for (const one of paid) {
    const { subaccount } = one.place
    const known = settled.get(subaccount)
    if (known === undefined) settled.set(subaccount, [one])
    else known.push(one)
  }
  const fills = new Map<string, Array<Booked>>(Array.from(corrected.keys(), (key) => [key, []]))
  if (fills.size > 0) for (const fill of booked) fills.get(placeKey(fill))?.push(fill)
  const dues = new Map<number, Array<Due>>()
  for (const [key, one] of corrected) {
    const { subaccount } = one.place
    const mine = (settled.get(subaccount) ?? []).filter(({ place }) => placeKey(place) === key)
    const due = dueOf(one, fills.get(key) ?? [], mine)
    const known = dues.get(subaccount)
    if (known === undefined) dues.set(subaccount, [due])
    else known.push(due)
  }

  const open: Array<Window> = []
  const all: Array<Window> = []
  for (const [subaccount, of] of points) {
    const mine = settled.get(subaccount) ?? []
    const isOpen = (window: Window): boolean => !isExplained(window, mine, reading)
    const asTheyAre = windows(of, [])
    for (const window of asTheyAre.some(isOpen) ? windows(of, dues.get(subaccount) ?? []) : asTheyAre) {
      if (isOpen(window)) open.push(window)
      // what is explained leaves nothing for suspects
      all.push(isOpen(window) ? window : { ...window, change: Dollars.zero })
    }
  }

  const unexplained: Array<Unexplained> = []
  for (const window of open) {
    const { change, from, subaccount, until } = window
    const others = accomplices(window, settled, reading)
    const suspects = others.length > 0 ? others : suspectsOf(window, all, settled, reading)
    if (from !== undefined) unexplained.push({ subaccount, from, until, amount: change })
    if (from === undefined || suspects.length > 0) {
      found.push({
        _tag: "CashUnlikeBalance",
        subaccount,
        ...(from === undefined ? {} : { from }),
        until,
        difference: change,
        suspects
      })
    }
  }
  return unexplained
}
