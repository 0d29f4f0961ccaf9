/**
 * The books: everything that moves money is entered, in the order of time.
 */
import * as Contracts from "effect-kalshi/Contracts"
import * as Direction from "effect-kalshi/Direction"
import * as Dollars from "effect-kalshi/Dollars"
import type * as Fees from "effect-kalshi/Fees"
import type * as Timestamp from "effect-kalshi/Timestamp"
import { type Booked, placeKey } from "./Booking.ts"
import type { Point } from "./Cash.ts"
import type { Event } from "./Events.ts"
import type * as FeeModel from "./FeeModel.ts"
import * as Lots from "./Lots.ts"
import type { Settled } from "./Markets.ts"
import type { Account, Belonging, ByMethod, ClosedLot, EquityPoint, MarketFacts, Snapshot } from "./Model.ts"
import * as Months from "./Months.ts"
import * as Payout from "./Payout.ts"

/** A market of a subaccount while it is booked. */
export interface Position extends Belonging {
  readonly lots: Lots.Lots
  realised: ByMethod
  payout: Dollars.Dollars
  updatedAt: Timestamp.Timestamp
  settledAt: Timestamp.Timestamp | undefined
}

/** What the fold is told beside the events. */
export interface Context {
  readonly markets: ReadonlyMap<string, MarketFacts>
  readonly precision: (at: Timestamp.Timestamp) => Fees.Precision
  readonly belonging: (subaccount: number, ticker: string) => Belonging
  readonly snapshots: ReadonlyArray<Snapshot>
  readonly reading: Payout.Reading
  readonly seeFee: FeeModel.See
  /** How far apart points of the equity are, in microseconds. */
  readonly step: number
}

/** The books when everything is entered. */
export interface Books {
  readonly accounts: ReadonlyMap<number, Account>
  readonly positions: ReadonlyMap<string, Position>
  readonly closed: ReadonlyArray<ClosedLot>
  readonly months: Months.Months
  readonly equity: ReadonlyArray<EquityPoint>
  readonly settled: ReadonlyArray<Settled>
  readonly points: ReadonlyMap<number, ReadonlyArray<Point>>
}

type Entry = { -readonly [K in keyof Account]: Account[K] }

const entry = (subaccount: number): Entry => ({
  subaccount,
  deposited: Dollars.zero,
  withdrawn: Dollars.zero,
  received: Dollars.zero,
  sent: Dollars.zero,
  traded: Dollars.zero,
  fees: Dollars.zero,
  paidOut: Dollars.zero,
  adjusted: Dollars.zero,
  cash: Dollars.zero
})

/** Enters everything. */
export const run = (events: Iterable<Event>, context: Context): Books => {
  const { belonging, markets, precision, reading, snapshots, step } = context
  const accounts = new Map<number, Entry>()
  const positions = new Map<string, Position>()
  const closed: Array<ClosedLot> = []
  const months = Months.make()
  const equity: Array<EquityPoint> = []
  const settled: Array<Settled> = []
  const points = new Map<number, Array<Point>>()
  // of all subaccounts together
  const sums = {
    cash: Dollars.zero,
    openCost: Dollars.zero,
    funded: Dollars.zero,
    realised: Dollars.zero,
    fees: Dollars.zero
  }
  let last: Timestamp.Timestamp | undefined
  let nextSnapshot = 0

  const account = (subaccount: number): Entry => {
    const known = accounts.get(subaccount)
    if (known !== undefined) return known
    const made = entry(subaccount)
    accounts.set(subaccount, made)
    return made
  }
  const position = (subaccount: number, ticker: string, at: Timestamp.Timestamp): Position => {
    const key = placeKey({ subaccount, ticker })
    const known = positions.get(key)
    if (known !== undefined) return known
    const made: Position = {
      ...belonging(subaccount, ticker),
      lots: Lots.empty(),
      realised: Months.none,
      payout: Dollars.zero,
      updatedAt: at,
      settledAt: undefined
    }
    positions.set(key, made)
    return made
  }
  const pay = (to: Entry, amount: Dollars.Dollars): void => {
    to.cash = Dollars.add(to.cash, amount)
    sums.cash = Dollars.add(sums.cash, amount)
  }
  const closing =
    (of: Position, at: Timestamp.Timestamp, by: ClosedLot["closedBy"], exitPrice: Dollars.Dollars | undefined) =>
    ({ closingFee, contracts, cost, lot, openingFee, proceeds }: Lots.Closed): void => {
      const { event, series, subaccount, ticker } = of
      const made: ClosedLot = {
        subaccount,
        ticker,
        event,
        series,
        side: Direction.outcome(of.lots.side),
        contracts,
        entryPrice: lot.price,
        ...(exitPrice === undefined ? {} : { exitPrice }),
        acquired: lot.at,
        disposed: at,
        proceeds,
        closingFee,
        cost,
        openingFee,
        closedBy: by
      }
      closed.push(made)
      months.close(made)
      const earned = { fifo: Months.realised(made, "fifo"), average: Months.realised(made, "average") }
      of.realised = Months.plus(of.realised, earned)
      sums.realised = Dollars.add(sums.realised, earned.fifo)
      sums.openCost = Dollars.subtract(sums.openCost, cost.fifo)
    }

  const fill = (booked: Booked): void => {
    const { at, cost, count, fee, price, side, subaccount, ticker } = booked
    const of = position(subaccount, ticker, at)
    const exitPrice = side === "ask" ? price : Dollars.complement(price)
    // all of the cost is open until parts of it meet what is held
    sums.openCost = Dollars.add(sums.openCost, cost)
    const met = Lots.book(of.lots, booked, closing(of, at, "trade", exitPrice))
    const pairs = Dollars.times(Dollars.one, met)
    if (met > 0) {
      sums.openCost = Dollars.subtract(sums.openCost, Lots.closingCost(cost, met, count))
    }
    of.updatedAt = at
    context.seeFee(booked, met)
    months.fill(booked, of.series)
    const to = account(subaccount)
    const principal = Dollars.subtract(pairs, cost)
    to.traded = Dollars.add(to.traded, principal)
    to.fees = Dollars.add(to.fees, fee)
    sums.fees = Dollars.add(sums.fees, fee)
    pay(to, Dollars.subtract(principal, fee))
  }

  const settle = ({ row }: Extract<Event, { readonly _tag: "settlement" }>): void => {
    const { result, revenue, settledAt, subaccount, ticker } = row
    const of = position(subaccount, ticker, settledAt)
    const value = Payout.valueOf(result, markets.get(ticker))
    const unit = precision(settledAt).balance
    const left = Lots.position(of.lots)
    const payout =
      value === undefined
        ? Payout.fromRevenue(revenue, Contracts.min(row.yesCount, row.noCount), reading)
        : Payout.of(value, left, unit)
    Lots.close(of.lots, of.lots.contracts, payout, Dollars.zero, closing(of, settledAt, "settlement", undefined))
    of.payout = Dollars.add(of.payout, payout)
    of.settledAt = settledAt
    of.updatedAt = settledAt
    settled.push({ row, place: { subaccount, ticker }, value, payout, unit })
    const to = account(subaccount)
    to.paidOut = Dollars.add(to.paidOut, payout)
    pay(to, payout)
  }

  const money = ({ amount, purpose, subaccount }: Extract<Event, { readonly _tag: "money" }>): void => {
    const to = account(subaccount)
    const change = purpose === "withdrawn" || purpose === "sent" ? Dollars.negate(amount) : amount
    to[purpose] = Dollars.add(to[purpose], amount)
    // what moves between subaccounts cancels out
    if (purpose !== "adjusted") sums.funded = Dollars.add(sums.funded, change)
    pay(to, change)
  }

  const point = (at: Timestamp.Timestamp): void => {
    const worth = Dollars.add(sums.cash, sums.openCost)
    equity.push({ at, ...sums, equity: worth, gain: Dollars.subtract(worth, sums.funded) })
  }
  const snapshotsBefore = (at: number): void => {
    for (;;) {
      const snapshot = snapshots[nextSnapshot]
      if (snapshot === undefined || snapshot.at >= at) return
      nextSnapshot++
      const of = { snapshot, computed: accounts.get(snapshot.subaccount)?.cash ?? Dollars.zero }
      const known = points.get(snapshot.subaccount)
      if (known === undefined) points.set(snapshot.subaccount, [of])
      else known.push(of)
    }
  }

  for (const event of events) {
    snapshotsBefore(event.at)
    if (last !== undefined && Math.floor(event.at / step) !== Math.floor(last / step)) point(last)
    last = event.at
    if (event._tag === "fill") fill(event.fill)
    else if (event._tag === "settlement") settle(event)
    else money(event)
  }
  snapshotsBefore(Infinity)
  if (last !== undefined) point(last)
  return { accounts, positions, closed, months, equity, settled, points }
}
