/**
 * What a change of an order asks of the engine on the wire of 2.0.0, each in
 * one command that answers the order as it stands afterwards.
 *
 * @since 0.1.0
 */
import type * as Orders from "effect-kalshi/api/legacy/Orders"
import type * as Contracts from "effect-kalshi/Contracts"
import * as Direction from "effect-kalshi/Direction"
import type * as Timestamp from "effect-kalshi/Timestamp"
import * as Result from "effect/Result"
import * as Answers from "../../Answers.ts"
import type * as Engine from "../../Engine.ts"
import * as LegacyAnswers from "../../LegacyAnswers.ts"
import type * as Model from "../../Model.ts"
import * as ClientId from "../ClientId.ts"
import * as Reduction from "../Reduction.ts"
import * as Entry from "./Entry.ts"

/**
 * An order that was cancelled, and what was taken off the book.
 *
 * @since 0.1.0
 * @category models
 */
export interface Cancelled {
  readonly order: Model.OrderView
  readonly reducedBy: Contracts.Contracts
}

/**
 * Cancels what remains of an order.
 *
 * @since 0.1.0
 * @category commands
 */
export const cancel = (
  engine: Engine.Engine,
  at: Timestamp.Timestamp,
  account: string,
  orderId: string
): Entry.Outcome<Cancelled> =>
  Result.flatMap(Result.mapError(engine.cancel(account, orderId, at, Entry.PRIMARY), Answers.coded), ({ reducedBy }) =>
    Result.map(Entry.shown(engine, account, orderId), (order) => ({ order, reducedBy }))
  )

/**
 * Makes an order smaller; down to more than remains of it does nothing.
 *
 * @since 0.1.0
 * @category commands
 */
export const decrease = (
  engine: Engine.Engine,
  at: Timestamp.Timestamp,
  account: string,
  orderId: string,
  request: typeof Orders.DecreaseOrderRequest.Type
): Entry.Outcome<Model.OrderView> => {
  const asked = Reduction.of(request)
  if (asked === undefined) {
    return Result.fail(LegacyAnswers.invalidParameters("give exactly one of reduce_by and reduce_to"))
  }
  engine.advance(at)
  const remaining = engine.order(account, orderId)?.remaining
  const by =
    "reduceTo" in asked && remaining !== undefined && remaining < asked.reduceTo ? { reduceTo: remaining } : asked
  return Result.flatMap(Result.mapError(engine.decrease(account, orderId, by, at, Entry.PRIMARY), Answers.coded), () =>
    Entry.shown(engine, account, orderId)
  )
}

/**
 * An order before and after it was amended.
 *
 * @since 0.1.0
 * @category models
 */
export interface Amended {
  readonly before: Model.OrderView
  readonly after: Model.OrderView
}

/**
 * Changes price or size of an order; the words of the request have to mean the
 * way that the order goes.
 *
 * @since 0.1.0
 * @category commands
 */
export const amend = (
  engine: Engine.Engine,
  at: Timestamp.Timestamp,
  account: string,
  orderId: string,
  change: typeof Orders.AmendOrderRequest.Type
): Entry.Outcome<Amended> => {
  const problem = ClientId.problemOf("updated_client_order_id", change.updated_client_order_id)
  if (problem !== undefined) return Result.fail(LegacyAnswers.invalidParameters(problem))
  const price = Entry.priceOf(change)
  if (Result.isFailure(price)) return Result.fail(price.failure)
  engine.advance(at)
  return Result.flatMap(Entry.shown(engine, account, orderId), (before) =>
    Result.flatMap(
      Result.mapError(
        engine.amend(
          account,
          orderId,
          {
            ticker: change.ticker,
            side: Direction.sideOf(change),
            price: price.success,
            total: change.count,
            clientOrderId: change.client_order_id,
            updatedClientOrderId: ClientId.given(change.updated_client_order_id)
          },
          at,
          Entry.PRIMARY
        ),
        Answers.coded
      ),
      () => Result.map(Entry.shown(engine, account, orderId), (after) => ({ before, after }))
    )
  )
}
