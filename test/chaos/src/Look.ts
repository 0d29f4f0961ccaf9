/**
 * What a program does about what neither the client nor the journal tells it:
 * it reads, once reads are as fresh as they have to be.
 */
import { Exchange, type Order, Portfolio, Timestamp } from "effect-kalshi"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import type * as Desk from "./Desk.ts"
import type * as Diary from "./Diary.ts"
import * as Words from "./Words.ts"

// reads meet faults too, and this program has all the time that it takes
const stubborn = <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, never, R> =>
  Effect.catch(effect, () => Effect.delay(stubborn(effect), "200 millis"))

/** Reads something, whatever it is. */
export const any = Exchange.Exchange.use((exchange) => stubborn(exchange.getUserDataTimestamp))

/** Waits until reads show everything up to an instant. */
export const fresh = Effect.fnUntraced(function* (instant: Timestamp.Timestamp) {
  const exchange = yield* Exchange.Exchange
  while ((yield* stubborn(exchange.getUserDataTimestamp)) < instant) yield* Effect.sleep("100 millis")
})

/** The order of an id of ours, if there is one. */
const find = Effect.fnUntraced(function* (wanted: typeof Diary.Wanted.Type) {
  const portfolio = yield* Portfolio.Portfolio
  return yield* portfolio.orders({ ticker: wanted.ticker }).pipe(
    Stream.filter((order) => order.clientOrderId === wanted.clientOrderId),
    Stream.runHead,
    stubborn
  )
})

const seen = (order: Order.Order): Diary.Word => ({
  outcome: "seen",
  orderId: order.orderId,
  seen: Words.seenOf(order)
})

/** What the exchange shows of each item of what was asked for; none where there is no such order. */
export const at = Effect.fnUntraced(function* (what: Desk.What) {
  const portfolio = yield* Portfolio.Portfolio
  yield* fresh(yield* Timestamp.now)
  const read = (orderId: string) => Effect.map(stubborn(portfolio.getOrder(orderId)), Option.some)
  const orders =
    what._tag === "create" || what._tag === "batch"
      ? yield* Effect.forEach(what.orders, find)
      : what._tag === "batchCancel"
        ? yield* Effect.forEach(what.orders, (order) => read(order.orderId))
        : [yield* read(what.orderId)]
  return orders.map((order) => Option.map(order, seen))
})
