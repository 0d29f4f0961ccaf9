/**
 * What an order can cost, asked before it is sent.
 */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type * as Contracts from "../Contracts.ts"
import type * as Fees from "../Fees.ts"
import { Listings } from "../Listings.ts"
import * as OrderRequest from "../models/OrderRequest.ts"
import * as Preview from "../models/Preview.ts"
import * as operation from "../service/operation.ts"
import * as Timestamp from "../Timestamp.ts"
import { refuse } from "./refuse.ts"

const preview = operation.make({
  name: "preview",
  // it asks for markets alone, and sends nothing of its own
  success: Schema.Void,
  reasons: ["MarketNotFound"]
})

/** Makes the operation that previews orders. */
export const make = Effect.gen(function* () {
  const listings = yield* Listings

  const previewOrder = Effect.fnUntraced(function* (
    order: OrderRequest.OrderRequest,
    options?: {
      readonly position?: Contracts.Contracts | undefined
      readonly precision?: Fees.Precision | undefined
    }
  ) {
    yield* refuse(preview, OrderRequest.check(order, undefined))
    const schedule = yield* Effect.mapError(listings.fees(order.ticker), preview.before)
    const grid = yield* listings.knownGrid(order.ticker)
    yield* refuse(preview, OrderRequest.check(order, grid))
    const { feeWaiverUntil } = yield* Effect.mapError(listings.market(order.ticker), preview.before)
    return Preview.make({
      order,
      schedule,
      isWaived: feeWaiverUntil !== undefined && (yield* Timestamp.now) < feeWaiverUntil,
      grid,
      position: options?.position,
      precision: options?.precision
    })
  })

  return { preview: previewOrder }
})
