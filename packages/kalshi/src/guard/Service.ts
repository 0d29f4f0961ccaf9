/**
 * The guard as what writes through it sees it.
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type * as Contracts from "../Contracts.ts"
import type * as Direction from "../Direction.ts"
import type * as Dollars from "../Dollars.ts"
import type { Kill } from "../journal/Entry.ts"
import { JournalError } from "../journal/Service.ts"
import type * as KalshiError from "../KalshiError.ts"
import type * as Timestamp from "../Timestamp.ts"

/**
 * What an order adds at worst: all of it rests or is filled. `price` is the
 * YES price.
 *
 * @since 0.1.0
 * @category models
 */
export interface Exposure {
  /** By which the order is known before it has an id: its client order id, or the order id of one that is amended. */
  readonly key: string
  readonly ticker: string
  /** The event of the market, where it is known; else the ticker without its last part. */
  readonly eventTicker?: string | undefined
  readonly side: Direction.Direction
  readonly price: Dollars.Dollars
  /** What may be filled from now on. */
  readonly count: Contracts.Contracts
  readonly reduceOnly?: boolean | undefined
  /** Set where the order of this id exists and this is what it becomes. */
  readonly replaces?: string | undefined
  /**
   * Of an amend: what is filled already plus what is wanted, as it says. It
   * tells what may be filled where not every fill was heard of.
   */
  readonly total?: Contracts.Contracts | undefined
}

/**
 * What became of an order that was let in.
 *
 * @since 0.1.0
 * @category models
 */
export interface Settled {
  readonly key: string
  /** Absent where nothing was placed, or where an amend was not applied. */
  readonly orderId?: string | undefined
  /** What of it can still be filled: 0 where it has ended or nothing was placed. */
  readonly remaining: Contracts.Contracts
  /** What of it has been filled in all: of an amended order its total less what remains. */
  readonly filled: Contracts.Contracts
}

/**
 * What was heard of an order after a cancel, a decrease or a look.
 *
 * @since 0.1.0
 * @category models
 */
export interface Seen {
  /** What of it can still be filled: 0 where it has ended. */
  readonly remaining: Contracts.Contracts
  /**
   * What of it has been filled in all. Where it is absent, all that went and
   * was not taken off counts as filled until the account is read again.
   */
  readonly filled?: Contracts.Contracts | undefined
  /** What this cancel or decrease took off the book, as its answer tells. */
  readonly reducedBy?: Contracts.Contracts | undefined
  /**
   * How fresh it is, where it was read and not answered to a write: what is
   * older than our last change of the order says nothing.
   */
  readonly asOf?: Timestamp.Timestamp | undefined
}

/**
 * Lets writes pass or refuses them.
 *
 * @since 0.1.0
 * @category services
 */
export class Guard extends Context.Service<
  Guard,
  {
    /** Counts what a write may add, all or nothing, or refuses it. Cancels and decreases do not come here. */
    readonly admit: (exposures: ReadonlyArray<Exposure>) => Effect.Effect<void, KalshiError.Refused>
    /**
     * Asked once more just before the first byte leaves, since a write may have
     * waited: refuses what raises risk once the switch is thrown. What it has
     * refused still has to be settled.
     */
    readonly confirm: (keys: ReadonlyArray<string>) => Effect.Effect<void, KalshiError.Refused>
    /** Hears what became of an order, once for each time it was let in; until then it counts at its worst. */
    readonly settle: (settled: Settled) => Effect.Effect<void>
    /** Hears what still rests of an order after a cancel, a decrease or a look. */
    readonly seen: (orderId: string, seen: Seen) => Effect.Effect<void>
    /**
     * Throws the switch: from this moment new orders and upward amends are
     * refused, also after a restart. With `cancelAll` every resting order is
     * cancelled as well. Fails with a `JournalError` where the switch is thrown
     * and would not survive a restart, and with a `KalshiError` where the
     * cancels failed.
     */
    readonly kill: (options: {
      readonly reason: string
      readonly cancelAll?: boolean | undefined
    }) => Effect.Effect<void, JournalError | KalshiError.KalshiError>
    /** Takes the switch back once that is durable. */
    readonly revive: Effect.Effect<void, JournalError>
    /** The switch, absent where it is not thrown. */
    readonly killed: Effect.Effect<Kill | undefined, JournalError>
  }
>()("effect-kalshi/Guard") {}

/**
 * Lets everything pass. It has no switch: `kill` fails, since whoever throws
 * one must not believe that it works. A guard with a switch and without limits
 * is `layer({})`.
 *
 * @since 0.1.0
 * @category layers
 */
export const layerNone: Layer.Layer<Guard> = Layer.succeed(
  Guard,
  Guard.of({
    admit: () => Effect.void,
    confirm: () => Effect.void,
    settle: () => Effect.void,
    seen: () => Effect.void,
    kill: () =>
      Effect.fail(
        new JournalError({
          operation: "kill",
          description: "there is no switch, since this program has no guard: provide Guard.layer"
        })
      ),
    revive: Effect.void,
    killed: Effect.succeed(undefined)
  })
)
