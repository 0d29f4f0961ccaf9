/**
 * What a run is made of: how long, how many programs, and the times that the
 * client is told to live by.
 */
import * as Schema from "effect/Schema"

/** The seven mistakes that a client could make, each of which a run has to find. */
export const defects = [
  "no-id",
  "new-id-a-retry",
  "no-wait-for-lag",
  "journal-after-send",
  "recovery-resends",
  "conflict-is-success",
  "batch-by-position"
] as const

/** A planted mistake. */
export type Defect = (typeof defects)[number]

/** The instants at which a program is killed in the middle of a write. */
export const instants = ["recorded-not-sent", "sent-not-answered", "answered-not-closed"] as const

/** An instant at which a program is killed. */
export type Instant = (typeof instants)[number]

const Millis = Schema.Int

/** The times of the client, in milliseconds. */
export const Times = Schema.Struct({
  orderEntry: Millis,
  read: Millis,
  maxAge: Millis,
  inFlight: Millis,
  margin: Millis,
  deadline: Millis,
  pause: Millis,
  lease: Millis
})

/** What one program is told when it is started, the same each time. */
export const Program = Schema.Struct({
  seed: Schema.Int,
  program: Schema.Int,
  workers: Schema.Int,
  url: Schema.String,
  keyId: Schema.String,
  privateKey: Schema.String,
  journal: Schema.String,
  diary: Schema.String,
  /** When it begins nothing new any more at the latest, epoch milliseconds. */
  endsAt: Millis,
  /** A file that says, once it is there, that it begins nothing new any more. */
  stop: Schema.String,
  /** How long it lives before it looks for a write to be killed in; no kills when absent. */
  lives: Schema.optionalKey(Schema.Struct({ shortest: Millis, longest: Millis })),
  /** How long it asks what became of the rest when it has done all that it wanted, in milliseconds. */
  patience: Millis,
  times: Times,
  defect: Schema.optionalKey(Schema.Literals(defects))
})

/** What one program is told. */
export type Program = typeof Program.Type

/** How much of each thing a run has asked for so far. */
export interface Counts {
  readonly creates: number
  readonly batches: number
  readonly amends: number
  readonly decreases: number
  readonly cancels: number
  /** Of the instant that has the fewest. */
  readonly kills: number
}

/** A run as a whole. */
export interface Run {
  readonly seed: number
  /** How long the programs begin new orders at most, in milliseconds. */
  readonly millis: number
  /** It ends as soon as it has asked for that much; only with its time when absent. */
  readonly enough?: Counts | undefined
  readonly programs: number
  /** How many things each program does at once. */
  readonly workers: number
  readonly lives: { readonly shortest: number; readonly longest: number }
  readonly patience: number
  readonly times: typeof Times.Type
  /** The share of requests that are held until long after the client has given up. */
  readonly held: number
  readonly defect?: Defect | undefined
}

export const times: typeof Times.Type = {
  orderEntry: 700,
  read: 1500,
  maxAge: 2000,
  inFlight: 12_000,
  margin: 1000,
  deadline: 25_000,
  pause: 3000,
  lease: 3000
}

/** How far reads trail, always, in milliseconds. */
export const lag = { min: 100, max: 2000 }

/** How long the programs have after the last fault until all has to be settled, in milliseconds. */
export const SETTLED_WITHIN = 60_000

// less than a program has, which then reads its lists
const PATIENCE = 55_000
// with a mistake there is no end to wait for
const LITTLE_PATIENCE = 25_000

/** What a full run has to ask for, with a little to spare. */
export const enough: Counts = {
  creates: 20_200,
  batches: 5050,
  amends: 5050,
  decreases: 5050,
  cancels: 5050,
  kills: 52
}

/** A run of orders. */
export const full = (seed: number, millis: number, enough: Counts | undefined): Run => ({
  seed,
  millis,
  enough,
  programs: 4,
  workers: 48,
  lives: { shortest: 20_000, longest: 38_000 },
  patience: PATIENCE,
  times,
  held: 0.045
})

/** A short run, in which what goes wrong has to go wrong often. */
export const short = (seed: number, millis: number, defect?: Defect): Run => ({
  seed,
  millis,
  programs: 2,
  workers: 24,
  lives: { shortest: 2500, longest: 5000 },
  patience: defect === undefined ? PATIENCE : LITTLE_PATIENCE,
  times,
  held: 0.12,
  defect
})
