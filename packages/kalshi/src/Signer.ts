/**
 * Signs requests for one environment.
 *
 * A signature covers the time, the method and the path: neither query nor body
 * nor host, so it is made afresh for each attempt and must not leave its
 * environment. RSA keys sign with RSA-PSS, SHA-256 and a salt of 32 bytes,
 * Ed25519 keys as they are; both in WebCrypto, off the main thread.
 *
 * The time is that of this machine. Where the exchange refuses it, a signer
 * learns from the answer's date what the exchange's clock is ahead, signs that
 * request once more, and all later ones by it.
 *
 * Older releases of Node 20 and 22 print an `ExperimentalWarning` when an
 * Ed25519 key is first used; recent ones, such as 20.20, do not.
 *
 * See "API Keys" in the exchange's documentation.
 *
 * @since 0.1.0
 */
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as SecureRandom from "effect/crypto/SecureRandom"
import * as Signature from "effect/crypto/Signature"
import * as Effect from "effect/Effect"
import * as Base64 from "effect/encoding/Base64"
import * as Layer from "effect/Layer"
import * as Predicate from "effect/Predicate"
import { Credentials } from "./Credentials.ts"
import type { Environment } from "./Environment.ts"
import * as BaseUrl from "./internal/baseUrl.ts"
import * as exchangeClock from "./internal/exchangeClock.ts"
import { ClockOff, type LoginFailed, type Unauthorized, Unsigned } from "./KalshiError.ts"

/**
 * What is signed of a request: its method, and its path from the root as it is
 * sent, with `/trade-api/v2` and without the query.
 *
 * @since 0.1.0
 * @category models
 */
export interface Request {
  readonly method: string
  readonly path: string
}

/**
 * A request that the exchange refused with 401, which changed nothing.
 *
 * @since 0.1.0
 * @category models
 */
export interface Refusal {
  /** What it was signed with. */
  readonly headers: Readonly<Record<string, string>>
  readonly reason: Unauthorized
  /**
   * The time of the exchange, where the answer told it, and when the request
   * was sent and answered by our clock; all in epoch milliseconds.
   */
  readonly exchangeTime?:
    | {
        readonly millis: number
        readonly sentAt: number
        readonly receivedAt: number
      }
    | undefined
}

/**
 * Service that signs the requests to one environment.
 *
 * @since 0.1.0
 * @category services
 */
export class Signer extends Context.Service<
  Signer,
  {
    /** The only place where the signatures are valid, and may be sent. */
    readonly environment: Environment
    /** Whom the signatures are of, as a journal keeps it: the id of the key, and no secret. */
    readonly account: string
    /**
     * The headers that sign a request, with the time of this moment. Fails with
     * `Unsigned` or `LoginFailed`; then nothing may be sent.
     */
    readonly sign: (request: Request) => Effect.Effect<Record<string, string>, Unsigned | LoginFailed>
    /**
     * Hears of a request that the exchange refused with 401, and says whether to
     * sign it once more: true where a token was renewed, or the time was refused
     * and is known now. Absent where another signature would be refused as well.
     * Fails with `ClockOff` where this machine's clock is off by more than five
     * minutes, and with `LoginFailed`.
     */
    readonly refused?: (refusal: Refusal) => Effect.Effect<boolean, LoginFailed | ClockOff>
  }
>()("effect-kalshi/Signer") {}

// a clock that is off by more is not worked around: whoever reads it elsewhere is misled too
const MOST_OFFSET = 300_000

// Signs a text with the time of this moment, by the clock of the exchange as far as it is known.
const signWith = (
  environment: Environment,
  keyId: string,
  sign: (message: string) => Effect.Effect<string, Unsigned>
): Signer["Service"] => {
  // what the exchange's clock is ahead, in milliseconds
  let offset = 0
  return {
    environment,
    account: keyId,
    sign: Effect.fnUntraced(function* ({ method, path }) {
      const timestamp = String(Math.floor((yield* Clock.currentTimeMillis) + offset))
      const bare = path.split(/[?#]/, 1)[0] ?? path
      return {
        "KALSHI-ACCESS-KEY": keyId,
        "KALSHI-ACCESS-TIMESTAMP": timestamp,
        "KALSHI-ACCESS-SIGNATURE": yield* sign(`${timestamp}${method.toUpperCase()}${bare}`)
      }
    }),
    refused: ({ exchangeTime, reason }) =>
      Effect.suspend(() => {
        if (reason.code !== "header_timestamp_expired" || exchangeTime === undefined) return Effect.succeed(false)
        // a request that was long on its way is late, whatever the clock: it is signed anew by the same
        if (exchangeClock.allows(exchangeTime, offset)) return Effect.succeed(true)
        const found = exchangeClock.offset(exchangeTime)
        if (Math.abs(found) > MOST_OFFSET) return Effect.fail(new ClockOff({ offset: found }))
        offset = found
        return Effect.succeed(true)
      })
  }
}

const unsigned = (description: string) => Effect.fail(new Unsigned({ description }))

const never = (environment: Environment): Signer["Service"] => ({
  environment,
  account: "",
  sign: () => unsigned("no credential: this program has none, and the endpoint needs one (see Credentials.layerConfig)")
})

const encoder = new TextEncoder()

/**
 * Makes the signer of a program's credential. That of `Anonymous` refuses
 * every request with `Unsigned`.
 *
 * @since 0.1.0
 * @category constructors
 */
export const make: Effect.Effect<Signer["Service"], never, Credentials | Signature.Signature> = Effect.gen(
  function* () {
    const credential = yield* Credentials
    const signature = yield* Signature.Signature
    if (credential._tag === "Anonymous") return never(credential.environment)
    const { environment, key, keyId } = credential
    return signWith(environment, keyId, (message) =>
      signature.sign(key, encoder.encode(message)).pipe(
        Effect.map(Base64.encode),
        Effect.catch((error) => unsigned(`the runtime cannot sign with this key (${error.reason._tag})`))
      )
    )
  }
)

/**
 * Signs with the program's credential. That of `Anonymous` refuses every
 * request with `Unsigned`.
 *
 * @since 0.1.0
 * @category layers
 */
export const layer: Layer.Layer<Signer, never, Credentials> = Layer.effect(Signer, make).pipe(
  Layer.provide(Signature.layerWebCrypto),
  Layer.provide(SecureRandom.layerWebCrypto),
  // layers are shared by reference, whatever they are provided with: another credential's is another
  Layer.fresh
)

/**
 * Refuses every request with `Unsigned`: public endpoints only.
 *
 * @since 0.1.0
 * @category layers
 */
export const layerNone = (environment: Environment): Layer.Layer<Signer> => Layer.succeed(Signer, never(environment))

// The name of a failure; its words may hold a secret.
const nameOf = (error: unknown): string => {
  const name = Predicate.hasProperty(error, "_tag") ? error._tag : error instanceof Error ? error.name : undefined
  return Predicate.isString(name) && name !== "" ? ` (${name})` : ""
}

/**
 * Signs elsewhere, as in an HSM or a signing service: `sign` gets the text to
 * sign and returns the signature in standard base64 (RSA-PSS, SHA-256, salt of
 * 32 bytes; or Ed25519).
 *
 * A request fails with `Unsigned` where `sign` fails, of whose error only the
 * name is kept, where its answer is not base64, or where the base URL is plain
 * http on a host that is not loopback.
 *
 * @since 0.1.0
 * @category layers
 */
export const layerExternal = (options: {
  readonly environment: Environment
  readonly keyId: string
  readonly sign: (message: string) => Effect.Effect<string, unknown>
}): Layer.Layer<Signer> => {
  const { environment, keyId, sign } = options
  const problem = BaseUrl.problemOf(environment)
  if (problem !== undefined) {
    return Layer.succeed(Signer, {
      environment,
      account: keyId,
      sign: () => unsigned(`the base URL cannot be used: ${problem}`)
    })
  }
  if (!/^[\x21-\x7e]+$/.test(keyId)) {
    const sign = () => unsigned("the key id is empty, or has white space or letters beyond ASCII in it")
    return Layer.succeed(Signer, { environment, account: keyId, sign })
  }
  return Layer.sync(Signer, () =>
    signWith(environment, keyId, (message) =>
      sign(message).pipe(
        Effect.catch((error) => unsigned(`the external signer failed${nameOf(error)}`)),
        Effect.flatMap((signature) => {
          const trimmed = signature.trim()
          return /^(?:[A-Za-z0-9+/]{4})+(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(trimmed)
            ? Effect.succeed(trimmed)
            : unsigned("the answer of the external signer is not standard base64")
        })
      )
    )
  )
}

/**
 * Signs as the signer in force, and no other method than GET: every write fails
 * with `Unsigned`, whoever sends it.
 *
 * @since 0.1.0
 * @category layers
 */
export const readOnly: Layer.Layer<Signer, never, Signer> = Layer.effect(
  Signer,
  Effect.map(Signer, (signer) =>
    Signer.of({
      ...signer,
      sign: (request) =>
        request.method.toUpperCase() === "GET"
          ? signer.sign(request)
          : unsigned(`this signer signs reads alone, and not ${request.method.toUpperCase()} (Signer.readOnly)`)
    })
  )
).pipe(
  // layers are shared by reference, whatever they are provided with: another account's is another
  Layer.fresh
)

/**
 * Signs in one synchronous step with the text
 * `test:<keyId>:<timestamp><METHOD><path>`, for sandboxes in memory and
 * `TestClock`, which does not wait for WebCrypto. No exchange accepts it.
 *
 * @since 0.1.0
 * @category layers
 */
export const layerTest = (options: {
  readonly environment: Environment
  readonly keyId: string
}): Layer.Layer<Signer> =>
  Layer.sync(Signer, () =>
    signWith(options.environment, options.keyId, (message) => Effect.succeed(`test:${options.keyId}:${message}`))
  )
