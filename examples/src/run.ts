/**
 * Runs an example against a sandbox of its own: `npm run example -- first`.
 *
 * It starts the sandbox's command, waits until it says where it is, runs the
 * example as a process with the environment variables that a user would set,
 * and ends both. The exit code is the example's.
 */
// by module: the whole of it takes half a second to load
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import * as NodeServices from "@effect/platform-node/NodeServices"
import { Console, Data, Effect, Option, Runtime, Schema, Stream } from "effect"
import { Argument, Command } from "effect/cli"
import { ChildProcess } from "effect/process"
import * as NodeUrl from "node:url"

const examples = {
  first: "place an order, then stream your fills: the first program of the README",
  batch: "several orders in one request, each with an answer of its own",
  errors: "what can go wrong: reasons, outcomes, time limits, retries",
  "export-fills": "all fills to an NDJSON file, a page at a time, and back",
  preview: "what an order can cost, before it is sent",
  "two-accounts": "two accounts in one program, trading with each other",
  archive: "stored responses of 2024, of January 2026 and of today, read as one",
  legacy: "one program on the wire of today and on that of API 2.0.0",
  fleet: "exports of several accounts on a cluster of two processes, one of which is killed (PostgreSQL)",
  recover: "a program that ends in the middle of an order, and the next one that finds it",
  "in-memory": "a whole exchange inside a test, and an answer that gets lost"
}

// these bring an exchange of their own
const alone: ReadonlySet<string> = new Set(["two-accounts", "archive", "legacy", "fleet", "recover", "in-memory"])

const list = [
  "npm run example -- <name>, with one of:",
  "",
  ...Object.entries(examples).map(([name, what]) => `  ${name.padEnd(14)}${what}`)
].join("\n")

class Failed extends Data.TaggedError("Failed")<{ readonly code: number }> {
  override readonly [Runtime.errorExitCode] = this.code
}

const Ready = Schema.fromJsonString(
  Schema.Struct({
    url: Schema.String,
    keyId: Schema.String,
    privateKeyPath: Schema.String
  })
)

const file = (url: URL): string => NodeUrl.fileURLToPath(url)
const sandbox = file(new URL("bin.js", import.meta.resolve("@effect-kalshi/sandbox")))

// Open as long as the scope; its first line says where it is.
const open = Effect.gen(function* () {
  const handle = yield* ChildProcess.make(
    process.execPath,
    [sandbox, "--json", "--fills", "1200", "--orders", "400", "--settlements", "40"],
    { stdin: "ignore", stderr: "inherit", extendEnv: true }
  )
  const line = yield* handle.stdout.pipe(Stream.decodeText(), Stream.splitLines, Stream.runHead)
  const ready = yield* Schema.decodeEffect(Ready)(Option.getOrElse(line, () => ""))
  return {
    KALSHI_ENV: "sandbox",
    KALSHI_BASE_URL: ready.url,
    KALSHI_API_KEY_ID: ready.keyId,
    KALSHI_PRIVATE_KEY_PATH: ready.privateKeyPath,
    // a key of yours has no business here
    KALSHI_PRIVATE_KEY: ""
  }
})

const run = Effect.fn("run")(function* (name: string) {
  const env = alone.has(name) ? {} : yield* open
  const example = yield* ChildProcess.make(process.execPath, [file(new URL(`${name}.js`, import.meta.url))], {
    stdin: "inherit",
    stdout: "inherit",
    stderr: "inherit",
    extendEnv: true,
    env
  })
  const code = yield* example.exitCode
  if (code !== 0) return yield* new Failed({ code })
}, Effect.scoped)

const command = Command.make(
  "example",
  { name: Argument.String("name").pipe(Argument.withDescription("Which example"), Argument.optional) },
  Effect.fnUntraced(function* ({ name }) {
    if (Option.isNone(name)) return yield* Console.log(list)
    if (!Object.hasOwn(examples, name.value)) {
      yield* Console.error(`There is no example ${name.value}.\n\n${list}`)
      return yield* new Failed({ code: 1 })
    }
    yield* run(name.value)
  })
).pipe(Command.withDescription("Run an example against a sandbox of its own"))

Command.run(command, { version: "0.1.0" }).pipe(
  Effect.tapError((error) => (error._tag === "Failed" ? Effect.void : Console.error(`example: ${error.message}`))),
  Effect.provide(NodeServices.layer),
  NodeRuntime.runMain({ disableErrorReporting: true })
)
