/**
 * Where an order is, and what became of it after a change.
 *
 * @since 0.1.0
 */
import type * as Contracts from "../Contracts.ts"
import type * as Timestamp from "../Timestamp.ts"

/**
 * Where an order is, for whoever knows: the market and the subaccount (0 when
 * neither given nor remembered).
 *
 * @since 0.1.0
 * @category models
 */
export interface OrderPlace {
  readonly ticker?: string | undefined
  readonly subaccount?: number | undefined
  readonly exchangeIndex?: number | undefined
}

/**
 * An order and where it is, from its id alone or with its place.
 *
 * @since 0.1.0
 * @category conversions
 */
export const placed = (
  order: string | (OrderPlace & { readonly orderId: string })
): OrderPlace & { readonly orderId: string } => (typeof order === "string" ? { orderId: order } : order)

/**
 * An order that rests no more after a cancel.
 *
 * - `Cancelled`: this cancel took `reducedBy` off the book.
 * - `AlreadyCancelled`: it had been cancelled before, of `reducedBy`.
 * - `AlreadyFilled`: all of it had been filled before; `reducedBy` is 0.
 *
 * `filled` is what of it was filled, absent where the answer does not say and
 * the order did not have to be read.
 *
 * @since 0.1.0
 * @category models
 */
export interface CancelledOrder {
  readonly _tag: "Cancelled" | "AlreadyCancelled" | "AlreadyFilled"
  readonly orderId: string
  readonly clientOrderId?: string | undefined
  readonly reducedBy: Contracts.Contracts
  readonly filled?: Contracts.Contracts | undefined
  readonly at?: Timestamp.Timestamp | undefined
}

/**
 * An order after a change: what of it rests now and when it changed, each
 * absent where the exchange does not say.
 *
 * @since 0.1.0
 * @category models
 */
export interface ChangedOrder {
  readonly orderId: string
  readonly clientOrderId?: string | undefined
  readonly remaining?: Contracts.Contracts | undefined
  /** What of it was filled; absent where the answer does not say and the order did not have to be read. */
  readonly filled?: Contracts.Contracts | undefined
  readonly at?: Timestamp.Timestamp | undefined
}
