/**
 * `kalshi doctor`.
 */
import * as Command from "effect/cli/Command"
import * as Root from "../Root.ts"

export const doctor = Command.make("doctor", {}, () =>
  Root.run(
    () => import("../work/doctor.ts"),
    (work) => work.run
  )
).pipe(
  Command.withDescription(
    "Check everything that a program needs: configuration, network, exchange, clock, key, scopes, money and limits. " +
      "Each check says what it saw and what to do about it; the next one is made all the same. " +
      "Where production or the demo refuses the key, it is tried on the other one."
  ),
  Command.withShortDescription("Check configuration, network, clock, key and limits"),
  Command.withExamples([
    { command: "kalshi doctor --env demo", description: "Is all well with the demo?" },
    { command: "kalshi doctor --json", description: "The same as a list of { check, status, saw, advice }" }
  ])
)
