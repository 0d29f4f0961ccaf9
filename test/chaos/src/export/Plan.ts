/**
 * What the processes of an export are told, what they tell, and how much a run
 * does.
 */
import { Timestamp } from "effect-kalshi"
import * as Schema from "effect/Schema"

/** Which file it becomes. */
export const formats = ["ndjson", "csv", "parquet", "ndjson+gzip", "csv+gzip"] as const

export type Format = (typeof formats)[number]

/** What the exchange is told while it runs. */
export const Order = Schema.Union([
  /** Moves all cutoffs to an instant. */
  Schema.TaggedStruct("Cutoff", { at: Timestamp.Timestamp }),
  /** Lets every request take so many milliseconds longer from now on. */
  Schema.TaggedStruct("Latency", { millis: Schema.Int }),
  /** Asks for how many requests there were since it was asked last. */
  Schema.TaggedStruct("Count", {}),
  /** Writes down what is true, to two files. */
  Schema.TaggedStruct("Truth", { fills: Schema.String, orders: Schema.String })
])

export type Order = typeof Order.Type

/** What the exchange tells: that it is open, and an answer to each order. */
export const Answer = Schema.Union([
  Schema.TaggedStruct("Open", {
    url: Schema.String,
    keyId: Schema.String,
    privateKey: Schema.String,
    /** How long its history took to make, in milliseconds. */
    millis: Schema.Int,
    fills: Schema.Int,
    orders: Schema.Int,
    /** When the first fill was made, the last, and those at each thousandth in between. */
    at: Schema.Array(Timestamp.Timestamp),
    /** An instant that everything is older than, and that reads show. */
    until: Timestamp.Timestamp
  }),
  Schema.TaggedStruct("Moved", {}),
  Schema.TaggedStruct("Late", {}),
  /** How many requests there were of pages, how many of cutoffs, and how much of a processor they took, in milliseconds. */
  Schema.TaggedStruct("Counted", { pages: Schema.Int, cutoffs: Schema.Int, cpuMillis: Schema.Finite }),
  Schema.TaggedStruct("Written", { fills: Schema.Int, orders: Schema.Int })
])

export type Answer = typeof Answer.Type

/** What an exporter tells. */
export const Told = Schema.Union([
  Schema.TaggedStruct("At", { phase: Schema.Literals(["reading", "writing"]), records: Schema.Int }),
  Schema.TaggedStruct("Done", { records: Schema.Int, how: Schema.String }),
  /** Bytes that live, and all of the process, after a collection at so many records. */
  Schema.TaggedStruct("Sample", { records: Schema.Int, live: Schema.Int, resident: Schema.Int }),
  /** A reading with so many windows took so long, and so much of a processor. */
  Schema.TaggedStruct("Read", {
    windows: Schema.Int,
    records: Schema.Int,
    millis: Schema.Finite,
    cpuMillis: Schema.Finite
  })
])

export type Told = typeof Told.Type

export const order = {
  encode: Schema.encodeSync(Schema.fromJsonString(Order)),
  decode: Schema.decodeEffect(Schema.fromJsonString(Order))
}
export const answer = {
  encode: Schema.encodeSync(Schema.fromJsonString(Answer)),
  decode: Schema.decodeUnknownOption(Schema.fromJsonString(Answer))
}
export const told = {
  encode: Schema.encodeSync(Schema.fromJsonString(Told)),
  decode: Schema.decodeUnknownOption(Schema.fromJsonString(Told))
}

/** How much of each thing a run does. */
export interface Scale {
  readonly kills: {
    readonly fills: number
    readonly orders: number
    readonly windows: number
    readonly formats: ReadonlyArray<Format>
    /** Kills of each export, by where they fall. */
    readonly starting: number
    readonly reading: number
    readonly writing: number
    /** How often the cutoff moves during each export. */
    readonly moves: number
    /** Whether orders and a table are exported too. */
    readonly others: boolean
  }
  /** Of so many fills each; the second is compared with the first. */
  readonly memory: { readonly fills: readonly [few: number, many: number]; readonly samples: number }
  readonly windows: {
    readonly fills: number
    readonly latency: number
    readonly counts: ReadonlyArray<number>
    readonly rounds: number
  }
  readonly badInput: { readonly fills: number }
  readonly ledger: { readonly fills: number; readonly corruptions: number; readonly days: number }
}

export const full: Scale = {
  kills: {
    fills: 1_000_000,
    orders: 100_000,
    windows: 4,
    formats,
    starting: 1,
    reading: 5,
    writing: 2,
    moves: 5,
    others: true
  },
  memory: { fills: [100_000, 1_000_000], samples: 40 },
  windows: { fills: 200_000, latency: 20, counts: [1, 2, 4, 8], rounds: 3 },
  badInput: { fills: 20_000 },
  ledger: { fills: 50_000, corruptions: 105, days: 150 }
}

export const short: Scale = {
  kills: {
    fills: 60_000,
    orders: 6000,
    windows: 4,
    formats,
    starting: 0,
    reading: 2,
    writing: 1,
    moves: 3,
    others: true
  },
  memory: { fills: [60_000, 240_000], samples: 12 },
  windows: { fills: 60_000, latency: 20, counts: [1, 8], rounds: 3 },
  badInput: { fills: 8000 },
  ledger: { fills: 2000, corruptions: 84, days: 40 }
}
