/**
 * How a page says that it is one of ours.
 */
import { markup } from "./markup.ts"

/** Stands near the start of the page. */
export const generator = markup`<meta name="generator" content="@effect-kalshi/history">`

/**
 * Whether a text, such as the first thousand bytes of a file, is the start of a
 * page of a report: a file of something else is not to be replaced by one.
 *
 * @since 0.1.0
 * @category guards
 */
export const isReport = (start: string): boolean => start.slice(0, 1000).includes(generator.text)
