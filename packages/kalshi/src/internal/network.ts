/**
 * Names what went wrong below HTTP, and whether anything can have been sent.
 */
import type * as HttpClientError from "effect/http/HttpClientError"
import * as KalshiError from "../KalshiError.ts"

// the system's names for failures of a connection that is being made; the same names
// come from an established one, so the system call decides
const CONNECTING = new Set(["connect", "getaddrinfo"])

// names of Node and undici for failures that come before the first byte
const NEVER_SENT = new Set([
  "UND_ERR_CONNECT_TIMEOUT",
  "ERR_SSL_WRONG_VERSION_NUMBER",
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
  readonly syscall: string | undefined
  readonly message: string | undefined
}

const text = (of: object, key: "code" | "syscall"): string | undefined => {
  const value: unknown = key in of ? Reflect.get(of, key) : undefined
  return typeof value === "string" ? value : undefined
}

/** The innermost code, system call and message of a chain of causes; an aggregate counts by its first. */
const innermost = (cause: unknown): Known => {
  let known: Known = { code: undefined, syscall: undefined, message: undefined }
  let current: unknown = cause
  for (let depth = 0; depth < MAX_DEPTH && typeof current === "object" && current !== null; depth++) {
    known = {
      code: text(current, "code") ?? known.code,
      syscall: text(current, "syscall") ?? known.syscall,
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
      const { code, message, syscall } = innermost(error.reason.cause)
      // OpenSSL writes several lines
      const words = (message ?? error.reason.description ?? error.reason._tag).split("\n", 1)[0] ?? error.reason._tag
      return new KalshiError.Disconnected({
        description: code === undefined || words.includes(code) ? words : `${words} (${code})`,
        sent: !(syscall === undefined ? code !== undefined && NEVER_SENT.has(code) : CONNECTING.has(syscall))
      })
    }
  }
}
