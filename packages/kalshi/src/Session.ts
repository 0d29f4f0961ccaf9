/**
 * A session of API 2.0.0: the bearer token that signs its requests.
 *
 * A login is opened with the first request that needs it. Its token is renewed
 * before it expires, while the old one still works, and once after a 401; one
 * fibre logs in, however many calls wait, and one that is interrupted does not
 * stop it for the others. When the layer closes, the session is logged out.
 *
 * A password that was refused is not tried again: accounts get locked for that.
 * After any other failure there is no login for a pause, a second at first and
 * twice as long each time, up to a minute: calls in it go out with the old token
 * while there is one, and fail as the login did where that is of no use. Nor is
 * there a login for a 401 on a token of the last five seconds, which another
 * one would not help: that call fails with its `Unauthorized`.
 *
 * No failure shows e-mail or password, or repeats what a server says of them.
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
import * as classify from "./internal/classify.ts"
import * as KalshiError from "./KalshiError.ts"
import * as RateLimit from "./limits/Service.ts"
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
// after a failed login there is none for so long, and twice as long after the next one
const FIRST_PAUSE = 1000
const LONGEST_PAUSE = 60_000
// a token of this age that is refused is refused for another reason than its age
const NEW_TOKEN = 5000

const opening = operation.make({ name: "login", success: AuthApi.LoginResponse })

interface Token {
  readonly value: Redacted.Redacted<string>
  /** Before it was asked for: it never lives longer than this says. */
  readonly since: number
  readonly cameAt: number
}

interface Failure {
  readonly error: KalshiError.LoginFailed
  /** Whether it is never tried again. */
  readonly final: boolean
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

const CODE = /^[a-z][a-z0-9_]*$/

/** What is left of a text in a code or in the name of a host. */
const bare = (text: string): string => text.toLowerCase().replace(/[^a-z0-9]/g, "")

/** Whether a text may repeat a secret, or a part of one. */
const repeats = (text: string, secrets: ReadonlyArray<string>): boolean =>
  secrets.some((secret) => secret !== "" && (bare(text).includes(secret) || secret.includes(bare(text))))

/** What a server told of a login without what it may repeat of it: its status, and its code, if that is one. */
const withoutSecrets = (
  { code, status }: KalshiError.Told,
  secrets: ReadonlyArray<string>
): Pick<KalshiError.Told, "status" | "code"> =>
  code === undefined || !CODE.test(code) || repeats(code, secrets) ? { status } : { status, code }

/** The host that a server redirects to: what follows may repeat what it was asked. */
const originOf = (location: string | undefined, secrets: ReadonlyArray<string>): string | undefined => {
  if (location === undefined || !URL.canParse(location)) return undefined
  const { origin } = new URL(location)
  return repeats(origin, secrets) ? undefined : origin
}

const failed = (reason: KalshiError.Reason, secrets: ReadonlyArray<string>): KalshiError.LoginFailed => {
  const as = (original: KalshiError.LoginFailed["original"]) => new KalshiError.LoginFailed({ original })
  switch (reason._tag) {
    case "Disconnected":
    case "TimedOut":
      return as(reason)
    case "Redirected": {
      const location = originOf(reason.location, secrets)
      return as(new KalshiError.Redirected({ status: reason.status, ...(location === undefined ? {} : { location }) }))
    }
    case "Unauthorized":
      return as(new KalshiError.Unauthorized(withoutSecrets(reason, secrets)))
    case "Forbidden":
      return as(new KalshiError.Forbidden(withoutSecrets(reason, secrets)))
    case "RateLimited":
      return as(new KalshiError.RateLimited(withoutSecrets(reason, secrets)))
    case "Unavailable":
      return as(new KalshiError.Unavailable(withoutSecrets(reason, secrets)))
    case "ExchangePaused":
      return as(new KalshiError.ExchangePaused(withoutSecrets(reason, secrets)))
    case "Retired":
      return as(new KalshiError.Retired(withoutSecrets(reason, secrets)))
    case "BadRequest":
      return as(new KalshiError.BadRequest(withoutSecrets(reason, secrets)))
    case "NotFound":
      return as(new KalshiError.NotFound(withoutSecrets(reason, secrets)))
    case "Conflict":
      return as(new KalshiError.Conflict(withoutSecrets(reason, secrets)))
    default:
      // a refusal in the words of orders is one all the same
      return "status" in reason &&
        reason._tag !== "ReadBackFailed" &&
        reason._tag !== "OrderEnded" &&
        reason.status >= 400
        ? as(new KalshiError.BadRequest(withoutSecrets(reason, secrets)))
        : unreadable
  }
}

/**
 * Whether the same login would be refused again: the exchange says so with a
 * code, or with 401. A gateway's page says nothing of it.
 */
const isFinal = (reason: KalshiError.Reason): boolean => {
  if (reason._tag === "Retired") return true
  if (!("status" in reason) || reason._tag === "ReadBackFailed" || reason._tag === "OrderEnded") return false
  const { code, status, text } = { code: undefined, text: undefined, ...reason }
  return status === 401 ? text !== classify.PAGE : (status === 400 || status === 403) && code !== undefined
}

const broken = (description: string) =>
  new KalshiError.LoginFailed({ original: new KalshiError.Disconnected({ description, sent: false }) })

const closed = broken("the session is closed")
const brokenOff = broken("the login broke off")

const SENDABLE = /^[\x21-\x7e]+$/

const ofLogin = Effect.fnUntraced(function* (
  { email, environment, password }: Login,
  options: Options
): Effect.fn.Return<Signer["Service"], never, HttpClient.HttpClient | Scope.Scope> {
  const lifetime = Duration.toMillis(Duration.fromInputUnsafe(options.lifetime ?? LIFETIME))
  const fresh = lifetime - lifetime / 6

  let token: Token | undefined
  let running: Deferred.Deferred<Token, KalshiError.LoginFailed> | undefined
  // the failure that calls share, and until when
  let shared: { readonly error: KalshiError.LoginFailed; readonly until: number } | undefined
  let pause = 0
  let isOpen = true

  const secrets = [email, password].map((secret) => bare(Redacted.value(secret)))

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

  const logIn: Effect.Effect<Token, Failure> = Effect.gen(function* () {
    const since = yield* Clock.currentTimeMillis
    const answer = yield* opening.run(
      auth.login({
        responseMode: "response-only",
        payload: { email: Redacted.value(email), password: Redacted.value(password) }
      })
    )
    if (!SENDABLE.test(answer.token)) return yield* Effect.fail({ error: unreadable, final: false })
    return { value: Redacted.make(answer.token), since, cameAt: yield* Clock.currentTimeMillis }
  }).pipe(
    // nor does the span of the request end with what a server repeats: this one does without
    Effect.withTracerEnabled(false),
    Effect.catchTag("KalshiError", ({ reason }) => {
      const original = reason._tag === "Unexpected" ? reason.original : reason
      return Effect.fail({ error: failed(original, secrets), final: isFinal(original) })
    }),
    Effect.withSpan(
      "login",
      { kind: "client", attributes: { "kalshi.environment": environment.name, "kalshi.bucket": "read" } },
      { captureStackTrace: false }
    )
  )

  // the policies of the layer, not those of the call that happens to need a token
  const fork = Effect.runForkWith(yield* Effect.context<never>())
  const scope = yield* Effect.scope

  const ended = (exit: Exit.Exit<Token, Failure>, now: number): Effect.Effect<Token, KalshiError.LoginFailed> => {
    if (Exit.isSuccess(exit)) {
      token = exit.value
      shared = undefined
      pause = 0
      return Effect.succeed(exit.value)
    }
    const { error, final } = Option.getOrElse(Cause.findErrorOption(exit.cause), () => ({
      // nobody but the layer's scope interrupts it
      error: Cause.hasInterruptsOnly(exit.cause) ? closed : brokenOff,
      final: false
    }))
    pause = Math.min(Math.max(FIRST_PAUSE, 2 * pause), LONGEST_PAUSE)
    shared = { error, until: final ? Infinity : now + pause }
    return Effect.fail(error)
  }

  /** The login that is under way, or one that begins now. */
  const login = (): Deferred.Deferred<Token, KalshiError.LoginFailed> => {
    if (running !== undefined) return running
    const deferred = Deferred.makeUnsafe<Token, KalshiError.LoginFailed>()
    running = deferred
    const loggingIn = Effect.onExit(logIn, (exit) =>
      Effect.flatMap(Clock.currentTimeMillis, (now) => {
        running = undefined
        return Deferred.complete(deferred, ended(exit, now))
      })
    )
    Fiber.runIn(fork(loggingIn), scope)
    return deferred
  }

  /** Why there is no login now, if there is none. */
  const whyNot = (now: number): KalshiError.LoginFailed | undefined => {
    if (!isOpen) return closed
    return shared !== undefined && now < shared.until ? shared.error : undefined
  }

  const renewed = (now: number): Effect.Effect<Token, KalshiError.LoginFailed> => {
    const error = whyNot(now)
    return error === undefined ? Deferred.await(login()) : Effect.fail(error)
  }

  yield* Effect.addFinalizer(() =>
    Effect.suspend(() => {
      isOpen = false
      return token === undefined
        ? Effect.void
        : auth.logout({ responseMode: "response-only" }).pipe(
            Effect.timeoutOption(GOODBYE),
            // it expires by itself
            Effect.ignore
          )
    })
  )

  return {
    environment,
    account: "login",
    sign: Effect.fnUntraced(function* () {
      if (!isOpen) return yield* closed
      const now = yield* Clock.currentTimeMillis
      if (token === undefined || now - token.since >= lifetime) return headersOf((yield* renewed(now)).value)
      // it still works: an order does not wait for the next one
      if (now - token.since >= fresh && whyNot(now) === undefined) login()
      return headersOf(token.value)
    }),
    refused: ({ headers }) =>
      Effect.flatMap(Clock.currentTimeMillis, (now) => {
        if (token !== undefined) {
          // another call has renewed it since
          if (headersOf(token.value)["Authorization"] !== headers["Authorization"]) return Effect.succeed(true)
          if (now - token.cameAt < NEW_TOKEN) return Effect.succeed(false)
        }
        return Effect.as(renewed(now), true)
      })
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
