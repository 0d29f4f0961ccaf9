/**
 * The journal in a database.
 */
import * as Context from "effect/Context"
import * as SecureRandom from "effect/crypto/SecureRandom"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import * as Migrator from "effect/sql/Migrator"
import * as SqlClient from "effect/sql/SqlClient"
import type { SqlError } from "effect/sql/SqlError"
import * as Contracts from "../Contracts.ts"
import * as Dollars from "../Dollars.ts"
import { defined } from "../internal/defined.ts"
import type * as Timestamp from "../Timestamp.ts"
import type { Entry, Kill } from "./Entry.ts"
import * as make from "./make.ts"
import * as records from "./records.ts"
import { type JournalError, OrderJournal } from "./Service.ts"

/**
 * Where a journal is in a database, and how.
 *
 * @since 0.1.0
 * @category models
 */
export interface SqlOptions {
  /** What the names of its tables begin with, before `_entries` and the like. Default `kalshi_journal`. */
  readonly table?: string | undefined
  /** How long a writer counts as alive after it was last heard of. Default 5 seconds. */
  readonly lease?: Duration.Input | undefined
}

const TABLE = "kalshi_journal"

// read as text: drivers differ in what they make of a bigint
const Integer = Schema.NumberFromString.check(Schema.isInt())
const Micros = Integer.pipe(Schema.brand("effect-kalshi/Timestamp"))
const List = Schema.fromJsonString(Schema.Array(Schema.String))

const EntryRow = Schema.Struct({
  id: Schema.String,
  operation: Schema.String,
  environment: Schema.String,
  base_url: Schema.String,
  account: Schema.String,
  subaccount: Schema.NullOr(Integer),
  exchange_index: Schema.NullOr(Integer),
  method: Schema.String,
  path: Schema.String,
  body: Schema.String,
  client_order_ids: List,
  order_ids: List,
  known_before: Schema.NullOr(
    Schema.fromJsonString(Schema.Struct({ price: Dollars.Dollars, total: Contracts.Contracts }))
  ),
  at: Micros,
  writer: Schema.String,
  lease_until: Micros
})
const AttemptRow = Schema.Struct({ entry_id: Schema.String, at: Micros })
const LeaseRow = Schema.Struct({ writer: Schema.String, lease_until: Micros, ended: Integer })
const KillRow = Schema.Struct({ reason: Schema.NullOr(Schema.String), at: Micros })

const encodeEntry = Schema.encodeEffect(EntryRow)
const decode = <S extends Schema.ConstraintDecoder<unknown>>(row: S) => Schema.decodeUnknownEffect(Schema.Array(row))

const toRow = (entry: Entry, leaseUntil: Timestamp.Timestamp): typeof EntryRow.Type => ({
  id: entry.id,
  operation: entry.operation,
  environment: entry.environment,
  base_url: entry.baseUrl,
  account: entry.account,
  subaccount: entry.subaccount ?? null,
  exchange_index: entry.exchangeIndex ?? null,
  method: entry.method,
  path: entry.path,
  body: entry.body,
  client_order_ids: entry.clientOrderIds,
  order_ids: entry.orderIds,
  known_before: entry.before ?? null,
  at: entry.at,
  writer: entry.writer,
  lease_until: leaseUntil
})

const ofRow = (row: typeof EntryRow.Type): Entry => ({
  ...defined({
    subaccount: row.subaccount ?? undefined,
    exchangeIndex: row.exchange_index ?? undefined,
    before: row.known_before ?? undefined
  }),
  id: row.id,
  operation: row.operation,
  environment: row.environment,
  baseUrl: row.base_url,
  account: row.account,
  method: row.method,
  path: row.path,
  body: row.body,
  clientOrderIds: row.client_order_ids,
  orderIds: row.order_ids,
  at: row.at,
  writer: row.writer
})

/** The tables, made where they are absent; a later version adds to the list. */
const migrate = (table: string) =>
  Migrator.make({})({
    table: `${table}_migrations`,
    loader: Migrator.fromRecord({
      "1_tables": Effect.gen(function* () {
        const sql = yield* SqlClient.SqlClient
        yield* sql`CREATE TABLE ${sql(`${table}_entries`)} (
          seq bigint GENERATED ALWAYS AS IDENTITY,
          id text PRIMARY KEY,
          operation text NOT NULL,
          environment text NOT NULL,
          base_url text NOT NULL,
          account text NOT NULL,
          subaccount bigint,
          exchange_index bigint,
          method text NOT NULL,
          path text NOT NULL,
          body text NOT NULL,
          client_order_ids text NOT NULL,
          order_ids text NOT NULL,
          known_before text,
          at bigint NOT NULL,
          writer text NOT NULL,
          lease_until bigint NOT NULL
        )`
        yield* sql`CREATE TABLE ${sql(`${table}_attempts`)} (
          seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
          entry_id text NOT NULL,
          at bigint NOT NULL
        )`
        yield* sql`CREATE TABLE ${sql(`${table}_closings`)} (
          entry_id text PRIMARY KEY,
          outcome text NOT NULL,
          summary text NOT NULL,
          at bigint NOT NULL
        )`
        yield* sql`CREATE TABLE ${sql(`${table}_leases`)} (
          writer text PRIMARY KEY,
          lease_until bigint NOT NULL,
          ended bigint NOT NULL
        )`
        yield* sql`CREATE TABLE ${sql(`${table}_kills`)} (
          seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
          scope text NOT NULL,
          reason text,
          at bigint NOT NULL
        )`
      })
    })
  })

const refused = (error: SqlError | Schema.SchemaError | Migrator.MigrationError): make.Fault => ({
  description: error._tag === "SchemaError" ? "it holds what is no record" : `the database says: ${error.message}`,
  cause: error
})

const store = Effect.fnUntraced(function* (
  options: SqlOptions
): Effect.fn.Return<make.Store, make.Fault, SqlClient.SqlClient> {
  const table = options.table ?? TABLE
  const sql = (yield* SqlClient.SqlClient).withoutTransforms()

  // a caller's transaction may be rolled back, and is not durable before its end
  const alone = <A, E extends SqlError | Schema.SchemaError | Migrator.MigrationError>(
    effect: Effect.Effect<A, E>
  ): Effect.Effect<A, make.Fault> =>
    effect.pipe(
      Effect.updateContext((context: Context.Context<never>) => Context.omit(sql.transactionService)(context)),
      Effect.mapError(refused)
    )

  const entries = sql(`${table}_entries`)
  const attempts = sql(`${table}_attempts`)
  const closings = sql(`${table}_closings`)
  const leases = sql(`${table}_leases`)
  const kills = sql(`${table}_kills`)
  const isOpen = (id: string) => sql`e.id = ${id} AND NOT EXISTS (SELECT 1 FROM ${closings} c WHERE c.entry_id = e.id)`

  yield* alone(migrate(table).pipe(Effect.provideService(SqlClient.SqlClient, sql)))

  const open = Effect.gen(function* () {
    const rows = yield* Effect.flatMap(
      sql`SELECT e.id, e.operation, e.environment, e.base_url, e.account, CAST(e.subaccount AS text) AS subaccount,
          CAST(e.exchange_index AS text) AS exchange_index, e.method, e.path, e.body, e.client_order_ids, e.order_ids,
          e.known_before, CAST(e.at AS text) AS at, e.writer, CAST(e.lease_until AS text) AS lease_until
        FROM ${entries} e
        WHERE NOT EXISTS (SELECT 1 FROM ${closings} c WHERE c.entry_id = e.id)
        ORDER BY e.seq`,
      decode(EntryRow)
    )
    if (rows.length === 0) return []
    const sent = yield* Effect.flatMap(
      sql`SELECT a.entry_id, CAST(a.at AS text) AS at FROM ${attempts} a
        WHERE NOT EXISTS (SELECT 1 FROM ${closings} c WHERE c.entry_id = a.entry_id)
        ORDER BY a.seq`,
      decode(AttemptRow)
    )
    // after the entries: a lease is as long as it is now
    const heard = yield* Effect.flatMap(
      sql`SELECT writer, CAST(lease_until AS text) AS lease_until, CAST(ended AS text) AS ended FROM ${leases}
        WHERE writer IN ${sql.in([...new Set(rows.map(({ writer }) => writer))])}`,
      decode(LeaseRow)
    )
    const state = records.empty()
    for (const row of rows) {
      records.apply(state, { _tag: "entry", entry: ofRow(row), leaseUntil: row.lease_until })
    }
    for (const { at, entry_id } of sent) records.apply(state, { _tag: "attempt", id: entry_id, at })
    for (const { ended, lease_until, writer } of heard) {
      records.apply(state, { _tag: "lease", writer, until: lease_until, ended: ended === 1 })
    }
    return records.open(state)
  })

  return {
    record: (entry, leaseUntil) =>
      encodeEntry(toRow(entry, leaseUntil)).pipe(
        Effect.flatMap(
          (row) =>
            sql`INSERT INTO ${entries} ${sql.insert({
              ...row,
              subaccount: entry.subaccount ?? null,
              exchange_index: entry.exchangeIndex ?? null,
              at: BigInt(entry.at),
              lease_until: BigInt(leaseUntil)
            })}`
        ),
        alone,
        Effect.asVoid
      ),
    attempt: (id, at) =>
      sql`INSERT INTO ${attempts} (entry_id, at)
        SELECT e.id, CAST(${BigInt(at)} AS bigint) FROM ${entries} e WHERE ${isOpen(id)} RETURNING entry_id`.pipe(
        Effect.map((rows) => rows.length > 0),
        alone
      ),
    close: (id, { outcome, summary }, at) =>
      sql`INSERT INTO ${closings} (entry_id, outcome, summary, at)
        SELECT e.id, CAST(${outcome} AS text), CAST(${summary} AS text), CAST(${BigInt(at)} AS bigint)
        FROM ${entries} e WHERE ${isOpen(id)} ON CONFLICT DO NOTHING`.pipe(Effect.asVoid, alone),
    lease: ({ ended, until, writer }) =>
      sql`INSERT INTO ${leases} ${sql.insert({ writer, lease_until: BigInt(until), ended: ended ? 1 : 0 })}
        ON CONFLICT (writer) DO UPDATE SET lease_until = EXCLUDED.lease_until, ended = EXCLUDED.ended`.pipe(
        Effect.asVoid,
        alone
      ),
    open: alone(open),
    killed: (scope) =>
      sql`SELECT reason, CAST(at AS text) AS at FROM ${kills} WHERE scope = ${scope} ORDER BY seq DESC LIMIT 1`.pipe(
        Effect.flatMap(decode(KillRow)),
        Effect.map(([newest]): Kill | undefined =>
          newest === undefined || newest.reason === null ? undefined : { reason: newest.reason, at: newest.at }
        ),
        alone
      ),
    setKilled: (scope, kill, at) =>
      sql`INSERT INTO ${kills} ${sql.insert({ scope, reason: kill?.reason ?? null, at: BigInt(kill?.at ?? at) })}`.pipe(
        Effect.asVoid,
        alone
      )
  }
})

/**
 * A journal in a database, through `effect/sql`: its statements are those of
 * PostgreSQL. It makes its tables where they are absent. Records are rows that
 * are only ever inserted; the lease of a writer is a row of its own, renewed in
 * its place. It writes outside of a transaction of the caller.
 *
 * Fails with a `JournalError` (`open`) where the tables cannot be made.
 *
 * @since 0.1.0
 * @category layers
 */
export const layerSql = (options: SqlOptions = {}): Layer.Layer<OrderJournal, JournalError, SqlClient.SqlClient> =>
  Layer.effect(
    OrderJournal,
    store(options).pipe(
      Effect.mapError(make.failed("open")),
      Effect.flatMap((store) => make.make(store, options))
    )
  ).pipe(Layer.provide(SecureRandom.layerWebCrypto))
