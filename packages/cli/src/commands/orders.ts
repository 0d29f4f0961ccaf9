/**
 * `kalshi orders`.
 */
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Flags from "../Flags.ts"
import * as Root from "../Root.ts"

const status = Flag.Literals("status", ["resting", "canceled", "executed"]).pipe(
  Flag.withDescription("Only orders that are so"),
  Flag.optional
)

export const orders = Command.make(
  "orders",
  {
    status,
    ticker: Flags.ticker,
    event: Flags.event,
    since: Flags.since,
    subaccount: Flags.subaccount,
    limit: Flags.limit
  },
  (options) =>
    Root.run(
      () => import("../work/orders.ts"),
      (work) => work.run(options)
    )
).pipe(
  Command.withDescription(
    "List your orders, the newest first, the archive included. PRICE is that of yes; SIDE is bid where yes is bought " +
      "or no sold, and ask where yes is sold or no bought."
  ),
  Command.withShortDescription("List your orders"),
  Command.withExamples([
    { command: "kalshi orders --status resting", description: "What may still trade" },
    { command: "kalshi orders --since 24h --json", description: "Those of the last day, one JSON a line" }
  ])
)
