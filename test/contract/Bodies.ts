/** Exchanges as the exchange has them, for the tests of the judges. */
import type * as Contract from "./Contract.ts"

const json = "application/json"
const path = "/trade-api/v2"

/** An order as the exchange shows it. */
export const order = {
  order_id: "6e44d48f-cdf5-5181-ad6c-5c740920b5f0",
  user_id: "00000000-0000-4000-8000-eccb3eb8310e",
  client_order_id: "mine-1",
  ticker: "KXHIGHNY-26NOV20-B45",
  outcome_side: "yes",
  book_side: "bid",
  type: "limit",
  status: "resting",
  yes_price_dollars: "0.4200",
  no_price_dollars: "0.5800",
  fill_count_fp: "4.00",
  remaining_count_fp: "6.00",
  initial_count_fp: "10.00",
  taker_fill_cost_dollars: "1.660000",
  maker_fill_cost_dollars: "0.000000",
  taker_fees_dollars: "0.068000",
  maker_fees_dollars: "0.000000",
  expiration_time: null,
  created_time: "2026-11-20T10:00:00.289192Z"
}

/** A create and its answer. */
export const created = {
  method: "POST",
  url: `http://127.0.0.1:1${path}/portfolio/events/orders`,
  requestBody: {
    ticker: "KXHIGHNY-26NOV20-B45",
    side: "bid",
    count: "10",
    price: "0.4200",
    time_in_force: "good_till_canceled",
    self_trade_prevention_type: "taker_at_cross",
    client_order_id: "mine-1"
  },
  status: 201,
  responseBody: {
    order_id: order.order_id,
    client_order_id: "mine-1",
    fill_count: "4.00",
    remaining_count: "6.00",
    average_fill_price: "0.415000",
    average_fee_paid: "0.0170",
    ts_ms: 1795190400123
  }
}

/** A list of orders. */
export const orders = {
  method: "GET",
  url: `${path}/portfolio/orders?limit=100&status=resting`,
  status: 200,
  responseBody: { orders: [order], cursor: "" }
}

/** A book. */
export const book = {
  method: "GET",
  url: `${path}/markets/KXHIGHNY-26NOV20-B45/orderbook?depth=2`,
  status: 200,
  responseBody: {
    orderbook_fp: {
      yes_dollars: [
        ["0.4100", "50.00"],
        ["0.4200", "6.00"]
      ],
      no_dollars: [
        ["0.5500", "20.00"],
        ["0.5700", "15.00"]
      ]
    }
  }
}

/** An exchange whose bodies are values. */
export interface Draft {
  readonly method: string
  readonly url: string
  readonly requestBody?: unknown
  readonly status: number
  readonly responseBody: unknown
  readonly contentType?: string
}

/** The exchange with its bodies as JSON; bodies that are strings stay as they are. */
export const exchange = (draft: Draft): Contract.Exchange => ({
  method: draft.method,
  url: draft.url,
  requestBody: draft.requestBody === undefined ? undefined : JSON.stringify(draft.requestBody),
  requestContentType: draft.requestBody === undefined ? undefined : json,
  status: draft.status,
  responseBody: typeof draft.responseBody === "string" ? draft.responseBody : JSON.stringify(draft.responseBody),
  contentType: draft.contentType ?? json
})
