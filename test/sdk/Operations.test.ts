import { Buckets, Control, Sandbox } from "@effect-kalshi/sandbox"
import { assert, it } from "@effect/vitest"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Dollars from "effect-kalshi/Dollars"
import * as Timestamp from "effect-kalshi/Timestamp"
import * as Contract from "../contract/Contract.ts"
import * as Recorder from "../contract/Recorder.ts"
import * as Tap from "../contract/Tap.ts"
import * as Sdk from "../contract/Sdk.ts"
import * as Client from "./Client.ts"
import * as Operations from "./Operations.ts"

Tap.install()

const ticker = "KXHIGHNY-26DEC31-T40"

const sandbox = Sandbox.layer({
  port: 0,
  limits: Buckets.unlimited,
  history: { fills: 40, orders: 60, settlements: 6 }
})

const agree = (exchanges: number) => {
  const record = Recorder.take()
  assert.strictEqual(Contract.format(record.violations), "")
  assert.isAtLeast(record.exchanges.length, exchanges)
}

/** An order that rests, for the operations that need one. */
const resting = (client: Client.Client, label: string) =>
  Effect.map(
    Client.call(() =>
      client.orders.createOrderV2({
        ticker,
        side: "bid",
        count: "6.00",
        price: "0.0100",
        time_in_force: "good_till_canceled",
        self_trade_prevention_type: "taker_at_cross",
        client_order_id: label
      })
    ),
    ({ data }) => data.order_id
  )

/** Archives what is older than a month, and names a market that is among it. */
const archive = Effect.gen(function* () {
  const control = yield* Control.Control
  const { account } = yield* Sandbox.Sandbox
  const monthAgo = Timestamp.add(yield* Timestamp.now, Duration.days(-30))
  yield* control.setCutoff({ markets: monthAgo, trades: monthAgo, orders: monthAgo, positions: monthAgo })
  const { settlements } = yield* control.truth(account)
  const oldest = settlements.at(-1)
  if (oldest === undefined || oldest.at >= monthAgo) return yield* Effect.die("nothing is as old as a month")
  return { ticker: oldest.ticker, event: oldest.eventTicker }
})

const everything = Effect.gen(function* () {
  const archived = yield* archive
  const client = Client.make(yield* Sandbox.Sandbox)
  for (const [name, operation] of Object.entries(Operations.calls)) {
    const label = `${name}-${Math.random().toString(36).slice(2)}`
    const orderId = yield* resting(client, `${label}-resting`)
    const names = { ticker, event: "KXHIGHNY-26DEC31", series: "KXHIGHNY", archived, orderId, label }
    const answer = yield* Client.call(() => operation(client, names))
    assert.strictEqual(answer.status, Sdk.operations[name]?.success.status, name)
  }
  agree(2 * Object.keys(Operations.calls).length)
})

/** The lists without a filter, page by page. */
const lists = Effect.gen(function* () {
  const { historical, markets, orders, portfolio } = Client.make(yield* Sandbox.Sandbox)
  const pages: Readonly<
    Record<string, (cursor: string | undefined) => Promise<{ readonly status: number; readonly data: object }>>
  > = {
    orders: (cursor) => orders.getOrders(undefined, undefined, undefined, undefined, undefined, 17, cursor),
    fills: (cursor) => portfolio.getFills(undefined, undefined, undefined, undefined, 17, cursor),
    settlements: (cursor) => portfolio.getSettlements(2, cursor),
    positions: (cursor) => portfolio.getPositions(cursor, 2),
    markets: (cursor) => markets.getMarkets(5, cursor),
    trades: (cursor) => markets.getTrades(17, cursor),
    deposits: (cursor) => portfolio.getDeposits(3, cursor),
    withdrawals: (cursor) => portfolio.getWithdrawals(3, cursor),
    transfers: (cursor) => portfolio.getSubaccountTransfers(2, cursor),
    "historical orders": (cursor) => historical.getHistoricalOrders(undefined, undefined, undefined, 17, cursor),
    "historical fills": (cursor) => historical.getFillsHistorical(undefined, undefined, undefined, 17, cursor),
    "historical positions": (cursor) => historical.getHistoricalPositions(undefined, undefined, undefined, 2, cursor),
    "historical trades": (cursor) => historical.getTradesHistorical(undefined, undefined, undefined, 17, cursor),
    "historical markets": (cursor) => historical.getHistoricalMarkets(2, cursor)
  }
  const counts: Record<string, number> = {}
  for (const [name, page] of Object.entries(pages)) {
    let cursor: string | undefined
    do {
      const { data } = yield* Client.call(() => page(cursor))
      const list = name.replace("historical ", "")
      const items: unknown = Object.entries(data).find(([key]) => key === list || key === `market_${list}`)?.[1]
      counts[name] = (counts[name] ?? 0) + (Array.isArray(items) ? items.length : 0)
      cursor = "cursor" in data && typeof data.cursor === "string" ? data.cursor : undefined
    } while (cursor !== undefined && cursor !== "")
  }
  agree(10)
  return counts
})

it.layer(sandbox, { excludeTestServices: true })("the sandbox, for the official SDK", (it) => {
  it.effect("answers every operation as the SDK expects", () => everything)

  it.effect("lists everything there is", () =>
    Effect.gen(function* () {
      const { account } = yield* Sandbox.Sandbox
      const control = yield* Control.Control
      yield* control.withdraw(account, Dollars.cents(1234))
      for (const amount of [1, 2, 3, 4, 5]) {
        yield* control.transfer(account, {
          clientTransferId: `list-${amount}`,
          from: 0,
          to: 1,
          amount: Dollars.cents(amount)
        })
      }
      const { deposits, fills, orders, positions, settlements, transfers, withdrawals } = yield* control.truth(account)
      const counts = yield* lists
      assert.deepInclude(counts, {
        settlements: settlements.length,
        positions: positions.length,
        deposits: deposits.length,
        withdrawals: withdrawals.length,
        transfers: transfers.length
      })
      assert.strictEqual(transfers.length, 6)
      const both = (list: string) => (counts[list] ?? 0) + (counts[`historical ${list}`] ?? 0)
      assert.strictEqual(both("orders"), orders.length)
      assert.strictEqual(both("fills"), fills.length)
      assert.isAtLeast(both("trades"), fills.length)
      for (const list of ["orders", "fills", "trades", "markets", "positions"]) {
        assert.isAbove(counts[`historical ${list}`] ?? 0, 0, list)
      }
      assert.isAbove(fills.length, 10)
      assert.isAbove(settlements.length, 2)
    })
  )

  it.effect("does so with fields that nobody announced, absent cursors and empty pages", () =>
    Effect.gen(function* () {
      const control = yield* Control.Control
      const counts = yield* lists
      yield* control.setUnknownFields(true)
      yield* control.setCursorEnd("absent")
      yield* control.setEmptyPages(true)
      assert.deepStrictEqual(yield* lists, counts)
      yield* everything
      yield* control.setUnknownFields(false)
      yield* control.setCursorEnd("empty")
      yield* control.setEmptyPages(false)
    })
  )
})
