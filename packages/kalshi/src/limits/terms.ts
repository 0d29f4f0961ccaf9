/**
 * What the exchange asks for a request, and of which buckets ("Rate limits and
 * tiers" in its documentation).
 */
import type { Request } from "./Service.ts"
import type { Bill } from "./Store.ts"

export interface Terms {
  readonly tier?: string | undefined
  /** What a request costs that has no row of its own; absent until it was told. */
  readonly standard?: number | undefined
  /** What requests cost in tokens, by `keyOf` of their endpoint. */
  readonly costs: ReadonlyMap<string, number>
  /** The shards that have a write bucket of their own: all but shard 0. */
  readonly shards: ReadonlyArray<number>
}

/**
 * What is assumed until more is known: the declared costs, and the shards that
 * the documentation lists. A bucket too many is one that is never short.
 */
export const assumed: Terms = { costs: new Map(), shards: [1, 2, 3] }

/** An endpoint by method and path, however its base and its parameters are written. */
export const keyOf = ({ method, path }: { readonly method: string; readonly path: string }): string =>
  `${method.toUpperCase()} ${path.replace(/^.*\/trade-api\/v2/, "").replace(/\{[^}/]*\}|:[^/]+/g, "*")}`

/**
 * A write that names a shard other than 0 is billed there alone. Shard 0 and
 * batches have the bucket without a shard, and a write for which the exchange
 * has to find the shard is billed to that one and to every other.
 */
const bucketsOf = ({ bucket, items, shard }: Request, { shards }: Terms): ReadonlyArray<string> => {
  if (bucket === "read") return ["read"]
  if (items !== undefined || shard === 0) return ["write"]
  // below 0 it says the same as nothing
  return shard === undefined || shard < 0 ? ["write", ...shards.map((each) => `write:${each}`)] : [`write:${shard}`]
}

export const perItem = ({ cost, endpoint }: Request, { costs, standard }: Terms): number =>
  endpoint === undefined ? cost : (costs.get(keyOf(endpoint)) ?? standard ?? cost)

export const billOf = (request: Request, terms: Terms): Bill => ({
  buckets: bucketsOf(request, terms),
  tokens: perItem(request, terms) * (request.items ?? 1)
})
