/**
 * What `kalshi fills` does.
 */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import * as Historical from "effect-kalshi/Historical"
import * as Fill from "effect-kalshi/models/Fill"
import * as Portfolio from "effect-kalshi/Portfolio"
import * as Session from "../Session.ts"
import type * as Times from "../Times.ts"
import * as Words from "../Words.ts"
import * as bothSides from "./bothSides.ts"
import * as list from "./list.ts"

interface Options {
  readonly ticker: Option.Option<string>
  readonly since: Option.Option<Times.Time>
  readonly until: Option.Option<Times.Time>
  readonly subaccount: Option.Option<number>
  readonly limit: number
}

const view: list.View<Fill.Fill, typeof Fill.Fill.Encoded> = {
  name: "fills",
  schema: Fill.Fill,
  columns: [
    { head: "TIME (UTC)", cell: ({ createdAt }) => (createdAt === undefined ? undefined : Words.time(createdAt)) },
    { head: "TICKER", cell: ({ ticker }) => ticker },
    { head: "SIDE", cell: ({ side }) => side },
    { head: "COUNT", align: "point", cell: ({ count }) => Words.count(count) },
    { head: "PRICE", align: "point", cell: ({ price }) => Words.money(price) },
    { head: "FEE", align: "point", cell: ({ fee }) => (fee === undefined ? undefined : Words.money(fee)) },
    { head: "ROLE", cell: ({ isTaker }) => (isTaker ? "taker" : "maker") },
    { head: "SUB", align: "right", cell: ({ subaccount }) => subaccount?.toString() }
  ]
}

/** Lists fills: those of the live side, and where they end those of the archive. */
export const run = (options: Options) =>
  Effect.gen(function* () {
    const portfolio = yield* Portfolio.Portfolio
    const historical = yield* Historical.Historical
    const range = yield* list.range(options.since, options.until)
    const query = {
      ...range,
      ticker: Option.getOrUndefined(options.ticker),
      subaccount: Option.getOrUndefined(options.subaccount),
      limit: list.pageFor(options.limit)
    }
    const fills = bothSides
      .of(portfolio.fills(query), historical.fills(query), Fill.key)
      .pipe(Stream.filter(({ createdAt }) => list.isWithin(range, createdAt)))
    yield* list.show(fills, options.limit, view)
  }).pipe(Session.provide)
