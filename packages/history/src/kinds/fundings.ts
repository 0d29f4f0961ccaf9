/**
 * Money that came in, and money that went out.
 */
import * as Funding from "effect-kalshi/models/Funding"
import type { Column, Kind } from "../Kind.ts"
import * as column from "./column.ts"

const columns: ReadonlyArray<Column<Funding.Deposit>> = [
  column.text("id", "id"),
  column.text("status", "status"),
  column.text("type", "type"),
  column.money("amount", "amount"),
  column.money("fee", "fee"),
  column.time("created_at", "createdAt"),
  column.optional.time("finalized_at", "finalizedAt")
]

const of = <A extends Funding.Deposit>(name: "deposits" | "withdrawals", schema: Kind<A>["schema"]): Kind<A> => ({
  name,
  schema,
  key: (funding) => funding.id,
  keyColumns: ["id"],
  time: (funding) => funding.createdAt,
  // what was applied may still be returned
  isFinal: (funding) => funding.status === "failed" || funding.status === "returned",
  columns
})

/**
 * Deposits, by when they were made. One changes until it failed or was returned.
 *
 * @since 0.1.0
 * @category kinds
 */
export const deposits: Kind<Funding.Deposit> = of("deposits", Funding.Deposit)

/**
 * Withdrawals, by when they were made. One changes until it failed or was returned.
 *
 * @since 0.1.0
 * @category kinds
 */
export const withdrawals: Kind<Funding.Withdrawal> = of("withdrawals", Funding.Withdrawal)
