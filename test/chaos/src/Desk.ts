/**
 * The client as a program uses it: its public operations, asked in the words
 * of a diary and heard in them.
 */
import { Contracts, Dollars, type KalshiError, type Outcome, Portfolio, type Recovered, Timestamp } from "effect-kalshi"
import type { OrderRequest } from "effect-kalshi/models/OrderRequest"
import * as Effect from "effect/Effect"
import type * as Result from "effect/Result"
import type * as Diary from "./Diary.ts"
import * as Words from "./Words.ts"

/** What a program asks for. */
export type What = Extract<Diary.Line, { readonly _tag: "Decided" }>["what"]

/** What was heard of an item, and the error where there is more to be heard of it. */
export interface Heard {
  readonly item: number
  readonly word: Diary.Word
  readonly error?: KalshiError.KalshiError | undefined
}

const request = (wanted: typeof Diary.Wanted.Type): OrderRequest => ({
  ticker: wanted.ticker,
  side: wanted.side,
  price: Dollars.micros(wanted.price),
  count: Contracts.centis(wanted.count),
  clientOrderId: wanted.clientOrderId,
  timeInForce: wanted.timeInForce,
  postOnly: wanted.postOnly,
  expiresAt: wanted.expiresAt === undefined ? undefined : Timestamp.fromSeconds(wanted.expiresAt)
})

const heard = <A>(
  item: number,
  result: Result.Result<A, KalshiError.KalshiError>,
  success: (value: A) => Diary.Word
): Heard => ({
  item,
  word: Words.of(result, success),
  error: result._tag === "Failure" ? result.failure : undefined
})

/** Of how many items a wish is. */
export const items = (what: What): number => ("orders" in what ? what.orders.length : 1)

const operations = {
  create: "createOrder",
  batch: "batchCreateOrders",
  amend: "amendOrder",
  decrease: "decreaseOrder",
  cancel: "cancelOrder",
  batchCancel: "batchCancelOrders"
} as const

const isNew = (operation: string): boolean => operation === "createOrder" || operation === "batchCreateOrders"

/** By what a write is known to the journal and to the stream of outcomes. */
export const keyOf = (write: {
  readonly operation: string
  readonly clientOrderIds: ReadonlyArray<string>
  readonly orderIds: ReadonlyArray<string>
}): string => [write.operation, ...(isNew(write.operation) ? write.clientOrderIds : write.orderIds)].join(" ")

/** The same for a wish. */
export const keyFor = (what: What): string => {
  const operation = operations[what._tag]
  switch (what._tag) {
    case "create":
    case "batch":
      return keyOf({ operation, clientOrderIds: what.orders.map((order) => order.clientOrderId), orderIds: [] })
    case "batchCancel":
      return keyOf({ operation, clientOrderIds: [], orderIds: what.orders.map((order) => order.orderId) })
    default:
      return keyOf({ operation, clientOrderIds: [], orderIds: [what.orderId] })
  }
}

/** Asks for something and tells what was heard, item by item. */
export const ask = Effect.fnUntraced(function* (
  what: What,
  known: ReadonlyMap<string, typeof Diary.Wanted.Type>
): Effect.fn.Return<ReadonlyArray<Heard>, never, Portfolio.Portfolio> {
  const portfolio = yield* Portfolio.Portfolio
  const whole = (error: KalshiError.KalshiError): ReadonlyArray<Heard> =>
    Array.from({ length: items(what) }, (_, item) => ({ item, word: Words.ofError(error), error }))
  switch (what._tag) {
    case "create": {
      const [order] = what.orders
      if (order === undefined) return []
      return [heard(0, yield* Effect.result(portfolio.createOrder(request(order))), Words.ofResult)]
    }
    case "batch":
      return yield* Effect.match(portfolio.batchCreateOrders(what.orders.map(request)), {
        onFailure: whole,
        onSuccess: (results) => results.map(({ result }, item) => heard(item, result, Words.ofResult))
      })
    case "amend": {
      const wanted = known.get(what.clientOrderId)
      const amended = portfolio.amendOrder({
        orderId: what.orderId,
        ticker: wanted?.ticker,
        side: wanted?.side ?? "bid",
        price: Dollars.micros(what.price),
        total: Contracts.centis(what.total)
      })
      return [heard(0, yield* Effect.result(amended), Words.ofChange)]
    }
    case "decrease": {
      const decreased = portfolio.decreaseOrder(what.orderId, { by: Contracts.centis(what.by) })
      return [heard(0, yield* Effect.result(decreased), Words.ofChange)]
    }
    case "cancel":
      return [heard(0, yield* Effect.result(portfolio.cancelOrder(what.orderId)), Words.ofCancel)]
    case "batchCancel":
      return yield* Effect.match(portfolio.batchCancelOrders(what.orders.map((order) => order.orderId)), {
        onFailure: whole,
        onSuccess: (results) => results.map(({ result }, item) => heard(item, result, Words.ofCancel))
      })
  }
})

/** What the stream of outcomes says of a write, item by item. */
export const ofOutcome = (outcome: Outcome.Outcome): ReadonlyArray<Heard> => {
  switch (outcome.operation) {
    case "createOrder":
      return [heard(0, outcome.result, Words.ofResult)]
    case "amendOrder":
    case "decreaseOrder":
      return [heard(0, outcome.result, Words.ofChange)]
    case "cancelOrder":
      return [heard(0, outcome.result, Words.ofCancel)]
    case "batchCreateOrders":
      return outcome.result._tag === "Failure"
        ? outcome.clientOrderIds.map((_, item) => heard(item, outcome.result, () => ({ outcome: "unknown" })))
        : outcome.result.success.map(({ result }, item) => heard(item, result, Words.ofResult))
    case "batchCancelOrders":
      return outcome.result._tag === "Failure"
        ? outcome.orderIds.map((_, item) => heard(item, outcome.result, () => ({ outcome: "unknown" })))
        : outcome.result.success.map(({ result }, item) => heard(item, result, Words.ofCancel))
    case "cancelAllOrders":
    case "createSubaccount":
    case "transferBetweenSubaccounts":
      return []
  }
}

/** What recovery says of an entry, item by item. */
export const ofRecovered = (recovered: Recovered.Recovered): ReadonlyArray<Heard> =>
  recovered.items.map((item, index) => ({ item: index, word: Words.ofRecovered(item), error: item.error }))
