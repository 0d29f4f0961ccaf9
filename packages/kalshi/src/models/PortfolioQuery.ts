/**
 * What a reading of the portfolio is narrowed to.
 *
 * @since 0.1.0
 */
import type * as Timestamp from "../Timestamp.ts"

/**
 * A subaccount (0 to 63, absent is the primary account) and a shard (absent is
 * all).
 *
 * @since 0.1.0
 * @category models
 */
export interface BalanceQuery {
  readonly subaccount?: number | undefined
  readonly exchangeIndex?: number | undefined
}

/**
 * A page of a list: `limit` is 1 to 1000 rows, of deposits and withdrawals to
 * 500 (the exchange's default is 100, a stream's is the most), `cursor`
 * continues where a page ended.
 *
 * @since 0.1.0
 * @category models
 */
export interface PageQuery {
  readonly limit?: number | undefined
  readonly cursor?: string | undefined
}

/**
 * A range of time. The exchange filters by whole seconds, so a row up to a
 * second outside may come along; whether it includes the seconds of the bounds
 * themselves is not documented.
 *
 * @since 0.1.0
 * @category models
 */
export interface RangeQuery {
  readonly minTs?: Timestamp.Timestamp | undefined
  readonly maxTs?: Timestamp.Timestamp | undefined
}

/**
 * What a list of fills is narrowed to; an absent subaccount means all of them.
 *
 * @since 0.1.0
 * @category models
 */
export interface FillsQuery extends PageQuery, RangeQuery, BalanceQuery {
  readonly ticker?: string | undefined
  readonly orderId?: string | undefined
}

/**
 * What a list of orders is narrowed to, at most 10 event tickers; an absent
 * subaccount means all of them.
 *
 * @since 0.1.0
 * @category models
 */
export interface OrdersQuery extends PageQuery, RangeQuery, BalanceQuery {
  readonly ticker?: string | undefined
  readonly eventTickers?: ReadonlyArray<string> | undefined
  readonly status?: "resting" | "canceled" | "executed" | undefined
}

/**
 * What a list of archived fills or orders is narrowed to; an absent subaccount
 * means all of them.
 *
 * @since 0.1.0
 * @category models
 */
export interface ArchiveQuery extends PageQuery, RangeQuery {
  readonly ticker?: string | undefined
  readonly subaccount?: number | undefined
}

/**
 * What a list of archived positions is narrowed to; an absent subaccount means
 * the primary account.
 *
 * @since 0.1.0
 * @category models
 */
export interface ArchivedPositionsQuery extends PageQuery {
  readonly ticker?: string | undefined
  readonly eventTicker?: string | undefined
  readonly subaccount?: number | undefined
}

/**
 * What a list of settlements is narrowed to; an absent subaccount means all of
 * them.
 *
 * @since 0.1.0
 * @category models
 */
export interface SettlementsQuery extends PageQuery, RangeQuery {
  readonly ticker?: string | undefined
  readonly eventTicker?: string | undefined
  readonly subaccount?: number | undefined
}

/**
 * What a list of positions is narrowed to; an absent subaccount means the
 * primary account. `countFilter` keeps rows where one of these is not zero.
 * Today's exchange lists unsettled markets alone and does not count what
 * rests, so that `settlementStatus` takes nothing else there, and
 * `resting_order_count` is refused; the wire of 2.0.0 has both.
 *
 * @since 0.1.0
 * @category models
 */
export interface PositionsQuery extends PageQuery, BalanceQuery {
  readonly ticker?: string | undefined
  readonly eventTicker?: string | undefined
  readonly countFilter?: ReadonlyArray<"position" | "total_traded" | "resting_order_count"> | undefined
  readonly settlementStatus?: "all" | "settled" | "unsettled" | undefined
}
