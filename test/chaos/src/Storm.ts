/**
 * The faults of a run, and at which share requests meet them.
 */
import { Chaos, Faults } from "@effect-kalshi/sandbox"
import type { Run } from "./Plan.ts"

/** The longest that a request is held beyond the time-out, in milliseconds: the client counts on less than `inFlight`. */
const LONGEST_HELD = 10_000

const faults = (run: Run, repeats: boolean): Chaos.Rule["faults"] => {
  const { orderEntry } = run.times
  return [
    { fault: Faults.refused, share: 0.03 },
    { fault: Faults.droppedAfter, share: 0.065 },
    { fault: Faults.serverError(503, "service_unavailable"), share: 0.015 },
    { fault: Faults.gatewayPage(502), share: 0.015 },
    { fault: Faults.serverErrorAfter(), share: 0.03 },
    { fault: Chaos.between(Faults.answeredLate, orderEntry + 200, orderEntry + 1500), share: 0.03 },
    { fault: Faults.truncated, share: 0.03 },
    // nobody can make up for a network that repeats a request which has no name
    ...(repeats ? [{ fault: Faults.duplicated, share: 0.03 }] : []),
    { fault: Faults.tooManyRequests, share: 0.03 },
    { fault: Chaos.between(Faults.held, orderEntry + 1000, orderEntry + LONGEST_HELD), share: run.held }
  ]
}

/** What requests meet while the programs trade; reads meet it too. */
export const chaos = (run: Run): Chaos.Plan => ({
  seed: run.seed,
  rules: [
    {
      endpoints: ["createOrder", "batchCreateOrders", "amendOrder", "cancelOrder", "batchCancelOrders"],
      faults: faults(run, true)
    },
    { endpoints: ["decreaseOrder"], faults: faults(run, false) },
    {
      faults: [
        { fault: Faults.refused, share: 0.06 },
        { fault: Faults.droppedAfter, share: 0.06 },
        { fault: Faults.serverError(503, "service_unavailable"), share: 0.06 },
        { fault: Chaos.between(Faults.answeredLate, 200, run.times.read + 500), share: 0.05 },
        { fault: Faults.truncated, share: 0.05 },
        { fault: Faults.tooManyRequests, share: 0.05 }
      ]
    }
  ]
})
