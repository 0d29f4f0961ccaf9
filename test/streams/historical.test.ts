/**
 * The lists of either side of the cutoff as streams, and those of money paid
 * in and out: whole, in order, each row once, wherever the cutoff is.
 */
import { Control, Sandbox } from "@effect-kalshi/sandbox"
import { assert, describe, it, layer } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { Dollars, Fill, Historical, type KalshiError, Markets, Portfolio, Timestamp, Trade } from "effect-kalshi"
import * as kit from "../portfolio/kit.ts"

interface Both {
  readonly live: Stream.Stream<string, KalshiError.KalshiError>
  readonly archived: Stream.Stream<string, KalshiError.KalshiError>
}

/** A list on both sides, in pages small enough that there are many. */
const lists = Effect.gen(function* () {
  const historical = yield* Historical.Historical
  const markets = yield* Markets.Markets
  const portfolio = yield* Portfolio.Portfolio
  const query = { limit: 23 }
  const both = <A>(
    live: Stream.Stream<A, KalshiError.KalshiError>,
    archived: Stream.Stream<A, KalshiError.KalshiError>,
    key: (row: A) => string
  ): Both => ({ live: Stream.map(live, key), archived: Stream.map(archived, key) })
  return {
    fills: both(portfolio.fills(query), historical.fills(query), Fill.key),
    orders: both(portfolio.orders(query), historical.orders(query), (order) => order.orderId),
    trades: both(markets.trades(query), historical.trades(query), Trade.key),
    markets: both(markets.markets({ limit: 3 }), historical.markets({ limit: 3 }), (market) => market.ticker)
  }
})

type List = keyof Effect.Success<typeof lists>

const names: ReadonlyArray<List> = ["fills", "orders", "trades", "markets"]

const collect = (list: List) =>
  Effect.flatMap(lists, ({ [list]: { archived, live } }) =>
    Effect.all({ archived: Stream.runCollect(archived), live: Stream.runCollect(live) })
  )

const truth = Effect.gen(function* () {
  const { account } = yield* Sandbox.Sandbox
  return yield* Control.Control.use((control) => control.truth(account))
})

/** Moves all cutoffs to an instant. */
const archive = (at: Timestamp.Timestamp) =>
  Control.Control.use((control) => control.setCutoff({ markets: at, trades: at, orders: at, positions: at }))

const seeded = () => kit.sandbox({ history: { fills: 600, orders: 240, settlements: 20 } })

describe("the archive", () => {
  layer(seeded(), { excludeTestServices: true, timeout: "60 seconds" })((it) => {
    it.effect("both sides together are the whole, with each page's faults too", () =>
      Effect.gen(function* () {
        const control = yield* Control.Control
        const historical = yield* Historical.Historical
        const all = yield* Effect.all({
          fills: collect("fills"),
          orders: collect("orders"),
          trades: collect("trades"),
          markets: collect("markets")
        })
        for (const list of names) assert.deepStrictEqual(all[list].archived, [], list)
        const { fills } = yield* truth
        for (const row of [450, 300, 100]) {
          const at = fills[row]?.at ?? Timestamp.micros(0)
          yield* archive(at)
          assert.deepStrictEqual(yield* historical.getCutoff, {
            marketsSettled: at,
            trades: at,
            orders: at,
            positions: at
          })
          yield* control.setPageDuplicates(row === 300 ? 2 : 0)
          yield* control.setEmptyPages(row === 100)
          for (const list of names) {
            const { archived, live } = yield* collect(list)
            assert.strictEqual(live.length + archived.length, all[list].live.length, list)
            assert.sameMembers([...live, ...archived], [...all[list].live])
            assert.isAbove(archived.length, 0, list)
          }
          // these are in the order of the cutoff
          for (const list of ["fills", "trades"] as const) {
            const { archived, live } = yield* collect(list)
            assert.deepStrictEqual([...live, ...archived], all[list].live)
          }
        }
        yield* control.setPageDuplicates(0)
        yield* control.setEmptyPages(false)
      })
    )

    it.effect("archived records read as those that are not", () =>
      Effect.gen(function* () {
        const historical = yield* Historical.Historical
        const known = yield* truth
        const { fills } = yield* historical.getFills({ limit: 1 })
        const fill = known.fills.find((one) => `${one.tradeId}/${one.orderId}` === fills.map(Fill.key)[0])
        assert.isDefined(fill)
        assert.deepStrictEqual(
          fills.map(({ count, createdAt, fee, isTaker, price, side }) => ({
            count,
            createdAt,
            fee,
            isTaker,
            price,
            side
          })),
          [fill].flatMap((one) =>
            one === undefined
              ? []
              : [
                  {
                    count: one.count,
                    createdAt: one.at,
                    fee: one.fee,
                    isTaker: one.isTaker,
                    price: one.price,
                    side: one.side
                  }
                ]
          )
        )
        const { trades } = yield* historical.getTrades({ limit: 1, ticker: fills[0]?.ticker ?? "" })
        assert.strictEqual(trades[0]?.isBlock, false)
        assert.strictEqual(trades[0]?.ticker, fills[0]?.ticker)
        const { markets } = yield* historical.getMarkets({ limit: 1 })
        const { settledAt, status, ticker } = yield* historical.getMarket(markets[0]?.ticker ?? "")
        assert.deepStrictEqual([ticker, status], [markets[0]?.ticker, "finalized"])
        assert.strictEqual(settledAt, known.settlements.find((settlement) => settlement.ticker === ticker)?.at)
      })
    )

    it.effect("archived positions are of settled markets, and each event is whole", () =>
      Effect.gen(function* () {
        const historical = yield* Historical.Historical
        const positions = yield* Stream.runCollect(historical.marketPositions({ limit: 3 }))
        const events = yield* Stream.runCollect(historical.eventPositions({ limit: 3 }))
        assert.isAbove(positions.length, 3)
        assert.isAbove(events.length, 1)
        assert.deepStrictEqual([...new Set(positions.map(({ position }) => position))], [0])
        const known = yield* truth
        const expected = known.settlements
          .filter(({ ticker }) => positions.some((position) => position.ticker === ticker))
          .map(({ eventTicker }) => eventTicker)
        assert.sameMembers(
          events.map(({ eventTicker }) => eventTicker),
          [...new Set(expected)]
        )
        const [first] = events
        const { eventPositions, marketPositions } = yield* historical.getPositions({
          eventTicker: first?.eventTicker ?? ""
        })
        assert.deepStrictEqual(eventPositions, first === undefined ? [] : [first])
        assert.strictEqual(
          Dollars.sum(marketPositions.map(({ totalTraded }) => totalTraded)),
          first?.totalCost ?? Dollars.zero
        )
      })
    )

    it.effect("narrows by market, time and subaccount", () =>
      Effect.gen(function* () {
        const historical = yield* Historical.Historical
        const { fills } = yield* historical.getFills({ limit: 50 })
        const [newest, oldest] = [fills[0], fills.at(-1)]
        const range = { minTs: oldest?.createdAt, maxTs: newest?.createdAt }
        assert.includeDeepMembers([...(yield* Stream.runCollect(historical.fills(range)))], [...fills])
        const ticker = newest?.ticker ?? ""
        const ofMarket = yield* Stream.runCollect(historical.fills({ ticker, subaccount: 0 }))
        assert.isAbove(ofMarket.length, 0)
        assert.isTrue(ofMarket.every((fill) => fill.ticker === ticker))
        assert.deepStrictEqual(yield* Stream.runCollect(historical.orders({ subaccount: 5 })), [])
        const blocks = yield* Stream.runCollect(historical.trades({ isBlock: true }))
        assert.deepStrictEqual(blocks, [])
      })
    )

    it.effect("refuses what the exchange would refuse before it is sent", () =>
      Effect.gen(function* () {
        const control = yield* Control.Control
        const historical = yield* Historical.Historical
        const markets = yield* Markets.Markets
        const portfolio = yield* Portfolio.Portfolio
        yield* control.clearRequests
        const at = Timestamp.fromSeconds(1)
        const calls: ReadonlyArray<Effect.Effect<unknown, KalshiError.KalshiError>> = [
          historical.getFills({ limit: 1001 }),
          historical.getFills({ minTs: at, maxTs: Timestamp.fromSeconds(0) }),
          historical.getOrders({ subaccount: 64 }),
          historical.getPositions({ limit: 0 }),
          historical.getTrades({ limit: 1.5 }),
          historical.getMarkets({ eventTicker: "A", seriesTicker: "B" }),
          historical.getMarkets({ limit: 1001 }),
          historical.getMarket(".."),
          markets.getTrades({ limit: 1001 }),
          portfolio.getDeposits({ limit: 501 }),
          portfolio.getWithdrawals({ limit: 501 })
        ]
        for (const call of calls) yield* kit.fails(call, "InvalidInput", { outcome: "not-applied", attempts: 0 })
        assert.deepStrictEqual(yield* control.requests(), [])
        yield* kit.fails(historical.getMarket("NO-SUCH-MARKET"), "MarketNotFound")
      })
    )
  })
})

describe("deposits and withdrawals", () => {
  it.effect("come as streams, newest first, in pages of 500", () =>
    Effect.gen(function* () {
      const control = yield* Control.Control
      const { account } = yield* Sandbox.Sandbox
      const portfolio = yield* Portfolio.Portfolio
      for (let cents = 1; cents <= 620; cents++) yield* control.deposit(account, Dollars.cents(cents))
      yield* control.withdraw(account, Dollars.cents(99))
      yield* control.clearRequests
      const deposits = yield* Stream.runCollect(portfolio.deposits())
      assert.strictEqual(yield* kit.count(), 2)
      const known = yield* truth
      assert.deepStrictEqual(
        deposits.map(({ amount, id }) => ({ amount, id })),
        known.deposits.map(({ amount, id }) => ({ amount, id }))
      )
      assert.strictEqual(deposits.length, 621)
      const withdrawals = yield* Stream.runCollect(portfolio.withdrawals({ limit: 1 }))
      assert.deepStrictEqual(
        withdrawals.map(({ amount, fee, status }) => [amount, fee, status]),
        [[Dollars.cents(99), 0, "applied"]]
      )
      const paid = Dollars.subtract(
        Dollars.sum(deposits.map(({ amount }) => amount)),
        Dollars.sum(withdrawals.map(({ amount }) => amount))
      )
      assert.strictEqual(paid, known.balance.paidIn)
    }).pipe(Effect.provide(kit.sandbox()))
  )
})
