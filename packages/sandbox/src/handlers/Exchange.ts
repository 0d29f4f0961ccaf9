/**
 * Answers for the exchange, the account's limits and its keys.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import * as HttpApiBuilder from "effect/http-api/HttpApiBuilder"
import type * as HttpApiEndpoint from "effect/http-api/HttpApiEndpoint"
import type * as WireExchange from "effect-kalshi/api/Exchange"
import * as Buckets from "../Buckets.ts"
import * as Costs from "../Costs.ts"
import * as Exchange from "../Exchange.ts"
import * as Gate from "../Gate.ts"
import * as Members from "../Members.ts"
import * as Passage from "../Passage.ts"
import * as Render from "../Render.ts"
import * as Switches from "../Switches.ts"

// the wire names parameters in braces
const template = (path: string): string => path.replaceAll(/:([a-z_]+)/g, "{$1}")

const groups: ReadonlyArray<{ readonly endpoints: Readonly<Record<string, HttpApiEndpoint.Top>> }> = Object.values(
  Gate.Api.groups
)
const endpoints = groups.flatMap((group) => Object.values(group.endpoints))

const told = (costs: Costs.Costs): typeof WireExchange.GetAccountEndpointCostsResponse.Type => {
  const standard = Costs.standard(costs)
  return {
    default_cost: standard,
    endpoint_costs: endpoints.flatMap((endpoint) => {
      const cost = Costs.of(costs, endpoint)
      return cost === standard ? [] : [{ method: endpoint.method, path: template(endpoint.path), cost }]
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
    const members = yield* Members.Members
    const switches = yield* Switches.Switches
    return handlers
      .handle("getExchangeStatus", () =>
        Effect.map(exchange.live, ({ engine }) => Render.status(engine.flags(), exchange.shards))
      )
      .handle("getUserDataTimestamp", () => Effect.map(exchange.lagged, ({ asOf }) => Render.userDataTimestamp(asOf)))
      .handle("getAccountApiLimits", () => Effect.map(buckets.limits, Render.limits))
      .handle("getAccountEndpointCosts", () => Effect.sync(() => told(switches.costs)))
      .handle("getApiKeys", () =>
        Effect.map(Passage.Caller, ({ account }) =>
          Render.apiKeys(members.keysOf(account), members.regionExpiryOf(account))
        )
      )
  })
)
