/**
 * Limits that every write passes before it is signed, whoever asks for it.
 *
 * @since 0.1.0
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type * as Contracts from "./Contracts.ts"
import type * as Direction from "./Direction.ts"
import type * as Dollars from "./Dollars.ts"
import type * as KalshiError from "./KalshiError.ts"

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
  readonly side: Direction.Direction
  readonly price: Dollars.Dollars
  /** What may be filled from now on. */
  readonly count: Contracts.Contracts
  readonly reduceOnly?: boolean | undefined
  /** Set where the order of this id exists and this is what it becomes. */
  readonly replaces?: string | undefined
}

/**
 * What became of an order that was let in.
 *
 * @since 0.1.0
 * @category models
 */
export interface Settled {
  readonly key: string
  /** Absent where nothing was placed. */
  readonly orderId?: string | undefined
  /** What of it can still be filled: 0 where it has ended or nothing was placed. */
  readonly remaining: Contracts.Contracts
  /** What of it has been filled. */
  readonly filled: Contracts.Contracts
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
    /** Hears what became of an order; until then it counts at its worst. */
    readonly settle: (settled: Settled) => Effect.Effect<void>
    /** Hears what still rests of an order after a cancel, a decrease or a look: 0 where it has ended. */
    readonly seen: (orderId: string, remaining: Contracts.Contracts) => Effect.Effect<void>
  }
>()("effect-kalshi/Guard") {}

/**
 * Lets everything pass.
 *
 * @since 0.1.0
 * @category layers
 */
export const layerNone: Layer.Layer<Guard> = Layer.succeed(
  Guard,
  Guard.of({ admit: () => Effect.void, settle: () => Effect.void, seen: () => Effect.void })
)
