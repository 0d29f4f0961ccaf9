/**
 * What a test can turn on the wire while the sandbox runs.
 *
 * @since 0.1.0
 */
import * as Context from "effect/Context"
import * as Layer from "effect/Layer"
import type * as Costs from "./Costs.ts"

/**
 * The switches and where they stand; whoever holds the service may turn them.
 *
 * @since 0.1.0
 * @category services
 */
export class Switches extends Context.Service<
  Switches,
  {
    /** Adds a field that nobody announced to every object of every answer. */
    unknownFields: boolean
    /** How the last page of a list ends. */
    cursorEnd: "empty" | "absent"
    /** How many rows of a page come again at the head of the next. */
    pageDuplicates: number
    /** Puts an empty page with a cursor between any two pages. */
    emptyPages: boolean
    /** For how long after a cancel of everything new orders are cancelled too, in microseconds. */
    cancelAllTail: number
    /** What requests cost. */
    costs: Costs.Costs
  }
>()("@effect-kalshi/sandbox/Switches") {}

/**
 * Builds the switches as the exchange has them.
 *
 * @since 0.1.0
 * @category layers
 */
export const layer: Layer.Layer<Switches> = Layer.sync(Switches, () =>
  Switches.of({
    unknownFields: false,
    cursorEnd: "empty",
    pageDuplicates: 0,
    emptyPages: false,
    cancelAllTail: 0,
    costs: {}
  })
)
