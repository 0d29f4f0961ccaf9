/**
 * The account, explained: records folded into positions, lots, profit, fees and
 * cash, and what does not add up.
 *
 * - **Cash** is kept to the micro-dollar. A bid pays price × count and an ask
 *   (1 − price) × count; a contract that closes another gives $1 with it; the
 *   recorded fee is taken off as it is, never computed anew. A settlement pays by
 *   the value of its market, rounded down to the precision of balances; where
 *   that is not known, by its revenue, which is in whole cents.
 * - **Lots** close oldest first. What they cost is known by FIFO and by average.
 * - **The invariant**: the cash of a subaccount is its free balance and what its
 *   resting orders reserve. A difference is a {@link Discrepancy} that names the
 *   smallest set of records it can; what no record explains is one line between
 *   two snapshots, until you add rows for it.
 *
 * An export that was read while the account traded contradicts itself: read it
 * until an instant, and take snapshots when nothing trades. Deposits,
 * withdrawals and transfers have whole seconds, so that one of the second of a
 * snapshot may lie on its other side. Money that moves between shards of one
 * subaccount changes nothing here.
 *
 * @since 0.1.0
 */
import * as Duration from "effect/Duration"
import * as Direction from "effect-kalshi/Direction"
import * as Dollars from "effect-kalshi/Dollars"
import * as Fees from "effect-kalshi/Fees"
import type * as SubaccountBalance from "effect-kalshi/models/SubaccountBalance"
import * as Timestamp from "effect-kalshi/Timestamp"
import type * as Discrepancy from "./Discrepancy.ts"
import type * as Kind from "./Kind.ts"
import * as Booking from "./ledger/Booking.ts"
import * as Cash from "./ledger/Cash.ts"
import * as Events from "./ledger/Events.ts"
import * as FeeModel from "./ledger/FeeModel.ts"
import * as Fold from "./ledger/Fold.ts"
import * as Lots from "./ledger/Lots.ts"
import * as Markets from "./ledger/Markets.ts"
import type {
  Account,
  Belonging,
  Holding,
  Ledger,
  MarketFacts,
  Method,
  Month,
  Note,
  OpenLot,
  Options,
  Records,
  Snapshot,
  Totals
} from "./ledger/Model.ts"
import * as Orders from "./ledger/Orders.ts"
import * as Payout from "./ledger/Payout.ts"
import * as Vector from "./ledger/Vector.ts"

export type {
  Account,
  Adjustment,
  Belonging,
  ByMethod,
  ClosedLot,
  EquityPoint,
  Holding,
  Ledger,
  MarketFacts,
  Method,
  Month,
  Note,
  OpenLot,
  Options,
  Records,
  Snapshot,
  Totals,
  Unexplained
} from "./ledger/Model.ts"
export { gain, realised } from "./ledger/Months.ts"
export { reserves } from "./ledger/Reserve.ts"

/** When balances became finer. */
const FINER = Timestamp.fromMillis(Date.UTC(2026, 4, 28))

/**
 * How the exchange rounded the balance of a direct member at an instant: to
 * $0.0001 since 28 May 2026, to a cent before.
 *
 * @since 0.1.0
 * @category accessors
 */
export const precisionAt = (at: Timestamp.Timestamp): Fees.Precision =>
  at < FINER ? Fees.directBeforeJune2026 : Fees.direct

/**
 * The series of a market, by its name: its ticker up to the first dash.
 *
 * @since 0.1.0
 * @category accessors
 */
export const seriesOf = (ticker: string): string => ticker.split("-", 1)[0] ?? ticker

/**
 * The event of a market, by its name: its ticker up to the last dash.
 *
 * @since 0.1.0
 * @category accessors
 */
export const eventOf = (ticker: string): string =>
  ticker.includes("-") ? ticker.slice(0, ticker.lastIndexOf("-")) : ticker

/**
 * Snapshots from the balances that the exchange tells, those of several shards
 * together, with what {@link reserves} says of the same moment.
 *
 * @since 0.1.0
 * @category constructors
 */
export const snapshots = (
  at: Timestamp.Timestamp,
  balances: Iterable<SubaccountBalance.SubaccountBalance>,
  reserved: ReadonlyMap<number, Dollars.Dollars>
): ReadonlyArray<Snapshot> => {
  const available = new Map<number, Dollars.Dollars>()
  for (const balance of balances) {
    const sum = Dollars.add(available.get(balance.subaccount) ?? Dollars.zero, balance.available)
    available.set(balance.subaccount, sum)
  }
  return Array.from(available, ([subaccount, available]) => ({
    at,
    subaccount,
    available,
    reserved: reserved.get(subaccount) ?? Dollars.zero
  }))
}

const keyed = <A>(items: Iterable<A> | undefined, key: (item: A) => string): ReadonlyMap<string, A> | undefined =>
  items === undefined ? undefined : new Map(Array.from(items, (item) => [key(item), item]))

/** Each settlement of a market and subaccount once, those that came twice named. */
const settlementsOf = (
  rows: Iterable<Kind.Settlement> | undefined,
  found: Array<Discrepancy.Discrepancy>
): ReadonlyMap<string, Kind.Settlement> | undefined => {
  if (rows === undefined) return undefined
  const known = new Map<string, Kind.Settlement>()
  for (const row of rows) {
    const { settledAt, subaccount, ticker } = row
    const key = Booking.placeKey(row)
    if (known.has(key)) found.push({ _tag: "SettlementTwice", subaccount, ticker, settledAt })
    else known.set(key, row)
  }
  return known
}

const vectorsOf = (booked: ReadonlyArray<Booking.Booked>) => {
  const vectors = new Map<string, { readonly place: Discrepancy.Place; vector: Vector.Vector }>()
  for (const { cost, count, fee, side, subaccount, ticker } of booked) {
    const key = Booking.placeKey({ subaccount, ticker })
    const vector = Vector.of(side, count, cost, fee)
    const known = vectors.get(key)
    if (known === undefined) vectors.set(key, { place: { subaccount, ticker }, vector })
    else known.vector = Vector.add(known.vector, vector)
  }
  return vectors
}

/** What the revenues of these settlements mean, by the fills of their markets. */
const readingOf = (
  settlements: Iterable<Kind.Settlement>,
  vectors: ReturnType<typeof vectorsOf>,
  markets: ReadonlyMap<string, MarketFacts>,
  precision: (at: Timestamp.Timestamp) => Fees.Precision
): Payout.Reading =>
  Payout.reading(
    Array.from(settlements).flatMap((row) => {
      const of = vectors.get(Booking.placeKey(row))?.vector ?? Vector.zero
      const value = Payout.valueOf(row.result, markets.get(row.ticker))
      if (value === undefined) return []
      return { row, of, payout: Payout.of(value, Vector.net(of), precision(row.settledAt).balance) }
    })
  )

const openLots = (position: Fold.Position): ReadonlyArray<OpenLot> => {
  const { event, lots, series, subaccount, ticker } = position
  return Lots.held(lots).map(({ at, contracts, cost, fee, orderId, price, tradeId }) => ({
    subaccount,
    ticker,
    event,
    series,
    side: Direction.outcome(lots.side),
    contracts,
    price,
    cost,
    openingFee: fee,
    acquired: at,
    openedBy: { tradeId, orderId }
  }))
}

const holdingOf = (position: Fold.Position, vector: Vector.Vector, mark: Dollars.Dollars | undefined): Holding => {
  const { event, lots, payout, realised, series, settledAt, subaccount, ticker, updatedAt } = position
  const { contracts } = lots
  const each = mark === undefined ? undefined : lots.side === "bid" ? mark : Dollars.complement(mark)
  const value = contracts === 0 || each === undefined ? undefined : Dollars.timesRounded(each, contracts, "floor")
  return {
    subaccount,
    ticker,
    event,
    series,
    position: Lots.position(lots),
    yesCount: vector.yes,
    yesCost: vector.yesCost,
    noCount: vector.no,
    noCost: vector.noCost,
    fees: vector.fee,
    payout,
    realised,
    openCost: { fifo: Dollars.sum(Lots.held(lots).map(({ cost }) => cost)), average: lots.cost },
    openFees: { fifo: Dollars.sum(Lots.held(lots).map(({ fee }) => fee)), average: lots.fee },
    ...(value === undefined ? {} : { value }),
    updatedAt,
    ...(settledAt === undefined ? {} : { settledAt })
  }
}

const totalsOf = (
  accounts: ReadonlyArray<Account>,
  holdings: ReadonlyArray<Holding>,
  months: ReadonlyArray<Month>
): Totals => {
  const open = holdings.filter(({ position }) => position !== 0)
  const marked = open.filter(({ value }) => value !== undefined)
  const value = Dollars.sum(marked.map(({ value }) => value ?? Dollars.zero))
  const sum = (method: Method, of: ReadonlyArray<Holding>, what: "openCost" | "openFees" | "realised") =>
    Dollars.sum(of.map((holding) => holding[what][method]))
  const by = (what: (method: Method) => Dollars.Dollars) => ({ fifo: what("fifo"), average: what("average") })
  return {
    cash: Dollars.sum(accounts.map(({ cash }) => cash)),
    realised: by((method) => sum(method, holdings, "realised")),
    gain: by((method) => Dollars.sum(months.map(({ gain }) => gain[method]))),
    fees: Dollars.sum(accounts.map(({ fees }) => fees)),
    openCost: by((method) => sum(method, open, "openCost")),
    openFees: by((method) => sum(method, open, "openFees")),
    value,
    openGain: by((method) =>
      Dollars.subtract(value, Dollars.add(sum(method, marked, "openCost"), sum(method, marked, "openFees")))
    ),
    unmarked: open.length - marked.length
  }
}

const DAY = Duration.days(1)

const lastPrice = ({ lastPrice }: MarketFacts): Dollars.Dollars | undefined => lastPrice

/**
 * Folds the records of an account into its ledger.
 *
 * What it takes grows with open lots and what it tells, beside the records
 * themselves and their keys. Throws a `RangeError` when an amount leaves the
 * exact range of `Dollars`.
 *
 * @since 0.1.0
 * @category constructors
 */
export const make = (records: Records, options: Options = {}): Ledger => {
  const found: Array<Discrepancy.Discrepancy> = []
  const notes: Array<Note> = []
  const rounding = options.precision ?? precisionAt
  const precision = typeof rounding === "function" ? rounding : () => rounding
  const series = options.series ?? seriesOf
  const mark = options.mark ?? lastPrice
  const orders = keyed(records.orders, ({ orderId }) => orderId)
  const positions = keyed(records.positions, Booking.placeKey)
  const markets = keyed(records.markets, ({ ticker }) => ticker) ?? new Map<string, MarketFacts>()
  const settlements = settlementsOf(records.settlements, found)

  const booked = Booking.book(records.fills, orders, found, notes)
  const vectors = vectorsOf(booked)
  const settled = Array.from(settlements?.values() ?? [])
  const reading = readingOf(settled, vectors, markets, precision)
  const events = new Map(
    settled.flatMap(({ eventTicker, ticker }) => (eventTicker === undefined ? [] : [[ticker, eventTicker]]))
  )
  const belonging = (subaccount: number, ticker: string): Belonging => ({
    subaccount,
    ticker,
    event: markets.get(ticker)?.eventTicker ?? events.get(ticker) ?? eventOf(ticker),
    series: series(ticker)
  })
  const books = Fold.run(Events.walk(booked, settled, records, notes), {
    markets,
    precision,
    belonging,
    snapshots: Array.from(records.snapshots ?? []).toSorted((a, b) => a.at - b.at),
    reading,
    seeFee: FeeModel.make(options.schedule, precision, markets, notes),
    step: Duration.toMillis(options.step ?? DAY) * 1000
  })
  for (const { place, row, value } of books.settled) {
    if (value === undefined && row.revenue !== 0) notes.push({ _tag: "PaidToTheCent", ...place })
  }

  const corrections =
    orders === undefined ? new Map<string, Orders.Correction>() : Orders.check(orders, booked, found, notes)
  const corrected = Markets.check({ vectors, corrections, settlements, positions, markets }, found, notes)
  const paid = Markets.checkPayouts(books.settled, vectors, corrected, reading, found)
  const unexplained = Cash.check(books.points, paid, booked, corrected, reading, found)

  const open = Array.from(books.positions.values())
  const holdings = Array.from(books.positions, ([key, position]) => {
    const market = markets.get(position.ticker)
    const price = market === undefined ? undefined : mark(market)
    return holdingOf(position, vectors.get(key)?.vector ?? Vector.zero, price)
  })
  const accounts = Array.from(books.accounts.values()).toSorted((a, b) => a.subaccount - b.subaccount)
  const months = books.months.rows()
  return {
    totals: totalsOf(accounts, holdings, months),
    accounts,
    holdings,
    open: open.flatMap(openLots),
    closed: books.closed,
    months,
    equity: books.equity,
    discrepancies: found,
    unexplained,
    notes
  }
}
