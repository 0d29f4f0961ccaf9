/**
 * Reads what an answer that is not a success says, and names the reason.
 *
 * Status first, then code, never the message; `details` only where the
 * exchange puts the code there ("post only cross"), and words only of the host
 * that has moved, which has nothing else. All body shapes that it is known to
 * send are read; a body that is none of them is no code at all.
 *
 * The wire of 2.0.0 declares neither 404 nor 409: what they say today, a 400
 * says there, with the same codes.
 */
import * as KalshiError from "../KalshiError.ts"

const isRecord = (u: unknown): u is Readonly<Record<string, unknown>> =>
  typeof u === "object" && u !== null && !Array.isArray(u)

const word = (u: unknown): string | undefined => (typeof u === "string" && u !== "" ? u : undefined)

const MAX_TEXT = 300

const short = (text: string): string => (text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)}…` : text)

/** Lower case, spaces to underscores, cut at a colon: codes carry ids behind one. */
export const normalise = (code: string): string =>
  (code.split(":", 1)[0] ?? code).trim().toLowerCase().replace(/\s+/g, "_").replace(/_+$/, "")

interface Parts {
  readonly code?: string | undefined
  readonly message?: string | undefined
  readonly details?: string | undefined
}

const parts = (record: Readonly<Record<string, unknown>>): Parts => ({
  code: word(record["code"]),
  message: word(record["message"]) ?? word(record["msg"]),
  details: word(record["details"])
})

const parse = (body: string): unknown => {
  try {
    return JSON.parse(body)
  } catch {
    return undefined
  }
}

const MARKUP = /^\s*</

/** What is told of a body that is a web page: a gateway has answered, and not the exchange. */
export const PAGE = "a web page, not an answer of the exchange"

const read = (body: string): Parts => {
  const json = parse(body)
  if (isRecord(json)) {
    const error = json["error"]
    // {"error":{"code","message","details"}}
    if (isRecord(error)) return parts(error)
    // {"error":"too many requests"}, and with a code instead of words
    if (typeof error === "string") return /^[a-z_]+$/.test(error) ? { code: error } : { message: error }
    // {"code","message","details"} and {"msg"}
    return parts(json)
  }
  if (body.trim() === "") return {}
  // a gateway's page has nothing to say to a program
  return MARKUP.test(body) ? { message: PAGE } : { message: body.trim() }
}

/** What an answer tells, from any of the known body shapes. */
export const told = (status: number, body: string): KalshiError.Told => toldBy(status, read(body))

const toldBy = (status: number, { code, details, message }: Parts): KalshiError.Told => ({
  status,
  ...(code === undefined ? {} : { code: short(normalise(code)) }),
  ...(message === undefined ? {} : { text: short(message) }),
  ...(details === undefined ? {} : { details: short(details) })
})

const isPostOnlyCross = (told: KalshiError.Told): boolean =>
  told.details !== undefined && normalise(told.details).includes("post_only_cross")

const badRequest = (told: KalshiError.Told, ofOrder: boolean): KalshiError.Reason => {
  switch (told.code) {
    case "not_found":
    case "order_not_found":
      return ofOrder ? new KalshiError.OrderNotFound(told) : new KalshiError.NotFound(told)
    case "order_already_exists":
      return new KalshiError.DuplicateClientOrderId(told)
    case "trading_is_paused":
      return new KalshiError.TradingPaused(told)
    case "exchange_is_paused":
      return new KalshiError.ExchangePaused(told)
    case "insufficient_balance":
    case "available_balance_too_low":
      return new KalshiError.InsufficientBalance(told)
    case "invalid_price":
      return new KalshiError.InvalidPrice(told)
    case "market_not_found":
      return new KalshiError.MarketNotFound(told)
    case "market_closed":
    case "market_inactive":
    case "market_already_closed":
      return new KalshiError.MarketClosed(told)
    case "post_only_cross":
      return new KalshiError.PostOnlyCross(told)
    case "invalid_order":
      return isPostOnlyCross(told) ? new KalshiError.PostOnlyCross(told) : new KalshiError.InvalidOrder(told)
    case "invalid_order_size":
    case "order_id_and_client_order_id_mismatch":
    case "order_side_mismatch":
    case "order_ticker_mismatch":
      return new KalshiError.InvalidOrder(told)
    default:
      return new KalshiError.BadRequest(told)
  }
}

const conflict = (told: KalshiError.Told): KalshiError.Reason => {
  switch (told.code) {
    case "order_already_exists":
      return new KalshiError.DuplicateClientOrderId(told)
    case "fill_or_kill_insufficient_resting_volume":
    case "fok_insufficient_volume":
      return new KalshiError.FillOrKillUnfilled(told)
    case "trading_is_paused":
      return new KalshiError.TradingPaused(told)
    case "exchange_is_paused":
      return new KalshiError.ExchangePaused(told)
    case "market_closed":
    case "market_inactive":
    case "market_already_closed":
      return new KalshiError.MarketClosed(told)
    default:
      return new KalshiError.Conflict(told)
  }
}

const notFound = (told: KalshiError.Told, ofOrder: boolean): KalshiError.Reason => {
  if (told.code === "market_not_found") return new KalshiError.MarketNotFound(told)
  // an unknown route answers in plain text and without a code: that is not about an order
  return ofOrder && told.code !== undefined ? new KalshiError.OrderNotFound(told) : new KalshiError.NotFound(told)
}

// the host of 2.0.0 answers 401 to everything, and says where the API has gone
const MOVED = /\bmoved to\b.*\bkalshi\.com\b/is

const unauthorized = (told: KalshiError.Told): KalshiError.Reason =>
  MOVED.test([told.text, told.details].join(" ")) ? new KalshiError.Retired(told) : new KalshiError.Unauthorized(told)

const byStatus = (told: KalshiError.Told, ofOrder: boolean): KalshiError.Reason => {
  switch (told.status) {
    case 400:
    case 422:
      return badRequest(told, ofOrder)
    case 401:
      return unauthorized(told)
    case 403:
      return new KalshiError.Forbidden(told)
    case 404:
      return notFound(told, ofOrder)
    case 409:
      return conflict(told)
    case 410:
      return new KalshiError.Retired(told)
    case 429:
      return new KalshiError.RateLimited(told)
    default:
      // 408 and the like leave open what happened, as a 5xx does
      return told.status >= 500 || told.status === 408
        ? new KalshiError.Unavailable(told)
        : new KalshiError.BadRequest(told)
  }
}

/** The reason of an answer with a status of 400 or above; `ofOrder` when its path names an order. */
export const reason = (options: {
  readonly status: number
  readonly body: string
  readonly ofOrder: boolean
}): KalshiError.Reason => byStatus(told(options.status, options.body), options.ofOrder)

// what the codes of a refusal would be as an answer of their own
const ITEM_STATUS: Readonly<Record<string, number>> = {
  available_balance_too_low: 400,
  bad_request: 400,
  insufficient_balance: 400,
  invalid_order: 400,
  invalid_order_size: 400,
  invalid_parameters: 400,
  invalid_price: 400,
  market_already_closed: 400,
  market_closed: 400,
  market_inactive: 400,
  order_id_and_client_order_id_mismatch: 400,
  order_side_mismatch: 400,
  order_ticker_mismatch: 400,
  post_only_cross: 400,
  not_found: 404,
  order_not_found: 404,
  market_not_found: 404,
  exchange_is_paused: 409,
  fill_or_kill_insufficient_resting_volume: 409,
  fok_insufficient_volume: 409,
  order_already_exists: 409,
  trading_is_paused: 409
}

/** What one failed item of a batch says: a code, and no status of its own. */
export interface ItemError {
  readonly code?: string | null | undefined
  readonly message?: string | null | undefined
  readonly details?: string | null | undefined
}

/** Whether an item's error says anything; `{}` and absent say nothing. */
export const isItemError = (error: ItemError | null | undefined): error is ItemError =>
  error != null && [error.code, error.message, error.details].some((part) => word(part) !== undefined)

/** The reason of one failed item of a batch; a code that is not known as a refusal leaves the outcome open. */
export const itemReason = (error: ItemError): KalshiError.Reason => {
  const code = word(error.code)
  const known = code === undefined ? undefined : normalise(code)
  const status = known !== undefined && Object.hasOwn(ITEM_STATUS, known) ? ITEM_STATUS[known] : undefined
  const parts = { code, message: word(error.message), details: word(error.details) }
  return status === undefined ? new KalshiError.Conflict(toldBy(409, parts)) : byStatus(toldBy(status, parts), true)
}
