/**
 * `kalshi report`.
 */
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Schema from "effect/Schema"
import * as Flags from "../Flags.ts"
import * as Root from "../Root.ts"

const from = Flag.String("from").pipe(
  Flag.withDescription("The folder of kalshi export account, instead of the exchange: no key and no network needed"),
  Flag.withSchema(Schema.NonEmptyString),
  Flag.optional
)

const out = Flag.String("out").pipe(
  Flag.withAlias("o"),
  Flag.withDescription("The page (default kalshi-report.html)"),
  Flag.withSchema(Schema.NonEmptyString),
  Flag.withDefault("kalshi-report.html")
)

const method = Flag.Literals("method", ["fifo", "average"]).pipe(
  Flag.withDescription("What a closed lot cost: by what was bought first, or on average (default fifo)"),
  Flag.withDefault("fifo")
)

const tax = Flag.String("tax").pipe(
  Flag.withDescription("Write the closed lots of the period to this file as CSV, too"),
  Flag.withSchema(Schema.NonEmptyString),
  Flag.optional
)

const force = Flag.Boolean("force").pipe(
  Flag.withDescription("Replace what has the name already, also where it is none of these reports"),
  Flag.withDefault(false)
)

export const report = Command.make(
  "report",
  { since: Flags.since, until: Flags.until, from, out, method, tax, force },
  (options) =>
    Root.run(
      () => import("../work/report.ts"),
      (work) => work.run(options)
    )
).pipe(
  Command.withDescription(
    "Write a page of HTML that explains the account: equity, profit by series and month, fees, win rate by price, " +
      "exposure and the largest trades, with what does not add up first. All records are read whatever the period, " +
      "since what was bought before it has its cost; they are in memory at once. It is one file that loads nothing."
  ),
  Command.withShortDescription("Write a page that explains the account"),
  Command.withExamples([
    { command: "kalshi report", description: "All of the account, to kalshi-report.html" },
    {
      command: "kalshi report --since 2026-01-01 --until 2027-01-01 --tax lots.csv",
      description: "A year, and its closed lots for a spreadsheet"
    },
    { command: "kalshi report --from history/", description: "What kalshi export account -o history/ wrote" }
  ])
)
