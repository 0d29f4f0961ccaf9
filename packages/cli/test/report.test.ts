/** The report of an account of a sandbox: its page, its figures, and what it refuses. */
import { Buckets, Control, Sandbox } from "@effect-kalshi/sandbox"
import { assert, describe, layer } from "@effect/vitest"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Contracts from "effect-kalshi/Contracts"
import * as Dollars from "effect-kalshi/Dollars"
import * as Fs from "node:fs"
import * as Os from "node:os"
import * as Path from "node:path"
import * as Url from "node:url"
import * as Browser from "../../history/test/report/Browser.ts"
import * as measure from "../../history/test/report/measure.ts"
import { env, jsonLines, kalshi, writes } from "./kit.ts"

const base = Fs.existsSync("/dev/shm") ? "/dev/shm" : Os.tmpdir()

/** A folder that is gone with its scope. */
const folder = Effect.acquireRelease(
  Effect.sync(() => Fs.mkdtempSync(Path.join(base, "kalshi-report-"))),
  (path) => Effect.sync(() => Fs.rmSync(path, { recursive: true }))
)

/** Runs the command on the sandbox in force. */
const on = (...args: ReadonlyArray<string>) => Effect.flatMap(env, (given) => kalshi(args, given))

const truth = Effect.gen(function* () {
  const { account } = yield* Sandbox.Sandbox
  const { fills } = yield* Control.Control.use((control) => control.truth(account))
  return {
    fees: Dollars.sum(fills.map(({ fee }) => fee)),
    volume: Dollars.sum(
      fills.map(({ count, price, side }) => Dollars.times(side === "bid" ? price : Dollars.complement(price), count))
    ),
    fills: fills.length
  }
})

const asked = Control.Control.use((control) => Effect.map(control.requests(), ({ length }) => length))

/** The folder of an export of the account. */
class Exported extends Context.Service<Exported, { readonly path: string }>()("test/Exported") {}

/** An order rests and a position is open; then all of it is exported. */
const lived = Layer.effect(
  Exported,
  Effect.gen(function* () {
    const control = yield* Control.Control
    const { account } = yield* Sandbox.Sandbox
    const other = yield* control.account("other", { deposit: Dollars.of(500), key: "ed25519" })
    const { ticker } = yield* control.listMarket({ ticker: "KXRAINNYC-26DEC24-T0", event: "KXRAINNYC-26DEC24" })
    const price = Dollars.cents(40)
    yield* control.place(other.id, { ticker, side: "ask", price, count: Contracts.of(25) })
    yield* control.place(account, { ticker, side: "bid", price, count: Contracts.of(40) })
    const path = yield* folder
    const { code, err } = yield* on("export", "account", "--format", "ndjson", "-o", `${path}/`)
    assert.strictEqual(code, 0, err)
    return { path }
  })
)

layer(
  lived.pipe(
    Layer.provideMerge(
      Sandbox.layer({
        keyType: "ed25519",
        seed: 7,
        limits: Buckets.unlimited,
        history: { fills: 400, orders: 120, settlements: 20 }
      })
    ),
    Layer.orDie
  ),
  { excludeTestServices: true }
)("kalshi report", (it) => {
  it.effect("explains the account, and says that all adds up", () =>
    Effect.gen(function* () {
      const path = Path.join(yield* folder, "page.html")
      const { code, err, out } = yield* on("report", "--out", path)
      assert.strictEqual(code, 0, err)
      assert.include(out, `${path}\n`)
      assert.include(out, "No records contradict each other.")
      assert.include(out, "is what the exchange reports, to the micro-dollar.")
      assert.match(err, /^reading: [\d,]+ records in /)
      const page = Fs.readFileSync(path, "utf8")
      assert.include(page, "the records give the cash that the exchange reports, to the micro-dollar")
      assert.notInclude(page, "do not add up")
      assert.include(page, "KXRAINNYC-26DEC24")
      assert.deepStrictEqual(yield* writes, [])
    }).pipe(Effect.scoped)
  )

  it.effect("is made of an export without a network, and of its markets where there is one", () =>
    Effect.gen(function* () {
      const given = yield* env
      const path = yield* folder
      const history = Path.join(path, "history")
      Fs.cpSync((yield* Exported).path, history, { recursive: true })
      const page = Path.join(path, "page.html")
      const report = (environment: Record<string, string>) =>
        Effect.map(
          kalshi(["report", "--from", history, "-o", page, "--json", "-q"], environment),
          ({ code, err, out }) => {
            assert.deepStrictEqual([code, err], [0, ""])
            return jsonLines(out)[0]
          }
        )
      const before = yield* asked
      const alone = yield* report({})
      assert.strictEqual(yield* asked, before)
      const { fees, fills, volume } = yield* truth
      assert.deepInclude(alone, {
        fees: Dollars.format(fees),
        volume: Dollars.format(volume),
        fills,
        discrepancies: 0
      })
      assert.isUndefined(alone.difference)
      const text = Fs.readFileSync(page, "utf8")
      assert.include(text, `Account of key ${given.KALSHI_API_KEY_ID.slice(0, 8)}`)
      assert.include(text, "What settled markets paid below a cent")
      assert.include(text, "The records were not compared with the exchange’s balance")
      const { KALSHI_BASE_URL, KALSHI_ENV } = given
      const looked = yield* report({ KALSHI_BASE_URL, KALSHI_ENV })
      assert.isAbove(yield* asked, before)
      // the same name again is its own
      const live = yield* on("report", "-o", page, "--json", "-q")
      assert.deepStrictEqual([live.code, live.err], [0, ""])
      const figures = jsonLines(live.out)[0]
      assert.strictEqual(figures.difference, "0.0000")
      assert.isAbove(Date.parse(figures.asOf), Date.parse(looked.asOf))
      // of another moment, and compared with the balance
      const { asOf, until } = looked
      assert.deepStrictEqual({ ...figures, asOf, until }, { ...looked, difference: "0.0000" })
      assert.notInclude(Fs.readFileSync(page, "utf8"), "What settled markets paid below a cent")

      // what does not add up is said plainly, and is no failure
      const file = Path.join(history, "fills.ndjson")
      const whole = Fs.readFileSync(file, "utf8")
      Fs.writeFileSync(file, whole + whole.slice(whole.lastIndexOf("\n", whole.length - 2) + 1))
      const doubtful = yield* kalshi(["report", "--from", history, "-o", page])
      assert.strictEqual(doubtful.code, 0)
      assert.include(doubtful.out, "THESE FIGURES DO NOT ADD UP: 1 discrepancy, which the page says first.")
      assert.include(Fs.readFileSync(page, "utf8"), "came more than once; it counts once")

      Fs.rmSync(Path.join(history, "settlements.ndjson"))
      const unfinished = yield* kalshi(["report", "--from", history, "-o", page])
      assert.strictEqual(unfinished.code, 1)
      assert.include(unfinished.err, "an export of settlements that is not finished")
      for (const name of ["settlements.ndjson.checkpoint", "transfers.ndjson", "transfers.ndjson.checkpoint"]) {
        Fs.rmSync(Path.join(history, name))
      }
      const missing = yield* kalshi(["report", "--from", history, "-o", page])
      assert.strictEqual(missing.code, 2)
      assert.include(missing.err, "has no settlements and transfers (as settlements.csv")
      const nowhere = yield* kalshi(["report", "--from", page, "-o", `${page}.html`])
      assert.deepStrictEqual([nowhere.code, Fs.existsSync(`${page}.html`)], [2, false])
      assert.include(nowhere.err, "is no folder that can be read")
    }).pipe(Effect.scoped)
  )

  it.effect("lists the closed lots of its period, which add up to its profit", () =>
    Effect.gen(function* () {
      const path = yield* folder
      const from = ["--from", (yield* Exported).path]
      const lots = Path.join(path, "lots.csv")
      for (const [method, since] of [
        ["fifo", "90d"],
        ["average", "300d"]
      ] as const) {
        const range = ["--since", since, "--until", "2d", "--method", method]
        const files = ["-o", Path.join(path, "page.html"), "--tax", lots]
        const { code, err, out } = yield* kalshi(["report", "--json", ...from, ...range, ...files])
        assert.strictEqual(code, 0, err)
        assert.include(err, "no tax advice")
        const [head = "", ...rows] = Fs.readFileSync(lots, "utf8").trimEnd().split("\n")
        const column = (name: string) => {
          const index = head.split(",").indexOf(name)
          return rows.map((row) => row.split(",")[index] ?? "")
        }
        const figures = jsonLines(out)[0]
        assert.strictEqual(rows.length, figures.closedLots)
        assert.isAbove(rows.length, 10)
        assert.strictEqual(Dollars.format(Dollars.sum(column("gain").map(Dollars.fromStringUnsafe))), figures.profit)
        assert.isTrue(column("disposed").every((at) => at >= figures.since && at < figures.until))
        assert.isAbove(Number(figures.fees), 0)
        assert.isBelow(figures.fills, (yield* truth).fills)
        assert.notInclude(Fs.readFileSync(Path.join(path, "page.html"), "utf8"), "do not add up")
      }
    }).pipe(Effect.scoped)
  )

  it.effect("replaces nothing that is not its own", () =>
    Effect.gen(function* () {
      const path = yield* folder
      const from = ["--from", (yield* Exported).path]
      const own = Path.join(path, "thesis.html")
      Fs.writeFileSync(own, "<!doctype html><p>mine")
      const before = yield* asked
      const refused = yield* on("report", "-o", own)
      assert.strictEqual(refused.code, 2)
      assert.include(refused.err, "is there already and is no report of kalshi")
      const tax = yield* on("report", "-o", Path.join(path, "a.html"), "--tax", own)
      assert.include(tax.err, "is no list of closed lots")
      const place = yield* on("report", "-o", path)
      assert.deepStrictEqual([tax.code, place.code], [2, 2])
      const range = yield* on("report", "--since", "1d", "--until", "2d", "-o", Path.join(path, "a.html"))
      assert.deepStrictEqual([range.code, range.out], [2, ""])
      // all of it before anything was read
      assert.strictEqual(yield* asked, before)
      assert.strictEqual(Fs.readFileSync(own, "utf8"), "<!doctype html><p>mine")
      assert.deepStrictEqual(Fs.readdirSync(path), ["thesis.html"])
      const late = yield* kalshi(["report", ...from, "--since", "2999-01-01", "-o", Path.join(path, "a.html")])
      assert.deepStrictEqual([late.code, Fs.readdirSync(path)], [2, ["thesis.html"]])
      assert.strictEqual((yield* kalshi(["report", ...from, "-o", own, "--force"])).code, 0)
      assert.include(Fs.readFileSync(own, "utf8"), `<meta name="generator" content="@effect-kalshi/history">`)
    }).pipe(Effect.scoped)
  )

  describe.skipIf(Browser.program === undefined)("in a browser", () => {
    it.effect("shows every chart, on a desk and on a phone", () =>
      Effect.gen(function* () {
        const path = Path.join(Browser.folder, "command.html")
        Fs.mkdirSync(Browser.folder, { recursive: true })
        assert.strictEqual((yield* on("report", "-o", path, "--force")).code, 0)
        const address = Url.pathToFileURL(path).href
        for (const width of [1280, 390]) {
          const open = yield* Browser.open(address, { width })
          const charts = yield* open.run<ReadonlyArray<measure.Seen>>(measure.charts)
          assert.lengthOf(charts, 7)
          for (const { height, id, line, marks, outside } of charts) {
            assert.isAbove(height, 80, id)
            assert.isAbove(marks.length + (line?.points ?? 0), 0, id)
            assert.deepStrictEqual(outside, [], id)
          }
          assert.isAtMost(yield* open.run<number>(measure.overflow), 0)
          yield* open.picture(`command-${width}`)
          assert.deepStrictEqual(open.asked, [address])
          assert.deepStrictEqual(open.said, [])
        }
      }).pipe(Effect.scoped, Effect.provide(Browser.layer))
    )
  })
})
