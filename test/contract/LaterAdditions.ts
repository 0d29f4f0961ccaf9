/**
 * Where the exchange is known to differ from the SDK that judges: the complete
 * list, each entry with its source. Anything else that differs is a violation.
 */

/** A difference between the exchange and the SDK. */
export type LaterAddition =
  /** A property of a model that the SDK does not know. */
  | {
      readonly kind: "property"
      readonly model: string
      readonly name: string
      readonly schema: { readonly [key: string]: unknown }
      readonly source: string
    }
  /** A property of a model that is no more, although the SDK still has it. */
  | { readonly kind: "removed"; readonly model: string; readonly name: string; readonly source: string }
  /** A property that the SDK requires and that may be absent. */
  | { readonly kind: "optional"; readonly model: string; readonly name: string; readonly source: string }
  /** A member of an enum that the SDK does not know. */
  | { readonly kind: "member"; readonly model: string; readonly value: string; readonly source: string }
  /** A query parameter of an operation that the SDK does not know. */
  | {
      readonly kind: "query"
      readonly operation: string
      readonly name: string
      readonly type: "string" | "number" | "boolean"
      readonly source: string
    }
  /** A property that any object of an answer may carry. */
  | { readonly kind: "anywhere"; readonly name: string; readonly source: string }

const absentCursor = (model: string): LaterAddition => ({
  kind: "optional",
  model,
  name: "cursor",
  source: "observed on the live exchange: the last page may leave the cursor out"
})

/** Every known difference; empty it of what a newer SDK knows. */
export const laterAdditions: ReadonlyArray<LaterAddition> = [
  {
    kind: "removed",
    model: "Market",
    name: "liquidity_dollars",
    source: "changelog 2026-10-01: Market.liquidity_dollars removed"
  },
  {
    kind: "query",
    operation: "getMarkets",
    name: "max_updated_ts",
    type: "number",
    source: "specification 3.31.0/3.32.0 (docs, October 2026): max_updated_ts on GET /markets"
  },
  {
    kind: "query",
    operation: "getFillsHistorical",
    name: "subaccount",
    type: "number",
    source: "specification 3.31.0 (docs, 2026-09-25): subaccount on GET /historical/fills"
  },
  {
    kind: "query",
    operation: "getHistoricalOrders",
    name: "subaccount",
    type: "number",
    source: "specification 3.31.0 (docs, 2026-09-25): subaccount on GET /historical/orders"
  },
  {
    kind: "member",
    model: "FeeType",
    value: "margin_market_maker_program_fees",
    source: "observed on the live exchange in series"
  },
  {
    kind: "member",
    model: "RestingMarginReservation",
    value: "none",
    source: "specification after 3.30.0 (docs, October 2026): RestingMarginReservation gains none"
  },
  absentCursor("GetFillsResponse"),
  absentCursor("GetMarketsResponse"),
  absentCursor("GetOrdersResponse"),
  absentCursor("GetTradesResponse"),
  {
    kind: "anywhere",
    name: "sandbox_unannounced",
    source: "the sandbox's own drift fault: a field that no client can know"
  }
]
