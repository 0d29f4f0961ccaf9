import { Ledger } from "@effect-kalshi/history"
import { assert, describe, it } from "@effect/vitest"
import { Contracts, Dollars, Fees, type Order } from "effect-kalshi"
import { day, deposit, fill, market, settlement, snapshot, transfer } from "./ledger/records.ts"

const only = <A>(items: ReadonlyArray<A>): A => {
  const [item] = items
  if (item === undefined || items.length !== 1) throw new Error(`${items.length} instead of one`)
  return item
}

const both = (dollars: number) => ({ fifo: Dollars.of(dollars), average: Dollars.of(dollars) })

describe("positions and profit", () => {
  it("of a position that was closed in part: 6 of 10 are left at what they cost", () => {
    const ledger = Ledger.make({ fills: [fill("bid", 10, 0.4, day(1)), fill("ask", 4, 0.55, day(2))] })
    const holding = only(ledger.holdings)
    assert.strictEqual(holding.position, Contracts.of(6))
    assert.deepStrictEqual(holding.openCost, both(2.4))
    assert.deepStrictEqual(holding.realised, both(0.6))
    assert.strictEqual(holding.event, "KXA-26JUL")
    assert.strictEqual(holding.series, "KXA")
    // 4 paid, and $1 back for each of the four that met a NO at 45 cents
    assert.strictEqual(ledger.totals.cash, Dollars.of(-4 + 4 - 1.8))
  })

  it("of one that was sold through zero: what is left is NO, at 1 − price", () => {
    const ledger = Ledger.make({
      fills: [
        fill("bid", 10, 0.4, day(1), { fee: Dollars.micros(100) }),
        fill("ask", 15, 0.7, day(2), { fee: Dollars.micros(100) })
      ]
    })
    const holding = only(ledger.holdings)
    assert.strictEqual(holding.position, Contracts.of(-5))
    assert.deepStrictEqual(holding.openCost, both(1.5))
    assert.deepStrictEqual(holding.realised, both(3))
    // two thirds of the second fee, rounded down, are of the ten that closed
    const lot = only(ledger.closed)
    assert.strictEqual(lot.openingFee.fifo, 100)
    assert.strictEqual(lot.closingFee, 66)
    assert.deepStrictEqual(holding.openFees, { fifo: Dollars.micros(34), average: Dollars.micros(34) })
    assert.strictEqual(Ledger.gain(lot, "fifo"), Dollars.of(3) - 166)
    assert.strictEqual(lot.exitPrice, Dollars.of(0.7))
    assert.strictEqual(lot.entryPrice, Dollars.of(0.4))
  })

  it("by FIFO the oldest is closed, by average a part of all", () => {
    const ledger = Ledger.make({
      fills: [fill("ask", 10, 0.8, day(1)), fill("ask", 10, 0.6, day(2)), fill("bid", 10, 0.5, day(3))]
    })
    // NO at 20 and at 40 cents, of which ten are sold at 50
    assert.deepStrictEqual(ledger.totals.realised, { fifo: Dollars.of(3), average: Dollars.of(2) })
    assert.deepStrictEqual(ledger.totals.openCost, { fifo: Dollars.of(4), average: Dollars.of(3) })
    assert.strictEqual(only(ledger.open).side, "no")
    assert.strictEqual(only(ledger.open).acquired, day(2))
  })

  it("knows what it is worth where the market has a price, and says where it has none", () => {
    const fills = [
      fill("ask", 10, 0.8, day(1), { fee: Dollars.cents(5) }),
      fill("bid", 3, 0.5, day(1), { ticker: "KXB-26JUL-T1" })
    ]
    const { totals } = Ledger.make({
      fills,
      markets: [{ ticker: "KXA-26JUL-T1", lastPrice: Dollars.cents(70) }]
    })
    assert.strictEqual(totals.value, Dollars.of(3))
    assert.deepStrictEqual(totals.openGain, both(0.95))
    assert.strictEqual(totals.unmarked, 1)
    const exit = Ledger.make(
      { fills, markets: [{ ticker: "KXA-26JUL-T1", ask: Dollars.cents(75) }] },
      { mark: ({ ask }) => ask }
    )
    assert.strictEqual(exit.totals.value, Dollars.of(2.5))
  })

  it("takes records in any order, and those of one instant as they were made", () => {
    const first = fill("bid", 10, 0.4, day(1))
    // one order that took two levels at once: the list of the exchange has the later one first
    const second = fill("ask", 10, 0.5, day(2))
    const third = fill("bid", 10, 0.3, day(2))
    const fills = [first, second, third]
    const expected = Ledger.make({ fills })
    assert.deepStrictEqual(expected.totals.realised, both(1))
    assert.deepStrictEqual(Ledger.make({ fills: fills.toReversed() }), expected)
  })
})

describe("settlements", () => {
  const settled = (value: number, result: Parameters<typeof settlement>[1], revenue: number, side: "bid" | "ask") => {
    const fills = [fill(side, 3.33, 0.5, day(1))]
    const ledger = Ledger.make({
      fills,
      settlements: [settlement(fills, result, revenue, day(2))],
      markets: [market(value)]
    })
    assert.deepStrictEqual(ledger.discrepancies, [])
    assert.deepStrictEqual(ledger.notes, [])
    return ledger
  }

  it("pay $1, nothing, or the exact value of a scalar, rounded down to $0.0001", () => {
    assert.strictEqual(only(settled(1, { _tag: "yes" }, 3.33, "bid").holdings).payout, Dollars.of(3.33))
    assert.strictEqual(only(settled(0, { _tag: "no" }, 0, "bid").holdings).payout, Dollars.zero)
    // 3.33 × 0.3333 is 1.109889; the row has cents
    const scalar = { _tag: "scalar", value: Dollars.cents(33) } as const
    const yes = settled(0.3333, scalar, 1.1, "bid")
    assert.strictEqual(only(yes.holdings).payout, Dollars.of(1.1098))
    assert.strictEqual(only(yes.closed).proceeds, Dollars.of(1.1098))
    assert.strictEqual(only(yes.closed).closedBy, "settlement")
    assert.strictEqual(only(yes.holdings).position, 0)
    // NO has the rest of the dollar: 3.33 × 0.6667 is 2.220111
    assert.strictEqual(only(settled(0.3333, scalar, 2.22, "ask").holdings).payout, Dollars.of(2.2201))
  })

  it("of an unknown market pay what their row says, to the cent, and say so", () => {
    const fills = [fill("bid", 3.33, 0.5, day(1))]
    const records = {
      fills,
      settlements: [settlement(fills, { _tag: "scalar", value: Dollars.cents(33) }, 1.1, day(2))],
      deposits: [deposit(10, day(1))]
    }
    const ledger = Ledger.make({ ...records, snapshots: [snapshot(10 - 1.665 + 1.1098, day(3))] })
    assert.strictEqual(ledger.totals.cash, Dollars.of(10 - 1.665 + 1.1))
    assert.deepStrictEqual(ledger.notes, [{ _tag: "PaidToTheCent", subaccount: 0, ticker: "KXA-26JUL-T1" }])
    // what is below a cent is no difference
    assert.deepStrictEqual(ledger.discrepancies, [])
    const more = Ledger.make({ ...records, snapshots: [snapshot(10 - 1.665 + 1.11, day(3))] })
    assert.deepInclude(only(more.discrepancies), { _tag: "CashUnlikeBalance", difference: Dollars.cents(1) })
  })

  it("are read as most of them are: with the pairs that met before, or without", () => {
    const made = (isIn: boolean) => {
      const fills = ["A", "B", "C"].flatMap((name) => {
        const ticker = `KX${name}-26JUL-T1`
        return [fill("bid", 5, 0.5, day(1), { ticker }), fill("ask", 3, 0.6, day(2), { ticker })]
      })
      return Ledger.make({
        fills,
        settlements: ["A", "B", "C"].map((name) => {
          const ticker = `KX${name}-26JUL-T1`
          const of = fills.filter((fill) => fill.ticker === ticker)
          // the last row has it the other way
          return settlement(of, { _tag: "yes" }, isIn === (name !== "C") ? 5 : 2, day(3), { ticker })
        })
      })
    }
    for (const isIn of [true, false]) {
      const ledger = made(isIn)
      assert.deepInclude(only(ledger.discrepancies), { _tag: "PayoutUnlikeValue", ticker: "KXC-26JUL-T1" })
      assert.deepStrictEqual(
        ledger.holdings.map(({ payout }) => payout),
        [Dollars.of(2), Dollars.of(2), Dollars.of(2)]
      )
    }
  })
})

describe("cash", () => {
  it("is told by where it came from, a subaccount at a time", () => {
    const fills = [
      fill("bid", 10, 0.4, day(3), { subaccount: 2, fee: Dollars.of(0.17) }),
      fill("ask", 10, 0.6, day(4), { subaccount: 2, fee: Dollars.of(0.16) })
    ]
    const ledger = Ledger.make({
      fills,
      deposits: [deposit(100, day(1)), { ...deposit(50, day(1)), status: "pending" }],
      withdrawals: [deposit(20, day(5))],
      transfers: [transfer(0, 2, 30, day(2))],
      adjustments: [{ at: day(6), subaccount: 2, amount: Dollars.of(0.25), reason: "interest" }]
    })
    const [primary, second] = ledger.accounts
    assert.deepInclude(primary, {
      subaccount: 0,
      deposited: Dollars.of(100),
      withdrawn: Dollars.of(20),
      sent: Dollars.of(30),
      cash: Dollars.of(50)
    })
    assert.deepInclude(second, {
      subaccount: 2,
      received: Dollars.of(30),
      traded: Dollars.of(2),
      fees: Dollars.of(0.33),
      adjusted: Dollars.of(0.25),
      cash: Dollars.of(31.92)
    })
    assert.strictEqual(ledger.totals.cash, Dollars.of(81.92))
    assert.deepStrictEqual(ledger.totals.gain, both(1.67))
  })

  it("a transfer moves no lots", () => {
    const fills = [fill("bid", 10, 0.4, day(1)), fill("ask", 4, 0.5, day(3), { subaccount: 1 })]
    const ledger = Ledger.make({ fills, transfers: [transfer(0, 1, 5, day(2))] })
    assert.deepStrictEqual(ledger.closed, [])
    assert.deepStrictEqual(
      ledger.open.map(({ side, subaccount }) => [subaccount, side]),
      [
        [0, "yes"],
        [1, "no"]
      ]
    )
  })

  it("a fee of a deposit is not counted, and told", () => {
    const ledger = Ledger.make({ fills: [], deposits: [{ ...deposit(10, day(1)), id: "d", fee: Dollars.of(1) }] })
    assert.deepStrictEqual(ledger.notes, [{ _tag: "FundingFee", id: "d", fee: Dollars.of(1) }])
    assert.strictEqual(ledger.totals.cash, Dollars.of(10))
  })
})

describe("what no record tells", () => {
  const fills = [fill("bid", 10, 0.4, day(2))]
  const records = { fills, deposits: [deposit(100, day(1))] }

  it("is one line between two snapshots", () => {
    const ledger = Ledger.make({
      ...records,
      snapshots: [
        snapshot(100, day(1, 5)),
        snapshot(90, day(3), 6),
        snapshot(91.23, day(4), 6),
        snapshot(91.23, day(5), 6)
      ]
    })
    assert.deepStrictEqual(ledger.discrepancies, [])
    assert.deepStrictEqual(ledger.unexplained, [
      { subaccount: 0, from: day(3), until: day(4), amount: Dollars.of(1.23) }
    ])
  })

  it("is less by the rows that are added for it", () => {
    const snapshots = [snapshot(96, day(3)), snapshot(97.23, day(5))]
    const adjustments = [{ at: day(4), subaccount: 0, amount: Dollars.of(1), reason: "interest" }]
    const part = Ledger.make({ ...records, snapshots, adjustments })
    assert.deepStrictEqual(part.unexplained, [{ subaccount: 0, from: day(3), until: day(5), amount: Dollars.of(0.23) }])
    const rest = { at: day(5), subaccount: 0, amount: Dollars.of(0.23), reason: "incentive" }
    assert.deepStrictEqual(Ledger.make({ ...records, snapshots, adjustments: [...adjustments, rest] }).unexplained, [])
  })

  it("before the first snapshot is a discrepancy of the subaccount", () => {
    const ledger = Ledger.make({ ...records, snapshots: [snapshot(95, day(3))] })
    assert.deepStrictEqual(ledger.discrepancies, [
      { _tag: "CashUnlikeBalance", subaccount: 0, until: day(3), difference: Dollars.of(-1), suspects: [] }
    ])
    assert.deepStrictEqual(ledger.unexplained, [])
  })
})

describe("fees", () => {
  const schedule = (): Fees.Schedule => ({ type: "quadratic", multiplier: 1 })

  it("are those that are recorded; one unlike the model is a note", () => {
    const right = fill("bid", 1, 0.52, day(1), { fee: Dollars.of(0.0175) })
    const other = fill("bid", 1, 0.52, day(2), { fee: Dollars.of(0.02) })
    const ledger = Ledger.make({ fills: [right, other] }, { schedule })
    assert.deepStrictEqual(ledger.discrepancies, [])
    assert.strictEqual(ledger.totals.fees, Dollars.of(0.0375))
    assert.deepStrictEqual(ledger.notes, [
      {
        _tag: "FeeUnlikeModel",
        tradeId: other.tradeId,
        orderId: other.orderId,
        ticker: other.ticker,
        recorded: Dollars.of(0.02),
        model: Dollars.of(0.0175)
      }
    ])
  })

  it("give back along an order what rounding took, and none are taken while they are waived", () => {
    const fees = [0.0037, 0.0036, 0.0037]
    const fills = fees.map((fee, index) =>
      fill("bid", 1, 0.055, day(1, index), { orderId: "one", fee: Dollars.of(fee) })
    )
    assert.deepStrictEqual(Ledger.make({ fills }, { schedule }).notes, [])
    const waived = { ticker: "KXA-26JUL-T1", feeWaiverUntil: day(3) }
    const free = fill("bid", 1, 0.5, day(2))
    assert.deepStrictEqual(Ledger.make({ fills: [free], markets: [waived] }, { schedule }).notes, [])
  })

  it("were rounded to the cent before the 28th of May 2026", () => {
    const before = fill("bid", 1, 0.52, day(-60), { fee: Dollars.of(0.02) })
    assert.deepStrictEqual(Ledger.make({ fills: [before] }, { schedule }).notes, [])
    assert.strictEqual(Ledger.make({ fills: [before] }, { schedule, precision: Fees.direct }).notes.length, 1)
  })

  it("that are missing count as nothing, and are told", () => {
    const { fee: _, ...bare } = fill("bid", 1, 0.52, day(1))
    assert.deepInclude(only(Ledger.make({ fills: [bare] }).notes), { _tag: "FeeAbsent", tradeId: bare.tradeId })
  })
})

describe("over time", () => {
  const june = day(-1)
  const fills = [
    fill("bid", 10, 0.4, june, { fee: Dollars.of(0.2) }),
    fill("ask", 5, 0.6, day(1), { fee: Dollars.of(0.1), isTaker: false }),
    fill("ask", 5, 0.3, day(1, 60_000_000), { fee: Dollars.of(0.1) }),
    fill("bid", 2, 0.5, day(1), { ticker: "KXB-26JUL-T1" })
  ]
  const ledger = Ledger.make({ fills, deposits: [deposit(100, day(-2))] })

  it("there is a point a day, with all cash and the cost of what is open", () => {
    assert.deepStrictEqual(
      ledger.equity.map(({ at, cash, equity, fees, funded, gain, openCost, realised }) => ({
        at,
        money: [cash, openCost, equity, funded, gain, realised, fees].map(Dollars.toNumber)
      })),
      [
        { at: day(-2), money: [100, 0, 100, 100, 0, 0, 0] },
        { at: june, money: [95.8, 4, 99.8, 100, -0.2, 0, 0.2] },
        { at: day(1, 60_000_000), money: [99.1, 1, 100.1, 100, 0.1, 0.5, 0.4] }
      ]
    )
    assert.strictEqual(Ledger.make({ fills }, { step: "1 minute" }).equity.length, 3)
  })

  it("there is a row for a month and a series", () => {
    assert.deepStrictEqual(
      ledger.months.map(({ fees, fills, gain, lost, month, realised, series, takerFees, volume, won }) => [
        month,
        series,
        fills,
        Dollars.toNumber(volume),
        Dollars.toNumber(fees),
        Dollars.toNumber(takerFees),
        Dollars.toNumber(realised.fifo),
        Dollars.toNumber(gain.fifo),
        won,
        lost
      ]),
      [
        ["2026-06", "KXA", 1, 4, 0.2, 0.2, 0, 0, 0, 0],
        ["2026-07", "KXA", 2, 5.5, 0.2, 0.1, 0.5, 0.1, 1, 1],
        ["2026-07", "KXB", 1, 1, 0, 0, 0, 0, 0, 0]
      ]
    )
  })
})

describe("what resting orders set aside", () => {
  const resting = (
    side: "bid" | "ask",
    contracts: number,
    price: number,
    more: Partial<Order.Order> = {}
  ): Order.Order => ({
    orderId: `${side}-${price}`,
    ticker: "KXA-26JUL-T1",
    side,
    price: Dollars.of(price),
    status: "resting",
    initial: Contracts.of(contracts),
    filled: Contracts.zero,
    remaining: Contracts.of(contracts),
    ...more
  })
  const reserved = (
    orders: ReadonlyArray<Order.Order>,
    position = 0,
    schedule: Fees.Schedule = { type: "quadratic", multiplier: 1 }
  ) =>
    Ledger.reserves({
      orders,
      positions: [{ subaccount: 0, ticker: "KXA-26JUL-T1", position: Contracts.of(position) }],
      schedule: () => schedule
    }).get(0)

  it("is the dearer of both sides, less the dollars of what they close", () => {
    const orders = [resting("bid", 10, 0.4), resting("bid", 5, 0.2), resting("ask", 10, 0.7)]
    assert.strictEqual(reserved(orders), Dollars.of(5))
    assert.strictEqual(reserved(orders, -3), Dollars.of(3))
    assert.strictEqual(reserved(orders, 20), Dollars.of(5))
    assert.strictEqual(reserved([resting("ask", 10, 0.7)], 20), Dollars.zero)
    assert.strictEqual(reserved([{ ...resting("bid", 10, 0.4), remaining: Contracts.zero }]), undefined)
  })

  it("has the maker's fee of the smallest piece in it", () => {
    // 0.0175 × 0.01 × 0.4 × 0.6 is $0.000042, and $0.004042 is rounded up to $0.0041 for 0.01 contracts
    const schedule: Fees.Schedule = { type: "quadratic_with_maker_fees", multiplier: 1 }
    assert.strictEqual(reserved([resting("bid", 10, 0.4)], 0, schedule), Dollars.of(4.1))
  })

  it("makes snapshots with the balances of all shards", () => {
    const balance = (subaccount: number, available: number, exchangeIndex: number) => ({
      subaccount,
      available: Dollars.of(available),
      updatedAt: day(1),
      exchangeIndex
    })
    const reserved = new Map([[0, Dollars.of(5)]])
    assert.deepStrictEqual(
      Ledger.snapshots(day(2), [balance(0, 10, 0), balance(0, 7, 2), balance(3, 1, 0)], reserved),
      [snapshot(17, day(2), 5), snapshot(1, day(2), 0, 3)]
    )
  })
})
