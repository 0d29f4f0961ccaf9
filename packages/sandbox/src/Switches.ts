/**
 * What a test can turn on the wire while the sandbox runs.
 *
 * @since 0.1.0
 */
import * as Context from "effect/Context"
import * as Layer from "effect/Layer"
import * as Timestamp from "effect-kalshi/Timestamp"
import type * as Costs from "./Costs.ts"

/**
 * Where records are cut in two: what lies strictly before is in the archive.
 *
 * @since 0.1.0
 * @category models
 */
export interface Cutoff {
  /** Markets, by when they were settled. */
  readonly markets: Timestamp.Timestamp
  /** Public trades and fills, by when they were made. */
  readonly trades: Timestamp.Timestamp
  /** Orders, by when they were cancelled or executed. */
  readonly orders: Timestamp.Timestamp
  /** Positions in settled markets, by their last update, those of one event together. */
  readonly positions: Timestamp.Timestamp
}

/**
 * Whether a row of the second that a range begins or ends with belongs to it.
 *
 * @since 0.1.0
 * @category models
 */
export type RangeBounds = "inclusive" | "exclusive"

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
    /** What has moved into the archive. */
    cutoff: Cutoff
    /** Whether ranges of time include their bounds. */
    rangeBounds: RangeBounds
  }
>()("@effect-kalshi/sandbox/Switches") {}

// before everything: nothing is archived
const START = Timestamp.micros(0)

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
    costs: {},
    cutoff: { markets: START, trades: START, orders: START, positions: START },
    rangeBounds: "inclusive"
  })
)
