/**
 * What is wanted of a history.
 *
 * @since 0.1.0
 */
import type * as Timestamp from "effect-kalshi/Timestamp"

/**
 * A range of time, its start included and its end not: `since` is the beginning
 * of everything unless told, and `until` what the exchange's reads show when
 * the stream starts (`/exchange/user_data_timestamp`), never the local clock.
 *
 * `ticker` narrows to one market, of records that name one.
 *
 * `windows` is how many parts of the range are read side by side, 1 to 64, in
 * order whatever their number; 1 unless told. All of them wait for the same
 * rate limit. Orders, deposits, withdrawals, transfers, positions and markets,
 * which the exchange does not filter by the time of a record, are read in one,
 * and filtered here.
 *
 * `subaccounts` (0 to 63) are those that settlements and positions are read of,
 * and to which orders, fills and transfers are narrowed here; all that there are
 * unless told. An order or a fill that names none is of 0.
 *
 * @since 0.1.0
 * @category models
 */
export interface HistoryQuery {
  readonly since?: Timestamp.Timestamp | undefined
  readonly until?: Timestamp.Timestamp | undefined
  readonly ticker?: string | undefined
  readonly windows?: number | undefined
  readonly subaccounts?: ReadonlyArray<number> | undefined
}

/**
 * What a history of public trades is narrowed to; they are of no subaccount.
 * `isBlock` are block trades alone, or all others; of other records it says
 * nothing.
 *
 * @since 0.1.0
 * @category models
 */
export interface TradesQuery extends HistoryQuery {
  readonly isBlock?: boolean | undefined
}

/**
 * What a history of markets is narrowed to: one of `ticker`, `event` and
 * `series`, since all markets of the exchange are more than anybody reads at
 * once.
 *
 * @since 0.1.0
 * @category models
 */
export interface MarketsQuery extends HistoryQuery {
  readonly event?: string | undefined
  readonly series?: string | undefined
}

/**
 * What a history of any kind is narrowed to.
 *
 * @since 0.1.0
 * @category models
 */
export interface AnyQuery extends TradesQuery, MarketsQuery {}
