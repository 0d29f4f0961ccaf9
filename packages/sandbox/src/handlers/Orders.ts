/**
 * Answers for orders: entry and reading.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import * as HttpApiBuilder from "effect/http-api/HttpApiBuilder"
import * as Result from "effect/Result"
import type * as Orders from "effect-kalshi/api/Orders"
import * as Contracts from "effect-kalshi/Contracts"
import * as Answers from "../Answers.ts"
import * as Cursors from "../Cursors.ts"
import type * as Engine from "../Engine.ts"
import * as Exchange from "../Exchange.ts"
import * as Gate from "../Gate.ts"
import type * as Model from "../Model.ts"
import * as Passage from "../Passage.ts"
import * as Render from "../Render.ts"
import * as Switches from "../Switches.ts"
import * as ClientId from "./ClientId.ts"
import * as Range from "./Range.ts"
import * as Reduction from "./Reduction.ts"
import * as Scoped from "./Scoped.ts"

const invalid = (details: string): Answers.Coded => ({
  status: 400,
  code: "invalid_parameters",
  message: "invalid parameters",
  details
})

const missing = (details: string): Answers.Coded => ({ status: 404, code: "not_found", message: "not found", details })

const badClientId = (id: string | undefined): Answers.Coded | undefined => {
  const problem = ClientId.problemOf("client_order_id", id)
  return problem === undefined ? undefined : invalid(problem)
}

// What is wrong with a new order before the engine sees it.
const refusedEarly = (order: typeof Orders.CreateOrderRequest.Type): Answers.Coded | undefined => {
  if ((order.exchange_index ?? 0) > 0) {
    return { status: 404, code: "market_not_found", message: "market not found", details: "not on this shard" }
  }
  if (order.order_group_id !== undefined) {
    return { status: 404, code: "order_group_not_found", message: "order group not found", details: "" }
  }
  return badClientId(order.client_order_id)
}

const toNewOrder = (order: typeof Orders.CreateOrderRequest.Type): Model.NewOrder => ({
  ticker: order.ticker,
  side: order.side,
  price: order.price,
  count: order.count,
  timeInForce: order.time_in_force,
  selfTradePrevention: order.self_trade_prevention_type,
  clientOrderId: ClientId.given(order.client_order_id),
  expiration: order.expiration_time,
  postOnly: order.post_only,
  reduceOnly: order.reduce_only,
  cancelOnPause: order.cancel_order_on_pause
})

type Outcome<A> = Result.Result<A, Answers.Coded>

const create = (
  engine: Engine.Engine,
  at: Parameters<Engine.Engine["create"]>[2],
  caller: Passage.Caller["Service"],
  order: typeof Orders.CreateOrderRequest.Type
): Outcome<Model.Placed> => {
  const early = refusedEarly(order)
  return early === undefined
    ? Result.mapError(
        engine.create(caller.account, { ...toNewOrder(order), subaccount: Scoped.subaccountOf(order, caller) }, at),
        Answers.coded
      )
    : Result.fail(early)
}

const cancel = (
  engine: Engine.Engine,
  at: Parameters<Engine.Engine["cancel"]>[2],
  caller: Passage.Caller["Service"],
  orderId: string,
  where: {
    readonly subaccount?: number | undefined
    readonly exchange_index?: number | undefined
    readonly market_ticker?: string | undefined
  }
): Outcome<Model.Cancelled> => {
  const known = engine.order(caller.account, orderId)
  return Scoped.isElsewhere(where) ||
    (where.market_ticker !== undefined && known !== undefined && known.ticker !== where.market_ticker)
    ? Result.fail(missing("order not found"))
    : Result.mapError(
        engine.cancel(caller.account, orderId, at, Scoped.subaccountOf(where, caller) ?? 0),
        Answers.coded
      )
}

/**
 * Builds the answers.
 *
 * @since 0.1.0
 * @category layers
 */
export const layer = HttpApiBuilder.group(Gate.Api, "orders", (handlers) =>
  Effect.gen(function* () {
    const exchange = yield* Exchange.Exchange
    const cursors = yield* Cursors.Cursors
    const switches = yield* Switches.Switches
    return handlers
      .handle("getOrders", ({ query }) =>
        Effect.gen(function* () {
          const caller = yield* Passage.Caller
          const { account } = caller
          const { engine } = yield* exchange.lagged
          const { items, ...end } = cursors.page("orders", query, (limit, cursor) =>
            Scoped.isElsewhere(query)
              ? { items: [] }
              : engine.orders(
                  account,
                  {
                    ticker: query.ticker,
                    eventTickers: query.event_ticker?.split(","),
                    subaccount: Scoped.subaccountOf(query, caller),
                    status: query.status,
                    ...Range.of(query, switches.rangeBounds),
                    side: { archived: false, cutoff: switches.cutoff.orders }
                  },
                  limit,
                  cursor
                )
          )
          return { orders: items.map(Render.order), ...end }
        })
      )
      .handle("getOrder", ({ params }) =>
        Effect.gen(function* () {
          const caller = yield* Passage.Caller
          const { account } = caller
          const { engine } = yield* exchange.lagged
          const order = engine.order(account, params.order_id)
          return order === undefined || (caller.subaccount ?? order.subaccount) !== order.subaccount
            ? Answers.notFound("not_found", "order not found")
            : { order: Render.order(order) }
        })
      )
      .handle("createOrder", ({ payload }) =>
        Effect.gen(function* () {
          const caller = yield* Passage.Caller
          const outcome = yield* exchange.run((engine, at) => create(engine, at, caller, payload))
          return Result.match(outcome, { onSuccess: Render.placed, onFailure: Answers.refused })
        })
      )
      .handle("batchCreateOrders", ({ payload }) =>
        Effect.gen(function* () {
          const caller = yield* Passage.Caller
          const orders = yield* Effect.forEach(
            payload.orders,
            (order): Effect.Effect<typeof Orders.BatchCreateOrdersItem.Type> =>
              Effect.map(
                exchange.run((engine, at) => create(engine, at, caller, order)),
                Result.match({
                  onSuccess: (placed): typeof Orders.BatchCreateOrdersItem.Type => Render.placed(placed),
                  onFailure: (error): typeof Orders.BatchCreateOrdersItem.Type => ({
                    ...(order.client_order_id === undefined ? {} : { client_order_id: order.client_order_id }),
                    error: Answers.item(error)
                  })
                })
              )
          )
          return { orders }
        })
      )
      .handle("batchCancelOrders", ({ payload }) =>
        Effect.gen(function* () {
          const caller = yield* Passage.Caller
          const orders = yield* Effect.forEach(
            payload.orders,
            (order): Effect.Effect<typeof Orders.BatchCancelOrdersItem.Type> =>
              Effect.map(
                exchange.run((engine, at) => cancel(engine, at, caller, order.order_id, order)),
                Result.match({
                  onSuccess: (cancelled): typeof Orders.BatchCancelOrdersItem.Type => Render.cancelled(cancelled),
                  onFailure: (error): typeof Orders.BatchCancelOrdersItem.Type => ({
                    order_id: order.order_id,
                    reduced_by: Contracts.zero,
                    error: Answers.item(error)
                  })
                })
              )
          )
          return { orders }
        })
      )
      .handle("cancelAllOrders", ({ query }) =>
        Effect.gen(function* () {
          const caller = yield* Passage.Caller
          const { account } = caller
          const tail = switches.cancelAllTail
          const outcome = yield* exchange.run((engine, at) =>
            engine.cancelAll(account, tail, at, Scoped.subaccountOf(query, caller))
          )
          return Result.isSuccess(outcome) ? undefined : Answers.refused(Answers.coded(outcome.failure))
        })
      )
      .handle("cancelOrder", ({ params, query }) =>
        Effect.gen(function* () {
          const caller = yield* Passage.Caller
          const outcome = yield* exchange.run((engine, at) => cancel(engine, at, caller, params.order_id, query))
          return Result.match(outcome, { onSuccess: Render.cancelled, onFailure: Answers.refused })
        })
      )
      .handle("amendOrder", ({ params, payload, query }) =>
        Effect.gen(function* () {
          const caller = yield* Passage.Caller
          const { account } = caller
          const early = Scoped.isElsewhere(payload)
            ? missing("order not found")
            : badClientId(payload.updated_client_order_id)
          if (early !== undefined) return Answers.refused(early)
          const outcome = yield* exchange.run((engine, at) =>
            engine.amend(
              account,
              params.order_id,
              {
                ticker: payload.ticker,
                side: payload.side,
                price: payload.price,
                total: payload.count,
                clientOrderId: payload.client_order_id,
                updatedClientOrderId: payload.updated_client_order_id
              },
              at,
              Scoped.subaccountOf(query, caller) ?? 0
            )
          )
          return Result.match(outcome, {
            onSuccess: Render.placed,
            onFailure: (refusal) => Answers.refused(Answers.coded(refusal))
          })
        })
      )
      .handle("decreaseOrder", ({ params, payload, query }) =>
        Effect.gen(function* () {
          const caller = yield* Passage.Caller
          const { account } = caller
          const by = Reduction.of(payload)
          if (by === undefined) return Answers.invalidParameters("give exactly one of reduce_by and reduce_to")
          if (Scoped.isElsewhere(payload)) return Answers.refused(missing("order not found"))
          const outcome = yield* exchange.run((engine, at) =>
            engine.decrease(account, params.order_id, by, at, Scoped.subaccountOf(query, caller) ?? 0)
          )
          return Result.match(outcome, {
            onSuccess: Render.decreased,
            onFailure: (refusal) => Answers.refused(Answers.coded(refusal))
          })
        })
      )
  })
)
