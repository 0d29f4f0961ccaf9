/**
 * What became of a write that a program left open when it ended.
 *
 * @since 0.1.0
 */
import type { Entry } from "../journal/Entry.ts"
import type * as KalshiError from "../KalshiError.ts"
import type { Timestamp } from "../Timestamp.ts"
import type { CancelledOrder, ChangedOrder } from "./OrderChange.ts"
import type { OrderResult } from "./OrderResult.ts"

/**
 * One order of an entry, or the one change that it is.
 *
 * @since 0.1.0
 * @category models
 */
export interface RecoveredItem {
  readonly clientOrderId?: string | undefined
  readonly orderId?: string | undefined
  readonly outcome: KalshiError.Outcome
  /** The order that was placed, as it is now. */
  readonly placed?: OrderResult | undefined
  /** The order that was changed, as it is now. */
  readonly changed?: ChangedOrder | undefined
  /** Set where what still rested of it was cancelled. */
  readonly cancelled?: CancelledOrder | undefined
  /** Why nothing was applied, or why nobody knows. */
  readonly error?: KalshiError.KalshiError | undefined
}

/**
 * An entry of the journal and what became of it.
 *
 * - `settled`: each of its items has an end, and the entry is closed.
 * - `open`: something is not known yet; recover again.
 * - `leased`: its writer says that it is alive until `leaseUntil`, and looks
 *   after it itself.
 * - `foreign`: not an order, so that a human has to look: a transfer has no
 *   id to look it up by. It stays in the journal.
 *
 * @since 0.1.0
 * @category models
 */
export interface Recovered {
  readonly entry: Entry
  readonly state: "settled" | "open" | "leased" | "foreign"
  readonly leaseUntil: Timestamp
  readonly items: ReadonlyArray<RecoveredItem>
}
