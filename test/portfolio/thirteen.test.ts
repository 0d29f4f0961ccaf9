/**
 * The thirteen operations of the portfolio, over a socket, on either wire: the
 * same calls, the same answers, the same exchange afterwards.
 */
import { Control, Faults, Sandbox } from "@effect-kalshi/sandbox"
import { assert, describe, layer } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { Contracts, Dollars, Portfolio, Timestamp } from "effect-kalshi"
import * as kit from "./kit.ts"
import * as wires from "./wires.ts"

const truth = Effect.gen(function* () {
  const control = yield* Control.Control
  const { account } = yield* Sandbox.Sandbox
  return yield* control.truth(account)
})

/** The writes that reached the sandbox, in order. */
const writes = Control.Control.use((control) =>
  Effect.map(control.requests(), (entries) =>
    entries.filter(({ method }) => method !== "GET").map(({ endpoint }) => endpoint)
  )
)

for (const wire of wires.all) {
  describe(`the thirteen operations, on the wire of ${wire.name}`, () => {
    layer(wire.sandbox(), { excludeTestServices: true })((it) => {
      it.effect("getBalance is what is free", () =>
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
          // 5 at 45 cents, their fee of 0.07 · 5 · 0.45 · 0.55 up to a cent, and 10 at 20 cents that rest
          assert.strictEqual(
            Dollars.subtract(before.available, after.available),
            Dollars.sum([Dollars.of(2.25), Dollars.of(0.09), Dollars.of(2)])
          )
        })
      )

      it.effect("createOrder that meets nobody rests", () =>
        Effect.gen(function* () {
          const portfolio = yield* Portfolio.Portfolio
          const ticker = yield* kit.market()
          const result = yield* portfolio.createOrder({ ...kit.bid(ticker), clientOrderId: "mine-1" })
          assert.strictEqual(result._tag, "Resting")
          assert.strictEqual(result.clientOrderId, "mine-1")
          assert.strictEqual(result.filled, 0)
          assert.strictEqual(result.remaining, Contracts.of(10))
          assert.isUndefined(result.averagePrice)
          const [order] = yield* kit.ordersIn(ticker)
          assert.strictEqual(order?.orderId, result.orderId)
          assert.strictEqual(order?.clientOrderId, "mine-1")
          assert.strictEqual(order?.side, "bid")
          assert.strictEqual(order?.price, Dollars.cents(40))
          assert.strictEqual(order?.selfTradePrevention, "taker_at_cross")
        })
      )

      it.effect("createOrder in the words of a person is the same order in those of the book", () =>
        Effect.gen(function* () {
          const portfolio = yield* Portfolio.Portfolio
          const ticker = yield* kit.market()
          const count = Contracts.of(1)
          yield* portfolio.createOrder({ ticker, count, action: "buy", side: "no", price: Dollars.cents(90) })
          yield* portfolio.createOrder({ ticker, count, action: "sell", side: "no", price: Dollars.cents(95) })
          yield* portfolio.createOrder({ ticker, count, action: "sell", side: "yes", price: Dollars.cents(80) })
          yield* portfolio.createOrder({ ticker, count, action: "buy", side: "yes", price: Dollars.cents(7) })
          yield* portfolio.createOrder({ ticker, count, side: "ask", price: Dollars.cents(81) })
          const expected = [
            ["ask", Dollars.cents(81)],
            ["bid", Dollars.cents(7)],
            ["ask", Dollars.cents(80)],
            ["bid", Dollars.cents(5)],
            ["ask", Dollars.cents(10)]
          ]
          assert.deepStrictEqual(
            (yield* kit.ordersIn(ticker)).map(({ price, side }) => [side, price]),
            expected
          )
          assert.deepStrictEqual(
            (yield* portfolio.getOrders({ ticker })).orders.map(({ price, side }) => [side, price]),
            expected
          )
        })
      )

      it.effect("createOrder without an id is sent under a fresh one", () =>
        Effect.gen(function* () {
          const portfolio = yield* Portfolio.Portfolio
          const ticker = yield* kit.market()
          const first = yield* portfolio.createOrder(kit.bid(ticker))
          const second = yield* portfolio.createOrder(kit.bid(ticker))
          assert.match(first.clientOrderId ?? "", /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/)
          assert.notStrictEqual(first.clientOrderId, second.clientOrderId)
          assert.deepStrictEqual(
            (yield* kit.ordersIn(ticker)).map((order) => order.clientOrderId),
            [second.clientOrderId, first.clientOrderId]
          )
        })
      )

      it.effect("createOrder takes what asks for nothing more than it does", () =>
        Effect.gen(function* () {
          const portfolio = yield* Portfolio.Portfolio
          const ticker = yield* kit.market()
          const expiresAt = Timestamp.fromMillis(Date.now() + 3_600_000)
          yield* portfolio.createOrder({
            ...kit.bid(ticker),
            timeInForce: "good_till_canceled",
            selfTradePrevention: "taker_at_cross",
            postOnly: false,
            reduceOnly: false,
            cancelOnPause: false,
            expiresAt,
            subaccount: 0,
            exchangeIndex: 0
          })
          const [order] = yield* kit.ordersIn(ticker)
          assert.strictEqual(order?.expiration, Timestamp.fromSeconds(Timestamp.toSeconds(expiresAt)))
          assert.strictEqual(order?.status, "resting")
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
        })
      )

      it.effect("createOrder at once that meets nobody is cancelled", () =>
        Effect.gen(function* () {
          const portfolio = yield* Portfolio.Portfolio
          const ticker = yield* kit.market()
          const result = yield* portfolio.createOrder({ ...kit.bid(ticker), timeInForce: "immediate_or_cancel" })
          assert.strictEqual(result._tag, "Cancelled")
          assert.strictEqual(result.filled, 0)
          assert.strictEqual(result.remaining, 0)
          assert.strictEqual((yield* kit.ordersIn(ticker))[0]?.status, "canceled")
        })
      )

      it.effect("createOrder at once that meets a part is cancelled with what was filled", () =>
        Effect.gen(function* () {
          const portfolio = yield* Portfolio.Portfolio
          const ticker = yield* kit.market()
          yield* kit.offer(ticker, "ask", 40, 3)
          const result = yield* portfolio.createOrder({ ...kit.bid(ticker), timeInForce: "immediate_or_cancel" })
          assert.strictEqual(result._tag, "Cancelled")
          assert.strictEqual(result.filled, Contracts.of(3))
          assert.strictEqual(result.remaining, 0)
        })
      )

      it.effect("createOrder that meets an order of one's own is cancelled", () =>
        Effect.gen(function* () {
          const portfolio = yield* Portfolio.Portfolio
          const ticker = yield* kit.market()
          const own = yield* portfolio.createOrder(kit.ask(ticker, 50))
          const result = yield* portfolio.createOrder(kit.bid(ticker, 50))
          assert.strictEqual(result._tag, "Cancelled")
          assert.strictEqual(result.filled, 0)
          assert.strictEqual((yield* portfolio.getOrder(own.orderId)).status, "resting")
        })
      )

      it.effect("getOrder shows an order as the exchange has it", () =>
        Effect.gen(function* () {
          const portfolio = yield* Portfolio.Portfolio
          const ticker = yield* kit.market()
          yield* kit.offer(ticker, "ask", 40, 4)
          const { orderId } = yield* portfolio.createOrder({ ...kit.bid(ticker), clientOrderId: "get-order" })
          const order = yield* portfolio.getOrder(orderId)
          const [known] = yield* kit.ordersIn(ticker)
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
          assert.strictEqual(order.takerFees, Dollars.of(0.07))
          assert.strictEqual(order.makerCost, 0)
          assert.strictEqual(order.makerFees, 0)
          assert.strictEqual(order.createdAt, known?.createdAt)
          assert.strictEqual(order.updatedAt, known?.updatedAt)
          assert.isUndefined(order.expiresAt)
        })
      )

      it.effect("getOrder shows what became of an order that ended", () =>
        Effect.gen(function* () {
          const portfolio = yield* Portfolio.Portfolio
          const ticker = yield* kit.market()
          yield* kit.offer(ticker, "ask", 40, 4)
          const { orderId } = yield* portfolio.createOrder(kit.bid(ticker))
          yield* portfolio.cancelOrder(orderId)
          const order = yield* portfolio.getOrder(orderId)
          assert.deepInclude(order, {
            status: "canceled",
            initial: Contracts.of(10),
            filled: Contracts.of(4),
            remaining: Contracts.zero
          })
        })
      )

      it.effect("getOrders is one page, newest first", () =>
        Effect.gen(function* () {
          const portfolio = yield* Portfolio.Portfolio
          const ticker = yield* kit.market()
          for (const cents of [10, 11, 12]) yield* portfolio.createOrder(kit.bid(ticker, cents))
          const first = yield* portfolio.getOrders({ ticker, limit: 2 })
          assert.deepStrictEqual(
            first.orders.map((order) => order.price),
            [Dollars.cents(12), Dollars.cents(11)]
          )
          const last = yield* portfolio.getOrders({ ticker, limit: 2, cursor: first.cursor })
          assert.deepStrictEqual(
            last.orders.map((order) => order.price),
            [Dollars.cents(10)]
          )
          assert.isUndefined(last.cursor)
        })
      )

      it.effect("getOrders is narrowed by event, status and time", () =>
        Effect.gen(function* () {
          const portfolio = yield* Portfolio.Portfolio
          const ticker = yield* kit.market()
          const event = ticker.slice(0, -2)
          const rests = yield* portfolio.createOrder(kit.bid(ticker, 10))
          const gone = yield* portfolio.createOrder(kit.bid(ticker, 11))
          yield* portfolio.cancelOrder(gone.orderId)
          const ids = (query: Parameters<typeof portfolio.getOrders>[0]) =>
            Effect.map(portfolio.getOrders(query), ({ orders }) => orders.map(({ orderId }) => orderId))
          assert.deepStrictEqual(yield* ids({ eventTickers: [event] }), [gone.orderId, rests.orderId])
          assert.deepStrictEqual(yield* ids({ eventTickers: [event], status: "resting" }), [rests.orderId])
          assert.deepStrictEqual(yield* ids({ ticker, status: "canceled" }), [gone.orderId])
          const now = Timestamp.fromMillis(Date.now())
          const hour = 3_600_000_000
          assert.deepStrictEqual(yield* ids({ ticker, minTs: Timestamp.micros(now + hour) }), [])
          assert.deepStrictEqual(yield* ids({ ticker, maxTs: Timestamp.micros(now - hour) }), [])
          assert.lengthOf(
            yield* ids({ ticker, minTs: Timestamp.micros(now - hour), maxTs: Timestamp.micros(now + hour) }),
            2
          )
        })
      )

      it.effect("getFills is one page, newest first", () =>
        Effect.gen(function* () {
          const portfolio = yield* Portfolio.Portfolio
          const ticker = yield* kit.market()
          yield* kit.offer(ticker, "ask", 40, 4)
          const taken = yield* portfolio.createOrder(kit.bid(ticker))
          yield* kit.offer(ticker, "ask", 40, 1)
          const page = yield* portfolio.getFills({ ticker })
          assert.deepStrictEqual(
            page.fills.map((fill) => [fill.count, fill.isTaker, fill.side, fill.price]),
            [
              [Contracts.of(1), false, "bid", Dollars.cents(40)],
              [Contracts.of(4), true, "bid", Dollars.cents(40)]
            ]
          )
          assert.isTrue(page.fills.every((fill) => fill.orderId === taken.orderId && fill.ticker === ticker))
          assert.isUndefined(page.cursor)
          const known = (yield* truth).fills.filter((fill) => fill.ticker === ticker)
          assert.deepStrictEqual(
            page.fills.map((fill) => [fill.tradeId, fill.createdAt]),
            known.map((fill) => [fill.tradeId, fill.at])
          )
          assert.lengthOf((yield* portfolio.getFills({ orderId: taken.orderId })).fills, 2)
        })
      )

      it.effect("getFills tells which way an order of NO went", () =>
        Effect.gen(function* () {
          const portfolio = yield* Portfolio.Portfolio
          const ticker = yield* kit.market()
          yield* kit.offer(ticker, "bid", 30, 2)
          yield* portfolio.createOrder({
            ticker,
            action: "buy",
            side: "no",
            price: Dollars.cents(70),
            count: Contracts.of(2)
          })
          const { fills } = yield* portfolio.getFills({ ticker })
          assert.deepStrictEqual(
            fills.map((fill) => [fill.side, fill.price, fill.count]),
            [["ask", Dollars.cents(30), Contracts.of(2)]]
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
          const money = {
            exposure: Dollars.of(2.8),
            realizedPnl: Dollars.zero,
            feesPaid: Dollars.of(0.06)
          }
          assert.strictEqual(marketPositions.length, 1)
          assert.deepInclude(marketPositions[0], {
            ...money,
            ticker,
            position: Contracts.of(-4),
            totalTraded: Dollars.of(2.8)
          })
          assert.strictEqual(eventPositions.length, 1)
          assert.deepInclude(eventPositions[0], {
            ...money,
            eventTicker: ticker.slice(0, -2),
            totalCost: Dollars.of(2.8)
          })
        })
      )

      it.effect("getPositions is narrowed by what is not zero", () =>
        Effect.gen(function* () {
          const portfolio = yield* Portfolio.Portfolio
          const ticker = yield* kit.market()
          yield* kit.offer(ticker, "bid", 30, 4)
          yield* kit.offer(ticker, "ask", 31, 4)
          yield* portfolio.createOrder(kit.ask(ticker, 30, 4))
          yield* portfolio.createOrder(kit.bid(ticker, 31, 4))
          const held = yield* portfolio.getPositions({ ticker, countFilter: ["position"] })
          assert.deepStrictEqual(held.marketPositions, [])
          const traded = yield* portfolio.getPositions({ ticker, countFilter: ["position", "total_traded"] })
          assert.deepStrictEqual(
            traded.marketPositions.map(({ position }) => position),
            [Contracts.zero]
          )
        })
      )

      it.effect("getPortfolioSettlements shows what a market paid", () =>
        Effect.gen(function* () {
          const portfolio = yield* Portfolio.Portfolio
          const control = yield* Control.Control
          const ticker = yield* kit.market()
          yield* kit.offer(ticker, "ask", 40, 4)
          yield* portfolio.createOrder(kit.bid(ticker, 40, 4))
          yield* control.settle(ticker, "yes")
          const { settlements } = yield* portfolio.getPortfolioSettlements({ ticker })
          assert.strictEqual(settlements.length, 1)
          const [settlement] = settlements
          assert.deepStrictEqual(settlement?.result, { _tag: "yes" })
          assert.strictEqual(settlement?.yesCount, Contracts.of(4))
          assert.strictEqual(settlement?.yesCost, Dollars.of(1.6))
          assert.strictEqual(settlement?.noCount, 0)
          assert.strictEqual(settlement?.noCost, 0)
          assert.strictEqual(settlement?.revenue, Dollars.of(4))
          const [known] = (yield* truth).settlements
          assert.strictEqual(settlement?.settledAt, known?.at)
          assert.deepStrictEqual((yield* portfolio.getPositions({ ticker })).marketPositions, [])
        })
      )

      it.effect("getPortfolioRestingOrderTotalValue is the worth of what rests", () =>
        Effect.gen(function* () {
          const portfolio = yield* Portfolio.Portfolio
          const ticker = yield* kit.market()
          const before = yield* portfolio.getPortfolioRestingOrderTotalValue
          yield* portfolio.createOrder(kit.bid(ticker, 25, 12))
          const after = yield* portfolio.getPortfolioRestingOrderTotalValue
          assert.strictEqual(Dollars.subtract(after, before), Dollars.of(3))
          assert.strictEqual(yield* kit.count("getPortfolioRestingOrderTotalValue"), 2)
        })
      )

      it.effect("cancelOrder takes what rests off the book", () =>
        Effect.gen(function* () {
          const portfolio = yield* Portfolio.Portfolio
          const ticker = yield* kit.market()
          yield* kit.offer(ticker, "ask", 40, 4)
          const { orderId } = yield* portfolio.createOrder({ ...kit.bid(ticker), clientOrderId: "to-cancel" })
          const cancelled = yield* portfolio.cancelOrder(orderId)
          assert.strictEqual(cancelled._tag, "Cancelled")
          assert.strictEqual(cancelled.orderId, orderId)
          assert.strictEqual(cancelled.clientOrderId, "to-cancel")
          assert.strictEqual(cancelled.reducedBy, Contracts.of(6))
          assert.strictEqual((yield* portfolio.getOrder(orderId)).status, "canceled")
        })
      )

      it.effect("decreaseOrder by and to, the place in the queue kept", () =>
        Effect.gen(function* () {
          const portfolio = yield* Portfolio.Portfolio
          const ticker = yield* kit.market()
          const { orderId } = yield* portfolio.createOrder(kit.bid(ticker))
          yield* kit.offer(ticker, "bid", 40, 10)
          const by = yield* portfolio.decreaseOrder(orderId, { by: Contracts.of(3) })
          assert.strictEqual(by.orderId, orderId)
          assert.strictEqual(by.remaining, Contracts.of(7))
          const to = yield* portfolio.decreaseOrder(orderId, { to: Contracts.of(3) })
          assert.strictEqual(to.remaining, Contracts.of(3))
          yield* kit.offer(ticker, "ask", 40, 2)
          assert.strictEqual((yield* portfolio.getOrder(orderId)).filled, Contracts.of(2))
          const ended = yield* portfolio.decreaseOrder(orderId, { to: Contracts.zero })
          assert.strictEqual(ended.remaining, 0)
          assert.notStrictEqual((yield* portfolio.getOrder(orderId)).status, "resting")
        })
      )

      it.effect("amendOrder changes price, size and client id", () =>
        Effect.gen(function* () {
          const portfolio = yield* Portfolio.Portfolio
          const ticker = yield* kit.market()
          yield* kit.offer(ticker, "ask", 40, 4)
          const { orderId } = yield* portfolio.createOrder({ ...kit.bid(ticker), clientOrderId: "amend-1" })
          const changed = yield* portfolio.amendOrder({
            orderId,
            side: "bid",
            price: Dollars.cents(41),
            total: Contracts.of(12),
            clientOrderId: "amend-1",
            updatedClientOrderId: "amend-2"
          })
          assert.strictEqual(changed.orderId, orderId)
          assert.strictEqual(changed.remaining, Contracts.of(8))
          const order = yield* portfolio.getOrder(orderId)
          assert.strictEqual(order.price, Dollars.cents(41))
          assert.strictEqual(order.filled, Contracts.of(4))
          assert.strictEqual(order.remaining, Contracts.of(8))
          assert.strictEqual(order.clientOrderId, "amend-2")
        })
      )

      it.effect("amendOrder says no more than it must, in whatever words the order was placed in", () =>
        Effect.gen(function* () {
          const portfolio = yield* Portfolio.Portfolio
          const ticker = yield* kit.market()
          for (const [index, [action, side]] of (
            [
              ["buy", "yes"],
              ["sell", "no"],
              ["buy", "no"],
              ["sell", "yes"]
            ] as const
          ).entries()) {
            const bids = index < 2
            const price = Dollars.cents(side === "yes" ? (bids ? 20 : 80) : bids ? 80 : 20)
            const { clientOrderId, orderId } = yield* portfolio.createOrder({
              ticker,
              action,
              side,
              price,
              count: Contracts.of(5)
            })
            const to = Dollars.cents(bids ? 21 : 79)
            yield* portfolio.amendOrder({ orderId, side: bids ? "bid" : "ask", price: to, total: Contracts.of(6) })
            const order = yield* portfolio.getOrder(orderId)
            assert.deepInclude(order, {
              side: bids ? "bid" : "ask",
              price: to,
              remaining: Contracts.of(6),
              clientOrderId
            })
          }
        })
      )

      it.effect("batchCreateOrders tells of each order what became of it", () =>
        Effect.gen(function* () {
          const portfolio = yield* Portfolio.Portfolio
          const ticker = yield* kit.market()
          yield* kit.offer(ticker, "ask", 40, 5)
          const results = yield* portfolio.batchCreateOrders([
            { ...kit.bid(ticker, 40, 5), clientOrderId: "batch-1" },
            kit.bid(ticker, 39, 5),
            { ...kit.bid(ticker, 38, 5), timeInForce: "immediate_or_cancel" }
          ])
          assert.deepStrictEqual(
            results.map(({ result }) => (result._tag === "Success" ? result.success._tag : "failed")),
            ["Filled", "Resting", "Cancelled"]
          )
          assert.strictEqual(results[0]?.clientOrderId, "batch-1")
          assert.deepStrictEqual(
            (yield* kit.ordersIn(ticker)).map((order) => order.clientOrderId).toReversed(),
            results.map((result) => result.clientOrderId)
          )
          assert.deepStrictEqual(yield* portfolio.batchCreateOrders([]), [])
          assert.deepStrictEqual(yield* writes, ["batchCreateOrders"])
        })
      )

      it.effect("batchCreateOrders: items fail alone, and each hears why", () =>
        Effect.gen(function* () {
          const portfolio = yield* Portfolio.Portfolio
          const ticker = yield* kit.market()
          yield* portfolio.createOrder({ ...kit.bid(ticker), clientOrderId: "b-used" })
          yield* kit.offer(ticker, "ask", 50, 5)
          const results = yield* portfolio.batchCreateOrders([
            kit.bid(ticker, 10),
            { ...kit.bid(ticker, 11), clientOrderId: "b-used" },
            kit.bid(ticker, 50, 5),
            kit.bid("KXNOSUCH-1-A"),
            { ...kit.bid(ticker, 5), timeInForce: "immediate_or_cancel" },
            { ...kit.bid(ticker), count: Contracts.of(1e9) }
          ])
          assert.deepStrictEqual(
            results.map(({ result }) => (result._tag === "Success" ? result.success._tag : result.failure.reason._tag)),
            ["Resting", "ClientOrderIdReused", "Filled", "MarketNotFound", "Cancelled", "InsufficientBalance"]
          )
          for (const { clientOrderId, result } of results) {
            if (result._tag === "Success") continue
            assert.strictEqual(result.failure.operation, "batchCreateOrders")
            assert.strictEqual(result.failure.attempts, 1)
            assert.deepStrictEqual(result.failure.clientOrderIds, [clientOrderId])
          }
        })
      )

      it.effect("batchCancelOrders tells of each order what was taken off the book", () =>
        Effect.gen(function* () {
          const portfolio = yield* Portfolio.Portfolio
          const ticker = yield* kit.market()
          const first = yield* portfolio.createOrder(kit.bid(ticker, 40, 5))
          const second = yield* portfolio.createOrder(kit.bid(ticker, 39, 7))
          const dead = yield* portfolio.createOrder(kit.bid(ticker, 38, 7))
          yield* portfolio.cancelOrder(dead.orderId)
          const results = yield* portfolio.batchCancelOrders([
            second.orderId,
            dead.orderId,
            { orderId: first.orderId, ticker }
          ])
          assert.deepStrictEqual(
            results.map(({ orderId, result }) => [
              orderId,
              ...(result._tag === "Success"
                ? [result.success._tag, result.success.reducedBy]
                : [result.failure.reason._tag])
            ]),
            [
              [second.orderId, "Cancelled", Contracts.of(7)],
              [dead.orderId, "AlreadyCancelled", Contracts.of(7)],
              [first.orderId, "Cancelled", Contracts.of(5)]
            ]
          )
          assert.isTrue((yield* kit.ordersIn(ticker)).every((order) => order.status === "canceled"))
          assert.deepStrictEqual(yield* portfolio.batchCancelOrders([]), [])
        })
      )

      it.effect("every list is also a stream that gives each row once", () =>
        Effect.gen(function* () {
          const portfolio = yield* Portfolio.Portfolio
          const control = yield* Control.Control
          const ticker = yield* kit.market()
          const settled = yield* kit.market()
          for (const market of [ticker, settled]) {
            for (const size of [1, 2, 3]) {
              yield* kit.offer(market, "ask", 40, size)
              yield* portfolio.createOrder(kit.bid(market, 40, size))
            }
          }
          yield* control.settle(settled, "no")
          const all = yield* truth
          yield* control.setPageDuplicates(1)
          yield* control.setEmptyPages(true)
          const limit = 2
          const fills = yield* Stream.runCollect(portfolio.fills({ limit }))
          assert.deepStrictEqual(
            fills.map(({ orderId, tradeId }) => [tradeId, orderId]),
            all.fills.map(({ orderId, tradeId }) => [tradeId, orderId])
          )
          const orders = yield* Stream.runCollect(portfolio.orders({ limit }))
          assert.deepStrictEqual(
            orders.map(({ orderId }) => orderId),
            all.orders.map(({ orderId }) => orderId)
          )
          const settlements = yield* Stream.runCollect(portfolio.settlements({ limit }))
          assert.deepStrictEqual(
            settlements.map(({ settledAt, ticker }) => [ticker, settledAt]),
            all.settlements.map(({ at, ticker }) => [ticker, at])
          )
          const positions = yield* Stream.runCollect(portfolio.marketPositions({ limit }))
          assert.deepStrictEqual(
            positions.map(({ ticker }) => ticker).toSorted(),
            all.positions.map(({ ticker }) => ticker).toSorted()
          )
          const events = yield* Stream.runCollect(portfolio.eventPositions({ limit }))
          assert.deepStrictEqual(
            events.map(({ eventTicker }) => eventTicker).toSorted(),
            Array.from(new Set(all.positions.map(({ eventTicker }) => eventTicker))).toSorted()
          )
        }).pipe(
          Effect.ensuring(
            Control.Control.use((control) => Effect.andThen(control.setPageDuplicates(0), control.setEmptyPages(false)))
          )
        )
      )

      it.effect("every answer may have fields that nobody announced", () =>
        Effect.gen(function* () {
          const portfolio = yield* Portfolio.Portfolio
          const control = yield* Control.Control
          const ticker = yield* kit.market()
          const settled = yield* kit.market()
          yield* kit.offer(settled, "ask", 40, 1)
          yield* portfolio.createOrder(kit.bid(settled, 40, 1))
          yield* control.settle(settled, "yes")
          yield* control.setUnknownFields(true)
          yield* kit.offer(ticker, "ask", 40, 4)
          const { orderId } = yield* portfolio.createOrder(kit.bid(ticker))
          yield* portfolio.getBalance()
          assert.strictEqual((yield* portfolio.getFills({ ticker })).fills.length, 1)
          assert.strictEqual((yield* portfolio.getOrders({ ticker })).orders.length, 1)
          assert.strictEqual((yield* portfolio.getOrder(orderId)).orderId, orderId)
          assert.strictEqual((yield* portfolio.getPositions({ ticker })).marketPositions.length, 1)
          assert.strictEqual((yield* portfolio.getPositions({ ticker })).eventPositions.length, 1)
          assert.strictEqual((yield* portfolio.getPortfolioSettlements({ ticker: settled })).settlements.length, 1)
          yield* portfolio.getPortfolioRestingOrderTotalValue
          yield* portfolio.decreaseOrder(orderId, { by: Contracts.of(1) })
          yield* portfolio.amendOrder({ orderId, side: "bid", price: Dollars.cents(40), total: Contracts.of(8) })
          assert.strictEqual((yield* portfolio.cancelOrder(orderId)).reducedBy, Contracts.of(4))
          const [created] = yield* portfolio.batchCreateOrders([kit.bid(ticker)])
          assert.strictEqual(created?.result._tag, "Success")
          const resting = yield* portfolio.orders({ ticker, status: "resting" }).pipe(Stream.runCollect)
          const [cancelled] = yield* portfolio.batchCancelOrders(resting.map((order) => order.orderId))
          assert.strictEqual(cancelled?.result._tag, "Success")
          // and so may errors
          assert.strictEqual((yield* portfolio.cancelOrder(orderId))._tag, "AlreadyCancelled")
          yield* kit.fails(portfolio.decreaseOrder(orderId, { by: Contracts.of(1) }), "OrderNotFound", {
            code: "not_found"
          })
        }).pipe(Effect.ensuring(Control.Control.use((control) => control.setUnknownFields(false))))
      )

      it.effect("no write of a successful call is sent twice", () =>
        Effect.gen(function* () {
          const portfolio = yield* Portfolio.Portfolio
          const control = yield* Control.Control
          const ticker = yield* kit.market()
          yield* control.inject(Faults.latency("20 millis"), { times: 4 })
          const { orderId } = yield* portfolio.createOrder(kit.bid(ticker))
          yield* portfolio.decreaseOrder(orderId, { by: Contracts.of(1) })
          yield* portfolio.amendOrder({ orderId, side: "bid", price: Dollars.cents(40), total: Contracts.of(8) })
          yield* portfolio.cancelOrder(orderId)
          assert.deepStrictEqual(yield* writes, ["createOrder", "decreaseOrder", "amendOrder", "cancelOrder"])
        })
      )
    })
  })
}
