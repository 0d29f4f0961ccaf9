/**
 * A ledger within a period: what was traded and closed in it, and how the
 * account stood at an instant.
 */
import * as Dollars from "effect-kalshi/Dollars"
import * as Timestamp from "effect-kalshi/Timestamp"
import * as Booking from "../ledger/Booking.ts"
import * as Events from "../ledger/Events.ts"
import type { ClosedLot, EquityPoint, Ledger, Month, Records } from "../ledger/Model.ts"
import * as Months from "../ledger/Months.ts"
import type * as Data from "./Data.ts"

/**
 * A range of time, its start included and its end not.
 *
 * @since 0.1.0
 * @category models
 */
export interface Period {
  readonly since?: Timestamp.Timestamp | undefined
  readonly until?: Timestamp.Timestamp | undefined
}

export const contains = ({ since, until }: Period, at: Timestamp.Timestamp): boolean =>
  (since === undefined || at >= since) && (until === undefined || at < until)

export const isWhole = ({ since, until }: Period): boolean => since === undefined && until === undefined

/** The fills as the ledger booked them. */
export const booked = ({ fills, orders }: Records): ReadonlyArray<Booking.Booked> =>
  Booking.book(
    fills,
    orders === undefined ? undefined : new Map(Array.from(orders, (order) => [order.orderId, order])),
    [],
    []
  )

/** What each series did in each month, as far as it lies in the period. */
export const months = (
  ledger: Ledger,
  period: Period,
  fills: () => ReadonlyArray<Booking.Booked>
): ReadonlyArray<Month> => {
  if (isWhole(period)) return ledger.months
  const series = new Map(ledger.holdings.map(({ series, ticker }) => [ticker, series]))
  const rows = Months.make()
  for (const fill of fills()) {
    if (contains(period, fill.at)) rows.fill(fill, series.get(fill.ticker) ?? fill.ticker)
  }
  for (const lot of ledger.closed) if (contains(period, lot.disposed)) rows.close(lot)
  return rows.rows()
}

const NAMES = { deposited: "deposit", withdrawn: "withdrawal" } as const

/** What came into the account and left it; what moved within it did neither. */
export const fundings = (records: Records, period: Period): ReadonlyArray<Data.Funding> => {
  const { deposits, withdrawals } = records
  return Array.from(Events.walk([], [], { fills: [], deposits, withdrawals }, [])).flatMap((event) => {
    if (event._tag !== "money" || !contains(period, event.at)) return []
    if (event.purpose !== "deposited" && event.purpose !== "withdrawn") return []
    const { amount, at, purpose } = event
    return [{ at, name: NAMES[purpose], amount: purpose === "deposited" ? amount : Dollars.negate(amount) }]
  })
}

/** Lots that were held just before an instant. */
export const heldBefore = (
  { closed, open }: Pick<Ledger, "closed" | "open">,
  at: Timestamp.Timestamp
): ReadonlyArray<{ readonly event: string; readonly ticker: string; readonly cost: Dollars.Dollars }> => [
  ...closed
    .filter(({ acquired, disposed }) => acquired < at && disposed >= at)
    .map(({ cost, event, ticker }) => ({ event, ticker, cost: cost.fifo })),
  ...open.filter(({ acquired }) => acquired < at)
]

/**
 * How the account stood just before an instant; `undefined` before there was
 * anything. The equity between two points of the ledger changes by what comes in
 * and out, by what closed lots earned, and by fees.
 */
export const standing = (
  ledger: Ledger,
  records: Records,
  fills: () => ReadonlyArray<Booking.Booked>,
  at: Timestamp.Timestamp
): Data.EquityPoint | undefined => {
  const base: EquityPoint | undefined = ledger.equity.findLast((point) => point.at < at)
  const between = (instant: Timestamp.Timestamp): boolean => instant < at && (base === undefined || instant > base.at)
  const came = [...fundings(records, {}), ...(records.adjustments ?? [])].filter((money) => between(money.at))
  const earned = ledger.closed.filter(({ disposed }) => between(disposed))
  const charged = base !== undefined && base === ledger.equity.at(-1) ? [] : fills().filter((fill) => between(fill.at))
  if (base === undefined && came.length + earned.length + charged.length === 0) return undefined
  const equity = Dollars.sum([
    base?.equity ?? Dollars.zero,
    ...came.map(({ amount }) => amount),
    ...earned.map((lot: ClosedLot) => Months.realised(lot, "fifo")),
    ...charged.map(({ fee }) => Dollars.negate(fee))
  ])
  const open = Dollars.sum(heldBefore(ledger, at).map(({ cost }) => cost))
  return { at: Timestamp.micros(at - 1), cash: Dollars.subtract(equity, open), open }
}
