/** The guard's own road: what it reads of an account, and what its switch cancels. */
import { Control, Faults, Sandbox } from "@effect-kalshi/sandbox"
import { assert, layer } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { Contracts, Credentials, Dollars, Environment, Guard, Portfolio, RateLimit, Signer } from "effect-kalshi"
import type { Kill } from "../../packages/kalshi/src/journal/Entry.ts"
import { OrderJournal } from "../../packages/kalshi/src/journal/Service.ts"
import * as support from "../support.ts"
import * as kit from "./kit.ts"

const journal = (kept = new Map<string, Kill>()) =>
  Layer.succeed(
    OrderJournal,
    OrderJournal.of({
      writer: "test",
      record: () => Effect.die("no orders here"),
      attempt: () => Effect.die("no orders here"),
      close: () => Effect.die("no orders here"),
      open: Effect.succeed([]),
      killed: (scope) => Effect.sync(() => kept.get(scope)),
      setKilled: (scope, kill) =>
        Effect.sync(() => {
          if (kill === undefined) kept.delete(scope)
          else kept.set(scope, kill)
        })
    })
  )

/** The guard of the member of the sandbox in force. */
const guarded = (options: Guard.Options, kept?: Map<string, Kill>) =>
  Guard.layer(options).pipe(
    Layer.provide([RateLimit.layerNone, journal(kept)]),
    Layer.provide(
      Signer.layer.pipe(
        Layer.provide(
          Layer.unwrap(
            Effect.map(Sandbox.Sandbox, ({ keyId, privateKey, url }) =>
              Credentials.layer({ environment: Environment.sandbox(url), keyId, privateKey })
            )
          )
        )
      )
    ),
    Layer.provide(support.clients.fetch),
    Layer.orDie
  )

const exposure = (ticker: string, side: "bid" | "ask", count: number): Guard.Exposure => ({
  key: `${ticker}-${side}-${count}`,
  ticker,
  side,
  price: Dollars.cents(50),
  count: Contracts.of(count)
})

layer(kit.sandbox(), { excludeTestServices: true })("Guard.layer", (it) => {
  it.effect("counts what the account holds and has resting", () =>
    Effect.gen(function* () {
      const portfolio = yield* Portfolio.Portfolio
      const ticker = yield* kit.market()
      yield* kit.offer(ticker, "ask", 40, 3)
      // 3 are filled, 7 rest
      yield* portfolio.createOrder(kit.bid(ticker, 40, 10))
      yield* portfolio.createOrder(kit.ask(ticker, 90, 4))
      yield* Effect.gen(function* () {
        const guard = yield* Guard.Guard
        const refused = yield* Effect.flip(guard.admit([exposure(ticker, "bid", 10.01)]))
        assert.strictEqual(refused.rule, "marketPosition")
        yield* guard.admit([exposure(ticker, "bid", 10)])
        yield* Effect.flip(guard.admit([exposure(ticker, "ask", 19.01)]))
        yield* guard.admit([exposure(ticker, "ask", 19)])
      }).pipe(Effect.provide(guarded({ marketPosition: Contracts.of(20) })))
      yield* Effect.gen(function* () {
        const guard = yield* Guard.Guard
        // 7 at 40 cents and 4 at 10
        const refused = yield* Effect.flip(guard.admit([exposure(ticker, "bid", 3.61)]))
        assert.strictEqual(refused.rule, "openNotional")
        yield* guard.admit([exposure(ticker, "bid", 3.6)])
      }).pipe(Effect.provide(guarded({ openNotional: Dollars.of(5) })))
    })
  )

  it.effect("refuses what raises risk where the account cannot be read", () =>
    Effect.gen(function* () {
      const control = yield* Control.Control
      const ticker = yield* kit.market()
      yield* control.inject(Faults.serverError(503, "service_unavailable"), { endpoint: "getPositions", times: 100 })
      yield* Effect.gen(function* () {
        const guard = yield* Guard.Guard
        const refused = yield* Effect.flip(guard.admit([exposure(ticker, "bid", 1)]))
        assert.strictEqual(refused.rule, "state")
        assert.include(refused.description, "getPositions")
        yield* control.clearFaults
        yield* guard.admit([exposure(ticker, "bid", 1)])
      }).pipe(Effect.provide(guarded({ marketPosition: Contracts.of(1000) })), kit.impatient)
    })
  )

  it.effect("cancels every resting order with its switch, which outlives it", () =>
    Effect.gen(function* () {
      const control = yield* Control.Control
      const portfolio = yield* Portfolio.Portfolio
      const ticker = yield* kit.market()
      // more than one batch
      const orders = Array.from({ length: 25 }, () => kit.bid(ticker, 30, 1))
      yield* portfolio.batchCreateOrders(orders)
      yield* control.setReadLag("500 millis")
      const kept = new Map<string, Kill>()
      yield* Guard.kill({ reason: "the model is wrong", cancelAll: true }).pipe(Effect.provide(guarded({}, kept)))
      yield* control.setReadLag(0)
      assert.deepStrictEqual(
        (yield* kit.ordersIn(ticker)).filter(({ status }) => status === "resting"),
        []
      )
      assert.deepStrictEqual([...kept.keys()], ["sandbox"])
      const refused = yield* Effect.flatMap(Guard.Guard, (guard) =>
        Effect.flip(guard.admit([exposure(ticker, "bid", 1)]))
      ).pipe(Effect.provide(guarded({}, kept)))
      assert.strictEqual(refused.rule, "killed")
      yield* Effect.flatMap(Guard.Guard, (guard) => guard.admit([exposure(ticker, "bid", 1)])).pipe(
        Effect.provide(guarded({ account: "another" }, kept))
      )
    })
  )
})
