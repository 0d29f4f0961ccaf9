import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as HttpClient from "effect/http/HttpClient"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as HttpClientResponse from "effect/http/HttpClientResponse"
import * as Http from "node:http"
import type { AddressInfo } from "node:net"
import * as Bodies from "./Bodies.ts"
import * as Contract from "./Contract.ts"
import * as Recorder from "./Recorder.ts"
import * as Tap from "./Tap.ts"

Tap.install()

const path = "/trade-api/v2/portfolio/events/orders"
const good = JSON.stringify(Bodies.created.responseBody)
const wrong = JSON.stringify({ ...Bodies.created.responseBody, status: "resting" })

interface Answer {
  readonly body: string
  readonly headers?: Readonly<Record<string, string>>
  /** Ends the connection after this many bytes. */
  readonly cutAt?: number
  /** Sends the body in pieces. */
  readonly pieces?: boolean
}

const server = (answer: Answer) =>
  Effect.map(
    Effect.acquireRelease(
      Effect.callback<Http.Server>((resume) => {
        const made = Http.createServer((request, response) => {
          request.resume()
          request.on("end", () => {
            const length = String(Buffer.byteLength(answer.body))
            response.setHeader("content-type", "application/json")
            response.writeHead(201, { "content-length": length, ...answer.headers })
            if (answer.cutAt !== undefined) {
              response.write(answer.body.slice(0, answer.cutAt), () => response.destroy())
            } else if (answer.pieces === true) {
              for (const letter of answer.body) response.write(letter)
              response.end()
            } else response.end(answer.body)
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

const create = (origin: string, body: unknown = Bodies.created.requestBody) =>
  HttpClient.execute(HttpClientRequest.bodyJsonUnsafe(HttpClientRequest.post(origin + path), body)).pipe(
    Effect.flatMap((response) => response.text)
  )

const nextTurn = Effect.callback<void>((resume) => {
  setImmediate(() => resume(Effect.void))
})

const taken = Effect.sync(() => {
  const { exchanges, violations } = Recorder.take()
  return { exchanges, text: Contract.format(violations) }
})

const overSockets = it.layer(FetchHttpClient.layer)

overSockets("the tap on servers", (it) => {
  it.effect("sees what was asked and answered, and takes nothing away", () =>
    Effect.gen(function* () {
      for (const pieces of [false, true]) {
        const origin = yield* server({ body: good, pieces })
        assert.strictEqual(yield* create(origin), good)
        const { exchanges, text } = yield* taken
        assert.strictEqual(text, "")
        assert.deepStrictEqual(exchanges, [
          {
            method: "POST",
            url: path,
            requestBody: JSON.stringify(Bodies.created.requestBody),
            requestContentType: "application/json",
            status: 201,
            responseBody: good,
            contentType: "application/json",
            whole: true,
            fault: undefined
          }
        ])
      }
    })
  )

  it.effect("judges both sides", () =>
    Effect.gen(function* () {
      yield* create(yield* server({ body: wrong }), { ...Bodies.created.requestBody, count: 10 })
      const { text } = yield* taken
      assert.match(text, /request of POST .*count must be string/)
      assert.match(text, /response of POST .*"status"/)
    })
  )

  it.effect("does not take a cut answer for a good one", () =>
    Effect.gen(function* () {
      assert.isTrue(Exit.isFailure(yield* Effect.exit(create(yield* server({ body: good, cutAt: 10 })))))
      assert.match((yield* taken).text, /the answer \(201\) was cut/)
    })
  )

  it.effect("lets an answer be wrong that owns up to a breaking fault", () =>
    Effect.gen(function* () {
      const headers = { [Recorder.faultHeader]: "Truncated" }
      yield* Effect.exit(create(yield* server({ body: good, cutAt: 10, headers })))
      assert.strictEqual((yield* taken).text, "")
      yield* create(yield* server({ body: wrong, headers: { [Recorder.faultHeader]: "Latency" } }))
      assert.match((yield* taken).text, /"status"/)
    })
  )
})

overSockets("an exemption", (it) => {
  const exempt = Recorder.exempt({ of: "response", because: "the body is wrong on purpose" })

  it.effect("is for one side and ends with its effect", () =>
    Effect.gen(function* () {
      const origin = yield* server({ body: wrong })
      yield* exempt(create(origin))
      assert.strictEqual((yield* taken).text, "")
      yield* exempt(create(origin, { ...Bodies.created.requestBody, count: 10 }))
      assert.match((yield* taken).text, /^request of POST [^\n]*count must be string[^\n]*$/)
      yield* create(origin)
      assert.match((yield* taken).text, /"status"/)
    })
  )

  it.effect("dies when nothing is wrong", () =>
    Effect.gen(function* () {
      const exit = yield* Effect.exit(exempt(create(yield* server({ body: good }))))
      assert.isTrue(Exit.isFailure(exit) && Exit.hasDies(exit))
      yield* taken
    })
  )

  it.effect("can choose its exchanges", () =>
    Effect.gen(function* () {
      const origin = yield* server({ body: wrong })
      const other = Recorder.exempt({ of: "response", because: "another", when: (exchange) => exchange.status === 500 })
      yield* Effect.exit(other(create(origin)))
      assert.match((yield* taken).text, /"status"/)
    })
  )
})

overSockets("the proxy", (it) => {
  it.effect("stands between, unnoticed", () =>
    Effect.gen(function* () {
      const proxy = yield* Recorder.proxy(yield* server({ body: wrong }))
      assert.strictEqual(yield* create(proxy), wrong)
      // The proxy, the tap on the server and the tap on the proxy itself say the same.
      const { exchanges, text } = yield* taken
      assert.strictEqual(exchanges.length, 3)
      assert.deepStrictEqual(exchanges[0], exchanges[1])
      assert.match(text, /"status"/)
    })
  )

  it.effect("passes on a cut and records it", () =>
    Effect.gen(function* () {
      const proxy = yield* Recorder.proxy(yield* server({ body: good, cutAt: 10 }))
      assert.isTrue(Exit.isFailure(yield* Effect.exit(create(proxy))))
      // each tap hears of it when its connection has closed
      while (Recorder.peek().exchanges.length < 3) yield* nextTurn
      assert.match((yield* taken).text, /was cut/)
    })
  )
})

describe("the tap on a client", () => {
  const answering = (body: string) =>
    Recorder.layer.pipe(
      Layer.provide(
        Layer.succeed(
          HttpClient.HttpClient,
          HttpClient.make((request) =>
            Effect.succeed(
              HttpClientResponse.fromWeb(
                request,
                new Response(body, { status: 201, headers: { "content-type": "application/json" } })
              )
            )
          )
        )
      )
    )

  it.effect("sees what was asked and answered in memory, and takes nothing away", () =>
    Effect.gen(function* () {
      const text = yield* create("http://exchange").pipe(Effect.provide(answering(wrong)))
      assert.strictEqual(text, wrong)
      const record = yield* taken
      assert.strictEqual(record.exchanges[0]?.requestBody, JSON.stringify(Bodies.created.requestBody))
      assert.strictEqual(record.exchanges[0]?.url, `http://exchange${path}`)
      assert.match(record.text, /^response of POST [^\n]*"status"[^\n]*$/)
    })
  )
})
