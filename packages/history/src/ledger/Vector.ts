/**
 * What fills add up to in a market, whatever their order: contracts bought on
 * either side, what they cost, and their fees.
 */
import * as Contracts from "effect-kalshi/Contracts"
import type * as Direction from "effect-kalshi/Direction"
import * as Dollars from "effect-kalshi/Dollars"

export interface Vector {
  readonly yes: Contracts.Contracts
  readonly yesCost: Dollars.Dollars
  readonly no: Contracts.Contracts
  readonly noCost: Dollars.Dollars
  readonly fee: Dollars.Dollars
}

export const zero: Vector = {
  yes: Contracts.zero,
  yesCost: Dollars.zero,
  no: Contracts.zero,
  noCost: Dollars.zero,
  fee: Dollars.zero
}

export const of = (
  side: Direction.Direction,
  count: Contracts.Contracts,
  cost: Dollars.Dollars,
  fee: Dollars.Dollars
): Vector => (side === "bid" ? { ...zero, yes: count, yesCost: cost, fee } : { ...zero, no: count, noCost: cost, fee })

export const add = (a: Vector, b: Vector): Vector => ({
  yes: Contracts.add(a.yes, b.yes),
  yesCost: Dollars.add(a.yesCost, b.yesCost),
  no: Contracts.add(a.no, b.no),
  noCost: Dollars.add(a.noCost, b.noCost),
  fee: Dollars.add(a.fee, b.fee)
})

export const negate = (a: Vector): Vector => ({
  yes: Contracts.negate(a.yes),
  yesCost: Dollars.negate(a.yesCost),
  no: Contracts.negate(a.no),
  noCost: Dollars.negate(a.noCost),
  fee: Dollars.negate(a.fee)
})

/** The position that is left, positive YES. */
export const net = (a: Vector): Contracts.Contracts => Contracts.subtract(a.yes, a.no)

/** A YES and a NO of one market give $1 when they meet. */
export const pairs = (a: Vector): Dollars.Dollars => Dollars.times(Dollars.one, Contracts.min(a.yes, a.no))

/** What the fills did to the cash. */
export const cash = (a: Vector): Dollars.Dollars =>
  Dollars.subtract(pairs(a), Dollars.sum([a.yesCost, a.noCost, a.fee]))
