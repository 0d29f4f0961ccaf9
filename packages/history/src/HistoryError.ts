/**
 * What a history can fail with beside the exchange's own failures, which are
 * `KalshiError`s.
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import * as Timestamp from "effect-kalshi/Timestamp"

/**
 * A query that asks for something that there is not; nothing was sent.
 *
 * @since 0.1.0
 * @category errors
 */
export class InvalidQuery extends Schema.TaggedError<InvalidQuery>("@effect-kalshi/history/InvalidQuery")(
  "InvalidQuery",
  { field: Schema.String, description: Schema.String }
) {
  /** What is wrong with which field. */
  override get message(): string {
    return `${this.field} ${this.description}`
  }
}

/**
 * The end of a range that reads do not show yet: what is made until then would
 * be missing.
 *
 * @since 0.1.0
 * @category errors
 */
export class NotShownYet extends Schema.TaggedError<NotShownYet>("@effect-kalshi/history/NotShownYet")("NotShownYet", {
  until: Timestamp.Timestamp,
  asOf: Timestamp.Timestamp
}) {
  /** How far reads are, and what to do. */
  override get message(): string {
    return `until ${Timestamp.format(this.until)} is later than what the exchange's reads show, ${Timestamp.format(this.asOf)}: leave until away, or try again later`
  }
}

const Reason = Schema.Union([InvalidQuery, NotShownYet])

/**
 * Why a history could not be read.
 *
 * @since 0.1.0
 * @category errors
 */
export type Reason = typeof Reason.Type

/**
 * A history could not be read as it was asked for. The exchange's own failures
 * are `KalshiError`s.
 *
 * @since 0.1.0
 * @category errors
 */
export class HistoryError extends Schema.TaggedError<HistoryError>("@effect-kalshi/history/HistoryError")(
  "HistoryError",
  { reason: Reason }
) {
  /** What went wrong, and what to do about it. */
  override get message(): string {
    return this.reason.message
  }
}
