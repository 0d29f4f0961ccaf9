/**
 * Money that goes from one subaccount to another.
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import type * as Types from "effect/Types"
import type * as Api from "../api/Subaccounts.ts"
import * as Dollars from "../Dollars.ts"
import { defined } from "../internal/defined.ts"
import * as Timestamp from "../Timestamp.ts"
import * as OrderRequest from "./OrderRequest.ts"

/**
 * Schema of a transfer that was made, in dollars. It does not tell the
 * `clientTransferId` that it was made under.
 *
 * @since 0.1.0
 * @category schemas
 */
export const SubaccountTransfer = Schema.Struct({
  transferId: Schema.String,
  from: Schema.Int,
  to: Schema.Int,
  amount: Dollars.Dollars,
  createdAt: Timestamp.Timestamp,
  exchangeIndex: Schema.optional(Schema.Int)
})

/**
 * A transfer that was made, in dollars.
 *
 * @since 0.1.0
 * @category models
 */
export type SubaccountTransfer = typeof SubaccountTransfer.Type

/**
 * Money that is to go from one subaccount to another: 0 is the primary one, 1
 * to 63 are those that were created.
 *
 * @since 0.1.0
 * @category models
 */
export interface TransferRequest {
  readonly from: number
  readonly to: number
  /** Whole cents, more than none. */
  readonly amount: Dollars.Dollars
  /**
   * The name of this decision, under which the exchange moves money once: a
   * UUID; a fresh one when absent.
   */
  readonly clientTransferId?: string | undefined
  /** The shard that both have the money on; absent is the first. */
  readonly exchangeIndex?: number | undefined
}

/**
 * What became of a transfer: the money was moved now, or it had been before,
 * under the id that you gave.
 *
 * @since 0.1.0
 * @category models
 */
export interface TransferResult {
  readonly _tag: "Transferred" | "AlreadyTransferred"
  readonly clientTransferId: string
}

const CENT = Dollars.cents(1)
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

const wrong = (field: string, description: string): OrderRequest.Wrong => ({ field, description })

/**
 * What the exchange would refuse about a transfer for its shape alone, and
 * what its wire cannot say: a part of a cent.
 *
 * @since 0.1.0
 * @category predicates
 */
export const check = ({ amount, clientTransferId, from, to }: TransferRequest): OrderRequest.Wrong | undefined =>
  OrderRequest.ofSubaccount(from, "from") ??
  OrderRequest.ofSubaccount(to, "to") ??
  (from === to ? wrong("to", "is the subaccount that the money comes from") : undefined) ??
  (Number.isSafeInteger(amount) && amount > 0 && amount % CENT === 0
    ? undefined
    : wrong("amount", "takes whole cents, one at least; make it with Dollars.cents")) ??
  (clientTransferId === undefined || UUID.test(clientTransferId)
    ? undefined
    : wrong("clientTransferId", "takes a UUID in lower case"))

/**
 * The transfer as it is sent.
 *
 * @since 0.1.0
 * @category conversions
 */
export const toWire = (
  { amount, exchangeIndex, from, to }: TransferRequest,
  clientTransferId: string
): typeof Api.ApplySubaccountTransferRequest.Type =>
  defined({
    client_transfer_id: clientTransferId,
    from_subaccount: from,
    to_subaccount: to,
    amount_cents: amount,
    exchange_index: exchangeIndex
  })

/**
 * Reads a transfer.
 *
 * @since 0.1.0
 * @category conversions
 */
export const fromWire = (wire: typeof Api.SubaccountTransfer.Type): SubaccountTransfer => {
  const transfer: Types.Mutable<SubaccountTransfer> = {
    transferId: wire.transfer_id,
    from: wire.from_subaccount,
    to: wire.to_subaccount,
    amount: wire.amount_cents,
    createdAt: wire.created_ts
  }
  if (wire.exchange_index != null) transfer.exchangeIndex = wire.exchange_index
  return transfer
}
