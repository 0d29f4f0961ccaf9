/**
 * The sandbox as one HTTP application: the declared endpoints of both wires,
 * and the edges of the exchange where `HttpApi` alone would answer something
 * else.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import * as HttpApiBuilder from "effect/http-api/HttpApiBuilder"
import * as HttpBody from "effect/http/HttpBody"
import type * as HttpPlatform from "effect/http/HttpPlatform"
import type * as Etag from "effect/http/Etag"
import * as HttpRouter from "effect/http/HttpRouter"
import * as HttpServerRequest from "effect/http/HttpServerRequest"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import type * as FileSystem from "effect/FileSystem"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import type * as Path from "effect/Path"
import * as Schema from "effect/Schema"
import type * as Scope from "effect/Scope"
import * as Timestamp from "effect-kalshi/Timestamp"
import * as Answers from "./Answers.ts"
import type * as Buckets from "./Buckets.ts"
import type * as Cursors from "./Cursors.ts"
import * as Exchange from "./Exchange.ts"
import type * as Faults from "./Faults.ts"
import * as Gate from "./Gate.ts"
import * as ExchangeHandlers from "./handlers/Exchange.ts"
import * as HistoricalHandlers from "./handlers/Historical.ts"
import * as LegacyAuthHandlers from "./handlers/legacy/Auth.ts"
import * as LegacyOrdersHandlers from "./handlers/legacy/Orders.ts"
import * as LegacyPortfolioHandlers from "./handlers/legacy/Portfolio.ts"
import * as MarketsHandlers from "./handlers/Markets.ts"
import * as OrdersHandlers from "./handlers/Orders.ts"
import * as PortfolioHandlers from "./handlers/Portfolio.ts"
import * as SubaccountsHandlers from "./handlers/Subaccounts.ts"
import * as LegacyGate from "./LegacyGate.ts"
import * as Line from "./Line.ts"
import type * as Members from "./Members.ts"
import * as Passage from "./Passage.ts"
import * as Requests from "./Requests.ts"
import type * as Sessions from "./Sessions.ts"
import * as Switches from "./Switches.ts"

// the writes of the wire before V2 on today's base; its reads live on
const gone: ReadonlyArray<readonly [method: string, path: RegExp]> = [
  ["POST", /^\/portfolio\/orders$/],
  ["POST", /^\/portfolio\/orders\/batched$/],
  ["POST", /^\/portfolio\/orders\/[^/]+\/(amend|decrease)$/],
  ["DELETE", /^\/portfolio\/orders\/[^/]+$/]
]

const isGone = (method: string, path: string): boolean =>
  path.startsWith(`${Gate.BASE}/`) &&
  gone.some(([of, pattern]) => of === method && pattern.test(path.slice(Gate.BASE.length)))

const toJson = Schema.decodeUnknownOption(Schema.fromJsonString(Schema.Unknown))

const announce = (value: unknown): unknown =>
  Array.isArray(value)
    ? value.map(announce)
    : typeof value === "object" && value !== null
      ? {
          ...Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, announce(inner)])),
          sandbox_unannounced: "new"
        }
      : value

const withUnknownFields = (response: HttpServerResponse.HttpServerResponse): HttpServerResponse.HttpServerResponse =>
  response.body._tag !== "Uint8Array" || !response.body.contentType.startsWith("application/json")
    ? response
    : Option.match(toJson(new TextDecoder().decode(response.body.body)), {
        onNone: () => response,
        onSome: (value) => HttpServerResponse.setBody(response, HttpBody.jsonUnsafe(announce(value)))
      })

/**
 * What the application is built on.
 *
 * @since 0.1.0
 * @category models
 */
export type Requires =
  | Exchange.Exchange
  | Members.Members
  | Buckets.Buckets
  | Cursors.Cursors
  | Faults.Faults
  | Requests.Requests
  | Sessions.Sessions
  | Switches.Switches
  | Etag.Generator
  | FileSystem.FileSystem
  | HttpPlatform.HttpPlatform
  | Path.Path

/**
 * An application: an answer to the current request.
 *
 * @since 0.1.0
 * @category models
 */
export type App = Effect.Effect<
  HttpServerResponse.HttpServerResponse,
  never,
  HttpServerRequest.HttpServerRequest | Scope.Scope
>

/**
 * Makes the application; in memory it also takes the signature of tests.
 *
 * @since 0.1.0
 * @category constructors
 */
export const make = Effect.fnUntraced(function* (options: {
  readonly acceptTest: boolean
}): Effect.fn.Return<App, never, Requires | Scope.Scope> {
  const exchange = yield* Exchange.Exchange
  const requests = yield* Requests.Requests
  const switches = yield* Switches.Switches

  // apart: the groups of both wires go by the same names
  const today = HttpApiBuilder.layer(Gate.Api).pipe(
    Layer.provide([
      PortfolioHandlers.layer,
      SubaccountsHandlers.layer,
      OrdersHandlers.layer,
      MarketsHandlers.layer,
      HistoricalHandlers.layer,
      ExchangeHandlers.layer
    ]),
    Layer.provide(Gate.layer(options))
  )
  const legacy = HttpApiBuilder.layer(LegacyGate.Api).pipe(
    Layer.provide([LegacyAuthHandlers.layer, LegacyPortfolioHandlers.layer, LegacyOrdersHandlers.layer]),
    Layer.provide(LegacyGate.layer)
  )
  const router = yield* HttpRouter.toHttpEffect(Layer.mergeAll(today, legacy))

  const routed = Effect.catch(router, () => Effect.succeed(Answers.noSuchPage))

  return Effect.gen(function* () {
    const request = yield* HttpServerRequest.HttpServerRequest
    const [path = request.url, query = ""] = request.url.split(/\?(.*)/s, 2)
    const at = yield* exchange.now
    const logged = requests.open({
      at,
      method: request.method,
      path,
      query,
      endpoint: undefined,
      status: 0,
      keyId: undefined,
      tokens: 0,
      clientOrderIds: [],
      fault: undefined,
      handled: 0
    })
    const bare = path.replace(/\/+$/, "")
    const response =
      path !== bare && bare !== ""
        ? HttpServerResponse.redirect(query === "" ? bare : `${bare}?${query}`, { status: 301 })
        : isGone(request.method, path)
          ? Answers.gone
          : yield* Effect.provideService(routed, Passage.Logged, logged)
    if (response === Line.broken) return response
    logged.status = response.status
    return HttpServerResponse.setHeader(
      switches.unknownFields ? withUnknownFields(response) : response,
      // the clock of the exchange, which may be another than that of the machine
      "date",
      new Date(Timestamp.toMillis(yield* exchange.now)).toUTCString()
    )
  })
})
