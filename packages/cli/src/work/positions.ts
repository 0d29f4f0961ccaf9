/**
 * What `kalshi positions` does.
 */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import { MarketPosition } from "effect-kalshi/models/Position"
import * as Portfolio from "effect-kalshi/Portfolio"
import * as Session from "../Session.ts"
import * as Words from "../Words.ts"
import * as list from "./list.ts"
import * as subaccounts from "./subaccounts.ts"

interface Options {
  readonly ticker: Option.Option<string>
  readonly event: Option.Option<string>
  readonly subaccount: Option.Option<number>
  readonly limit: number
}

// the exchange does not say of which subaccount a position is: it is read a subaccount at a time
const Row = Schema.Struct({ ...MarketPosition.fields, subaccount: Schema.optional(Schema.Int) })

const view: list.View<typeof Row.Type, typeof Row.Encoded> = {
  name: "positions",
  schema: Row,
  columns: [
    { head: "TICKER", cell: ({ ticker }) => ticker },
    { head: "POSITION", align: "point", cell: ({ position }) => Words.count(position) },
    { head: "EXPOSURE", align: "point", cell: ({ exposure }) => Words.money(exposure) },
    { head: "REALISED", align: "point", cell: ({ realizedPnl }) => Words.money(realizedPnl) },
    { head: "FEES", align: "point", cell: ({ feesPaid }) => Words.money(feesPaid) },
    { head: "CHANGED (UTC)", cell: ({ updatedAt }) => (updatedAt === undefined ? undefined : Words.time(updatedAt)) },
    { head: "SUB", align: "right", cell: ({ subaccount }) => subaccount?.toString() }
  ]
}

/** Lists positions, those that changed last first. */
export const run = (options: Options) =>
  Effect.gen(function* () {
    const portfolio = yield* Portfolio.Portfolio
    const numbers = Option.isSome(options.subaccount) ? [options.subaccount.value] : yield* subaccounts.numbers
    const of = (subaccount: number | undefined) =>
      Stream.map(
        portfolio.marketPositions({
          ticker: Option.getOrUndefined(options.ticker),
          eventTicker: Option.getOrUndefined(options.event),
          subaccount
        }),
        (position): typeof Row.Type => (subaccount === undefined ? position : { ...position, subaccount })
      )
    const rows = yield* Stream.runCollect(Stream.flatMap(Stream.fromIterable(numbers ?? [undefined]), of))
    const sorted = [...rows].toSorted((one, other) => (other.updatedAt ?? 0) - (one.updatedAt ?? 0))
    yield* list.show(Stream.fromIterable(sorted), options.limit, view)
  }).pipe(Session.provide)
