/**
 * The sessions of the wire of 2.0.0: who logged in, and until when the token
 * is good.
 *
 * The contract does not say how long a token lives; clients of that time took
 * it for half an hour. A token says nothing, is never the same twice, and a
 * second login leaves the first one's as it is.
 *
 * @since 0.1.0
 */
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import type * as Timestamp from "effect-kalshi/Timestamp"
import * as Crypto from "node:crypto"
import * as Exchange from "./Exchange.ts"
import * as Members from "./Members.ts"

/**
 * What a login opens.
 *
 * @since 0.1.0
 * @category models
 */
export interface Session {
  readonly token: string
  readonly account: string
}

/**
 * The sessions that are open.
 *
 * @since 0.1.0
 * @category services
 */
export class Sessions extends Context.Service<
  Sessions,
  {
    /** Opens a session; none for a wrong e-mail or password, without saying which. */
    readonly login: (email: string, password: string) => Effect.Effect<Option.Option<Session>>
    /** The account of a token that is good now. */
    readonly find: (token: string) => Effect.Effect<Option.Option<string>>
    /** Ends the session of a token. */
    readonly logout: (token: string) => Effect.Effect<void>
    /** Ends all sessions. */
    readonly endAll: Effect.Effect<void>
    /** How long a token is good from its login on, those that are there already too. */
    readonly setLifetime: (lifetime: Duration.Duration) => Effect.Effect<void>
  }
>()("@effect-kalshi/sandbox/Sessions") {}

const LIFETIME = Duration.minutes(30)

/**
 * Builds an exchange where nobody is logged in.
 *
 * @since 0.1.0
 * @category layers
 */
export const layer: Layer.Layer<Sessions, never, Exchange.Exchange | Members.Members> = Layer.effect(
  Sessions,
  Effect.gen(function* () {
    const exchange = yield* Exchange.Exchange
    const members = yield* Members.Members
    const open = new Map<string, { readonly account: string; readonly since: Timestamp.Timestamp }>()
    let lifetime = Duration.toMillis(LIFETIME) * 1000

    // Tokens lie in the order of their logins, so that those that are over lie in front.
    const forget = (now: Timestamp.Timestamp): void => {
      for (const [token, { since }] of open) {
        if (now < since + lifetime) return
        open.delete(token)
      }
    }

    return Sessions.of({
      login: (email, password) =>
        Effect.map(exchange.now, (now) => {
          forget(now)
          const account = members.recognise(email, password)
          if (account === undefined) return Option.none()
          const token = Crypto.randomBytes(32).toString("base64url")
          open.set(token, { account, since: now })
          return Option.some({ token, account })
        }),
      find: (token) =>
        Effect.map(exchange.now, (now) => {
          const session = open.get(token)
          return session === undefined || now >= session.since + lifetime ? Option.none() : Option.some(session.account)
        }),
      logout: (token) =>
        Effect.sync(() => {
          open.delete(token)
        }),
      endAll: Effect.sync(() => open.clear()),
      setLifetime: (duration) =>
        Effect.sync(() => {
          lifetime = Duration.toMillis(duration) * 1000
        })
    })
  })
)
