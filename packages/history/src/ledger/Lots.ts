/**
 * The lots of one position, by FIFO and by average cost at once.
 *
 * The lots that close and when they were bought are those of FIFO by either
 * method: what they cost is that of the lot itself, or its part of what all held
 * contracts cost. A fee belongs to the contracts of its fill in proportion, the
 * last of them bears what rounding leaves. So costs and fees are cut, never lost:
 * what went in is what closed lots and held ones bear together.
 */
import * as Contracts from "effect-kalshi/Contracts"
import type * as Direction from "effect-kalshi/Direction"
import * as Dollars from "effect-kalshi/Dollars"
import type * as Timestamp from "effect-kalshi/Timestamp"
import type { Booked } from "./Booking.ts"
import type { ByMethod } from "./Model.ts"
import * as Share from "./Share.ts"

/** One lot that is held. */
export interface Lot {
  contracts: Contracts.Contracts
  cost: Dollars.Dollars
  fee: Dollars.Dollars
  readonly price: Dollars.Dollars
  readonly at: Timestamp.Timestamp
  readonly tradeId: string
  readonly orderId: string
}

/** What is held, all on one side: oldest first from `head` on. */
export interface Lots {
  side: Direction.Direction
  contracts: Contracts.Contracts
  lots: Array<Lot>
  head: number
  /** What all held contracts cost, by average, and their fees. */
  cost: Dollars.Dollars
  fee: Dollars.Dollars
}

/** A lot, or a part of one, that was closed. */
export interface Closed {
  readonly lot: Lot
  readonly contracts: Contracts.Contracts
  readonly proceeds: Dollars.Dollars
  readonly closingFee: Dollars.Dollars
  readonly cost: ByMethod
  readonly openingFee: ByMethod
}

export const empty = (): Lots => ({
  side: "bid",
  contracts: Contracts.zero,
  lots: [],
  head: 0,
  cost: Dollars.zero,
  fee: Dollars.zero
})

/** The signed position, positive YES. */
export const position = (lots: Lots): Contracts.Contracts =>
  lots.side === "bid" ? lots.contracts : Contracts.negate(lots.contracts)

/** Those that are held. */
export const held = (lots: Lots): ReadonlyArray<Lot> => lots.lots.slice(lots.head)

/** Closes contracts that are held for what they give together. */
export const close = (
  lots: Lots,
  count: Contracts.Contracts,
  proceeds: Dollars.Dollars,
  fee: Dollars.Dollars,
  emit: (closed: Closed) => void
): void => {
  // what is left of each to be borne by the lots that are still to come
  let left = count
  let proceedsLeft = proceeds
  let feeLeft = fee
  let averageCost = Share.of(lots.cost, count, lots.contracts)
  let averageFee = Share.of(lots.fee, count, lots.contracts)
  lots.cost = Dollars.subtract(lots.cost, averageCost)
  lots.fee = Dollars.subtract(lots.fee, averageFee)
  lots.contracts = Contracts.subtract(lots.contracts, count)
  while (left > 0) {
    const lot = lots.lots[lots.head]
    if (lot === undefined) throw new RangeError("more is closed than is held")
    const contracts = Contracts.min(left, lot.contracts)
    const part = {
      lot,
      contracts,
      proceeds: Share.of(proceedsLeft, contracts, left),
      closingFee: Share.of(feeLeft, contracts, left),
      cost: {
        fifo: Share.of(lot.cost, contracts, lot.contracts),
        average: Share.of(averageCost, contracts, left)
      },
      openingFee: {
        fifo: Share.of(lot.fee, contracts, lot.contracts),
        average: Share.of(averageFee, contracts, left)
      }
    }
    proceedsLeft = Dollars.subtract(proceedsLeft, part.proceeds)
    feeLeft = Dollars.subtract(feeLeft, part.closingFee)
    averageCost = Dollars.subtract(averageCost, part.cost.average)
    averageFee = Dollars.subtract(averageFee, part.openingFee.average)
    left = Contracts.subtract(left, contracts)
    lot.contracts = Contracts.subtract(lot.contracts, contracts)
    lot.cost = Dollars.subtract(lot.cost, part.cost.fifo)
    lot.fee = Dollars.subtract(lot.fee, part.openingFee.fifo)
    if (lot.contracts === 0) lots.head++
    emit(part)
  }
  // what was closed is let go, but not one by one
  if (lots.head > 32 && lots.head * 2 > lots.lots.length) {
    lots.lots = lots.lots.slice(lots.head)
    lots.head = 0
  }
}

/** What of a fill's cost is of the contracts that close. */
export const closingCost = (
  cost: Dollars.Dollars,
  closed: Contracts.Contracts,
  count: Contracts.Contracts
): Dollars.Dollars => Share.of(cost, closed, count)

/** Books a fill: what it closes first, what it opens then. Gives how many contracts it closed. */
export const book = (lots: Lots, fill: Booked, emit: (closed: Closed) => void): Contracts.Contracts => {
  const { count, side } = fill
  const closed = side === lots.side ? Contracts.zero : Contracts.min(count, lots.contracts)
  let { cost, fee } = fill
  if (closed > 0) {
    const forClosing = closingCost(cost, closed, count)
    const closingFee = Share.of(fee, closed, count)
    cost = Dollars.subtract(cost, forClosing)
    fee = Dollars.subtract(fee, closingFee)
    // the other side's contract is bought, and both give $1
    close(lots, closed, Dollars.subtract(Dollars.times(Dollars.one, closed), forClosing), closingFee, emit)
  }
  const opened = Contracts.subtract(count, closed)
  if (opened > 0) {
    lots.side = side
    lots.contracts = Contracts.add(lots.contracts, opened)
    lots.cost = Dollars.add(lots.cost, cost)
    lots.fee = Dollars.add(lots.fee, fee)
    const price = side === "bid" ? fill.price : Dollars.complement(fill.price)
    const { at, orderId, tradeId } = fill
    lots.lots.push({ contracts: opened, cost, fee, price, at, tradeId, orderId })
  }
  return closed
}
