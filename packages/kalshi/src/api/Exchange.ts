/**
 * The wire of the exchange itself, of the account's limits and of its keys
 * ("Exchange", "Account", "API Keys" in the exchange's API reference).
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import * as HttpApiEndpoint from "effect/http-api/HttpApiEndpoint"
import * as HttpApiGroup from "effect/http-api/HttpApiGroup"
import * as Timestamp from "../Timestamp.ts"
import * as Wire from "./Wire.ts"

/**
 * What works at the moment; the top level is shard 0.
 *
 * @since 0.1.0
 * @category schemas
 */
export const GetExchangeStatusResponse = Schema.Struct({
  exchange_active: Schema.Boolean,
  trading_active: Schema.Boolean,
  intra_exchange_transfers_active: Wire.maybe(Schema.Boolean),
  exchange_estimated_resume_time: Wire.maybe(Timestamp.Timestamp),
  exchange_index_statuses: Wire.maybe(
    Schema.Array(
      Schema.Struct({
        exchange_index: Schema.Int,
        description: Wire.maybe(Schema.String),
        exchange_active: Schema.Boolean,
        trading_active: Schema.Boolean,
        intra_exchange_transfers_active: Wire.maybe(Schema.Boolean)
      })
    )
  )
})

/**
 * How fresh the reads of balances, orders, fills and positions are.
 *
 * @since 0.1.0
 * @category schemas
 */
export const GetUserDataTimestampResponse = Schema.Struct({ as_of_time: Timestamp.Timestamp })

/**
 * A token bucket: tokens a second and at most.
 *
 * @since 0.1.0
 * @category schemas
 */
export const BucketLimit = Schema.Struct({
  refill_rate: Schema.Finite,
  bucket_capacity: Schema.Finite
})

/**
 * The tier of the account and its two buckets.
 *
 * @since 0.1.0
 * @category schemas
 */
export const GetAccountApiLimitsResponse = Schema.Struct({
  usage_tier: Schema.String,
  read: BucketLimit,
  write: BucketLimit,
  grants: Wire.maybe(
    Schema.Array(
      Schema.Struct({
        exchange_instance: Schema.String,
        level: Schema.String,
        expires_ts: Wire.maybe(Timestamp.FromSeconds),
        source: Wire.maybe(Schema.String)
      })
    )
  )
})

/**
 * What requests cost where it is not the default, in tokens.
 *
 * @since 0.1.0
 * @category schemas
 */
export const GetAccountEndpointCostsResponse = Schema.Struct({
  default_cost: Schema.Finite,
  endpoint_costs: Wire.maybe(
    Schema.Array(
      Schema.Struct({
        method: Schema.String,
        path: Schema.String,
        cost: Schema.Finite
      })
    )
  )
})

/**
 * A key of the account: what it may do, and on which subaccount alone if it is
 * bound to one.
 *
 * @since 0.1.0
 * @category schemas
 */
export const ApiKey = Schema.Struct({
  api_key_id: Schema.String,
  name: Schema.String,
  scopes: Wire.maybe(
    Schema.Array(
      Wire.openEnum(
        "read",
        "write",
        "read::block_trade_accept",
        "read::portfolio_balance",
        "write::trade",
        "write::transfer",
        "write::block_trade_accept"
      )
    )
  ),
  subaccount: Wire.maybe(Schema.Int),
  fcm_subtrader_id: Wire.maybe(Schema.String)
})

/**
 * The keys of the account, and until when it may trade what some regions may
 * not; absent where it never said where it is.
 *
 * @since 0.1.0
 * @category schemas
 */
export const GetApiKeysResponse = Schema.Struct({
  api_keys: Wire.maybe(Schema.Array(ApiKey)),
  api_key_region_expiration_ts: Wire.maybe(Timestamp.FromSeconds)
})

/**
 * `GET /exchange/status`.
 *
 * @since 0.1.0
 * @category endpoints
 */
export const getExchangeStatus = HttpApiEndpoint.get("getExchangeStatus", "/exchange/status", {
  success: GetExchangeStatusResponse
}).annotate(Wire.Access, "public")

/**
 * `GET /exchange/user_data_timestamp`.
 *
 * @since 0.1.0
 * @category endpoints
 */
export const getUserDataTimestamp = HttpApiEndpoint.get("getUserDataTimestamp", "/exchange/user_data_timestamp", {
  success: GetUserDataTimestampResponse
}).annotate(Wire.Access, "public")

/**
 * `GET /account/limits`.
 *
 * @since 0.1.0
 * @category endpoints
 */
export const getAccountApiLimits = HttpApiEndpoint.get("getAccountApiLimits", "/account/limits", {
  success: GetAccountApiLimitsResponse
})

/**
 * `GET /account/endpoint_costs`.
 *
 * @since 0.1.0
 * @category endpoints
 */
export const getAccountEndpointCosts = HttpApiEndpoint.get("getAccountEndpointCosts", "/account/endpoint_costs", {
  success: GetAccountEndpointCostsResponse
}).annotate(Wire.Access, "public")

/**
 * `GET /api_keys`.
 *
 * @since 0.1.0
 * @category endpoints
 */
export const getApiKeys = HttpApiEndpoint.get("getApiKeys", "/api_keys", { success: GetApiKeysResponse })

/**
 * The endpoints of the exchange and the account.
 *
 * @since 0.1.0
 * @category groups
 */
export class Exchange extends HttpApiGroup.make("exchange").add(
  getExchangeStatus,
  getUserDataTimestamp,
  getAccountApiLimits,
  getAccountEndpointCosts,
  getApiKeys
) {}
