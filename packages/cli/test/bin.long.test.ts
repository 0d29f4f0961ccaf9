/** The command as a process: what a shell sees of it. */
import { Control, Faults, Sandbox } from "@effect-kalshi/sandbox"
import { assert, describe, it, layer } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Child from "node:child_process"
import * as Fs from "node:fs"
import * as Os from "node:os"
import * as Path from "node:path"
import { env, jsonLines, kalshi, spawn } from "./kit.ts"

// a dozen processes, on a machine that may do other things
const LONG = 120_000

const COMMANDS = ["balance", "orders", "fills", "positions", "sandbox", "doctor"]

const isQuiet = (text: string) => {
  assert.notMatch(text, /^\s+at /m, "a stack trace")
  assert.notInclude(text, "PRIVATE KEY")
}

describe("kalshi", () => {
  it.live("says what there is, and what its exit codes mean", () =>
    Effect.gen(function* () {
      const help = yield* spawn(["--help"])
      assert.deepStrictEqual([help.code, help.err], [0, ""])
      for (const name of COMMANDS) assert.match(help.out, new RegExp(`^ {2}${name} {2,}\\S`, "m"))
      assert.match(help.out, /Exit codes: 0 good, 1 .*, 2 .*, 3 .*,\s+4 .*, 130 told to stop/)
      const version = yield* kalshi(["--version"])
      assert.deepStrictEqual([version.code, version.out], [0, "kalshi v0.1.0\n"])
    })
  )

  it.live("guesses what was meant, in two lines", () =>
    Effect.gen(function* () {
      const command = yield* spawn(["fils"])
      assert.deepStrictEqual(command, {
        code: 2,
        out: "",
        err: "kalshi: there is no command fils; did you mean fills?\n        kalshi --help says what there is\n"
      })
      const flag = yield* kalshi(["fills", "--tikcer", "A"])
      assert.deepStrictEqual([flag.code, flag.out], [2, ""])
      assert.match(flag.err, /^kalshi: there is no flag --tikcer; did you mean --ticker\?\n/)
      const json = yield* kalshi(["--json", "nonsense"])
      assert.deepStrictEqual([json.code, json.out], [2, ""])
      assert.deepInclude(jsonLines(json.err)[0].error, { kind: "usage", reason: "UnknownSubcommand" })
    })
  )

  it.live("asks which exchange is meant, and for a key", () =>
    Effect.gen(function* () {
      const nowhere = yield* spawn(["balance"])
      assert.deepStrictEqual([nowhere.code, nowhere.out], [2, ""])
      assert.match(nowhere.err, /^kalshi: which exchange\? Say --env/)
      const nobody = yield* spawn(["balance", "--env", "demo"])
      assert.deepStrictEqual([nobody.code, nobody.out], [3, ""])
      assert.match(nobody.err, /KALSHI_PRIVATE_KEY_PATH.*--env sandbox/)
      const leftOver = yield* spawn(["balance", "--env", "production"], {
        KALSHI_BASE_URL: "http://127.0.0.1:1/trade-api/v2"
      })
      assert.deepStrictEqual([leftOver.code, leftOver.out], [2, ""])
    })
  )

  it.live("opens a sandbox of its own, and is done with it when it is done", () =>
    Effect.gen(function* () {
      const { code, err, out } = yield* spawn(["--json", "fills", "--env", "sandbox", "-n", "3"])
      assert.strictEqual(code, 0, err)
      assert.strictEqual(jsonLines(out).length, 3)
      assert.strictEqual(jsonLines(err).length, 2)
    })
  )

  it.live("completes words in the shells", () =>
    Effect.gen(function* () {
      for (const shell of ["bash", "zsh", "fish"]) {
        const { code, err, out } = yield* kalshi(["--completions", shell])
        assert.deepStrictEqual([code, err], [0, ""])
        for (const name of [...COMMANDS, "ticker", "since"]) assert.include(out, name)
      }
      const { out } = yield* spawn(["--completions", "bash"])
      const completed = Child.spawnSync(
        "bash",
        [
          "-c",
          'source "$1" && COMP_WORDS=(kalshi po) COMP_CWORD=1 COMP_LINE="kalshi po" COMP_POINT=9 && _kalshi && echo "${COMPREPLY[@]}"',
          "bash",
          yield* file(out)
        ],
        { encoding: "utf8" }
      )
      assert.deepStrictEqual([completed.stderr, completed.stdout.trim()], ["", "positions"])
      assert.strictEqual(Child.spawnSync("bash", ["-n", yield* file(out)]).status, 0)
    }).pipe(Effect.scoped)
  )

  it.live("says that nothing listens, and where to look", () =>
    Effect.gen(function* () {
      const { privateKey } = pem()
      const given = {
        KALSHI_BASE_URL: "http://127.0.0.1:59997/trade-api/v2",
        KALSHI_API_KEY_ID: "an-id",
        KALSHI_PRIVATE_KEY: privateKey
      }
      const text = yield* spawn(["fills", "--env", "custom"], given)
      assert.deepStrictEqual([text.code, text.out], [1, ""])
      assert.match(
        text.err,
        /^kalshi: getFills: no connection to the exchange: .*ECONNREFUSED.*\n {8}kalshi doctor says more\n$/
      )
      const json = yield* spawn(["positions", "--env", "custom", "--json"], given)
      assert.deepStrictEqual([json.code, json.out], [1, ""])
      assert.deepInclude(jsonLines(json.err)[0].error, { kind: "failed", reason: "Disconnected" })
      for (const { err } of [text, json]) isQuiet(err)
    })
  )

  it.live("is a sandbox until it is told to stop, which is its good end", () =>
    Effect.gen(function* () {
      const { code, err, out } = yield* spawn(["sandbox", "--json"], {}, (child) => {
        child.stdout.once("data", () => child.kill("SIGINT"))
      })
      assert.deepStrictEqual([code, err], [0, ""])
      assert.hasAllKeys(jsonLines(out)[0], ["url", "keyId", "privateKeyPath", "environment"])
    })
  )

  it.live("has the flags of kalshi-sandbox, and says which port is taken", () =>
    Effect.gen(function* () {
      const { url } = yield* Sandbox.Sandbox
      const { code, err, out } = yield* spawn(["sandbox", "--port", new URL(url).port])
      assert.deepStrictEqual([code, out], [1, ""])
      assert.match(err, /^kalshi: port \d+ is in use: choose another with --port/)
    }).pipe(Effect.provide(Sandbox.layer({ keyType: "ed25519", markets: false })))
  )
})

const pem = () => ({
  privateKey: `-----BEGIN PRIVATE KEY-----\n${Buffer.concat([
    Buffer.from("302e020100300506032b657004220420", "hex"),
    Buffer.alloc(32, 7)
  ]).toString("base64")}\n-----END PRIVATE KEY-----\n`
})

const file = (text: string) =>
  Effect.map(
    Effect.acquireRelease(
      Effect.sync(() => Fs.mkdtempSync(Path.join(Os.tmpdir(), "kalshi-bin-"))),
      (path) => Effect.sync(() => Fs.rmSync(path, { recursive: true }))
    ),
    (path) => {
      Fs.writeFileSync(Path.join(path, "file"), text)
      return Path.join(path, "file")
    }
  )

layer(Sandbox.layer({ keyType: "ed25519", history: { fills: 4000 } }), { excludeTestServices: true })(
  "kalshi on a sandbox",
  (it) => {
    it.effect(
      "ends well where who reads has seen enough",
      () =>
        Effect.gen(function* () {
          const given = yield* env
          const { code, err, out } = yield* spawn(["fills", "-n", "0", "-q"], given, (child) => {
            child.stdout.once("data", () => child.stdout.destroy())
          })
          assert.deepStrictEqual([code, err], [0, ""])
          assert.isAbove(out.length, 0)
          // as a shell has it
          const bin = Path.resolve(import.meta.dirname, "../dist/bin.js")
          const piped = yield* Effect.callback<string>((resume) => {
            Child.execFile(
              "bash",
              [
                "-c",
                `set -o pipefail; "$0" "${bin}" fills -n 0 --json | head -1 | wc -l; echo "\${PIPESTATUS[0]}"`,
                process.execPath
              ],
              { env: { ...process.env, ...given } },
              (_, stdout, stderr) => resume(Effect.succeed(stdout + stderr))
            )
          })
          assert.strictEqual(piped, "1\n0\n")
        }),
      LONG
    )

    it.effect(
      "stops when it is told to, in the middle",
      () =>
        Effect.gen(function* () {
          const given = yield* env
          const control = yield* Control.Control
          for (const more of [[], ["--json"]]) {
            yield* control.clearRequests
            yield* control.inject(Faults.hang, { endpoint: "getFills" })
            const waits: Effect.Effect<void> = Effect.flatMap(control.requests({ endpoint: "getFills" }), (asked) =>
              asked.length > 0 ? Effect.void : Effect.delay(waits, "20 millis")
            )
            let child: Child.ChildProcess | undefined
            const [ended] = yield* Effect.all(
              [
                spawn(["fills", ...more], given, (started) => {
                  child = started
                }),
                Effect.andThen(
                  waits,
                  Effect.sync(() => child?.kill("SIGINT"))
                )
              ],
              { concurrency: 2 }
            )
            assert.deepStrictEqual([ended.code, ended.out], [130, ""])
            if (more.length === 0) assert.strictEqual(ended.err, "kalshi: stopped\n")
            else assert.strictEqual(jsonLines(ended.err)[0].error.reason, "Interrupted")
          }
          yield* control.clearFaults
        }),
      LONG
    )

    it.effect(
      "is told that its key is refused, and never shows it",
      () =>
        Effect.gen(function* () {
          const given = { ...(yield* env), KALSHI_PRIVATE_KEY: pem().privateKey }
          const { code, err, out } = yield* spawn(["orders"], given)
          assert.deepStrictEqual([code, out], [3, ""])
          assert.match(
            err,
            /^kalshi: getOrders: not authorised \(401 authentication_error.*private key is the one made with it\n/
          )
          isQuiet(err)
          const doctor = yield* spawn(["doctor"], given)
          assert.deepStrictEqual([doctor.code, doctor.err], [4, ""])
          assert.match(doctor.out, /\nFAIL {2}access /)
          isQuiet(doctor.out)
        }),
      LONG
    )

    it.effect(
      "prints JSON and nothing else, where it is asked to",
      () =>
        Effect.gen(function* () {
          const given = yield* env
          for (const [args, count] of [
            [["fills"], 50],
            [["doctor"], 1]
          ] as const) {
            const { code, err, out } = yield* spawn([...args, "--json", "--quiet"], given)
            assert.deepStrictEqual([code, err], [0, ""])
            assert.strictEqual(jsonLines(out).length, count, args.join(" "))
          }
        }),
      LONG
    )
  }
)
