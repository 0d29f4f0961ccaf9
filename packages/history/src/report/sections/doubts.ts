/**
 * What does not agree, before anything that rests on it.
 */
import type * as Dollars from "effect-kalshi/Dollars"
import type * as Data from "../Data.ts"
import { type Markup, markup, none } from "../markup.ts"
import { exact, integer, type Micros, minute, type Sign, sum } from "../numbers.ts"
import { table } from "../table.ts"

/** The most of a list that is written out; the rest is counted. */
const MOST = 50

/** An amount, exactly, on one line. */
const amount = (value: Micros, sign: Sign = "negative"): Markup =>
  markup`<span class="keep">${exact(value, sign)}</span>`

interface Check {
  readonly what: string
  readonly parts: Micros
  readonly whole: Micros
  readonly write: (value: Micros) => Markup
}

type Key = "profit" | "fees" | "volume"

const checks = ({ months, prices, series, totals }: Data.Data): ReadonlyArray<Check> => {
  const amounts = (["profit", "fees", "volume"] as const).flatMap((key: Key) => {
    const of = (those: ReadonlyArray<Readonly<Record<Key, Dollars.Dollars>>>, name: string): Check => ({
      what: `${key} by ${name}`,
      parts: sum(those.map((each) => each[key])),
      whole: BigInt(totals[key]),
      write: amount
    })
    return [of(series, "series"), of(months, "month")]
  })
  const counts = (["lots", "wins"] as const).map((key): Check => ({
    what: `${key === "lots" ? "closed lots" : "lots won"} by entry price`,
    parts: prices.reduce((total, each) => total + BigInt(each[key]), 0n),
    whole: BigInt(totals[key]),
    write: (value) => markup`${integer(value)}`
  }))
  return [...amounts, ...counts]
}

const difference = ({ computed, reported, resting }: Data.Balance): Micros =>
  BigInt(computed) - BigInt(reported) - BigInt(resting)

/** What is left of a list that is too long. */
const more = (count: number, what: string): Markup =>
  count > 0 ? markup`<p>and ${integer(count)} more ${what}</p>` : none

const sums = (data: Data.Data): Markup => {
  const wrong = checks(data).filter(({ parts, whole }) => parts !== whole)
  if (wrong.length === 0) return none
  return markup`<h3>Parts that do not add up to the whole</h3><ul>${wrong.map(
    ({ parts, what, whole, write }) => markup`<li>${what}: ${write(parts)}, where the whole is ${write(whole)}</li>`
  )}</ul>`
}

const balances = ({ balance }: Data.Data): Markup => {
  if (balance === undefined || difference(balance) === 0n) return none
  return markup`<h3>Cash that is not what the exchange reports</h3><p>On ${minute(balance.at)} the records give ${amount(BigInt(balance.computed))}; the exchange reports ${amount(BigInt(balance.reported))} and resting orders reserve ${amount(BigInt(balance.resting))}. The difference is <strong>${amount(difference(balance), "always")}</strong>.</p>`
}

const discrepancies = ({ discrepancies: all }: Data.Data): Markup => {
  if (all.length === 0) return none
  const items = all.slice(0, MOST).map(({ amount: by, message, records }) => {
    const difference = by === undefined ? undefined : markup` <strong>${amount(BigInt(by), "always")}</strong>`
    const named = records.slice(0, MOST)
    const rest = records.length > named.length ? ` and ${integer(records.length - named.length)} more` : ""
    const where = named.length === 0 ? undefined : markup`<br><span class="records">${named.join(", ")}${rest}</span>`
    return markup`<li>${message}${difference}${where}</li>`
  })
  return markup`<h3>Records that do not agree (${integer(all.length)})</h3><ul>${items}</ul>${more(all.length - items.length, "that are not listed here")}`
}

const unexplained = ({ unexplained: all }: Data.Data): Markup => {
  if (all.length === 0) return none
  const shown = all.toSorted((a, b) => a.from - b.from || a.until - b.until).slice(0, MOST)
  const rows = shown.map(({ amount, from, note, until }) => ({
    when: `${minute(from)} to ${minute(until)}`,
    note: note ?? "",
    amount: BigInt(amount)
  }))
  const rest = all.length - shown.length
  if (rest > 0) {
    rows.push({
      when: `${integer(rest)} later ones`,
      note: "",
      amount: sum(all.map(({ amount }) => amount)) - sum(rows.map(({ amount }) => amount))
    })
  }
  return markup`<h3>Changes of the balance that no record explains (${integer(all.length)})</h3>${table({
    caption: "Between two readings of the balance; not part of the profit",
    columns: (column) => [
      column.text("Between", ({ when }) => when),
      column.text("Note", ({ note }) => note),
      column.money("Amount", ({ amount }) => amount, "always")
    ],
    rows,
    total: { when: "All", note: "", amount: sum(all.map(({ amount }) => amount)) }
  })}`
}

const quiet = ({ balance }: Data.Data): Markup =>
  balance === undefined
    ? markup`<p class="fine">The records were not compared with the exchange’s balance. All parts in this report add up exactly.</p>`
    : markup`<p class="fine">On ${minute(balance.at)} the records give the cash that the exchange reports, to the micro-dollar: ${amount(BigInt(balance.computed))}, of which resting orders reserve ${amount(BigInt(balance.resting))}. All parts in this report add up exactly.</p>`

/** Says what does not agree, or that everything does as far as it was compared. */
export const doubts = (data: Data.Data): Markup => {
  const wrong = [sums(data), balances(data), discrepancies(data)]
  const open = unexplained(data)
  const isWrong = wrong.some((each) => each !== none)
  if (!isWrong && open === none) return quiet(data)
  const title = isWrong ? "These figures do not add up" : "Part of the balance is not explained"
  const uncompared =
    data.balance === undefined ? markup`<p>The records were not compared with the exchange’s balance.</p>` : none
  return markup`<div class="alert" id="doubts" role="note" aria-labelledby="doubts-title"><h2 id="doubts-title">${title}</h2>${wrong}${open}${uncompared}</div>`
}
