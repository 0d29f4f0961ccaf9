/**
 * How much smaller an order shall be, as either wire says it.
 *
 * @since 0.1.0
 */
import type * as Contracts from "effect-kalshi/Contracts"

/**
 * By how much, or to what.
 *
 * @since 0.1.0
 * @category models
 */
export type Reduction = { readonly reduceBy: Contracts.Contracts } | { readonly reduceTo: Contracts.Contracts }

/**
 * The one of the two that a request gives; nothing for neither or both.
 *
 * @since 0.1.0
 * @category conversions
 */
export const of = ({
  reduce_by: reduceBy,
  reduce_to: reduceTo
}: {
  readonly reduce_by?: Contracts.Contracts | undefined
  readonly reduce_to?: Contracts.Contracts | undefined
}): Reduction | undefined =>
  reduceBy !== undefined && reduceTo === undefined
    ? { reduceBy }
    : reduceTo !== undefined && reduceBy === undefined
      ? { reduceTo }
      : undefined
