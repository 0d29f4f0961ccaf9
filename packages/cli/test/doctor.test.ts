/** What the doctor finds, on sandboxes that have it. */
import { Buckets, Control, Sandbox } from "@effect-kalshi/sandbox"
import { assert, describe, it } from "@effect/vitest"
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as HttpClient from "effect/http/HttpClient"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import { TestClock } from "effect/testing"
import * as Exchange from "effect-kalshi/Exchange"
import * as Timestamp from "effect-kalshi/Timestamp"
import * as Crypto from "node:crypto"
import * as Fs from "node:fs"
import * as Os from "node:os"
import * as Path from "node:path"
import * as account from "../src/work/doctor/account.ts"
import { env, jsonLines, kalshi, writes } from "./kit.ts"

interface Finding {
  readonly check: string
  readonly status: "ok" | "warn" | "fail" | "skipped"
  readonly saw: string
  readonly advice?: string
}

const CHECKS = [
  "environment",
  "key",
  "network",
  "exchange",
  "clock",
  "access",
  "other environment",
  "scopes",
  "subaccount",
  "region",
  "money",
  "limits",
  "freshness"
]

/** The findings of a run, by check; they are all there and in their order. */
const findings = Effect.fnUntraced(function* (...of: Parameters<typeof kalshi>) {
  const [args, given, options] = of
  const { code, err, out } = yield* kalshi(["doctor", "--json", ...args], given, options)
  assert.strictEqual(err, "")
  const lines = jsonLines(out)
  assert.strictEqual(lines.length, 1)
  const all: ReadonlyArray<Finding> = lines[0]
  assert.deepStrictEqual(
    all.map(({ check }) => check),
    CHECKS
  )
  for (const { advice, status } of all) if (status === "fail" || status === "warn") assert.isString(advice)
  const by = (check: string): Finding => all.find((finding) => finding.check === check)!
  const bad = all.filter(({ status }) => status === "fail" || status === "warn").map(({ check }) => check)
  assert.strictEqual(code, all.some(({ status }) => status === "fail") ? 4 : 0)
  return { all, bad, by, code }
})

/** A test with a sandbox of its own. */
const onSandbox = <A, E>(
  name: string,
  body: (on: {
    readonly control: Control.Control["Service"]
    readonly sandbox: Sandbox.Sandbox["Service"]
    readonly look: (given?: Readonly<Record<string, string>>) => ReturnType<typeof findings>
  }) => Effect.Effect<A, E>,
  options: Sandbox.ListenOptions = {}
) =>
  it.live(name, () =>
    Effect.gen(function* () {
      const control = yield* Control.Control
      const sandbox = yield* Sandbox.Sandbox
      const member = yield* env
      yield* body({ control, sandbox, look: (given = {}) => findings([], { ...member, ...given }) })
      assert.deepStrictEqual(yield* writes, [])
    }).pipe(Effect.provide(Sandbox.layer({ keyType: "ed25519", ...options })))
  )

const ed25519 = (): string =>
  Crypto.generateKeyPairSync("ed25519").privateKey.export({ type: "pkcs8", format: "pem" }).toString()

describe("the doctor", () => {
  onSandbox("finds that all is well", ({ look, sandbox }) =>
    Effect.gen(function* () {
      const { all, bad, by } = yield* look()
      assert.deepStrictEqual(bad, [])
      assert.strictEqual(by("key").saw, `an Ed25519 key from KALSHI_PRIVATE_KEY, with the id ${sandbox.keyId}`)
      assert.match(by("network").saw, /^127\.0\.0\.1:\d+ answers in \d+ ms$/)
      assert.strictEqual(by("other environment").status, "skipped")
      assert.strictEqual(by("money").saw, "$10,000.00 free, on the only shard")
      assert.isFalse(JSON.stringify(all).includes("PRIVATE KEY-"))
    })
  )

  onSandbox("tells it in lines, each with what to do about it", ({ control, sandbox }) =>
    Effect.gen(function* () {
      const given = {
        KALSHI_ENV: "sandbox",
        KALSHI_BASE_URL: sandbox.url,
        KALSHI_API_KEY_ID: sandbox.keyId,
        KALSHI_PRIVATE_KEY: Redacted.value(sandbox.privateKey)
      }
      yield* control.setKey(sandbox.keyId, { subaccount: 0 })
      const { code, err, out } = yield* kalshi(["doctor"], given)
      assert.deepStrictEqual([code, err], [0, ""])
      assert.match(out, /^ok {4}environment {8}sandbox, http/)
      assert.match(out, /\nwarn {2}subaccount {9}the key is bound to subaccount 0\n +→ it sees no other/)
      assert.match(out, /\n\n0 problems, 1 warning\.\n$/)
    })
  )

  onSandbox("finds what a key may not do, and where", ({ control, look, sandbox }) =>
    Effect.gen(function* () {
      yield* control.setKey(sandbox.keyId, { name: "reports", scopes: ["read"], subaccount: 0 })
      const reader = yield* look()
      assert.strictEqual(reader.by("scopes").saw, "“reports” may read")
      assert.deepStrictEqual(reader.bad, ["subaccount"])
      assert.include(reader.by("money").saw, "does not say on which shard")
      yield* control.setKey(sandbox.keyId, { scopes: ["read::portfolio_balance"], subaccount: null })
      const little = yield* look()
      assert.strictEqual(little.by("access").status, "ok")
      assert.strictEqual(little.by("scopes").status, "skipped")
      yield* control.setKey(sandbox.keyId, { scopes: ["write"] })
      const writer = yield* look()
      assert.deepStrictEqual([writer.by("access").status, writer.code], ["warn", 0])
      assert.include(writer.by("access").advice, "scope read")
    })
  )

  onSandbox("finds a region's grant that lapses, or has", ({ control, look, sandbox }) =>
    Effect.gen(function* () {
      const now = yield* Timestamp.now
      const after = (days: number) => Timestamp.add(now, Duration.days(days))
      yield* control.setRegionExpiry(sandbox.account, after(30))
      assert.strictEqual((yield* look()).by("region").status, "ok")
      yield* control.setRegionExpiry(sandbox.account, after(2))
      assert.match((yield* look()).by("region").saw, /^the region's grant lapses in (2 d|1 d 23 h)/)
      yield* control.setRegionExpiry(sandbox.account, after(-1))
      assert.deepStrictEqual((yield* look()).bad, ["region"])
    })
  )

  onSandbox(
    "finds shards without money, and accounts",
    ({ control, look, sandbox }) =>
      Effect.gen(function* () {
        const { by } = yield* look()
        assert.strictEqual(by("money").status, "warn")
        assert.match(by("money").saw, /none on shard 1 \(Shard 1\), 2 \(Shard 2\)$/)
        assert.match(by("exchange").saw, /on 3 shards$/)
        const { balance } = yield* control.truth(sandbox.account)
        yield* Effect.orDie(control.withdraw(sandbox.account, balance.available))
        assert.strictEqual((yield* look()).by("money").saw, "no free cash")
      }),
    { shards: 3 }
  )

  onSandbox("finds an exchange that is paused", ({ control, look }) =>
    Effect.gen(function* () {
      yield* control.setExchange({ exchangeActive: true, tradingActive: false })
      assert.deepStrictEqual((yield* look()).bad, ["exchange"])
      yield* control.setExchange({ exchangeActive: false, tradingActive: false })
      const { by, code } = yield* look()
      assert.deepStrictEqual([by("exchange").status, code], ["fail", 4])
    })
  )

  onSandbox("finds a clock that is off", ({ control, look }) =>
    Effect.gen(function* () {
      yield* control.setClockSkew("40 seconds")
      const slow = yield* look()
      assert.deepStrictEqual(slow.bad, ["clock"])
      assert.match(slow.by("clock").saw, /^this machine is (39|40|41) s behind the exchange/)
      yield* control.setClockSkew("-1 hour")
      const fast = yield* look()
      assert.match(fast.by("clock").saw, /ahead of the exchange.*signatures are refused$/)
      assert.deepStrictEqual([fast.by("access").status, fast.code], ["fail", 4])
      yield* control.setClockSkew("0 seconds")
    })
  )

  it.effect("finds reads that trail", () =>
    Effect.gen(function* () {
      const seen = (behind: Duration.Input, ahead: number) =>
        account.freshness(ahead).pipe(
          Effect.provideServiceEffect(
            Exchange.Exchange,
            Effect.map(Timestamp.now, (now) =>
              Exchange.Exchange.of({
                getStatus: Effect.die("unused"),
                getLimits: Effect.die("unused"),
                getCosts: Effect.die("unused"),
                getApiKeys: Effect.die("unused"),
                getUserDataTimestamp: Effect.succeed(Timestamp.micros(now - Duration.toMillis(behind) * 1000))
              })
            )
          )
        )
      yield* TestClock.setTime(1_795_190_400_000)
      assert.deepStrictEqual(yield* seen("400 millis", 0), {
        status: "ok",
        saw: "reads show the account as it is, to the second"
      })
      assert.strictEqual((yield* seen("3 seconds", 0)).saw, "reads show the account as it was 3 s ago")
      assert.strictEqual((yield* seen("20 seconds", 0)).status, "warn")
      // by the clock of the exchange, not by ours
      assert.strictEqual((yield* seen("20 seconds", -19_000)).status, "ok")
    })
  )

  onSandbox(
    "tells the tier and the budget",
    ({ look }) =>
      Effect.gen(function* () {
        assert.match((yield* look()).by("limits").saw, /^tier expert: reads 600 tokens a second, 1800 at once; writes/)
      }),
    { limits: { tier: "expert", read: { refill: 600, capacity: 1800 }, write: { refill: 600, capacity: 1800 } } }
  )

  onSandbox("finds a key that is not known, and one that does not fit its id", ({ look }) =>
    Effect.gen(function* () {
      const unknown = yield* look({ KALSHI_API_KEY_ID: "00000000-0000-4000-8000-000000000000" })
      assert.deepStrictEqual([unknown.bad, unknown.code], [["access"], 4])
      assert.include(unknown.by("access").saw, "does not know this key id")
      assert.strictEqual(unknown.by("scopes").status, "skipped")
      assert.strictEqual(unknown.by("other environment").status, "skipped")
      const other = yield* look({ KALSHI_PRIVATE_KEY: ed25519() })
      assert.deepStrictEqual(other.bad, ["access"])
      assert.include(other.by("access").advice, "private key is the one made with it")
    })
  )

  onSandbox("finds something else at the base URL", ({ look, sandbox }) =>
    Effect.gen(function* () {
      const { by, code } = yield* look({ KALSHI_BASE_URL: sandbox.url.replace("/trade-api/v2", "/trade-api/v3") })
      assert.deepStrictEqual([by("network").status, code], ["fail", 4])
      assert.include(by("network").advice, "KALSHI_BASE_URL")
      assert.strictEqual(by("access").status, "skipped")
    })
  )

  it.live("goes on where nothing is configured, or nothing listens", () =>
    Effect.gen(function* () {
      const nothing = yield* findings([], {})
      assert.deepStrictEqual([nothing.bad, nothing.code], [["environment", "key"], 4])
      const key = { KALSHI_API_KEY_ID: "an-id", KALSHI_PRIVATE_KEY: ed25519() }
      const nowhere = yield* findings([], key)
      assert.deepStrictEqual(nowhere.bad, ["environment"])
      assert.include(nowhere.by("key").saw, "an Ed25519 key")
      const closed = yield* findings([], {
        ...key,
        KALSHI_ENV: "custom",
        KALSHI_BASE_URL: "http://127.0.0.1:9/trade-api/v2"
      })
      assert.deepStrictEqual(closed.bad, ["network"])
      const refused = yield* findings(["--env", "sandbox"], {
        ...key,
        KALSHI_BASE_URL: "http://127.0.0.1:59998/trade-api/v2"
      })
      assert.include(refused.by("network").saw, "ECONNREFUSED")
      assert.include(refused.by("network").advice, "nothing listens there")
    })
  )

  it.live("looks at the file of a key", () =>
    Effect.gen(function* () {
      const directory = yield* Effect.acquireRelease(
        Effect.sync(() => Fs.mkdtempSync(Path.join(Os.tmpdir(), "kalshi-doctor-"))),
        (path) => Effect.sync(() => Fs.rmSync(path, { recursive: true }))
      )
      const file = Path.join(directory, "key.pem")
      Fs.writeFileSync(file, ed25519(), { mode: 0o644 })
      const given = { KALSHI_API_KEY_ID: "an-id", KALSHI_PRIVATE_KEY_PATH: file }
      const open = yield* findings([], given)
      assert.deepStrictEqual(
        [open.by("key").status, open.by("key").advice],
        ["warn", `take that from them: chmod 600 ${file}`]
      )
      Fs.chmodSync(file, 0o600)
      assert.strictEqual((yield* findings([], given)).by("key").status, "ok")
      const gone = yield* findings([], { ...given, KALSHI_PRIVATE_KEY_PATH: `${file}.gone` })
      assert.deepStrictEqual(
        [gone.by("key").status, gone.by("key").saw],
        ["fail", `the private key file ${file}.gone does not exist`]
      )
    }).pipe(Effect.scoped)
  )

  it.live("opens a sandbox of its own where one is wanted and none is named", () =>
    Effect.gen(function* () {
      const { bad, by } = yield* findings(["--env", "sandbox"], {})
      assert.deepStrictEqual(bad, [])
      assert.include(by("environment").saw, "one of this process")
    })
  )
})

const hosts = {
  production: "https://external-api.kalshi.com",
  demo: "https://external-api.demo.kalshi.co"
} as const

/** A wire on which the exchange and its demo are two sandboxes, and nothing else is; it keeps whom it was asked for. */
const twoHosts = Effect.gen(function* () {
  const build = Layer.build(Sandbox.layer({ keyType: "ed25519", limits: Buckets.unlimited }))
  const places = { production: yield* build, demo: yield* build }
  const sandboxOf = (name: keyof typeof hosts) => Context.get(places[name], Sandbox.Sandbox)
  const asked: Array<string> = []
  const wire = Layer.effect(
    HttpClient.HttpClient,
    Effect.map(HttpClient.HttpClient, (client) =>
      HttpClient.make((request) => {
        const { origin } = new URL(request.url)
        const name = origin === hosts.production ? "production" : origin === hosts.demo ? "demo" : undefined
        assert.isDefined(name, request.url)
        asked.push(`${name} ${request.method}${"kalshi-access-key" in request.headers ? " signed" : ""}`)
        const there = new URL(sandboxOf(name!).url).origin
        return client.execute(HttpClientRequest.setUrl(request, request.url.replace(origin, there)))
      })
    )
  ).pipe(Layer.provide(FetchHttpClient.layer))
  const keyOf = (name: keyof typeof hosts) => ({
    KALSHI_API_KEY_ID: sandboxOf(name).keyId,
    KALSHI_PRIVATE_KEY: Redacted.value(sandboxOf(name).privateKey)
  })
  return { asked, keyOf, wire }
})

describe("a key of the other environment", () => {
  it.live("is found by trying it there, and nowhere else", () =>
    Effect.gen(function* () {
      const { asked, keyOf, wire } = yield* twoHosts
      const key = keyOf("demo")
      const mixed = yield* findings(["--env", "production"], key, { wire })
      // the two sandboxes have the same seed, and so the same ids: the signature tells the keys apart
      assert.deepStrictEqual(mixed.bad, ["access", "other environment"])
      assert.strictEqual(mixed.by("other environment").saw, "the key works on demo")
      assert.strictEqual(
        mixed.by("other environment").advice,
        "it is a key of demo: use --env demo, or a key of production"
      )
      assert.deepStrictEqual(asked, ["production GET", "production GET signed", "demo GET signed", "production GET"])
      const right = yield* findings(["--env", "demo"], key, { wire })
      assert.deepStrictEqual(right.bad, [])
      const nobodys = yield* findings(["--env", "demo"], { ...key, KALSHI_PRIVATE_KEY: ed25519() }, { wire })
      assert.deepStrictEqual(
        [nobodys.by("other environment").status, nobodys.by("other environment").saw],
        ["warn", "production refuses it too"]
      )
    }).pipe(Effect.scoped)
  )

  it.live("is not tried from elsewhere", () =>
    Effect.gen(function* () {
      const { asked, keyOf, wire } = yield* twoHosts
      const custom = { ...keyOf("demo"), KALSHI_ENV: "custom", KALSHI_BASE_URL: `${hosts.production}/trade-api/v2` }
      const { by } = yield* findings([], custom, { wire })
      assert.deepStrictEqual([by("access").status, by("other environment").status], ["fail", "skipped"])
      assert.isFalse(asked.some((entry) => entry.startsWith("demo")))
    }).pipe(Effect.scoped)
  )
})
