/**
 * Credentials whose key is in a file: for Node, and kept out of the core.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Layer from "effect/Layer"
import type { PlatformError } from "effect/PlatformError"
import * as Redacted from "effect/Redacted"
import * as NodeOS from "node:os"
import * as Credentials from "../Credentials.ts"
import * as CredentialsError from "../CredentialsError.ts"

const expand = (path: string): Effect.Effect<string> =>
  Effect.sync(() => (/^~(?=$|[/\\])/.test(path) ? NodeOS.homedir() + path.slice(1) : path))

// `NotFound` and the like; neither contents nor the platform's own words.
const describe = (error: PlatformError): string => {
  switch (error.reason._tag) {
    case "NotFound":
      return "does not exist"
    case "PermissionDenied":
      return "may not be read by this user"
    default:
      return "cannot be read"
  }
}

const readFile = Effect.fnUntraced(function* (given: string) {
  const fs = yield* FileSystem.FileSystem
  const path = yield* expand(given)
  const unreadable = (description: string) =>
    new CredentialsError.CredentialsError({ reason: new CredentialsError.KeyFileUnreadable({ path, description }) })
  const info = yield* fs.stat(path).pipe(Effect.mapError((error) => unreadable(describe(error))))
  if (info.type === "Directory") return yield* unreadable("is a directory; name the file in it")
  const text = yield* fs.readFileString(path).pipe(Effect.mapError((error) => unreadable(describe(error))))
  if (text.trim() === "") return yield* unreadable("is empty")
  return Redacted.make(text)
})

/**
 * Reads a credential from the configuration as `Credentials.config` does, or
 * with the file that `KALSHI_PRIVATE_KEY_PATH` names (`~` is the home
 * directory) in place of `KALSHI_PRIVATE_KEY`; both at once is `AmbiguousKey`.
 *
 * Fails as `Credentials.config` does, and with `KeyFileUnreadable`, which
 * names the path.
 *
 * @since 0.1.0
 * @category configuration
 */
export const config: Effect.Effect<Credentials.ApiKey, CredentialsError.CredentialsError, FileSystem.FileSystem> =
  Credentials.configWith({ readFile })

/**
 * Credentials from the configuration, as `config` reads them.
 *
 * @since 0.1.0
 * @category layers
 */
export const layerConfig: Layer.Layer<
  Credentials.Credentials,
  CredentialsError.CredentialsError,
  FileSystem.FileSystem
> = Layer.fresh(Credentials.layerConfigWith({ readFile }))
