/**
 * The whole contract of 2.0.0 over a socket: every operation, and every status
 * that is declared for it. What passes is judged as it passes; here is counted
 * what passed.
 */
import { Control, Faults, Sandbox } from "@effect-kalshi/sandbox"
import { assert, it } from "@effect/vitest"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import * as Result from "effect/Result"
import { Contracts, Credentials, Dollars, Environment, Kalshi, type KalshiError, Portfolio, Retry } from "effect-kalshi"
import * as Layer from "effect/Layer"
import * as Recorder from "../contract/Recorder.ts"
import * as Coverage from "../contract/legacy/Coverage.ts"
import * as support from "../support.ts"
import * as kit from "./kit.ts"
import * as wires from "./wires.ts"

type Service = Portfolio.Portfolio["Service"]
type Call = (portfolio: Service, ticker: string, orderId: string) => Effect.Effect<unknown, KalshiError.KalshiError>

/** A call of each operation, by the endpoint that it ends at. */
const calls: Readonly<Record<string, Call>> = {
  getBalance: (portfolio) => portfolio.getBalance(),
  getFills: (portfolio, ticker, orderId) => portfolio.getFills({ ticker, orderId }),
  getOrders: (portfolio, ticker) => portfolio.getOrders({ ticker, status: "resting", limit: 5 }),
  getOrder: (portfolio, _, orderId) => portfolio.getOrder(orderId),
  getPositions: (portfolio, ticker) => portfolio.getPositions({ ticker, settlementStatus: "all" }),
  getPortfolioSettlements: (portfolio) => portfolio.getPortfolioSettlements({ limit: 10 }),
  getPortfolioRestingOrderTotalValue: (portfolio) => portfolio.getPortfolioRestingOrderTotalValue,
  createOrder: (portfolio, ticker) => portfolio.createOrder(kit.bid(ticker, 11, 1)),
  amendOrder: (portfolio, _, orderId) =>
    portfolio.amendOrder({ orderId, side: "bid", price: Dollars.cents(12), total: Contracts.of(8) }),
  decreaseOrder: (portfolio, _, orderId) => portfolio.decreaseOrder(orderId, { by: Contracts.of(1) }),
  batchCreateOrders: (portfolio, ticker) => portfolio.batchCreateOrders([kit.bid(ticker, 13, 1), kit.bid("KXNO-1-A")]),
  batchCancelOrders: (portfolio, ticker) =>
    Effect.flatMap(portfolio.createOrder(kit.bid(ticker, 14, 1)), ({ orderId }) =>
      portfolio.batchCancelOrders([orderId, "01234567-89ab-4cde-8f01-23456789abcd"])
    ),
  cancelOrder: (portfolio, _, orderId) => portfolio.cancelOrder(orderId)
}

/** What the refusals that are declared are called. */
const refusals: Readonly<Record<number, string>> = { 400: "BadRequest", 401: "Unauthorized", 403: "Forbidden" }

/** What writes come to that may have been applied: they are looked for, which proves nothing here, and cancels sent again. */
const lost: Readonly<Record<string, ReadonlyArray<string>>> = {
  createOrder: ["OutcomeUnknown"],
  amendOrder: ["OutcomeUnknown"],
  decreaseOrder: ["OutcomeUnknown"],
  batchCreateOrders: ["OutcomeUnknown", "OutcomeUnknown"],
  batchCancelOrders: ["Cancelled", "OutcomeUnknown"],
  cancelOrder: ["Cancelled"]
}

/** What a call came to: its reason, or those of its items. */
const told = (result: Result.Result<unknown, KalshiError.KalshiError>): ReadonlyArray<string> => {
  if (result._tag === "Failure") return [result.failure.reason._tag]
  const items: ReadonlyArray<unknown> = Array.isArray(result.success) ? result.success : [result.success]
  return items.map((item) =>
    Predicate.hasProperty(item, "result") && Result.isResult(item.result)
      ? told(item.result as Result.Result<unknown, KalshiError.KalshiError>).join()
      : Predicate.hasProperty(item, "_tag")
        ? String(item._tag)
        : "Success"
  )
}

const lowerFirst = (name: string): string => name.charAt(0).toLowerCase() + name.slice(1)

it.live("shows all thirteen operations, login and logout, with every status that is declared for them", () =>
  Effect.gen(function* () {
    const control = yield* Control.Control
    const { legacy } = yield* Sandbox.Sandbox
    const own = Kalshi.layerLegacy({ rateLimit: "none" }).pipe(
      Layer.provide(
        Credentials.layerLogin({
          environment: Environment.sandbox(legacy.url),
          email: legacy.email,
          password: legacy.password
        })
      ),
      Layer.provide(support.clients.fetch),
      Layer.orDie
    )
    const stale = Kalshi.layerLegacy({ rateLimit: "none" }).pipe(
      Layer.provide(
        Credentials.layerBearer({ environment: Environment.sandbox(legacy.url), token: "a-token-of-nobody" })
      ),
      Layer.provide(support.clients.fetch),
      Layer.orDie
    )
    /** The contract's name of an endpoint, with the failures that it declares. */
    const failures = (endpoint: string): ReadonlyArray<number> =>
      Coverage.declared
        .filter(({ operation, status }) => lowerFirst(operation) === endpoint && status >= 400 && status !== 401)
        .map(({ status }) => status)
    const come = (endpoint: string, status: number, call: Effect.Effect<unknown, KalshiError.KalshiError>) =>
      Effect.map(Effect.result(kit.soon(Retry.off(call))), (result) => {
        const answers = told(result)
        const expected =
          status >= 500 ? (lost[endpoint] ?? ["Unavailable"]) : answers.map(() => refusals[status] ?? "undeclared")
        assert.deepStrictEqual(answers, expected, `${endpoint} ${status}`)
      })

    for (const [endpoint, call] of Object.entries(calls)) {
      const ticker = yield* kit.market()
      yield* Effect.gen(function* () {
        const portfolio = yield* Portfolio.Portfolio
        const { orderId } = yield* portfolio.createOrder(kit.bid(ticker, 10, 10))
        for (const status of failures(endpoint)) {
          yield* control.inject(Faults.serverError(status, `of_${status}`), { endpoint })
          yield* come(endpoint, status, call(portfolio, ticker, orderId))
        }
        yield* call(portfolio, ticker, orderId)
        // and who is nobody is told so
        const nobody = Context.get(yield* Layer.build(stale), Portfolio.Portfolio)
        yield* come(endpoint, 401, call(nobody, ticker, orderId))
      }).pipe(Effect.provide(own))
    }

    // amends and decreases read their order first, and a batch of cancels needs one: they are refused themselves here
    yield* Effect.gen(function* () {
      const portfolio = yield* Portfolio.Portfolio
      const ticker = yield* kit.market()
      const { orderId } = yield* portfolio.createOrder(kit.bid(ticker, 10, 10))
      for (const endpoint of ["amendOrder", "decreaseOrder", "batchCancelOrders"] as const) {
        yield* control.inject(Faults.serverError(401, "token_authentication_failure"), { endpoint, times: 2 })
        yield* come(endpoint, 401, calls[endpoint]?.(portfolio, ticker, orderId) ?? Effect.void)
      }
    }).pipe(Effect.provide(own))

    const balance = Portfolio.Portfolio.use((portfolio) => portfolio.getBalance())
    for (const status of [...failures("login"), 401]) {
      yield* control.inject(Faults.serverError(status, `of_${status}`), { endpoint: "login" })
      yield* Effect.provide(Effect.exit(balance), own)
    }
    for (const status of [...failures("logout"), 401]) {
      yield* control.inject(Faults.serverError(status, `of_${status}`), { endpoint: "logout" })
      yield* Effect.provide(balance, own)
    }

    const coverage = Coverage.of(Recorder.peek().exchanges)
    assert.deepStrictEqual(coverage.unseen, [])
    assert.strictEqual(Coverage.format(coverage.missing), "")
    assert.strictEqual(coverage.seen.size, 15)
  }).pipe(Effect.provide(wires.legacy.sandbox()))
)
