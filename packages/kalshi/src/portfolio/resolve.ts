/**
 * Looking for what became of a write whose answer was lost, on any wire.
 *
 * What was sent may still arrive, and what has happened is not yet read. So
 * something that is found is found, but not finding it proves nothing until
 * the exchange's reads are later than the last attempt and the longest time
 * that a request can be under way.
 */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Result from "effect/Result"
import type * as KalshiError from "../KalshiError.ts"
import * as Resolution from "../Resolution.ts"
import * as Timestamp from "../Timestamp.ts"
import type { Running } from "./writes.ts"

/** How fresh the reads of an exchange are, and how far its clock can be ahead of ours. */
export interface Freshness {
  readonly asOf: Timestamp.Timestamp
  readonly ahead: Duration.Duration
}

/** Asks how fresh reads are; none where the wire does not tell. */
export type AskFreshness = Effect.Effect<Option.Option<Freshness>, KalshiError.KalshiError>

/** What a look comes to: it is decided, or nothing of the write is to be seen yet. */
export type Look<A> = Effect.Effect<Option.Option<A>, KalshiError.KalshiError>

// how often a look may fail or find nothing before the pauses are at their longest
const STEPS = 10
// between two looks once nobody waits for them
const LATER = Duration.seconds(15)

/**
 * Looks until something is seen, or until it is proven that there is nothing
 * to see: none. It never gives up by itself.
 *
 * `inFlight` is how long after the last attempt something may still arrive;
 * without it that of the bounds in force.
 */
export const until = Effect.fnUntraced(function* <A>(options: {
  readonly running: Running
  readonly cause: KalshiError.KalshiError
  readonly freshness: AskFreshness
  readonly look: Look<A>
  readonly inFlight?: Duration.Input | undefined
}): Effect.fn.Return<Option.Option<A>> {
  const { cause, freshness, look, running } = options
  const { deadline, inFlight, margin, pause } = yield* Resolution.Resolution
  const longest = Duration.fromInputUnsafe(pause)
  const patience = Duration.sum(
    Duration.fromInputUnsafe(options.inFlight ?? inFlight),
    Duration.fromInputUnsafe(margin)
  )
  const started = yield* Timestamp.now
  const overdue = Timestamp.add(started, Duration.fromInputUnsafe(deadline))
  let fresh: Option.Option<Freshness> = Option.none()
  for (let looks = 0; ; looks++) {
    // a cancel is sent again while it is looked for
    const lastAttempt = running.write.lastAttempt ?? started
    const ahead = Option.match(fresh, { onNone: () => Duration.zero, onSome: ({ ahead }) => ahead })
    const provenFrom = Timestamp.add(lastAttempt, Duration.sum(patience, ahead))
    const asOf = Option.getOrUndefined(Option.map(fresh, ({ asOf }) => asOf))
    yield* running.lost({ cause, evidence: { lastAttempt, looks, asOf, provenFrom } })
    if (looks > 0) {
      const now = yield* Timestamp.now
      // whoever waited for it has been told by then
      yield* Effect.sleep(now > overdue ? LATER : Duration.times(longest, Math.min(1, looks / STEPS)))
    }
    // before the look: what it then shows is at least as fresh
    fresh = Option.flatten(Result.getSuccess(yield* Effect.result(freshness)))
    const seen = yield* Effect.result(look)
    if (Result.isFailure(seen)) continue
    if (Option.isSome(seen.success)) return seen.success
    if (Option.isSome(fresh)) {
      const { ahead, asOf } = fresh.value
      const last = running.write.lastAttempt ?? started
      if (asOf > Timestamp.add(last, Duration.sum(patience, ahead))) return Option.none()
    }
  }
})
