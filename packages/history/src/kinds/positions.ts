/**
 * Positions of a subaccount, settled and unsettled.
 */
import * as Schema from "effect/Schema"
import * as Model from "effect-kalshi/models/Position"
import type { Kind } from "../Kind.ts"
import * as column from "./column.ts"

/**
 * Schema of a position in a market with the subaccount that it is of, which the
 * exchange does not name: it is read a subaccount at a time.
 *
 * @since 0.1.0
 * @category schemas
 */
export const Position = Schema.Struct({ ...Model.MarketPosition.fields, subaccount: Schema.Int })

/**
 * A position in a market with the subaccount that it is of.
 *
 * @since 0.1.0
 * @category models
 */
export type Position = typeof Position.Type

/**
 * Positions as they are when they are read, by when they changed last. Those of
 * settled markets are listed once their event is archived; until then their
 * settlements alone tell of them.
 *
 * @since 0.1.0
 * @category kinds
 */
export const positions: Kind<Position> = {
  name: "positions",
  schema: Position,
  key: ({ subaccount, ticker }) => `${subaccount}/${ticker}`,
  keyColumns: ["subaccount", "ticker"],
  time: (position) => position.updatedAt,
  isFinal: () => false,
  columns: [
    column.integer("subaccount", "subaccount"),
    column.text("ticker", "ticker"),
    column.count("position", "position"),
    column.money("exposure", "exposure"),
    column.money("total_traded", "totalTraded"),
    column.money("realized_pnl", "realizedPnl"),
    column.money("fees_paid", "feesPaid"),
    column.optional.count("resting", "resting"),
    column.optional.time("updated_at", "updatedAt"),
    column.optional.integer("exchange_index", "exchangeIndex")
  ]
}
