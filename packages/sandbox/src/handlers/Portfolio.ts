/**
 * Answers for the portfolio: balance, positions, fills, settlements,
 * deposits and withdrawals.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import * as HttpApiBuilder from "effect/http-api/HttpApiBuilder"
import * as Answers from "../Answers.ts"
import * as Cursors from "../Cursors.ts"
import * as Exchange from "../Exchange.ts"
import * as Gate from "../Gate.ts"
import * as Passage from "../Passage.ts"
import * as Render from "../Render.ts"
import * as Switches from "../Switches.ts"
import * as Positions from "./Positions.ts"
import * as Range from "./Range.ts"
import * as Scoped from "./Scoped.ts"
import * as Subaccounts from "./Subaccounts.ts"

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
    const switches = yield* Switches.Switches
    return handlers
      .handle("getBalance", ({ query }) =>
        Effect.gen(function* () {
          const caller = yield* Passage.Caller
          const { account } = caller
          const { engine } = yield* exchange.lagged
          const subaccount = Scoped.subaccountOf(query, caller) ?? 0
          return Scoped.isElsewhere(query) || !Scoped.hasSubaccount(engine, account, subaccount)
            ? Answers.notFound("not_found", "there is no such subaccount or shard")
            : Render.balance(engine.balance(account, subaccount), caller.subaccount !== undefined)
        })
      )
      .handle("getPositions", ({ query }) =>
        Effect.gen(function* () {
          const caller = yield* Passage.Caller
          const { account } = caller
          const { engine } = yield* exchange.lagged
          const unknown = Positions.unknownWord(Positions.counts, query.count_filter)
          if (unknown !== undefined) return Answers.invalidParameters(`invalid count_filter: ${unknown}`)
          const views = Scoped.isElsewhere(query)
            ? []
            : engine.positions(account, "unsettled", Scoped.subaccountOf(query, caller))
          const { end, events, markets } = Positions.page(cursors, engine, views, query, Positions.counts)
          return {
            market_positions: markets.map(Render.marketPosition),
            event_positions: events.map(([eventTicker, views]) => Render.eventPosition(eventTicker, views)),
            ...end
          }
        })
      )
      .handle("getFills", ({ query }) =>
        Effect.gen(function* () {
          const caller = yield* Passage.Caller
          const { account } = caller
          const { engine } = yield* exchange.lagged
          const { items, ...end } = cursors.page("fills", query, (limit, cursor) =>
            Scoped.isElsewhere(query)
              ? { items: [] }
              : engine.fills(
                  account,
                  {
                    ticker: query.ticker,
                    orderId: query.order_id,
                    subaccount: Scoped.subaccountOf(query, caller),
                    ...Range.of(query, switches.rangeBounds),
                    side: { archived: false, cutoff: switches.cutoff.trades }
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
          const caller = yield* Passage.Caller
          const { account } = caller
          const { engine } = yield* exchange.lagged
          const { items, ...end } = cursors.page("settlements", query, (limit, cursor) =>
            engine.settlements(
              account,
              {
                ticker: query.ticker,
                eventTickers: query.event_ticker === undefined ? undefined : [query.event_ticker],
                subaccount: Scoped.subaccountOf(query, caller),
                ...Range.of(query, switches.rangeBounds)
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
          const { account } = yield* Passage.Caller
          const { engine } = yield* exchange.lagged
          return Render.restingTotal(Subaccounts.balances(engine, account))
        })
      )
      .handle("getDeposits", ({ query }) =>
        Effect.gen(function* () {
          const { account } = yield* Passage.Caller
          const { engine } = yield* exchange.lagged
          const { items, ...end } = cursors.page("deposits", query, (limit, cursor) =>
            engine.deposits(account, limit, cursor)
          )
          return { deposits: items.map(Render.deposit), ...end }
        })
      )
      .handle("getWithdrawals", ({ query }) =>
        Effect.gen(function* () {
          const { account } = yield* Passage.Caller
          const { engine } = yield* exchange.lagged
          const { items, ...end } = cursors.page("withdrawals", query, (limit, cursor) =>
            engine.withdrawals(account, limit, cursor)
          )
          return { withdrawals: items.map(Render.withdrawal), ...end }
        })
      )
  })
)
