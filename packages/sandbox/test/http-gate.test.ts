import { assert, describe, it } from "@effect/vitest"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Redacted from "effect/Redacted"
import * as Crypto from "node:crypto"
import * as NodeHttp from "node:http"
import * as Buckets from "../src/Buckets.ts"
import * as Faults from "../src/Faults.ts"
import * as Sandbox from "../src/Sandbox.ts"
import * as Judge from "./http-judge.ts"
import { CENTS, order, ORDERS, setup, test } from "./http-kit.ts"

const PATH = "/trade-api/v2/portfolio/balance"

describe("signatures", () => {
  const refusals = (keyType: "rsa" | "ed25519") =>
    test(
      `401 for each mistake, ${keyType}`,
      ({ control, sandbox, send }) =>
        Effect.gen(function* () {
          const get = (sent: Judge.Sent) => send("GET", "/portfolio/balance?subaccount=0", sent)
          const refused = (answer: Judge.Answer, code: string, details?: string) => {
            assert.strictEqual(answer.status, 401, answer.text)
            assert.strictEqual(answer.json.error.code, code)
            assert.strictEqual(answer.json.error.details, details)
          }
          assert.strictEqual((yield* get({})).status, 200)
          refused(yield* get({ signer: undefined }), "token_authentication_failure")
          refused(
            yield* get({ signer: { ...sandbox, keyId: "6f2c2f0a-0000-4000-8000-000000000000" } }),
            "authentication_error",
            "NOT_FOUND"
          )
          const wrong = "INCORRECT_API_KEY_SIGNATURE"
          refused(yield* get({ signPath: `${PATH}?subaccount=0` }), "authentication_error", wrong)
          refused(yield* get({ signPath: "/portfolio/balance" }), "authentication_error", wrong)
          const other = yield* control.account("other", { key: keyType })
          refused(
            yield* get({ signer: { keyId: sandbox.keyId, privateKey: other.privateKey } }),
            "authentication_error",
            wrong
          )
          refused(yield* get({ timestamp: Date.now() - 20_000 }), "header_timestamp_expired")
          refused(yield* get({ timestamp: Date.now() + 20_000 }), "header_timestamp_expired")
          assert.strictEqual((yield* get({ timestamp: Date.now() - 13_000 })).status, 200)
          const { "KALSHI-ACCESS-SIGNATURE": _, ...unsigned } = Judge.signed(sandbox, "GET", PATH)
          refused(yield* get({ signer: undefined, headers: unsigned }), "signature_is_missing_from_headers")
          refused(
            yield* get({
              signer: undefined,
              headers: { ...unsigned, "KALSHI-ACCESS-SIGNATURE": `test:${sandbox.keyId}:` }
            }),
            "authentication_error",
            wrong
          )
          if (keyType === "rsa") {
            refused(
              yield* get({ saltLength: Crypto.constants.RSA_PSS_SALTLEN_MAX_SIGN }),
              "authentication_error",
              wrong
            )
            assert.match(Redacted.value(sandbox.privateKey), /^-----BEGIN RSA PRIVATE KEY-----/)
          }
        }),
      { keyType }
    )

  refusals("rsa")
  refusals("ed25519")

  test("public endpoints need none, and refuse a wrong one", ({ send, sandbox }) =>
    Effect.gen(function* () {
      for (const path of ["/markets", `/markets/${CENTS}/orderbook`, "/exchange/status", "/account/endpoint_costs"]) {
        assert.strictEqual((yield* send("GET", path, { signer: undefined })).status, 200)
        assert.strictEqual((yield* send("GET", path)).status, 200)
      }
      assert.strictEqual((yield* send("GET", "/markets", { signer: { ...sandbox, keyId: "x" } })).status, 401)
      assert.strictEqual((yield* send("GET", "/account/limits", { signer: undefined })).status, 401)
    }))

  test("paths are signed as they were sent", ({ send }) =>
    Effect.gen(function* () {
      assert.strictEqual((yield* send("GET", "/portfolio/orders/a%20b%C3%A9")).status, 404)
    }))

  test("a clock that is off, and a date that tells", ({ control, send }) =>
    Effect.gen(function* () {
      yield* control.setClockSkew("60 seconds")
      const refused = yield* send("GET", "/portfolio/balance")
      assert.strictEqual(refused.json.error.code, "header_timestamp_expired")
      const date = Date.parse(refused.headers.get("date") ?? "")
      assert.closeTo(date - Date.now(), 60_000, 2_000)
      assert.strictEqual((yield* send("GET", "/portfolio/balance", { timestamp: date })).status, 200)
    }))

  test("a key of one's own", ({ control, send }) =>
    Effect.gen(function* () {
      const pair = Crypto.generateKeyPairSync("rsa", { modulusLength: 2048 })
      const mine = yield* control.account("mine", {
        publicKeyPem: pair.publicKey.export({ type: "spki", format: "pem" }).toString()
      })
      const privateKey = Redacted.make(pair.privateKey.export({ type: "pkcs8", format: "pem" }).toString())
      const answer = yield* send("GET", "/portfolio/balance", { signer: { keyId: mine.keyId, privateKey } })
      assert.strictEqual(answer.status, 200)
      assert.strictEqual(answer.json.balance, 0)
    }))
})

describe("tokens", () => {
  test(
    "an empty bucket, and a batch that does not fit",
    ({ control, sandbox, send }) =>
      Effect.gen(function* () {
        const limits = (yield* send("GET", "/account/limits")).json
        assert.strictEqual(limits.usage_tier, "basic")
        assert.deepStrictEqual(limits.write, { refill_rate: 100, bucket_capacity: 100 })
        const orders = Array.from({ length: 11 }, () => order())
        const refused = yield* send("POST", `${ORDERS}/batched`, { body: { orders } })
        assert.strictEqual(refused.status, 429)
        assert.deepStrictEqual(refused.json, { error: "too many requests" })
        for (const [name] of refused.headers) assert.notMatch(name, /retry-after|ratelimit/i)
        assert.deepStrictEqual((yield* control.truth(sandbox.account)).orders, [])
        const fits = yield* send("POST", `${ORDERS}/batched`, { body: { orders: orders.slice(0, 10) } })
        assert.strictEqual(fits.status, 201)
        const [entry] = yield* control.requests({ endpoint: "batchCreateOrders", status: 201 })
        assert.strictEqual(entry?.tokens, 100)
        assert.strictEqual(entry?.keyId, sandbox.keyId)
        assert.strictEqual((yield* send("POST", ORDERS, { body: order() })).status, 429)
        // unsigned reads cost nothing
        for (let index = 0; index < 45; index++) yield* send("GET", "/exchange/status", { signer: undefined })
        yield* Effect.sleep("120 millis")
        assert.strictEqual((yield* send("POST", ORDERS, { body: order() })).status, 201)
        const costs = (yield* send("GET", "/account/endpoint_costs")).json
        assert.strictEqual(costs.default_cost, 10)
        assert.deepInclude(costs.endpoint_costs, {
          method: "DELETE",
          path: "/trade-api/v2/portfolio/events/orders/{order_id}",
          cost: 2
        })
      }),
    { limits: Buckets.basic }
  )
})

describe("faults", () => {
  const failed = <E>(effect: Effect.Effect<Judge.Answer, E>) => Effect.isFailure(effect)

  test("drops before, after and long after", ({ control, sandbox, send }) =>
    Effect.gen(function* () {
      const place = (id: string) => send("POST", ORDERS, { body: order({ client_order_id: id }) })
      const known = Effect.map(control.truth(sandbox.account), ({ orders }) => orders.map((one) => one.clientOrderId))
      const where = { endpoint: "createOrder" }
      const before = yield* control.inject(Faults.refused, where)
      assert.isTrue(yield* failed(place("before")))
      assert.deepStrictEqual(yield* known, [])
      assert.strictEqual(yield* before.strikes, 1)
      yield* control.inject(Faults.droppedAfter, where)
      assert.isTrue(yield* failed(place("after")))
      assert.deepStrictEqual(yield* known, ["after"])
      yield* control.inject(Faults.appliedLate("100 millis"), where)
      assert.isTrue(yield* failed(place("late")))
      assert.deepStrictEqual(yield* known, ["after"])
      yield* Effect.sleep("150 millis")
      assert.deepStrictEqual(yield* known, ["late", "after"])
      yield* control.inject(Faults.truncated, where)
      assert.isTrue(yield* failed(place("cut")))
      assert.deepStrictEqual(yield* known, ["cut", "late", "after"])
      assert.strictEqual((yield* place("fine")).status, 201)
      assert.strictEqual((yield* control.requests({ endpoint: "createOrder" })).length, 5)
    }))

  test("held: applied though the caller has left, answered if not", ({ control, sandbox, send }) =>
    Effect.gen(function* () {
      const known = Effect.map(control.truth(sandbox.account), ({ orders }) => orders.map((one) => one.clientOrderId))
      const place = (id: string) => send("POST", ORDERS, { body: order({ client_order_id: id }) })
      yield* control.inject(Faults.held("800 millis"), { times: 2 })
      const left = yield* Effect.timeoutOption(place("left"), "100 millis")
      assert.strictEqual(left._tag, "None")
      assert.deepStrictEqual(yield* known, [])
      // the socket is gone by now
      yield* Effect.sleep("100 millis")
      assert.deepStrictEqual(yield* known, [])
      while ((yield* known).length === 0) yield* Effect.sleep("10 millis")
      assert.deepStrictEqual(yield* known, ["left"])
      const stayed = yield* place("stayed")
      assert.strictEqual(stayed.status, 201)
      assert.deepStrictEqual(yield* known, ["stayed", "left"])
      yield* control.inject(Faults.held("10 millis"))
      assert.strictEqual((yield* send("GET", "/portfolio/balance", { signer: undefined })).status, 401)
    }))

  test("delayed: it arrives though the caller has left, and is answered if not", ({ control, sandbox, send }) =>
    Effect.gen(function* () {
      const known = Effect.map(control.truth(sandbox.account), ({ orders }) => orders.map((one) => one.clientOrderId))
      const place = (id: string) => send("POST", ORDERS, { body: order({ client_order_id: id }) })
      const billed = Effect.map(control.tokens(sandbox.account), ({ accepted }) => accepted.write)
      yield* control.inject(Faults.delayed("800 millis", "100 millis"))
      const left = yield* Effect.timeoutOption(place("left"), "100 millis")
      assert.strictEqual(left._tag, "None")
      // the socket is gone by then
      yield* Effect.sleep("100 millis")
      assert.deepStrictEqual(yield* known, [])
      assert.strictEqual(yield* billed, 0)
      while ((yield* known).length === 0) yield* Effect.sleep("10 millis")
      assert.deepStrictEqual(yield* known, ["left"])
      assert.strictEqual(yield* billed, 10)
      yield* control.inject(Faults.delayed("20 millis", "20 millis"))
      const [took, stayed] = yield* Effect.timed(place("stayed"))
      assert.strictEqual(stayed.status, 201)
      assert.isAtLeast(Duration.toMillis(took), 35)
      yield* control.inject(Faults.delayed("10 millis", "10 millis"))
      assert.strictEqual((yield* send("GET", "/portfolio/balance", { signer: undefined })).status, 401)
    }))

  test("an error after the request was applied", ({ control, sandbox, send }) =>
    Effect.gen(function* () {
      yield* control.inject(Faults.serverErrorAfter())
      const failed = yield* send("POST", ORDERS, { body: order() })
      assert.deepStrictEqual([failed.status, failed.json.error.code], [500, "internal_server_error"])
      assert.strictEqual((yield* control.truth(sandbox.account)).orders.length, 1)
      yield* control.inject(Faults.serverErrorAfter(503, "service_unavailable"))
      assert.strictEqual((yield* send("POST", ORDERS, { body: order() })).status, 503)
      assert.strictEqual((yield* control.truth(sandbox.account)).orders.length, 2)
    }))

  test("a duplicate is a request of its own", ({ control, sandbox, send }) =>
    Effect.gen(function* () {
      yield* control.inject(Faults.duplicated, { times: 2 })
      const placed = yield* send("POST", ORDERS, { body: order() })
      const { orders } = yield* control.truth(sandbox.account)
      assert.strictEqual(orders.length, 2)
      assert.strictEqual(orders[1]?.orderId, placed.json.order_id)
      assert.isAbove(orders[0]?.createdAt ?? 0, orders[1]?.createdAt ?? 0)
      // under an id of the client's own the second one is refused, and the first one's answer stands
      assert.strictEqual((yield* send("POST", ORDERS, { body: order({ client_order_id: "own" }) })).status, 201)
      assert.strictEqual((yield* control.truth(sandbox.account)).orders.length, 3)
    }))

  test("the log of requests can be left off", ({ control, send }) =>
    Effect.gen(function* () {
      yield* send("GET", "/exchange/status")
      yield* control.setRequestLog(false)
      yield* send("GET", "/exchange/status")
      assert.strictEqual((yield* control.requests()).length, 1)
      yield* control.setRequestLog(true)
      yield* send("GET", "/exchange/status")
      assert.strictEqual((yield* control.requests()).length, 2)
    }))

  test("a truncated body arrives as far as it goes", ({ control, sandbox }) =>
    Effect.gen(function* () {
      yield* control.inject(Faults.truncated, { path: /\/markets$/ })
      const result = yield* Effect.callback<{ announced: number; got: number; complete: boolean }>((resume) => {
        NodeHttp.get(`${sandbox.url}/markets`, (response) => {
          let got = 0
          response.on("data", (chunk: Buffer) => {
            got += chunk.length
          })
          response.on("error", () => {})
          response.on("close", () => {
            const announced = Number(response.headers["content-length"])
            resume(Effect.succeed({ announced, got, complete: response.complete }))
          })
        })
      })
      assert.isFalse(result.complete)
      assert.isAbove(result.got, 0)
      assert.isBelow(result.got, result.announced)
    }))

  test("answers that are wrong", ({ control, sandbox, send }) =>
    Effect.gen(function* () {
      const meets = Effect.fnUntraced(function* (fault: Faults.Fault) {
        yield* control.inject(fault, { method: "POST" })
        return yield* send("POST", ORDERS, { body: order() })
      })
      const count = Effect.map(control.truth(sandbox.account), ({ orders }) => orders.length)
      const limited = yield* meets(Faults.tooManyRequests)
      assert.strictEqual(limited.status, 429)
      const page = yield* meets(Faults.gatewayPage(503))
      assert.strictEqual(page.status, 503)
      assert.match(page.headers.get("content-type") ?? "", /html/)
      const server = yield* meets(Faults.serverError())
      assert.strictEqual(server.json.error.code, "internal_server_error")
      const moved = yield* meets(Faults.redirect("http://example.invalid/x"))
      assert.strictEqual(moved.status, 307)
      assert.strictEqual(moved.headers.get("location"), "http://example.invalid/x")
      assert.strictEqual(yield* count, 0)
      const ok = yield* meets(Faults.status(200))
      assert.strictEqual(ok.status, 200)
      assert.isString(ok.json.order_id)
      const wrong = yield* meets(Faults.wrongOrder)
      assert.strictEqual(wrong.status, 201)
      assert.isFalse((yield* control.truth(sandbox.account)).orders.some((one) => one.orderId === wrong.json.order_id))
      const none = yield* meets(Faults.noOrder)
      assert.deepStrictEqual([none.status, none.text], [201, "{}"])
      const malformed = yield* meets(Faults.malformed)
      assert.throws(() => JSON.parse(malformed.text))
      assert.strictEqual(yield* count, 4)
      yield* meets(Faults.duplicated)
      assert.strictEqual(yield* count, 6)
    }))

  test("slow, silent, and cleared", ({ control, sandbox, send }) =>
    Effect.gen(function* () {
      yield* control.inject(Faults.latency("80 millis"), { times: 2 })
      yield* control.inject(Faults.serverError(500), { times: 1 })
      const started = Date.now()
      assert.strictEqual((yield* send("GET", "/exchange/status")).status, 500)
      assert.isAtLeast(Date.now() - started, 75)
      yield* control.clearFaults
      yield* control.inject(Faults.answeredLate("200 millis"))
      const late = yield* Effect.timeoutOption(send("POST", ORDERS, { body: order() }), "80 millis")
      assert.strictEqual(late._tag, "None")
      assert.strictEqual((yield* control.truth(sandbox.account)).orders.length, 1)
      yield* control.inject(Faults.hang, { times: Number.POSITIVE_INFINITY })
      const silent = yield* Effect.timeoutOption(send("GET", "/exchange/status"), "80 millis")
      assert.strictEqual(silent._tag, "None")
      yield* control.clearFaults
      assert.strictEqual((yield* send("GET", "/exchange/status")).status, 200)
    }))
})

describe("the end", () => {
  it.live("comes quickly, with open connections and hanging requests", () =>
    Effect.gen(function* () {
      const hanging = yield* Effect.scoped(
        Effect.gen(function* () {
          const { control, sandbox, send } = yield* setup
          yield* send("GET", "/exchange/status")
          yield* control.inject(Faults.hang, { times: 9 })
          const fiber = yield* Effect.forkDetach(Effect.exit(send("GET", "/exchange/status")))
          while ((yield* control.requests()).length < 2) yield* Effect.sleep("5 millis")
          return { fiber, url: sandbox.url }
        })
      ).pipe(Effect.provide(Sandbox.layer({ keyType: "ed25519" })), Effect.timed)
      const [took, { fiber, url }] = hanging
      assert.isBelow(Duration.toMillis(took), 2000)
      assert.strictEqual((yield* Fiber.join(fiber))._tag, "Failure")
      assert.isTrue(yield* Effect.isFailure(Judge.client(url)("GET", "/exchange/status")))
    })
  )
})
