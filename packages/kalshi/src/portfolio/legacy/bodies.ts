/**
 * What the bodies of writes on the wire of 2.0.0 say, read back from a journal.
 */
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as Api from "../../api/legacy/Orders.ts"
import * as Direction from "../../Direction.ts"
import type { Item } from "../entry.ts"
import type { Bodies } from "../recover.ts"

const read = <A, I>(schema: Schema.Codec<A, I>) => Schema.decodeUnknownOption(Schema.fromJsonString(schema))

const created = read(Schema.Union([Api.BatchCreateOrdersRequest, Api.CreateOrderRequest]))
const reduced = read(Api.DecreaseOrderRequest)
const amended = read(Api.AmendOrderRequest)

type Priced = Pick<typeof Api.CreateOrderRequest.Type, "action" | "side" | "yes_price" | "no_price">

/** Exactly one of the two prices is there. */
const quoteOf = ({ action, no_price, side, yes_price }: Priced): Option.Option<Direction.Quote> => {
  const price = side === "yes" ? yes_price : no_price
  return price === undefined ? Option.none() : Option.some(Direction.toQuote({ action, side, price }))
}

const itemOf = (wire: typeof Api.CreateOrderRequest.Type): Option.Option<Item> =>
  Option.map(quoteOf(wire), (quote) => ({
    order: {
      ...quote,
      ticker: wire.ticker,
      count: wire.count,
      // an expiration that was past is how this wire says it; the rest of such an order never rests
      expiresAt: wire.expiration_ts
    },
    clientOrderId: wire.client_order_id
  }))

export const bodies: Bodies = {
  created: (body) =>
    Option.flatMap(created(body), (wire) => Option.all(("orders" in wire ? wire.orders : [wire]).map(itemOf))),
  reduced: (body) => Option.map(reduced(body), ({ reduce_by, reduce_to }) => ({ by: reduce_by, to: reduce_to })),
  amended: (body) =>
    Option.flatMap(amended(body), (wire) => Option.map(quoteOf(wire), ({ price }) => ({ price, total: wire.count })))
}
