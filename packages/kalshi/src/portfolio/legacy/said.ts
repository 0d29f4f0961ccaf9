/**
 * What the wire of 2.0.0 has no words for: parts of a contract and of a cent,
 * and what came later. What asks for nothing that this wire does not do by
 * itself is no such thing.
 */
import * as Contracts from "../../Contracts.ts"
import * as Dollars from "../../Dollars.ts"
import type { OrderPlace } from "../../models/OrderChange.ts"
import type * as OrderRequest from "../../models/OrderRequest.ts"
import * as Effect from "effect/Effect"
import type * as check from "../../service/check.ts"

type Unsaid = OrderRequest.Wrong | undefined

const none = (field: string, description: string): Unsaid => ({ field, description })

const CENT = Dollars.cents(1)
const CONTRACT = Contracts.of(1)

// its counts are integers of 32 bits
const MOST = Contracts.of(2_147_483_647)

/** A count in whole contracts, and no more of them than there are counts for. */
export const ofCount = (field: string, count: Contracts.Contracts | undefined): Unsaid => {
  if (count === undefined) return undefined
  if (count % CONTRACT !== 0) {
    return none(field, `the wire of 2.0.0 counts whole contracts, and this is ${Contracts.format(count)}`)
  }
  return count > MOST
    ? none(field, `the wire of 2.0.0 counts to ${Contracts.toNumber(MOST)}, and this is ${Contracts.format(count)}`)
    : undefined
}

/** A price in whole cents. */
export const ofPrice = (price: Dollars.Dollars): Unsaid =>
  price % CENT === 0
    ? undefined
    : none("price", `the wire of 2.0.0 has whole cents, and this is $${Dollars.format(price)}`)

/** The one account and the one shard there were. */
export const ofPlace = (place: OrderPlace): Unsaid => {
  if ((place.subaccount ?? 0) !== 0) return none("subaccount", "the wire of 2.0.0 has no subaccounts")
  // −1 lets the exchange find the shard
  return (place.exchangeIndex ?? 0) > 0 ? none("exchangeIndex", "the wire of 2.0.0 has no shards") : undefined
}

/** A new order. */
export const ofOrder = (order: OrderRequest.OrderRequest): Unsaid =>
  ofCount("count", order.count) ??
  ofPrice(order.price) ??
  ofPlace(order) ??
  (order.timeInForce === "fill_or_kill"
    ? none("timeInForce", "the wire of 2.0.0 has no fill_or_kill for limit orders")
    : undefined) ??
  (order.selfTradePrevention === "maker"
    ? none("selfTradePrevention", "the wire of 2.0.0 knows taker_at_cross alone")
    : undefined) ??
  (order.postOnly === true ? none("postOnly", "the wire of 2.0.0 has no post-only orders") : undefined) ??
  (order.reduceOnly === true ? none("reduceOnly", "the wire of 2.0.0 has no reduce-only limit orders") : undefined) ??
  (order.cancelOnPause === true ? none("cancelOnPause", "the wire of 2.0.0 has no such orders") : undefined) ??
  (order.orderGroupId === undefined ? undefined : none("orderGroupId", "the wire of 2.0.0 has no order groups"))

/** A change of an order. */
export const ofAmend = (amend: OrderRequest.AmendRequest): Unsaid =>
  ofCount("total", amend.total) ?? ofPrice(amend.price) ?? ofPlace(amend)

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

/** The id of an order, which is a UUID on this wire. */
export const checkUuid = <E>(refuses: check.Refuses<E>, field: string, id: string): Effect.Effect<void, E> =>
  UUID.test(id) ? Effect.void : Effect.fail(refuses.invalid(field, "takes a UUID on the wire of 2.0.0"))
