/**
 * What resting orders set aside, so that no account goes below zero whatever
 * fills, in whatever pieces and order.
 *
 * The cost of an order is bounded by that of its smallest piece: one fill of
 * a lot (0.01 contracts, or one where whole contracts alone trade) with the
 * maker's fee, rounded up to the precision of the balance. Rounding up is
 * subadditive, so no cut into fills costs more than count × that. (For whole
 * cents without maker fees the bound is the exact cost; else a direct member
 * sets aside up to a cent a contract more than a single fill would cost. A
 * balance in whole cents sets aside much more, unless the lot is a contract.)
 *
 * Of X filled bids and Y filled asks, min(Y + short, X + long) contracts
 * close, in whatever order they fill, and each gives back $1. So the worst
 * case is exactly the larger of both sides:
 *
 *     max(0, bids − $1 · short, asks − $1 · long) + excess
 *
 * `excess` is what a contract costs above $1 (a fee that closing at a price
 * near $1 does not earn). Reduce-only orders never open, but what they
 * close is no longer there for the others. So those of one side count for no
 * more than the position, as it is or as the other side's orders may make it:
 *
 *     reduce-only asks ≤ $1 · long + bids
 *
 * and no fill takes more cash than it takes off this bound.
 */
import type * as Contracts from "effect-kalshi/Contracts"
import type * as Direction from "effect-kalshi/Direction"
import * as Dollars from "effect-kalshi/Dollars"
import * as Fees from "effect-kalshi/Fees"
import type * as Timestamp from "effect-kalshi/Timestamp"
import type { MarketSpec } from "../Model.ts"
import type { Exposure, Holding, Order, State } from "./State.ts"

/** $1 a contract, by 0.01 contracts, in micro-dollars. */
const PAR = 10_000

/** No exposure. */
export const none = (): Exposure => ({ bid: 0, ask: 0, reduceBid: 0, reduceAsk: 0, excess: 0 })

/** The trade fee of a market at an instant; a fee type without a public formula (`flat`) costs nothing here. */
export const tradeFee = (
  spec: MarketSpec,
  role: Fees.Role,
  price: Dollars.Dollars,
  count: Contracts.Contracts,
  precision: Fees.Precision,
  at: Timestamp.Timestamp
): Dollars.Dollars => {
  if (spec.feeWaiverUntil !== undefined && at < spec.feeWaiverUntil) return Dollars.zero
  const fee = Fees.tradeFee({ schedule: spec.fees, role, price, count, precision })
  return fee === "unknown" ? Dollars.zero : fee
}

/** What an order costs that opens with one fill at its limit, rounded up to the precision of the balance. */
export const singleFill = (
  spec: MarketSpec,
  role: Fees.Role,
  side: Direction.Direction,
  price: Dollars.Dollars,
  count: Contracts.Contracts,
  precision: Fees.Precision
): Dollars.Dollars => {
  const told = Fees.tradeFee({ schedule: spec.fees, role, price, count, precision })
  const principal = Fees.openingPrincipal(side, price, count)
  const fee = told === "unknown" ? Dollars.zero : told
  return Dollars.round(Dollars.subtract(fee, principal), precision.balance, "ceil")
}

/** The most that 0.01 contracts cost while they rest, as a part of a lot. */
export const unitCost = (
  { lot, precision }: Pick<State, "lot" | "precision">,
  spec: MarketSpec,
  side: Direction.Direction,
  price: Dollars.Dollars
): number => Math.ceil(singleFill(spec, "maker", side, price, lot, precision) / lot)

/** Adds (or with a negative count takes away) a count at a cost to an exposure. */
export const expose = (
  exposure: Exposure,
  side: Direction.Direction,
  reduceOnly: boolean,
  count: number,
  cost: number
): void => {
  const above = count < 0 ? Math.min(0, cost - PAR * count) : Math.max(0, cost - PAR * count)
  exposure.excess += above
  const within = cost - above
  if (side === "bid") {
    if (reduceOnly) exposure.reduceBid += within
    else exposure.bid += within
  } else if (reduceOnly) exposure.reduceAsk += within
  else exposure.ask += within
}

/** What must be set aside for an exposure with this position, in micro-dollars. */
export const required = (exposure: Exposure, position: Contracts.Contracts): number => {
  const short = position < 0 ? -position * PAR : 0
  const long = position > 0 ? position * PAR : 0
  const { ask, bid, reduceAsk, reduceBid } = exposure
  const bids = bid + Math.min(reduceBid, short + ask + reduceAsk) - short
  const asks = ask + Math.min(reduceAsk, long + bid + reduceBid) - long
  return exposure.excess + Math.max(0, bids, asks)
}

/** Sets aside what a holding needs now. */
export const refresh = (holding: Holding): void => {
  const needed = required(holding.exposure, holding.position)
  if (needed === holding.reserve) return
  const { subaccount } = holding
  subaccount.reserved = Dollars.micros(subaccount.reserved + needed - holding.reserve)
  holding.reserve = needed
}

/** Changes what rests, and its exposure, by a change of an order's remaining count; `refresh` follows. */
export const change = (order: Order, by: number): void => {
  order.holding.resting += by
  expose(order.holding.exposure, order.side, order.reduceOnly, by, by * order.unitCost)
}
