/**
 * Whose figures they are, of when, and the four that matter most.
 */
import * as Timestamp from "effect-kalshi/Timestamp"
import type * as Data from "../Data.ts"
import { type Markup, markup } from "../markup.ts"
import {
  cents,
  contracts,
  day,
  exact,
  integer,
  isWholeCents,
  type Micros,
  minute,
  percent,
  type Sign
} from "../numbers.ts"
import { toned } from "../table.ts"

const LONG = 13
const LONGER = 15

const sized = (text: string): string => (text.length > LONGER ? " longer" : text.length > LONG ? " long" : "")

const amount = (value: Micros, sign: Sign): Markup => {
  const text = cents(value, sign)
  const shown = sign === "always" ? toned(value, text) : markup`${text}`
  return isWholeCents(value)
    ? markup`<dd class="value${sized(text)}">${shown}</dd>`
    : markup`<dd class="value${sized(text)}" title="exactly ${exact(value, sign)}">${shown}</dd>`
}

const plural = (count: number, one: string, many: string): string => `${integer(count)} ${count === 1 ? one : many}`

const instant = (at: Timestamp.Timestamp): Markup =>
  markup`<time datetime="${Timestamp.format(at)}">${minute(at)}</time>`

/** The period in words. */
export const period = ({ from, until }: Data.Data): string =>
  from === undefined ? `first record to ${day(until)}` : `${day(from)} to ${day(until)}`

/** The head of the page. */
export const head = (data: Data.Data): Markup => {
  const { account, asOf, from, until } = data
  // of another name nobody knows what it is
  const isPlay = account.environment === "demo" || account.environment === "sandbox"
  const badge = isPlay
    ? markup`<span class="badge test">${account.environment}: not the exchange itself</span>`
    : markup`<span class="badge">${account.environment}</span>`
  const start = from === undefined ? markup`the first record` : instant(from)
  return markup`<header><p class="kicker">Account report ${badge}</p><h1><bdi>${account.name}</bdi></h1><p class="meta">From ${start} to ${instant(until)}. <span class="keep">Records as of ${instant(asOf)}.</span></p>${figures(data)}</header>`
}

const figures = ({ totals }: Data.Data): Markup => {
  const { fees, fills, lots, profit, volume, wins } = totals
  return markup`<dl class="figures"><div><dt>Realised profit, after fees</dt>${amount(BigInt(profit), "always")}<dd class="more">on ${plural(lots, "closed lot", "closed lots")}</dd></div><div><dt>Fees</dt>${amount(BigInt(fees), "negative")}<dd class="more">${percent(fees, volume, 2)} of volume</dd></div><div><dt>Volume</dt>${amount(BigInt(volume), "negative")}<dd class="more">${plural(fills, "fill", "fills")}, ${contracts(totals.contracts)} contracts</dd></div><div><dt>Win rate</dt><dd class="value">${percent(wins, lots)}</dd><dd class="more">${integer(wins)} of ${plural(lots, "closed lot", "closed lots")}</dd></div></dl>`
}
