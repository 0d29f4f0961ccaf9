/**
 * The five lists that are exported: where each comes from, what identifies a
 * row, and its form in a file.
 */
import { Effect, Schema, SchemaTransformation, Stream } from "effect"
import { Dollars, Fill, type KalshiError, Order, Portfolio, Position, Settlement } from "effect-kalshi"

export interface List<A> {
  /** The stem of its files. */
  readonly name: string
  /** The models are the file format: decimal text for money, RFC 3339 for times. */
  readonly record: Schema.Codec<A, unknown>
  /** The same with one column a field. */
  readonly row: Schema.Codec<A, unknown>
  readonly key: (row: A) => string
  readonly rows: Stream.Stream<A, KalshiError.Of, Portfolio.Portfolio>
}

const from = <A>(
  rows: (portfolio: Portfolio.Portfolio["Service"]) => Stream.Stream<A, KalshiError.Of>
): Stream.Stream<A, KalshiError.Of, Portfolio.Portfolio> => Stream.unwrap(Effect.map(Portfolio.Portfolio, rows))

export const fills: List<Fill.Fill> = {
  name: "fills",
  record: Fill.Fill,
  row: Fill.Fill,
  key: Fill.key,
  rows: from((portfolio) => portfolio.fills())
}

export const orders: List<Order.Order> = {
  name: "orders",
  record: Order.Order,
  row: Order.Order,
  key: (order) => order.orderId,
  rows: from((portfolio) => portfolio.orders())
}

const { result: _, ...plain } = Settlement.Settlement.fields

// The result of a market is a value of its own; a CSV file has two columns for it.
const SettlementCells = Schema.Struct({
  ...plain,
  result: Schema.String,
  value: Schema.optional(Dollars.Dollars)
})

const SettlementRow = SettlementCells.pipe(
  Schema.decodeTo(
    Schema.toType(Settlement.Settlement),
    SchemaTransformation.transform({
      decode: ({ result, value, ...rest }): Settlement.Settlement => ({
        ...rest,
        result:
          result === "yes" || result === "no"
            ? { _tag: result }
            : result === "scalar"
              ? { _tag: result, ...(value === undefined ? {} : { value }) }
              : { _tag: "other", name: result }
      }),
      encode: ({ result, ...rest }: Settlement.Settlement): typeof SettlementCells.Type => ({
        ...rest,
        result: result._tag === "other" ? result.name : result._tag,
        ...(result._tag === "scalar" && result.value !== undefined ? { value: result.value } : {})
      })
    })
  )
)

export const settlements: List<Settlement.Settlement> = {
  name: "settlements",
  record: Settlement.Settlement,
  row: SettlementRow,
  key: Settlement.key,
  rows: from((portfolio) => portfolio.settlements())
}

export const marketPositions: List<Position.MarketPosition> = {
  name: "market_positions",
  record: Position.MarketPosition,
  row: Position.MarketPosition,
  key: (position) => position.ticker,
  rows: from((portfolio) => portfolio.marketPositions())
}

export const eventPositions: List<Position.EventPosition> = {
  name: "event_positions",
  record: Position.EventPosition,
  row: Position.EventPosition,
  key: (position) => position.eventTicker,
  rows: from((portfolio) => portfolio.eventPositions())
}
