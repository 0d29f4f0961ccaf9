/**
 * What a report shows, from a ledger.
 */
import * as Contracts from "effect-kalshi/Contracts"
import * as Dollars from "effect-kalshi/Dollars"
import * as Timestamp from "effect-kalshi/Timestamp"
import type * as Booking from "../ledger/Booking.ts"
import type { ClosedLot, Ledger, Method, Month, Records, Snapshot } from "../ledger/Model.ts"
import * as Months from "../ledger/Months.ts"
import type * as Data from "./Data.ts"
import * as periods from "./period.ts"
import * as select from "./select.ts"
import * as words from "./words.ts"

/**
 * Whose ledger it is, and what of it is shown.
 *
 * @since 0.1.0
 * @category models
 */
export interface Options {
  readonly account: Data.Account
  /** What the ledger was made of; it is gone through several times. */
  readonly records: Records
  /** The instant until which the records are complete. */
  readonly asOf: Timestamp.Timestamp
  /**
   * What is shown, its start included and its end not; everything unless told.
   * The ledger is of all records whatever it is: what was bought before has its
   * cost.
   */
  readonly period?: periods.Period | undefined
  /** Default `fifo`. */
  readonly method?: Method | undefined
  /** What a market is called. */
  readonly title?: ((ticker: string) => string | undefined) | undefined
  /** What the figures do not contain, in sentences. */
  readonly omitted?: ReadonlyArray<string> | undefined
}

const grouped = <A>(items: ReadonlyArray<A>, by: (item: A) => string): ReadonlyMap<string, ReadonlyArray<A>> => {
  const groups = new Map<string, Array<A>>()
  for (const item of items) {
    const group = groups.get(by(item))
    if (group === undefined) groups.set(by(item), [item])
    else group.push(item)
  }
  return groups
}

const results = (rows: ReadonlyArray<Month>, method: Method) => ({
  profit: Dollars.sum(rows.map(({ gain }) => gain[method])),
  fees: Dollars.sum(rows.map(({ fees }) => fees)),
  volume: Dollars.sum(rows.map(({ volume }) => volume))
})

const RANGE = Dollars.cents(10)

const prices = (
  lots: ReadonlyArray<ClosedLot>,
  isWin: (lot: ClosedLot) => boolean
): ReadonlyArray<Data.PriceResult> => {
  const from = ({ entryPrice }: ClosedLot): number => Math.floor(entryPrice / RANGE) * RANGE
  return Array.from(
    grouped(lots, (lot) => String(from(lot))),
    ([at, lots]) => ({
      from: Dollars.micros(Number(at)),
      lots: lots.length,
      wins: lots.filter(isWin).length,
      prices: Dollars.sum(lots.map(({ entryPrice }) => entryPrice))
    })
  ).toSorted((a, b) => a.from - b.from)
}

const titled = (title: string | undefined) => (title === undefined ? {} : { title })

const lotOf =
  (method: Method, title: (ticker: string) => string | undefined) =>
  (lot: ClosedLot): Data.Lot => ({
    ticker: lot.ticker,
    ...titled(title(lot.ticker)),
    side: lot.side,
    count: lot.contracts,
    openedAt: lot.acquired,
    closedAt: lot.disposed,
    closedBy: lot.closedBy,
    cost: lot.cost[method],
    proceeds: lot.proceeds,
    fees: Dollars.add(lot.openingFee[method], lot.closingFee)
  })

const exposures = (
  held: ReturnType<typeof periods.heldBefore>,
  title: (ticker: string) => string | undefined
): ReadonlyArray<Data.Exposure> =>
  Array.from(
    grouped(held, ({ event }) => event),
    ([event, lots]) => {
      const tickers = new Set(lots.map(({ ticker }) => ticker))
      const [only] = tickers
      return {
        event,
        // of several markets none is what the event is called
        ...titled(tickers.size === 1 && only !== undefined ? title(only) : undefined),
        markets: tickers.size,
        cost: Dollars.sum(lots.map(({ cost }) => cost))
      }
    }
  )

/** The last snapshot, where it is of all subaccounts that have anything. */
const balanceOf = (
  { accounts }: Ledger,
  snapshots: Iterable<Snapshot> | undefined,
  cashAt: (at: Timestamp.Timestamp) => Dollars.Dollars
): Data.Balance | undefined => {
  const all = Array.from(snapshots ?? [])
  const at = all.reduce<Timestamp.Timestamp | undefined>(
    (last, snapshot) => (last === undefined || snapshot.at > last ? snapshot.at : last),
    undefined
  )
  if (at === undefined) return undefined
  const those = all.filter((snapshot) => snapshot.at === at)
  const known = new Set(those.map(({ subaccount }) => subaccount))
  if (accounts.some(({ cash, subaccount }) => cash !== 0 && !known.has(subaccount))) return undefined
  return {
    at,
    computed: cashAt(at),
    reported: Dollars.sum(those.map(({ available }) => available)),
    resting: Dollars.sum(those.map(({ reserved = Dollars.zero }) => reserved))
  }
}

/** When the account first traded. */
const firstTrade = ({ closed, open }: Ledger): Timestamp.Timestamp | undefined => {
  let first: Timestamp.Timestamp | undefined
  for (const { acquired } of closed) if (first === undefined || acquired < first) first = acquired
  for (const { acquired } of open) if (first === undefined || acquired < first) first = acquired
  return first
}

/**
 * The point before the first day of the period, since what is made on that is a
 * profit, too. Before it traded an account was what was paid in.
 */
const beginning = (
  trade: Timestamp.Timestamp | undefined,
  { since, until }: periods.Period,
  standing: (at: Timestamp.Timestamp) => Data.EquityPoint | undefined
): Data.EquityPoint | undefined => {
  const at = trade !== undefined && (since === undefined || trade > since) ? trade : since
  if (at === undefined || (until !== undefined && at >= until)) return undefined
  const nothing = { at: Timestamp.micros(at - 1), cash: Dollars.zero, open: Dollars.zero }
  return standing(at) ?? (at === trade ? nothing : undefined)
}

const isDefined = <A>(value: A | undefined): value is A => value !== undefined

/** How many lots are kept at either end. */
const LARGEST = 10

/**
 * What a report shows of a ledger, or of a period of it.
 *
 * Profit is that of the lots that were closed in the period, after the fees that
 * they bear; fees and volume are those of its fills. The exposure is that at its
 * end. Discrepancies are shown whenever they are, what is not explained where it
 * overlaps with the period.
 *
 * Throws a `RangeError` when an amount leaves the exact range of `Dollars`.
 *
 * @since 0.1.0
 * @category constructors
 */
export const fromLedger = (ledger: Ledger, options: Options): Data.Data => {
  const { account, asOf, method = "fifo", omitted = [], period = {}, records, title = () => undefined } = options
  const end = period.until !== undefined && period.until < asOf ? period.until : undefined
  const shown = { since: period.since, until: end }
  let known: ReadonlyArray<Booking.Booked> | undefined
  const fills = () => (known ??= periods.booked(records))
  const standing = (at: Timestamp.Timestamp) => periods.standing(ledger, records, fills, at)

  const rows = periods.months(ledger, shown, fills)
  const closed = ledger.closed.filter(({ disposed }) => periods.contains(shown, disposed))
  const isWin = (lot: ClosedLot): boolean => Months.gain(lot, method) > 0
  const { best, worst } = select.largestLots(closed.map(lotOf(method, title)), LARGEST)
  const balance = balanceOf(ledger, records.snapshots, (at) => standing(Timestamp.micros(at + 1))?.cash ?? Dollars.zero)
  const points = ledger.equity.filter(({ at }) => periods.contains(shown, at))
  const begins = beginning(firstTrade(ledger), shown, standing)
  const ends = end === undefined ? undefined : standing(end)
  return {
    account,
    ...(shown.since === undefined ? {} : { from: shown.since }),
    until: end ?? asOf,
    asOf,
    totals: {
      ...results(rows, method),
      contracts: Contracts.sum(rows.map(({ contracts }) => contracts)),
      fills: rows.reduce((sum, { fills }) => sum + fills, 0),
      lots: closed.length,
      wins: closed.filter(isWin).length
    },
    equity: {
      basis: "cost",
      points: [
        // unless money came on days before
        begins !== undefined && begins.at < (points[0]?.at ?? Infinity) ? begins : undefined,
        ...points.map(({ at, cash, openCost }) => ({ at, cash, open: openCost })),
        // unless it is that of a point
        ends !== undefined && ends.at > (points.at(-1)?.at ?? 0) ? ends : undefined
      ].filter(isDefined)
    },
    fundings: periods.fundings(records, shown),
    series: Array.from(
      grouped(rows, ({ series }) => series),
      ([series, rows]) => ({ series, ...results(rows, method) })
    ),
    months: Array.from(
      grouped(rows, ({ month }) => month),
      ([month, rows]) => ({ month, ...results(rows, method) })
    ),
    prices: prices(closed, isWin),
    exposures: exposures(end === undefined ? ledger.open : periods.heldBefore(ledger, end), title),
    lots: [...best, ...worst],
    ...(balance === undefined ? {} : { balance }),
    discrepancies: ledger.discrepancies.map(words.discrepancy),
    unexplained: ledger.unexplained
      .filter(({ from, until }) => (end === undefined || from < end) && (shown.since ?? 0) <= until)
      .map(({ amount, from, subaccount, until }) => ({ from, until, amount, note: `subaccount ${subaccount}` })),
    notes: [
      words.method[method],
      ...(balance !== undefined && balance.resting > 0 ? [words.reserve] : []),
      ...words.notes(ledger.notes)
    ],
    omitted: [...omitted]
  }
}
