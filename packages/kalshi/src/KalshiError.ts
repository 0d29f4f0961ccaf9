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
import * as answers from "./reason/answers.ts"
import * as orders from "./reason/orders.ts"
import { id, type Outcome } from "./reason/told.ts"
import * as unsent from "./reason/unsent.ts"

export * from "./reason/answers.ts"
export * from "./reason/orders.ts"
export type { Outcome, Told } from "./reason/told.ts"
export * from "./reason/unsent.ts"

const TypeId = "~effect-kalshi/KalshiError"

/**
 * The reasons of a refusal that only orders know.
 *
 * @since 0.1.0
 * @category models
 */
export type OrderReason =
  | orders.InsufficientBalance
  | orders.DuplicateClientOrderId
  | orders.OrderNotFound
  | orders.MarketNotFound
  | orders.MarketClosed
  | orders.TradingPaused
  | orders.InvalidPrice
  | orders.InvalidOrder
  | orders.PostOnlyCross
  | orders.FillOrKillUnfilled
  | orders.Unanswered
  | orders.AnotherOrder
  | orders.ReadBackFailed
  | orders.ClientOrderIdReused
  | orders.OutcomeUnknown
  | orders.OrderEnded
  | orders.DryRun

const common = [
  unsent.InvalidInput,
  unsent.NotOnThisWire,
  unsent.ReadOnly,
  unsent.Unsigned,
  unsent.LimitExceeded,
  unsent.Refused,
  unsent.JournalFailed,
  unsent.BreakerOpen,
  unsent.ShuttingDown,
  unsent.ClockOff,
  answers.Disconnected,
  answers.TimedOut,
  answers.UnreadableAnswer,
  answers.Redirected,
  answers.Unauthorized,
  answers.Forbidden,
  answers.RateLimited,
  answers.Unavailable,
  answers.ExchangePaused,
  answers.Retired,
  answers.BadRequest,
  answers.NotFound,
  answers.Conflict,
  answers.LoginFailed
] as const

const ofOrders = [
  orders.InsufficientBalance,
  orders.DuplicateClientOrderId,
  orders.OrderNotFound,
  orders.MarketNotFound,
  orders.MarketClosed,
  orders.TradingPaused,
  orders.InvalidPrice,
  orders.InvalidOrder,
  orders.PostOnlyCross,
  orders.FillOrKillUnfilled,
  orders.Unanswered,
  orders.AnotherOrder,
  orders.ReadBackFailed,
  orders.ClientOrderIdReused,
  orders.OutcomeUnknown,
  orders.OrderEnded,
  orders.DryRun
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
 * `uncertain` says that an attempt before the last may have been applied;
 * `settled` that this was looked up since, and what was found: nothing was
 * applied. `clientOrderIds` are the ids of the orders that were to be placed, yours or
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
  settled: Schema.optionalKey(Schema.Literal("not-applied")),
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
    if (this.settled !== undefined) return this.settled
    return this.uncertain === true ? "unknown" : this.reason.outcome
  }

  override get message(): string {
    const earlier =
      this.settled !== undefined
        ? "; it was looked for since, and was not applied"
        : this.uncertain === true
          ? "; an earlier attempt may have been applied"
          : ""
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
  readonly settled?: "not-applied"
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
