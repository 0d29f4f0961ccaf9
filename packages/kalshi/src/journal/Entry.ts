/**
 * What a journal keeps of a write: what was to happen, when it was sent, and
 * what became of it.
 */
import * as Schema from "effect/Schema"
import * as Contracts from "../Contracts.ts"
import * as Dollars from "../Dollars.ts"
import * as Timestamp from "../Timestamp.ts"

/**
 * Schema of a write that is about to be sent, whole: `body` is the JSON text
 * that leaves, `before` what was known of the order that it changes.
 *
 * @since 0.1.0
 * @category schemas
 */
export const Entry = Schema.Struct({
  id: Schema.String,
  /** The name of the operation, such as `createOrder`. */
  operation: Schema.String,
  environment: Schema.String,
  baseUrl: Schema.String,
  /** Who signs: the id of the key, never the key. */
  account: Schema.String,
  subaccount: Schema.optionalKey(Schema.Int),
  exchangeIndex: Schema.optionalKey(Schema.Int),
  method: Schema.String,
  /** Below the base URL, with the query. */
  path: Schema.String,
  /** Empty where there is none. */
  body: Schema.String,
  clientOrderIds: Schema.Array(Schema.String),
  orderIds: Schema.Array(Schema.String),
  /** What was known of the order that is to change: `total` is what is filled and what rests together. */
  before: Schema.optionalKey(Schema.Struct({ price: Dollars.Dollars, total: Contracts.Contracts })),
  at: Timestamp.Timestamp,
  /** The process, or the part of one, that writes. */
  writer: Schema.String
})

/**
 * A write that is about to be sent.
 *
 * @since 0.1.0
 * @category models
 */
export type Entry = typeof Entry.Type

/**
 * A write before the journal has it.
 *
 * @since 0.1.0
 * @category models
 */
export type Intent = Omit<Entry, "id" | "at" | "writer">

/**
 * Schema of what became of a write: `not-sent` where no byte of it left,
 * `settled` where each item of a batch has an end of its own.
 *
 * @since 0.1.0
 * @category schemas
 */
export const Closing = Schema.Struct({
  outcome: Schema.Literals(["applied", "not-applied", "not-sent", "settled"]),
  /** In a few words, for people who read the journal. */
  summary: Schema.String
})

/**
 * What became of a write.
 *
 * @since 0.1.0
 * @category models
 */
export type Closing = typeof Closing.Type

/**
 * A write without an end: when it was sent again, and until when its writer
 * has said to be alive.
 *
 * @since 0.1.0
 * @category models
 */
export interface Open {
  readonly entry: Entry
  /** The instants of the attempts after the first, which is at `entry.at` or just after it. */
  readonly attempts: ReadonlyArray<Timestamp.Timestamp>
  readonly leaseUntil: Timestamp.Timestamp
}

/**
 * Schema of the switch that stops new risk.
 *
 * @since 0.1.0
 * @category schemas
 */
export const Kill = Schema.Struct({
  reason: Schema.String,
  at: Timestamp.Timestamp
})

/**
 * The switch that stops new risk, where it is thrown.
 *
 * @since 0.1.0
 * @category models
 */
export type Kill = typeof Kill.Type
