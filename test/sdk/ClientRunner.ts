/** Our client as a runner of the scenario. */
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as Stream from "effect/Stream"
import {
  Contracts,
  Dollars,
  type KalshiError,
  type OrderChange,
  type OrderRequest,
  type OrderResult,
  type Portfolio
} from "effect-kalshi"
import type * as Scenario from "./Scenario.ts"

// what it has looked up since, the exchange refuses with this code
const codeOf = ({ reason }: KalshiError.KalshiError): string =>
  reason._tag === "ClientOrderIdReused"
    ? "order_already_exists"
    : "code" in reason && reason.code !== undefined
      ? reason.code
      : reason._tag

const refused = (error: KalshiError.KalshiError): Scenario.Outcome => ({ _tag: "Refused", code: codeOf(error) })

const request = (order: Scenario.NewOrder): OrderRequest.OrderRequest => ({
  ticker: order.ticker,
  side: order.side,
  price: Dollars.fromStringUnsafe(order.price),
  count: Contracts.fromStringUnsafe(order.count),
  timeInForce: order.timeInForce,
  clientOrderId: order.label,
  postOnly: order.postOnly
})

const placed = (result: OrderResult.OrderResult): Scenario.Outcome => ({
  _tag: "Placed",
  id: result.orderId,
  filled: Contracts.format(result.filled),
  remaining: Contracts.format(result.remaining),
  averagePrice: result.averagePrice === undefined ? undefined : Dollars.format(result.averagePrice),
  averageFee: result.averageFee === undefined ? undefined : Dollars.format(result.averageFee)
})

const left = (order: {
  readonly orderId: string
  readonly remaining?: Contracts.Contracts | undefined
}): Scenario.Outcome => ({
  _tag: "Left",
  id: order.orderId,
  remaining: order.remaining === undefined ? "" : Contracts.format(order.remaining)
})

const cancelled = ({ _tag, orderId, reducedBy }: OrderChange.CancelledOrder): Scenario.Outcome =>
  _tag === "Cancelled"
    ? { _tag, id: orderId, reducedBy: Contracts.format(reducedBy) }
    : { _tag: "Refused", code: "not_found" }

const outcome = <A>(
  call: Effect.Effect<A, KalshiError.KalshiError>,
  read: (answer: A) => Scenario.Outcome
): Effect.Effect<Scenario.Outcome> => Effect.match(call, { onFailure: refused, onSuccess: read })

const item = <A>(
  result: Result.Result<A, KalshiError.KalshiError>,
  read: (answer: A) => Scenario.Outcome
): Scenario.Outcome => Result.match(result, { onFailure: refused, onSuccess: read })

const known = (dollars: Dollars.Dollars | undefined): string => (dollars === undefined ? "" : Dollars.format(dollars))

/** Pages are small, so that cursors are followed. */
const LIMIT = 2

/** Makes a runner for the account of a portfolio. */
export const make = (portfolio: Portfolio.Portfolio["Service"]): Scenario.Runner => ({
  place: (order) => outcome(portfolio.createOrder(request(order)), placed),
  placeAll: (orders) =>
    Effect.map(portfolio.batchCreateOrders(orders.map(request)), (items) =>
      items.map(({ result }) => item(result, placed))
    ),
  amend: (order, to) =>
    outcome(
      portfolio.amendOrder({
        orderId: order.id,
        side: order.side,
        price: Dollars.fromStringUnsafe(to.price),
        total: Contracts.fromStringUnsafe(to.total)
      }),
      left
    ),
  decrease: (order, to) =>
    outcome(
      portfolio.decreaseOrder(
        order.id,
        "by" in to ? { by: Contracts.fromStringUnsafe(to.by) } : { to: Contracts.fromStringUnsafe(to.to) }
      ),
      left
    ),
  cancel: (order) => outcome(portfolio.cancelOrder(order.id), cancelled),
  cancelAll: (orders) =>
    Effect.map(portfolio.batchCancelOrders(orders.map((order) => order.id)), (items) =>
      items.map(({ result }) => item(result, cancelled))
    ),
  state: Effect.gen(function* () {
    const balance = yield* portfolio.getBalance()
    const orders = yield* Stream.runCollect(portfolio.orders({ limit: LIMIT }))
    const labels = new Map(orders.map((order) => [order.orderId, order.clientOrderId ?? ""]))
    const fills = yield* Stream.runCollect(portfolio.fills({ limit: LIMIT }))
    const positions = yield* Stream.runCollect(portfolio.marketPositions({ limit: LIMIT }))
    return {
      balance: Dollars.format(balance.available),
      orders: orders.flatMap((order): ReadonlyArray<Scenario.OrderState> =>
        order.side === "unknown"
          ? []
          : [
              {
                label: order.clientOrderId ?? "",
                ticker: order.ticker,
                side: order.side,
                price: Dollars.format(order.price),
                status: order.status,
                filled: Contracts.format(order.filled),
                remaining: Contracts.format(order.remaining),
                takerFees: known(order.takerFees),
                makerFees: known(order.makerFees)
              }
            ]
      ),
      fills: fills.flatMap((fill): ReadonlyArray<Scenario.FillState> =>
        fill.side === "unknown"
          ? []
          : [
              {
                label: labels.get(fill.orderId) ?? fill.orderId,
                ticker: fill.ticker,
                side: fill.side,
                price: Dollars.format(fill.price),
                count: Contracts.format(fill.count),
                fee: known(fill.fee),
                isTaker: fill.isTaker
              }
            ]
      ),
      positions: positions.map((position): Scenario.PositionState => ({
        ticker: position.ticker,
        position: Contracts.format(position.position),
        exposure: Dollars.format(position.exposure),
        realizedPnl: Dollars.format(position.realizedPnl),
        fees: Dollars.format(position.feesPaid)
      }))
    }
  })
})
