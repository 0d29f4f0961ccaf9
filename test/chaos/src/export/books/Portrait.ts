/**
 * What the life of the account had in it, in figures.
 */
import type { Ledger } from "@effect-kalshi/history"
import { Dollars, Fees } from "effect-kalshi"
import type { Records } from "./Reading.ts"

export interface Portrait {
  readonly fills: number
  readonly orders: number
  readonly subaccounts: number
  readonly settlements: number
  readonly scalar: number
  /** Scalar ones at a value that is no whole cent. */
  readonly subCent: number
  readonly partialCloses: number
  readonly throughZero: number
  /** Fills whose recorded fee is below that of the model: rounding was given back. */
  readonly rebates: number
  readonly open: number
  readonly deposits: number
  readonly withdrawals: number
  readonly transfers: number
  readonly snapshots: number
  readonly resting: number
}

/** Draws it. */
export const of = (
  ledger: Ledger.Ledger,
  records: Records,
  schedules: ReadonlyMap<string, Fees.Schedule>
): Portrait => {
  const scalar = records.settlements.filter(({ result }) => result._tag === "scalar")
  const values = new Map(records.markets.map(({ settlementValue, ticker }) => [ticker, settlementValue]))
  const held = new Map<string, number>()
  let partialCloses = 0
  let throughZero = 0
  let rebates = 0
  for (const fill of records.fills.toSorted((a, b) => (a.createdAt ?? 0) - (b.createdAt ?? 0))) {
    const key = `${fill.subaccount}/${fill.ticker}`
    const before = held.get(key) ?? 0
    const after = before + (fill.side === "bid" ? fill.count : -fill.count)
    held.set(key, after)
    if (before * after < 0) throughZero++
    else if (after !== 0 && Math.abs(after) < Math.abs(before)) partialCloses++
    const schedule = schedules.get(fill.ticker)
    if (schedule === undefined || fill.fee === undefined) continue
    const { count, fee, isTaker, price } = fill
    const model = Fees.tradeFee({ schedule, role: isTaker ? "taker" : "maker", price, count })
    if (model !== "unknown" && fee < model) rebates++
  }
  return {
    fills: records.fills.length,
    orders: records.orders.length,
    subaccounts: ledger.accounts.length,
    settlements: records.settlements.length,
    scalar: scalar.length,
    subCent: scalar.filter(({ ticker }) => (values.get(ticker) ?? 0) % Dollars.cents(1) !== 0).length,
    partialCloses,
    throughZero,
    rebates,
    open: records.positions.filter(({ position }) => position !== 0).length,
    deposits: records.deposits.length,
    withdrawals: records.withdrawals.length,
    transfers: records.transfers.length,
    snapshots: records.snapshots.length,
    resting: records.orders.filter(({ status }) => status === "resting").length
  }
}
