/**
 * Names what went wrong below HTTP, and whether anything can have been sent.
 */
import type * as HttpClientError from "effect/http/HttpClientError"
import * as KalshiError from "../KalshiError.ts"

// the system and undici name failures that come before the first byte
const NEVER_SENT = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "EADDRNOTAVAIL",
  "UND_ERR_CONNECT_TIMEOUT",
  "UND_ERR_INVALID_ARG",
  "CERT_HAS_EXPIRED",
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "SELF_SIGNED_CERT_IN_CHAIN",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
  "ERR_TLS_CERT_ALTNAME_INVALID"
])

const MAX_DEPTH = 5

interface Known {
  readonly code: string | undefined
  readonly message: string | undefined
}

/** The innermost code and message of a chain of causes; an aggregate counts by its first. */
const innermost = (cause: unknown): Known => {
  let known: Known = { code: undefined, message: undefined }
  let current: unknown = cause
  for (let depth = 0; depth < MAX_DEPTH && typeof current === "object" && current !== null; depth++) {
    known = {
      code: "code" in current && typeof current.code === "string" ? current.code : known.code,
      message: current instanceof Error && current.message !== "" ? current.message : known.message
    }
    const inner: unknown = "errors" in current && Array.isArray(current.errors) ? current.errors[0] : undefined
    current = inner ?? ("cause" in current ? current.cause : undefined)
  }
  return known
}

/** The reason of a failure of the HTTP client itself. */
export const reason = (error: HttpClientError.HttpClientError): KalshiError.Reason => {
  switch (error.reason._tag) {
    case "InvalidUrlError":
    case "EncodeError":
      return new KalshiError.InvalidInput({
        field: "request",
        description: error.reason.description ?? "it has no form on the wire"
      })
    default: {
      const { code, message } = innermost(error.reason.cause)
      const words = message ?? error.reason.description ?? error.reason._tag
      return new KalshiError.Disconnected({
        description: code === undefined || words.includes(code) ? words : `${words} (${code})`,
        sent: code === undefined || !NEVER_SENT.has(code)
      })
    }
  }
}
