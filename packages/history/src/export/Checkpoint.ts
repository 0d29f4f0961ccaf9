/**
 * How far an export is, as it is kept beside its output.
 */
import * as Timestamp from "effect-kalshi/Timestamp"
import * as Schema from "effect/Schema"

/** What an export is of: it can be gone on with by the same alone. */
export const Job = Schema.Struct({
  what: Schema.String,
  /** Where the records go, and how. */
  into: Schema.String,
  account: Schema.optionalKey(Schema.String),
  ticker: Schema.optionalKey(Schema.String),
  event: Schema.optionalKey(Schema.String),
  series: Schema.optionalKey(Schema.String),
  isBlock: Schema.optionalKey(Schema.Boolean),
  subaccounts: Schema.optionalKey(Schema.Array(Schema.Int)),
  since: Schema.optionalKey(Timestamp.Timestamp)
})

export type Job = typeof Job.Type

export const Checkpoint = Schema.Struct({
  version: Schema.Literal(1),
  job: Job,
  until: Timestamp.Timestamp,
  /** Up to here all is kept; absent before anything is. */
  reached: Schema.optionalKey(Timestamp.Timestamp),
  /** The earliest record that may still change. */
  open: Schema.optionalKey(Timestamp.Timestamp),
  /** How many records are kept, and in how many bytes. */
  records: Schema.Int,
  bytes: Schema.Int,
  isDone: Schema.Boolean
})

export type Checkpoint = typeof Checkpoint.Type

const Text = Schema.fromJsonString(Checkpoint)

export const encode = Schema.encodeEffect(Text)
export const decode = Schema.decodeEffect(Text)

const inWords = (value: unknown): string =>
  value === undefined ? "not given" : typeof value === "string" ? value : JSON.stringify(value)

const encodeJob = Schema.encodeSync(Job)

/** The first thing that two exports differ in, in words. */
export const difference = (
  was: Job,
  is: Job
): { readonly field: string; readonly was: string; readonly is: string } | undefined => {
  const before: Readonly<Record<string, unknown>> = encodeJob(was)
  const now: Readonly<Record<string, unknown>> = encodeJob(is)
  for (const field of Object.keys(Job.fields)) {
    const [a, b] = [inWords(before[field]), inWords(now[field])]
    if (a !== b) return { field, was: a, is: b }
  }
  return undefined
}

const HOUR = 3_600_000_000

/**
 * From when on what is new has to be read: an hour before the end of what was
 * read, and before that what might still change then.
 */
export const overlap = ({ job, open, until }: Checkpoint): Timestamp.Timestamp => {
  const from = Math.min(until - HOUR, open ?? Infinity)
  return Timestamp.micros(Math.max(from, job.since ?? -Infinity))
}

/** Two ends of ranges, in words. */
export const ends = (was: Timestamp.Timestamp, is: Timestamp.Timestamp) => ({
  was: Timestamp.format(was),
  is: Timestamp.format(is)
})
