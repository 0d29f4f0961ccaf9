/**
 * The operations of the portfolio on any wire: their names, and what they can
 * fail with. What they answer is the wire's.
 */
import type * as Schema from "effect/Schema"
import type * as KalshiError from "../KalshiError.ts"
import * as operation from "../service/operation.ts"

type Tag = KalshiError.OrderReason["_tag"]

/** An operation as a wire makes it of its answer. */
const of =
  <const Reason extends Tag = never>(name: string, ...reasons: ReadonlyArray<Reason>) =>
  <A, I>(success: Schema.Codec<A, I>): operation.Operation<A, Reason> =>
    operation.make({ name, success, reasons })

const createReasons = [
  "InsufficientBalance",
  "DuplicateClientOrderId",
  "MarketNotFound",
  "MarketClosed",
  "TradingPaused",
  "InvalidPrice",
  "InvalidOrder",
  "PostOnlyCross",
  "FillOrKillUnfilled",
  "AnotherOrder",
  "ReadBackFailed",
  "ClientOrderIdReused",
  "OutcomeUnknown",
  "DryRun"
] as const

export const getBalance = of("getBalance")
export const getDeposits = of("getDeposits")
export const getFills = of("getFills")
export const getOrder = of("getOrder", "OrderNotFound")
export const getOrders = of("getOrders")
export const getPortfolioRestingOrderTotalValue = of("getPortfolioRestingOrderTotalValue")
export const getPortfolioSettlements = of("getPortfolioSettlements")
export const getPositions = of("getPositions")
export const getSubaccountBalances = of("getSubaccountBalances")
export const getSubaccountTransfers = of("getSubaccountTransfers")
export const getWithdrawals = of("getWithdrawals")

export const createOrder = of("createOrder", ...createReasons)
export const batchCreateOrders = of("batchCreateOrders", ...createReasons, "Unanswered")
export const cancelOrder = of(
  "cancelOrder",
  "OrderNotFound",
  "MarketClosed",
  "AnotherOrder",
  "OutcomeUnknown",
  "DryRun"
)
export const batchCancelOrders = of(
  "batchCancelOrders",
  "OrderNotFound",
  "MarketClosed",
  "Unanswered",
  "OutcomeUnknown",
  "DryRun"
)
export const cancelAllOrders = of("cancelAllOrders", "DryRun")
export const createSubaccount = of("createSubaccount", "DryRun")
export const transferBetweenSubaccounts = of(
  "transferBetweenSubaccounts",
  "InsufficientBalance",
  "OutcomeUnknown",
  "DryRun"
)
export const decreaseOrder = of(
  "decreaseOrder",
  "OrderNotFound",
  "MarketClosed",
  "TradingPaused",
  "InvalidOrder",
  "AnotherOrder",
  "OrderEnded",
  "OutcomeUnknown",
  "DryRun"
)
export const amendOrder = of(
  "amendOrder",
  "OrderNotFound",
  "InsufficientBalance",
  "DuplicateClientOrderId",
  "MarketNotFound",
  "MarketClosed",
  "TradingPaused",
  "InvalidPrice",
  "InvalidOrder",
  "PostOnlyCross",
  "AnotherOrder",
  "OrderEnded",
  "OutcomeUnknown",
  "DryRun"
)
