/**
 * The command that runs a sandbox until it is told to stop, also as a part of
 * another command. The sandbox itself is loaded when one is opened: help about
 * it does not wait for that.
 *
 * @since 0.1.0
 */
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Console from "effect/Console"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import type * as HttpServerError from "effect/http/HttpServerError"
import * as Layer from "effect/Layer"
import * as Path from "effect/Path"
import type { PlatformError } from "effect/PlatformError"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import type * as Scope from "effect/Scope"

const whole = (name: string, what: string, maximum: number) =>
  Flag.Int(name).pipe(
    Flag.withDescription(what),
    Flag.withSchema(Schema.Int.check(Schema.isBetween({ minimum: 0, maximum }))),
    Flag.withDefault(0)
  )

const count = (name: string, what: string) => whole(name, what, 10_000_000)

/**
 * What a sandbox can be told to be.
 *
 * @since 0.1.0
 * @category flags
 */
export const flags = {
  port: whole("port", "Port to listen on; 0 is any that is free", 65_535),
  host: Flag.String("host").pipe(Flag.withDescription("Address to listen on"), Flag.withDefault("127.0.0.1")),
  seed: Flag.Int("seed").pipe(Flag.withDescription("Makes ids and history"), Flag.withDefault(1)),
  fills: count("fills", "Fills of the member before now"),
  orders: count("orders", "Orders of the member before now"),
  settlements: count("settlements", "Settlements of the member before now"),
  legacy: Flag.Boolean("legacy").pipe(
    Flag.withDescription("Be an exchange of whole cents, and say where the wire of API 2.0.0 is"),
    Flag.withDefault(false)
  )
}

const json = Flag.Boolean("json").pipe(
  Flag.withDescription("Print one line of JSON when ready"),
  Flag.withDefault(false)
)

// The key is for this user alone, and gone with the sandbox.
const keyFile = Effect.fnUntraced(function* (pem: Redacted.Redacted<string>) {
  const files = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const directory = yield* files.makeTempDirectoryScoped({ prefix: "kalshi-sandbox-" })
  const file = path.join(directory, "private-key.pem")
  yield* files.writeFileString(file, Redacted.value(pem), { mode: 0o600 })
  return file
})

interface Signed {
  readonly url: string
  readonly keyId: string
  readonly privateKeyPath: string
}

const STOP = "Stop it with Ctrl-C; the key goes with it."

const friendly = ({ keyId, privateKeyPath, url }: Signed) =>
  [
    `The sandbox listens on ${url}`,
    "",
    "  export KALSHI_ENV=sandbox",
    `  export KALSHI_BASE_URL=${url}`,
    `  export KALSHI_API_KEY_ID=${keyId}`,
    `  export KALSHI_PRIVATE_KEY_PATH=${privateKeyPath}`,
    "",
    STOP
  ].join("\n")

interface Login {
  readonly url: string
  readonly email: string
  readonly password: string
}

const friendlyLegacy = (legacy: Login, today: Signed) =>
  [
    `The sandbox speaks the wire of API 2.0.0 on ${legacy.url}`,
    "",
    "  export KALSHI_ENV=sandbox",
    `  export KALSHI_BASE_URL=${legacy.url}`,
    `  export KALSHI_EMAIL=${legacy.email}`,
    `  export KALSHI_PASSWORD=${legacy.password}`,
    "",
    "Today's wire is served beside it, with the same account:",
    "",
    `  ${today.url}`,
    `  API key id   ${today.keyId}`,
    `  private key  ${today.privateKeyPath}`,
    "",
    STOP
  ].join("\n")

/**
 * What to make of a sandbox, and how to say where it is.
 *
 * @since 0.1.0
 * @category models
 */
export interface Options {
  readonly port: number
  readonly host: string
  readonly seed: number
  readonly fills: number
  readonly orders: number
  readonly settlements: number
  readonly legacy: boolean
  /** Whether to print one line of JSON, for programs. */
  readonly json: boolean
}

/**
 * Opens a sandbox, says where it is, and keeps it open until it is interrupted.
 *
 * Fails with a `ServeError` where it cannot listen; `explain` has words for it.
 *
 * @since 0.1.0
 * @category constructors
 */
export const serve = Effect.fnUntraced(function* (
  options: Options
): Effect.fn.Return<
  never,
  HttpServerError.ServeError | PlatformError,
  FileSystem.FileSystem | Path.Path | Scope.Scope
> {
  const { fills, host, json, legacy, orders, port, seed, settlements } = options
  const history = fills + orders + settlements > 0 ? { fills, orders, settlements } : undefined
  const Sandbox = yield* Effect.promise(() => import("./Sandbox.ts"))
  const opened = yield* Layer.build(Sandbox.layer({ host, port, seed, history, wholeCents: legacy }))
  const sandbox = Context.get(opened, Sandbox.Sandbox)
  const privateKeyPath = yield* keyFile(sandbox.privateKey)
  const environment = "sandbox"
  const today = { url: sandbox.url, keyId: sandbox.keyId, privateKeyPath }
  if (legacy) {
    const { email, password, url } = sandbox.legacy
    const login = { url, email, password: Redacted.value(password) }
    yield* Console.log(json ? JSON.stringify({ ...login, environment, today }) : friendlyLegacy(login, today))
  } else {
    yield* Console.log(json ? JSON.stringify({ ...today, environment }) : friendly(today))
  }
  return yield* Effect.never
}, Effect.scoped)

/**
 * What the command is, in one sentence.
 *
 * @since 0.1.0
 * @category constants
 */
export const description = "Run an exchange in a box: Kalshi's matching, money and wire on a port of this machine"

/**
 * `kalshi-sandbox`: opens a sandbox, says where it is, and keeps it open.
 *
 * @since 0.1.0
 * @category commands
 */
export const command = Command.make("kalshi-sandbox", { ...flags, json }, serve).pipe(
  Command.withDescription(description)
)

/**
 * One line that says why the sandbox could not listen.
 *
 * @since 0.1.0
 * @category conversions
 */
export const explain = (cause: unknown): string => {
  const code = typeof cause === "object" && cause !== null && "code" in cause ? String(cause.code) : undefined
  const where = typeof cause === "object" && cause !== null && "port" in cause ? ` ${String(cause.port)}` : ""
  switch (code) {
    case "EADDRINUSE":
      return `port${where} is in use: choose another with --port, or any free one with --port 0`
    case "EACCES":
      return `port${where} may not be opened by this user: choose another with --port`
    case "EADDRNOTAVAIL":
    case "ENOTFOUND":
      return "the address of --host is not one of this machine"
    default:
      return cause instanceof Error ? cause.message : String(cause)
  }
}
