/**
 * Money that comes into an account from outside of the exchange, or leaves it.
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import type * as Types from "effect/Types"
import type * as Api from "../api/Portfolio.ts"
import * as Wire from "../api/Wire.ts"
import * as Dollars from "../Dollars.ts"
import * as Timestamp from "../Timestamp.ts"

/**
 * Schema of a deposit, in dollars; the wire has whole cents and whole seconds.
 *
 * It is part of the balance when its status is `applied`. Whether `fee` is
 * taken off `amount` or beside it is not documented. `finalizedAt` is when it
 * was applied, failed or returned, absent until then.
 *
 * @since 0.1.0
 * @category schemas
 */
export const Deposit = Schema.Struct({
  id: Schema.String,
  status: Wire.openEnum("pending", "applied", "failed", "returned"),
  type: Wire.openEnum("ach", "wire", "crypto", "debit", "apm"),
  amount: Dollars.Dollars,
  fee: Dollars.Dollars,
  createdAt: Timestamp.Timestamp,
  finalizedAt: Schema.optional(Timestamp.Timestamp)
})

/**
 * Money that comes into an account.
 *
 * @since 0.1.0
 * @category models
 */
export type Deposit = typeof Deposit.Type

/**
 * Schema of a withdrawal, as that of a deposit; it is off the balance when its
 * status is `applied`.
 *
 * @since 0.1.0
 * @category schemas
 */
export const Withdrawal = Schema.Struct(Deposit.fields)

/**
 * Money that leaves an account.
 *
 * @since 0.1.0
 * @category models
 */
export type Withdrawal = typeof Withdrawal.Type

const fromWire = (wire: typeof Api.Deposit.Type | typeof Api.Withdrawal.Type): Deposit & Withdrawal => {
  const funding: Types.Mutable<Deposit & Withdrawal> = {
    id: wire.id,
    status: wire.status,
    type: wire.type,
    amount: wire.amount_cents,
    fee: wire.fee_cents,
    createdAt: wire.created_ts
  }
  if (wire.finalized_ts != null) funding.finalizedAt = wire.finalized_ts
  return funding
}

/**
 * Reads a deposit of today's wire.
 *
 * @since 0.1.0
 * @category conversions
 */
export const depositFromWire: (wire: typeof Api.Deposit.Type) => Deposit = fromWire

/**
 * Reads a withdrawal of today's wire.
 *
 * @since 0.1.0
 * @category conversions
 */
export const withdrawalFromWire: (wire: typeof Api.Withdrawal.Type) => Withdrawal = fromWire
