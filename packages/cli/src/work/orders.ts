/**
 * What `kalshi orders` does.
 */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import * as Historical from "effect-kalshi/Historical"
import * as Markets from "effect-kalshi/Markets"
import * as Order from "effect-kalshi/models/Order"
import * as Portfolio from "effect-kalshi/Portfolio"
import * as Session from "../Session.ts"
import type * as Times from "../Times.ts"
import * as Words from "../Words.ts"
import * as bothSides from "./bothSides.ts"
import * as list from "./list.ts"

interface Options {
  readonly status: Option.Option<"resting" | "canceled" | "executed">
  readonly ticker: Option.Option<string>
  readonly event: Option.Option<string>
  readonly since: Option.Option<Times.Time>
  readonly subaccount: Option.Option<number>
  readonly limit: number
}

const view: list.View<Order.Order, typeof Order.Order.Encoded> = {
  name: "orders",
  schema: Order.Order,
  columns: [
    { head: "CREATED (UTC)", cell: ({ createdAt }) => (createdAt === undefined ? undefined : Words.time(createdAt)) },
    { head: "TICKER", cell: ({ ticker }) => ticker },
    { head: "SIDE", cell: ({ side }) => side },
    { head: "PRICE", align: "point", cell: ({ price }) => Words.money(price) },
    { head: "COUNT", align: "point", cell: ({ initial }) => Words.count(initial) },
    { head: "FILLED", align: "point", cell: ({ filled }) => Words.count(filled) },
    { head: "LEFT", align: "point", cell: ({ remaining }) => Words.count(remaining) },
    { head: "STATUS", cell: ({ status }) => status },
    { head: "SUB", align: "right", cell: ({ subaccount }) => subaccount?.toString() },
    { head: "ORDER ID", cell: ({ orderId }) => orderId }
  ]
}

// The archive is not asked by event, and no market is told by its name: the exchange lists those of an event.
const marketsOf = Effect.fnUntraced(function* (eventTicker: string) {
  const markets = yield* Markets.Markets
  const historical = yield* Historical.Historical
  const tickers = Stream.concat(markets.markets({ eventTicker }), historical.markets({ eventTicker })).pipe(
    Stream.map(({ ticker }) => ticker)
  )
  return new Set(yield* Stream.runCollect(tickers))
})

/** Lists orders: those of the live side, and where they end those of the archive. */
export const run = (options: Options) =>
  Effect.gen(function* () {
    const portfolio = yield* Portfolio.Portfolio
    const historical = yield* Historical.Historical
    const range = yield* list.range(options.since, Option.none())
    const status = Option.getOrUndefined(options.status)
    const query = {
      ...range,
      ticker: Option.getOrUndefined(options.ticker),
      subaccount: Option.getOrUndefined(options.subaccount),
      limit: list.pageFor(options.limit)
    }
    const live = portfolio.orders({
      ...query,
      status,
      eventTickers: Option.isSome(options.event) ? [options.event.value] : undefined
    })
    const archived = Stream.unwrap(
      Effect.gen(function* () {
        // what rests is never archived
        if (status === "resting") return Stream.empty
        const tickers = Option.isSome(options.event) ? yield* marketsOf(options.event.value) : undefined
        return historical
          .orders(query)
          .pipe(
            Stream.filter(
              (order) =>
                (status === undefined || order.status === status) &&
                (tickers === undefined || tickers.has(order.ticker))
            )
          )
      })
    )
    const orders = bothSides
      .of(live, archived, ({ orderId }) => orderId)
      .pipe(Stream.filter(({ createdAt }) => list.isWithin(range, createdAt)))
    yield* list.show(orders, options.limit, view)
  }).pipe(Session.provide)
