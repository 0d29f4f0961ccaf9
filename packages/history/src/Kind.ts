/**
 * The kinds of records that a history is made of, each with what is true of it
 * alone: its schema, what tells one record from another, the time that it
 * belongs to, and its columns in a table.
 *
 * @since 0.1.0
 */
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import type * as Contracts from "effect-kalshi/Contracts"
import type * as Dollars from "effect-kalshi/Dollars"
import type * as Fill from "effect-kalshi/models/Fill"
import type * as Funding from "effect-kalshi/models/Funding"
import type * as Market from "effect-kalshi/models/Market"
import type * as Order from "effect-kalshi/models/Order"
import type * as SubaccountTransfer from "effect-kalshi/models/SubaccountTransfer"
import type * as Trade from "effect-kalshi/models/Trade"
import type * as Timestamp from "effect-kalshi/Timestamp"
import { fills } from "./kinds/fills.ts"
import { deposits, withdrawals } from "./kinds/fundings.ts"
import { markets } from "./kinds/markets.ts"
import { orders } from "./kinds/orders.ts"
import { type Position, positions } from "./kinds/positions.ts"
import { type Settlement, settlements } from "./kinds/settlements.ts"
import { trades } from "./kinds/trades.ts"
import { transfers } from "./kinds/transfers.ts"

export { deposits, withdrawals } from "./kinds/fundings.ts"
export { fills } from "./kinds/fills.ts"
export { markets } from "./kinds/markets.ts"
export { orders } from "./kinds/orders.ts"
export { positions, type Position } from "./kinds/positions.ts"
export { settlements, type Settlement } from "./kinds/settlements.ts"
export { trades } from "./kinds/trades.ts"
export { transfers } from "./kinds/transfers.ts"

/**
 * What a column holds: `money` is `Dollars` (6 decimals), `count` is
 * `Contracts` (2 decimals), `time` a `Timestamp` (microseconds, UTC).
 *
 * @since 0.1.0
 * @category models
 */
export type ColumnType = "text" | "money" | "count" | "time" | "integer" | "boolean"

/**
 * The value of a column of a type.
 *
 * @since 0.1.0
 * @category models
 */
export interface ColumnValue {
  readonly text: string
  readonly money: Dollars.Dollars
  readonly count: Contracts.Contracts
  readonly time: Timestamp.Timestamp
  readonly integer: number
  readonly boolean: boolean
}

/**
 * What a record is put together in, a column at a time.
 *
 * @since 0.1.0
 * @category models
 */
export type Draft = { [field: string]: unknown }

/**
 * A column of a table of records; its name is in snake case, and it is empty
 * (`undefined`) only where it is `optional`. `set` is the way back of `get`:
 * it puts a value of the column where `get` finds it; the columns of a record
 * are set in their order.
 *
 * @since 0.1.0
 * @category models
 */
export type Column<A> = {
  readonly [T in ColumnType]: {
    readonly name: string
    readonly type: T
    readonly optional: boolean
    readonly get: (record: A) => ColumnValue[T] | undefined
    readonly set: (into: Draft, value: ColumnValue[ColumnType]) => void
  }
}[ColumnType]

/**
 * The values of a record in the order of the columns of its kind.
 *
 * @since 0.1.0
 * @category models
 */
export type Row = ReadonlyArray<ColumnValue[ColumnType] | undefined>

/**
 * The names of the kinds.
 *
 * @since 0.1.0
 * @category models
 */
export type Name =
  | "fills"
  | "orders"
  | "trades"
  | "settlements"
  | "positions"
  | "deposits"
  | "withdrawals"
  | "transfers"
  | "markets"

/**
 * A kind of records.
 *
 * @since 0.1.0
 * @category models
 */
export interface Kind<A, I = unknown> {
  readonly name: Name
  /** Writes and reads one record, exactly; its encoded side is JSON. */
  readonly schema: Schema.Codec<A, I>
  /** What no two records share. */
  readonly key: (record: A) => string
  /** The columns of the key, by name. */
  readonly keyColumns: ReadonlyArray<string>
  /** The time by which a record lies in a range; absent where the exchange told none. */
  readonly time: (record: A) => Timestamp.Timestamp | undefined
  /** Whether a record, as it is, never changes any more. */
  readonly isFinal: (record: A) => boolean
  /** How the record looks in a table. */
  readonly columns: ReadonlyArray<Column<A>>
}

/**
 * What the records of each kind are.
 *
 * @since 0.1.0
 * @category models
 */
export interface Records {
  readonly fills: Fill.Fill
  readonly orders: Order.Order
  readonly trades: Trade.Trade
  readonly settlements: Settlement
  readonly positions: Position
  readonly deposits: Funding.Deposit
  readonly withdrawals: Funding.Withdrawal
  readonly transfers: SubaccountTransfer.SubaccountTransfer
  readonly markets: Market.Market
}

/**
 * All kinds, by name.
 *
 * @since 0.1.0
 * @category kinds
 */
export const all: { readonly [N in Name]: Kind<Records[N]> } = {
  fills,
  orders,
  trades,
  settlements,
  positions,
  deposits,
  withdrawals,
  transfers,
  markets
}

/**
 * The record as a row.
 *
 * @since 0.1.0
 * @category conversions
 */
export const toRow = <A>(kind: Kind<A>, record: A): Row => kind.columns.map((column) => column.get(record))

/**
 * Makes records of rows, exactly; fails in a few words where a row is none of
 * this kind.
 *
 * @since 0.1.0
 * @category conversions
 */
export const fromRow = <A>({ columns, schema }: Kind<A>): ((row: Row) => Result.Result<A, string>) => {
  const decode = Schema.decodeUnknownResult(Schema.toType(schema))
  return (row) => {
    const draft: Draft = {}
    for (let index = 0; index < columns.length; index++) {
      const column = columns[index]!
      const value = row[index]
      if (value !== undefined) column.set(draft, value)
      else if (!column.optional) return Result.fail(`its ${column.name} is empty`)
    }
    return Result.mapError(decode(draft), ({ message }) => message.replace(/\s*\n\s*/g, " "))
  }
}
