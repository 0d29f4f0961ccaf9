/**
 * Answers for the portfolio: balance, positions, fills, settlements.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import * as HttpApiBuilder from "effect/http-api/HttpApiBuilder"
import * as Answers from "../Answers.ts"
import * as Cursors from "../Cursors.ts"
import * as Exchange from "../Exchange.ts"
import * as Gate from "../Gate.ts"
import type * as Model from "../Model.ts"
import * as Render from "../Render.ts"
import * as Scoped from "./Scoped.ts"

const counts: Record<string, (view: Model.PositionView) => boolean> = {
  position: (view) => view.position !== 0,
  total_traded: (view) => view.totalTraded !== 0
}

/**
 * Builds the answers.
 *
 * @since 0.1.0
 * @category layers
 */
export const layer = HttpApiBuilder.group(Gate.Api, "portfolio", (handlers) =>
  Effect.gen(function* () {
    const exchange = yield* Exchange.Exchange
    const cursors = yield* Cursors.Cursors
    return handlers
      .handle("getBalance", ({ query }) =>
        Effect.gen(function* () {
          const { account } = yield* Gate.Caller
          const { engine } = yield* exchange.lagged
          return Scoped.isElsewhere(query)
            ? Answers.notFound("not_found", "there is no such subaccount or shard")
            : Render.balance(engine.balance(account))
        })
      )
      .handle("getPositions", ({ query }) =>
        Effect.gen(function* () {
          const { account } = yield* Gate.Caller
          const { engine } = yield* exchange.lagged
          const wanted = query.count_filter?.split(",").filter((name) => name !== "") ?? []
          const unknown = wanted.find((name) => !Object.hasOwn(counts, name))
          if (unknown !== undefined) return Answers.invalidParameters(`invalid count_filter: ${unknown}`)
          // in the order of listing, where markets are only ever added: no page boundary moves
          const listed = new Map(engine.markets().map(({ spec }, index) => [spec.ticker, index]))
          const place = (view: Model.PositionView): number => listed.get(view.ticker) ?? 0
          const all = Scoped.isElsewhere(query)
            ? []
            : engine
                .positions(account)
                .filter(
                  (view) =>
                    (query.ticker === undefined || view.ticker === query.ticker) &&
                    (query.event_ticker === undefined || view.eventTicker === query.event_ticker) &&
                    (wanted.length === 0 || wanted.some((name) => counts[name]?.(view)))
                )
                .toSorted((a, b) => place(a) - place(b))
          const { items, ...end } = cursors.page("positions", query, (limit, cursor = 0) => {
            const rest = all.filter((view) => place(view) >= cursor)
            const next = rest[limit]
            return { items: rest.slice(0, limit), next: next === undefined ? undefined : place(next) }
          })
          // an event comes with the first of its markets
          const firsts = items.filter((view) => all.find((other) => other.eventTicker === view.eventTicker) === view)
          return {
            market_positions: items.map(Render.marketPosition),
            event_positions: firsts.map(({ eventTicker }) =>
              Render.eventPosition(
                eventTicker,
                all.filter((view) => view.eventTicker === eventTicker)
              )
            ),
            ...end
          }
        })
      )
      .handle("getFills", ({ query }) =>
        Effect.gen(function* () {
          const { account } = yield* Gate.Caller
          const { engine } = yield* exchange.lagged
          const { items, ...end } = cursors.page("fills", query, (limit, cursor) =>
            Scoped.isElsewhere(query)
              ? { items: [] }
              : engine.fills(
                  account,
                  {
                    ticker: query.ticker,
                    orderId: query.order_id,
                    from: query.min_ts,
                    until: Scoped.wholeSecond(query.max_ts)
                  },
                  limit,
                  cursor
                )
          )
          return { fills: items.map(Render.fill), ...end }
        })
      )
      .handle("getSettlements", ({ query }) =>
        Effect.gen(function* () {
          const { account } = yield* Gate.Caller
          const { engine } = yield* exchange.lagged
          const { items, ...end } = cursors.page("settlements", query, (limit, cursor) =>
            Scoped.isElsewhere(query)
              ? { items: [] }
              : engine.settlements(
                  account,
                  {
                    ticker: query.ticker,
                    eventTickers: query.event_ticker === undefined ? undefined : [query.event_ticker],
                    from: query.min_ts,
                    until: Scoped.wholeSecond(query.max_ts)
                  },
                  limit,
                  cursor
                )
          )
          return { settlements: items.map(Render.settlement), ...end }
        })
      )
      .handle("getPortfolioRestingOrderTotalValue", () =>
        Effect.gen(function* () {
          const { account } = yield* Gate.Caller
          const { engine } = yield* exchange.lagged
          return Render.restingTotal(engine.balance(account))
        })
      )
  })
)
