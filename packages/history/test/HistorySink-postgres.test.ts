import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as SqlClient from "effect/sql/SqlClient"
import * as Stream from "effect/Stream"
import * as Contracts from "effect-kalshi/Contracts"
import * as Dollars from "effect-kalshi/Dollars"
import type * as Timestamp from "effect-kalshi/Timestamp"
import * as HistorySink from "../src/HistorySink.ts"
import * as Kind from "../src/Kind.ts"
import * as Postgres from "./Postgres.ts"
import * as Records from "./Records.ts"

describe.skipIf(Postgres.url === undefined)("HistorySink.postgres", () => {
  beforeAll(Postgres.make)
  afterAll(Postgres.drop)

  let tables = 0
  const name = () => `table_${++tables}`

  const query = Effect.fnUntraced(function* (text: string, parameters: ReadonlyArray<unknown> = []) {
    const sql = (yield* SqlClient.SqlClient).withoutTransforms()
    return yield* sql.unsafe<Readonly<Record<string, string | null>>>(text, parameters)
  })

  const store = <A>(kind: Kind.Kind<A>, records: ReadonlyArray<A>, options?: HistorySink.PostgresOptions) =>
    Stream.run(Stream.fromArray(records), HistorySink.postgres(kind, options))

  /** Every column as the text that the database makes of it, in order of the key. */
  const rows = <A>(kind: Kind.Kind<A>, table: string) =>
    query(
      `SELECT ${kind.columns.map(({ name }) => `"${name}"::text AS "${name}"`).join(", ")} FROM "${table}" ORDER BY ${kind.keyColumns
        .map((name) => `"${name}"`)
        .join(", ")}`
    )

  const types = (table: string) =>
    Effect.map(
      query(
        `SELECT a.attname::text || ' ' || format_type(a.atttypid, a.atttypmod) || CASE WHEN a.attnotnull THEN ' not null' ELSE '' END AS c
          FROM pg_attribute a WHERE a.attrelid = to_regclass($1) AND attnum > 0 AND NOT attisdropped ORDER BY attnum`,
        [table]
      ),
      (rows) => rows.map(({ c }) => c)
    )

  const within = <A, E>(effect: Effect.Effect<A, E, SqlClient.SqlClient>) =>
    Effect.scoped(Effect.provide(effect, Postgres.layer))

  const time = (value: Timestamp.Timestamp | undefined): Effect.Effect<string | null, unknown, SqlClient.SqlClient> =>
    value === undefined
      ? Effect.succeed(null)
      : // exact: intervals and instants are whole microseconds there
        Effect.map(
          query(`SELECT ('1970-01-01 00:00:00+00'::timestamptz + ($1 || ' microseconds')::interval)::text AS t`, [
            String(value)
          ]),
          ([row]) => row?.["t"] ?? null
        )

  const money = (value: Dollars.Dollars | undefined): string | null => (value === undefined ? null : decimal(value, 6))
  const decimal = (value: number, scale: number): string => {
    const digits = String(Math.abs(value)).padStart(scale + 1, "0")
    return `${value < 0 ? "-" : ""}${digits.slice(0, -scale)}.${digits.slice(-scale)}`
  }

  it.effect("makes the table with its types, its key and names that are words of SQL", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* store(Kind.transfers, []), { table: "kalshi_transfers", records: 0 })
      assert.deepStrictEqual(yield* types("kalshi_transfers"), [
        "transfer_id text not null",
        "from bigint not null",
        "to bigint not null",
        "amount numeric(20,6) not null",
        "created_at timestamp with time zone not null",
        "exchange_index bigint"
      ])
      const table = name()
      yield* store(Kind.fills, [], { table })
      assert.deepStrictEqual(yield* types(table), [
        "trade_id text not null",
        "order_id text not null",
        "ticker text not null",
        "side text not null",
        "price numeric(20,6) not null",
        "count numeric(20,2) not null",
        "is_taker boolean not null",
        "fee numeric(20,6)",
        "created_at timestamp with time zone",
        "subaccount bigint",
        "exchange_index bigint"
      ])
    }).pipe(within)
  )

  it.effect("has the values, exactly", () =>
    Effect.gen(function* () {
      const table = name()
      // an order of its own: that of the key of the database depends on its language
      const all = Records.strange.map((fill, index) => ({ ...fill, tradeId: String(index).padStart(3, "0") }))
      assert.deepStrictEqual(yield* store(Kind.fills, all, { table }), { table, records: all.length })
      const expected = yield* Effect.forEach(all, (fill) =>
        Effect.map(time(fill.createdAt), (created_at) => ({
          trade_id: fill.tradeId,
          order_id: fill.orderId,
          ticker: fill.ticker,
          side: fill.side,
          price: money(fill.price),
          count: decimal(fill.count, 2),
          is_taker: String(fill.isTaker),
          fee: money(fill.fee),
          created_at,
          subaccount: fill.subaccount === undefined ? null : String(fill.subaccount),
          exchange_index: fill.exchangeIndex === undefined ? null : String(fill.exchangeIndex)
        }))
      )
      assert.deepStrictEqual(yield* rows(Kind.fills, table), expected)
    }).pipe(within)
  )

  Records.each((kind) =>
    it.effect.prop(
      `takes any ${kind.name}, again and again`,
      [Records.lists(kind, 12)],
      ([records]) =>
        Effect.gen(function* () {
          const table = name()
          yield* store(kind, records, { table, batch: 5 })
          const first = yield* rows(kind, table)
          assert.strictEqual(first.length, new Set(records.map(kind.key)).size)
          const versions = query(`SELECT xmin::text || ctid::text AS v FROM "${table}" ORDER BY 1`)
          const before = yield* versions
          yield* store(kind, records, { table })
          assert.deepStrictEqual(yield* rows(kind, table), first)
          // what is the same is not even written
          if (before.length === records.length) assert.deepStrictEqual(yield* versions, before)
        }).pipe(within),
      { arbitrary: { runs: 10 } }
    )
  )

  it.effect("keeps the last of records with one key, within a batch and across batches", () =>
    Effect.gen(function* () {
      const table = name()
      const order = (index: number, filled: number) => ({
        orderId: `o-${index}`,
        ticker: "T",
        side: "bid" as const,
        price: Dollars.cents(50),
        status: "resting",
        initial: Contracts.of(10),
        filled: Contracts.centis(filled),
        remaining: Contracts.centis(1000 - filled),
        ...(filled === 30 ? {} : { clientOrderId: `c-${filled}` })
      })
      const all = [order(1, 10), order(2, 10), order(1, 20), order(1, 30), order(2, 40)]
      for (const batch of [1, 2, 3, 100]) {
        assert.deepStrictEqual(yield* store(Kind.orders, all, { table, batch }), { table, records: 5 })
        const found = yield* rows(Kind.orders, table)
        assert.deepStrictEqual(
          found.map(({ client_order_id, filled }) => [filled, client_order_id]),
          [
            ["0.30", null],
            ["0.40", "c-40"]
          ]
        )
      }
    }).pipe(within)
  )

  it.effect("adds the columns that a table of before lacks, and leaves those of its owner", () =>
    Effect.gen(function* () {
      const table = name()
      yield* store(Kind.fills, Records.fills(2), { table })
      yield* query(
        `ALTER TABLE "${table}" DROP COLUMN fee, DROP COLUMN exchange_index, ADD COLUMN note text DEFAULT 'x'`
      )
      yield* query(`UPDATE "${table}" SET note = 'mine'`)
      yield* store(Kind.fills, Records.fills(3), { table })
      assert.deepStrictEqual((yield* types(table)).slice(-3), [
        "note text",
        "fee numeric(20,6)",
        "exchange_index bigint"
      ])
      assert.deepStrictEqual(yield* query(`SELECT note, fee::text FROM "${table}" ORDER BY trade_id`), [
        { note: "mine", fee: "0.000000" },
        { note: "mine", fee: "0.000137" },
        { note: "x", fee: "0.000274" }
      ])
    }).pipe(within)
  )

  it.effect("leaves alone a table that is another, and says what is different", () =>
    Effect.gen(function* () {
      const cases: ReadonlyArray<readonly [change: string, description: string]> = [
        ["ALTER COLUMN price TYPE double precision", `its column "price" is double precision, not numeric(20,6)`],
        ["ALTER COLUMN price TYPE numeric(20,4)", `its column "price" is numeric(20,4), not numeric(20,6)`],
        [
          "ALTER COLUMN created_at TYPE timestamp",
          `its column "created_at" is timestamp without time zone, not timestamp with time zone`
        ],
        ["DROP COLUMN side", `it has no column "side"`],
        ["ALTER COLUMN fee SET NOT NULL", `its column "fee" must not be empty`],
        ["ADD COLUMN mine text NOT NULL DEFAULT ''", `fills have no column "mine"`],
        ["DROP CONSTRAINT X", "its primary key is (), not (trade_id, order_id)"]
      ]
      for (const [change, description] of cases) {
        const table = name()
        yield* store(Kind.fills, Records.fills(1), { table })
        yield* query(`ALTER TABLE "${table}" ${change.replace("X", `"${table}_pkey"`)}`)
        const before = [yield* types(table), yield* query(`SELECT count(*)::text AS n FROM "${table}"`)]
        let taken = 0
        const records = Stream.tap(Stream.fromArray(Records.fills(5)), () => Effect.sync(() => taken++))
        const { message, reason } = yield* Effect.flip(Stream.run(records, HistorySink.postgres(Kind.fills, { table })))
        assert.deepStrictEqual(reason, new HistorySink.AnotherTable({ table, description }))
        assert.include(message, description)
        assert.strictEqual(taken, 0)
        const after = [yield* types(table), yield* query(`SELECT count(*)::text AS n FROM "${table}"`)]
        assert.deepStrictEqual(after, before)
      }
      const table = name()
      yield* query(`CREATE VIEW "${table}" AS SELECT 'a'::text AS trade_id`)
      const { reason } = yield* Effect.flip(store(Kind.fills, [], { table }))
      assert.strictEqual(reason._tag, "AnotherTable")
    }).pipe(within)
  )

  it.effect("writes to a table of any name, and of another schema", () =>
    Effect.gen(function* () {
      for (const table of ['a "quoted" name', "select", "Über'; --", `${Postgres.schema}.qualified`]) {
        assert.deepStrictEqual(yield* store(Kind.fills, Records.fills(2), { table }), { table, records: 2 })
        assert.deepStrictEqual(yield* store(Kind.fills, Records.fills(3), { table }), { table, records: 3 })
      }
      assert.strictEqual((yield* rows(Kind.fills, "qualified")).length, 3)
      const { reason } = yield* Effect.flip(store(Kind.fills, [], { table: "no_such_schema.fills" }))
      assert.deepStrictEqual(
        reason,
        new HistorySink.Database({
          table: "no_such_schema.fills",
          description: 'schema "no_such_schema" does not exist'
        })
      )
    }).pipe(within)
  )

  it.effect("makes the table once, though many begin at the same time", () =>
    Effect.gen(function* () {
      const table = name()
      yield* Effect.forEach(
        [0, 1, 2, 3],
        (part) => store(Kind.fills, Records.fills(400).slice(part * 100, part * 100 + 100), { table }),
        {
          concurrency: "unbounded"
        }
      )
      assert.strictEqual((yield* rows(Kind.fills, table)).length, 400)
    }).pipe(within)
  )

  it.effect("keeps whole batches where the source fails or is interrupted, and goes on from there", () =>
    Effect.gen(function* () {
      const table = name()
      const sink = HistorySink.postgres(Kind.fills, { table, batch: 10 })
      const some = Stream.fromArray(Records.fills(25))
      assert.strictEqual(yield* Effect.flip(Stream.run(Stream.concat(some, Stream.fail("lost")), sink)), "lost")
      assert.strictEqual((yield* rows(Kind.fills, table)).length, 20)
      const isUnderWay = yield* Deferred.make<void>()
      const never = Stream.fromEffect(Effect.andThen(Deferred.succeed(isUnderWay, undefined), Effect.never))
      const fiber = yield* Effect.forkChild(Stream.run(Stream.concat(Stream.fromArray(Records.fills(35)), never), sink))
      yield* Deferred.await(isUnderWay)
      yield* Fiber.interrupt(fiber)
      assert.strictEqual((yield* rows(Kind.fills, table)).length, 30)
      assert.deepStrictEqual(yield* Stream.run(Stream.fromArray(Records.fills(40)), sink), { table, records: 40 })
      assert.strictEqual((yield* rows(Kind.fills, table)).length, 40)
    }).pipe(within)
  )

  it.effect("is part of a transaction of its caller", () =>
    Effect.gen(function* () {
      const table = name()
      yield* store(Kind.fills, [], { table })
      const sql = yield* SqlClient.SqlClient
      yield* Effect.ignore(
        sql.withTransaction(Effect.andThen(store(Kind.fills, Records.fills(5), { table }), Effect.fail("no")))
      )
      assert.strictEqual((yield* rows(Kind.fills, table)).length, 0)
    }).pipe(within)
  )

  it.effect("refuses a text that the database cannot have", () =>
    Effect.gen(function* () {
      for (const [ticker, why] of [
        ["a\0b", "it has a NUL, which no text of PostgreSQL has"],
        ["a\uD83D", "it has half of a character, which UTF-8 cannot say"]
      ] as const) {
        const wrong = { ...Records.fill(1), ticker }
        const { reason } = yield* Effect.flip(store(Kind.fills, [Records.fill(0), wrong], { table: name() }))
        assert.deepStrictEqual(
          reason,
          new HistorySink.Unsayable({ key: Kind.fills.key(wrong), description: `its ticker: ${why}` })
        )
      }
    }).pipe(within)
  )

  it.effect("says what the database says", () =>
    Effect.gen(function* () {
      const table = name()
      yield* store(Kind.fills, Records.fills(1), { table })
      yield* query(`ALTER TABLE "${table}" ADD CONSTRAINT cheap CHECK (price < 0.02)`)
      const { message, reason } = yield* Effect.flip(store(Kind.fills, Records.fills(2), { table }))
      assert.strictEqual(reason._tag, "Database")
      assert.include(message, 'violates check constraint "cheap"')
    }).pipe(within)
  )
})
