/**
 * What the bodies of today's writes say, read back from a journal.
 */
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as Api from "../../api/Orders.ts"
import * as OrderRequest from "../../models/OrderRequest.ts"
import type { Item } from "../entry.ts"
import type { Bodies } from "../recover.ts"

const read = <A, I>(schema: Schema.Codec<A, I>) => Schema.decodeUnknownOption(Schema.fromJsonString(schema))

const created = read(Schema.Union([Api.BatchCreateOrdersRequest, Api.CreateOrderRequest]))
const reduced = read(Api.DecreaseOrderRequest)
const amended = read(Api.AmendOrderRequest)

const itemOf = (wire: typeof Api.CreateOrderRequest.Type): Item => ({
  order: OrderRequest.fromWire(wire),
  clientOrderId: wire.client_order_id ?? ""
})

export const bodies: Bodies = {
  created: (body) => Option.map(created(body), (wire) => ("orders" in wire ? wire.orders : [wire]).map(itemOf)),
  reduced: (body) => Option.map(reduced(body), ({ reduce_by, reduce_to }) => ({ by: reduce_by, to: reduce_to })),
  amended: (body) => Option.map(amended(body), ({ count, price }) => ({ price, total: count }))
}
