/**
 * Money that moved between two subaccounts.
 */
import * as SubaccountTransfer from "effect-kalshi/models/SubaccountTransfer"
import type { Kind } from "../Kind.ts"
import * as column from "./column.ts"

/**
 * Transfers between subaccounts, which never change, by when they were made.
 *
 * @since 0.1.0
 * @category kinds
 */
export const transfers: Kind<SubaccountTransfer.SubaccountTransfer> = {
  name: "transfers",
  schema: SubaccountTransfer.SubaccountTransfer,
  key: (transfer) => transfer.transferId,
  keyColumns: ["transfer_id"],
  time: (transfer) => transfer.createdAt,
  isFinal: () => true,
  columns: [
    column.text("transfer_id", "transferId"),
    column.integer("from", "from"),
    column.integer("to", "to"),
    column.money("amount", "amount"),
    column.time("created_at", "createdAt"),
    column.optional.integer("exchange_index", "exchangeIndex")
  ]
}
