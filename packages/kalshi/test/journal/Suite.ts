/** What every store of the journal does. */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Scope from "effect/Scope"
import { TestClock } from "effect/testing"
import type * as OrderJournal from "../../src/OrderJournal.ts"
import * as Timestamp from "../../src/Timestamp.ts"
import * as Kit from "./Kit.ts"

const { applied, eventually, ids, intent } = Kit

const at = (millis: number) => Timestamp.fromMillis(millis)

export interface Store {
  readonly name: string
  /** A place of its own for each test, opened as often as it is asked for. */
  readonly place: Effect.Effect<Kit.Opening>
  /** Whether what it holds is there when it is opened again. */
  readonly isKept: boolean
}

export const suite = ({ isKept, name, place }: Store): void => {
  const kept = (what: string, test: () => Effect.Effect<unknown, unknown, Scope.Scope>): void => {
    if (isKept) it.effect(what, test)
  }

  describe(name, () => {
    it.effect("knows a write from its record to its end", () =>
      Effect.gen(function* () {
        const journal = yield* Kit.open(yield* place)
        assert.deepStrictEqual(yield* journal.open, [])
        yield* TestClock.setTime(61_123)
        const entry = yield* journal.record(intent())
        assert.deepStrictEqual(entry, { ...intent(), id: entry.id, at: at(61_123), writer: journal.writer })
        const leaseUntil = at(66_123)
        assert.deepStrictEqual(yield* journal.open, [{ entry, attempts: [], leaseUntil }])
        yield* journal.attempt(entry.id, at(61_500))
        yield* journal.attempt(entry.id, Timestamp.micros(62_000_001))
        const attempts = [at(61_500), Timestamp.micros(62_000_001)]
        assert.deepStrictEqual(yield* journal.open, [{ entry, attempts, leaseUntil }])
        yield* journal.close(entry.id, applied)
        assert.deepStrictEqual(yield* journal.open, [])
      })
    )

    it.effect("tells what is open oldest first", () =>
      Effect.gen(function* () {
        const journal = yield* Kit.open(yield* place)
        const entries = yield* Effect.forEach(["a", "b", "c", "d", "e"], (id) =>
          journal.record(intent({ clientOrderIds: [id] }))
        )
        yield* journal.close(entries[1]?.id ?? "", applied)
        const left = [0, 2, 3, 4].map((index) => entries[index]?.id ?? "")
        assert.deepStrictEqual(ids(yield* journal.open), left)
      })
    )

    it.effect("takes the first end of a write", () =>
      Effect.gen(function* () {
        const journal = yield* Kit.open(yield* place)
        const { id } = yield* journal.record(intent())
        const other = yield* journal.record(intent())
        yield* Effect.all([journal.close(id, applied), journal.close(id, { outcome: "not-sent", summary: "no" })], {
          concurrency: "unbounded"
        })
        yield* journal.close(id, { outcome: "not-applied", summary: "again" })
        assert.deepStrictEqual(ids(yield* journal.open), [other.id])
      })
    )

    it.effect("refuses to note an attempt of what is not open", () =>
      Effect.gen(function* () {
        const journal = yield* Kit.open(yield* place)
        const { id } = yield* journal.record(intent())
        yield* journal.close(id, applied)
        for (const unknown of [id, "unknown"]) {
          const error = yield* Effect.flip(journal.attempt(unknown, at(1)))
          assert.strictEqual(error.message, "the order journal failed (attempt): no write with this id is open")
        }
        yield* journal.close("unknown", applied)
        assert.deepStrictEqual(yield* journal.open, [])
      })
    )

    it.effect("keeps the whole of a write", () =>
      Effect.gen(function* () {
        const layer = yield* place
        const journal = yield* Kit.open(layer)
        assert.isAbove(Kit.whole.body.length, 64 * 1024)
        const entry = yield* journal.record(Kit.whole)
        const reading = isKept ? yield* Kit.open(layer) : journal
        assert.deepStrictEqual(
          (yield* reading.open).map(({ entry }) => entry),
          [{ ...Kit.whole, id: entry.id, at: entry.at, writer: journal.writer }]
        )
      })
    )

    it.effect("gives each of many that record at once an entry of its own", () =>
      Effect.gen(function* () {
        const layer = yield* place
        const journal = yield* Kit.open(layer)
        const entries = yield* Effect.forEach(
          Array.from({ length: 100 }, (_, index) => `c-${index}`),
          (id) => journal.record(intent({ clientOrderIds: [id] })),
          { concurrency: "unbounded" }
        )
        assert.strictEqual(new Set(entries.map(({ id }) => id)).size, 100)
        const reading = isKept ? yield* Kit.open(layer) : journal
        assert.sameDeepMembers(
          (yield* reading.open).map(({ entry }) => entry),
          entries
        )
        yield* Effect.forEach(entries, ({ id }) => journal.close(id, applied), { concurrency: "unbounded" })
        assert.deepStrictEqual(yield* reading.open, [])
      })
    )

    it.effect("leaves nothing open for a caller that was interrupted", () =>
      Effect.gen(function* () {
        const journal = yield* Kit.open(yield* place)
        for (let turns = 0; turns < 8; turns++) {
          const fiber = yield* Effect.forkChild(journal.record(intent()), { startImmediately: true })
          yield* Effect.yieldNow.pipe(Effect.repeat({ times: turns }))
          yield* Fiber.interrupt(fiber)
          const exit = yield* Fiber.await(fiber)
          if (Exit.isSuccess(exit)) yield* journal.close(exit.value.id, applied)
        }
        assert.deepStrictEqual(yield* eventually(journal.open, (opened) => opened.length === 0), [])
        const entry = yield* journal.record(intent())
        assert.deepStrictEqual(ids(yield* journal.open), [entry.id])
      })
    )

    it.effect("throws a switch and takes it back, each scope for itself", () =>
      Effect.gen(function* () {
        const journal = yield* Kit.open(yield* place)
        assert.isUndefined(yield* journal.killed("key-1"))
        const kill = { reason: "loss of the day ≥ $100", at: at(5_000) }
        yield* journal.setKilled("key-1", { reason: "first", at: at(1_000) })
        yield* journal.setKilled("key-1", kill)
        yield* journal.setKilled("key-2", { reason: "", at: at(2_000) })
        assert.deepStrictEqual(yield* journal.killed("key-1"), kill)
        assert.deepStrictEqual(yield* journal.killed("key-2"), { reason: "", at: at(2_000) })
        yield* journal.setKilled("key-2", undefined)
        assert.isUndefined(yield* journal.killed("key-2"))
        assert.deepStrictEqual(yield* journal.killed("key-1"), kill)
      })
    )

    it.effect("renews the lease while something is open", () =>
      Effect.gen(function* () {
        const journal = yield* Kit.open(yield* place)
        const leaseUntil = Effect.map(journal.open, ([first]) => first?.leaseUntil ?? at(0))
        const { id } = yield* journal.record(intent())
        assert.strictEqual(yield* leaseUntil, at(5_000))
        for (const seconds of [2, 4, 6, 8, 10, 12]) {
          yield* TestClock.setTime(seconds * 1000)
          const until = yield* eventually(leaseUntil, (until) => until > at(seconds * 1000 + 3_000))
          assert.isAbove(until, at(seconds * 1000 + 3_000))
          assert.isAtMost(until, at(seconds * 1000 + 5_000))
        }
        yield* journal.close(id, applied)
      })
    )

    it.effect("does nothing any more once it is closed", () =>
      Effect.gen(function* () {
        const scope = yield* Scope.make()
        const journal = yield* Scope.provide(Kit.open(yield* place), scope)
        const { id } = yield* journal.record(intent())
        yield* Scope.close(scope, Exit.void)
        const effects: ReadonlyArray<Effect.Effect<unknown, OrderJournal.JournalError>> = [
          journal.record(intent()),
          journal.attempt(id, at(1)),
          journal.close(id, applied),
          journal.open,
          journal.killed("x"),
          journal.setKilled("x", undefined)
        ]
        for (const effect of effects) assert.include((yield* Effect.flip(effect)).message, "it is closed")
      })
    )

    kept("is the same when it is opened again", () =>
      Effect.gen(function* () {
        const layer = yield* place
        const kill = { reason: "stop", at: at(7) }
        const before = yield* Effect.scoped(
          Effect.gen(function* () {
            const journal = yield* Kit.open(layer)
            const first = yield* journal.record(intent({ clientOrderIds: ["first"] }))
            const second = yield* journal.record(intent({ clientOrderIds: ["second"] }))
            yield* journal.attempt(second.id, at(9))
            yield* journal.close(first.id, applied)
            yield* journal.setKilled("key-1", kill)
            yield* journal.setKilled("key-2", kill)
            yield* journal.setKilled("key-2", undefined)
            return { second, writer: journal.writer }
          })
        )
        const journal = yield* Kit.open(layer)
        assert.notStrictEqual(journal.writer, before.writer)
        assert.deepStrictEqual(yield* journal.open, [{ entry: before.second, attempts: [at(9)], leaseUntil: at(0) }])
        assert.deepStrictEqual(yield* journal.killed("key-1"), kill)
        assert.isUndefined(yield* journal.killed("key-2"))
        // it is another's, whose end it may say
        yield* journal.close(before.second.id, { outcome: "not-applied", summary: "looked for" })
        assert.deepStrictEqual(yield* journal.open, [])
      })
    )

    kept("sees what another writer does, and until when it is alive", () =>
      Effect.gen(function* () {
        const layer = yield* place
        const gone = yield* Kit.openStill(layer)
        const journal = yield* Kit.open(layer)
        const theirs = yield* gone.record(intent())
        const ours = yield* journal.record(intent())
        const leases = Effect.map(journal.open, (opened) =>
          opened.map(({ entry, leaseUntil }) => [entry.id, leaseUntil] as const)
        )
        assert.deepStrictEqual(yield* leases, [
          [theirs.id, at(5_000)],
          [ours.id, at(5_000)]
        ])
        for (const seconds of [2, 4, 6]) {
          yield* TestClock.setTime(seconds * 1000)
          const seen = yield* eventually(leases, (seen) => (seen[1]?.[1] ?? 0) > at(seconds * 1000 + 3_000))
          assert.strictEqual(seen[0]?.[1], at(5_000))
          assert.isAbove(seen[1]?.[1] ?? 0, at(seconds * 1000 + 3_000))
        }
        yield* gone.attempt(theirs.id, at(3))
        yield* journal.close(ours.id, applied)
        assert.deepStrictEqual(
          (yield* journal.open).map(({ attempts, entry }) => [entry.id, attempts]),
          [[theirs.id, [at(3)]]]
        )
        yield* journal.close(theirs.id, applied)
        assert.strictEqual((yield* Effect.flip(gone.attempt(theirs.id, at(4))))._tag, "JournalError")
      })
    )

    kept("ends its lease when it is closed, so that nobody need wait", () =>
      Effect.gen(function* () {
        const layer = yield* place
        const scope = yield* Scope.make()
        const gone = yield* Scope.provide(Kit.open(layer), scope)
        const { id } = yield* gone.record(intent())
        yield* TestClock.setTime(1_000)
        const journal = yield* Kit.open(layer)
        assert.deepStrictEqual(
          (yield* journal.open).map(({ leaseUntil }) => leaseUntil),
          [at(5_000)]
        )
        yield* Scope.close(scope, Exit.void)
        assert.deepStrictEqual(
          (yield* journal.open).map(({ entry, leaseUntil }) => [entry.id, leaseUntil]),
          [[id, at(1_000)]]
        )
      })
    )
  })
}
