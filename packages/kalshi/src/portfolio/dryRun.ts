/**
 * The writes of a portfolio that sends none: each is checked as the real one,
 * looks at what it is about, and fails with what would be done.
 */
import * as SecureRandom from "effect/crypto/SecureRandom"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import * as Contracts from "../Contracts.ts"
import * as Direction from "../Direction.ts"
import * as Dollars from "../Dollars.ts"
import * as KalshiError from "../KalshiError.ts"
import { Listings } from "../Listings.ts"
import type * as Order from "../models/Order.ts"
import { type OrderPlace, placed } from "../models/OrderChange.ts"
import * as OrderRequest from "../models/OrderRequest.ts"
import type * as Preview from "../models/Preview.ts"
import * as SubaccountTransfer from "../models/SubaccountTransfer.ts"
import * as batch from "./batch.ts"
import * as operations from "./operations.ts"
import * as preview from "./preview.ts"
import { checkPlace, refuse } from "./refuse.ts"
import type { Reads } from "./today/reads.ts"

// nothing is sent, so that no answer is read
const createOrder = operations.createOrder(Schema.Void)
const batchCreateOrders = operations.batchCreateOrders(Schema.Void)
const amendOrder = operations.amendOrder(Schema.Void)
const decreaseOrder = operations.decreaseOrder(Schema.Void)
const cancelOrder = operations.cancelOrder(Schema.Void)
const cancelAllOrders = operations.cancelAllOrders(Schema.Void)
const batchCancelOrders = operations.batchCancelOrders(Schema.Void)
const createSubaccount = operations.createSubaccount(Schema.Void)
const transferBetweenSubaccounts = operations.transferBetweenSubaccounts(Schema.Void)

const words = (side: Direction.Recorded, count: Contracts.Contracts, ticker: string, price: Dollars.Dollars): string =>
  `${side} of ${Contracts.format(count)} contracts of ${ticker} at $${Dollars.format(price)}`

const costOf = ({ fee, worstCost }: Preview.Preview) => ({
  cost: worstCost === "unknown" ? undefined : worstCost,
  fee: fee === "unknown" ? undefined : fee
})

const wouldPlace = (order: OrderRequest.OrderRequest, previewed: Preview.Preview): KalshiError.DryRun => {
  const { price, side } = previewed.quote
  return new KalshiError.DryRun({
    description: `it would place a ${words(side, order.count, order.ticker, price)}`,
    ...costOf(previewed)
  })
}

const wouldKeep = (order: Order.Order, remaining: Contracts.Contracts): KalshiError.DryRun => {
  const now = words(order.side, order.remaining, order.ticker, order.price)
  return new KalshiError.DryRun({
    description:
      order.remaining === 0
        ? `order ${order.orderId} has ended (${order.status}), so that nothing would change`
        : remaining === 0
          ? `it would cancel order ${order.orderId}, a ${now}`
          : `it would leave ${Contracts.format(remaining)} contracts of order ${order.orderId}, a ${now}`
  })
}

/** Makes the operations; what they are about is read. */
export const make = Effect.fnUntraced(function* (reads: Reads) {
  const listings = yield* Listings
  const random = yield* SecureRandom.SecureRandom
  const previewing = yield* preview.make

  const freshId = (given: string | undefined): Effect.Effect<string> =>
    given === undefined ? random.uuidV4() : Effect.succeed(given)

  const create = Effect.fnUntraced(function* (order: OrderRequest.OrderRequest) {
    yield* refuse(createOrder, OrderRequest.check(order, yield* listings.knownGrid(order.ticker)))
    const clientOrderId = yield* freshId(order.clientOrderId)
    const previewed = yield* Effect.mapError(previewing.preview(order), createOrder.before)
    return yield* createOrder.named(createOrder.fail(wouldPlace(order, previewed)), [clientOrderId])
  })

  const batchCreate = Effect.fnUntraced(function* (requests: ReadonlyArray<OrderRequest.OrderRequest>) {
    for (const [index, order] of requests.entries()) {
      const wrong = OrderRequest.check(order, yield* listings.knownGrid(order.ticker))
      yield* refuse(batchCreateOrders, wrong, `orders[${index}].`)
    }
    const ids = yield* Effect.forEach(requests, (order) => freshId(order.clientOrderId))
    yield* batch.distinct(batchCreateOrders, "clientOrderId", ids)
    return yield* Effect.forEach(
      requests,
      (order, index) => {
        const clientOrderId = ids[index] ?? ""
        return previewing.preview(order).pipe(
          Effect.map((previewed) => batchCreateOrders.fail(wouldPlace(order, previewed))),
          Effect.catch((error) => Effect.succeed(batchCreateOrders.before(error))),
          Effect.map((error) => ({
            clientOrderId,
            result: Result.fail(batchCreateOrders.named(error, [clientOrderId]))
          }))
        )
      },
      { concurrency: 8 }
    )
  })

  const amend = Effect.fnUntraced(function* (change: OrderRequest.AmendRequest) {
    yield* checkPlace(amendOrder, change.orderId, change)
    yield* refuse(amendOrder, OrderRequest.checkAmend(change, undefined))
    const order = yield* Effect.mapError(reads.getOrder(change.orderId), amendOrder.before)
    const quote = Direction.toQuote(change)
    const count = Contracts.subtract(change.total, order.filled)
    if (order.remaining === 0 || count === 0) return yield* amendOrder.fail(wouldKeep(order, Contracts.zero))
    if (count < 0) {
      const filled = Contracts.format(order.filled)
      return yield* amendOrder.invalid("total", `is less than the ${filled} contracts that are filled already`)
    }
    const previewed = yield* Effect.mapError(
      previewing.preview({ ...quote, ticker: order.ticker, count }),
      amendOrder.before
    )
    const now = words(order.side, order.remaining, order.ticker, order.price)
    const then = words(quote.side, count, order.ticker, quote.price)
    return yield* amendOrder.fail(
      new KalshiError.DryRun({
        description: `it would make of order ${order.orderId}, a ${now}, a ${then}`,
        ...costOf(previewed)
      })
    )
  })

  const decrease = Effect.fnUntraced(function* (
    orderId: string,
    options: OrderPlace & {
      readonly by?: Contracts.Contracts | undefined
      readonly to?: Contracts.Contracts | undefined
    }
  ) {
    yield* checkPlace(decreaseOrder, orderId, options)
    yield* refuse(decreaseOrder, OrderRequest.checkDecrease(options))
    const order = yield* Effect.mapError(reads.getOrder(orderId), decreaseOrder.before)
    const wanted = options.to ?? Contracts.subtract(order.remaining, options.by ?? Contracts.zero)
    const left = Contracts.max(Contracts.zero, Contracts.min(wanted, order.remaining))
    return yield* decreaseOrder.fail(wouldKeep(order, left))
  })

  const cancel = Effect.fnUntraced(function* (orderId: string, place: OrderPlace = {}) {
    yield* checkPlace(cancelOrder, orderId, place)
    const order = yield* Effect.mapError(reads.getOrder(orderId), cancelOrder.before)
    return yield* cancelOrder.fail(wouldKeep(order, Contracts.zero))
  })

  const batchCancel = Effect.fnUntraced(function* (
    requests: ReadonlyArray<string | (OrderPlace & { readonly orderId: string })>
  ) {
    const given = requests.map(placed)
    for (const item of given) yield* checkPlace(batchCancelOrders, item.orderId, item)
    yield* batch.distinct(
      batchCancelOrders,
      "orderId",
      given.map((item) => item.orderId)
    )
    return yield* Effect.forEach(
      given,
      ({ orderId }) =>
        reads.getOrder(orderId).pipe(
          Effect.map((order) => batchCancelOrders.fail(wouldKeep(order, Contracts.zero))),
          Effect.catch((error) => Effect.succeed(batchCancelOrders.before(error))),
          Effect.map((error) => ({ orderId, result: Result.fail(error) }))
        ),
      { concurrency: 8 }
    )
  })

  return {
    ...previewing,
    createOrder: create,
    batchCreateOrders: batchCreate,
    amendOrder: amend,
    decreaseOrder: decrease,
    cancelOrder: cancel,
    batchCancelOrders: batchCancel,
    cancelAllOrders: (query: { readonly subaccount?: number | undefined } = {}) =>
      Effect.fail(
        cancelAllOrders.fail(
          new KalshiError.DryRun({
            description:
              "it would cancel everything that rests" +
              (query.subaccount === undefined ? "" : ` in subaccount ${query.subaccount}`)
          })
        )
      ),
    createSubaccount: () =>
      Effect.fail(createSubaccount.fail(new KalshiError.DryRun({ description: "it would create a subaccount" }))),
    transferBetweenSubaccounts: (asked: SubaccountTransfer.TransferRequest) =>
      Effect.andThen(
        refuse(transferBetweenSubaccounts, SubaccountTransfer.check(asked)),
        Effect.fail(
          transferBetweenSubaccounts.fail(
            new KalshiError.DryRun({
              description:
                `it would move $${Dollars.format(asked.amount)} from subaccount ${asked.from} ` +
                `to subaccount ${asked.to}`
            })
          )
        )
      ),
    // nothing is ever sent, so nothing can be lost
    outcomes: Stream.empty,
    settled: () => Effect.succeedNone,
    recover: () => Effect.succeed([])
  }
})
