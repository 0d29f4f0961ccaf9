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

export interface Learner extends Known {
  /** Goes on for ever. */
  readonly learning: (
    exchange: Exchange.Exchange["Service"],
    store: Store,
    refresh: Duration.Duration
  ) => Effect.Effect<never>
}

const isUsable = ({ capacity, refill }: Bucket): boolean => refill > 0 && capacity > 0

const unusable = new KalshiError.UnreadableAnswer({ status: 200, description: "a bucket holds or refills nothing" })

const termsOf = (
  before: terms.Terms,
  { tier }: Exchange.Limits,
  costs: Option.Option<Exchange.Costs>,
  status: Option.Option<Exchange.Status>
): terms.Terms => ({
  tier,
  standard: Option.match(costs, { onNone: () => before.standard, onSome: ({ standard }) => standard }),
  costs: Option.match(costs, {
    onNone: () => before.costs,
    onSome: ({ exceptions }) => new Map(exceptions.map((row) => [terms.keyOf(row), row.tokens]))
  }),
  shards: Option.match(status, {
    onNone: () => before.shards,
    onSome: ({ shards }) => shards.flatMap(({ index }) => (index === 0 ? [] : [index]))
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

  const learning: Learner["learning"] = (exchange, store, refresh) =>
    refused.close.pipe(
      Effect.andThen(learn(exchange, store)),
      Effect.catch((error) =>
        Effect.logWarning(
          `the limits of the account could not be learned (${error.message}): ` +
            (known.tier === undefined ? "those of the Basic tier are assumed" : `those of ${known.tier} stay in force`)
        )
      ),
      Effect.andThen(asked.open),
      Effect.andThen(Effect.sleep(SPACING)),
      Effect.andThen(Effect.timeoutOption(refused.await, Duration.subtract(refresh, SPACING))),
      Effect.forever
    )

  return { terms: () => known, asked: Effect.asVoid(asked.await), refused: Effect.asVoid(refused.open), learning }
})
