/**
 * How a write whose answer was lost is settled.
 *
 * What was sent may still arrive, and what has happened is not yet read: not
 * finding an order proves nothing until the exchange's reads
 * ("Get User Data Timestamp") are later than the last attempt and the longest
 * time that a request can be under way. Until then its outcome is unknown.
 *
 * @since 0.1.0
 */
import * as Context from "effect/Context"
import type * as Duration from "effect/Duration"

/**
 * The bounds within which a lost write is settled.
 *
 * @since 0.1.0
 * @category models
 */
export interface Resolution {
  /** How old a new order may be when it is sent again: later it would be an old order at an old price. Default 2 seconds. */
  readonly maxAge: Duration.Input
  /** The longest time that a request can be under way before it is applied or never will be. Default 30 seconds. */
  readonly inFlight: Duration.Input
  /** What is added for a clock that is told approximately. Default 2 seconds. */
  readonly margin: Duration.Input
  /** When the caller is told `OutcomeUnknown`, counted from the loss of the answer. Default 60 seconds. */
  readonly deadline: Duration.Input
  /** The longest pause between two looks, where the first is a tenth of it. Default 2 seconds. */
  readonly pause: Duration.Input
  /** How long a layer that closes waits for writes that are under way. Default 10 seconds. */
  readonly closing: Duration.Input
}

/**
 * The bounds for an exchange across the network.
 *
 * @since 0.1.0
 * @category constants
 */
export const standard: Resolution = {
  maxAge: "2 seconds",
  inFlight: "30 seconds",
  margin: "2 seconds",
  deadline: "60 seconds",
  pause: "2 seconds",
  closing: "10 seconds"
}

/**
 * The bounds in force: {@link standard}.
 *
 * @since 0.1.0
 * @category references
 */
export const Resolution = Context.Reference<Resolution>("effect-kalshi/Resolution", { defaultValue: () => standard })
