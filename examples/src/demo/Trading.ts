/**
 * A few orders in one market, and what becomes of them.
 */
import { Clock, Data, Effect, Option, Result, Schedule, Stream } from "effect"
import {
  Contracts,
  Dollars,
  type Fill,
  type KalshiError,
  type Order,
  type OrderRequest,
  Portfolio,
  Timestamp
} from "effect-kalshi"
import * as Numbers from "./Numbers.ts"
import * as Quotes from "./Quotes.ts"
import { Screen } from "./Screen.ts"
import { Target } from "./Target.ts"
import * as Words from "./Words.ts"

const CENT = Dollars.cents(1)
const LIMIT = "10 seconds"

/** One thing that was done, and what came of it. */
export interface Step {
  readonly did: string
  readonly what: string
  readonly outcome: string
  /** Whether it was refused where it should not have been. */
  readonly refused: boolean
}

/** What another participant had to do here did not happen. */
export class NobodySells extends Data.TaggedError("NobodySells")<{ readonly cause: KalshiError.KalshiError }> {
  override get message(): string {
    return `the other participant could not sell: ${this.cause.message}`
  }
}

/** An order that should have traded did not. */
export class StillRests extends Data.TaggedError("StillRests")<{ readonly orderId: string }> {
  override get message(): string {
    return `order ${this.orderId} should have been filled by now: given up after ${LIMIT}`
  }
}

/** What the trading came to. */
export interface Session {
  readonly ticker: string
  readonly steps: ReadonlyArray<Step>
  readonly fills: number
  readonly contracts: Contracts.Contracts
  readonly fees: Dollars.Dollars
  readonly cashBefore: Dollars.Dollars
  /** What the fills did to the cash, added up here. */
  readonly moved: Dollars.Dollars
  readonly cashAfter: Dollars.Dollars
}

/** An order each time that it changes, until it no longer rests. */
export const watch = (orderId: string): Stream.Stream<Order.Order, KalshiError.KalshiError, Portfolio.Portfolio> =>
  Stream.unwrap(
    Effect.map(Portfolio.Portfolio, (portfolio) =>
      Stream.fromEffectSchedule(portfolio.getOrder(orderId), Schedule.spaced("150 millis")).pipe(
        Stream.changesWith((a, b) => a.filled === b.filled && a.status === b.status),
        Stream.takeUntil((order) => order.status !== "resting")
      )
    )
  )

// what fills cost in fees; where the wire does not tell of a fill, its order does
const feesOf = Effect.fn("Trading.feesOf")(function* (fills: ReadonlyArray<Fill.Fill>) {
  const portfolio = yield* Portfolio.Portfolio
  const told = fills.map((fill) => fill.fee).filter((fee) => fee !== undefined)
  if (told.length === fills.length) return Dollars.sum(told)
  const ids = Array.from(new Set(fills.map((fill) => fill.orderId)))
  const orders = yield* Effect.forEach(ids, (orderId) => portfolio.getOrder(orderId))
  return Dollars.sum(
    orders.flatMap(({ makerFees, takerFees }) => [takerFees ?? Dollars.zero, makerFees ?? Dollars.zero])
  )
})

// what fills did to the cash: they pay, and get $1 for each pair that they close
const cashOf = Effect.fn("Trading.cashOf")(function* (
  ticker: string,
  since: Timestamp.Timestamp,
  held: Contracts.Contracts
) {
  const portfolio = yield* Portfolio.Portfolio
  const newest = yield* Stream.runCollect(portfolio.fills({ ticker, minTs: since }))
  // the exchange filters by whole seconds
  const fills = newest.filter((fill) => fill.createdAt === undefined || fill.createdAt >= since).toReversed()
  let position: number = held
  let cash = Dollars.zero
  for (const fill of fills) {
    const bid = fill.side === "bid"
    const paid = Dollars.times(bid ? fill.price : Dollars.complement(fill.price), fill.count)
    const closed = Math.min(fill.count, Math.max(0, bid ? -position : position))
    cash = Dollars.sum([cash, Dollars.negate(paid), Dollars.times(Dollars.one, Contracts.centis(closed))])
    position += bid ? fill.count : -fill.count
  }
  const fees = yield* feesOf(fills)
  return {
    count: fills.length,
    contracts: Contracts.sum(fills.map((fill) => fill.count)),
    fees,
    moved: Dollars.subtract(cash, fees)
  }
})

/** Trades in one market; nothing of it rests afterwards. */
export const run = Effect.fn("Trading.run")(function* () {
  const portfolio = yield* Portfolio.Portfolio
  const { other, wire } = yield* Target
  const screen = yield* Screen
  const { paint } = screen
  const steps: Array<Step> = []
  const step = (did: string, what: string, outcome: string, refused = false) =>
    Effect.suspend(() => {
      steps.push({ did, what, outcome, refused })
      const mark = refused ? paint.red("✗") : paint.green("✓")
      return screen.line(`  ${mark} ${did.padEnd(9)}${what.padEnd(35)}${paint.dim(outcome)}`)
    })

  if (wire === "2.0.0" && !(yield* Quotes.isOfWholeCents)) {
    yield* screen.line(
      "  this sandbox has parts of a cent, which this wire cuts off: to trade on it, open it with --legacy"
    )
    return Option.none<Session>()
  }
  const found = yield* Quotes.pick()
  if (Option.isNone(found)) {
    yield* screen.line("  no open market has a bid and an ask with room between them: nothing to trade in")
    return Option.none<Session>()
  }
  const { ask, askSize, bid, ticker } = found.value
  const inside = Dollars.add(bid, CENT)
  yield* screen.line(
    `  ${paint.bold(ticker)}  others bid ${Numbers.dollars(bid)} and ask ${Numbers.dollars(ask)} × ${Numbers.contracts(
      askSize
    )}`
  )

  const since = Timestamp.fromMillis(yield* Clock.currentTimeMillis)
  const before = yield* portfolio.getBalance()
  const { marketPositions } = yield* portfolio.getPositions({ ticker })
  const held = marketPositions[0]?.position ?? Contracts.zero

  // an order that takes what somebody else offers
  const take = { ticker, action: "buy", side: "yes", price: ask, count: Contracts.of(20) } as const
  const cost = yield* portfolio.preview(take, { position: held }).pipe(
    Effect.map(({ worstCost }) =>
      worstCost === "unknown" ? "costs what the exchange says" : `costs ${Numbers.dollars(worstCost)} at most`
    ),
    Effect.catchReason("KalshiError", "NotOnThisWire", () => Effect.succeed("this wire tells no fees before a trade"))
  )
  yield* step("preview", Words.order(take), cost)
  yield* step("create", Words.order(take), Words.became(yield* portfolio.createOrder(take)))

  // one that rests as the best bid
  const rest = { ticker, action: "buy", side: "yes", price: inside, count: Contracts.of(30) } as const
  const resting = yield* portfolio.createOrder(rest)
  yield* step("create", Words.order(rest), Words.became(resting))

  // several at once: each has an answer of its own
  const part = wire === "2.0.0" ? Contracts.of(12) : Contracts.of(12.5)
  const shy = { ...rest, price: ask, postOnly: true } as const
  const ladder: ReadonlyArray<OrderRequest.OrderRequest> = [
    { ...rest, price: bid, count: part },
    { ...rest, price: Dollars.subtract(bid, CENT), count: Contracts.of(15) },
    { ticker, action: "buy", side: "no", price: Dollars.complement(Dollars.add(ask, CENT)), count: Contracts.of(10) },
    ...(wire === "2.0.0" ? [] : [shy])
  ]
  // what a wire has no words for is refused before it is sent
  if (wire === "2.0.0") {
    yield* portfolio.createOrder(shy).pipe(
      Effect.flatMap((result) => step("create", `${Words.order(shy)}, post-only`, Words.became(result), true)),
      Effect.catchReason("KalshiError", "NotOnThisWire", () =>
        step("create", `${Words.order(shy)}, post-only`, "not sent: this wire has no post-only orders")
      )
    )
  }
  const placed: Array<string> = []
  for (const [index, item] of (yield* portfolio.batchCreateOrders(ladder)).entries()) {
    const asked = ladder[index]
    if (asked === undefined) continue
    const { result } = item
    const postOnly = asked.postOnly === true
    const what = Words.order(asked) + (postOnly ? ", post-only" : "")
    if (Result.isSuccess(result)) {
      yield* step("batch", what, Words.became(result.success))
      placed.push(result.success.orderId)
    } else if (postOnly && result.failure.reason._tag === "PostOnlyCross") {
      // one that would take is refused, as it should be
      yield* step("batch", what, "not placed: it would have traded at once")
    } else {
      yield* step("batch", what, Words.refused(result.failure), true)
    }
  }
  const [first = "", ...others] = placed

  const amended = yield* portfolio.amendOrder({ ...rest, orderId: first, price: inside, total: Contracts.of(14) })
  yield* step(
    "amend",
    `${Numbers.contracts(part)} at ${Numbers.dollars(bid)} to 14 at ${Numbers.dollars(inside)}`,
    amended.remaining === undefined ? "done" : `${Numbers.contracts(amended.remaining)} rest, behind the 30`
  )
  const smaller = yield* portfolio.decreaseOrder(resting.orderId, { by: Contracts.of(6) })
  yield* step(
    "decrease",
    "the 30 by 6",
    smaller.remaining === undefined ? "done" : `${Numbers.contracts(smaller.remaining)} rest, still first in the queue`
  )
  const gone = yield* portfolio.cancelOrder(first)
  yield* step("cancel", "the 14", Words.gone(gone))
  const cancelled = yield* portfolio.batchCancelOrders(others)
  for (const { result } of cancelled) {
    yield* step(
      "cancel",
      "one of the batch",
      Result.isSuccess(result) ? Words.gone(result.success) : Words.refused(result.failure),
      Result.isFailure(result)
    )
  }

  // somebody sells to us, in three bites; where nobody is there to, we cross the spread ourselves
  const sells = { ticker, action: "sell", side: "yes", price: inside, count: Contracts.of(8) } as const
  const watching = watch(resting.orderId).pipe(
    Stream.runForEach((order) =>
      step(
        "watch",
        other === undefined ? `the 24, now at ${Numbers.dollars(ask)}` : `the 24, as somebody sells`,
        order.status === "resting"
          ? `${Numbers.contracts(order.filled)} filled, ${Numbers.contracts(order.remaining)} rest`
          : `${order.status}, ${Numbers.contracts(order.filled)} filled`
      )
    ),
    Effect.timeoutOrElse({
      duration: LIMIT,
      orElse: () => Effect.fail(new StillRests({ orderId: resting.orderId }))
    })
  )
  if (other === undefined) {
    yield* portfolio.amendOrder({ ...rest, orderId: resting.orderId, price: ask, total: Contracts.of(24) })
    yield* watching
  } else {
    const selling = Effect.forEach([1, 2, 3], () =>
      Effect.andThen(Effect.sleep("250 millis"), other.createOrder(sells))
    ).pipe(Effect.mapError((cause) => new NobodySells({ cause })))
    // whichever fails ends the other
    yield* Effect.all([selling, watching], { concurrency: "unbounded", discard: true })
  }

  const fills = yield* cashOf(ticker, since, held)
  const after = yield* portfolio.getBalance()
  const session: Session = {
    ticker,
    steps,
    fills: fills.count,
    contracts: fills.contracts,
    fees: fills.fees,
    cashBefore: before.available,
    moved: fills.moved,
    cashAfter: after.available
  }
  return Option.some(session)
})
