/**
 * What becomes of orders, and what the exchange says of them alone.
 */
import * as Schema from "effect/Schema"
import * as Contracts from "../Contracts.ts"
import * as Dollars from "../Dollars.ts"
import * as Timestamp from "../Timestamp.ts"
import { id, type Outcome, say, told } from "./told.ts"

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
 * This client order id belongs to another order: market, side, price or size
 * are not those that were asked for. Nothing was placed under it now; `orderId`
 * is the order that has it.
 *
 * @since 0.1.0
 * @category reasons
 */
export class ClientOrderIdReused extends Schema.TaggedError<ClientOrderIdReused>(id("ClientOrderIdReused"))(
  "ClientOrderIdReused",
  {
    clientOrderId: Schema.String,
    orderId: Schema.String,
    description: Schema.String
  }
) {
  readonly retryable = false
  readonly outcome: Outcome = "not-applied"
  override get message(): string {
    return (
      `the client order id ${this.clientOrderId} belongs to order ${this.orderId}, which is another one ` +
      `(${this.description}): use a fresh id for another decision`
    )
  }
}

/**
 * What became of a write is still unknown when its deadline has passed. The
 * client goes on looking: `portfolio.settled(error)` waits for what it finds,
 * and `portfolio.outcomes` tells it. `evidence` is what was seen until now.
 *
 * Of a transfer between subaccounts nothing tells what became of it: it has a
 * `clientTransferId` instead, under which it can be sent again.
 *
 * @since 0.1.0
 * @category reasons
 */
export class OutcomeUnknown extends Schema.TaggedError<OutcomeUnknown>(id("OutcomeUnknown"))("OutcomeUnknown", {
  /** The write's name in this process and in the journal. */
  writeId: Schema.String,
  /** The message of the failure that lost the answer. */
  cause: Schema.String,
  evidence: Schema.Struct({
    /** When it was sent last, by this machine's clock. */
    lastAttempt: Timestamp.Timestamp,
    /** How often it was looked for. */
    looks: Schema.Int,
    /** How fresh the exchange's reads were at the last look. */
    asOf: Schema.optional(Timestamp.Timestamp),
    /** From when on not finding it would prove that it was not applied. */
    provenFrom: Timestamp.Timestamp
  }),
  /** Of a transfer, the id that it was sent under: transfers do not tell theirs, so that nobody goes on looking. */
  clientTransferId: Schema.optional(Schema.String)
}) {
  readonly retryable = false
  readonly outcome: Outcome = "unknown"
  override get message(): string {
    const { asOf, looks, provenFrom } = this.evidence
    if (this.clientTransferId !== undefined) {
      return (
        `what became of it is unknown (${this.cause}): it was sent with clientTransferId ${this.clientTransferId}; ` +
        "under this very id it can be sent again and moves money once, under another one it would move it twice"
      )
    }
    return (
      `what became of it is unknown (${this.cause}): looked ${looks} times, ` +
      `${asOf === undefined ? "reads do not say how fresh they are" : `reads are as of ${Timestamp.format(asOf)}`}, ` +
      `and only from ${Timestamp.format(provenFrom)} on would not finding it prove anything; ` +
      "do not send it again: portfolio.settled(error) goes on looking"
    )
  }
}

/**
 * The order has ended and cannot be changed any more: `filled` of it was
 * filled, and the rest is cancelled.
 *
 * @since 0.1.0
 * @category reasons
 */
export class OrderEnded extends Schema.TaggedError<OrderEnded>(id("OrderEnded"))("OrderEnded", {
  orderId: Schema.String,
  status: Schema.String,
  filled: Contracts.Contracts,
  /** Whether this change was applied before it ended; `unknown` where nothing tells. */
  changed: Schema.Literals(["not-applied", "applied", "unknown"])
}) {
  readonly retryable = false
  get outcome(): Outcome {
    return this.changed
  }
  override get message(): string {
    return `order ${this.orderId} has ended (${this.status}) with ${Contracts.format(this.filled)} contracts filled`
  }
}

/**
 * A dry run: the order was not sent. `cost` is the most that the balance could
 * fall, fees included, and `fee` that of filling all of it at once at its
 * limit; each is absent where it is not known, or where nothing is bought.
 *
 * @since 0.1.0
 * @category reasons
 */
export class DryRun extends Schema.TaggedError<DryRun>(id("DryRun"))("DryRun", {
  description: Schema.String,
  cost: Schema.optional(Dollars.Dollars),
  fee: Schema.optional(Dollars.Dollars)
}) {
  readonly retryable = false
  readonly outcome: Outcome = "not-applied"
  override get message(): string {
    const cost =
      this.cost === undefined
        ? ""
        : `, which would cost at most $${Dollars.format(this.cost)}` +
          (this.fee === undefined ? "" : `, with a fee of $${Dollars.format(this.fee)} where it fills at once`)
    return `dry run: ${this.description}${cost}; nothing was sent`
  }
}
