/**
 * Writes happen once: the rules one by one, on an exchange in memory and the
 * clock of the test.
 */
import { Buckets, Control, Faults, Sandbox } from "@effect-kalshi/sandbox"
import { assert, describe, it } from "@effect/vitest"
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Result from "effect/Result"
import type * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import { TestClock } from "effect/testing"
import {
  Contracts,
  Dollars,
  Environment,
  Guard,
  Kalshi,
  type KalshiError,
  OrderJournal,
  Portfolio,
  RateLimit,
  Resolution,
  Retry,
  Signer,
  Timestamp
} from "effect-kalshi"
import * as kit from "./kit.ts"

const DAY = Date.parse("2026-11-20T15:00:00Z")

const member = (options?: Kalshi.Options) =>
  Kalshi.layerWith({ breaker: "none", ...options }).pipe(
    Layer.provide(RateLimit.layerNone),
    Layer.provide(
      Layer.unwrap(
        Effect.map(Sandbox.Sandbox, ({ keyId, url }) =>
          Signer.layerTest({ environment: Environment.sandbox(url), keyId })
        )
      )
    )
  )

const sandbox = Sandbox.layerInMemory({ limits: Buckets.unlimited, markets: false })

// as they are, but that nothing is waited for at the end
const bounds: Resolution.Resolution = { ...Resolution.standard, closing: "0 millis" }

/** A test whose exchange reads with a lag of a second. */
const rule = <A, E>(
  name: string,
  body: (
    portfolio: Portfolio.Portfolio["Service"],
    control: Control.Control["Service"],
    ticker: string
  ) => Effect.Effect<A, E, Layer.Success<typeof sandbox> | Kalshi.Kalshi | Scope.Scope>,
  options?: Kalshi.Options
) =>
  it.effect(name, () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(DAY)
      yield* Effect.gen(function* () {
        const control = yield* Control.Control
        const portfolio = yield* Portfolio.Portfolio
        const ticker = yield* kit.market()
        yield* TestClock.adjust("5 seconds")
        yield* control.setReadLag("1 second")
        yield* body(portfolio, control, ticker)
      }).pipe(
        Effect.scoped,
        Effect.provide(member(options).pipe(Layer.provideMerge(sandbox))),
        Effect.provideService(Resolution.Resolution, bounds)
      )
    })
  )

/** Lets a call go on by the clock until it has ended, and tells how it did and after how many milliseconds. */
const run = Effect.fnUntraced(function* <A, E, R>(call: Effect.Effect<A, E, R>, within: Duration.Input = "3 minutes") {
  const fiber = yield* Effect.forkChild(Effect.timed(Effect.result(call)))
  const step = Duration.millis(250)
  for (let spent = 0; spent < Duration.toMillis(within) && fiber.pollUnsafe() === undefined; spent += 250) {
    yield* TestClock.adjust(step)
  }
  const [took, result] = yield* Fiber.join(fiber)
  return { result, millis: Duration.toMillis(took) }
})

const success = <A, E extends { readonly message: string }>(result: Result.Result<A, E>): A =>
  Result.isSuccess(result) ? result.success : assert.fail(result.failure.message)

const failure = <A, E>(result: Result.Result<A, E>): E =>
  Result.isFailure(result) ? result.failure : assert.fail(`it succeeded with ${JSON.stringify(result.success)}`)

const orders = (ticker: string) => kit.ordersIn(ticker)

describe("a create whose answer is lost", () => {
  rule("was applied: it is found, and sent again under its id alone", (portfolio, control, ticker) =>
    Effect.gen(function* () {
      yield* control.inject(Faults.droppedAfter, { endpoint: "createOrder" })
      const { millis, result } = yield* run(portfolio.createOrder(kit.bid(ticker)))
      const placed = success(result)
      const all = yield* orders(ticker)
      assert.deepStrictEqual(
        all.map(({ orderId }) => orderId),
        [placed.orderId]
      )
      assert.strictEqual(placed._tag, "Resting")
      assert.strictEqual(yield* kit.count("createOrder"), 2)
      // as soon as reads show it
      assert.isBelow(millis, 4000)
    })
  )

  rule("was not: that is said once reads are later than the last that can arrive", (portfolio, control, ticker) =>
    Effect.gen(function* () {
      yield* control.inject(Faults.refused, { endpoint: "createOrder", times: 99 })
      const { millis, result } = yield* run(portfolio.createOrder(kit.bid(ticker)))
      const error = failure(result)
      assert.strictEqual(error.reason._tag, "Disconnected")
      assert.strictEqual(error.outcome, "not-applied")
      assert.include(error.message, "was not applied")
      assert.deepStrictEqual(yield* orders(ticker), [])
      // 30 s under way, 2 s of margin, 1 s of lag, and at most 2 s of trying before
      assert.isAtLeast(millis, 33_000)
      assert.isBelow(millis, 40_000)
    })
  )

  rule("arrives late: it is found, and never said not to be", (portfolio, control, ticker) =>
    Effect.gen(function* () {
      yield* control.inject(Faults.appliedLate("25 seconds"), { endpoint: "createOrder" })
      const { millis, result } = yield* run(Retry.off(portfolio.createOrder(kit.bid(ticker))))
      assert.strictEqual(success(result)._tag, "Resting")
      assert.strictEqual((yield* orders(ticker)).length, 1)
      assert.strictEqual(yield* kit.count("createOrder"), 1)
      assert.isAtLeast(millis, 25_000)
    })
  )

  rule("is not sent again once it is two seconds old", (portfolio, control, ticker) =>
    Effect.gen(function* () {
      yield* control.inject(Faults.refused, { endpoint: "createOrder", times: 99 })
      yield* run(portfolio.createOrder(kit.bid(ticker)))
      const all = yield* control.requests({ endpoint: "createOrder" })
      const [first] = all
      if (first === undefined) return assert.fail("it was never sent")
      assert.isAtLeast(all.length, 2)
      for (const { at } of all) assert.isBelow(at - first.at, 2_000_000)
    })
  )

  rule(
    "is unknown at the deadline while reads stand still, and goes on being looked for",
    (portfolio, control, ticker) =>
      Effect.gen(function* () {
        yield* control.inject(Faults.droppedAfter, { endpoint: "createOrder" })
        const blind = yield* control.inject(Faults.gatewayPage(503), { method: "GET", times: 9999 })
        const seen = yield* Effect.forkChild(Stream.runHead(portfolio.outcomes))
        const { millis, result } = yield* run(Retry.off(portfolio.createOrder(kit.bid(ticker))))
        const error = failure(result)
        if (error.reason._tag !== "OutcomeUnknown") return assert.fail(error.message)
        assert.strictEqual(error.outcome, "unknown")
        assert.isAtLeast(millis, 60_000)
        assert.isBelow(millis, 66_000)
        assert.isAbove(error.reason.evidence.looks, 5)
        assert.strictEqual(error.clientOrderIds?.length, 1)
        yield* blind.clear
        const { result: settled } = yield* run(portfolio.settled(error))
        const outcome = Option.getOrUndefined(success(settled))
        if (outcome?.operation !== "createOrder") return assert.fail("it is not told")
        assert.strictEqual(success(outcome.result)._tag, "Resting")
        const told = Option.getOrUndefined(yield* Fiber.join(seen))
        assert.strictEqual(told?.writeId, error.reason.writeId)
        assert.strictEqual((yield* orders(ticker)).length, 1)
      })
  )

  for (const fault of [Faults.noOrder, Faults.malformed, Faults.truncated]) {
    rule(`and the answer is ${fault._tag}: the order is found`, (portfolio, control, ticker) =>
      Effect.gen(function* () {
        yield* control.inject(fault, { endpoint: "createOrder" })
        const placed = success((yield* run(Retry.off(portfolio.createOrder(kit.bid(ticker))))).result)
        assert.deepStrictEqual(
          (yield* orders(ticker)).map(({ orderId }) => orderId),
          [placed.orderId]
        )
        assert.strictEqual(yield* kit.count("createOrder"), 1)
      })
    )
  }

  rule("and the error comes after it was applied: it is found", (portfolio, control, ticker) =>
    Effect.gen(function* () {
      yield* control.inject(Faults.serverErrorAfter(), { endpoint: "createOrder" })
      const placed = success((yield* run(portfolio.createOrder(kit.bid(ticker)))).result)
      assert.deepStrictEqual(
        (yield* orders(ticker)).map(({ orderId }) => orderId),
        [placed.orderId]
      )
    })
  )
})

describe("a client order id", () => {
  rule("of the same decision gives the first order back, however long ago", (portfolio, _, ticker) =>
    Effect.gen(function* () {
      const decision = { ...kit.bid(ticker), clientOrderId: "a-decision" }
      const first = success((yield* run(portfolio.createOrder(decision))).result)
      yield* TestClock.adjust("3 days")
      const again = success((yield* run(portfolio.createOrder(decision))).result)
      assert.strictEqual(again.orderId, first.orderId)
      assert.strictEqual((yield* orders(ticker)).length, 1)
    })
  )

  rule("of another decision is refused, and says whose it is", (portfolio, _, ticker) =>
    Effect.gen(function* () {
      const decision = { ...kit.bid(ticker), clientOrderId: "taken" }
      const { orderId } = success((yield* run(portfolio.createOrder(decision))).result)
      const other = yield* kit.market()
      const others = [
        { ...decision, price: Dollars.cents(41) },
        { ...decision, count: Contracts.of(11) },
        { ...kit.ask(ticker, 40), clientOrderId: "taken" },
        { ...decision, ticker: other }
      ]
      for (const order of others) {
        const error = failure((yield* run(portfolio.createOrder(order))).result)
        if (error.reason._tag !== "ClientOrderIdReused") return assert.fail(error.message)
        assert.strictEqual(error.reason.orderId, orderId)
        assert.strictEqual(error.outcome, "not-applied")
      }
      assert.strictEqual((yield* orders(ticker)).length + (yield* orders(other)).length, 1)
    })
  )

  rule("that is said to be used by an order that nobody finds stays unknown", (portfolio, control, ticker) =>
    Effect.gen(function* () {
      yield* control.inject(Faults.serverError(409, "order_already_exists"), { endpoint: "createOrder" })
      const error = failure((yield* run(portfolio.createOrder(kit.bid(ticker)))).result)
      assert.strictEqual(error.reason._tag, "OutcomeUnknown")
      assert.strictEqual(error.outcome, "unknown")
      assert.strictEqual(yield* kit.count("createOrder"), 1)
    })
  )

  rule("a conflict of a code that nobody knows is looked up before anything is said", (portfolio, control, ticker) =>
    Effect.gen(function* () {
      yield* control.inject(Faults.serverError(409, "brand_new"), { endpoint: "createOrder" })
      const error = failure((yield* run(portfolio.createOrder(kit.bid(ticker)))).result)
      assert.strictEqual(error.reason._tag, "Conflict")
      assert.strictEqual(error.outcome, "not-applied")
    })
  )
})

describe("a batch whose answer is lost", () => {
  for (const fault of [Faults.droppedAfter, Faults.truncated, Faults.malformed, Faults.noOrder]) {
    rule(`${fault._tag}: each order has its own end`, (portfolio, control, ticker) =>
      Effect.gen(function* () {
        yield* control.inject(fault, { endpoint: "batchCreateOrders" })
        const wishes = [kit.bid(ticker, 10), kit.bid(ticker, 11), { ...kit.bid(ticker, 12), count: Contracts.of(1e9) }]
        const answers = success((yield* run(Retry.off(portfolio.batchCreateOrders(wishes)))).result)
        const ids = (yield* orders(ticker)).map(({ orderId }) => orderId).toReversed()
        assert.deepStrictEqual(
          answers.map(({ result }) => (Result.isSuccess(result) ? result.success.orderId : result.failure.outcome)),
          [...ids, "not-applied"]
        )
        assert.strictEqual(ids.length, 2)
        assert.strictEqual(yield* kit.count("batchCreateOrders"), 1)
      })
    )
  }

  rule("of cancels: each order is known to be dead", (portfolio, control, ticker) =>
    Effect.gen(function* () {
      const placed = success(
        (yield* run(portfolio.batchCreateOrders([kit.bid(ticker, 10), kit.bid(ticker, 11)]))).result
      )
      const ids = placed.map(({ result }) => success(result).orderId)
      yield* control.inject(Faults.droppedAfter, { endpoint: "batchCancelOrders" })
      const answers = success((yield* run(Retry.off(portfolio.batchCancelOrders(ids)))).result)
      assert.deepStrictEqual(
        answers.map(({ orderId, result }) => [orderId, success(result)._tag, success(result).reducedBy]),
        ids.map((orderId) => [orderId, "Cancelled", Contracts.of(10)])
      )
      for (const { status } of yield* orders(ticker)) assert.strictEqual(status, "canceled")
    })
  )
})

describe("a cancel", () => {
  const placed = (portfolio: Portfolio.Portfolio["Service"], ticker: string, price = 40) =>
    Effect.map(run(portfolio.createOrder(kit.bid(ticker, price))), ({ result }) => success(result).orderId)

  for (const fault of [Faults.refused, Faults.droppedAfter, Faults.serverError(), Faults.serverErrorAfter()]) {
    rule(`after ${fault._tag} is sent until the order is dead`, (portfolio, control, ticker) =>
      Effect.gen(function* () {
        const orderId = yield* placed(portfolio, ticker)
        yield* control.inject(fault, { endpoint: "cancelOrder", times: 7 })
        const cancelled = success((yield* run(portfolio.cancelOrder(orderId))).result)
        assert.strictEqual(cancelled._tag, "Cancelled")
        assert.strictEqual(cancelled.reducedBy, Contracts.of(10))
        assert.strictEqual((yield* orders(ticker))[0]?.status, "canceled")
      })
    )
  }

  rule("of an order that is filled says so, with quantities", (portfolio, _, ticker) =>
    Effect.gen(function* () {
      const orderId = yield* placed(portfolio, ticker)
      yield* kit.offer(ticker, "ask", 40, 10)
      const cancelled = success((yield* run(portfolio.cancelOrder(orderId))).result)
      assert.deepInclude(cancelled, { _tag: "AlreadyFilled", filled: Contracts.of(10), reducedBy: Contracts.zero })
    })
  )

  rule("of an order that is cancelled says so, with quantities", (portfolio, control, ticker) =>
    Effect.gen(function* () {
      const { account } = yield* Sandbox.Sandbox
      const orderId = yield* placed(portfolio, ticker)
      yield* kit.offer(ticker, "ask", 40, 4)
      yield* control.cancel(account, orderId)
      const cancelled = success((yield* run(portfolio.cancelOrder(orderId))).result)
      assert.deepInclude(cancelled, { _tag: "AlreadyCancelled", filled: Contracts.of(4), reducedBy: Contracts.of(6) })
    })
  )

  rule("of an order that never was says so at once", (portfolio, _, ticker) =>
    Effect.gen(function* () {
      const unknown = "01234567-89ab-4cde-8f01-23456789abcd"
      const { millis, result } = yield* run(portfolio.cancelOrder(unknown, { ticker }))
      assert.strictEqual(failure(result).reason._tag, "OrderNotFound")
      assert.isBelow(millis, 1000)
    })
  )
})

describe("a decrease whose answer is lost", () => {
  const decreased = (fault: Faults.Fault, fills: number) =>
    Effect.fnUntraced(function* (
      portfolio: Portfolio.Portfolio["Service"],
      control: Control.Control["Service"],
      ticker: string
    ) {
      const { orderId } = success((yield* run(portfolio.createOrder(kit.bid(ticker)))).result)
      if (fills > 0) yield* kit.offer(ticker, "ask", 40, fills)
      yield* control.inject(fault, { endpoint: "decreaseOrder" })
      const { result } = yield* run(portfolio.decreaseOrder(orderId, { by: Contracts.of(3), ticker }))
      assert.strictEqual(yield* kit.count("decreaseOrder"), 1)
      const [order] = yield* orders(ticker)
      if (order === undefined) return assert.fail("it is gone")
      return { result, order }
    })

  for (const fills of [0, 4]) {
    rule(`was applied, with ${fills} filled: the answer is what rests`, (...test) =>
      Effect.gen(function* () {
        const { order, result } = yield* decreased(Faults.droppedAfter, fills)(...test)
        assert.strictEqual(success(result).remaining, Contracts.of(7 - fills))
        assert.strictEqual(order.remaining, Contracts.of(7 - fills))
      })
    )

    rule(`was not, with ${fills} filled: that is proven, and it is not sent again`, (...test) =>
      Effect.gen(function* () {
        const { order, result } = yield* decreased(Faults.refused, fills)(...test)
        assert.strictEqual(failure(result).outcome, "not-applied")
        assert.strictEqual(order.remaining, Contracts.of(10 - fills))
      })
    )
  }

  rule("and arrives late: it is not said to have done nothing", (...test) =>
    Effect.gen(function* () {
      const { order, result } = yield* decreased(Faults.appliedLate("20 seconds"), 0)(...test)
      assert.strictEqual(success(result).remaining, Contracts.of(7))
      assert.strictEqual(order.remaining, Contracts.of(7))
    })
  )

  rule("of an order that was filled meanwhile ends with what became of it", (portfolio, control, ticker) =>
    Effect.gen(function* () {
      const { orderId } = success((yield* run(portfolio.createOrder(kit.bid(ticker)))).result)
      yield* control.inject(Faults.refused, { endpoint: "decreaseOrder" })
      yield* kit.offer(ticker, "ask", 40, 10)
      const error = failure((yield* run(portfolio.decreaseOrder(orderId, { by: Contracts.of(3) }))).result)
      if (error.reason._tag !== "OrderEnded") return assert.fail(error.message)
      assert.deepInclude(error.reason, { status: "executed", filled: Contracts.of(10), changed: "not-applied" })
    })
  )

  rule("of an order that this program never saw is settled by what was read before", (portfolio, control, ticker) =>
    Effect.gen(function* () {
      const { account } = yield* Sandbox.Sandbox
      const { orderId } = yield* control.place(account, kit.bid(ticker))
      yield* TestClock.adjust("5 seconds")
      yield* control.inject(Faults.droppedAfter, { endpoint: "decreaseOrder" })
      const changed = success((yield* run(portfolio.decreaseOrder(orderId, { by: Contracts.of(3) }))).result)
      assert.strictEqual(changed.remaining, Contracts.of(7))
    })
  )
})

describe("an amend whose answer is lost", () => {
  const wish = (orderId: string) =>
    ({ orderId, side: "bid", price: Dollars.cents(38), total: Contracts.of(12) }) as const

  rule("was applied: it is looked for, and not sent a second time", (portfolio, control, ticker) =>
    Effect.gen(function* () {
      const { orderId } = success((yield* run(portfolio.createOrder(kit.bid(ticker)))).result)
      yield* control.inject(Faults.droppedAfter, { endpoint: "amendOrder" })
      const changed = success((yield* run(portfolio.amendOrder(wish(orderId)))).result)
      assert.strictEqual(changed.remaining, Contracts.of(12))
      assert.strictEqual(yield* kit.count("amendOrder"), 1)
    })
  )

  rule("was not: that is proven", (portfolio, control, ticker) =>
    Effect.gen(function* () {
      const { orderId } = success((yield* run(portfolio.createOrder(kit.bid(ticker)))).result)
      yield* control.inject(Faults.refused, { endpoint: "amendOrder" })
      const { millis, result } = yield* run(portfolio.amendOrder(wish(orderId)))
      assert.strictEqual(failure(result).outcome, "not-applied")
      assert.isAtLeast(millis, 33_000)
      assert.deepInclude((yield* orders(ticker))[0], { price: Dollars.cents(40), remaining: Contracts.of(10) })
    })
  )
})

// a disk that is full
const broken = Effect.gen(function* () {
  const journal = yield* OrderJournal.OrderJournal
  return OrderJournal.OrderJournal.of({
    ...journal,
    record: () => Effect.fail(new OrderJournal.JournalError({ operation: "record", description: "the disk is full" }))
  })
})

describe("a journal", () => {
  rule(
    "that cannot be written lets no order out, and every cancel",
    (portfolio, control, ticker) =>
      Effect.gen(function* () {
        const { account } = yield* Sandbox.Sandbox
        const { orderId } = yield* control.place(account, kit.bid(ticker))
        const other = yield* control.place(account, kit.bid(ticker, 39))
        yield* TestClock.adjust("5 seconds")
        const error = failure((yield* run(portfolio.createOrder(kit.bid(ticker)))).result)
        assert.strictEqual(error.reason._tag, "JournalFailed")
        assert.strictEqual(error.outcome, "not-applied")
        const batch = failure((yield* run(portfolio.batchCreateOrders([kit.bid(ticker)]))).result)
        assert.strictEqual(batch.reason._tag, "JournalFailed")
        assert.strictEqual(yield* kit.count("createOrder"), 0)
        success((yield* run(portfolio.decreaseOrder(orderId, { by: Contracts.of(1) }))).result)
        success((yield* run(portfolio.cancelOrder(orderId))).result)
        const [cancelled] = success((yield* run(portfolio.batchCancelOrders([other.orderId]))).result)
        assert.strictEqual(cancelled?.result._tag, "Success")
        success((yield* run(portfolio.cancelAllOrders())).result)
      }),
    { journal: Layer.effect(OrderJournal.OrderJournal, broken).pipe(Layer.provide(OrderJournal.layerMemory)) }
  )

  rule("has each write before its first byte leaves, and its end after it", (portfolio, control, ticker) =>
    Effect.gen(function* () {
      const journal = yield* OrderJournal.OrderJournal
      const { orderId } = success((yield* run(portfolio.createOrder(kit.bid(ticker)))).result)
      assert.deepStrictEqual(yield* journal.open, [])
      yield* control.inject(Faults.hang, { method: "POST", times: 9 })
      const calls: ReadonlyArray<Effect.Effect<unknown, KalshiError.KalshiError>> = [
        portfolio.createOrder({ ...kit.bid(ticker), clientOrderId: "mine" }),
        portfolio.batchCreateOrders([kit.bid(ticker, 10), kit.bid(ticker, 11)]),
        portfolio.amendOrder({ ...kit.bid(ticker, 41), orderId, total: Contracts.of(10) }),
        portfolio.decreaseOrder(orderId, { by: Contracts.of(1) })
      ]
      yield* Effect.forEach(calls, (call) => Effect.forkChild(Effect.result(call)))
      yield* TestClock.adjust("100 millis")
      const open = yield* journal.open
      assert.deepStrictEqual(
        open.map(({ entry }) => [entry.operation, entry.method, entry.clientOrderIds.length, entry.orderIds]),
        [
          ["createOrder", "POST", 1, []],
          ["batchCreateOrders", "POST", 2, []],
          ["amendOrder", "POST", 0, [orderId]],
          ["decreaseOrder", "POST", 0, [orderId]]
        ]
      )
      const [created, , amended] = open
      assert.include(created?.entry.body, '"client_order_id":"mine"')
      assert.deepStrictEqual(amended?.entry.before, { price: Dollars.cents(40), total: Contracts.of(10) })
    })
  )
})

describe("a guard", () => {
  const limits = { openNotional: Dollars.of(9), createsPerSecond: 2 }

  rule(
    "counts an order until it is known what became of it, and no longer",
    (portfolio, control, ticker) =>
      Effect.gen(function* () {
        // $4 each
        yield* control.inject(Faults.refused, { endpoint: "createOrder", times: 9 })
        const lost = yield* Effect.forkChild(Effect.result(Retry.off(portfolio.createOrder(kit.bid(ticker)))))
        // the account is read before the first
        for (let half = 0; half < 4; half++) yield* TestClock.adjust("500 millis")
        assert.strictEqual(yield* kit.count("createOrder"), 1)
        yield* control.clearFaults
        success((yield* run(portfolio.createOrder(kit.bid(ticker)))).result)
        yield* TestClock.adjust("2 seconds")
        const refused = failure((yield* run(portfolio.createOrder(kit.bid(ticker)))).result)
        if (refused.reason._tag !== "Refused") return assert.fail(refused.message)
        assert.strictEqual(refused.reason.rule, "openNotional")
        assert.strictEqual(refused.outcome, "not-applied")
        assert.strictEqual(failure(success((yield* run(Fiber.join(lost))).result)).outcome, "not-applied")
        success((yield* run(portfolio.createOrder(kit.bid(ticker)))).result)
        assert.strictEqual((yield* orders(ticker)).length, 2)
      }),
    { guard: Guard.layer(limits) }
  )

  rule(
    "lets out no more new orders a second than it is told, and any cancel",
    (portfolio, _, ticker) =>
      Effect.gen(function* () {
        const calls = Array.from({ length: 3 }, () => Effect.result(portfolio.createOrder(kit.bid(ticker, 10, 1))))
        const results = success((yield* run(Effect.all(calls, { concurrency: 3 }))).result)
        assert.deepStrictEqual(
          results.map((result) => (Result.isFailure(result) ? result.failure.reason._tag : "placed")).toSorted(),
          ["Refused", "placed", "placed"]
        )
        const ids = results.flatMap((result) => (Result.isSuccess(result) ? [result.success.orderId] : []))
        for (const orderId of ids) success((yield* run(portfolio.cancelOrder(orderId))).result)
      }),
    { guard: Guard.layer(limits) }
  )

  rule(
    "whose switch is thrown lets out no new order, also after a restart, and what lowers risk always",
    (portfolio, _, ticker) =>
      Effect.gen(function* () {
        const journal = yield* OrderJournal.OrderJournal
        const { orderId } = success((yield* run(portfolio.createOrder(kit.bid(ticker)))).result)
        yield* Guard.kill({ reason: "enough" })
        const refused = (portfolio: Portfolio.Portfolio["Service"]) =>
          Effect.gen(function* () {
            const create = failure((yield* run(portfolio.createOrder(kit.bid(ticker)))).result)
            const batch = failure((yield* run(portfolio.batchCreateOrders([kit.bid(ticker)]))).result)
            const up = { ...kit.bid(ticker), orderId, total: Contracts.of(11) }
            const amend = failure((yield* run(portfolio.amendOrder(up))).result)
            for (const { outcome, reason } of [create, batch, amend]) {
              assert.strictEqual(outcome, "not-applied")
              assert.deepInclude(reason, { _tag: "Refused", rule: "killed" })
            }
          })
        yield* refused(portfolio)
        const down = { ...kit.bid(ticker), orderId, total: Contracts.of(9) }
        success((yield* run(portfolio.amendOrder(down))).result)
        success((yield* run(portfolio.decreaseOrder(orderId, { by: Contracts.of(2) }))).result)
        const restarted = member({
          guard: Guard.layer(),
          journal: Layer.succeed(OrderJournal.OrderJournal, journal)
        })
        yield* Effect.flatMap(Portfolio.Portfolio, (again) =>
          Effect.andThen(
            refused(again),
            Effect.map(run(again.cancelOrder(orderId)), ({ result }) => success(result))
          )
        ).pipe(Effect.provide(restarted))
        yield* Guard.revive
        success((yield* run(portfolio.createOrder(kit.bid(ticker)))).result)
      }),
    { guard: Guard.layer() }
  )

  rule(
    "cancels everything that rests when it is told to",
    (portfolio, control, ticker) =>
      Effect.gen(function* () {
        const { account } = yield* Sandbox.Sandbox
        success((yield* run(portfolio.batchCreateOrders([kit.bid(ticker, 10), kit.bid(ticker, 11)]))).result)
        yield* control.place(account, kit.bid(ticker, 12))
        success((yield* run(Guard.kill({ reason: "enough", cancelAll: true }))).result)
        assert.deepStrictEqual(
          (yield* orders(ticker)).map(({ status }) => status),
          ["canceled", "canceled", "canceled"]
        )
      }),
    { guard: Guard.layer() }
  )
})

describe("recovery", () => {
  rule("says what became of each write, and sends none again", (_, control, ticker) =>
    Effect.gen(function* () {
      const { account } = yield* Sandbox.Sandbox
      const context = yield* Layer.build(OrderJournal.layerMemory)
      const journal = Context.get(context, OrderJournal.OrderJournal)
      // a program that ends in the middle of everything
      const before = yield* control.place(account, { ...kit.bid(ticker, 20), clientOrderId: "old" })
      const amended = yield* control.place(account, kit.bid(ticker, 21))
      yield* TestClock.adjust("5 seconds")
      yield* control.inject(Faults.droppedAfter, { endpoint: "decreaseOrder" })
      yield* control.inject(Faults.droppedAfter, { endpoint: "amendOrder" })
      yield* control.inject(Faults.droppedAfter, { endpoint: "batchCreateOrders" })
      yield* control.inject(Faults.refused, { endpoint: "createOrder" })
      const dies = Effect.gen(function* () {
        const dying = yield* Portfolio.Portfolio
        const calls: ReadonlyArray<Effect.Effect<unknown, KalshiError.KalshiError>> = [
          dying.createOrder({ ...kit.bid(ticker, 30), clientOrderId: "gone" }),
          dying.batchCreateOrders([
            { ...kit.bid(ticker, 31), clientOrderId: "one" },
            { ...kit.bid(ticker, 32), clientOrderId: "two", count: Contracts.of(1e9) }
          ]),
          dying.decreaseOrder(before.orderId, { by: Contracts.of(4) }),
          dying.amendOrder({ orderId: amended.orderId, ...kit.bid(ticker, 22), total: Contracts.of(9) })
        ]
        yield* Effect.forEach(calls, (call) => Effect.forkChild(Effect.result(Retry.off(call))))
        yield* TestClock.adjust("500 millis")
      }).pipe(Effect.provide(member({ journal: Layer.succeed(OrderJournal.OrderJournal, journal) })))
      yield* run(dies)
      assert.strictEqual((yield* journal.open).length, 4)
      yield* control.clearRequests
      // the next one, after the lease of the first has lapsed
      const next = OrderJournal.OrderJournal.of({
        ...journal,
        writer: "next",
        open: Effect.map(journal.open, (open) => open.map((one) => ({ ...one, leaseUntil: Timestamp.micros(0) })))
      })
      const recovering = OrderJournal.recover({ cancelResting: true }).pipe(
        Effect.provide(member({ journal: Layer.succeed(OrderJournal.OrderJournal, next) }))
      )
      const recovered = success((yield* run(recovering)).result)
      const told = new Map(recovered.map(({ entry, items }) => [entry.operation, items]))
      assert.deepStrictEqual(
        recovered.map(({ state }) => state),
        ["settled", "settled", "settled", "settled"]
      )
      assert.deepStrictEqual(
        told.get("createOrder")?.map(({ clientOrderId, outcome }) => [clientOrderId, outcome]),
        [["gone", "not-applied"]]
      )
      assert.deepStrictEqual(
        told
          .get("batchCreateOrders")
          ?.map(({ cancelled, clientOrderId, outcome }) => [clientOrderId, outcome, cancelled?._tag]),
        [
          ["one", "applied", "Cancelled"],
          ["two", "not-applied", undefined]
        ]
      )
      assert.strictEqual(told.get("decreaseOrder")?.[0]?.changed?.remaining, Contracts.of(6))
      assert.strictEqual(told.get("amendOrder")?.[0]?.changed?.remaining, Contracts.of(9))
      assert.deepStrictEqual(yield* journal.open, [])
      for (const endpoint of ["createOrder", "batchCreateOrders", "decreaseOrder", "amendOrder"]) {
        assert.strictEqual(yield* kit.count(endpoint), 0, endpoint)
      }
    })
  )
})
