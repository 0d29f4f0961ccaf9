/**
 * What old records say that no model has.
 *
 * @since 0.1.0
 */
import type { Generation } from "./generation.ts"

/**
 * The kinds of records.
 *
 * @since 0.1.0
 * @category models
 */
export type Kind = "fill" | "order" | "settlement" | "marketPosition" | "eventPosition"

const NO_PRICE = "$1 less the price of YES, which the model has"
const USER = "the account itself, the same in every record"
const QUEUE = "a place in the queue at the moment of the answer, which says nothing afterwards"
const TYPE = "limit or market, which says nothing of what became of the order; its price is the limit"

/**
 * The fields of a record, of each generation before today's, that the models
 * leave out, each with the reason. All others are in the model.
 *
 * @since 0.1.0
 * @category constants
 */
export const leftOut: Readonly<
  Record<Exclude<Generation, "today">, Readonly<Record<Kind, Readonly<Record<string, string>>>>>
> = {
  "2024": {
    fill: { no_price: NO_PRICE },
    order: {
      user_id: USER,
      no_price: NO_PRICE,
      type: TYPE,
      queue_position: QUEUE,
      place_count: "what was placed as maker; what became of all contracts, as maker or taker, is in the counts",
      amend_count: "how far amendments moved the size; the counts are those of the size that it has",
      amend_taker_fill_count: "what amendments filled; what was filled in all is in the counts"
    },
    settlement: {},
    marketPosition: {},
    eventPosition: {}
  },
  "2026-01": {
    fill: {
      fill_id: "the same as `trade_id`",
      market_ticker: "the same as `ticker`",
      client_order_id: "the order has it",
      price: "a float of dollars; the integer and the strings beside it say the same exactly",
      no_price: NO_PRICE,
      no_price_fixed: NO_PRICE,
      no_price_dollars: NO_PRICE
    },
    order: {
      user_id: USER,
      no_price: NO_PRICE,
      no_price_dollars: NO_PRICE,
      type: TYPE,
      queue_position: QUEUE
    },
    settlement: {},
    marketPosition: {},
    eventPosition: {}
  }
}
