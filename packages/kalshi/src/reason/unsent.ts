/**
 * Why nothing was sent.
 */
import * as Schema from "effect/Schema"
import { id, type Outcome } from "./told.ts"

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

/**
 * A limit of the guard forbids the write (`rule` names it); nothing was sent.
 *
 * @since 0.1.0
 * @category reasons
 */
export class Refused extends Schema.TaggedError<Refused>(id("Refused"))("Refused", {
  rule: Schema.Literals([
    "killed",
    "orderCount",
    "orderNotional",
    "openNotional",
    "marketPosition",
    "eventPosition",
    "createsPerSecond",
    "state"
  ]),
  description: Schema.String
}) {
  readonly retryable = false
  readonly outcome: Outcome = "not-applied"
  override get message(): string {
    return `the guard refuses this (${this.rule}): ${this.description}; nothing was sent`
  }
}

/**
 * A write that has to be in the journal first could not be recorded there;
 * nothing was sent.
 *
 * @since 0.1.0
 * @category reasons
 */
export class JournalFailed extends Schema.TaggedError<JournalFailed>(id("JournalFailed"))("JournalFailed", {
  description: Schema.String
}) {
  readonly retryable = false
  readonly outcome: Outcome = "not-applied"
  override get message(): string {
    return `${this.description}; nothing was sent, since a write that is not recorded could be lost`
  }
}

/**
 * The circuit breaker is open after too many failures; nothing was sent.
 *
 * @since 0.1.0
 * @category reasons
 */
export class BreakerOpen extends Schema.TaggedError<BreakerOpen>(id("BreakerOpen"))("BreakerOpen", {
  circuit: Schema.Literals(["read", "write"]),
  /** In milliseconds, where it is known. */
  retryAfter: Schema.optional(Schema.Finite)
}) {
  readonly retryable = false
  readonly outcome: Outcome = "not-applied"
  override get message(): string {
    const when = this.retryAfter === undefined ? "" : `; it is tried again in ${Math.ceil(this.retryAfter)} ms`
    return `the circuit of ${this.circuit}s is open after too many failures in a row${when}; nothing was sent`
  }
}

/**
 * The layer of the client is closing and takes no new writes; nothing was sent.
 *
 * @since 0.1.0
 * @category reasons
 */
export class ShuttingDown extends Schema.TaggedError<ShuttingDown>(id("ShuttingDown"))("ShuttingDown", {}) {
  readonly retryable = false
  readonly outcome: Outcome = "not-applied"
  override get message(): string {
    return "the client is closing and takes no new writes; nothing was sent"
  }
}

/**
 * The clock of this machine is off by more than five minutes, in milliseconds
 * (`offset` is what the exchange's is ahead); nothing was applied.
 *
 * @since 0.1.0
 * @category reasons
 */
export class ClockOff extends Schema.TaggedError<ClockOff>(id("ClockOff"))("ClockOff", {
  offset: Schema.Finite
}) {
  readonly retryable = false
  readonly outcome: Outcome = "not-applied"
  override get message(): string {
    const seconds = Math.round(Math.abs(this.offset) / 1000)
    return (
      `this machine's clock is ${seconds} s ${this.offset > 0 ? "behind" : "ahead of"} the exchange's: ` +
      "synchronise it (NTP); nothing was applied"
    )
  }
}
