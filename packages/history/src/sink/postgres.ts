/**
 * Records into a table of PostgreSQL.
 */
import * as Effect from "effect/Effect"
import * as Pull from "effect/Pull"
import type { SchemaError } from "effect/Schema"
import * as Sink from "effect/Sink"
import * as SqlClient from "effect/sql/SqlClient"
import type { SqlError } from "effect/sql/SqlError"
import * as cell from "../format/cell.ts"
import { unsayable } from "../format/text.ts"
import type { Kind } from "../Kind.ts"
import { AnotherTable, because, Database, type SinkError, Unsayable } from "./error.ts"
import * as Table from "./table.ts"

/**
 * Which table records go into, and how.
 *
 * @since 0.1.0
 * @category models
 */
export interface PostgresOptions {
  /** The table, with its schema before a dot where it is not of the search path. Default `kalshi_` and the kind, as `kalshi_fills`. */
  readonly table?: string | undefined
  /** How many records are written by one statement, 1 at least. Default 2000. */
  readonly batch?: number | undefined
}

/**
 * A table that records were written to, and how many were; those that were
 * there already count.
 *
 * @since 0.1.0
 * @category models
 */
export interface Stored {
  readonly table: string
  readonly records: number
}

/** How many records are written by one statement, where nothing is said. */
export const BATCH = 2000

/** Makes one statement of any number of records: an array of texts a column. */
const upsert = <A>({ columns, keyColumns }: Kind<A>, table: string): string => {
  const names = columns.map(({ name }) => Table.quoteColumn(name))
  const arrays = columns.map(({ type }, index) => `CAST($${index + 1} AS ${Table.typeOf[type]}[])`)
  const others = columns.filter(({ name }) => !keyColumns.includes(name)).map(({ name }) => Table.quoteColumn(name))
  const row = (of: string) => `(${others.map((name) => `${of}.${name}`).join(", ")})`
  return `INSERT INTO ${Table.quote(table)} AS kept (${names.join(", ")})
    SELECT * FROM unnest(${arrays.join(", ")})
    ON CONFLICT (${keyColumns.map(Table.quoteColumn).join(", ")}) DO UPDATE
    SET ${others.map((name) => `${name} = EXCLUDED.${name}`).join(", ")}
    WHERE ${row("kept")} IS DISTINCT FROM ${row("EXCLUDED")}`
}

const element = (text: string | undefined): string =>
  text === undefined ? "NULL" : `"${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`

const problem = (text: string): string | undefined =>
  text.includes("\0") ? "it has a NUL, which no text of PostgreSQL has" : unsayable(text)

/** The arrays of a batch, in which no two records share a key: of those that do, the last is in. */
const arrays = Effect.fnUntraced(function* <A>(
  kind: Kind<A>,
  batch: ReadonlyArray<A>
): Effect.fn.Return<ReadonlyArray<string>, SinkError> {
  const last = new Map(batch.map((record) => [kind.key(record), record]))
  const all: Array<string> = []
  for (const column of kind.columns) {
    const elements: Array<string> = []
    for (const [key, record] of last) {
      const text = cell.write(column, record)
      const wrong = column.type === "text" && text !== undefined ? problem(text) : undefined
      if (wrong !== undefined) {
        return yield* because(new Unsayable({ key, description: `its ${column.name}: ${wrong}` }))
      }
      elements.push(element(text))
    }
    all.push(`{${elements.join(",")}}`)
  }
  return all
})

/** Says of what the database refused what it was. */
export const refused = (table: string) => (error: SqlError | SchemaError | Table.Different) => {
  if (error._tag === "Different") return because(new AnotherTable({ table, description: error.description }))
  const cause = error._tag === "SqlError" ? error.reason.cause : undefined
  const description = cause instanceof Error ? cause.message : error.message
  return because(new Database({ table, description }), error)
}

/** Makes the table what it has to be, and gives how a batch is written to it. */
export const open = Effect.fnUntraced(function* <A>(
  kind: Kind<A>,
  table: string
): Effect.fn.Return<(batch: ReadonlyArray<A>) => Effect.Effect<void, SinkError>, SinkError, SqlClient.SqlClient> {
  const sql = (yield* SqlClient.SqlClient).withoutTransforms()
  const refuse = Effect.mapError(refused(table))
  yield* sql.onDialectOrElse({
    pg: () => Effect.void,
    orElse: () => because(new Database({ table, description: "the database is not PostgreSQL" }))
  })
  yield* refuse(Table.migrate(sql, kind, table))
  const statement = upsert(kind, table)
  return (batch) =>
    Effect.flatMap(arrays(kind, batch), (values) => Effect.asVoid(refuse(sql.unsafe(statement, values))))
})

/**
 * Writes the records of a stream to a table of PostgreSQL, through
 * `effect/sql`, as with `PgClient` of `@effect/sql-pg`. The table is made where
 * it is absent, and gets the columns that a later version has: money is
 * `numeric(20,6)`, a count `numeric(20,2)`, a time `timestamptz`, and the
 * primary key that of the kind.
 *
 * A record whose key is there takes the place of the old one, so that running
 * it again writes nothing twice; the later of two in a stream counts. Each batch
 * is written by itself and stays where a later one fails, unless the caller is
 * within a transaction.
 *
 * Fails with a `SinkError`: `Database`; `AnotherTable`, before anything is
 * written; or `Unsayable` for a text with a NUL or that is not Unicode.
 *
 * @since 0.1.0
 * @category sinks
 */
export const postgres = <A>(
  kind: Kind<A>,
  options: PostgresOptions = {}
): Sink.Sink<Stored, A, never, SinkError, SqlClient.SqlClient> =>
  Sink.fromTransform((upstream: Pull.Pull<ReadonlyArray<A>, never, void>) =>
    Effect.gen(function* () {
      const table = options.table ?? `kalshi_${kind.name}`
      const size = Math.max(1, Math.floor(options.batch ?? BATCH))
      const write = yield* open(kind, table)
      let waiting: Array<A> = []
      let records = 0

      const add = Effect.fnUntraced(function* (chunk: ReadonlyArray<A>) {
        for (const record of chunk) {
          waiting.push(record)
          if (waiting.length < size) continue
          const batch = waiting
          waiting = []
          yield* write(batch)
          records += batch.length
        }
      })

      yield* upstream.pipe(
        Effect.flatMap(add),
        Effect.forever({ disableYield: true }),
        Pull.catchDone(() => Effect.void)
      )
      if (waiting.length > 0) yield* write(waiting)
      return [{ table, records: records + waiting.length }] as const
    })
  )
