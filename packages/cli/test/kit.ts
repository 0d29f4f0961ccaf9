/**
 * The command in this process, with everything that it writes kept; and as a
 * process of its own.
 */
import { Control, Sandbox } from "@effect-kalshi/sandbox"
import * as NodeServices from "@effect/platform-node/NodeServices"
import * as ConfigProvider from "effect/ConfigProvider"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import type * as HttpClient from "effect/http/HttpClient"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as Sink from "effect/Sink"
import * as Stdio from "effect/Stdio"
import * as Child from "node:child_process"
import * as Url from "node:url"
import * as Children from "../../../test/contract/Children.ts"
import * as Cli from "../src/Cli.ts"
import * as Session from "../src/Session.ts"

export interface Ended {
  readonly code: number | null
  readonly out: string
  readonly err: string
}

/** The values of lines of JSON. */
export const jsonLines = (text: string) =>
  text
    .split("\n")
    .filter((line) => line !== "")
    // what is asserted of it is what it is taken for
    // oxlint-disable-next-line typescript/no-explicit-any
    .map((line): any => JSON.parse(line))

type Env = Readonly<Record<string, string>>

/** Runs the command here, over the HTTP client of this Node unless another is given. */
export const kalshi = Effect.fnUntraced(function* (
  args: ReadonlyArray<string>,
  env: Env = {},
  options: {
    readonly wire?: Layer.Layer<HttpClient.HttpClient> | undefined
    readonly stdio?: Partial<Stdio.Stdio> | undefined
  } = {}
) {
  let out = ""
  let err = ""
  const keep = (add: (text: string) => void) =>
    Sink.forEach((chunk: string | Uint8Array) =>
      Effect.sync(() => add(typeof chunk === "string" ? chunk : new TextDecoder().decode(chunk)))
    )
  const stdio = Stdio.layerTest({
    args: Effect.succeed(args),
    stdout: () =>
      keep((text) => {
        out += text
      }),
    stderr: () =>
      keep((text) => {
        err += text
      }),
    ...options.stdio
  })
  const exit = yield* Cli.run.pipe(
    Effect.provide(Layer.provideMerge(stdio, NodeServices.layer)),
    Effect.provideService(ConfigProvider.ConfigProvider, ConfigProvider.fromEnv({ env })),
    options.wire === undefined ? (self) => self : Effect.provideService(Session.Wire, options.wire),
    // help and completions are written to the console
    Effect.provideService(Console.Console, {
      ...globalThis.console,
      log: (...words: ReadonlyArray<unknown>) => {
        out += `${words.join(" ")}\n`
      },
      error: (...words: ReadonlyArray<unknown>) => {
        err += `${words.join(" ")}\n`
      }
    }),
    Effect.exit
  )
  const code = exit._tag === "Success" ? 0 : Cli.codeOf(exit.cause)
  return { code, out, err }
})

/** The variables that name the sandbox in force and its member. */
export const env = Effect.map(Sandbox.Sandbox, ({ keyId, privateKey, url }) => ({
  KALSHI_ENV: "sandbox",
  KALSHI_BASE_URL: url,
  KALSHI_API_KEY_ID: keyId,
  KALSHI_PRIVATE_KEY: Redacted.value(privateKey)
}))

/** The writes that the sandbox in force was asked for. */
export const writes = Control.Control.use((control) => control.requests()).pipe(
  Effect.map((entries) => entries.filter(({ method }) => method !== "GET"))
)

const bin = Url.fileURLToPath(new URL("../dist/bin.js", import.meta.url))

const bare = (): Record<string, string> =>
  Object.fromEntries(
    Object.entries(process.env).flatMap(([name, value]) =>
      value === undefined || name.startsWith("KALSHI_") || name.startsWith("FORCE_COLOR") ? [] : [[name, value]]
    )
  )

/** The command as a process of its own; `onLine` hears the first line that it prints. */
export const spawn = Effect.fnUntraced(function* (
  args: ReadonlyArray<string>,
  given: Env = {},
  onStart: (child: Child.ChildProcessWithoutNullStreams) => void = () => {}
) {
  const judged = yield* Children.judged
  return yield* Effect.callback<Ended>((resume) => {
    const child = Child.spawn(process.execPath, [bin, ...args], { env: { ...bare(), ...judged, ...given } })
    child.stdin.end()
    let out = ""
    let err = ""
    child.stdout.on("data", (chunk: Buffer) => {
      out += chunk.toString()
    })
    child.stderr.on("data", (chunk: Buffer) => {
      err += chunk.toString()
    })
    child.on("close", (code) => resume(Effect.succeed({ code, out, err })))
    onStart(child)
    return Effect.sync(() => child.kill("SIGKILL"))
  })
}, Effect.scoped)
