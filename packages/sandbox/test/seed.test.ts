import { assert, describe, it } from "@effect/vitest"
import * as Dollars from "effect-kalshi/Dollars"
import * as Fees from "effect-kalshi/Fees"
import * as Timestamp from "effect-kalshi/Timestamp"
import * as Engine from "../src/Engine.ts"
import * as Seed from "../src/Seed.ts"

const endsAt = Timestamp.fromMillis(1_790_000_000_000)

const everything = <A>(page: (cursor?: number) => Engine.Part<A>): Array<A> => {
  const items: Array<A> = []
  let cursor: number | undefined
  do {
    const part: Engine.Part<A> = page(cursor)
    items.push(...part.items)
    cursor = part.next
  } while (cursor !== undefined)
  return items
}

const seeded = (options: Partial<Seed.Options> = {}, exchange: Partial<Engine.Options> = {}) => {
  const engine = Engine.make({ seed: 5, ...exchange })
  const made = Seed.seed(engine, {
    seed: 5,
    account: "me",
    fills: 1500,
    orders: 500,
    settlements: 40,
    endsAt,
    ...options
  })
  return {
    engine,
    made,
    fills: everything((cursor) => engine.fills("me", {}, 500, cursor)),
    orders: everything((cursor) => engine.orders("me", {}, 500, cursor)),
    settlements: everything((cursor) => engine.settlements("me", {}, 500, cursor))
  }
}

describe("a seeded history", () => {
  it("has exactly what was asked for, and keeps the law", () => {
    const { engine, fills, made, orders, settlements } = seeded()
    assert.deepStrictEqual([fills.length, orders.length, settlements.length], [1500, 500, 40])
    assert.deepStrictEqual([made.fills, made.orders, made.settlements], [1500, 500, 40])
    const audit = engine.audit()
    assert.strictEqual(audit.cash + audit.reserves + audit.pairs + audit.kept, audit.deposits - audit.withdrawals)
    for (const id of engine.accounts()) assert.isAtLeast(engine.balance(id).available, 0)
  })

  it("is as varied as a real one", () => {
    const { engine, fills, made, orders, settlements } = seeded()
    const share = (count: number, of: number) => Math.round((100 * count) / of)
    const fractional = share(fills.filter((fill) => fill.count % 100 !== 0).length, fills.length)
    assert.ok(fractional >= 8 && fractional <= 25, `${fractional} % fractional`)
    const takers = share(fills.filter((fill) => fill.isTaker).length, fills.length)
    assert.ok(takers >= 30 && takers <= 70, `${takers} % taker`)
    const bids = share(fills.filter((fill) => fill.side === "bid").length, fills.length)
    assert.ok(bids >= 30 && bids <= 80, `${bids} % bids`)
    for (const status of ["resting", "executed", "canceled"] as const) {
      assert.isAbove(orders.filter((order) => order.status === status).length, 3, status)
    }
    assert.strictEqual(orders.filter((order) => order.status === "resting").length, made.resting)
    assert.isAbove(orders.filter((order) => order.status === "canceled" && order.filled > 0).length, 3)
    assert.isAbove(orders.filter((order) => order.takerCost > 0 && order.makerCost > 0).length, 3)
    assert.isAbove(engine.positions("me").filter((held) => held.position !== 0).length, 2)
    assert.isAbove(settlements.filter((row) => row.result._tag === "scalar").length, 0)
    assert.isAbove(settlements.filter((row) => row.result._tag === "yes").length, 3)
    assert.isAbove(settlements.filter((row) => row.result._tag === "no").length, 3)
    assert.isAbove(settlements.filter((row) => row.yesCount > 0 && row.noCount > 0).length, 3)
    assert.isAbove(fills.length - new Set(fills.map((fill) => fill.at)).size, 50)
    assert.isAbove(fills.length - new Set(fills.map((fill) => fill.orderId)).size, 500)
    const schedules = new Set(engine.markets().map(({ spec }) => `${spec.fees.type} ${spec.fees.multiplier}`))
    assert.isAtLeast(schedules.size, 4)
    assert.isAtLeast(new Set(engine.markets().map(({ spec }) => spec.priceLevelStructure)).size, 3)
    assert.ok(fills.some((fill) => fill.fee === 0) && fills.some((fill) => fill.fee > 0))
    assert.ok(fills.some((fill) => fill.price % Dollars.cents(1) !== 0))
  })

  it("of whole contracts at whole cents has nothing finer", () => {
    const { engine, fills, made, orders, settlements } = seeded(
      { wholes: true },
      { wholes: true, precision: Fees.intermediated }
    )
    assert.deepStrictEqual([made.fills, made.orders, made.settlements], [1500, 500, 40])
    const cents = (...amounts: ReadonlyArray<Dollars.Dollars>) =>
      assert.ok(amounts.every((amount) => amount % Dollars.cents(1) === 0))
    for (const fill of fills) {
      assert.strictEqual(fill.count % 100, 0)
      cents(fill.price, fill.fee)
    }
    for (const order of orders) {
      assert.strictEqual(order.initial % 100, 0)
      cents(order.price, order.takerCost, order.makerCost, order.takerFees, order.makerFees)
    }
    for (const row of settlements) {
      cents(row.revenue, row.yesCost, row.noCost, row.fees)
      if (row.result._tag === "scalar") cents(row.result.value)
    }
    for (const held of engine.positions("me")) cents(held.exposure, held.realizedPnl, held.feesPaid, held.totalTraded)
    cents(engine.balance("me").available, engine.balance("me").reserved)
    assert.isAbove(settlements.filter((row) => row.result._tag === "scalar").length, 0)
    assert.ok(fills.some((fill) => !fill.isTaker && fill.fee > 0))
    assert.ok(engine.markets().every(({ spec }) => spec.priceLevelStructure === "linear_cent"))
  })

  it("ends before its end and begins at its start", () => {
    const { engine, fills, orders, settlements } = seeded({ startsAt: Timestamp.micros(endsAt - 3_600_000_000) })
    for (const row of [...fills, ...settlements]) assert.ok(row.at < endsAt && row.at >= endsAt - 3_600_000_000)
    for (const order of orders) assert.isBelow(order.updatedAt, endsAt)
    assert.ok(engine.markets().every((found) => found.updatedAt < endsAt))
  })

  it("is the same for the same seed and another for another", () => {
    const one = seeded({ fills: 300, orders: 100, settlements: 10 })
    assert.deepStrictEqual(seeded({ fills: 300, orders: 100, settlements: 10 }).fills, one.fills)
    const other = seeded({ fills: 300, orders: 100, settlements: 10, seed: 6 })
    assert.notDeepEqual(
      other.fills.map((fill) => fill.price),
      one.fills.map((fill) => fill.price)
    )
  })

  it("makes small histories, and a second one on the same exchange", () => {
    const sizes = [
      [0, 0, 0],
      [1, 0, 0],
      [0, 3, 0],
      [0, 0, 2],
      [1, 1, 1],
      [7, 2, 5],
      [2, 9, 1],
      [50, 3, 0]
    ] as const
    for (const [fills, orders, settlements] of sizes) {
      const made = seeded({ fills, orders, settlements })
      const needed = Math.max(orders, settlements, fills > 0 ? 1 : 0)
      assert.deepStrictEqual(
        [made.fills.length, made.orders.length, made.settlements.length],
        [Math.max(fills, settlements), needed, settlements]
      )
    }
    const { engine } = seeded({ fills: 20, orders: 10, settlements: 3 })
    Seed.seed(engine, {
      seed: 9,
      account: "you",
      fills: 20,
      orders: 10,
      settlements: 3,
      startsAt: endsAt,
      endsAt: Timestamp.micros(endsAt + 86_400_000_000)
    })
    assert.strictEqual(engine.fills("you", {}, 100).items.length, 20)
  })

  it("makes and lists a large history", () => {
    const { engine, fills, orders, settlements } = seeded({ fills: 25_000, orders: 8_000, settlements: 600 })
    assert.deepStrictEqual([fills.length, orders.length, settlements.length], [25_000, 8_000, 600])
    assert.strictEqual(new Set(fills.map((fill) => fill.tradeId)).size, 25_000)
    // what the orders tell, the fills add up to
    const filled = new Map<string, number>()
    for (const fill of fills) filled.set(fill.orderId, (filled.get(fill.orderId) ?? 0) + fill.count)
    for (const order of orders) assert.ok((filled.get(order.orderId) ?? 0) === order.filled)
    const audit = engine.audit()
    assert.strictEqual(audit.cash + audit.reserves + audit.pairs + audit.kept, audit.deposits - audit.withdrawals)
  })
})
