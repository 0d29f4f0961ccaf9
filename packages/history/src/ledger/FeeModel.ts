/**
 * Recorded fees beside the model's. The recorded one counts; the model's is
 * followed along each order, because what rounding took is given back there.
 */
import type * as Contracts from "effect-kalshi/Contracts"
import * as Dollars from "effect-kalshi/Dollars"
import * as Fees from "effect-kalshi/Fees"
import type * as Timestamp from "effect-kalshi/Timestamp"
import type { Booked } from "./Booking.ts"
import type { MarketFacts, Note, Options } from "./Model.ts"

/** Sees a fill, and how many contracts it closed. */
export type See = (fill: Booked, closed: Contracts.Contracts) => void

const nothing: See = () => {}

export const make = (
  schedule: Options["schedule"],
  precision: (at: Timestamp.Timestamp) => Fees.Precision,
  markets: ReadonlyMap<string, MarketFacts>,
  notes: Array<Note>
): See => {
  if (schedule === undefined) return nothing
  const accumulators = new Map<string, Fees.Accumulator>()
  return (fill, closed) => {
    const { at, cost, count, isTaker, orderId, price, ticker, tradeId } = fill
    const charges = schedule(ticker)
    if (charges === undefined) return
    const rounds = precision(at)
    const waivedUntil = markets.get(ticker)?.feeWaiverUntil
    const tradeFee =
      waivedUntil !== undefined && at < waivedUntil
        ? Dollars.zero
        : Fees.tradeFee({ schedule: charges, role: isTaker ? "taker" : "maker", price, count, precision: rounds })
    if (tradeFee === "unknown") return
    const charge = Fees.settle({
      tradeFee,
      principal: Dollars.subtract(Dollars.times(Dollars.one, closed), cost),
      accumulator: accumulators.get(orderId) ?? Dollars.zero,
      precision: rounds
    })
    accumulators.set(orderId, charge.accumulator)
    if (charge.fee !== fill.fee) {
      notes.push({ _tag: "FeeUnlikeModel", tradeId, orderId, ticker, recorded: fill.fee, model: charge.fee })
    }
  }
}
