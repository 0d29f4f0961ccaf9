/**
 * The journal over a store: names, leases, and closings that are not lost when
 * the store fails for a while.
 */
import * as Cause from "effect/Cause"
import * as SecureRandom from "effect/crypto/SecureRandom"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Latch from "effect/Latch"
import type * as Scope from "effect/Scope"
import * as Timestamp from "../Timestamp.ts"
import type { Closing, Entry, Kill, Open } from "./Entry.ts"
import type { Lease } from "./records.ts"
import { JournalError, OrderJournal } from "./Service.ts"

/** Why a store could not do what it was asked for. */
export interface Fault {
  readonly description: string
  readonly cause?: unknown
}

/** Keeps records: each is durable when its effect has ended. */
export interface Store {
  /** Keeps an entry, and with it or before it that its writer lives until then. */
  readonly record: (entry: Entry, leaseUntil: Timestamp.Timestamp) => Effect.Effect<void, Fault>
  /** False where the id is of no entry that is open. */
  readonly attempt: (id: string, at: Timestamp.Timestamp) => Effect.Effect<boolean, Fault>
  /** Changes nothing where the id is of no entry that is open. */
  readonly close: (id: string, closing: Closing, at: Timestamp.Timestamp) => Effect.Effect<void, Fault>
  readonly lease: (lease: Lease) => Effect.Effect<void, Fault>
  readonly open: Effect.Effect<ReadonlyArray<Open>, Fault>
  readonly killed: (scope: string) => Effect.Effect<Kill | undefined, Fault>
  readonly setKilled: (scope: string, kill: Kill | undefined, at: Timestamp.Timestamp) => Effect.Effect<void, Fault>
}

/** How long a writer counts as alive after it was last heard of. */
export const LEASE = Duration.seconds(5)
// what the last words of a journal may take
const GOODBYE = "2 seconds"

const NOT_SENT: Closing = {
  outcome: "not-sent",
  summary: "recorded for a caller that was told it failed, or that was interrupted"
}

const CLOSED: Fault = { description: "it is closed" }

export const failed =
  (operation: JournalError["operation"]) =>
  (fault: Fault): JournalError =>
    new JournalError({
      operation,
      description: fault.description,
      ...(fault.cause === undefined ? {} : { cause: fault.cause })
    })

/** Makes a journal of a store. */
export const make = Effect.fnUntraced(function* (
  store: Store,
  options: { readonly lease?: Duration.Input | undefined } = {}
): Effect.fn.Return<OrderJournal["Service"], never, SecureRandom.SecureRandom | Scope.Scope> {
  const writer = yield* (yield* SecureRandom.SecureRandom).uuidV4()
  const scope = yield* Effect.scope
  const lease = Duration.fromInputUnsafe(options.lease ?? LEASE)

  let count = 0
  let isClosed = false
  let hasLease = false
  /** The ids of the entries for whose sake the lease is renewed. */
  const held = new Set<string>()
  /** Closings that are not known to be durable: they are tried again. */
  const unsaid = new Map<string, Closing>()
  const busy = yield* Latch.make()

  const whileOpen =
    (operation: JournalError["operation"]) =>
    <A>(effect: Effect.Effect<A, Fault>): Effect.Effect<A, JournalError> =>
      Effect.mapError(
        Effect.suspend(() => (isClosed ? Effect.fail(CLOSED) : effect)),
        failed(operation)
      )

  /** Nobody waits for the end of the entry any more, or all of it is known. */
  const letGo = (id: string, closing: Closing): void => {
    held.delete(id)
    unsaid.set(id, unsaid.get(id) ?? closing)
    busy.openUnsafe()
  }

  const say = Effect.fnUntraced(function* (id: string, closing: Closing) {
    yield* store.close(id, closing, yield* Timestamp.now)
    unsaid.delete(id)
  })

  const sayAll = Effect.suspend(() =>
    Effect.forEach(
      [...unsaid],
      ([id, closing]) =>
        say(id, closing).pipe(
          // the others first, the next time: it may be this one that cannot be written
          Effect.onError(() => Effect.sync(() => unsaid.delete(id) && unsaid.set(id, closing)))
        ),
      { discard: true }
    )
  )

  const renew = Effect.gen(function* () {
    yield* store.lease({ writer, until: Timestamp.add(yield* Timestamp.now, lease), ended: false })
  })

  const goodbye = Effect.gen(function* () {
    if (hasLease) yield* store.lease({ writer, until: yield* Timestamp.now, ended: true })
    yield* sayAll
  })

  yield* Effect.addFinalizer(() => {
    isClosed = true
    // without it the lease lapses by itself
    return goodbye.pipe(
      Effect.timeoutOption(GOODBYE),
      Effect.catchCause((cause) => Effect.logDebug("the order journal could not end its lease", cause))
    )
  })

  const beat = Effect.suspend(() => {
    if (held.size === 0 && unsaid.size === 0) return Effect.asVoid(busy.close)
    const renewing = held.size === 0 ? Effect.void : renew
    return Effect.andThen(Effect.ignore(renewing, { log: "Debug" }), Effect.ignore(sayAll, { log: "Debug" }))
  })

  yield* busy.await.pipe(
    Effect.andThen(Effect.sleep(Duration.divideUnsafe(lease, 3))),
    Effect.andThen(beat),
    Effect.forever,
    Effect.forkIn(scope)
  )

  const write = Effect.fnUntraced(function* (entry: Entry, leaseUntil: Timestamp.Timestamp) {
    yield* store.record(entry, leaseUntil)
    // from then on others may take it for lost and look for it: too late to send it
    if ((yield* Timestamp.now) >= leaseUntil) {
      return yield* Effect.fail<Fault>({ description: "it took longer than the lease of its writer" })
    }
  })

  const abandon = (id: string): Effect.Effect<void> => {
    letGo(id, NOT_SENT)
    return say(id, NOT_SENT).pipe(Effect.ignore({ log: "Debug" }), Effect.forkIn(scope), Effect.asVoid)
  }

  return OrderJournal.of({
    writer,
    record: (intent) =>
      Effect.uninterruptibleMask((restore) =>
        Effect.gen(function* () {
          const at = yield* Timestamp.now
          const entry: Entry = { ...intent, id: `${writer}-${++count}`, at, writer }
          held.add(entry.id)
          hasLease = true
          busy.openUnsafe()
          // apart, so that a caller that is interrupted leaves no entry behind that seems to be under way
          const writing = yield* write(entry, Timestamp.add(at, lease)).pipe(
            Effect.onError(() => abandon(entry.id)),
            Effect.forkIn(scope, { startImmediately: true })
          )
          const exit = yield* restore(Fiber.await(writing)).pipe(
            Effect.onInterrupt(() =>
              Fiber.await(writing).pipe(
                Effect.andThen((exit) => (Exit.isSuccess(exit) ? abandon(entry.id) : Effect.void)),
                Effect.forkIn(scope)
              )
            )
          )
          if (Exit.isSuccess(exit)) return entry
          return yield* Cause.hasInterruptsOnly(exit.cause) ? Effect.fail(CLOSED) : Effect.failCause(exit.cause)
        })
      ).pipe(whileOpen("record")),
    attempt: (id, at) =>
      store.attempt(id, at).pipe(
        Effect.filterOrFail(
          (isOpen) => isOpen,
          (): Fault => ({ description: "no write with this id is open" })
        ),
        Effect.asVoid,
        whileOpen("attempt")
      ),
    close: (id, closing) =>
      Effect.suspend(() => {
        letGo(id, closing)
        return say(id, closing)
      }).pipe(whileOpen("close")),
    open: whileOpen("read")(store.open),
    killed: (scope) => whileOpen("read")(store.killed(scope)),
    setKilled: (scope, kill) =>
      Effect.flatMap(Timestamp.now, (at) => store.setKilled(scope, kill, at)).pipe(whileOpen("kill"))
  })
})
