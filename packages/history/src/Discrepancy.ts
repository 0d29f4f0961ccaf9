/**
 * What does not add up in the records of an account: which records contradict
 * each other, and the smallest set of them that holds the wrong one.
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import * as Contracts from "effect-kalshi/Contracts"
import * as Dollars from "effect-kalshi/Dollars"
import * as Timestamp from "effect-kalshi/Timestamp"

/**
 * Schema of an amount, a count or a word that is told in two ways: `told` by the
 * row of the exchange, `computed` from the fills, both as text.
 *
 * @since 0.1.0
 * @category schemas
 */
export const Difference = Schema.Struct({ what: Schema.String, told: Schema.String, computed: Schema.String })

/**
 * Something that is told in two ways.
 *
 * @since 0.1.0
 * @category models
 */
export type Difference = typeof Difference.Type

/**
 * Schema of a market of a subaccount.
 *
 * @since 0.1.0
 * @category schemas
 */
export const Place = Schema.Struct({ subaccount: Schema.Int, ticker: Schema.String })

/**
 * A market of a subaccount, where fills add up to one position.
 *
 * @since 0.1.0
 * @category models
 */
export type Place = typeof Place.Type

/**
 * Schema of a discrepancy.
 *
 * - `FillTwice`: a fill of this key came more than once; it is counted once.
 * - `FillUnreadable`: a fill lacks its direction or its time, also in the row of
 *   its order; it is left out.
 * - `OrderUnlikeFills`: the totals of an order are not those of its fills.
 * - `MarketUnlikeFills`: a settlement or a position is not what the fills of its
 *   market make.
 * - `SettlementTwice`: a settlement came more than once; it is counted once.
 * - `SettlementMissing`: the market has paid, but this position was not settled.
 * - `PayoutUnlikeValue`: what a settlement paid is not what the value of its
 *   market pays for the position, `value` being what YES paid.
 * - `CashUnlikeBalance`: the cash that the records make is not the free balance
 *   and the reserve of a snapshot, or changed otherwise since the one at `from`,
 *   which is absent where there was none; `difference` is what the exchange has
 *   more, in dollars. `suspects` are the markets of which another settlement
 *   value, as likely by all other records, would explain it.
 *
 * @since 0.1.0
 * @category schemas
 */
export const Discrepancy = Schema.TaggedUnion({
  FillTwice: { ...Place.fields, tradeId: Schema.String, orderId: Schema.String },
  FillUnreadable: {
    ...Place.fields,
    tradeId: Schema.String,
    orderId: Schema.String,
    lacks: Schema.Literals(["side", "time"])
  },
  OrderUnlikeFills: {
    ...Place.fields,
    orderId: Schema.String,
    tradeIds: Schema.Array(Schema.String),
    differences: Schema.Array(Difference)
  },
  MarketUnlikeFills: {
    ...Place.fields,
    row: Schema.Literals(["settlement", "position"]),
    differences: Schema.Array(Difference)
  },
  SettlementTwice: { ...Place.fields, settledAt: Timestamp.Timestamp },
  SettlementMissing: { ...Place.fields, position: Contracts.Contracts },
  PayoutUnlikeValue: {
    ...Place.fields,
    settledAt: Timestamp.Timestamp,
    value: Schema.optional(Dollars.Dollars),
    computed: Dollars.Dollars,
    revenue: Dollars.Dollars
  },
  CashUnlikeBalance: {
    subaccount: Schema.Int,
    from: Schema.optional(Timestamp.Timestamp),
    until: Timestamp.Timestamp,
    difference: Dollars.Dollars,
    suspects: Schema.Array(Place)
  }
})

/**
 * What does not add up.
 *
 * @since 0.1.0
 * @category models
 */
export type Discrepancy = typeof Discrepancy.Type

/**
 * What a discrepancy is of: an order, a market of a subaccount, or where nothing
 * finer is known a subaccount.
 *
 * @since 0.1.0
 * @category models
 */
export type Culprit =
  | (Place & { readonly _tag: "order"; readonly orderId: string })
  | (Place & { readonly _tag: "market" })
  | { readonly _tag: "subaccount"; readonly subaccount: number }

/**
 * The smallest sets of records that the wrong one is known to be in: one, unless
 * several markets explain a difference of cash equally well.
 *
 * @since 0.1.0
 * @category accessors
 */
export const culprits = (discrepancy: Discrepancy): ReadonlyArray<Culprit> => {
  switch (discrepancy._tag) {
    case "FillTwice":
    case "FillUnreadable":
    case "OrderUnlikeFills": {
      const { orderId, subaccount, ticker } = discrepancy
      return [{ _tag: "order", orderId, subaccount, ticker }]
    }
    case "CashUnlikeBalance":
      return discrepancy.suspects.length === 0
        ? [{ _tag: "subaccount", subaccount: discrepancy.subaccount }]
        : discrepancy.suspects.map(({ subaccount, ticker }) => ({ _tag: "market", subaccount, ticker }))
    default:
      return [{ _tag: "market", subaccount: discrepancy.subaccount, ticker: discrepancy.ticker }]
  }
}

const several = (differences: ReadonlyArray<Difference>): string =>
  differences.map(({ computed, told, what }) => `${what} ${told} (fills: ${computed})`).join(", ")

const place = ({ subaccount, ticker }: Place): string => `${ticker} of subaccount ${subaccount}`

/**
 * A discrepancy in a sentence: what it is of, and what to look at.
 *
 * @since 0.1.0
 * @category conversions
 */
export const describe = (discrepancy: Discrepancy): string =>
  Discrepancy.match(discrepancy, {
    FillTwice: (_) => `the fill ${_.tradeId} of order ${_.orderId} in ${place(_)} came more than once; it counts once`,
    FillUnreadable: (_) =>
      `the fill ${_.tradeId} of order ${_.orderId} in ${place(_)} has no ${_.lacks}; it does not count`,
    OrderUnlikeFills: (_) => `order ${_.orderId} in ${place(_)} is not what its fills make: ${several(_.differences)}`,
    MarketUnlikeFills: (_) => `the ${_.row} in ${place(_)} is not what the fills make: ${several(_.differences)}`,
    SettlementTwice: (_) => `the settlement of ${place(_)} came more than once; it counts once`,
    SettlementMissing: (_) =>
      `${place(_)} has paid, but ${Contracts.format(_.position)} contracts of it were not settled: look for its settlement`,
    PayoutUnlikeValue: (_) =>
      `the settlement of ${place(_)} paid $${Dollars.format(_.revenue)}, its value makes $${Dollars.format(_.computed)}`,
    CashUnlikeBalance: (_) =>
      `subaccount ${_.subaccount} has $${Dollars.format(Dollars.abs(_.difference))} ` +
      `${_.difference < 0 ? "less" : "more"} than its records make ` +
      `${_.from === undefined ? "" : `since ${Timestamp.format(_.from)} `}until ${Timestamp.format(_.until)}` +
      (_.suspects.length === 0
        ? ": a record is missing, or money moved that the exchange does not list, for which a row can be added"
        : `: look at the settlement value of ${_.suspects.map(({ ticker }) => ticker).join(" or ")}`)
  })
