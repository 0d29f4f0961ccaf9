/**
 * The one road of a request.
 *
 * `Transport` is client middleware over the declared endpoints. For each
 * attempt it takes tokens of the rate limit, signs with a fresh timestamp,
 * sends, reads the **whole** body and only then looks at what came: an answer
 * is in when its body is in. Between attempts it asks the retry policy, which
 * may act only where sending twice does no harm.
 *
 * A write that adds risk passes the guard first. One that would happen twice
 * when it is sent twice is in the journal before its first byte leaves, and
 * what becomes of it closes its entry. What lowers risk waits for neither.
 *
 * No redirect is followed, since a signature must not reach another host. No
 * trace headers go to the exchange unless asked for, and the
 * `KALSHI-ACCESS-*` headers are redacted wherever headers are shown.
 *
 * @since 0.1.0
 */
import * as Cause from "effect/Cause"
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import { constTrue } from "effect/Function"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as Headers from "effect/http/Headers"
import * as HttpClient from "effect/http/HttpClient"
import type * as HttpClientError from "effect/http/HttpClientError"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as HttpClientResponse from "effect/http/HttpClientResponse"
import * as UrlParams from "effect/http/UrlParams"
import type * as HttpApiEndpoint from "effect/http-api/HttpApiEndpoint"
import * as HttpApiMiddleware from "effect/http-api/HttpApiMiddleware"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Schedule from "effect/Schedule"
import * as Wire from "./api/Wire.ts"
import { Breaker } from "./Breaker.ts"
import * as Drift from "./Drift.ts"
import * as Environment from "./Environment.ts"
import { type Exposure, Guard } from "./guard/Service.ts"
import * as classify from "./internal/classify.ts"
import { defined } from "./internal/defined.ts"
import * as exchangeClock from "./internal/exchangeClock.ts"
import * as network from "./internal/network.ts"
import * as write from "./internal/write.ts"
import type { Intent } from "./journal/Entry.ts"
import { type JournalError, OrderJournal } from "./journal/Service.ts"
import * as KalshiError from "./KalshiError.ts"
import { type Grant, RateLimit, type Request } from "./limits/Service.ts"
import * as Resolution from "./Resolution.ts"
import * as Retry from "./Retry.ts"
import { Signer } from "./Signer.ts"
import * as Timeout from "./Timeout.ts"
import * as Timestamp from "./Timestamp.ts"

/**
 * The client middleware that carries every request; `Api.middleware(Transport)`
 * puts it on a declaration.
 *
 * @since 0.1.0
 * @category middleware
 */
export class Transport extends HttpApiMiddleware.Service<
  Transport,
  {
    clientError: KalshiError.KalshiError
  }
>()("effect-kalshi/Transport", { requiredForClient: true }) {}

/**
 * Facts of one call that its endpoint cannot know. A service provides them
 * around the call: the name of the operation, how many items a batch has,
 * whether this very write may be sent twice, and the second from which on it is
 * not sent at all, at which its order ends. Each
 * request that leaves is told to `onAttempt`: its number, the first with 1,
 * and whether one before it may have been applied.
 *
 * @since 0.1.0
 * @category models
 */
export interface Call {
  readonly operation?: string | undefined
  readonly items?: number | undefined
  readonly idempotency?: Retry.Idempotency | undefined
  readonly expiresAt?: Timestamp.Timestamp | undefined
  readonly onAttempt?: ((attempt: number, uncertain: boolean) => void) | undefined
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

/**
 * The HTTP client in force, bound to the environment of the signer: paths are
 * below its base URL, so that a signature goes nowhere else, and answers are in
 * when their whole body is. Use it for an endpoint alone, without a base URL of
 * your own.
 *
 * @since 0.1.0
 * @category constructors
 */
export const client: Effect.Effect<HttpClient.HttpClient, never, HttpClient.HttpClient | Signer> = Effect.gen(
  function* () {
    const { environment } = yield* Signer
    return HttpClient.mapRequest(
      wholeBody(yield* HttpClient.HttpClient),
      HttpClientRequest.prependUrl(environment.baseUrl)
    )
  }
)

interface Facts {
  readonly operation: string
  readonly tokens: Omit<Request, "longest">
  readonly idempotency: Retry.Idempotency
  readonly reads: boolean
  readonly signed: boolean
  readonly ofOrder: boolean
  readonly success: number
  readonly timeout: Duration.Duration
  readonly lane: Request["lane"]
  /** Whether it would happen twice when it is sent twice, so that it must not be lost. */
  readonly journaled: boolean
}

const factsOf = (
  endpoint: HttpApiEndpoint.Top,
  call: Call,
  timeout: Timeout.Timeout,
  under: write.Write | undefined
): Facts => {
  const annotations = endpoint.annotations
  const lane = Context.get(annotations, Wire.Lane)
  const declared = Context.get(annotations, Wire.Idempotency) ?? (endpoint.method === "GET" ? "safe" : "unsafe")
  const idempotency = call.idempotency ?? declared
  const signed = Context.get(annotations, Wire.Access) === "private"
  return {
    operation: call.operation ?? endpoint.identifier,
    tokens: {
      bucket: Context.get(annotations, Wire.Bucket),
      // what is read for the sake of a write waits no longer than that would
      lane: under === undefined || lane !== "read" ? lane : under.facts.exposures === undefined ? "cancel" : "order",
      cost: Context.get(annotations, Wire.Cost),
      items: call.items,
      shard: under?.facts.exchangeIndex,
      endpoint
    },
    idempotency,
    // what one call says of itself does not make a write a read
    reads: endpoint.method === "GET" && declared === "safe",
    signed,
    ofOrder: endpoint.path.includes(":order_id"),
    success: Context.get(annotations, Wire.SuccessStatus),
    timeout: Duration.fromInputUnsafe(lane === "read" ? timeout.read : timeout.orderEntry),
    lane,
    journaled: signed && (idempotency === "keyed" || idempotency === "unsafe")
  }
}

const redirected = (response: HttpClientResponse.HttpClientResponse): KalshiError.Redirected => {
  const location = response.headers["location"]?.split(/[?#]/, 1)[0]
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
            new Response(body === "" || facts.success === 204 ? null : body, {
              status: facts.success,
              headers: response.headers
            })
          )
        )
      )

/**
 * One span a call. It ends without the answer: tracers keep what a span ends
 * with, and the answer holds its request with the signature.
 */
const withSpan =
  (facts: Facts, environment: string) =>
  <A, E, R>(call: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
    Effect.useSpan(
      facts.operation,
      { kind: "client", attributes: { "kalshi.environment": environment, "kalshi.bucket": facts.tokens.bucket } },
      (span) =>
        call.pipe(
          Effect.withParentSpan(span, { captureStackTrace: false }),
          Effect.onExit((exit) => Effect.map(Clock.currentTimeNanos, (now) => span.end(now, Exit.asVoid(exit))))
        )
    )

const textOf = (request: HttpClientRequest.HttpClientRequest): string =>
  request.body._tag === "Uint8Array" ? new TextDecoder().decode(request.body.body) : ""

const intentOf = (
  request: HttpClientRequest.HttpClientRequest,
  facts: Facts,
  { before, facts: said }: write.Write,
  { account, environment }: Signer["Service"]
): Intent => {
  const query = UrlParams.toString(request.urlParams)
  return defined({
    operation: facts.operation,
    environment: environment.name,
    baseUrl: environment.baseUrl,
    account,
    subaccount: said.subaccount,
    exchangeIndex: said.exchangeIndex,
    method: request.method,
    path: query === "" ? request.url : `${request.url}?${query}`,
    body: textOf(request),
    clientOrderIds: said.clientOrderIds ?? [],
    orderIds: said.orderIds ?? [],
    before
  })
}
const ended = new KalshiError.InvalidInput({
  field: "expiresAt",
  description: "is past by now: the order waited too long for tokens or a login"
})

const tooOld = (maxAge: number): KalshiError.LimitExceeded =>
  new KalshiError.LimitExceeded({
    description: `it could not be sent within ${maxAge} ms, and a late order is an order at an old price`
  })

const notRenewed = (limit: Duration.Duration): KalshiError.LoginFailed =>
  new KalshiError.LoginFailed({ original: new KalshiError.TimedOut({ millis: Duration.toMillis(limit) }) })

type Next = (
  request: HttpClientRequest.HttpClientRequest
) => Effect.Effect<HttpClientResponse.HttpClientResponse, HttpClientError.HttpClientError>

interface Answered {
  readonly headers: Headers.Headers
  readonly sentAt: number
  readonly receivedAt: number
}

const send = Effect.fnUntraced(function* (
  next: Next,
  request: HttpClientRequest.HttpClientRequest,
  facts: Facts,
  answered: (answer: Answered) => void
): Effect.fn.Return<HttpClientResponse.HttpClientResponse, KalshiError.Reason> {
  const propagate = yield* PropagateTrace
  const options = yield* Effect.serviceOption(FetchHttpClient.RequestInit)
  const sentAt = yield* Clock.currentTimeMillis
  const response = yield* next(request).pipe(
    // a client that fails for a status has an answer all the same
    Effect.catchIf(
      (error) => error.reason._tag === "StatusCodeError",
      (error) => (error.response === undefined ? Effect.fail(error) : Effect.succeed(error.response))
    ),
    Effect.mapError((error) => network.reason(error)),
    Effect.provideService(FetchHttpClient.RequestInit, {
      ...(options._tag === "Some" ? options.value : {}),
      redirect: "manual"
    }),
    propagate ? (_) => _ : Effect.provideService(HttpClient.TracerDisabledWhen, constTrue)
  )
  answered({ headers: response.headers, sentAt, receivedAt: yield* Clock.currentTimeMillis })
  if (response.status >= 200 && response.status < 300) {
    return yield* asDeclared(response, facts).pipe(Effect.mapError((error) => network.reason(error)))
  }
  // fetch shows a redirect that it was told not to follow as status 0
  if (response.status < 400) return yield* redirected(response)
  const body = yield* response.text.pipe(Effect.mapError((error) => network.reason(error)))
  return yield* classify.reason({ status: response.status, body, ofOrder: facts.ofOrder })
})

/**
 * Makes the middleware from the policies in force.
 *
 * With `readOnly` every write is refused, typed, before anything is signed.
 *
 * @since 0.1.0
 * @category constructors
 */
export const make = Effect.fnUntraced(function* (options?: { readonly readOnly?: boolean | undefined }) {
  const rateLimit = yield* RateLimit
  const signer = yield* Signer
  const guard = yield* Guard
  const journal = yield* OrderJournal
  const breaker = yield* Breaker

  /** An order waits for tokens no longer than `limit`; everything else until they are there. */
  const takeTokens = (
    facts: Facts,
    limit: Duration.Duration
  ): Effect.Effect<Grant | undefined, KalshiError.LimitExceeded> =>
    // requests without a key spend nobody's tokens
    facts.signed
      ? rateLimit.take(facts.lane === "order" ? { ...facts.tokens, longest: limit } : facts.tokens)
      : Effect.succeed(undefined)

  const sign = (
    request: HttpClientRequest.HttpClientRequest,
    facts: Facts
  ): Effect.Effect<Readonly<Record<string, string>>, KalshiError.Reason> =>
    facts.signed
      ? signer.sign({ method: request.method, path: Environment.pathOf(signer.environment, request.url) })
      : Effect.succeed({})

  /** Keeps in the journal that a write leaves now; what lowers risk leaves without it if it must. */
  const keep = (
    request: HttpClientRequest.HttpClientRequest,
    facts: Facts,
    under: write.Write
  ): Effect.Effect<void, KalshiError.Reason> => {
    const { entry } = under
    const kept: Effect.Effect<void, JournalError> =
      entry === undefined
        ? Effect.map(journal.record(intentOf(request, facts, under, signer)), (entry) => {
            under.entry = entry
          })
        : Effect.flatMap(Timestamp.now, (now) => journal.attempt(entry.id, now))
    return Effect.catch(kept, (error) =>
      facts.lane === "cancel"
        ? Effect.logWarning(`${facts.operation} is sent without an entry`, error)
        : Effect.fail(new KalshiError.JournalFailed({ description: error.message }))
    )
  }

  /** Closes the entry of a write that nobody else looks after, where its end is known. */
  const close = (under: write.Write, error: KalshiError.KalshiError | undefined): Effect.Effect<void> => {
    const { entry } = under
    if (entry === undefined || error?.outcome === "unknown") return Effect.void
    const closing =
      error === undefined
        ? ({ outcome: "applied", summary: "answered" } as const)
        : ({ outcome: error.attempts === 0 ? "not-sent" : error.outcome, summary: error.reason._tag } as const)
    return Effect.ignore(journal.close(entry.id, closing))
  }

  return Effect.fnUntraced(function* ({
    endpoint,
    next,
    request
  }: {
    readonly endpoint: HttpApiEndpoint.Top
    readonly next: Next
    readonly request: HttpClientRequest.HttpClientRequest
  }): Effect.fn.Return<HttpClientResponse.HttpClientResponse, KalshiError.KalshiError> {
    const call = yield* Call
    const current = yield* write.Current
    const facts = factsOf(endpoint, call, yield* Timeout.Timeout, current)
    const unsent = (reason: KalshiError.Reason) =>
      new KalshiError.KalshiError({ operation: facts.operation, reason, attempts: 0 })
    if (options?.readOnly === true && !facts.reads) return yield* unsent(new KalshiError.ReadOnly())
    const under = facts.reads ? undefined : (current ?? new write.Write({}))
    let exposures: ReadonlyArray<Exposure> = []
    if (under !== undefined && facts.lane === "order") {
      exposures = under.facts.exposures?.() ?? []
      yield* Effect.mapError(guard.admit(exposures), unsent)
      under.admitted = true
    }
    if (under !== undefined) yield* Effect.mapError(under.prepare, unsent)
    const schedule = yield* Retry.Retry
    const resolution = yield* Resolution.Resolution
    const redactedNames = yield* Headers.CurrentRedactedNames
    const started = under?.facts.since ?? (yield* Clock.monotonicTimeNanos)
    const maxAge = facts.lane === "order" ? Duration.toMillis(Duration.fromInputUnsafe(resolution.maxAge)) : Infinity
    // an order ends with a whole second
    const end = call.expiresAt === undefined ? Infinity : Timestamp.toSeconds(call.expiresAt) * 1000
    const age: Effect.Effect<number> = Effect.map(Clock.monotonicTimeNanos, (now) => Number(now - started) / 1e6)
    const untilEnd: Effect.Effect<number> = Effect.map(Clock.currentTimeMillis, (now) => end - now)
    const mayRepeat = (reason: KalshiError.Reason): Effect.Effect<boolean> =>
      Effect.zipWith(age, untilEnd, (age, left) => left > 0 && Retry.allows({ ...facts, reason, age, maxAge }))
    /** What is left of a limit before the call is too old to be sent again, or its order has ended. */
    const within = (limit: Duration.Duration): Effect.Effect<Duration.Duration> =>
      Effect.zipWith(age, untilEnd, (age, left) =>
        Duration.min(limit, Duration.millis(Math.max(0, Math.min(maxAge - age, left))))
      )

    let attempts = 0
    let waited = 0
    let sent = false
    // whether an attempt that failed may have been applied, and whether one before the last may
    let uncertain = false
    let earlier = false
    let failed: KalshiError.Reason | undefined
    // what the last attempt was signed with, and the 401 that was heard
    let headers: Readonly<Record<string, string>> = {}
    let answer: Answered | undefined
    let heard: KalshiError.Unauthorized | undefined

    const counted: Next = (request) =>
      Effect.flatMap(Timestamp.now, (now) => {
        if (under !== undefined && !under.leave(now)) return Effect.interrupt
        attempts++
        sent = true
        call.onAttempt?.(attempts, uncertain)
        return next(request)
      })

    /** Waiting and signing count: what may no longer be sent again ends as it failed, an order with its time. */
    const stillWanted: Effect.Effect<void, KalshiError.Reason> = Effect.suspend(() => {
      const reason = failed
      if (reason === undefined) {
        return Effect.flatMap(Effect.all([age, untilEnd]), ([age, left]): Effect.Effect<void, KalshiError.Reason> =>
          left <= 0 ? Effect.fail(ended) : age >= maxAge ? Effect.fail(tooOld(maxAge)) : Effect.void
        )
      }
      const may = reason === heard ? Effect.map(within(facts.timeout), Duration.isPositive) : mayRepeat(reason)
      return Effect.flatMap(may, (may) => (may ? Effect.void : Effect.fail(reason)))
    })

    /** The switch may have been thrown while it waited. */
    const confirmed =
      under === undefined || facts.lane !== "order" ? Effect.void : guard.confirm(exposures.map(({ key }) => key))

    const signed = sign(request, facts).pipe(
      Effect.tap(() => stillWanted),
      Effect.tap(() => confirmed),
      Effect.flatMap((signature) => {
        headers = signature
        return send(counted, HttpClientRequest.setHeaders(request, signature), facts, (last) => {
          answer = last
        })
      }),
      Effect.timeoutOrElse({
        duration: facts.timeout,
        orElse: () => Effect.fail(new KalshiError.TimedOut({ millis: Duration.toMillis(facts.timeout) }))
      })
    )

    /** Says in the span how long it waited, and for what. */
    const tell = (grant: Grant | undefined): Effect.Effect<void> => {
      if (grant === undefined) return Effect.void
      waited += Duration.toMillis(grant.waited)
      return Effect.annotateCurrentSpan({
        "kalshi.tokens": grant.tokens,
        "kalshi.waited_ms": waited,
        "kalshi.waited_for": grant.buckets
      })
    }

    const settle =
      (grant: Grant) =>
      <A>(sending: Effect.Effect<A, KalshiError.Reason>): Effect.Effect<A, KalshiError.Reason> =>
        sending.pipe(
          Effect.tapError((reason) => (reason._tag === "RateLimited" ? grant.refused : Effect.void)),
          Effect.onExit(() => (sent ? Effect.void : grant.giveBack))
        )

    const attempt = Effect.suspend(() => {
      sent = false
      earlier = uncertain
      return Effect.uninterruptibleMask((restore) =>
        restore(Effect.flatMap(within(facts.timeout), (limit) => takeTokens(facts, limit))).pipe(
          Effect.tap(tell),
          Effect.flatMap((grant) =>
            // to its end: an entry that nobody knows of could not be closed
            (under === undefined || !facts.journaled ? Effect.void : keep(request, facts, under)).pipe(
              Effect.andThen(restore(signed)),
              grant === undefined ? (_) => _ : settle(grant)
            )
          )
        )
      )
    }).pipe(
      Effect.tapError((reason) =>
        Effect.sync(() => {
          failed = reason
          if (sent && !facts.reads && reason.outcome === "unknown") uncertain = true
        })
      )
    )

    /** A 401 changed nothing: once a call, what signs may know better and is asked, in time, to sign anew. */
    const again = (
      reason: KalshiError.Reason
    ): Effect.Effect<HttpClientResponse.HttpClientResponse, KalshiError.Reason> => {
      const { refused } = signer
      if (reason._tag !== "Unauthorized" || heard !== undefined || refused === undefined || !facts.signed) {
        return Effect.fail(reason)
      }
      heard = reason
      const exchangeTime =
        answer === undefined ? undefined : exchangeClock.read(answer.headers, answer.sentAt, answer.receivedAt)
      return Effect.flatMap(within(facts.timeout), (limit) =>
        Duration.isZero(limit)
          ? Effect.fail(reason)
          : refused({ headers, reason, exchangeTime }).pipe(
              Effect.timeoutOrElse({ duration: limit, orElse: () => Effect.fail(notRenewed(limit)) }),
              Effect.flatMap((renewed) => (renewed ? attempt : Effect.fail(reason)))
            )
      )
    }

    const tried = attempt.pipe(
      Effect.catch(again),
      Effect.retry({
        // who may not be sent again after the wait does not wait longer
        schedule: Schedule.modifyDelay(schedule, ({ duration }) => within(duration)),
        while: mayRepeat
      })
    )

    // what lowers risk is never held up
    const calling = facts.tokens.lane === "cancel" ? tried : breaker.guard(facts.reads ? "read" : "write", tried)

    return yield* calling.pipe(
      Effect.mapError(
        (reason) =>
          new KalshiError.KalshiError({
            operation: facts.operation,
            reason,
            attempts,
            ...(earlier ? { uncertain: earlier } : {})
          })
      ),
      // whoever said which write this is looks after its end
      under === undefined || under === current
        ? (_) => _
        : Effect.onExit((exit) =>
            Exit.isSuccess(exit)
              ? close(under, undefined)
              : Option.match(Cause.findErrorOption(exit.cause), {
                  onNone: () => (under.callOff() ? close(under, unsent(new KalshiError.ShuttingDown())) : Effect.void),
                  onSome: (error) => close(under, error)
                })
          ),
      Effect.provideService(Headers.CurrentRedactedNames, [...redactedNames, ...redacted]),
      withSpan(facts, signer.environment.name)
    )
  })
})

/**
 * What every request passes.
 *
 * @since 0.1.0
 * @category models
 */
export type Policies = Breaker | Guard | OrderJournal | RateLimit | Signer

/**
 * The road of every request, with the policies in force.
 *
 * @since 0.1.0
 * @category layers
 */
export const layer: Layer.Layer<HttpApiMiddleware.ForClient<Transport>, never, Policies> = Layer.fresh(
  HttpApiMiddleware.layerClient(Transport, make())
)

/**
 * A road for reads alone: every write fails with `ReadOnly` before it is
 * signed.
 *
 * @since 0.1.0
 * @category layers
 */
export const readOnly: Layer.Layer<HttpApiMiddleware.ForClient<Transport>, never, Policies> = Layer.fresh(
  HttpApiMiddleware.layerClient(Transport, make({ readOnly: true }))
)
