/**
 * What passed over the wire in a test, judged as it passes.
 *
 * There is one record a worker. Three taps write to it: `Tap.ts` sees every
 * request that a server of this process answers (so every socket of the suite,
 * whoever the client is), and with `Children.ts` those of the processes that a
 * test starts, `layer` sees what a client in memory sends, `proxy` stands
 * between two processes. `setup.ts` fails a test whose record holds a
 * violation, so that no test has to remember to look.
 *
 * An exchange that is wrong on purpose is exempt in one of two ways, never
 * globally: the test says so around it (`exempt`), or the answer carries the
 * header `x-sandbox-fault` with a name of `breaking`.
 *
 * Each wire has its judge: that of today `Contract.ts`, that of 2.0.0
 * `legacy/Contract.ts`. Passwords and tokens are judged and not kept.
 */
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import type * as Scope from "effect/Scope"
import * as Cookies from "effect/http/Cookies"
import * as HttpClient from "effect/http/HttpClient"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as Http from "node:http"
import type { AddressInfo } from "node:net"
import * as Contract from "./Contract.ts"
import * as Headers from "./Headers.ts"
import * as Legacy from "./legacy/Contract.ts"

/** An exchange as a tap saw it. */
export interface Recorded extends Contract.Exchange {
  /** Whether the answer was whole; the rest of a cut answer says nothing. */
  readonly whole: boolean
  /** The fault of the sandbox that made the answer, by its own header. */
  readonly fault: string | undefined
}

/** What may be wrong on purpose. */
export interface Exemption {
  readonly of: "request" | "response"
  /** Why, for the reader. */
  readonly because: string
  /** Which exchanges; all while the exemption lasts when left out. */
  readonly when?: (exchange: Recorded) => boolean
}

/** The header in which the sandbox owns up to a fault. */
export const faultHeader = "x-sandbox-fault"

/** The faults that break answers, as the sandbox tags them; any other must leave answers intact. */
export const breaking: ReadonlyArray<string> = [
  "Truncated",
  "Malformed",
  "NoOrder",
  "Status",
  "Redirect",
  "GatewayPage"
]

interface Active extends Exemption {
  used: number
}

interface State {
  exchanges: Array<Recorded>
  violations: Array<Contract.Violation>
  readonly exemptions: Set<Active>
  readonly tapped: WeakSet<HttpClient.HttpClient>
}

const key = Symbol.for("@effect-kalshi/test/contract/Recorder")
const globals = globalThis as { [key]?: State }
const state: State = (globals[key] ??= {
  exchanges: [],
  violations: [],
  exemptions: new Set(),
  tapped: new WeakSet()
})

const judge = (exchange: Recorded): ReadonlyArray<Contract.Violation> => {
  const violations = (Legacy.serves(exchange.url) ? Legacy : Contract).judge(exchange)
  if (exchange.whole) return violations
  const asked = violations.filter((violation) => violation.of === "request")
  return [
    ...asked,
    {
      of: "response",
      operation: `${exchange.method} ${new URL(exchange.url, "http://localhost").pathname}`,
      message: `the answer (${exchange.status}) was cut`
    }
  ]
}

const isExempt = (exchange: Recorded, violation: Contract.Violation): boolean => {
  for (const exemption of state.exemptions) {
    if (exemption.of === violation.of && (exemption.when?.(exchange) ?? true)) {
      exemption.used++
      return true
    }
  }
  return violation.of === "response" && exchange.fault !== undefined && breaking.includes(exchange.fault)
}

const blank = "<redacted>"

/** What is kept of an exchange: of a login neither query nor bodies, on whichever wire it went out. */
const redacted = (exchange: Recorded): Recorded => {
  const [path = "", ...query] = exchange.url.split("?")
  if (!/\/login\/*$/i.test(path)) return exchange
  return {
    ...exchange,
    url: query.length === 0 ? path : `${path}?${blank}`,
    requestBody: exchange.requestBody === undefined ? undefined : blank,
    responseBody: exchange.responseBody === "" ? "" : blank
  }
}

/** Puts an exchange on the record and judges it. */
export const record = (exchange: Recorded): void => {
  const kept = redacted(exchange)
  state.exchanges.push(kept)
  for (const violation of judge(exchange)) {
    if (!isExempt(kept, violation)) state.violations.push(violation)
  }
}

/** What is on the record since it was last taken. */
export const peek = (): Readonly<Pick<State, "exchanges" | "violations">> => state

/** Takes what is on the record and leaves it empty. */
export const take = (): {
  readonly exchanges: ReadonlyArray<Recorded>
  readonly violations: ReadonlyArray<Contract.Violation>
} => {
  const { exchanges, violations } = state
  state.exchanges = []
  state.violations = []
  return { exchanges, violations }
}

/**
 * Lets exchanges be wrong on purpose while an effect runs; dies when nothing
 * was, so that an exemption cannot outlive its reason.
 */
export const exempt =
  (exemption: Exemption) =>
  <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
    Effect.suspend(() => {
      const active: Active = { ...exemption, used: 0 }
      state.exemptions.add(active)
      return effect.pipe(
        Effect.ensuring(Effect.sync(() => state.exemptions.delete(active))),
        Effect.tap(() =>
          active.used > 0 ? Effect.void : Effect.die(new Error(`nothing was wrong: ${exemption.because}`))
        )
      )
    })

// ---------------------------------------------------------------------------
// a client in memory

const bodyOf = (request: HttpClientRequest.HttpClientRequest): string | undefined => {
  const body = request.body
  if (body._tag === "Uint8Array") return new TextDecoder().decode(body.body)
  return body._tag === "Raw" && typeof body.body === "string" ? body.body : undefined
}

const contentTypeOf = (request: HttpClientRequest.HttpClientRequest): string | undefined =>
  request.body._tag === "Empty" ? undefined : request.body.contentType

/** An `HttpClient` whose every exchange goes on the record; one that is tapped already stays as it is. */
export const tap = (client: HttpClient.HttpClient): HttpClient.HttpClient => {
  if (state.tapped.has(client)) return client
  const tapped = HttpClient.transform(client, (effect, request) =>
    Effect.flatMap(effect, (response) =>
      // Clients keep the body that was read once, so that reading it here takes nothing away.
      Effect.map(Effect.option(response.arrayBuffer), (body) => {
        record({
          method: request.method,
          url: Option.match(HttpClientRequest.toUrl(request), { onNone: () => request.url, onSome: String }),
          requestBody: bodyOf(request),
          requestContentType: request.headers["content-type"] ?? contentTypeOf(request),
          status: response.status,
          responseBody: Option.match(body, {
            onNone: () => "",
            onSome: (bytes) => new TextDecoder().decode(bytes)
          }),
          contentType: response.headers["content-type"],
          whole: Option.isSome(body),
          fault: response.headers[faultHeader],
          ...Headers.kept(request.headers, response.status, {
            ...response.headers,
            "set-cookie": Cookies.toSetCookieHeaders(response.cookies)
          })
        })
        return response
      })
    )
  )
  state.tapped.add(tapped)
  return tapped
}

/** Replaces the `HttpClient` that is there by one whose every exchange goes on the record. */
export const layer: Layer.Layer<HttpClient.HttpClient, never, HttpClient.HttpClient> = Layer.effect(
  HttpClient.HttpClient,
  Effect.map(HttpClient.HttpClient, tap)
)

// ---------------------------------------------------------------------------
// a proxy

const text = (chunks: ReadonlyArray<Buffer>): string => Buffer.concat(chunks).toString("utf8")

const forward =
  (target: URL) =>
  (incoming: Http.IncomingMessage, outgoing: Http.ServerResponse): void => {
    const sent: Array<Buffer> = []
    const received: Array<Buffer> = []
    const request = Http.request(
      {
        host: target.hostname,
        port: target.port,
        method: incoming.method,
        path: incoming.url,
        headers: { ...incoming.headers, host: target.host },
        agent: false
      },
      (answer) => {
        const finish = (whole: boolean): void => {
          // A caller that left has cut its own answer.
          if (whole || !outgoing.destroyed) {
            record({
              method: incoming.method ?? "GET",
              url: incoming.url ?? "/",
              requestBody: sent.length === 0 ? undefined : text(sent),
              requestContentType: incoming.headers["content-type"],
              status: answer.statusCode ?? 0,
              responseBody: text(received),
              contentType: answer.headers["content-type"],
              whole,
              fault: Headers.one(answer.headers, faultHeader),
              ...Headers.kept(incoming.headers, answer.statusCode ?? 0, answer.headers)
            })
          }
        }
        outgoing.writeHead(answer.statusCode ?? 502, answer.rawHeaders)
        answer.on("data", (chunk: Buffer) => {
          received.push(chunk)
          outgoing.write(chunk)
        })
        answer.on("end", () => {
          finish(true)
          outgoing.end()
        })
        answer.on("error", () => {
          finish(false)
          outgoing.destroy()
        })
      }
    )
    incoming.on("data", (chunk: Buffer) => {
      sent.push(chunk)
      request.write(chunk)
    })
    incoming.on("end", () => request.end())
    outgoing.on("close", () => request.destroy())
    request.on("error", () => outgoing.destroy())
  }

/** A reverse proxy on this machine whose every exchange goes on the record; answers its own origin. */
export const proxy = (target: string): Effect.Effect<string, never, Scope.Scope> =>
  Effect.map(
    Effect.acquireRelease(
      Effect.callback<Http.Server>((resume) => {
        const server = Http.createServer(forward(new URL(target)))
        server.listen(0, "127.0.0.1", () => resume(Effect.succeed(server)))
      }),
      (server) =>
        Effect.callback<void>((resume) => {
          server.close(() => resume(Effect.void))
          server.closeAllConnections()
        })
    ),
    (server) => `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  )
