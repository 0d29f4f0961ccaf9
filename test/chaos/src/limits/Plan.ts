/**
 * What the processes that share a budget are told, and what they tell.
 */
import * as Schema from "effect/Schema"

const Millis = Schema.Int

/** What one process is told. */
export const Trader = Schema.Struct({
  seed: Schema.Int,
  url: Schema.String,
  keyId: Schema.String,
  privateKey: Schema.String,
  ticker: Schema.String,
  /** Where Redis is, and under what name the account's budget lies there; alone where it is absent. */
  redis: Schema.optionalKey(Schema.Struct({ url: Schema.String, account: Schema.String })),
  /** By how much requests may be overtaken; as the client has it where it is absent. */
  headroom: Schema.optionalKey(Millis),
  /** How far its clock is ahead. */
  clock: Millis,
  /** A new order and a read each so often; none where it is absent. */
  every: Schema.optionalKey(Schema.Struct({ create: Millis, read: Millis })),
  /** How many new orders wait at any time. */
  waiting: Schema.Int,
  /** Orders to cancel one after the other, with pauses of up to so long in between. */
  cancels: Schema.optionalKey(Schema.Struct({ orderIds: Schema.Array(Schema.String), pause: Millis }))
})

export type Trader = typeof Trader.Type

/** What one process tells, a line each. `at` is the time of the machine. */
export const Line = Schema.Union([
  /** Its first request was answered. */
  Schema.TaggedStruct("Trading", { at: Millis }),
  Schema.TaggedStruct("Refused", { at: Millis }),
  /** A cancel left so many milliseconds after it was asked for. */
  Schema.TaggedStruct("Cancelled", { at: Millis, waited: Schema.Finite }),
  Schema.TaggedStruct("Mode", {
    at: Millis,
    mode: Schema.Literals(["alone", "shared", "apart"]),
    processes: Schema.Int
  }),
  /** All its cancels are done. */
  Schema.TaggedStruct("Done", { at: Millis })
])

export type Line = typeof Line.Type

export const encode = Schema.encodeSync(Schema.fromJsonString(Line))
export const decode = Schema.decodeUnknownOption(Schema.fromJsonString(Line))

/** How much of each thing a run does. */
export interface Scale {
  /** How long the processes share the budget, and with a stranger. */
  readonly sharing: {
    readonly seconds: number
    readonly stranger: number
    readonly restartEvery: number
    /** On a machine that does other things, requests are overtaken by more. */
    readonly headroom?: number
  }
  readonly cancels: number
  readonly outage: { readonly before: number; readonly down: number; readonly after: number }
}

export const full: Scale = {
  sharing: { seconds: 60, stranger: 10, restartEvery: 10 },
  cancels: 1000,
  outage: { before: 10, down: 10, after: 10 }
}

export const short: Scale = {
  sharing: { seconds: 10, stranger: 4, restartEvery: 5 },
  cancels: 40,
  outage: { before: 3, down: 3, after: 6 }
}

export const PROCESSES = 4
