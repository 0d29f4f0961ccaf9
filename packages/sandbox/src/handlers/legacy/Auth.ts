/**
 * Answers for sessions, on the wire of 2.0.0.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import * as HttpApiBuilder from "effect/http-api/HttpApiBuilder"
import * as HttpServerRequest from "effect/http/HttpServerRequest"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import * as Option from "effect/Option"
import * as LegacyAnswers from "../../LegacyAnswers.ts"
import * as LegacyGate from "../../LegacyGate.ts"
import * as Sessions from "../../Sessions.ts"

// what the contract says of a login beside its types
const problemOf = (login: { readonly email: string; readonly password: string }): string | undefined =>
  !/^[^\s@]+@[^\s@]+$/.test(login.email)
    ? "email must be an e-mail address"
    : login.password.length < 6
      ? "password must have at least 6 characters"
      : undefined

/**
 * Builds the answers.
 *
 * @since 0.1.0
 * @category layers
 */
export const layer = HttpApiBuilder.group(LegacyGate.Api, "auth", (handlers) =>
  Effect.gen(function* () {
    const sessions = yield* Sessions.Sessions
    return handlers
      .handle("login", ({ payload }) =>
        Effect.gen(function* () {
          const problem = problemOf(payload)
          if (problem !== undefined) return LegacyAnswers.refused(LegacyAnswers.invalidParameters(problem))
          const session = yield* sessions.login(payload.email, payload.password)
          if (Option.isNone(session)) {
            return LegacyAnswers.unauthorized("invalid_credentials", "the e-mail or the password is wrong")
          }
          const { account, token } = session.value
          return HttpServerResponse.jsonUnsafe({ member_id: account, token }).pipe(
            HttpServerResponse.setCookieUnsafe("sessions", token, { path: "/", httpOnly: true })
          )
        })
      )
      .handle("logout", () =>
        Effect.gen(function* () {
          const { headers } = yield* HttpServerRequest.HttpServerRequest
          yield* sessions.logout(LegacyGate.tokenOf(headers) ?? "")
        })
      )
  })
)
