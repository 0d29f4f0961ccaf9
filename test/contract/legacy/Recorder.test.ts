import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as HttpClient from "effect/http/HttpClient"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as HttpClientResponse from "effect/http/HttpClientResponse"
import * as Http from "node:http"
import type { AddressInfo } from "node:net"
import * as Today from "../Contract.ts"
import * as Recorder from "../Recorder.ts"
import * as Tap from "../Tap.ts"
import * as Bodies from "./Bodies.ts"
import * as Contract from "./Contract.ts"

Tap.install()

const token = "battery-staple"
const password = "correct-horse"

interface Answer {
  readonly status: number
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string | ReadonlyArray<string>>>
}

const cookies = [`other=1; Path=/`, `sessions=${token}; Path=/; HttpOnly`]

const welcome: Answer = {
  status: 200,
  body: { ...Bodies.right.Login.responseBody, token },
  headers: { "set-cookie": cookies }
}

const server = (answer: Answer) =>
  Effect.map(
    Effect.acquireRelease(
      Effect.callback<Http.Server>((resume) => {
        const made = Http.createServer((request, response) => {
          request.resume().on("end", () => {
            const body = answer.body === undefined ? "" : JSON.stringify(answer.body)
            const type = answer.body === undefined ? {} : { "content-type": "application/json" }
            response.writeHead(answer.status, { ...type, ...answer.headers } as Http.OutgoingHttpHeaders).end(body)
          })
        })
        made.listen(0, "127.0.0.1", () => resume(Effect.succeed(made)))
      }),
      (made) =>
        Effect.callback<void>((resume) => {
          made.close(() => resume(Effect.void))
          made.closeAllConnections()
        })
    ),
    (made) => `http://127.0.0.1:${(made.address() as AddressInfo).port}`
  )

const logIn = (base: string, body: unknown = { email: "member@example.com", password }) =>
  HttpClient.execute(HttpClientRequest.bodyJsonUnsafe(HttpClientRequest.post(`${base}/login`), body)).pipe(
    Effect.flatMap((response) => response.text)
  )

const balance = (base: string, headers: Readonly<Record<string, string>>) =>
  HttpClient.get(`${base}/portfolio/balance`, { headers }).pipe(Effect.flatMap((response) => response.text))

const bearer = { authorization: `Bearer ${token}` }

const taken = Effect.sync(() => {
  const { exchanges, violations } = Recorder.take()
  return { exchanges, text: Today.format(violations) }
})

const assertNoSecret = (exchanges: ReadonlyArray<Recorder.Recorded>): void => {
  assert.isNotEmpty(exchanges)
  assert.notInclude(JSON.stringify(exchanges), token)
  assert.notInclude(JSON.stringify(exchanges), password)
}

const overSockets = it.layer(FetchHttpClient.layer)

overSockets("the tap on servers", (it) => {
  it.effect("judges a login and keeps neither password nor token", () =>
    Effect.gen(function* () {
      const origin = yield* server(welcome)
      assert.include(yield* logIn(origin + Contract.base), token)
      const { exchanges, text } = yield* taken
      assert.strictEqual(text, "")
      assert.deepStrictEqual(exchanges, [
        {
          method: "POST",
          url: `${Contract.base}/login`,
          requestBody: "<redacted>",
          requestContentType: "application/json",
          status: 200,
          responseBody: "<redacted>",
          contentType: "application/json",
          whole: true,
          fault: undefined,
          cookies: ["other", "sessions"]
        }
      ])
    })
  )

  it.effect("judges what it does not keep", () =>
    Effect.gen(function* () {
      const { token: _, ...tokenless } = welcome.body as Record<string, unknown>
      yield* logIn((yield* server({ status: 200, body: { ...tokenless, tokens: token } })) + Contract.base, {
        email: "member",
        password
      })
      const { exchanges, text } = yield* taken
      assertNoSecret(exchanges)
      assert.strictEqual(
        text,
        [
          'request of POST /login: LoginRequest/email must match format "email"',
          "response of POST /login: the cookie sessions is not set",
          "response of POST /login: LoginResponse must have required property 'token'",
          'response of POST /login: LoginResponse must NOT have additional properties ("tokens")'
        ].join("\n")
      )
    })
  )

  it.effect("keeps no login that went astray either", () =>
    Effect.gen(function* () {
      const origin = yield* server({ status: 404, body: Bodies.error })
      for (const base of [Today.base, `${Contract.base}/v1`]) yield* logIn(origin + base)
      yield* HttpClient.post(`${origin}${Contract.base}/login?password=${password}`)
      const { exchanges } = yield* taken
      assert.strictEqual(exchanges.length, 3)
      assertNoSecret(exchanges)
    })
  )

  it.effect("sees who asks, and of the credential only its kind", () =>
    Effect.gen(function* () {
      const origin = yield* server({ status: 200, body: Bodies.right.GetBalance.responseBody })
      const base = origin + Contract.base
      yield* balance(base, bearer)
      const right = yield* taken
      assert.strictEqual(right.text, "")
      assert.strictEqual(right.exchanges[0]?.authorization, "bearer")
      assertNoSecret(right.exchanges)
      for (const headers of [{}, { authorization: token }, { authorization: "Bearer " }]) {
        yield* balance(base, headers)
        assert.match((yield* taken).text, /^request of GET [^\n]*the Authorization must be a bearer token[^\n]*$/)
      }
      yield* balance(base, { ...bearer, "KALSHI-ACCESS-KEY": "key" })
      assert.match((yield* taken).text, /^request of GET [^\n]*KALSHI-ACCESS[^\n]*$/)
    })
  )

  it.effect("sees a token on the wire of today", () =>
    Effect.gen(function* () {
      const origin = yield* server({ status: 200, body: { exchange_active: true, trading_active: true } })
      const status = HttpClientRequest.get(`${origin}${Today.base}/exchange/status`)
      yield* HttpClient.execute(status)
      assert.strictEqual((yield* taken).text, "")
      yield* HttpClient.execute(HttpClientRequest.setHeaders(status, bearer))
      const { exchanges, text } = yield* taken
      assert.match(text, /^request of GET [^\n]*an Authorization has no place here[^\n]*$/)
      assertNoSecret(exchanges)
    })
  )

  it.effect("compares the headers of an error with its body", () =>
    Effect.gen(function* () {
      const answer = (code: string) => server({ status: 400, body: Bodies.error, headers: { code } })
      yield* balance((yield* answer(Bodies.error.code)) + Contract.base, bearer)
      const { exchanges, text } = yield* taken
      assert.strictEqual(text, "")
      assert.deepStrictEqual(exchanges[0]?.errorHeaders, { code: Bodies.error.code })
      yield* balance((yield* answer("other")) + Contract.base, bearer)
      assert.match((yield* taken).text, /the header code is not the body's code/)
    })
  )

  it.effect("lets an answer be wrong that owns up to a breaking fault, or that a test exempts", () =>
    Effect.gen(function* () {
      const page = (fault: string) => server({ status: 502, headers: { [Recorder.faultHeader]: fault } })
      yield* balance((yield* page("GatewayPage")) + Contract.base, bearer)
      assert.strictEqual((yield* taken).text, "")
      const late = (yield* page("Latency")) + Contract.base
      yield* Recorder.exempt({ of: "response", because: "a gateway is out of order" })(balance(late, bearer))
      assert.strictEqual((yield* taken).text, "")
      yield* balance(late, bearer)
      assert.match((yield* taken).text, /GetBalance does not answer 502/)
    })
  )
})

overSockets("the proxy", (it) => {
  it.effect("keeps what the tap keeps", () =>
    Effect.gen(function* () {
      const proxy = yield* Recorder.proxy(yield* server(welcome))
      assert.include(yield* logIn(proxy + Contract.base), token)
      const { exchanges, text } = yield* taken
      assert.strictEqual(text, "")
      assert.strictEqual(exchanges.length, 3)
      assertNoSecret(exchanges)
      for (const exchange of exchanges) assert.deepStrictEqual(exchange, exchanges[0])
    })
  )
})

describe("the tap on a client", () => {
  const answering = ({ body, headers, status }: Answer) =>
    Recorder.layer.pipe(
      Layer.provide(
        Layer.succeed(
          HttpClient.HttpClient,
          HttpClient.make((request) => {
            const given = new Headers({ "content-type": "application/json" })
            for (const [name, values] of Object.entries(headers ?? {})) {
              for (const value of typeof values === "string" ? [values] : values) given.append(name, value)
            }
            return Effect.succeed(
              HttpClientResponse.fromWeb(request, new Response(JSON.stringify(body), { status, headers: given }))
            )
          })
        )
      )
    )

  it.effect("keeps what the tap on servers keeps", () =>
    Effect.gen(function* () {
      const base = `http://exchange${Contract.base}`
      assert.include(yield* Effect.provide(logIn(base), answering(welcome)), token)
      const { exchanges, text } = yield* taken
      assert.strictEqual(text, "")
      assert.deepStrictEqual(exchanges[0]?.cookies, ["other", "sessions"])
      assertNoSecret(exchanges)
    })
  )

  it.effect("sees a header that a client above it adds", () =>
    Effect.gen(function* () {
      const tapped = answering({ status: 200, body: Bodies.right.GetBalance.responseBody })
      const signed = Layer.effect(
        HttpClient.HttpClient,
        Effect.map(HttpClient.HttpClient, HttpClient.mapRequest(HttpClientRequest.setHeaders(bearer)))
      ).pipe(Layer.provide(tapped))
      yield* Effect.provide(balance(`http://exchange${Contract.base}`, {}), signed)
      const { exchanges, text } = yield* taken
      assert.strictEqual(text, "")
      assert.strictEqual(exchanges[0]?.authorization, "bearer")
    })
  )
})
