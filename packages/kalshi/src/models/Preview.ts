/**
 * What an order can cost, before it is sent.
 *
 * @since 0.1.0
 */
import * as Contracts from "../Contracts.ts"
import * as Direction from "../Direction.ts"
import * as Dollars from "../Dollars.ts"
import * as Fees from "../Fees.ts"
import type * as PriceGrid from "../PriceGrid.ts"
import type { OrderRequest } from "./OrderRequest.ts"

/**
 * What an order can cost, in dollars.
 *
 * @since 0.1.0
 * @category models
 */
export interface Preview {
  /** The order in the words of the book. */
  readonly quote: Direction.Quote
  /** How much of the order would open a position; the rest closes one. */
  readonly opens: Contracts.Contracts
  /** What the part that opens sets aside, at the limit price. */
  readonly collateral: Dollars.Dollars
  /** The fee of filling the whole order at once at its limit, as taker. */
  readonly fee: Dollars.Dollars | "unknown"
  /**
   * The most that the balance can fall: collateral, and the fee with all that
   * rounding can add when the order fills in the smallest pieces. What the
   * exchange asks to be free before it takes an order may be more.
   */
  readonly worstCost: Dollars.Dollars | "unknown"
}

// a better price costs less, fee included, as long as multiplier times rate stays below 1
const MAX_MULTIPLIER = 14

/** Whether 0.01 contract at any price of the grid is a whole number of balance units. */
const isWhole = (grid: PriceGrid.PriceGrid, precision: Fees.Precision): boolean =>
  grid.bands.every(
    (band) => band.step % (100 * precision.balance) === 0 && band.start % (100 * precision.balance) === 0
  )

/**
 * The most that rounding can take over the life of an order.
 *
 * Every fill rounds its fee up. Where the smallest fill costs whole units of
 * the balance, the order's accumulator gives back all but one unit; elsewhere
 * a fill of a fraction of a contract may keep up to a unit each time.
 */
const rounding = (
  count: Contracts.Contracts,
  grid: PriceGrid.PriceGrid | undefined,
  precision: Fees.Precision
): Dollars.Dollars =>
  grid !== undefined && isWhole(grid, precision)
    ? Dollars.micros(count * precision.fee + precision.balance)
    : Dollars.micros(count * (precision.fee + precision.balance))

/**
 * Tells what an order can cost, given how its market charges, its grid (if it
 * is known) and the position that it meets (signed, YES positive; none when absent).
 *
 * @since 0.1.0
 * @category constructors
 */
export const make = (options: {
  readonly order: OrderRequest
  readonly schedule: Fees.Schedule
  /** Whether fills cost no fee now; a fill of later does, so the worst cost counts it. */
  readonly isWaived?: boolean | undefined
  readonly grid: PriceGrid.PriceGrid | undefined
  readonly position?: Contracts.Contracts | undefined
  readonly precision?: Fees.Precision | undefined
}): Preview => {
  const { order, schedule } = options
  const precision = options.precision ?? Fees.direct
  const quote = Direction.toQuote(order)
  const position = options.position ?? Contracts.zero
  const opposite = quote.side === "bid" ? Contracts.negate(position) : position
  const closes = opposite > 0 ? Contracts.min(opposite, order.count) : Contracts.zero
  const opens = order.reduceOnly === true ? Contracts.zero : Contracts.subtract(order.count, closes)
  const traded = Contracts.add(opens, closes)
  const collateral = Dollars.negate(Fees.openingPrincipal(quote.side, quote.price, opens))
  const charge = (schedule: Fees.Schedule) =>
    Fees.charge({ schedule, role: "taker", side: quote.side, price: quote.price, count: traded, precision })
  const now = charge(options.isWaived === true ? { ...schedule, multiplier: 0 } : schedule)
  const later = charge(schedule)
  const isBounded = later !== "unknown" && schedule.multiplier <= MAX_MULTIPLIER
  return {
    quote,
    opens,
    collateral,
    fee: now === "unknown" ? "unknown" : now.fee,
    worstCost: isBounded
      ? Dollars.sum([collateral, later.tradeFee, rounding(traded, options.grid, precision)])
      : "unknown"
  }
}
