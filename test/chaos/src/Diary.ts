/**
 * What a program writes down of itself: what it wants before it asks for it,
 * and what it was told. A line is on disk before the program goes on, so that
 * a SIGKILL takes nothing back that the program knew.
 */
import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import * as Schema from "effect/Schema"
import * as NodeFs from "node:fs"
import * as Plan from "./Plan.ts"

const Millis = Schema.Int
const Micros = Schema.Int
const Centis = Schema.Int

/** An order as it is wanted. */
export const Wanted = Schema.Struct({
  clientOrderId: Schema.String,
  ticker: Schema.String,
  side: Schema.Literals(["bid", "ask"]),
  price: Micros,
  count: Centis,
  timeInForce: Schema.Literals(["good_till_canceled", "immediate_or_cancel", "fill_or_kill"]),
  postOnly: Schema.optionalKey(Schema.Boolean),
  expiresAt: Schema.optionalKey(Schema.Int)
})

/** The process is there, for the `life`th time. */
export const Started = Schema.TaggedStruct("Started", { at: Millis, life: Schema.Int, pid: Schema.Int })

/** The program is about to ask for something. `op` is its name for it. */
export const Decided = Schema.TaggedStruct("Decided", {
  at: Millis,
  op: Schema.String,
  /** Whether it was decided before and nothing was heard of it. */
  again: Schema.Boolean,
  what: Schema.Union([
    Schema.TaggedStruct("create", { orders: Schema.Array(Wanted) }),
    Schema.TaggedStruct("batch", { orders: Schema.Array(Wanted) }),
    Schema.TaggedStruct("amend", {
      clientOrderId: Schema.String,
      orderId: Schema.String,
      price: Micros,
      total: Centis
    }),
    Schema.TaggedStruct("decrease", { clientOrderId: Schema.String, orderId: Schema.String, by: Centis }),
    Schema.TaggedStruct("cancel", { clientOrderId: Schema.String, orderId: Schema.String }),
    Schema.TaggedStruct("batchCancel", {
      orders: Schema.Array(Schema.Struct({ clientOrderId: Schema.String, orderId: Schema.String }))
    })
  ])
})

/** What is said of an order; what is absent is not said. */
export const Seen = Schema.Struct({
  status: Schema.optionalKey(Schema.Literals(["resting", "canceled", "executed"])),
  filled: Schema.optionalKey(Centis),
  remaining: Schema.optionalKey(Centis),
  reducedBy: Schema.optionalKey(Centis),
  price: Schema.optionalKey(Micros),
  averagePrice: Schema.optionalKey(Micros),
  averageFee: Schema.optionalKey(Micros)
})

/** What is said of an order. */
export type Seen = typeof Seen.Type

/**
 * Schema of what a write is said to have come to. `ended` is the word of a
 * change that can no longer be told from what else ended the order; `seen` is
 * what the program found out by reading, and `never-sent` that nothing left.
 */
export const Word = Schema.Struct({
  outcome: Schema.Literals(["applied", "not-applied", "unknown", "ended", "seen", "never-sent"]),
  orderId: Schema.optionalKey(Schema.String),
  seen: Schema.optionalKey(Seen),
  /** In words, for people who read a finding. */
  why: Schema.optionalKey(Schema.String)
})

/** What a write is said to have come to. */
export type Word = typeof Word.Type

/** What the program was told of an item of what it asked for, and by whom. */
export const Told = Schema.TaggedStruct("Told", {
  at: Millis,
  op: Schema.String,
  item: Schema.Int,
  source: Schema.Literals(["answer", "settled", "outcomes", "recovery", "look"]),
  word: Word
})

/** New orders are handed to the network, for the first time or again. */
export const Sent = Schema.TaggedStruct("Sent", { at: Millis, clientOrderIds: Schema.Array(Schema.String) })

/** The caller has not waited. */
export const Left = Schema.TaggedStruct("Left", { at: Millis, op: Schema.String })

/** The last line before a SIGKILL. */
export const Killed = Schema.TaggedStruct("Killed", {
  at: Millis,
  instant: Schema.Literals(Plan.instants),
  operation: Schema.String,
  clientOrderIds: Schema.Array(Schema.String),
  orderIds: Schema.Array(Schema.String)
})

/** What recovery found, each time it was asked. */
export const Recovered = Schema.TaggedStruct("Recovered", {
  at: Millis,
  entries: Schema.Array(
    Schema.Struct({
      operation: Schema.String,
      state: Schema.String,
      clientOrderIds: Schema.Array(Schema.String),
      orderIds: Schema.Array(Schema.String)
    })
  )
})

/** An order as the lists show it at the very end, and the fills of it together. */
export const Final = Schema.TaggedStruct("Final", {
  orderId: Schema.String,
  clientOrderId: Schema.String,
  status: Schema.String,
  price: Micros,
  filled: Centis,
  remaining: Centis,
  fees: Micros,
  fills: Schema.Struct({ count: Centis, fee: Micros })
})

/** The program has done all that it wanted. */
export const Ended = Schema.TaggedStruct("Ended", { at: Millis })

/** A line. */
export const Line = Schema.Union([Started, Decided, Told, Sent, Left, Killed, Recovered, Final, Ended]).pipe(
  Schema.toTaggedUnion("_tag")
)

/** A line. */
export type Line = typeof Line.Type

const encode = Schema.encodeSync(Schema.fromJsonString(Line))
const decode = Schema.decodeSync(Schema.fromJsonString(Line))

/** Writes a line; it is there when this returns. */
export type Write = (line: Line) => void

/** Opens a diary to go on writing it. */
export const open = (path: string): Effect.Effect<Write> =>
  Effect.sync(() => {
    const file = NodeFs.openSync(path, "a", 0o600)
    return (line) => {
      NodeFs.writeSync(file, `${encode(line)}\n`)
    }
  })

const linesOf = (path: string): ReadonlyArray<string> =>
  NodeFs.existsSync(path)
    ? NodeFs.readFileSync(path, "utf8")
        .split("\n")
        .filter((line) => line !== "")
    : []

/** Reads a diary; one that is not there is empty. */
export const read = (path: string): Effect.Effect<ReadonlyArray<Line>> =>
  Effect.sync(() => linesOf(path).map((line) => decode(line)))

// a program that is started again and again trusts what it has written itself
const isLine = (value: unknown): value is Line => Predicate.hasProperty(value, "_tag")

/** Reads a diary of this program's own, without looking at every field of it. */
export const recall = (path: string): Effect.Effect<ReadonlyArray<Line>> =>
  Effect.sync(() =>
    linesOf(path).flatMap((line) => {
      const value: unknown = JSON.parse(line)
      return isLine(value) ? [value] : []
    })
  )

/** The last lines of a diary. */
export const last = (path: string, count: number): Effect.Effect<ReadonlyArray<Line>> =>
  Effect.sync(() =>
    linesOf(path)
      .slice(-count)
      .map((line) => decode(line))
  )
