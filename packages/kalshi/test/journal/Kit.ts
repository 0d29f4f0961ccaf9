/** What the tests of the journal share. */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type * as Scope from "effect/Scope"
import { TestClock } from "effect/testing"
import * as Contracts from "../../src/Contracts.ts"
import * as Dollars from "../../src/Dollars.ts"
import * as OrderJournal from "../../src/OrderJournal.ts"

export type Journal = OrderJournal.OrderJournal["Service"]

export type Opening = Layer.Layer<OrderJournal.OrderJournal, OrderJournal.JournalError>

/** Opens a journal, anew each time; it is closed with the scope. */
export const open = (layer: Opening): Effect.Effect<Journal, OrderJournal.JournalError, Scope.Scope> =>
  Effect.map(Layer.build(Layer.fresh(layer)), Context.get(OrderJournal.OrderJournal))

/** Opens a journal whose own clock stands still: it renews nothing, like a process that is gone. */
export const openStill = (layer: Opening) => Effect.provide(open(layer), TestClock.layer())

export const intent = (given: Partial<OrderJournal.Intent> = {}): OrderJournal.Intent => ({
  operation: "createOrder",
  environment: "demo",
  baseUrl: "https://demo-api.kalshi.co/trade-api/v2",
  account: "key-1",
  method: "POST",
  path: "/portfolio/orders",
  body: '{"ticker":"KXA-1","count":1}',
  clientOrderIds: ["c-1"],
  orderIds: [],
  ...given
})

export const whole = intent({
  operation: "amendOrder",
  subaccount: 3,
  exchangeIndex: 0,
  path: "/portfolio/orders/o-1/amend?subaccount=3",
  body: JSON.stringify({ text: `${'é\u2028\n\r\t\u0000"\\🙂 '.repeat(8000)}end` }),
  clientOrderIds: ["c-1", "c-2", "zwei\nzeilen"],
  orderIds: ["o-1"],
  before: { price: Dollars.micros(123_456), total: Contracts.centis(1_050) }
})

export const applied: OrderJournal.Closing = { outcome: "applied", summary: "resting as o-1" }

export const ids = (opened: ReadonlyArray<OrderJournal.Open>): ReadonlyArray<string> =>
  opened.map(({ entry }) => entry.id)

/** What an effect gives once it is as it should be; what it gives after 10 real seconds otherwise. */
export const eventually = <A, E, R>(
  effect: Effect.Effect<A, E, R>,
  isSo: (value: A) => boolean
): Effect.Effect<A, E, R> =>
  effect.pipe(
    Effect.tap((value) => (isSo(value) ? Effect.void : TestClock.withLive(Effect.sleep("10 millis")))),
    Effect.repeat({ until: isSo, times: 1000 })
  )
