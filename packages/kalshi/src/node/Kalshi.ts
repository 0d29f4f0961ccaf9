/**
 * Every service on Node, from the environment variables of the process.
 *
 * @since 0.1.0
 */
import * as NodeFileSystem from "@effect/platform-node/NodeFileSystem"
import * as NodeHttpClient from "@effect/platform-node/NodeHttpClient"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import type * as HttpClient from "effect/http/HttpClient"
import * as Layer from "effect/Layer"
import * as Credentials from "../Credentials.ts"
import type { CredentialsError } from "../CredentialsError.ts"
import * as Kalshi from "../Kalshi.ts"
import type { RateLimit } from "../limits/Service.ts"
import type { Portfolio } from "../Portfolio.ts"
import * as nodeCredentials from "./Credentials.ts"

export * from "../Kalshi.ts"

// the undici of @effect/platform-node needs Node 22.19 or newer
const UNDICI_SINCE = [22, 19] as const

const hasUndici = (version: string): boolean => {
  const [major = 0, minor = 0] = version.split(".").map(Number)
  return major > UNDICI_SINCE[0] || (major === UNDICI_SINCE[0] && minor >= UNDICI_SINCE[1])
}

/**
 * The HTTP client for this Node: undici from 22.19 on, fetch below.
 *
 * @since 0.1.0
 * @category layers
 */
export const layerHttpClient: Layer.Layer<HttpClient.HttpClient> = hasUndici(process.versions.node)
  ? NodeHttpClient.layerUndici
  : FetchHttpClient.layer

/**
 * Every service, wired from `KALSHI_ENV`, `KALSHI_API_KEY_ID` and
 * `KALSHI_PRIVATE_KEY` or `KALSHI_PRIVATE_KEY_PATH` (and `KALSHI_BASE_URL` for
 * `sandbox` and `custom`). Fails with a `CredentialsError` that says what is
 * missing. It is built apart, as `Kalshi.layer` is.
 *
 * @since 0.1.0
 * @category layers
 */
export const layerConfig = <E = never>(
  options?: Kalshi.Options<E>
): Layer.Layer<Kalshi.Kalshi | RateLimit, CredentialsError | E> =>
  Kalshi.layer(options).pipe(
    Layer.provide(nodeCredentials.layerConfig),
    Layer.provide([NodeFileSystem.layer, layerHttpClient]),
    Layer.fresh
  )

/**
 * The portfolio of an installation of API 2.0.0, wired from `KALSHI_ENV`
 * (`sandbox` or `custom`), `KALSHI_BASE_URL` and `KALSHI_EMAIL` with
 * `KALSHI_PASSWORD`, or `KALSHI_TOKEN`. Fails with a `CredentialsError` that
 * says what is missing. It is built apart, as `Kalshi.layerLegacy` is.
 *
 * @since 0.1.0
 * @category layers
 */
export const layerLegacyConfig = <E = never>(
  options?: Kalshi.LegacyOptions<E>
): Layer.Layer<Portfolio | RateLimit, CredentialsError | E> =>
  Kalshi.layerLegacy(options).pipe(Layer.provide([Credentials.layerLegacyConfig, layerHttpClient]), Layer.fresh)
