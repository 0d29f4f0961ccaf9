/**
 * Limits that every write passes before it is signed, whoever asks for it, and
 * a switch that stops new risk.
 *
 * A breach is the reason `Refused`: nothing was sent, and `rule` names the
 * limit. What lowers risk never comes here: cancels, batches of them, and
 * decreases; an amend that makes an order neither larger nor dearer always
 * passes. What does not raise a measure is not refused for it, so that a
 * position beyond its limit can be traded down.
 *
 * What is counted is the worst that can come about: a write counts whole from
 * the moment it is let in until its outcome is known, an order that rests as
 * what of it can still be filled, and a fill is never missed, since it only
 * moves contracts from the book into the position. The account is read before
 * the first write that needs it (a limit on open notional or on positions) and
 * again while the guard is used. Reads lag: what this program did within the
 * bounds of `Resolution` before them stays counted beside them, and may count
 * twice until the next. What other programs do with the account is seen when
 * it is read, and not before.
 *
 * @since 0.1.0
 */
import * as Cause from "effect/Cause"
import * as Clock from "effect/Clock"
import * as Deferred from "effect/Deferred"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import type * as HttpClient from "effect/http/HttpClient"
import * as Layer from "effect/Layer"
import type * as Scope from "effect/Scope"
import * as Semaphore from "effect/Semaphore"
import * as Breaker from "./Breaker.ts"
import * as Contracts from "./Contracts.ts"
import * as Dollars from "./Dollars.ts"
import * as account from "./guard/account.ts"
import * as ledger from "./guard/ledger.ts"
import { type Exposure, Guard, layerNone, type Seen, type Settled } from "./guard/Service.ts"
import * as decimal from "./internal/decimal.ts"
import type { Kill } from "./journal/Entry.ts"
import { type JournalError, OrderJournal } from "./journal/Service.ts"
import * as KalshiError from "./KalshiError.ts"
import type { RateLimit } from "./limits/Service.ts"
import { Resolution } from "./Resolution.ts"
import { Signer } from "./Signer.ts"
import * as Timestamp from "./Timestamp.ts"
import * as Transport from "./Transport.ts"

export * from "./guard/Service.ts"

/**
 * What a guard lets pass, each bound included; what is left out is not limited.
 *
 * Notional is what an order sets aside when all of it opens a position at its
 * limit, in dollars: a bid its price a contract, an ask $1 less its price.
 *
 * @since 0.1.0
 * @category models
 */
export interface Limits {
  /** The largest size of one order, of what can be filled of it. */
  readonly orderCount?: Contracts.Contracts | undefined
  /** The largest notional of one order. */
  readonly orderNotional?: Dollars.Dollars | undefined
  /** The largest notional of all orders together, of what can still be filled. */
  readonly openNotional?: Dollars.Dollars | undefined
  /**
   * The largest position in a market, of either side, that can come about: the
   * position with all orders of one side filled. An order that only closes
   * (`reduceOnly`) adds nothing to it but what other orders would have closed.
   * Subaccounts count together.
   */
  readonly marketPosition?: Contracts.Contracts | undefined
  /**
   * The largest sum of those over the markets of an event. The event of a
   * market is what `Exposure` or the account tells, else its ticker without the
   * last part.
   */
  readonly eventPosition?: Contracts.Contracts | undefined
  /** How many orders may be created within any second, each of a batch counted. */
  readonly createsPerSecond?: number | undefined
  /** After how long the account is read again while orders come. Default 1 minute. */
  readonly refresh?: Duration.Input | undefined
}

/**
 * What the exchange says of an account.
 *
 * @since 0.1.0
 * @category models
 */
export interface State extends ledger.State {
  /** How fresh all of it is, where that is known; else it counts as ten seconds old. */
  readonly asOf?: Timestamp.Timestamp | undefined
}

/**
 * How a guard sees the account that it guards.
 *
 * @since 0.1.0
 * @category models
 */
export interface Account {
  /** Names the switch in the journal: the environment, and the account in it. */
  readonly scope: string
  /** Reads the account, the resting orders before the positions. */
  readonly state: Effect.Effect<State, KalshiError.KalshiError>
  /** Cancels every resting order, and fails where one may still rest. */
  readonly cancelAll: Effect.Effect<void, KalshiError.KalshiError>
}

const SECOND = 1000
// what reads may lag where they do not say it
const LAG = 10_000

const refused = (rule: KalshiError.Refused["rule"], description: string): KalshiError.Refused =>
  new KalshiError.Refused({ rule, description })

const contracts = (count: number): string => `${Contracts.format(Contracts.centis(count))} contracts`

/** An exact notional, rounded up to a micro-dollar for people. */
const dollars = (notional: bigint): string =>
  `$${Dollars.format(Dollars.micros(Number(decimal.divide(notional, 100n, "ceil"))))}`

const exact = (limit: Dollars.Dollars): bigint => BigInt(limit) * 100n

/** What a write breaks by itself. */
const ofOrder = (
  { orderCount, orderNotional }: Limits,
  { count, countBefore, notional, notionalBefore }: ledger.Change
): KalshiError.Refused | undefined => {
  if (orderCount !== undefined && count > orderCount && count > countBefore) {
    return refused("orderCount", `${contracts(count)} in one order, and at most ${contracts(orderCount)} are allowed`)
  }
  if (orderNotional !== undefined && notional > exact(orderNotional) && notional > notionalBefore) {
    return refused(
      "orderNotional",
      `${dollars(notional)} in one order, and at most ${dollars(exact(orderNotional))} are allowed`
    )
  }
  return undefined
}

/** What a write breaks with all that is there already. */
const ofAll = (
  { eventPosition, marketPosition, openNotional }: Limits,
  before: ledger.Measures,
  after: ledger.Measures
): KalshiError.Refused | undefined => {
  if (openNotional !== undefined && after.notional > exact(openNotional) && after.notional > before.notional) {
    return refused(
      "openNotional",
      `${dollars(after.notional)} in open orders, and at most ${dollars(exact(openNotional))} are allowed`
    )
  }
  const beyond = (
    rule: "marketPosition" | "eventPosition",
    limit: Contracts.Contracts,
    now: ReadonlyMap<string, number>,
    then: ReadonlyMap<string, number>
  ): KalshiError.Refused | undefined => {
    for (const [name, worst] of then) {
      if (worst > limit && worst > (now.get(name) ?? 0)) {
        return refused(
          rule,
          `it could come to a position of ${contracts(worst)} in ${name}, ` +
            `and at most ${contracts(limit)} are allowed`
        )
      }
    }
    return undefined
  }
  return (
    (marketPosition === undefined
      ? undefined
      : beyond("marketPosition", marketPosition, before.markets, after.markets)) ??
    (eventPosition === undefined ? undefined : beyond("eventPosition", eventPosition, before.events, after.events))
  )
}

/**
 * Makes a guard of an account that you can read.
 *
 * @since 0.1.0
 * @category constructors
 */
export const make = Effect.fnUntraced(function* (
  limits: Limits,
  { cancelAll, scope: name, state }: Account
): Effect.fn.Return<Guard["Service"], never, OrderJournal | Scope.Scope> {
  const journal = yield* OrderJournal
  const margin = Duration.toMillis(Duration.fromInputUnsafe((yield* Resolution).margin))
  const refresh = Duration.toMillis(Duration.fromInputUnsafe(limits.refresh ?? "1 minute"))
  const needsState = [limits.openNotional, limits.marketPosition, limits.eventPosition].some(
    (limit) => limit !== undefined
  )
  const book = ledger.make({ isMerged: needsState })

  // --- the account -------------------------------------------------------------

  // the policies of the layer, not those of the call that happens to need the account
  const fork = Effect.runForkWith(yield* Effect.context<never>())
  const scope = yield* Effect.scope
  let readAt = Number.NEGATIVE_INFINITY
  let reading: Deferred.Deferred<void, KalshiError.Refused> | undefined

  const read: Effect.Effect<void, KalshiError.Refused> = Effect.gen(function* () {
    const started = yield* Clock.currentTimeMillis
    const found = yield* Effect.mapError(state, (error) =>
      refused("state", `what the account holds could not be read (${error.message})`)
    )
    const until = yield* Clock.currentTimeMillis
    const asOf = found.asOf === undefined ? started - LAG : Math.min(started, Timestamp.toMillis(found.asOf))
    book.merge(found, { from: asOf - margin, until })
    readAt = started
  })

  /** The reading that is under way, or one that begins now. */
  const readOnce = (): Deferred.Deferred<void, KalshiError.Refused> => {
    if (reading !== undefined) return reading
    const deferred = Deferred.makeUnsafe<void, KalshiError.Refused>()
    reading = deferred
    const whole = Effect.onExit(read, (exit) =>
      Effect.suspend(() => {
        reading = undefined
        return Deferred.complete(
          deferred,
          Exit.isFailure(exit) && !Cause.hasFails(exit.cause)
            ? Effect.fail(refused("state", "what the account holds could not be read (the reading broke off)"))
            : exit
        )
      })
    )
    Fiber.runIn(fork(whole), scope)
    return deferred
  }

  /** Waits where nothing is known or it is old, and looks again beside the writes where it gets old. */
  const known: Effect.Effect<void, KalshiError.Refused> = Effect.flatMap(Clock.currentTimeMillis, (now) => {
    const age = now - readAt
    if (age >= 2 * refresh) return Deferred.await(readOnce())
    if (age >= refresh) readOnce()
    return Effect.void
  })

  // --- the switch ----------------------------------------------------------------

  let thrown: Kill | undefined
  let isRead = false
  // the last who used the switch decides, whenever the journal answers
  let turns = 0
  const turn = yield* Semaphore.make(1)

  const killed: Effect.Effect<Kill | undefined, JournalError> = Effect.suspend(() => {
    if (isRead) return Effect.succeed(thrown)
    const before = turns
    return Effect.map(journal.killed(name), (kill) => {
      if (turns === before) {
        thrown = kill
        isRead = true
      }
      return thrown
    })
  })

  const ofSwitch = (): KalshiError.Refused | undefined =>
    thrown === undefined
      ? undefined
      : refused("killed", `the switch was thrown at ${Timestamp.format(thrown.at)}: ${thrown.reason}`)

  /** A switch that cannot be read counts as thrown. */
  const alive: Effect.Effect<void, KalshiError.Refused> = killed.pipe(
    Effect.mapError((error) => refused("killed", `whether the switch is thrown could not be read (${error.message})`)),
    Effect.flatMap(() => {
      const wrong = ofSwitch()
      return wrong === undefined ? Effect.void : Effect.fail(wrong)
    })
  )

  const kill: Guard["Service"]["kill"] = (options) =>
    Effect.gen(function* () {
      const at = yield* Timestamp.now
      const kill: Kill = { reason: options.reason, at }
      thrown = kill
      isRead = true
      turns++
      // a journal that hangs keeps nobody from cancelling
      const [kept, cancelled] = yield* Effect.all(
        [
          Effect.exit(turn.withPermits(1)(journal.setKilled(name, kill))),
          Effect.exit(options.cancelAll === true ? cancelAll : Effect.void)
        ],
        { concurrency: "unbounded" }
      )
      if (Exit.isFailure(kept)) {
        return yield* Effect.failCause(
          Exit.isFailure(cancelled) ? Cause.combine(kept.cause, cancelled.cause) : kept.cause
        )
      }
      return yield* cancelled
    })

  const revive: Effect.Effect<void, JournalError> = Effect.suspend(() => {
    const before = ++turns
    return Effect.map(turn.withPermits(1)(journal.setKilled(name, undefined)), () => {
      if (turns !== before) return
      thrown = undefined
      isRead = true
    })
  })

  // --- the limits ----------------------------------------------------------------

  let creates: ReadonlyArray<number> = []

  const ofRate = (count: number, now: number): KalshiError.Refused | undefined => {
    creates = creates.filter((at) => at > now - SECOND)
    return limits.createsPerSecond !== undefined && count > 0 && creates.length + count > limits.createsPerSecond
      ? refused(
          "createsPerSecond",
          `${creates.length + count} new orders within a second, and at most ${limits.createsPerSecond} are allowed`
        )
      : undefined
  }

  /** Counts writes and looks at what they come to; in one step, so that no other comes between. */
  const admitNow = (exposures: ReadonlyArray<Exposure>, now: number): KalshiError.Refused | undefined => {
    const raises = exposures.some((exposure) => book.change(exposure).raises)
    if (raises) {
      // it may have been thrown while the account was read
      const stopped = ofSwitch()
      if (stopped !== undefined) return stopped
      for (const exposure of exposures) {
        const change = book.change(exposure)
        const wrong = change.raises ? ofOrder(limits, change) : undefined
        if (wrong !== undefined) return wrong
      }
    }
    const fresh = exposures.filter(({ replaces }) => replaces === undefined).length
    const tooFast = ofRate(fresh, now)
    if (tooFast !== undefined) return tooFast
    const before = needsState ? book.measure(exposures) : undefined
    const counted = exposures.map((exposure) => book.count(exposure, now))
    const wrong = before !== undefined && raises ? ofAll(limits, before, book.measure(exposures)) : undefined
    if (wrong !== undefined) {
      for (const { undo } of counted.toReversed()) undo()
      return wrong
    }
    if (limits.createsPerSecond !== undefined) {
      creates = [...creates, ...Array.from({ length: fresh }, () => now)]
    }
    return undefined
  }

  const admit = Effect.fnUntraced(function* (exposures: ReadonlyArray<Exposure>) {
    if (exposures.some((exposure) => book.change(exposure).raises)) {
      yield* alive
      if (needsState) yield* known
    }
    const now = yield* Clock.currentTimeMillis
    const wrong = admitNow(exposures, now)
    if (wrong !== undefined) return yield* wrong
  })

  return Guard.of({
    admit,
    confirm: (keys) => Effect.suspend(() => (keys.some(book.raises) ? alive : Effect.void)),
    settle: (settled: Settled) => Effect.map(Clock.currentTimeMillis, (now) => book.settle(settled, now)),
    seen: (orderId: string, seen: Seen) =>
      Effect.map(Clock.currentTimeMillis, (now) =>
        book.seen(orderId, seen, now, seen.asOf === undefined ? undefined : Timestamp.toMillis(seen.asOf) - margin)
      ),
    kill,
    revive,
    killed
  })
})

/**
 * A guard's limits, and the account that it guards.
 *
 * @since 0.1.0
 * @category models
 */
export interface Options extends Limits {
  /** Tells accounts of one environment apart that share a journal. Default the one without a name. */
  readonly account?: string | undefined
  /** Whose positions are read and counted together, 0 to 63. Default the primary account, 0. */
  readonly subaccounts?: ReadonlyArray<number> | undefined
}

/**
 * A guard of the account of the signer in force, read and cancelled over today's
 * wire on a road of its own. Without limits it is the switch alone.
 *
 * @since 0.1.0
 * @category layers
 */
export const layer = (
  options: Options = {}
): Layer.Layer<Guard, never, OrderJournal | HttpClient.HttpClient | Signer | RateLimit> =>
  Layer.effect(
    Guard,
    Effect.gen(function* () {
      const { environment } = yield* Signer
      const guarded = yield* account.make(options.subaccounts ?? [0])
      return yield* make(options, {
        scope: options.account === undefined ? environment.name : `${environment.name}/${options.account}`,
        ...guarded
      })
    })
  ).pipe(
    // it cancels, and what cancels passes every guard and every breaker
    Layer.provide(Transport.layer.pipe(Layer.provide([Breaker.layerNone, layerNone]))),
    // layers are shared by reference, whatever they are provided with: another account's is another
    Layer.fresh
  )

/**
 * Throws the switch of the guard in force: from this moment new orders and
 * upward amends are refused, also after a restart. With `cancelAll` every
 * resting order is cancelled as well.
 *
 * Fails with a `JournalError` where the switch is thrown and would not survive
 * a restart, and with a `KalshiError` where the cancels failed.
 *
 * @since 0.1.0
 * @category accessors
 */
export const kill = (options: {
  readonly reason: string
  readonly cancelAll?: boolean | undefined
}): Effect.Effect<void, JournalError | KalshiError.KalshiError, Guard> => Guard.use((guard) => guard.kill(options))

/**
 * Takes back the switch of the guard in force, once that is durable. Fails with
 * a `JournalError` where it stays thrown.
 *
 * @since 0.1.0
 * @category accessors
 */
export const revive: Effect.Effect<void, JournalError, Guard> = Guard.use((guard) => guard.revive)

/**
 * The switch of the guard in force, absent where it is not thrown. Fails with a
 * `JournalError` where that cannot be read; new orders are refused then.
 *
 * @since 0.1.0
 * @category accessors
 */
export const killed: Effect.Effect<Kill | undefined, JournalError, Guard> = Guard.use((guard) => guard.killed)
