/**
 * What was written, read back from disk, against what the sandbox knows: every
 * row of every file, and the money to the last micro-dollar; and against what
 * the fills say, which takes nobody's word for it.
 *
 * On an exchange that does not tell its truth the files are compared with each
 * other instead: CSV against NDJSON, in step, and every key once.
 */
import type { Control, Model } from "@effect-kalshi/sandbox"
import { Effect, Path, Stream } from "effect"
import { Contracts, Dollars, type Order, type Position, type Settlement } from "effect-kalshi"
import * as Compare from "./Compare.ts"
import * as Expected from "./Expected.ts"
import * as Files from "./Files.ts"
import * as Ledger from "./Ledger.ts"
import * as Lists from "./Lists.ts"
import type { Wire } from "./Target.ts"

/** An amount that was found in two ways. */
export interface Check {
  readonly what: string
  readonly files: Dollars.Dollars
  readonly knows: Dollars.Dollars
}

/** Something that follows from the fills, in another file. */
export interface Derived extends Compare.Comparison {
  readonly what: string
}

/** The cash of the account, from its first dollar. */
export interface Statement {
  readonly paidIn: Dollars.Dollars
  readonly bought: Dollars.Dollars
  readonly fees: Dollars.Dollars
  readonly pairs: Dollars.Dollars
  readonly revenue: Dollars.Dollars
  /** What the whole cents of the wire leave out of `revenue`. */
  readonly belowCents: Dollars.Dollars
  readonly cash: Dollars.Dollars
}

/** Everything that was compared. */
export interface Outcome {
  readonly comparisons: ReadonlyArray<Compare.Comparison>
  /** What follows from the fills against what the other files say. */
  readonly derived: ReadonlyArray<Derived>
  readonly checks: ReadonlyArray<Check>
  readonly statement?: Statement | undefined
}

/** Whether everything agrees. */
export const isClean = (outcome: Outcome): boolean =>
  outcome.comparisons.every(({ wrong }) => wrong === 0) &&
  outcome.derived.every(({ wrong }) => wrong === 0) &&
  outcome.checks.every(({ files, knows }) => files === knows)

const DOLLAR = Dollars.one

/**
 * The money of the files against the money of the sandbox. What a member paid
 * in is no part of a portfolio's lists: the sandbox tells it.
 */
export const money = (options: {
  readonly wire?: Wire | undefined
  readonly fills: Ledger.Fills
  readonly orders: Ledger.Orders
  readonly settlements: Ledger.Settlements
  readonly truth: Control.Truth
  readonly audit: Model.Audit
}): Pick<Outcome, "checks" | "statement"> => {
  const { audit, fills, orders, settlements, truth } = options
  // the fills of 2.0.0 do not tell their fees: there the orders do
  const ofFills = options.wire !== "2.0.0"
  const fees = ofFills ? fills.fees : orders.fees
  const known = new Ledger.Fills()
  for (const fill of Expected.rows({ ...truth, orders: [], settlements: [], positions: [] }).fills) known.add(fill)
  const exact = Dollars.sum(truth.settlements.map(({ revenue }) => revenue))
  const inCents = Dollars.sum(
    Expected.rows({ ...truth, fills: [], orders: [], positions: [] }).settlements.map(({ revenue }) => revenue)
  )
  // of the truth alone: a settlement that is wrong in the file has to show in the cash
  const belowCents = Dollars.subtract(exact, inCents)
  const cash = Dollars.add(truth.balance.available, truth.balance.reserved)
  const moved = Dollars.sum([fills.cash, Dollars.negate(fees), settlements.revenue, belowCents])
  const { paidIn } = truth.balance
  const holdings = (net: (view: Model.PositionView) => Contracts.Contracts): Dollars.Dollars =>
    Dollars.sum(truth.positions.map((view) => Dollars.times(DOLLAR, Contracts.abs(net(view)))))
  return {
    statement: {
      paidIn,
      bought: fills.paid,
      fees,
      pairs: fills.closed,
      revenue: settlements.revenue,
      belowCents,
      cash: Dollars.add(paidIn, moved)
    },
    checks: [
      { what: "Price × count of all fills", files: fills.paid, knows: known.paid },
      { what: "The same, added up by orders", files: orders.paid, knows: known.paid },
      ...(ofFills ? [{ what: "Fees of all fills", files: fills.fees, knows: known.fees }] : []),
      {
        what: ofFills ? "The same, added up by orders" : "Fees, added up by orders",
        files: orders.fees,
        knows: known.fees
      },
      {
        what: "Contracts still held, at $1",
        files: holdings((view) => fills.net(view.ticker)),
        knows: holdings((view) => view.position)
      },
      {
        what: "Revenue, in the wire's whole cents",
        files: settlements.revenue,
        knows: inCents
      },
      { what: "Cash at the end", files: Dollars.add(paidIn, moved), knows: cash },
      {
        what: "The whole exchange: paid in = held",
        files: Dollars.subtract(audit.deposits, audit.withdrawals),
        knows: Dollars.sum([audit.cash, audit.reserves, audit.pairs, audit.kept])
      }
    ]
  }
}

// the part of a row that follows from fills, and what tells it apart
interface Holding {
  readonly ticker: string
  readonly position: Contracts.Contracts
}
interface Settled extends Ledger.Market {
  readonly ticker: string
}
interface Executed {
  readonly orderId: string
  readonly filled: Contracts.Contracts
}

/** What the other files say of the fills; of each row only that is kept. */
class Claims {
  readonly holdings: Array<Holding> = []
  readonly settled: Array<Settled> = []
  readonly executed: Array<Executed> = []

  position({ position, ticker }: Position.MarketPosition): void {
    if (position !== 0) this.holdings.push({ ticker, position })
  }

  settlement({ fee, noCost, noCount, ticker, yesCost, yesCount }: Settlement.Settlement): void {
    this.settled.push({ ticker, yesCount, yesCost, noCount, noCost, fee: fee ?? Dollars.zero })
  }

  order({ filled, orderId }: Order.Order): void {
    // one that never traded has no fills to follow from
    if (filled !== 0) this.executed.push({ orderId, filled })
  }
}

/**
 * Compares what the other files say with what follows from the fills: what is
 * held where nothing has settled, what a market that settled came to, and how
 * much of each order was filled.
 */
const derive = Effect.fn("Reconcile.derive")(function* (fills: Ledger.Fills, claims: Claims, wire: Wire | undefined) {
  const ended = new Set(claims.settled.map(({ ticker }) => ticker))
  const open = Array.from(fills.markets.keys(), (ticker): Holding => ({ ticker, position: fills.net(ticker) }))
  const compare = Effect.fnUntraced(function* <A>(options: {
    readonly what: string
    readonly file: string
    readonly key: (row: A) => string
    readonly says: ReadonlyArray<A>
    readonly follows: ReadonlyArray<A>
  }) {
    const { file, follows, key, says, what } = options
    const rows = Stream.fromIterable(says)
    const comparison = yield* Compare.run({ file, against: "the fills", list: { key }, rows, known: follows })
    const derived: Derived = { what, ...comparison }
    return derived
  })
  return [
    yield* compare<Holding>({
      what: "What is held, yes less no",
      file: Files.nameOf(Lists.marketPositions, "ndjson"),
      key: ({ ticker }) => ticker,
      says: claims.holdings,
      follows: open.filter(({ position, ticker }) => position !== 0 && !ended.has(ticker))
    }),
    yield* compare<Settled>({
      what: wire === "2.0.0" ? "Counts and costs of what settled" : "Counts, costs and fees of what settled",
      file: Files.nameOf(Lists.settlements, "ndjson"),
      key: ({ ticker }) => ticker,
      says: claims.settled,
      follows: Array.from(fills.markets, ([ticker, market]): Settled => ({ ticker, ...market })).filter(({ ticker }) =>
        ended.has(ticker)
      )
    }),
    yield* compare<Executed>({
      what: "Filled of each order that traded",
      file: Files.nameOf(Lists.orders, "ndjson"),
      key: ({ orderId }) => orderId,
      says: claims.executed,
      follows: Array.from(fills.orders, ([orderId, filled]): Executed => ({ orderId, filled }))
    })
  ]
})

/** Compares the files in a directory with the truth. */
export const withTruth = Effect.fn("Reconcile.withTruth")(function* (options: {
  readonly directory: string
  readonly wire?: Wire | undefined
  readonly truth: Control.Truth
  readonly audit: Model.Audit
}) {
  const path = yield* Path.Path
  const known = Expected.rows(options.truth, options.wire)
  const fills = new Ledger.Fills()
  const orders = new Ledger.Orders()
  const settlements = new Ledger.Settlements()
  const claims = new Claims()

  const compare = <A>(list: Lists.List<A>, rows: ReadonlyArray<A>, see?: (row: A) => void) =>
    Effect.forEach(Files.formats, (format) => {
      const file = Files.nameOf(list, format)
      return Compare.run({
        file,
        list,
        known: rows,
        rows: Files.read(list, format, path.join(options.directory, file)),
        // the sums are those of the NDJSON file; the CSV file has to have the same rows
        see: format === "ndjson" ? see : undefined
      })
    })

  const comparisons = [
    ...(yield* compare(Lists.fills, known.fills, (fill) => fills.add(fill))),
    ...(yield* compare(Lists.orders, known.orders, (order) => {
      orders.add(order)
      claims.order(order)
    })),
    ...(yield* compare(Lists.settlements, known.settlements, (settlement) => {
      settlements.add(settlement)
      claims.settlement(settlement)
    })),
    ...(yield* compare(Lists.marketPositions, known.marketPositions, (position) => claims.position(position))),
    ...(yield* compare(Lists.eventPositions, known.eventPositions))
  ]
  const outcome: Outcome = {
    comparisons,
    derived: yield* derive(fills, claims, options.wire),
    ...money({ wire: options.wire, fills, orders, settlements, truth: options.truth, audit: options.audit })
  }
  return outcome
})

/** Compares the two files of each list with each other. */
export const withEachOther = Effect.fn("Reconcile.withEachOther")(function* (directory: string) {
  const path = yield* Path.Path

  const compare = <A>(list: Lists.List<A>) => {
    const [ndjson, csv] = [Files.nameOf(list, "ndjson"), Files.nameOf(list, "csv")]
    return Compare.inStep({
      file: csv,
      against: ndjson,
      list,
      rows: Files.read(list, "csv", path.join(directory, csv)),
      others: Files.read(list, "ndjson", path.join(directory, ndjson))
    })
  }
  const outcome: Outcome = {
    comparisons: yield* Effect.all([
      compare(Lists.fills),
      compare(Lists.orders),
      compare(Lists.settlements),
      compare(Lists.marketPositions),
      compare(Lists.eventPositions)
    ]),
    derived: [],
    checks: []
  }
  return outcome
})
