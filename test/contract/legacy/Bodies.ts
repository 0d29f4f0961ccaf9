/** Exchanges as the contract of 2.0.0 has them, one of each operation, for the tests of its judge. */
import * as Today from "../Bodies.ts"
import type * as Contract from "../Contract.ts"
import type { Kept } from "../Headers.ts"

const path = "/legacy/trade-api/v2"
const id = "6e44d48f-cdf5-4181-ad6c-5c740920b5f0"
const ticker = "KXHIGHNY-26NOV20-B45"

/** What a new order answers. */
export const confirmation = {
  order_id: id,
  user_id: "00000000-0000-4000-8000-eccb3eb8310e",
  ticker,
  status: "resting",
  yes_price: 42,
  no_price: 58,
  created_time: "2024-08-20T10:00:00.289192Z",
  action: "buy",
  side: "yes",
  type: "limit",
  client_order_id: "mine-1"
}

/** An order as it is read. */
export const order = { ...confirmation, place_count: 10, remaining_count: 6, taker_fill_count: 4, queue_position: 0 }

/** A fill. */
export const fill = {
  trade_id: "8f6a2d2c-0d1b-5b7e-9d6b-0a6f2b1c3d4e",
  ticker,
  order_id: id,
  side: "yes",
  action: "buy",
  count: 4,
  yes_price: 42,
  no_price: 58,
  is_taker: true,
  created_time: "2024-08-20T10:00:00Z"
}

const marketPosition = {
  ticker,
  total_traded: 168,
  position: -4,
  market_exposure: 168,
  realized_pnl: 0,
  resting_orders_count: 6,
  fees_paid: 7,
  last_updated_ts: "2024-08-20T10:00:00Z"
}

const eventPosition = {
  event_ticker: "KXHIGHNY-26NOV20",
  total_cost: 168,
  event_exposure: 168,
  realized_pnl: 0,
  resting_order_count: 6,
  fees_paid: 7
}

const settlement = {
  ticker,
  market_result: "yes",
  yes_count: 4,
  yes_total_cost: 168,
  no_count: 0,
  no_total_cost: 0,
  revenue: 400,
  settled_time: "2024-08-21T10:00:00Z"
}

const wish = { ticker, client_order_id: "mine-1", action: "buy", side: "yes", type: "limit", count: 10, yes_price: 42 }

/** An error as this wire has them: flat. */
export const error = { code: "invalid_parameters", message: "invalid parameters", details: "count" }

/** An exchange whose bodies are values, and of its headers what is kept. */
export interface Draft extends Today.Draft, Omit<Kept, "authorization"> {
  /** A bearer token when left out. */
  readonly authorization?: "bearer" | "other" | "none"
}

/** The exchange with its bodies as JSON. */
export const exchange = ({ authorization = "bearer", cookies, errorHeaders, signed, ...draft }: Draft) =>
  ({
    ...Today.exchange(draft),
    ...(authorization === "none" ? undefined : { authorization }),
    ...(cookies === undefined ? undefined : { cookies }),
    ...(errorHeaders === undefined ? undefined : { errorHeaders }),
    ...(signed === undefined ? undefined : { signed })
  }) satisfies Contract.Exchange

const read = (at: string, responseBody: unknown): Draft => ({
  method: "GET",
  url: `${path}/portfolio${at}`,
  status: 200,
  responseBody
})

const write = (method: string, at: string, requestBody: unknown, status: number, responseBody: unknown): Draft => ({
  method,
  url: `${path}/portfolio/orders${at}`,
  requestBody,
  status,
  responseBody
})

/** One right exchange of each operation, by the contract's name for it. */
export const right = {
  Login: {
    method: "POST",
    url: `${path}/login`,
    authorization: "none",
    requestBody: { email: "member@example.com", password: "correct horse" },
    status: 200,
    responseBody: { member_id: confirmation.user_id, token: "battery staple" },
    cookies: ["sessions"]
  },
  Logout: { method: "POST", url: `${path}/logout`, status: 204, responseBody: "", contentType: "" },
  GetBalance: read("/balance", { balance: 100_000, payout: 0 }),
  GetFills: read(`/fills?limit=1000&order_id=${id}&min_ts=1724148000`, { fills: [fill], cursor: "" }),
  GetOrders: read("/orders?ticker=A&status=resting&limit=1&cursor=abc", { orders: [order], cursor: "def" }),
  GetOrder: read(`/orders/${id}`, { order }),
  GetPositions: read("/positions?settlement_status=all&count_filter=position,total_traded", {
    market_positions: [marketPosition],
    event_positions: [eventPosition]
  }),
  GetPortfolioSettlements: read("/settlements?max_ts=1724148000", { settlements: [settlement] }),
  GetPortfolioRestingOrderTotalValue: read("/summary/total_resting_order_value", { total_value: 252 }),
  CreateOrder: write("POST", "", wish, 201, { order: confirmation }),
  BatchCreateOrders: write("POST", "/batched", { orders: [wish, wish] }, 201, {
    orders: [{ order: confirmation }, { error }]
  }),
  BatchCancelOrders: write("DELETE", "/batched", { ids: [id] }, 200, {
    orders: [
      { order, reduced_by: 6 },
      { order_id: id, reduced_by: 0, error }
    ]
  }),
  CancelOrder: write("DELETE", `/${id}`, undefined, 200, { order, reduced_by: 6 }),
  AmendOrder: write(
    "POST",
    `/${id}/amend`,
    {
      ticker,
      action: "buy",
      side: "yes",
      count: 12,
      no_price: 57,
      client_order_id: "mine-1",
      updated_client_order_id: "mine-2"
    },
    201,
    { old_order: order, order: { ...order, yes_price: 43, no_price: 57, client_order_id: "mine-2" } }
  ),
  DecreaseOrder: write("POST", `/${id}/decrease`, { reduce_by: 2 }, 201, { order: { ...order, remaining_count: 4 } })
} as const satisfies Readonly<Record<string, Draft>>

/** An operation that failed. */
export const failed = (
  draft: Draft,
  status: number,
  responseBody: unknown = error,
  contentType = "application/json"
): Draft => {
  const { cookies: _, ...asked } = draft
  return { ...asked, status, responseBody, contentType }
}
