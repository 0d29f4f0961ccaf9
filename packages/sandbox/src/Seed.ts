/**
 * A history for one account, made by trading: markets are listed, seeded
 * counterparties and the account place orders, the engine does the rest. What
 * comes out is what the engine did, so it adds up like anything else in it.
 *
 * The account's orders trade at prices from 0.15 to 0.85 and are planned to
 * meet exactly the counterparties that each brings along; what stays on the
 * book lies outside of that, so it is never in the way.
 */
import * as Contracts from "effect-kalshi/Contracts"
import type * as Direction from "effect-kalshi/Direction"
import * as Dollars from "effect-kalshi/Dollars"
import type * as Fees from "effect-kalshi/Fees"
import * as PriceGrid from "effect-kalshi/PriceGrid"
import * as Timestamp from "effect-kalshi/Timestamp"
import * as Result from "effect/Result"
import * as Random from "./engine/Random.ts"
import type { Engine } from "./Engine.ts"
import type { AccountId, MarketSpec, NewOrder, Refusal, Result as MarketResult } from "./Model.ts"

/** What is wanted. */
export interface Options {
  /** The same seed on the same exchange gives the same history. */
  readonly seed: number
  readonly account: AccountId
  readonly fills: number
  readonly orders: number
  readonly settlements: number
  /** Whole contracts at whole cents alone, settlements too. Default false. */
  readonly wholes?: boolean | undefined
  /** 180 days before the end unless told. */
  readonly startsAt?: Timestamp.Timestamp | undefined
  /** Everything that is made lies before this instant. */
  readonly endsAt: Timestamp.Timestamp
}

/** What was made: at least what was wanted; more only where a settlement needs a fill, or a fill an order. */
export interface Seeded {
  readonly fills: number
  readonly orders: number
  readonly settlements: number
  /** Of the account's orders, those that still rest. */
  readonly resting: number
  readonly settled: ReadonlyArray<string>
  readonly open: ReadonlyArray<string>
  readonly counterparties: ReadonlyArray<AccountId>
}

const DAY = 86_400_000_000

const band = (start: number, end: number, step: number): PriceGrid.Band => ({
  start: Dollars.of(start),
  end: Dollars.of(end),
  step: Dollars.of(step)
})

interface Series {
  readonly ticker: string
  readonly title: string
  readonly structure: string
  readonly grid: PriceGrid.PriceGrid
  readonly fees: Fees.Schedule
}

const deci = PriceGrid.make([band(0, 1, 0.001)])
const tapered = PriceGrid.make([band(0, 0.1, 0.001), band(0.1, 0.9, 0.01), band(0.9, 1, 0.001)])

const SERIES: ReadonlyArray<Series> = [
  {
    ticker: "KXSEEDHIGH",
    title: "Highest temperature",
    structure: "linear_cent",
    grid: PriceGrid.cents,
    fees: { type: "quadratic", multiplier: 1 }
  },
  {
    ticker: "KXSEEDCOIN",
    title: "Price of a coin",
    structure: "deci_cent",
    grid: deci,
    fees: { type: "quadratic_with_maker_fees", multiplier: 1 }
  },
  {
    ticker: "KXSEEDINDEX",
    title: "Close of an index",
    structure: "tapered_deci_cent",
    grid: tapered,
    fees: { type: "quadratic", multiplier: 0.5 }
  },
  {
    ticker: "KXSEEDGAME",
    title: "Winner of a game",
    structure: "linear_cent",
    grid: PriceGrid.cents,
    fees: { type: "quadratic_with_maker_fees", multiplier: 1 }
  },
  {
    ticker: "KXSEEDCOMBO",
    title: "Several at once",
    structure: "deci_cent",
    grid: deci,
    fees: { type: "quadratic_with_combo_maker_fees", multiplier: 1 }
  }
]

interface Listed {
  readonly spec: MarketSpec
  readonly settlesAt: number | undefined
  mid: number
  readonly bid: Dollars.Dollars
  readonly ask: Dollars.Dollars
}

type Task =
  | { readonly _tag: "list"; readonly at: number; readonly market: Listed }
  | { readonly _tag: "order"; readonly at: number; readonly market: Listed; readonly fills: number }
  | { readonly _tag: "settle"; readonly at: number; readonly market: Listed }

const must = <A>(result: Result.Result<A, Refusal>): A => {
  if (Result.isSuccess(result)) return result.success
  throw new Error(`the seeded history was refused: ${result.failure._tag}, ${result.failure.details}`)
}

/** How many fills each order has: `filled` of them at least one, all together `fills`. */
const spread = (random: Random.Random, orders: number, filled: number, fills: number): Array<number> => {
  const counts = Array.from({ length: orders }, (_, index): number => (index < filled ? 1 : 0))
  for (let rest = fills - filled; rest > 0; rest--) {
    const index = random.below(filled)
    counts[index] = (counts[index] ?? 0) + 1
  }
  return counts
}

const markets = (
  random: Random.Random,
  options: {
    readonly from: number
    readonly to: number
    readonly settled: number
    readonly open: number
    readonly among: ReadonlyArray<Series>
  },
  offset: number
): Array<Listed> =>
  Array.from({ length: options.settled + options.open }, (_, index) => {
    const { among } = options
    const series = among[index % among.length] ?? random.pick(among)
    const span = options.to - options.from
    const settles = index < options.settled
    const opens = settles
      ? options.from + random.below(Math.floor(span * 0.9))
      : options.from + Math.floor(span * 0.8) + random.below(Math.floor(span * 0.1))
    const closes = settles
      ? opens + Math.floor(Math.min(span * 0.08, 14 * DAY) * (0.25 + random.below(75) / 100))
      : options.to + random.between(7, 60) * DAY
    const number = offset + index
    const event = `${series.ticker}-${Math.floor(number / (2 * among.length))}`
    return {
      settlesAt: settles ? closes + Math.floor(span * 0.001) + random.below(Math.floor(span * 0.005)) : undefined,
      mid: random.between(300_000, 700_000),
      bid: Dollars.cents(random.between(11, 14)),
      ask: Dollars.cents(random.between(86, 89)),
      spec: {
        ticker: `${event}-T${number}`,
        eventTicker: event,
        seriesTicker: series.ticker,
        title: `${series.title} ${number}`,
        priceLevelStructure: series.structure,
        grid: series.grid,
        fees: series.fees,
        feeWaiverUntil: random.percent(5) ? Timestamp.micros(opens + Math.floor((closes - opens) / 4)) : undefined,
        openTime: Timestamp.micros(opens),
        closeTime: Timestamp.micros(closes)
      }
    }
  })

/** Seeds a history. The exchange's clock must not be past its start; it ends before `endsAt`. */
export const seed = (engine: Engine, options: Options): Seeded => {
  const random = Random.make(options.seed)
  const to = options.endsAt - 1
  const from = options.startsAt ?? options.endsAt - 180 * DAY
  const settled = options.settlements
  const orders = Math.max(options.orders, settled, options.fills > 0 ? 1 : 0)
  const fills = Math.max(options.fills, settled)
  const open = Math.min(8, Math.max(1, orders - settled))
  const wholes = options.wholes ?? false
  const among = wholes ? SERIES.filter(({ structure }) => structure === "linear_cent") : SERIES
  const all = markets(random, { from, to, settled, open, among }, engine.markets().length)

  // the first orders go one to each market, so that every market is traded
  const filled = Math.min(fills, orders, Math.max(Math.round(orders * 0.88), settled, 1))
  const tasks: Array<Task> = []
  spread(random, orders, filled, fills).forEach((count, index) => {
    const market = all[index] ?? random.pick(all)
    const opens = market.spec.openTime
    const span = Math.min(market.spec.closeTime, to) - opens
    const at = opens + 1 + random.below(Math.max(1, Math.floor(span * 0.97)))
    tasks.push({ _tag: "order", at, market, fills: count })
  })
  for (const market of all) {
    tasks.push({ _tag: "list", at: market.spec.openTime, market })
    if (market.settlesAt !== undefined) tasks.push({ _tag: "settle", at: market.settlesAt, market })
  }
  tasks.sort((a, b) => a.at - b.at)

  const { account } = options
  const counterparties = Array.from({ length: 12 }, (_, index) => `${account}-counterparty-${index + 1}`)
  let now = from
  let next = to
  let named = 0
  let placed = 0
  let traded = 0
  let staying = 0
  /** An instant for what comes next: now, or a little later, but never past the next task or the market's close. */
  const tick = (): Timestamp.Timestamp => {
    if (!random.percent(10)) now = Math.min(now + random.below(4_000_000), next)
    return Timestamp.micros(now)
  }
  const here = (): Timestamp.Timestamp => Timestamp.micros(now)
  // what an account has at the least, so that its balance is not added up for every order
  const spare = new Map<AccountId, number>()
  /** Funds are never what stops an order: $1 a contract and a fee that is less than $1 are always there. */
  const fund = (id: AccountId, count: Contracts.Contracts): void => {
    const needed = Dollars.times(Dollars.of(2), count)
    let least = spare.get(id) ?? 0
    if (least < needed) least = engine.balance(id).available
    if (least < needed) {
      const amount = Dollars.of(random.between(5, 50) * 1000 + Math.ceil(needed / Dollars.one))
      engine.deposit(id, amount, here())
      least += amount
    }
    spare.set(id, least - needed)
  }
  const place = (
    id: AccountId,
    market: Listed,
    side: Direction.Direction,
    price: Dollars.Dollars,
    count: Contracts.Contracts,
    more: Partial<NewOrder>
  ) => {
    fund(id, count)
    return must(
      engine.create(
        id,
        {
          ticker: market.spec.ticker,
          side,
          price,
          count,
          timeInForce: "good_till_canceled",
          selfTradePrevention: "taker_at_cross",
          ...more
        },
        here()
      )
    )
  }
  const size = (): Contracts.Contracts =>
    !wholes && random.percent(15) ? Contracts.centis(random.between(1, 2500)) : Contracts.of(random.between(1, 30))
  const total = (counts: ReadonlyArray<Contracts.Contracts>): Contracts.Contracts => Contracts.sum(counts)
  const flip = (side: Direction.Direction): Direction.Direction => (side === "bid" ? "ask" : "bid")
  /** A price of the market's grid, at the mid and so many steps better for others. */
  const price = (market: Listed, side: Direction.Direction, steps: number): Dollars.Dollars => {
    const wanted = Dollars.micros(market.mid + (side === "bid" ? steps : -steps) * 10_000)
    return PriceGrid.snap(market.spec.grid, wanted, "floor") ?? Dollars.cents(50)
  }

  /** Counterparties that rest, for the account to take. */
  const bring = (
    market: Listed,
    side: Direction.Direction,
    counts: ReadonlyArray<Contracts.Contracts>
  ): Dollars.Dollars => {
    let limit = price(market, side, 0)
    counts.forEach((count, index) => {
      limit = price(market, side, Math.min(index, 5))
      place(random.pick(counterparties), market, flip(side), limit, count, {})
      tick()
    })
    return limit
  }
  /** Counterparties that take what the account has resting. */
  const hit = (
    market: Listed,
    side: Direction.Direction,
    limit: Dollars.Dollars,
    counts: ReadonlyArray<Contracts.Contracts>
  ): void => {
    for (const count of counts) {
      if (!random.percent(20)) tick()
      place(random.pick(counterparties), market, flip(side), limit, count, { timeInForce: "immediate_or_cancel" })
    }
  }

  const name = (): string => (random.percent(85) ? `seed-${options.seed}-${++named}` : "")

  const unfilled = (market: Listed, side: Direction.Direction): void => {
    const stays = market.settlesAt === undefined && staying < 25
    const limit = Dollars.cents(side === "bid" ? random.between(3, 9) : random.between(91, 97))
    const kind = random.below(3)
    const more = {
      clientOrderId: name(),
      postOnly: random.percent(40),
      expiration: !stays && kind === 1 ? Timestamp.fromSeconds(now / 1_000_000 + 90) : undefined
    }
    if (!stays && kind === 2) {
      place(account, market, side, limit, size(), { ...more, postOnly: false, timeInForce: "immediate_or_cancel" })
      return
    }
    const { orderId } = place(account, market, side, limit, size(), more)
    if (stays) staying++
    else if (kind === 0) {
      must(engine.cancel(account, orderId, tick()))
    }
  }

  const trade = (market: Listed, count: number): void => {
    const side = random.percent(market.settlesAt === undefined ? 75 : 55) ? "bid" : "ask"
    const counts = Array.from({ length: count }, size)
    const extra = random.percent(15) ? size() : Contracts.zero
    const whole = Contracts.add(total(counts), extra)
    const kind = random.below(100)
    const more = { clientOrderId: name(), cancelOnPause: random.percent(5) }
    let orderId: string
    if (kind < 45) {
      const limit = bring(market, side, counts)
      const timeInForce =
        extra === 0 && random.percent(30)
          ? "fill_or_kill"
          : extra > 0 || random.percent(50)
            ? "immediate_or_cancel"
            : "good_till_canceled"
      orderId = place(account, market, side, limit, whole, { ...more, timeInForce }).orderId
    } else {
      // it takes some and rests with the others, or only rests
      const taken = kind < 60 ? random.below(count) : 0
      const limit = taken > 0 ? bring(market, side, counts.slice(0, taken)) : price(market, side, 0)
      orderId = place(account, market, side, limit, whole, {
        ...more,
        postOnly: taken === 0 && random.percent(40)
      }).orderId
      hit(market, side, limit, counts.slice(taken))
    }
    const left = engine.order(account, orderId)
    if (left === undefined) throw new Error("an order is missing")
    if (left.remaining > 0) {
      tick()
      if (random.percent(50)) must(engine.decrease(account, orderId, { reduceTo: Contracts.zero }, here()))
      else must(engine.cancel(account, orderId, here()))
    }
  }

  const result = (market: Listed): MarketResult =>
    random.percent(7)
      ? {
          _tag: "scalar",
          value: Dollars.micros(wholes ? random.between(0, 100) * 10_000 : random.between(0, 10_000) * 100)
        }
      : { _tag: random.below(1_000_000) < market.mid ? "yes" : "no" }

  for (const id of [account, ...counterparties]) engine.openAccount(id, here())
  tasks.forEach((task, index) => {
    now = Math.max(now, task.at)
    const { market } = task
    next = Math.min(tasks[index + 1]?.at ?? to, task._tag === "order" ? market.spec.closeTime - 1 : to)
    if (task._tag === "settle") {
      must(engine.settle(market.spec.ticker, result(market), here()))
    } else if (task._tag === "list") {
      engine.list(market.spec, here())
      place(random.pick(counterparties), market, "bid", market.bid, Contracts.of(random.between(10, 300)), {})
      place(random.pick(counterparties), market, "ask", market.ask, Contracts.of(random.between(10, 300)), {})
    } else {
      market.mid = Math.min(790_000, Math.max(210_000, market.mid + random.between(-3, 3) * 5_000))
      placed++
      traded += task.fills
      if (task.fills === 0) unfilled(market, random.percent(50) ? "bid" : "ask")
      else trade(market, task.fills)
    }
  })
  engine.advance(Timestamp.micros(to))
  return {
    fills: traded,
    orders: placed,
    settlements: settled,
    resting: engine.orders(account, { status: "resting" }, placed).items.length,
    settled: all.slice(0, settled).map((market) => market.spec.ticker),
    open: all.slice(settled).map((market) => market.spec.ticker),
    counterparties
  }
}
