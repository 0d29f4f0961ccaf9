/**
 * The history of an account over both sides of a cutoff: each record once,
 * oldest first, none lost while the cutoff moves. What the engine knows is the
 * truth.
 */
import { History, HistoryError, type HistoryQuery, Kind } from "@effect-kalshi/history"
import { Control, type Model, Sandbox } from "@effect-kalshi/sandbox"
import { assert, describe, it, layer } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Stream from "effect/Stream"
import { Contracts, Dollars, Fill, Timestamp } from "effect-kalshi"
import * as kit from "../portfolio/kit.ts"

const seeded = (history: Control.History) => History.layer.pipe(Layer.provideMerge(kit.sandbox({ history })))

const truth = (subaccount?: number) =>
  Effect.gen(function* () {
    const { account } = yield* Sandbox.Sandbox
    return yield* Control.Control.use((control) => control.truth(account, subaccount))
  })

/** Moves all cutoffs to an instant. */
const archive = (at: Timestamp.Timestamp) =>
  Control.Control.use((control) => control.setCutoff({ markets: at, trades: at, orders: at, positions: at }))

const keyOfFill = (fill: Model.FillView): string => Fill.key(fill)

/** By time, then by key, as a stream of a history is. */
const inOrder = <A>(rows: ReadonlyArray<A>, at: (row: A) => number, key: (row: A) => string): ReadonlyArray<string> =>
  rows.toSorted((a, b) => at(a) - at(b) || (key(a) < key(b) ? -1 : 1)).map(key)

const keys = <N extends Kind.Name>(name: N, query?: HistoryQuery.AnyQuery) =>
  History.History.use((history) =>
    history.batches(name, query).pipe(
      Stream.flatMap((batch) => Stream.fromArray(batch.records)),
      Stream.map(Kind.all[name].key),
      Stream.runCollect
    )
  )

describe("a history", () => {
  layer(seeded({ fills: 3000, orders: 600, settlements: 60 }), { excludeTestServices: true, timeout: "60 seconds" })(
    (it) => {
      it.effect("has each record once, oldest first, on both sides of the cutoff", () =>
        Effect.gen(function* () {
          const control = yield* Control.Control
          const { fills, orders, settlements } = yield* truth()
          const fillKeys = inOrder(fills, (fill) => fill.at, keyOfFill)
          const orderKeys = inOrder(
            orders,
            (order) => order.createdAt,
            (order) => order.orderId
          )
          const settlementKeys = inOrder(
            settlements,
            (settlement) => settlement.at,
            (settlement) => `0/${settlement.ticker}/${settlement.at}`
          )
          for (const [row, bounds, windows] of [
            [3000, "inclusive", 1],
            [2000, "exclusive", 3],
            [1000, "inclusive", 8],
            [250, "exclusive", 2]
          ] as const) {
            yield* control.setRangeBounds(bounds)
            const at = fills[row]?.at
            if (at !== undefined) yield* archive(at)
            assert.deepStrictEqual(yield* keys("fills", { windows }), fillKeys)
            assert.deepStrictEqual(yield* keys("orders", { windows }), orderKeys)
            assert.deepStrictEqual(yield* keys("settlements", { windows }), settlementKeys)
          }
        })
      )

      it.effect("takes the start of a range and leaves its end, to the microsecond", () =>
        Effect.gen(function* () {
          const { fills } = yield* truth()
          const since = fills[2000]?.at ?? Timestamp.micros(0)
          const until = fills[500]?.at ?? Timestamp.micros(0)
          const wanted = inOrder(
            fills.filter(({ at }) => at >= since && at < until),
            (fill) => fill.at,
            keyOfFill
          )
          assert.isAbove(wanted.length, 1200)
          for (const bounds of ["inclusive", "exclusive"] as const) {
            yield* Control.Control.use((control) => control.setRangeBounds(bounds))
            assert.deepStrictEqual(yield* keys("fills", { since, until, windows: 4 }), wanted)
          }
          const whole = [
            ...(yield* keys("fills", { until: since })),
            ...wanted,
            ...(yield* keys("fills", { since: until }))
          ]
          assert.deepStrictEqual(
            whole,
            inOrder(fills, (fill) => fill.at, keyOfFill)
          )
        })
      )

      it.effect("gives parts that follow on one another, and each its own records", () =>
        Effect.gen(function* () {
          const { fills } = yield* truth()
          const first = fills.at(-1)?.at ?? Timestamp.micros(0)
          const history = yield* History.History
          const { until } = yield* history.range()
          const parts = yield* Stream.runCollect(history.batches("fills", { since: first, until, windows: 8 }))
          assert.isAbove(parts.length, 8)
          assert.strictEqual(parts[0]?.range.from, first)
          assert.strictEqual(parts.at(-1)?.range.to, until)
          parts.slice(1).forEach((part, index) => assert.strictEqual(part.range.from, parts[index]?.range.to))
          for (const { range, records } of parts) {
            for (const { createdAt = Timestamp.micros(0) } of records) {
              assert.isTrue(createdAt >= (range.from ?? 0) && createdAt < range.to)
            }
          }
        })
      )

      it.effect("has the markets of an event or a series, on both sides of the cutoff", () =>
        Effect.gen(function* () {
          const { settlements } = yield* truth()
          const series = (settlements[0]?.ticker ?? "").split("-")[0] ?? ""
          const markets = yield* keys("markets", { series })
          const wanted = new Set(
            settlements.map(({ ticker }) => ticker).filter((ticker) => ticker.startsWith(`${series}-`))
          )
          assert.isAbove(wanted.size, 3)
          assert.includeMembers([...markets], [...wanted])
          assert.strictEqual(new Set(markets).size, markets.length)
          assert.deepStrictEqual(yield* keys("markets", { ticker: markets[0] }), markets.slice(0, 1))
          const error = yield* Effect.flip(keys("markets"))
          assert.isTrue(error._tag === "HistoryError" && error.reason._tag === "InvalidQuery")
        })
      )

      it.effect("has public trades of all markets or one", () =>
        Effect.gen(function* () {
          const { fills } = yield* truth()
          const ticker = fills[10]?.ticker ?? ""
          const trades = yield* keys("trades", { windows: 4 })
          const own = new Set(fills.map(({ tradeId }) => tradeId))
          assert.strictEqual(new Set(trades).size, trades.length)
          assert.strictEqual(trades.filter((id) => own.has(id)).length, own.size)
          const ofOne = new Set(fills.filter((fill) => fill.ticker === ticker).map(({ tradeId }) => tradeId))
          assert.sameMembers(
            (yield* keys("trades", { ticker })).filter((id) => own.has(id)),
            [...ofOne]
          )
        })
      )
    }
  )

  layer(seeded({ fills: 12_000, orders: 3000, settlements: 100 }), {
    excludeTestServices: true,
    timeout: "60 seconds"
  })((it) => {
    it.effect("loses nothing while the cutoff moves", () =>
      Effect.gen(function* () {
        const { fills, orders } = yield* truth()
        const control = yield* Control.Control
        yield* control.clearRequests
        let moves = 0
        const mover = yield* Effect.forkChild(
          Effect.gen(function* () {
            while (moves < 120) {
              yield* Effect.sleep("6 millis")
              yield* archive(fills[11_600 - moves * 96]?.at ?? Timestamp.micros(0))
              moves++
            }
          })
        )
        const all = yield* Effect.all([keys("fills", { windows: 3 }), keys("orders", { windows: 3 })], {
          concurrency: 2
        })
        assert.isAbove(moves, 10)
        yield* Fiber.interrupt(mover)
        assert.deepStrictEqual(
          all[0],
          inOrder(fills, (fill) => fill.at, keyOfFill)
        )
        assert.deepStrictEqual(
          all[1],
          inOrder(
            orders,
            (order) => order.createdAt,
            (order) => order.orderId
          )
        )
        // it was needed: some windows were read again
        const cutoffs = yield* control.requests({ endpoint: "getHistoricalCutoff" })
        assert.isAbove(cutoffs.length, 10)
      })
    )
  })

  layer(seeded({ fills: 200, orders: 100, settlements: 10 }), { excludeTestServices: true, timeout: "60 seconds" })(
    (it) => {
      it.effect("reads settlements and positions a subaccount at a time, and says of which they are", () =>
        Effect.gen(function* () {
          const control = yield* Control.Control
          const { account } = yield* Sandbox.Sandbox
          const first = yield* control.openSubaccount(account)
          const second = yield* control.openSubaccount(account)
          for (const to of [first, second]) {
            yield* control.transfer(account, { from: 0, to, amount: Dollars.of(500), clientTransferId: `to-${to}` })
          }
          const other = yield* kit.other()
          for (const letter of ["A", "B"]) {
            const ticker = `KXSUB-26DEC31-${letter}`
            yield* control.listMarket({ ticker })
            for (const subaccount of [0, first, second]) {
              const order = { ticker, price: Dollars.cents(40), count: Contracts.of(10) }
              yield* control.place(other.id, { ...order, side: "ask" })
              yield* control.place(account, { ...order, side: "bid", subaccount })
            }
          }
          yield* control.settle("KXSUB-26DEC31-A", "yes")
          // the exchange's reads have whole seconds behind them
          yield* Effect.sleep("10 millis")
          const history = yield* History.History
          assert.deepStrictEqual(yield* history.subaccounts, [0, first, second])
          const settlements = yield* Stream.runCollect(history.settlements({ ticker: "KXSUB-26DEC31-A" }))
          assert.deepStrictEqual(settlements.map((one) => one.subaccount).toSorted(), [0, first, second])
          const positions = yield* Stream.runCollect(history.positions({ ticker: "KXSUB-26DEC31-B" }))
          assert.deepStrictEqual(positions.map((one) => one.subaccount).toSorted(), [0, first, second])
          assert.deepStrictEqual(
            (yield* Stream.runCollect(history.positions({ ticker: "KXSUB-26DEC31-B", subaccounts: [second] }))).map(
              ({ position, subaccount }) => [position, subaccount]
            ),
            [[Contracts.of(10), second]]
          )
          const fills = yield* Stream.runCollect(history.fills({ subaccounts: [first, second] }))
          assert.deepStrictEqual(fills.map((one) => one.subaccount).toSorted(), [first, first, second, second])
          const transfers = yield* Stream.runCollect(history.transfers())
          assert.deepStrictEqual(
            transfers.map(({ to }) => to),
            [first, second]
          )
          assert.strictEqual((yield* Stream.runCollect(history.transfers({ subaccounts: [second] }))).length, 1)
          const deposits = yield* Stream.runCollect(history.deposits())
          assert.isAtLeast(deposits.length, 1)
          assert.strictEqual(deposits.length, (yield* truth()).deposits.length)
        })
      )

      it.effect("says what is wrong with a query, and sends nothing for it", () =>
        Effect.gen(function* () {
          const history = yield* History.History
          const control = yield* Control.Control
          const at = Timestamp.fromMillis(Date.UTC(2026, 0, 1))
          yield* control.clearRequests
          for (const [query, field] of [
            [{ since: at, until: at }, "until"],
            [{ since: Timestamp.micros(at + 1), until: at }, "until"],
            [{ windows: 0 }, "windows"],
            [{ windows: 2.5 }, "windows"],
            [{ windows: 65 }, "windows"],
            [{ subaccounts: [] }, "subaccounts"],
            [{ subaccounts: [64] }, "subaccounts"]
          ] as const) {
            const error = yield* Effect.flip(Stream.runDrain(history.fills(query)))
            assert.instanceOf(error, HistoryError.HistoryError)
            assert.isTrue(error.reason._tag === "InvalidQuery" && error.reason.field === field, field)
          }
          assert.strictEqual((yield* control.requests()).length, 0)
        })
      )

      it.effect("does not promise what reads do not show yet", () =>
        Effect.gen(function* () {
          const history = yield* History.History
          const control = yield* Control.Control
          yield* control.setReadLag("5 seconds")
          const now = Timestamp.micros((yield* Timestamp.now) + 1_000_000)
          const error = yield* Effect.flip(Stream.runDrain(history.fills({ until: now })))
          assert.isTrue(error._tag === "HistoryError" && error.reason._tag === "NotShownYet", error.message)
          const { until } = yield* history.range()
          assert.isAtMost(until, now)
          const later = yield* Effect.flip(Stream.runDrain(history.fills({ since: now })))
          assert.isTrue(later._tag === "HistoryError" && later.reason._tag === "InvalidQuery", later.message)
        })
      )

      it.effect("fails with what the exchange said, and ends its reading", () =>
        Effect.gen(function* () {
          const history = yield* History.History
          const control = yield* Control.Control
          yield* control.inject({ _tag: "Status", status: 403 }, { endpoint: "getFillsHistorical" })
          const error = yield* Effect.flip(Stream.runDrain(history.fills({ windows: 4 })))
          assert.strictEqual(error._tag, "KalshiError")
          yield* control.clearFaults
        })
      )
    }
  )

  it("has a source of its own for each kind", () => {
    assert.sameMembers(
      Object.entries(Kind.all).map(([name, kind]) => (kind.name === name ? name : "another")),
      ["fills", "orders", "trades", "settlements", "positions", "deposits", "withdrawals", "transfers", "markets"]
    )
  })
})
