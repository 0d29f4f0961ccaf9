/**
 * What must not leave the program: the key id, signatures and the private key
 * in errors, logs and spans; the ids of our traces on the wire.
 */
import { Control, Faults, Sandbox } from "@effect-kalshi/sandbox"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as Redacted from "effect/Redacted"
import * as References from "effect/References"
import * as Schema from "effect/Schema"
import type * as Tracer from "effect/Tracer"
import {
  Breaker,
  Credentials,
  Environment,
  Guard,
  Kalshi,
  KalshiError,
  OrderJournal,
  Portfolio,
  RateLimit,
  Retry,
  Session,
  Signer,
  Timeout,
  Transport
} from "effect-kalshi"
import * as Util from "node:util"
import * as kit from "./kit.ts"
import * as wires from "./wires.ts"
import { recording } from "../spans.ts"
import * as support from "../support.ts"

const UNKNOWN = "01234567-89ab-4cde-8f01-23456789abcd"

// the client of Effect ends its own spans with the whole answer; who reads a span reads its failure
const isOurs = (span: Tracer.NativeSpan): boolean => span.attributes.has("kalshi.bucket")

const ended = (span: Tracer.NativeSpan) =>
  !isOurs(span) && span.status._tag === "Ended" && span.status.exit._tag === "Success" ? "Success" : span.status

const picture = (spans: ReadonlyArray<Tracer.NativeSpan>): string =>
  spans
    .map((span) => Util.inspect([span.name, span.attributes, span.events, span.links, ended(span)], { depth: 20 }))
    .join("\n")

/** Every text that a program is likely to make of an error. */
const texts = (error: KalshiError.KalshiError): string =>
  [
    String(error),
    error.message,
    error.stack ?? "",
    JSON.stringify(error),
    Util.inspect(error, { depth: 20, showHidden: true }),
    Util.inspect(error.reason, { depth: 20, showHidden: true }),
    JSON.stringify(Schema.encodeSync(KalshiError.KalshiError)(error)),
    Util.format("%o %O %j %s", error, error, error, error)
  ].join("\n")

/** The secrets of a signer, and each signature that it made. */
const tapped = (made: Array<string>) =>
  Layer.effect(
    Signer.Signer,
    Effect.map(Signer.Signer, (signer) =>
      Signer.Signer.of({
        ...signer,
        sign: (request) =>
          Effect.tap(signer.sign(request), (headers) => Effect.sync(() => made.push(...Object.values(headers))))
      })
    )
  )

describe("secrets", () => {
  for (const propagate of [false, true]) {
    it.live(`are in no error, log or span, with traces ${propagate ? "" : "not "}propagated`, () =>
      Effect.gen(function* () {
        const control = yield* Control.Control
        const { keyId, privateKey, url } = yield* Sandbox.Sandbox
        const ticker = yield* kit.market()
        const pem = Redacted.value(privateKey)
        const signatures: Array<string> = []
        const logs: Array<string> = []
        const { spans, tracer } = recording()
        const log = Logger.make((options) => {
          logs.push(Logger.formatLogFmt.log(options), Logger.formatJson.log(options))
          logs.push(Util.inspect([options.message, options.cause], { depth: 20 }))
        })
        const errors: Array<KalshiError.KalshiError> = []
        yield* Effect.gen(function* () {
          const portfolio = yield* Portfolio.Portfolio
          const fails = (call: Effect.Effect<unknown, KalshiError.KalshiError>) =>
            call.pipe(
              Effect.tapError((error) => Effect.logError("failed", error)),
              Effect.tapCause((cause) => Effect.logError(cause)),
              Effect.catch((error) => Effect.sync(() => errors.push(error)))
            )
          const calls: ReadonlyArray<Effect.Effect<unknown, KalshiError.KalshiError>> = [
            // a write that is not looked for when its answer is lost, which takes a while
            portfolio.cancelOrder("one", { ticker }),
            portfolio.getBalance()
          ]
          const faults = [
            Faults.tooManyRequests,
            Faults.gatewayPage(500),
            Faults.serverError(401, "authentication_error"),
            Faults.redirect("http://127.0.0.1:1/elsewhere"),
            Faults.refused,
            Faults.truncated,
            Faults.malformed,
            Faults.noOrder,
            Faults.hang
          ]
          for (const fault of faults) {
            for (const call of calls) {
              const handle = yield* control.inject(fault, { times: 9 })
              yield* fails(call.pipe(kit.impatient, Timeout.within("50 millis")))
              yield* handle.clear
            }
          }
          yield* control.inject(Faults.tooManyRequests, { endpoint: "createOrder", times: 9 })
          yield* fails(kit.impatient(portfolio.createOrder(kit.bid(ticker))))
          yield* fails(portfolio.getOrder("nobody"))
          yield* fails(portfolio.createOrder({ ...kit.bid(ticker), clientOrderId: "" }))
          yield* portfolio.getBalance()
          yield* Effect.logInfo("done", portfolio)
        }).pipe(
          Effect.provide(
            Kalshi.layerWith().pipe(
              Layer.provide([tapped(signatures), RateLimit.layerNone, FetchHttpClient.layer]),
              Layer.provide(Signer.layer),
              Layer.provide(Credentials.layer({ environment: Environment.sandbox(url), keyId, privateKey }))
            )
          ),
          Effect.withTracer(tracer),
          Effect.provideService(Transport.PropagateTrace, propagate),
          Effect.provideService(References.MinimumLogLevel, "Trace"),
          Effect.provide(Logger.layer([log]))
        )
        // there was something to look at
        assert.strictEqual(errors.length, 21)
        assert.isAtLeast(logs.length, 120)
        assert.isAtLeast(spans.length, 20)
        assert.isAtLeast(signatures.length, 60)
        const shown = [...errors.map(texts), ...logs, picture(spans)].join("\n")
        assert.include(shown, "getBalance")
        const secrets = [
          keyId,
          pem,
          ...pem.split("\n").filter((line) => line.length > 20),
          ...signatures.filter((one) => one.length > 20)
        ]
        for (const secret of new Set(secrets)) assert.isFalse(shown.includes(secret), secret)
        assert.isTrue(
          spans.some((span) => span.name === "createOrder" && span.attributes.get("kalshi.environment") === "sandbox")
        )
        // one span a call; the requests have their own only when their traces go out
        assert.strictEqual(
          spans.some((span) => !isOurs(span)),
          propagate
        )
      }).pipe(Effect.provide(kit.sandbox()))
    )
  }

  it.live("e-mail, password and tokens of the wire of 2.0.0 are in no error, log or span", () =>
    Effect.gen(function* () {
      const control = yield* Control.Control
      const { legacy } = yield* Sandbox.Sandbox
      const ticker = yield* kit.market()
      const signatures: Array<string> = []
      const logs: Array<string> = []
      const { spans, tracer } = recording()
      const log = Logger.make((options) => {
        logs.push(Logger.formatLogFmt.log(options), Logger.formatJson.log(options))
        logs.push(Util.inspect([options.message, options.cause], { depth: 20 }))
      })
      const errors: Array<KalshiError.KalshiError> = []
      const faults = [
        Faults.tooManyRequests,
        Faults.gatewayPage(500),
        Faults.serverError(401, "token_authentication_failure"),
        Faults.redirect("http://127.0.0.1:1/elsewhere"),
        Faults.refused,
        Faults.truncated,
        Faults.malformed,
        Faults.noOrder,
        Faults.hang
      ]
      const fails = (call: Effect.Effect<unknown, KalshiError.KalshiError>) =>
        call.pipe(
          kit.impatient,
          Timeout.within("50 millis"),
          Effect.tapError((error) => Effect.logError("failed", error)),
          Effect.tapCause((cause) => Effect.logError(cause)),
          Effect.catch((error) => Effect.sync(() => errors.push(error)))
        )
      const session = Portfolio.layerLegacy.pipe(
        Layer.provide(Transport.layer),
        Layer.provide([Breaker.layerNone, Guard.layerNone, OrderJournal.layerMemory]),
        Layer.provide([tapped(signatures), RateLimit.layerNone]),
        Layer.provide(Session.layer()),
        Layer.provide([
          FetchHttpClient.layer,
          Credentials.layerLogin({
            environment: Environment.sandbox(legacy.url),
            email: legacy.email,
            password: legacy.password
          })
        ]),
        Layer.fresh
      )
      const watched = <A, E, R>(calls: Effect.Effect<A, E, R | Portfolio.Portfolio>) =>
        calls.pipe(
          Effect.provide(session),
          Effect.withTracer(tracer),
          Effect.provideService(Retry.Retry, kit.fast),
          Effect.provideService(Timeout.Timeout, { read: "50 millis", orderEntry: "50 millis" }),
          Effect.provideService(References.MinimumLogLevel, "Trace"),
          Effect.provide(Logger.layer([log]))
        )
      // sessions of their own for each fault: the login of one meets it, and each kind of call of another
      for (const fault of faults) {
        yield* watched(
          Effect.gen(function* () {
            const portfolio = yield* Portfolio.Portfolio
            const login = yield* control.inject(fault, { endpoint: "login", times: 9 })
            yield* fails(portfolio.getBalance())
            yield* fails(portfolio.getBalance())
            yield* login.clear
          })
        )
        yield* watched(
          Effect.gen(function* () {
            const portfolio = yield* Portfolio.Portfolio
            yield* fails(portfolio.getBalance())
            for (const call of [portfolio.getBalance(), portfolio.cancelOrder(UNKNOWN, { ticker })]) {
              const handle = yield* control.inject(fault, { times: 9 })
              yield* fails(call)
              yield* handle.clear
            }
          })
        )
      }
      assert.isAtLeast(errors.length, 20)
      assert.isAtLeast(signatures.length, 5)
      const shown = [...errors.map(texts), ...logs, picture(spans)].join("\n")
      assert.include(shown, "login")
      const secrets = [legacy.email, Redacted.value(legacy.password), ...signatures.map((one) => one.slice(7))]
      for (const secret of new Set(secrets)) {
        assert.isAbove(secret.length, 8)
        assert.isFalse(shown.includes(secret), "a secret is shown")
      }
    }).pipe(Effect.provide(wires.legacy.sandbox()))
  )

  it.live("whatever a server repeats of a login is in no error, log or span", () =>
    Effect.gen(function* () {
      const email = "Some.Body@example.org"
      const password = "Hunter_22_and_more"
      const says = (text: string): ReadonlyArray<kit.Answer> => [
        { status: 400, body: { error: { code: "invalid_parameters", message: text, details: text } } },
        { status: 401, body: { code: text, message: text, details: text } },
        { status: 401, body: { error: text } },
        { status: 400, body: { code: `not_${text}`, message: "no" } },
        { status: 400, body: { code: "order_not_found", message: text } },
        { status: 403, body: text },
        { status: 404, body: { msg: text } },
        { status: 409, body: { error: { code: "exchange_is_paused", message: text } } },
        { status: 410, body: { error: text } },
        { status: 429, body: { error: `${text}: too many` } },
        { status: 503, body: { error: { code: "service_unavailable", details: text } } },
        { status: 302, headers: { location: `https://elsewhere.example/${encodeURI(text)}` } },
        { status: 307, headers: { location: `https://${text.replace(/[^a-z0-9]/gi, "-")}.example/` } },
        { status: 308, headers: { location: `https://${encodeURIComponent(text)}@elsewhere.example/` } },
        { status: 308, headers: { location: `/${encodeURI(text)}` } },
        { status: 200, body: { member_id: 5, token: text } },
        { status: 200, body: text },
        { status: 200, body: { token: `${text} and more` } }
      ]
      const answers = [email, password, password.toLowerCase()].flatMap(says)
      const errors: Array<KalshiError.KalshiError> = []
      const logs: Array<string> = []
      const { spans, tracer } = recording()
      const log = Logger.make((options) => {
        logs.push(Logger.formatLogFmt.log(options), Util.inspect([options.message, options.cause], { depth: 20 }))
      })
      let answered: kit.Answer = {}
      // a token that is one is sent, and refused
      const server = yield* kit.stub(({ url }) => (url.endsWith("/login") ? answered : { status: 400 }))
      for (const answer of answers) {
        answered = answer
        const error = yield* Portfolio.Portfolio.use((portfolio) => portfolio.getBalance()).pipe(
          Effect.tapCause((cause) => Effect.logError(cause)),
          Effect.flip,
          Effect.provide(
            Kalshi.layerLegacy({ rateLimit: "none" }).pipe(
              Layer.provide(
                Credentials.layerLogin({
                  environment: Environment.sandbox(`${server.origin}/legacy/trade-api/v2`),
                  email,
                  password
                })
              ),
              Layer.provide(FetchHttpClient.layer)
            )
          ),
          Retry.off,
          Effect.withTracer(tracer),
          Effect.provide(Logger.layer([log]))
        )
        if (error._tag === "KalshiError") errors.push(error)
      }
      assert.lengthOf(errors, answers.length)
      const shown = [...errors.map(texts), ...logs, picture(spans)].join("\n").toLowerCase()
      for (const secret of [email, password]) {
        for (const form of [secret, encodeURIComponent(secret), secret.replace(/[^a-z0-9]/gi, "-")]) {
          assert.isFalse(shown.includes(form.toLowerCase()), "a secret is shown")
        }
      }
      // what is no secret is still told
      const codes = errors.map(({ reason }) =>
        reason._tag === "LoginFailed" && "code" in reason.original ? reason.original.code : undefined
      )
      assert.deepStrictEqual(codes.filter((code) => code !== undefined).slice(0, 4), [
        "invalid_parameters",
        "order_not_found",
        "exchange_is_paused",
        "service_unavailable"
      ])
      assert.include(shown, "redirects to https://elsewhere.example,")
      assert.isTrue(spans.some((span) => span.name === "login" && isOurs(span)))
    })
  )

  const traced = ["traceparent", "b3", "tracestate"]

  for (const [name, client] of Object.entries(support.clients)) {
    it.live(`no ids of traces are on the wire, by ${name}`, () =>
      Effect.gen(function* () {
        const server = yield* kit.stub(() => ({
          body: { balance: 100, balance_dollars: "1.0000", portfolio_value: 0, updated_ts: 1_795_190_400 }
        }))
        const balance = Portfolio.Portfolio.use((portfolio) => portfolio.getBalance()).pipe(
          Effect.withSpan("of the program"),
          Effect.provide(kit.at(server.url, client))
        )
        yield* balance
        for (const header of traced) assert.isUndefined(server.asked[0]?.headers[header])
        assert.strictEqual(server.asked[0]?.headers["kalshi-access-key"], "key")
        yield* Effect.provideService(balance, Transport.PropagateTrace, true)
        assert.match(String(server.asked[1]?.headers["traceparent"]), /^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/)
        assert.isDefined(server.asked[1]?.headers["b3"])
      })
    )
  }

  it.live("the span of a call tells its operation, its attempts' bucket and its failure", () =>
    Effect.gen(function* () {
      const server = yield* kit.stub(() => ({ status: 404, body: { error: { code: "not_found" } } }))
      const { spans, tracer } = recording()
      yield* kit
        .fails(
          Portfolio.Portfolio.use((portfolio) => portfolio.getOrder("one")),
          "OrderNotFound"
        )
        .pipe(Effect.provide(kit.at(server.url)), Effect.withTracer(tracer))
      const span = spans.find(({ name }) => name === "getOrder")
      assert.strictEqual(span?.kind, "client")
      assert.strictEqual(span?.attributes.get("kalshi.bucket"), "read")
      assert.strictEqual(span?.status._tag === "Ended" ? span.status.exit._tag : "", "Failure")
    })
  )
})
