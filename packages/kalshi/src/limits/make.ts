/**
 * The queues in front of a store.
 *
 * One queue a bucket, with lanes. The head of a lane alone asks the store, at
 * the moment at which it would send, and between two asks it holds nothing but
 * its claim. Waiting can be interrupted, asking cannot: tokens that were taken
 * for someone who is gone go back.
 */
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { LimitExceeded } from "../KalshiError.ts"
import * as lines from "./line.ts"
import * as metrics from "./metrics.ts"
import { type Grant, type Lane, RateLimit, type Request } from "./Service.ts"
import { type Ask, type Bill, type Granted, type Store } from "./Store.ts"
import * as terms from "./terms.ts"

/** What is known of the account, and when it is known for the first time. */
export interface Known {
  readonly terms: () => terms.Terms
  /** Ends when the exchange was asked what the account has, whether it answered or not. */
  readonly asked: Effect.Effect<void>
  /** The exchange has refused a request that the buckets let go. */
  readonly refused: Effect.Effect<void>
}

export const fixed: Known = { terms: () => terms.assumed, asked: Effect.void, refused: Effect.void }

// later than any clock
const NEVER = 2n ** 63n

/** Milliseconds for which what is larger than all that is known waits to hear what there is. */
const LEARNED_WITHIN = 5_000

const millisOf = ({ longest }: Request): number => (longest === undefined ? Infinity : Duration.toMillis(longest))

interface Head {
  readonly line: lines.Line
  readonly gauges: metrics.Gauges
}

interface Queue {
  readonly lanes: Readonly<Record<Lane, Head>>
  readonly left: (tokens: number) => Effect.Effect<void>
}

const queueOf = (bucket: string): Queue => {
  const head = (lane: Lane): Head => ({ line: lines.make(), gauges: metrics.of(bucket, lane) })
  return {
    lanes: { cancel: head("cancel"), order: head("order"), read: head("read") },
    left: metrics.left(bucket)
  }
}

const lengthsOf = ({ lanes: { cancel, order, read } }: Queue): Readonly<Record<Lane, number>> => ({
  cancel: cancel.line.length(),
  order: order.line.length(),
  read: read.line.length()
})

const never = ({ items }: Request, { buckets, tokens }: Bill, capacity: number): LimitExceeded =>
  new LimitExceeded({
    description:
      `a request of ${tokens} tokens never fits the ${buckets[0]} bucket of ${capacity}` +
      (items === undefined ? "" : ": send a smaller batch"),
    ...(items === undefined ? {} : { largest: Math.floor((capacity * items) / tokens) })
  })

const late = (longest: number): LimitExceeded =>
  new LimitExceeded({
    description:
      `no tokens within ${Math.round(longest)} ms, and a late order is an order at an old price: ` +
      "send fewer, or let orders be older with Resolution.maxAge"
  })

const full = (bucket: string, length: number): LimitExceeded =>
  new LimitExceeded({ description: `${length} requests wait for tokens of the ${bucket} bucket already` })

/** Makes a rate limit that waits for the tokens of a store. */
export const make = (
  store: Store,
  options: { readonly known: Known; readonly queue: number }
): RateLimit["Service"] => {
  const { known, queue: longestQueue } = options
  const queues = new Map<string, Queue>()
  const queueFor = (bucket: string): Queue => {
    const queue = queues.get(bucket) ?? queueOf(bucket)
    queues.set(bucket, queue)
    return queue
  }

  const fits = (request: Request, bill: Bill): Effect.Effect<void, LimitExceeded> =>
    Effect.flatMap(store.largest(request.bucket, request.lane), (largest) =>
      bill.tokens <= largest ? Effect.void : Effect.fail(never(request, bill, largest))
    )

  /** What it is billed. A request that is too large for all that is known waits until more is. */
  const billed = (request: Request): Effect.Effect<Bill, LimitExceeded> => {
    const bill = Effect.suspend(() => {
      const bill = terms.billOf(request, known.terms())
      return Effect.as(fits(request, bill), bill)
    })
    const asked = Effect.timeoutOption(known.asked, Math.min(millisOf(request), LEARNED_WITHIN))
    return Effect.catch(bill, () => Effect.andThen(Effect.interruptible(asked), bill))
  }

  /** Asks at the head of a lane until the tokens are there. */
  const ask = Effect.fnUntraced(function* (
    request: Request,
    asked: Ask,
    deadline: bigint
  ): Effect.fn.Return<Granted, LimitExceeded> {
    while (true) {
      const answer = yield* store.ask(asked)
      if (answer.granted) return answer
      const left = Number(deadline - (yield* Clock.monotonicTimeNanos)) / 1e6
      if (left <= 0) return yield* late(millisOf(request))
      yield* Effect.interruptible(store.rest(Math.min(answer.wait, left)))
      // the budget may have changed
      yield* fits(request, asked)
    }
  })

  const take = Effect.fnUntraced(function* (request: Request): Effect.fn.Return<Grant, LimitExceeded> {
    const bill = yield* billed(request)
    const [bucket = request.bucket] = bill.buckets
    const queue = queueFor(bucket)
    const { gauges, line } = queue.lanes[request.lane]
    const { cancel, order, read } = lengthsOf(queue)
    // what lowers risk is let into a full queue
    if (request.lane !== "cancel" && cancel + order + read >= longestQueue) return yield* full(bucket, longestQueue)
    const longest = millisOf(request)
    const began = yield* Clock.monotonicTimeNanos
    const deadline = longest === Infinity ? NEVER : began + BigInt(Math.ceil(longest * 1e6))
    const entered = line.enter(longest)
    yield* gauges.waiting(line.length() + 1)
    // the place of a lane among all is its own: who gives up leaves it to the next
    const claim = `${bucket} ${request.lane}`
    const asking = ask(request, { ...bill, claim, lane: request.lane }, deadline).pipe(
      Effect.onError(() => (line.length() > 1 ? Effect.void : store.withdraw(claim))),
      Effect.ensuring(Effect.sync(line.leave))
    )
    const answer = yield* Effect.flatMap(entered, (came) => (came ? asking : Effect.fail(late(longest)))).pipe(
      Effect.tapError(() => gauges.givenUp),
      Effect.ensuring(Effect.suspend(() => gauges.waiting(line.length())))
    )
    // who was interrupted while the store answered does not get them
    yield* Effect.onInterrupt(Effect.interruptible(Effect.void), () => answer.giveBack)
    const waited = Duration.nanos((yield* Clock.monotonicTimeNanos) - began)
    yield* gauges.waited(waited)
    yield* queue.left(answer.left)
    return {
      ...bill,
      waited,
      giveBack: answer.giveBack,
      refused: Effect.andThen(answer.refused, Effect.andThen(metrics.refuse(bill.buckets), known.refused))
    }
  })

  const state = Effect.gen(function* () {
    const { mode, processes } = yield* store.mode
    const levels = yield* store.levels
    return {
      mode,
      processes,
      tier: known.terms().tier,
      buckets: levels.map((level) => ({ ...level, waiting: lengthsOf(queueFor(level.name)) }))
    }
  })

  return RateLimit.of({ take: (request) => Effect.uninterruptible(take(request)), state })
}
