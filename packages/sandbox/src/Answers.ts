/**
 * The bodies that the exchange answers errors with on today's wire: it has
 * several shapes.
 *
 * @since 0.1.0
 */
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import type * as Model from "./Model.ts"
import type * as Signature from "./Signature.ts"

/**
 * The answer to an HTTP request.
 *
 * @since 0.1.0
 * @category models
 */
export type Answer = HttpServerResponse.HttpServerResponse

/**
 * Why one item of a batch failed.
 *
 * @since 0.1.0
 * @category models
 */
export interface ItemError {
  readonly code: string
  readonly message: string
  readonly details: string
}

/**
 * A refusal as status and code.
 *
 * @since 0.1.0
 * @category models
 */
export interface Coded extends ItemError {
  readonly status: number
}

/**
 * The usual shape: everything below `error`.
 *
 * @since 0.1.0
 * @category constructors
 */
export const nested = (status: number, code: string, message: string, details?: string): Answer =>
  HttpServerResponse.jsonUnsafe({ error: { code, message, ...(details === undefined ? {} : { details }) } }, { status })

/**
 * The flat shape, which bodies that cannot be read get.
 *
 * @since 0.1.0
 * @category constructors
 */
export const flat = (code: string, message: string): Answer =>
  HttpServerResponse.jsonUnsafe({ code, message }, { status: 400 })

/**
 * The shape that a query out of range gets.
 *
 * @since 0.1.0
 * @category constructors
 */
export const query = (message: string): Answer => HttpServerResponse.jsonUnsafe({ msg: message }, { status: 400 })

/**
 * The answer to a path that does not exist.
 *
 * @since 0.1.0
 * @category constants
 */
export const noSuchPage: Answer = HttpServerResponse.text("404 page not found", { status: 404 })

/**
 * The answer to an empty bucket.
 *
 * @since 0.1.0
 * @category constants
 */
export const tooManyRequests: Answer = HttpServerResponse.jsonUnsafe({ error: "too many requests" }, { status: 429 })

/**
 * The answer to every write of the wire before V2.
 *
 * @since 0.1.0
 * @category constants
 */
export const gone: Answer = nested(
  410,
  "deprecated_v1_order_endpoint",
  "Please switch to the V2 endpoints",
  "https://docs.kalshi.com/api-reference/orders/create-order-v2"
)

/**
 * The answer to an order, market or event that does not exist.
 *
 * @since 0.1.0
 * @category constructors
 */
export const notFound = (code: string, what: string): Answer => nested(404, code, what)

/**
 * The answer to a parameter that makes no sense.
 *
 * @since 0.1.0
 * @category constructors
 */
export const invalidParameters = (details: string): Answer =>
  nested(400, "invalid_parameters", "invalid parameters", details)

/**
 * The answer to a request whose signature is refused.
 *
 * @since 0.1.0
 * @category constructors
 */
export const unauthorized = (rejection: Signature.Rejection): Answer =>
  nested(401, rejection.code, rejection.message, rejection.details)

const codes: Record<Model.Refusal["_tag"], readonly [status: number, code: string]> = {
  UnknownMarket: [404, "market_not_found"],
  MarketClosed: [409, "market_closed"],
  TradingPaused: [409, "trading_is_paused"],
  ExchangePaused: [409, "exchange_is_paused"],
  InvalidPrice: [400, "invalid_price"],
  InvalidCount: [400, "invalid_order_size"],
  InvalidExpiration: [400, "invalid_order"],
  InsufficientBalance: [400, "insufficient_balance"],
  DuplicateClientOrderId: [409, "order_already_exists"],
  PostOnlyCross: [400, "invalid_order"],
  FillOrKill: [409, "fill_or_kill_insufficient_resting_volume"],
  UnknownOrder: [404, "not_found"],
  AmendBelowFilled: [400, "invalid_order"],
  SideMismatch: [400, "order_side_mismatch"],
  TickerMismatch: [400, "order_ticker_mismatch"],
  ClientOrderIdMismatch: [400, "order_id_and_client_order_id_mismatch"],
  UnknownSubaccount: [404, "not_found"],
  TooManySubaccounts: [400, "invalid_parameters"],
  // the exchange documents the status alone
  DuplicateClientTransferId: [409, "transfer_already_exists"],
  InvalidTransfer: [400, "invalid_parameters"]
}

/**
 * What the engine refused, in the words of the wire.
 *
 * @since 0.1.0
 * @category conversions
 */
export const coded = (refusal: Model.Refusal): Coded => {
  const [status, code] = codes[refusal._tag]
  return {
    status,
    code,
    message: code.replaceAll("_", " "),
    details: refusal._tag === "PostOnlyCross" ? "post only cross" : refusal.details
  }
}

/**
 * The answer to what was refused.
 *
 * @since 0.1.0
 * @category conversions
 */
export const refused = (error: Coded): Answer => nested(error.status, error.code, error.message, error.details)

/**
 * The same within a batch, where one code is spelled with a space.
 *
 * @since 0.1.0
 * @category conversions
 */
export const item = (error: Coded): ItemError => ({
  code: error.details === "post only cross" ? "invalid order" : error.code,
  message: error.message,
  details: error.details
})
