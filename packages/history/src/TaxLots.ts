/**
 * Lots that were closed, one a row, as those who file taxes want them. This is
 * bookkeeping, no tax advice: which method you may use, in which zone a day ends,
 * and what kind of gain it is, others have to tell.
 *
 * - What a lot cost has its part of the fee of the fill that opened it, and its
 *   proceeds are less its part of the fee of the one that closed it. A fee is
 *   parted in proportion to the contracts, each part rounded down to the
 *   micro-dollar, and the last has the rest: nothing is lost.
 * - By either method the contracts that were bought first are closed first, which
 *   makes the dates; by `average` they cost what all held contracts of the
 *   market and subaccount cost on average.
 * - Money that moves between subaccounts moves no lots.
 *
 * @since 0.1.0
 */
import * as Stream from "effect/Stream"
import * as Schema from "effect/Schema"
import * as Csv from "effect/encoding/Csv"
import * as Contracts from "effect-kalshi/Contracts"
import * as Dollars from "effect-kalshi/Dollars"
import * as Timestamp from "effect-kalshi/Timestamp"
import type * as Ledger from "./Ledger.ts"
import * as Months from "./ledger/Months.ts"

/**
 * Schema of a closed lot, in dollars: `gain` is `proceeds − cost`, both with the
 * fees that are told apart in `fees`.
 *
 * @since 0.1.0
 * @category schemas
 */
export const TaxLot = Schema.Struct({
  acquired: Timestamp.Timestamp,
  disposed: Timestamp.Timestamp,
  market: Schema.String,
  side: Schema.Literals(["yes", "no"]),
  contracts: Contracts.Contracts,
  proceeds: Dollars.Dollars,
  cost: Dollars.Dollars,
  gain: Dollars.Dollars,
  fees: Dollars.Dollars,
  subaccount: Schema.FiniteFromString,
  method: Schema.Literals(["fifo", "average"]),
  closedBy: Schema.Literals(["trade", "settlement"])
})

/**
 * A closed lot.
 *
 * @since 0.1.0
 * @category models
 */
export type TaxLot = typeof TaxLot.Type

/**
 * Which lots are wanted: those that were closed from `from` on and before
 * `until`; all unless told.
 *
 * @since 0.1.0
 * @category models
 */
export interface Options {
  readonly method: Ledger.Method
  readonly from?: Timestamp.Timestamp | undefined
  readonly until?: Timestamp.Timestamp | undefined
}

const row = (lot: Ledger.ClosedLot, method: Ledger.Method): TaxLot => ({
  acquired: lot.acquired,
  disposed: lot.disposed,
  market: lot.ticker,
  side: lot.side,
  contracts: lot.contracts,
  proceeds: Dollars.subtract(lot.proceeds, lot.closingFee),
  cost: Dollars.add(lot.cost[method], lot.openingFee[method]),
  gain: Months.gain(lot, method),
  fees: Dollars.add(lot.closingFee, lot.openingFee[method]),
  subaccount: lot.subaccount,
  method,
  closedBy: lot.closedBy
})

/**
 * The closed lots of a ledger, by when they were closed.
 *
 * @since 0.1.0
 * @category conversions
 */
export const fromLedger = (ledger: Pick<Ledger.Ledger, "closed">, options: Options): ReadonlyArray<TaxLot> =>
  ledger.closed
    .filter(
      ({ disposed }) =>
        (options.from === undefined || disposed >= options.from) &&
        (options.until === undefined || disposed < options.until)
    )
    .map((lot) => row(lot, options.method))

/**
 * Writes lots as CSV (RFC 4180) with a line of names, a piece of text a row.
 *
 * @since 0.1.0
 * @category conversions
 */
export const csv = (lots: Iterable<TaxLot>): Stream.Stream<string, Schema.SchemaError> =>
  Stream.fromIterable(lots).pipe(Stream.pipeThroughChannel(Csv.encodeSchemaString(TaxLot)({ headers: true })))
