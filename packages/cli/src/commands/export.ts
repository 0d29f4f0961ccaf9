/**
 * `kalshi export`.
 */
import * as Argument from "effect/cli/Argument"
import * as CliError from "effect/cli/CliError"
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as Flags from "../Flags.ts"
import * as Root from "../Root.ts"
import * as Times from "../Times.ts"

const KINDS = [
  "fills",
  "orders",
  "trades",
  "settlements",
  "positions",
  "deposits",
  "withdrawals",
  "transfers",
  "account"
] as const

const what = Argument.Literals("what", KINDS).pipe(
  Argument.withDescription("What to export; account is everything but the trades of everybody"),
  Argument.variadic({ min: 1 })
)

const expectedSince = `last, ${Times.expected}`

const since = Flag.String("since").pipe(
  Flag.withDescription("From then on; last adds what is new since the last export to what is there"),
  Flag.mapEffect((value): Effect.Effect<Times.Time | "last", CliError.InvalidValue> => {
    if (value.trim() === "last") return Effect.succeed("last")
    return Option.match(Times.fromString(value), {
      onNone: () =>
        Effect.fail(new CliError.InvalidValue({ option: "since", value, expected: expectedSince, kind: "flag" })),
      onSome: Effect.succeed
    })
  }),
  Flag.optional
)

const format = Flag.Literals("format", ["ndjson", "csv", "parquet", "postgres"]).pipe(
  Flag.withDescription("How it is written; else what the name of --out ends with says, else csv"),
  Flag.optional
)

const compress = Flag.Literals("compress", ["gzip", "none"]).pipe(
  Flag.withDescription("gzip for a name that ends with .gz, else none; Parquet is compressed anyway"),
  Flag.optional
)

const out = Flag.String("out").pipe(
  Flag.withAlias("o"),
  Flag.withDescription(
    "The file, a folder for several things, or postgres://…; default: <what>.csv here. DATABASE_URL keeps a password out of it"
  ),
  Flag.withSchema(Schema.NonEmptyString),
  Flag.optional
)

const table = Flag.String("table").pipe(
  Flag.withDescription("The table of PostgreSQL; default kalshi_<what>"),
  Flag.withSchema(Schema.NonEmptyString),
  Flag.optional
)

const windows = Flag.Int("windows").pipe(
  Flag.withDescription("How many parts of the time are read side by side, 1 to 64 (default 4)"),
  Flag.withSchema(Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 64 }))),
  Flag.withDefault(4)
)

const restart = Flag.Boolean("restart").pipe(
  Flag.withDescription("Begin anew, and replace what is there once it is done"),
  Flag.withDefault(false)
)

export const exports = Command.make(
  "export",
  {
    what,
    since,
    until: Flags.until,
    format,
    compress,
    out,
    table,
    windows,
    restart,
    ticker: Flags.ticker,
    subaccount: Flags.subaccount
  },
  (options) =>
    Root.run(
      () => import("../work/export.ts"),
      (work) => work.run(options)
    )
).pipe(
  Command.withDescription(
    "Export your history, complete, the archive included, oldest first. Stopped at any instant, the same command " +
      "goes on where it was; a file is there when all is in it. Beside it a .checkpoint stays, for --since last."
  ),
  Command.withShortDescription("Export your history"),
  Command.withExamples([
    { command: "kalshi export fills", description: "All fills to fills.csv" },
    {
      command: "kalshi export fills --out fills.parquet --since last",
      description: "Add what is new to a Parquet file"
    },
    { command: "kalshi export account --format ndjson --out history/", description: "Everything of the account" },
    { command: "kalshi export trades --ticker KXHIGHNY-26DEC31-T40 -o trades.csv.gz", description: "A market's trades" }
  ])
)
