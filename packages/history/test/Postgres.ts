/** A schema of its own in a PostgreSQL server, where one answers. */
import * as PgClient from "@effect/sql-pg/PgClient"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as SqlClient from "effect/sql/SqlClient"
import { inject } from "vitest"

/** Where it answers, if it does. */
export const url = inject("postgres")

export const schema = `history_sink_${process.pid}_${Date.now()}`

const config = { url: Redacted.make(url ?? ""), connectTimeout: "2 seconds", maxConnections: 4 } as const

const run = <A, E>(effect: Effect.Effect<A, E, SqlClient.SqlClient>): Promise<A> =>
  Effect.runPromise(Effect.scoped(Effect.provide(effect, Layer.orDie(PgClient.layer(config)))))

export const make = () => run(SqlClient.SqlClient.use((sql) => sql`CREATE SCHEMA ${sql(schema)}`))

export const drop = () => run(SqlClient.SqlClient.use((sql) => sql`DROP SCHEMA ${sql(schema)} CASCADE`))

/** A client whose tables are in the schema, and which takes snake case for camel case, as some programs have it. */
export const layer = Layer.orDie(
  PgClient.layer({
    ...config,
    startupParameters: { search_path: schema },
    transformQueryNames: (name) => `${name}_transformed`,
    transformResultNames: (name) => `${name}Transformed`
  })
)
