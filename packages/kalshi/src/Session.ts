/**
 * A session of API 2.0.0: the bearer token that signs its requests.
 *
 * A login is opened with the first request that needs it. Its token is renewed
 * before it expires, while the old one still works, and once after a 401; one
 * fibre logs in, however many calls wait, and one that is interrupted does not
 * stop it for the others. When the layer closes, the session is logged out.
 *
 * A password that was refused is not tried again: accounts get locked for that.
 *
 * See "Login" and "Logout" in the exchange's OpenAPI description 2.0.0.
 *
 * @since 0.1.0
 */
import * as Cause from "effect/Cause"
import * as Clock from "effect/Clock"
import * as Deferred from "effect/Deferred"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import type * as HttpClient from "effect/http/HttpClient"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import type * as Scope from "effect/Scope"
import * as Breaker from "./Breaker.ts"
import * as AuthApi from "./api/legacy/Auth.ts"
import { type Bearer, LegacyCredentials, type Login } from "./Credentials.ts"
import { CredentialsError, InvalidBaseUrl, LoginRetired } from "./CredentialsError.ts"
import * as Guard from "./guard/Service.ts"
import * as BaseUrl from "./internal/baseUrl.ts"
import { layerMemory } from "./journal/memory.ts"
import * as KalshiError from "./KalshiError.ts"
import * as RateLimit from "./RateLimit.ts"
import * as client from "./service/client.ts"
import * as operation from "./service/operation.ts"
import { Signer } from "./Signer.ts"
import * as Transport from "./Transport.ts"

/**
 * How a session is kept.
 *
 * @since 0.1.0
 * @category models
 */
export interface Options {
  /**
   * How long a token lives, which its answer does not say; it is renewed when
   * a sixth of that is left. Default 30 minutes, as the exchange had it.
   */
  readonly lifetime?: Duration.Input | undefined
}

const LIFETIME = Duration.minutes(30)
// what a login has to end before a program may end
const GOODBYE = "2 seconds"

const opening = operation.make({ name: "login", success: AuthApi.LoginResponse })

interface Token {
  readonly value: Redacted.Redacted<string>
  readonly since: number
}

const headersOf = (token: Redacted.Redacted<string>): Record<string, string> => ({
  Authorization: `Bearer ${Redacted.value(token)}`
})

const ofBearer = ({ environment, token }: Bearer): Signer["Service"] => ({
  environment,
  account: "bearer",
  sign: () => Effect.succeed(headersOf(token))
})

// what was there instead of a token is not repeated: it may be one
const unreadable = new KalshiError.LoginFailed({
  original: new KalshiError.UnreadableAnswer({ status: 200, description: "it holds no token that can be sent" })
})

const failed = ({ reason }: KalshiError.KalshiError): KalshiError.LoginFailed => {
  switch (reason._tag) {
    case "Disconnected":
    case "TimedOut":
    case "Redirected":
    case "Unauthorized":
    case "Forbidden":
    case "RateLimited":
    case "Unavailable":
    case "ExchangePaused":
    case "Retired":
    case "BadRequest":
    case "NotFound":
    case "Conflict":
      return new KalshiError.LoginFailed({ original: reason })
    default:
      return unreadable
  }
}

const closed = new KalshiError.LoginFailed({
  original: new KalshiError.Disconnected({ description: "the session is closing", sent: false })
})

const SENDABLE = /^[\x21-\x7e]+$/

const ofLogin = Effect.fnUntraced(function* (
  { email, environment, password }: Login,
  options: Options
): Effect.fn.Return<Signer["Service"], never, HttpClient.HttpClient | Scope.Scope> {
  const lifetime = Duration.toMillis(Duration.fromInputUnsafe(options.lifetime ?? LIFETIME))
  const fresh = lifetime - lifetime / 6

  let token: Token | undefined
  let running: Deferred.Deferred<Token, KalshiError.LoginFailed> | undefined
  let refusal: KalshiError.LoginFailed | undefined

  // a road of its own: what renews a token cannot wait for one
  const road = Transport.layer.pipe(
    Layer.provide([Breaker.layerNone, Guard.layerNone, RateLimit.layerNone, layerMemory]),
    Layer.provideMerge(
      Layer.succeed(Signer, {
        environment,
        account: "login",
        sign: () => Effect.succeed(token === undefined ? {} : headersOf(token.value))
      })
    )
  )
  const auth = yield* client.legacyGroup("auth").pipe(Effect.provide(road))

  const logIn: Effect.Effect<Token, KalshiError.LoginFailed> = Effect.gen(function* () {
    // before it is sent: a token never lives longer than this says
    const since = yield* Clock.currentTimeMillis
    const answer = yield* opening.run(
      auth.login({
        responseMode: "response-only",
        payload: { email: Redacted.value(email), password: Redacted.value(password) }
      })
    )
    if (!SENDABLE.test(answer.token)) return yield* unreadable
    return { value: Redacted.make(answer.token), since }
  }).pipe(Effect.catchTag("KalshiError", (error) => Effect.fail(failed(error))))

  // the policies of the layer, not those of the call that happens to need a token
  const fork = Effect.runForkWith(yield* Effect.context<never>())
  const scope = yield* Effect.scope

  const ended = (exit: Exit.Exit<Token, KalshiError.LoginFailed>): Effect.Effect<Token, KalshiError.LoginFailed> => {
    if (Exit.isSuccess(exit)) {
      token = exit.value
      return Effect.succeed(exit.value)
    }
    const error = Option.getOrElse(Cause.findErrorOption(exit.cause), () => closed)
    if (error.original._tag === "Unauthorized") refusal = error
    return Effect.fail(error)
  }

  /** The login that is under way, or one that begins now. */
  const login = (): Deferred.Deferred<Token, KalshiError.LoginFailed> => {
    if (running !== undefined) return running
    const deferred = Deferred.makeUnsafe<Token, KalshiError.LoginFailed>()
    running = deferred
    const loggingIn = Effect.onExit(logIn, (exit) =>
      Effect.suspend(() => {
        running = undefined
        return Deferred.complete(deferred, ended(exit))
      })
    )
    Fiber.runIn(fork(loggingIn), scope)
    return deferred
  }

  const renewed: Effect.Effect<Token, KalshiError.LoginFailed> = Effect.suspend(() =>
    refusal === undefined ? Deferred.await(login()) : Effect.fail(refusal)
  )

  yield* Effect.addFinalizer(() =>
    Effect.suspend(() =>
      token === undefined
        ? Effect.void
        : auth.logout({ responseMode: "response-only" }).pipe(
            Effect.timeoutOption(GOODBYE),
            // it expires by itself
            Effect.ignore
          )
    )
  )

  return {
    environment,
    account: "login",
    sign: Effect.fnUntraced(function* () {
      const age = token === undefined ? Number.POSITIVE_INFINITY : (yield* Clock.currentTimeMillis) - token.since
      if (token === undefined || age >= lifetime) return headersOf((yield* renewed).value)
      // it still works: an order does not wait for the next one
      if (age >= fresh && refusal === undefined) login()
      return headersOf(token.value)
    }),
    refused: ({ headers }) =>
      token !== undefined && headersOf(token.value)["Authorization"] !== headers["Authorization"]
        ? // another call has renewed it since
          Effect.succeed(true)
        : Effect.as(renewed, true)
  }
})

/**
 * Makes the signer of a program's credential of API 2.0.0.
 *
 * A bearer token signs until it is refused. A login is opened when it is first
 * needed, kept as the options say, and logged out with the scope.
 *
 * Fails with a `CredentialsError` (`LoginRetired`) where the environment is the
 * exchange itself, whose login is gone, and with `InvalidBaseUrl`.
 *
 * @since 0.1.0
 * @category constructors
 */
export const make = Effect.fnUntraced(function* (
  options: Options = {}
): Effect.fn.Return<Signer["Service"], CredentialsError, LegacyCredentials | HttpClient.HttpClient | Scope.Scope> {
  const credential = yield* LegacyCredentials
  const { environment } = credential
  if (BaseUrl.isExchange(environment)) return yield* new CredentialsError({ reason: new LoginRetired() })
  const problem = BaseUrl.problemOf(environment)
  if (problem !== undefined) {
    return yield* new CredentialsError({ reason: new InvalidBaseUrl({ description: problem }) })
  }
  return credential._tag === "Bearer" ? ofBearer(credential) : yield* ofLogin(credential, options)
})

/**
 * Signs with the program's credential of API 2.0.0, as `make` does.
 *
 * @since 0.1.0
 * @category layers
 */
export const layer = (
  options?: Options
): Layer.Layer<Signer, CredentialsError, LegacyCredentials | HttpClient.HttpClient> =>
  // layers are shared by reference, whatever they are provided with: another login's is another
  Layer.fresh(Layer.effect(Signer, make(options)))
