/**
 * An account as one page of HTML: equity, profit, fees, win rate by price,
 * exposure and the largest trades, with what does not agree said first.
 *
 * The page is a single file that loads nothing. It is drawn for screens, phones
 * and paper, light and dark, and each chart stands beside its exact figures.
 *
 * This module is not among those of the package's main door, since the charts
 * take a tenth of a second to load: import `@effect-kalshi/history/Report`.
 *
 * @since 0.1.0
 */
import type * as Model from "./report/Data.ts"
import * as page from "./report/page.ts"

export * from "./report/Data.ts"
export { fromLedger, type Options } from "./report/fromLedger.ts"
export { isReport } from "./report/generator.ts"
export type { Period } from "./report/period.ts"

/**
 * Writes the page: the same data gives the same bytes, and any data gives a
 * page. What does not add up in it is shown, not refused.
 *
 * @since 0.1.0
 * @category conversions
 */
export const html = (data: Model.Data): string => page.page(data)
