/**
 * The life of an account on a sandbox: it trades in several subaccounts, closes
 * parts, sells through zero, is paid by markets that end in every way, and moves
 * its money about. Each evening it looks at its balances, through the client.
 */
import * as TestClock from "effect/testing/TestClock"
import { Control, type Listing, type Model } from "@effect-kalshi/sandbox"
import { Ledger } from "@effect-kalshi/history"
import * as Effect from "effect/Effect"
import { Contracts, Direction, Dollars, type Fees, Markets, Portfolio, PriceGrid, Timestamp } from "effect-kalshi"
import * as Random from "../../Random.ts"
import * as Reading from "./Reading.ts"

export interface Options {
  readonly seed: number
  readonly account: string
  /** At least so many fills. */
  readonly fills: number
  readonly days: number
}

/** What became of it. */
export interface Lived {
  readonly tickers: ReadonlyArray<string>
  readonly subaccounts: ReadonlyArray<number>
  readonly snapshots: ReadonlyArray<Ledger.Snapshot>
  /** Before this instant most of it lies, and may be archived. */
  readonly archivable: Timestamp.Timestamp
}

/** Midnight, the first of June 2026: balances have four decimals since. */
const START = 1_780_272_000_000
const DAY = 86_400_000
const SUBACCOUNTS = 4

interface Series {
  readonly name: string
  readonly grid: Listing.GridName
  readonly fees: Fees.Schedule
}

const SERIES: readonly [Series, ...ReadonlyArray<Series>] = [
  { name: "KXBOOKRAIN", grid: "linear_cent", fees: { type: "quadratic", multiplier: 1 } },
  { name: "KXBOOKCOIN", grid: "deci_cent", fees: { type: "quadratic_with_maker_fees", multiplier: 1 } },
  { name: "KXBOOKRATE", grid: "tapered_deci_cent", fees: { type: "quadratic", multiplier: 0.5 } },
  {
    name: "KXBOOKBOTH",
    grid: "center_centi_edge_centi_cent",
    fees: { type: "quadratic_with_combo_maker_fees", multiplier: 1 }
  },
  { name: "KXBOOKFREE", grid: "linear_cent", fees: { type: "quadratic", multiplier: 0 } }
]

interface Live {
  readonly ticker: string
  readonly grid: PriceGrid.PriceGrid
  /** The day on which it ends; never while the account is looked at, where it is far off. */
  readonly ends: number
}

/** Lives it. */
export const live = Effect.fnUntraced(function* ({ account, days, fills, seed }: Options) {
  const control = yield* Control.Control
  const portfolio = yield* Portfolio.Portfolio
  const markets = yield* Markets.Markets
  const random = Random.make(seed, 1)
  const between = (from: number, until: number) => random.between(from, until)

  yield* TestClock.setTime(START)
  const other = (name: string) =>
    Effect.map(control.account(name, { key: "ed25519", deposit: Dollars.of(20_000_000) }), ({ id }) => id)
  const others = [yield* other("others-1"), yield* other("others-2"), yield* other("others-3")] as const
  yield* control.deposit(account, Dollars.of(400_000))
  const subaccounts = [0]
  while (subaccounts.length < SUBACCOUNTS) subaccounts.push(yield* control.openSubaccount(account))
  let transfers = 0
  const transfer = (from: number, to: number, amount: Dollars.Dollars) =>
    control.transfer(account, { clientTransferId: `books-${seed}-${++transfers}`, from, to, amount })
  for (const subaccount of subaccounts.slice(1)) yield* transfer(0, subaccount, Dollars.of(60_000))

  /** Time goes by, but not past the end of the day. */
  let now = START
  let evening = START + DAY
  const pass = Effect.suspend(() => {
    now = Math.min(now + between(0, 20_000), evening - 1)
    return TestClock.setTime(now)
  })

  /** An order that money never stops. */
  const place = (who: string, order: Control.Placement) =>
    control.place(who, order).pipe(
      Effect.catch((refused) =>
        refused.refusal._tag !== "InsufficientBalance" || who !== account
          ? Effect.fail(refused)
          : Effect.gen(function* () {
              const subaccount = order.subaccount ?? 0
              yield* control.deposit(account, Dollars.of(50_000))
              if (subaccount !== 0) yield* transfer(0, subaccount, Dollars.of(50_000))
              return yield* control.place(who, order)
            })
      )
    )

  const size = (): Contracts.Contracts =>
    random.chance(0.3) ? Contracts.centis(between(1, 2_500)) : Contracts.of(between(1, 30))
  const price = ({ grid }: Live): Dollars.Dollars =>
    PriceGrid.snap(grid, Dollars.micros(between(1_500, 8_500) * 100), "floor") ?? Dollars.cents(50)
  const theirs = (
    ticker: string,
    side: Direction.Direction,
    at: Dollars.Dollars,
    count: Contracts.Contracts,
    timeInForce: Model.TimeInForce
  ) => place(random.pick(others), { ticker, side, price: at, count, timeInForce })

  /** Others rest, at prices that get no worse for who takes. */
  const bring = Effect.fnUntraced(function* (
    market: Live,
    side: Direction.Direction,
    limit: Dollars.Dollars,
    counts: ReadonlyArray<Contracts.Contracts>
  ) {
    for (const [index, count] of counts.entries()) {
      const better = (counts.length - 1 - index) * between(0, 2) * 10_000
      const wanted = Dollars.micros(Math.max(100_000, Math.min(900_000, limit + (side === "bid" ? -better : better))))
      const at = PriceGrid.snap(market.grid, wanted, "floor") ?? limit
      // the floor of the grid may not lie beyond the limit
      const within = side === "bid" ? Dollars.min(at, limit) : Dollars.max(at, limit)
      yield* theirs(market.ticker, Direction.opposite(side), within, count, "good_till_canceled")
    }
  })
  const hit = Effect.fnUntraced(function* (
    market: Live,
    side: Direction.Direction,
    limit: Dollars.Dollars,
    counts: ReadonlyArray<Contracts.Contracts>
  ) {
    for (const count of counts) {
      yield* pass
      yield* theirs(market.ticker, Direction.opposite(side), limit, count, "immediate_or_cancel")
    }
  })

  const trade = Effect.fnUntraced(function* (market: Live) {
    const subaccount = random.pick([0, 1, 2, 3])
    const side = random.pick(["bid", "ask"])
    const counts = Array.from({ length: between(1, 5) }, size)
    const extra = random.chance(0.2) ? size() : Contracts.zero
    const limit = price(market)
    const taken = random.pick([0, counts.length, Math.ceil(counts.length / 2)])
    if (taken > 0) yield* bring(market, side, limit, counts.slice(0, taken))
    const count = Contracts.add(Contracts.sum(counts), extra)
    const { orderId } = yield* place(account, { ticker: market.ticker, side, price: limit, count, subaccount })
    yield* hit(market, side, limit, counts.slice(taken))
    // what is left of it is not in the way of the next
    yield* pass
    yield* Effect.ignore(control.cancel(account, orderId))
    return counts.length
  })

  /** An order far off, which rests overnight, and may be hit by and by. */
  const far: Array<{ readonly market: Live; readonly side: Direction.Direction; readonly at: Dollars.Dollars }> = []
  const rest = Effect.fnUntraced(function* (market: Live) {
    const side = random.pick(["bid", "ask"])
    const at = Dollars.cents(side === "bid" ? between(2, 8) : between(92, 98))
    const subaccount = random.pick([0, 1, 2, 3])
    yield* place(account, { ticker: market.ticker, side, price: at, count: size(), subaccount })
    far.push({ market, side, at })
  })

  const open: Array<Live> = []
  const tickers: Array<string> = []
  const list = Effect.fnUntraced(function* (day: number) {
    const series = SERIES[tickers.length % SERIES.length] ?? SERIES[0]
    const event = `${series.name}-${Math.floor(tickers.length / (SERIES.length * 2))}`
    const ticker = `${event}-T${tickers.length}`
    const spec = yield* control.listMarket({
      ticker,
      event,
      series: series.name,
      grid: series.grid,
      fees: series.fees,
      closeTime: Timestamp.fromMillis(START + (days + 60) * DAY)
    })
    tickers.push(ticker)
    open.push({ ticker, grid: spec.grid, ends: random.chance(0.85) ? day + between(4, 25) : days + 1 })
  })
  const result = (): Model.Result =>
    random.chance(0.3)
      ? { _tag: "scalar", value: Dollars.micros(between(1, 9_999) * 100) }
      : { _tag: random.pick(["yes", "no"]) }

  const look = Effect.fnUntraced(function* () {
    const balances = yield* portfolio.getSubaccountBalances
    const resting = yield* Reading.resting
    const positions = yield* Reading.positions(subaccounts)
    const charges = new Map<string, Fees.Schedule>()
    for (const { ticker } of resting) {
      if (!charges.has(ticker)) charges.set(ticker, yield* markets.getFees(ticker))
    }
    const reserved = Ledger.reserves({ orders: resting, positions, schedule: (ticker) => charges.get(ticker) })
    return Ledger.snapshots(yield* Timestamp.now, balances, reserved)
  })

  const snapshots: Array<Ledger.Snapshot> = []
  let made = 0
  const perDay = Math.max(1, Math.ceil(fills / 150 / days))
  for (let day = 0; day < days; day++) {
    evening = START + (day + 1) * DAY
    now = Math.max(now, evening - DAY)
    yield* TestClock.setTime(now)
    for (let count = day === 0 ? Math.max(4, perDay * 4) : perDay; count > 0; count--) yield* list(day)
    for (const [index, market] of [...open.entries()].toReversed()) {
      if (market.ends > day) continue
      yield* pass
      yield* control.settle(market.ticker, result())
      open.splice(index, 1)
    }
    if (random.chance(0.3)) yield* control.deposit(account, Dollars.cents(between(1, 500_000)))
    if (random.chance(0.3)) yield* control.withdraw(account, Dollars.cents(between(1, 50_000)))
    if (random.chance(0.4)) {
      const from = random.pick([0, 1, 2, 3])
      yield* transfer(from, (from + between(1, 3)) % SUBACCOUNTS, Dollars.cents(between(1, 100_000)))
    }
    const target = Math.ceil((fills * (day + 1)) / days)
    while (made < target) {
      const market = open[between(0, open.length - 1)]
      if (market === undefined) break
      made += yield* trade(market)
      if (random.chance(0.03)) yield* rest(market)
      const one = far[between(0, far.length - 1)]
      if (one !== undefined && random.chance(0.05) && open.includes(one.market)) {
        yield* theirs(one.market.ticker, Direction.opposite(one.side), one.at, size(), "immediate_or_cancel")
      }
    }
    now = evening - 1
    yield* TestClock.setTime(now)
    snapshots.push(...(yield* look()))
  }
  const lived: Lived = {
    tickers,
    subaccounts,
    snapshots,
    archivable: Timestamp.fromMillis(START + Math.floor(days * 0.6) * DAY)
  }
  return lived
})
