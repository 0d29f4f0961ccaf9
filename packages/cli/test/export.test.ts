/** `kalshi export`, in this process and as one of its own, on a sandbox of a port. */
import * as HistoryFile from "@effect-kalshi/history/HistoryFile"
import * as Kind from "@effect-kalshi/history/Kind"
import { Buckets, Control, Faults, Sandbox } from "@effect-kalshi/sandbox"
import * as NodeServices from "@effect/platform-node/NodeServices"
import { assert, layer } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Layer from "effect/Layer"
import * as Path from "effect/Path"
import * as Stream from "effect/Stream"
import * as Fs from "node:fs"
import * as Fill from "effect-kalshi/models/Fill"
import * as Postgres from "../../history/test/Postgres.ts"
import { env, jsonLines, kalshi, spawn, writes } from "./kit.ts"

const truth = Effect.gen(function* () {
  const { account } = yield* Sandbox.Sandbox
  return yield* Control.Control.use((control) => control.truth(account))
})

/** Runs the command on the sandbox in force. */
const on = (...args: ReadonlyArray<string>) => Effect.flatMap(env, (given) => kalshi(args, given))

const folder = Effect.gen(function* () {
  const fs = yield* FileSystem.FileSystem
  const paths = yield* Path.Path
  const directory = yield* fs.makeTempDirectoryScoped({ prefix: "kalshi-export-" })
  return (name: string) => paths.join(directory, name)
})

const size = (path: string): number => Fs.statSync(path, { throwIfNoEntry: false })?.size ?? 0

const names = (path: string) =>
  Effect.map(
    FileSystem.FileSystem.use((fs) => fs.readDirectory(path)),
    (all) => all.toSorted()
  )

layer(
  Sandbox.layer({
    keyType: "ed25519",
    seed: 5,
    history: { fills: 3000, orders: 600, settlements: 20 },
    limits: Buckets.unlimited
  }).pipe(Layer.provideMerge(NodeServices.layer)),
  { excludeTestServices: true, timeout: "60 seconds" }
)("kalshi export", (it) => {
  it.effect("writes a file of what its name ends with, and says so", () =>
    Effect.gen(function* () {
      const at = yield* folder
      const { fills } = yield* truth
      const real = new Set(fills.map(Fill.key))
      for (const [name, format, compression] of [
        ["a.csv", "csv", undefined],
        ["a.csv.gz", "csv", "gzip"],
        ["a.ndjson", "ndjson", undefined],
        ["a.ndjson.gz", "ndjson", "gzip"],
        ["a.parquet", "parquet", undefined]
      ] as const) {
        const { code, err, out } = yield* on("export", "fills", "--out", at(name))
        assert.strictEqual(code, 0, err)
        assert.match(out, new RegExp(`${name.replaceAll(".", "\\.")}  3000 fills, the beginning to \\d{4}-`))
        assert.match(err, /fills: 3,000.* records in /)
        const read = yield* Stream.runCollect(HistoryFile.read(Kind.fills, { path: at(name), format, compression }))
        assert.deepStrictEqual(new Set(read.map(Kind.fills.key)), real)
      }
      assert.deepStrictEqual(yield* writes, [])
    })
  )

  it.effect("exports the whole account to a folder, all until the same instant, and adds what is new", () =>
    Effect.gen(function* () {
      const at = yield* folder
      const first = yield* on("export", "account", "-o", at("all/"), "--format", "ndjson", "--json")
      assert.strictEqual(first.code, 0, first.err)
      const lines = jsonLines(first.out)
      assert.deepStrictEqual(
        lines.map(({ what }) => what),
        ["fills", "orders", "settlements", "positions", "deposits", "withdrawals", "transfers"]
      )
      assert.strictEqual(new Set(lines.map(({ until }) => until)).size, 1)
      const { settlements } = yield* truth
      assert.strictEqual(lines[2].records, settlements.length)
      assert.strictEqual((yield* names(at("all"))).length, 14)
      const second = yield* on("export", "account", "-o", at("all/"), "--format", "ndjson", "--since", "last", "--json")
      assert.strictEqual(second.code, 0, second.err)
      assert.deepStrictEqual(
        jsonLines(second.out).map(({ how, records }) => [how, records]),
        lines.map(({ records }) => ["added", records])
      )
    })
  )

  it.effect("says what is wrong with what it is told, and writes nothing", () =>
    Effect.gen(function* () {
      const fs = yield* FileSystem.FileSystem
      const at = yield* folder
      yield* fs.writeFileString(at("mine.csv"), "mine")
      for (const [args, code, words] of [
        [["fils"], 2, /what cannot be "fils"/],
        [[], 2, /what/],
        [["fills", "--format", "xml"], 2, /--format cannot be "xml"/],
        [["fills", "-o", at("fills.xlsx")], 2, /\.csv, \.ndjson or \.parquet/],
        [["fills", "orders", "-o", at("both.csv")], 2, /name a folder/],
        [["fills", "-o", at("fills.csv"), "--since", "2026-02-01", "--until", "2026-01-01"], 2, /not before --until/],
        [["fills", "-o", at("fills.csv"), "--since", "yesterday"], 2, /last, an instant/],
        [["fills", "-o", at("fills.csv"), "--until", "2036-01-01"], 2, /later than what the exchange's reads show/],
        [["fills", "-o", at("fills.csv"), "--windows", "0"], 2, /--windows/],
        [["fills", "-o", at("fills.csv"), "--table", "x"], 2, /PostgreSQL alone/],
        [["fills", "--event", "KXA"], 2, /not narrowed by --event/],
        [["deposits", "--ticker", "KXA"], 2, /not narrowed by --ticker/],
        [["account", "--subaccount", "1", "-o", at("x/")], 2, /not narrowed by --subaccount/],
        [["fills", "-o", at("fills.csv"), "--since", "0001-01-01"], 2, /--since/],
        [["fills", "-o", at("mine.csv")], 2, /there already.*say --restart/],
        [["fills", "-o", "/dev/null/fills.csv"], 1, /cannot be written/],
        [["fills", "--format", "postgres"], 2, /DATABASE_URL/],
        [["fills", "-o", "postgres://127.0.0.1:1/nowhere"], 1, /database|table/]
      ] as const) {
        const ended = yield* on("export", ...args)
        assert.strictEqual(ended.code, code, `${args.join(" ")}: ${ended.err}`)
        assert.match(ended.err, words)
        assert.strictEqual(ended.out, "")
        assert.isAtMost(
          ended.err
            .trimEnd()
            .split("\n")
            .filter((line) => !line.startsWith("fills: ")).length,
          3,
          ended.err
        )
      }
      assert.deepStrictEqual(yield* names(at(".")), ["mine.csv"])
      assert.strictEqual(yield* fs.readFileString(at("mine.csv")), "mine")
    })
  )

  it.effect.skipIf(Postgres.url === undefined)("writes to a table of PostgreSQL", () =>
    Effect.gen(function* () {
      yield* Effect.acquireRelease(Effect.promise(Postgres.make), () => Effect.promise(Postgres.drop))
      const given = { ...(yield* env), DATABASE_URL: Postgres.url ?? "" }
      const table = `${Postgres.schema}.fills`
      const ended = yield* kalshi(["export", "fills", "--format", "postgres", "--table", table, "--json"], given)
      assert.strictEqual(ended.code, 0, ended.err)
      assert.deepInclude(jsonLines(ended.out)[0], { path: table, records: 3000, how: "begun" })
      const again = yield* kalshi(
        ["export", "fills", "-o", given.DATABASE_URL, "--table", table, "--since", "last"],
        given
      )
      assert.match(again.out, /3000 fills.*what is new added/)
    })
  )

  it.effect("goes on where Ctrl-C stopped it, and says that it will", () =>
    Effect.gen(function* () {
      const fs = yield* FileSystem.FileSystem
      const control = yield* Control.Control
      const at = yield* folder
      const given = yield* env
      yield* control.inject(Faults.latency("40 millis"), { times: 100_000 })
      const args = ["export", "fills", "-o", at("fills.ndjson"), "--windows", "1"]
      const stopped = yield* spawn(args, given, (child) => {
        // as soon as something is kept
        const look = setInterval(() => {
          if (size(at("fills.ndjson.spool")) === 0) return
          clearInterval(look)
          child.kill("SIGINT")
        }, 20)
        child.on("close", () => clearInterval(look))
      })
      yield* control.clearFaults
      assert.deepStrictEqual([stopped.code, stopped.out], [130, ""], stopped.err)
      assert.match(stopped.err, /the same command goes on there/)
      assert.deepStrictEqual(yield* names(at(".")), ["fills.ndjson.checkpoint", "fills.ndjson.spool"])
      const done = yield* on(...args)
      assert.strictEqual(done.code, 0, done.err)
      assert.match(done.out, /3000 fills.*gone on with/)
      assert.deepStrictEqual(yield* names(at(".")), ["fills.ndjson", "fills.ndjson.checkpoint"])
      assert.strictEqual((yield* fs.readFileString(at("fills.ndjson"))).trimEnd().split("\n").length, 3000)
    })
  )
})
