import { assert, describe, it } from "@effect/vitest"
import * as Biography from "./src/Biography.ts"
import type * as Diary from "./src/Diary.ts"
import * as Judge from "./src/Judge.ts"
import type * as Truth from "./src/Truth.ts"

type Wanted = typeof Diary.Wanted.Type
type What = Extract<Diary.Line, { readonly _tag: "Decided" }>["what"]

const START = 1_795_000_000_000

const wanted: Wanted = {
  clientOrderId: "a",
  ticker: "KXT-A",
  side: "bid",
  price: 400_000,
  count: 1000,
  timeInForce: "good_till_canceled",
  expiresAt: 4_000_000_000
}

/** The order as it rests, placed 100 ms after it was decided. */
const order: Truth.Order = {
  orderId: "order-1",
  clientOrderId: "a",
  ticker: "KXT-A",
  side: "bid",
  price: 400_000,
  status: "resting",
  size: 1000,
  filled: 0,
  remaining: 1000,
  expiresAt: 4_000_000_000,
  createdAt: (START + 100) * 1000,
  fees: 0,
  fills: []
}

const decided = (op: string, what: What, at: number): Diary.Line => ({
  _tag: "Decided",
  at: START + at,
  op,
  again: false,
  what
})

const told = (op: string, word: Diary.Word, at: number): Diary.Line => ({
  _tag: "Told",
  at: START + at,
  op,
  item: 0,
  source: "answer",
  word
})

const final = (shown: Partial<Extract<Diary.Line, { readonly _tag: "Final" }>> = {}): Diary.Line => ({
  _tag: "Final",
  orderId: "order-1",
  clientOrderId: "a",
  status: "resting",
  price: 400_000,
  filled: 0,
  remaining: 1000,
  fees: 0,
  fills: { count: 0, fee: 0 },
  ...shown
})

const ended: Diary.Line = { _tag: "Ended", at: START + 90_000 }

const resting: Diary.Word = {
  outcome: "applied",
  orderId: "order-1",
  seen: { status: "resting", filled: 0, remaining: 1000 }
}

const create = decided("w/0", { _tag: "create", orders: [wanted] }, 0)
const target = { clientOrderId: "a", orderId: "order-1" }

const judge = (
  lines: ReadonlyArray<Diary.Line>,
  orders: ReadonlyArray<Truth.Order>,
  more: Partial<Judge.Evidence> = {}
): ReadonlyArray<Judge.Finding> =>
  Judge.judge({
    program: 0,
    diary: Biography.read(lines),
    orders,
    requests: [],
    kills: [],
    maxAge: 2000,
    tolerance: { sent: 100, there: 1000 },
    ...more
  })

const kinds = (...given: Parameters<typeof judge>): ReadonlyArray<Judge.Kind> => judge(...given).map(({ kind }) => kind)

describe("what is told and true", () => {
  it("is nothing to speak of", () => {
    assert.deepStrictEqual(judge([create, told("w/0", resting, 200), final(), ended], [order]), [])
  })

  it("may have gone on since: others trade with what rests", () => {
    const fills = [{ at: (START + 500) * 1000, price: 400_000, count: 300, fee: 5000 }]
    const partly: Truth.Order = { ...order, filled: 300, remaining: 700, fees: 5000, fills }
    const shown = final({ filled: 300, remaining: 700, fees: 5000, fills: { count: 300, fee: 5000 } })
    assert.deepStrictEqual(judge([create, told("w/0", resting, 200), shown, ended], [partly]), [])
    // who is told after it has to hear of it
    assert.deepStrictEqual(kinds([create, told("w/0", resting, 600), shown, ended], [partly]), [])
    assert.deepStrictEqual(
      kinds(
        [
          create,
          told("w/0", resting, 200),
          decided("w/1", { _tag: "cancel", ...target }, 800),
          told("w/1", { outcome: "applied", seen: { status: "canceled", reducedBy: 1000 } }, 900),
          final({ status: "canceled", filled: 300, remaining: 0, fees: 5000, fills: { count: 300, fee: 5000 } }),
          ended
        ],
        [{ ...partly, status: "canceled", remaining: 0 }]
      ),
      ["misreported"]
    )
  })

  it("knows the average of what was taken at once", () => {
    const createdAt = (START + 100) * 1000
    const fills = [
      { at: createdAt, price: 390_000, count: 100, fee: 1700 },
      { at: createdAt, price: 400_000, count: 200, fee: 3361 }
    ]
    const filled: Truth.Order = {
      ...order,
      status: "executed",
      size: 1000,
      filled: 300,
      remaining: 0,
      fees: 5061,
      fills
    }
    const word = (averagePrice: number, averageFee: number): Diary.Word => ({
      outcome: "applied",
      orderId: "order-1",
      seen: { filled: 300, averagePrice, averageFee }
    })
    const shown = final({
      status: "executed",
      filled: 300,
      remaining: 0,
      fees: 5061,
      fills: { count: 300, fee: 5061 }
    })
    assert.deepStrictEqual(kinds([create, told("w/0", word(396_667, 1687), 200), shown, ended], [filled]), [])
    assert.deepStrictEqual(kinds([create, told("w/0", word(396_666, 1687), 200), shown, ended], [filled]), [
      "misreported"
    ])
    assert.deepStrictEqual(kinds([create, told("w/0", word(396_667, 1688), 200), shown, ended], [filled]), [
      "misreported"
    ])
  })
})

describe("lost", () => {
  it("is what was told to be placed and is not there", () => {
    assert.deepStrictEqual(kinds([create, told("w/0", resting, 200), ended], []), ["lost"])
  })

  it("is a cancel that was told and left the order on the book", () => {
    const cancel = decided("w/1", { _tag: "cancel", ...target }, 800)
    const word: Diary.Word = { outcome: "applied", orderId: "order-1" }
    assert.deepStrictEqual(
      kinds([create, told("w/0", resting, 200), cancel, told("w/1", word, 900), final(), ended], [order]),
      ["lost"]
    )
  })
})

describe("duplicated", () => {
  it("is a second order for one decision, whatever its id", () => {
    const second: Truth.Order = { ...order, orderId: "order-2", clientOrderId: "" }
    assert.deepStrictEqual(kinds([create, told("w/0", resting, 200), final(), ended], [order, second]), ["duplicated"])
  })

  it("is an order that nobody decided", () => {
    const stranger: Truth.Order = { ...order, orderId: "order-2", expiresAt: 4_000_000_001 }
    assert.deepStrictEqual(kinds([create, told("w/0", resting, 200), final(), ended], [order, stranger]), [
      "duplicated"
    ])
  })

  it("is a decrease that was applied twice", () => {
    const lines = (remaining: number): ReadonlyArray<Diary.Line> => [
      create,
      told("w/0", resting, 200),
      decided("w/1", { _tag: "decrease", ...target, by: 100 }, 800),
      told("w/1", { outcome: "applied", seen: { remaining: 900 } }, 900),
      final({ remaining }),
      ended
    ]
    assert.deepStrictEqual(kinds(lines(900), [{ ...order, size: 900, remaining: 900 }]), [])
    assert.deepStrictEqual(kinds(lines(800), [{ ...order, size: 800, remaining: 800 }]), ["duplicated"])
  })
})

describe("misreported", () => {
  it("is a 'not applied' that is applied, also later", () => {
    for (const outcome of ["not-applied", "never-sent"] as const) {
      assert.include(kinds([create, told("w/0", { outcome }, 200), final(), ended], [order]), "misreported")
      assert.deepStrictEqual(kinds([create, told("w/0", { outcome }, 200), ended], []), [])
    }
  })

  it("is another state, quantity, price or id than the true one", () => {
    const words: ReadonlyArray<Diary.Word> = [
      { outcome: "applied", orderId: "order-1", seen: { status: "canceled", filled: 0, remaining: 0 } },
      { outcome: "applied", orderId: "order-1", seen: { status: "executed", filled: 1000, remaining: 0 } },
      { outcome: "applied", orderId: "order-1", seen: { filled: 10 } },
      { outcome: "applied", orderId: "order-1", seen: { remaining: 990 } },
      { outcome: "applied", orderId: "order-1", seen: { price: 390_000 } },
      { outcome: "applied", orderId: "order-2" }
    ]
    for (const word of words) {
      assert.include(kinds([create, told("w/0", word, 200), final(), ended], [order]), "misreported")
    }
  })

  it("is a change that was denied and is there", () => {
    const amend = decided("w/1", { _tag: "amend", ...target, price: 410_000, total: 1000 }, 800)
    const lines = (outcome: "applied" | "not-applied"): ReadonlyArray<Diary.Line> => [
      create,
      told("w/0", resting, 200),
      amend,
      told("w/1", { outcome }, 900),
      final({ price: 410_000 }),
      ended
    ]
    assert.deepStrictEqual(kinds(lines("applied"), [{ ...order, price: 410_000 }]), [])
    assert.deepStrictEqual(kinds(lines("not-applied"), [{ ...order, price: 410_000 }]), ["misreported"])
  })

  it("is a cancel of which nobody was told", () => {
    const shown = final({ status: "canceled", remaining: 0 })
    assert.deepStrictEqual(
      kinds([create, told("w/0", resting, 200), shown, ended], [{ ...order, status: "canceled", remaining: 0 }]),
      ["misreported"]
    )
  })

  it("is what the lists show at the end and is not so", () => {
    const shown: ReadonlyArray<Parameters<typeof final>[0]> = [
      { status: "executed" },
      { price: 1 },
      { filled: 1 },
      { remaining: 1 },
      { fees: 1 },
      { fills: { count: 0, fee: 1 } },
      { orderId: "order-2" }
    ]
    for (const one of shown) {
      assert.deepStrictEqual(kinds([create, told("w/0", resting, 200), final(one), ended], [order]), ["misreported"])
    }
  })
})

describe("unresolved", () => {
  it("is what nobody was told, or was told to be unknown", () => {
    assert.deepStrictEqual(kinds([create, final(), ended], [order]), ["unresolved"])
    assert.deepStrictEqual(kinds([create, told("w/0", { outcome: "unknown" }, 200), final(), ended], [order]), [
      "unresolved"
    ])
    const later = told("w/0", resting, 300)
    assert.deepStrictEqual(
      kinds([create, told("w/0", { outcome: "unknown" }, 200), later, final(), ended], [order]),
      []
    )
  })

  it("is a write whose caller left after it was sent, and of which the client told nobody", () => {
    const request: Truth.Request = {
      at: START + 100,
      keyId: "key",
      endpoint: "createOrder",
      clientOrderIds: ["a"],
      orderId: undefined,
      fault: undefined,
      handled: 201
    }
    const left: Diary.Line = { _tag: "Left", at: START + 150, op: "w/0" }
    const heard = (source: "outcomes" | "look"): Diary.Line => ({
      _tag: "Told",
      at: START + 20_000,
      op: "w/0",
      item: 0,
      source,
      word: resting
    })
    const lines = (...between: ReadonlyArray<Diary.Line>) => [create, ...between, final(), ended]
    const requests = [request]
    assert.deepStrictEqual(kinds(lines(left, heard("outcomes")), [order], { requests }), [])
    assert.deepStrictEqual(kinds(lines(left, heard("look")), [order], { requests }), ["unresolved"])
    // called off: nothing was sent
    assert.deepStrictEqual(kinds(lines(left, heard("look")), [order]), [])
    const killed: Diary.Line = { _tag: "Started", at: START + 5000, life: 2, pid: 1 }
    assert.deepStrictEqual(kinds(lines(left, killed, heard("look")), [order], { requests }), [])
  })

  it("is a program that does not end", () => {
    assert.deepStrictEqual(kinds([create, told("w/0", resting, 200)], [order]), ["unresolved"])
  })
})

describe("staleResends", () => {
  const sent = (at: number): Diary.Line => ({ _tag: "Sent", at: START + at, clientOrderIds: ["a"] })
  const rest = [told("w/0", resting, 200), final(), ended]

  it("are new orders that were older than they may be when they were handed to the network", () => {
    assert.deepStrictEqual(kinds([create, sent(10), sent(2050), ...rest], [order]), [])
    assert.deepStrictEqual(kinds([create, sent(10), sent(2150), ...rest], [order]), ["staleResends"])
  })

  it("are new orders that came to the exchange much too old, whoever says that they were sent before", () => {
    const at = (age: number): Partial<Judge.Evidence> => ({
      requests: [
        {
          at: START + age,
          keyId: "key",
          endpoint: "createOrder",
          clientOrderIds: ["a"],
          orderId: undefined,
          fault: undefined,
          handled: 201
        }
      ]
    })
    assert.deepStrictEqual(kinds([create, ...rest], [order], at(2900)), [])
    assert.deepStrictEqual(kinds([create, ...rest], [order], at(3100)), ["staleResends"])
  })

  it("are counted from when it was decided anew", () => {
    const again = decided("w/0", { _tag: "create", orders: [wanted] }, 5000)
    assert.deepStrictEqual(kinds([create, again, sent(5100), ...rest], [order]), [])
  })
})

describe("unrecorded", () => {
  it("is a write that the journal did not have when its program was killed", () => {
    const killed = [
      {
        _tag: "Killed" as const,
        at: START + 100,
        instant: "sent-not-answered" as const,
        operation: "createOrder",
        clientOrderIds: ["a"],
        orderIds: []
      }
    ]
    const lines = [create, told("w/0", resting, 200), final(), ended]
    const entry = { operation: "createOrder", clientOrderIds: ["a"], orderIds: [] }
    assert.deepStrictEqual(kinds(lines, [order], { kills: [{ killed, open: [entry] }] }), [])
    assert.deepStrictEqual(kinds(lines, [order], { kills: [{ killed, open: [] }] }), ["unrecorded"])
    const other = { ...entry, clientOrderIds: ["b"] }
    assert.deepStrictEqual(kinds(lines, [order], { kills: [{ killed, open: [other] }] }), ["unrecorded"])
  })
})
