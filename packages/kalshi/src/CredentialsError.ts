/**
 * Why there are no credentials: one error with a reason.
 *
 * Each wrong input has a reason of its own, whose message says what to do. No
 * reason holds any part of what was given, except the path of a key's file.
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import * as Environment from "./Environment.ts"

const id = (tag: string) => `effect-kalshi/Credentials/${tag}`

const Choices = Schema.optionalKey(Schema.Array(Schema.Literals(Environment.names)))

const choose = (choices: ReadonlyArray<Environment.Environment["name"]> = Environment.names): string =>
  `choose one of ${choices.join(", ")}${choices.includes("production") ? " (production is real money)" : ""}`

/**
 * The private key is not PEM text; `found` says in fixed words what it looks
 * like.
 *
 * @since 0.1.0
 * @category reasons
 */
export class NotPem extends Schema.TaggedError<NotPem>(id("NotPem"))("NotPem", {
  found: Schema.String
}) {
  override get message(): string {
    return `the private key is not PEM but ${this.found}; give the whole file, from its BEGIN line to its END line`
  }
}

/**
 * The text is a public key: it cannot sign.
 *
 * @since 0.1.0
 * @category reasons
 */
export class PublicKey extends Schema.TaggedError<PublicKey>(id("PublicKey"))("PublicKey", {}) {
  override get message(): string {
    return "this is a public key, which cannot sign; give the private key that was made with it"
  }
}

/**
 * The private key is encrypted with a passphrase.
 *
 * @since 0.1.0
 * @category reasons
 */
export class EncryptedKey extends Schema.TaggedError<EncryptedKey>(id("EncryptedKey"))("EncryptedKey", {}) {
  override get message(): string {
    return (
      "the private key is encrypted; decrypt it with `openssl pkey -in <file>` and hand the result over " +
      "as a secret"
    )
  }
}

/**
 * A key, or something like one, that the exchange does not take; `found` says
 * in fixed words what it is.
 *
 * @since 0.1.0
 * @category reasons
 */
export class UnsupportedKey extends Schema.TaggedError<UnsupportedKey>(id("UnsupportedKey"))("UnsupportedKey", {
  found: Schema.String,
  advice: Schema.String
}) {
  override get message(): string {
    return `this is ${this.found}; the exchange takes RSA keys of 2048 bits or more and Ed25519 keys: ${this.advice}`
  }
}

/**
 * A private key that is cut off or damaged.
 *
 * @since 0.1.0
 * @category reasons
 */
export class DamagedKey extends Schema.TaggedError<DamagedKey>(id("DamagedKey"))("DamagedKey", {
  description: Schema.String
}) {
  override get message(): string {
    return `the private key cannot be read: ${this.description}`
  }
}

/**
 * No private key was given.
 *
 * @since 0.1.0
 * @category reasons
 */
export class MissingKey extends Schema.TaggedError<MissingKey>(id("MissingKey"))("MissingKey", {}) {
  override get message(): string {
    return (
      "there is no private key; set KALSHI_PRIVATE_KEY to its PEM text, or, with layerConfig of " +
      "effect-kalshi/node, KALSHI_PRIVATE_KEY_PATH to its file; for public endpoints only, use layerAnonymous"
    )
  }
}

/**
 * More than one private key was given; `description` says how.
 *
 * @since 0.1.0
 * @category reasons
 */
export class AmbiguousKey extends Schema.TaggedError<AmbiguousKey>(id("AmbiguousKey"))("AmbiguousKey", {
  description: Schema.String
}) {
  override get message(): string {
    return `which private key is meant is not clear: ${this.description}`
  }
}

/**
 * The file at `path` cannot be read; `description` says why.
 *
 * @since 0.1.0
 * @category reasons
 */
export class KeyFileUnreadable extends Schema.TaggedError<KeyFileUnreadable>(id("KeyFileUnreadable"))(
  "KeyFileUnreadable",
  { path: Schema.String, description: Schema.String }
) {
  override get message(): string {
    return `the private key file ${this.path} ${this.description}; check KALSHI_PRIVATE_KEY_PATH`
  }
}

/**
 * KALSHI_PRIVATE_KEY_PATH is set, and this layer reads no files.
 *
 * @since 0.1.0
 * @category reasons
 */
export class KeyFileUnsupported extends Schema.TaggedError<KeyFileUnsupported>(id("KeyFileUnsupported"))(
  "KeyFileUnsupported",
  {}
) {
  override get message(): string {
    return (
      "KALSHI_PRIVATE_KEY_PATH is set, and Credentials.layerConfig reads no files; use layerConfig of " +
      "effect-kalshi/node, or put the key itself into KALSHI_PRIVATE_KEY"
    )
  }
}

/**
 * KALSHI_PRIVATE_KEY_PATH holds a key and not the path of one; it is not shown.
 *
 * @since 0.1.0
 * @category reasons
 */
export class KeyAsPath extends Schema.TaggedError<KeyAsPath>(id("KeyAsPath"))("KeyAsPath", {}) {
  override get message(): string {
    return "KALSHI_PRIVATE_KEY_PATH looks like a key and not like the path of one; a key goes into KALSHI_PRIVATE_KEY"
  }
}

/**
 * No key id was given.
 *
 * @since 0.1.0
 * @category reasons
 */
export class EmptyKeyId extends Schema.TaggedError<EmptyKeyId>(id("EmptyKeyId"))("EmptyKeyId", {}) {
  override get message(): string {
    return "there is no key id; set KALSHI_API_KEY_ID (or keyId) to the UUID that the exchange shows beside the key"
  }
}

/**
 * The key id cannot be one; it is not shown, since it may be the key.
 *
 * @since 0.1.0
 * @category reasons
 */
export class InvalidKeyId extends Schema.TaggedError<InvalidKeyId>(id("InvalidKeyId"))("InvalidKeyId", {
  description: Schema.String
}) {
  override get message(): string {
    return `the key id ${this.description}; it is the UUID that the exchange shows beside the key`
  }
}

/**
 * No environment was chosen; `choices` are those that there are, all of them
 * when absent.
 *
 * @since 0.1.0
 * @category reasons
 */
export class MissingEnvironment extends Schema.TaggedError<MissingEnvironment>(id("MissingEnvironment"))(
  "MissingEnvironment",
  { choices: Choices }
) {
  override get message(): string {
    return `KALSHI_ENV is not set; ${choose(this.choices)}`
  }
}

/**
 * The environment is none that is known; what was given is not shown, and
 * `choices` are those that there are, all of them when absent.
 *
 * @since 0.1.0
 * @category reasons
 */
export class UnknownEnvironment extends Schema.TaggedError<UnknownEnvironment>(id("UnknownEnvironment"))(
  "UnknownEnvironment",
  { choices: Choices }
) {
  override get message(): string {
    return `KALSHI_ENV is not known; ${choose(this.choices)}`
  }
}

/**
 * The environment needs a base URL and has none.
 *
 * @since 0.1.0
 * @category reasons
 */
export class MissingBaseUrl extends Schema.TaggedError<MissingBaseUrl>(id("MissingBaseUrl"))("MissingBaseUrl", {
  environment: Schema.Literals(["sandbox", "custom"])
}) {
  override get message(): string {
    return `KALSHI_ENV is ${this.environment}, which needs KALSHI_BASE_URL, up to and including /trade-api/v2`
  }
}

/**
 * The base URL cannot be used; it is not shown.
 *
 * @since 0.1.0
 * @category reasons
 */
export class InvalidBaseUrl extends Schema.TaggedError<InvalidBaseUrl>(id("InvalidBaseUrl"))("InvalidBaseUrl", {
  description: Schema.String
}) {
  override get message(): string {
    return `the base URL (KALSHI_BASE_URL) cannot be used: ${this.description}`
  }
}

/**
 * The configuration could not tell `variable`: its source failed.
 *
 * @since 0.1.0
 * @category reasons
 */
export class ConfigUnreadable extends Schema.TaggedError<ConfigUnreadable>(id("ConfigUnreadable"))("ConfigUnreadable", {
  variable: Schema.String
}) {
  override get message(): string {
    return `${this.variable} cannot be read from the configuration; check its source (the ConfigProvider)`
  }
}

/**
 * This runtime has no WebCrypto, which signing needs.
 *
 * @since 0.1.0
 * @category reasons
 */
export class NoWebCrypto extends Schema.TaggedError<NoWebCrypto>(id("NoWebCrypto"))("NoWebCrypto", {}) {
  override get message(): string {
    return "this runtime has no crypto.subtle; browsers have it on https and localhost only, Node since 20"
  }
}

/**
 * The exchange itself, production or demo, has no login and no bearer token
 * any more: neither goes there.
 *
 * @since 0.1.0
 * @category reasons
 */
export class LoginRetired extends Schema.TaggedError<LoginRetired>(id("LoginRetired"))("LoginRetired", {}) {
  override get message(): string {
    return (
      "the exchange has retired the wire of 2.0.0 with its login and bearer tokens, so that none is sent there; " +
      "make an API key on its website; Kalshi.layerConfig() reads it, or give it to Credentials.apiKey and use " +
      "Portfolio.layer"
    )
  }
}

const fieldNames = { token: "token", email: "e-mail", password: "password" }

/**
 * The bearer token, the e-mail or the password cannot be used; none is shown.
 *
 * @since 0.1.0
 * @category reasons
 */
export class InvalidLogin extends Schema.TaggedError<InvalidLogin>(id("InvalidLogin"))("InvalidLogin", {
  field: Schema.Literals(["token", "email", "password"]),
  description: Schema.String
}) {
  override get message(): string {
    return `the ${fieldNames[this.field]} ${this.description}`
  }
}

/**
 * There is no login.
 *
 * @since 0.1.0
 * @category reasons
 */
export class MissingLogin extends Schema.TaggedError<MissingLogin>(id("MissingLogin"))("MissingLogin", {
  description: Schema.String
}) {
  override get message(): string {
    return `${this.description}; set KALSHI_EMAIL and KALSHI_PASSWORD, or KALSHI_TOKEN alone`
  }
}

/**
 * Schema of every reason.
 *
 * @since 0.1.0
 * @category schemas
 */
export const Reason = Schema.Union([
  NotPem,
  PublicKey,
  EncryptedKey,
  UnsupportedKey,
  DamagedKey,
  MissingKey,
  AmbiguousKey,
  KeyFileUnreadable,
  KeyFileUnsupported,
  KeyAsPath,
  EmptyKeyId,
  InvalidKeyId,
  MissingEnvironment,
  UnknownEnvironment,
  MissingBaseUrl,
  InvalidBaseUrl,
  ConfigUnreadable,
  NoWebCrypto,
  LoginRetired,
  InvalidLogin,
  MissingLogin
])

/**
 * Why there are no credentials.
 *
 * @since 0.1.0
 * @category models
 */
export type Reason = (typeof Reason)["Type"]

/**
 * There are no credentials, for one reason, whose message says what to do. It
 * holds no part of what was given, except the path of a key's file.
 *
 * @since 0.1.0
 * @category errors
 */
export class CredentialsError extends Schema.TaggedError<CredentialsError>("effect-kalshi/CredentialsError")(
  "CredentialsError",
  { reason: Reason }
) {
  override get message(): string {
    return `Credentials: ${this.reason.message}`
  }
}

/**
 * Whether a value is a `CredentialsError`.
 *
 * @since 0.1.0
 * @category guards
 */
export const isCredentialsError = (u: unknown): u is CredentialsError => u instanceof CredentialsError
