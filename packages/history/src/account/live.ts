/**
 * The records of an account from the exchange.
 */
import type * as Fees from "effect-kalshi/Fees"
import * as Exchange from "effect-kalshi/Exchange"
import type * as Historical from "effect-kalshi/Historical"
import type * as KalshiError from "effect-kalshi/KalshiError"
import * as Markets from "effect-kalshi/Markets"
import type * as Order from "effect-kalshi/models/Order"
import type * as SubaccountBalance from "effect-kalshi/models/SubaccountBalance"
import type * as Timestamp from "effect-kalshi/Timestamp"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import * as History from "../History.ts"
import * as Ledger from "../Ledger.ts"
import { collect } from "./collect.ts"
import { withMarkets } from "./markets.ts"
import { type AccountRecords, changedAt, type Name, type Options } from "./Model.ts"

const WINDOWS = 4

/** The same money in the same places. */
const areEqual = (
  before: ReadonlyArray<SubaccountBalance.SubaccountBalance>,
  after: ReadonlyArray<SubaccountBalance.SubaccountBalance>
): boolean => {
  const texts = (rows: typeof before) =>
    rows.map(({ available, exchangeIndex, subaccount }) => `${subaccount}/${exchangeIndex ?? 0}/${available}`)
  const known = new Set(texts(before))
  return before.length === after.length && texts(after).every((text) => known.has(text))
}

/** Whether it is none of a market that is not there. */
const isOfAny = (error: KalshiError.Of<KalshiError.MarketNotFound>): error is KalshiError.Of =>
  error.reason._tag !== "MarketNotFound"

/** How the markets of these orders charge, as far as the exchange knows them. */
const schedules = Effect.fnUntraced(function* (
  orders: ReadonlyArray<Order.Order>
): Effect.fn.Return<ReadonlyMap<string, Fees.Schedule>, KalshiError.Of, Markets.Markets> {
  const { getFees } = yield* Markets.Markets
  const tickers = new Set(orders.map(({ ticker }) => ticker))
  const found = new Map<string, Fees.Schedule>()
  for (const ticker of tickers) {
    const schedule = yield* Effect.catch(getFees(ticker), (error) =>
      isOfAny(error) ? Effect.fail(error) : Effect.undefined
    )
    if (schedule !== undefined) found.set(ticker, schedule)
  }
  return found
})

/** Whether anything was traded or paid in a range. */
const isQuiet = Effect.fnUntraced(function* (since: Timestamp.Timestamp, until: Timestamp.Timestamp) {
  if (until <= since) return true
  const { fills, settlements } = yield* History.History
  const first = yield* Stream.runHead(
    Stream.concat(Stream.as(fills({ since, until }), true), Stream.as(settlements({ since, until }), true))
  )
  return first._tag === "None"
})

/** Reads everything, and the balance of the same moment where there is one. */
export const live = Effect.fnUntraced(function* (
  options: Options = {}
): Effect.fn.Return<
  AccountRecords,
  History.Failure,
  History.History | Exchange.Exchange | Markets.Markets | Historical.Historical
> {
  const history = yield* History.History
  const exchange = yield* Exchange.Exchange
  const { until: asOf } = yield* history.range()
  const before = yield* history.balances
  const all = <N extends Name>(name: N) =>
    collect(
      Stream.flatMap(history.batches(name, { until: asOf, windows: WINDOWS }), ({ records }) =>
        Stream.fromArray(records)
      ),
      name,
      options
    )
  const read = {
    fills: yield* all("fills"),
    settlements: yield* all("settlements"),
    deposits: yield* all("deposits"),
    withdrawals: yield* all("withdrawals"),
    transfers: yield* all("transfers"),
    orders: yield* all("orders"),
    positions: yield* all("positions")
  }
  const after = yield* history.balances
  const isSame = areEqual(before, after) && (yield* isQuiet(asOf, yield* exchange.getUserDataTimestamp))
  const resting = read.orders.filter(({ remaining, status }) => status === "resting" && remaining > 0)
  const charges = isSame ? yield* schedules(resting) : new Map<string, Fees.Schedule>()
  const isOld = (order: Order.Order): boolean => (changedAt(order) ?? 0) < asOf
  const records: AccountRecords = isSame
    ? {
        ...read,
        asOf,
        markets: [],
        snapshots: Ledger.snapshots(
          asOf,
          after,
          Ledger.reserves({
            orders: resting,
            positions: read.positions,
            schedule: (ticker) => charges.get(ticker)
          })
        ),
        gaps: []
      }
    : {
        ...read,
        asOf,
        orders: read.orders.filter(isOld),
        positions: undefined,
        markets: [],
        snapshots: [],
        gaps: [{ _tag: "Moved" }]
      }
  return yield* withMarkets(records, options)
})
