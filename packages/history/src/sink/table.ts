/**
 * The table of a kind of records: made where it is absent, and given the
 * columns that a later version has.
 */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type * as SqlClient from "effect/sql/SqlClient"
import type { SqlError } from "effect/sql/SqlError"
import type { Column, ColumnType, Kind } from "../Kind.ts"

/** A name as it stands in a statement; a dot divides the name of a schema from that of a table. */
export const quote = (name: string): string => name.split(".").map(quoteColumn).join(".")

/** The name of a column as it stands in a statement. */
export const quoteColumn = (name: string): string => `"${name.replaceAll('"', '""')}"`

/** The type of a column, as the database calls it. */
export const typeOf: Readonly<Record<ColumnType, string>> = {
  text: "text",
  money: "numeric(20,6)",
  count: "numeric(20,2)",
  time: "timestamp with time zone",
  integer: "bigint",
  boolean: "boolean"
}

const declaration = <A>({ name, optional, type }: Column<A>): string =>
  `${quoteColumn(name)} ${typeOf[type]}${optional ? "" : " NOT NULL"}`

const create = <A>(kind: Kind<A>, table: string): string => {
  const key = `PRIMARY KEY (${kind.keyColumns.map(quoteColumn).join(", ")})`
  return `CREATE TABLE ${quote(table)} (${[...kind.columns.map(declaration), key].join(", ")})`
}

const Found = Schema.Array(
  Schema.Struct({ name: Schema.String, type: Schema.String, required: Schema.Boolean, key: Schema.Boolean })
)
const decode = Schema.decodeUnknownEffect(Found)

// the name of what is found may be that of a view, which has columns too
const LOOK = `SELECT CAST(a.attname AS text) AS name,
    CASE WHEN c.relkind IN ('r', 'p') THEN format_type(a.atttypid, a.atttypmod) ELSE 'no column of a table' END AS type,
    a.attnotnull AS required,
    EXISTS (SELECT 1 FROM pg_index i
      WHERE i.indrelid = c.oid AND i.indisprimary AND a.attnum = ANY (i.indkey)) AS key
  FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
  WHERE c.oid = to_regclass($1)`

/** What makes a table that is there another than that of the kind, in a few words. */
const difference = <A>(kind: Kind<A>, found: typeof Found.Type): string | undefined => {
  for (const column of kind.columns) {
    const there = found.find(({ name }) => name === column.name)
    // what is added later is optional, since what is older has none of it
    if (there === undefined && !column.optional) return `it has no column "${column.name}"`
    if (there !== undefined && there.type !== typeOf[column.type]) {
      return `its column "${column.name}" is ${there.type}, not ${typeOf[column.type]}`
    }
    if (there?.required === true && column.optional) return `its column "${column.name}" must not be empty`
  }
  const unknown = found.find(({ name, required }) => required && !kind.columns.some((column) => column.name === name))
  if (unknown !== undefined) return `${kind.name} have no column "${unknown.name}"`
  const key = found.filter(({ key }) => key).map(({ name }) => name)
  return key.length === kind.keyColumns.length && kind.keyColumns.every((name) => key.includes(name))
    ? undefined
    : `its primary key is (${key.join(", ")}), not (${kind.keyColumns.join(", ")})`
}

/** The table is there and is another. */
export interface Different {
  readonly _tag: "Different"
  readonly description: string
}

/** Makes the table, or what it lacks; others may do so at the same time. */
export const migrate = Effect.fnUntraced(
  function* <A>(
    sql: SqlClient.SqlClient,
    kind: Kind<A>,
    table: string
  ): Effect.fn.Return<void, SqlError | Schema.SchemaError | Different> {
    yield* sql.unsafe("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", [`@effect-kalshi/history/${table}`])
    const found = yield* Effect.flatMap(sql.unsafe(LOOK, [quote(table)]), decode)
    if (found.length === 0) {
      yield* sql.unsafe(create(kind, table))
      return
    }
    const description = difference(kind, found)
    if (description !== undefined) return yield* Effect.fail<Different>({ _tag: "Different", description })
    for (const column of kind.columns) {
      if (!found.some(({ name }) => name === column.name)) {
        yield* sql.unsafe(`ALTER TABLE ${quote(table)} ADD COLUMN ${declaration(column)}`)
      }
    }
  },
  (effect, sql) => sql.withTransaction(effect)
)
