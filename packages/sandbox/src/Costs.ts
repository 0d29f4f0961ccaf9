/**
 * What requests cost: what the endpoints declare, unless it was changed.
 *
 * @since 0.1.0
 */
import * as Context from "effect/Context"
import type * as HttpApiEndpoint from "effect/http-api/HttpApiEndpoint"
import * as Wire from "effect-kalshi/api/Wire"

/**
 * Prices in tokens; what is absent costs as it is declared.
 *
 * @since 0.1.0
 * @category models
 */
export interface Costs {
  /** What a request costs that has no price of its own. Declared: 10. */
  readonly standard?: number | undefined
  /** By the name of the endpoint, `cancelOrder`; of a batch, for each item. */
  readonly endpoints?: Readonly<Record<string, number>> | undefined
}

const DECLARED = Wire.Cost.defaultValue()

/**
 * What a request costs that has no price of its own.
 *
 * @since 0.1.0
 * @category accessors
 */
export const standard = (costs: Costs): number => costs.standard ?? DECLARED

/**
 * What a request to the endpoint costs; of a batch, each item.
 *
 * @since 0.1.0
 * @category accessors
 */
export const of = (costs: Costs, endpoint: HttpApiEndpoint.Top): number => {
  const declared = Context.get(endpoint.annotations, Wire.Cost)
  return costs.endpoints?.[endpoint.identifier] ?? (declared === DECLARED ? standard(costs) : declared)
}
