/**
 * Placing orders, one or several, on any wire.
 */
import * as Clock from "effect/Clock"
import * as SecureRandom from "effect/crypto/SecureRandom"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Result from "effect/Result"
import * as KalshiError from "../KalshiError.ts"
import type * as PriceGrid from "../PriceGrid.ts"
import * as OrderRequest from "../models/OrderRequest.ts"
import * as batch from "./batch.ts"
import type { Entry } from "./entry.ts"
import * as landed from "./landed.ts"
import type { Lists } from "./lists.ts"
import type { OrderMemory } from "./orderMemory.ts"
import { refuse } from "./refuse.ts"

/** Makes the operations that place orders; a grid that is known refuses what is off it. */
export const make = Effect.fnUntraced(function* (options: {
  readonly entry: Entry
  readonly lists: Lists
  readonly memory: OrderMemory
  readonly knownGrid: (ticker: string) => Effect.Effect<PriceGrid.PriceGrid | undefined>
}) {
  const { entry, knownGrid, lists, memory } = options
  const { batchCreateOrders, createOrder } = entry
  const random = yield* SecureRandom.SecureRandom

  const freshId = (given: string | undefined): Effect.Effect<string> =>
    given === undefined ? random.uuidV4() : Effect.succeed(given)

  const remember = (orderId: string, order: OrderRequest.OrderRequest): void => {
    memory.remember(orderId, { ticker: order.ticker, subaccount: order.subaccount ?? 0 })
  }

  const create = Effect.fnUntraced(function* (order: OrderRequest.OrderRequest) {
    yield* refuse(createOrder, OrderRequest.check(order, yield* knownGrid(order.ticker)))
    yield* entry.check(createOrder, order)
    const clientOrderId = yield* freshId(order.clientOrderId)
    const startedAt = yield* Clock.currentTimeMillis
    return yield* entry.create({ order, clientOrderId }).pipe(
      Effect.catchIf(landed.isLost, (error) =>
        Effect.flatMap(
          landed.find(lists, order, clientOrderId, startedAt, entry.mayLack),
          Option.match({ onNone: () => Effect.fail(error), onSome: Effect.succeed })
        )
      ),
      Effect.mapError((error) => createOrder.named(error, [clientOrderId])),
      Effect.tap((result) => Effect.sync(() => remember(result.orderId, order)))
    )
  })

  const batchCreate = Effect.fnUntraced(function* (requests: ReadonlyArray<OrderRequest.OrderRequest>) {
    if (requests.length === 0) return []
    for (const [index, order] of requests.entries()) {
      const prefix = `orders[${index}].`
      yield* refuse(batchCreateOrders, OrderRequest.check(order, yield* knownGrid(order.ticker)), prefix)
      yield* entry.check(batchCreateOrders, order, prefix)
    }
    const items = yield* Effect.forEach(requests, (order) =>
      Effect.map(freshId(order.clientOrderId), (clientOrderId) => ({ order, clientOrderId }))
    )
    const ids = items.map((item) => item.clientOrderId)
    yield* batch.distinct(batchCreateOrders, "clientOrderId", ids)
    const startedAt = yield* Clock.currentTimeMillis
    const answers = yield* entry
      .batchCreate(items)
      .pipe(Effect.mapError((error) => batchCreateOrders.named(error, ids)))
    return yield* Effect.forEach(
      items,
      ({ clientOrderId, order }, index) => {
        const read = answers[index] ?? Result.fail(batchCreateOrders.fail(new KalshiError.Unanswered()))
        return Effect.map(
          Result.isFailure(read) && landed.isLost(read.failure)
            ? landed.find(lists, order, clientOrderId, startedAt, entry.mayLack)
            : Effect.succeedNone,
          (found) => {
            const result = Option.isSome(found)
              ? Result.succeed(found.value)
              : Result.mapError(read, (error) => batchCreateOrders.named(error, [clientOrderId]))
            if (Result.isSuccess(result)) remember(result.success.orderId, order)
            return { clientOrderId, result }
          }
        )
      },
      { concurrency: 8 }
    )
  })

  return { createOrder: create, batchCreateOrders: batchCreate }
})
