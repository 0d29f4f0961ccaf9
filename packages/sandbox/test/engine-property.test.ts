import { assert, describe, it } from "@effect/vitest"
import * as Contracts from "effect-kalshi/Contracts"
import * as Direction from "effect-kalshi/Direction"
import * as Dollars from "effect-kalshi/Dollars"
import * as Fees from "effect-kalshi/Fees"
import * as PriceGrid from "effect-kalshi/PriceGrid"
import * as Timestamp from "effect-kalshi/Timestamp"
import * as Arbitrary from "effect/Arbitrary"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as Random from "../src/engine/Random.ts"
import * as Engine from "../src/Engine.ts"
import type { FillView, MarketSpec, OrderView } from "../src/Model.ts"

const ACCOUNTS = ["ann", "bob", "cid", "dee"] as const
const START = 1_700_000_000_000_000

const deci = PriceGrid.make([{ start: Dollars.zero, end: Dollars.one, step: Dollars.of(0.001) }])
const centi = PriceGrid.make([{ start: Dollars.zero, end: Dollars.one, step: Dollars.of(0.0001) }])

const KINDS: ReadonlyArray<Pick<MarketSpec, "grid" | "fees">> = [
  { grid: PriceGrid.cents, fees: { type: "quadratic", multiplier: 1 } },
  { grid: deci, fees: { type: "quadratic_with_maker_fees", multiplier: 1 } },
  { grid: centi, fees: { type: "quadratic_with_combo_maker_fees", multiplier: 0.5 } },
  // so dear that closing costs money, also for a maker
  { grid: PriceGrid.cents, fees: { type: "quadratic_with_combo_maker_fees", multiplier: 40 } },
  { grid: PriceGrid.cents, fees: { type: "flat", multiplier: 1 } }
]

const market = (number: number, at: number): MarketSpec => ({
  ticker: `M-${number}`,
  eventTicker: `E-${number % 2}`,
  seriesTicker: "S",
  title: "",
  priceLevelStructure: "",
  ...(KINDS[number % KINDS.length] ?? { grid: PriceGrid.cents, fees: { type: "quadratic", multiplier: 1 } }),
  feeWaiverUntil: number % 3 === 0 ? Timestamp.micros(at + 30_000_000) : undefined,
  openTime: Timestamp.micros(number > 6 ? at + 3_000_000 : at),
  closeTime: Timestamp.micros(at + 400_000_000)
})

/** Asserts, cheaply: this runs some million times. */
const ensure = (holds: boolean, what: string): void => {
  if (!holds) throw new Error(what)
}

/** The state that a test keeps itself, by rules of its own. */
interface Shadow {
  readonly cash: Map<string, number>
  readonly positions: Map<string, number>
  readonly accumulators: Map<string, Dollars.Dollars>
  readonly fees: Map<string, number>
  /** What orders took from the book. */
  readonly taken: Map<string, number>
  /** Orders that only reduce: the exchange does not tell. */
  readonly reducing: Set<string>
  /** When an order came to its place in the queue. */
  readonly places: Map<string, number>
  lastFill: number
  settlements: number
}

const add = (map: Map<string, number>, key: string, value: number): number => {
  const sum = (map.get(key) ?? 0) + value
  map.set(key, sum)
  return sum
}

const newFills = (engine: Engine.Engine, since: number): Array<FillView> =>
  ACCOUNTS.flatMap((id) => {
    const all: Array<FillView> = []
    let cursor: number | undefined
    do {
      const part = engine.fills(id, {}, 5, cursor)
      const fresh = part.items.filter((fill) => fill.sequence > since)
      all.push(...fresh)
      cursor = fresh.length === part.items.length ? part.next : undefined
    } while (cursor !== undefined)
    return all
  }).toSorted((a, b) => a.sequence - b.sequence)

/** Books a fill by the exchange's rules, written once more. */
const book = (
  engine: Engine.Engine,
  shadow: Shadow,
  fill: FillView,
  precision: Fees.Precision,
  specs: Map<string, MarketSpec>
): void => {
  const spec = specs.get(fill.ticker)
  assert.ok(spec)
  const key = `${fill.accountId} ${fill.ticker}`
  const before = shadow.positions.get(key) ?? 0
  const signed = fill.side === "bid" ? fill.count : -fill.count
  const after = add(shadow.positions, key, signed)
  const closed = (fill.count - (Math.abs(after) - Math.abs(before))) / 2
  const paid = fill.side === "bid" ? fill.price : 1_000_000 - fill.price
  const principal = Number((BigInt(-paid) * BigInt(fill.count)) / 100n) + closed * 10_000
  const fee =
    spec.feeWaiverUntil !== undefined && fill.at < spec.feeWaiverUntil
      ? Dollars.zero
      : Fees.tradeFee({
          schedule: spec.fees,
          role: fill.isTaker ? "taker" : "maker",
          price: fill.price,
          count: fill.count,
          precision
        })
  const charged = Fees.settle({
    tradeFee: fee === "unknown" ? Dollars.zero : fee,
    principal: Dollars.micros(principal),
    accumulator: shadow.accumulators.get(fill.orderId) ?? Dollars.zero,
    precision
  })
  shadow.accumulators.set(fill.orderId, charged.accumulator)
  assert.strictEqual(fill.fee, charged.fee)
  add(shadow.cash, fill.accountId, principal - charged.fee)
  add(shadow.fees, fill.orderId, charged.fee)
  if (fill.isTaker) add(shadow.taken, fill.orderId, fill.count)
  const order = engine.order(fill.accountId, fill.orderId)
  assert.ok(order)
  assert.strictEqual(order.side, fill.side)
}

const better = (shadow: Shadow, a: OrderView | FillView, b: OrderView | FillView): boolean =>
  a.price !== b.price
    ? a.side === "bid"
      ? a.price > b.price
      : a.price < b.price
    : (shadow.places.get(a.orderId) ?? 0) < (shadow.places.get(b.orderId) ?? 0)

/** All orders of all accounts. */
const allOrders = (engine: Engine.Engine): Array<OrderView> =>
  ACCOUNTS.flatMap((id) => engine.orders(id, {}, 1_000_000).items)

const checkBooks = (engine: Engine.Engine, orders: ReadonlyArray<OrderView>): void => {
  for (const found of engine.markets()) {
    const bid = found.bids[0]
    const ask = found.asks[0]
    ensure(bid === undefined || ask === undefined || bid.price < ask.price, "the book is crossed")
    for (const side of ["bid", "ask"] as const) {
      const totals = new Map<number, number>()
      for (const order of orders) {
        if (order.ticker !== found.spec.ticker || order.side !== side || order.status !== "resting") continue
        totals.set(order.price, (totals.get(order.price) ?? 0) + order.remaining)
      }
      const levels = side === "bid" ? found.bids : found.asks
      ensure(levels.length === totals.size, "a level is missing")
      levels.forEach((level, index) => {
        const before = levels[index - 1]
        ensure(level.count === totals.get(level.price), "a level has another total than its orders")
        ensure(
          before === undefined || (side === "bid" ? before.price > level.price : before.price < level.price),
          "levels are out of order"
        )
      })
    }
  }
}

const checkLaw = (engine: Engine.Engine, shadow: Shadow, orders: ReadonlyArray<OrderView>): void => {
  const audit = engine.audit()
  ensure(
    audit.cash + audit.reserves + audit.pairs + audit.kept === audit.deposits - audit.withdrawals,
    "money was made or lost"
  )
  ensure(audit.kept >= 0, "the exchange gave money away")
  for (const [ticker, sum] of audit.positions) ensure(sum === 0, `positions of ${ticker}`)
  const long = new Map<string, number>()
  const resting = new Map<string, number>()
  for (const order of orders) add(resting, `${order.accountId} ${order.ticker}`, order.remaining)
  for (const id of ACCOUNTS) {
    const balance = engine.balance(id)
    ensure(balance.available >= 0 && balance.reserved >= 0, `${id} is below zero`)
    ensure(balance.available + balance.reserved === (shadow.cash.get(id) ?? 0), `cash of ${id}`)
    for (const held of engine.positions(id)) {
      ensure(held.position === (shadow.positions.get(`${id} ${held.ticker}`) ?? 0), `position of ${id}`)
      ensure(held.position === 0 ? held.exposure === 0 : held.exposure > 0, `exposure of ${id}`)
      ensure(held.resting === (resting.get(`${id} ${held.ticker}`) ?? 0), `what rests of ${id}`)
      if (held.position > 0) add(long, held.ticker, held.position)
    }
  }
  for (const found of engine.markets()) {
    ensure(found.openInterest === (long.get(found.spec.ticker) ?? 0), "open interest")
    const open = found.status === "active" || found.status === "inactive"
    ensure(open || found.bids.length + found.asks.length === 0, "a closed market has a book")
  }
}

const checkOrders = (shadow: Shadow, orders: ReadonlyArray<OrderView>): void => {
  for (const order of orders) {
    ensure(order.filled <= order.initial, "an order filled beyond its size")
    ensure(order.remaining === (order.status === "resting" ? order.initial - order.filled : 0), "what remains is wrong")
    ensure(order.status !== "executed" || order.filled === order.initial, "an executed order is not filled")
    if (order.status === "resting" && shadow.reducing.has(order.orderId)) {
      const position = shadow.positions.get(`${order.accountId} ${order.ticker}`) ?? 0
      ensure(order.remaining <= (order.side === "bid" ? -position : position), "a reduce-only order could open")
    }
    ensure(order.takerFees + order.makerFees === (shadow.fees.get(order.orderId) ?? 0), "fees of an order")
    ensure(order.takerFilled === (shadow.taken.get(order.orderId) ?? 0), "what an order took")
    const rests = order.status === "resting" || order.filled > order.takerFilled
    ensure(order.rested || !rests, "an order that never rested rests, or was a maker")
    ensure(Direction.sideOf(order.words) === order.side, "words mean another side")
  }
}

/** Of the fills of one command: the best price first, of one price the first that came, and nobody was passed over. */
const checkPriority = (shadow: Shadow, fills: ReadonlyArray<FillView>, orders: ReadonlyArray<OrderView>): void => {
  const makers = fills.filter((fill) => !fill.isTaker)
  makers.forEach((maker, index) => {
    const before = makers[index - 1]
    if (before !== undefined) assert.ok(better(shadow, before, maker), "a maker was passed over")
    for (const order of orders) {
      if (order.status !== "resting" || order.ticker !== maker.ticker || order.side !== maker.side) continue
      if (order.orderId === maker.orderId) assert.strictEqual(index, makers.length - 1)
      else assert.ok(better(shadow, maker, order), "an order that still rests was first")
    }
  })
}

/** The commands of a list of numbers; each number is a command, whatever the others are. */
const run = (seeds: ReadonlyArray<number>, precision: Fees.Precision, check: boolean, wholes = false) => {
  const engine = Engine.make({ seed: 7, precision, wholes })
  const specs = new Map<string, MarketSpec>()
  const shadow: Shadow = {
    cash: new Map(),
    positions: new Map(),
    accumulators: new Map(),
    fees: new Map(),
    taken: new Map(),
    reducing: new Set(),
    places: new Map(),
    lastFill: 0,
    settlements: 0
  }
  const known: Array<OrderView> = []
  const refusals = new Map<string, number>()
  let at = START
  let place = 0
  const now = () => Timestamp.micros(at)
  const listMarket = () => {
    const spec = market(specs.size, at)
    specs.set(spec.ticker, spec)
    engine.list(spec, now())
  }
  for (let n = 0; n < 5; n++) listMarket()
  ACCOUNTS.forEach((id, index) => {
    const amount = Dollars.of([3, 60, 200, 900][index] ?? 1)
    engine.deposit(id, amount, now())
    add(shadow.cash, id, amount)
  })

  const price = (random: Random.Random, ticker: string): Dollars.Dollars => {
    const wanted = anyPrice(random)
    const grid = specs.get(ticker)?.grid
    return grid === undefined || random.percent(5) ? wanted : (PriceGrid.snap(grid, wanted, "floor") ?? wanted)
  }
  const anyPrice = (random: Random.Random): Dollars.Dollars => {
    const kind = random.below(100)
    if (kind < 62) return Dollars.cents(random.between(48, 52))
    if (kind < 74) return Dollars.cents(random.pick([1, 2, 98, 99]))
    if (kind < 88) return Dollars.micros(random.between(480, 520) * 1000)
    if (kind < 96) return Dollars.micros(random.between(4900, 5100) * 100)
    return Dollars.micros(random.pick([0, 1_000_000, -10_000, 505_050, 1_010_000]))
  }
  const count = (random: Random.Random): Contracts.Contracts => {
    const kind = random.below(100)
    if (kind < (wholes ? 90 : 65)) return Contracts.of(random.between(1, 8))
    if (kind < 85) return Contracts.centis(random.between(1, 400))
    if (kind < 92) return Contracts.centis(1)
    if (kind < 97) return Contracts.of(random.between(50, 500))
    return Contracts.centis(random.pick([0, -100, 90_000_000_000_000, 9_000_000_000_000_000]))
  }

  for (const seed of seeds) {
    const random = Random.make(seed)
    random.below(2)
    if (random.percent(80)) at += random.below(4_000_000)
    const id = random.pick(ACCOUNTS)
    if (!(engine.flags().exchangeActive && engine.flags().tradingActive) && random.percent(25)) {
      engine.setFlags({ exchangeActive: true, tradingActive: true }, now())
    }
    if (check) engine.advance(now())
    const before = check ? JSON.stringify(engine.snapshot()) : ""
    // few markets take orders at a time, so that orders meet
    const active = engine
      .markets()
      .filter((found) => found.status === "active")
      .slice(0, 2)
    const chosen =
      active.length > 0 && random.percent(92) ? random.pick(active).spec.ticker : `M-${random.below(specs.size)}`
    const ticker = random.percent(2) ? "NONE" : chosen
    const resting = known
      .slice(-60)
      .filter((order) => engine.order(order.accountId, order.orderId)?.status === "resting")
    const from = resting.length > 0 && random.percent(75) ? resting : known.slice(-25)
    const target = from.length > 0 && random.percent(97) ? random.pick(from) : undefined
    const owner = target === undefined || random.percent(4) ? id : target.accountId
    const targetId = target?.orderId ?? "00000000-0000-4000-8000-000000000000"
    const live = target === undefined ? undefined : engine.order(target.accountId, target.orderId)
    const kind = random.below(100)
    let refused: Result.Result<unknown, { readonly _tag: string }> = Result.succeed(undefined)
    let touched: OrderView | undefined
    if (kind < 65) {
      const side: Direction.Direction = random.percent(50) ? "bid" : "ask"
      const reduceOnly = random.percent(15)
      const timeInForce = random.percent(78)
        ? ("good_till_canceled" as const)
        : random.pick(["immediate_or_cancel", "fill_or_kill"] as const)
      const wish = { ticker, side, price: price(random, ticker), count: count(random) }
      const selfTradePrevention = random.pick(["taker_at_cross", "maker"] as const)
      const previewed = check ? engine.preview(id, wish) : undefined
      const cash = shadow.cash.get(id) ?? 0
      const result = engine.create(
        id,
        {
          ...wish,
          timeInForce,
          selfTradePrevention,
          clientOrderId: random.percent(30) ? `c${random.below(40)}` : undefined,
          expiration: random.percent(6) ? Timestamp.micros(at + random.between(-5, 60) * 1_000_000) : undefined,
          postOnly: random.percent(10),
          reduceOnly,
          cancelOnPause: random.percent(15)
        },
        now()
      )
      refused = result
      if (Result.isSuccess(result)) touched = engine.order(id, result.success.orderId)
      const { available, reserved } = engine.balance(id)
      // an order that only takes does what was told of it
      if (
        Result.isSuccess(result) &&
        previewed !== undefined &&
        !reduceOnly &&
        timeInForce !== "fill_or_kill" &&
        selfTradePrevention === "taker_at_cross"
      ) {
        assert.deepStrictEqual(previewed, {
          filled: result.success.filled,
          cash: Dollars.micros(available + reserved - cash)
        })
      }
      if (touched !== undefined) {
        known.push(touched)
        shadow.places.set(touched.orderId, ++place)
        if (reduceOnly) shadow.reducing.add(touched.orderId)
        const filled = newFills(engine, shadow.lastFill).filter((fill) => fill.orderId === touched?.orderId)
        assert.strictEqual(
          filled.reduce((sum, fill) => sum + fill.count, 0),
          touched.filled
        )
        if (timeInForce !== "good_till_canceled") assert.notStrictEqual(touched.status, "resting")
      }
    } else if (kind < 70) {
      refused = engine.cancel(owner, targetId, now())
    } else if (kind < 80) {
      const sameSize = random.percent(30)
      const total =
        sameSize && live !== undefined ? live.initial : Contracts.centis((live?.filled ?? 0) + count(random))
      const wanted = random.percent(35) && live !== undefined ? live.price : price(random, target?.ticker ?? ticker)
      const result = engine.amend(
        owner,
        targetId,
        {
          ticker: random.percent(8) ? "M-1" : (target?.ticker ?? ticker),
          side: random.percent(10) ? "bid" : (target?.side ?? "bid"),
          price: wanted,
          total: random.percent(12) ? Contracts.centis((live?.filled ?? 1) - random.below(3)) : total,
          clientOrderId: random.percent(6) ? "c1" : undefined,
          updatedClientOrderId: random.percent(15) ? `c${random.below(40)}` : undefined
        },
        now()
      )
      refused = result
      if (Result.isSuccess(result) && live !== undefined && target !== undefined) {
        touched = engine.order(owner, targetId)
        const remaining = (touched?.remaining ?? 0) + result.success.filled
        if (touched?.price !== live.price || remaining > live.remaining) shadow.places.set(targetId, ++place)
      }
    } else if (kind < 84) {
      refused = engine.decrease(
        owner,
        targetId,
        random.percent(50) ? { reduceBy: count(random) } : { reduceTo: Contracts.centis(random.between(0, 200)) },
        now()
      )
    } else if (kind < 87) {
      const amount = Dollars.micros(random.between(1, 9_000_000))
      engine.deposit(id, amount, now())
      add(shadow.cash, id, amount)
    } else if (kind < 90) {
      const free = engine.balance(id).available
      const amount = random.percent(20) ? free : Dollars.micros(random.between(0, 9_000_000))
      const result = engine.withdraw(id, amount, now())
      refused = result
      if (Result.isSuccess(result)) add(shadow.cash, id, -amount)
      else assert.ok(amount === 0 || amount > free)
    } else if (random.percent(12)) {
      engine.setFlags({ exchangeActive: random.percent(60), tradingActive: random.percent(50) }, now())
    } else if (kind < 95) {
      engine.setFlags({ exchangeActive: true, tradingActive: true }, now())
    } else if (random.percent(35)) {
      refused = engine.setMarketActive(ticker, false, now())
    } else if (random.percent(50)) {
      for (const spec of specs.values()) engine.setMarketActive(spec.ticker, true, now())
    } else if (random.percent(30)) {
      refused = engine.close(ticker, now())
      if (specs.size < 40) listMarket()
    } else {
      const payout = random.below(4)
      refused = engine.settle(
        ticker,
        payout === 0
          ? { _tag: "yes" }
          : payout === 1
            ? { _tag: "no" }
            : { _tag: "scalar", value: Dollars.micros(random.between(-20_000, 1_020_000)) },
        now()
      )
      if (Result.isSuccess(refused)) {
        // what is settled is gone, and what it paid is told by the rows
        for (const who of ACCOUNTS) {
          for (const row of engine.settlements(who, { ticker }, 10).items) add(shadow.cash, who, row.revenue)
          shadow.positions.delete(`${who} ${ticker}`)
        }
        if (specs.size < 40) listMarket()
      }
    }
    if (Result.isFailure(refused)) {
      refusals.set(refused.failure._tag, (refusals.get(refused.failure._tag) ?? 0) + 1)
      if (check) assert.strictEqual(JSON.stringify(engine.snapshot()), before, refused.failure._tag)
    }
    if (check) {
      const fills = newFills(engine, shadow.lastFill)
      const orders = allOrders(engine)
      for (const fill of fills) book(engine, shadow, fill, precision, specs)
      shadow.lastFill = fills.at(-1)?.sequence ?? shadow.lastFill
      checkLaw(engine, shadow, orders)
      checkOrders(shadow, orders)
      checkBooks(engine, orders)
      checkPriority(shadow, fills, orders)
    }
  }
  return { engine, refusals }
}

const commands = Arbitrary.array(
  Arbitrary.schema(Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 0x7fffffff }))),
  {
    minLength: 1,
    maxLength: 160
  }
)

describe("the law", () => {
  const precisions = {
    direct: Fees.direct,
    intermediated: Fees.intermediated,
    directBeforeJune2026: Fees.directBeforeJune2026
  }
  it.prop(
    "holds after every command: whole contracts for whole cents",
    { commands },
    ({ commands }) => {
      const { engine } = run(commands, Fees.intermediated, true, true)
      for (const order of allOrders(engine)) ensure(order.initial % 100 === 0, "a part of a contract was ordered")
    },
    { arbitrary: { runs: 30, size: 100_000, seed: 14 } }
  )
  for (const [name, precision] of Object.entries(precisions)) {
    it.prop(
      `holds after every command: ${name}`,
      { commands },
      ({ commands }) => {
        run(commands, precision, true)
      },
      { arbitrary: { runs: 30, size: 100_000, seed: 11 } }
    )
  }

  it("holds through long sequences that meet every refusal", () => {
    const seen = new Set<string>()
    let trades = 0
    for (let sequence = 0; sequence < 9; sequence++) {
      const random = Random.make(sequence)
      const seeds = Array.from({ length: 300 }, () => random.below(0x7fffffff))
      try {
        const { engine, refusals } = run(seeds, Fees.direct, true)
        for (const tag of refusals.keys()) seen.add(tag)
        trades += engine.trades({}, 1_000_000).items.length
      } catch (error) {
        throw new Error(`sequence ${sequence} fails`, { cause: error })
      }
    }
    assert.isAbove(trades, 150)
    assert.deepStrictEqual(Array.from(seen).toSorted(), [
      "AmendBelowFilled",
      "ClientOrderIdMismatch",
      "DuplicateClientOrderId",
      "ExchangePaused",
      "FillOrKill",
      "InsufficientBalance",
      "InvalidCount",
      "InvalidExpiration",
      "InvalidPrice",
      "MarketClosed",
      "PostOnlyCross",
      "SideMismatch",
      "TickerMismatch",
      "TradingPaused",
      "UnknownMarket",
      "UnknownOrder"
    ])
  })

  it.prop(
    "the same commands give the same exchange",
    { commands },
    ({ commands }) => {
      const told = () => {
        const { engine } = run(commands, Fees.direct, false)
        return JSON.stringify([
          engine.snapshot(),
          ACCOUNTS.map((id) => [
            engine.orders(id, {}, 1000),
            engine.fills(id, {}, 1000),
            engine.settlements(id, {}, 1000)
          ])
        ])
      }
      assert.strictEqual(told(), told())
    },
    { arbitrary: { runs: 20, size: 100_000, seed: 12 } }
  )

  // one member with little money rests on both sides, another with much of it fills in pieces
  const pieces = (seeds: ReadonlyArray<number>, precision: Fees.Precision, kind: number, wholes = false) => {
    const engine = Engine.make({ seed: 3, precision, wholes })
    const spec = { ...market(kind, START), feeWaiverUntil: undefined, closeTime: Timestamp.micros(START * 2) }
    const at = Timestamp.micros(START)
    // far from the middle a dear fee makes closing cost money
    const middle = [1000, 5000, 9000][seeds.length % 3] ?? 5000
    engine.list(spec, at)
    engine.deposit("poor", Dollars.of(7), at)
    let withdrawn = 0
    engine.deposit("rich", Dollars.of(1_000_000), at)
    for (const seed of seeds) {
      const random = Random.make(seed)
      random.below(2)
      const rests = random.percent(45)
      const free = engine.balance("poor").available
      if (free > 0 && random.percent(15)) {
        assert.ok(Result.isSuccess(engine.withdraw("poor", free, at)))
        withdrawn += free
      }
      if (free === 0 && random.percent(10)) {
        engine.deposit("poor", Dollars.micros(random.between(1, 3_000_000)), at)
      }
      const side = random.percent(50) ? ("bid" as const) : ("ask" as const)
      const own = Dollars.micros(100 * (side === "bid" ? random.between(1, middle) : random.between(middle + 1, 9999)))
      const found = engine.market(spec.ticker)
      const best = side === "bid" ? found?.asks[0]?.price : found?.bids[0]?.price
      const price = rests ? PriceGrid.snap(spec.grid, own, "floor") : best
      if (price === undefined) continue
      const size =
        wholes || random.percent(50) ? Contracts.of(random.between(1, 12)) : Contracts.centis(random.between(1, 90))
      const before = engine.positions("poor")[0]?.position ?? 0
      const result = engine.create(
        rests ? "poor" : "rich",
        {
          ticker: spec.ticker,
          side,
          price,
          count: size,
          timeInForce: rests ? "good_till_canceled" : "immediate_or_cancel",
          selfTradePrevention: "maker",
          reduceOnly: rests && random.percent(25)
        },
        at
      )
      const balance = engine.balance("poor")
      ensure(balance.available >= 0 && balance.reserved >= 0, "below zero")
      const audit = engine.audit()
      ensure(
        audit.cash + audit.reserves + audit.pairs + audit.kept === audit.deposits - withdrawn,
        "money was made or lost"
      )
      // what is closed comes at no cost where a fee is less than the price
      const held = Math.abs(before)
      const closing =
        rests &&
        spec.fees.multiplier <= 1 &&
        precision.fee === 1 &&
        before !== 0 &&
        before > 0 === (side === "ask") &&
        size <= held
      if (closing && Result.isFailure(result)) {
        const resting = engine.orders("poor", { status: "resting" }, 1000).items.some((order) => order.side === side)
        assert.ok(resting, "a position could not be closed")
      }
    }
  }
  it.prop(
    "no fills in whatever pieces take more than is set aside: whole contracts for whole cents",
    {
      commands,
      kind: Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 4 }))
    },
    ({ commands, kind }) => {
      pieces(commands, Fees.intermediated, kind, true)
    },
    { arbitrary: { runs: 400, size: 100_000, seed: 15 } }
  )
  for (const [name, precision] of Object.entries(precisions)) {
    it.prop(
      `no fills in whatever pieces take more than is set aside: ${name}`,
      {
        commands,
        kind: Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 4 }))
      },
      ({ commands, kind }) => {
        pieces(commands, precision, kind)
      },
      { arbitrary: { runs: 400, size: 100_000, seed: 13 } }
    )
  }
})
