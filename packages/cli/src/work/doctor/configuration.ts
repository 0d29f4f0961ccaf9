/**
 * What is configured: the environment and the key.
 */
import * as Config from "effect/Config"
import * as ConfigProvider from "effect/ConfigProvider"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Option from "effect/Option"
import type * as Credentials from "effect-kalshi/Credentials"
import type { CredentialsError } from "effect-kalshi/CredentialsError"
import type * as Environment from "effect-kalshi/Environment"
import { NodeCredentials } from "effect-kalshi/node"
import * as Failure from "../../Failure.ts"
import * as Session from "../../Session.ts"
import { type Checked, fail, type Found, ok, warn } from "./finding.ts"

/** What was found where; either may be missing. */
export interface Configured {
  readonly environment: Checked<Environment.Environment>
  readonly key: Checked<Credentials.ApiKey>
}

// most messages say first what is wrong, and then what to do
const told = (error: CredentialsError | Failure.Failure): Found => {
  const { text } = error._tag === "Failure" ? error : Failure.fromCredentials(error)
  const cut = text.search(/[;:?] /)
  return cut < 0
    ? fail(text, "set it and ask again")
    : fail(text.slice(0, text.charAt(cut) === "?" ? cut + 1 : cut), text.slice(cut + 2))
}

const kindOf = ({ algorithm }: Credentials.ApiKey["key"]): string =>
  algorithm._tag === "Ed25519" ? "an Ed25519 key" : `an RSA key of ${algorithm.modulusLength} bits`

// whom a file may be read by, beside its owner
const OTHERS = 0o077

const isExposed = (path: string) =>
  FileSystem.FileSystem.use((files) => files.stat(path)).pipe(
    Effect.map(({ mode }) => (mode & OTHERS) !== 0),
    Effect.orElseSucceed(() => false)
  )

const keyFound = Effect.fnUntraced(function* (credential: Credentials.ApiKey) {
  const path = yield* Config.option(Config.String("KALSHI_PRIVATE_KEY_PATH")).pipe(
    Effect.orElseSucceed(() => Option.none<string>())
  )
  const from = Option.match(path, { onNone: () => "KALSHI_PRIVATE_KEY", onSome: (file) => file })
  const saw = `${kindOf(credential.key)} from ${from}, with the id ${credential.keyId}`
  if (Option.isSome(path) && (yield* isExposed(path.value))) {
    return warn(`${saw}; the file can be read by other users`, `take that from them: chmod 600 ${path.value}`)
  }
  const slow = credential.key.algorithm._tag === "RsaPss" && credential.key.algorithm.modulusLength > 2048
  return ok(saw, slow ? "2048 bits are enough, and sign many times faster" : undefined)
})

// A key is looked at also where it is not known for which exchange it is.
const anywhere = (given: ConfigProvider.ConfigProvider): ConfigProvider.ConfigProvider =>
  ConfigProvider.orElse(
    ConfigProvider.fromEnv({ env: { KALSHI_ENV: "custom", KALSHI_BASE_URL: "https://nowhere.invalid/trade-api/v2" } }),
    given
  )

const unplaced: Effect.Effect<Found, never, FileSystem.FileSystem> = Effect.flatMap(
  ConfigProvider.ConfigProvider,
  (given) =>
    NodeCredentials.config.pipe(
      Effect.provideService(ConfigProvider.ConfigProvider, anywhere(given)),
      Effect.matchEffect({ onFailure: (error) => Effect.succeed(told(error)), onSuccess: keyFound })
    )
)

/** Looks at what is configured, and opens a sandbox where one is wanted and none is named. */
export const check = Effect.gen(function* () {
  const environment = yield* Effect.result(Session.environment)
  if (environment._tag === "Failure") {
    const configured: Configured = {
      environment: { found: told(environment.failure) },
      key: { found: yield* unplaced }
    }
    return configured
  }
  const target = yield* Effect.result(Session.open)
  const place = environment.success
  if (place === "here") {
    const credential = target._tag === "Success" ? target.success.credential : undefined
    const configured: Configured = {
      environment: {
        found: ok("sandbox: one of this process, opened for this check", "KALSHI_BASE_URL names one that stays"),
        value: credential?.environment
      },
      key: {
        found: credential === undefined ? fail("the sandbox gave no key", "ask again") : ok("a key of that sandbox"),
        value: credential
      }
    }
    return configured
  }
  const configured: Configured = {
    environment: {
      found: ok(`${place.name}, ${place.baseUrl}${place.name === "production" ? ": real money" : ""}`),
      value: place
    },
    key:
      target._tag === "Success"
        ? { found: yield* keyFound(target.success.credential), value: target.success.credential }
        : { found: told(target.failure) }
  }
  return configured
})
