/**
 * What the tests of the portfolio share: a sandbox without limits, markets and
 * counterparties of a test's own, failures by reason, and a server that
 * answers whatever it is told to.
 */
import { Buckets, Control, Sandbox } from "@effect-kalshi/sandbox"
import { assert } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import type * as HttpClient from "effect/http/HttpClient"
import * as Layer from "effect/Layer"
import * as Schedule from "effect/Schedule"
import type * as Scope from "effect/Scope"
import {
  Contracts,
  Dollars,
  Environment,
  Kalshi,
  type KalshiError,
  RateLimit,
  Resolution,
  Retry,
  Signer
} from "effect-kalshi"
import * as Http from "node:http"
import * as Recorder from "../contract/Recorder.ts"
import * as support from "../support.ts"

/** A sandbox that nobody exhausts, and the services of its member, over a socket, where little is under way for long. */
export const sandbox = (
  options: Sandbox.ListenOptions = {},
  kalshi: Kalshi.Options = { rateLimit: "none", breaker: "none" },
  client?: Layer.Layer<HttpClient.HttpClient>
) =>
  Layer.orDie(support.layer({ keyType: "ed25519", limits: Buckets.unlimited, ...options }, kalshi, client)).pipe(
    Layer.provideMerge(support.layerHasty)
  )

/** Another session of the member: it has seen nothing yet. */
export const session = support.layerMember().pipe(Layer.orDie)

/** Up to three retries at once: what is allowed decides, not when. */
export const fast: Retry.Retry = Schedule.spaced("1 millis").pipe(
  Schedule.upTo({ times: 3 }),
  Schedule.setInputType<KalshiError.Reason>()
)

/** Retries at once inside. */
export const impatient = <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
  Effect.provideService(effect, Retry.Retry, fast)

let listed = 0

/** Lists a market with an empty book and starts to count requests anew. */
export const market = Effect.fnUntraced(function* (
  listing: Partial<Parameters<Control.Control["Service"]["listMarket"]>[0]> = {}
) {
  const control = yield* Control.Control
  const ticker = `KXT${++listed}-26DEC31-A`
  yield* control.listMarket({ ticker, ...listing })
  yield* control.clearFaults
  yield* control.clearRequests
  return listing.ticker ?? ticker
})

/** Someone else with money. */
export const other = Effect.fnUntraced(function* (name = "other") {
  const control = yield* Control.Control
  return yield* control.account(name, { key: "ed25519", deposit: Dollars.of(100_000) })
})

/** An order of someone else, without the wire. */
export const offer = Effect.fnUntraced(function* (
  ticker: string,
  side: "bid" | "ask",
  cents: number,
  contracts: number
) {
  const control = yield* Control.Control
  const { id } = yield* other()
  return yield* control.place(id, { ticker, side, price: Dollars.cents(cents), count: Contracts.of(contracts) })
})

/** A wish to buy YES, 10 at 40 cents unless told. */
export const bid = (ticker: string, cents = 40, contracts = 10) =>
  ({ ticker, side: "bid", price: Dollars.cents(cents), count: Contracts.of(contracts) }) as const

/** A wish to sell YES, 10 at 60 cents unless told. */
export const ask = (ticker: string, cents = 60, contracts = 10) =>
  ({ ticker, side: "ask", price: Dollars.cents(cents), count: Contracts.of(contracts) }) as const

/** How many requests reached the sandbox, at one endpoint or at all. */
export const count = (endpoint?: string) =>
  Control.Control.use((control) => Effect.map(control.requests({ endpoint }), (entries) => entries.length))

/** The orders that the exchange has of the member in a market, newest first. */
export const ordersIn = Effect.fnUntraced(function* (ticker: string) {
  const control = yield* Control.Control
  const { account } = yield* Sandbox.Sandbox
  return (yield* control.truth(account)).orders.filter((order) => order.ticker === ticker)
})

type Tag = KalshiError.Reason["_tag"]

/** What a call is expected to fail with. */
export interface Expected {
  readonly operation?: string
  readonly outcome?: KalshiError.Outcome
  readonly attempts?: number
  readonly status?: number
  readonly code?: string
}

/** Fails the test unless the call fails with this reason; gives the reason. */
export const fails = <A, E extends KalshiError.KalshiError, R, const T extends Tag>(
  call: Effect.Effect<A, E, R>,
  tag: T,
  expected: Expected = {}
): Effect.Effect<Extract<KalshiError.Reason, { readonly _tag: T }>, A, R> =>
  Effect.map(Effect.flip(call), (error) => failed(error, tag, expected))

/** Fails the test unless the error has this reason; gives the reason. */
export const failed = <const T extends Tag>(
  error: KalshiError.KalshiError,
  tag: T,
  expected: Expected = {}
): Extract<KalshiError.Reason, { readonly _tag: T }> => {
  const { reason } = error
  assert.strictEqual(reason._tag, tag, error.message)
  if (expected.operation !== undefined) assert.strictEqual(error.operation, expected.operation)
  if (expected.outcome !== undefined) assert.strictEqual(error.outcome, expected.outcome)
  if (expected.attempts !== undefined) assert.strictEqual(error.attempts, expected.attempts)
  if (expected.status !== undefined) assert.strictEqual("status" in reason ? reason.status : undefined, expected.status)
  if (expected.code !== undefined) assert.strictEqual("code" in reason ? reason.code : undefined, expected.code)
  return reason as Extract<KalshiError.Reason, { readonly _tag: T }>
}

/** One request as the stub saw it. */
export interface Asked {
  readonly method: string
  readonly url: string
  readonly headers: Http.IncomingHttpHeaders
  readonly body: string
}

/** One answer of the stub: text as it is, anything else as JSON. */
export interface Answer {
  readonly status?: number
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
}

const write = (response: Http.ServerResponse, { body, headers, status = 200 }: Answer): void => {
  const text = typeof body === "string" ? body : body === undefined ? "" : JSON.stringify(body)
  response.writeHead(status, {
    "content-type": typeof body === "string" ? "text/html" : "application/json",
    // this server answers what the contract does not allow, on purpose
    [Recorder.faultHeader]: "Malformed",
    ...headers
  })
  response.end(text)
}

/** A server on this machine that answers what it is told to, and remembers what it was asked. */
export const stub = (
  answer: (asked: Asked, index: number) => Answer
): Effect.Effect<
  { readonly url: string; readonly origin: string; readonly asked: ReadonlyArray<Asked> },
  never,
  Scope.Scope
> => {
  const asked: Array<Asked> = []
  return Effect.acquireRelease(
    Effect.callback<Http.Server>((resume) => {
      const server = Http.createServer((request, response) => {
        const chunks: Array<Buffer> = []
        request.on("data", (chunk: Buffer) => chunks.push(chunk))
        request.on("end", () => {
          const one: Asked = {
            method: request.method ?? "",
            url: request.url ?? "",
            headers: request.headers,
            body: Buffer.concat(chunks).toString("utf8")
          }
          asked.push(one)
          write(response, answer(one, asked.length - 1))
        })
      })
      server.listen(0, "127.0.0.1", () => resume(Effect.succeed(server)))
    }),
    (server) =>
      Effect.callback<void>((resume) => {
        server.close(() => resume(Effect.void))
        server.closeAllConnections()
      })
  ).pipe(
    Effect.map((server) => {
      const address = server.address()
      const origin = `http://127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}`
      return { url: `${origin}/trade-api/v2`, origin, asked }
    })
  )
}

/** What a stub answers whoever looks for a write: reads are later than any attempt, and show nothing. */
export const nothing = ({ method, url }: Asked): Answer | undefined => {
  if (method !== "GET") return undefined
  const path = url.split("?", 1)[0] ?? url
  if (path.endsWith("/user_data_timestamp")) return { body: { as_of_time: "2099-01-01T00:00:00Z" } }
  if (path.endsWith("/portfolio/orders")) return { body: { orders: [], cursor: "" } }
  return path.includes("/portfolio/orders/") ? { status: 404, body: { error: { code: "not_found" } } } : undefined
}

/** Tells that it is unknown what became of a write soon after its answer was lost, and not after a second and a half. */
export const soon = <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
  Effect.provideService(effect, Resolution.Resolution, { ...support.hasty, deadline: "200 millis" })

/** The services over any server, with a signature that needs no key. */
export const at = (url: string, client: Layer.Layer<HttpClient.HttpClient> = FetchHttpClient.layer) =>
  Kalshi.layerWith({ breaker: "none" }).pipe(
    Layer.provide([
      client,
      RateLimit.layerNone,
      Signer.layerTest({ environment: Environment.sandbox(url), keyId: "key" })
    ]),
    Layer.provideMerge(support.layerHasty)
  )
