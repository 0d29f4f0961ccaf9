/**
 * `kalshi positions`.
 */
import * as Command from "effect/cli/Command"
import * as Flags from "../Flags.ts"
import * as Root from "../Root.ts"

export const positions = Command.make(
  "positions",
  { ticker: Flags.ticker, event: Flags.event, subaccount: Flags.subaccount, limit: Flags.limit },
  (options) =>
    Root.run(
      () => import("../work/positions.ts"),
      (work) => work.run(options)
    )
).pipe(
  Command.withDescription(
    "List your positions in markets that are not settled, of all subaccounts, those that changed last first. " +
      "A POSITION below zero is one in no."
  ),
  Command.withShortDescription("List your positions"),
  Command.withExamples([{ command: "kalshi positions --subaccount 0", description: "Those of the primary one alone" }])
)
