import { assert, describe, it } from "@effect/vitest"
import * as Arbitrary from "effect/Arbitrary"
import * as Cause from "effect/Cause"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Schema from "effect/Schema"
import type * as Scope from "effect/Scope"
import { TestClock } from "effect/testing"
import * as Contracts from "../src/Contracts.ts"
import * as Dollars from "../src/Dollars.ts"
import * as Guard from "../src/Guard.ts"
import type { Kill } from "../src/journal/Entry.ts"
import { JournalError, OrderJournal } from "../src/journal/Service.ts"
import * as KalshiError from "../src/KalshiError.ts"
import * as Timestamp from "../src/Timestamp.ts"

// --- kit -------------------------------------------------------------------------

/** A journal of switches alone, which outlives the guards that use it. */
const memory = () => {
  const kept = new Map<string, Kill>()
  const disk = { isDead: false }
  const service = OrderJournal.of({
    writer: "test",
    record: () => Effect.die("no orders here"),
    attempt: () => Effect.die("no orders here"),
    close: () => Effect.die("no orders here"),
    open: Effect.succeed([]),
    killed: (scope) => Effect.suspend(() => (disk.isDead ? dead : Effect.succeed(kept.get(scope)))),
    setKilled: (scope, kill) =>
      Effect.suspend(() => {
        if (disk.isDead) return dead
        if (kill === undefined) kept.delete(scope)
        else kept.set(scope, kill)
        return Effect.void
      })
  })
  return { disk, kept, service }
}

const dead = Effect.fail(new JournalError({ operation: "kill", description: "the disk is full" }))

const unreachable = KalshiError.make<never>({
  operation: "getOrders",
  reason: new KalshiError.Disconnected({ description: "no route", sent: false }),
  attempts: 1
})

const nothing: Guard.State = { positions: [], resting: [] }

interface World {
  /** What the exchange answers when it is read, and how often it was. */
  state: Effect.Effect<Guard.State, KalshiError.KalshiError>
  reads: number
  cancels: number
}

const world = (state: Guard.State = nothing): World => ({ state: Effect.succeed(state), reads: 0, cancels: 0 })

const guardOf = (
  limits: Guard.Limits,
  options: { readonly world?: World; readonly journal?: ReturnType<typeof memory>; readonly scope?: string } = {}
): Effect.Effect<Guard.Guard["Service"], never, Scope.Scope> => {
  const seen = options.world ?? world()
  return Effect.provideService(
    Guard.make(limits, {
      scope: options.scope ?? "sandbox",
      state: Effect.suspend(() => {
        seen.reads++
        return seen.state
      }),
      cancelAll: Effect.sync(() => {
        seen.cancels++
      })
    }),
    OrderJournal,
    (options.journal ?? memory()).service
  )
}

const A = "KXT-26-A"
const B = "KXT-26-B"
const OTHER = "KXU-26-A"
const of = Contracts.of
const cents = Dollars.cents

let keys = 0
const order = (side: "bid" | "ask", count: number, more: Partial<Guard.Exposure> = {}): Guard.Exposure => ({
  key: `key-${++keys}`,
  ticker: A,
  side,
  price: cents(50),
  count: of(count),
  ...more
})

const amended = (orderId: string, side: "bid" | "ask", count: number, more: Partial<Guard.Exposure> = {}) =>
  order(side, count, { key: orderId, replaces: orderId, ...more })

type Rule = KalshiError.Refused["rule"]

const refuses = (guard: Guard.Guard["Service"], exposures: ReadonlyArray<Guard.Exposure>, rule: Rule) =>
  Effect.map(Effect.flip(guard.admit(exposures)), (refused) => {
    assert.strictEqual(refused._tag, "Refused")
    assert.strictEqual(refused.rule, rule, refused.description)
    assert.strictEqual(refused.outcome, "not-applied")
    return refused
  })

/** Lets an order in and settles it as resting, of which `filled` is filled. */
const rest = Effect.fnUntraced(function* (
  guard: Guard.Guard["Service"],
  orderId: string,
  exposure: Guard.Exposure,
  filled = 0
) {
  yield* guard.admit([exposure])
  yield* guard.settle({
    key: exposure.key,
    orderId,
    remaining: Contracts.subtract(exposure.count, of(filled)),
    filled: of(filled)
  })
})

const ended = (guard: Guard.Guard["Service"], exposure: Guard.Exposure, filled = 0) =>
  guard.settle({ key: exposure.key, remaining: Contracts.zero, filled: of(filled) })

// --- limits ----------------------------------------------------------------------

describe("the limits of one order", () => {
  it.effect("let a size pass up to its bound, and not beyond", () =>
    Effect.gen(function* () {
      const guard = yield* guardOf({ orderCount: of(10) })
      yield* guard.admit([order("bid", 9.99)])
      yield* guard.admit([order("ask", 10)])
      const { message } = yield* refuses(guard, [order("bid", 10.01)], "orderCount")
      assert.include(message, "10.01 contracts in one order, and at most 10.00 contracts are allowed")
    })
  )

  it.effect("let a notional pass up to its bound, of a bid its price and of an ask the rest", () =>
    Effect.gen(function* () {
      const guard = yield* guardOf({ orderNotional: Dollars.of(4) })
      yield* guard.admit([order("bid", 10, { price: cents(40) })])
      yield* refuses(guard, [order("bid", 10, { price: Dollars.of(0.4001) })], "orderNotional")
      yield* refuses(guard, [order("ask", 10, { price: cents(40) })], "orderNotional")
      yield* guard.admit([order("ask", 10, { price: cents(60) })])
    })
  )

  it.effect("know a product that is finer than a micro-dollar exactly", () =>
    Effect.gen(function* () {
      // 0.01 contract at $0.500001 is $0.00500001
      const guard = yield* guardOf({ orderNotional: Dollars.of(0.005) })
      yield* guard.admit([order("bid", 0.01)])
      const { description } = yield* refuses(
        guard,
        [order("bid", 0.01, { price: Dollars.micros(500_001) })],
        "orderNotional"
      )
      assert.include(description, "$0.005001 in one order")
    })
  )

  it.effect("are no reason to read the account", () =>
    Effect.gen(function* () {
      const seen = world()
      const guard = yield* guardOf(
        { orderCount: of(10), orderNotional: Dollars.of(9), createsPerSecond: 5 },
        { world: seen }
      )
      yield* guard.admit([order("bid", 1)])
      assert.strictEqual(seen.reads, 0)
    })
  )
})

describe("the notional of open orders", () => {
  it.effect("counts what rests, exactly, until it has ended", () =>
    Effect.gen(function* () {
      const guard = yield* guardOf({ openNotional: Dollars.of(10) })
      yield* rest(guard, "1", order("bid", 10))
      yield* rest(guard, "2", order("ask", 9.98))
      yield* refuses(guard, [order("bid", 0.03)], "openNotional")
      const last = order("bid", 0.02)
      yield* guard.admit([last])
      yield* refuses(guard, [order("bid", 0.01)], "openNotional")
      yield* ended(guard, last)
      yield* guard.admit([order("bid", 0.02)])
      yield* guard.seen("1", { remaining: Contracts.zero, reducedBy: of(10) })
      yield* guard.admit([order("bid", 10)])
    })
  )

  it.effect("counts only what of an order can still be filled", () =>
    Effect.gen(function* () {
      const guard = yield* guardOf({ openNotional: Dollars.of(5) })
      yield* rest(guard, "1", order("bid", 10), 4)
      yield* refuses(guard, [order("bid", 4.01)], "openNotional")
      yield* guard.admit([order("bid", 4)])
    })
  )

  it.effect("counts what rested before this program began", () =>
    Effect.gen(function* () {
      const resting = [{ orderId: "1", ticker: A, side: "ask", price: cents(90), remaining: of(10) }] as const
      const guard = yield* guardOf({ openNotional: Dollars.of(1.5) }, { world: world({ ...nothing, resting }) })
      yield* refuses(guard, [order("bid", 1.01)], "openNotional")
      yield* guard.admit([order("bid", 1)])
    })
  )
})

describe("the position in a market", () => {
  it.effect("is bounded on either side, with all orders of that side filled", () =>
    Effect.gen(function* () {
      const guard = yield* guardOf({ marketPosition: of(10) })
      yield* rest(guard, "1", order("bid", 6))
      yield* refuses(guard, [order("bid", 4.01)], "marketPosition")
      yield* guard.admit([order("bid", 4)])
      yield* refuses(guard, [order("bid", 0.01)], "marketPosition")
      yield* refuses(guard, [order("ask", 10.01)], "marketPosition")
      yield* guard.admit([order("ask", 10)])
      yield* guard.admit([order("bid", 10, { ticker: B })])
    })
  )

  it.effect("begins with what the account holds and has resting", () =>
    Effect.gen(function* () {
      const guard = yield* guardOf(
        { marketPosition: of(10) },
        {
          world: world({
            positions: [{ ticker: A, position: of(-5) }],
            resting: [{ orderId: "1", ticker: A, side: "ask", price: cents(50), remaining: of(3) }]
          })
        }
      )
      yield* refuses(guard, [order("ask", 2.01)], "marketPosition")
      yield* guard.admit([order("ask", 2)])
      yield* refuses(guard, [order("bid", 15.01)], "marketPosition")
      yield* guard.admit([order("bid", 15)])
    })
  )

  it.effect("does not change when an order that rests is filled, told or not", () =>
    Effect.gen(function* () {
      const guard = yield* guardOf({ marketPosition: of(10) })
      yield* rest(guard, "1", order("bid", 10))
      yield* refuses(guard, [order("bid", 0.01)], "marketPosition")
      yield* guard.seen("1", { remaining: of(4), filled: of(6) })
      yield* refuses(guard, [order("bid", 0.01)], "marketPosition")
      // it rested as 4 and is gone, and nobody says why: it may be filled
      yield* guard.seen("1", { remaining: Contracts.zero })
      yield* refuses(guard, [order("bid", 0.01)], "marketPosition")
    })
  )

  it.effect("counts a fill that is told on both sides", () =>
    Effect.gen(function* () {
      const guard = yield* guardOf({ marketPosition: of(10) })
      const bought = order("bid", 10)
      yield* guard.admit([bought])
      yield* guard.settle({ key: bought.key, orderId: "1", remaining: Contracts.zero, filled: of(10) })
      yield* refuses(guard, [order("bid", 0.01)], "marketPosition")
      yield* guard.admit([order("ask", 20)])
      yield* refuses(guard, [order("ask", 0.01)], "marketPosition")
    })
  )

  it.effect("is free again of what was cancelled", () =>
    Effect.gen(function* () {
      const guard = yield* guardOf({ marketPosition: of(10) })
      yield* rest(guard, "1", order("bid", 10))
      yield* guard.seen("1", { remaining: Contracts.zero, reducedBy: of(7) })
      // the other three may have been filled
      yield* refuses(guard, [order("bid", 7.01)], "marketPosition")
      yield* guard.admit([order("bid", 7)])
    })
  )

  it.effect("lets a position beyond its bound be traded down, and not up", () =>
    Effect.gen(function* () {
      const guard = yield* guardOf(
        { marketPosition: of(10) },
        { world: world({ ...nothing, positions: [{ ticker: A, position: of(50) }] }) }
      )
      yield* refuses(guard, [order("bid", 0.01)], "marketPosition")
      yield* guard.admit([order("ask", 60)])
      yield* refuses(guard, [order("ask", 60)], "marketPosition")
    })
  )

  it.effect("gets nothing from an order that only closes, but what others would have closed", () =>
    Effect.gen(function* () {
      const guard = yield* guardOf(
        { marketPosition: of(10) },
        { world: world({ ...nothing, positions: [{ ticker: A, position: of(10) }] }) }
      )
      yield* guard.admit([order("ask", 100, { reduceOnly: true })])
      // the position may be closed before this is filled
      yield* refuses(guard, [order("ask", 10.01)], "marketPosition")
      yield* guard.admit([order("ask", 10)])
    })
  )

  it.effect("counts a write of unknown outcome until it is settled, whatever is read", () =>
    Effect.gen(function* () {
      const seen = world()
      const guard = yield* guardOf({ marketPosition: of(10) }, { world: seen })
      const lost = order("bid", 10)
      yield* guard.admit([lost])
      for (let minute = 0; minute < 5; minute++) {
        yield* TestClock.adjust("1 minute")
        yield* refuses(guard, [order("bid", 0.01)], "marketPosition")
      }
      assert.isAbove(seen.reads, 1)
      yield* ended(guard, lost)
      yield* guard.admit([order("bid", 10)])
    })
  )
})

describe("the positions of an event", () => {
  it.effect("add up over its markets, whichever side they are on", () =>
    Effect.gen(function* () {
      const guard = yield* guardOf(
        { eventPosition: of(10) },
        { world: world({ ...nothing, positions: [{ ticker: A, position: of(-4) }] }) }
      )
      yield* refuses(guard, [order("bid", 6.01, { ticker: B })], "eventPosition")
      yield* guard.admit([order("bid", 6, { ticker: B })])
      yield* guard.admit([order("bid", 10, { ticker: OTHER })])
      yield* refuses(guard, [order("ask", 0.01)], "eventPosition")
    })
  )

  it.effect("are those of the event that was told, where the ticker says another", () =>
    Effect.gen(function* () {
      const guard = yield* guardOf({ eventPosition: of(10) })
      yield* rest(guard, "1", order("bid", 10))
      yield* refuses(guard, [order("bid", 1, { ticker: OTHER, eventTicker: "KXT-26" })], "eventPosition")
      yield* guard.admit([order("bid", 1, { ticker: B, eventTicker: "KXV" })])
    })
  )
})

describe("creates a second", () => {
  it.effect("are counted in a window that slides", () =>
    Effect.gen(function* () {
      const guard = yield* guardOf({ createsPerSecond: 3 })
      yield* guard.admit([order("bid", 1)])
      yield* TestClock.adjust(500)
      yield* guard.admit([order("bid", 1), order("bid", 1)])
      yield* refuses(guard, [order("bid", 1)], "createsPerSecond")
      yield* TestClock.adjust(499)
      yield* refuses(guard, [order("bid", 1)], "createsPerSecond")
      yield* TestClock.adjust(1)
      yield* guard.admit([order("bid", 1)])
      yield* refuses(guard, [order("bid", 1)], "createsPerSecond")
    })
  )

  it.effect("count neither amends nor what was refused", () =>
    Effect.gen(function* () {
      const guard = yield* guardOf({ createsPerSecond: 2, orderCount: of(5) })
      yield* rest(guard, "1", order("bid", 1))
      yield* refuses(guard, [order("bid", 6)], "orderCount")
      yield* guard.admit([amended("1", "bid", 3)])
      yield* refuses(guard, [order("bid", 1), order("bid", 1)], "createsPerSecond")
      yield* guard.admit([order("bid", 1)])
    })
  )
})

describe("a batch", () => {
  it.effect("is counted whole or not at all", () =>
    Effect.gen(function* () {
      const guard = yield* guardOf({ marketPosition: of(10), openNotional: Dollars.of(100), createsPerSecond: 100 })
      yield* refuses(guard, [order("bid", 6), order("ask", 6), order("bid", 5)], "marketPosition")
      yield* guard.admit([order("bid", 10)])
      yield* refuses(guard, [order("ask", 10), order("ask", 0.01)], "marketPosition")
      yield* guard.admit([order("ask", 10)])
    })
  )

  it.effect("is refused for the size of one of its orders", () =>
    Effect.gen(function* () {
      const guard = yield* guardOf({ orderCount: of(10) })
      yield* refuses(guard, [order("bid", 1), order("bid", 11)], "orderCount")
    })
  )
})

describe("an amend", () => {
  it.effect("counts what it adds, and both orders until it is known which there is", () =>
    Effect.gen(function* () {
      const guard = yield* guardOf({ marketPosition: of(10) })
      yield* rest(guard, "1", order("bid", 4))
      yield* rest(guard, "2", order("bid", 4))
      yield* refuses(guard, [amended("1", "bid", 6.01)], "marketPosition")
      yield* guard.admit([amended("1", "bid", 6)])
      yield* refuses(guard, [order("bid", 0.01)], "marketPosition")
      // it was not applied: the order is what it was
      yield* ended(guard, amended("1", "bid", 6))
      yield* guard.admit([order("bid", 2)])
    })
  )

  it.effect("downward passes every limit, and is counted once it is known", () =>
    Effect.gen(function* () {
      const held: World = world({
        positions: [{ ticker: A, position: of(100) }],
        resting: [{ orderId: "1", ticker: A, side: "bid", price: cents(50), remaining: of(50), filled: of(7) }]
      })
      const guard = yield* guardOf(
        { marketPosition: of(10), openNotional: Dollars.of(1), orderCount: of(1), orderNotional: Dollars.of(0.1) },
        { world: held }
      )
      yield* refuses(guard, [order("ask", 1.01)], "orderCount")
      yield* refuses(guard, [order("ask", 0.01)], "openNotional")
      yield* guard.admit([amended("1", "bid", 50)])
      yield* guard.settle({ key: "1", orderId: "1", remaining: of(50), filled: of(7) })
      yield* guard.admit([amended("1", "bid", 20, { price: cents(49) })])
      yield* refuses(guard, [amended("1", "bid", 50, { price: cents(51) })], "orderNotional")
      yield* guard.settle({ key: "1", orderId: "1", remaining: of(20), filled: of(7) })
      yield* refuses(guard, [amended("1", "bid", 20.01, { price: cents(49) })], "orderCount")
    })
  )

  it.effect("frees what it gave up", () =>
    Effect.gen(function* () {
      const guard = yield* guardOf({ marketPosition: of(10) })
      yield* rest(guard, "1", order("bid", 10), 2)
      yield* guard.admit([amended("1", "bid", 3)])
      yield* refuses(guard, [order("bid", 0.01)], "marketPosition")
      // total 5, of which 3 are filled by now
      yield* guard.settle({ key: "1", orderId: "1", remaining: of(2), filled: of(3) })
      yield* refuses(guard, [order("bid", 5.01)], "marketPosition")
      yield* guard.admit([order("bid", 5)])
    })
  )

  it.effect("of a dearer price is refused where it is one too much", () =>
    Effect.gen(function* () {
      const guard = yield* guardOf({ openNotional: Dollars.of(5) })
      yield* rest(guard, "1", order("ask", 10))
      yield* refuses(guard, [amended("1", "ask", 10, { price: cents(49) })], "openNotional")
      yield* guard.admit([amended("1", "ask", 10, { price: cents(51) })])
    })
  )

  it.effect("of an order that is not known counts as a new one", () =>
    Effect.gen(function* () {
      const guard = yield* guardOf({ marketPosition: of(10) })
      yield* refuses(guard, [amended("9", "bid", 11)], "marketPosition")
      yield* guard.admit([amended("9", "bid", 10)])
      yield* guard.settle({ key: "9", orderId: "9", remaining: of(10), filled: of(5) })
      yield* refuses(guard, [order("bid", 0.01)], "marketPosition")
    })
  )
})

// --- the account -----------------------------------------------------------------

describe("the account", () => {
  it.effect("is read once before the first write, however many need it, and while it is used", () =>
    Effect.gen(function* () {
      const seen = world()
      const gate = yield* Deferred.make<void>()
      seen.state = Effect.as(Deferred.await(gate), nothing)
      const guard = yield* guardOf({ marketPosition: of(10) }, { world: seen })
      assert.strictEqual(seen.reads, 0)
      const waiting = yield* Effect.forkChild(
        Effect.all([guard.admit([order("bid", 1)]), guard.admit([order("bid", 1)])], { concurrency: 2 }),
        { startImmediately: true }
      )
      yield* TestClock.adjust("1 second")
      assert.strictEqual(seen.reads, 1)
      yield* Deferred.succeed(gate, undefined)
      yield* Fiber.join(waiting)
      yield* TestClock.adjust("58 seconds")
      yield* guard.admit([order("bid", 1)])
      assert.strictEqual(seen.reads, 1)
      yield* TestClock.adjust("2 seconds")
      yield* guard.admit([order("bid", 1)])
      yield* TestClock.adjust(0)
      assert.strictEqual(seen.reads, 2)
    })
  )

  it.effect("that cannot be read refuses what raises risk, says why, and is read again", () =>
    Effect.gen(function* () {
      const seen = world()
      seen.state = Effect.fail(unreachable)
      const guard = yield* guardOf({ openNotional: Dollars.of(10), orderCount: of(5) }, { world: seen })
      const { description } = yield* refuses(guard, [order("bid", 1)], "state")
      assert.include(description, "no route")
      seen.state = Effect.die("a defect")
      yield* refuses(guard, [order("bid", 1)], "state")
      seen.state = Effect.succeed(nothing)
      yield* guard.admit([order("bid", 1)])
    })
  )

  it.effect("that was read long ago is read before the next write passes", () =>
    Effect.gen(function* () {
      const seen = world()
      const guard = yield* guardOf({ marketPosition: of(10), refresh: "10 seconds" }, { world: seen })
      yield* guard.admit([order("bid", 1)])
      yield* TestClock.adjust("20 seconds")
      seen.state = Effect.succeed({ ...nothing, positions: [{ ticker: A, position: of(10) }] })
      yield* refuses(guard, [order("bid", 1)], "marketPosition")
      yield* TestClock.adjust("20 seconds")
      seen.state = Effect.fail(unreachable)
      yield* refuses(guard, [order("bid", 1)], "state")
    })
  )

  it.effect("is read on behind an interrupted write", () =>
    Effect.gen(function* () {
      const seen = world()
      seen.state = Effect.delay(Effect.succeed(nothing), "1 second")
      const guard = yield* guardOf({ marketPosition: of(10) }, { world: seen })
      const first = yield* Effect.forkChild(guard.admit([order("bid", 10)]), { startImmediately: true })
      const second = yield* Effect.forkChild(guard.admit([order("bid", 10)]), { startImmediately: true })
      yield* Fiber.interrupt(first)
      yield* TestClock.adjust("1 second")
      yield* Fiber.join(second)
      assert.strictEqual(seen.reads, 1)
    })
  )
})

// --- the switch ------------------------------------------------------------------

describe("the switch", () => {
  const reason = "the model is wrong"

  it.effect("refuses new orders and upward amends at once, and nothing that lowers risk", () =>
    Effect.gen(function* () {
      const guard = yield* guardOf({})
      yield* rest(guard, "1", order("bid", 10))
      yield* guard.kill({ reason })
      const { description } = yield* refuses(guard, [order("bid", 0.01)], "killed")
      assert.include(description, reason)
      yield* refuses(guard, [order("ask", 0.01, { reduceOnly: true })], "killed")
      yield* refuses(guard, [amended("1", "bid", 10.01)], "killed")
      yield* refuses(guard, [amended("1", "bid", 10, { price: cents(51) })], "killed")
      yield* refuses(guard, [amended("2", "bid", 1)], "killed")
      yield* guard.admit([amended("1", "bid", 5)])
      yield* guard.confirm(["1"])
      yield* guard.settle({ key: "1", orderId: "1", remaining: of(5), filled: Contracts.zero })
      yield* guard.seen("1", { remaining: Contracts.zero, reducedBy: of(5) })
    })
  )

  it.effect("survives a restart, until it is taken back", () =>
    Effect.gen(function* () {
      const journal = memory()
      const first = yield* guardOf({}, { journal })
      assert.isUndefined(yield* first.killed)
      yield* TestClock.setTime(1000)
      yield* first.kill({ reason })
      const second = yield* guardOf({}, { journal })
      assert.deepStrictEqual(yield* second.killed, { reason, at: Timestamp.fromMillis(1000) })
      yield* refuses(second, [order("bid", 1)], "killed")
      yield* second.revive
      yield* second.admit([order("bid", 1)])
      const third = yield* guardOf({}, { journal })
      assert.isUndefined(yield* third.killed)
      yield* third.admit([order("bid", 1)])
    })
  )

  it.effect("is that of one account in one environment", () =>
    Effect.gen(function* () {
      const journal = memory()
      const mine = yield* guardOf({}, { journal, scope: "demo/mine" })
      yield* mine.kill({ reason })
      const yours = yield* guardOf({}, { journal, scope: "demo/yours" })
      yield* yours.admit([order("bid", 1)])
    })
  )

  it.effect("is thrown although the journal is dead, and says that it will not survive", () =>
    Effect.gen(function* () {
      const journal = memory()
      const seen = world()
      const guard = yield* guardOf({}, { journal, world: seen })
      yield* guard.admit([order("bid", 1)])
      journal.disk.isDead = true
      const error = yield* Effect.flip(guard.kill({ reason, cancelAll: true }))
      assert.strictEqual(error._tag, "JournalError")
      assert.strictEqual(seen.cancels, 1)
      yield* refuses(guard, [order("bid", 1)], "killed")
      // and it is not taken back by a journal that does not keep that
      yield* Effect.flip(guard.revive)
      yield* refuses(guard, [order("bid", 1)], "killed")
    })
  )

  it.effect("that cannot be read counts as thrown, until it can", () =>
    Effect.gen(function* () {
      const journal = memory()
      journal.disk.isDead = true
      const guard = yield* guardOf({}, { journal })
      const { description } = yield* refuses(guard, [order("bid", 1)], "killed")
      assert.include(description, "the disk is full")
      journal.disk.isDead = false
      yield* guard.admit([order("bid", 1)])
    })
  )

  it.effect("is on before the cancels begin, and tells that they failed", () =>
    Effect.gen(function* () {
      const journal = memory()
      let during: Exit.Exit<void, KalshiError.Refused> | undefined
      const guard: Guard.Guard["Service"] = yield* Effect.provideService(
        Guard.make(
          {},
          {
            scope: "sandbox",
            state: Effect.succeed(nothing),
            cancelAll: Effect.suspend(() => Effect.exit(guard.admit([order("bid", 1)]))).pipe(
              Effect.map((exit) => {
                during = exit
              }),
              Effect.andThen(Effect.fail(unreachable))
            )
          }
        ),
        OrderJournal,
        journal.service
      )
      const error = yield* Effect.flip(guard.kill({ reason, cancelAll: true }))
      assert.strictEqual(error._tag, "KalshiError")
      assert.isTrue(during !== undefined && Exit.isFailure(during))
      assert.strictEqual(journal.kept.get("sandbox")?.reason, reason)
    })
  )

  it.effect("stops what was let in before and has not left yet", () =>
    Effect.gen(function* () {
      const guard = yield* guardOf({})
      const waiting = order("bid", 1)
      yield* guard.admit([waiting])
      yield* guard.confirm([waiting.key])
      yield* guard.kill({ reason })
      const refused = yield* Effect.flip(guard.confirm([waiting.key]))
      assert.strictEqual(refused.rule, "killed")
    })
  )

  it.effect("that is thrown while it is taken back stays thrown", () =>
    Effect.gen(function* () {
      const journal = memory()
      const gate = yield* Deferred.make<void>()
      const slow = OrderJournal.of({
        ...journal.service,
        setKilled: (scope, kill) =>
          kill === undefined
            ? Effect.andThen(Deferred.await(gate), journal.service.setKilled(scope, kill))
            : journal.service.setKilled(scope, kill)
      })
      const guard = yield* Effect.provideService(
        Guard.make({}, { scope: "sandbox", state: Effect.succeed(nothing), cancelAll: Effect.void }),
        OrderJournal,
        slow
      )
      yield* guard.kill({ reason: "first" })
      const reviving = yield* Effect.forkChild(guard.revive, { startImmediately: true })
      const killing = yield* Effect.forkChild(guard.kill({ reason: "second" }), { startImmediately: true })
      yield* Deferred.succeed(gate, undefined)
      yield* Fiber.join(reviving)
      yield* Fiber.join(killing)
      assert.strictEqual((yield* guard.killed)?.reason, "second")
      assert.strictEqual(journal.kept.get("sandbox")?.reason, "second")
    })
  )

  it.effect("tells of both, where neither the journal nor the cancels work", () =>
    Effect.gen(function* () {
      const journal = memory()
      journal.disk.isDead = true
      const guard = yield* Effect.provideService(
        Guard.make({}, { scope: "sandbox", state: Effect.succeed(nothing), cancelAll: Effect.fail(unreachable) }),
        OrderJournal,
        journal.service
      )
      const cause = yield* Effect.flip(Effect.sandbox(guard.kill({ reason, cancelAll: true })))
      assert.deepStrictEqual(
        cause.reasons.filter(Cause.isFailReason).map(({ error }) => error._tag),
        ["JournalError", "KalshiError"]
      )
    })
  )

  it.effect("is not there without a guard, and says so", () =>
    Effect.gen(function* () {
      const guard = yield* Guard.Guard
      yield* guard.admit([order("bid", 1)])
      assert.isUndefined(yield* Guard.killed)
      const error = yield* Effect.flip(Guard.kill({ reason }))
      assert.include(error.message, "no switch")
      yield* Guard.revive
    }).pipe(Effect.provide(Guard.layerNone))
  )
})

// --- the law ---------------------------------------------------------------------

/** A step of a life: what happens, and to which order. */
const Step = Schema.Struct({
  kind: Schema.Literals(["create", "create", "create", "amend", "fill", "cancel", "lose", "settle"]),
  which: Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 7 })),
  side: Schema.Literals(["bid", "ask"]),
  market: Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 2 })),
  count: Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 800 })),
  price: Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 99 })),
  part: Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 100 }))
})

const steps = Arbitrary.schema(Schema.Array(Step).check(Schema.isMaxLength(60)))

/** An order as the exchange has it; `lost` where its owner was never told. */
interface Live {
  readonly id: string
  readonly exposure: Guard.Exposure
  readonly isPlaced: boolean
  price: number
  open: number
  filled: number
  lost: boolean
}

const LIMITS = { market: 1000, event: 1500, notional: 10 * 1_000_000 * 100 }
const tickers = [A, B, OTHER]

/** What an all-knowing eye sees: positions, orders, and the worst that they can come to. */
class Truth {
  readonly positions = new Map<string, number>()
  readonly orders: Array<Live> = []

  position(ticker: string): number {
    return this.positions.get(ticker) ?? 0
  }
  open(ticker: string, side: "bid" | "ask"): number {
    return this.orders
      .filter(({ exposure }) => exposure.ticker === ticker && exposure.side === side)
      .reduce((sum, { open }) => sum + open, 0)
  }
  worst(ticker: string): number {
    const position = this.position(ticker)
    return Math.max(position + this.open(ticker, "bid"), this.open(ticker, "ask") - position, 0)
  }
  ofEvent(ticker: string): number {
    const siblings = ticker === OTHER ? [OTHER] : [A, B]
    return siblings.reduce((sum, sibling) => sum + this.worst(sibling), 0)
  }
  notional(): number {
    return this.orders.reduce(
      (sum, { exposure, open, price }) => sum + open * (exposure.side === "bid" ? price : 1_000_000 - price),
      0
    )
  }
  measures(ticker: string): readonly [market: number, event: number, notional: number] {
    return [this.worst(ticker), this.ofEvent(ticker), this.notional()]
  }
  trade(order: Live, count: number): void {
    order.open -= count
    order.filled += count
    const { side, ticker } = order.exposure
    this.positions.set(ticker, this.position(ticker) + (side === "bid" ? count : -count))
  }
}

const bounds = [LIMITS.market, LIMITS.event, LIMITS.notional] as const
/** Whether a change breaks a limit, by the rule that what does not raise a measure is not refused for it. */
const breaks = (before: ReadonlyArray<number>, after: ReadonlyArray<number>): boolean =>
  bounds.some((bound, index) => (after[index] ?? 0) > bound && (after[index] ?? 0) > (before[index] ?? 0))

/** Lives a life; `isTold` says whether the guard hears of everything. */
const live = Effect.fnUntraced(function* (life: ReadonlyArray<typeof Step.Type>, isTold: boolean) {
  const truth = new Truth()
  const guard = yield* guardOf({
    marketPosition: Contracts.centis(LIMITS.market),
    eventPosition: Contracts.centis(LIMITS.event),
    openNotional: Dollars.micros(LIMITS.notional / 100)
  })
  let admitted = 0
  for (const { count, kind, market, part, price, side, which } of life) {
    const ticker = tickers[market] ?? A
    const resting = truth.orders.filter(({ isPlaced, lost, open }) => isPlaced && !lost && open > 0)
    const chosen = resting[which % Math.max(1, resting.length)]
    switch (kind) {
      case "create":
      case "lose": {
        const exposure = order(side, 1, { ticker, price: cents(price), count: Contracts.centis(count) })
        const lost = kind === "lose" && !isTold
        // of an order that is lost half were never placed, which nobody knows
        const isPlaced = !lost || part % 2 === 0
        const wanted: Live = {
          id: `id-${exposure.key}`,
          exposure,
          isPlaced,
          price: price * 10_000,
          open: count,
          filled: 0,
          lost
        }
        const before = truth.measures(ticker)
        truth.orders.push(wanted)
        const after = truth.measures(ticker)
        const exit = yield* Effect.exit(guard.admit([exposure]))
        if (isTold) assert.strictEqual(Exit.isFailure(exit), breaks(before, after))
        if (Exit.isFailure(exit)) {
          truth.orders.pop()
          break
        }
        admitted++
        assert.isFalse(breaks(before, after))
        if (!isPlaced) truth.orders.pop()
        if (isPlaced && part > 50) truth.trade(wanted, Math.floor((count * part) / 100))
        if (!lost) {
          yield* guard.settle({
            key: exposure.key,
            orderId: wanted.id,
            remaining: Contracts.centis(wanted.open),
            filled: Contracts.centis(wanted.filled)
          })
        }
        break
      }
      case "amend": {
        if (chosen === undefined) break
        const { exposure, id } = chosen
        const change = amended(id, exposure.side, 1, {
          ticker: exposure.ticker,
          price: cents(price),
          count: Contracts.centis(count),
          total: Contracts.centis(chosen.filled + count)
        })
        const old = { open: chosen.open, price: chosen.price }
        const before = truth.measures(exposure.ticker)
        chosen.open = count
        chosen.price = price * 10_000
        const after = truth.measures(exposure.ticker)
        const unit = (price: number) => (exposure.side === "bid" ? price : 1_000_000 - price)
        const dearer = unit(chosen.price) > unit(old.price)
        const exit = yield* Effect.exit(guard.admit([change]))
        // while it is under way it may be as large as either, and as dear
        if (isTold && !(dearer && count < old.open) && !(!dearer && count > old.open)) {
          assert.strictEqual(Exit.isFailure(exit), (count > old.open || dearer) && breaks(before, after))
        }
        if (Exit.isFailure(exit)) {
          chosen.open = old.open
          chosen.price = old.price
          break
        }
        yield* guard.settle({
          key: id,
          orderId: id,
          remaining: Contracts.centis(chosen.open),
          filled: Contracts.centis(chosen.filled)
        })
        break
      }
      case "fill": {
        const open = truth.orders.filter(({ open }) => open > 0)
        const filled = isTold ? chosen : open[which % Math.max(1, open.length)]
        if (filled === undefined) break
        truth.trade(filled, Math.ceil((filled.open * part) / 100))
        if (isTold) {
          yield* guard.seen(filled.id, {
            remaining: Contracts.centis(filled.open),
            filled: Contracts.centis(filled.filled)
          })
        }
        break
      }
      case "cancel": {
        if (chosen === undefined) break
        const reducedBy = Contracts.centis(chosen.open)
        chosen.open = 0
        yield* guard.seen(chosen.id, { remaining: Contracts.zero, reducedBy })
        break
      }
      case "settle": {
        const lost = truth.orders.find((order) => order.lost)
        if (lost === undefined) break
        lost.lost = false
        yield* guard.settle({
          key: lost.exposure.key,
          orderId: lost.id,
          remaining: Contracts.centis(lost.open),
          filled: Contracts.centis(lost.filled)
        })
        break
      }
    }
    if (!isTold) {
      // nothing that was let in could have come to more, whatever is filled from now on
      for (const ticker of tickers) assert.isAtMost(truth.worst(ticker), LIMITS.market)
      for (const ticker of [A, OTHER]) assert.isAtMost(truth.ofEvent(ticker), LIMITS.event)
      assert.isAtMost(truth.notional(), LIMITS.notional)
    }
  }
  return admitted
})

const many = { arbitrary: { runs: 200, size: 10_000 } }

describe("any life of orders", () => {
  it.effect.prop("is let in exactly as by someone who knows everything, where all is told", [steps], ([life]) =>
    live(life, true)
  )

  it.effect.prop(
    "never comes to more than its limits, whatever is not told",
    [steps],
    ([life]) => live(life, false),
    many
  )
})
