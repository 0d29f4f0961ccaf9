/**
 * What a fill costs, to the micro-dollar.
 *
 * The model fee is `M · k · C · P · (1 − P)`: the multiplier of the series, a
 * rate for takers or makers, the contracts and the price. The exchange rounds
 * the balance down to its precision at every fill, keeps what it rounded off
 * in an accumulator of the order, and gives it back in whole units of the
 * precision. See "Fee rounding" in the exchange's documentation.
 *
 * A fee type that is not known, or whose table is not public (`flat`), gives
 * `unknown`, never zero.
 *
 * @since 0.1.0
 */
import type { Contracts } from "./Contracts.ts"
import type { Direction } from "./Direction.ts"
import * as Dollars from "./Dollars.ts"
import * as decimal from "./internal/decimal.ts"

/**
 * How a series charges: the name of its fee type and its multiplier
 * (`fee_type`, `fee_multiplier`; an override of the event wins).
 *
 * @since 0.1.0
 * @category models
 */
export interface Schedule {
  readonly type: "quadratic" | "quadratic_with_maker_fees" | "quadratic_with_combo_maker_fees" | "flat" | (string & {})
  readonly multiplier: number
}

/**
 * Who is charged: the side that crossed the book, or the one that rested.
 *
 * @since 0.1.0
 * @category models
 */
export type Role = "taker" | "maker"

/**
 * How amounts are rounded: `fee` is the unit that a trade fee is rounded up
 * to, `balance` the precision that a balance is rounded down to, in dollars.
 *
 * @since 0.1.0
 * @category models
 */
export interface Precision {
  readonly fee: Dollars.Dollars
  readonly balance: Dollars.Dollars
}

/**
 * The precision of a direct member since 28 May 2026: fees to $0.000001,
 * balances to $0.0001.
 *
 * @since 0.1.0
 * @category constants
 */
export const direct: Precision = { fee: Dollars.micros(1), balance: Dollars.micros(100) }

/**
 * The precision of a member behind an intermediary: fees to $0.000001,
 * balances to $0.01.
 *
 * @since 0.1.0
 * @category constants
 */
export const intermediated: Precision = { fee: Dollars.micros(1), balance: Dollars.cents(1) }

/**
 * The precision of a direct member before 28 May 2026: fees to $0.0001,
 * balances to $0.01.
 *
 * @since 0.1.0
 * @category constants
 */
export const directBeforeJune2026: Precision = { fee: Dollars.micros(100), balance: Dollars.cents(1) }

// k in units of 1e-4
const rates: Readonly<Record<string, Readonly<Record<Role, bigint>>>> = {
  quadratic: { taker: 700n, maker: 0n },
  quadratic_with_maker_fees: { taker: 700n, maker: 175n },
  quadratic_with_combo_maker_fees: { taker: 700n, maker: 350n }
}

// multiplier 1e-6, k 1e-4, contracts 1e-2, two prices 1e-6 each: 1e-24 dollar, or 1e-18 micro-dollar
const PER_MICRO = 10n ** 18n

const multiplierMicros = (multiplier: number): bigint | undefined => {
  const scaled = Math.round(multiplier * 1_000_000)
  return Number.isSafeInteger(scaled) && scaled >= 0 ? BigInt(scaled) : undefined
}

/**
 * The trade fee of a fill before the balance is rounded, in dollars, rounded
 * up to `precision.fee`; `unknown` for a fee type without a public formula.
 *
 * @since 0.1.0
 * @category math
 */
export const tradeFee = (options: {
  readonly schedule: Schedule
  readonly role: Role
  readonly price: Dollars.Dollars
  readonly count: Contracts
  readonly precision?: Precision | undefined
}): Dollars.Dollars | "unknown" => {
  const rate = Object.hasOwn(rates, options.schedule.type) ? rates[options.schedule.type] : undefined
  const multiplier = multiplierMicros(options.schedule.multiplier)
  if (rate === undefined || multiplier === undefined) return "unknown"
  const product =
    multiplier *
    rate[options.role] *
    BigInt(options.count) *
    BigInt(options.price) *
    BigInt(Dollars.complement(options.price))
  const unit = BigInt((options.precision ?? direct).fee)
  return Dollars.micros(Number(decimal.divide(product, PER_MICRO * unit, "ceil") * unit))
}

/**
 * What the exchange still owes an order from rounding its fills, in dollars.
 * It belongs to the order and survives its change from taker to maker.
 *
 * @since 0.1.0
 * @category models
 */
export type Accumulator = Dollars.Dollars

/**
 * What one fill does to a balance.
 *
 * @since 0.1.0
 * @category models
 */
export interface Charge {
  /** The model fee, rounded up to the precision of fees. */
  readonly tradeFee: Dollars.Dollars
  /** What rounding the balance down took. */
  readonly roundingFee: Dollars.Dollars
  /** What the accumulator gave back. */
  readonly rebate: Dollars.Dollars
  /** `tradeFee + roundingFee − rebate`, at least 0: a fill's `fee_cost`. */
  readonly fee: Dollars.Dollars
  /** The change of the balance, principal and fee together. */
  readonly balanceChange: Dollars.Dollars
  /** The accumulator of the order after this fill. */
  readonly accumulator: Accumulator
}

/**
 * Charges one fill: `principal` is the signed cash of the trade without its
 * fee (negative for who pays), `accumulator` what {@link Charge} of the
 * order's fill before this one left, $0 for its first.
 *
 * @since 0.1.0
 * @category math
 */
export const settle = (options: {
  readonly tradeFee: Dollars.Dollars
  readonly principal: Dollars.Dollars
  readonly accumulator: Accumulator
  readonly precision?: Precision | undefined
}): Charge => {
  const unit = (options.precision ?? direct).balance
  const before = Dollars.subtract(options.principal, options.tradeFee)
  const aligned = Dollars.round(before, unit, "floor")
  const roundingFee = Dollars.subtract(before, aligned)
  const owed = Dollars.add(options.accumulator, roundingFee)
  const charged = Dollars.add(options.tradeFee, roundingFee)
  const rebate = Dollars.round(owed < charged ? owed : charged, unit, "floor")
  return {
    tradeFee: options.tradeFee,
    roundingFee,
    rebate,
    fee: Dollars.subtract(charged, rebate),
    balanceChange: Dollars.add(aligned, rebate),
    accumulator: Dollars.subtract(owed, rebate)
  }
}

/**
 * The cash of a trade without its fee, for who opens with it: a bid pays the
 * YES price, an ask pays 1 − price, per contract. In dollars, never positive.
 *
 * @since 0.1.0
 * @category math
 */
export const openingPrincipal = (side: Direction, price: Dollars.Dollars, count: Contracts): Dollars.Dollars =>
  Dollars.negate(Dollars.times(side === "bid" ? price : Dollars.complement(price), count))

/**
 * Charges the first fill of an order that opens a position: its fee and the
 * change of the balance, or `unknown` for a fee type without a public formula.
 *
 * @since 0.1.0
 * @category math
 */
export const charge = (options: {
  readonly schedule: Schedule
  readonly role: Role
  readonly side: Direction
  readonly price: Dollars.Dollars
  readonly count: Contracts
  readonly accumulator?: Accumulator | undefined
  readonly precision?: Precision | undefined
}): Charge | "unknown" => {
  const fee = tradeFee(options)
  if (fee === "unknown") return "unknown"
  return settle({
    tradeFee: fee,
    principal: openingPrincipal(options.side, options.price, options.count),
    accumulator: options.accumulator ?? Dollars.zero,
    precision: options.precision
  })
}
