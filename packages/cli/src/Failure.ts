/**
 * How the command ends: its exit codes, and the failures that have one.
 *
 * A failure is one or two lines that say what to do. It holds no stack and no
 * secret, and no module of the client is loaded to make one.
 *
 * @since 0.1.0
 */
import * as Data from "effect/Data"
import * as Runtime from "effect/Runtime"
import type { CredentialsError } from "effect-kalshi/CredentialsError"
import type { KalshiError } from "effect-kalshi/KalshiError"

/**
 * What each exit code means.
 *
 * @since 0.1.0
 * @category constants
 */
export const exitCodes = {
  /** It worked. Also where who reads stopped reading, as `head` does. */
  good: 0,
  /** The exchange, the network or a file failed. */
  failed: 1,
  /** The command was not understood, or what it was given cannot be used. */
  usage: 2,
  /** There is no key that can be used, or the exchange refuses it. */
  refused: 3,
  /** `doctor` found something that keeps a program from working. */
  found: 4,
  /** It was told to stop. */
  interrupted: 130
} as const

/**
 * The kinds of failures, each with an exit code of its own.
 *
 * @since 0.1.0
 * @category models
 */
export type Kind = "failed" | "usage" | "refused"

/**
 * The command failed. `reason` is a name for programs, `text` the words for
 * people.
 *
 * @since 0.1.0
 * @category errors
 */
export class Failure extends Data.TaggedError("Failure")<{
  readonly kind: Kind
  readonly reason: string
  readonly text: string
}> {
  override readonly [Runtime.errorExitCode] = exitCodes[this.kind]
  override get message(): string {
    return this.text
  }
}

/**
 * Everything has been said; what is left is the exit code.
 *
 * @since 0.1.0
 * @category errors
 */
export class Ended extends Data.TaggedError("Ended")<{ readonly code: number }> {
  override readonly [Runtime.errorExitCode] = this.code
}

/**
 * What was given cannot be used.
 *
 * @since 0.1.0
 * @category constructors
 */
export const usage = (reason: string, text: string): Failure => new Failure({ kind: "usage", reason, text })

const CHOICES = "production (real money), demo, sandbox (no key needed) or custom"

const wordsOf = (error: CredentialsError): string => {
  switch (error.reason._tag) {
    case "MissingEnvironment":
      return `which exchange? Say --env, or set KALSHI_ENV, to ${CHOICES}`
    case "UnknownEnvironment":
      return `KALSHI_ENV is not known: set it to ${CHOICES}`
    case "MissingKey":
      return (
        "there is no private key: set KALSHI_PRIVATE_KEY_PATH to its file, or KALSHI_PRIVATE_KEY to its text; " +
        "to look around without a key: --env sandbox, without KALSHI_BASE_URL"
      )
    case "EmptyKeyId":
      return "there is no key id: set KALSHI_API_KEY_ID to the UUID that the exchange shows beside the key"
    default:
      return error.reason.message
  }
}

/**
 * There is no environment or no key: what is missing, and which variable says it.
 *
 * @since 0.1.0
 * @category conversions
 */
export const fromCredentials = (error: CredentialsError): Failure => {
  const reason = error.reason._tag
  switch (reason) {
    case "MissingEnvironment":
    case "UnknownEnvironment":
    case "MissingBaseUrl":
    case "InvalidBaseUrl":
    case "ConfigUnreadable":
      return usage(reason, wordsOf(error))
    default:
      return new Failure({ kind: "refused", reason, text: wordsOf(error) })
  }
}

/**
 * A call failed.
 *
 * @since 0.1.0
 * @category conversions
 */
export const fromKalshi = (error: KalshiError): Failure => {
  const reason = error.reason._tag
  switch (reason) {
    case "Unauthorized":
    case "Unsigned":
    case "ClockOff":
      return new Failure({ kind: "refused", reason, text: `${error.message}\nkalshi doctor says more` })
    case "Forbidden":
      return new Failure({ kind: "refused", reason, text: error.message })
    case "InvalidInput":
      return usage(reason, error.reason.message)
    case "Disconnected":
    case "TimedOut":
      return new Failure({ kind: "failed", reason, text: `${error.message}\nkalshi doctor says more` })
    default:
      return new Failure({ kind: "failed", reason, text: error.message })
  }
}
