/**
 * Changing orders that rest, on any wire: what a wire sends, and what becomes
 * of it when its answer is lost.
 *
 * A cancel takes risk off: it is sent again until the order is known to be
 * dead. A decrease or an amend is sent once, and settled by what is filled and
 * what rests together, which fills do not change.
 */
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Result from "effect/Result"
import * as Schedule from "effect/Schedule"
import * as Schema from "effect/Schema"
import * as Contracts from "../Contracts.ts"
import * as Direction from "../Direction.ts"
import { type Exposure, Guard, type Seen } from "../guard/Service.ts"
import * as KalshiError from "../KalshiError.ts"
import type * as Order from "../models/Order.ts"
import { type CancelledOrder, type ChangedOrder, type OrderPlace, placed } from "../models/OrderChange.ts"
import * as OrderRequest from "../models/OrderRequest.ts"
import * as OrderResult from "../models/OrderResult.ts"
import type { CancelledItem } from "../models/Outcome.ts"
import * as Retry from "../Retry.ts"
import * as Timeout from "../Timeout.ts"
import * as operations from "./operations.ts"
import type { OrderMemory, Size } from "./orderMemory.ts"
import { checkPlace, refuse } from "./refuse.ts"
import * as resolve from "./resolve.ts"
import type { Kind, Running, Writes } from "./writes.ts"

// how its failures are made; each wire reads its own answers
const cancelOrder = operations.cancelOrder(Schema.Void)
const batchCancelOrders = operations.batchCancelOrders(Schema.Void)
const cancelAllOrders = operations.cancelAllOrders(Schema.Void)
const decreaseOrder = operations.decreaseOrder(Schema.Void)
const amendOrder = operations.amendOrder(Schema.Void)

type Failure<Op extends { readonly fail: (reason: KalshiError.OutcomeUnknown) => unknown }> = ReturnType<Op["fail"]>

/** How much smaller an order is to become. */
export type Reduction = OrderPlace & {
  readonly by?: Contracts.Contracts | undefined
  readonly to?: Contracts.Contracts | undefined
}

/** Whose orders are cancelled: those of one subaccount, or of all. */
export interface CancelAllQuery {
  readonly subaccount?: number | undefined
}

/** What one cancel of a batch comes to. */
export interface CancelAnswer extends CancelledItem {
  readonly result: Result.Result<CancelledOrder, Failure<typeof batchCancelOrders>>
}

/** What a wire sends. */
export interface Wire {
  readonly getOrder: (orderId: string) => Effect.Effect<Order.Order, KalshiError.Of<KalshiError.OrderNotFound>>
  readonly cancelOrder: (
    orderId: string,
    place?: OrderPlace
  ) => Effect.Effect<CancelledOrder, Failure<typeof cancelOrder>>
  readonly batchCancelOrders: (
    orders: ReadonlyArray<string | (OrderPlace & { readonly orderId: string })>
  ) => Effect.Effect<ReadonlyArray<CancelAnswer>, Failure<typeof batchCancelOrders>>
  readonly cancelAllOrders: (query?: CancelAllQuery) => Effect.Effect<void, Failure<typeof cancelAllOrders>>
  readonly amendOrder: (change: OrderRequest.AmendRequest) => Effect.Effect<ChangedOrder, Failure<typeof amendOrder>>
  readonly decreaseOrder: (
    orderId: string,
    options: Reduction
  ) => Effect.Effect<ChangedOrder, Failure<typeof decreaseOrder>>
}

// how many cancels of a batch are looked after side by side
const CONCURRENCY = 32
// how long a change waits to learn what an order is at that was not placed here, and each read of it: nobody could
// tell what became of one that is sent without, so that it is not sent
const BASELINE = Duration.seconds(5)
const GLANCE = "1 second"

/** What an order says of what it is at; nothing once it has ended. */
const sizeOf = (order: Order.Order): Size | undefined =>
  OrderResult.hasEnded(order) ? undefined : { price: order.price, total: Contracts.add(order.filled, order.remaining) }

const isLost = (error: KalshiError.KalshiError): boolean => error.outcome === "unknown"

// whether it rests no more, or nobody knows
const isOpen = (error: KalshiError.KalshiError): boolean => isLost(error) || error.reason._tag === "OrderNotFound"

const sentOf = ({ attempts, uncertain }: KalshiError.KalshiError) => ({ attempts, uncertain: uncertain === true })

/** How the failures of a cancel are made. */
interface Cancelling<E> {
  readonly fail: (
    reason: KalshiError.OrderNotFound,
    sent?: { readonly attempts: number; readonly uncertain: boolean }
  ) => E
}

/** How the failures of a change are made. */
interface Changing<E> {
  readonly fail: (
    reason: KalshiError.OrderEnded | KalshiError.OutcomeUnknown,
    sent?: { readonly attempts: number; readonly uncertain: boolean }
  ) => E
  readonly notApplied: (error: KalshiError.KalshiError) => E
}

/** Where a cancel goes once more: as it was told, unless the order is elsewhere. */
const placeOf = (told: OrderPlace, { subaccount, ticker }: Order.Order): OrderPlace => ({
  ...told,
  ...(told.ticker === undefined ? {} : { ticker }),
  ...(told.subaccount === undefined || subaccount === undefined ? {} : { subaccount })
})

const isSame = (a: Size, b: Size): boolean => a.price === b.price && a.total === b.total

/** Whether a change is to be seen in an order that is read. */
type Judge = (order: Order.Order) => KalshiError.OrderEnded["changed"]

const after = (order: Order.Order): ChangedOrder => ({
  orderId: order.orderId,
  clientOrderId: order.clientOrderId,
  remaining: OrderResult.hasEnded(order) ? Contracts.zero : order.remaining,
  filled: order.filled,
  at: order.updatedAt
})

/** Whether a decrease by a size is to be seen; what was known before it decides. */
const judgeDecrease =
  (before: Size["total"] | undefined, by: Contracts.Contracts): Judge =>
  (order) => {
    if (before === undefined) return "unknown"
    const reduced = Math.max(order.filled, before - by)
    if (!OrderResult.hasEnded(order)) {
      const total = Contracts.add(order.filled, order.remaining)
      return total === before ? "not-applied" : total === reduced ? "applied" : "unknown"
    }
    // what it was when it ended: all that was filled, or its size, which a cancel leaves as it was
    const total = order.status === "executed" ? order.filled : order.initial
    return total === before ? "not-applied" : total === reduced ? "applied" : "unknown"
  }

/** Whether a decrease to a size is to be seen. */
const judgeReduction =
  (to: Contracts.Contracts): Judge =>
  (order) =>
    OrderResult.hasEnded(order)
      ? to === 0 && order.status === "canceled"
        ? "applied"
        : "unknown"
      : order.remaining <= to
        ? "applied"
        : "not-applied"

/** Whether an amend is to be seen. One that changes nothing is seen in nothing, and neither is what somebody else did since. */
const judgeAmend =
  (before: Size | undefined, wanted: Size): Judge =>
  (order) => {
    const size = OrderResult.hasEnded(order)
      ? { price: order.price, total: order.initial }
      : { price: order.price, total: Contracts.add(order.filled, order.remaining) }
    if (before !== undefined && isSame(size, before)) return "not-applied"
    return isSame(size, wanted) ? "applied" : "unknown"
  }

/** Settles changes that an earlier program sent. */
export interface SettleChange {
  readonly decrease: (
    running: Running,
    orderId: string,
    error: KalshiError.KalshiError,
    before: Contracts.Contracts | undefined,
    reduction: Pick<Reduction, "by" | "to">
  ) => Effect.Effect<ChangedOrder, Failure<typeof decreaseOrder>>
  readonly amend: (
    running: Running,
    orderId: string,
    error: KalshiError.KalshiError,
    before: Size | undefined,
    wanted: Size
  ) => Effect.Effect<ChangedOrder, Failure<typeof amendOrder>>
}

/** Makes the operations that change orders. */
export const make = Effect.fnUntraced(function* (options: {
  readonly wire: Wire
  readonly memory: OrderMemory
  readonly writes: Writes
  readonly freshness: resolve.AskFreshness
}) {
  const { freshness, memory, wire, writes } = options
  const guard = yield* Guard

  /** Keeps what an order is at from now on, and tells the guard what can still be filled. */
  const keep = (orderId: string, size: Size | undefined, seen: Seen | undefined) =>
    Effect.suspend(() => {
      memory.resize(orderId, size)
      return seen === undefined ? Effect.void : guard.seen(orderId, seen)
    })

  const dead = ({ filled, orderId, reducedBy }: CancelledOrder) =>
    keep(orderId, undefined, { remaining: Contracts.zero, filled, reducedBy })

  // --- cancels ---------------------------------------------------------------

  /** Sends a cancel again until the order is known to be dead. */
  const settleCancel = Effect.fnUntraced(function* <E extends KalshiError.KalshiError>(
    running: Running,
    orderId: string,
    place: OrderPlace,
    error: E,
    op: Cancelling<E>
  ): Effect.fn.Return<CancelledOrder, E> {
    // whether one of our own may have cancelled it
    let ours = isLost(error)
    const isKnown = memory.find(orderId) !== undefined
    let isUnheardOf = false
    const look: resolve.Look<CancelledOrder> = Effect.gen(function* () {
      const read = yield* Effect.result(wire.getOrder(orderId))
      if (Result.isFailure(read)) {
        isUnheardOf = read.failure.reason._tag === "OrderNotFound"
        return isUnheardOf ? Option.none() : yield* read.failure
      }
      const order = read.success
      isUnheardOf = false
      if (OrderResult.hasEnded(order)) {
        return Option.some<CancelledOrder>({
          _tag: order.status === "executed" ? "AlreadyFilled" : ours ? "Cancelled" : "AlreadyCancelled",
          orderId,
          clientOrderId: order.clientOrderId,
          reducedBy: order.status === "executed" ? Contracts.zero : Contracts.subtract(order.initial, order.filled),
          filled: order.filled,
          at: order.updatedAt
        })
      }
      // it rests still, or reads trail; where it is, has just been read
      const again = yield* Effect.result(Retry.off(wire.cancelOrder(orderId, placeOf(place, order))))
      if (Result.isSuccess(again)) return Option.some(again.success)
      if (isLost(again.failure)) ours = true
      return isOpen(again.failure) ? Option.none() : yield* again.failure
    })
    if (!ours && !isKnown) {
      // no live order, and none that was ever seen here: nothing is left to wait for
      const first = yield* Effect.result(look)
      if (Result.isSuccess(first) && Option.isSome(first.success)) return first.success.value
      if (isUnheardOf) return yield* Effect.fail(error)
    }
    const found = yield* resolve.until({
      running,
      cause: error,
      freshness,
      look,
      // a refusal says that it was dead by then
      inFlight: ours ? undefined : Duration.zero
    })
    if (Option.isSome(found)) return found.value
    const { attempts } = error
    const missing = new KalshiError.OrderNotFound({ status: 404, text: "no order with this id was ever seen" })
    return yield* Effect.fail(
      error.reason._tag === "OrderNotFound" ? error : op.fail(missing, { attempts, uncertain: false })
    )
  })

  const cancelling: Kind<CancelledOrder, Failure<typeof cancelOrder>> = {
    fail: cancelOrder.fail,
    tell: (which, result) => ({ ...which, operation: "cancelOrder", result })
  }

  const cancel = (orderId: string, place: OrderPlace = {}) =>
    writes.run(cancelling, { orderIds: [orderId], ...place }, (running) =>
      wire.cancelOrder(orderId, place).pipe(
        Effect.catchIf(isOpen, (error) => settleCancel(running, orderId, place, error, cancelOrder)),
        Effect.tap(dead)
      )
    )

  const cancellingAll: Kind<ReadonlyArray<CancelAnswer>, Failure<typeof batchCancelOrders>> = {
    fail: batchCancelOrders.fail,
    tell: (which, result) => ({ ...which, operation: "batchCancelOrders", result })
  }

  const batchCancel = (requests: ReadonlyArray<string | (OrderPlace & { readonly orderId: string })>) => {
    const orderIds = requests.map((order) => placed(order).orderId)
    const known: Array<CancelAnswer | undefined> = []
    const places = new Map(requests.map(placed).map(({ orderId, ...place }) => [orderId, place]))
    const settleItem = (
      running: Running,
      { orderId, result }: CancelAnswer,
      place: OrderPlace = places.get(orderId) ?? {}
    ): Effect.Effect<CancelAnswer> =>
      Effect.fromResult(result).pipe(
        Effect.catchIf(isOpen, (error) =>
          // an order that could not be found before was not in the batch
          error.attempts === 0 ? Effect.fail(error) : settleCancel(running, orderId, place, error, batchCancelOrders)
        ),
        Effect.tap(dead),
        Effect.result,
        Effect.map((result) => ({ orderId, result }))
      )
    const work = (running: Running) =>
      wire.batchCancelOrders(requests).pipe(
        Effect.catch((error) =>
          running.write.phase === "sent"
            ? // once it was sent each cancel has an end of its own
              Effect.succeed(orderIds.map((orderId): CancelAnswer => ({ orderId, result: Result.fail(error) })))
            : Effect.fail(error)
        ),
        Effect.flatMap((answers) =>
          Effect.forEach(
            answers,
            (answer, index) =>
              Effect.map(settleItem(running, answer), (settled) => {
                known[index] = settled
                return settled
              }),
            { concurrency: CONCURRENCY }
          )
        )
      )
    return writes.run(cancellingAll, { orderIds }, work, (unknown) =>
      Effect.succeed(
        orderIds.map((orderId, index): CancelAnswer => known[index] ?? { orderId, result: Result.fail(unknown) })
      )
    )
  }

  const clearing: Kind<void, Failure<typeof cancelAllOrders>> = {
    fail: cancelAllOrders.fail,
    tell: (which, result) => ({ ...which, operation: "cancelAllOrders", result })
  }

  const cancelAll = (query?: CancelAllQuery) => writes.run(clearing, { ...query }, () => wire.cancelAllOrders(query))

  // --- changes of size and price ----------------------------------------------

  /** Learns what an order is at before it is changed, as far as that can be learned in time. */
  const prepare = ({ write }: Running, orderId: string): void => {
    write.before = memory.sizeOf(orderId)
    if (write.before !== undefined) return
    let failed: KalshiError.Reason = new KalshiError.TimedOut({ millis: Duration.toMillis(BASELINE) })
    write.prepare = wire.getOrder(orderId).pipe(
      Timeout.within(GLANCE),
      Retry.off,
      Effect.mapError(({ reason }) => reason),
      Effect.tapError((reason) =>
        Effect.sync(() => {
          failed = reason
        })
      ),
      Effect.retry({ schedule: Schedule.spaced("100 millis"), while: ({ retryable }) => retryable }),
      Effect.map((order) => {
        write.before = sizeOf(order)
      }),
      Effect.timeoutOrElse({ duration: BASELINE, orElse: () => Effect.fail(failed) }),
      // reads do not know of it yet: the exchange will say
      Effect.catchIf(
        ({ _tag }) => _tag === "OrderNotFound",
        () => Effect.void
      )
    )
  }

  /** Settles a change that was sent once by what is read of the order. */
  const settleChange = Effect.fnUntraced(function* <E>(
    running: Running,
    orderId: string,
    error: KalshiError.KalshiError,
    judge: Judge,
    op: Changing<E>,
    changesNothing = false
  ): Effect.fn.Return<ChangedOrder, E> {
    let last: Order.Order | undefined
    const found = yield* resolve.until({
      running,
      cause: error,
      freshness,
      look: Effect.map(wire.getOrder(orderId), (order) => {
        last = order
        return judge(order) === "applied" || OrderResult.hasEnded(order) ? Option.some(order) : Option.none()
      })
    })
    if (Option.isSome(found)) {
      const order = found.value
      const changed = judge(order)
      if (changed === "applied") return after(order)
      const { filled, status } = order
      const ended = new KalshiError.OrderEnded({ orderId, status, filled, changed })
      return yield* Effect.fail(op.fail(ended, { ...sentOf(error), uncertain: false }))
    }
    // nothing of it is under way any more, and the order is as it was wanted
    if (changesNothing && last !== undefined && judge(last) === "not-applied") return after(last)
    return yield* Effect.fail(
      last !== undefined && judge(last) === "not-applied"
        ? op.notApplied(error)
        : // somebody else has changed it too
          op.fail(running.stillUnknown(error), sentOf(error))
    )
  })

  const settleLater: SettleChange = {
    decrease: (running, orderId, error, before, { by, to }) =>
      settleChange(
        running,
        orderId,
        error,
        by === undefined ? judgeReduction(to ?? Contracts.zero) : judgeDecrease(before, by),
        decreaseOrder
      ),
    amend: (running, orderId, error, before, wanted) =>
      settleChange(
        running,
        orderId,
        error,
        judgeAmend(before, wanted),
        amendOrder,
        before !== undefined && isSame(before, wanted)
      )
  }

  const decreasing: Kind<ChangedOrder, Failure<typeof decreaseOrder>> = {
    fail: decreaseOrder.fail,
    tell: (which, result) => ({ ...which, operation: "decreaseOrder", result })
  }

  const decrease = Effect.fnUntraced(function* (orderId: string, reduction: Reduction) {
    yield* checkPlace(decreaseOrder, orderId, reduction)
    yield* refuse(decreaseOrder, OrderRequest.checkDecrease(reduction))
    const { by, exchangeIndex, subaccount, to } = reduction
    return yield* writes.run(decreasing, { orderIds: [orderId], subaccount, exchangeIndex }, (running) =>
      Effect.gen(function* () {
        // what it is at before decides nothing of a decrease to a size
        if (by !== undefined) prepare(running, orderId)
        const changed = yield* wire
          .decreaseOrder(orderId, reduction)
          .pipe(
            Effect.catchIf(isLost, (error) =>
              settleLater.decrease(running, orderId, error, running.write.before?.total, { by, to })
            )
          )
        const { filled, remaining } = changed
        const { before } = running.write
        if (remaining === undefined) return changed
        // without fills beside it, what of it went was taken off
        const size =
          before !== undefined && by !== undefined && remaining > 0
            ? { ...before, total: Contracts.subtract(before.total, by) }
            : undefined
        yield* keep(orderId, size, { remaining, filled, reducedBy: remaining > 0 ? by : undefined })
        return changed
      })
    )
  })

  const amending: Kind<ChangedOrder, Failure<typeof amendOrder>> = {
    fail: amendOrder.fail,
    tell: (which, result) => ({ ...which, operation: "amendOrder", result })
  }

  const amend = Effect.fnUntraced(function* (change: OrderRequest.AmendRequest) {
    const since = yield* Clock.monotonicTimeNanos
    const { clientOrderId, exchangeIndex, orderId, subaccount, total } = change
    yield* checkPlace(amendOrder, orderId, change)
    yield* refuse(amendOrder, OrderRequest.checkAmend(change, undefined))
    const { price, side } = Direction.toQuote(change)
    const exposures = (): ReadonlyArray<Exposure> => [
      {
        key: orderId,
        ticker: change.ticker ?? memory.find(orderId)?.ticker ?? "",
        side,
        price,
        count: total,
        total,
        replaces: orderId
      }
    ]
    const facts = {
      orderIds: [orderId],
      clientOrderIds: clientOrderId === undefined ? [] : [clientOrderId],
      subaccount,
      exchangeIndex,
      exposures,
      since
    }
    /** Tells the guard what became of what it let in. */
    const settled = (
      { write }: Running,
      result: Result.Result<ChangedOrder, KalshiError.KalshiError>
    ): Effect.Effect<void> => {
      if (Result.isSuccess(result)) {
        const { remaining } = result.success
        if (remaining === undefined) return Effect.void
        memory.resize(orderId, remaining > 0 ? { price, total } : undefined)
        return write.admitted
          ? guard.settle({ key: orderId, orderId, remaining, filled: Contracts.subtract(total, remaining) })
          : Effect.void
      }
      return write.admitted && result.failure.outcome === "not-applied"
        ? guard.settle({ key: orderId, remaining: Contracts.zero, filled: Contracts.zero })
        : Effect.void
    }
    return yield* writes.run(amending, facts, (running) =>
      Effect.suspend(() => {
        prepare(running, orderId)
        return wire.amendOrder(change)
      }).pipe(
        Effect.catchIf(isLost, (error) =>
          // an id that another order has is refused, whatever became of that order
          error.reason._tag === "DuplicateClientOrderId" && error.uncertain !== true
            ? Effect.fail(amendOrder.notApplied(error))
            : settleLater.amend(running, orderId, error, running.write.before, { price, total })
        ),
        Effect.result,
        Effect.tap((result) => settled(running, result)),
        Effect.flatMap(Effect.fromResult)
      )
    )
  })

  return {
    changing: {
      cancelOrder: cancel,
      batchCancelOrders: batchCancel,
      cancelAllOrders: cancelAll,
      amendOrder: amend,
      decreaseOrder: decrease
    },
    settleChange: settleLater
  }
})
