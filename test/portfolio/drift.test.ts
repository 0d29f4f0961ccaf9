import { Control, Faults } from "@effect-kalshi/sandbox"
import { assert, layer } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { Contracts, Dollars, Drift, Markets, Portfolio } from "effect-kalshi"
import * as Recorder from "../contract/Recorder.ts"
import * as support from "../support.ts"

/** What an effect lets the listener hear. */
const heard = <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<ReadonlyArray<Drift.Drift>, E, R> =>
  Effect.suspend(() => {
    const all: Array<Drift.Drift> = []
    return Effect.as(
      Effect.provideService(effect, Drift.Listener, (drift) => Effect.sync(() => all.push(drift))),
      all
    )
  })

const ticker = "KXHIGHNY-26DEC31-T40"

layer(support.layer({ keyType: "ed25519" }), { excludeTestServices: true })("drift", (it) => {
  it.effect("is not heard where the exchange says what is declared", () =>
    Effect.gen(function* () {
      const portfolio = yield* Portfolio.Portfolio
      const markets = yield* Markets.Markets
      yield* portfolio.createOrder({ ticker, side: "bid", price: Dollars.cents(60), count: Contracts.of(3) })
      const reads = Effect.all([
        portfolio.getBalance(),
        portfolio.getOrders(),
        portfolio.getFills(),
        portfolio.getPositions(),
        markets.getMarkets(),
        markets.getFees(ticker)
      ])
      assert.deepStrictEqual(yield* heard(Effect.provideService(reads, Drift.Strict, true)), [])
    })
  )

  it.effect("is heard once a list, or once a record when strict, and breaks nothing", () =>
    Effect.gen(function* () {
      const portfolio = yield* Portfolio.Portfolio
      const control = yield* Control.Control
      yield* portfolio.createOrder({ ticker, side: "bid", price: Dollars.cents(30), count: Contracts.of(1) })
      yield* portfolio.createOrder({ ticker, side: "bid", price: Dollars.cents(30), count: Contracts.of(1) })
      const rows = (yield* portfolio.getOrders()).orders.length
      assert.isAtLeast(rows, 2)
      yield* control.setUnknownFields(true)
      const field = (path: string): Drift.Drift => ({ kind: "field", operation: "getOrders", path })
      const inFirst = field("orders[].sandbox_unannounced")
      assert.sameDeepMembers([...(yield* heard(portfolio.getOrders()))], [inFirst, field("sandbox_unannounced")])
      assert.sameDeepMembers(
        [...(yield* heard(Effect.provideService(portfolio.getOrders(), Drift.Strict, true)))],
        [...Array.from({ length: rows }, () => inFirst), field("sandbox_unannounced")]
      )
      yield* control.setUnknownFields(false)
    })
  )

  it.effect("tells of a success with a status that is not declared", () =>
    Effect.gen(function* () {
      const portfolio = yield* Portfolio.Portfolio
      const control = yield* Control.Control
      yield* control.inject(Faults.status(200), { endpoint: "createOrder" })
      const drifts = yield* heard(
        portfolio.createOrder({ ticker, side: "bid", price: Dollars.cents(30), count: Contracts.of(1) })
      )
      assert.deepStrictEqual(drifts, [{ kind: "status", operation: "createOrder", status: 200 }])
    }).pipe(Recorder.exempt({ of: "response", because: "200 where 201 is declared" }))
  )
})
