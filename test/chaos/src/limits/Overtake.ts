/**
 * How long cancels wait while hundreds of new orders do.
 */
import * as Effect from "effect/Effect"
import * as Figures from "../Figures.ts"
import * as Fleet from "./Fleet.ts"
import * as Plan from "./Plan.ts"
import type * as Server from "./Server.ts"
import * as Venue from "./Venue.ts"

/** Waits in units of what a cancel's tokens take to flow in. */
export interface Outcome {
  readonly cancels: number
  readonly waiting: number
  readonly p50: number
  readonly p99: number
  readonly max: number
}

const WAITING = 500
const PAUSE = 100
// a cancel costs 2 tokens
const UNIT = (2 / Venue.limits.write.refill) * 1000

const outcomeOf = (waits: ReadonlyArray<number>): Outcome => {
  const units = waits.map((millis) => millis / UNIT).toSorted((a, b) => a - b)
  return {
    cancels: units.length,
    waiting: WAITING,
    p50: Figures.percentile(units, 0.5),
    p99: Figures.percentile(units, 0.99),
    max: units.at(-1) ?? 0
  }
}

/** In one process, or in one of several that share the budget in Redis and all have as much waiting. */
export const play = Effect.fnUntraced(
  function* (seed: number, cancels: number, server: Server.Where | undefined, folder: string) {
    const budget = yield* Venue.budget
    const keys = yield* Venue.open(server === undefined ? 1 : Plan.PROCESSES)
    const traders = yield* Effect.forEach(
      keys,
      ({ account, ...key }, index) =>
        Effect.flatMap(index === 0 ? Venue.resting(account, cancels) : Effect.succeed([]), (orderIds) =>
          Fleet.start(
            {
              ...key,
              seed,
              clock: 0,
              waiting: WAITING,
              ...(server === undefined ? {} : { redis: { url: server.url, account: budget } }),
              ...(index === 0 ? { cancels: { orderIds, pause: PAUSE } } : {})
            },
            folder,
            `overtake-${server === undefined ? "alone" : "shared"}-${index}`
          )
        ),
      { concurrency: "unbounded" }
    )
    const [first] = traders
    if (first === undefined) return yield* Effect.die("no process")
    yield* first.done
    return outcomeOf(Fleet.waits(first.lines))
  },
  (effect, seed) => Effect.scoped(Effect.provide(effect, Venue.layer(seed)))
)
