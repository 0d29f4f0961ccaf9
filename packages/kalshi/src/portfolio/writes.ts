/**
 * Writes that go on when their caller leaves.
 *
 * Each runs in a fibre of its own. Whoever leaves before its first byte does
 * calls it off; after that it goes on, and its outcome reaches the journal and
 * the stream of outcomes. A caller waits for a lost answer until the deadline
 * and is told `OutcomeUnknown` then, while the looking goes on.
 */
import * as Cause from "effect/Cause"
import * as SecureRandom from "effect/crypto/SecureRandom"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Option from "effect/Option"
import * as PubSub from "effect/PubSub"
import * as Result from "effect/Result"
import * as Stream from "effect/Stream"
import * as Contracts from "../Contracts.ts"
import { Guard } from "../guard/Service.ts"
import * as write from "../internal/write.ts"
import type { Closing } from "../journal/Entry.ts"
import { OrderJournal } from "../journal/Service.ts"
import * as KalshiError from "../KalshiError.ts"
import type { Identity, Outcome } from "../models/Outcome.ts"
import * as Resolution from "../Resolution.ts"
import * as Timestamp from "../Timestamp.ts"

/** What was seen of a write whose answer is lost, and what lost it. */
export interface Lost {
  readonly cause: KalshiError.KalshiError
  readonly evidence: KalshiError.OutcomeUnknown["evidence"]
}

/** A write under way, as whoever sends it and looks for it has it. */
export interface Running {
  readonly write: write.Write
  /** Hears that the answer is lost, and each time what was seen since. */
  readonly lost: (lost: Lost) => Effect.Effect<void>
  /** Why nobody will find out by looking on. */
  readonly stillUnknown: (cause: KalshiError.KalshiError) => KalshiError.OutcomeUnknown
}

/** A kind of write. */
export interface Kind<A, E> {
  readonly fail: (
    reason: KalshiError.OutcomeUnknown | KalshiError.ShuttingDown,
    sent?: { readonly attempts: number; readonly uncertain: boolean },
    clientOrderIds?: ReadonlyArray<string>
  ) => E
  readonly tell: (which: Identity, result: Result.Result<A, E>) => Outcome
  /** What the answer says to the journal; `undefined` leaves its entry open. */
  readonly closing?: (answer: A) => Closing | undefined
}

/** The writes of a service. */
export interface Writes {
  readonly run: <A, E extends KalshiError.KalshiError>(
    kind: Kind<A, E>,
    facts: write.Facts,
    work: (running: Running) => Effect.Effect<A, E>,
    /** What the caller is told at the deadline; without it the failure. */
    sofar?: (unknown: E) => Effect.Effect<A, E>
  ) => Effect.Effect<A, E>
  /** What became of writes whose caller left, or was told `OutcomeUnknown`. */
  readonly outcomes: Stream.Stream<Outcome>
  /** Waits for what became of a write that failed with `OutcomeUnknown`; none for any other error. */
  readonly settled: (error: KalshiError.KalshiError) => Effect.Effect<Option.Option<Outcome>>
}

// how long an answer waits until its entry is closed
const PATIENCE = "1 second"
// how many writes that were told unknown are remembered
const REMEMBERED = 10_000

const answered: Closing = { outcome: "applied", summary: "answered" }

const ofFailure = (error: KalshiError.KalshiError): Closing | undefined => {
  const { attempts, outcome, reason } = error
  if (outcome === "unknown") return undefined
  return { outcome: attempts === 0 ? "not-sent" : outcome, summary: reason._tag }
}

const unseen = ({ lastAttempt }: write.Write): Lost["evidence"] => {
  const at = lastAttempt ?? Timestamp.micros(0)
  return { lastAttempt: at, looks: 0, provenFrom: at }
}

const resultOf = <A, E>(exit: Exit.Exit<A, E>): Result.Result<A, E> | undefined =>
  Exit.isSuccess(exit)
    ? Result.succeed(exit.value)
    : Option.getOrUndefined(Option.map(Cause.findErrorOption(exit.cause), (error) => Result.fail(error)))

const remember = <A>(map: Map<string, A>, key: string, value: A): void => {
  map.set(key, value)
  const oldest = map.keys().next()
  if (map.size > REMEMBERED && oldest.done !== true) map.delete(oldest.value)
}

/** Makes the writes of a service; its scope ends when they have, or after a while. */
export const make = Effect.gen(function* () {
  const journal = yield* OrderJournal
  const guard = yield* Guard
  const random = yield* SecureRandom.SecureRandom
  const resolution = yield* Resolution.Resolution
  const outcomes = yield* PubSub.unbounded<Outcome>()
  const prefix = yield* random.uuidV4()
  const open = new Set<Fiber.Fiber<void>>()
  const untold = new Map<string, Deferred.Deferred<Outcome>>()
  let count = 0
  let closing = false

  /** Tells the guard of what it had let in and was called off. */
  const release = ({ admitted, facts, phase }: write.Write): Effect.Effect<void> =>
    admitted && phase !== "sent"
      ? Effect.forEach(
          facts.exposures?.() ?? [],
          ({ key }) => guard.settle({ key, remaining: Contracts.zero, filled: Contracts.zero }),
          { discard: true }
        )
      : Effect.void

  /** Closes an entry; a journal that hangs keeps nobody from the answer. */
  const close = ({ entry }: write.Write, end: Closing | undefined): Effect.Effect<void> => {
    if (entry === undefined || end === undefined) return Effect.void
    const closing = Effect.catch(journal.close(entry.id, end), (error) =>
      // it is looked up once more when it is recovered
      Effect.logWarning("a write has ended and its entry could not be closed", error)
    )
    return Effect.flatMap(Effect.forkDetach(closing, { startImmediately: true }), (fiber) =>
      Effect.asVoid(Effect.timeoutOption(Fiber.await(fiber), PATIENCE))
    )
  }

  const run: Writes["run"] = <A, E extends KalshiError.KalshiError>(
    kind: Kind<A, E>,
    facts: write.Facts,
    work: (running: Running) => Effect.Effect<A, E>,
    sofar: (unknown: E) => Effect.Effect<A, E> = Effect.fail
  ) =>
    Effect.uninterruptibleMask((restore) =>
      Effect.suspend(() => {
        if (closing) return Effect.fail(kind.fail(new KalshiError.ShuttingDown()))
        const under = new write.Write(facts)
        const name = `${prefix}-${++count}`
        const idOf = () => under.entry?.id ?? name
        const answer = Deferred.makeUnsafe<A, E>()
        const isLost = Deferred.makeUnsafe<void>()
        let lost: Lost | undefined
        // set once nobody waits for the answer any more
        let left = false
        let outcome: Outcome | undefined

        const unknown = ({ cause, evidence }: Lost) =>
          new KalshiError.OutcomeUnknown({ writeId: idOf(), cause: cause.reason.message, evidence })

        const told: Effect.Effect<void> = Effect.suspend(() => {
          if (!left || outcome === undefined) return Effect.void
          const waiting = untold.get(outcome.writeId)
          if (waiting !== undefined) Deferred.doneUnsafe(waiting, Exit.succeed(outcome))
          return Effect.asVoid(PubSub.publish(outcomes, outcome))
        })

        const ended = (exit: Exit.Exit<A, E>): Effect.Effect<void> => {
          const result = resultOf(exit)
          let end: Closing | undefined
          let released: Effect.Effect<void> = Effect.void
          if (result === undefined) {
            // it was called off, or its layer closed before it had an end
            released = release(under)
            end = under.phase === "sent" ? undefined : { outcome: "not-sent", summary: "called off" }
          } else {
            const { clientOrderIds = [], orderIds = [] } = facts
            outcome = kind.tell({ writeId: idOf(), clientOrderIds, orderIds }, result)
            end = Result.isFailure(result)
              ? ofFailure(result.failure)
              : (kind.closing ?? (() => answered))(result.success)
          }
          // closed before it is told: what its caller does next to the order is not taken for a part of it
          return released.pipe(
            Effect.andThen(close(under, end)),
            Effect.andThen(Deferred.done(answer, exit)),
            Effect.andThen(told)
          )
        }

        const running: Running = {
          write: under,
          lost: (seen) =>
            Effect.suspend(() => {
              lost = seen
              return Effect.asVoid(Deferred.succeed(isLost, undefined))
            }),
          stillUnknown: (cause) => unknown({ cause, evidence: lost?.evidence ?? unseen(under) })
        }

        const going = work(running).pipe(
          Effect.provideService(write.Current, under),
          Effect.onExit(ended),
          Effect.exit,
          Effect.asVoid
        )

        const overdue = Deferred.await(isLost).pipe(
          Effect.andThen(Effect.flatMap(Resolution.Resolution, ({ deadline }) => Effect.sleep(deadline))),
          Effect.andThen(
            Effect.suspend(() => {
              if (lost === undefined) return Effect.never
              const { cause } = lost
              remember(untold, idOf(), Deferred.makeUnsafe<Outcome>())
              left = true
              const sent = { attempts: cause.attempts, uncertain: cause.uncertain === true }
              return sofar(kind.fail(unknown(lost), sent, facts.clientOrderIds))
            })
          )
        )

        return Effect.flatMap(Effect.forkDetach(going, { startImmediately: true }), (fiber) => {
          open.add(fiber)
          fiber.addObserver(() => open.delete(fiber))
          return restore(Effect.raceFirst(Deferred.await(answer), overdue)).pipe(
            Effect.onInterrupt(() => {
              if (under.callOff()) return Fiber.interrupt(fiber)
              left = true
              return told
            })
          )
        })
      })
    )

  yield* Effect.addFinalizer(
    Effect.fnUntraced(function* () {
      closing = true
      yield* Effect.timeoutOption(Fiber.awaitAll(Array.from(open)), resolution.closing)
      yield* Fiber.interruptAll(Array.from(open))
      yield* PubSub.shutdown(outcomes)
    })
  )

  const writes: Writes = {
    run,
    outcomes: Stream.fromPubSub(outcomes),
    settled: (error) =>
      Effect.suspend(() => {
        const waiting = error.reason._tag === "OutcomeUnknown" ? untold.get(error.reason.writeId) : undefined
        return waiting === undefined ? Effect.succeedNone : Effect.asSome(Deferred.await(waiting))
      })
  }
  return writes
})
