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
import * as network from "../internal/network.ts"
import * as shape from "./shape.ts"

const MAX_DESCRIPTION = 300

const short = (text: string): string => (text.length > MAX_DESCRIPTION ? `${text.slice(0, MAX_DESCRIPTION)}…` : text)

/** Counts reasons that an operation did not list, by operation and reason. */
export const unexpected = Metric.counter("kalshi_unexpected_reasons", {
  description: "Failures with a reason that the operation does not list"
})

type Failed = KalshiError.KalshiError | HttpClientError.HttpClientError | Schema.SchemaError

type Facts = Omit<Transport.Call, "operation" | "onAttempt">

/** The reason class with this tag. */
export type ReasonOf<Tag extends KalshiError.OrderReason["_tag"]> = Extract<
  KalshiError.OrderReason,
  { readonly _tag: Tag }
>

/** What became of the requests of a call. */
export interface Sent {
  /** How many left. */
  readonly attempts: number
  /** Whether one before the last may have been applied. */
  readonly uncertain: boolean
  /** Set where it was looked up since, and nothing was applied. */
  readonly settled?: "not-applied" | undefined
}

const unsent: Sent = { attempts: 0, uncertain: false }

/** An operation of a service: how its answers are decoded and its failures named. */
export interface Operation<A, Tag extends KalshiError.OrderReason["_tag"]> {
  readonly name: string
  /** Runs a call of the derived client to its decoded answer. */
  readonly run: (
    call: Effect.Effect<HttpClientResponse.HttpClientResponse, Failed>,
    facts?: Facts
  ) => Effect.Effect<A, KalshiError.Of<ReasonOf<Tag>>>
  /** As `run`, and tells what became of its requests. */
  readonly runCounted: (
    call: Effect.Effect<HttpClientResponse.HttpClientResponse, Failed>,
    facts?: Facts
  ) => Effect.Effect<{ readonly wire: A; readonly sent: Sent }, KalshiError.Of<ReasonOf<Tag>>>
  /** A failure for an input; nothing was sent. */
  readonly invalid: (field: string, description: string) => KalshiError.Of<ReasonOf<Tag>>
  /** A failure for any reason, as this operation lists it. */
  readonly fail: (reason: KalshiError.Reason, sent?: Sent) => KalshiError.Of<ReasonOf<Tag>>
  /** The failure of a read that this operation needed first: nothing of its own was sent. */
  readonly before: (error: KalshiError.KalshiError) => KalshiError.Of<ReasonOf<Tag>>
  /** The same failure, of which it was found since that nothing was applied. */
  readonly notApplied: (error: KalshiError.KalshiError) => KalshiError.Of<ReasonOf<Tag>>
  /** The same failure with the ids of the orders that were to be placed. */
  readonly named: (
    error: KalshiError.KalshiError,
    clientOrderIds: ReadonlyArray<string>
  ) => KalshiError.Of<ReasonOf<Tag>>
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

  const isListed = (reason: KalshiError.Reason): reason is ReasonOf<Tag> | KalshiError.Common =>
    KalshiError.isCommon(reason) || tags.has(reason._tag)

  const fail = (
    reason: KalshiError.Reason,
    { attempts, settled, uncertain }: Sent = unsent,
    clientOrderIds?: ReadonlyArray<string>
  ): KalshiError.Of<ReasonOf<Tag>> =>
    KalshiError.make<ReasonOf<Tag>>({
      operation: options.name,
      reason: isListed(reason) ? reason : new KalshiError.Unexpected({ original: reason }),
      attempts,
      ...(uncertain ? { uncertain } : {}),
      ...(settled === undefined ? {} : { settled }),
      ...(clientOrderIds === undefined ? {} : { clientOrderIds })
    })

  const sentOf = (error: KalshiError.KalshiError): Sent => ({
    attempts: error.attempts,
    uncertain: error.uncertain === true,
    settled: error.settled
  })

  const failed = (failure: Failed, sent: Sent): KalshiError.Of<ReasonOf<Tag>> => {
    switch (failure._tag) {
      case "KalshiError":
        return fail(failure.reason, sentOf(failure))
      case "HttpClientError":
        return fail(network.reason(failure), sent)
      default:
        // the derived client encodes before it sends
        return fail(new KalshiError.InvalidInput({ field: "request", description: short(failure.message) }))
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
    sent: Sent
  ): Effect.Effect<A, KalshiError.Of<ReasonOf<Tag>>> => {
    const unreadable = (description: string) =>
      fail(new KalshiError.UnreadableAnswer({ status: response.status, description: short(description) }), sent)
    // a 204 has no body, and is the answer of what is declared to have none
    const body: Effect.Effect<unknown, HttpClientError.HttpClientError> =
      response.status === 204 ? Effect.undefined : response.json
    return body.pipe(
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
      let sent = unsent
      const onAttempt = (attempts: number, uncertain: boolean): void => {
        sent = { attempts, uncertain }
      }
      return call.pipe(
        Effect.provideService(Transport.Call, { ...facts, operation: options.name, onAttempt }),
        Effect.mapError((failure) => failed(failure, sent)),
        Effect.flatMap((response) => Effect.map(read(response, sent), (wire) => ({ wire, sent }))),
        Effect.tapError(countUnexpected)
      )
    })

  return {
    name: options.name,
    fail,
    invalid: (field, description) => fail(new KalshiError.InvalidInput({ field, description })),
    before: (error) => fail(error.reason),
    notApplied: (error) => fail(error.reason, { ...sentOf(error), settled: "not-applied" }, error.clientOrderIds),
    named: (error, clientOrderIds) => fail(error.reason, sentOf(error), clientOrderIds),
    runCounted,
    run: (call, facts) => Effect.map(runCounted(call, facts), ({ wire }) => wire)
  }
}
