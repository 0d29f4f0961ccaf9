/**
 * The answers to what fails on the wire of 2.0.0. It has one shape for all,
 * and of the statuses that say why only 400, 401, 403, 500 and 503: what
 * today's wire refuses with 404 or 409 is 400 here, under the same code.
 *
 * @since 0.1.0
 */
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import type * as Answers from "./Answers.ts"

const LONGEST = 500

// a header holds one line of printable ASCII, and not without end
const cut = (text: string): string => text.replaceAll(/\s+/g, " ").slice(0, LONGEST)
const printable = (text: string): string => text.replaceAll(/[^\x20-\x7e]/g, "").trim()

/**
 * A failure. The contract declares its three parts as headers of the answer,
 * and has a schema of the same three parts: both are sent.
 *
 * @since 0.1.0
 * @category constructors
 */
export const failed = (status: number, error: Answers.ItemError): Answers.Answer => {
  const code = cut(error.code)
  const message = cut(error.message)
  const details = cut(error.details)
  return HttpServerResponse.jsonUnsafe(
    { code, message, details },
    { status, headers: { code: printable(code), message: printable(message), details: printable(details) } }
  )
}

const error = (code: string, details: string): Answers.ItemError => ({
  code,
  message: code.replaceAll("_", " "),
  details
})

/**
 * Why a parameter or a field makes no sense.
 *
 * @since 0.1.0
 * @category constructors
 */
export const invalidParameters = (details: string): Answers.ItemError => error("invalid_parameters", details)

/**
 * Why the fields of an order make no sense together.
 *
 * @since 0.1.0
 * @category constructors
 */
export const invalidOrder = (details: string): Answers.ItemError => error("invalid_order", details)

/**
 * Why a price is none.
 *
 * @since 0.1.0
 * @category constructors
 */
export const invalidPrice = (details: string): Answers.ItemError => error("invalid_price", details)

/**
 * Why there is nothing to answer about.
 *
 * @since 0.1.0
 * @category constructors
 */
export const notFound = (details: string): Answers.ItemError => error("not_found", details)

/**
 * The answer to what is refused.
 *
 * @since 0.1.0
 * @category conversions
 */
export const refused = (reason: Answers.ItemError): Answers.Answer => failed(400, reason)

/**
 * The answer to who may not come in.
 *
 * @since 0.1.0
 * @category constructors
 */
export const unauthorized = (code: string, details: string): Answers.Answer => failed(401, error(code, details))

/**
 * The answer to an empty bucket, which the contract does not know.
 *
 * @since 0.1.0
 * @category constants
 */
export const tooManyRequests: Answers.Answer = failed(
  429,
  error("too_many_requests", "the token bucket of the account is empty: wait, or send smaller batches")
)
