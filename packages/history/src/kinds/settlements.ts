/**
 * Settlements of a subaccount.
 */
import * as Schema from "effect/Schema"
import * as Model from "effect-kalshi/models/Settlement"
import type { Kind } from "../Kind.ts"
import * as column from "./column.ts"

/**
 * Schema of a settlement with the subaccount that it is of, which the exchange
 * does not name: it is read a subaccount at a time.
 *
 * @since 0.1.0
 * @category schemas
 */
export const Settlement = Schema.Struct({ ...Model.Settlement.fields, subaccount: Schema.Int })

/**
 * A settlement with the subaccount that it is of.
 *
 * @since 0.1.0
 * @category models
 */
export type Settlement = typeof Settlement.Type

/**
 * Settlements, which never change, by when they were made. The exchange gives
 * them no id: a subaccount settles a market at an instant once.
 *
 * @since 0.1.0
 * @category kinds
 */
export const settlements: Kind<Settlement> = {
  name: "settlements",
  schema: Settlement,
  key: ({ settledAt, subaccount, ticker }) => `${subaccount}/${ticker}/${settledAt}`,
  keyColumns: ["subaccount", "ticker", "settled_at"],
  time: (settlement) => settlement.settledAt,
  isFinal: true,
  columns: [
    column.integer("subaccount", (settlement) => settlement.subaccount),
    column.text("ticker", (settlement) => settlement.ticker),
    column.optional.text("event_ticker", (settlement) => settlement.eventTicker),
    column.text("result", ({ result }) => (result._tag === "other" ? result.name : result._tag)),
    column.optional.money("yes_paid", ({ result }) => (result._tag === "scalar" ? result.value : undefined)),
    column.count("yes_count", (settlement) => settlement.yesCount),
    column.money("yes_cost", (settlement) => settlement.yesCost),
    column.count("no_count", (settlement) => settlement.noCount),
    column.money("no_cost", (settlement) => settlement.noCost),
    column.money("revenue", (settlement) => settlement.revenue),
    column.optional.money("fee", (settlement) => settlement.fee),
    column.time("settled_at", (settlement) => settlement.settledAt),
    column.optional.integer("exchange_index", (settlement) => settlement.exchangeIndex)
  ]
}
