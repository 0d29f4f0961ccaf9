/**
 * What `kalshi report` does.
 */
import * as AccountRecords from "@effect-kalshi/history/AccountRecords"
import * as Ledger from "@effect-kalshi/history/Ledger"
import type * as Report from "@effect-kalshi/history/Report"
import * as TaxLots from "@effect-kalshi/history/TaxLots"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import * as Dollars from "effect-kalshi/Dollars"
import * as Timestamp from "effect-kalshi/Timestamp"
import * as Failure from "../Failure.ts"
import * as Output from "../Output.ts"
import * as Table from "../Table.ts"
import * as Times from "../Times.ts"
import * as Words from "../Words.ts"
import * as gather from "./report/gather.ts"
import * as place from "./report/place.ts"

interface Options {
  readonly since: Option.Option<Times.Time>
  readonly until: Option.Option<Times.Time>
  readonly from: Option.Option<string>
  readonly out: string
  readonly method: Ledger.Method
  readonly tax: Option.Option<string>
  readonly force: boolean
}

// the charts take a tenth of a second to load: only where a page is looked at or made
const pages = Effect.promise(() => import("@effect-kalshi/history/Report"))

const HEADER = Object.keys(TaxLots.TaxLot.fields).join(",")

/** Looks whether everything can be written, before anything is read. */
const checkPlaces = Effect.fnUntraced(function* ({ force, out, tax }: Options) {
  const isPage = (start: string) => Effect.map(pages, ({ isReport }) => isReport(start))
  yield* place.check(out, force, isPage, "report of kalshi")
  if (Option.isNone(tax)) return
  if (tax.value === out) return yield* Failure.usage("InvalidTax", "--tax and --out name the same file")
  yield* place.check(tax.value, force, (start) => Effect.succeed(start.startsWith(HEADER)), "list of closed lots")
})

const backwards = Failure.usage("InvalidRange", "--since is not before --until: nothing can be between them")

/** The period that two flags name, by the end of the records. */
const periodOf = Effect.fnUntraced(function* ({ since, until }: Options, asOf: Timestamp.Timestamp) {
  const at = (time: Option.Option<Times.Time>): Timestamp.Timestamp | undefined =>
    Option.isNone(time) ? undefined : time.value._tag === "At" ? time.value.at : Times.before(time.value.micros)(asOf)
  const period: Report.Period = { since: at(since), until: at(until) }
  if (period.since !== undefined && period.since >= (period.until ?? asOf)) {
    return yield* period.until === undefined
      ? Failure.usage("InvalidRange", `--since is not before the end of the records, ${Words.time(asOf)} UTC`)
      : backwards
  }
  return period
})

/** Whether two times that are meant alike are the wrong way round, which is known before anything is read. */
const areBackwards = ({ since, until }: Options): boolean => {
  if (Option.isNone(since) || Option.isNone(until)) return false
  const [from, to] = [since.value, until.value]
  if (from._tag === "At" && to._tag === "At") return from.at >= to.at
  return from._tag === "Ago" && to._tag === "Ago" && from.micros <= to.micros
}

/** The key figures. */
const Figures = Schema.Struct({
  path: Schema.String,
  tax: Schema.optional(Schema.String),
  since: Schema.optional(Timestamp.Timestamp),
  until: Timestamp.Timestamp,
  asOf: Timestamp.Timestamp,
  profit: Dollars.Dollars,
  fees: Dollars.Dollars,
  volume: Dollars.Dollars,
  fills: Schema.Int,
  closedLots: Schema.Int,
  wins: Schema.Int,
  discrepancies: Schema.Int,
  unexplained: Dollars.Dollars,
  /** What the exchange reports beyond what the records make; absent where it was not compared. */
  difference: Schema.optional(Dollars.Dollars)
})

type Figures = typeof Figures.Type

const figuresOf = (data: Report.Data, path: string, tax: string | undefined): Figures => {
  const { fees, fills, lots, profit, volume, wins } = data.totals
  const { balance } = data
  return {
    path,
    ...(tax === undefined ? {} : { tax }),
    ...(data.from === undefined ? {} : { since: data.from }),
    until: data.until,
    asOf: data.asOf,
    profit,
    fees,
    volume,
    fills,
    closedLots: lots,
    wins,
    discrepancies: data.discrepancies.length,
    unexplained: Dollars.sum(data.unexplained.map(({ amount }) => amount)),
    ...(balance === undefined
      ? {}
      : { difference: Dollars.subtract(Dollars.add(balance.reported, balance.resting), balance.computed) })
  }
}

const doubts = ({ difference, discrepancies, unexplained }: Figures): ReadonlyArray<string> => [
  discrepancies === 0
    ? "No records contradict each other."
    : `THESE FIGURES DO NOT ADD UP: ${discrepancies} ${discrepancies === 1 ? "discrepancy" : "discrepancies"}, which the page says first.`,
  ...(unexplained === 0 ? [] : [`No record explains ${Words.money(unexplained)} of the balance.`]),
  difference === undefined
    ? "The balance of the exchange was not compared."
    : difference === 0
      ? "The cash that the records make is what the exchange reports, to the micro-dollar."
      : `The exchange reports ${Words.money(Dollars.abs(difference))} ${difference > 0 ? "more" : "less"} cash than the records make.`
]

const drawn = (figures: Figures, output: Output.Output["Service"]): ReadonlyArray<string> => {
  const { closedLots, fees, path, profit, since, tax, until, volume, wins } = figures
  const rows = [
    ["Realised profit, after fees", profit],
    ["Fees", fees],
    ["Volume", volume]
  ] as const
  return [
    path,
    ...(tax === undefined ? [] : [tax]),
    "",
    `${since === undefined ? "The beginning" : Words.time(since)} to ${Words.time(until)} UTC`,
    ...Table.lines(
      [
        { head: "", cell: ([name]) => name },
        { head: "DOLLARS", align: "point", cell: ([, amount]) => Words.money(amount) }
      ],
      rows,
      output
    ),
    `${closedLots} closed ${closedLots === 1 ? "lot" : "lots"}, ${wins} of them won`,
    "",
    ...doubts(figures)
  ]
}

const encode = Schema.encodeSync(Schema.fromJsonString(Figures))

/** Gathers the records, keeps their ledger, and writes the page. */
export const run = Effect.fnUntraced(function* (options: Options) {
  const output = yield* Output.Output
  if (areBackwards(options)) return yield* backwards
  yield* checkPlaces(options)
  const { account, records } = yield* Option.isSome(options.from) ? gather.folder(options.from.value) : gather.live
  const period = yield* periodOf(options, records.asOf)

  const ledger = Ledger.make(records)
  const { fromLedger, html } = yield* pages
  const titles = new Map(records.markets.map(({ ticker, title }) => [ticker, title]))
  const data = fromLedger(ledger, {
    account,
    records,
    asOf: records.asOf,
    period,
    method: options.method,
    title: (ticker) => titles.get(ticker),
    omitted: records.gaps.map(AccountRecords.describe)
  })
  yield* place.write(options.out, Stream.succeed(html(data)))
  if (Option.isSome(options.tax)) {
    const lots = TaxLots.fromLedger(ledger, { method: options.method, from: period.since, until: period.until })
    yield* place.write(options.tax.value, Stream.orDie(TaxLots.csv(lots)))
    yield* output.note(
      `${options.tax.value} has ${lots.length} closed lots: bookkeeping, no tax advice. Which method you may use, in which zone a day ends, and what kind of gain it is, others have to tell.`
    )
  }
  const figures = figuresOf(data, options.out, Option.getOrUndefined(options.tax))
  yield* output.lines(output.json ? [encode(figures)] : drawn(figures, output))
})
