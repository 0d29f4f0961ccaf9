/**
 * `kalshi fills`.
 */
import * as Command from "effect/cli/Command"
import * as Flags from "../Flags.ts"
import * as Root from "../Root.ts"

export const fills = Command.make(
  "fills",
  { ticker: Flags.ticker, since: Flags.since, until: Flags.until, subaccount: Flags.subaccount, limit: Flags.limit },
  (options) =>
    Root.run(
      () => import("../work/fills.ts"),
      (work) => work.run(options)
    )
).pipe(
  Command.withDescription(
    "List your fills, the newest first, the archive included. PRICE is that of yes; SIDE is bid where yes was bought " +
      "or no sold, and ask where yes was sold or no bought."
  ),
  Command.withShortDescription("List your fills"),
  Command.withExamples([
    { command: "kalshi fills --since 7d", description: "The newest 50 of the last week" },
    { command: "kalshi fills --since 2026-01-01 --limit 0 --json", description: "All of the year, one JSON a line" }
  ])
)
