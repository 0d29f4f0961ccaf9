/**
 * The wire of subaccounts: their number, their money, and transfers between
 * them ("Portfolio" in the exchange's API reference).
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import * as HttpApiEndpoint from "effect/http-api/HttpApiEndpoint"
import * as HttpApiGroup from "effect/http-api/HttpApiGroup"
import * as HttpApiSchema from "effect/http-api/HttpApiSchema"
import * as Dollars from "../Dollars.ts"
import * as Timestamp from "../Timestamp.ts"
import * as Wire from "./Wire.ts"

/**
 * A new subaccount, on shard 0 unless told.
 *
 * @since 0.1.0
 * @category schemas
 */
export const CreateSubaccountRequest = Schema.Struct({
  exchange_index: Schema.optionalKey(Schema.Int)
})

/**
 * The number of a new subaccount; they are numbered in sequence from 1.
 *
 * @since 0.1.0
 * @category schemas
 */
export const CreateSubaccountResponse = Schema.Struct({
  subaccount_number: Schema.Int
})

/**
 * Money that goes from one subaccount to another, in cents, once under
 * `client_transfer_id`, a UUID.
 *
 * @since 0.1.0
 * @category schemas
 */
export const ApplySubaccountTransferRequest = Schema.Struct({
  client_transfer_id: Schema.String,
  from_subaccount: Schema.Int,
  to_subaccount: Schema.Int,
  amount_cents: Dollars.FromCents,
  exchange_index: Schema.optionalKey(Schema.Int)
})

/**
 * The answer to a transfer, which has nothing to tell.
 *
 * @since 0.1.0
 * @category schemas
 */
export const ApplySubaccountTransferResponse = Schema.Struct({})

/**
 * The free cash of a subaccount on one shard.
 *
 * @since 0.1.0
 * @category schemas
 */
export const SubaccountBalance = Schema.Struct({
  subaccount_number: Schema.Int,
  exchange_index: Wire.maybe(Schema.Int),
  balance: Dollars.Dollars,
  updated_ts: Timestamp.FromSeconds
})

/**
 * The balances of all subaccounts, the primary one included.
 *
 * @since 0.1.0
 * @category schemas
 */
export const GetSubaccountBalancesResponse = Schema.Struct({
  subaccount_balances: Wire.maybe(Schema.Array(SubaccountBalance))
})

/**
 * A transfer that was made; it does not tell its `client_transfer_id`.
 *
 * @since 0.1.0
 * @category schemas
 */
export const SubaccountTransfer = Schema.Struct({
  transfer_id: Schema.String,
  from_subaccount: Schema.Int,
  to_subaccount: Schema.Int,
  amount_cents: Dollars.FromCents,
  created_ts: Timestamp.FromSeconds,
  exchange_index: Wire.maybe(Schema.Int)
})

/**
 * A page of transfers.
 *
 * @since 0.1.0
 * @category schemas
 */
export const GetSubaccountTransfersResponse = Schema.Struct({
  transfers: Wire.maybe(Schema.Array(SubaccountTransfer)),
  cursor: Wire.cursor
})

/**
 * `POST /portfolio/subaccounts`; nothing tells a second one from the first. It
 * bills the Read bucket, as all that is not about orders does.
 *
 * @since 0.1.0
 * @category endpoints
 */
export const createSubaccount = HttpApiEndpoint.post("createSubaccount", "/portfolio/subaccounts", {
  payload: CreateSubaccountRequest,
  success: CreateSubaccountResponse.pipe(HttpApiSchema.status(201))
})
  .annotate(Wire.Idempotency, "unsafe")
  .annotate(Wire.SuccessStatus, 201)

/**
 * `POST /portfolio/subaccounts/transfer`; a second one under the same
 * `client_transfer_id` is answered with 409. It bills the Read bucket.
 *
 * @since 0.1.0
 * @category endpoints
 */
export const transferBetweenSubaccounts = HttpApiEndpoint.post(
  "transferBetweenSubaccounts",
  "/portfolio/subaccounts/transfer",
  {
    payload: ApplySubaccountTransferRequest,
    success: ApplySubaccountTransferResponse
  }
).annotate(Wire.Idempotency, "keyed")

/**
 * `GET /portfolio/subaccounts/balances`.
 *
 * @since 0.1.0
 * @category endpoints
 */
export const getSubaccountBalances = HttpApiEndpoint.get("getSubaccountBalances", "/portfolio/subaccounts/balances", {
  success: GetSubaccountBalancesResponse
})

/**
 * `GET /portfolio/subaccounts/transfers`.
 *
 * @since 0.1.0
 * @category endpoints
 */
export const getSubaccountTransfers = HttpApiEndpoint.get(
  "getSubaccountTransfers",
  "/portfolio/subaccounts/transfers",
  {
    query: Wire.page,
    success: GetSubaccountTransfersResponse
  }
)

/**
 * The endpoints of subaccounts.
 *
 * @since 0.1.0
 * @category groups
 */
export class Subaccounts extends HttpApiGroup.make("subaccounts").add(
  createSubaccount,
  transferBetweenSubaccounts,
  getSubaccountBalances,
  getSubaccountTransfers
) {}
