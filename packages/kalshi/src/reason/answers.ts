/**
 * What can become of any request on its way, and what any can be answered.
 */
import * as Schema from "effect/Schema"
import { id, type Outcome, say, type Told, told } from "./told.ts"

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
