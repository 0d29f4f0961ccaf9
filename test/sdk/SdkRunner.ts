/** The official SDK as a runner of the scenario. */
import * as Effect from "effect/Effect"
import type * as Package from "kalshi-typescript"
import * as Client from "./Client.ts"
import type * as Scenario from "./Scenario.ts"

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null

/** The code of an error, in whichever shape it comes. */
const codeOf = (body: unknown): string => {
  const inner = isRecord(body) && isRecord(body["error"]) ? body["error"] : body
  const code = isRecord(inner) && typeof inner["code"] === "string" ? inner["code"] : "unknown"
  return code.toLowerCase().replaceAll(" ", "_").replace(/:.*$/, "")
}

const refused = (code: string): Scenario.Outcome => ({ _tag: "Refused", code })

type Request<A> = () => Promise<{ readonly status: number; readonly data: A }>

/** What became of a command; an error of the exchange is an outcome. */
const outcome = <A>(request: Request<A>, read: (data: A) => Scenario.Outcome): Effect.Effect<Scenario.Outcome> =>
  Client.call(request).pipe(
    Effect.map(({ data }) => read(data)),
    Effect.catch((error) => Effect.succeed(refused(codeOf(error.data))))
  )

const data = <A>(request: Request<A>): Effect.Effect<A, Client.Failed> =>
  Effect.map(Client.call(request), (response) => response.data)

const body = (order: Scenario.NewOrder): Package.CreateOrderV2Request => ({
  ticker: order.ticker,
  side: order.side,
  count: order.count,
  price: order.price,
  time_in_force: order.timeInForce,
  self_trade_prevention_type: "taker_at_cross",
  client_order_id: order.label,
  ...(order.postOnly === undefined ? {} : { post_only: order.postOnly })
})

const placed = (answer: {
  readonly order_id: string
  readonly fill_count?: string
  readonly remaining_count?: string
  readonly average_fill_price?: string
  readonly average_fee_paid?: string
}): Scenario.Outcome => ({
  _tag: "Placed",
  id: answer.order_id,
  filled: answer.fill_count ?? "",
  remaining: answer.remaining_count ?? "",
  averagePrice: answer.average_fill_price,
  averageFee: answer.average_fee_paid
})

/** Every item of a list, page by page. */
const all = <A>(
  page: (
    cursor: string | undefined
  ) => Effect.Effect<{ readonly cursor?: string; readonly items: ReadonlyArray<A> }, unknown>
): Effect.Effect<ReadonlyArray<A>, unknown> =>
  Effect.gen(function* () {
    const items: Array<A> = []
    let cursor: string | undefined
    do {
      const { cursor: next, items: more } = yield* page(cursor)
      items.push(...more)
      cursor = next
    } while (cursor !== undefined && cursor !== "")
    return items
  })

/** Pages are small, so that cursors are followed. */
const LIMIT = 2

/** Makes a runner for an account. */
export const make = (account: Client.Account): Scenario.Runner => {
  const { orders, portfolio } = Client.make(account)

  const state = Effect.gen(function* () {
    const balance = yield* data(() => portfolio.getBalance())
    const listed = yield* all((cursor) =>
      Effect.map(
        data(() => orders.getOrders(undefined, undefined, undefined, undefined, undefined, LIMIT, cursor)),
        ({ cursor, orders }) => ({ cursor, items: orders })
      )
    )
    const labels = new Map(listed.map((order) => [order.order_id, order.client_order_id]))
    const fills = yield* all((cursor) =>
      Effect.map(
        data(() => portfolio.getFills(undefined, undefined, undefined, undefined, LIMIT, cursor)),
        ({ cursor, fills }) => ({ cursor, items: fills })
      )
    )
    const positions = yield* all((cursor) =>
      Effect.map(
        data(() => portfolio.getPositions(cursor, LIMIT)),
        ({ cursor, market_positions }) => ({ ...(cursor === undefined ? {} : { cursor }), items: market_positions })
      )
    )
    return {
      balance: balance.balance_dollars,
      orders: listed.map((order): Scenario.OrderState => ({
        label: order.client_order_id,
        ticker: order.ticker,
        side: order.book_side,
        price: order.yes_price_dollars,
        status: order.status,
        filled: order.fill_count_fp,
        remaining: order.remaining_count_fp,
        takerFees: order.taker_fees_dollars,
        makerFees: order.maker_fees_dollars
      })),
      fills: fills.map((fill): Scenario.FillState => ({
        label: labels.get(fill.order_id) ?? fill.order_id,
        ticker: fill.ticker,
        side: fill.book_side,
        price: fill.yes_price_dollars,
        count: fill.count_fp,
        fee: fill.fee_cost,
        isTaker: fill.is_taker
      })),
      positions: positions.map((position): Scenario.PositionState => ({
        ticker: position.ticker,
        position: position.position_fp,
        exposure: position.market_exposure_dollars,
        realizedPnl: position.realized_pnl_dollars,
        fees: position.fees_paid_dollars
      }))
    }
  })

  return {
    place: (order) => outcome(() => orders.createOrderV2(body(order)), placed),
    placeAll: (all) =>
      Effect.map(
        data(() => orders.batchCreateOrdersV2({ orders: all.map(body) })),
        ({ orders }) =>
          orders.map((item): Scenario.Outcome =>
            item.order_id === undefined || item.order_id === null || (item.error !== undefined && item.error !== null)
              ? refused(codeOf(item.error))
              : placed({ ...item, order_id: item.order_id })
          )
      ),
    amend: (order, to) =>
      outcome(
        () =>
          orders.amendOrderV2(order.id, {
            ticker: order.ticker,
            side: order.side,
            price: to.price,
            count: to.total
          }),
        (answer) => ({ _tag: "Left", id: answer.order_id, remaining: answer.remaining_count ?? "" })
      ),
    decrease: (order, to) =>
      outcome(
        () =>
          orders.decreaseOrderV2(order.id, {
            market_ticker: order.ticker,
            ...("by" in to ? { reduce_by: to.by } : { reduce_to: to.to })
          }),
        (answer) => ({ _tag: "Left", id: answer.order_id, remaining: answer.remaining_count })
      ),
    cancel: (order) =>
      outcome(
        () => orders.cancelOrderV2(order.id, undefined, undefined, order.ticker),
        (answer) => ({ _tag: "Cancelled", id: answer.order_id, reducedBy: answer.reduced_by })
      ),
    cancelAll: (known) =>
      Effect.map(
        data(() =>
          orders.batchCancelOrdersV2({
            orders: known.map((order) => ({ order_id: order.id, market_ticker: order.ticker }))
          })
        ),
        ({ orders }) =>
          orders.map((item): Scenario.Outcome =>
            item.error === undefined || item.error === null
              ? { _tag: "Cancelled", id: item.order_id, reducedBy: item.reduced_by }
              : refused(codeOf(item.error))
          )
      ),
    state
  }
}
