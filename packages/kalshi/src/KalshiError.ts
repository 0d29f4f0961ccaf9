/**
 * What can go wrong with a call: one error with a reason.
 *
 * Every operation fails with a `KalshiError` whose `reason` is one of a small
 * set of tagged classes. A reason tells three things that a program needs:
 * whether trying again can help (`retryable`), what became of a write
 * (`outcome`), and in its message what to do. Handle one with
 * `Effect.catchReason("KalshiError", "InsufficientBalance", …)`.
 *
 * No error holds a request, a header or a secret.
 *
 * See "Errors" in the exchange's documentation; which code means what is
 * mostly observed.
 *
 * @since 0.1.0
 */
import * as Predicate from "effect/Predicate"
import * as Schema from "effect/Schema"

const TypeId = "~effect-kalshi/KalshiError"

/**
 * What became of a write that failed: `not-applied` did nothing, `applied` did
 * all, `unknown` has to be looked up before it is sent again. A read changes
 * nothing, whatever its reason says.
 *
 * @since 0.1.0
 * @category models
 */
export type Outcome = "not-applied" | "applied" | "unknown"

// What an answer of the exchange told; every part may be missing.
const told = {
  status: Schema.Int,
  code: Schema.optional(Schema.String),
  text: Schema.optional(Schema.String),
  details: Schema.optional(Schema.String)
}

/**
 * What an answer of the exchange told about its refusal.
 *
 * @since 0.1.0
 * @category models
 */
export interface Told {
  readonly status: number
  readonly code?: string | undefined
  readonly text?: string | undefined
  readonly details?: string | undefined
}

const say = (told: Told): string => {
  const words = [told.text, told.details === told.text ? undefined : told.details].filter((word) => word !== undefined)
  const code = told.code === undefined ? "" : ` ${told.code}`
  return `(${told.status}${code}${words.length === 0 ? "" : `: ${words.join("; ")}`})`
}

const id = (tag: string) => `effect-kalshi/KalshiError/${tag}`

// --- before anything is sent -------------------------------------------------

/**
 * An input that the exchange would refuse for its shape alone; nothing was sent.
 *
 * @since 0.1.0
 * @category reasons
 */
export class InvalidInput extends Schema.TaggedError<InvalidInput>(id("InvalidInput"))("InvalidInput", {
  field: Schema.String,
  description: Schema.String
}) {
  readonly retryable = false
  readonly outcome: Outcome = "not-applied"
  override get message(): string {
    return `${this.field}: ${this.description}; nothing was sent`
  }
}

/**
 * An input that the wire in use has no words for, as that of 2.0.0 has none
 * for a part of a contract; nothing was sent.
 *
 * @since 0.1.0
 * @category reasons
 */
export class NotOnThisWire extends Schema.TaggedError<NotOnThisWire>(id("NotOnThisWire"))("NotOnThisWire", {
  field: Schema.String,
  description: Schema.String
}) {
  readonly retryable = false
  readonly outcome: Outcome = "not-applied"
  override get message(): string {
    return `${this.field}: ${this.description}; today's wire, that of Portfolio.layer, has it; nothing was sent`
  }
}

/**
 * A write through a transport that only reads; nothing was sent.
 *
 * @since 0.1.0
 * @category reasons
 */
export class ReadOnly extends Schema.TaggedError<ReadOnly>(id("ReadOnly"))("ReadOnly", {}) {
  readonly retryable = false
  readonly outcome: Outcome = "not-applied"
  override get message(): string {
    return "this transport is read-only (Transport.readOnly); nothing was sent"
  }
}

/**
 * A request that needs a signature and got none; nothing was sent.
 *
 * @since 0.1.0
 * @category reasons
 */
export class Unsigned extends Schema.TaggedError<Unsigned>(id("Unsigned"))("Unsigned", {
  description: Schema.String
}) {
  readonly retryable = false
  readonly outcome: Outcome = "not-applied"
  override get message(): string {
    return `the request could not be signed: ${this.description}; nothing was sent`
  }
}

/**
 * The local rate limit refused: the request can never fit, or waited too long;
 * nothing was sent. `largest` is how many items of a batch fit.
 *
 * @since 0.1.0
 * @category reasons
 */
export class LimitExceeded extends Schema.TaggedError<LimitExceeded>(id("LimitExceeded"))("LimitExceeded", {
  description: Schema.String,
  largest: Schema.optional(Schema.Int)
}) {
  readonly retryable = false
  readonly outcome: Outcome = "not-applied"
  override get message(): string {
    return `${this.description}; nothing was sent`
  }
}

// --- on the way ----------------------------------------------------------------

/**
 * The connection failed before an answer was in. `sent` is false where nothing
 * can have reached the exchange.
 *
 * @since 0.1.0
 * @category reasons
 */
export class Disconnected extends Schema.TaggedError<Disconnected>(id("Disconnected"))("Disconnected", {
  description: Schema.String,
  sent: Schema.Boolean
}) {
  readonly retryable = true
  get outcome(): Outcome {
    return this.sent ? "unknown" : "not-applied"
  }
  override get message(): string {
    return this.sent
      ? `the connection broke before the answer was in: ${this.description}`
      : `no connection to the exchange: ${this.description}; check the network and the environment's base URL`
  }
}

/**
 * No complete answer within the time limit of one attempt, in milliseconds.
 *
 * @since 0.1.0
 * @category reasons
 */
export class TimedOut extends Schema.TaggedError<TimedOut>(id("TimedOut"))("TimedOut", {
  millis: Schema.Finite
}) {
  readonly retryable = true
  readonly outcome: Outcome = "unknown"
  override get message(): string {
    return `no answer within ${this.millis} ms`
  }
}

/**
 * An answer that says success and cannot be read, or does not say what it has
 * to: a write may have happened.
 *
 * @since 0.1.0
 * @category reasons
 */
export class UnreadableAnswer extends Schema.TaggedError<UnreadableAnswer>(id("UnreadableAnswer"))("UnreadableAnswer", {
  status: Schema.Int,
  description: Schema.String
}) {
  readonly retryable = false
  readonly outcome: Outcome = "unknown"
  override get message(): string {
    return `the exchange answered ${this.status} with a body that cannot be read: ${this.description}`
  }
}

/**
 * A redirect, which is never followed: the signature must not reach another
 * host. `location` is without its query.
 *
 * @since 0.1.0
 * @category reasons
 */
export class Redirected extends Schema.TaggedError<Redirected>(id("Redirected"))("Redirected", {
  status: Schema.Int,
  location: Schema.optional(Schema.String)
}) {
  readonly retryable = false
  get outcome(): Outcome {
    // 303 is what a server says after it has done what was asked
    return this.status === 303 ? "unknown" : "not-applied"
  }
  override get message(): string {
    return `the exchange redirects to ${this.location ?? "another place"}, which is not followed; check the base URL`
  }
}

// --- answers to any request ------------------------------------------------------

const unauthorizedAdvice = (told: Told): string => {
  if (told.code === "missing_token") {
    return (
      "this base URL speaks the wire of API 2.0.0, which takes a token and no signed request: " +
      "check the base URL (KALSHI_BASE_URL)"
    )
  }
  if (told.code?.includes("token") === true) {
    return (
      "the token is unknown or has expired: a bare token is not renewed, " +
      "that of a login with e-mail and password is"
    )
  }
  if (told.code === "header_timestamp_expired") return "this machine's clock is off: synchronise it"
  if (told.details === "NOT_FOUND") {
    return "the key id is not known here: a key belongs to one environment, so check both"
  }
  if (told.details === "INCORRECT_API_KEY_SIGNATURE") {
    return "the signature does not fit the key id: check that the private key is the one made with it"
  }
  return "check the key id, the private key and the environment"
}

/**
 * 401: the key, the signature or the clock is wrong; `code` and `details` say which.
 *
 * @since 0.1.0
 * @category reasons
 */
export class Unauthorized extends Schema.TaggedError<Unauthorized>(id("Unauthorized"))("Unauthorized", told) {
  readonly retryable = false
  readonly outcome: Outcome = "not-applied"
  override get message(): string {
    return `not authorised ${say(this)}: ${unauthorizedAdvice(this)}`
  }
}

/**
 * 403: the key may not do this: its scope, tier, region or subaccount.
 *
 * @since 0.1.0
 * @category reasons
 */
export class Forbidden extends Schema.TaggedError<Forbidden>(id("Forbidden"))("Forbidden", told) {
  readonly retryable = false
  readonly outcome: Outcome = "not-applied"
  override get message(): string {
    return `the key may not do this ${say(this)}: check its scopes, tier, region and subaccount`
  }
}

/**
 * 429: the account's token bucket is empty; nothing was executed.
 *
 * @since 0.1.0
 * @category reasons
 */
export class RateLimited extends Schema.TaggedError<RateLimited>(id("RateLimited"))("RateLimited", told) {
  readonly retryable = true
  readonly outcome: Outcome = "not-applied"
  override get message(): string {
    return `too many requests ${say(this)}: the account's bucket is empty, or the batch is larger than the bucket`
  }
}

/**
 * 5xx or a gateway's page: the exchange did not answer; a write may have happened.
 *
 * @since 0.1.0
 * @category reasons
 */
export class Unavailable extends Schema.TaggedError<Unavailable>(id("Unavailable"))("Unavailable", told) {
  readonly retryable = true
  readonly outcome: Outcome = "unknown"
  override get message(): string {
    return `the exchange is not available ${say(this)}`
  }
}

/**
 * 409 `exchange_is_paused`: nothing works until the exchange is active again.
 *
 * @since 0.1.0
 * @category reasons
 */
export class ExchangePaused extends Schema.TaggedError<ExchangePaused>(id("ExchangePaused"))("ExchangePaused", told) {
  readonly retryable = false
  readonly outcome: Outcome = "not-applied"
  override get message(): string {
    return `the exchange is paused ${say(this)}: try again when its status says active`
  }
}

/**
 * 410, or the answer of a host that has moved: the exchange has retired what
 * was asked for, such as the wire of 2.0.0 with its login.
 *
 * @since 0.1.0
 * @category reasons
 */
export class Retired extends Schema.TaggedError<Retired>(id("Retired"))("Retired", told) {
  readonly retryable = false
  readonly outcome: Outcome = "not-applied"
  override get message(): string {
    return (
      `the exchange has retired this ${say(this)}: use an API key (Credentials.apiKey) with Portfolio.layer, ` +
      "whose orders go to /portfolio/events/orders"
    )
  }
}

/**
 * 400: the exchange refuses the request; `code` and `details` say why.
 *
 * @since 0.1.0
 * @category reasons
 */
export class BadRequest extends Schema.TaggedError<BadRequest>(id("BadRequest"))("BadRequest", told) {
  readonly retryable = false
  readonly outcome: Outcome = "not-applied"
  override get message(): string {
    return `the exchange refuses the request ${say(this)}`
  }
}

/**
 * 404: there is nothing under this name.
 *
 * @since 0.1.0
 * @category reasons
 */
export class NotFound extends Schema.TaggedError<NotFound>(id("NotFound"))("NotFound", told) {
  readonly retryable = false
  readonly outcome: Outcome = "not-applied"
  override get message(): string {
    return `not found ${say(this)}`
  }
}

/**
 * 409, or an item of a batch, with a code that is not known here: whether a
 * write happened is unknown.
 *
 * @since 0.1.0
 * @category reasons
 */
export class Conflict extends Schema.TaggedError<Conflict>(id("Conflict"))("Conflict", told) {
  readonly retryable = false
  readonly outcome: Outcome = "unknown"
  override get message(): string {
    return `the exchange reports a conflict ${say(this)}: look the order up before sending it again`
  }
}

/**
 * The session of a bearer token could not be opened or renewed, for the
 * `original` reason; nothing was sent.
 *
 * @since 0.1.0
 * @category reasons
 */
export class LoginFailed extends Schema.TaggedError<LoginFailed>(id("LoginFailed"))("LoginFailed", {
  original: Schema.Union([
    Disconnected,
    TimedOut,
    UnreadableAnswer,
    Redirected,
    Unauthorized,
    Forbidden,
    RateLimited,
    Unavailable,
    ExchangePaused,
    Retired,
    BadRequest,
    NotFound,
    Conflict
  ])
}) {
  // the login itself was tried as often as the policy of retries allows
  readonly retryable = false
  readonly outcome: Outcome = "not-applied"
  override get message(): string {
    const { original } = this
    switch (original._tag) {
      case "Unauthorized":
      case "Forbidden":
        return (
          `the login was refused ${say(original)}: check the e-mail, the password and the environment; ` +
          "nothing else was sent"
        )
      case "NotFound":
        return (
          `there is no login at this base URL ${say(original)}: check KALSHI_BASE_URL ` +
          "(that of a sandbox ends in /legacy/trade-api/v2); nothing else was sent"
        )
      default:
        return `the login failed: ${original.message}; nothing else was sent`
    }
  }
}

// --- answers to orders -----------------------------------------------------------

/**
 * The cash that is free does not cover the worst cost of the order.
 *
 * @since 0.1.0
 * @category reasons
 */
export class InsufficientBalance extends Schema.TaggedError<InsufficientBalance>(id("InsufficientBalance"))(
  "InsufficientBalance",
  told
) {
  readonly retryable = false
  readonly outcome: Outcome = "not-applied"
  override get message(): string {
    return (
      `insufficient balance ${say(this)}: resting orders hold cash, too, and today's wire counts it by shard and ` +
      "subaccount"
    )
  }
}

/**
 * The `client_order_id` was used before. This request did nothing; whether an
 * earlier one of yours did is for you to look up.
 *
 * @since 0.1.0
 * @category reasons
 */
export class DuplicateClientOrderId extends Schema.TaggedError<DuplicateClientOrderId>(id("DuplicateClientOrderId"))(
  "DuplicateClientOrderId",
  told
) {
  readonly retryable = false
  readonly outcome: Outcome = "unknown"
  override get message(): string {
    return `an order with this client order id exists ${say(this)}: look it up; an id is not released by a cancel`
  }
}

/**
 * There is no order with this id or, where it was to be changed, none that is
 * live: it never was, or is filled or cancelled.
 *
 * @since 0.1.0
 * @category reasons
 */
export class OrderNotFound extends Schema.TaggedError<OrderNotFound>(id("OrderNotFound"))("OrderNotFound", told) {
  readonly retryable = false
  readonly outcome: Outcome = "not-applied"
  override get message(): string {
    return (
      `no such order ${say(this)}: it never was, or it is filled or cancelled and cannot be changed, or, ` +
      "on today's wire, it is on another shard or subaccount"
    )
  }
}

/**
 * There is no market with this ticker.
 *
 * @since 0.1.0
 * @category reasons
 */
export class MarketNotFound extends Schema.TaggedError<MarketNotFound>(id("MarketNotFound"))("MarketNotFound", told) {
  readonly retryable = false
  readonly outcome: Outcome = "not-applied"
  override get message(): string {
    return `no such market ${say(this)}`
  }
}

/**
 * The market takes no orders: not open, closed, or inactive.
 *
 * @since 0.1.0
 * @category reasons
 */
export class MarketClosed extends Schema.TaggedError<MarketClosed>(id("MarketClosed"))("MarketClosed", told) {
  readonly retryable = false
  readonly outcome: Outcome = "not-applied"
  override get message(): string {
    return `the market is not open ${say(this)}`
  }
}

/**
 * Trading is paused: cancels work, new orders do not.
 *
 * @since 0.1.0
 * @category reasons
 */
export class TradingPaused extends Schema.TaggedError<TradingPaused>(id("TradingPaused"))("TradingPaused", told) {
  readonly retryable = false
  readonly outcome: Outcome = "not-applied"
  override get message(): string {
    return `trading is paused ${say(this)}: cancels work, new orders when the exchange's status says so`
  }
}

/**
 * The price is not on the market's grid.
 *
 * @since 0.1.0
 * @category reasons
 */
export class InvalidPrice extends Schema.TaggedError<InvalidPrice>(id("InvalidPrice"))("InvalidPrice", told) {
  readonly retryable = false
  readonly outcome: Outcome = "not-applied"
  override get message(): string {
    return `the price is not on the market's grid ${say(this)}: see its price ranges`
  }
}

/**
 * The exchange refuses the order for what it says; `details` say why.
 *
 * @since 0.1.0
 * @category reasons
 */
export class InvalidOrder extends Schema.TaggedError<InvalidOrder>(id("InvalidOrder"))("InvalidOrder", told) {
  readonly retryable = false
  readonly outcome: Outcome = "not-applied"
  override get message(): string {
    return `the exchange refuses the order ${say(this)}`
  }
}

/**
 * A post-only order would have traded at once; it was not placed.
 *
 * @since 0.1.0
 * @category reasons
 */
export class PostOnlyCross extends Schema.TaggedError<PostOnlyCross>(id("PostOnlyCross"))("PostOnlyCross", told) {
  readonly retryable = false
  readonly outcome: Outcome = "not-applied"
  override get message(): string {
    return `a post-only order would trade at once ${say(this)}`
  }
}

/**
 * A fill-or-kill order could not be filled whole; nothing was traded.
 *
 * @since 0.1.0
 * @category reasons
 */
export class FillOrKillUnfilled extends Schema.TaggedError<FillOrKillUnfilled>(id("FillOrKillUnfilled"))(
  "FillOrKillUnfilled",
  told
) {
  readonly retryable = false
  readonly outcome: Outcome = "not-applied"
  override get message(): string {
    return `fill-or-kill: the book has not enough ${say(this)}`
  }
}

/**
 * An item of a batch has no answer of its own: its outcome is unknown.
 *
 * @since 0.1.0
 * @category reasons
 */
export class Unanswered extends Schema.TaggedError<Unanswered>(id("Unanswered"))("Unanswered", {}) {
  readonly retryable = false
  readonly outcome: Outcome = "unknown"
  override get message(): string {
    return "the answer to the batch does not name this item: look it up"
  }
}

/**
 * The answer names another order than the one asked for: what happened is unknown.
 *
 * @since 0.1.0
 * @category reasons
 */
export class AnotherOrder extends Schema.TaggedError<AnotherOrder>(id("AnotherOrder"))("AnotherOrder", {
  asked: Schema.String,
  answered: Schema.String
}) {
  readonly retryable = false
  readonly outcome: Outcome = "unknown"
  override get message(): string {
    return `asked for order ${this.asked}, the answer is about ${this.answered}: look it up`
  }
}

/**
 * The order was placed, and what became of it could not be read: the wire of
 * 2.0.0 answers a new order without counts, so that it is read back.
 *
 * @since 0.1.0
 * @category reasons
 */
export class ReadBackFailed extends Schema.TaggedError<ReadBackFailed>(id("ReadBackFailed"))("ReadBackFailed", {
  orderId: Schema.String,
  status: Schema.String,
  description: Schema.String
}) {
  readonly retryable = false
  readonly outcome: Outcome = "applied"
  override get message(): string {
    return (
      `order ${this.orderId} was placed (${this.status}), and reading what became of it failed: ` +
      `${this.description}; read it with getOrder, and do not place it again`
    )
  }
}

/**
 * The reasons of a refusal that only orders know.
 *
 * @since 0.1.0
 * @category models
 */
export type OrderReason =
  | InsufficientBalance
  | DuplicateClientOrderId
  | OrderNotFound
  | MarketNotFound
  | MarketClosed
  | TradingPaused
  | InvalidPrice
  | InvalidOrder
  | PostOnlyCross
  | FillOrKillUnfilled
  | Unanswered
  | AnotherOrder
  | ReadBackFailed

const common = [
  InvalidInput,
  NotOnThisWire,
  ReadOnly,
  Unsigned,
  LimitExceeded,
  Disconnected,
  TimedOut,
  UnreadableAnswer,
  Redirected,
  Unauthorized,
  Forbidden,
  RateLimited,
  Unavailable,
  ExchangePaused,
  Retired,
  BadRequest,
  NotFound,
  Conflict,
  LoginFailed
] as const

const ofOrders = [
  InsufficientBalance,
  DuplicateClientOrderId,
  OrderNotFound,
  MarketNotFound,
  MarketClosed,
  TradingPaused,
  InvalidPrice,
  InvalidOrder,
  PostOnlyCross,
  FillOrKillUnfilled,
  Unanswered,
  AnotherOrder,
  ReadBackFailed
] as const

/**
 * A reason that an operation does not list, with the original inside: the
 * exchange has learned something new, or this library has a hole. Tell us.
 *
 * @since 0.1.0
 * @category reasons
 */
export class Unexpected extends Schema.TaggedError<Unexpected>(id("Unexpected"))("Unexpected", {
  original: Schema.Union([...common, ...ofOrders])
}) {
  get retryable(): boolean {
    return this.original.retryable
  }
  get outcome(): Outcome {
    return this.original.outcome
  }
  override get message(): string {
    return `not expected here: ${this.original._tag}, ${this.original.message}`
  }
}

/**
 * The reasons that any operation can fail with.
 *
 * @since 0.1.0
 * @category models
 */
export type Common = (typeof common)[number]["Type"] | Unexpected

/**
 * Every reason.
 *
 * @since 0.1.0
 * @category models
 */
export type Reason = Common | OrderReason

/**
 * Schema of every reason.
 *
 * @since 0.1.0
 * @category schemas
 */
export const Reason = Schema.Union([...common, ...ofOrders, Unexpected])

/**
 * A call that failed: which operation, why, and after how many attempts; 0
 * where no request left.
 *
 * `uncertain` says that an attempt before the last may have been applied.
 * `clientOrderIds` are the ids of the orders that were to be placed, yours or
 * fresh ones, by which they can be looked up.
 *
 * @since 0.1.0
 * @category errors
 */
export class KalshiError extends Schema.TaggedError<KalshiError>("effect-kalshi/KalshiError")("KalshiError", {
  operation: Schema.String,
  reason: Reason,
  attempts: Schema.Int,
  uncertain: Schema.optionalKey(Schema.Boolean),
  clientOrderIds: Schema.optionalKey(Schema.Array(Schema.String))
}) {
  /** Marks the class for {@link isKalshiError}, also across copies of this module. */
  readonly [TypeId] = TypeId

  /** Whether trying again can help. */
  get retryable(): boolean {
    return this.reason.retryable
  }

  /** What became of a write, all attempts counted. */
  get outcome(): Outcome {
    if (this.attempts === 0) return "not-applied"
    return this.uncertain === true ? "unknown" : this.reason.outcome
  }

  override get message(): string {
    const earlier = this.uncertain === true ? "; an earlier attempt may have been applied" : ""
    return `${this.operation}: ${this.reason.message}${earlier}`
  }
}

/**
 * The error of an operation that can fail with these reasons of its own and
 * with the common ones.
 *
 * @since 0.1.0
 * @category models
 */
export type Of<R extends OrderReason = never> = KalshiError & { readonly reason: R | Common }

/**
 * Makes an error whose type names its reason.
 *
 * @since 0.1.0
 * @category constructors
 */
export const make = <R extends OrderReason = never>(fields: {
  readonly operation: string
  readonly reason: R | Common
  readonly attempts: number
  readonly uncertain?: boolean
  readonly clientOrderIds?: ReadonlyArray<string>
}): Of<R> =>
  // the class keeps the reason that it is given, which its schema cannot say
  new KalshiError(fields) as Of<R>

/**
 * Whether a reason is one that any operation can fail with.
 *
 * @since 0.1.0
 * @category guards
 */
export const isCommon: (u: unknown) => u is Common = Schema.is(Schema.Union([...common, Unexpected]))

/**
 * Whether a value is a `KalshiError`.
 *
 * @since 0.1.0
 * @category guards
 */
export const isKalshiError = (u: unknown): u is KalshiError => Predicate.hasProperty(u, TypeId)
