/** Subaccounts and transfers between them: what is sent, once, and what is told of answers that are lost. */
import { Control, Faults, Sandbox } from "@effect-kalshi/sandbox"
import { assert, layer } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import { Contracts, Dollars, OrderJournal, Portfolio } from "effect-kalshi"
import * as Crypto from "node:crypto"
import * as kit from "./kit.ts"

const truth = Effect.fnUntraced(function* (subaccount?: number) {
  const control = yield* Control.Control
  const { account } = yield* Sandbox.Sandbox
  return yield* control.truth(account, subaccount)
})

/** What is free in a subaccount. */
const free = (subaccount: number) => Effect.map(truth(subaccount), ({ balance }) => balance.available)

/** How many transfers the exchange made while something ran, and what that came to. */
const moved = Effect.fnUntraced(function* <A, E, R>(running: Effect.Effect<A, E, R>) {
  const before = (yield* truth()).transfers.length
  const result = yield* running
  return { result, transfers: (yield* truth()).transfers.length - before }
})

const start = Effect.gen(function* () {
  const control = yield* Control.Control
  yield* control.clearFaults
  yield* control.clearRequests
  return { control, portfolio: yield* Portfolio.Portfolio }
})

const TRANSFER = { endpoint: "transferBetweenSubaccounts" } as const
const cent = { from: 0, to: 1, amount: Dollars.cents(1) } as const

layer(kit.sandbox(), { excludeTestServices: true })("subaccounts", (it) => {
  it.effect("are created, get money, and trade with it alone", () =>
    Effect.gen(function* () {
      const { control, portfolio } = yield* start
      assert.deepStrictEqual(
        [yield* portfolio.createSubaccount(), yield* portfolio.createSubaccount({ exchangeIndex: 0 })],
        [1, 2]
      )
      const { result, transfers } = yield* moved(
        portfolio.transferBetweenSubaccounts({ from: 0, to: 1, amount: Dollars.of(12.34), exchangeIndex: 0 })
      )
      assert.strictEqual(result._tag, "Transferred")
      assert.match(result.clientTransferId, /^[0-9a-f-]{36}$/)
      assert.strictEqual(transfers, 1)
      const balances = yield* portfolio.getSubaccountBalances
      assert.deepStrictEqual(
        balances.map(({ available, exchangeIndex, subaccount }) => [subaccount, exchangeIndex, available]),
        [
          [0, 0, yield* free(0)],
          [1, 0, Dollars.of(12.34)],
          [2, 0, Dollars.zero]
        ]
      )
      assert.strictEqual((yield* portfolio.getBalance({ subaccount: 1 })).available, Dollars.of(12.34))
      const [row] = (yield* portfolio.getSubaccountTransfers({ limit: 1 })).transfers
      const transferId = (yield* truth()).transfers[0]?.transferId ?? "none"
      assert.deepInclude(row, {
        transferId,
        from: 0,
        to: 1,
        amount: Dollars.of(12.34),
        exchangeIndex: 0
      })

      const ticker = yield* kit.market()
      yield* kit.fails(portfolio.createOrder({ ...kit.bid(ticker, 50, 25), subaccount: 1 }), "InsufficientBalance")
      const placed = yield* portfolio.createOrder({ ...kit.bid(ticker, 40, 10), subaccount: 1 })
      assert.strictEqual((yield* portfolio.getOrder(placed.orderId)).subaccount, 1)
      yield* portfolio.amendOrder({
        ...kit.bid(ticker, 41),
        orderId: placed.orderId,
        total: Contracts.of(10),
        subaccount: 1
      })
      yield* portfolio.decreaseOrder(placed.orderId, { by: Contracts.of(1), subaccount: 1 })
      // where it is has been remembered
      assert.strictEqual((yield* portfolio.cancelOrder(placed.orderId)).reducedBy, Contracts.of(9))
      yield* control.clearRequests
    })
  )

  it.effect("transfers cost read tokens and say all of it, in cents", () =>
    Effect.gen(function* () {
      const { control, portfolio } = yield* start
      const clientTransferId = Crypto.randomUUID()
      yield* portfolio.transferBetweenSubaccounts({ ...cent, clientTransferId })
      const [made] = (yield* truth()).transfers
      assert.deepInclude(made, { clientTransferId, ...cent })
      assert.strictEqual((yield* control.requests(TRANSFER))[0]?.tokens, 10)
      const { account } = yield* Sandbox.Sandbox
      const before = (yield* control.tokens(account)).accepted
      yield* portfolio.transferBetweenSubaccounts(cent)
      const after = (yield* control.tokens(account)).accepted
      assert.deepStrictEqual([after.read - before.read, after.write - before.write], [10, 0])
    })
  )

  it.effect("the money has to be there, and so has the subaccount", () =>
    Effect.gen(function* () {
      const { portfolio } = yield* start
      const { transfers } = yield* moved(
        Effect.gen(function* () {
          const failing = { operation: "transferBetweenSubaccounts", outcome: "not-applied", attempts: 1 } as const
          yield* kit.fails(
            portfolio.transferBetweenSubaccounts({ from: 2, to: 0, amount: Dollars.of(1) }),
            "InsufficientBalance",
            failing
          )
          yield* kit.fails(portfolio.transferBetweenSubaccounts({ ...cent, to: 63 }), "NotFound", failing)
        })
      )
      assert.strictEqual(transfers, 0)
    })
  )

  const lost: ReadonlyArray<readonly [string, Faults.Fault]> = [
    ["refused before it was applied", Faults.refused],
    ["dropped after it was applied", Faults.droppedAfter],
    ["cut", Faults.truncated],
    ["a 500 before", Faults.serverError()],
    ["a 500 after", Faults.serverErrorAfter()],
    ["a gateway's page", Faults.gatewayPage(502)],
    ["an empty bucket", Faults.tooManyRequests],
    ["applied twice", Faults.duplicated],
    ["applied late", Faults.appliedLate("300 millis")]
  ]
  for (const [name, fault] of lost) {
    it.effect(`money moves once when an answer is lost: ${name}`, () =>
      Effect.gen(function* () {
        const { control, portfolio } = yield* start
        yield* control.inject(fault, TRANSFER)
        const before = yield* free(1)
        const { result, transfers } = yield* moved(
          portfolio.transferBetweenSubaccounts(cent).pipe(kit.impatient, Effect.tap(Effect.sleep("600 millis")))
        )
        assert.strictEqual(result._tag, "Transferred")
        assert.strictEqual(transfers, 1)
        assert.strictEqual(yield* free(1), Dollars.add(before, Dollars.cents(1)))
        assert.strictEqual((yield* truth()).transfers[0]?.clientTransferId, result.clientTransferId)
      })
    )
  }

  it.effect("a repeat says so, where reads trail too", () =>
    Effect.gen(function* () {
      const { control, portfolio } = yield* start
      const clientTransferId = Crypto.randomUUID()
      const asked = { ...cent, amount: Dollars.cents(2), clientTransferId }
      yield* control.setReadLag("400 millis")
      const { result, transfers } = yield* moved(
        Effect.all([portfolio.transferBetweenSubaccounts(asked), portfolio.transferBetweenSubaccounts(asked)])
      )
      yield* control.setReadLag(0)
      assert.deepStrictEqual(result, [
        { _tag: "Transferred", clientTransferId },
        { _tag: "AlreadyTransferred", clientTransferId }
      ])
      assert.strictEqual(transfers, 1)
    })
  )

  it.effect("an id of another decision is not taken for this one", () =>
    Effect.gen(function* () {
      const { portfolio } = yield* start
      const clientTransferId = Crypto.randomUUID()
      yield* portfolio.transferBetweenSubaccounts({ ...cent, clientTransferId })
      const reason = yield* kit.fails(
        portfolio.transferBetweenSubaccounts({ ...cent, amount: Dollars.of(7), clientTransferId }),
        "OutcomeUnknown",
        { outcome: "unknown", attempts: 1 }
      )
      assert.strictEqual(reason.clientTransferId, clientTransferId)
      assert.strictEqual(yield* kit.count("transferBetweenSubaccounts"), 2)
    })
  )

  it.effect("another conflict than a repeat is never taken for one", () =>
    Effect.gen(function* () {
      const { control, portfolio } = yield* start
      yield* control.inject(Faults.serverError(409, "something_else"), TRANSFER)
      const { transfers } = yield* moved(
        kit.fails(portfolio.transferBetweenSubaccounts({ ...cent, amount: Dollars.cents(33) }), "OutcomeUnknown", {
          outcome: "unknown"
        })
      )
      assert.strictEqual(transfers, 0)
    })
  )

  it.effect("a paused exchange moves nothing, and says so", () =>
    Effect.gen(function* () {
      const { control, portfolio } = yield* start
      yield* control.setExchange({ exchangeActive: false, tradingActive: false })
      yield* kit.fails(kit.impatient(portfolio.transferBetweenSubaccounts(cent)), "ExchangePaused", {
        outcome: "not-applied"
      })
      yield* control.setExchange({ exchangeActive: true, tradingActive: true })
    })
  )

  it.effect("what nobody answers is unknown and named, and done under its id later", () =>
    Effect.gen(function* () {
      const { control, portfolio } = yield* start
      yield* control.inject(Faults.droppedAfter, { ...TRANSFER, times: 9 })
      const asked = { ...cent, amount: Dollars.cents(5) }
      const { result: error, transfers } = yield* moved(
        Effect.flip(kit.impatient(portfolio.transferBetweenSubaccounts(asked)))
      )
      const { clientTransferId } = kit.failed(error, "OutcomeUnknown", { outcome: "unknown", attempts: 4 })
      assert.strictEqual(transfers, 1)
      assert.isDefined(clientTransferId)
      assert.include(error.message, clientTransferId ?? "?")
      // nobody goes on looking
      assert.isTrue(Option.isNone(yield* portfolio.settled(error)))
      yield* control.clearFaults
      const again = yield* moved(portfolio.transferBetweenSubaccounts({ ...asked, clientTransferId }))
      assert.strictEqual(again.result._tag, "AlreadyTransferred")
      assert.strictEqual(again.transfers, 0)
    })
  )

  it.effect("a refusal after a lost answer does not say that nothing was moved", () =>
    Effect.gen(function* () {
      const { control, portfolio } = yield* start
      yield* control.inject(Faults.refused, TRANSFER)
      yield* kit.fails(
        kit.impatient(portfolio.transferBetweenSubaccounts({ from: 2, to: 0, amount: Dollars.of(3) })),
        "OutcomeUnknown",
        { outcome: "unknown", attempts: 2 }
      )
    })
  )

  it.effect("who leaves after the first byte hears of it in outcomes", () =>
    Effect.gen(function* () {
      const { control, portfolio } = yield* start
      const heard = yield* Effect.forkChild(Stream.runHead(portfolio.outcomes), { startImmediately: true })
      yield* control.inject(Faults.latency("300 millis"), TRANSFER)
      const { result, transfers } = yield* moved(
        Effect.andThen(
          Effect.timeoutOption(portfolio.transferBetweenSubaccounts(cent), "100 millis"),
          Fiber.join(heard)
        )
      )
      const outcome = Option.getOrThrow(result)
      assert.strictEqual(outcome.operation, "transferBetweenSubaccounts")
      assert.strictEqual(outcome.result._tag, "Success")
      assert.strictEqual(transfers, 1)
    })
  )

  it.effect("a new subaccount is not asked for twice", () =>
    Effect.gen(function* () {
      const { control, portfolio } = yield* start
      const before = (yield* portfolio.getSubaccountBalances).length
      yield* control.inject(Faults.droppedAfter, { endpoint: "createSubaccount" })
      yield* kit.fails(kit.impatient(portfolio.createSubaccount()), "Disconnected", { outcome: "unknown", attempts: 1 })
      assert.strictEqual((yield* portfolio.getSubaccountBalances).length, before + 1)
      yield* control.inject(Faults.tooManyRequests, { endpoint: "createSubaccount" })
      assert.strictEqual(yield* kit.impatient(portfolio.createSubaccount()), before + 1)
    })
  )

  for (const [pages, set] of Object.entries({
    "small pages": () => Effect.void,
    "rows that come again": (control: Control.Control["Service"]) => control.setPageDuplicates(1),
    "empty pages between": (control: Control.Control["Service"]) => control.setEmptyPages(true),
    "a cursor that is absent at the end": (control: Control.Control["Service"]) => control.setCursorEnd("absent"),
    "fields that nobody announced": (control: Control.Control["Service"]) => control.setUnknownFields(true)
  })) {
    it.effect(`the stream has every transfer once, newest first, with ${pages}`, () =>
      Effect.gen(function* () {
        const { control, portfolio } = yield* start
        for (let count = 0; count < 3; count++) yield* portfolio.transferBetweenSubaccounts(cent)
        yield* set(control)
        const all = yield* Stream.runCollect(portfolio.subaccountTransfers({ limit: 3 }))
        assert.deepStrictEqual(
          all.map(({ transferId }) => transferId),
          (yield* truth()).transfers.map(({ transferId }) => transferId)
        )
        yield* control.setPageDuplicates(0)
        yield* control.setEmptyPages(false)
        yield* control.setCursorEnd("empty")
        yield* control.setUnknownFields(false)
      })
    )
  }

  it.effect("a journal has a transfer until its end is known", () =>
    Effect.gen(function* () {
      const { control, portfolio } = yield* start
      const journal = yield* OrderJournal.OrderJournal
      const open = Effect.map(journal.open, (all) =>
        all.filter(({ entry }) => entry.operation === "transferBetweenSubaccounts")
      )
      const before = (yield* open).length
      yield* portfolio.transferBetweenSubaccounts(cent)
      assert.strictEqual((yield* open).length, before)
      yield* control.inject(Faults.droppedAfter, { ...TRANSFER, times: 9 })
      const clientTransferId = Crypto.randomUUID()
      yield* Effect.flip(kit.impatient(portfolio.transferBetweenSubaccounts({ ...cent, clientTransferId })))
      const left = yield* open
      assert.strictEqual(left.length, before + 1)
      assert.include(left.at(-1)?.entry.body, clientTransferId)
    })
  )
})
