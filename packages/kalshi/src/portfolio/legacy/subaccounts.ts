/**
 * Subaccounts, which the wire of 2.0.0 has no words for.
 */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import * as operations from "../operations.ts"
import { unsaid } from "../refuse.ts"

const createSubaccount = operations.createSubaccount(Schema.Void)
const transferBetweenSubaccounts = operations.transferBetweenSubaccounts(Schema.Void)
const getSubaccountBalances = operations.getSubaccountBalances(Schema.Never)
const getSubaccountTransfers = operations.getSubaccountTransfers(Schema.Never)

const unknown = { field: "subaccount", description: "the wire of 2.0.0 knows no subaccounts" }

const noTransfers = Effect.andThen(unsaid(getSubaccountTransfers, unknown), Effect.never)

/** The operations: each fails with `NotOnThisWire`. */
export const subaccounts = {
  createSubaccount: () => Effect.andThen(unsaid(createSubaccount, unknown), Effect.never),
  transferBetweenSubaccounts: () => Effect.andThen(unsaid(transferBetweenSubaccounts, unknown), Effect.never),
  getSubaccountBalances: Effect.andThen(unsaid(getSubaccountBalances, unknown), Effect.never),
  getSubaccountTransfers: () => noTransfers,
  subaccountTransfers: () => Stream.fromEffect(noTransfers)
}
