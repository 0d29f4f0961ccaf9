/** A schema of its own in a PostgreSQL server, where one answers. */
import * as PgClient from "@effect/sql-pg/PgClient"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as SqlClient from "effect/sql/SqlClient"
import * as OrderJournal from "../../src/OrderJournal.ts"
import type * as Kit from "./Kit.ts"

export const url = process.env["DATABASE_URL"] ?? "postgres://root@127.0.0.1:5432/test"

const schema = `order_journal_${process.pid}_${Date.now()}`

const config = { url: Redacted.make(url), connectTimeout: "2 seconds", maxConnections: 4 } as const

export const run = <A, E>(effect: Effect.Effect<A, E, SqlClient.SqlClient>): Effect.Effect<A, E> =>
  Effect.scoped(Effect.provide(effect, Layer.orDie(PgClient.layer(config))))

/** Why there is none, or nothing where there is one. */
export const absent: Effect.Effect<string | undefined> = run(
  Effect.flatMap(SqlClient.SqlClient, (sql) => sql`SELECT 1`)
).pipe(
  Effect.as(undefined),
  Effect.catchCause((cause) =>
    process.env["REQUIRE_POSTGRES"] === "1"
      ? Effect.die(Cause.squash(cause))
      : Effect.succeed(`no PostgreSQL at ${url.replace(/\/\/.*@/, "//")}`)
  )
)

export const make = run(Effect.flatMap(SqlClient.SqlClient, (sql) => sql`CREATE SCHEMA ${sql(schema)}`))

export const drop = run(Effect.flatMap(SqlClient.SqlClient, (sql) => sql`DROP SCHEMA ${sql(schema)} CASCADE`))

/** A client whose tables are in the schema. */
export const layer = Layer.orDie(PgClient.layer({ ...config, startupParameters: { search_path: schema } }))

export const journal = (options: OrderJournal.SqlOptions): Kit.Opening =>
  OrderJournal.layerSql(options).pipe(Layer.provide(layer))
