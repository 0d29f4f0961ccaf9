/** What a guard counts beside reads that lag: never less than the truth, and in the end the truth. */
import { assert, describe, it } from "@effect/vitest"
import * as Arbitrary from "effect/Arbitrary"
import * as Schema from "effect/Schema"
import * as Contracts from "../src/Contracts.ts"
import type * as Direction from "../src/Direction.ts"
import * as Dollars from "../src/Dollars.ts"
import * as Ledger from "../src/guard/ledger.ts"
import type { Exposure } from "../src/guard/Service.ts"

const A = "KXT-26-A"
const B = "KXT-26-B"
const of = Contracts.of

let keys = 0
const exposure = (side: Direction.Direction, count: number, more: Partial<Exposure> = {}): Exposure => ({
  key: `key-${++keys}`,
  ticker: A,
  side,
  price: Dollars.cents(50),
  count: of(count),
  ...more
})

const row = (orderId: string, side: Direction.Recorded, count: number, more: { readonly ticker?: string } = {}) => ({
  orderId,
  ticker: A,
  side,
  price: Dollars.cents(50),
  remaining: of(count),
  filled: Contracts.zero,
  ...more
})

const nothing: Ledger.State = { positions: [], resting: [] }
const holds = (position: number): Ledger.State => ({ ...nothing, positions: [{ ticker: A, position: of(position) }] })

/** The worst of market A, in contracts. */
const worst = (ledger: Ledger.Ledger): number =>
  Contracts.toNumber(Contracts.centis(ledger.measure([exposure("bid", 1)]).markets.get(A) ?? 0))

/** The open notional, in dollars. */
const notional = (ledger: Ledger.Ledger): number => Number(ledger.measure([]).notional) / 1e8

/** A ledger that has read an empty account at 0. */
const fresh = (): Ledger.Ledger => {
  const ledger = Ledger.make({ isMerged: true })
  ledger.merge(nothing, { from: 0, until: 0 })
  return ledger
}

const rest = (ledger: Ledger.Ledger, id: string, order: Exposure, at: number, filled = 0): void => {
  ledger.count(order, at)
  ledger.settle(
    { key: order.key, orderId: id, remaining: Contracts.subtract(order.count, of(filled)), filled: of(filled) },
    at
  )
}

describe("a read that lags", () => {
  it("neither forgets a new order nor counts it twice", () => {
    const ledger = fresh()
    rest(ledger, "1", exposure("bid", 4), 1000)
    ledger.merge(nothing, { from: 900, until: 1100 })
    assert.deepStrictEqual([worst(ledger), notional(ledger)], [4, 2])
    ledger.merge({ ...nothing, resting: [row("1", "bid", 4)] }, { from: 900, until: 1200 })
    ledger.merge({ ...nothing, resting: [row("1", "bid", 4)] }, { from: 1100, until: 1300 })
    assert.deepStrictEqual([worst(ledger), notional(ledger)], [4, 2])
  })

  it("knows an order without an answer by its client order id", () => {
    const ledger = fresh()
    const lost = exposure("bid", 4)
    ledger.count(lost, 1000)
    ledger.merge(
      { ...nothing, resting: [{ ...row("1", "bid", 3), clientOrderId: lost.key }] },
      { from: 2000, until: 2000 }
    )
    assert.strictEqual(worst(ledger), 4)
    // nor is it counted twice where the list does not tell that id
    ledger.merge({ ...nothing, resting: [row("1", "bid", 3)] }, { from: 3000, until: 3000 })
    assert.strictEqual(worst(ledger), 7)
    ledger.settle({ key: lost.key, orderId: "1", remaining: of(3), filled: of(1) }, 4000)
    assert.strictEqual(worst(ledger), 4)
  })

  it("does not bring back an order that was cancelled since", () => {
    const ledger = fresh()
    rest(ledger, "1", exposure("bid", 4), 1000)
    ledger.seen("1", { remaining: Contracts.zero, reducedBy: of(4) }, 2000)
    const listed = { ...nothing, resting: [row("1", "bid", 4)] }
    ledger.merge(listed, { from: 1900, until: 2100 })
    assert.deepStrictEqual([worst(ledger), notional(ledger)], [0, 0])
    // a list that is newer than the cancel knows better
    ledger.merge(listed, { from: 2200, until: 2300 })
    assert.deepStrictEqual([worst(ledger), notional(ledger)], [4, 2])
  })

  it("keeps a fill beside a position that may not have it, on one side", () => {
    const ledger = fresh()
    rest(ledger, "1", exposure("bid", 4), 1000, 4)
    ledger.merge(nothing, { from: 900, until: 1100 })
    assert.strictEqual(worst(ledger), 4)
    // what would close it may close what the position does not have
    rest(ledger, "2", exposure("ask", 10), 1200)
    assert.strictEqual(worst(ledger), 10)
    ledger.merge({ ...holds(4), resting: [row("2", "ask", 10)] }, { from: 1300, until: 1300 })
    assert.strictEqual(worst(ledger), 6)
  })

  it("counts what has left the book until it is in the position", () => {
    const ledger = fresh()
    rest(ledger, "1", exposure("bid", 4), 1000)
    // filled, and the position is read from a place that does not know yet
    ledger.merge(nothing, { from: 2000, until: 2000 })
    assert.deepStrictEqual([worst(ledger), notional(ledger)], [4, 0])
    rest(ledger, "2", exposure("bid", 3), 2500)
    // this has the first fill, and lacks the second
    ledger.merge(holds(4), { from: 3000, until: 3000 })
    assert.strictEqual(worst(ledger), 7)
    ledger.merge(holds(7), { from: 4000, until: 4000 })
    assert.strictEqual(worst(ledger), 7)
    ledger.merge(holds(7), { from: 5000, until: 5000 })
    assert.strictEqual(worst(ledger), 7)
  })

  it("is not taken where the one before was newer: its positions may lack what has left the book", () => {
    const ledger = fresh()
    ledger.merge({ ...nothing, resting: [row("1", "bid", 4)] }, { from: 1000, until: 1000 })
    ledger.merge({ ...holds(3), resting: [row("1", "bid", 1)] }, { from: 3000, until: 3000 })
    ledger.merge({ ...nothing, resting: [row("1", "bid", 1)] }, { from: 2000, until: 4000 })
    assert.strictEqual(worst(ledger), 4)
    ledger.merge({ ...holds(4) }, { from: 5000, until: 5000 })
    assert.strictEqual(worst(ledger), 4)
  })

  it("says nothing against a look that is newer, and an old look nothing against a write", () => {
    const ledger = fresh()
    rest(ledger, "1", exposure("bid", 4), 1000)
    ledger.seen("1", { remaining: of(1), filled: Contracts.zero }, 1500, 900)
    assert.strictEqual(notional(ledger), 2)
    ledger.seen("1", { remaining: of(1), filled: of(3) }, 1500, 1400)
    assert.deepStrictEqual([worst(ledger), notional(ledger)], [4, 0.5])
  })

  it("counts an order of no known side on both", () => {
    const ledger = fresh()
    ledger.merge({ ...holds(5), resting: [row("1", "unknown", 8)] }, { from: 1, until: 1 })
    assert.deepStrictEqual([worst(ledger), notional(ledger)], [13, 4])
    ledger.merge({ ...holds(-5), resting: [row("1", "unknown", 8)] }, { from: 2, until: 2 })
    assert.strictEqual(worst(ledger), 13)
  })
})

describe("an order that only closes", () => {
  it("closes no more than there is, whatever rests beside it", () => {
    const ledger = Ledger.make({ isMerged: true })
    ledger.merge(holds(6), { from: 0, until: 0 })
    ledger.count(exposure("ask", 9, { reduceOnly: true }), 1)
    assert.strictEqual(worst(ledger), 6)
    ledger.count(exposure("ask", 7), 2)
    // closed by the first, opened by the second
    assert.strictEqual(worst(ledger), 7)
  })

  it("counts what it filled", () => {
    const ledger = Ledger.make({ isMerged: true })
    ledger.merge(holds(6), { from: 0, until: 0 })
    const closing = exposure("ask", 6, { reduceOnly: true })
    rest(ledger, "1", closing, 1, 4)
    assert.strictEqual(worst(ledger), 2)
  })
})

describe("a ledger that is never merged", () => {
  it("keeps the orders that live, and nothing else", () => {
    const ledger = Ledger.make({ isMerged: false })
    rest(ledger, "1", exposure("bid", 4), 1, 1)
    assert.isFalse(ledger.change(exposure("bid", 3, { key: "1", replaces: "1" })).raises)
    assert.isTrue(ledger.change(exposure("bid", 3.01, { key: "1", replaces: "1" })).raises)
    ledger.seen("1", { remaining: Contracts.zero }, 2)
    assert.strictEqual(worst(ledger), 0)
    assert.isTrue(ledger.change(exposure("bid", 1, { key: "1", replaces: "1" })).raises)
  })
})

// --- the law ---------------------------------------------------------------------

const int = (minimum: number, maximum: number) => Schema.Int.check(Schema.isBetween({ minimum, maximum }))

const Step = Schema.Struct({
  kind: Schema.Literals([
    "create",
    "create",
    "amend",
    "land",
    "land",
    "answer",
    "answer",
    "fill",
    "fill",
    "cancel",
    "expire",
    "read"
  ]),
  wait: int(0, 3000),
  which: int(0, 20),
  side: Schema.Literals(["bid", "ask"]),
  market: int(0, 1),
  count: int(1, 1000),
  price: int(1, 99),
  part: int(0, 100),
  lag: int(0, 4000),
  lag2: int(0, 4000)
})

interface Own {
  readonly id: string
  readonly key: string
  readonly ticker: string
  readonly side: Direction.Direction
  price: number
  open: number
  filled: number
}

/** A write on its way: it lands when it is applied, and its answer tells of that moment. */
interface Sent {
  readonly order: Own
  readonly exposure: Exposure
  isLanded: boolean
  isAnswered: boolean
  answer: { readonly orderId?: string; readonly remaining: number; readonly filled: number }
}

interface Moment {
  readonly at: number
  readonly positions: ReadonlyMap<string, number>
  readonly resting: ReadonlyArray<Own>
}

const tickers = [A, B]

/** An exchange with a past, and a ledger that hears of it late and in part. */
const run = (life: ReadonlyArray<typeof Step.Type>): void => {
  const ledger = Ledger.make({ isMerged: true })
  const positions = new Map<string, number>([[A, 300]])
  const orders: Array<Own> = [
    { id: "before", key: "theirs", ticker: B, side: "ask", price: 400_000, open: 700, filled: 50 }
  ]
  const sent: Array<Sent> = []
  const untold: Array<() => void> = []
  const past: Array<Moment> = []
  let now = 10_000

  const happened = (): void => {
    past.push({
      at: now,
      positions: new Map(positions),
      resting: orders.filter(({ open }) => open > 0).map((order) => ({ ...order }))
    })
  }
  const asOf = (at: number): Moment | undefined => past.findLast((moment) => moment.at <= at)

  const read = (restingAt: number, positionsAt: number): void => {
    ledger.merge(
      {
        resting: (asOf(restingAt)?.resting ?? []).map(({ filled, id, key, open, price, side, ticker }) => ({
          orderId: id,
          clientOrderId: key,
          ticker,
          side,
          price: Dollars.micros(price),
          remaining: Contracts.centis(open),
          filled: Contracts.centis(filled)
        })),
        positions: [...(asOf(positionsAt)?.positions ?? [])].map(([ticker, position]) => ({
          ticker,
          position: Contracts.centis(position)
        }))
      },
      { from: Math.min(restingAt, positionsAt), until: now }
    )
  }

  const worstOf = (ticker: string): number => {
    const position = positions.get(ticker) ?? 0
    const open = (side: Direction.Direction) =>
      orders
        .filter((order) => order.ticker === ticker && order.side === side)
        .reduce((sum, order) => {
          const coming = sent.filter((write) => write.order === order && !write.isLanded)
          return sum + coming.reduce((most, write) => Math.max(most, wanted(write)), order.open)
        }, 0)
    return Math.max(position + open("bid"), open("ask") - position, 0)
  }

  const notionalOf = (): number =>
    orders.reduce((sum, { open, price, side }) => sum + open * (side === "bid" ? price : 1_000_000 - price), 0)

  /** What a write makes of its order when it lands now. */
  const wanted = ({ exposure, order }: Sent): number => {
    if (exposure.replaces === undefined) return exposure.count
    // an order that has ended cannot be amended any more
    return order.open === 0 ? 0 : (exposure.total ?? 0) - order.filled
  }

  const fill = (order: Own, count: number): void => {
    order.open -= count
    order.filled += count
    positions.set(order.ticker, (positions.get(order.ticker) ?? 0) + (order.side === "bid" ? count : -count))
  }

  const land = (write: Sent, part: number): void => {
    const { exposure, order } = write
    write.isLanded = true
    const count = wanted(write)
    // it was refused
    if (count <= 0) return
    order.open = count
    order.price = exposure.price
    if (part > 70) fill(order, Math.ceil((order.open * part) / 200))
    write.answer = { orderId: order.id, remaining: order.open, filled: order.filled }
  }

  const answer = (write: Sent): void => {
    write.isAnswered = true
    ledger.settle(
      {
        key: write.exposure.key,
        orderId: write.answer.orderId,
        remaining: Contracts.centis(write.answer.remaining),
        filled: Contracts.centis(write.answer.filled)
      },
      now
    )
  }

  happened()
  read(now, now)

  for (const step of life) {
    now += step.wait
    const ticker = tickers[step.market] ?? A
    const live = orders.filter((order) => order.open > 0)
    const chosen = live[step.which % Math.max(1, live.length)]
    const isBusy = (order: Own): boolean => sent.some((write) => write.order === order && !write.isAnswered)
    switch (step.kind) {
      case "create": {
        const count = Contracts.centis(step.count)
        const wish = exposure(step.side, 1, { ticker, count, price: Dollars.cents(step.price) })
        const order: Own = {
          id: `id-${wish.key}`,
          key: wish.key,
          ticker,
          side: step.side,
          price: wish.price,
          open: 0,
          filled: 0
        }
        orders.push(order)
        ledger.count(wish, now)
        sent.push({
          order,
          exposure: wish,
          isLanded: false,
          isAnswered: false,
          answer: { remaining: 0, filled: 0 }
        })
        break
      }
      case "amend": {
        if (chosen === undefined || isBusy(chosen)) break
        const wish = exposure(chosen.side, 1, {
          key: chosen.id,
          replaces: chosen.id,
          ticker: chosen.ticker,
          count: Contracts.centis(step.count),
          total: Contracts.centis(chosen.filled + step.count),
          price: Dollars.cents(step.price)
        })
        ledger.count(wish, now)
        sent.push({
          order: chosen,
          exposure: wish,
          isLanded: false,
          isAnswered: false,
          answer: { remaining: 0, filled: 0 }
        })
        break
      }
      case "land": {
        const waiting = sent.filter((write) => !write.isLanded)
        const write = waiting[step.which % Math.max(1, waiting.length)]
        if (write !== undefined) land(write, step.part)
        break
      }
      case "answer": {
        const waiting = sent.filter((write) => write.isLanded && !write.isAnswered)
        const write = waiting[step.which % Math.max(1, waiting.length)]
        if (write !== undefined) answer(write)
        else untold.shift()?.()
        break
      }
      case "fill":
        if (chosen !== undefined) fill(chosen, Math.ceil((chosen.open * step.part) / 100))
        break
      case "cancel": {
        if (chosen === undefined || isBusy(chosen)) break
        const reducedBy = Contracts.centis(chosen.open)
        chosen.open = 0
        untold.push(() => ledger.seen(chosen.id, { remaining: Contracts.zero, reducedBy }, now))
        break
      }
      case "expire":
        if (chosen !== undefined && !isBusy(chosen)) chosen.open = 0
        break
      case "read":
        read(Math.max(10_000, now - step.lag), Math.max(10_000, now - step.lag2))
        break
    }
    happened()
    const measured = ledger.measure(tickers.map((ticker) => exposure("bid", 1, { ticker })))
    for (const ticker of tickers) assert.isAtLeast(measured.markets.get(ticker) ?? 0, worstOf(ticker), ticker)
    assert.isAtLeast(Number(measured.notional), notionalOf())
  }

  // and when all is told and read, it is the truth
  for (const write of sent) {
    if (!write.isLanded) land(write, 0)
    if (!write.isAnswered) answer(write)
  }
  for (const tell of untold) tell()
  for (let look = 0; look < 2; look++) {
    now += 10_000
    happened()
    read(now, now)
  }
  const measured = ledger.measure(tickers.map((ticker) => exposure("bid", 1, { ticker })))
  for (const ticker of tickers) assert.strictEqual(measured.markets.get(ticker), worstOf(ticker), ticker)
  assert.strictEqual(Number(measured.notional), notionalOf())
}

describe("any life of orders beside reads that lag, each on its own", () => {
  const lives = Arbitrary.schema(Schema.Array(Step).check(Schema.isMaxLength(60)))
  it.prop("is never counted lower than it may come to, and is the truth in the end", [lives], ([life]) => run(life), {
    arbitrary: { runs: 300, size: 10_000 }
  })
})
