/**
 * Tokens of all processes of an account, or this one's part of them while
 * their store does not answer.
 *
 * When Redis is gone, each process takes the budget divided by the number of
 * processes that it last heard of, from buckets that are empty, and looks every
 * now and then whether Redis is back. Nothing waits for Redis meanwhile.
 */
import * as Clock from "effect/Clock"
import * as SecureRandom from "effect/crypto/SecureRandom"
import * as Effect from "effect/Effect"
import * as Latch from "effect/Latch"
import * as Option from "effect/Option"
import * as Redis from "effect/persistence/Redis"
import * as Schedule from "effect/Schedule"
import * as Schema from "effect/Schema"
import * as Scope from "effect/Scope"
import * as memory from "./memory.ts"
import * as remotes from "./redis.ts"
import type { Budget } from "./Service.ts"
import { type Answer, type Ask, type Bill, bucketOf, type Level, rank, type Store } from "./Store.ts"

/** Milliseconds after which Redis counts as gone, and as gone for a cancel. */
const PATIENCE = { cancel: 100, other: 250 }

/** How long a head sleeps at most: its claim must not lapse, and others may have left. */
const NAP = remotes.LEASE / 4

const STEP = 25

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
): Effect.fn.Return<Store, never, Redis.Redis | SecureRandom.SecureRandom | Scope.Scope> {
  const { account, headroom } = options
  const remote = remotes.make(yield* Redis.Redis, options)
  const member = yield* (yield* SecureRandom.SecureRandom).uuidV4()
  const scope = yield* Scope.Scope
  const sooner = yield* Latch.make(false)
  const assumed = encode(options.budget)

  let budget = options.budget
  let written = assumed
  let processes = options.processes
  let heard = yield* millis
  let apart: Apart | undefined
  let problem = ""
  let learned: Budget | undefined

  type Said = Omit<remotes.Call, "member" | "headroom">

  const failed = (why: string) =>
    Effect.sync(() => {
      problem = why
      return Option.none<remotes.Reply>()
    })

  /** What Redis answers, if it does within its time. */
  const call = (said: Said, within: number, learned?: string): Effect.Effect<Option.Option<remotes.Reply>> =>
    Effect.raceFirst(
      Effect.interruptible(
        remote({ ...said, member, headroom }, assumed, learned).pipe(
          Effect.asSome,
          Effect.catch(({ cause }) => failed(cause instanceof Error ? cause.message : String(cause)))
        )
      ),
      Effect.interruptible(Effect.andThen(patience(within), failed(`nothing within ${within} ms`)))
    ).pipe(
      Effect.tap((answer) =>
        Effect.map(millis, (now) => {
          if (Option.isNone(answer)) return
          const [, , alive, text] = answer.value
          heard = now
          processes = Math.max(options.processes, alive)
          if (text !== written) {
            written = text
            budget = Option.getOrElse(decode(text), () => budget)
          }
        })
      )
    )

  /** What needs no answer: nobody waits for it. */
  const tell = (said: Said): Effect.Effect<void> =>
    Effect.asVoid(Effect.forkIn(call(said, PATIENCE.other), scope, { startImmediately: true }))

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
      return Effect.flatMap(call(said, lane === "cancel" ? PATIENCE.cancel : PATIENCE.other), (answer) => {
        if (Option.isNone(answer)) return Effect.flatMap(leave, (apart) => askApart(apart, ask))
        const [taken, number] = answer.value
        return Effect.succeed(taken === 1 ? granted(ask, Number(number)) : { granted: false, wait: Number(number) })
      })
    })

  const tellBudget = (next: Budget): Effect.Effect<void> =>
    Effect.asVoid(call({ op: "learn" }, PATIENCE.other, encode(next)))

  /** Says that this process lives, and comes back where it was cut off. */
  const hello: Effect.Effect<void> = Effect.suspend(() => {
    const before = apart
    if (before === undefined) {
      return Effect.flatMap(call({ op: "hello" }, PATIENCE.other), (answer) =>
        Option.isNone(answer) ? Effect.asVoid(leave) : Effect.void
      )
    }
    return Effect.flatMap(millis, (now) =>
      call({ op: "hello", apart: now - heard, processes, spent: Object.fromEntries(before.spent) }, PATIENCE.other)
    ).pipe(
      Effect.flatMap((answer) => {
        if (Option.isNone(answer)) return Effect.void
        apart = undefined
        // it may have forgotten everything
        const known = written === assumed && learned !== undefined ? tellBudget(learned) : Effect.void
        return sooner.release.pipe(
          Effect.andThen(Effect.logInfo(`Redis answers again: the budget of ${account} is shared`)),
          Effect.andThen(known)
        )
      })
    )
  })

  const levels: Effect.Effect<ReadonlyArray<Level>> = Effect.suspend(() => {
    if (apart !== undefined) return apart.store.levels
    return Effect.map(call({ op: "levels" }, PATIENCE.other), (answer) => {
      const [, , , , ...pairs] = Option.getOrElse(answer, (): remotes.Reply => [0, "0", 0, ""])
      return pairs.flatMap((name, index) =>
        index % 2 === 1 ? [] : [{ name, ...bucketOf(budget, name), tokens: Number(pairs[index + 1]) }]
      )
    })
  })

  yield* hello
  yield* Effect.addFinalizer(() => call({ op: "leave" }, PATIENCE.other))
  yield* Effect.forkScoped(Effect.repeat(hello, Schedule.spaced(remotes.HEARTBEAT)))

  return {
    ask,
    withdraw: (claim) =>
      Effect.suspend(() => apart?.store.withdraw(claim) ?? tell({ op: "withdraw", claim: claimOf(claim) })),
    rest: (wait) => Effect.asVoid(Effect.timeoutOption(sooner.await, Math.max(1, Math.min(Math.ceil(wait), NAP)))),
    budget: Effect.sync(() => budget),
    learn: (next) =>
      Effect.suspend(() => {
        budget = next
        learned = next
        return apart === undefined ? tellBudget(next) : apart.store.learn(part(next, processes))
      }),
    levels,
    mode: Effect.sync(() => ({ mode: apart === undefined ? "shared" : "apart", processes }))
  }
})
