/**
 * Learns what the account has and what its requests cost, from the exchange,
 * at the start and again from time to time, and soon after a 429.
 */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Latch from "effect/Latch"
import * as Option from "effect/Option"
import type * as Exchange from "../Exchange.ts"
import * as KalshiError from "../KalshiError.ts"
import type { Known } from "./make.ts"
import type { Bucket } from "./Service.ts"
import type { Store } from "./Store.ts"
import * as terms from "./terms.ts"

/** Between two times at least: 429s come in numbers. */
const SPACING = Duration.seconds(30)

/** Until what could not be learned is asked for again. */
const AGAIN = Duration.seconds(10)

export interface Learner extends Known {
  /** Goes on for ever. */
  readonly learning: (
    exchange: Exchange.Exchange["Service"],
    store: Store,
    refresh: Duration.Duration
  ) => Effect.Effect<never>
}

// less than one request takes is no limit that anybody has: it would not even let this be asked again
const LEAST = 10

const isUsable = ({ capacity, refill }: Bucket): boolean => refill >= 1 && capacity >= LEAST

const unusable = new KalshiError.UnreadableAnswer({
  status: 200,
  description: "a bucket holds or refills less than one request takes"
})

const isCost = (tokens: number): boolean => tokens >= 0

const termsOf = (
  before: terms.Terms,
  { tier }: Exchange.Limits,
  costs: Option.Option<Exchange.Costs>,
  status: Option.Option<Exchange.Status>
): terms.Terms => ({
  tier,
  standard: Option.match(costs, {
    onNone: () => before.standard,
    onSome: ({ standard }) => (isCost(standard) ? standard : before.standard)
  }),
  costs: Option.match(costs, {
    onNone: () => before.costs,
    onSome: ({ exceptions }) =>
      new Map(exceptions.flatMap((row) => (isCost(row.tokens) ? [[terms.keyOf(row), row.tokens]] : [])))
  }),
  shards: Option.match(status, {
    onNone: () => before.shards,
    // an exchange that lists none says nothing of them
    onSome: ({ shards }) =>
      shards.length === 0 ? before.shards : shards.flatMap(({ index }) => (index === 0 ? [] : [index]))
  })
})

export const make: Effect.Effect<Learner> = Effect.gen(function* () {
  const asked = yield* Latch.make(false)
  const refused = yield* Latch.make(false)
  let known = terms.assumed

  const learn = Effect.fnUntraced(function* (exchange: Exchange.Exchange["Service"], store: Store) {
    const { costs, limits, status } = yield* Effect.all(
      {
        limits: exchange.getLimits,
        // without a key, and of less weight: what they cannot tell stays as it was
        costs: Effect.option(exchange.getCosts),
        status: Effect.option(exchange.getStatus)
      },
      { concurrency: "unbounded" }
    )
    if (!isUsable(limits.read) || !isUsable(limits.write)) return yield* unusable
    known = termsOf(known, limits, costs, status)
    yield* store.learn({ read: limits.read, write: limits.write })
  })

  let problem: string | undefined

  /** Says it once, however often it is asked for. */
  const failed = ({ message }: KalshiError.KalshiError | KalshiError.UnreadableAnswer) =>
    Effect.suspend(() => {
      const isNew = message !== problem
      problem = message
      return isNew
        ? Effect.logWarning(
            `the limits of the account could not be learned (${message}): ` +
              (known.tier === undefined
                ? "those of the Basic tier are assumed"
                : `those of ${known.tier} stay in force`)
          )
        : Effect.void
    })

  const learning: Learner["learning"] = (exchange, store, refresh) =>
    refused.close.pipe(
      Effect.andThen(learn(exchange, store)),
      Effect.as(true),
      Effect.catch((error) => Effect.as(failed(error), false)),
      Effect.tap(asked.open),
      Effect.flatMap((isLearned) => {
        if (!isLearned) return Effect.sleep(AGAIN)
        problem = undefined
        const soon = Effect.timeoutOption(refused.await, Duration.subtract(refresh, SPACING))
        return Effect.andThen(Effect.sleep(SPACING), soon)
      }),
      Effect.forever
    )

  return { terms: () => known, asked: Effect.asVoid(asked.await), refused: Effect.asVoid(refused.open), learning }
})
