/**
 * The exchange that a command works on: the environment and the key of the
 * configuration, or, for the environment `sandbox` without a base URL, an
 * exchange that is opened in this process and closed with the command.
 *
 * Nothing is ever written: every write is refused before it is signed.
 *
 * @since 0.1.0
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import type * as FileSystem from "effect/FileSystem"
import type * as HttpClient from "effect/http/HttpClient"
import * as Layer from "effect/Layer"
import * as Schedule from "effect/Schedule"
import type * as Scope from "effect/Scope"
import * as Credentials from "effect-kalshi/Credentials"
import type { CredentialsError } from "effect-kalshi/CredentialsError"
import type { Environment } from "effect-kalshi/Environment"
import * as Kalshi from "effect-kalshi/Kalshi"
import { isKalshiError, type KalshiError } from "effect-kalshi/KalshiError"
import { Kalshi as NodeKalshi, NodeCredentials } from "effect-kalshi/node"
import "effect-kalshi/jit"
import type * as RateLimit from "effect-kalshi/RateLimit"
import * as Retry from "effect-kalshi/Retry"
import * as Failure from "./Failure.ts"
import * as Output from "./Output.ts"

/**
 * The way to the exchange; by default that of this version of Node.
 *
 * @since 0.1.0
 * @category references
 */
export const Wire = Context.Reference<Layer.Layer<HttpClient.HttpClient>>("@effect-kalshi/cli/Session/Wire", {
  defaultValue: () => NodeKalshi.layerHttpClient
})

/**
 * Who the command is, and whether the exchange is one of this process.
 *
 * @since 0.1.0
 * @category models
 */
export interface Target {
  readonly credential: Credentials.ApiKey
  readonly isHere: boolean
}

/**
 * The target of a command.
 *
 * @since 0.1.0
 * @category services
 */
export class Session extends Context.Service<Session, Target>()("@effect-kalshi/cli/Session") {}

// Who is told to use a sandbox and not which one gets one.
const opensOwn = (error: CredentialsError): boolean =>
  error.reason._tag === "MissingBaseUrl" && error.reason.environment === "sandbox"

/**
 * Where the configuration points to: an environment, or `here` where a sandbox
 * is wanted and none is named.
 *
 * @since 0.1.0
 * @category constructors
 */
export const environment: Effect.Effect<Environment | "here", CredentialsError> = Effect.catchIf(
  Credentials.environmentConfig,
  opensOwn,
  () => Effect.succeed("here" as const)
)

const startHere = Effect.promise(() => import("./work/sandboxHere.ts")).pipe(
  Effect.flatMap(({ open: start }) => start),
  Effect.mapError(
    (error) => new Failure.Failure({ kind: "failed", reason: error._tag, text: `no sandbox here: ${error.message}` })
  )
)

/**
 * Finds the target in the configuration, and opens a sandbox where one is
 * wanted and none is named; it closes with the scope.
 *
 * @since 0.1.0
 * @category constructors
 */
export const open: Effect.Effect<Target, CredentialsError | Failure.Failure, FileSystem.FileSystem | Scope.Scope> =
  Effect.gen(function* () {
    const isHere = (yield* environment) === "here"
    return { credential: isHere ? yield* startHere : yield* NodeCredentials.config, isHere }
  })

// someone waits in front of a terminal: a network that is not there is told soon
const patience: Retry.Retry = Retry.standard.pipe(Schedule.upTo({ times: 2 }))

/**
 * The services of the client for a key, with writes refused.
 *
 * @since 0.1.0
 * @category layers
 */
export const services = (
  credential: Credentials.Credential,
  options: Kalshi.Options = {}
): Layer.Layer<Kalshi.Kalshi | RateLimit.RateLimit> =>
  Layer.unwrap(
    Effect.map(Wire, (wire) =>
      Kalshi.layer({ rateLimit: "basic", ...options, readOnly: true }).pipe(
        Layer.provide(Layer.succeed(Credentials.Credentials, credential)),
        Layer.provide(wire),
        Layer.provideMerge(Layer.succeed(Retry.Retry, patience))
      )
    )
  )

const HERE =
  "This is a sandbox of this process: its history is made up, and it is gone with the command. " +
  "KALSHI_BASE_URL names one that stays."

/**
 * Runs an effect on the exchange of the configuration. What goes wrong with the
 * key or with a call becomes a `Failure`.
 *
 * @since 0.1.0
 * @category combinators
 */
export const provide = <A, E extends KalshiError | Failure.Failure | Failure.Ended, R>(
  effect: Effect.Effect<A, E, R>,
  options?: Kalshi.Options
): Effect.Effect<
  A,
  Failure.Failure | Failure.Ended,
  | Exclude<Exclude<Exclude<R, Kalshi.Kalshi | RateLimit.RateLimit>, Session>, Scope.Scope>
  | FileSystem.FileSystem
  | Output.Output
> =>
  Effect.gen(function* () {
    const output = yield* Output.Output
    const target = yield* Effect.catchTag(open, "CredentialsError", (error) =>
      Effect.fail(Failure.fromCredentials(error))
    )
    if (target.isHere) yield* output.note(HERE)
    return yield* effect.pipe(
      Effect.provide(services(target.credential, options)),
      Effect.provideService(Session, target),
      Effect.mapError((error: KalshiError | Failure.Failure | Failure.Ended) =>
        isKalshiError(error) ? Failure.fromKalshi(error) : error
      )
    )
  }).pipe(Effect.scoped)
