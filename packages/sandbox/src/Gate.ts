/**
 * What every request passes before and after its handler: faults, signature,
 * tokens, and the exchange's own words for bodies and queries that it cannot
 * read.
 *
 * @since 0.1.0
 */
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as HttpApiError from "effect/http-api/HttpApiError"
import type * as HttpApiEndpoint from "effect/http-api/HttpApiEndpoint"
import * as HttpApiMiddleware from "effect/http-api/HttpApiMiddleware"
import * as HttpServerRequest from "effect/http/HttpServerRequest"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import type * as Types from "effect/Types"
import * as WireApi from "effect-kalshi/api/Api"
import * as Wire from "effect-kalshi/api/Wire"
import * as Timestamp from "effect-kalshi/Timestamp"
import * as Answers from "./Answers.ts"
import * as Buckets from "./Buckets.ts"
import * as Exchange from "./Exchange.ts"
import * as Faults from "./Faults.ts"
import * as Line from "./Line.ts"
import * as Members from "./Members.ts"
import type * as Requests from "./Requests.ts"
import * as Signature from "./Signature.ts"

/**
 * Where the endpoints live.
 *
 * @since 0.1.0
 * @category constants
 */
export const BASE = "/trade-api/v2"

/**
 * Who sent the request; without a signature there is no account.
 *
 * @since 0.1.0
 * @category services
 */
export class Caller extends Context.Service<
  Caller,
  {
    readonly account: string
  }
>()("@effect-kalshi/sandbox/Gate/Caller") {}

/**
 * The entry of the request in the log.
 *
 * @since 0.1.0
 * @category references
 */
export const Logged = Context.Reference<Requests.Open | undefined>("@effect-kalshi/sandbox/Gate/Logged", {
  defaultValue: () => undefined
})

/**
 * The middleware of every endpoint.
 *
 * @since 0.1.0
 * @category middleware
 */
export class Gate extends HttpApiMiddleware.Service<Gate, { provides: Caller }>()("@effect-kalshi/sandbox/Gate") {}

/**
 * The declared wire below its base, behind the gate.
 *
 * @since 0.1.0
 * @category api
 */
export const Api = WireApi.Api.prefix(BASE).middleware(Gate)

// the book endpoint is declared private, and the exchange answers it to everybody
const isPublic = (endpoint: HttpApiEndpoint.Top): boolean =>
  Context.get(endpoint.annotations, Wire.Access) === "public" || endpoint.identifier === "getMarketOrderbook"

const Batch = Schema.fromJsonString(Schema.Struct({ orders: Schema.Array(Schema.Unknown) }))
const batchOf = Schema.decodeUnknownOption(Batch)

const costOf = (endpoint: HttpApiEndpoint.Top, body: string): number => {
  const cost = Context.get(endpoint.annotations, Wire.Cost)
  if (endpoint.identifier !== "batchCreateOrders" && endpoint.identifier !== "batchCancelOrders") return cost
  const items = Option.match(batchOf(body), { onNone: () => 1, onSome: (batch) => batch.orders.length })
  return cost * Math.max(1, items)
}

const toJson = Schema.decodeUnknownOption(Schema.fromJsonString(Schema.Unknown))

const html = (status: number) => `<html><head><title>${status}</title></head><body><h1>${status}</h1></body></html>\r\n`

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value)

const STRANGER = "00000000-0000-4000-8000-000000000000"

const renamed = (value: unknown): unknown =>
  Array.isArray(value)
    ? value.map(renamed)
    : isRecord(value)
      ? Object.fromEntries(
          Object.entries(value).map(([key, inner]) => [key, key === "order_id" ? STRANGER : renamed(inner)])
        )
      : value

const isSuccess = (response: HttpServerResponse.HttpServerResponse): boolean =>
  response.status >= 200 && response.status < 300 && response !== Line.broken

/**
 * The header in which an answer owns up to the fault that made it, so that no
 * judge of the wire takes it for the exchange's own.
 *
 * @since 0.1.0
 * @category constants
 */
export const FAULT_HEADER = "x-sandbox-fault"

const owned = (
  fault: Faults.Fault | undefined,
  response: HttpServerResponse.HttpServerResponse
): HttpServerResponse.HttpServerResponse =>
  fault === undefined || response === Line.broken
    ? response
    : HttpServerResponse.setHeader(response, FAULT_HEADER, fault._tag)

// What becomes of an answer on its way back.
const spoiled = (
  fault: Faults.Fault | undefined,
  request: HttpServerRequest.HttpServerRequest,
  response: HttpServerResponse.HttpServerResponse
): Effect.Effect<HttpServerResponse.HttpServerResponse> => {
  switch (fault?._tag) {
    case "AnsweredLate":
      return Effect.delay(Effect.succeed(response), fault.delay)
    case "DroppedAfter":
      return Line.drop(request)
    case "Truncated":
      return Line.truncate(request, owned(fault, response))
    case "Status":
      return Effect.succeed(isSuccess(response) ? HttpServerResponse.setStatus(response, fault.status) : response)
    case "WrongOrder":
      return Effect.succeed(
        isSuccess(response)
          ? HttpServerResponse.jsonUnsafe(
              renamed(Option.getOrElse(toJson(new TextDecoder().decode(Line.bytes(response))), () => ({}))),
              { status: response.status }
            )
          : response
      )
    case "NoOrder":
      return Effect.succeed(
        isSuccess(response) ? HttpServerResponse.jsonUnsafe({}, { status: response.status }) : response
      )
    case "Malformed":
      return Effect.succeed(
        isSuccess(response)
          ? HttpServerResponse.text('{"order_id":', { status: response.status, contentType: "application/json" })
          : response
      )
    default:
      return Effect.succeed(response)
  }
}

type Handled = Effect.Effect<HttpServerResponse.HttpServerResponse, Types.unhandled>

// What did not fit its schema, in the shape that each part of a request has for it.
const unreadable = (error: HttpApiError.HttpApiSchemaError): Answers.Answer => {
  const { message } = error.cause
  switch (error.kind) {
    case "Query":
      return Answers.query(message)
    case "Payload":
      return Answers.flat("bad_request", message)
    case "Params":
    case "Headers":
      return Answers.invalidParameters(message)
    // an answer that does not fit its own declaration is a mistake of the sandbox
    case "Body":
    case "ResponseHeaders":
      return Answers.nested(500, "internal_server_error", message)
  }
}

/**
 * Builds the gate.
 *
 * @since 0.1.0
 * @category layers
 */
export const layer = (options: {
  readonly acceptTest: boolean
}): Layer.Layer<Gate, never, Exchange.Exchange | Members.Members | Buckets.Buckets | Faults.Faults> =>
  Layer.effect(
    Gate,
    Effect.gen(function* () {
      const exchange = yield* Exchange.Exchange
      const members = yield* Members.Members
      const buckets = yield* Buckets.Buckets
      const faults = yield* Faults.Faults
      const scope = yield* Effect.scope

      // Whose request it is, or the answer that turns it away: signature, tokens, body.
      const admit = Effect.fnUntraced(function* (
        endpoint: HttpApiEndpoint.Top,
        request: HttpServerRequest.HttpServerRequest,
        path: string,
        body: string,
        logged: Requests.Open | undefined
      ): Effect.fn.Return<Result.Result<Caller["Service"], Answers.Answer>> {
        let account = ""
        if (!isPublic(endpoint) || Signature.isPresent(request.headers)) {
          if (logged !== undefined) logged.keyId = request.headers["kalshi-access-key"]
          const key = Signature.check(
            { method: request.method, path, headers: request.headers },
            {
              find: members.find,
              now: Timestamp.toMillis(yield* exchange.now),
              acceptTest: options.acceptTest
            }
          )
          if ("_tag" in key) return Result.fail(Answers.unauthorized(key))
          account = key.account
          const cost = costOf(endpoint, body)
          const taken = yield* buckets.take(account, Context.get(endpoint.annotations, Wire.Bucket), cost)
          if (!taken) return Result.fail(Answers.tooManyRequests)
          if (logged !== undefined) logged.tokens += cost
        }
        if (endpoint.payload.size > 0) {
          const type = request.headers["content-type"]
          if (type === undefined || !/^application\/json\s*(;|$)/i.test(type) || body === "") {
            return Result.fail(Answers.flat("invalid_content_type", "content type must be application/json"))
          }
          if (Option.isNone(toJson(body))) {
            return Result.fail(Answers.flat("bad_request", "the body is not valid JSON"))
          }
        }
        return Result.succeed({ account })
      })

      // What comes of a request that meets this fault.
      const meet = Effect.fnUntraced(function* (
        fault: Faults.Fault | undefined,
        {
          admitted,
          handle,
          request
        }: {
          readonly request: HttpServerRequest.HttpServerRequest
          readonly admitted: Effect.Effect<Result.Result<Caller["Service"], Answers.Answer>>
          readonly handle: (caller: Caller["Service"]) => Handled
        }
      ) {
        const handler = Effect.flatMap(admitted, Result.match({ onSuccess: handle, onFailure: Effect.succeed }))
        switch (fault?._tag) {
          case "Refused":
            return yield* Line.drop(request)
          case "Hang":
            return yield* Effect.never
          case "TooManyRequests":
            return Answers.tooManyRequests
          case "GatewayPage":
            return HttpServerResponse.text(html(fault.status), { status: fault.status, contentType: "text/html" })
          case "ServerError":
            return Answers.nested(fault.status, fault.code, fault.code.replaceAll("_", " "))
          case "Redirect":
            return HttpServerResponse.redirect(fault.location, { status: fault.status })
          case "AppliedLate": {
            // it is let in now, and what it asks for outlives the request
            const caller = yield* admitted
            if (Result.isSuccess(caller)) {
              yield* Effect.forkIn(Effect.ignore(Effect.delay(handle(caller.success), fault.delay)), scope)
            }
            return yield* Line.drop(request)
          }
          case "Duplicated": {
            const first = yield* handler
            yield* handler
            return first
          }
          default:
            return yield* spoiled(fault, request, yield* handler)
        }
      })

      return Gate.of(
        Effect.fnUntraced(function* (httpEffect, { endpoint }) {
          const request = yield* HttpServerRequest.HttpServerRequest
          const logged = yield* Logged
          const path = request.url.split("?", 1)[0] ?? request.url
          if (logged !== undefined) logged.endpoint = endpoint.identifier
          const body = endpoint.payload.size > 0 ? yield* Effect.orElseSucceed(request.text, () => "") : ""

          const handle = (caller: Caller["Service"]) =>
            Effect.catch(
              Effect.provideService(httpEffect, Caller, caller),
              (error): Effect.Effect<HttpServerResponse.HttpServerResponse, Types.unhandled> =>
                HttpApiError.HttpApiSchemaError.is(error) ? Effect.succeed(unreadable(error)) : Effect.fail(error)
            )
          const admitted = admit(endpoint, request, path, body, logged)

          const { delay, fault } = faults.meet({ endpoint: endpoint.identifier, method: request.method, path })
          if (Duration.toMillis(delay) > 0) yield* Effect.sleep(delay)
          return owned(fault, yield* meet(fault, { request, admitted, handle }))
        })
      )
    })
  )
