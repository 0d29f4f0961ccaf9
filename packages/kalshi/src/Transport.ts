/**
 * The one road of a request.
 *
 * `Transport` is client middleware over the declared endpoints. For each
 * attempt it takes tokens of the rate limit, signs with a fresh timestamp,
 * sends, reads the **whole** body and only then looks at what came: an answer
 * is in when its body is in. Between attempts it asks the retry policy, which
 * may act only where sending twice does no harm.
 *
 * No redirect is followed, since a signature must not reach another host. No
 * trace headers go to the exchange unless asked for, and the
 * `KALSHI-ACCESS-*` headers are redacted wherever headers are shown.
 *
 * @since 0.1.0
 */
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { constTrue } from "effect/Function"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as Headers from "effect/http/Headers"
import * as HttpClient from "effect/http/HttpClient"
import type * as HttpClientError from "effect/http/HttpClientError"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as HttpClientResponse from "effect/http/HttpClientResponse"
import type * as HttpApiEndpoint from "effect/http-api/HttpApiEndpoint"
import * as HttpApiMiddleware from "effect/http-api/HttpApiMiddleware"
import type * as Layer from "effect/Layer"
import * as Wire from "./api/Wire.ts"
import * as Drift from "./Drift.ts"
import * as Environment from "./Environment.ts"
import * as classify from "./internal/classify.ts"
import * as network from "./internal/network.ts"
import * as KalshiError from "./KalshiError.ts"
import { RateLimit, type Request as RateLimitRequest } from "./RateLimit.ts"
import * as Retry from "./Retry.ts"
import { Signer } from "./Signer.ts"
import * as Timeout from "./Timeout.ts"

/**
 * The client middleware that carries every request; `Api.middleware(Transport)`
 * puts it on a declaration.
 *
 * @since 0.1.0
 * @category middleware
 */
export class Transport extends HttpApiMiddleware.Service<Transport, {
  clientError: KalshiError.KalshiError
}>()("effect-kalshi/Transport", { requiredForClient: true }) {}

/**
 * Facts of one call that its endpoint cannot know. A service provides them
 * around the call: the name of the operation, how many items a batch has and
 * what they cost in tokens, whether this very write may be sent twice. Each
 * request that leaves is told to `onAttempt`, the first with 1.
 *
 * @since 0.1.0
 * @category models
 */
export interface Call {
  readonly operation?: string | undefined
  readonly cost?: number | undefined
  readonly items?: number | undefined
  readonly idempotency?: Retry.Idempotency | undefined
  readonly onAttempt?: ((attempt: number) => void) | undefined
}

/**
 * The facts of the call that is under way.
 *
 * @since 0.1.0
 * @category references
 */
export const Call = Context.Reference<Call>("effect-kalshi/Transport/Call", { defaultValue: () => ({}) })

/**
 * Whether requests tell the exchange the ids of our traces: `false`.
 *
 * @since 0.1.0
 * @category references
 */
export const PropagateTrace = Context.Reference<boolean>("effect-kalshi/Transport/PropagateTrace", {
  defaultValue: () => false
})

const redacted = ["kalshi-access-key", "kalshi-access-signature", "kalshi-access-timestamp"]

/**
 * Makes a client whose answers are in only when their whole body is: a body
 * that is cut off is a failure of the request, and an interrupted request
 * closes its connection.
 *
 * @since 0.1.0
 * @category combinators
 */
export const wholeBody = (client: HttpClient.HttpClient): HttpClient.HttpClient =>
  HttpClient.withScope(client).pipe(
    HttpClient.transformResponse((response) => Effect.scoped(Effect.tap(response, (_) => _.arrayBuffer)))
  )

interface Facts {
  readonly operation: string
  readonly bucket: "read" | "write"
  readonly cost: number
  readonly items: number | undefined
  readonly idempotency: Retry.Idempotency
  readonly signed: boolean
  readonly ofOrder: boolean
  readonly success: number
  readonly timeout: Duration.Duration
  readonly lane: RateLimitRequest["lane"]
}

const factsOf = (endpoint: HttpApiEndpoint.Top, call: Call, timeout: Timeout.Timeout): Facts => {
  const annotations = endpoint.annotations
  const lane = Context.get(annotations, Wire.Lane)
  return {
    operation: call.operation ?? endpoint.identifier,
    bucket: Context.get(annotations, Wire.Bucket),
    cost: call.cost ?? Context.get(annotations, Wire.Cost),
    items: call.items,
    idempotency: call.idempotency ?? Context.get(annotations, Wire.Idempotency),
    signed: Context.get(annotations, Wire.Access) === "private",
    ofOrder: endpoint.path.includes(":order_id"),
    success: Context.get(annotations, Wire.SuccessStatus),
    timeout: Duration.fromInputUnsafe(lane === "read" ? timeout.read : timeout.orderEntry),
    lane
  }
}

const redirected = (response: HttpClientResponse.HttpClientResponse): KalshiError.Redirected => {
  const location = response.headers["location"]
  return new KalshiError.Redirected({
    status: response.status,
    ...(location === undefined ? {} : { location })
  })
}

/** Any 2xx is the declared success: a landed order must not become a failure for its status. */
const asDeclared = (
  response: HttpClientResponse.HttpClientResponse,
  facts: Facts
): Effect.Effect<HttpClientResponse.HttpClientResponse, HttpClientError.HttpClientError> =>
  response.status === facts.success
    ? Effect.succeed(response)
    : Drift.report({ kind: "status", operation: facts.operation, status: response.status }).pipe(
      Effect.andThen(response.text),
      Effect.map((body) =>
        HttpClientResponse.fromWeb(
          response.request,
          new Response(body === "" ? null : body, { status: facts.success, headers: response.headers })
        )
      )
    )

type Next = (
  request: HttpClientRequest.HttpClientRequest
) => Effect.Effect<HttpClientResponse.HttpClientResponse, HttpClientError.HttpClientError>

const send = Effect.fnUntraced(function*(
  next: Next,
  request: HttpClientRequest.HttpClientRequest,
  facts: Facts
): Effect.fn.Return<HttpClientResponse.HttpClientResponse, KalshiError.Reason> {
  const propagate = yield* PropagateTrace
  const options = yield* Effect.serviceOption(FetchHttpClient.RequestInit)
  const response = yield* next(request).pipe(
    Effect.mapError((error) => network.reason(error)),
    Effect.provideService(FetchHttpClient.RequestInit, {
      ...(options._tag === "Some" ? options.value : {}),
      redirect: "manual"
    }),
    propagate ? (_) => _ : Effect.provideService(HttpClient.TracerDisabledWhen, constTrue)
  )
  if (response.status >= 200 && response.status < 300) {
    return yield* asDeclared(response, facts).pipe(Effect.mapError((error) => network.reason(error)))
  }
  // fetch shows a redirect that it was told not to follow as status 0
  if (response.status < 400) return yield* redirected(response)
  const body = yield* response.text.pipe(Effect.mapError((error) => network.reason(error)))
  return yield* classify.reason({ status: response.status, body, ofOrder: facts.ofOrder })
})

/**
 * Makes the middleware from the rate limit and the signer in force.
 *
 * With `readOnly` every write is refused, typed, before anything is signed.
 *
 * @since 0.1.0
 * @category constructors
 */
export const make = Effect.fnUntraced(function*(options?: { readonly readOnly?: boolean | undefined }) {
  const limit = yield* RateLimit
  const signer = yield* Signer

  const takeTokens = (facts: Facts): Effect.Effect<void, KalshiError.Reason> => {
    // requests without a key spend nobody's tokens
    if (!facts.signed) return Effect.void
    const take = limit.take({ bucket: facts.bucket, lane: facts.lane, tokens: facts.cost, items: facts.items })
    return facts.lane === "order"
      ? Effect.timeoutOrElse(take, {
        duration: facts.timeout,
        orElse: () =>
          Effect.fail(
            new KalshiError.LimitExceeded({
              description: `no tokens within ${Duration.toMillis(facts.timeout)} ms, and a late order is an order ` +
                "at an old price"
            })
          )
      })
      : take
  }

  const sign = (
    request: HttpClientRequest.HttpClientRequest,
    facts: Facts
  ): Effect.Effect<HttpClientRequest.HttpClientRequest, KalshiError.Reason> =>
    facts.signed
      ? Effect.map(
        signer.sign({ method: request.method, path: Environment.pathOf(signer.environment, request.url) }),
        (headers) => HttpClientRequest.setHeaders(request, headers)
      )
      : Effect.succeed(request)

  const attempt = (
    next: Next,
    request: HttpClientRequest.HttpClientRequest,
    facts: Facts
  ): Effect.Effect<HttpClientResponse.HttpClientResponse, KalshiError.Reason> =>
    Effect.andThen(
      takeTokens(facts),
      Effect.flatMap(sign(request, facts), (signed) => send(next, signed, facts)).pipe(
        Effect.timeoutOrElse({
          duration: facts.timeout,
          orElse: () => Effect.fail(new KalshiError.TimedOut({ millis: Duration.toMillis(facts.timeout) }))
        })
      )
    )

  return Effect.fnUntraced(function*({ endpoint, next, request }: {
    readonly endpoint: HttpApiEndpoint.Top
    readonly next: Next
    readonly request: HttpClientRequest.HttpClientRequest
  }): Effect.fn.Return<HttpClientResponse.HttpClientResponse, KalshiError.KalshiError> {
    const call = yield* Call
    const facts = factsOf(endpoint, call, yield* Timeout.Timeout)
    if (options?.readOnly === true && facts.idempotency !== "safe") {
      return yield* new KalshiError.KalshiError({
        operation: facts.operation,
        reason: new KalshiError.ReadOnly(),
        attempts: 0
      })
    }
    const schedule = yield* Retry.Retry
    const redactedNames = yield* Headers.CurrentRedactedNames
    const started = yield* Clock.currentTimeMillis
    let attempts = 0
    const counted: Next = (request) => {
      attempts++
      call.onAttempt?.(attempts)
      return next(request)
    }
    return yield* attempt(counted, request, facts).pipe(
      Effect.retry({
        schedule,
        while: (reason: KalshiError.Reason) =>
          Effect.map(
            Clock.currentTimeMillis,
            (now) => Retry.allows({ idempotency: facts.idempotency, reason, age: now - started })
          )
      }),
      Effect.mapError((reason) => new KalshiError.KalshiError({ operation: facts.operation, reason, attempts })),
      Effect.provideService(Headers.CurrentRedactedNames, [...redactedNames, ...redacted]),
      Effect.withSpan(facts.operation, {
        kind: "client",
        attributes: { "kalshi.environment": signer.environment.name, "kalshi.bucket": facts.bucket }
      }, { captureStackTrace: false })
    )
  })
})

/**
 * The road of every request, with the signer and the rate limit in force.
 *
 * @since 0.1.0
 * @category layers
 */
export const layer: Layer.Layer<HttpApiMiddleware.ForClient<Transport>, never, RateLimit | Signer> = HttpApiMiddleware
  .layerClient(Transport, make())

/**
 * A road for reads alone: every write fails with `ReadOnly` before it is
 * signed.
 *
 * @since 0.1.0
 * @category layers
 */
export const readOnly: Layer.Layer<HttpApiMiddleware.ForClient<Transport>, never, RateLimit | Signer> =
  HttpApiMiddleware.layerClient(Transport, make({ readOnly: true }))
