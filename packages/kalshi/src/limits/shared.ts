/**
 * Tokens of all processes of an account, or this one's part of them while
 * their store does not answer.
 *
 * When Redis is gone, each process takes the budget divided by the number of
 * processes that it last heard of, from buckets that are empty, and looks every
 * now and then whether Redis is back. Nothing waits for Redis meanwhile.
 */
import * as Cause from "effect/Cause"
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as SecureRandom from "effect/crypto/SecureRandom"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Latch from "effect/Latch"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Redis from "effect/persistence/Redis"
import * as Schedule from "effect/Schedule"
import * as Schema from "effect/Schema"
import * as Scope from "effect/Scope"
import * as memory from "./memory.ts"
import * as remotes from "./redis.ts"
import type { Budget } from "./Service.ts"
import { type Answer, type Ask, type Bill, bucketOf, type Level, rank, type Store } from "./Store.ts"

/** Milliseconds after which Redis counts as gone: more where it is far away. */
const PATIENCE = { least: 250, most: 1_000, roundTrips: 4 }

/** How long a head sleeps at most: its claim must not lapse, and others may have left. */
const NAP = remotes.LEASE / 4

const STEP = 25

/** Milliseconds for which a connection may take to close. */
const CLOSING = 1_000

const Limits = Schema.Struct({ refill: Schema.Finite, capacity: Schema.Finite })
const BudgetJson = Schema.fromJsonString(Schema.Struct({ read: Limits, write: Limits }))
const decode = Schema.decodeUnknownOption(BudgetJson)
const encode = Schema.encodeSync(BudgetJson)

const millis = Effect.map(Clock.monotonicTimeNanos, (now) => Number(now) / 1e6)

/** In steps, between which answers are read: that this process was busy says nothing of Redis. */
const patience = (duration: number): Effect.Effect<void> =>
  Effect.repeat(Effect.sleep(STEP), Schedule.recurs(Math.ceil(duration / STEP) - 1)).pipe(Effect.asVoid)

const part = ({ read, write }: Budget, processes: number): Budget => ({
  read: { refill: read.refill / processes, capacity: read.capacity / processes },
  write: { refill: write.refill / processes, capacity: write.capacity / processes }
})

export interface Options {
  readonly account: string
  readonly redis: Layer.Layer<Redis.Redis, unknown>
  readonly prefix: string
  /** What is assumed until the account's budget was learned by any process. */
  readonly budget: Budget
  readonly headroom: number
  /** How many processes there are at least. */
  readonly processes: number
}

interface Apart {
  readonly store: Store
  /** What was spent of it, by bucket. */
  readonly spent: Map<string, number>
}

/** Makes the store, which leaves the account when its scope closes. */
export const make = Effect.fnUntraced(function* (
  options: Options
): Effect.fn.Return<Store, never, SecureRandom.SecureRandom | Scope.Scope> {
  const { account, headroom } = options
  const member = yield* (yield* SecureRandom.SecureRandom).uuidV4()
  const scope = yield* Scope.Scope
  const sooner = yield* Latch.make(false)

  let budget = options.budget
  let written = encode(budget)
  // what this process has learned itself, which Redis may have forgotten or not heard
  let own = written
  let hasLearned = false
  let isUntold = false
  let roundTrip = 0
  let seen: ReadonlyArray<Level> = []
  let processes = options.processes
  let heard = yield* millis
  let apart: Apart | undefined
  let problem = "no connection yet"
  let remote: ReturnType<typeof remotes.make> | undefined
  const connected = yield* Latch.make(false)
  let life: Scope.Closeable | undefined

  type Said = Omit<remotes.Call, "member" | "headroom" | "processes">

  const failed = (why: string) =>
    Effect.sync(() => {
      problem = why
      return Option.none<remotes.Reply>()
    })

  /** Opens the connection, and tries again where that fails. */
  const connect = Effect.gen(function* () {
    life = yield* Scope.make()
    const built = yield* Effect.onError(Layer.buildWithScope(options.redis, life), () =>
      life === undefined ? Effect.void : Scope.close(life, Exit.void)
    )
    remote = remotes.make(Context.get(built, Redis.Redis), options)
    yield* connected.open
  }).pipe(
    Effect.tapError((error) => failed(Cause.pretty(Cause.fail(error)).split("\n", 1)[0] ?? "")),
    Effect.retry(Schedule.min([Schedule.exponential("1 second"), Schedule.spaced("10 seconds")]))
  )

  /** What Redis answers, if it does within its time. */
  const call = (said: Said, learned?: string): Effect.Effect<Option.Option<remotes.Reply>> =>
    Effect.flatMap(millis, (asked) => {
      if (remote === undefined) return Effect.succeedNone
      const within = Math.min(PATIENCE.most, Math.max(PATIENCE.least, PATIENCE.roundTrips * roundTrip))
      return Effect.raceFirst(
        Effect.interruptible(
          remote({ ...said, member, headroom, processes }, own, learned).pipe(
            Effect.asSome,
            Effect.catch(({ cause }) => failed(cause instanceof Error ? cause.message : String(cause)))
          )
        ),
        Effect.interruptible(Effect.andThen(patience(within), failed(`nothing within ${Math.round(within)} ms`)))
      ).pipe(
        Effect.tap((answer) =>
          Effect.map(millis, (now) => {
            if (Option.isNone(answer)) return
            const [, , alive, text] = answer.value
            heard = now
            roundTrip += (now - asked - roundTrip) / 8
            processes = Math.max(options.processes, alive)
            if (text !== written) {
              written = text
              budget = Option.getOrElse(decode(text), () => budget)
            }
          })
        )
      )
    })

  /** What needs no answer: nobody waits for it. */
  const tell = (said: Said): Effect.Effect<void> =>
    Effect.asVoid(Effect.forkIn(call(said), scope, { startImmediately: true }))

  const leave: Effect.Effect<Apart> = Effect.suspend(() => {
    if (apart !== undefined) return Effect.succeed(apart)
    return Effect.map(memory.make({ budget: part(budget, processes), headroom }), (store) => {
      apart ??= { store, spent: new Map() }
      return apart
    }).pipe(
      Effect.tap(
        Effect.logWarning(
          `Redis does not answer (${problem}): until it does, this process takes 1/${processes} of the budget of ${account}`
        )
      )
    )
  })

  const askApart = ({ spent, store }: Apart, ask: Ask): Effect.Effect<Answer> => {
    const count = (sign: 1 | -1) => {
      for (const name of ask.buckets) spent.set(name, (spent.get(name) ?? 0) + sign * ask.tokens)
    }
    return Effect.map(store.ask(ask), (answer) => {
      if (!answer.granted) return answer
      count(1)
      return {
        ...answer,
        giveBack: Effect.tap(
          answer.giveBack,
          Effect.sync(() => count(-1))
        )
      }
    })
  }

  const granted = ({ buckets, tokens }: Bill, left: number): Answer => ({
    granted: true,
    left,
    giveBack: tell({ op: "giveBack", buckets, tokens }),
    refused: tell({ op: "refused", buckets })
  })

  const claimOf = (claim: string): string => `${member}:${claim}`

  const ask = (ask: Ask): Effect.Effect<Answer> =>
    Effect.suspend(() => {
      if (apart !== undefined) return askApart(apart, ask)
      const { buckets, claim, lane, tokens } = ask
      const said = { op: "ask", claim: claimOf(claim), rank: rank(lane), tokens, buckets } as const
      return Effect.flatMap(call(said), (answer) => {
        if (Option.isNone(answer)) return Effect.flatMap(leave, (apart) => askApart(apart, ask))
        const [taken, number] = answer.value
        return Effect.succeed(taken === 1 ? granted(ask, Number(number)) : { granted: false, wait: Number(number) })
      })
    })

  const tellBudget: Effect.Effect<void> = Effect.suspend(() =>
    Effect.map(call({ op: "learn" }, own), (answer) => {
      isUntold = Option.isNone(answer)
    })
  )

  /** Says that this process lives, and comes back where it was cut off. */
  const hello: Effect.Effect<void> = Effect.suspend(() => {
    const before = apart
    if (before === undefined) {
      return Effect.flatMap(call({ op: "hello" }), (answer) =>
        Option.isNone(answer) ? Effect.asVoid(leave) : Effect.void
      )
    }
    return Effect.flatMap(millis, (now) =>
      call({ op: "hello", joins: true, apart: now - heard, spent: Object.fromEntries(before.spent) })
    ).pipe(
      Effect.flatMap((answer) => {
        if (Option.isNone(answer)) return Effect.void
        apart = undefined
        return sooner.release.pipe(
          Effect.andThen(Effect.logInfo(`Redis answers again: the budget of ${account} is shared`)),
          Effect.andThen(isUntold || (hasLearned && written === own) ? tellBudget : Effect.void)
        )
      })
    )
  })

  const levels: Effect.Effect<ReadonlyArray<Level>> = Effect.suspend(() => {
    if (apart !== undefined) return apart.store.levels
    return Effect.map(call({ op: "levels" }), (answer) => {
      if (Option.isNone(answer)) return seen
      const [, , , , ...pairs] = answer.value
      seen = pairs.flatMap((name, index) =>
        index % 2 === 1 ? [] : [{ name, ...bucketOf(budget, name), tokens: Number(pairs[index + 1]) }]
      )
      return seen
    })
  })

  // a client that waits for what was never answered is not waited for
  yield* Effect.addFinalizer((exit) =>
    life === undefined
      ? Effect.void
      : Effect.flatMap(Effect.forkDetach(Scope.close(life, exit)), (closing) =>
          Effect.asVoid(Effect.timeoutOption(Fiber.await(closing), CLOSING))
        )
  )
  yield* Effect.forkScoped(connect)
  yield* Effect.timeoutOption(connected.await, PATIENCE.most)
  const first = yield* call({ op: "hello", joins: true })
  if (Option.isNone(first)) yield* leave
  yield* Effect.addFinalizer(() => (apart === undefined ? call({ op: "leave" }) : Effect.void))
  yield* Effect.forkScoped(Effect.repeat(hello, Schedule.spaced(remotes.HEARTBEAT)))

  return {
    ask,
    withdraw: (claim) =>
      Effect.suspend(() => apart?.store.withdraw(claim) ?? tell({ op: "withdraw", claim: claimOf(claim) })),
    rest: (wait) => Effect.asVoid(Effect.timeoutOption(sooner.await, Math.max(1, Math.min(Math.ceil(wait), NAP)))),
    largest: (bucket, lane) =>
      // what lowers risk may take more than its part once, and pays for it later
      Effect.suspend(() =>
        apart === undefined || lane === "cancel"
          ? Effect.succeed(bucketOf(budget, bucket).capacity)
          : apart.store.largest(bucket, lane)
      ),
    learn: (next) =>
      Effect.suspend(() => {
        budget = next
        own = encode(next)
        hasLearned = true
        isUntold = true
        return apart === undefined ? tellBudget : apart.store.learn(part(next, processes))
      }),
    levels,
    mode: Effect.sync(() => ({ mode: apart === undefined ? "shared" : "apart", processes }))
  }
})
