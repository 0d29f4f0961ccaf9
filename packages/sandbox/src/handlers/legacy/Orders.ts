/**
 * Answers for orders, on the wire of 2.0.0: entry and reading.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import * as HttpApiBuilder from "effect/http-api/HttpApiBuilder"
import * as Result from "effect/Result"
import type * as Orders from "effect-kalshi/api/legacy/Orders"
import * as Contracts from "effect-kalshi/Contracts"
import type * as Answers from "../../Answers.ts"
import * as Cursors from "../../Cursors.ts"
import * as Exchange from "../../Exchange.ts"
import * as LegacyAnswers from "../../LegacyAnswers.ts"
import * as LegacyGate from "../../LegacyGate.ts"
import * as LegacyRender from "../../LegacyRender.ts"
import type * as Model from "../../Model.ts"
import * as Passage from "../../Passage.ts"
import * as Switches from "../../Switches.ts"
import * as Range from "../Range.ts"
import * as Change from "./Change.ts"
import * as Entry from "./Entry.ts"
import * as Uuid from "../Uuid.ts"

const notUuid = (what: string): Answers.Answer =>
  LegacyAnswers.refused(LegacyAnswers.invalidParameters(`${what} must be a UUID`))

const isStatus = (text: string): text is Model.OrderStatus =>
  text === "resting" || text === "canceled" || text === "executed"

// an item's error has its three parts and nothing of an answer of its own
const itemError = ({ code, details, message }: Answers.ItemError): Answers.ItemError => ({ code, message, details })

/**
 * Builds the answers.
 *
 * @since 0.1.0
 * @category layers
 */
export const layer = HttpApiBuilder.group(LegacyGate.Api, "orders", (handlers) =>
  Effect.gen(function* () {
    const exchange = yield* Exchange.Exchange
    const cursors = yield* Cursors.Cursors
    const switches = yield* Switches.Switches
    return handlers
      .handle("getOrders", ({ query }) =>
        Effect.gen(function* () {
          const { account } = yield* Passage.Caller
          const { engine } = yield* exchange.lagged
          const { status } = query
          if (status !== undefined && !isStatus(status)) {
            return LegacyAnswers.refused(
              LegacyAnswers.invalidParameters("status must be resting, canceled or executed")
            )
          }
          const { items, ...end } = cursors.page("orders", query, (limit, cursor) =>
            engine.orders(
              account,
              {
                ticker: query.ticker,
                eventTickers: query.event_ticker === undefined ? undefined : [query.event_ticker],
                subaccount: Entry.PRIMARY,
                status,
                ...Range.of(query, switches.rangeBounds)
              },
              limit,
              cursor
            )
          )
          return { orders: items.map(LegacyRender.order), ...end }
        })
      )
      .handle("getOrder", ({ params }) =>
        Effect.gen(function* () {
          const { account } = yield* Passage.Caller
          const { engine } = yield* exchange.lagged
          const orderId = Uuid.read(params.order_id)
          if (orderId === undefined) return notUuid("order_id")
          return Result.match(Entry.shown(engine, account, orderId), {
            onSuccess: (view) => ({ order: LegacyRender.order(view) }),
            onFailure: LegacyAnswers.refused
          })
        })
      )
      .handle("createOrder", ({ payload }) =>
        Effect.gen(function* () {
          const { account } = yield* Passage.Caller
          const outcome = yield* exchange.run((engine, at) => Entry.create(engine, at, account, payload))
          return Result.match(outcome, {
            onSuccess: (view) => ({ order: LegacyRender.confirmation(view) }),
            onFailure: LegacyAnswers.refused
          })
        })
      )
      .handle("batchCreateOrders", ({ payload }) =>
        Effect.gen(function* () {
          const { account } = yield* Passage.Caller
          const orders = yield* Effect.forEach(payload.orders, (order) =>
            Effect.map(
              exchange.run((engine, at) => Entry.create(engine, at, account, order)),
              Result.match({
                onSuccess: (view): typeof Orders.BatchCreateOrdersItem.Type => ({
                  order: LegacyRender.confirmation(view)
                }),
                onFailure: (error): typeof Orders.BatchCreateOrdersItem.Type => ({ error: itemError(error) })
              })
            )
          )
          return { orders }
        })
      )
      .handle("batchCancelOrders", ({ payload }) =>
        Effect.gen(function* () {
          const { account } = yield* Passage.Caller
          const ids = payload.ids.flatMap((id) => Uuid.read(id) ?? [])
          if (ids.length < payload.ids.length) return notUuid("each of ids")
          const orders = yield* Effect.forEach(ids, (orderId) =>
            Effect.map(
              exchange.run((engine, at) => Change.cancel(engine, at, account, orderId)),
              Result.match({
                onSuccess: ({ order, reducedBy }): typeof Orders.BatchCancelOrdersItem.Type => ({
                  order_id: orderId,
                  order: LegacyRender.order(order),
                  reduced_by: LegacyRender.whole(reducedBy)
                }),
                onFailure: (error): typeof Orders.BatchCancelOrdersItem.Type => ({
                  order_id: orderId,
                  reduced_by: Contracts.zero,
                  error: itemError(error)
                })
              })
            )
          )
          return { orders }
        })
      )
      .handle("cancelOrder", ({ params }) =>
        Effect.gen(function* () {
          const { account } = yield* Passage.Caller
          const orderId = Uuid.read(params.order_id)
          if (orderId === undefined) return notUuid("order_id")
          const outcome = yield* exchange.run((engine, at) => Change.cancel(engine, at, account, orderId))
          return Result.match(outcome, {
            onSuccess: ({ order, reducedBy }) => ({
              order: LegacyRender.order(order),
              reduced_by: LegacyRender.whole(reducedBy)
            }),
            onFailure: LegacyAnswers.refused
          })
        })
      )
      .handle("amendOrder", ({ params, payload }) =>
        Effect.gen(function* () {
          const { account } = yield* Passage.Caller
          const orderId = Uuid.read(params.order_id)
          if (orderId === undefined) return notUuid("order_id")
          const outcome = yield* exchange.run((engine, at) => Change.amend(engine, at, account, orderId, payload))
          return Result.match(outcome, {
            onSuccess: ({ after, before }) => ({
              old_order: LegacyRender.order(before),
              order: LegacyRender.order(after)
            }),
            onFailure: LegacyAnswers.refused
          })
        })
      )
      .handle("decreaseOrder", ({ params, payload }) =>
        Effect.gen(function* () {
          const { account } = yield* Passage.Caller
          const orderId = Uuid.read(params.order_id)
          if (orderId === undefined) return notUuid("order_id")
          const outcome = yield* exchange.run((engine, at) => Change.decrease(engine, at, account, orderId, payload))
          return Result.match(outcome, {
            onSuccess: (view) => ({ order: LegacyRender.order(view) }),
            onFailure: LegacyAnswers.refused
          })
        })
      )
  })
)
