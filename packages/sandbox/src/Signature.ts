/**
 * Checks the three headers of a signed request, as the exchange documents them
 * under "API keys": a signature over timestamp, method and path, by RSA-PSS
 * (SHA-256, salt of 32 bytes) or Ed25519, within a window of the clock.
 *
 * @since 0.1.0
 */
import * as Crypto from "node:crypto"
import type * as Members from "./Members.ts"

/**
 * Why a request is refused with 401.
 *
 * @since 0.1.0
 * @category models
 */
export interface Rejection {
  readonly _tag: "Rejection"
  readonly code: string
  readonly message: string
  readonly details?: string | undefined
}

/**
 * What was sent.
 *
 * @since 0.1.0
 * @category models
 */
export interface Signed {
  readonly method: string
  /** As it was sent, percent-encoding and base path included, query excluded. */
  readonly path: string
  readonly headers: Readonly<Record<string, string | undefined>>
}

/**
 * How a request is judged.
 *
 * @since 0.1.0
 * @category models
 */
export interface Options {
  readonly find: (keyId: string) => Members.Key | undefined
  /** The clock of the exchange, in milliseconds. */
  readonly now: number
  /** Also takes `test:<keyId>:<timestamp><METHOD><path>` as a signature. */
  readonly acceptTest: boolean
}

// the window is not documented: 10 s were seen to pass and 30 s to fail
const WINDOW_MILLIS = 15_000

const rejection = (code: string, message: string, details?: string): Rejection => ({
  _tag: "Rejection",
  code,
  message,
  details
})

/**
 * Whether a request carries any of the three headers.
 *
 * @since 0.1.0
 * @category predicates
 */
export const isPresent = (headers: Signed["headers"]): boolean =>
  headers["kalshi-access-key"] !== undefined ||
  headers["kalshi-access-signature"] !== undefined ||
  headers["kalshi-access-timestamp"] !== undefined

const verify = (key: Crypto.KeyObject, message: string, signature: string): boolean => {
  const bytes = Buffer.from(signature, "base64")
  // Node reads base64 leniently, the exchange takes the padded standard form
  if (bytes.toString("base64") !== signature) return false
  const data = Buffer.from(message)
  switch (key.asymmetricKeyType) {
    case "rsa":
      return Crypto.verify(
        "RSA-SHA256",
        data,
        {
          key,
          padding: Crypto.constants.RSA_PKCS1_PSS_PADDING,
          saltLength: 32
        },
        bytes
      )
    case "ed25519":
      return Crypto.verify(null, data, key, bytes)
    default:
      return false
  }
}

/**
 * Finds the key that signed a request, or why it is refused.
 *
 * @since 0.1.0
 * @category constructors
 */
export const check = (signed: Signed, options: Options): Members.Key | Rejection => {
  const keyId = signed.headers["kalshi-access-key"]
  const signature = signed.headers["kalshi-access-signature"]
  const timestamp = signed.headers["kalshi-access-timestamp"]
  if (keyId === undefined) {
    return rejection("token_authentication_failure", "token authentication failure")
  }
  if (signature === undefined || signature === "") {
    return rejection("signature_is_missing_from_headers", "signature is missing from headers")
  }
  if (
    timestamp === undefined ||
    !/^\d{1,16}$/.test(timestamp) ||
    Math.abs(Number(timestamp) - options.now) > WINDOW_MILLIS
  ) {
    return rejection("header_timestamp_expired", "header timestamp expired")
  }
  const key = options.find(keyId)
  if (key === undefined) {
    return rejection("authentication_error", "authentication error", "NOT_FOUND")
  }
  const message = `${timestamp}${signed.method}${signed.path}`
  const accepted =
    options.acceptTest && signature.startsWith("test:")
      ? signature === `test:${keyId}:${message}`
      : verify(key.publicKey, message, signature)
  return accepted ? key : rejection("authentication_error", "authentication error", "INCORRECT_API_KEY_SIGNATURE")
}
