/**
 * Exports that are stopped and gone on with: what comes out is what an
 * undisturbed one gives.
 */
import { Export, History, HistoryFile, Kind } from "@effect-kalshi/history"
import { Control, Sandbox } from "@effect-kalshi/sandbox"
import * as NodeServices from "@effect/platform-node/NodeServices"
import { afterAll, assert, beforeAll, describe, layer } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as FileSystem from "effect/FileSystem"
import * as Layer from "effect/Layer"
import * as Path from "effect/Path"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import * as SqlClient from "effect/sql/SqlClient"
import { Contracts, Dollars, Timestamp } from "effect-kalshi"
import * as Postgres from "../../packages/history/test/Postgres.ts"
import * as kit from "../portfolio/kit.ts"

const seeded = (history: Control.History) =>
  History.layer.pipe(Layer.provideMerge(kit.sandbox({ history })), Layer.provideMerge(NodeServices.layer))

const folder = Effect.gen(function* () {
  const fs = yield* FileSystem.FileSystem
  const paths = yield* Path.Path
  const directory = yield* fs.makeTempDirectoryScoped({ prefix: "export-" })
  return (name: string) => paths.join(directory, name)
})

const bytes = (path: string) => FileSystem.FileSystem.use((fs) => fs.readFile(path))
const text = (path: string) => FileSystem.FileSystem.use((fs) => fs.readFileString(path))
const names = (path: string) =>
  Effect.gen(function* () {
    const fs = yield* FileSystem.FileSystem
    const paths = yield* Path.Path
    return (yield* fs.readDirectory(paths.dirname(path))).toSorted()
  })

/** Runs an export that is interrupted as soon as it has told so often how far it is. */
const stopped = <N extends Kind.Name>(options: Export.FileOptions<N>, after: number) => {
  let told = 0
  const onProgress = () => Effect.suspend(() => (++told >= after ? Effect.interrupt : Effect.void))
  return Effect.map(Effect.exit(Export.toFile<N>({ ...options, onProgress })), Exit.isFailure)
}

const fails = <N extends Kind.Name>(options: Export.FileOptions<N>) => Effect.flip(Export.toFile(options))

const reason = (error: Export.Failure): string => error.reason._tag

describe("an export", () => {
  layer(seeded({ fills: 2400, orders: 800, settlements: 80 }), { excludeTestServices: true, timeout: "60 seconds" })(
    (it) => {
      for (const [format, compression] of [
        ["ndjson", undefined],
        ["ndjson", "gzip"],
        ["csv", undefined],
        ["csv", "gzip"],
        ["parquet", undefined]
      ] as const) {
        it.effect(`gives the same bytes however often it is stopped: ${format} ${compression ?? ""}`, () =>
          Effect.gen(function* () {
            const at = yield* folder
            const history = yield* History.History
            const { until } = yield* history.range()
            const what = { what: "fills", until, windows: 4, format, compression } as const
            const whole = yield* Export.toFile({ ...what, path: at("whole") })
            assert.deepStrictEqual([whole.records, whole.how], [2400, "begun"])
            const path = at("parts")
            let stops = 0
            for (const after of [1, 2, 5, 9]) {
              if (yield* stopped({ ...what, path }, after)) stops++
              // nothing that looks like a file of ours before it is whole
              assert.notInclude(yield* names(path), "parts")
            }
            assert.strictEqual(stops, 4)
            const resumed = yield* Export.toFile({ ...what, path })
            assert.deepStrictEqual([resumed.records, resumed.how], [2400, "resumed"])
            assert.deepStrictEqual(yield* bytes(path), yield* bytes(at("whole")))
            assert.deepStrictEqual(yield* names(path), ["parts", "parts.checkpoint", "whole", "whole.checkpoint"])
            // it has been done, and is not done again
            assert.strictEqual((yield* Export.toFile({ ...what, path })).how, "unchanged")
          })
        )
      }

      it.effect("reads nothing twice but what it was at when it was stopped", () =>
        Effect.gen(function* () {
          const control = yield* Control.Control
          const at = yield* folder
          const { until } = yield* History.History.use((history) => history.range())
          const what = { what: "fills", until, format: "ndjson", path: at("fills") } as const
          yield* control.clearRequests
          yield* Export.toFile({ ...what, path: at("whole") })
          const whole = (yield* control.requests({ endpoint: "getFills" })).length
          yield* control.clearRequests
          assert.isTrue(yield* stopped(what, 8))
          yield* Export.toFile(what)
          const both = (yield* control.requests({ endpoint: "getFills" })).length
          assert.isAtMost(both, whole + 8)
        })
      )

      it.effect("takes the end of the first time when none is said", () =>
        Effect.gen(function* () {
          const at = yield* folder
          const what = { what: "settlements", format: "csv", path: at("new/folder/settlements.csv") } as const
          assert.isTrue(yield* stopped(what, 2))
          const before = yield* Timestamp.now
          yield* Effect.sleep("5 millis")
          const done = yield* Export.toFile(what)
          assert.isAtMost(done.until, before)
          assert.strictEqual(done.records, 80)
        })
      )

      it.effect("goes on after a lost answer, a refusal and a full budget of tries", () =>
        Effect.gen(function* () {
          const control = yield* Control.Control
          const at = yield* folder
          const { until } = yield* History.History.use((history) => history.range())
          const what = { what: "orders", until, format: "ndjson", path: at("orders"), windows: 2 } as const
          yield* Export.toFile({ ...what, path: at("whole") })
          yield* control.inject({ _tag: "Status", status: 403 }, { endpoint: "getOrders" })
          const error = yield* fails(what)
          assert.strictEqual(error._tag, "KalshiError")
          yield* control.clearFaults
          yield* Export.toFile(what)
          assert.strictEqual(yield* text(at("orders")), yield* text(at("whole")))
        })
      )

      it.effect("says what is wrong, and touches nothing", () =>
        Effect.gen(function* () {
          const fs = yield* FileSystem.FileSystem
          const at = yield* folder
          const path = at("fills")
          const { until } = yield* History.History.use((history) => history.range())
          const since = Timestamp.micros(until - 3_600_000_000 * 24 * 100)
          const what = { what: "fills", since, until, format: "ndjson", path } as const
          assert.isTrue(yield* stopped(what, 3))
          const kept = { checkpoint: yield* text(`${path}.checkpoint`), spool: yield* text(`${path}.spool`) }
          const untouched = Effect.gen(function* () {
            assert.strictEqual(yield* text(`${path}.checkpoint`), kept.checkpoint)
            assert.strictEqual(yield* text(`${path}.spool`), kept.spool)
            assert.deepStrictEqual(yield* names(path), ["fills.checkpoint", "fills.spool"])
          })

          for (const [other, field] of [
            [{ ...what, what: "trades" as const }, "what"],
            [{ ...what, format: "csv" as const }, "into"],
            [{ ...what, since: Timestamp.micros(since + 1) }, "since"],
            [{ ...what, until: Timestamp.micros(until - 1) }, "until"],
            [{ ...what, ticker: "A" }, "ticker"],
            [{ ...what, account: "another" }, "account"]
          ] as const) {
            const error = yield* fails(other)
            assert.strictEqual(reason(error), "AnotherExport", error.message)
            assert.include(error.message, field)
            yield* untouched
          }

          // cut in half, something else, or with less beside it than it says
          const half = kept.checkpoint.slice(0, kept.checkpoint.length / 2)
          for (const broken of [half, "", "{}", "not JSON"]) {
            yield* fs.writeFileString(`${path}.checkpoint`, broken)
            assert.strictEqual(reason(yield* fails(what)), "Damaged")
            assert.strictEqual(yield* text(`${path}.checkpoint`), broken)
            assert.strictEqual(yield* text(`${path}.spool`), kept.spool)
          }
          yield* fs.writeFileString(`${path}.checkpoint`, kept.checkpoint)
          yield* fs.writeFileString(`${path}.spool`, kept.spool.slice(0, -1))
          assert.strictEqual(reason(yield* fails(what)), "Damaged")
          // put back, it goes on
          yield* fs.writeFileString(`${path}.spool`, `${kept.spool}{"torn":`)
          const done = yield* Export.toFile(what)
          assert.strictEqual(done.how, "resumed")
          yield* Export.toFile({ ...what, path: at("whole") })
          assert.strictEqual(yield* text(path), yield* text(at("whole")))
        })
      )

      it.effect("replaces nothing that is not its own, unless told", () =>
        Effect.gen(function* () {
          const fs = yield* FileSystem.FileSystem
          const at = yield* folder
          const path = at("report.csv")
          yield* fs.writeFileString(path, "somebody's")
          const what = { what: "settlements", format: "csv", path } as const
          assert.strictEqual(reason(yield* fails(what)), "NotOurs")
          assert.strictEqual(yield* text(path), "somebody's")
          const done = yield* Export.toFile({ ...what, restart: true })
          assert.strictEqual(done.records, 80)
          yield* fs.remove(path)
          assert.strictEqual(reason(yield* fails({ ...what, sinceLast: true })), "OutputGone")
          // a process that is alive is at it
          yield* fs.writeFileString(`${path}.lock`, `${process.ppid} somebody`)
          assert.strictEqual(reason(yield* fails(what)), "InUse")
          assert.strictEqual(yield* text(`${path}.lock`), `${process.ppid} somebody`)
          // one that had the number of this one has ended
          yield* fs.writeFileString(`${path}.lock`, `${process.pid} somebody`)
          yield* Export.toFile({ ...what, restart: true })
          // one that was killed as it wrote its lock is not
          yield* fs.writeFileString(`${path}.lock`, "")
          yield* Export.toFile(what)
          assert.deepStrictEqual(yield* names(path), ["report.csv", "report.csv.checkpoint"])
        })
      )

      it.effect("is at an export alone", () =>
        Effect.gen(function* () {
          const at = yield* folder
          const context = yield* Effect.context<FileSystem.FileSystem | History.History | Path.Path>()
          const what = { what: "settlements", format: "csv", path: at("settlements.csv") } as const
          const refusals: Array<string> = []
          const second = Export.toFile(what).pipe(
            Effect.match({ onSuccess: () => "none", onFailure: reason }),
            Effect.map((refusal) => refusals.push(refusal)),
            Effect.provideContext(context)
          )
          yield* Export.toFile({ ...what, onProgress: () => Effect.asVoid(second) })
          assert.deepStrictEqual(new Set(refusals), new Set(["InUse"]))
          assert.deepStrictEqual(yield* names(what.path), ["settlements.csv", "settlements.csv.checkpoint"])
        })
      )

      it.effect("adds to what it made itself alone, and makes no file shorter", () =>
        Effect.gen(function* () {
          const fs = yield* FileSystem.FileSystem
          const at = yield* folder
          const { until } = yield* History.History.use((history) => history.range())
          const path = at("fills.csv")
          const what = { what: "fills", format: "csv", path } as const
          yield* Export.toFile(what)
          const whole = yield* text(path)
          const lines = whole.split("\r\n")
          // cut behind a line it reads as if it were whole
          yield* fs.writeFileString(path, `${lines.slice(0, 1000).join("\r\n")}\r\n`)
          assert.strictEqual(reason(yield* fails({ ...what, sinceLast: true })), "Damaged")
          yield* fs.writeFileString(path, whole)
          assert.strictEqual((yield* Export.toFile({ ...what, sinceLast: true })).how, "added")
          const earlier = { ...what, until: Timestamp.micros(until - 1_000_000) }
          assert.strictEqual(reason(yield* fails(earlier)), "AnotherExport")
          assert.strictEqual(reason(yield* fails({ ...earlier, sinceLast: true })), "AnotherExport")
          assert.strictEqual(yield* text(path), whole)
        })
      )

      it.effect("goes on with a range that was reckoned from now", () =>
        Effect.gen(function* () {
          const at = yield* folder
          const { until } = yield* History.History.use((history) => history.range())
          const since = Timestamp.micros(until - 3_600_000_000 * 24 * 150)
          const what = { what: "fills", format: "ndjson", path: at("fills"), isRelative: true } as const
          assert.isTrue(yield* stopped({ ...what, since, until }, 4))
          const later = Timestamp.micros(since + 1)
          const done = yield* Export.toFile({ ...what, since: later })
          assert.deepStrictEqual([done.how, done.since, done.until], ["resumed", since, until])
          const fresh = yield* Export.toFile({ ...what, since: later })
          assert.deepStrictEqual([fresh.how, fresh.since], ["begun", later])
        })
      )

      it.effect("refuses what cannot be, before anything is written", () =>
        Effect.gen(function* () {
          const at = yield* folder
          const { until } = yield* History.History.use((history) => history.range())
          const what = { what: "fills", format: "csv", path: at("fills.csv") } as const
          const backwards = yield* fails({ ...what, since: until, until })
          assert.strictEqual(reason(backwards), "InvalidQuery")
          const early = yield* fails({ ...what, until: Timestamp.micros(until + 3_600_000_000) })
          assert.strictEqual(reason(early), "NotShownYet")
          assert.deepStrictEqual(yield* names(what.path), [])
          const unwritable = yield* fails({ ...what, path: "/dev/null/exports/fills.csv" })
          assert.strictEqual(reason(unwritable), "Unwritable")
        })
      )
    }
  )

  layer(seeded({ fills: 300, orders: 200, settlements: 10 }), { excludeTestServices: true, timeout: "60 seconds" })(
    (it) => {
      it.effect("adds what is new, and what changed since", () =>
        Effect.gen(function* () {
          const control = yield* Control.Control
          const { account } = yield* Sandbox.Sandbox
          const at = yield* folder
          const fills = { what: "fills", format: "parquet", path: at("fills.parquet"), sinceLast: true } as const
          const orders = { what: "orders", format: "csv", path: at("orders.csv"), sinceLast: true } as const
          const deposits = { what: "deposits", format: "ndjson", path: at("deposits.ndjson"), sinceLast: true } as const
          // the first time it is everything
          assert.deepStrictEqual(yield* Effect.map(Export.toFile(fills), ({ how, records }) => [how, records]), [
            "begun",
            300
          ])
          yield* Export.toFile(orders)
          yield* Export.toFile(deposits)

          const ticker = yield* kit.market()
          const before = yield* control.truth(account)
          const resting = before.orders.find(({ status }) => status === "resting")
          assert.isDefined(resting)
          yield* control.cancel(account, resting?.orderId ?? "")
          yield* kit.offer(ticker, "ask", 40, 10)
          yield* control.place(account, {
            ticker,
            side: "bid",
            price: Dollars.cents(40),
            count: Contracts.of(10)
          })
          yield* control.deposit(account, Dollars.of(5))
          yield* Effect.sleep("5 millis")

          assert.deepStrictEqual(yield* Effect.map(Export.toFile(fills), ({ how, records }) => [how, records]), [
            "added",
            301
          ])
          yield* Export.toFile(orders)
          yield* Export.toFile(deposits)
          const history = yield* History.History
          const same = <N extends Kind.Name>(
            options: Export.FileOptions<N>,
            records: Stream.Stream<Kind.Records[N], History.Failure>
          ) =>
            Effect.gen(function* () {
              const kind: Kind.Kind<Kind.Records[N]> = Kind.all[options.what]
              const read = yield* Stream.runCollect(HistoryFile.read(kind, options))
              assert.deepStrictEqual(read, yield* Stream.runCollect(records))
            })
          yield* same(fills, history.fills())
          yield* same(orders, history.orders())
          yield* same(deposits, history.deposits())
        })
      )
    }
  )
})

describe.skipIf(Postgres.url === undefined)("an export to PostgreSQL", () => {
  beforeAll(Postgres.make)
  afterAll(Postgres.drop)

  const Keys = Schema.Array(Schema.Struct({ key: Schema.String }))
  const keys = (query: string) =>
    SqlClient.SqlClient.use((sql) => sql.withoutTransforms().unsafe(query)).pipe(
      Effect.flatMap(Schema.decodeUnknownEffect(Keys)),
      Effect.map((rows) => rows.map(({ key }) => key))
    )

  layer(seeded({ fills: 2400, orders: 800 }).pipe(Layer.provideMerge(Postgres.layer)), {
    excludeTestServices: true,
    timeout: "60 seconds"
  })((it) => {
    it.effect("goes on where it was stopped, and has each record once", () =>
      Effect.gen(function* () {
        const history = yield* History.History
        const { until } = yield* history.range()
        let told = 0
        const what = { what: "fills", until, windows: 2, table: `${Postgres.schema}.my fills` } as const
        const stop = (after: number) => {
          told = 0
          return Effect.exit(
            Export.toPostgres({
              ...what,
              onProgress: () => Effect.suspend(() => (++told >= after ? Effect.interrupt : Effect.void))
            })
          )
        }
        for (const after of [1, 3, 5]) assert.isTrue(Exit.isFailure(yield* stop(after)))
        const done = yield* Export.toPostgres(what)
        assert.deepStrictEqual([done.how, done.records], ["resumed", 2400])
        const wanted = yield* history.fills({ until }).pipe(Stream.map(Kind.fills.key), Stream.runCollect)
        const query = `SELECT trade_id || '/' || order_id AS key FROM "${Postgres.schema}"."my fills"`
        assert.sameMembers([...(yield* keys(query))], wanted)
        assert.strictEqual((yield* Export.toPostgres(what)).how, "unchanged")
        const error = yield* Effect.flip(Export.toPostgres({ ...what, ticker: "A" }))
        assert.strictEqual(error.reason._tag, "AnotherExport")
        // what it had is gone
        yield* stop(1)
        yield* SqlClient.SqlClient.use((sql) => sql.unsafe(`DROP TABLE "${Postgres.schema}"."my fills"`))
        assert.strictEqual((yield* Export.toPostgres(what)).records, 2400)
        assert.strictEqual((yield* Export.toPostgres({ ...what, sinceLast: true, until: undefined })).how, "added")
      })
    )

    it.effect("says that what it had is gone", () =>
      Effect.gen(function* () {
        const what = { what: "orders", windows: 1, table: `${Postgres.schema}.orders` } as const
        const onProgress = ({ phase, records }: Export.Progress) =>
          phase === "reading" && records > 0 ? Effect.interrupt : Effect.void
        assert.isTrue(Exit.isFailure(yield* Effect.exit(Export.toPostgres({ ...what, onProgress }))))
        yield* SqlClient.SqlClient.use((sql) => sql.unsafe(`DROP TABLE "${Postgres.schema}".orders`))
        const error = yield* Effect.flip(Export.toPostgres(what))
        assert.strictEqual(error.reason._tag, "Damaged", error.message)
        assert.strictEqual((yield* Export.toPostgres({ ...what, restart: true })).records, 800)
      })
    )

    it.effect("is at a table alone", () =>
      Effect.gen(function* () {
        const context = yield* Effect.context<History.History | SqlClient.SqlClient>()
        const what = { what: "deposits", table: `${Postgres.schema}.deposits` } as const
        const refusals: Array<string> = []
        const second = Export.toPostgres(what).pipe(
          Effect.match({
            onSuccess: () => "none",
            onFailure: (error) => error.reason._tag
          }),
          Effect.map((refusal) => refusals.push(refusal)),
          Effect.provideContext(context)
        )
        yield* Export.toPostgres({ ...what, onProgress: () => Effect.asVoid(second) })
        assert.include(refusals, "InUse")
        assert.notInclude(refusals, "none")
      })
    )
  })
})
