/**
 * What every request passes on either wire, before and after its handler:
 * faults, who sends it, tokens, and a body that can be read. In which words a
 * wire turns a request away, and how it knows who sends one, is its own.
 *
 * @since 0.1.0
 */
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as HttpApiError from "effect/http-api/HttpApiError"
import type * as HttpApiEndpoint from "effect/http-api/HttpApiEndpoint"
import type * as HttpApiGroup from "effect/http-api/HttpApiGroup"
import * as HttpBody from "effect/http/HttpBody"
import * as HttpServerRequest from "effect/http/HttpServerRequest"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import * as Option from "effect/Option"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import type * as Scope from "effect/Scope"
import type * as Types from "effect/Types"
import type * as Answers from "./Answers.ts"
import * as Bill from "./Bill.ts"
import * as Buckets from "./Buckets.ts"
import * as Faults from "./Faults.ts"
import * as Line from "./Line.ts"
import type * as Requests from "./Requests.ts"
import * as Switches from "./Switches.ts"

/**
 * Who sent the request; where nobody has to say so there is no account.
 *
 * @since 0.1.0
 * @category services
 */
export class Caller extends Context.Service<
  Caller,
  {
    readonly account: string
    /** The only subaccount that its key may use, if it is bound to one. */
    readonly subaccount?: number | undefined
  }
>()("@effect-kalshi/sandbox/Passage/Caller") {}

/**
 * The entry of the request in the log.
 *
 * @since 0.1.0
 * @category references
 */
export const Logged = Context.Reference<Requests.Open | undefined>("@effect-kalshi/sandbox/Passage/Logged", {
  defaultValue: () => undefined
})

/**
 * What of a request cannot be read, or of an answer cannot be written.
 *
 * @since 0.1.0
 * @category models
 */
export type Part = "ContentType" | "Json" | HttpApiError.HttpApiSchemaError["kind"]

/**
 * A request on its way to its handler.
 *
 * @since 0.1.0
 * @category models
 */
export interface Asked {
  readonly endpoint: HttpApiEndpoint.Top
  readonly request: HttpServerRequest.HttpServerRequest
  /** As it was sent, percent-encoding and base path included, query excluded. */
  readonly path: string
  /** Without `?`. */
  readonly query: string
  /** As text; empty where the endpoint takes none. */
  readonly body: string
  /** Its entry in the log. */
  readonly logged: Requests.Open | undefined
}

/**
 * What is peculiar to a wire.
 *
 * @since 0.1.0
 * @category models
 */
export interface Manners {
  /** How many shards the wire knows; a write that names none bills them all. */
  readonly shards: number
  /** Whose request it is, nobody's where nobody has to say so, or the answer that turns it away. */
  readonly identify: (asked: Asked) => Effect.Effect<Result.Result<Caller["Service"] | undefined, Answers.Answer>>
  /** The answer to an empty bucket. */
  readonly tooManyRequests: Answers.Answer
  /** The answer of an exchange that failed. */
  readonly failed: (status: number, code: string, message: string) => Answers.Answer
  /** The answer to what cannot be read. */
  readonly unreadable: (part: Part, message: string, endpoint: HttpApiEndpoint.Top) => Answers.Answer
}

const keyed = Schema.Struct({ client_order_id: Schema.optionalKey(Schema.String) })
// one new order, or a batch of them
const placedBy = Schema.decodeUnknownOption(
  Schema.fromJsonString(Schema.Struct({ ...keyed.fields, orders: Schema.optionalKey(Schema.Array(keyed)) }))
)

const clientOrderIdsOf = (endpoint: HttpApiEndpoint.Top, body: string): ReadonlyArray<string> =>
  endpoint.identifier === "createOrder" || endpoint.identifier === "batchCreateOrders"
    ? Option.match(placedBy(body), {
        onNone: () => [],
        onSome: (one) =>
          [one, ...(one.orders ?? [])].flatMap(({ client_order_id: id }) => (id === undefined ? [] : [id]))
      })
    : []

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

// what was applied answers with another body; where there was none there is none
const withBody = (
  response: HttpServerResponse.HttpServerResponse,
  body: (text: string) => HttpBody.HttpBody
): HttpServerResponse.HttpServerResponse =>
  isSuccess(response) && response.body._tag === "Uint8Array"
    ? HttpServerResponse.setBody(response, body(new TextDecoder().decode(response.body.body)))
    : response

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
        withBody(response, (body) => HttpBody.jsonUnsafe(renamed(Option.getOrElse(toJson(body), () => ({})))))
      )
    case "NoOrder":
      return Effect.succeed(withBody(response, () => HttpBody.jsonUnsafe({})))
    case "Malformed":
      return Effect.succeed(withBody(response, () => HttpBody.text('{"order_id":', "application/json")))
    default:
      return Effect.succeed(response)
  }
}

type Handled = Effect.Effect<HttpServerResponse.HttpServerResponse, Types.unhandled>

type Admitted = Result.Result<Caller["Service"], Answers.Answer>

/**
 * What a middleware of every endpoint does.
 *
 * @since 0.1.0
 * @category models
 */
export type Passage = (
  handler: Effect.Effect<HttpServerResponse.HttpServerResponse, Types.unhandled, Caller>,
  options: { readonly endpoint: HttpApiEndpoint.Top; readonly group: HttpApiGroup.Top }
) => Effect.Effect<HttpServerResponse.HttpServerResponse, Types.unhandled, HttpServerRequest.HttpServerRequest>

/**
 * Makes the way that every request of a wire goes.
 *
 * @since 0.1.0
 * @category constructors
 */
export const make = Effect.fnUntraced(function* (
  manners: Manners
): Effect.fn.Return<Passage, never, Buckets.Buckets | Faults.Faults | Switches.Switches | Scope.Scope> {
  const buckets = yield* Buckets.Buckets
  const faults = yield* Faults.Faults
  const switches = yield* Switches.Switches
  const scope = yield* Effect.scope

  // Whose request it is, or the answer that turns it away: identity, tokens, body.
  const admit = Effect.fnUntraced(function* (asked: Asked): Effect.fn.Return<Admitted> {
    const { body, endpoint, logged, query, request } = asked
    const refuse = (part: Part, message: string) => Result.fail(manners.unreadable(part, message, endpoint))
    const identified = yield* manners.identify(asked)
    if (Result.isFailure(identified)) return Result.fail(identified.failure)
    const caller = identified.success
    if (caller !== undefined) {
      const bill = Bill.of({ endpoint, query, body }, { costs: switches.costs, shards: manners.shards })
      const taken = yield* buckets.take(caller.account, bill.buckets, bill.cost)
      if (!taken) return Result.fail(manners.tooManyRequests)
      if (logged !== undefined) logged.tokens += bill.cost
    }
    if (endpoint.payload.size > 0) {
      const type = request.headers["content-type"]
      if (type === undefined || !/^application\/json\s*(;|$)/i.test(type) || body === "") {
        return refuse("ContentType", "send a JSON body with content-type: application/json")
      }
      if (Option.isNone(toJson(body))) return refuse("Json", "the body is not valid JSON")
    }
    return Result.succeed(caller ?? { account: "" })
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
      readonly admitted: Effect.Effect<Admitted>
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
        return manners.tooManyRequests
      case "GatewayPage":
        return HttpServerResponse.text(html(fault.status), { status: fault.status, contentType: "text/html" })
      case "ServerError":
        return manners.failed(fault.status, fault.code, fault.code.replaceAll("_", " "))
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
      case "Held": {
        // the exchange has it: neither its caller nor the socket takes it back
        const held = Effect.flatMap(admitted, (caller) =>
          Effect.delay(Result.isSuccess(caller) ? handle(caller.success) : Effect.succeed(caller.failure), fault.delay)
        )
        return yield* Fiber.join(yield* Effect.forkIn(held, scope, { startImmediately: true }))
      }
      case "Delayed": {
        // it is on its way: neither its caller nor the socket takes it back
        const arrives = yield* Effect.forkIn(Effect.delay(handler, fault.before), scope, { startImmediately: true })
        return yield* Effect.tap(Fiber.join(arrives), Effect.sleep(fault.after))
      }
      case "ServerErrorAfter":
        yield* handler
        return manners.failed(fault.status, fault.code, fault.code.replaceAll("_", " "))
      case "Duplicated": {
        const first = yield* handler
        yield* handler
        return first
      }
      default:
        return yield* spoiled(fault, request, yield* handler)
    }
  })

  return Effect.fnUntraced(function* (handler, { endpoint }) {
    const request = yield* HttpServerRequest.HttpServerRequest
    const logged = yield* Logged
    const [path = request.url, query = ""] = request.url.split(/\?(.*)/s, 2)
    if (logged !== undefined) logged.endpoint = endpoint.identifier
    const body = endpoint.payload.size > 0 ? yield* Effect.orElseSucceed(request.text, () => "") : ""

    if (logged !== undefined) logged.clientOrderIds = clientOrderIdsOf(endpoint, body)

    const handle = (caller: Caller["Service"]): Handled =>
      Effect.catch(Effect.provideService(handler, Caller, caller), (error): Handled =>
        HttpApiError.HttpApiSchemaError.is(error)
          ? Effect.succeed(manners.unreadable(error.kind, error.cause.message, endpoint))
          : Effect.fail(error)
      ).pipe(
        Effect.tap((response) =>
          Effect.sync(() => {
            if (logged?.handled === 0) logged.handled = response.status
          })
        )
      )
    const admitted = admit({ endpoint, request, path, query, body, logged })

    const { delay, fault } = faults.meet({ endpoint: endpoint.identifier, method: request.method, path })
    if (logged !== undefined) logged.fault = fault?._tag
    if (Duration.toMillis(delay) > 0) yield* Effect.sleep(delay)
    return owned(fault, yield* meet(fault, { request, admitted, handle }))
  })
})
