/**
 * Processes that share one account through Redis and want twice what it has,
 * while their clocks are apart, their requests are overtaken by others, and one
 * of them is killed now and then; and after that a stranger who spends half.
 */
import { Control } from "@effect-kalshi/sandbox"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Schedule from "effect/Schedule"
import * as Fleet from "./Fleet.ts"
import * as Plan from "./Plan.ts"
import * as Sdk from "./Sdk.ts"
import type * as Server from "./Server.ts"
import * as Venue from "./Venue.ts"

export interface Outcome {
  readonly processes: number
  readonly seconds: number
  readonly restarts: number
  /** What the processes wanted, over what the account has. */
  readonly load: number
  readonly rejections429: number
  readonly accepted: { readonly read: number; readonly write: number }
  /** Tokens accepted of what the write bucket holds and refills; and of the read bucket. */
  readonly utilisation: number
  readonly utilisationRead: number
  readonly stranger: {
    readonly seconds: number
    readonly spent: number
    readonly accepted: number
    readonly refused: number
    /** The most that one process was refused within a second. */
    readonly busiestSecond: number
  }
  readonly sdk: Sdk.Outcome
}

const CLOCKS_APART = 500

// a new order costs 10 tokens, and so does a read
const COST = 10
const { read, write } = Venue.limits
const every = {
  create: Math.round((1000 * Plan.PROCESSES * COST) / (2 * write.refill)),
  read: Math.round((1000 * Plan.PROCESSES * COST) / (2 * read.refill))
}

// a stranger spends half of what flows in, a little at a time
const SIP = { tokens: 5, millis: (5 / (write.refill / 2)) * 1000 }

const used = (accepted: number, bucket: { readonly capacity: number; readonly refill: number }, seconds: number) =>
  accepted / (bucket.capacity + bucket.refill * seconds)

/** Each for itself where there is no Redis. */
export const play = Effect.fnUntraced(
  function* (seed: number, scale: Plan.Scale["sharing"], server: Server.Where | undefined, folder: string) {
    const control = yield* Control.Control
    const keys = yield* Venue.open(Plan.PROCESSES)
    const [first] = keys
    if (first === undefined) return yield* Effect.die("no keys")
    const { account } = first
    yield* Venue.delayed(seed)
    const budget = yield* Venue.budget

    let lives = 0
    const start = (index: number) => {
      const { account: _, ...key } = keys[index] ?? first
      return Fleet.start(
        {
          ...key,
          seed: seed + lives,
          ...(server === undefined ? {} : { redis: { url: server.url, account: budget } }),
          clock: (index - (Plan.PROCESSES - 1) / 2) * CLOCKS_APART,
          every,
          waiting: 0,
          ...(scale.headroom === undefined ? {} : { headroom: scale.headroom })
        },
        folder,
        `sharing-${lives++}`
      )
    }
    const traders = yield* Effect.forEach(Array.from({ length: Plan.PROCESSES }), (_, index) => start(index), {
      concurrency: "unbounded"
    })
    yield* Effect.forEach(traders, ({ trading }) => trading, { concurrency: "unbounded" })

    const before = yield* control.tokens(account)
    const from = yield* Clock.currentTimeMillis
    let restarts = 0
    const restart = Effect.gen(function* () {
      const index = restarts++ % Plan.PROCESSES
      yield* traders[index]?.kill ?? Effect.void
      traders[index] = yield* start(index)
    })
    // none falls on the end: the last one is back before it
    const again = Math.ceil(scale.seconds / scale.restartEvery) - 2
    const restarting = yield* Effect.forkChild(
      restart.pipe(
        Effect.repeat(Schedule.spaced(scale.restartEvery * 1000).pipe(Schedule.upTo({ times: again }))),
        Effect.delay(scale.restartEvery * 1000)
      )
    )
    yield* Effect.sleep(scale.seconds * 1000)
    yield* Fiber.join(restarting)
    const after = yield* control.tokens(account)
    const seconds = ((yield* Clock.currentTimeMillis) - from) / 1000

    const strange = yield* Clock.currentTimeMillis
    yield* control
      .spend(account, "write", SIP.tokens)
      .pipe(Effect.repeat(Schedule.fixed(SIP.millis)), Effect.timeoutOption(scale.stranger * 1000))
    const last = yield* control.tokens(account)
    const strangerSeconds = ((yield* Clock.currentTimeMillis) - strange) / 1000
    yield* Effect.forEach(traders, ({ kill }) => kill, { concurrency: "unbounded" })

    const accepted = {
      read: after.accepted.read - before.accepted.read,
      write: after.accepted.write - before.accepted.write
    }
    const outcome: Outcome = {
      processes: Plan.PROCESSES,
      seconds: Math.round(seconds),
      restarts,
      load: (Plan.PROCESSES * COST * (1000 / every.create)) / write.refill,
      rejections429: Venue.refusals(after) - Venue.refusals(before),
      accepted,
      utilisation: used(accepted.write, write, seconds),
      utilisationRead: used(accepted.read, read, seconds),
      stranger: {
        seconds: Math.round(strangerSeconds),
        spent: last.spent.write - after.spent.write,
        accepted: last.accepted.write - after.accepted.write,
        refused: Venue.refusals(last) - Venue.refusals(after),
        busiestSecond: Math.max(...traders.map(({ lines }) => Fleet.busiestSecond(lines, strange)))
      },
      sdk: yield* Sdk.play
    }
    return outcome
  },
  (effect, seed) => Effect.scoped(Effect.provide(effect, Venue.layer(seed)))
)
