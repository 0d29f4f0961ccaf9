/**
 * The line between client and sandbox, where it breaks: on a socket for real,
 * in memory as an answer that the client of the sandbox knows.
 *
 * @since 0.1.0
 */
import * as NodeHttpServerRequest from "@effect/platform-node/NodeHttpServerRequest"
import * as Effect from "effect/Effect"
import type * as HttpServerRequest from "effect/http/HttpServerRequest"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import * as Stream from "effect/Stream"
import * as Http from "node:http"

/**
 * Stands for an answer that never came.
 *
 * @since 0.1.0
 * @category constants
 */
export const broken: HttpServerResponse.HttpServerResponse = HttpServerResponse.empty({ status: 599 })

/**
 * Whether a request came over a socket.
 *
 * @since 0.1.0
 * @category predicates
 */
export const isSocket = (request: HttpServerRequest.HttpServerRequest): boolean =>
  request.source instanceof Http.IncomingMessage

/**
 * Breaks the line: the client gets nothing.
 *
 * @since 0.1.0
 * @category combinators
 */
export const drop = (
  request: HttpServerRequest.HttpServerRequest
): Effect.Effect<HttpServerResponse.HttpServerResponse> =>
  Effect.sync(() => {
    if (isSocket(request)) NodeHttpServerRequest.toServerResponse(request).destroy()
    return broken
  })

/**
 * The bytes of an answer's body.
 *
 * @since 0.1.0
 * @category accessors
 */
export const bytes = (response: HttpServerResponse.HttpServerResponse): Uint8Array =>
  response.body._tag === "Uint8Array" ? response.body.body : new Uint8Array(0)

/**
 * Breaks the line in the middle of the body, whose whole length was announced.
 *
 * @since 0.1.0
 * @category combinators
 */
export const truncate = (
  request: HttpServerRequest.HttpServerRequest,
  response: HttpServerResponse.HttpServerResponse
): Effect.Effect<HttpServerResponse.HttpServerResponse> => {
  const body = bytes(response)
  const part = body.subarray(0, Math.floor(body.length / 2))
  if (!isSocket(request)) {
    return Effect.succeed(
      HttpServerResponse.stream(Stream.concat(Stream.make(part), Stream.fail(new Error("the connection was closed"))), {
        status: response.status,
        headers: response.headers,
        contentLength: body.length
      })
    )
  }
  return Effect.callback<HttpServerResponse.HttpServerResponse>((resume) => {
    const node = NodeHttpServerRequest.toServerResponse(request)
    node.writeHead(response.status, { ...response.headers, "content-length": String(body.length) })
    const done = () => {
      node.destroy()
      resume(Effect.succeed(broken))
    }
    // both kinds of node response have this overload, but no common one that types
    if (node instanceof Http.ServerResponse) node.write(part, done)
    else done()
  })
}
