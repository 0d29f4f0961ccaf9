/**
 * The journal on disk.
 */
import * as SecureRandom from "effect/crypto/SecureRandom"
import * as Deferred from "effect/Deferred"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type * as FileSystem from "effect/FileSystem"
import * as Layer from "effect/Layer"
import type * as Path from "effect/Path"
import type * as Scope from "effect/Scope"
import * as Semaphore from "effect/Semaphore"
import { compact } from "./compact.ts"
import * as lines from "./lines.ts"
import * as Log from "./log.ts"
import * as make from "./make.ts"
import * as records from "./records.ts"
import { type JournalError, OrderJournal } from "./Service.ts"

/**
 * Where a journal is on disk, and how.
 *
 * @since 0.1.0
 * @category models
 */
export interface FileOptions {
  /** The file; it and its folder are made where they are absent. */
  readonly path: string
  /** Whether each record is on the disk itself when it counts as durable; without, it survives the process, not the machine. Default true. */
  readonly sync?: boolean | undefined
  /** How long a writer counts as alive after it was last heard of. Default 5 seconds. */
  readonly lease?: Duration.Input | undefined
  /** The size in bytes above which a file of which more than half is over is made smaller when it is opened. Default 4 MiB. */
  readonly compactAbove?: number | undefined
}

const COMPACT_ABOVE = 4 * 1024 * 1024

/** A line that waits to be written. */
interface Pending {
  readonly line: Uint8Array
  /** The entry that must be open for it to be written, and whether it ends it. */
  readonly about?: { readonly id: string; readonly isLast: boolean } | undefined
  /** False where it was not written, since its entry is not open. */
  readonly done: Deferred.Deferred<boolean, make.Fault>
}

const store = Effect.fnUntraced(function* (
  options: FileOptions
): Effect.fn.Return<make.Store, make.Fault, FileSystem.FileSystem | Path.Path | Scope.Scope> {
  const { path, sync = true } = options
  const turn = Semaphore.makeUnsafe(1)
  const alone = <A>(effect: Effect.Effect<A, make.Fault>): Effect.Effect<A, make.Fault> =>
    // a write that is under way is not left alone
    Effect.uninterruptible(turn.withPermit(effect))

  const log = yield* Effect.acquireRelease(Log.make({ path, sync }), ({ end }) => turn.withPermit(end))
  yield* compact(path, log, options.compactAbove ?? COMPACT_ABOVE)

  let pending: Array<Pending> = []
  let isCalled = false

  /** Those of a group that are about entries which are open, the first end of each included. */
  const wanted = Effect.fnUntraced(function* (group: ReadonlyArray<Pending>) {
    if (group.every(({ about }) => about === undefined)) return group
    const { state } = yield* log.refresh
    const ended = new Set<string>()
    return group.filter(({ about }) => {
      if (about === undefined) return true
      const isOpen = state.entries.has(about.id) && !ended.has(about.id)
      if (about.isLast) ended.add(about.id)
      return isOpen
    })
  })

  // one write, and one sync, for all that have come together meanwhile
  const flush = Effect.suspend(() => {
    const group = pending
    pending = []
    isCalled = false
    return wanted(group).pipe(
      Effect.tap((written) => (written.length === 0 ? Effect.void : log.add(written.map(({ line }) => line)))),
      Effect.map((written) => new Set(written)),
      Effect.exit,
      Effect.map((exit) => {
        for (const one of group) {
          Deferred.doneUnsafe(
            one.done,
            Exit.map(exit, (written) => written.has(one))
          )
        }
      })
    )
  })

  const append = (record: records.Record, about?: Pending["about"]): Effect.Effect<boolean, make.Fault> =>
    lines.encode(record).pipe(
      Effect.mapError(Log.fault("it cannot be put in words")),
      Effect.flatMap((line) => {
        const done = Deferred.makeUnsafe<boolean, make.Fault>()
        pending.push({ line, about, done })
        // one of them waits for its turn and writes for all; with one each, the groups would be of one
        const isFirst = !isCalled
        isCalled = true
        return isFirst ? Effect.andThen(alone(flush), Deferred.await(done)) : Deferred.await(done)
      }),
      Effect.uninterruptible
    )

  const read = <A>(of: (state: records.State) => A): Effect.Effect<A, make.Fault> =>
    alone(Effect.map(log.refresh, ({ state }) => of(state)))

  return {
    record: (entry, leaseUntil) => Effect.asVoid(append({ _tag: "entry", entry, leaseUntil })),
    attempt: (id, at) => append({ _tag: "attempt", id, at }, { id, isLast: false }),
    close: (id, closing, at) => Effect.asVoid(append({ _tag: "closed", id, closing, at }, { id, isLast: true })),
    lease: (lease) => Effect.asVoid(append({ _tag: "lease", ...lease })),
    open: read(records.open),
    killed: (scope) => read(({ kills }) => kills.get(scope)),
    setKilled: (scope, kill, at) =>
      Effect.asVoid(append({ _tag: "kill", scope, ...(kill === undefined ? {} : { kill }), at }))
  }
})

/**
 * A journal in a file of its own that is only ever added to, one line a record:
 * a checksum and JSON. Several processes may write to it at once, on one
 * machine.
 *
 * A last line that was torn by a crash is left out, and so is a damaged one,
 * which is logged; neither takes another with it. Records of several callers
 * that come together are made durable together. A file of which little is still
 * needed is made smaller when it is opened while no other writer is alive.
 *
 * Fails with a `JournalError` (`open`) where the file cannot be opened and
 * read, is something else, or is of a later version.
 *
 * @since 0.1.0
 * @category layers
 */
export const layerFile = (
  options: FileOptions
): Layer.Layer<OrderJournal, JournalError, FileSystem.FileSystem | Path.Path> =>
  Layer.effect(
    OrderJournal,
    store(options).pipe(
      Effect.mapError(make.failed("open")),
      Effect.flatMap((store) => make.make(store, options))
    )
  ).pipe(Layer.provide(SecureRandom.layerWebCrypto))
