/**
 * How a wire takes new orders: what `place` needs of it.
 */
import type * as Effect from "effect/Effect"
import type * as Result from "effect/Result"
import type * as KalshiError from "../KalshiError.ts"
import type * as OrderRequest from "../models/OrderRequest.ts"
import type * as OrderResult from "../models/OrderResult.ts"
import type * as check from "../service/check.ts"
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

/** The entry of new orders on a wire. */
export interface Entry {
  readonly createOrder: Pick<ReturnType<typeof operations.createOrder>, "fail" | "invalid" | "named" | "notApplied">
  readonly batchCreateOrders: Pick<
    ReturnType<typeof operations.batchCreateOrders>,
    "fail" | "invalid" | "named" | "notApplied"
  >
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
