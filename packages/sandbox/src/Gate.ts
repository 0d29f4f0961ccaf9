/**
 * The middleware of today's wire: requests are signed, and the exchange has
 * its own words for each kind of body and query that it cannot read.
 *
 * @since 0.1.0
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import type * as HttpApiEndpoint from "effect/http-api/HttpApiEndpoint"
import * as HttpApiMiddleware from "effect/http-api/HttpApiMiddleware"
import * as Layer from "effect/Layer"
import * as Result from "effect/Result"
import * as WireApi from "effect-kalshi/api/Api"
import * as Wire from "effect-kalshi/api/Wire"
import * as Timestamp from "effect-kalshi/Timestamp"
import * as Answers from "./Answers.ts"
import type * as Buckets from "./Buckets.ts"
import * as Exchange from "./Exchange.ts"
import type * as Faults from "./Faults.ts"
import * as Members from "./Members.ts"
import * as Passage from "./Passage.ts"
import * as Permission from "./Permission.ts"
import * as Signature from "./Signature.ts"
import type * as Switches from "./Switches.ts"

/**
 * Where the endpoints live.
 *
 * @since 0.1.0
 * @category constants
 */
export const BASE = "/trade-api/v2"

/**
 * The middleware of every endpoint.
 *
 * @since 0.1.0
 * @category middleware
 */
export class Gate extends HttpApiMiddleware.Service<Gate, { provides: Passage.Caller }>()(
  "@effect-kalshi/sandbox/Gate"
) {}

/**
 * The declared wire below its base, behind the gate.
 *
 * @since 0.1.0
 * @category api
 */
export const Api = WireApi.Api.prefix(BASE).middleware(Gate)

// the book endpoint is declared private, and the exchange answers it to everybody
const isPublic = (endpoint: HttpApiEndpoint.Top): boolean =>
  Context.get(endpoint.annotations, Wire.Access) === "public" || endpoint.identifier === "getMarketOrderbook"

// What cannot be read, in the shape that each part of a request has for it.
const unreadable: Passage.Manners["unreadable"] = (part, message) => {
  switch (part) {
    case "ContentType":
      return Answers.flat("invalid_content_type", message)
    case "Json":
    case "Payload":
      return Answers.flat("bad_request", message)
    case "Query":
      return Answers.query(message)
    case "Params":
    case "Headers":
      return Answers.invalidParameters(message)
    // an answer that does not fit its own declaration is a mistake of the sandbox
    case "Body":
    case "ResponseHeaders":
      return Answers.nested(500, "internal_server_error", message)
  }
}

/**
 * Builds the gate.
 *
 * @since 0.1.0
 * @category layers
 */
export const layer = (options: {
  readonly acceptTest: boolean
}): Layer.Layer<
  Gate,
  never,
  Exchange.Exchange | Members.Members | Buckets.Buckets | Faults.Faults | Switches.Switches
> =>
  Layer.effect(
    Gate,
    Effect.gen(function* () {
      const exchange = yield* Exchange.Exchange
      const members = yield* Members.Members
      return yield* Passage.make({
        shards: exchange.shards,
        identify: Effect.fnUntraced(function* ({ body, endpoint, logged, path, query, request }) {
          if (isPublic(endpoint) && !Signature.isPresent(request.headers)) return Result.succeed(undefined)
          if (logged !== undefined) logged.keyId = request.headers["kalshi-access-key"]
          const key = Signature.check(
            { method: request.method, path, headers: request.headers },
            {
              find: members.find,
              now: Timestamp.toMillis(yield* exchange.now),
              acceptTest: options.acceptTest
            }
          )
          if ("_tag" in key) return Result.fail(Answers.unauthorized(key))
          const missing = isPublic(endpoint) ? undefined : Permission.missing(key, { endpoint, query, body })
          return missing === undefined
            ? Result.succeed({ account: key.account, subaccount: key.subaccount })
            : Result.fail(Answers.nested(403, "forbidden", missing))
        }),
        tooManyRequests: Answers.tooManyRequests,
        failed: Answers.nested,
        unreadable
      })
    })
  )
