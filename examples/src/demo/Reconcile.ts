/**
 * What was written, read back from disk, against what the sandbox knows: every
 * row of every file, and the money to the last micro-dollar.
 *
 * On an exchange that does not tell its truth the files are compared with each
 * other instead: CSV against NDJSON, in step, and every key once.
 */
import type { Control, Model } from "@effect-kalshi/sandbox"
import { Effect, Path } from "effect"
import { Contracts, Dollars } from "effect-kalshi"
import * as Compare from "./Compare.ts"
import * as Expected from "./Expected.ts"
import * as Files from "./Files.ts"
import * as Ledger from "./Ledger.ts"
import * as Lists from "./Lists.ts"

/** An amount that was found in two ways. */
export interface Check {
  readonly what: string
  readonly files: Dollars.Dollars
  readonly knows: Dollars.Dollars
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
  readonly checks: ReadonlyArray<Check>
  readonly statement?: Statement | undefined
}

/** Whether everything agrees. */
export const isClean = (outcome: Outcome): boolean =>
  outcome.comparisons.every(({ wrong }) => wrong === 0) && outcome.checks.every(({ files, knows }) => files === knows)

const DOLLAR = Dollars.one

/**
 * The money of the files against the money of the sandbox. What a member paid
 * in is no part of a portfolio's lists: the sandbox tells it.
 */
export const money = (options: {
  readonly fills: Ledger.Fills
  readonly orders: Ledger.Orders
  readonly settlements: Ledger.Settlements
  readonly truth: Control.Truth
  readonly audit: Model.Audit
}): Pick<Outcome, "checks" | "statement"> => {
  const { audit, fills, orders, settlements, truth } = options
  const known = new Ledger.Fills()
  for (const fill of Expected.rows({ ...truth, orders: [], settlements: [], positions: [] }).fills) known.add(fill)
  const exact = Dollars.sum(truth.settlements.map(({ revenue }) => revenue))
  const belowCents = Dollars.subtract(exact, settlements.revenue)
  const cash = Dollars.add(truth.balance.available, truth.balance.reserved)
  const moved = Dollars.sum([fills.cash, settlements.revenue, belowCents])
  const { paidIn } = truth.balance
  const holdings = (net: (view: Model.PositionView) => Contracts.Contracts): Dollars.Dollars =>
    Dollars.sum(truth.positions.map((view) => Dollars.times(DOLLAR, Contracts.abs(net(view)))))
  return {
    statement: {
      paidIn,
      bought: fills.paid,
      fees: fills.fees,
      pairs: fills.closed,
      revenue: settlements.revenue,
      belowCents,
      cash: Dollars.add(paidIn, moved)
    },
    checks: [
      { what: "Price × count of all fills", files: fills.paid, knows: known.paid },
      { what: "The same, added up by orders", files: orders.paid, knows: known.paid },
      { what: "Fees of all fills", files: fills.fees, knows: known.fees },
      { what: "The same, added up by orders", files: orders.fees, knows: known.fees },
      {
        what: "Contracts still held, at $1",
        files: holdings((view) => fills.net(view.ticker)),
        knows: holdings((view) => view.position)
      },
      {
        what: "Revenue, in the wire's whole cents",
        files: settlements.revenue,
        knows: Dollars.sum(
          Expected.rows({ ...truth, fills: [], orders: [], positions: [] }).settlements.map(({ revenue }) => revenue)
        )
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

/** Compares the files in a directory with the truth. */
export const withTruth = Effect.fn("Reconcile.withTruth")(function* (options: {
  readonly directory: string
  readonly truth: Control.Truth
  readonly audit: Model.Audit
}) {
  const path = yield* Path.Path
  const known = Expected.rows(options.truth)
  const fills = new Ledger.Fills()
  const orders = new Ledger.Orders()
  const settlements = new Ledger.Settlements()

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
    ...(yield* compare(Lists.orders, known.orders, (order) => orders.add(order))),
    ...(yield* compare(Lists.settlements, known.settlements, (settlement) => settlements.add(settlement))),
    ...(yield* compare(Lists.marketPositions, known.marketPositions)),
    ...(yield* compare(Lists.eventPositions, known.eventPositions))
  ]
  const outcome: Outcome = {
    comparisons,
    ...money({ fills, orders, settlements, truth: options.truth, audit: options.audit })
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
    checks: []
  }
  return outcome
})
