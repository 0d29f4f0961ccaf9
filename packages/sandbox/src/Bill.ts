/**
 * What a request costs, and which buckets pay for it.
 *
 * @since 0.1.0
 */
import * as Context from "effect/Context"
import type * as HttpApiEndpoint from "effect/http-api/HttpApiEndpoint"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as Wire from "effect-kalshi/api/Wire"
import * as Buckets from "./Buckets.ts"
import * as Costs from "./Costs.ts"

/**
 * The same tokens from each of the buckets.
 *
 * @since 0.1.0
 * @category models
 */
export interface Bill {
  readonly buckets: ReadonlyArray<Buckets.Name>
  readonly cost: number
}

/**
 * A request as it was sent.
 *
 * @since 0.1.0
 * @category models
 */
export interface Sent {
  readonly endpoint: HttpApiEndpoint.Top
  /** Without `?`. */
  readonly query: string
  readonly body: string
}

const BATCHES: ReadonlySet<string> = new Set(["batchCreateOrders", "batchCancelOrders"])

const items = Schema.optionalKey(Schema.Array(Schema.Unknown))
// the cancels of 2.0.0 are ids alone
const batchOf = Schema.decodeUnknownOption(Schema.fromJsonString(Schema.Struct({ orders: items, ids: items })))

const countOf = ({ body, endpoint }: Sent): number =>
  BATCHES.has(endpoint.identifier)
    ? Option.match(batchOf(body), {
        onNone: () => 1,
        onSome: ({ ids = [], orders = [] }) => Math.max(1, ids.length + orders.length)
      })
    : 1

const inBody = Schema.decodeUnknownOption(Schema.fromJsonString(Schema.Struct({ exchange_index: Schema.Int })))
const inQuery = Schema.decodeUnknownOption(Schema.FiniteFromString.check(Schema.isInt()))

// the shard that a request names; -1 asks the exchange to find it, as naming none does
const shardOf = ({ body, query }: Sent): number | undefined => {
  const named = Option.orElse(
    Option.map(inBody(body), (said) => said.exchange_index),
    () => inQuery(new URLSearchParams(query).get("exchange_index"))
  )
  return Option.getOrUndefined(Option.filter(named, (shard) => shard >= 0))
}

const bucketsOf = (sent: Sent, shards: number): ReadonlyArray<Buckets.Name> => {
  if (Context.get(sent.endpoint.annotations, Wire.Bucket) === "read") return ["read"]
  // batches never pay by shard, and where there is one shard there is one bucket
  if (shards <= 1 || BATCHES.has(sent.endpoint.identifier)) return ["write"]
  const shard = shardOf(sent)
  return shard === undefined
    ? Array.from({ length: shards }, (_, index) => Buckets.ofShard(index))
    : [shard < shards ? Buckets.ofShard(shard) : "write"]
}

/**
 * The bill for a request to an exchange of so many shards.
 *
 * @since 0.1.0
 * @category constructors
 */
export const of = (sent: Sent, exchange: { readonly costs: Costs.Costs; readonly shards: number }): Bill => ({
  buckets: bucketsOf(sent, exchange.shards),
  cost: Costs.of(exchange.costs, sent.endpoint) * countOf(sent)
})
