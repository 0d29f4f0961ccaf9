/**
 * Placing orders, one or several, on any wire.
 */
import * as Arr from "effect/Array"
import * as Clock from "effect/Clock"
import * as SecureRandom from "effect/crypto/SecureRandom"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as Contracts from "../Contracts.ts"
import * as Direction from "../Direction.ts"
import { type Exposure, Guard } from "../guard/Service.ts"
import type { Closing } from "../journal/Entry.ts"
import * as KalshiError from "../KalshiError.ts"
import type { CreatedItem } from "../models/Outcome.ts"
import * as OrderRequest from "../models/OrderRequest.ts"
import type * as OrderResult from "../models/OrderResult.ts"
import type * as PriceGrid from "../PriceGrid.ts"
import * as Timestamp from "../Timestamp.ts"
import * as batch from "./batch.ts"
import type { BatchFailure, CreateFailure, Entry, Item } from "./entry.ts"
import * as landed from "./landed.ts"
import type { Lists } from "./lists.ts"
import type { OrderMemory } from "./orderMemory.ts"
import { refuse } from "./refuse.ts"
import type { AskFreshness } from "./resolve.ts"
import type { Kind, Running, Writes } from "./writes.ts"

// how many orders of a batch are looked for side by side
const CONCURRENCY = 32

const exposureOf = ({ clientOrderId, order }: Item): Exposure => {
  const { price, side } = Direction.toQuote(order)
  return { key: clientOrderId, ticker: order.ticker, side, price, count: order.count, reduceOnly: order.reduceOnly }
}

const factsOf = (items: ReadonlyArray<Item>, since: bigint) => {
  const [first] = items
  return {
    exposures: () => items.map(exposureOf),
    clientOrderIds: items.map(({ clientOrderId }) => clientOrderId),
    subaccount: items.length === 1 ? first?.order.subaccount : undefined,
    exchangeIndex: items.length === 1 ? first?.order.exchangeIndex : undefined,
    since
  }
}

const isUnknown = ({ result }: CreatedItem): boolean => Result.isFailure(result) && result.failure.outcome === "unknown"

/** What a batch comes to; its entry stays open while one of its items has no end. */
const settledAll = (items: ReadonlyArray<CreatedItem>): Closing | undefined =>
  items.some(isUnknown)
    ? undefined
    : {
        outcome: "settled",
        summary: `${items.filter(({ result }) => Result.isSuccess(result)).length} of ${items.length} placed`
      }

/** Makes the operations that place orders; a grid that is known refuses what is off it. */
export const make = Effect.fnUntraced(function* (options: {
  readonly entry: Entry
  readonly lists: Lists
  readonly memory: OrderMemory
  readonly knownGrid: (ticker: string) => Effect.Effect<PriceGrid.PriceGrid | undefined>
  readonly writes: Writes
  readonly freshness: AskFreshness
}) {
  const { entry, freshness, knownGrid, lists, memory, writes } = options
  const { batchCreateOrders, createOrder, mayLack } = entry
  const random = yield* SecureRandom.SecureRandom
  const guard = yield* Guard

  const freshId = (given: string | undefined): Effect.Effect<string> =>
    given === undefined ? random.uuidV4() : Effect.succeed(given)

  /** Keeps what is known of an order from now on, and tells the guard what it adds. */
  const settled = (
    { write }: Running,
    { clientOrderId, order }: Item,
    result: Result.Result<OrderResult.OrderResult, KalshiError.KalshiError>
  ): Effect.Effect<void> => {
    if (Result.isSuccess(result)) {
      const { filled, orderId, remaining } = result.success
      const { price } = Direction.toQuote(order)
      memory.remember(orderId, { ticker: order.ticker, subaccount: order.subaccount ?? 0 }, remaining === 0)
      memory.resize(orderId, remaining === 0 ? undefined : { price, total: Contracts.add(filled, remaining) })
      return write.admitted ? guard.settle({ key: clientOrderId, orderId, remaining, filled }) : Effect.void
    }
    return write.admitted && result.failure.outcome === "not-applied"
      ? guard.settle({ key: clientOrderId, remaining: Contracts.zero, filled: Contracts.zero })
      : Effect.void
  }

  const creating: Kind<OrderResult.OrderResult, CreateFailure> = {
    fail: createOrder.fail,
    tell: (which, result) => ({ ...which, operation: "createOrder", result })
  }

  const creatingAll: Kind<ReadonlyArray<Answered>, BatchFailure> = {
    fail: batchCreateOrders.fail,
    tell: (which, result) => ({ ...which, operation: "batchCreateOrders", result }),
    closing: settledAll
  }

  const create = Effect.fnUntraced(function* (order: OrderRequest.OrderRequest) {
    const since = yield* Clock.monotonicTimeNanos
    yield* refuse(createOrder, OrderRequest.check(order, yield* knownGrid(order.ticker)))
    yield* entry.check(createOrder, order)
    const item: Item = { order, clientOrderId: yield* freshId(order.clientOrderId) }
    const startedAt = yield* Timestamp.now
    return yield* writes.run(creating, factsOf([item], since), (running) =>
      entry.create(item).pipe(
        Effect.catchIf(landed.isLost, (error) =>
          landed.settle({ running, lists, freshness, item, error, startedAt, op: createOrder, mayLack })
        ),
        Effect.mapError((error) => createOrder.named(error, [item.clientOrderId])),
        Effect.result,
        Effect.tap((result) => settled(running, item, result)),
        Effect.flatMap(Effect.fromResult)
      )
    )
  })

  /** One order of a batch, whose answer may have been lost with the others or alone. */
  const settleItem = (
    running: Running,
    item: Item,
    read: Result.Result<OrderResult.OrderResult, BatchFailure>,
    startedAt: Timestamp.Timestamp
  ): Effect.Effect<Answered> =>
    Effect.fromResult(read).pipe(
      Effect.catchIf(landed.isLost, (error) =>
        landed.settle({ running, lists, freshness, item, error, startedAt, op: batchCreateOrders, mayLack })
      ),
      Effect.mapError((error) => batchCreateOrders.named(error, [item.clientOrderId])),
      Effect.result,
      Effect.tap((result) => settled(running, item, result)),
      Effect.map((result) => ({ clientOrderId: item.clientOrderId, result }))
    )

  /** One batch of orders that were wanted at an instant. */
  const sendAll = Effect.fnUntraced(function* (items: ReadonlyArray<Item>, since: bigint) {
    const ids = items.map((item) => item.clientOrderId)
    const startedAt = yield* Timestamp.now
    const known: Array<Answered | undefined> = []
    const work = (running: Running) =>
      entry.batchCreate(items).pipe(
        Effect.catch((error) =>
          running.write.phase === "sent"
            ? // once it was sent each order has an end of its own
              Effect.succeed(items.map(() => Result.fail(error)))
            : Effect.fail(batchCreateOrders.named(error, ids))
        ),
        Effect.flatMap((answers) =>
          Effect.forEach(
            items,
            (item, index) => {
              const unanswered = Result.fail(batchCreateOrders.fail(new KalshiError.Unanswered()))
              return Effect.map(settleItem(running, item, answers[index] ?? unanswered, startedAt), (answer) => {
                known[index] = answer
                return answer
              })
            },
            { concurrency: CONCURRENCY }
          )
        )
      )
    return yield* writes.run(creatingAll, factsOf(items, since), work, (unknown) =>
      Effect.succeed(items.map((item, index) => known[index] ?? failed(item, unknown)))
    )
  })

  const failed = ({ clientOrderId }: Item, error: BatchFailure): Answered => ({
    clientOrderId,
    result: Result.fail(batchCreateOrders.named(error, [clientOrderId]))
  })

  /** Several batches, one after the other: what became of one says nothing of the next. */
  const inParts = (items: ReadonlyArray<Item>, size: number, since: bigint): Effect.Effect<ReadonlyArray<Answered>> =>
    Effect.map(
      // half of what the bucket holds: the whole of it is there again only when nobody else has taken any
      Effect.forEach(Arr.chunksOf(items, Math.ceil(size / 2)), (part) =>
        Effect.catch(sendAll(part, since), (error) => Effect.succeed(part.map((item) => failed(item, error))))
      ),
      Arr.flatten
    )

  const batchCreate = Effect.fnUntraced(function* (
    requests: ReadonlyArray<OrderRequest.OrderRequest>,
    options?: OrderRequest.BatchOptions
  ) {
    if (requests.length === 0) return []
    const since = yield* Clock.monotonicTimeNanos
    for (const [index, order] of requests.entries()) {
      const prefix = `orders[${index}].`
      yield* refuse(batchCreateOrders, OrderRequest.check(order, yield* knownGrid(order.ticker)), prefix)
      yield* entry.check(batchCreateOrders, order, prefix)
    }
    const items = yield* Effect.forEach(requests, (order) =>
      Effect.map(freshId(order.clientOrderId), (clientOrderId): Item => ({ order, clientOrderId }))
    )
    const ids = items.map((item) => item.clientOrderId)
    yield* batch.distinct(batchCreateOrders, "clientOrderId", ids)
    const whole = sendAll(items, since)
    return yield* options?.split === true
      ? Effect.catchReason(whole, "KalshiError", "LimitExceeded", ({ largest = 0 }, error) =>
          largest === 0 ? Effect.fail(error) : inParts(items, largest, since)
        )
      : whole
  })

  return { createOrder: create, batchCreateOrders: batchCreate }
})

/** What one order of a batch comes to. */
interface Answered extends CreatedItem {
  readonly result: Result.Result<OrderResult.OrderResult, BatchFailure>
}
