/**
 * From the answer of an endpoint to the wire value of an operation, and from
 * any failure to the reasons that the operation lists.
 */
import * as Effect from "effect/Effect"
import type * as HttpClientError from "effect/http/HttpClientError"
import type * as HttpClientResponse from "effect/http/HttpClientResponse"
import * as Metric from "effect/Metric"
import * as Schema from "effect/Schema"
import * as Drift from "../Drift.ts"
import * as KalshiError from "../KalshiError.ts"
import * as Transport from "../Transport.ts"
import * as network from "./network.ts"
import * as shape from "./shape.ts"

const MAX_DESCRIPTION = 300

const short = (text: string): string =>
  text.length > MAX_DESCRIPTION ? `${text.slice(0, MAX_DESCRIPTION)}…` : text

/** Counts reasons that an operation did not list, by operation and reason. */
export const unexpected = Metric.counter("kalshi_unexpected_reasons", {
  description: "Failures with a reason that the operation does not list"
})

const commonTags: ReadonlySet<string> = new Set<KalshiError.Common["_tag"]>([
  "InvalidInput",
  "ReadOnly",
  "Unsigned",
  "LimitExceeded",
  "Disconnected",
  "TimedOut",
  "UnreadableAnswer",
  "Redirected",
  "Unauthorized",
  "Forbidden",
  "RateLimited",
  "Unavailable",
  "ExchangePaused",
  "Retired",
  "BadRequest",
  "NotFound",
  "Conflict",
  "Unexpected"
])

type Failed = KalshiError.KalshiError | HttpClientError.HttpClientError | Schema.SchemaError

type Facts = Omit<Transport.Call, "operation" | "onAttempt">

/** The reason class with this tag. */
export type ReasonOf<Tag extends KalshiError.OrderReason["_tag"]> = Extract<
  KalshiError.OrderReason,
  { readonly _tag: Tag }
>

const isListed = <Tag extends KalshiError.OrderReason["_tag"]>(
  error: KalshiError.KalshiError,
  tags: ReadonlySet<string>
): error is KalshiError.Of<ReasonOf<Tag>> => tags.has(error.reason._tag) || commonTags.has(error.reason._tag)

/** An operation of a service: how its answers are decoded and its failures named. */
export interface Operation<A, Tag extends KalshiError.OrderReason["_tag"]> {
  readonly name: string
  /** Runs a call of the derived client to its decoded answer. */
  readonly run: (
    call: Effect.Effect<HttpClientResponse.HttpClientResponse, Failed>,
    facts?: Facts
  ) => Effect.Effect<A, KalshiError.Of<ReasonOf<Tag>>>
  /** As `run`, and tells how many requests it took. */
  readonly runCounted: (
    call: Effect.Effect<HttpClientResponse.HttpClientResponse, Failed>,
    facts?: Facts
  ) => Effect.Effect<{ readonly wire: A; readonly attempts: number }, KalshiError.Of<ReasonOf<Tag>>>
  /** A failure before anything was sent. */
  readonly invalid: (field: string, description: string) => KalshiError.Of<ReasonOf<Tag>>
  /** A failure of this operation for a common or listed reason. */
  readonly fail: (
    reason: ReasonOf<Tag> | KalshiError.Common,
    attempts?: number
  ) => KalshiError.Of<ReasonOf<Tag>>
  /** Any reason, as this operation lists it. */
  readonly narrow: (error: KalshiError.KalshiError) => KalshiError.Of<ReasonOf<Tag>>
}

/** Makes an operation from its name, the schema of its answer and the reasons that it lists. */
export const make = <A, I, const Tag extends KalshiError.OrderReason["_tag"] = never>(options: {
  readonly name: string
  readonly success: Schema.Codec<A, I>
  readonly reasons?: ReadonlyArray<Tag>
}): Operation<A, Tag> => {
  const decode = Schema.decodeUnknownEffect(options.success)
  const surprises = shape.compile(options.success.ast)
  const tags: ReadonlySet<string> = new Set(options.reasons ?? [])

  const error = (reason: KalshiError.Reason, attempts: number) =>
    new KalshiError.KalshiError({ operation: options.name, reason, attempts })

  const narrow = (failure: KalshiError.KalshiError): KalshiError.Of<ReasonOf<Tag>> => {
    const named = failure.operation === options.name ? failure : error(failure.reason, failure.attempts)
    if (isListed<Tag>(named, tags)) return named
    const wrapped = error(
      named.reason._tag === "Unexpected" ? named.reason : new KalshiError.Unexpected({ original: named.reason }),
      named.attempts
    )
    // `Unexpected` is common, so this holds; the check keeps the compiler's word
    if (isListed<Tag>(wrapped, tags)) return wrapped
    throw new Error(`unreachable: ${wrapped.reason._tag} is not a common reason`)
  }

  const named = (failure: Failed): KalshiError.KalshiError => {
    switch (failure._tag) {
      case "KalshiError":
        return failure
      case "HttpClientError":
        return error(network.reason(failure), 0)
      default:
        // the derived client encodes before it sends
        return error(
          new KalshiError.InvalidInput({ field: "request", description: short(failure.message) }),
          0
        )
    }
  }

  const lookForDrift = (json: unknown): Effect.Effect<void> =>
    Effect.flatMap(Drift.Strict, (strict) => {
      const found = surprises(json, strict)
      return found.length === 0
        ? Effect.void
        : Effect.forEach(found, (surprise) => Drift.report({ ...surprise, operation: options.name }), { discard: true })
    })

  const read = (
    response: HttpClientResponse.HttpClientResponse,
    attempts: number
  ): Effect.Effect<A, KalshiError.KalshiError> => {
    const unreadable = (description: string) =>
      error(new KalshiError.UnreadableAnswer({ status: response.status, description: short(description) }), attempts)
    return response.json.pipe(
      Effect.mapError(() => unreadable("it is not JSON")),
      Effect.tap(lookForDrift),
      Effect.flatMap((json) => Effect.mapError(decode(json), (issue) => unreadable(issue.message)))
    )
  }

  const countUnexpected = (failure: KalshiError.KalshiError): Effect.Effect<void> =>
    failure.reason._tag === "Unexpected"
      ? Metric.update(
        Metric.withAttributes(unexpected, { operation: options.name, reason: failure.reason.original._tag }),
        1
      )
      : Effect.void

  const runCounted: Operation<A, Tag>["runCounted"] = (call, facts) =>
    Effect.suspend(() => {
      let attempts = 0
      const onAttempt = (attempt: number): void => {
        attempts = attempt
      }
      return call.pipe(
        Effect.provideService(Transport.Call, { ...facts, operation: options.name, onAttempt }),
        Effect.mapError(named),
        Effect.flatMap((response) => read(response, attempts)),
        Effect.map((wire) => ({ wire, attempts })),
        Effect.mapError(narrow),
        Effect.tapError(countUnexpected)
      )
    })

  return {
    name: options.name,
    narrow,
    fail: (reason, attempts = 0) => narrow(error(reason, attempts)),
    invalid: (field, description) => narrow(error(new KalshiError.InvalidInput({ field, description }), 0)),
    runCounted,
    run: (call, facts) => Effect.map(runCounted(call, facts), ({ wire }) => wire)
  }
}
