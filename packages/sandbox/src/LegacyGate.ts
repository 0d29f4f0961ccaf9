/**
 * The middleware of the wire of 2.0.0: requests carry the token of a login,
 * and everything that fails is told in one shape.
 *
 * @since 0.1.0
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as HttpApiMiddleware from "effect/http-api/HttpApiMiddleware"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Result from "effect/Result"
import * as LegacyApi from "effect-kalshi/api/legacy/Api"
import * as Wire from "effect-kalshi/api/Wire"
import type * as Buckets from "./Buckets.ts"
import type * as Faults from "./Faults.ts"
import * as LegacyAnswers from "./LegacyAnswers.ts"
import * as Passage from "./Passage.ts"
import * as Sessions from "./Sessions.ts"
import type * as Switches from "./Switches.ts"

/**
 * Where the endpoints live: the paths of that generation, below a base that
 * today's wire does not have.
 *
 * @since 0.1.0
 * @category constants
 */
export const BASE = "/legacy/trade-api/v2"

/**
 * The middleware of every endpoint.
 *
 * @since 0.1.0
 * @category middleware
 */
export class LegacyGate extends HttpApiMiddleware.Service<LegacyGate, { provides: Passage.Caller }>()(
  "@effect-kalshi/sandbox/LegacyGate"
) {}

/**
 * The declared wire below its base, behind the gate.
 *
 * @since 0.1.0
 * @category api
 */
export const Api = LegacyApi.LegacyApi.prefix(BASE).middleware(LegacyGate)

/**
 * The token that a request carries.
 *
 * @since 0.1.0
 * @category accessors
 */
export const tokenOf = (headers: Readonly<Record<string, string | undefined>>): string | undefined =>
  /^Bearer +(\S+)$/i.exec(headers["authorization"] ?? "")?.[1]

// What cannot be read. A login is not repeated: what is wrong in it may be the password.
const unreadable: Passage.Manners["unreadable"] = (part, message, endpoint) => {
  const said = endpoint.identifier === "login" ? "a login is an e-mail and a password, as JSON" : message
  switch (part) {
    case "ContentType":
      return LegacyAnswers.refused({ code: "invalid_content_type", message: "invalid content type", details: message })
    case "Json":
    case "Payload":
      return LegacyAnswers.refused({ code: "bad_request", message: "bad request", details: said })
    case "Query":
    case "Params":
    case "Headers":
      return LegacyAnswers.refused(LegacyAnswers.invalidParameters(said))
    // an answer that does not fit its own declaration is a mistake of the sandbox
    case "Body":
    case "ResponseHeaders":
      return LegacyAnswers.failed(500, {
        code: "internal_server_error",
        message: "internal server error",
        details: said
      })
  }
}

/**
 * Builds the gate.
 *
 * @since 0.1.0
 * @category layers
 */
export const layer: Layer.Layer<
  LegacyGate,
  never,
  Sessions.Sessions | Buckets.Buckets | Faults.Faults | Switches.Switches
> = Layer.effect(
  LegacyGate,
  Effect.gen(function* () {
    const sessions = yield* Sessions.Sessions
    return yield* Passage.make({
      shards: 1,
      identify: Effect.fnUntraced(function* ({ endpoint, request }) {
        if (Context.get(endpoint.annotations, Wire.Access) === "public") return Result.succeed(undefined)
        const token = tokenOf(request.headers)
        if (token === undefined) {
          return Result.fail(LegacyAnswers.unauthorized("missing_token", "send Authorization: Bearer and the token"))
        }
        return Option.match(yield* sessions.find(token), {
          onNone: () =>
            Result.fail(
              LegacyAnswers.unauthorized("token_authentication_failure", "the token is unknown or has expired")
            ),
          onSome: (account) => Result.succeed({ account })
        })
      }),
      tooManyRequests: LegacyAnswers.tooManyRequests,
      failed: (status, code, message) => LegacyAnswers.failed(status, { code, message, details: "" }),
      unreadable
    })
  })
)
