/**
 * What is refused before anything is sent.
 */
import { assert, describe, layer } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { Contracts, Dollars, type KalshiError, Markets, Portfolio, Timestamp } from "effect-kalshi"
import * as kit from "./kit.ts"
import * as wires from "./wires.ts"

type Service = Portfolio.Portfolio["Service"]
type Call = (portfolio: Service) => Effect.Effect<unknown, KalshiError.KalshiError>
type OfMarkets = (markets: Markets.Markets["Service"]) => Effect.Effect<unknown, KalshiError.KalshiError>

const T = "KXANY-1-A"
const order = kit.bid(T)
const amend = { orderId: "id", ticker: T, side: "bid", price: Dollars.cents(40), total: Contracts.of(1) } as const
const by = { ticker: T, by: Contracts.of(1) }
const run = <A>(stream: Stream.Stream<A, KalshiError.KalshiError>) => Stream.runCollect(stream)

const create =
  (change: Partial<Parameters<Service["createOrder"]>[0]>): Call =>
  (portfolio) =>
    portfolio.createOrder({ ...order, ...change } as Parameters<Service["createOrder"]>[0])

const cases: ReadonlyArray<readonly [what: string, field: string, call: Call]> = [
  ["an order without a ticker", "ticker", create({ ticker: "" })],
  ["an order of nothing", "count", create({ count: Contracts.zero })],
  ["an order of less than nothing", "count", create({ count: Contracts.of(-1) })],
  ["a price of $0", "price", create({ price: Dollars.zero })],
  ["a price of $1", "price", create({ price: Dollars.one })],
  ["a price below $0", "price", create({ price: Dollars.of(-0.4) })],
  ["a price with 5 decimals", "price", create({ price: Dollars.micros(400_010) })],
  ["a market order", "type", (portfolio) => portfolio.createOrder(Object.assign({ type: "market" }, order))],
  [
    "a batch with what an item may cost",
    "orders[1].buyMaxCost",
    (portfolio) => portfolio.batchCreateOrders([order, Object.assign({ buyMaxCost: 500 }, order)])
  ],
  ["a client order id with a dot", "clientOrderId", create({ clientOrderId: "a.b" })],
  ["a client order id of 65 characters", "clientOrderId", create({ clientOrderId: "x".repeat(65) })],
  ["an empty client order id", "clientOrderId", create({ clientOrderId: "" })],
  ["subaccount 64", "subaccount", create({ subaccount: 64 })],
  ["subaccount −1", "subaccount", create({ subaccount: -1 })],
  ["subaccount 1.5", "subaccount", create({ subaccount: 1.5 })],
  [
    "an expiration with an immediate order",
    "expiresAt",
    create({
      timeInForce: "immediate_or_cancel",
      expiresAt: Timestamp.fromSeconds(2_000_000_000)
    })
  ],
  [
    "an expiration with all or nothing",
    "expiresAt",
    create({
      timeInForce: "fill_or_kill",
      expiresAt: Timestamp.fromSeconds(2_000_000_000)
    })
  ],
  [
    "a batch with a bad item",
    "orders[1].count",
    (portfolio) => portfolio.batchCreateOrders([order, { ...order, count: Contracts.zero }])
  ],
  [
    "a batch that names a client order id twice",
    "clientOrderId",
    (portfolio) =>
      portfolio.batchCreateOrders([
        { ...order, clientOrderId: "a" },
        { ...order, clientOrderId: "a" }
      ])
  ],
  [
    "a batch of cancels that names an order twice",
    "orderId",
    (portfolio) => portfolio.batchCancelOrders(["a", "b", "a"])
  ],
  ["a batch of cancels with an empty id", "orderId", (portfolio) => portfolio.batchCancelOrders(["a", ""])],
  [
    "a batch of cancels on subaccount 64",
    "subaccount",
    (portfolio) => portfolio.batchCancelOrders([{ orderId: "a", ticker: T, subaccount: 64 }])
  ],
  ["a cancel without an id", "orderId", (portfolio) => portfolio.cancelOrder("", { ticker: T })],
  ["a cancel of a path", "orderId", (portfolio) => portfolio.cancelOrder("..", { ticker: T })],
  ["a cancel with an empty ticker", "ticker", (portfolio) => portfolio.cancelOrder("id", { ticker: "" })],
  [
    "a cancel on subaccount 64",
    "subaccount",
    (portfolio) => portfolio.cancelOrder("id", { ticker: T, subaccount: 64 })
  ],
  [
    "a cancel of everything on subaccount 64",
    "subaccount",
    (portfolio) => portfolio.cancelAllOrders({ subaccount: 64 })
  ],
  ["a decrease without an id", "orderId", (portfolio) => portfolio.decreaseOrder("", by)],
  ["a decrease with an empty ticker", "ticker", (portfolio) => portfolio.decreaseOrder("id", { ...by, ticker: "" })],
  ["a decrease neither by nor to", "by", (portfolio) => portfolio.decreaseOrder("id", { ticker: T })],
  ["a decrease both by and to", "by", (portfolio) => portfolio.decreaseOrder("id", { ...by, to: Contracts.of(1) })],
  ["a decrease by nothing", "by", (portfolio) => portfolio.decreaseOrder("id", { ticker: T, by: Contracts.zero })],
  [
    "a decrease to less than nothing",
    "to",
    (portfolio) => portfolio.decreaseOrder("id", { ticker: T, to: Contracts.of(-1) })
  ],
  [
    "a decrease on subaccount 64",
    "subaccount",
    (portfolio) => portfolio.decreaseOrder("id", { ...by, subaccount: 64 })
  ],
  ["an amend without an id", "orderId", (portfolio) => portfolio.amendOrder({ ...amend, orderId: "" })],
  ["an amend with an empty ticker", "ticker", (portfolio) => portfolio.amendOrder({ ...amend, ticker: "" })],
  ["an amend to nothing", "total", (portfolio) => portfolio.amendOrder({ ...amend, total: Contracts.zero })],
  ["an amend to $1", "price", (portfolio) => portfolio.amendOrder({ ...amend, price: Dollars.one })],
  [
    "an amend to a client id with a dot",
    "updatedClientOrderId",
    (portfolio) => portfolio.amendOrder({ ...amend, updatedClientOrderId: "a.b" })
  ],
  ["an amend on subaccount 64", "subaccount", (portfolio) => portfolio.amendOrder({ ...amend, subaccount: 64 })],
  ["a reading of an order without an id", "orderId", (portfolio) => portfolio.getOrder("")],
  ["a reading of a path", "orderId", (portfolio) => portfolio.getOrder(".")],
  ["a balance of subaccount 64", "subaccount", (portfolio) => portfolio.getBalance({ subaccount: 64 })],
  ["a page of no fills", "limit", (portfolio) => portfolio.getFills({ limit: 0 })],
  ["a page of 1001 fills", "limit", (portfolio) => portfolio.getFills({ limit: 1001 })],
  ["fills of subaccount 64", "subaccount", (portfolio) => portfolio.getFills({ subaccount: 64 })],
  [
    "fills of a range that ends before it begins",
    "minTs",
    (portfolio) => portfolio.getFills({ minTs: Timestamp.fromSeconds(2), maxTs: Timestamp.fromSeconds(1) })
  ],
  ["a stream of pages of no fills", "limit", (portfolio) => run(portfolio.fills({ limit: 0 }))],
  ["a page of no orders", "limit", (portfolio) => portfolio.getOrders({ limit: 0 })],
  ["a page of 1001 orders", "limit", (portfolio) => portfolio.getOrders({ limit: 1001 })],
  ["a stream of pages of 1001 orders", "limit", (portfolio) => run(portfolio.orders({ limit: 1001 }))],
  ["a page of no settlements", "limit", (portfolio) => portfolio.getPortfolioSettlements({ limit: 0 })],
  ["a page of 1001 settlements", "limit", (portfolio) => portfolio.getPortfolioSettlements({ limit: 1001 })],
  ["settlements of subaccount 64", "subaccount", (portfolio) => portfolio.getPortfolioSettlements({ subaccount: 64 })],
  ["a page of no positions", "limit", (portfolio) => portfolio.getPositions({ limit: 0 })],
  ["a page of 1001 positions", "limit", (portfolio) => portfolio.getPositions({ limit: 1001 })]
]

const transfer = (fields: object) => (portfolio: Portfolio.Portfolio["Service"]) =>
  portfolio.transferBetweenSubaccounts({ from: 0, to: 1, amount: Dollars.of(1), ...fields })

const ofToday: typeof cases = [
  ["a transfer of half a cent", "amount", transfer({ amount: Dollars.of(0.005) })],
  ["a transfer of a dollar and a micro-dollar", "amount", transfer({ amount: Dollars.micros(1_000_001) })],
  ["a transfer of nothing", "amount", transfer({ amount: Dollars.zero })],
  ["a transfer of less than nothing", "amount", transfer({ amount: Dollars.of(-1) })],
  ["a transfer of no number", "amount", transfer({ amount: NaN })],
  ["a transfer from subaccount 64", "from", transfer({ from: 64 })],
  ["a transfer to subaccount −1", "to", transfer({ to: -1 })],
  ["a transfer to where it comes from", "to", transfer({ to: 0 })],
  ["a transfer whose id is no UUID", "clientTransferId", transfer({ clientTransferId: "mine" })],
  ["a transfer on half a shard", "exchangeIndex", transfer({ exchangeIndex: 0.5 })],
  ["a new subaccount on shard −1", "exchangeIndex", (portfolio) => portfolio.createSubaccount({ exchangeIndex: -1 })],
  ["a page of 1001 transfers", "limit", (portfolio) => portfolio.getSubaccountTransfers({ limit: 1001 })],
  ["a stream of pages of no transfers", "limit", (portfolio) => run(portfolio.subaccountTransfers({ limit: 0 }))],
  [
    "orders of 11 events",
    "eventTickers",
    (portfolio) => portfolio.getOrders({ eventTickers: Array.from({ length: 11 }, (_, index) => `E${index}`) })
  ],
  [
    "settled positions, which the exchange does not list",
    "settlementStatus",
    (portfolio) => portfolio.getPositions({ settlementStatus: "settled" })
  ],
  ["a preview of nothing", "count", (portfolio) => portfolio.preview({ ...order, count: Contracts.zero })],
  [
    "positions by what rests, which the exchange no longer counts",
    "countFilter",
    (portfolio) => portfolio.getPositions({ countFilter: ["resting_order_count"] })
  ]
]

const ofMarkets: ReadonlyArray<readonly [what: string, field: string, call: OfMarkets]> = [
  ["a market without a ticker", "ticker", (markets) => markets.getMarket("")],
  ["a book without a ticker", "ticker", (markets) => markets.getOrderBook("")],
  ["a book of 101 levels", "depth", (markets) => markets.getOrderBook(T, { depth: 101 })],
  ["a page of 1001 markets", "limit", (markets) => markets.getMarkets({ limit: 1001 })]
]

const refused = Effect.fnUntraced(function* (field: string, call: Effect.Effect<unknown, KalshiError.KalshiError>) {
  yield* kit.market()
  const reason = yield* kit.fails(call, "InvalidInput", { outcome: "not-applied", attempts: 0 })
  assert.strictEqual(reason.field, field)
  assert.match(reason.message, /; nothing was sent$/)
  assert.isFalse(reason.retryable)
  assert.strictEqual(yield* kit.count(), 0)
})

for (const wire of wires.all) {
  describe(`portfolio input, on the wire of ${wire.name}`, () => {
    layer(wire.sandbox(), { excludeTestServices: true })((it) => {
      it.effect.each(cases)("%s is refused, and nothing is sent", ([, field, call]) =>
        Effect.flatMap(Portfolio.Portfolio, (portfolio) => refused(field, call(portfolio)))
      )
    })
  })
}

describe("input of today's wire", () => {
  layer(kit.sandbox(), { excludeTestServices: true })((it) => {
    it.effect.each(ofToday)("%s is refused, and nothing is sent", ([, field, call]) =>
      Effect.flatMap(Portfolio.Portfolio, (portfolio) => refused(field, call(portfolio)))
    )

    it.effect.each(ofMarkets)("%s is refused, and nothing is sent", ([, field, call]) =>
      Effect.flatMap(Markets.Markets, (markets) => refused(field, call(markets)))
    )

    it.effect("the limits themselves are taken", () =>
      Effect.gen(function* () {
        const portfolio = yield* Portfolio.Portfolio
        const ticker = yield* kit.market()
        for (const limit of [1, 1000]) yield* portfolio.getFills({ limit })
        yield* portfolio.createOrder({ ...kit.bid(ticker), clientOrderId: "x".repeat(64), count: Contracts.centis(1) })
        yield* portfolio.createOrder({ ...kit.bid(ticker), price: Dollars.cents(1) })
        yield* portfolio.createOrder({ ...kit.bid(ticker), price: Dollars.cents(99) })
        yield* portfolio.getOrders({
          eventTickers: Array.from({ length: 10 }, (_, index) => `E${index}`),
          subaccount: 63
        })
        assert.strictEqual(yield* kit.count(), 6)
      })
    )
  })
})
