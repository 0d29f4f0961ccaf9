/**
 * Answers for the portfolio, on the wire of 2.0.0: balance, positions, fills,
 * settlements.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import * as HttpApiBuilder from "effect/http-api/HttpApiBuilder"
import * as Cursors from "../../Cursors.ts"
import * as Exchange from "../../Exchange.ts"
import * as LegacyAnswers from "../../LegacyAnswers.ts"
import * as LegacyGate from "../../LegacyGate.ts"
import * as LegacyRender from "../../LegacyRender.ts"
import * as Passage from "../../Passage.ts"
import * as Switches from "../../Switches.ts"
import * as Positions from "../Positions.ts"
import * as Range from "../Range.ts"
import * as Uuid from "../Uuid.ts"
import * as Entry from "./Entry.ts"

const counts: Positions.Counts = { ...Positions.counts, resting_order_count: (view) => view.resting !== 0 }

/**
 * Builds the answers.
 *
 * @since 0.1.0
 * @category layers
 */
export const layer = HttpApiBuilder.group(LegacyGate.Api, "portfolio", (handlers) =>
  Effect.gen(function* () {
    const exchange = yield* Exchange.Exchange
    const cursors = yield* Cursors.Cursors
    const switches = yield* Switches.Switches
    return handlers
      .handle("getBalance", () =>
        Effect.gen(function* () {
          const { account } = yield* Passage.Caller
          const { engine } = yield* exchange.lagged
          return LegacyRender.balance(engine.balance(account))
        })
      )
      .handle("getPositions", ({ query }) =>
        Effect.gen(function* () {
          const { account } = yield* Passage.Caller
          const { engine } = yield* exchange.lagged
          const unknown = Positions.unknownWord(counts, query.count_filter)
          if (unknown !== undefined) {
            return LegacyAnswers.refused(LegacyAnswers.invalidParameters(`invalid count_filter: ${unknown}`))
          }
          const views = engine.positions(account, query.settlement_status)
          const { end, events, markets } = Positions.page(cursors, engine, views, query, counts)
          return {
            market_positions: markets.map(LegacyRender.marketPosition),
            event_positions: events.map(([eventTicker, views]) => LegacyRender.eventPosition(eventTicker, views)),
            ...end
          }
        })
      )
      .handle("getFills", ({ query }) =>
        Effect.gen(function* () {
          const { account } = yield* Passage.Caller
          const { engine } = yield* exchange.lagged
          const orderId = query.order_id === undefined ? undefined : Uuid.read(query.order_id)
          if (query.order_id !== undefined && orderId === undefined) {
            return LegacyAnswers.refused(LegacyAnswers.invalidParameters("order_id must be a UUID"))
          }
          const { items, ...end } = cursors.page("fills", query, (limit, cursor) =>
            engine.fills(
              account,
              { ticker: query.ticker, orderId, subaccount: Entry.PRIMARY, ...Range.of(query, switches.rangeBounds) },
              limit,
              cursor
            )
          )
          return { fills: items.map(LegacyRender.fill), ...end }
        })
      )
      .handle("getPortfolioSettlements", ({ query }) =>
        Effect.gen(function* () {
          const { account } = yield* Passage.Caller
          const { engine } = yield* exchange.lagged
          const { items, ...end } = cursors.page("settlements", query, (limit, cursor) =>
            engine.settlements(
              account,
              { subaccount: Entry.PRIMARY, ...Range.of(query, switches.rangeBounds) },
              limit,
              cursor
            )
          )
          return { settlements: items.map(LegacyRender.settlement), ...end }
        })
      )
      .handle("getPortfolioRestingOrderTotalValue", () =>
        Effect.gen(function* () {
          const { account } = yield* Passage.Caller
          const { engine } = yield* exchange.lagged
          return LegacyRender.restingTotal(engine.balance(account))
        })
      )
  })
)
