import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import * as Scope from "effect/Scope"
import * as SqlClient from "effect/sql/SqlClient"
import { TestClock } from "effect/testing"
import * as OrderJournal from "../../src/OrderJournal.ts"
import * as Kit from "./Kit.ts"
import * as Postgres from "./Postgres.ts"

const { applied, eventually, ids, intent } = Kit

describe.skipIf(Postgres.url === undefined)("OrderJournal.layerSql, in PostgreSQL", () => {
  beforeAll(Postgres.make)
  afterAll(Postgres.drop)

  const count = (table: string) =>
    Effect.flatMap(SqlClient.SqlClient, (sql) =>
      Effect.map(sql<{ n: string }>`SELECT CAST(count(*) AS text) AS n FROM ${sql(table)}`, ([row]) => Number(row?.n))
    )

  it.effect("makes its tables once, though many open it at the same time", () =>
    Effect.gen(function* () {
      const journals = yield* Effect.forEach([1, 2, 3, 4], () => Kit.open(Postgres.journal({ table: "together" })), {
        concurrency: "unbounded"
      })
      const entries = yield* Effect.forEach(journals, (journal) => journal.record(intent()))
      for (const journal of journals)
        assert.sameMembers(
          [...ids(yield* journal.open)],
          entries.map(({ id }) => id)
        )
      assert.strictEqual(yield* count("together_migrations"), 1)
    }).pipe(Effect.provide(Postgres.layer))
  )

  it.effect("has one row for the lease of a writer, and writes none while nothing is open", () =>
    Effect.gen(function* () {
      const scope = yield* Scope.make()
      const journal = yield* Scope.provide(Kit.open(Postgres.journal({ table: "leases" })), scope)
      yield* TestClock.adjust("1 minute")
      assert.strictEqual(yield* count("leases_leases"), 0)
      const { id } = yield* journal.record(intent())
      const leaseUntil = Effect.map(journal.open, ([first]) => first?.leaseUntil ?? 0)
      for (const seconds of [62, 64]) {
        yield* TestClock.setTime(seconds * 1000)
        const until = yield* eventually(leaseUntil, (until) => until > (seconds + 3) * 1_000_000)
        assert.isAbove(until, (seconds + 3) * 1_000_000)
      }
      assert.strictEqual(yield* count("leases_leases"), 1)
      yield* journal.close(id, applied)
      yield* Scope.close(scope, Exit.void)
      assert.strictEqual(yield* count("leases_leases"), 1)
      assert.strictEqual(yield* count("leases_entries"), 1)
      assert.strictEqual(yield* count("leases_closings"), 1)
    }).pipe(Effect.provide(Postgres.layer))
  )

  it.effect("writes outside of a transaction of its caller", () =>
    Effect.gen(function* () {
      const sql = yield* SqlClient.SqlClient
      const shared = OrderJournal.layerSql({ table: "outside" }).pipe(
        Layer.provide(Layer.succeed(SqlClient.SqlClient, sql))
      )
      const journal = yield* Kit.open(shared)
      const rolledBack = yield* Effect.exit(
        sql.withTransaction(Effect.andThen(journal.record(intent()), Effect.fail("rolled back")))
      )
      assert.isTrue(Exit.isFailure(rolledBack))
      const [first] = ids(yield* journal.open)
      assert.isDefined(first)
      yield* Effect.exit(
        sql.withTransaction(Effect.andThen(journal.close(first ?? "", applied), Effect.fail("rolled back")))
      )
      assert.deepStrictEqual(yield* journal.open, [])
    }).pipe(Effect.provide(Postgres.layer))
  )

  it.effect("fails where the database does", () =>
    Effect.gen(function* () {
      const sql = yield* SqlClient.SqlClient
      const journal = yield* Kit.open(Postgres.journal({ table: "broken" }))
      yield* sql`ALTER TABLE broken_entries RENAME TO broken_elsewhere`
      const error = yield* Effect.flip(journal.record(intent()))
      assert.match(error.message, /^the order journal failed \(record\): the database says: /)
      assert.strictEqual((yield* Effect.flip(journal.open)).operation, "read")
      yield* sql`ALTER TABLE broken_elsewhere RENAME TO broken_entries`
      const { id } = yield* journal.record(intent())
      assert.deepStrictEqual(ids(yield* journal.open), [id])
      const nul = yield* Effect.flip(journal.record(intent({ body: "\u0000" })))
      assert.strictEqual(nul.operation, "record")
    }).pipe(Effect.provide(Postgres.layer))
  )
})
