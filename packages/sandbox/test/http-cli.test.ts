import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Child from "node:child_process"
import * as Fs from "node:fs"
import * as Path from "node:path"
import * as Url from "node:url"
import * as Children from "../../../test/contract/Children.ts"
import * as Judge from "./http-judge.ts"
import * as Legacy from "./http-legacy-kit.ts"

const bin = Url.fileURLToPath(new URL("../dist/bin.js", import.meta.url))

interface Ended {
  readonly code: number | null
  readonly out: string
  readonly err: string
  readonly took: number
}

interface Running {
  readonly line: Effect.Effect<string>
  readonly kill: (signal: NodeJS.Signals) => Effect.Effect<Ended>
  readonly ended: Effect.Effect<Ended>
}

const run = Effect.fnUntraced(function* (...args: ReadonlyArray<string>) {
  const env = { ...process.env, ...(yield* Children.judged) }
  const { running } = yield* Effect.acquireRelease(
    Effect.sync(() => {
      const child = Child.spawn(process.execPath, [bin, ...args], { stdio: ["ignore", "pipe", "pipe"], env })
      let out = ""
      let err = ""
      let since = Date.now()
      child.stderr.on("data", (chunk: Buffer) => {
        err += chunk.toString()
      })
      const first = new Promise<string>((resolve) =>
        child.stdout.on("data", (chunk: Buffer) => {
          out += chunk.toString()
          if (out.includes("\n")) resolve(out)
        })
      )
      const end = new Promise<Ended>((resolve) =>
        child.on("close", (code) => resolve({ code, out, err, took: Date.now() - since }))
      )
      const running: Running = {
        line: Effect.promise(() => first),
        ended: Effect.promise(() => end),
        kill: (signal) =>
          Effect.andThen(
            Effect.sync(() => {
              since = Date.now()
              child.kill(signal)
            }),
            Effect.promise(() => end)
          )
      }
      return { running, child }
    }),
    ({ child }) => Effect.sync(() => child.kill("SIGKILL"))
  )
  return running
})

describe("the command", () => {
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    it.live(`says where it is, works, and ends on ${signal}`, () =>
      Effect.gen(function* () {
        const running = yield* run("--json", "--port", "0", "--fills", "20")
        const ready = JSON.parse(yield* running.line)
        assert.deepStrictEqual(Object.keys(ready), ["url", "keyId", "privateKeyPath", "environment"])
        assert.strictEqual(ready.environment, "sandbox")
        assert.match(ready.url, /^http:\/\/127\.0\.0\.1:\d+\/trade-api\/v2$/)
        assert.strictEqual(Fs.statSync(ready.privateKeyPath).mode & 0o777, 0o600)
        const privateKey = Redacted.make(Fs.readFileSync(ready.privateKeyPath, "utf8"))
        const send = Judge.client(ready.url, { keyId: ready.keyId, privateKey })
        const fills = yield* send("GET", "/portfolio/fills")
        assert.strictEqual(fills.json.fills.length, 20)
        const ended = yield* running.kill(signal)
        assert.strictEqual(ended.code, 0)
        assert.strictEqual(ended.err, "")
        assert.strictEqual(ended.out.trimEnd().split("\n").length, 1)
        assert.isBelow(ended.took, 1500)
        assert.isFalse(Fs.existsSync(Path.dirname(ready.privateKeyPath)))
      })
    )
  }

  it.live("says with --legacy where the wire of 2.0.0 is, and who logs in there", () =>
    Effect.gen(function* () {
      const running = yield* run("--legacy", "--json", "--fills", "20")
      const ready = JSON.parse(yield* running.line)
      assert.deepStrictEqual(Object.keys(ready), ["url", "email", "password", "environment", "today"])
      assert.deepStrictEqual(Object.keys(ready.today), ["url", "keyId", "privateKeyPath"])
      assert.match(ready.url, /^http:\/\/127\.0\.0\.1:\d+\/legacy\/trade-api\/v2$/)
      assert.strictEqual(ready.environment, "sandbox")
      const opened = yield* Legacy.login(ready.url, ready.email, Redacted.make(ready.password))
      const fills = yield* Legacy.bearer(ready.url, opened.json.token)("GET", "/portfolio/fills")
      assert.strictEqual(fills.json.fills.length, 20)
      // the same account on today's wire, at whole cents
      const privateKey = Redacted.make(Fs.readFileSync(ready.today.privateKeyPath, "utf8"))
      const today = yield* Judge.client(ready.today.url, { keyId: ready.today.keyId, privateKey })(
        "GET",
        "/portfolio/fills"
      )
      assert.deepStrictEqual(
        today.json.fills.map((fill: Judge.Body) => fill.trade_id),
        fills.json.fills.map((fill: Judge.Body) => fill.trade_id)
      )
      for (const fill of today.json.fills) assert.match(fill.fee_cost, /^\d+\.\d\d00$/)
      yield* running.kill("SIGTERM")
      const friendly = yield* run("--legacy")
      const text = yield* friendly.line
      const exported = [...text.matchAll(/export (\w+)=/g)].map(([, name]) => name)
      assert.deepStrictEqual(exported, ["KALSHI_ENV", "KALSHI_BASE_URL", "KALSHI_EMAIL", "KALSHI_PASSWORD"])
      assert.match(text, /KALSHI_BASE_URL=http:\/\/127\.0\.0\.1:\d+\/legacy\/trade-api\/v2\n/)
      assert.match(text, /Today's wire is served beside it.*:\n\n {2}http:\/\/127\.0\.0\.1:\d+\/trade-api\/v2\n/)
      yield* friendly.kill("SIGTERM")
    })
  )

  it.live("tells people what to export, and names a port in use", () =>
    Effect.gen(function* () {
      const running = yield* run()
      const text = yield* running.line
      const url = /KALSHI_BASE_URL=(\S+)/.exec(text)?.[1] ?? ""
      for (const name of ["KALSHI_ENV=sandbox", "KALSHI_API_KEY_ID=", "KALSHI_PRIVATE_KEY_PATH="]) {
        assert.include(text, `export ${name}`)
      }
      const second = yield* run("--port", new URL(url).port)
      const ended = yield* second.ended
      assert.strictEqual(ended.code, 1)
      assert.strictEqual(ended.out, "")
      assert.match(ended.err, /^kalshi-sandbox: port \d+ is in use[^\n]*\n$/)
      yield* running.kill("SIGTERM")
    })
  )
})
