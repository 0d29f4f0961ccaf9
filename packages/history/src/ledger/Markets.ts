/**
 * Settlements and positions beside the fills of their market.
 *
 * What an order that was named explains is not named again: a row that is what
 * the fills and the corrections of orders make together is right, and one that
 * is what the fills make alone shows that an order's own row is wrong.
 */
import * as Contracts from "effect-kalshi/Contracts"
import * as Dollars from "effect-kalshi/Dollars"
import * as Timestamp from "effect-kalshi/Timestamp"
import type * as Discrepancy from "../Discrepancy.ts"
import type * as Kind from "../Kind.ts"
import { placeKey } from "./Booking.ts"
import type { MarketFacts, Note } from "./Model.ts"
import type * as Orders from "./Orders.ts"
import * as Payout from "./Payout.ts"
import * as Rows from "./Rows.ts"
import * as Vector from "./Vector.ts"

/** A settlement as it was booked. */
export interface Settled {
  readonly row: Kind.Settlement
  readonly place: Discrepancy.Place
  readonly value: Dollars.Dollars | undefined
  readonly payout: Dollars.Dollars
  readonly unit: Dollars.Dollars
}

/** A market that is something else than its fills make, and when it became that. */
export interface Corrected {
  readonly place: Discrepancy.Place
  readonly of: Vector.Vector
  readonly from: Timestamp.Timestamp
  readonly until: Timestamp.Timestamp
}

interface Place {
  readonly place: Discrepancy.Place
  readonly fills: Vector.Vector
  readonly settlement: Kind.Settlement | undefined
  readonly position: Kind.Position | undefined
}

/** The positions that are not among the rows have nothing. */
const NOTHING = {
  position: Contracts.zero,
  totalTraded: undefined,
  feesPaid: undefined
}

const compareSettlement = (row: Kind.Settlement, of: Vector.Vector): ReadonlyArray<Rows.Compared> => [
  Rows.count("yesCount", row.yesCount, of.yes),
  Rows.money("yesCost", row.yesCost, of.yesCost),
  Rows.count("noCount", row.noCount, of.no),
  Rows.money("noCost", row.noCost, of.noCost),
  ...(row.fee === undefined ? [] : [Rows.money("fee", row.fee, of.fee)])
]

const comparePosition = (row: Kind.Position | typeof NOTHING, of: Vector.Vector): ReadonlyArray<Rows.Compared> => [
  Rows.count("position", row.position, Vector.net(of)),
  ...(row.totalTraded === undefined
    ? []
    : [Rows.money("totalTraded", row.totalTraded, Dollars.add(of.yesCost, of.noCost))]),
  ...(row.feesPaid === undefined ? [] : [Rows.money("feesPaid", row.feesPaid, of.fee)])
]

const ofSettlement = (row: Kind.Settlement, fee: Dollars.Dollars): Vector.Vector => ({
  yes: row.yesCount,
  yesCost: row.yesCost,
  no: row.noCount,
  noCost: row.noCost,
  fee: row.fee ?? fee
})

/**
 * What the fills of a position must have been, as far as its cash goes: what is
 * locked in, less what is open, is what the cash became, by whatever method.
 */
const ofPosition = (row: Kind.Position): Vector.Vector | undefined => {
  const met = Dollars.add(Dollars.subtract(row.realizedPnl, row.exposure), row.totalTraded)
  if (met < 0 || met % Payout.CENT !== 0) return undefined
  const pairs = Contracts.centis(met / Payout.CENT)
  return {
    yes: Contracts.add(pairs, Contracts.max(row.position, Contracts.zero)),
    yesCost: row.totalTraded,
    no: Contracts.subtract(pairs, Contracts.min(row.position, Contracts.zero)),
    noCost: Dollars.zero,
    fee: row.feesPaid
  }
}

const never = Timestamp.micros(0)

/** Names markets whose rows are not what their fills make, nor what orders explain. */
export const check = (
  input: {
    readonly vectors: ReadonlyMap<string, { readonly place: Discrepancy.Place; readonly vector: Vector.Vector }>
    readonly corrections: ReadonlyMap<string, Orders.Correction>
    readonly settlements: ReadonlyMap<string, Kind.Settlement> | undefined
    readonly positions: ReadonlyMap<string, Kind.Position> | undefined
    readonly markets: ReadonlyMap<string, MarketFacts>
  },
  found: Array<Discrepancy.Discrepancy>,
  notes: Array<Note>
): ReadonlyMap<string, Corrected> => {
  const { corrections, markets, positions, settlements, vectors } = input
  const places = new Map<string, Place>()
  const at = (key: string, place: Discrepancy.Place): void => {
    if (places.has(key)) return
    places.set(key, {
      place,
      fills: vectors.get(key)?.vector ?? Vector.zero,
      settlement: settlements?.get(key),
      position: positions?.get(key)
    })
  }
  for (const [key, { place }] of vectors) at(key, place)
  for (const [key, { place }] of corrections) at(key, place)
  for (const [key, { subaccount, ticker }] of settlements ?? []) at(key, { subaccount, ticker })
  for (const [key, { subaccount, ticker }] of positions ?? []) at(key, { subaccount, ticker })

  const hasPaid = (ticker: string): boolean => {
    const market = markets.get(ticker)
    return market !== undefined && (market.settlementValue !== undefined || market.settledAt !== undefined)
  }
  const kindOf = (place: Place) =>
    place.settlement !== undefined
      ? "settlement"
      : place.position !== undefined || (positions !== undefined && !hasPaid(place.place.ticker))
        ? "position"
        : undefined
  const compare = (place: Place, of: Vector.Vector): ReadonlyArray<Rows.Compared> =>
    place.settlement !== undefined
      ? compareSettlement(place.settlement, of)
      : kindOf(place) === "position"
        ? comparePosition(place.position ?? NOTHING, of)
        : []
  const meanings = { settlement: Rows.meaning("settlement"), position: Rows.meaning("position") }
  for (const place of places.values()) {
    const kind = kindOf(place)
    if (kind !== undefined) meanings[kind].see(compare(place, place.fills))
  }
  notes.push(...meanings.settlement.notes(), ...meanings.position.notes())

  const corrected = new Map<string, Corrected>()
  for (const [key, here] of places) {
    const { fills, place, settlement } = here
    const kind = kindOf(here)
    const correction = corrections.get(key)
    const withOrders = correction === undefined ? fills : Vector.add(fills, correction.vector)
    const missing = Vector.net(withOrders)
    if (settlements !== undefined && settlement === undefined && missing !== 0 && hasPaid(place.ticker)) {
      found.push({ _tag: "SettlementMissing", ...place, position: missing })
    }
    const differences = (of: Vector.Vector) =>
      kind === undefined ? undefined : meanings[kind].differences(compare(here, of))
    if (differences(fills)?.length === 0) continue
    const still = differences(withOrders)
    if (still === undefined || still.length === 0) {
      if (correction?.isExact === true) corrected.set(key, { ...correction, of: withOrders })
      continue
    }
    // an order that does not tell its amounts may be all of it
    if (kind !== undefined && correction?.isExact !== false) {
      found.push({ _tag: "MarketUnlikeFills", ...place, row: kind, differences: still })
    }
    const of =
      settlement !== undefined
        ? ofSettlement(settlement, fills.fee)
        : here.position === undefined
          ? undefined
          : ofPosition(here.position)
    const until = settlement?.settledAt ?? here.position?.updatedAt ?? correction?.until ?? never
    if (of !== undefined) corrected.set(key, { place, of, from: never, until })
  }
  return corrected
}

/** A settlement as it is to be: with the position that is known to be right. */
export interface Paid extends Settled {
  readonly of: Vector.Vector
  /** What it would have paid for that position. */
  readonly due: Dollars.Dollars
  /** Whether it was named. */
  readonly isNamed: boolean
}

/** Names settlements that paid something else than their value makes. */
export const checkPayouts = (
  settled: Iterable<Settled>,
  vectors: ReadonlyMap<string, { readonly vector: Vector.Vector }>,
  corrected: ReadonlyMap<string, Corrected>,
  reading: Payout.Reading,
  found: Array<Discrepancy.Discrepancy>
): ReadonlyArray<Paid> => {
  const paid: Array<Paid> = []
  for (const one of settled) {
    const { payout, place, row, unit, value } = one
    const key = placeKey(place)
    const known = corrected.get(key)
    const of = known?.of ?? vectors.get(key)?.vector ?? Vector.zero
    const due = value === undefined || known === undefined ? payout : Payout.of(value, Vector.net(of), unit)
    const isNamed =
      value !== undefined && !(Payout.agree(row.result, value) && Payout.fits(row.revenue, due, of, reading))
    if (isNamed) {
      found.push({
        _tag: "PayoutUnlikeValue",
        ...place,
        settledAt: row.settledAt,
        value,
        computed: Payout.told(due, of, reading),
        revenue: row.revenue
      })
    }
    paid.push({ ...one, of, due, isNamed })
  }
  return paid
}
