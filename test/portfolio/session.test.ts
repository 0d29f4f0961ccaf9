/**
 * The session of the wire of 2.0.0: how often it logs in, and what becomes of
 * the calls that wait for it.
 */
import { Buckets, Control, Faults, Sandbox } from "@effect-kalshi/sandbox"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as HttpBody from "effect/http/HttpBody"
import * as HttpClient from "effect/http/HttpClient"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as Scope from "effect/Scope"
import * as TestClock from "effect/testing/TestClock"
import { Credentials, Environment, Kalshi, type KalshiError, Portfolio, Retry, Timeout } from "effect-kalshi"
import * as kit from "./kit.ts"

type Options = Parameters<typeof Kalshi.layerLegacy>[0]

/** A portfolio of its own, with a session of its own, for a login of the sandbox. */
const session = (options: Options = {}, login: { readonly password?: string } = {}) =>
  Kalshi.layerLegacy({ rateLimit: "none", ...options }).pipe(
    Layer.provide(
      Layer.unwrap(
        Effect.map(Sandbox.Sandbox, ({ legacy }) =>
          Credentials.layerLogin({
            environment: Environment.sandbox(legacy.url),
            email: legacy.email,
            password: login.password ?? legacy.password
          })
        )
      )
    ),
    Layer.orDie
  )

const sandbox = Sandbox.layerInMemory({ limits: Buckets.unlimited, wholeCents: true })

const getBalance = Portfolio.Portfolio.use((portfolio) => portfolio.getBalance())

const failure = <A>(call: Effect.Effect<A, KalshiError.KalshiError, Portfolio.Portfolio>) => Effect.flip(call)

/** The statuses of all requests but logins and logouts. */
const statuses = Control.Control.use((control) =>
  Effect.map(control.requests(), (entries) =>
    entries.filter(({ endpoint }) => endpoint !== "login" && endpoint !== "logout").map(({ status }) => status)
  )
)

describe("a session", () => {
  it.effect("begins with the first call that needs it, and ends with its layer", () =>
    Effect.gen(function* () {
      const control = yield* Control.Control
      yield* Effect.gen(function* () {
        assert.strictEqual(yield* kit.count(), 0)
        yield* getBalance
        yield* getBalance
        assert.strictEqual(yield* kit.count("login"), 1)
        assert.strictEqual(yield* kit.count("logout"), 0)
      }).pipe(Effect.provide(session()))
      assert.deepStrictEqual(
        (yield* control.requests()).map(({ endpoint, status }) => [endpoint, status]),
        [
          ["login", 200],
          ["getBalance", 200],
          ["getBalance", 200],
          ["logout", 204]
        ]
      )
      // nobody who never was there says goodbye
      yield* Effect.scoped(Layer.build(session()))
      assert.strictEqual(yield* kit.count(), 4)
    }).pipe(Effect.provide(sandbox))
  )

  it.effect("logs in once, however many calls wait", () =>
    Effect.gen(function* () {
      const control = yield* Control.Control
      yield* control.inject(Faults.latency("2 seconds"), { endpoint: "login" })
      const calls = yield* Effect.forkChild(
        Effect.all(
          Array.from({ length: 50 }, () => getBalance),
          { concurrency: 50 }
        )
      )
      yield* TestClock.adjust("2 seconds")
      assert.lengthOf(yield* Fiber.join(calls), 50)
      assert.strictEqual(yield* kit.count("login"), 1)
    }).pipe(Effect.provide(session()), Effect.provide(sandbox))
  )

  it.effect("goes on logging in when the call that began it is interrupted", () =>
    Effect.gen(function* () {
      const control = yield* Control.Control
      yield* control.inject(Faults.latency("2 seconds"), { endpoint: "login" })
      const first = yield* Effect.forkChild(getBalance)
      yield* TestClock.adjust("1 second")
      const second = yield* Effect.forkChild(getBalance)
      yield* TestClock.adjust("0 seconds")
      yield* Fiber.interrupt(first)
      yield* TestClock.adjust("1 second")
      assert.isAbove((yield* Fiber.join(second)).available, 0)
      assert.strictEqual(yield* kit.count("login"), 1)
    }).pipe(Effect.provide(session()), Effect.provide(sandbox))
  )

  it.effect("renews its token before it expires, without a call that waits for it", () =>
    Effect.gen(function* () {
      const control = yield* Control.Control
      yield* getBalance
      yield* TestClock.adjust("24 minutes")
      yield* getBalance
      assert.strictEqual(yield* kit.count("login"), 1)
      yield* TestClock.adjust("2 minutes")
      yield* control.inject(Faults.latency("1 minute"), { endpoint: "login" })
      // answered at once, with the token that still works
      yield* Effect.all([getBalance, getBalance, getBalance], { concurrency: 3 })
      assert.strictEqual(yield* kit.count("login"), 2)
      yield* TestClock.adjust("10 seconds")
      yield* TestClock.adjust("10 minutes")
      yield* getBalance
      assert.deepStrictEqual(Array.from(new Set(yield* statuses)), [200])
    }).pipe(Effect.provide(session()), Effect.provide(sandbox))
  )

  it.effect("logs in anew after a token has expired, before anything is sent with it", () =>
    Effect.gen(function* () {
      yield* getBalance
      yield* TestClock.adjust("31 minutes")
      yield* getBalance
      assert.deepStrictEqual(yield* statuses, [200, 200])
      assert.strictEqual(yield* kit.count("login"), 2)
    }).pipe(Effect.provide(session()), Effect.provide(sandbox))
  )

  it.effect("is told how long a token lives where that is another time", () =>
    Effect.gen(function* () {
      const control = yield* Control.Control
      yield* control.setTokenLifetime("1 minute")
      for (let minute = 0; minute < 5; minute++) {
        yield* getBalance
        yield* TestClock.adjust("1 minute")
      }
      assert.deepStrictEqual(yield* statuses, [200, 200, 200, 200, 200])
      assert.strictEqual(yield* kit.count("login"), 5)
    }).pipe(Effect.provide(session({ lifetime: "1 minute" })), Effect.provide(sandbox))
  )

  it.effect("logs in once after a 401, and sends once more what was refused, writes too", () =>
    Effect.gen(function* () {
      const portfolio = yield* Portfolio.Portfolio
      const control = yield* Control.Control
      const ticker = yield* kit.market()
      yield* getBalance
      yield* TestClock.adjust("5 seconds")
      yield* control.endSessions
      yield* control.clearRequests
      const order = { ...kit.bid(ticker), clientOrderId: "after-401" }
      yield* Effect.all(
        [
          Retry.off(portfolio.createOrder(order)),
          ...Array.from({ length: 20 }, () => Retry.off(portfolio.getBalance()))
        ],
        { concurrency: 21 }
      )
      assert.strictEqual(yield* kit.count("login"), 1)
      assert.lengthOf(yield* kit.ordersIn(ticker), 1)
      const all = yield* control.requests({ endpoint: "createOrder" })
      assert.deepStrictEqual(
        all.map(({ status }) => status),
        [401, 201]
      )
    }).pipe(Effect.provide(session()), Effect.provide(sandbox))
  )

  it.effect("does not log in a second time for a call that is refused again", () =>
    Effect.gen(function* () {
      const control = yield* Control.Control
      yield* getBalance
      yield* TestClock.adjust("5 seconds")
      yield* control.clearRequests
      yield* control.inject(Faults.serverError(401, "token_authentication_failure"), {
        endpoint: "getBalance",
        times: 10
      })
      const error = yield* failure(getBalance)
      const reason = kit.failed(error, "Unauthorized", { attempts: 2, outcome: "not-applied" })
      assert.match(reason.message, /the token is unknown or has expired/)
      assert.strictEqual(yield* kit.count("login"), 1)
      assert.strictEqual(yield* kit.count("getBalance"), 2)
    }).pipe(Effect.provide(session()), Effect.provide(sandbox))
  )

  it.effect("does not log in for a token of the last five seconds that is refused, however often", () =>
    Effect.gen(function* () {
      const control = yield* Control.Control
      // as long to come as it takes to be new no longer
      yield* control.inject(Faults.latency("6 seconds"), { endpoint: "login" })
      yield* control.inject(Faults.serverError(401, "token_authentication_failure"), {
        endpoint: "getBalance",
        times: 1000
      })
      const first = yield* Effect.forkChild(failure(Timeout.within(getBalance, "1 minute")))
      yield* TestClock.adjust("6 seconds")
      kit.failed(yield* Fiber.join(first), "Unauthorized", { attempts: 1, outcome: "not-applied" })
      for (let call = 0; call < 20; call++) kit.failed(yield* failure(getBalance), "Unauthorized", { attempts: 1 })
      assert.strictEqual(yield* kit.count("login"), 1)
      yield* TestClock.adjust("5 seconds")
      kit.failed(yield* failure(getBalance), "Unauthorized", { attempts: 2 })
      for (let call = 0; call < 20; call++) kit.failed(yield* failure(getBalance), "Unauthorized", { attempts: 1 })
      assert.strictEqual(yield* kit.count("login"), 2)
    }).pipe(Effect.provide(session()), Effect.provide(sandbox))
  )

  it.effect("does not try a login again that was refused with a code, and one that met a page", () =>
    Effect.gen(function* () {
      const control = yield* Control.Control
      for (const [status, tag] of [
        [400, "BadRequest"],
        [401, "Unauthorized"],
        [403, "Forbidden"]
      ] as const) {
        yield* Effect.gen(function* () {
          yield* control.clearRequests
          yield* control.inject(Faults.serverError(status, "account_locked"), { endpoint: "login" })
          for (let call = 0; call < 100; call++) {
            const { original } = kit.failed(yield* failure(getBalance), "LoginFailed", { attempts: 0 })
            assert.strictEqual(original._tag, tag)
            assert.strictEqual("code" in original ? original.code : undefined, "account_locked")
            yield* TestClock.adjust("2 minutes")
          }
          assert.strictEqual(yield* kit.count(), 1)
        }).pipe(Effect.provide(session()))
        yield* Effect.gen(function* () {
          yield* control.inject(Faults.gatewayPage(status), { endpoint: "login" })
          kit.failed(yield* failure(getBalance), "LoginFailed")
          yield* TestClock.adjust("1 second")
          yield* getBalance
        }).pipe(Effect.provide(session()))
      }
    }).pipe(Effect.provide(sandbox))
  )

  it.effect("goes on with its token when the renewal is refused, until it has expired", () =>
    Effect.gen(function* () {
      const control = yield* Control.Control
      yield* getBalance
      yield* TestClock.adjust("26 minutes")
      yield* control.inject(Faults.serverError(403, "account_locked"), { endpoint: "login", times: 1000 })
      for (let call = 0; call < 100; call++) {
        yield* getBalance
        yield* TestClock.adjust("1 second")
      }
      assert.strictEqual(yield* kit.count("login"), 2)
      yield* TestClock.adjust("3 minutes")
      kit.failed(yield* failure(getBalance), "LoginFailed", { attempts: 0 })
      assert.strictEqual(yield* kit.count("login"), 2)
    }).pipe(Effect.provide(session()), Effect.provide(sandbox))
  )

  it.effect("pauses after a login that failed, longer each time, and calls share its failure", () =>
    Effect.gen(function* () {
      const control = yield* Control.Control
      yield* control.inject(Faults.malformed, { endpoint: "login", times: 1000 })
      // a login a call, if it may
      const logins = Effect.fnUntraced(function* (seconds: number) {
        yield* control.clearRequests
        for (let second = 0; second < seconds; second++) {
          yield* Effect.all(Array.from({ length: 5 }, () => failure(getBalance)))
          yield* TestClock.adjust("1 second")
        }
        return yield* kit.count("login")
      })
      // at 0, 1, 3, 7, 15, 31, 63 and 123 seconds
      assert.strictEqual(yield* logins(64), 7)
      assert.strictEqual(yield* logins(59), 0)
      assert.strictEqual(yield* logins(59), 1)
      yield* control.clearFaults
      kit.failed(yield* failure(getBalance), "LoginFailed")
      yield* TestClock.adjust("1 minute")
      yield* getBalance
      // what has worked begins anew
      yield* TestClock.adjust("1 hour")
      yield* control.inject(Faults.malformed, { endpoint: "login" })
      kit.failed(yield* failure(getBalance), "LoginFailed")
      yield* TestClock.adjust("1 second")
      yield* getBalance
    }).pipe(Effect.provide(session()), Effect.provide(sandbox))
  )

  it.effect("does not hurry while a renewal fails, and goes on with its token", () =>
    Effect.gen(function* () {
      const control = yield* Control.Control
      yield* getBalance
      yield* TestClock.adjust("26 minutes")
      yield* control.clearRequests
      yield* control.inject(Faults.serverError(503, "service_unavailable"), { endpoint: "login", times: 1000 })
      for (let call = 0; call < 120; call++) {
        yield* getBalance
        yield* TestClock.adjust("1 second")
      }
      // five requests a login, each of which takes four seconds and more
      assert.isAtMost(yield* kit.count("login"), 35)
      assert.strictEqual(yield* kit.count("getBalance"), 120)
      // after a 401 the token is of no use, and yet nobody logs in out of turn
      yield* control.clearRequests
      yield* control.endSessions
      for (let call = 0; call < 10; call++) kit.failed(yield* failure(getBalance), "LoginFailed", { attempts: 1 })
      assert.isAtMost(yield* kit.count("login"), 5)
    }).pipe(Effect.provide(session()), Effect.provide(sandbox))
  )

  it.effect("tells a call that waits for a login that its layer is closed", () =>
    Effect.gen(function* () {
      const control = yield* Control.Control
      const scope = yield* Scope.make()
      const context = yield* Layer.buildWithScope(session(), scope)
      yield* control.inject(Faults.hang, { endpoint: "login" })
      const call = yield* Effect.forkChild(Effect.provide(failure(getBalance), context))
      yield* TestClock.adjust("1 second")
      yield* Scope.close(scope, Exit.void)
      const { message } = kit.failed(yield* Fiber.join(call), "LoginFailed", { attempts: 0, outcome: "not-applied" })
      assert.match(message, /the session is closed/)
      assert.strictEqual(yield* kit.count("login"), 1)
    }).pipe(Effect.provide(sandbox))
  )

  it.effect("sends nothing any more when its layer is closed, a password least of all", () =>
    Effect.gen(function* () {
      for (const wasOpen of [true, false]) {
        const scope = yield* Scope.make()
        const context = yield* Layer.buildWithScope(session(), scope)
        if (wasOpen) yield* Effect.provide(getBalance, context)
        yield* Scope.close(scope, Exit.void)
        const control = yield* Control.Control
        yield* control.clearRequests
        const error = yield* Effect.provide(failure(getBalance), context)
        const { message } = kit.failed(error, "LoginFailed", { attempts: 0, outcome: "not-applied" })
        assert.match(message, /the session is closed/)
        assert.strictEqual(yield* kit.count(), 0)
      }
    }).pipe(Effect.provide(sandbox))
  )

  it.effect("sends nothing and does not try a password again that was refused", () =>
    Effect.gen(function* () {
      for (let call = 0; call < 3; call++) {
        const error = yield* failure(getBalance)
        const reason = kit.failed(error, "LoginFailed", { attempts: 0, outcome: "not-applied" })
        assert.strictEqual(reason.original._tag, "Unauthorized")
        assert.match(
          error.message,
          /^getBalance: the login was refused \(401 .*: check the e-mail, the password and the environ/
        )
        assert.isFalse(error.retryable)
      }
      assert.strictEqual(yield* kit.count("login"), 1)
      assert.strictEqual(yield* kit.count(), 1)
    }).pipe(Effect.provide(session({}, { password: "not the password" })), Effect.provide(sandbox))
  )

  it.effect("tries a login again that failed for another reason, now and with the next call", () =>
    Effect.gen(function* () {
      const control = yield* Control.Control
      yield* control.inject(Faults.serverError(503, "service_unavailable"), { endpoint: "login", times: 2 })
      const patient = yield* Effect.forkChild(getBalance)
      yield* TestClock.adjust("1 minute")
      assert.isAbove((yield* Fiber.join(patient)).available, 0)
      assert.strictEqual(yield* kit.count("login"), 3)
      for (const [fault, tag] of [
        [Faults.refused, "Disconnected"],
        [Faults.serverError(500), "Unavailable"],
        [Faults.malformed, "UnreadableAnswer"],
        [Faults.noOrder, "UnreadableAnswer"],
        [Faults.gatewayPage(403), "Forbidden"],
        [Faults.redirect("http://127.0.0.1:1/login"), "Redirected"]
      ] as const) {
        yield* TestClock.adjust("1 hour")
        yield* control.inject(fault, { endpoint: "login", times: 100 })
        const call = yield* Effect.forkChild(failure(getBalance))
        yield* TestClock.adjust("2 minutes")
        const reason = kit.failed(yield* Fiber.join(call), "LoginFailed", { attempts: 0, outcome: "not-applied" })
        assert.strictEqual(reason.original._tag, tag)
        yield* control.clearFaults
        assert.isAbove((yield* getBalance).available, 0)
      }
    }).pipe(Effect.provide(session()), Effect.provide(sandbox))
  )

  it.effect("goes on with its token when the renewal fails", () =>
    Effect.gen(function* () {
      const control = yield* Control.Control
      yield* getBalance
      yield* TestClock.adjust("27 minutes")
      yield* control.inject(Faults.refused, { endpoint: "login", times: 100 })
      yield* getBalance
      yield* TestClock.adjust("1 minute")
      yield* getBalance
      assert.deepStrictEqual(Array.from(new Set(yield* statuses)), [200])
    }).pipe(Effect.provide(session()), Effect.provide(sandbox))
  )

  it.effect("logs in by the policies of its layer, not by those of the call that needs a token", () =>
    Effect.gen(function* () {
      const control = yield* Control.Control
      yield* control.inject(Faults.serverError(503, "service_unavailable"), { endpoint: "login" })
      const call = yield* getBalance.pipe(Retry.off, Timeout.within("1 hour"), Effect.forkChild)
      yield* TestClock.adjust("1 minute")
      assert.isAbove((yield* Fiber.join(call)).available, 0)
      assert.strictEqual(yield* kit.count("login"), 2)
    }).pipe(Effect.provide(session()), Effect.provide(sandbox))
  )

  it.effect("reads and refuses writes where it may only read", () =>
    Effect.gen(function* () {
      const portfolio = yield* Portfolio.Portfolio
      const ticker = yield* kit.market()
      yield* portfolio.getBalance()
      yield* kit.fails(portfolio.createOrder(kit.bid(ticker)), "ReadOnly", { outcome: "not-applied", attempts: 0 })
      yield* kit.fails(portfolio.cancelOrder("01234567-89ab-4cde-8f01-23456789abcd"), "ReadOnly", { attempts: 0 })
    }).pipe(Effect.provide(session({ readOnly: true })), Effect.provide(sandbox))
  )

  it.effect("of one account is not that of another", () =>
    Effect.gen(function* () {
      const control = yield* Control.Control
      const { legacy } = yield* Sandbox.Sandbox
      const other = yield* kit.other()
      const of = (email: string, password: Redacted.Redacted<string>) =>
        Kalshi.layerLegacy({ rateLimit: "none" }).pipe(
          Layer.provide(Credentials.layerLogin({ environment: Environment.sandbox(legacy.url), email, password }))
        )
      const [mine, theirs] = yield* Effect.all([
        Effect.provide(getBalance, of(legacy.email, legacy.password)),
        Effect.provide(getBalance, of(other.email, other.password))
      ])
      assert.strictEqual(theirs.available, (yield* control.truth(other.id)).balance.available)
      assert.notStrictEqual(mine.available, theirs.available)
    }).pipe(Effect.provide(sandbox))
  )
})

describe("a bearer token", () => {
  it.effect("signs until it is refused, and is not renewed", () =>
    Effect.gen(function* () {
      const control = yield* Control.Control
      const { legacy } = yield* Sandbox.Sandbox
      const client = yield* HttpClient.HttpClient
      const answer = yield* client.post(`${legacy.url}/login`, {
        headers: { "content-type": "application/json" },
        body: HttpBody.jsonUnsafe({ email: legacy.email, password: Redacted.value(legacy.password) })
      })
      const { token } = (yield* answer.json) as { readonly token: string }
      const bearer = Kalshi.layerLegacy({ rateLimit: "none" }).pipe(
        Layer.provide(Credentials.layerBearer({ environment: Environment.sandbox(legacy.url), token }))
      )
      yield* Effect.gen(function* () {
        assert.isAbove((yield* getBalance).available, 0)
        yield* control.endSessions
        kit.failed(yield* failure(getBalance), "Unauthorized", { attempts: 1, status: 401 })
      }).pipe(Effect.provide(bearer))
      // who did not log in does not log out
      assert.strictEqual(yield* kit.count("login"), 1)
      assert.strictEqual(yield* kit.count("logout"), 0)
    }).pipe(Effect.provide(sandbox))
  )
})

describe("the exchange itself", () => {
  const urls = [
    Environment.production,
    Environment.demo,
    Environment.custom("https://trading-api.kalshi.com/trade-api/v2"),
    Environment.custom("https://api.elections.kalshi.com/trade-api/v2"),
    Environment.custom("https://demo-api.kalshi.co./trade-api/v2"),
    Environment.custom("https://external-api.kalshi.com../trade-api/v2"),
    { name: "production", baseUrl: "http://127.0.0.1:1/trade-api/v2" } as const
  ]
  const secret = Redacted.make("a password of somebody")

  it.effect.each(urls)("never hears a password or a token: $baseUrl", (environment) =>
    Effect.gen(function* () {
      let requests = 0
      const nobody = Layer.succeed(
        HttpClient.HttpClient,
        HttpClient.make(() => {
          requests++
          return Effect.never
        })
      )
      const ways = [
        Credentials.layerLogin({ environment, email: "a@b.example", password: secret }),
        Credentials.layerBearer({ environment, token: "a-token" }),
        // whoever makes one by hand is refused all the same
        Layer.succeed(Credentials.LegacyCredentials, {
          _tag: "Login",
          environment,
          email: Redacted.make("a@b.example"),
          password: secret
        }),
        Layer.succeed(Credentials.LegacyCredentials, { _tag: "Bearer", environment, token: Redacted.make("a-token") })
      ]
      for (const way of ways) {
        const exit = yield* Effect.exit(
          Effect.provide(getBalance, Kalshi.layerLegacy().pipe(Layer.provide([way, nobody])))
        )
        if (Exit.isSuccess(exit)) return assert.fail("it was let in")
        const error = yield* Effect.flip(Effect.failCause(exit.cause))
        assert.strictEqual(error._tag, "CredentialsError")
        assert.strictEqual(error.reason._tag, "LoginRetired")
        assert.match(error.message, /has retired the wire of 2\.0\.0 .* use Portfolio\.layer$/)
      }
      assert.strictEqual(requests, 0)
    })
  )
})
