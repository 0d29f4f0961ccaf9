/** Every operation of our API as a call of the official SDK, with all that it can be asked. */
import * as Crypto from "node:crypto"
import type * as Contract from "../contract/Contract.ts"
import type { Client } from "./Client.ts"

/** What the calls name. */
export interface Names {
  readonly ticker: string
  readonly event: string
  readonly series: string
  /** A market that is in the archive, and its event. */
  readonly archived: { readonly ticker: string; readonly event: string }
  readonly orderId: string
  /** Makes the `client_order_id`s. */
  readonly label: string
}

type Call = (client: Client, names: Names) => Promise<{ readonly status: number; readonly data: unknown }>

const order = (names: Names, suffix: string, price: string) => ({
  ticker: names.ticker,
  side: "bid" as const,
  count: "2.00",
  price,
  time_in_force: "good_till_canceled" as const,
  self_trade_prevention_type: "taker_at_cross" as const,
  client_order_id: `${names.label}-${suffix}`,
  post_only: true
})

const YEAR = 365 * 86_400

const now = (): number => Math.floor(Date.now() / 1000)

/** The calls by the name of the SDK's operation. */
export const calls: Readonly<Record<(typeof Contract.ours)[keyof typeof Contract.ours], Call>> = {
  getBalance: ({ portfolio }) => portfolio.getBalance(0, 0),
  getPositions: ({ portfolio }, { ticker, event }) =>
    portfolio.getPositions(undefined, 10, "position,total_traded", ticker, event, 0, 0),
  getFills: ({ portfolio }, { ticker, orderId }) =>
    portfolio.getFills(ticker, orderId, now() - 3600, now() + 3600, 10, undefined, 0, 0),
  getSettlements: ({ portfolio }, { ticker, event }) =>
    portfolio.getSettlements(10, undefined, ticker, event, now() - 3600, now() + 3600, 0),
  getPortfolioRestingOrderTotalValue: ({ portfolio }) => portfolio.getPortfolioRestingOrderTotalValue(),
  getDeposits: ({ portfolio }) => portfolio.getDeposits(500),
  getWithdrawals: ({ portfolio }) => portfolio.getWithdrawals(500),
  createSubaccount: ({ portfolio }) => portfolio.createSubaccount({ exchange_index: 0 }),
  applySubaccountTransfer: ({ portfolio }) =>
    portfolio.applySubaccountTransfer({
      client_transfer_id: Crypto.randomUUID(),
      from_subaccount: 0,
      to_subaccount: 1,
      amount_cents: 1,
      exchange_index: 0
    }),
  getSubaccountBalances: ({ portfolio }) => portfolio.getSubaccountBalances(),
  getSubaccountTransfers: ({ portfolio }) => portfolio.getSubaccountTransfers(10),
  getOrders: ({ orders }, { ticker, event }) =>
    orders.getOrders(ticker, event, now() - 3600, now() + 3600, "resting", 10, undefined, 0, 0),
  getOrder: ({ orders }, { orderId }) => orders.getOrder(orderId),
  createOrderV2: ({ orders }, names) =>
    orders.createOrderV2({
      ...order(names, "one", "0.0200"),
      expiration_time: now() + 3600,
      reduce_only: false,
      cancel_order_on_pause: false,
      subaccount: 0,
      exchange_index: 0
    }),
  batchCreateOrdersV2: ({ orders }, names) =>
    orders.batchCreateOrdersV2({
      orders: [order(names, "two", "0.0300"), { ...order(names, "wrong", "0.0300"), ticker: "NO-SUCH-MARKET" }]
    }),
  amendOrderV2: ({ orders }, { ticker, orderId, label }) =>
    orders.amendOrderV2(
      orderId,
      {
        ticker,
        side: "bid",
        price: "0.0500",
        count: "8.00",
        updated_client_order_id: `${label}-amended`,
        exchange_index: 0
      },
      0
    ),
  decreaseOrderV2: ({ orders }, { ticker, orderId }) =>
    orders.decreaseOrderV2(orderId, { reduce_by: "1.00", market_ticker: ticker, exchange_index: 0 }, 0),
  cancelOrderV2: ({ orders }, { ticker, orderId }) => orders.cancelOrderV2(orderId, 0, 0, ticker),
  batchCancelOrdersV2: ({ orders }, { ticker, orderId }) =>
    orders.batchCancelOrdersV2({
      orders: [{ order_id: orderId, subaccount: 0, exchange_index: 0, market_ticker: ticker }]
    }),
  cancelAllOrders: ({ orders }) => orders.cancelAllOrders(0),
  getMarkets: ({ markets }, { ticker, event, series }) =>
    markets.getMarkets(
      10,
      undefined,
      event,
      series,
      undefined,
      undefined,
      undefined,
      undefined,
      undefined,
      undefined,
      undefined,
      "open",
      ticker
    ),
  getTrades: ({ markets }, { ticker }) => markets.getTrades(10, undefined, ticker, now() - 3600, now() + 3600, false),
  getMarket: ({ markets }, { ticker }) => markets.getMarket(ticker),
  getMarketOrderbook: ({ markets }, { ticker }) => markets.getMarketOrderbook(ticker, 5),
  getEvent: ({ events }, { event }) => events.getEvent(event),
  getSeries: ({ markets }, { series }) => markets.getSeries(series),
  getHistoricalCutoff: ({ historical }) => historical.getHistoricalCutoff(),
  getFillsHistorical: ({ historical }, { archived }) =>
    historical.getFillsHistorical(archived.ticker, now() - YEAR, now(), 10),
  getHistoricalOrders: ({ historical }, { archived }) =>
    historical.getHistoricalOrders(archived.ticker, now() - YEAR, now(), 10),
  getHistoricalPositions: ({ historical }, { archived }) =>
    historical.getHistoricalPositions(archived.ticker, archived.event, 0, 10),
  getTradesHistorical: ({ historical }, { archived }) =>
    historical.getTradesHistorical(archived.ticker, now() - YEAR, now(), 10, undefined, false),
  getHistoricalMarkets: ({ historical }, { archived }) =>
    historical.getHistoricalMarkets(10, undefined, archived.ticker),
  getHistoricalMarket: ({ historical }, { archived }) => historical.getHistoricalMarket(archived.ticker),
  getExchangeStatus: ({ exchange }) => exchange.getExchangeStatus(),
  getUserDataTimestamp: ({ exchange }) => exchange.getUserDataTimestamp(),
  getAccountApiLimits: ({ account }) => account.getAccountApiLimits(),
  getAccountEndpointCosts: ({ account }) => account.getAccountEndpointCosts(),
  getApiKeys: ({ apiKeys }) => apiKeys.getApiKeys()
}
