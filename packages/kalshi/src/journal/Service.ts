/**
 * The journal as what writes through it sees it.
 */
import * as Context from "effect/Context"
import type * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type { Timestamp } from "../Timestamp.ts"
import type { Closing, Entry, Intent, Kill, Open } from "./Entry.ts"

/**
 * The journal could not be written or read.
 *
 * @since 0.1.0
 * @category errors
 */
export class JournalError extends Schema.TaggedError<JournalError>("effect-kalshi/OrderJournal/JournalError")(
  "JournalError",
  {
    operation: Schema.Literals(["open", "record", "attempt", "close", "read", "kill"]),
    description: Schema.String,
    cause: Schema.optionalKey(Schema.Defect())
  }
) {
  override get message(): string {
    return `the order journal failed (${this.operation}): ${this.description}`
  }
}

/**
 * Keeps writes that must not happen twice. A record is durable when its effect
 * has ended, and none is ever changed: an entry is closed by a second record.
 *
 * @since 0.1.0
 * @category services
 */
export class OrderJournal extends Context.Service<
  OrderJournal,
  {
    /** This writer's name: fresh for each journal that is opened. */
    readonly writer: string
    /** Makes a write durable. It may leave once this has succeeded. */
    readonly record: (intent: Intent) => Effect.Effect<Entry, JournalError>
    /** Makes durable that a write is about to be sent once more. */
    readonly attempt: (id: string, at: Timestamp) => Effect.Effect<void, JournalError>
    /** Says what became of a write; a second closing of the same entry changes nothing. */
    readonly close: (id: string, closing: Closing) => Effect.Effect<void, JournalError>
    /** Every write without an end, of any writer, oldest first. */
    readonly open: Effect.Effect<ReadonlyArray<Open>, JournalError>
    /** The switch of this scope, absent where it is not thrown. */
    readonly killed: (scope: string) => Effect.Effect<Kill | undefined, JournalError>
    /** Throws the switch of a scope, or takes it back with `undefined`; durable when it has ended. */
    readonly setKilled: (scope: string, kill: Kill | undefined) => Effect.Effect<void, JournalError>
  }
>()("effect-kalshi/OrderJournal") {}
