/**
 * One write under way: what the road has to know of it, and what it learns.
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import type * as Guard from "../guard/Service.ts"
import type * as KalshiError from "../KalshiError.ts"
import type { Entry, Intent } from "../journal/Entry.ts"
import type * as Timestamp from "../Timestamp.ts"

/** What a service says of a write before it is sent. */
export interface Facts {
  /** What it may add at worst, once its market is known; absent where it lowers risk. */
  readonly exposures?: (() => ReadonlyArray<Guard.Exposure>) | undefined
  readonly clientOrderIds?: ReadonlyArray<string> | undefined
  readonly orderIds?: ReadonlyArray<string> | undefined
  readonly subaccount?: number | undefined
  readonly exchangeIndex?: number | undefined
  /** When it was asked for, by the clock that never goes back; its age counts from then on. */
  readonly since?: bigint | undefined
}

/**
 * A write and where it is. Its first byte leaves when the HTTP client is
 * called: before that it can be called off, from then on it has an outcome.
 */
export class Write {
  phase: "waiting" | "sent" | "calledOff" = "waiting"
  /** Whether the guard has let it in, and waits to hear what became of it. */
  admitted = false
  /** What has to be learned before it is sent, once it is let in. */
  prepare: Effect.Effect<void, KalshiError.Reason> = Effect.void
  /** The order that is to change, as it was before, where that is known. */
  before: Intent["before"] = undefined
  /** Its entry in the journal; absent for a write that may be sent twice. */
  entry: Entry | undefined = undefined
  /** When it was sent last, by the clock of this machine. */
  lastAttempt: Timestamp.Timestamp | undefined = undefined

  readonly facts: Facts

  constructor(facts: Facts) {
    this.facts = facts
  }

  /** Says that the next byte leaves now, unless the write was called off. */
  leave(at: Timestamp.Timestamp): boolean {
    if (this.phase === "calledOff") return false
    this.phase = "sent"
    this.lastAttempt = at
    return true
  }

  /** Calls the write off, which is possible until its first byte leaves. */
  callOff(): boolean {
    if (this.phase === "waiting") this.phase = "calledOff"
    return this.phase === "calledOff"
  }
}

/** The write that the calls inside belong to; whoever provides it closes its entry. */
export const Current = Context.Reference<Write | undefined>("effect-kalshi/internal/write/Current", {
  defaultValue: () => undefined
})
