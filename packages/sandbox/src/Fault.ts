/**
 * What can go wrong with a request, one by one.
 *
 * @since 0.1.0
 */
import * as Duration from "effect/Duration"

/**
 * A fault of the network, the gateway or the exchange.
 *
 * @since 0.1.0
 * @category models
 */
export type Fault =
  | { readonly _tag: "Latency"; readonly delay: Duration.Duration }
  | { readonly _tag: "AnsweredLate"; readonly delay: Duration.Duration }
  | { readonly _tag: "Refused" }
  | { readonly _tag: "DroppedAfter" }
  | { readonly _tag: "AppliedLate"; readonly delay: Duration.Duration }
  | { readonly _tag: "Held"; readonly delay: Duration.Duration }
  | { readonly _tag: "Delayed"; readonly before: Duration.Duration; readonly after: Duration.Duration }
  | { readonly _tag: "Duplicated" }
  | { readonly _tag: "Truncated" }
  | { readonly _tag: "TooManyRequests" }
  | { readonly _tag: "GatewayPage"; readonly status: number }
  | { readonly _tag: "ServerError"; readonly status: number; readonly code: string }
  | { readonly _tag: "ServerErrorAfter"; readonly status: number; readonly code: string }
  | { readonly _tag: "Status"; readonly status: number }
  | { readonly _tag: "Redirect"; readonly status: 301 | 302 | 307 | 308; readonly location: string }
  | { readonly _tag: "WrongOrder" }
  | { readonly _tag: "NoOrder" }
  | { readonly _tag: "Malformed" }
  | { readonly _tag: "Hang" }

/**
 * Takes the request up after a delay: a caller who leaves before takes it
 * back. It may come together with one other fault.
 *
 * @since 0.1.0
 * @category constructors
 */
export const latency = (delay: Duration.Input): Fault => ({ _tag: "Latency", delay: Duration.fromInputUnsafe(delay) })

/**
 * Applies the request at once and answers after a delay.
 *
 * @since 0.1.0
 * @category constructors
 */
export const answeredLate = (delay: Duration.Input): Fault => ({
  _tag: "AnsweredLate",
  delay: Duration.fromInputUnsafe(delay)
})

/**
 * Closes the connection without an answer; nothing is applied.
 *
 * @since 0.1.0
 * @category constructors
 */
export const refused: Fault = { _tag: "Refused" }

/**
 * Applies the request, then closes the connection without an answer.
 *
 * @since 0.1.0
 * @category constructors
 */
export const droppedAfter: Fault = { _tag: "DroppedAfter" }

/**
 * Closes the connection without an answer and applies the request later.
 *
 * @since 0.1.0
 * @category constructors
 */
export const appliedLate = (delay: Duration.Input): Fault => ({
  _tag: "AppliedLate",
  delay: Duration.fromInputUnsafe(delay)
})

/**
 * Keeps the connection open without an answer and applies the request after a
 * delay, also for a caller who has hung up by then; one who has not is answered.
 *
 * @since 0.1.0
 * @category constructors
 */
export const held = (delay: Duration.Input): Fault => ({ _tag: "Held", delay: Duration.fromInputUnsafe(delay) })

/**
 * Lets the request travel before it is taken up, its caller known and its
 * tokens billed only then, and its answer travel after. What was sent arrives,
 * also from a caller who has hung up by then; one who has not is answered.
 *
 * @since 0.1.0
 * @category constructors
 */
export const delayed = (before: Duration.Input, after: Duration.Input): Fault => ({
  _tag: "Delayed",
  before: Duration.fromInputUnsafe(before),
  after: Duration.fromInputUnsafe(after)
})

/**
 * Applies the request twice, as two requests at two instants, and answers what came of the first time.
 *
 * @since 0.1.0
 * @category constructors
 */
export const duplicated: Fault = { _tag: "Duplicated" }

/**
 * Applies the request and cuts its answer off in the middle of the body.
 *
 * @since 0.1.0
 * @category constructors
 */
export const truncated: Fault = { _tag: "Truncated" }

/**
 * Answers 429; nothing is applied.
 *
 * @since 0.1.0
 * @category constructors
 */
export const tooManyRequests: Fault = { _tag: "TooManyRequests" }

/**
 * Answers a page of HTML as a gateway does; nothing is applied.
 *
 * @since 0.1.0
 * @category constructors
 */
export const gatewayPage = (status: number): Fault => ({ _tag: "GatewayPage", status })

/**
 * Answers a JSON error of the exchange; nothing is applied.
 *
 * @since 0.1.0
 * @category constructors
 */
export const serverError = (status = 500, code = "internal_server_error"): Fault => ({
  _tag: "ServerError",
  status,
  code
})

/**
 * Applies the request, then answers a JSON error of the exchange.
 *
 * @since 0.1.0
 * @category constructors
 */
export const serverErrorAfter = (status = 500, code = "internal_server_error"): Fault => ({
  _tag: "ServerErrorAfter",
  status,
  code
})

/**
 * Applies the request and answers its success with this status.
 *
 * @since 0.1.0
 * @category constructors
 */
export const status = (code: number): Fault => ({ _tag: "Status", status: code })

/**
 * Sends the caller to another address; nothing is applied.
 *
 * @since 0.1.0
 * @category constructors
 */
export const redirect = (location: string, code: 301 | 302 | 307 | 308 = 307): Fault => ({
  _tag: "Redirect",
  status: code,
  location
})

/**
 * Applies the request and names another order in the answer.
 *
 * @since 0.1.0
 * @category constructors
 */
export const wrongOrder: Fault = { _tag: "WrongOrder" }

/**
 * Applies the request and answers its success with an empty object.
 *
 * @since 0.1.0
 * @category constructors
 */
export const noOrder: Fault = { _tag: "NoOrder" }

/**
 * Applies the request and answers its success with what is no JSON.
 *
 * @since 0.1.0
 * @category constructors
 */
export const malformed: Fault = { _tag: "Malformed" }

/**
 * Never answers; nothing is applied.
 *
 * @since 0.1.0
 * @category constructors
 */
export const hang: Fault = { _tag: "Hang" }
