/**
 * What the demo says at the end: tables for people, or one value for machines.
 */
import { Effect } from "effect"
import { Dollars } from "effect-kalshi"
import * as Compare from "./Compare.ts"
import type { Written } from "./Export.ts"
import * as Numbers from "./Numbers.ts"
import * as Reconcile from "./Reconcile.ts"
import { Screen } from "./Screen.ts"
import * as Table from "./Table.ts"
import type { Session, Step } from "./Trading.ts"

/** Everything that was done. */
export interface Report {
  readonly exchange: string
  readonly url: string
  readonly directory: string
  readonly session?: Session | undefined
  readonly lists: ReadonlyArray<Written>
  readonly outcome: Reconcile.Outcome
  /** Whether the sandbox told its truth, or the files had to do. */
  readonly hasTruth: boolean
  readonly millis: number
}

/** Whether the fills of the session account for the change of the cash. */
const sessionAgrees = (session: Session): boolean =>
  Dollars.add(session.cashBefore, session.moved) === session.cashAfter

/** The steps that the exchange refused, and should not have. */
const refused = (report: Report): ReadonlyArray<Step> => report.session?.steps.filter((step) => step.refused) ?? []

const tradingAgrees = (report: Report): boolean =>
  report.session === undefined || (sessionAgrees(report.session) && refused(report).length === 0)

/** Whether everything agrees. */
export const agrees = (report: Report): boolean => Reconcile.isClean(report.outcome) && tradingAgrees(report)

/** How it came out, no more than was looked at. */
const verdict = (report: Report): string => {
  const { hasTruth, outcome } = report
  if (!Reconcile.isClean(outcome)) {
    return hasTruth ? "✗ What was written is not what the exchange knows." : "✗ The two files of a list differ."
  }
  if (!tradingAgrees(report)) return "✗ The trading did not go as it should."
  return hasTruth
    ? "✓ Everything agrees, to the last micro-dollar."
    : "✓ Both files of each list agree; nothing to compare them with."
}

// columns for what differs
const ROOM = 94

const right = (title: string): Table.Column => ({ title, align: "right" })

const lists = (report: Report, paint: Screen["Service"]["paint"]): ReadonlyArray<string> => {
  const check = (name: string): string => {
    const ofList = report.outcome.comparisons.filter(({ file }) => file.startsWith(`${name}.`))
    const wrong = ofList.reduce((sum, each) => sum + each.wrong, 0)
    if (wrong > 0) return paint.red(`✗ ${Numbers.count(wrong)} differ`)
    return paint.green(report.hasTruth ? "✓ every row, every field" : "✓ both files the same")
  }
  const sum = (of: (written: Written) => number): number => report.lists.reduce((total, each) => total + of(each), 0)
  return Table.render(
    [
      { title: "Files" },
      right("Rows"),
      right("NDJSON"),
      right("CSV"),
      right("Speed"),
      { title: report.hasTruth ? "Against the sandbox" : "Against each other" }
    ],
    [
      ...report.lists.map((written) => [
        `${written.name}.*`,
        Numbers.count(written.rows),
        Numbers.bytes(written.bytes.ndjson),
        Numbers.bytes(written.bytes.csv),
        written.rows < 100 ? "" : Numbers.rate(written.rows, written.millis),
        check(written.name)
      ]),
      "rule",
      [
        "together",
        Numbers.count(sum(({ rows }) => rows)),
        Numbers.bytes(sum(({ bytes }) => bytes.ndjson)),
        Numbers.bytes(sum(({ bytes }) => bytes.csv)),
        "",
        ""
      ]
    ],
    paint
  )
}

const money = (outcome: Reconcile.Outcome, paint: Screen["Service"]["paint"]): ReadonlyArray<string> =>
  Table.render(
    [{ title: "Money" }, right("In the files"), right("In the sandbox"), { title: "" }],
    outcome.checks.map(({ files, knows, what }) => [
      what,
      Numbers.micros(files),
      Numbers.micros(knows),
      files === knows ? paint.green("✓") : paint.red(`✗ ${Numbers.micros(Dollars.subtract(files, knows))}`)
    ]),
    paint
  )

const derived = (outcome: Reconcile.Outcome, paint: Screen["Service"]["paint"]): ReadonlyArray<string> =>
  Table.render(
    [{ title: "What follows from the fills" }, { title: "In" }, right("Rows"), { title: "" }],
    outcome.derived.map(({ file, rows, what, wrong }) => [
      what,
      file,
      Numbers.count(rows),
      wrong === 0 ? paint.green("✓") : paint.red(`✗ ${Numbers.count(wrong)} differ`)
    ]),
    paint
  )

const statement = (of: Reconcile.Statement, paint: Screen["Service"]["paint"]): ReadonlyArray<string> =>
  Table.render(
    [{ title: "From the first dollar to the last" }, right("")],
    [
      ["Paid in", Numbers.micros(of.paidIn)],
      ["Bought, price × count", Numbers.micros(Dollars.negate(of.bought))],
      ["Fees", Numbers.micros(Dollars.negate(of.fees))],
      ["Pairs of yes and no, $1 each", Numbers.micros(of.pairs)],
      ["Paid out when markets settled", Numbers.micros(of.revenue)],
      ["Fractions of cents that the wire leaves out", Numbers.micros(of.belowCents)],
      "rule",
      [paint.bold("Cash, free and set aside"), paint.bold(Numbers.micros(of.cash))]
    ],
    paint
  )

const sessionLine = (session: Session, paint: Screen["Service"]["paint"]): string =>
  `  ${sessionAgrees(session) ? paint.green("✓") : paint.red("✗")} ${Numbers.count(session.fills)} fills, ${Numbers.contracts(
    session.contracts
  )} contracts, ${Numbers.dollars(session.fees)} fees: ${Numbers.dollars(session.cashBefore)} ${
    session.moved < 0 ? "" : "+"
  }${Numbers.dollars(session.moved)} = ${Numbers.dollars(session.cashAfter)}${
    sessionAgrees(session)
      ? ""
      : paint.red(`, but it should be ${Numbers.dollars(Dollars.add(session.cashBefore, session.moved))}`)
  }`

/** How the trading came out, in one line. */
export const showSession = Effect.fn("Report.showSession")(function* (session: Session) {
  const screen = yield* Screen
  yield* screen.line(sessionLine(session, screen.paint))
})

/** The tables, and what differs where something does. */
export const show = Effect.fn("Report.show")(function* (report: Report) {
  const screen = yield* Screen
  const { paint } = screen
  const { outcome } = report
  const table = (lines: ReadonlyArray<string>) =>
    Effect.forEach(["", ...lines], (line) => screen.line(line === "" ? "" : `  ${line}`), { discard: true })

  yield* table(lists(report, paint))
  if (outcome.derived.length > 0) yield* table(derived(outcome, paint))
  if (outcome.checks.length > 0) yield* table(money(outcome, paint))
  if (outcome.statement !== undefined) yield* table(statement(outcome.statement, paint))
  yield* screen.line()
  for (const { did, outcome, what } of refused(report)) {
    yield* screen.line(`  ${paint.red("✗")} ${did} ${what}: ${outcome}`)
  }
  for (const comparison of [...outcome.comparisons, ...outcome.derived].filter(({ wrong }) => wrong > 0)) {
    yield* screen.line(
      `  ${paint.red("✗")} ${comparison.file}, against ${comparison.against}: ${Numbers.count(comparison.wrong)} ${
        comparison.wrong === 1 ? "difference" : "differences"
      }`
    )
    for (const difference of comparison.first) {
      const words = Compare.describe(comparison, difference)
      // a key can be long: what is said of it goes below it
      for (const line of words.length > ROOM ? words.replace(": ", ":\n  ").split("\n") : [words]) {
        yield* screen.line(`      ${line}`)
      }
    }
  }
  if (!report.hasTruth) {
    yield* screen.line(
      paint.dim("  Nobody but the exchange knows what should be there: rows that are in neither file do not show.")
    )
  }
  const color = agrees(report) ? paint.green : paint.red
  yield* screen.line(
    `  ${color(paint.bold(verdict(report)))}  ${paint.dim(`${report.directory} · ${Numbers.seconds(report.millis)}`)}`
  )
})

/** The same for machines; money is decimal text. */
export const toJson = (report: Report): string => {
  const { outcome, session } = report
  return JSON.stringify({
    agrees: agrees(report),
    exchange: report.exchange,
    url: report.url,
    directory: report.directory,
    millis: report.millis,
    trading:
      session === undefined
        ? null
        : {
            ticker: session.ticker,
            steps: session.steps,
            fills: session.fills,
            fees: Dollars.format(session.fees),
            cashBefore: Dollars.format(session.cashBefore),
            moved: Dollars.format(session.moved),
            cashAfter: Dollars.format(session.cashAfter)
          },
    lists: report.lists,
    comparisons: outcome.comparisons,
    derived: outcome.derived,
    money: outcome.checks.map(({ files, knows, what }) => ({
      what,
      files: Dollars.format(files),
      sandbox: Dollars.format(knows)
    }))
  })
}
