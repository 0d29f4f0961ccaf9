/**
 * What resting orders set aside, as far as it can be known.
 */
import * as Contracts from "effect-kalshi/Contracts"
import * as Dollars from "effect-kalshi/Dollars"
import * as Fees from "effect-kalshi/Fees"
import type * as Order from "effect-kalshi/models/Order"
import type * as Kind from "../Kind.ts"
import { placeKey } from "./Booking.ts"

/** $1 a contract, by 0.01 contracts, in micro-dollars. */
const PAR = 10_000

/** The most that 0.01 contracts cost when the order fills in the smallest pieces. */
const unitCost = (order: Order.Order, schedule: Fees.Schedule | undefined, precision: Fees.Precision): number => {
  if (order.side === "unknown") return 0
  const { price, side } = order
  const count = Contracts.step
  const fee = schedule === undefined ? "unknown" : Fees.tradeFee({ schedule, role: "maker", price, count, precision })
  const principal = Fees.openingPrincipal(side, price, count)
  return Dollars.round(Dollars.subtract(fee === "unknown" ? Dollars.zero : fee, principal), precision.balance, "ceil")
}

interface Exposure {
  readonly subaccount: number
  readonly ticker: string
  bid: number
  ask: number
  excess: number
}

/**
 * Estimates what the resting orders of each subaccount set aside, in dollars, so
 * that no account goes below zero whatever fills: in each market the dearer of
 * all bids and all asks, each at its limit with the maker's fee of its smallest
 * piece, less the dollar that each contract gives back which closes the position.
 *
 * This is the documented principle (worst case cost and fees) and the rule of the
 * sandbox, to the micro-dollar; the formula of the exchange is not published, so
 * there it is an estimate. An order does not tell whether it only reduces: one
 * that does sets aside less than it counts here. A fee of unknown schedule
 * counts as $0.
 *
 * Throws a `RangeError` beyond the exact range of `Dollars`.
 *
 * @since 0.1.0
 * @category math
 */
export const reserves = (input: {
  readonly orders: Iterable<Order.Order>
  readonly positions: Iterable<Pick<Kind.Position, "subaccount" | "ticker" | "position">>
  readonly schedule: (ticker: string) => Fees.Schedule | undefined
  readonly precision?: Fees.Precision | undefined
}): ReadonlyMap<number, Dollars.Dollars> => {
  const precision = input.precision ?? Fees.direct
  const exposures = new Map<string, Exposure>()
  for (const order of input.orders) {
    if (order.remaining === 0) continue
    const place = { subaccount: order.subaccount ?? 0, ticker: order.ticker }
    const key = placeKey(place)
    const exposure = exposures.get(key) ?? { ...place, bid: 0, ask: 0, excess: 0 }
    const cost = order.remaining * unitCost(order, input.schedule(order.ticker), precision)
    const above = Math.max(0, cost - PAR * order.remaining)
    exposure.excess += above
    if (order.side === "bid") exposure.bid += cost - above
    else exposure.ask += cost - above
    exposures.set(key, exposure)
  }
  const positions = new Map<string, number>()
  for (const position of input.positions) positions.set(placeKey(position), position.position)
  const reserved = new Map<number, Dollars.Dollars>()
  for (const [key, { ask, bid, excess, subaccount }] of exposures) {
    const position = positions.get(key) ?? 0
    const short = Math.max(0, -position) * PAR
    const long = Math.max(0, position) * PAR
    const needed = Dollars.micros(excess + Math.max(0, bid - short, ask - long))
    reserved.set(subaccount, Dollars.add(reserved.get(subaccount) ?? Dollars.zero, needed))
  }
  return reserved
}
