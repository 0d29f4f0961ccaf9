import { Discrepancy, type Kind, Ledger } from "@effect-kalshi/history"
import { assert, describe, it } from "@effect/vitest"
import * as Schema from "effect/Schema"
import { Contracts, Dollars, type Fill } from "effect-kalshi"
import { day, deposit, fill, market, order, settlement, snapshot } from "./ledger/records.ts"

const TICKER = "KXA-26JUL-T1"

/** What is named, and that it is told in words and survives being written. */
const found = (records: Ledger.Records): ReadonlyArray<Discrepancy.Discrepancy> => {
  const { discrepancies } = Ledger.make(records)
  for (const one of discrepancies) {
    const written: unknown = JSON.parse(JSON.stringify(Schema.encodeSync(Discrepancy.Discrepancy)(one)))
    assert.deepStrictEqual(Schema.decodeUnknownSync(Discrepancy.Discrepancy)(written), one)
    assert.isAbove(Discrepancy.describe(one).length, 20)
  }
  return discrepancies
}
const culprits = (records: Ledger.Records) => found(records).flatMap(Discrepancy.culprits)

const first = fill("bid", 10, 0.4, day(1), { orderId: "one", fee: Dollars.of(0.168) })
const second = fill("bid", 5, 0.41, day(1, 10), { orderId: "one", fee: Dollars.of(0.0847), isTaker: false })
const third = fill("ask", 4, 0.5, day(2), { orderId: "two", fee: Dollars.of(0.07) })
const fills = [first, second, third]
const orders = [order([first, second]), order([third])]
const settlements = [settlement(fills, { _tag: "yes" }, 11, day(3))]
// 10 × 0.4 + 5 × 0.41 + 4 × 0.5 and fees paid, $1 for each of 4 pairs and of 11 contracts got
const end = snapshot(100 - 6.05 - 2 - 0.3227 + 4 + 11, day(4))
const records = {
  fills,
  orders,
  settlements,
  markets: [market(1)],
  deposits: [deposit(100, day(1))],
  snapshots: [end]
}
const position: Kind.Position = {
  ticker: TICKER,
  subaccount: 0,
  position: Contracts.of(11),
  exposure: Dollars.of(4.45),
  totalTraded: Dollars.of(8.05),
  realizedPnl: Dollars.of(0.4),
  feesPaid: Dollars.of(0.3227)
}
const open = {
  fills,
  markets: [{ ticker: TICKER }],
  positions: [position],
  deposits: records.deposits,
  snapshots: [snapshot(100 - 6.05 - 2 - 0.3227 + 4, day(4))]
}

const one = { _tag: "order", orderId: "one", subaccount: 0, ticker: TICKER } as const
const here = { _tag: "market", subaccount: 0, ticker: TICKER } as const

describe("on a clean account", () => {
  it("nothing is named", () => {
    assert.deepStrictEqual(found(records), [])
    assert.deepStrictEqual(found(open), [])
    assert.deepStrictEqual(Ledger.make(records).unexplained, [])
  })
})

const change = (by: Partial<Fill.Fill>): ReadonlyArray<Fill.Fill> => [{ ...first, ...by }, second, third]

const corruptions: Readonly<Record<string, ReadonlyArray<Fill.Fill>>> = {
  missing: [second, third],
  "twice, as another trade": [...fills, { ...first, tradeId: "another" }],
  "of another price": change({ price: Dollars.of(0.4001) }),
  "of another count": change({ count: Contracts.of(10.01) }),
  "of the other side": change({ side: "ask" }),
  "of another fee": change({ fee: Dollars.add(first.fee ?? Dollars.zero, Dollars.micros(1)) }),
  "of another market": change({ ticker: "KXB-26JUL-T1" }),
  "of another subaccount": change({ subaccount: 3 })
}

describe("a fill that is", () => {
  for (const [name, corrupted] of Object.entries(corruptions)) {
    it(`${name}: its order is named, and nothing that follows from it`, () => {
      assert.deepStrictEqual(culprits({ ...records, fills: corrupted }), [one])
      assert.deepStrictEqual(culprits({ ...open, orders, fills: corrupted }), [one])
      assert.deepStrictEqual(Ledger.make({ ...records, fills: corrupted }).unexplained, [])
    })

    it(`${name}: without orders its market is named`, () => {
      for (const given of [{ ...records, orders: undefined }, open]) {
        const names = culprits({ ...given, fills: corrupted })
        // one that went astray leaves traces where it went, too
        if (name.startsWith("of another market") || name.startsWith("of another sub")) assert.deepInclude(names, here)
        else assert.deepStrictEqual(names, [here])
      }
    })
  }

  it("twice under one key: it is named and counts once", () => {
    const twice = { ...records, fills: [...fills, first] }
    assert.deepStrictEqual(found(twice), [
      { _tag: "FillTwice", tradeId: first.tradeId, orderId: "one", subaccount: 0, ticker: TICKER }
    ])
    assert.strictEqual(Ledger.make(twice).totals.cash, Ledger.make(records).totals.cash)
  })

  it("without a direction or a time: its order tells, or it is named", () => {
    const { createdAt: _, ...timeless } = third
    const bare: ReadonlyArray<Fill.Fill> = [{ ...first, side: "unknown" }, second, timeless]
    assert.deepStrictEqual(found({ ...records, fills: bare }), [])
    assert.deepStrictEqual(
      found({ fills: bare }).map((one) => [one._tag, "lacks" in one ? one.lacks : ""]),
      [
        ["FillUnreadable", "side"],
        ["FillUnreadable", "time"]
      ]
    )
  })
})

describe("rows", () => {
  it("an order whose own row is wrong is named, and corrects nothing", () => {
    const wrong = { ...order([first, second]), filled: Contracts.of(14), takerFees: Dollars.of(3) }
    assert.deepStrictEqual(culprits({ ...records, orders: [wrong, order([third])] }), [one])
  })

  it("the row of an order says which totals differ", () => {
    const [discrepancy] = found({ ...records, fills: [second, third] })
    assert.deepStrictEqual(discrepancy, {
      _tag: "OrderUnlikeFills",
      orderId: "one",
      subaccount: 0,
      ticker: TICKER,
      tradeIds: [second.tradeId],
      differences: [
        { what: "filled", told: "15.00", computed: "5.00" },
        { what: "takerCost", told: "4.0000", computed: "0.0000" },
        { what: "takerFees", told: "0.1680", computed: "0.0000" }
      ]
    })
  })

  it("an order without amounts is found by its count, and its market left to it", () => {
    const { makerCost: _, makerFees: _1, takerCost: _2, takerFees: _3, ...bare } = order([first, second])
    assert.deepStrictEqual(
      culprits({ ...records, snapshots: [], orders: [bare, order([third])], fills: [second, third] }),
      [one]
    )
  })

  it("a fill whose order is not among the orders is a note", () => {
    const { discrepancies, notes } = Ledger.make({ ...records, orders: [order([third])] })
    assert.deepStrictEqual(discrepancies, [])
    assert.deepStrictEqual(notes, [{ _tag: "OrderAbsent", orderId: "one", ticker: TICKER }])
  })

  it("a position that is missing, or without fills, is named", () => {
    assert.deepStrictEqual(culprits({ ...open, snapshots: [], positions: [] }), [here])
    assert.deepStrictEqual(culprits({ ...open, fills: [], snapshots: [] }), [here])
  })

  it("a settlement that is missing, or came twice, is named", () => {
    assert.deepInclude(found({ ...records, settlements: [], snapshots: [] })[0], {
      _tag: "SettlementMissing",
      position: Contracts.of(11)
    })
    const twice = found({ ...records, settlements: [...settlements, ...settlements] })
    assert.deepStrictEqual(twice, [{ _tag: "SettlementTwice", subaccount: 0, ticker: TICKER, settledAt: day(3) }])
  })

  it("what most rows mean otherwise is not compared, and told once", () => {
    const many = Array.from({ length: 12 }, (_, index) =>
      fill("ask", 10, 0.6, day(1, index), { orderId: `o-${index}` })
    )
    // a cost of an ask at its YES price
    const otherwise = many.map((fill) => ({ ...order([fill]), takerCost: Dollars.of(6) }))
    const { discrepancies, notes } = Ledger.make({ fills: many, orders: otherwise })
    assert.deepStrictEqual(discrepancies, [])
    assert.deepStrictEqual(notes, [{ _tag: "RowsUnlike", row: "order", what: "takerCost of asks" }])
    // counts are compared still
    const [lost, ...rest] = many
    assert.deepStrictEqual(
      culprits({ fills: rest, orders: otherwise }).map((culprit) => ("orderId" in culprit ? culprit.orderId : culprit)),
      [lost?.orderId ?? "none"]
    )
  })
})

describe("a settlement value", () => {
  it("unlike the result of the settlement is named", () => {
    assert.deepStrictEqual(culprits({ ...records, markets: [market(0)] }), [here])
    assert.deepStrictEqual(culprits({ ...records, markets: [market(0.9999)] }), [here])
  })

  it("unlike the revenue is named, by a cent and by all of it", () => {
    for (const revenue of [10.99, 11.01, 0]) {
      const row = settlement(fills, { _tag: "yes" }, revenue, day(3))
      assert.deepStrictEqual(culprits({ ...records, settlements: [row] }), [here])
    }
  })

  const scalar = (value: number, ticker: string, count = 3) => {
    const bought = fill("bid", count, 0.5, day(1), { ticker })
    const paid = Dollars.timesRounded(Dollars.of(value), Contracts.of(count), "floor")
    const cents = Dollars.round(paid, Dollars.cents(1), "floor")
    const result = { _tag: "scalar", value: Dollars.round(Dollars.of(value), Dollars.cents(1), "floor") } as const
    return {
      bought,
      paid,
      row: settlement([bought], result, Dollars.toNumber(cents), day(2), { ticker }),
      market: market(value, ticker)
    }
  }

  it("that only the balance knows to be wrong is named by it", () => {
    const a = scalar(0.5512, "KXA-26JUL-T1")
    const balance = (value: number) =>
      snapshot(10 - 1.5 + Dollars.toNumber(Dollars.times(Dollars.of(value), Contracts.of(3))), day(3))
    const made = (value: number): Ledger.Records => ({
      fills: [a.bought],
      settlements: [a.row],
      markets: [a.market],
      deposits: [deposit(10, day(1))],
      snapshots: [balance(value)]
    })
    assert.deepStrictEqual(found(made(0.5512)), [])
    // a unit more is as likely by all other records
    assert.deepStrictEqual(culprits(made(0.5513)), [here])
    // but not one that would show in the cents of the revenue
    assert.deepStrictEqual(culprits(made(0.5612)), [{ _tag: "subaccount", subaccount: 0 }])
  })

  it("that several markets may have is named with all of them, and the line stays", () => {
    const a = scalar(0.5512, "KXA-26JUL-T1")
    const b = scalar(0.2222, "KXB-26JUL-T1")
    const before = 10 - 3
    const after = before + 3 * 0.5512 + 3 * 0.2222
    const { discrepancies, unexplained } = Ledger.make({
      fills: [a.bought, b.bought],
      settlements: [a.row, b.row],
      markets: [a.market, b.market],
      deposits: [deposit(10, day(1))],
      snapshots: [snapshot(before, day(1, 5)), snapshot(after + 0.0003, day(3))]
    })
    assert.deepStrictEqual(discrepancies.flatMap(Discrepancy.culprits), [here, { ...here, ticker: "KXB-26JUL-T1" }])
    assert.deepStrictEqual(unexplained, [{ subaccount: 0, from: day(1, 5), until: day(3), amount: Dollars.of(0.0003) }])
  })
})
