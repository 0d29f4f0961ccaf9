/**
 * The kinds of records in an archive: how one of each is read, whatever its
 * generation.
 *
 * @since 0.1.0
 */
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as January2026 from "../api/legacy/January2026.ts"
import * as OrdersApi2024 from "../api/legacy/Orders.ts"
import * as PortfolioApi2024 from "../api/legacy/Portfolio.ts"
import * as OrdersApi from "../api/Orders.ts"
import * as PortfolioApi from "../api/Portfolio.ts"
import * as Wire from "../api/Wire.ts"
import * as Contracts from "../Contracts.ts"
import * as Dollars from "../Dollars.ts"
import * as Fill from "../models/Fill.ts"
import * as Order from "../models/Order.ts"
import * as Position from "../models/Position.ts"
import * as Settlement from "../models/Settlement.ts"
import * as generation from "./generation.ts"

/**
 * A record that was read.
 *
 * @since 0.1.0
 * @category models
 */
export interface Read<A> {
  readonly generation: generation.Generation
  readonly record: A
}

/**
 * Why a record cannot be read, and which generation it looked like.
 *
 * @since 0.1.0
 * @category models
 */
export interface Unreadable {
  readonly generation: generation.Generation
  readonly description: string
}

/**
 * Reads a record of one kind.
 *
 * @since 0.1.0
 * @category models
 */
export type Reader<A> = (record: generation.Raw) => Result.Result<Read<A>, Unreadable>

/** How records of one generation are read; a failure says why in a few words. */
interface Wire<A> extends generation.Declaration {
  readonly read: (record: generation.Raw) => Result.Result<A, string>
}

const MAX_DESCRIPTION = 300

const short = (text: string): string =>
  text.length > MAX_DESCRIPTION ? `${text.slice(0, MAX_DESCRIPTION)}…` : text.replace(/\s*\n\s*/g, " ")

/**
 * Decodes by the declaration and then by the model's own function; `wrong` is
 * asked in between what the declaration cannot say.
 */
const wire = <W, A>(
  schema: Schema.Codec<W, unknown> & generation.Declaration,
  fromWire: (wire: W) => A,
  wrong: (wire: W) => string | undefined = () => undefined
): Wire<A> => {
  const decode = Schema.decodeUnknownResult(schema)
  return {
    fields: schema.fields,
    read: (record) => {
      const decoded = decode(record)
      if (Result.isFailure(decoded)) return Result.fail(short(decoded.failure.message))
      const problem = wrong(decoded.success)
      if (problem !== undefined) return Result.fail(problem)
      try {
        return Result.succeed(fromWire(decoded.success))
      } catch (defect) {
        // counts that are each within the exact range, and together beyond it
        if (defect instanceof RangeError) return Result.fail(short(defect.message))
        throw defect
      }
    }
  }
}

const reader = <A>(wires: Readonly<Record<generation.Generation, Wire<A>>>): Reader<A> => {
  const generationOf = generation.compile(wires)
  return (record) => {
    const generation = generationOf(record)
    return Result.mapBoth(wires[generation].read(record), {
      onSuccess: (record) => ({ generation, record }),
      onFailure: (description) => ({ generation, description })
    })
  }
}

type Prices = Readonly<
  Partial<Record<`${"yes" | "no"}_price${"" | "_dollars" | "_fixed"}`, Dollars.Dollars | null | undefined>>
>

/** The prices of the two sides are $1 together; what January 2026 has in cents lacks what is below one. */
const unequal = (wire: Prices): string | undefined => {
  const yes = wire.yes_price_dollars ?? wire.yes_price_fixed
  const no = wire.no_price_dollars ?? wire.no_price_fixed
  if (yes != null && no != null) return yes + no === Dollars.one ? undefined : "its two prices are not $1 together"
  return unequalCents(wire, Dollars.cents(1))
}

const unequalCents = ({ no_price: no, yes_price: yes }: Prices, cut = Dollars.zero): string | undefined =>
  yes == null || no == null || yes + no === Dollars.one || yes + no === Dollars.one - cut
    ? undefined
    : "its two prices are not $1 together"

/** Says of counts by their names which is below 0, where none can be. */
const negative =
  <const Name extends string>(...names: ReadonlyArray<Name>) =>
  (wire: Readonly<Partial<Record<Name, Contracts.Contracts | null | undefined>>>): string | undefined => {
    const name = names.find((name) => (wire[name] ?? 0) < 0)
    return name === undefined ? undefined : `"${name}" is negative`
  }

const negativeFill = negative("count", "count_fp")
const negativeSettlement = negative("yes_count", "yes_count_fp", "no_count", "no_count_fp")
const negativeResting = negative("resting_orders_count")
const negativeEvent = negative("resting_order_count", "total_cost_shares", "total_cost_shares_fp")
const negativeOrder2024 = negative(
  "place_count",
  "remaining_count",
  "taker_fill_count",
  "maker_fill_count",
  "decrease_count",
  "amend_taker_fill_count",
  "close_cancel_count",
  "fcc_cancel_count",
  "taker_self_trade_cancel_count"
)
const negativeOrderJanuary2026 = negative(
  "fill_count",
  "fill_count_fp",
  "remaining_count",
  "remaining_count_fp",
  "initial_count",
  "initial_count_fp"
)

/**
 * Reads a fill; one of an old wire whose two prices are not $1 together, or
 * whose count is negative, is refused.
 *
 * @since 0.1.0
 * @category readers
 */
export const fill: Reader<Fill.Fill> = reader({
  "2024": wire(PortfolioApi2024.Fill, Fill.fromWire2024, (fill) => unequalCents(fill) ?? negativeFill(fill)),
  "2026-01": wire(January2026.Fill, Fill.fromWireJanuary2026, (fill) => unequal(fill) ?? negativeFill(fill)),
  today: wire(PortfolioApi.Fill, Fill.fromWire)
})

/** An order of 2.0.0 without any count is the answer to a new order, and not the order. */
const confirmation = (order: typeof OrdersApi2024.Order.Type): string | undefined =>
  Order.hasCounts2024(order) ? undefined : "it tells no counts: it confirms a new order, and is not the order"

/**
 * Reads an order; one of 2.0.0 that tells no count is the confirmation of a
 * new order, which is refused, as are prices and counts that a fill's would be
 * refused for.
 *
 * @since 0.1.0
 * @category readers
 */
export const order: Reader<Order.Order> = reader({
  "2024": wire(
    OrdersApi2024.Order,
    Order.fromWire2024,
    (order) => confirmation(order) ?? unequalCents(order) ?? negativeOrder2024(order)
  ),
  "2026-01": wire(
    January2026.Order,
    Order.fromWireJanuary2026,
    (order) => unequal(order) ?? negativeOrderJanuary2026(order)
  ),
  today: wire(OrdersApi.Order, Order.fromWire)
})

/**
 * Reads a settlement.
 *
 * @since 0.1.0
 * @category readers
 */
export const settlement: Reader<Settlement.Settlement> = reader({
  "2024": wire(PortfolioApi2024.Settlement, Settlement.fromWire2024, negativeSettlement),
  "2026-01": wire(January2026.Settlement, Settlement.fromWireJanuary2026, negativeSettlement),
  today: wire(PortfolioApi.Settlement, Settlement.fromWire)
})

// what rests was told until July 2026
const MarketPosition = Schema.Struct({
  ...PortfolioApi.MarketPosition.fields,
  resting_orders_count: Wire.maybe(Contracts.FromWhole)
})

const marketPositionToday = (wire: typeof MarketPosition.Type): Position.MarketPosition =>
  wire.resting_orders_count == null
    ? Position.fromWire(wire)
    : { ...Position.fromWire(wire), resting: wire.resting_orders_count }

/**
 * Reads a position in a market.
 *
 * @since 0.1.0
 * @category readers
 */
export const marketPosition: Reader<Position.MarketPosition> = reader({
  "2024": wire(PortfolioApi2024.MarketPosition, Position.fromWire2024, negativeResting),
  "2026-01": wire(January2026.MarketPosition, Position.fromWireJanuary2026, negativeResting),
  today: wire(MarketPosition, marketPositionToday)
})

/**
 * Reads the positions of an event together.
 *
 * @since 0.1.0
 * @category readers
 */
export const eventPosition: Reader<Position.EventPosition> = reader({
  "2024": wire(PortfolioApi2024.EventPosition, Position.eventFromWire2024, negativeEvent),
  "2026-01": wire(January2026.EventPosition, Position.eventFromWireJanuary2026, negativeEvent),
  today: wire(PortfolioApi.EventPosition, Position.eventFromWire)
})
