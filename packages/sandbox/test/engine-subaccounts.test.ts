import { assert, describe, it } from "@effect/vitest"
import * as Contracts from "effect-kalshi/Contracts"
import type * as Direction from "effect-kalshi/Direction"
import * as Dollars from "effect-kalshi/Dollars"
import * as PriceGrid from "effect-kalshi/PriceGrid"
import * as Timestamp from "effect-kalshi/Timestamp"
import * as Arbitrary from "effect/Arbitrary"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as Random from "../src/engine/Random.ts"
import * as Engine from "../src/Engine.ts"
import type { NewOrder, Part, Refusal, Transfer } from "../src/Model.ts"

const T0 = 1_790_000_000_000_000
const $ = Dollars.of
const c = Contracts.of

const ok = <A>(result: Result.Result<A, Refusal>): A => {
  if (Result.isFailure(result)) throw new Error(`${result.failure._tag}: ${result.failure.details}`)
  return result.success
}

/** An exchange with two markets, and members of $100 of whom ann has subaccounts 1 and 2. */
const exchange = (multiplier = 0) => {
  const engine = Engine.make({ seed: 1 })
  let now = T0
  const tick = () => Timestamp.micros((now += 1000))
  for (const ticker of ["M", "N"]) {
    engine.list(
      {
        ticker,
        eventTicker: "E",
        seriesTicker: "S",
        title: "",
        priceLevelStructure: "linear_cent",
        grid: PriceGrid.cents,
        fees: { type: "quadratic_with_maker_fees", multiplier },
        openTime: Timestamp.micros(T0),
        closeTime: Timestamp.micros(T0 * 2)
      },
      tick()
    )
  }
  for (const id of ["ann", "bob"]) engine.deposit(id, $(100), tick())
  assert.deepStrictEqual(
    [1, 2].map(() => ok(engine.openSubaccount("ann", tick()))),
    [1, 2]
  )
  const tryOrder = (id: string, side: Direction.Direction, price: number, count: number, rest: Partial<NewOrder>) =>
    engine.create(
      id,
      {
        ticker: "M",
        side,
        price: $(price),
        count: c(count),
        timeInForce: "good_till_canceled",
        selfTradePrevention: "taker_at_cross",
        ...rest
      },
      tick()
    )
  const order = (id: string, side: Direction.Direction, price: number, count: number, rest: Partial<NewOrder> = {}) =>
    ok(tryOrder(id, side, price, count, rest))
  let transfers = 0
  const transfer = (from: number, to: number, amount: Dollars.Dollars, more: Partial<Transfer> = {}) =>
    engine.transfer("ann", { clientTransferId: `t${++transfers}`, from, to, amount, ...more }, tick())
  const refused = (run: () => Result.Result<unknown, Refusal>, tag: Refusal["_tag"]) => {
    engine.advance(Timestamp.micros(now + 1000))
    const before = engine.snapshot()
    const result = run()
    assert.ok(Result.isFailure(result), `${tag} was expected`)
    assert.strictEqual(result.failure._tag, tag)
    assert.deepStrictEqual(engine.snapshot(), before)
  }
  const free = (subaccount?: number) => engine.balance("ann", subaccount).available
  return { engine, tick, tryOrder, order, transfer, refused, free }
}

/** The law: money is neither made nor lost, and positions of a market are none together. */
const checkLaw = (engine: Engine.Engine): void => {
  const audit = engine.audit()
  assert.strictEqual(audit.deposits - audit.withdrawals, audit.cash + audit.reserves + audit.pairs + audit.kept)
  for (const sum of audit.positions.values()) assert.strictEqual(sum, 0)
}

describe("subaccounts", () => {
  it("are numbered in sequence, 63 at most", () => {
    const { engine, refused, tick } = exchange()
    for (let number = 3; number <= 63; number++) assert.strictEqual(ok(engine.openSubaccount("ann", tick())), number)
    refused(() => engine.openSubaccount("ann", tick()), "TooManySubaccounts")
    assert.strictEqual(engine.subaccounts("ann"), 64)
    assert.strictEqual(engine.subaccounts("bob"), 1)
    assert.strictEqual(engine.subaccounts("nobody"), 0)
  })

  it("move free money, once under an id", () => {
    const { engine, free, order, refused, transfer } = exchange()
    ok(transfer(0, 1, $(40), { clientTransferId: "once" }))
    ok(transfer(1, 2, $(15.01)))
    assert.deepStrictEqual([free(), free(1), free(2)], [$(60), $(24.99), $(15.01)])
    assert.deepStrictEqual([engine.balance("ann", 1).paidIn, engine.balance("ann", 2).paidIn], [$(24.99), $(15.01)])
    refused(() => transfer(1, 0, $(25)), "InsufficientBalance")
    // money that rests in an order is not free
    order("ann", "bid", 0.5, 40, { subaccount: 1 })
    refused(() => transfer(1, 0, $(5)), "InsufficientBalance")
    ok(transfer(1, 0, $(4.99)))
    refused(() => transfer(0, 1, $(40), { clientTransferId: "once" }), "DuplicateClientTransferId")
    // also where the money is not there any more, and whatever it says otherwise
    refused(() => transfer(2, 0, $(9999), { clientTransferId: "once" }), "DuplicateClientTransferId")
    refused(() => transfer(0, 3, $(1)), "UnknownSubaccount")
    refused(() => transfer(-1, 0, $(1)), "UnknownSubaccount")
    refused(() => transfer(0, 0, $(1)), "InvalidTransfer")
    refused(() => transfer(0, 1, Dollars.zero), "InvalidTransfer")
    refused(() => transfer(0, 1, $(-1)), "InvalidTransfer")
    refused(() => transfer(0, 1, $(0.005)), "InvalidTransfer")
    checkLaw(engine)
    const part = engine.transfers("ann", 2)
    assert.deepStrictEqual(
      [...part.items, ...engine.transfers("ann", 2, part.next).items].map(({ amount, from, to }) => [from, to, amount]),
      [
        [1, 0, $(4.99)],
        [1, 2, $(15.01)],
        [0, 1, $(40)]
      ]
    )
  })

  it("do not use an id up with a transfer that is refused", () => {
    const { transfer } = exchange()
    const clientTransferId = "again"
    assert.isTrue(Result.isFailure(transfer(1, 0, $(1), { clientTransferId })))
    ok(transfer(0, 1, $(1), { clientTransferId }))
  })

  it("take neither money nor orders while the exchange is paused", () => {
    const { engine, refused, tick, transfer } = exchange()
    engine.setFlags({ exchangeActive: false, tradingActive: false }, tick())
    refused(() => transfer(0, 1, $(1)), "ExchangePaused")
    refused(() => engine.openSubaccount("ann", tick()), "ExchangePaused")
  })

  it("pay for their own orders, and have positions of their own", () => {
    const { engine, free, order, refused, tick, transfer, tryOrder } = exchange()
    ok(transfer(0, 1, $(10)))
    refused(() => tryOrder("ann", "bid", 0.5, 21, { subaccount: 1 }), "InsufficientBalance")
    refused(() => tryOrder("ann", "bid", 0.5, 1, { subaccount: 3 }), "UnknownSubaccount")
    order("bob", "ask", 0.5, 30)
    order("ann", "bid", 0.5, 20, { subaccount: 1 })
    order("ann", "bid", 0.5, 5)
    assert.deepStrictEqual([free(), free(1)], [$(87.5), $(0)])
    assert.deepStrictEqual(
      [0, 1, 2].map((subaccount) => engine.positions("ann", "unsettled", subaccount).map(({ position }) => position)),
      [[c(5)], [c(20)], []]
    )
    assert.deepStrictEqual(engine.positions("ann"), engine.positions("ann", "unsettled", 0))
    // reduce-only closes what the subaccount has
    const closing = order("ann", "ask", 0.6, 20, { reduceOnly: true })
    assert.strictEqual(engine.order("ann", closing.orderId)?.initial, c(5))
    ok(engine.settle("M", { _tag: "yes" }, tick()))
    assert.deepStrictEqual([free(), free(1)], [$(92.5), $(20)])
    assert.deepStrictEqual(
      [undefined, 0, 1, 2].map((subaccount) =>
        engine.settlements("ann", { subaccount }, 10).items.map(({ revenue, subaccount }) => [subaccount, revenue])
      ),
      [
        [
          [0, $(5)],
          [1, $(20)]
        ],
        [[0, $(5)]],
        [[1, $(20)]],
        []
      ]
    )
    checkLaw(engine)
  })

  it("do not trade with each other: the rest of the new order is cancelled, or the resting one", () => {
    const { engine, free, order, transfer } = exchange()
    ok(transfer(0, 1, $(10)))
    const resting = order("ann", "ask", 0.5, 10)
    const taker = order("ann", "bid", 0.5, 10, { subaccount: 1 })
    assert.deepStrictEqual([taker.filled, taker.remaining], [c(0), c(0)])
    assert.strictEqual(engine.order("ann", resting.orderId)?.status, "resting")
    const maker = order("ann", "bid", 0.5, 10, { subaccount: 1, selfTradePrevention: "maker" })
    assert.strictEqual(maker.remaining, c(10))
    assert.strictEqual(engine.order("ann", resting.orderId)?.status, "canceled")
    assert.deepStrictEqual([free(), free(1), engine.balance("ann").reserved], [$(90), $(5), Dollars.zero])
  })

  it("are not paid for by what an order in another subaccount frees", () => {
    const { engine, order, refused, transfer, tryOrder } = exchange()
    ok(transfer(0, 1, $(4)))
    order("ann", "ask", 0.5, 10)
    refused(
      () => tryOrder("ann", "bid", 0.5, 10, { subaccount: 1, selfTradePrevention: "maker" }),
      "InsufficientBalance"
    )
    checkLaw(engine)
  })

  it("share ids of orders, and change orders of their own alone where one is named", () => {
    const { engine, order, refused, tick, transfer, tryOrder } = exchange()
    ok(transfer(0, 1, $(10)))
    const { orderId } = order("ann", "bid", 0.5, 10, { subaccount: 1, clientOrderId: "mine" })
    refused(() => tryOrder("ann", "bid", 0.4, 1, { clientOrderId: "mine" }), "DuplicateClientOrderId")
    const amendment = { ticker: "M", side: "bid", price: $(0.4), total: c(10) } as const
    refused(() => engine.cancel("ann", orderId, tick(), 0), "UnknownOrder")
    refused(() => engine.decrease("ann", orderId, { reduceBy: c(1) }, tick(), 2), "UnknownOrder")
    refused(() => engine.amend("ann", orderId, amendment, tick(), 0), "UnknownOrder")
    ok(engine.amend("ann", orderId, amendment, tick(), 1))
    ok(engine.decrease("ann", orderId, { reduceBy: c(1) }, tick(), 1))
    assert.strictEqual(engine.order("ann", orderId)?.subaccount, 1)
    assert.strictEqual(ok(engine.cancel("ann", orderId, tick(), 1)).reducedBy, c(9))
  })

  it("are cancelled one or all, with the tail of each", () => {
    const { engine, order, tick, transfer } = exchange()
    ok(transfer(0, 1, $(20)))
    const resting = () => engine.orders("ann", { status: "resting" }, 10).items.map(({ subaccount }) => subaccount)
    order("ann", "bid", 0.1, 1)
    order("ann", "bid", 0.1, 1, { subaccount: 1 })
    ok(engine.cancelAll("ann", 0, tick(), 7))
    assert.deepStrictEqual(resting(), [1, 0])
    const start = tick()
    ok(engine.cancelAll("ann", 60_000_000, start, 1))
    order("ann", "bid", 0.1, 1, { subaccount: 1 })
    assert.deepStrictEqual(resting(), [1, 0])
    engine.advance(Timestamp.micros(start + 61_000_000))
    assert.deepStrictEqual(resting(), [0])
    ok(engine.cancelAll("ann", 0, Timestamp.micros(start + 62_000_000)))
    assert.deepStrictEqual(resting(), [])
  })
})

/** Some thousand commands in the subaccounts of a member, drawn from a seed. */
const run = (seeds: ReadonlyArray<number>) => {
  const { engine, tick, transfer } = exchange(1)
  ok(engine.withdraw("bob", $(1), tick()))
  const orders: Array<string> = []
  for (const seed of seeds) {
    const random = Random.make(seed)
    random.below(2)
    const subaccount = random.below(3)
    const kind = random.below(10)
    const id = random.percent(60) ? "ann" : "bob"
    const known = random.pick(orders.length === 0 ? ["none"] : orders.slice(-10))
    if (kind < 6) {
      const side = random.percent(50) ? "bid" : "ask"
      const result = engine.create(
        id,
        {
          ticker: random.pick(["M", "N"]),
          side,
          price: Dollars.cents(random.between(45, 55)),
          count: Contracts.centis(random.between(1, 900)),
          timeInForce: random.percent(80) ? "good_till_canceled" : "immediate_or_cancel",
          selfTradePrevention: random.pick(["taker_at_cross", "maker"] as const),
          reduceOnly: random.percent(10),
          subaccount: id === "ann" ? subaccount : undefined
        },
        tick()
      )
      if (Result.isSuccess(result) && id === "ann") orders.push(result.success.orderId)
    } else if (kind < 7) {
      engine.cancel("ann", known, tick(), random.percent(50) ? subaccount : undefined)
    } else if (kind < 8) {
      engine.decrease("ann", known, { reduceBy: Contracts.centis(random.between(1, 300)) }, tick(), subaccount)
    } else {
      transfer(subaccount, random.below(3), Dollars.cents(random.between(0, 4000)))
    }
    checkLaw(engine)
    for (const number of [0, 1, 2]) {
      const { available, reserved } = engine.balance("ann", number)
      assert.isAtLeast(available, 0)
      assert.isAtLeast(reserved, 0)
    }
  }
  return { engine, tick }
}

/** What the list has of each subaccount is what all of it has, in pieces of any size. */
const checkParts = <A extends { readonly subaccount: number }>(
  list: (subaccount: number | undefined, limit: number, cursor?: number) => Part<A>
): number => {
  const whole = list(undefined, 100_000).items
  for (const subaccount of [undefined, 0, 1, 2]) {
    const wanted = whole.filter((row) => subaccount === undefined || row.subaccount === subaccount)
    const found: Array<A> = []
    let cursor: number | undefined
    do {
      const part = list(subaccount, 7, cursor)
      found.push(...part.items)
      cursor = part.next
    } while (cursor !== undefined)
    assert.deepStrictEqual(found, wanted)
  }
  return whole.length
}

const commands = Arbitrary.array(
  Arbitrary.schema(Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 0x7fffffff }))),
  { minLength: 1, maxLength: 200 }
)

/** What the fills of a subaccount did to its cash, by the exchange's rules without its code. */
const moved = (engine: Engine.Engine, subaccount: number): number => {
  const positions = new Map<string, number>()
  let cash = 0
  for (const fill of engine.fills("ann", { subaccount }, 100_000).items.toReversed()) {
    const before = positions.get(fill.ticker) ?? 0
    const after = before + (fill.side === "bid" ? fill.count : -fill.count)
    positions.set(fill.ticker, after)
    const closed = (fill.count - (Math.abs(after) - Math.abs(before))) / 2
    const paid = fill.side === "bid" ? fill.price : Dollars.one - fill.price
    cash += closed * 10_000 - (paid * fill.count) / 100 - fill.fee
  }
  return cash
}

describe("the law of subaccounts", () => {
  it.prop(
    "money is neither made nor lost, and the parts of every list are the whole",
    { commands },
    ({ commands }) => {
      const { engine, tick } = run(commands)
      for (const number of [0, 1, 2]) {
        const { available, paidIn, reserved } = engine.balance("ann", number)
        const into = engine.transfers("ann", 100_000).items.filter(({ to }) => to === number)
        const out = engine.transfers("ann", 100_000).items.filter(({ from }) => from === number)
        const sum = (rows: typeof into) => Dollars.sum(rows.map(({ amount }) => amount))
        assert.strictEqual(paidIn, (number === 0 ? $(100) : 0) + sum(into) - sum(out))
        assert.strictEqual(available + reserved, paidIn + moved(engine, number))
      }
      ok(engine.settle("M", { _tag: "scalar", value: $(0.37) }, tick()))
      checkLaw(engine)
      for (const ticker of [undefined, "M", "N"]) {
        checkParts((subaccount, limit, cursor) => engine.orders("ann", { ticker, subaccount }, limit, cursor))
        checkParts((subaccount, limit, cursor) => engine.fills("ann", { ticker, subaccount }, limit, cursor))
        checkParts((subaccount, limit, cursor) => engine.settlements("ann", { ticker, subaccount }, limit, cursor))
      }
    },
    { arbitrary: { runs: 40, size: 100_000, seed: 5 } }
  )

  it("holds where much was traded", () => {
    const random = Random.make(9)
    const { engine } = run(Array.from({ length: 1500 }, () => random.below(0x7fffffff)))
    assert.isAbove(
      checkParts((subaccount, limit, cursor) => engine.fills("ann", { subaccount }, limit, cursor)),
      100
    )
    assert.isAbove(engine.transfers("ann", 100_000).items.length, 50)
    assert.isAbove(engine.audit().kept, 0)
  })
})
