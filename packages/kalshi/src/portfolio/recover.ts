/**
 * What became of writes that a program left open when it ended. It looks, and
 * sends nothing again.
 */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Result from "effect/Result"
import * as write from "../internal/write.ts"
import type { Open } from "../journal/Entry.ts"
import { type JournalError, OrderJournal } from "../journal/Service.ts"
import type * as Contracts from "../Contracts.ts"
import type * as Dollars from "../Dollars.ts"
import * as KalshiError from "../KalshiError.ts"
import type { CancelledOrder, ChangedOrder } from "../models/OrderChange.ts"
import type { Recovered, RecoveredItem } from "../models/Recovered.ts"
import * as Resolution from "../Resolution.ts"
import { Signer } from "../Signer.ts"
import * as Timestamp from "../Timestamp.ts"
import type * as change from "./change.ts"
import type { CreateFailure, Entry, Item } from "./entry.ts"
import * as landed from "./landed.ts"
import type { Lists } from "./lists.ts"
import type { OrderMemory } from "./orderMemory.ts"
import type { AskFreshness } from "./resolve.ts"
import type { Running } from "./writes.ts"

/** What the body of an entry says; none where it is none of this wire's. */
export interface Bodies {
  readonly created: (body: string) => Option.Option<ReadonlyArray<Item>>
  readonly reduced: (
    body: string
  ) => Option.Option<{ readonly by?: Contracts.Contracts | undefined; readonly to?: Contracts.Contracts | undefined }>
  readonly amended: (
    body: string
  ) => Option.Option<{ readonly price: Dollars.Dollars; readonly total: Contracts.Contracts }>
}

/** What to do beside looking. */
export interface Options {
  /** Cancels what still rests of the orders that were placed. Default false. */
  readonly cancelResting?: boolean | undefined
}

// how many entries are looked for side by side
const CONCURRENCY = 32

const interrupted = (operation: string) =>
  new KalshiError.KalshiError({
    operation,
    reason: new KalshiError.Disconnected({ description: "the program ended before the answer was in", sent: true }),
    attempts: 1
  })

/** The write of an entry, as if it was under way still. */
const runningOf = ({ attempts, entry }: Open): Running => {
  const under = new write.Write({ clientOrderIds: entry.clientOrderIds, orderIds: entry.orderIds })
  under.entry = entry
  under.before = entry.before
  under.leave(attempts.at(-1) ?? entry.at)
  const lastAttempt = under.lastAttempt ?? entry.at
  return {
    write: under,
    lost: () => Effect.void,
    stillUnknown: (cause) =>
      new KalshiError.OutcomeUnknown({
        writeId: entry.id,
        cause: cause.reason.message,
        evidence: { lastAttempt, looks: 0, provenFrom: lastAttempt }
      })
  }
}

/** Makes the recovery of a wire's writes. */
export const make = Effect.fnUntraced(function* (options: {
  readonly bodies: Bodies
  readonly lists: Lists
  readonly memory: OrderMemory
  readonly freshness: AskFreshness
  readonly entry: Pick<Entry, "mayLack"> & { readonly createOrder: landed.Failing<CreateFailure> }
  readonly settleChange: change.SettleChange
  readonly cancelOrder: (orderId: string) => Effect.Effect<CancelledOrder, KalshiError.KalshiError>
}) {
  const { bodies, cancelOrder, entry, freshness, lists, memory, settleChange } = options
  const journal = yield* OrderJournal
  const { account, environment } = yield* Signer

  /** Looks until the deadline; nothing where it has passed. */
  const inTime = <A, E>(looking: Effect.Effect<A, E>): Effect.Effect<Option.Option<Result.Result<A, E>>> =>
    Effect.flatMap(Resolution.Resolution, ({ deadline }) => Effect.timeoutOption(Effect.result(looking), deadline))

  const failed = (error: KalshiError.KalshiError): Pick<RecoveredItem, "outcome" | "error"> => ({
    outcome: error.outcome,
    error
  })

  const created = Effect.fnUntraced(function* (open: Open, item: Item, { cancelResting = false }: Options) {
    const settled = yield* inTime(
      landed.settle({
        running: runningOf(open),
        lists,
        freshness,
        item,
        error: interrupted(open.entry.operation),
        startedAt: open.entry.at,
        op: entry.createOrder,
        mayLack: entry.mayLack,
        // its answer may have come, and the program gone on, before it ended
        mayHaveChanged: true
      })
    )
    const { clientOrderId } = item
    if (Option.isNone(settled)) return { clientOrderId, outcome: "unknown" as const }
    if (Result.isFailure(settled.value)) return { clientOrderId, ...failed(settled.value.failure) }
    const placed = settled.value.success
    const { orderId, remaining } = placed
    memory.remember(orderId, { ticker: item.order.ticker, subaccount: item.order.subaccount }, remaining === 0)
    const found: RecoveredItem = { clientOrderId, orderId, outcome: "applied", placed }
    if (!cancelResting || remaining === 0) return found
    const cancelled = yield* Effect.result(cancelOrder(orderId))
    return Result.isSuccess(cancelled)
      ? { ...found, cancelled: cancelled.success }
      : { ...found, error: cancelled.failure }
  })

  const changed = Effect.fnUntraced(function* (
    open: Open,
    settle: (running: Running, error: KalshiError.KalshiError) => Effect.Effect<ChangedOrder, KalshiError.KalshiError>
  ) {
    const [orderId] = open.entry.orderIds
    const settled = yield* inTime(settle(runningOf(open), interrupted(open.entry.operation)))
    if (Option.isNone(settled)) return { orderId, outcome: "unknown" as const }
    return Result.isFailure(settled.value)
      ? { orderId, ...failed(settled.value.failure) }
      : { orderId, outcome: "applied" as const, changed: settled.value.success }
  })

  /** What became of each item; nothing where an entry is none of an order. */
  const itemsOf = (open: Open, options: Options): Effect.Effect<ReadonlyArray<RecoveredItem> | undefined> => {
    const { entry } = open
    const [orderId = ""] = entry.orderIds
    switch (entry.operation) {
      case "createOrder":
      case "batchCreateOrders":
        return Option.match(bodies.created(entry.body), {
          onNone: () => Effect.succeed(undefined),
          onSome: (items) => Effect.forEach(items, (item) => created(open, item, options), { concurrency: CONCURRENCY })
        })
      case "decreaseOrder":
        return Option.match(bodies.reduced(entry.body), {
          onNone: () => Effect.succeed(undefined),
          onSome: (reduction) =>
            Effect.map(
              changed(open, (running, error) =>
                settleChange.decrease(running, orderId, error, entry.before?.total, reduction)
              ),
              (item) => [item]
            )
        })
      case "amendOrder":
        return Option.match(bodies.amended(entry.body), {
          onNone: () => Effect.succeed(undefined),
          onSome: (wanted) =>
            Effect.map(
              changed(open, (running, error) => settleChange.amend(running, orderId, error, entry.before, wanted)),
              (item) => [item]
            )
        })
      default:
        return Effect.succeed(undefined)
    }
  }

  const isOurs = ({ entry }: Open): boolean =>
    entry.account === account && entry.environment === environment.name && entry.baseUrl === environment.baseUrl

  const one = Effect.fnUntraced(function* (open: Open, options: Options): Effect.fn.Return<Recovered, JournalError> {
    const { entry, leaseUntil } = open
    const now = yield* Timestamp.now
    if (entry.writer === journal.writer || leaseUntil > now) return { entry, leaseUntil, state: "leased", items: [] }
    const items = yield* itemsOf(open, options)
    if (items === undefined) return { entry, leaseUntil, state: "foreign", items: [] }
    if (items.some(({ outcome }) => outcome === "unknown")) return { entry, leaseUntil, state: "open", items }
    yield* journal.close(entry.id, closingOf(items))
    return { entry, leaseUntil, state: "settled", items }
  })

  return {
    recover: (options: Options = {}): Effect.Effect<ReadonlyArray<Recovered>, JournalError> =>
      Effect.flatMap(journal.open, (all) =>
        Effect.forEach(all.filter(isOurs), (open) => one(open, options), { concurrency: CONCURRENCY })
      )
  }
})

const closingOf = (items: ReadonlyArray<RecoveredItem>) => {
  const applied = items.filter(({ outcome }) => outcome === "applied").length
  const outcome = items.length > 1 ? "settled" : applied === 1 ? "applied" : "not-applied"
  return { outcome, summary: `recovered: ${applied} of ${items.length} applied` } as const
}
