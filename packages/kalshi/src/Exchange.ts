/**
 * The exchange itself: what works, how fresh reads are, and the account's
 * token limits and keys.
 *
 * @since 0.1.0
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as ExchangeApi from "./api/Exchange.ts"
import * as client from "./service/client.ts"
import * as operation from "./service/operation.ts"
import type * as KalshiError from "./KalshiError.ts"
import type { Bucket, Budget } from "./limits/Service.ts"
import type * as Timestamp from "./Timestamp.ts"

/**
 * What works at the moment on one shard.
 *
 * @since 0.1.0
 * @category models
 */
export interface ShardStatus {
  readonly index: number
  /** What trades there, in the exchange's words. */
  readonly description?: string | undefined
  readonly exchangeActive: boolean
  readonly tradingActive: boolean
}

/**
 * What works at the moment: with `trading` paused cancels work and new orders
 * do not; with `exchange` paused nothing does.
 *
 * @since 0.1.0
 * @category models
 */
export interface Status {
  readonly exchangeActive: boolean
  readonly tradingActive: boolean
  readonly resumesAt?: Timestamp.Timestamp | undefined
  /** Each shard by itself, as far as the exchange lists them. */
  readonly shards: ReadonlyArray<ShardStatus>
}

/**
 * The account's tier and its two token buckets.
 *
 * @since 0.1.0
 * @category models
 */
export interface Limits extends Budget {
  readonly tier: string
}

/**
 * What requests cost, in tokens: `standard`, and the exceptions.
 *
 * @since 0.1.0
 * @category models
 */
export interface Costs {
  readonly standard: number
  readonly exceptions: ReadonlyArray<{ readonly method: string; readonly path: string; readonly tokens: number }>
}

/**
 * What a key may do: everything of `read` or `write`, or the part that is named.
 *
 * @since 0.1.0
 * @category models
 */
export type Scope = NonNullable<(typeof ExchangeApi.ApiKey.Type)["scopes"]>[number]

/**
 * A key of the account.
 *
 * @since 0.1.0
 * @category models
 */
export interface Key {
  readonly keyId: string
  /** What its owner calls it. */
  readonly name: string
  readonly scopes: ReadonlyArray<Scope>
  /** The only subaccount that it may use; absent where it may use all. */
  readonly subaccount?: number | undefined
  /** The subtrader of a clearing member that it is bound to: no request may be signed with it. */
  readonly subtrader?: string | undefined
}

/**
 * The keys of the account.
 *
 * @since 0.1.0
 * @category models
 */
export interface Keys {
  readonly keys: ReadonlyArray<Key>
  /**
   * Until when the keys may trade the categories that some regions may not;
   * it may have passed. Absent where the account never said where it is.
   */
  readonly regionExpiresAt?: Timestamp.Timestamp | undefined
}

/**
 * The exchange itself and the account's limits and keys.
 *
 * @since 0.1.0
 * @category services
 */
export class Exchange extends Context.Service<
  Exchange,
  {
    /** What works at the moment, on shard 0. See "Get Exchange Status". */
    readonly getStatus: Effect.Effect<Status, KalshiError.Of>
    /** How fresh reads of balance, orders, fills and positions are. See "Get User Data Timestamp". */
    readonly getUserDataTimestamp: Effect.Effect<Timestamp.Timestamp, KalshiError.Of>
    /** The account's tier and buckets, in tokens. See "Get Account API Limits". */
    readonly getLimits: Effect.Effect<Limits, KalshiError.Of>
    /** What requests cost, in tokens. See "Get Endpoint Costs". */
    readonly getCosts: Effect.Effect<Costs, KalshiError.Of>
    /** The account's keys, what each may do, and the region's expiry. See "Get API Keys". */
    readonly getApiKeys: Effect.Effect<Keys, KalshiError.Of>
  }
>()("effect-kalshi/Exchange") {}

const getStatus = operation.make({ name: "getStatus", success: ExchangeApi.GetExchangeStatusResponse })
const getUserDataTimestamp = operation.make({
  name: "getUserDataTimestamp",
  success: ExchangeApi.GetUserDataTimestampResponse
})
const getLimits = operation.make({ name: "getLimits", success: ExchangeApi.GetAccountApiLimitsResponse })
const getCosts = operation.make({ name: "getCosts", success: ExchangeApi.GetAccountEndpointCostsResponse })
const getApiKeys = operation.make({ name: "getApiKeys", success: ExchangeApi.GetApiKeysResponse })

const key = (wire: typeof ExchangeApi.ApiKey.Type): Key => ({
  keyId: wire.api_key_id,
  name: wire.name,
  scopes: wire.scopes ?? [],
  subaccount: wire.subaccount ?? undefined,
  subtrader: wire.fcm_subtrader_id ?? undefined
})

const bucket = (wire: typeof ExchangeApi.BucketLimit.Type): Bucket => ({
  refill: wire.refill_rate,
  capacity: wire.bucket_capacity
})

/**
 * Makes the service from the endpoints of the exchange.
 *
 * @since 0.1.0
 * @category constructors
 */
export const make: Effect.Effect<Exchange["Service"], never, client.Requires> = Effect.gen(function* () {
  const api = yield* client.group("exchange")
  const request = { responseMode: "response-only" } as const
  return Exchange.of({
    getStatus: Effect.suspend(() => getStatus.run(api.getExchangeStatus(request))).pipe(
      Effect.map((wire): Status => ({
        exchangeActive: wire.exchange_active,
        tradingActive: wire.trading_active,
        resumesAt: wire.exchange_estimated_resume_time ?? undefined,
        shards: (wire.exchange_index_statuses ?? []).map((shard) => ({
          index: shard.exchange_index,
          description: shard.description ?? undefined,
          exchangeActive: shard.exchange_active,
          tradingActive: shard.trading_active
        }))
      }))
    ),
    getUserDataTimestamp: Effect.suspend(() => getUserDataTimestamp.run(api.getUserDataTimestamp(request))).pipe(
      Effect.map((wire) => wire.as_of_time)
    ),
    getLimits: Effect.suspend(() => getLimits.run(api.getAccountApiLimits(request))).pipe(
      Effect.map((wire): Limits => ({ tier: wire.usage_tier, read: bucket(wire.read), write: bucket(wire.write) }))
    ),
    getCosts: Effect.suspend(() => getCosts.run(api.getAccountEndpointCosts(request))).pipe(
      Effect.map((wire): Costs => ({
        standard: wire.default_cost,
        exceptions: (wire.endpoint_costs ?? []).map(({ cost, method, path }) => ({ method, path, tokens: cost }))
      }))
    ),
    getApiKeys: Effect.suspend(() => getApiKeys.run(api.getApiKeys(request))).pipe(
      Effect.map((wire): Keys => ({
        keys: (wire.api_keys ?? []).map(key),
        regionExpiresAt: wire.api_key_region_expiration_ts ?? undefined
      }))
    )
  })
})

/**
 * The service over the road in force.
 *
 * @since 0.1.0
 * @category layers
 */
export const layer: Layer.Layer<Exchange, never, client.Requires> = Layer.effect(Exchange, make).pipe(
  // layers are shared by reference, whatever they are provided with: another account's is another
  Layer.fresh
)
