/**
 * Who a program is on an exchange: an API key of one environment, or nobody;
 * and, on an installation of API 2.0.0, a bearer token or a login.
 *
 * A key is read once, from text in any common shape, into an opaque
 * `CryptoKey` that cannot be exported. The text is not kept, and no error,
 * log or inspection shows a part of it.
 *
 * A key belongs to an environment: a key of the demo is unknown to production
 * and the other way round. Nothing here chooses production by itself.
 *
 * See "API Keys" in the exchange's documentation.
 *
 * @since 0.1.0
 */
import * as Config from "effect/Config"
import * as Context from "effect/Context"
import * as KeyFormat from "effect/crypto/KeyFormat"
import type * as CryptoError from "effect/crypto/CryptoError"
import * as SecureRandom from "effect/crypto/SecureRandom"
import * as Signature from "effect/crypto/Signature"
import * as WebCrypto from "effect/crypto/WebCrypto"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import {
  AmbiguousKey,
  ConfigUnreadable,
  CredentialsError,
  DamagedKey,
  EmptyKeyId,
  EncryptedKey,
  InvalidBaseUrl,
  InvalidKeyId,
  InvalidLogin,
  KeyAsPath,
  KeyFileUnsupported,
  LoginRetired,
  MissingBaseUrl,
  MissingEnvironment,
  MissingKey,
  MissingLogin,
  NoWebCrypto,
  NotPem,
  PublicKey,
  UnknownEnvironment,
  UnsupportedKey,
  type Reason
} from "./CredentialsError.ts"
import * as Environment from "./Environment.ts"
import * as BaseUrl from "./internal/baseUrl.ts"
import * as Pem from "./internal/pem.ts"

const fail = (reason: Reason): Effect.Effect<never, CredentialsError> => Effect.fail(new CredentialsError({ reason }))

// --- models ------------------------------------------------------------------

/**
 * An API key of one environment. `key` signs and shows nothing but its
 * algorithm.
 *
 * @since 0.1.0
 * @category models
 */
export interface ApiKey {
  readonly _tag: "ApiKey"
  readonly environment: Environment.Environment
  readonly keyId: string
  readonly key: Signature.PrivateKey<Signature.RsaPss | Signature.Ed25519>
}

/**
 * No key: public endpoints of one environment only.
 *
 * @since 0.1.0
 * @category models
 */
export interface Anonymous {
  readonly _tag: "Anonymous"
  readonly environment: Environment.Environment
}

/**
 * Who a program is on an exchange.
 *
 * @since 0.1.0
 * @category models
 */
export type Credential = ApiKey | Anonymous

/**
 * Service with the credential of a program. Programs with several accounts
 * provide one to each part.
 *
 * @since 0.1.0
 * @category services
 */
export class Credentials extends Context.Service<Credentials, Credential>()("effect-kalshi/Credentials") {}

/**
 * A bearer token of an installation of API 2.0.0, which is not renewed.
 *
 * @since 0.1.0
 * @category models
 */
export interface Bearer {
  readonly _tag: "Bearer"
  readonly environment: Environment.Environment
  readonly token: Redacted.Redacted<string>
}

/**
 * Who logs in on an installation of API 2.0.0; the token that comes of it is
 * renewed.
 *
 * @since 0.1.0
 * @category models
 */
export interface Login {
  readonly _tag: "Login"
  readonly environment: Environment.Environment
  readonly email: Redacted.Redacted<string>
  readonly password: Redacted.Redacted<string>
}

/**
 * Service with the credential of a program on an installation of API 2.0.0.
 * It is apart from `Credentials`: neither is of any use to the other's wire.
 *
 * @since 0.1.0
 * @category services
 */
export class LegacyCredentials extends Context.Service<LegacyCredentials, Bearer | Login>()(
  "effect-kalshi/Credentials/LegacyCredentials"
) {}

// --- constructors --------------------------------------------------------------

const makeNew = "make a new key"

const asReason = (found: Exclude<Pem.Found, { readonly _tag: "Key" }>): Reason => {
  switch (found._tag) {
    case "Empty":
      return new MissingKey()
    case "NotPem":
      return new NotPem({ found: found.found })
    case "PublicKey":
      return new PublicKey()
    case "EncryptedKey":
      return new EncryptedKey()
    case "UnsupportedKey":
      return new UnsupportedKey({ found: found.found, advice: found.advice })
    case "DamagedKey":
      return new DamagedKey({ description: found.description })
    case "SeveralKeys":
      return new AmbiguousKey({ description: "the text holds several private keys; give the one of this key id" })
  }
}

// What the runtime says about a key. Its own words and cause are dropped.
const refused = (type: "rsa" | "ed25519", error: CryptoError.CryptoError): Reason =>
  error.reason._tag === "Unsupported"
    ? new UnsupportedKey({
        found: `an ${type === "rsa" ? "RSA" : "Ed25519"} key of a form that this runtime cannot use`,
        advice: type === "rsa" ? makeNew : "use an RSA key, or a newer runtime"
      })
    : new DamagedKey({ description: "its contents are no valid key: copy the whole file again" })

const layerSignature = Layer.provide(Signature.layerWebCrypto, SecureRandom.layerWebCrypto)

const probe = new TextEncoder().encode("effect-kalshi")

// One wrong character leaves an RSA key that signs, and whose signatures the
// exchange refuses. (Any 32 bytes are a valid Ed25519 key.)
const checkRsa = Effect.fnUntraced(
  function* (key: Signature.PrivateKey<Signature.RsaPss>) {
    const signature = yield* Signature.Signature
    const publicKey = yield* signature.publicKeyOf(key)
    return yield* signature.verify(publicKey, yield* signature.sign(key, probe), probe)
  },
  Effect.catchCause(() => Effect.succeed(false)),
  Effect.provide(layerSignature)
)

// The DER once more, now into a `CryptoKey` that cannot be exported.
const seal = Effect.fnUntraced(function* <A extends Signature.RsaPss | Signature.Ed25519>(
  algorithm: A,
  params: Parameters<SubtleCrypto["importKey"]>[2],
  pkcs8: Uint8Array
) {
  const crypto = yield* WebCrypto.WebCrypto
  const sealed = yield* Effect.promise(() =>
    crypto.subtle.importKey("pkcs8", new Uint8Array(pkcs8), params, false, ["sign"])
  )
  return yield* Signature.privateKeyFromCryptoKey(algorithm, sealed)
})

const importRsa = Effect.fnUntraced(function* (format: "pkcs1" | "pkcs8", der: Uint8Array) {
  const readable = yield* KeyFormat.decodePrivate(KeyFormat[format], Signature.rsaPssSha256, der)
  const bits = readable.algorithm.modulusLength
  if (bits < 2048) {
    return yield* fail(new UnsupportedKey({ found: `an RSA key of ${bits} bits`, advice: makeNew }))
  }
  if (!(yield* checkRsa(readable))) {
    return yield* fail(new DamagedKey({ description: "its numbers do not fit together: copy the whole file again" }))
  }
  const pkcs8 = yield* KeyFormat.encode(KeyFormat.pkcs8, readable)
  return yield* seal(readable.algorithm, { name: "RSA-PSS", hash: "SHA-256" }, pkcs8)
})

const importEd25519 = Effect.fnUntraced(function* (der: Uint8Array) {
  // Fails, typed, where the runtime has no Ed25519.
  const readable = yield* KeyFormat.decodePrivate(KeyFormat.pkcs8, Signature.ed25519, der)
  return yield* seal(readable.algorithm, { name: "Ed25519" }, der)
})

const importKey = Effect.fnUntraced(function* (text: string): Effect.fn.Return<ApiKey["key"], CredentialsError> {
  const found = Pem.read(text)
  if (found._tag !== "Key") return yield* fail(asReason(found))
  const crypto: Crypto | undefined = yield* WebCrypto.WebCrypto
  if (crypto?.subtle === undefined) return yield* fail(new NoWebCrypto())
  const imported: Effect.Effect<ApiKey["key"], CredentialsError | CryptoError.CryptoError> =
    found.type === "rsa" ? importRsa(found.format, found.der) : importEd25519(found.der)
  return yield* Effect.catchTag(imported, "CryptoError", (error) => fail(refused(found.type, error)))
})

const checkBaseUrl = (environment: Environment.Environment, misuse?: string): Effect.Effect<void, CredentialsError> => {
  const problem = BaseUrl.problemOf(environment, misuse)
  return problem === undefined ? Effect.void : fail(new InvalidBaseUrl({ description: problem }))
}

const checkKeyId = (text: string): Effect.Effect<string, CredentialsError> => {
  const keyId = Pem.unquote(text)
  if (keyId === "") return fail(new EmptyKeyId())
  if (Pem.looksLikeKey(keyId)) {
    return fail(new InvalidKeyId({ description: "looks like a key: key id and private key may be swapped" }))
  }
  // It travels in a header.
  if (!/^[\x21-\x7e]{1,128}$/.test(keyId)) {
    return fail(new InvalidKeyId({ description: "is too long, or has white space or letters beyond ASCII in it" }))
  }
  return Effect.succeed(keyId)
}

/**
 * Makes a credential from a key id and the PEM text of its private key.
 *
 * Takes RSA keys of 2048 bits or more (PKCS#1 and PKCS#8) and Ed25519 keys
 * (PKCS#8). The text may be indented, quoted, in one line, with escaped line
 * ends, or wrapped in base64 as a whole. A plain http base URL is accepted on
 * loopback hosts only.
 *
 * Fails with a `CredentialsError`: `EmptyKeyId`, `InvalidKeyId`,
 * `InvalidBaseUrl`, `NoWebCrypto`, or what is wrong with the key
 * (`MissingKey`, `NotPem`, `PublicKey`, `EncryptedKey`, `UnsupportedKey`,
 * `DamagedKey`, `AmbiguousKey`).
 *
 * @since 0.1.0
 * @category constructors
 */
export const apiKey = Effect.fnUntraced(function* (options: {
  readonly environment: Environment.Environment
  readonly keyId: string
  readonly privateKey: Redacted.Redacted<string> | string
}): Effect.fn.Return<ApiKey, CredentialsError> {
  yield* checkBaseUrl(options.environment)
  const keyId = yield* checkKeyId(options.keyId)
  const text = Redacted.isRedacted(options.privateKey) ? Redacted.value(options.privateKey) : options.privateKey
  const key = yield* importKey(text)
  return { _tag: "ApiKey", environment: options.environment, keyId, key }
})

/**
 * The credential of nobody: public endpoints of an environment only.
 *
 * @since 0.1.0
 * @category constructors
 */
export const anonymous = (environment: Environment.Environment): Anonymous => ({ _tag: "Anonymous", environment })

const checkLegacy = (environment: Environment.Environment): Effect.Effect<void, CredentialsError> =>
  // before anything else: no password of the exchange is of use anywhere
  BaseUrl.isExchange(environment)
    ? fail(new LoginRetired())
    : checkBaseUrl(environment, "read the password or the token")

const secret = (given: Redacted.Redacted<string> | string): Redacted.Redacted<string> =>
  Redacted.isRedacted(given) ? given : Redacted.make(given)

const MIN_PASSWORD = 6

/**
 * Makes a credential from a bearer token of API 2.0.0, which is sent as
 * `Authorization: Bearer <token>` until it is refused.
 *
 * Fails with a `CredentialsError`: `LoginRetired` where the environment is the
 * exchange itself, production or demo; `InvalidBaseUrl`, `InvalidLogin`.
 *
 * @since 0.1.0
 * @category constructors
 */
export const bearer = Effect.fnUntraced(function* (options: {
  readonly environment: Environment.Environment
  readonly token: Redacted.Redacted<string> | string
}): Effect.fn.Return<Bearer, CredentialsError> {
  yield* checkLegacy(options.environment)
  const token = Redacted.make(Redacted.value(secret(options.token)).trim())
  if (/^Bearer\s/i.test(Redacted.value(token))) {
    return yield* fail(
      new InvalidLogin({ field: "token", description: "begins with `Bearer`, which is sent by itself: leave it out" })
    )
  }
  // It travels in a header.
  if (!/^[\x21-\x7e]+$/.test(Redacted.value(token))) {
    return yield* fail(
      new InvalidLogin({ field: "token", description: "is empty, or has white space or letters beyond ASCII in it" })
    )
  }
  return { _tag: "Bearer", environment: options.environment, token }
})

/**
 * Makes a credential from e-mail and password of API 2.0.0, with which a
 * session is opened, kept and renewed (see `Session`). Nothing is sent yet.
 *
 * Fails with a `CredentialsError`: `LoginRetired` where the environment is the
 * exchange itself, production or demo, so that no password goes there;
 * `InvalidBaseUrl`, `InvalidLogin`.
 *
 * @since 0.1.0
 * @category constructors
 */
export const login = Effect.fnUntraced(function* (options: {
  readonly environment: Environment.Environment
  readonly email: Redacted.Redacted<string> | string
  readonly password: Redacted.Redacted<string> | string
}): Effect.fn.Return<Login, CredentialsError> {
  yield* checkLegacy(options.environment)
  const email = Redacted.make(Redacted.value(secret(options.email)).trim())
  if (!/^[^\s@]+@[^\s@]+$/.test(Redacted.value(email))) {
    return yield* fail(
      new InvalidLogin({ field: "email", description: "is no address; are e-mail and password swapped?" })
    )
  }
  const password = secret(options.password)
  if (Redacted.value(password).length < MIN_PASSWORD) {
    return yield* fail(
      new InvalidLogin({ field: "password", description: `has fewer than ${MIN_PASSWORD} characters` })
    )
  }
  return { _tag: "Login", environment: options.environment, email, password }
})

// --- configuration -------------------------------------------------------------

// The value of a variable. One that is set to nothing is not set.
const variable = <A>(config: Config.Config<A>, name: string, textOf: (value: A) => string) =>
  Config.option(config).pipe(
    Effect.mapError(() => new CredentialsError({ reason: new ConfigUnreadable({ variable: name }) })),
    Effect.map(Option.filter((value) => Pem.unquote(textOf(value)) !== "")),
    Effect.map(Option.getOrUndefined)
  )

const text = (name: string) =>
  Effect.map(
    variable(Config.String(name), name, (value) => value),
    (value) => (value === undefined ? undefined : Pem.unquote(value))
  )

// A server of a kind that has no base URL of its own.
const served = Effect.fnUntraced(function* (
  name: "sandbox" | "custom",
  baseUrl: string | undefined,
  check: (environment: Environment.Environment) => Effect.Effect<void, CredentialsError>
): Effect.fn.Return<Environment.Environment, CredentialsError> {
  if (baseUrl === undefined) return yield* fail(new MissingBaseUrl({ environment: name }))
  const environment: Environment.Environment = { name, baseUrl }
  yield* check(environment)
  return BaseUrl.normalise(environment)
})

const environmentNamed = Effect.fnUntraced(function* (
  name: string
): Effect.fn.Return<Environment.Environment, CredentialsError> {
  const baseUrl = yield* text("KALSHI_BASE_URL")
  switch (name) {
    case "production":
    case "demo":
      // A URL that is left over would be passed over, with real orders.
      return baseUrl === undefined
        ? Environment[name]
        : yield* fail(
            new InvalidBaseUrl({
              description: `KALSHI_ENV is ${name}, which has its own; unset it, or set KALSHI_ENV to custom or sandbox`
            })
          )
    case "sandbox":
    case "custom":
      return yield* served(name, baseUrl, checkBaseUrl)
    default:
      return yield* fail(new UnknownEnvironment())
  }
})

/**
 * Reads an environment from the configuration: `KALSHI_ENV` (production, demo,
 * sandbox or custom; there is no default) and, for sandbox and custom only,
 * `KALSHI_BASE_URL`.
 *
 * Fails with a `CredentialsError`: `MissingEnvironment`, `UnknownEnvironment`,
 * `MissingBaseUrl`, `InvalidBaseUrl` or `ConfigUnreadable`.
 *
 * @since 0.1.0
 * @category configuration
 */
export const environmentConfig: Effect.Effect<Environment.Environment, CredentialsError> = Effect.flatMap(
  text("KALSHI_ENV"),
  (name) => (name === undefined ? fail(new MissingEnvironment()) : environmentNamed(name.toLowerCase()))
)

/**
 * Reads a credential from the configuration as `config` does, with
 * `KALSHI_PRIVATE_KEY_PATH` in place of `KALSHI_PRIVATE_KEY` where it is set:
 * `readFile` gives the text of that file, or fails with a `CredentialsError`
 * (`KeyFileUnreadable`).
 *
 * @since 0.1.0
 * @category configuration
 */
export const configWith = Effect.fnUntraced(function* <R>(options: {
  readonly readFile: (path: string) => Effect.Effect<Redacted.Redacted<string>, CredentialsError, R>
}): Effect.fn.Return<ApiKey, CredentialsError, R> {
  const environment = yield* environmentConfig
  const inline = yield* variable(Config.Redacted("KALSHI_PRIVATE_KEY"), "KALSHI_PRIVATE_KEY", Redacted.value)
  const path = yield* text("KALSHI_PRIVATE_KEY_PATH")
  if (inline !== undefined && path !== undefined) {
    return yield* fail(
      new AmbiguousKey({ description: "KALSHI_PRIVATE_KEY and KALSHI_PRIVATE_KEY_PATH are both set; unset one" })
    )
  }
  if (inline === undefined && path === undefined) return yield* fail(new MissingKey())
  if (path !== undefined && Pem.looksLikeKey(path)) return yield* fail(new KeyAsPath())
  const keyId = yield* checkKeyId((yield* text("KALSHI_API_KEY_ID")) ?? "")
  const privateKey = inline ?? (yield* options.readFile(path ?? ""))
  return yield* apiKey({ environment, keyId, privateKey })
})

/**
 * Reads a credential from the configuration: `KALSHI_ENV` and
 * `KALSHI_BASE_URL` as `environmentConfig` does, `KALSHI_API_KEY_ID`, and
 * `KALSHI_PRIVATE_KEY`, the PEM text.
 *
 * Fails with a `CredentialsError`; with `KeyFileUnsupported` where
 * `KALSHI_PRIVATE_KEY_PATH` is set, which `effect-kalshi/node` can read.
 *
 * @since 0.1.0
 * @category configuration
 */
export const config: Effect.Effect<ApiKey, CredentialsError> = configWith({
  readFile: () => fail(new KeyFileUnsupported())
})

// Those that an installation of API 2.0.0 can be.
const legacyChoices = ["sandbox", "custom"] as const

const legacyEnvironment = Effect.gen(function* () {
  const name = (yield* text("KALSHI_ENV"))?.toLowerCase()
  const baseUrl = yield* text("KALSHI_BASE_URL")
  // Before anything else that may be wrong: all other advice would lead back here.
  if (
    name === "production" ||
    name === "demo" ||
    (baseUrl !== undefined && BaseUrl.isExchange(Environment.custom(baseUrl)))
  ) {
    return yield* fail(new LoginRetired())
  }
  if (name === undefined) return yield* fail(new MissingEnvironment({ choices: legacyChoices }))
  if (name !== "sandbox" && name !== "custom") return yield* fail(new UnknownEnvironment({ choices: legacyChoices }))
  return yield* served(name, baseUrl, checkLegacy)
})

const hidden = (name: string) => variable(Config.Redacted(name), name, Redacted.value)

const unquoted = (secret: Redacted.Redacted<string>): string => Pem.unquote(Redacted.value(secret))

/**
 * Reads a credential of API 2.0.0 from the configuration: `KALSHI_ENV`
 * (sandbox or custom) and `KALSHI_BASE_URL` as `environmentConfig` does, and
 * `KALSHI_EMAIL` with `KALSHI_PASSWORD`, or `KALSHI_TOKEN`. White space and
 * quotes around a value, as an env file may leave them, are taken off all but
 * the password, which is used as it is: they may be its own.
 *
 * Fails with a `CredentialsError`: `LoginRetired` where either of the two names
 * the exchange itself, whatever else is wrong; else as `environmentConfig`,
 * `login` and `bearer` do, and with `MissingLogin`.
 *
 * @since 0.1.0
 * @category configuration
 */
export const legacyConfig: Effect.Effect<Bearer | Login, CredentialsError> = Effect.gen(function* () {
  // before any secret is read
  const environment = yield* legacyEnvironment
  const token = yield* hidden("KALSHI_TOKEN")
  const email = yield* hidden("KALSHI_EMAIL")
  const password = yield* hidden("KALSHI_PASSWORD")
  if (token !== undefined) {
    return email === undefined && password === undefined
      ? yield* bearer({ environment, token: unquoted(token) })
      : yield* fail(new MissingLogin({ description: "there are a token and a login, and one of them is too many" }))
  }
  if (email === undefined && password === undefined) {
    return yield* fail(new MissingLogin({ description: "there is no login" }))
  }
  if (email === undefined || password === undefined) {
    const what = email === undefined ? "a password without an e-mail" : "an e-mail without a password"
    return yield* fail(new MissingLogin({ description: `there is ${what}` }))
  }
  return yield* login({ environment, email: unquoted(email), password })
})

// --- layers ----------------------------------------------------------------------

/**
 * Credentials from a key id and the PEM text of its private key, as `apiKey`
 * takes them; fails as `apiKey` does.
 *
 * @since 0.1.0
 * @category layers
 */
export const layer = (options: {
  readonly environment: Environment.Environment
  readonly keyId: string
  readonly privateKey: Redacted.Redacted<string> | string
}): Layer.Layer<Credentials, CredentialsError> => Layer.effect(Credentials, apiKey(options))

/**
 * Credentials of nobody: public endpoints of an environment only.
 *
 * @since 0.1.0
 * @category layers
 */
export const layerAnonymous = (environment: Environment.Environment): Layer.Layer<Credentials> =>
  Layer.succeed(Credentials, anonymous(environment))

/**
 * Credentials from the configuration, as `config` reads them.
 *
 * @since 0.1.0
 * @category layers
 */
export const layerConfig: Layer.Layer<Credentials, CredentialsError> = Layer.fresh(Layer.effect(Credentials, config))

/**
 * Credentials from the configuration, as `configWith` reads them.
 *
 * @since 0.1.0
 * @category layers
 */
export const layerConfigWith = <R>(options: {
  readonly readFile: (path: string) => Effect.Effect<Redacted.Redacted<string>, CredentialsError, R>
}): Layer.Layer<Credentials, CredentialsError, R> => Layer.effect(Credentials, configWith(options))

/**
 * Credentials of a bearer token of API 2.0.0, as `bearer` makes them.
 *
 * @since 0.1.0
 * @category layers
 */
export const layerBearer = (options: {
  readonly environment: Environment.Environment
  readonly token: Redacted.Redacted<string> | string
}): Layer.Layer<LegacyCredentials, CredentialsError> => Layer.effect(LegacyCredentials, bearer(options))

/**
 * Credentials of a login of API 2.0.0, as `login` makes them.
 *
 * @since 0.1.0
 * @category layers
 */
export const layerLogin = (options: {
  readonly environment: Environment.Environment
  readonly email: Redacted.Redacted<string> | string
  readonly password: Redacted.Redacted<string> | string
}): Layer.Layer<LegacyCredentials, CredentialsError> => Layer.effect(LegacyCredentials, login(options))

/**
 * Credentials of API 2.0.0 from the configuration, as `legacyConfig` reads
 * them.
 *
 * @since 0.1.0
 * @category layers
 */
export const layerLegacyConfig: Layer.Layer<LegacyCredentials, CredentialsError> = Layer.fresh(
  Layer.effect(LegacyCredentials, legacyConfig)
)
