import { Buckets, Control, Faults, Sandbox } from "@effect-kalshi/sandbox"
import * as NodeServices from "@effect/platform-node/NodeServices"
import { assert, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as NodeHttp from "node:http"
import * as Program from "./Program.ts"

const sizes = ["--fills", "2000", "--orders", "600", "--settlements", "50"]
const ESCAPE = String.fromCharCode(27)

// one row a line: the values of a portfolio have no line ends
const lines = (text: string, end: string): ReadonlyArray<string> => text.split(end)

it.live("trades, exports, reconciles and ends with 0; without a terminal it writes plain lines", () =>
  Effect.gen(function* () {
    const files = yield* FileSystem.FileSystem
    const directory = yield* files.makeTempDirectoryScoped()
    const { code, err, out } = yield* Program.run("demo.js", [...sizes, "--out", directory])
    assert.strictEqual(err, "")
    assert.strictEqual(code, 0)
    assert.isFalse(out.includes(ESCAPE))
    assert.match(out, /Everything agrees, to the last micro-dollar/)
    assert.match(out, /fills: [\d,]+ rows.*complete/)
    for (const did of ["preview", "create", "batch", "amend", "decrease", "cancel", "watch"]) {
      assert.match(out, new RegExp(`✓ ${did} `), did)
    }
    for (const line of out.split("\n")) assert.isAtMost(line.length, 100, line)

    const least = { fills: 2000, orders: 600, settlements: 50, market_positions: 1, event_positions: 1 }
    for (const [name, rows] of Object.entries(least)) {
      const ndjson = lines(yield* files.readFileString(`${directory}/${name}.ndjson`), "\n")
      const csv = lines(yield* files.readFileString(`${directory}/${name}.csv`), "\r\n")
      assert.strictEqual(ndjson.at(-1), "", name)
      assert.strictEqual(csv.at(-1), "", name)
      assert.isAtLeast(ndjson.length - 1, rows, name)
      // the same rows, and a header
      assert.strictEqual(csv.length, ndjson.length + 1, name)
      assert.isFalse(
        csv.some((line) => line.includes("\n")),
        name
      )
    }
    assert.deepStrictEqual(
      (yield* files.readDirectory(directory)).filter((file) => file.endsWith(".part")),
      []
    )
    const csv = lines(yield* files.readFileString(`${directory}/fills.csv`), "\r\n")
    assert.strictEqual(csv[0], "tradeId,orderId,ticker,side,price,count,isTaker,fee,createdAt,subaccount,exchangeIndex")
    assert.match(
      csv[1] ?? "",
      /,(bid|ask),0\.\d{4,6},\d+\.\d{2},(true|false),\d+\.\d{4,6},\d{4}-\d\d-\d\dT[\d:.]+Z,0,0$/
    )
  }).pipe(Effect.scoped, Effect.provide(NodeServices.layer))
)

it.live("does the same on the wire of API 2.0.0, whose rows have what that wire tells", () =>
  Effect.gen(function* () {
    const files = yield* FileSystem.FileSystem
    const directory = yield* files.makeTempDirectoryScoped()
    const { code, err, out } = yield* Program.run("demo.js", ["--legacy", ...sizes, "--out", directory])
    assert.strictEqual(err, "")
    assert.strictEqual(code, 0)
    assert.match(out, /at http:\/\/127\.0\.0\.1:\d+\/legacy\/trade-api\/v2, every request with the token of a login/)
    assert.match(out, /Everything agrees, to the last micro-dollar/)
    assert.match(out, /✓ create .* post-only +not sent: this wire has no post-only orders/)
    for (const did of ["preview", "create", "batch", "amend", "decrease", "cancel", "watch"]) {
      assert.match(out, new RegExp(`✓ ${did} `), did)
    }
    const csv = lines(yield* files.readFileString(`${directory}/fills.csv`), "\r\n")
    // whole cents, whole contracts, and no fee
    assert.match(csv[1] ?? "", /,(bid|ask),0\.\d\d00,\d+\.00,(true|false),,\d{4}-\d\d-\d\dT[\d:.]+Z,,$/)
  }).pipe(Effect.scoped, Effect.provide(NodeServices.layer))
)

it.live("sends no password to the exchange itself, and says in a line what to use", () =>
  Effect.gen(function* () {
    for (const name of ["production", "demo"]) {
      const { code, err, out } = yield* Program.run("demo.js", ["--legacy"], {
        KALSHI_ENV: name,
        KALSHI_EMAIL: "somebody@example.org",
        KALSHI_PASSWORD: "a password of somebody"
      })
      assert.strictEqual(code, 1)
      assert.match(err, /^demo: Credentials: the exchange has retired the wire of 2\.0\.0 .* use Portfolio\.layer\n/)
      assert.match(err, /\n {6}npm run demo, without --legacy, uses an API key\.\n$/)
      assert.notInclude(out + err, "a password")
    }
  })
)

const loginOf = ({ legacy }: Sandbox.Sandbox["Service"]) => ({
  KALSHI_ENV: "sandbox",
  KALSHI_BASE_URL: legacy.url,
  KALSHI_EMAIL: legacy.email,
  KALSHI_PASSWORD: Redacted.value(legacy.password)
})

// processes that reach a sandbox of this one
const sandbox = (options: Sandbox.ListenOptions = {}) =>
  Layer.mergeAll(
    NodeServices.layer,
    Sandbox.layer({ keyType: "ed25519", limits: Buckets.unlimited, history: { fills: 40, orders: 20 }, ...options })
  )

it.live("trades with a login on a sandbox that is given, where its wire says all of it", () =>
  Effect.gen(function* () {
    const files = yield* FileSystem.FileSystem
    const directory = yield* files.makeTempDirectoryScoped()
    const env = loginOf(yield* Sandbox.Sandbox)
    const given = yield* Program.run("demo.js", ["--legacy", "--out", directory], env)
    assert.strictEqual(given.err, "")
    assert.strictEqual(given.code, 0)
    for (const did of ["create", "batch", "amend", "decrease", "cancel", "watch"]) {
      assert.match(given.out, new RegExp(`✓ ${did} `), did)
    }
    // an installation tells nobody which markets it has
    const custom = yield* Program.run("demo.js", ["--legacy", "--out", directory], { ...env, KALSHI_ENV: "custom" })
    assert.strictEqual(custom.code, 0, custom.err)
    assert.match(custom.out, /^ {2}no orders are placed: /m)
    assert.notInclude(custom.out, "✓ create")
  }).pipe(Effect.scoped, Effect.provide(sandbox({ wholeCents: true })))
)

it.live("names the command that fits, and says in what state the files are", () =>
  Effect.gen(function* () {
    const files = yield* FileSystem.FileSystem
    const control = yield* Control.Control
    const directory = yield* files.makeTempDirectoryScoped()
    const env = loginOf(yield* Sandbox.Sandbox)
    const keyless = yield* Program.run("demo.js", [], env)
    assert.strictEqual(keyless.code, 1)
    assert.match(
      keyless.err,
      /^demo: Credentials: there is no private key.*\n {6}npm run demo -- --legacy {3}uses the log/
    )
    const cuts = yield* Program.run("demo.js", ["--legacy", "--out", directory], env)
    assert.strictEqual(cuts.code, 0, cuts.err)
    assert.match(cuts.out, /parts of a cent, which this wire cuts off/)
    const before = yield* files.readFileString(`${directory}/fills.ndjson`)
    yield* control.inject(Faults.serverError(403, "forbidden"), { endpoint: "getFills", times: 99 })
    const broken = yield* Program.run("demo.js", ["--legacy", "--read-only", "--out", directory], env)
    assert.strictEqual(broken.code, 1)
    assert.include(broken.err, `\n      what ${directory} has is complete or as it was before\n`)
    assert.strictEqual(yield* files.readFileString(`${directory}/fills.ndjson`), before)
    assert.isFalse((yield* files.readDirectory(directory)).some((file) => file.endsWith(".part")))
  }).pipe(Effect.scoped, Effect.provide(sandbox()))
)

it.live("tells machines in one value on standard output", () =>
  Effect.gen(function* () {
    const files = yield* FileSystem.FileSystem
    const directory = yield* files.makeTempDirectoryScoped()
    const args = ["--fills", "50", "--orders", "20", "--settlements", "3", "--json", "--read-only", "--out", directory]
    const { code, out } = yield* Program.run("demo.js", args)
    assert.strictEqual(code, 0)
    const told: unknown = JSON.parse(out)
    assert.deepInclude(told, { agrees: true, trading: null, directory })
  }).pipe(Effect.scoped, Effect.provide(NodeServices.layer))
)

it.live("places no orders where there is money, and sends nothing before it says so", () =>
  Effect.gen(function* () {
    let requests = 0
    const server = NodeHttp.createServer((_, response) => {
      requests++
      response.end("{}")
    })
    const port = yield* Effect.callback<number>((resume) => {
      server.listen(0, "127.0.0.1", () => {
        const address = server.address()
        resume(Effect.succeed(typeof address === "object" && address !== null ? address.port : 0))
      })
    })
    yield* Effect.addFinalizer(() => Effect.sync(() => server.close()))
    const proxy = { HTTPS_PROXY: `http://127.0.0.1:${port}`, NODE_USE_ENV_PROXY: "1" }

    const url = `http://127.0.0.1:${port}/trade-api/v2`
    yield* Effect.forEach(
      [{ KALSHI_ENV: "production" }, { KALSHI_ENV: "demo" }, { KALSHI_ENV: "custom", KALSHI_BASE_URL: url }],
      (env) =>
        Effect.gen(function* () {
          const { code, err } = yield* Program.run("demo.js", [], { ...proxy, ...env })
          assert.strictEqual(code, 1)
          assert.match(err, new RegExp(`^demo: KALSHI_ENV is ${env.KALSHI_ENV}: this demo places no orders there`))
          assert.match(err, /--read-only/)
        }),
      { concurrency: 2, discard: true }
    )
    assert.strictEqual(requests, 0)
  }).pipe(Effect.scoped)
)

it.live("says in a line what is missing", () =>
  Effect.gen(function* () {
    const { code, err } = yield* Program.run("demo.js", ["--read-only"], { KALSHI_ENV: "production" })
    assert.strictEqual(code, 1)
    assert.match(err, /^demo: Credentials: there is no private key.*\n$/)
  })
)
