/**
 * The records of an account, and what is not among them.
 */
import type * as Market from "effect-kalshi/models/Market"
import type * as Timestamp from "effect-kalshi/Timestamp"
import type * as Effect from "effect/Effect"
import type * as Kind from "../Kind.ts"
import type { Adjustment, Snapshot } from "../ledger/Model.ts"

/**
 * The kinds of records that an account has.
 *
 * @since 0.1.0
 * @category models
 */
export type Name = Exclude<Kind.Name, "trades">

/**
 * What the records lack.
 *
 * - `Narrowed`: records of these kinds are some alone, `to` says which.
 * - `NotAmong`: there are none of this kind to compare the fills with.
 * - `Moved`: the account traded while it was read, so that its positions, its
 *   newest orders and its balance are not those of the rest, and left out.
 * - `NoMarkets`: nobody was asked what settled markets paid exactly; the
 *   settlements tell it to the cent.
 *
 * @since 0.1.0
 * @category models
 */
export type Gap =
  | { readonly _tag: "Narrowed"; readonly kinds: ReadonlyArray<Name>; readonly to: string }
  | { readonly _tag: "NotAmong"; readonly kind: Name }
  | { readonly _tag: "Moved" }
  | { readonly _tag: "NoMarkets" }

/**
 * All records of an account until an instant, as a ledger takes them.
 *
 * `asOf` is the instant until which they are complete. `account` is the name
 * that an export gave it. Where the account traded while it was read, what does
 * not fit together is left out, and `gaps` says so.
 *
 * @since 0.1.0
 * @category models
 */
export interface AccountRecords {
  readonly asOf: Timestamp.Timestamp
  readonly account?: string | undefined
  readonly fills: ReadonlyArray<Kind.Records["fills"]>
  readonly settlements: ReadonlyArray<Kind.Records["settlements"]>
  readonly deposits: ReadonlyArray<Kind.Records["deposits"]>
  readonly withdrawals: ReadonlyArray<Kind.Records["withdrawals"]>
  readonly transfers: ReadonlyArray<Kind.Records["transfers"]>
  readonly orders?: ReadonlyArray<Kind.Records["orders"]> | undefined
  readonly positions?: ReadonlyArray<Kind.Records["positions"]> | undefined
  readonly markets: ReadonlyArray<Market.Market>
  readonly snapshots: ReadonlyArray<Snapshot>
  /** Rows of your own; none are read. */
  readonly adjustments?: ReadonlyArray<Adjustment> | undefined
  readonly gaps: ReadonlyArray<Gap>
}

/**
 * How far reading is: so many of a kind so far.
 *
 * @since 0.1.0
 * @category models
 */
export interface Progress {
  readonly what: Name | "markets"
  readonly count: number
}

/**
 * What is heard while records are read.
 *
 * @since 0.1.0
 * @category models
 */
export interface Options {
  readonly onProgress?: ((progress: Progress) => Effect.Effect<void>) | undefined
}

/** When an order or a position changed last. */
export const changedAt = (record: {
  readonly createdAt?: Timestamp.Timestamp | undefined
  readonly updatedAt?: Timestamp.Timestamp | undefined
}): Timestamp.Timestamp | undefined => record.updatedAt ?? record.createdAt
