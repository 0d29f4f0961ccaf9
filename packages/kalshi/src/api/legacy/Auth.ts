/**
 * The wire of 2.0.0 (August 2024): how a session begins and ends ("Login" and
 * "Logout" in the exchange's OpenAPI description 2.0.0).
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import * as HttpApiEndpoint from "effect/http-api/HttpApiEndpoint"
import * as HttpApiGroup from "effect/http-api/HttpApiGroup"
import * as HttpApiSchema from "effect/http-api/HttpApiSchema"
import * as Wire from "../Wire.ts"

/**
 * Who wants in; a password has at least six characters.
 *
 * @since 0.1.0
 * @category schemas
 */
export const LoginRequest = Schema.Struct({ email: Schema.String, password: Schema.String })

/**
 * The token that every other request carries, as `Authorization: Bearer
 * <token>`. How long it lives is not said.
 *
 * @since 0.1.0
 * @category schemas
 */
export const LoginResponse = Schema.Struct({
  member_id: Wire.maybe(Schema.String),
  token: Schema.String
})

/**
 * `POST /login`; a second one makes a second token and does no harm.
 *
 * @since 0.1.0
 * @category endpoints
 */
export const login = HttpApiEndpoint.post("login", "/login", {
  payload: LoginRequest,
  success: LoginResponse
})
  .annotate(Wire.Access, "public")
  .annotate(Wire.Idempotency, "idempotent")

/**
 * `POST /logout`; the token is no longer valid afterwards.
 *
 * @since 0.1.0
 * @category endpoints
 */
export const logout = HttpApiEndpoint.post("logout", "/logout", { success: HttpApiSchema.NoContent })
  .annotate(Wire.Idempotency, "idempotent")
  .annotate(Wire.SuccessStatus, 204)

/**
 * The endpoints of sessions.
 *
 * @since 0.1.0
 * @category groups
 */
export class Auth extends HttpApiGroup.make("auth").add(login, logout) {}
