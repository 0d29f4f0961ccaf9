/**
 * Settlements of a subaccount.
 */
import * as Schema from "effect/Schema"
import * as Model from "effect-kalshi/models/Settlement"
import type { Column, Kind } from "../Kind.ts"
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

type HasResult = Pick<Model.Settlement, "result">

const OTHER = "other:"

/** Results that are known here, and what is never taken for the name of another. */
const isTaken = (name: string): boolean =>
  name === "yes" || name === "no" || name === "scalar" || name.startsWith(OTHER)

/** How the market ended: a result that is not known here by its name, as `void`. */
const result: Column<HasResult> = {
  type: "text",
  name: "result",
  optional: false,
  get: ({ result }) => {
    if (result._tag !== "other") return result._tag
    return isTaken(result.name) ? `${OTHER}${result.name}` : result.name
  },
  set: (into, value) => {
    const name = String(value)
    if (name.startsWith(OTHER)) into["result"] = { _tag: "other", name: name.slice(OTHER.length) }
    else into["result"] = isTaken(name) ? { _tag: name } : { _tag: "other", name }
  }
}

/** What a scalar paid for a contract of YES, beside its result. */
const yesPaid: Column<HasResult> = {
  type: "money",
  name: "yes_paid",
  optional: true,
  get: ({ result }) => (result._tag === "scalar" ? result.value : undefined),
  set: (into, value) => {
    into["result"] = Object.assign({}, into["result"], { value })
  }
}

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
  isFinal: () => true,
  columns: [
    column.integer("subaccount", "subaccount"),
    column.text("ticker", "ticker"),
    column.optional.text("event_ticker", "eventTicker"),
    result,
    yesPaid,
    column.count("yes_count", "yesCount"),
    column.money("yes_cost", "yesCost"),
    column.count("no_count", "noCount"),
    column.money("no_cost", "noCost"),
    column.money("revenue", "revenue"),
    column.optional.money("fee", "fee"),
    column.time("settled_at", "settledAt"),
    column.optional.integer("exchange_index", "exchangeIndex")
  ]
}
