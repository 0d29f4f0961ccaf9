/**
 * What the operations of the portfolio have on today's wire alone, over a
 * socket; what they have on either is in `thirteen.test.ts`.
 */
import { Control, Faults, Sandbox } from "@effect-kalshi/sandbox"
import { assert, describe, layer } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { Contracts, Dollars, Markets, Portfolio, Timestamp } from "effect-kalshi"
import * as kit from "./kit.ts"

const truth = Effect.gen(function* () {
  const control = yield* Control.Control
  const { account } = yield* Sandbox.Sandbox
  return yield* control.truth(account)
})

describe("portfolio operations", () => {
  layer(kit.sandbox(), { excludeTestServices: true })((it) => {
    it.effect("getBalance is what is free, and what positions are worth", () =>
      Effect.gen(function* () {
        const portfolio = yield* Portfolio.Portfolio
        const ticker = yield* kit.market()
        yield* kit.offer(ticker, "ask", 45, 5)
        const before = yield* portfolio.getBalance()
        yield* portfolio.createOrder(kit.bid(ticker, 45, 5))
        yield* portfolio.createOrder(kit.bid(ticker, 20, 10))
        const after = yield* portfolio.getBalance({ subaccount: 0, exchangeIndex: 0 })
        const { balance } = yield* truth
        assert.strictEqual(after.available, balance.available)
        // 5 at 45 cents, their fee of 0.07 · 5 · 0.45 · 0.55, and 10 at 20 cents that rest
        assert.strictEqual(
          Dollars.subtract(before.available, after.available),
          Dollars.sum([Dollars.of(2.25), Dollars.of(0.0867), Dollars.of(2)])
        )
        assert.strictEqual(after.portfolioValue, Dollars.add(before.portfolioValue ?? Dollars.zero, Dollars.of(2.25)))
        assert.deepStrictEqual(after.byShard, [{ exchangeIndex: 0, available: after.available }])
      })
    )

    it.effect("cancelAllOrders cancels what rests, and says where if it is told to", () =>
      Effect.gen(function* () {
        const portfolio = yield* Portfolio.Portfolio
        const control = yield* Control.Control
        const ticker = yield* kit.market()
        const second = yield* kit.market()
        yield* portfolio.createOrder(kit.bid(ticker))
        yield* portfolio.createOrder(kit.ask(second))
        assert.isUndefined(yield* portfolio.cancelAllOrders())
        assert.strictEqual((yield* kit.ordersIn(ticker))[0]?.status, "canceled")
        assert.strictEqual((yield* kit.ordersIn(second))[0]?.status, "canceled")
        // another success is a success all the same
        yield* control.inject(Faults.status(200), { endpoint: "cancelAllOrders" })
        yield* portfolio.cancelAllOrders({ subaccount: 0 })
        const sent = yield* control.requests({ endpoint: "cancelAllOrders" })
        assert.deepStrictEqual(
          sent.map(({ query, status, tokens }) => [query, status, tokens]),
          [
            ["", 204, 2],
            ["subaccount=0", 200, 2]
          ]
        )
        yield* control.inject(Faults.tooManyRequests, { endpoint: "cancelAllOrders", times: 9 })
        yield* kit.fails(kit.impatient(portfolio.cancelAllOrders()), "RateLimited", {
          operation: "cancelAllOrders",
          outcome: "not-applied"
        })
        yield* control.clearFaults
      })
    )

    it.effect("createOrder carries every option", () =>
      Effect.gen(function* () {
        const portfolio = yield* Portfolio.Portfolio
        const control = yield* Control.Control
        const ticker = yield* kit.market()
        const expiresAt = Timestamp.fromMillis(Date.now() + 3_600_000)
        yield* portfolio.createOrder({
          ...kit.bid(ticker),
          timeInForce: "good_till_canceled",
          selfTradePrevention: "maker",
          postOnly: true,
          cancelOnPause: true,
          expiresAt,
          subaccount: 0,
          exchangeIndex: 0
        })
        const [order] = yield* kit.ordersIn(ticker)
        assert.strictEqual(order?.selfTradePrevention, "maker")
        assert.isTrue(order?.cancelOnPause)
        assert.strictEqual(order?.expiration, Timestamp.fromSeconds(Timestamp.toSeconds(expiresAt)))
        yield* control.setExchange({ exchangeActive: true, tradingActive: false })
        yield* control.setExchange({ exchangeActive: true, tradingActive: true })
        assert.strictEqual((yield* kit.ordersIn(ticker))[0]?.status, "canceled")
      })
    )

    it.effect("createOrder that meets a part is partly filled", () =>
      Effect.gen(function* () {
        const portfolio = yield* Portfolio.Portfolio
        const ticker = yield* kit.market()
        yield* kit.offer(ticker, "ask", 40, 4)
        const result = yield* portfolio.createOrder(kit.bid(ticker))
        assert.strictEqual(result._tag, "PartlyFilled")
        assert.strictEqual(result.filled, Contracts.of(4))
        assert.strictEqual(result.remaining, Contracts.of(6))
        assert.strictEqual(result.averagePrice, Dollars.cents(40))
        // 0.07 · 4 · 0.4 · 0.6, up to a hundredth of a cent, a contract
        assert.strictEqual(result.averageFee, Dollars.micros(16_800))
      })
    )

    it.effect("createOrder that meets all is filled", () =>
      Effect.gen(function* () {
        const portfolio = yield* Portfolio.Portfolio
        const ticker = yield* kit.market()
        yield* kit.offer(ticker, "ask", 39, 5)
        yield* kit.offer(ticker, "ask", 40, 5)
        const result = yield* portfolio.createOrder(kit.bid(ticker))
        assert.strictEqual(result._tag, "Filled")
        assert.strictEqual(result.filled, Contracts.of(10))
        assert.strictEqual(result.remaining, 0)
        assert.strictEqual(result.averagePrice, Dollars.of(0.395))
      })
    )

    it.effect("createOrder fills a hundredth of a contract", () =>
      Effect.gen(function* () {
        const portfolio = yield* Portfolio.Portfolio
        const ticker = yield* kit.market()
        yield* kit.offer(ticker, "ask", 40, 5)
        const result = yield* portfolio.createOrder({ ...kit.bid(ticker), count: Contracts.centis(1) })
        assert.strictEqual(result._tag, "Filled")
        assert.strictEqual(result.filled, 1)
      })
    )

    it.effect("createOrder that may cancel one's own goes on and rests", () =>
      Effect.gen(function* () {
        const portfolio = yield* Portfolio.Portfolio
        const ticker = yield* kit.market()
        const own = yield* portfolio.createOrder(kit.ask(ticker, 50))
        const result = yield* portfolio.createOrder({ ...kit.bid(ticker, 50), selfTradePrevention: "maker" })
        assert.strictEqual(result._tag, "Resting")
        assert.strictEqual((yield* portfolio.getOrder(own.orderId)).status, "canceled")
      })
    )

    it.effect("createOrder that may only reduce is cancelled without a position", () =>
      Effect.gen(function* () {
        const portfolio = yield* Portfolio.Portfolio
        const ticker = yield* kit.market()
        const result = yield* portfolio.createOrder({ ...kit.ask(ticker), reduceOnly: true })
        assert.strictEqual(result._tag, "Cancelled")
        assert.strictEqual(result.filled, 0)
      })
    )

    it.effect("createOrder that may only reduce is cut to the position", () =>
      Effect.gen(function* () {
        const portfolio = yield* Portfolio.Portfolio
        const ticker = yield* kit.market()
        yield* kit.offer(ticker, "ask", 40, 3)
        yield* portfolio.createOrder(kit.bid(ticker, 40, 3))
        yield* kit.offer(ticker, "bid", 38, 10)
        const result = yield* portfolio.createOrder({ ...kit.ask(ticker, 38), reduceOnly: true })
        assert.strictEqual(result._tag, "Cancelled")
        assert.strictEqual(result.filled, Contracts.of(3))
        const { marketPositions } = yield* portfolio.getPositions({ ticker, countFilter: ["position"] })
        assert.deepStrictEqual(marketPositions, [])
      })
    )

    it.effect("createOrder for all or nothing fails when there is too little", () =>
      Effect.gen(function* () {
        const portfolio = yield* Portfolio.Portfolio
        const ticker = yield* kit.market()
        yield* kit.offer(ticker, "ask", 40, 9)
        yield* kit.fails(
          portfolio.createOrder({ ...kit.bid(ticker), timeInForce: "fill_or_kill" }),
          "FillOrKillUnfilled",
          { outcome: "not-applied", status: 409, attempts: 1 }
        )
        yield* kit.offer(ticker, "ask", 40, 1)
        const result = yield* portfolio.createOrder({ ...kit.bid(ticker), timeInForce: "fill_or_kill" })
        assert.strictEqual(result._tag, "Filled")
      })
    )

    it.effect("createOrder that may not take fails when it would", () =>
      Effect.gen(function* () {
        const portfolio = yield* Portfolio.Portfolio
        const ticker = yield* kit.market()
        yield* kit.offer(ticker, "ask", 40, 1)
        yield* kit.fails(portfolio.createOrder({ ...kit.bid(ticker), postOnly: true }), "PostOnlyCross", {
          outcome: "not-applied",
          status: 400,
          code: "invalid_order",
          attempts: 1
        })
        assert.deepStrictEqual(yield* kit.ordersIn(ticker), [])
      })
    )

    it.effect("getOrder shows an order as the exchange has it", () =>
      Effect.gen(function* () {
        const portfolio = yield* Portfolio.Portfolio
        const ticker = yield* kit.market()
        yield* kit.offer(ticker, "ask", 40, 4)
        const { orderId } = yield* portfolio.createOrder({ ...kit.bid(ticker), clientOrderId: "get-order" })
        const order = yield* portfolio.getOrder(orderId)
        assert.strictEqual(order.orderId, orderId)
        assert.strictEqual(order.clientOrderId, "get-order")
        assert.strictEqual(order.ticker, ticker)
        assert.strictEqual(order.side, "bid")
        assert.strictEqual(order.price, Dollars.cents(40))
        assert.strictEqual(order.status, "resting")
        assert.strictEqual(order.initial, Contracts.of(10))
        assert.strictEqual(order.filled, Contracts.of(4))
        assert.strictEqual(order.remaining, Contracts.of(6))
        assert.strictEqual(order.takerCost, Dollars.of(1.6))
        assert.strictEqual(order.takerFees, Dollars.of(0.0672))
        assert.strictEqual(order.makerCost, 0)
        assert.strictEqual(order.subaccount, 0)
      })
    )

    it.effect("getFills is one page, newest first, with the fee of each", () =>
      Effect.gen(function* () {
        const portfolio = yield* Portfolio.Portfolio
        const ticker = yield* kit.market()
        yield* kit.offer(ticker, "ask", 40, 4)
        const taken = yield* portfolio.createOrder(kit.bid(ticker))
        yield* kit.offer(ticker, "ask", 40, 1)
        const page = yield* portfolio.getFills({ ticker })
        assert.deepStrictEqual(
          page.fills.map((fill) => [fill.count, fill.isTaker, fill.side, fill.price, fill.fee]),
          [
            [Contracts.of(1), false, "bid", Dollars.cents(40), Dollars.zero],
            [Contracts.of(4), true, "bid", Dollars.cents(40), Dollars.of(0.0672)]
          ]
        )
        assert.isTrue(page.fills.every((fill) => fill.orderId === taken.orderId && fill.ticker === ticker))
        assert.isUndefined(page.cursor)
        const known = (yield* truth).fills.filter((fill) => fill.ticker === ticker)
        assert.deepStrictEqual(
          page.fills.map((fill) => fill.tradeId),
          known.map((fill) => fill.tradeId)
        )
        assert.deepStrictEqual(
          page.fills.map((fill) => fill.createdAt),
          known.map((fill) => fill.at)
        )
      })
    )

    it.effect("getPositions shows markets, signed, and their events", () =>
      Effect.gen(function* () {
        const portfolio = yield* Portfolio.Portfolio
        const ticker = yield* kit.market()
        yield* kit.offer(ticker, "bid", 30, 4)
        yield* portfolio.createOrder(kit.ask(ticker, 30, 4))
        const { cursor, eventPositions, marketPositions } = yield* portfolio.getPositions({ ticker })
        assert.isUndefined(cursor)
        assert.strictEqual(marketPositions.length, 1)
        const [position] = marketPositions
        assert.strictEqual(position?.position, Contracts.of(-4))
        assert.strictEqual(position?.exposure, Dollars.of(2.8))
        assert.strictEqual(position?.totalTraded, Dollars.of(2.8))
        assert.strictEqual(position?.realizedPnl, 0)
        assert.strictEqual(position?.feesPaid, Dollars.of(0.0588))
        assert.deepStrictEqual(eventPositions, [
          {
            eventTicker: ticker.slice(0, -2),
            totalCost: Dollars.of(2.8),
            totalContracts: Contracts.of(4),
            exposure: Dollars.of(2.8),
            realizedPnl: Dollars.zero,
            feesPaid: Dollars.of(0.0588)
          }
        ])
      })
    )

    it.effect("getPortfolioSettlements shows what a market paid", () =>
      Effect.gen(function* () {
        const portfolio = yield* Portfolio.Portfolio
        const control = yield* Control.Control
        const ticker = yield* kit.market()
        yield* kit.offer(ticker, "ask", 40, 4)
        yield* portfolio.createOrder(kit.bid(ticker, 40, 4))
        yield* control.settle(ticker, { _tag: "scalar", value: Dollars.of(0.62) })
        const { settlements } = yield* portfolio.getPortfolioSettlements({ ticker })
        assert.strictEqual(settlements.length, 1)
        const [settlement] = settlements
        assert.deepStrictEqual(settlement?.result, { _tag: "scalar", value: Dollars.cents(62) })
        assert.strictEqual(settlement?.yesCount, Contracts.of(4))
        assert.strictEqual(settlement?.yesCost, Dollars.of(1.6))
        assert.strictEqual(settlement?.noCount, 0)
        assert.strictEqual(settlement?.revenue, Dollars.of(2.48))
        assert.strictEqual(settlement?.fee, Dollars.of(0.0672))
        assert.strictEqual(settlement?.eventTicker, ticker.slice(0, -2))
        assert.deepStrictEqual((yield* portfolio.getPositions({ ticker })).marketPositions, [])
      })
    )

    it.effect("decreaseOrder by and to, the place in the queue kept", () =>
      Effect.gen(function* () {
        const portfolio = yield* Portfolio.Portfolio
        const ticker = yield* kit.market()
        const { orderId } = yield* portfolio.createOrder(kit.bid(ticker))
        yield* kit.offer(ticker, "bid", 40, 10)
        const by = yield* portfolio.decreaseOrder(orderId, { by: Contracts.of(3) })
        assert.strictEqual(by.remaining, Contracts.of(7))
        const to = yield* portfolio.decreaseOrder(orderId, { to: Contracts.of(2.5) })
        assert.strictEqual(to.remaining, Contracts.of(2.5))
        yield* kit.offer(ticker, "ask", 40, 2)
        assert.strictEqual((yield* portfolio.getOrder(orderId)).filled, Contracts.of(2))
        const ended = yield* portfolio.decreaseOrder(orderId, { to: Contracts.zero })
        assert.strictEqual(ended.remaining, 0)
        assert.notStrictEqual((yield* portfolio.getOrder(orderId)).status, "resting")
      })
    )

    it.effect("every answer about markets may have fields that nobody announced", () =>
      Effect.gen(function* () {
        const markets = yield* Markets.Markets
        const control = yield* Control.Control
        const ticker = yield* kit.market()
        yield* control.setUnknownFields(true)
        assert.strictEqual((yield* markets.getMarket(ticker)).ticker, ticker)
        yield* markets.getOrderBook(ticker)
        yield* markets.getFees(ticker)
      }).pipe(Effect.ensuring(Control.Control.use((control) => control.setUnknownFields(false))))
    )

    it.effect("nothing of a successful call is sent twice", () =>
      Effect.gen(function* () {
        const portfolio = yield* Portfolio.Portfolio
        const control = yield* Control.Control
        const ticker = yield* kit.market()
        yield* control.inject(Faults.latency("20 millis"), { times: 4 })
        const { orderId } = yield* portfolio.createOrder(kit.bid(ticker))
        yield* portfolio.decreaseOrder(orderId, { by: Contracts.of(1) })
        yield* portfolio.amendOrder({ orderId, side: "bid", price: Dollars.cents(40), total: Contracts.of(8) })
        yield* portfolio.cancelOrder(orderId)
        assert.deepStrictEqual(
          (yield* control.requests()).map(({ endpoint, status }) => [endpoint, status]),
          [
            ["createOrder", 201],
            ["decreaseOrder", 200],
            ["amendOrder", 200],
            ["cancelOrder", 200]
          ]
        )
      })
    )
  })
})
