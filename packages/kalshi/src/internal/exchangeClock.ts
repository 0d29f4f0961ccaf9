/**
 * The clock of the exchange, as its answers tell it.
 */

/** A time of the exchange, and when what told it was sent and received by our clock; all in epoch milliseconds. */
export interface ExchangeTime {
  readonly millis: number
  readonly sentAt: number
  readonly receivedAt: number
}

// what servers write into `Date`: anything else is not read as a time
const FORM = /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/

const HALF_A_SECOND = 500

/**
 * Reads the time of an answer from its headers. `Date` is cut to whole seconds,
 * so half of one is added. An answer with an `Age` comes out of a cache, and
 * its date is that of another answer.
 */
export const read = (
  headers: Readonly<Record<string, string | undefined>>,
  sentAt: number,
  receivedAt: number
): ExchangeTime | undefined => {
  const date = headers["date"]
  if (date === undefined || headers["age"] !== undefined || !FORM.test(date)) return undefined
  const second = Date.parse(date)
  return Number.isNaN(second) ? undefined : { millis: second + HALF_A_SECOND, sentAt, receivedAt }
}

/** What the exchange's clock is ahead of ours, in whole milliseconds: its time is that of the middle of the round trip. */
export const offset = ({ millis, receivedAt, sentAt }: ExchangeTime): number =>
  Math.round(millis - (sentAt + receivedAt) / 2)

/** Whether an offset can be true: with it, the time lies within the round trip and the second that `Date` names. */
export const allows = ({ millis, receivedAt, sentAt }: ExchangeTime, offset: number): boolean =>
  sentAt + offset <= millis + HALF_A_SECOND && millis - HALF_A_SECOND <= receivedAt + offset
