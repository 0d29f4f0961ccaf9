/**
 * Sessions of the wire of 2.0.0, tokens of both kinds, and what goes wrong on it.
 */
import { assert, describe, it } from "@effect/vitest"
import * as Dollars from "effect-kalshi/Dollars"
import * as Effect from "effect/Effect"
import * as HttpBody from "effect/http/HttpBody"
import * as HttpClient from "effect/http/HttpClient"
import * as Redacted from "effect/Redacted"
import { TestClock } from "effect/testing"
import * as Buckets from "../src/Buckets.ts"
import * as Control from "../src/Control.ts"
import * as Faults from "../src/Faults.ts"
import * as Sandbox from "../src/Sandbox.ts"
import type * as Judge from "./http-judge.ts"
import { asksWrongly, CENTS } from "./http-kit.ts"
import { bearer, login, NOBODY, order, ORDERS, refused, test } from "./http-legacy-kit.ts"

describe("a session on the wire of 2.0.0", () => {
  test("begins with a login, and its token is also a cookie", ({ bare, sandbox }) =>
    Effect.gen(function* () {
      const { email, password } = sandbox.legacy
      assert.strictEqual(email, "member@sandbox.example")
      assert.isAtLeast(Redacted.value(password).length, 12)
      const first = yield* login(sandbox.legacy.url, email, password)
      assert.deepStrictEqual(Object.keys(first.json), ["member_id", "token"])
      assert.strictEqual(first.json.member_id, sandbox.account)
      const [cookie] = first.headers.getSetCookie()
      assert.strictEqual(cookie, `sessions=${first.json.token}; Path=/; HttpOnly`)
      // another login is another token, and takes none away
      const second = yield* login(sandbox.legacy.url, email.toUpperCase(), password)
      assert.notStrictEqual(second.json.token, first.json.token)
      for (const { json } of [first, second]) {
        const answer = yield* bearer(sandbox.legacy.url, json.token)("GET", "/portfolio/balance")
        assert.deepStrictEqual(answer.json, { balance: 1_000_000 })
      }
      const wrong = (body: unknown) => bare("POST", "/login", { body })
      const details = "the e-mail or the password is wrong"
      refused(yield* wrong({ email, password: "not this one" }), 401, "invalid_credentials", details)
      refused(
        yield* wrong({ email: "nobody@sandbox.example", password: "whatever" }),
        401,
        "invalid_credentials",
        details
      )
    }))

  test(
    "begins with nothing less, and never repeats what was sent",
    asksWrongly(({ bare, sandbox }) =>
      Effect.gen(function* () {
        const { email } = sandbox.legacy
        for (const [body, code] of [
          [{ email, password: "short" }, "invalid_parameters"],
          [{ email: "member", password: "long enough" }, "invalid_parameters"],
          [{ email, password: 123_456_789 }, "bad_request"],
          [{ email }, "bad_request"],
          ["a secret", "bad_request"]
        ] as const) {
          const answer = yield* bare("POST", "/login", { body })
          refused(answer, 400, code)
          assert.notMatch(answer.text, /short|123|secret/)
        }
        const advice = "send a JSON body with content-type: application/json"
        refused(yield* bare("POST", "/login"), 400, "invalid_content_type", advice)
      })
    )
  )

  test("ends with a logout, for its own token alone", ({ sandbox, send, token }) =>
    Effect.gen(function* () {
      const { email, password, url } = sandbox.legacy
      const other = yield* login(url, email, password)
      const out = yield* send("POST", "/logout")
      assert.deepStrictEqual([out.status, out.text], [204, ""])
      refused(yield* send("GET", "/portfolio/balance"), 401, "token_authentication_failure")
      refused(yield* send("POST", "/logout"), 401, "token_authentication_failure")
      assert.strictEqual((yield* bearer(url, other.json.token)("GET", "/portfolio/balance")).status, 200)
      assert.notStrictEqual(other.json.token, token)
    }))

  test(
    "is asked for by every operation but login",
    asksWrongly(({ bare, control, sandbox, token }) =>
      Effect.gen(function* () {
        for (const { body, method, path } of operations) {
          if (path === "/login") continue
          refused(yield* bare(method, path, { body }), 401, "missing_token")
          for (const authorization of [token, `Basic ${token}`, "Bearer", `Bearer ${token} x`]) {
            refused(yield* bare(method, path, { body, headers: { authorization } }), 401, "missing_token")
          }
          const unknown = { authorization: `Bearer ${token}x` }
          refused(yield* bare(method, path, { body, headers: unknown }), 401, "token_authentication_failure")
        }
        // a signature is of no use here, and a token of none on today's wire
        refused(yield* bare("GET", "/portfolio/balance", { signer: sandbox }), 401, "missing_token")
        const today = yield* bearer(sandbox.url, token)("GET", "/portfolio/balance")
        assert.strictEqual(today.json.error.code, "token_authentication_failure")
        assert.deepStrictEqual((yield* control.truth(sandbox.account)).orders, [])
        const [entry] = yield* control.requests({ endpoint: "batchCancelOrders" })
        assert.deepInclude(entry, { status: 401, keyId: undefined, tokens: 0 })
      })
    )
  )

  test("is that of who logged in, whose login another key does not change", ({ control, sandbox }) =>
    Effect.gen(function* () {
      const { url } = sandbox.legacy
      const other = yield* control.account("Somebody else", { deposit: Dollars.of(5), key: "ed25519" })
      assert.match(other.email, /^somebody-else-[0-9a-f]{8}@sandbox\.example$/)
      const again = yield* control.account("Somebody else", { key: "ed25519" })
      assert.deepStrictEqual(
        [again.email, Redacted.value(again.password)],
        [other.email, Redacted.value(other.password)]
      )
      const { json } = yield* login(url, other.email, other.password)
      assert.strictEqual(json.member_id, other.id)
      const theirs = bearer(url, json.token)
      assert.strictEqual((yield* theirs("GET", "/portfolio/balance")).json.balance, 500)
      const { email } = sandbox.legacy
      refused(yield* login(url, email, other.password), 401, "invalid_credentials")
    }))

  const balance = Effect.fnUntraced(function* (token: string) {
    const client = yield* HttpClient.HttpClient
    const { legacy } = yield* Sandbox.Sandbox
    const answer = yield* client.get(`${legacy.url}/portfolio/balance`, {
      headers: { authorization: `Bearer ${token}` }
    })
    return answer.status
  })

  const logIn = Effect.gen(function* () {
    const client = yield* HttpClient.HttpClient
    const { legacy } = yield* Sandbox.Sandbox
    const answer = yield* client.post(`${legacy.url}/login`, {
      body: HttpBody.jsonUnsafe({ email: legacy.email, password: Redacted.value(legacy.password) })
    })
    return ((yield* answer.json) as { readonly token: string }).token
  })

  it.effect("lives for half an hour of the exchange's clock, or as long as it is told", () =>
    Effect.gen(function* () {
      const control = yield* Control.Control
      const first = yield* logIn
      yield* TestClock.adjust("20 minutes")
      const second = yield* logIn
      yield* TestClock.adjust("599 seconds")
      assert.strictEqual(yield* balance(first), 200)
      yield* TestClock.adjust("1 second")
      assert.strictEqual(yield* balance(first), 401)
      assert.strictEqual(yield* balance(second), 200)
      yield* control.setTokenLifetime("10 minutes")
      assert.strictEqual(yield* balance(second), 401)
      const third = yield* logIn
      assert.strictEqual(yield* balance(third), 200)
      yield* control.endSessions
      assert.strictEqual(yield* balance(third), 401)
      assert.strictEqual(yield* balance(yield* logIn), 200)
    }).pipe(Effect.provide(Sandbox.layerInMemory()))
  )

  it.effect("has the same login for the same seed, and another for another", () =>
    Effect.gen(function* () {
      const of = (seed: number) =>
        Effect.provide(
          Effect.map(Sandbox.Sandbox, ({ legacy }) => [legacy.email, Redacted.value(legacy.password)]),
          Sandbox.layerInMemory({ seed })
        )
      const [one, same, other] = [yield* of(1), yield* of(1), yield* of(2)]
      assert.deepStrictEqual(one, same)
      assert.strictEqual(one[0], other[0])
      assert.notStrictEqual(one[1], other[1])
    })
  )
})

/** An order of today's wire. */
const TODAY = {
  ticker: CENTS,
  side: "bid",
  count: "1.00",
  price: "0.4000",
  time_in_force: "good_till_canceled",
  self_trade_prevention_type: "taker_at_cross"
}

interface Operation {
  readonly method: string
  readonly path: string
  readonly body?: unknown
  /** The contract declares 503 for it. */
  readonly write?: boolean
}

const { type: _, ...amended } = order()
const amendment = { ...amended, updated_client_order_id: "x" }

/** Every operation of the contract. */
const operations: ReadonlyArray<Operation> = [
  { method: "POST", path: "/login", body: { email: "member@sandbox.example", password: "whatever" }, write: true },
  { method: "POST", path: "/logout", write: true },
  { method: "GET", path: "/portfolio/balance" },
  { method: "GET", path: "/portfolio/fills" },
  { method: "GET", path: "/portfolio/positions" },
  { method: "GET", path: "/portfolio/settlements" },
  { method: "GET", path: "/portfolio/summary/total_resting_order_value" },
  { method: "GET", path: "/portfolio/orders" },
  { method: "GET", path: `/portfolio/orders/${NOBODY}` },
  { method: "POST", path: "/portfolio/orders", body: order(), write: true },
  { method: "POST", path: "/portfolio/orders/batched", body: { orders: [order()] }, write: true },
  { method: "DELETE", path: "/portfolio/orders/batched", body: { ids: [NOBODY] }, write: true },
  { method: "DELETE", path: `/portfolio/orders/${NOBODY}`, write: true },
  { method: "POST", path: `/portfolio/orders/${NOBODY}/amend`, body: amendment, write: true },
  { method: "POST", path: `/portfolio/orders/${NOBODY}/decrease`, body: { reduce_by: 1 }, write: true }
]

describe("tokens of the bucket on the wire of 2.0.0", () => {
  test(
    "are those of today's wire, and a batch costs an item each",
    ({ control, sandbox, send, today }) =>
      Effect.gen(function* () {
        const orders = Array.from({ length: 10 }, () => order())
        const batch = yield* send("POST", `${ORDERS}/batched`, { body: { orders } })
        assert.strictEqual(batch.status, 201)
        const limited = yield* send("POST", ORDERS, { body: order() })
        refused(limited, 429, "too_many_requests")
        assert.match(limited.json.details, /bucket of the account is empty/)
        assert.strictEqual(limited.json.message, "too many requests")
        // the same bucket
        assert.strictEqual((yield* today("POST", "/portfolio/events/orders", { body: TODAY })).status, 429)
        yield* control.setLimits(Buckets.unlimited)
        const ids = batch.json.orders.map((item: Judge.Body) => item.order.order_id)
        yield* Effect.sleep("5 millis")
        yield* send("DELETE", `${ORDERS}/batched`, { body: { ids } })
        yield* login(sandbox.legacy.url, sandbox.legacy.email, sandbox.legacy.password)
        const tokens = (endpoint: string) =>
          Effect.map(control.requests({ endpoint }), (entries) => entries.map((entry) => entry.tokens))
        assert.deepStrictEqual(yield* tokens("batchCreateOrders"), [100])
        assert.deepStrictEqual(yield* tokens("batchCancelOrders"), [20])
        assert.deepStrictEqual(yield* tokens("login"), [0, 0])
        assert.deepStrictEqual(yield* tokens("createOrder"), [0, 0])
      }),
    // nothing to speak of comes back while it runs, however slow that is
    { limits: { ...Buckets.basic, write: { refill: 1, capacity: 100 } } }
  )

  test(
    "know no shards",
    ({ control, sandbox, send }) =>
      Effect.gen(function* () {
        assert.strictEqual((yield* send("POST", ORDERS, { body: order() })).status, 201)
        assert.deepStrictEqual((yield* control.tokens(sandbox.account)).accepted, {
          read: 0,
          write: 10,
          "write:1": 0,
          "write:2": 0
        })
      }),
    { shards: 3 }
  )
})

describe("faults on the wire of 2.0.0", () => {
  test("an exchange that fails, in the shape and with the statuses of the contract", ({ bare, control, send }) =>
    Effect.gen(function* () {
      for (const { body, method, path, write } of operations) {
        // a login carries no token
        const ask = (path === "/login" ? bare : send)(method, path, { body })
        for (const status of [403, 500, ...(write === true ? [503] : [])]) {
          yield* control.inject(Faults.serverError(status, "some_error"))
          refused(yield* ask, status, "some_error", "")
        }
        yield* control.inject(Faults.tooManyRequests)
        refused(yield* ask, 429, "too_many_requests")
      }
    }))

  test("silence, and drops before, after and long after", ({ control, sandbox, send }) =>
    Effect.gen(function* () {
      const place = (id: string) => send("POST", ORDERS, { body: order({ client_order_id: id }) })
      const failed = (id: string) => Effect.map(Effect.isFailure(place(id)), (is) => assert.isTrue(is))
      const known = Effect.map(control.truth(sandbox.account), ({ orders }) => orders.map((one) => one.clientOrderId))
      const where = { endpoint: "createOrder" }
      yield* control.inject(Faults.hang, where)
      assert.strictEqual((yield* Effect.timeoutOption(place("silent"), "60 millis"))._tag, "None")
      yield* control.inject(Faults.latency("60 millis"), where)
      assert.strictEqual((yield* Effect.timeoutOption(place("slow"), "20 millis"))._tag, "None")
      yield* control.inject(Faults.answeredLate("100 millis"), where)
      assert.strictEqual((yield* Effect.timeoutOption(place("later"), "40 millis"))._tag, "None")
      assert.deepStrictEqual(yield* known, ["later"])
      yield* control.inject(Faults.refused, where)
      yield* failed("before")
      assert.deepStrictEqual(yield* known, ["later"])
      yield* control.inject(Faults.droppedAfter, where)
      yield* failed("after")
      yield* control.inject(Faults.appliedLate("80 millis"), where)
      yield* failed("late")
      assert.deepStrictEqual(yield* known, ["after", "later"])
      yield* Effect.sleep("120 millis")
      assert.deepStrictEqual(yield* known, ["late", "after", "later"])
      yield* control.inject(Faults.truncated, where)
      yield* failed("cut")
      yield* control.inject(Faults.duplicated, where)
      assert.strictEqual((yield* place("twice")).status, 201)
      assert.deepStrictEqual(yield* known, ["twice", "cut", "late", "after", "later"])
    }))

  test("answers that are wrong", ({ control, sandbox, send }) =>
    Effect.gen(function* () {
      const meets = Effect.fnUntraced(function* (fault: Faults.Fault) {
        yield* control.inject(fault, { endpoint: "createOrder" })
        return yield* send("POST", ORDERS, { body: order() })
      })
      const page = yield* meets(Faults.gatewayPage(503))
      assert.strictEqual(page.status, 503)
      assert.match(page.headers.get("content-type") ?? "", /html/)
      const moved = yield* meets(Faults.redirect("http://example.invalid/x"))
      assert.deepStrictEqual([moved.status, moved.headers.get("location")], [307, "http://example.invalid/x"])
      assert.strictEqual((yield* meets(Faults.status(200))).status, 200)
      const wrong = yield* meets(Faults.wrongOrder)
      assert.strictEqual(wrong.status, 201)
      assert.strictEqual(wrong.json.order.ticker, CENTS)
      const known = (yield* control.truth(sandbox.account)).orders
      assert.isFalse(known.some((one) => one.orderId === wrong.json.order.order_id))
      const none = yield* meets(Faults.noOrder)
      assert.deepStrictEqual([none.status, none.text], [201, "{}"])
      const malformed = yield* meets(Faults.malformed)
      assert.strictEqual(malformed.status, 201)
      assert.throws(() => JSON.parse(malformed.text))
      assert.lengthOf((yield* control.truth(sandbox.account)).orders, 4)
    }))

  test("leave the rest of an answer as it is", ({ control, sandbox, send }) =>
    Effect.gen(function* () {
      const { email, password, url } = sandbox.legacy
      yield* control.inject(Faults.wrongOrder, { endpoint: "login" })
      const { headers, status } = yield* login(url, email, password)
      assert.strictEqual(status, 200)
      assert.lengthOf(headers.getSetCookie(), 1)
      yield* control.inject(Faults.wrongOrder, { endpoint: "logout" })
      const out = yield* send("POST", "/logout")
      assert.deepStrictEqual([out.status, out.text], [204, ""])
    }))

  test("of pages and of reads are those of today's wire", ({ control, send }) =>
    Effect.gen(function* () {
      for (let index = 0; index < 5; index++) {
        yield* send("POST", ORDERS, { body: order({ client_order_id: `p-${index}` }) })
      }
      const pages = Effect.gen(function* () {
        const all: Array<Array<string>> = []
        let cursor: string | undefined = ""
        do {
          const { json }: Judge.Answer = yield* send("GET", `${ORDERS}?limit=2&cursor=${encodeURIComponent(cursor)}`)
          all.push(json.orders.map((one: Judge.Body) => one.client_order_id))
          cursor = json.cursor
        } while (cursor !== undefined && cursor !== "")
        return all
      })
      assert.deepStrictEqual(yield* pages, [["p-4", "p-3"], ["p-2", "p-1"], ["p-0"]])
      yield* control.setPageDuplicates(1)
      assert.deepStrictEqual((yield* pages)[1], ["p-3", "p-2"])
      yield* control.setPageDuplicates(0)
      yield* control.setEmptyPages(true)
      yield* control.setCursorEnd("absent")
      assert.deepStrictEqual(yield* pages, [["p-4", "p-3"], [], ["p-2", "p-1"], [], ["p-0"]])
      yield* control.setUnknownFields(true)
      assert.property((yield* send("GET", "/portfolio/balance")).json, "sandbox_unannounced")
      yield* control.setUnknownFields(false)
      yield* control.setReadLag("200 millis")
      const { order_id } = (yield* send("POST", ORDERS, { body: order() })).json.order
      refused(yield* send("GET", `${ORDERS}/${order_id}`), 400, "not_found")
      yield* Effect.sleep("250 millis")
      assert.strictEqual((yield* send("GET", `${ORDERS}/${order_id}`)).status, 200)
    }))
})
