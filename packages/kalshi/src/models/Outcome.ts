/**
 * What became of a write whose caller did not wait for it.
 *
 * @since 0.1.0
 */
import type * as Result from "effect/Result"
import type * as KalshiError from "../KalshiError.ts"
import type { CancelledOrder, ChangedOrder } from "./OrderChange.ts"
import type { OrderResult } from "./OrderResult.ts"
import type { TransferResult } from "./SubaccountTransfer.ts"

/**
 * Which write it was: `writeId` is its name in this process, and that of its
 * entry in the journal where it has one.
 *
 * @since 0.1.0
 * @category models
 */
export interface Identity {
  readonly writeId: string
  readonly clientOrderIds: ReadonlyArray<string>
  readonly orderIds: ReadonlyArray<string>
}

interface Of<Operation extends string, A> extends Identity {
  readonly operation: Operation
  readonly result: Result.Result<A, KalshiError.KalshiError>
}

/**
 * What became of one order of a batch.
 *
 * @since 0.1.0
 * @category models
 */
export interface CreatedItem {
  readonly clientOrderId: string
  readonly result: Result.Result<OrderResult, KalshiError.KalshiError>
}

/**
 * What became of one cancel of a batch.
 *
 * @since 0.1.0
 * @category models
 */
export interface CancelledItem {
  readonly orderId: string
  readonly result: Result.Result<CancelledOrder, KalshiError.KalshiError>
}

/**
 * What became of a write.
 *
 * @since 0.1.0
 * @category models
 */
export type Outcome =
  | Of<"createOrder", OrderResult>
  | Of<"batchCreateOrders", ReadonlyArray<CreatedItem>>
  | Of<"amendOrder", ChangedOrder>
  | Of<"decreaseOrder", ChangedOrder>
  | Of<"cancelOrder", CancelledOrder>
  | Of<"batchCancelOrders", ReadonlyArray<CancelledItem>>
  | Of<"cancelAllOrders", void>
  | Of<"createSubaccount", number>
  | Of<"transferBetweenSubaccounts", TransferResult>
