/**
 * Answers for the exchange and the account's limits.
 *
 * @since 0.1.0
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as HttpApiBuilder from "effect/http-api/HttpApiBuilder"
import type * as HttpApiEndpoint from "effect/http-api/HttpApiEndpoint"
import type * as WireExchange from "effect-kalshi/api/Exchange"
import * as Wire from "effect-kalshi/api/Wire"
import * as Buckets from "../Buckets.ts"
import * as Exchange from "../Exchange.ts"
import * as Gate from "../Gate.ts"
import * as Render from "../Render.ts"

const DEFAULT_COST = 10

// the wire names parameters in braces
const template = (path: string): string => path.replaceAll(/:([a-z_]+)/g, "{$1}")

const costs = (): typeof WireExchange.GetAccountEndpointCostsResponse.Type => {
  const groups: ReadonlyArray<{ readonly endpoints: Readonly<Record<string, HttpApiEndpoint.Top>> }> = Object.values(
    Gate.Api.groups
  )
  return {
    default_cost: DEFAULT_COST,
    endpoint_costs: groups
      .flatMap((group) => Object.values(group.endpoints))
      .flatMap((endpoint) => {
        const cost = Context.get(endpoint.annotations, Wire.Cost)
        return cost === DEFAULT_COST ? [] : [{ method: endpoint.method, path: template(endpoint.path), cost }]
      })
  }
}

/**
 * Builds the answers.
 *
 * @since 0.1.0
 * @category layers
 */
export const layer = HttpApiBuilder.group(Gate.Api, "exchange", (handlers) =>
  Effect.gen(function* () {
    const exchange = yield* Exchange.Exchange
    const buckets = yield* Buckets.Buckets
    const endpointCosts = costs()
    return handlers
      .handle("getExchangeStatus", () => Effect.map(exchange.live, ({ engine }) => Render.status(engine.flags())))
      .handle("getUserDataTimestamp", () => Effect.map(exchange.lagged, ({ asOf }) => Render.userDataTimestamp(asOf)))
      .handle("getAccountApiLimits", () => Effect.map(buckets.limits, Render.limits))
      .handle("getAccountEndpointCosts", () => Effect.succeed(endpointCosts))
  })
)
