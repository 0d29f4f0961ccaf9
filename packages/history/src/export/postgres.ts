/**
 * An export into a table of PostgreSQL: each window is upserted as it comes, and
 * how far it is stands in a table beside it.
 */
import * as Arr from "effect/Array"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as SqlClient from "effect/sql/SqlClient"
import type { Kind } from "../Kind.ts"
import { BATCH, open, refused } from "../sink/postgres.ts"
import * as Table from "../sink/table.ts"
import * as Checkpoint from "./Checkpoint.ts"
import { because, Damaged, InUse } from "./error.ts"
import type { Kept, Target } from "./Target.ts"

/** Where the checkpoints of all tables of a schema are. */
const CHECKPOINTS = "kalshi_exports"

const Saved = Schema.Array(Schema.Struct({ checkpoint: Schema.String }))
const decodeSaved = Schema.decodeUnknownEffect(Saved)
const Count = Schema.Tuple([Schema.Struct({ count: Schema.NumberFromString })])
const decodeCount = Schema.decodeUnknownEffect(Count)
const Exists = Schema.Tuple([Schema.Struct({ yes: Schema.Boolean })])
const decodeExists = Schema.decodeUnknownEffect(Exists)
const Locked = Schema.Tuple([Schema.Struct({ is_held: Schema.Boolean })])
const decodeLocked = Schema.decodeUnknownEffect(Locked)

/** The table of checkpoints is in the schema of the table that is written. */
const besideOf = (table: string): string => [...table.split(".").slice(0, -1), CHECKPOINTS].join(".")

export const make = Effect.fnUntraced(function* <A>(
  kind: Kind<A>,
  table: string
): Effect.fn.Return<Target<A>, never, SqlClient.SqlClient> {
  const client = yield* SqlClient.SqlClient
  const sql = client.withoutTransforms()
  const beside = besideOf(table)
  const checkpoints = Table.quote(beside)
  const refuse = Effect.mapError(refused(table))

  const load = sql.unsafe(`SELECT checkpoint FROM ${checkpoints} WHERE output = $1`, [table]).pipe(
    Effect.flatMap(decodeSaved),
    refuse,
    Effect.flatMap(([kept]) =>
      kept === undefined
        ? Effect.succeed(undefined)
        : Effect.mapError(Checkpoint.decode(kept.checkpoint), () =>
            because(new Damaged({ path: `${beside}, ${table}`, description: "it is something else" }))
          )
    )
  )
  const count = sql.unsafe(`SELECT count(*)::text AS count FROM ${Table.quote(table)}`).pipe(
    Effect.flatMap(decodeCount),
    Effect.map(([{ count }]) => count),
    refuse
  )

  const exists = sql.unsafe("SELECT to_regclass($1) IS NOT NULL AS yes", [Table.quote(table)]).pipe(
    Effect.flatMap(decodeExists),
    Effect.map(([{ yes }]) => yes),
    refuse
  )
  /** Whether what was written is there still. */
  const has = ({ records }: Kept) =>
    records === 0
      ? Effect.succeed(true)
      : Effect.flatMap(exists, (exists) =>
          exists ? Effect.map(count, (count) => count >= records) : Effect.succeed(false)
        )

  return {
    output: table,
    beside: `${beside}, ${table}`,
    into: "postgres",
    load,
    save: (checkpoint) =>
      Effect.orDie(Checkpoint.encode(checkpoint)).pipe(
        Effect.flatMap((text) =>
          sql.unsafe(
            `INSERT INTO ${checkpoints} (output, checkpoint) VALUES ($1, $2)
              ON CONFLICT (output) DO UPDATE SET checkpoint = EXCLUDED.checkpoint`,
            [table, text]
          )
        ),
        refuse,
        Effect.asVoid
      ),
    // rows are upserted, so that a table without a checkpoint can be gone on with
    isThere: Effect.flatMap(load, (checkpoint) => (checkpoint === undefined ? Effect.succeed(false) : exists)),
    hold: Effect.gen(function* () {
      yield* refuse(
        sql.unsafe(`CREATE TABLE IF NOT EXISTS ${checkpoints} (output text PRIMARY KEY, checkpoint text NOT NULL)`)
      )
      // the lock ends with the connection, however the process does
      const connection = yield* refuse(sql.reserve)
      const [{ is_held }] = yield* connection
        .executeUnprepared(
          "SELECT pg_try_advisory_lock(hashtextextended($1, 0)) AS is_held",
          [beside + table],
          undefined
        )
        .pipe(Effect.flatMap(decodeLocked), refuse)
      if (!is_held) return yield* because(new InUse({ path: table }))
      yield* Effect.addFinalizer(() =>
        Effect.ignore(
          connection.executeUnprepared(
            "SELECT pg_advisory_unlock(hashtextextended($1, 0))",
            [beside + table],
            undefined
          )
        )
      )
    }),
    open: Effect.fnUntraced(function* (kept) {
      if (!(yield* has(kept))) {
        return yield* because(new Damaged({ path: table, description: `it has not the ${kept.records} rows any more` }))
      }
      const write = yield* Effect.provideService(open(kind, table), SqlClient.SqlClient, client)
      let { records } = kept
      return (some) =>
        Effect.map(Effect.forEach(Arr.chunksOf(some, BATCH), write, { discard: true }), () => {
          records += some.length
          return { records, bytes: 0 }
        })
    }),
    // what is older stays where it is
    carry: () => Effect.void,
    finish: () => count,
    forget: Effect.void
  }
})
