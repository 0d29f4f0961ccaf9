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

/**
 * Reads a fill.
 *
 * @since 0.1.0
 * @category readers
 */
export const fill: Reader<Fill.Fill> = reader({
  "2024": wire(PortfolioApi2024.Fill, Fill.fromWire2024),
  "2026-01": wire(January2026.Fill, Fill.fromWireJanuary2026),
  today: wire(PortfolioApi.Fill, Fill.fromWire)
})

/** An order of 2.0.0 without any count is the answer to a new order, and not the order. */
const confirmation = (order: typeof OrdersApi2024.Order.Type): string | undefined =>
  Order.hasCounts2024(order) ? undefined : "it tells no counts: it confirms a new order, and is not the order"

/**
 * Reads an order; one of 2.0.0 that tells no count is the confirmation of a
 * new order, which is refused.
 *
 * @since 0.1.0
 * @category readers
 */
export const order: Reader<Order.Order> = reader({
  "2024": wire(OrdersApi2024.Order, Order.fromWire2024, confirmation),
  "2026-01": wire(January2026.Order, Order.fromWireJanuary2026),
  today: wire(OrdersApi.Order, Order.fromWire)
})

/**
 * Reads a settlement.
 *
 * @since 0.1.0
 * @category readers
 */
export const settlement: Reader<Settlement.Settlement> = reader({
  "2024": wire(PortfolioApi2024.Settlement, Settlement.fromWire2024),
  "2026-01": wire(January2026.Settlement, Settlement.fromWireJanuary2026),
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
  "2024": wire(PortfolioApi2024.MarketPosition, Position.fromWire2024),
  "2026-01": wire(January2026.MarketPosition, Position.fromWireJanuary2026),
  today: wire(MarketPosition, marketPositionToday)
})

/**
 * Reads the positions of an event together.
 *
 * @since 0.1.0
 * @category readers
 */
export const eventPosition: Reader<Position.EventPosition> = reader({
  "2024": wire(PortfolioApi2024.EventPosition, Position.eventFromWire2024),
  "2026-01": wire(January2026.EventPosition, Position.eventFromWireJanuary2026),
  today: wire(PortfolioApi.EventPosition, Position.eventFromWire)
})
