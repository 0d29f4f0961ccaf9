import { assert, describe, it } from "@effect/vitest"
import * as Contracts from "effect-kalshi/Contracts"
import type * as Direction from "effect-kalshi/Direction"
import * as Dollars from "effect-kalshi/Dollars"
import * as Fees from "effect-kalshi/Fees"
import * as PriceGrid from "effect-kalshi/PriceGrid"
import * as Timestamp from "effect-kalshi/Timestamp"
import * as Result from "effect/Result"
import * as Engine from "../src/Engine.ts"
import type { Amendment, MarketSpec, NewOrder, Placed, Refusal } from "../src/Model.ts"

const T0 = 1_790_000_000_000_000
const at = (seconds: number) => Timestamp.micros(T0 + seconds * 1_000_000)
const c = Contracts.of
const $ = Dollars.of

const spec = (more: Partial<MarketSpec> = {}): MarketSpec => ({
  ticker: "M",
  eventTicker: "E",
  seriesTicker: "S",
  title: "",
  priceLevelStructure: "linear_cent",
  grid: PriceGrid.cents,
  fees: { type: "quadratic", multiplier: 0 },
  openTime: at(0),
  closeTime: at(1000),
  ...more
})

const ok = <A>(result: Result.Result<A, Refusal>): A => {
  if (Result.isFailure(result)) throw new Error(`${result.failure._tag}: ${result.failure.details}`)
  return result.success
}

/** An exchange with a market and members of $100 each. */
const exchange = (more: Partial<MarketSpec> = {}, precision?: Fees.Precision, wholes?: boolean) => {
  const engine = Engine.make({ seed: 1, precision, wholes })
  let now = 0
  engine.list(spec(more), at(0))
  for (const id of ["ann", "bob", "cid"]) engine.deposit(id, $(100), at(0))
  const tick = () => at((now += 0.001))
  const order = (side: Direction.Direction, price: number, count: number, rest: Partial<NewOrder> = {}): NewOrder => ({
    ticker: "M",
    side,
    price: $(price),
    count: c(count),
    timeInForce: "good_till_canceled",
    selfTradePrevention: "taker_at_cross",
    ...rest
  })
  const tryBid = (id: string, price: number, count: number, rest?: Partial<NewOrder>) =>
    engine.create(id, order("bid", price, count, rest), tick())
  const tryAsk = (id: string, price: number, count: number, rest?: Partial<NewOrder>) =>
    engine.create(id, order("ask", price, count, rest), tick())
  const bid = (id: string, price: number, count: number, rest?: Partial<NewOrder>) => ok(tryBid(id, price, count, rest))
  const ask = (id: string, price: number, count: number, rest?: Partial<NewOrder>) => ok(tryAsk(id, price, count, rest))
  const amend = (id: string, placed: Placed, change: Partial<Amendment>) =>
    engine.amend(id, placed.orderId, { ticker: "M", side: "bid", price: $(0.5), total: c(10), ...change }, tick())
  const status = (id: string, placed: Placed) => engine.order(id, placed.orderId)?.status
  const position = (id: string) => engine.positions(id)[0]?.position ?? 0
  const free = (id: string) => engine.balance(id).available
  const refused = (result: Result.Result<unknown, Refusal>, tag: Refusal["_tag"]) => {
    assert.ok(Result.isFailure(result), `${tag} was expected`)
    assert.strictEqual(result.failure._tag, tag)
  }
  /** Runs a command that is refused, and looks that nothing changed. */
  const unchanged = (run: () => Result.Result<unknown, Refusal>, tag: Refusal["_tag"]) => {
    engine.advance(tick())
    const before = engine.snapshot()
    now -= 0.001
    refused(run(), tag)
    assert.deepStrictEqual(engine.snapshot(), before)
  }
  return { engine, tick, tryBid, tryAsk, bid, ask, amend, status, position, free, refused, unchanged }
}

const queue = (engine: Engine.Engine, side: "bids" | "asks") =>
  engine.market("M")?.[side].map((level) => [Dollars.format(level.price), Contracts.format(level.count)])

describe("matching", () => {
  it("fills the best price first, of one price the first that came, at the resting price", () => {
    const { ask, bid, engine, position } = exchange()
    const dear = ask("ann", 0.52, 5)
    const first = ask("ann", 0.5, 5)
    const second = ask("bob", 0.5, 5)
    const placed = bid("cid", 0.55, 12)
    assert.deepStrictEqual([placed.filled, placed.remaining], [c(12), c(0)])
    // 10 at 0.50 and 2 at 0.52
    assert.strictEqual(placed.averagePrice, Dollars.micros(503_333))
    const trades = engine.trades({ ticker: "M" }, 10).items
    assert.deepStrictEqual(
      trades.map((trade) => [trade.price, trade.count, trade.takerSide]),
      [
        [$(0.52), c(2), "bid"],
        [$(0.5), c(5), "bid"],
        [$(0.5), c(5), "bid"]
      ]
    )
    const makers = ["ann", "bob"]
      .flatMap((id) => engine.fills(id, {}, 10).items)
      .toSorted((a, b) => a.sequence - b.sequence)
    assert.deepStrictEqual(
      makers.map((fill) => fill.orderId),
      [first.orderId, second.orderId, dear.orderId]
    )
    const takers = engine.fills("cid", {}, 10).items
    assert.deepStrictEqual(
      takers.map((fill) => fill.tradeId),
      trades.map((trade) => trade.tradeId)
    )
    assert.deepStrictEqual(
      makers.map((fill) => fill.tradeId).toReversed(),
      trades.map((trade) => trade.tradeId),
      "both parties have the same trade"
    )
    assert.strictEqual(position("cid"), c(12))
    assert.strictEqual(engine.market("M")?.openInterest, c(12))
    assert.strictEqual(engine.market("M")?.volume, c(12))
    assert.strictEqual(engine.market("M")?.lastPrice, $(0.52))
  })

  it("rests what is not filled, and shows the book best first", () => {
    const { ask, bid, engine, status } = exchange()
    ask("ann", 0.6, 3)
    const placed = bid("bob", 0.6, 10)
    assert.deepStrictEqual([placed.filled, placed.remaining], [c(3), c(7)])
    bid("bob", 0.4, 1)
    bid("cid", 0.6, 0.5)
    ask("ann", 0.7, 2)
    ask("ann", 0.65, 2)
    assert.deepStrictEqual(queue(engine, "bids"), [
      ["0.6000", "7.50"],
      ["0.4000", "1.00"]
    ])
    assert.deepStrictEqual(queue(engine, "asks"), [
      ["0.6500", "2.00"],
      ["0.7000", "2.00"]
    ])
    assert.strictEqual(status("bob", placed), "resting")
  })

  it("cancels what an immediate-or-cancel order leaves", () => {
    const { ask, bid, engine, free, status } = exchange()
    ask("ann", 0.5, 3)
    const placed = bid("bob", 0.5, 10, { timeInForce: "immediate_or_cancel" })
    assert.deepStrictEqual([placed.filled, placed.remaining, status("bob", placed)], [c(3), c(0), "canceled"])
    const missed = bid("bob", 0.5, 10, { timeInForce: "immediate_or_cancel" })
    assert.deepStrictEqual([missed.filled, missed.remaining, missed.averagePrice], [c(0), c(0), undefined])
    assert.strictEqual(status("bob", missed), "canceled")
    assert.strictEqual(free("bob"), $(98.5))
    assert.deepStrictEqual(queue(engine, "bids"), [])
  })

  it("fills or kills", () => {
    const { ask, bid, status, tryBid, unchanged } = exchange()
    ask("ann", 0.5, 3)
    ask("ann", 0.51, 3)
    unchanged(() => tryBid("bob", 0.5, 4, { timeInForce: "fill_or_kill" }), "FillOrKill")
    const placed = bid("bob", 0.51, 6, { timeInForce: "fill_or_kill" })
    assert.deepStrictEqual([placed.filled, status("bob", placed)], [c(6), "executed"])
  })

  it("counts only others for fill-or-kill, and stops at an own order as immediate-or-cancel", () => {
    const { ask, bid, status, tryBid, unchanged } = exchange()
    ask("ann", 0.5, 3)
    const own = ask("bob", 0.51, 5)
    unchanged(() => tryBid("bob", 0.55, 8, { timeInForce: "fill_or_kill" }), "FillOrKill")
    ask("ann", 0.52, 10)
    const placed = bid("bob", 0.55, 8, { timeInForce: "fill_or_kill" })
    assert.deepStrictEqual([placed.filled, placed.remaining, status("bob", placed)], [c(3), c(0), "canceled"])
    assert.strictEqual(status("bob", own), "resting")
    const passes = bid("bob", 0.55, 8, { timeInForce: "fill_or_kill", selfTradePrevention: "maker" })
    assert.deepStrictEqual([passes.filled, status("bob", own)], [c(8), "canceled"])
  })

  it("never takes with post-only", () => {
    const { ask, bid, status, tryBid, unchanged } = exchange()
    ask("ann", 0.5, 3)
    unchanged(() => tryBid("bob", 0.5, 1, { postOnly: true }), "PostOnlyCross")
    assert.strictEqual(status("bob", bid("bob", 0.49, 1, { postOnly: true })), "resting")
  })

  it("prevents self-trades by stopping the taker or cancelling the maker", () => {
    const { ask, bid, engine, status } = exchange()
    ask("ann", 0.5, 3)
    const own = ask("bob", 0.51, 5)
    ask("ann", 0.52, 3)
    const stopped = bid("bob", 0.52, 9)
    assert.deepStrictEqual([stopped.filled, stopped.remaining, status("bob", stopped)], [c(3), c(0), "canceled"])
    assert.strictEqual(status("bob", own), "resting")
    const alone = bid("bob", 0.51, 1)
    assert.deepStrictEqual([alone.filled, alone.remaining], [c(0), c(0)])
    const goesOn = bid("bob", 0.52, 9, { selfTradePrevention: "maker" })
    assert.deepStrictEqual([goesOn.filled, goesOn.remaining, status("bob", own)], [c(3), c(6), "canceled"])
    assert.deepStrictEqual(queue(engine, "asks"), [])
  })
})

describe("order flags", () => {
  it("caps reduce-only to the position, and records it as canceled without one", () => {
    const { ask, bid, engine, position, status } = exchange()
    ask("ann", 0.5, 4)
    bid("bob", 0.5, 4)
    const none = bid("bob", 0.4, 4, { reduceOnly: true })
    assert.deepStrictEqual([none.filled, none.remaining, status("bob", none)], [c(0), c(0), "canceled"])
    bid("cid", 0.45, 3)
    const capped = ask("bob", 0.45, 10, { reduceOnly: true })
    assert.deepStrictEqual([capped.filled, capped.remaining], [c(3), c(1)])
    assert.strictEqual(engine.order("bob", capped.orderId)?.initial, c(4))
    assert.strictEqual(position("bob"), c(1))
  })

  it("shrinks and cancels resting reduce-only orders with the position", () => {
    const { ask, bid, engine, position, status } = exchange()
    ask("ann", 0.5, 10)
    bid("bob", 0.5, 10)
    const one = ask("bob", 0.6, 10, { reduceOnly: true })
    const two = ask("bob", 0.7, 10, { reduceOnly: true })
    bid("cid", 0.6, 4)
    assert.strictEqual(engine.order("bob", one.orderId)?.remaining, c(6))
    assert.strictEqual(engine.order("bob", two.orderId)?.remaining, c(6))
    bid("cid", 0.7, 9)
    assert.strictEqual(position("bob"), 0)
    assert.deepStrictEqual([status("bob", one), status("bob", two)], ["executed", "canceled"])
    assert.deepStrictEqual(queue(engine, "asks"), [])
    assert.deepStrictEqual(queue(engine, "bids"), [["0.7000", "3.00"]])
  })

  it("expires orders at their second", () => {
    const { bid, engine, refused, status, tryBid } = exchange()
    refused(tryBid("ann", 0.5, 1, { expiration: at(0) }), "InvalidExpiration")
    for (const timeInForce of ["immediate_or_cancel", "fill_or_kill"] as const) {
      refused(tryBid("ann", 0.5, 1, { expiration: at(5), timeInForce }), "InvalidExpiration")
    }
    const placed = bid("ann", 0.5, 1, { expiration: at(5) })
    engine.advance(Timestamp.micros(at(5) - 1))
    assert.strictEqual(status("ann", placed), "resting")
    engine.advance(at(9))
    const expired = engine.order("ann", placed.orderId)
    assert.deepStrictEqual([expired?.status, expired?.updatedAt, expired?.remaining], ["canceled", at(5), c(0)])
    assert.strictEqual(engine.balance("ann").reserved, 0)
  })

  it("refuses a client order id that was ever used by the account", () => {
    const { bid, engine, tick, tryBid, unchanged } = exchange()
    const placed = bid("ann", 0.5, 1, { clientOrderId: "x" })
    ok(engine.cancel("ann", placed.orderId, tick()))
    unchanged(() => tryBid("ann", 0.4, 1, { clientOrderId: "x" }), "DuplicateClientOrderId")
    bid("bob", 0.4, 1, { clientOrderId: "x" })
    bid("ann", 0.4, 1, { clientOrderId: "" })
    assert.strictEqual(bid("ann", 0.4, 1, { clientOrderId: "" }).clientOrderId, "")
  })

  it("refuses prices off the grid, counts that are none, and unknown markets", () => {
    const { tryBid, unchanged } = exchange()
    for (const price of [0, 1, 0.505, -0.5, 1.5]) unchanged(() => tryBid("ann", price, 1), "InvalidPrice")
    for (const count of [0, -1, 90_000_000_000_000]) unchanged(() => tryBid("ann", 0.5, count), "InvalidCount")
    unchanged(() => tryBid("ann", 0.5, 1, { ticker: "N" }), "UnknownMarket")
  })
})

describe("cancel and decrease", () => {
  it("cancels what rests", () => {
    const { bid, engine, free, refused, tick } = exchange()
    const placed = bid("ann", 0.5, 10)
    assert.strictEqual(free("ann"), $(95))
    refused(engine.cancel("bob", placed.orderId, tick()), "UnknownOrder")
    assert.strictEqual(ok(engine.cancel("ann", placed.orderId, tick())).reducedBy, c(10))
    assert.strictEqual(free("ann"), $(100))
    refused(engine.cancel("ann", placed.orderId, tick()), "UnknownOrder")
    refused(engine.cancel("ann", "nothing", tick()), "UnknownOrder")
    refused(engine.decrease("ann", placed.orderId, { reduceBy: c(1) }, tick()), "UnknownOrder")
  })

  it("decreases by and to, keeping the place", () => {
    const { ask, bid, engine, refused, status, tick } = exchange()
    const first = bid("ann", 0.5, 10)
    bid("bob", 0.5, 10)
    assert.strictEqual(ok(engine.decrease("ann", first.orderId, { reduceBy: c(4) }, tick())).remaining, c(6))
    assert.strictEqual(ok(engine.decrease("ann", first.orderId, { reduceTo: c(5) }, tick())).remaining, c(5))
    refused(engine.decrease("ann", first.orderId, { reduceTo: c(6) }, tick()), "InvalidCount")
    refused(engine.decrease("ann", first.orderId, { reduceBy: c(0) }, tick()), "InvalidCount")
    assert.strictEqual(engine.balance("ann").reserved, $(2.5))
    ask("cid", 0.5, 1)
    assert.strictEqual(engine.order("ann", first.orderId)?.filled, c(1))
    assert.strictEqual(ok(engine.decrease("ann", first.orderId, { reduceTo: c(0) }, tick())).remaining, 0)
    assert.strictEqual(status("ann", first), "canceled")
    const other = bid("ann", 0.4, 2)
    ok(engine.decrease("ann", other.orderId, { reduceBy: c(9) }, tick()))
    assert.strictEqual(status("ann", other), "canceled")
  })
})

describe("amend", () => {
  it("keeps the place only for a smaller size", () => {
    const { amend, ask, bid, engine } = exchange()
    const [a, b] = [bid("ann", 0.5, 10), bid("bob", 0.5, 10)]
    ok(amend("ann", a, { total: c(8) }))
    ask("cid", 0.5, 1)
    assert.strictEqual(engine.order("ann", a.orderId)?.filled, c(1))
    assert.strictEqual(ok(amend("ann", a, { total: c(12) })).remaining, c(11))
    ask("cid", 0.5, 1)
    assert.strictEqual(engine.order("bob", b.orderId)?.filled, c(1))
    ok(amend("bob", b, { price: $(0.49) }))
    ok(amend("bob", b, { price: $(0.5) }))
    ask("cid", 0.5, 1)
    assert.strictEqual(engine.order("ann", a.orderId)?.filled, c(2))
  })

  it("counts what is filled in its total", () => {
    const { amend, ask, bid, engine, refused, status } = exchange()
    const placed = bid("ann", 0.5, 10)
    ask("bob", 0.5, 4)
    refused(amend("ann", placed, { total: c(3) }), "AmendBelowFilled")
    ok(amend("ann", placed, { total: c(6) }))
    assert.strictEqual(engine.order("ann", placed.orderId)?.remaining, c(2))
    assert.strictEqual(ok(amend("ann", placed, { total: c(4) })).remaining, 0)
    assert.strictEqual(status("ann", placed), "canceled")
    refused(amend("ann", placed, { total: c(9) }), "UnknownOrder")
  })

  it("trades at once when the new price crosses, and tells its own fills", () => {
    const { amend, ask, bid, engine } = exchange()
    const placed = bid("ann", 0.5, 10)
    ask("bob", 0.5, 2)
    ask("bob", 0.6, 5)
    const answer = ok(amend("ann", placed, { price: $(0.61) }))
    assert.deepStrictEqual([answer.filled, answer.remaining, answer.averagePrice], [c(5), c(3), $(0.6)])
    const order = engine.order("ann", placed.orderId)
    assert.deepStrictEqual(
      [order?.filled, order?.price, order?.makerCost, order?.takerCost],
      [c(7), $(0.61), $(1), $(3)]
    )
  })

  it("checks what it is told", () => {
    const { amend, bid, engine, unchanged } = exchange()
    const placed = bid("ann", 0.5, 10, { clientOrderId: "a" })
    bid("ann", 0.4, 1, { clientOrderId: "b" })
    unchanged(() => amend("ann", placed, { side: "ask" }), "SideMismatch")
    unchanged(() => amend("ann", placed, { ticker: "N" }), "TickerMismatch")
    unchanged(() => amend("ann", placed, { clientOrderId: "b" }), "ClientOrderIdMismatch")
    unchanged(() => amend("ann", placed, { updatedClientOrderId: "b" }), "DuplicateClientOrderId")
    unchanged(() => amend("ann", placed, { price: $(0.505) }), "InvalidPrice")
    unchanged(() => amend("ann", placed, { total: c(0) }), "InvalidCount")
    unchanged(() => amend("ann", placed, { total: c(1000) }), "InsufficientBalance")
    unchanged(() => amend("bob", placed, {}), "UnknownOrder")
    const renamed = ok(amend("ann", placed, { clientOrderId: "a", updatedClientOrderId: "d" }))
    assert.strictEqual(renamed.clientOrderId, "d")
    unchanged(() => amend("ann", placed, { updatedClientOrderId: "a" }), "DuplicateClientOrderId")
    assert.strictEqual(engine.order("ann", placed.orderId)?.clientOrderId, "d")
  })
})

describe("the life of a market", () => {
  it("opens and closes by its times", () => {
    const { bid, engine, refused, tick, tryBid, status } = exchange({ openTime: at(10), closeTime: at(20) })
    refused(tryBid("ann", 0.5, 1), "MarketClosed")
    assert.strictEqual(engine.market("M")?.status, "initialized")
    engine.advance(at(10))
    const placed = bid("ann", 0.5, 1)
    engine.advance(at(25))
    assert.strictEqual(engine.market("M")?.status, "closed")
    assert.strictEqual(status("ann", placed), "canceled")
    assert.strictEqual(engine.order("ann", placed.orderId)?.updatedAt, at(20))
    refused(tryBid("ann", 0.5, 1), "MarketClosed")
    refused(engine.cancel("ann", placed.orderId, tick()), "MarketClosed")
    refused(engine.decrease("ann", placed.orderId, { reduceBy: c(1) }, tick()), "MarketClosed")
    refused(engine.close("M", tick()), "MarketClosed")
    refused(engine.setMarketActive("M", true, tick()), "MarketClosed")
  })

  it("pauses one market: cancels work, resuming cancels what rests", () => {
    const { amend, bid, engine, refused, status, tick, tryBid } = exchange()
    const [a, b, p] = [bid("ann", 0.5, 1), bid("ann", 0.5, 1), bid("ann", 0.4, 1, { cancelOnPause: true })]
    ok(engine.setMarketActive("M", false, tick()))
    assert.deepStrictEqual([status("ann", a), status("ann", p)], ["resting", "canceled"])
    refused(tryBid("ann", 0.5, 1), "MarketClosed")
    refused(amend("ann", a, {}), "MarketClosed")
    ok(engine.cancel("ann", b.orderId, tick()))
    ok(engine.setMarketActive("M", true, tick()))
    assert.strictEqual(status("ann", a), "canceled")
    bid("ann", 0.5, 1)
  })

  it("pauses trading, and the exchange", () => {
    const { amend, bid, engine, refused, status, tick, tryBid } = exchange()
    const [a, b, p] = [bid("ann", 0.5, 2), bid("ann", 0.5, 1), bid("ann", 0.4, 1, { cancelOnPause: true })]
    engine.setFlags({ exchangeActive: true, tradingActive: false }, tick())
    assert.deepStrictEqual([status("ann", a), status("ann", p)], ["resting", "canceled"])
    refused(tryBid("ann", 0.5, 1), "TradingPaused")
    refused(amend("ann", a, {}), "TradingPaused")
    ok(engine.decrease("ann", a.orderId, { reduceBy: c(1) }, tick()))
    ok(engine.cancel("ann", b.orderId, tick()))
    engine.setFlags({ exchangeActive: false, tradingActive: true }, tick())
    refused(tryBid("ann", 0.5, 1), "ExchangePaused")
    refused(amend("ann", a, {}), "ExchangePaused")
    refused(engine.cancel("ann", a.orderId, tick()), "ExchangePaused")
    refused(engine.decrease("ann", a.orderId, { reduceBy: c(1) }, tick()), "ExchangePaused")
    engine.setFlags({ exchangeActive: true, tradingActive: true }, tick())
    ok(engine.cancel("ann", a.orderId, tick()))
  })

  it("settles yes and no", () => {
    for (const [tag, ann, bob] of [
      ["yes", 60, 140],
      ["no", 160, 40]
    ] as const) {
      const { ask, bid, engine, free, refused, tick } = exchange()
      ask("ann", 0.6, 100)
      bid("bob", 0.6, 100)
      bid("bob", 0.1, 10)
      ok(engine.settle("M", { _tag: tag }, tick()))
      assert.deepStrictEqual([free("ann"), free("bob")], [$(ann), $(bob)])
      assert.deepStrictEqual(engine.positions("ann"), [])
      assert.strictEqual(engine.market("M")?.status, "finalized")
      assert.strictEqual(engine.audit().pairs, 0)
      refused(engine.settle("M", { _tag: tag }, tick()), "MarketClosed")
    }
  })

  it("settles to a value, rounded down, and keeps what is rounded off", () => {
    const { ask, bid, engine, free, refused, tick } = exchange()
    ask("ann", 0.6, 0.33)
    bid("bob", 0.6, 0.33)
    refused(engine.settle("M", { _tag: "scalar", value: $(1.01) }, tick()), "InvalidPrice")
    ok(engine.settle("M", { _tag: "scalar", value: $(0.2345) }, tick()))
    // 0.33 × 0.2345 = 0.077385 and 0.33 × 0.7655 = 0.252615
    assert.deepStrictEqual([free("ann"), free("bob")], [$(100 - 0.132 + 0.2526), $(100 - 0.198 + 0.0773)])
    assert.strictEqual(engine.audit().kept, $(0.0001))
  })

  it("tells gross counts and what was paid out in a settlement", () => {
    const { ask, bid, engine, free, tick } = exchange()
    bid("ann", 0.4, 10)
    ask("bob", 0.4, 10)
    bid("cid", 0.55, 10)
    ask("ann", 0.55, 10)
    ok(engine.settle("M", { _tag: "yes" }, tick()))
    const [row] = engine.settlements("ann", {}, 10).items
    assert.deepStrictEqual(
      [row?.yesCount, row?.yesCost, row?.noCount, row?.noCost, row?.revenue],
      [c(10), $(4), c(10), $(4.5), $(0)]
    )
    // what closing gave back is not in the revenue
    assert.strictEqual(free("ann"), $(100 - 4 - 4.5 + 10))
    assert.strictEqual(engine.settlements("cid", {}, 10).items[0]?.revenue, $(10))
    assert.deepStrictEqual(engine.settlements("cid", { ticker: "N" }, 10).items, [])
  })
})

describe("what an order remembers", () => {
  it("its words, which mean its side and change nothing else", () => {
    const { amend, ask, bid, engine } = exchange()
    const words = (placed: Placed) => {
      const shown = engine.order("ann", placed.orderId)?.words
      return [shown?.action, shown?.side]
    }
    assert.deepStrictEqual(words(bid("ann", 0.4, 1)), ["buy", "yes"])
    assert.deepStrictEqual(words(ask("ann", 0.6, 1)), ["buy", "no"])
    const sold = bid("ann", 0.4, 1, { words: { action: "sell", side: "no" } })
    assert.deepStrictEqual(words(sold), ["sell", "no"])
    ok(amend("ann", sold, { price: $(0.41), total: c(2) }))
    assert.deepStrictEqual(words(sold), ["sell", "no"])
    assert.deepStrictEqual(words(ask("ann", 0.6, 1, { words: { action: "sell", side: "yes" } })), ["sell", "yes"])
    // words of the other way are none
    assert.deepStrictEqual(words(ask("ann", 0.6, 1, { words: { action: "buy", side: "yes" } })), ["buy", "no"])
    // they are no part of the state
    const state = (given: Partial<NewOrder>) => {
      const other = exchange()
      other.bid("ann", 0.4, 1, given)
      return other.engine.snapshot()
    }
    assert.deepStrictEqual(state({ words: { action: "sell", side: "no" } }), state({}))
  })

  it("what it took and what was taken from it, and whether it ever rested", () => {
    const { ask, bid, engine } = exchange()
    ask("ann", 0.5, 4)
    const placed = bid("bob", 0.5, 10)
    ask("cid", 0.5, 3)
    const shown = engine.order("bob", placed.orderId)
    assert.deepStrictEqual([shown?.filled, shown?.takerFilled, shown?.rested], [c(7), c(4), true])
    const taker = ask("ann", 0.5, 3)
    const taken = engine.order("ann", taker.orderId)
    assert.deepStrictEqual([taken?.filled, taken?.takerFilled, taken?.rested], [c(3), c(3), false])
  })

  it("what rests of an account in a market", () => {
    const { amend, ask, bid, engine, tick } = exchange()
    bid("ann", 0.5, 1)
    ask("bob", 0.5, 1)
    const resting = () => engine.positions("ann")[0]?.resting
    assert.strictEqual(resting(), c(0))
    const one = bid("ann", 0.4, 10)
    ask("ann", 0.6, 5)
    assert.strictEqual(resting(), c(15))
    ask("bob", 0.4, 4)
    assert.strictEqual(resting(), c(11))
    ok(amend("ann", one, { price: $(0.41), total: c(12) }))
    assert.strictEqual(resting(), c(13))
    ok(engine.decrease("ann", one.orderId, { reduceTo: c(2) }, tick()))
    assert.strictEqual(resting(), c(7))
    ok(engine.cancel("ann", one.orderId, tick()))
    assert.strictEqual(resting(), c(5))
    ok(engine.close("M", tick()))
    assert.strictEqual(resting(), c(0))
  })
})

describe("what is known of markets that are settled", () => {
  it("positions keep what was traded, and hold nothing", () => {
    const { ask, bid, engine, tick } = exchange()
    engine.list(spec({ ticker: "N" }), tick())
    bid("ann", 0.4, 10)
    ask("bob", 0.4, 10)
    bid("cid", 0.55, 4)
    ask("ann", 0.55, 4)
    bid("ann", 0.3, 2, { ticker: "N" })
    ask("bob", 0.3, 2, { ticker: "N" })
    const at = tick()
    ok(engine.settle("M", { _tag: "yes" }, at))
    const tickers = (settled?: "unsettled" | "settled" | "all") =>
      engine.positions("ann", settled).map(({ ticker }) => ticker)
    assert.deepStrictEqual(tickers(), ["N"])
    assert.deepStrictEqual(tickers("unsettled"), ["N"])
    assert.deepStrictEqual(tickers("settled"), ["M"])
    assert.deepStrictEqual(tickers("all"), ["M", "N"])
    const [held] = engine.positions("ann", "settled")
    assert.deepInclude(held, {
      position: c(0),
      exposure: $(0),
      totalTraded: $(5.8),
      totalContracts: c(14),
      realizedPnl: $(0.6),
      resting: c(0),
      updatedAt: at
    })
    // who never traded it has none
    engine.deposit("dee", $(5), tick())
    assert.deepStrictEqual(engine.positions("dee", "all"), [])
    assert.deepStrictEqual(engine.positions("nobody", "all"), [])
  })
})

describe("a preview", () => {
  it("tells what an order would take and cost, and changes nothing", () => {
    const { ask, bid, engine } = exchange({ fees: { type: "quadratic", multiplier: 1 } })
    ask("ann", 0.5, 4)
    ask("bob", 0.52, 1)
    ask("ann", 0.55, 4)
    const wish = { ticker: "M", side: "bid", price: $(0.6), count: c(20) } as const
    const before = engine.snapshot()
    const told = engine.preview("cid", wish)
    // an order of one's own is in the way
    assert.strictEqual(engine.preview("bob", wish).filled, c(4))
    assert.deepStrictEqual(engine.snapshot(), before)
    const free = engine.balance("cid").available
    const placed = bid("cid", 0.6, 20, { timeInForce: "immediate_or_cancel" })
    assert.deepStrictEqual(told, {
      filled: placed.filled,
      cash: Dollars.subtract(engine.balance("cid").available, free)
    })
    const nothing = { filled: c(0), cash: $(0) }
    for (const wrong of [
      { ...wish, ticker: "N" },
      { ...wish, count: c(0) },
      { ...wish, count: c(-1) }
    ]) {
      assert.deepStrictEqual(engine.preview("cid", wrong), nothing)
    }
    assert.deepStrictEqual(engine.preview("nobody", wish), nothing)
  })
})

describe("an exchange of whole contracts", () => {
  const wholes = () => exchange({ fees: { type: "quadratic", multiplier: 1 } }, Fees.intermediated, true)

  it("trades no part of one", () => {
    const { amend, bid, engine, refused, tick, tryBid } = wholes()
    refused(tryBid("ann", 0.4, 2.5), "InvalidCount")
    const placed = bid("ann", 0.4, 3)
    refused(amend("ann", placed, { price: $(0.4), total: c(2.5) }), "InvalidCount")
    refused(engine.decrease("ann", placed.orderId, { reduceBy: c(0.5) }, tick()), "InvalidCount")
    refused(engine.decrease("ann", placed.orderId, { reduceTo: c(0.5) }, tick()), "InvalidCount")
    assert.strictEqual(engine.order("ann", placed.orderId)?.remaining, c(3))
  })

  it("sets aside what an order costs, not what a hundredth of it would cost a hundred times", () => {
    const { bid, engine } = wholes()
    bid("ann", 0.2, 10)
    assert.strictEqual(engine.balance("ann").reserved, $(2))
    const parts = exchange({ fees: { type: "quadratic", multiplier: 1 } }, Fees.intermediated)
    parts.bid("ann", 0.2, 10)
    assert.strictEqual(parts.engine.balance("ann").reserved, $(10))
  })

  it("shares costs out in whole cents, and all of them in the end", () => {
    const { ask, bid, engine } = wholes()
    for (const [price, count] of [
      [0.4, 1],
      [0.41, 2]
    ] as const) {
      ask("bob", price, count)
      bid("ann", price, count)
    }
    const closes = (): ReadonlyArray<Dollars.Dollars | undefined> => {
      bid("cid", 0.3, 1)
      ask("ann", 0.3, 1)
      const [held] = engine.positions("ann")
      return [held?.exposure, held?.realizedPnl]
    }
    // a third of 1.22 is 0.40, half of 0.82 is 0.41
    assert.deepStrictEqual(closes(), [$(0.82), $(-0.1)])
    assert.deepStrictEqual(closes(), [$(0.41), $(-0.21)])
    assert.deepStrictEqual(closes(), [$(0), $(-0.32)])
  })
})

describe("money", () => {
  it("takes cost and fee, and gives $1 back for each contract closed", () => {
    const { ask, bid, engine, free, position } = exchange({ fees: { type: "quadratic", multiplier: 1 } })
    ask("ann", 0.52, 1)
    const placed = bid("bob", 0.52, 1)
    assert.strictEqual(placed.averageFee, $(0.0175))
    assert.strictEqual(free("bob"), $(100 - 0.5375))
    assert.strictEqual(free("ann"), $(100 - 0.48))
    assert.strictEqual(engine.fills("bob", {}, 1).items[0]?.fee, $(0.0175))
    assert.strictEqual(engine.audit().kept, $(0.0175))
    bid("cid", 0.6, 1)
    ask("bob", 0.6, 1)
    // −0.40 + 1 − 0.0168
    assert.strictEqual(free("bob"), $(100 - 0.5375 + 0.6 - 0.0168))
    assert.strictEqual(position("bob"), 0)
    assert.strictEqual(engine.positions("bob")[0]?.realizedPnl, $(0.08))
    assert.strictEqual(engine.positions("bob")[0]?.feesPaid, $(0.0343))
  })

  it("keeps positions by average cost", () => {
    const { ask, bid, engine } = exchange()
    bid("ann", 0.4, 10)
    ask("bob", 0.4, 10)
    bid("cid", 0.55, 4)
    ask("ann", 0.55, 4)
    const [held] = engine.positions("ann")
    assert.deepStrictEqual(
      [held?.position, held?.exposure, held?.realizedPnl, held?.totalTraded],
      [c(6), $(2.4), $(0.6), $(5.8)]
    )
    assert.strictEqual(engine.balance("ann").portfolioValue, $(3.3))
    assert.strictEqual(engine.balance("bob").portfolioValue, $(4.5))
  })

  it("carries an order's accumulator from taker to maker", () => {
    const fees = { type: "quadratic_with_maker_fees", multiplier: 1 }
    const grid = PriceGrid.make([{ start: $(0), end: $(1), step: $(0.001) }])
    const { ask, bid, engine } = exchange({ fees, grid })
    ask("ann", 0.055, 1)
    const placed = bid("bob", 0.055, 3)
    ask("ann", 0.055, 1)
    ask("ann", 0.055, 1)
    let accumulator = Dollars.zero
    const expected = (["taker", "maker", "maker"] as const).map((role) => {
      const charged = Fees.charge({ schedule: fees, role, side: "bid", price: $(0.055), count: c(1), accumulator })
      assert.ok(charged !== "unknown")
      accumulator = charged.accumulator
      return charged.fee
    })
    const fills = engine.fills("bob", { orderId: placed.orderId }, 10).items
    assert.deepStrictEqual(fills.map((fill) => fill.fee).toReversed(), expected)
    assert.isAbove(accumulator, 0)
    const order = engine.order("bob", placed.orderId)
    assert.deepStrictEqual([order?.takerFees, order?.makerFees], [expected[0], Dollars.sum(expected.slice(1))])
  })

  it("waives fees before an instant, and charges nothing where no formula is public", () => {
    const waived = exchange({ fees: { type: "quadratic", multiplier: 1 }, feeWaiverUntil: at(100) })
    waived.ask("ann", 0.5, 1)
    assert.strictEqual(waived.bid("bob", 0.5, 1).averageFee, 0)
    waived.engine.advance(at(100))
    const engine = waived.engine
    ok(
      engine.create(
        "ann",
        {
          ticker: "M",
          side: "ask",
          price: $(0.5),
          count: c(1),
          timeInForce: "good_till_canceled",
          selfTradePrevention: "maker"
        },
        at(100)
      )
    )
    assert.strictEqual(waived.bid("bob", 0.5, 1).averageFee, $(0.0175))
    const flat = exchange({ fees: { type: "flat", multiplier: 1 } })
    flat.ask("ann", 0.5, 1)
    assert.strictEqual(flat.bid("bob", 0.5, 1).averageFee, 0)
  })

  it("reserves the worst case of both sides", () => {
    const { ask, bid, engine, free } = exchange()
    bid("ann", 0.3, 100)
    assert.deepStrictEqual([free("ann"), engine.balance("ann").reserved], [$(70), $(30)])
    ask("ann", 0.6, 100)
    // bids cost 30, asks 40; what fills on one side pays for the other
    assert.strictEqual(engine.balance("ann").reserved, $(40))
    bid("bob", 0.6, 100)
    assert.deepStrictEqual([free("ann"), engine.balance("ann").reserved], [$(60), $(0)])
    ask("cid", 0.3, 100)
    assert.strictEqual(free("ann"), $(100 - 40 - 30 + 100))
  })

  it("refuses what is not covered, to the micro-dollar", () => {
    const { ask, engine, free, tick, tryBid, unchanged } = exchange({ fees: { type: "quadratic", multiplier: 1 } })
    engine.deposit("dee", Dollars.micros(5_174_999), tick())
    ask("ann", 0.5, 20)
    unchanged(() => tryBid("dee", 0.5, 10), "InsufficientBalance")
    engine.deposit("dee", Dollars.micros(1), tick())
    ok(tryBid("dee", 0.5, 10))
    assert.strictEqual(free("dee"), 0)
    unchanged(() => tryBid("dee", 0.01, 0.01), "InsufficientBalance")
    unchanged(() => tryBid("nobody", 0.5, 1), "InsufficientBalance")
  })

  it("lets a member without cash close a position", () => {
    for (const price of [0.01, 0.5, 0.99]) {
      for (const precision of [Fees.direct, Fees.intermediated, Fees.directBeforeJune2026]) {
        const { ask, bid, engine, free, position, tick } = exchange(
          {
            fees: { type: "quadratic_with_maker_fees", multiplier: 1 }
          },
          precision
        )
        ask("ann", 0.5, 10)
        engine.deposit("dee", $(6), tick())
        bid("dee", 0.5, 10)
        ok(engine.withdraw("dee", free("dee"), tick()))
        assert.strictEqual(free("dee"), 0)
        const rests = ask("dee", price, 6)
        assert.strictEqual(engine.balance("dee").reserved, 0)
        bid("bob", price, 6)
        assert.strictEqual(engine.order("dee", rests.orderId)?.filled, c(6))
        bid("bob", price, 4)
        ask("dee", price, 4, { reduceOnly: true })
        assert.strictEqual(position("dee"), 0)
        assert.isAtLeast(free("dee"), 0)
      }
    }
  })

  it("reserves what closing costs where a fee is dearer than the price", () => {
    const { ask, bid, engine, free, tick, tryAsk, unchanged } = exchange({
      fees: { type: "quadratic_with_combo_maker_fees", multiplier: 40 }
    })
    ask("ann", 0.5, 10)
    engine.deposit("dee", $(20), tick())
    bid("dee", 0.5, 10)
    ok(engine.withdraw("dee", free("dee"), tick()))
    // closing at 0.10 earns 0.10 and costs 1.4 × 0.09 = 0.126 for a maker
    unchanged(() => tryAsk("dee", 0.1, 10), "InsufficientBalance")
    engine.deposit("dee", $(0.3), tick())
    ask("dee", 0.1, 10)
    // 0.01 contracts may cost 0.009 + 0.00126, rounded up to 0.0103, and give 0.01 back
    assert.strictEqual(engine.balance("dee").reserved, $(0.3))
    bid("bob", 0.1, 10)
    assert.strictEqual(free("dee"), $(0.04))
  })

  it("does not let reserves be withdrawn", () => {
    const { bid, engine, free, refused, tick } = exchange()
    bid("ann", 0.5, 100)
    refused(engine.withdraw("ann", $(50.01), tick()), "InsufficientBalance")
    refused(engine.withdraw("ann", $(0), tick()), "InvalidCount")
    ok(engine.withdraw("ann", $(50), tick()))
    assert.strictEqual(free("ann"), 0)
    refused(engine.withdraw("nobody", $(1), tick()), "InsufficientBalance")
  })

  it("refuses what it can not keep exact", () => {
    const { engine, tick } = exchange()
    assert.throws(() => engine.deposit("ann", $(0), tick()))
    assert.throws(() => engine.list(spec(), tick()))
    assert.throws(() =>
      engine.list(
        spec({
          ticker: "N",
          grid: PriceGrid.make([{ start: $(0), end: $(1), step: Dollars.micros(10) }])
        }),
        tick()
      )
    )
    assert.throws(() => engine.list(spec({ ticker: "N", fees: { type: "quadratic", multiplier: -1 } }), tick()))
    assert.throws(() => Engine.make({ seed: 1, precision: { fee: Dollars.micros(1), balance: $(0.003) } }))
  })
})

describe("lists", () => {
  const filled = () => {
    const all = exchange()
    all.engine.list(spec({ ticker: "N", eventTicker: "F" }), all.tick())
    const orders: Array<Placed> = []
    for (let n = 0; n < 20; n++) {
      const ticker = n % 3 === 0 ? "N" : "M"
      all.ask("ann", 0.5, 3, { ticker })
      orders.push(all.bid("bob", 0.5, 2, { ticker }))
      all.bid("bob", 0.5, 1, { ticker })
    }
    return { ...all, orders }
  }
  const walk = <A>(page: (cursor?: number) => Engine.Part<A>, between: () => void = () => {}): Array<A> => {
    const items: Array<A> = []
    let cursor: number | undefined
    do {
      const part: Engine.Part<A> = page(cursor)
      items.push(...part.items)
      cursor = part.next
      between()
    } while (cursor !== undefined)
    return items
  }

  it("are newest first, and pages go on where they ended while rows are added", () => {
    const { ask, bid, engine } = filled()
    const fills = engine.fills("bob", {}, 1000).items
    const orders = engine.orders("bob", {}, 1000).items
    const trades = engine.trades({}, 1000).items
    assert.deepStrictEqual([fills.length, orders.length, trades.length], [40, 40, 40])
    const more = () => {
      ask("ann", 0.5, 1)
      bid("bob", 0.5, 1)
    }
    assert.deepStrictEqual(
      walk((cursor) => engine.fills("bob", {}, 3, cursor), more),
      fills
    )
    const now = engine.trades({}, 1000).items.length
    assert.deepStrictEqual(walk((cursor) => engine.trades({}, 7, cursor), more).length, now)
    const was = engine.orders("bob", {}, 1000).items
    assert.deepStrictEqual(
      walk((cursor) => engine.orders("bob", {}, 4, cursor), more),
      was
    )
    assert.deepStrictEqual(engine.fills("bob", {}, 40, fills.at(-1)?.sequence).items, [])
    for (const list of [fills.map((fill) => fill.sequence), orders.map((order) => order.createdAt as number)]) {
      assert.deepStrictEqual(
        list,
        list.toSorted((a, b) => b - a)
      )
    }
  })

  it("are narrowed by market, event, order, status and time, and pages agree with the whole", () => {
    const { engine, orders } = filled()
    const all = engine.fills("bob", {}, 1000).items
    const from = all[30]?.at ?? at(0)
    const until = all[10]?.at ?? at(0)
    const order = orders[5]?.orderId ?? ""
    const narrows: ReadonlyArray<readonly [Engine.Narrow, (fill: (typeof all)[number]) => boolean]> = [
      [{ ticker: "N" }, (fill) => fill.ticker === "N"],
      [{ eventTickers: ["F"] }, (fill) => fill.ticker === "N"],
      [{ eventTickers: ["E", "F"], ticker: "M" }, (fill) => fill.ticker === "M"],
      [{ orderId: order }, (fill) => fill.orderId === order],
      [{ orderId: order, ticker: "none" }, () => false],
      [{ orderId: "none" }, () => false],
      [{ from, until }, (fill) => fill.at >= from && fill.at <= until],
      [{ ticker: "M", until }, (fill) => fill.at <= until && fill.ticker === "M"]
    ]
    for (const [narrow, keeps] of narrows) {
      const expected = all.filter(keeps)
      assert.deepStrictEqual(engine.fills("bob", narrow, 1000).items, expected)
      assert.deepStrictEqual(
        walk((cursor) => engine.fills("bob", narrow, 2, cursor)),
        expected
      )
    }
    const every = engine.orders("bob", {}, 1000).items
    for (const narrow of [{ ticker: "N" }, { eventTickers: ["E"] }, { status: "executed" }, { from, until }] as const) {
      const whole = engine.orders("bob", narrow, 1000).items
      assert.isAbove(whole.length, 0)
      assert.deepStrictEqual(
        walk((cursor) => engine.orders("bob", narrow, 3, cursor)),
        whole
      )
    }
    assert.deepStrictEqual(engine.orders("bob", { status: "resting" }, 1000).items, [])
    assert.deepStrictEqual(
      engine.orders("bob", { orderId: order }, 1).items,
      every.filter((row) => row.orderId === order)
    )
    assert.deepStrictEqual(engine.trades({ ticker: "N" }, 1000).items.length, 14)
    assert.deepStrictEqual(walk((cursor) => engine.trades({ ticker: "N" }, 3, cursor)).length, 14)
    assert.deepStrictEqual(engine.fills("nobody", {}, 10), { items: [] })
  })

  it("have no next part when the last one was just full", () => {
    const { engine } = filled()
    assert.strictEqual(engine.fills("bob", {}, 40).next, undefined)
    assert.isDefined(engine.fills("bob", {}, 39).next)
    assert.strictEqual(engine.fills("bob", { ticker: "N" }, 14).next, undefined)
  })
})

describe("ids", () => {
  it("are UUIDs of the seed, one of its own for every row", () => {
    const ids = (seed: number) => {
      const engine = Engine.make({ seed })
      engine.list(spec(), at(0))
      engine.deposit("ann", $(1000), at(0))
      engine.deposit("bob", $(1000), at(0))
      for (const [id, side] of [
        ["ann", "ask"],
        ["bob", "bid"]
      ] as const) {
        for (let n = 0; n < 200; n++) {
          ok(
            engine.create(
              id,
              {
                ticker: "M",
                side,
                price: $(0.5),
                count: c(1),
                timeInForce: "good_till_canceled",
                selfTradePrevention: "maker"
              },
              at(n)
            )
          )
        }
      }
      return ["ann", "bob"]
        .flatMap((id) => engine.orders(id, {}, 1000).items.map((order) => order.orderId))
        .concat(engine.trades({}, 1000).items.map((trade) => trade.tradeId))
    }
    const one = ids(1)
    assert.strictEqual(one.length, 600)
    assert.strictEqual(new Set([...one, ...ids(2)]).size, 1200)
    assert.deepStrictEqual(ids(1), one)
    for (const id of one) assert.match(id, /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  })
})
