import { Control, Sandbox } from "@effect-kalshi/sandbox"
import { assert, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { Contracts, Dollars, Markets, Portfolio } from "effect-kalshi"
import * as support from "../support.ts"

it.live("smoke", () =>
  Effect.gen(function*() {
    const portfolio = yield* Portfolio.Portfolio
    const markets = yield* Markets.Markets
    const control = yield* Control.Control
    const sandbox = yield* Sandbox.Sandbox
    console.log(sandbox.url, yield* portfolio.getBalance())
    const ms = yield* markets.markets().pipe(Stream.runCollect)
    for (const m of ms) console.log(m.ticker, m.bid, m.ask, m.priceLevelStructure, yield* markets.getFees(m.ticker))
    const ticker = ms[0]!.ticker
    const o = { ticker, action: "buy", side: "yes", price: Dollars.cents(30), count: Contracts.of(10) } as const
    console.log(yield* portfolio.preview(o))
    const r = yield* portfolio.createOrder(o)
    console.log(r)
    console.log(yield* portfolio.getOrder(r.orderId))
    console.log(yield* portfolio.decreaseOrder(r.orderId, { by: Contracts.of(2) }))
    console.log(yield* portfolio.amendOrder({ orderId: r.orderId, side: "bid", price: Dollars.cents(31), total: Contracts.of(8) }))
    console.log(yield* portfolio.cancelOrder(r.orderId))
    console.log(yield* Effect.flip(portfolio.cancelOrder(r.orderId)).pipe(Effect.map((e) => e.message)))
    console.log(yield* portfolio.batchCreateOrders([o, { ...o, side: "no", price: Dollars.cents(90) }]))
    console.log(yield* portfolio.fills().pipe(Stream.runCollect))
    console.log(yield* portfolio.getPositions())
    console.log(yield* control.audit)
    assert.isTrue(true)
  }).pipe(Effect.provide(support.layer())))
