/**
 * Markets, as they are when they are read.
 */
import * as Schema from "effect/Schema"
import * as Market from "effect-kalshi/models/Market"
import type { Column, Kind } from "../Kind.ts"
import * as column from "./column.ts"

const Bands = Schema.fromJsonString(Schema.Array(Market.Band))
const encodeBands = Schema.encodeSync(Bands)
const decodeBands = Schema.decodeUnknownOption(Bands)

/** The bands of prices in one cell, as JSON. */
const bands: Column<Pick<Market.Market, "bands">> = {
  type: "text",
  name: "bands",
  optional: false,
  get: ({ bands }) => encodeBands(bands),
  set: (into, value) => {
    const read = decodeBands(value)
    // what is none of bands is no market either, which the schema of the record says
    into["bands"] = read._tag === "Some" ? read.value : value
  }
}

/**
 * Markets, by when they close or closed, as they are when they are read. They
 * are final once they are settled.
 *
 * @since 0.1.0
 * @category kinds
 */
export const markets: Kind<Market.Market> = {
  name: "markets",
  schema: Market.Market,
  key: (market) => market.ticker,
  keyColumns: ["ticker"],
  time: (market) => market.closeTime,
  isFinal: (market) => market.status === "finalized",
  columns: [
    column.text("ticker", "ticker"),
    column.text("event_ticker", "eventTicker"),
    column.optional.text("title", "title"),
    column.text("type", "type"),
    column.text("status", "status"),
    column.time("open_time", "openTime"),
    column.time("close_time", "closeTime"),
    column.optional.money("bid", "bid"),
    column.optional.count("bid_size", "bidSize"),
    column.optional.money("ask", "ask"),
    column.optional.count("ask_size", "askSize"),
    column.optional.money("last_price", "lastPrice"),
    column.optional.count("volume", "volume"),
    column.optional.count("open_interest", "openInterest"),
    column.optional.text("result", "result"),
    column.optional.money("settlement_value", "settlementValue"),
    column.optional.time("settled_at", "settledAt"),
    column.optional.time("fee_waiver_until", "feeWaiverUntil"),
    column.optional.text("price_level_structure", "priceLevelStructure"),
    bands,
    column.optional.integer("exchange_index", "exchangeIndex")
  ]
}
