/**
 * `kalshi balance`.
 */
import * as Command from "effect/cli/Command"
import * as Root from "../Root.ts"

export const balance = Command.make("balance", {}, () =>
  Root.run(
    () => import("../work/balance.ts"),
    (work) => work.run
  )
).pipe(
  Command.withDescription(
    "Show free cash and the value of positions, by subaccount and by shard. Cash that resting orders reserve is not free."
  ),
  Command.withShortDescription("Show free cash and the value of positions")
)
