/**
 * How a wire takes new orders: what `place` needs of it.
 */
import type * as Effect from "effect/Effect"
import type * as Result from "effect/Result"
import type * as KalshiError from "../KalshiError.ts"
import type * as OrderRequest from "../models/OrderRequest.ts"
import type * as OrderResult from "../models/OrderResult.ts"
import type * as check from "../service/check.ts"
import * as Timestamp from "../Timestamp.ts"
import type * as operations from "./operations.ts"

/** Why a new order failed. */
export type CreateFailure = ReturnType<ReturnType<typeof operations.createOrder>["fail"]>

/** Why a batch, or an item of it, failed. */
export type BatchFailure = ReturnType<ReturnType<typeof operations.batchCreateOrders>["fail"]>

/** An order and the id that it is sent under. */
export interface Item {
  readonly order: OrderRequest.OrderRequest
  readonly clientOrderId: string
}

/** Whether an order that ends then has ended: with a whole second, as the wire says it. */
export const isPast = (expiresAt: Timestamp.Timestamp, now: Timestamp.Timestamp): boolean =>
  Timestamp.toSeconds(expiresAt) <= Timestamp.toSeconds(now)

/** When the first of some orders ends: they are not sent together from then on. */
export const firstEnd = (items: ReadonlyArray<Item>): Timestamp.Timestamp | undefined => {
  const ends = items.flatMap(({ order }) => (order.expiresAt === undefined ? [] : [order.expiresAt]))
  return ends.toSorted((a, b) => a - b)[0]
}

/** The entry of new orders on a wire. */
export interface Entry {
  readonly createOrder: Pick<ReturnType<typeof operations.createOrder>, "fail" | "invalid" | "named">
  readonly batchCreateOrders: Pick<ReturnType<typeof operations.batchCreateOrders>, "fail" | "invalid" | "named">
  /** Whether the size of an order that has ended may lack what was cancelled of it. */
  readonly mayLack: boolean
  /** Refuses what this wire has no words for, or other ones. */
  readonly check: <E>(
    op: check.Refuses<E> & { readonly fail: (reason: KalshiError.NotOnThisWire) => E },
    order: OrderRequest.OrderRequest,
    prefix?: string
  ) => Effect.Effect<void, E>
  /** Sends an order and reads its answer. */
  readonly create: (item: Item) => Effect.Effect<OrderResult.OrderResult, CreateFailure>
  /** Sends a batch and reads the answer of each item, in the order given. */
  readonly batchCreate: (
    items: ReadonlyArray<Item>
  ) => Effect.Effect<ReadonlyArray<Result.Result<OrderResult.OrderResult, BatchFailure>>, BatchFailure>
}
