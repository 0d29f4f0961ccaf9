/**
 * One export, from wherever it is to its end.
 */
import type * as Timestamp from "effect-kalshi/Timestamp"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import type { Batch, Failure, Shown } from "../History.ts"
import type { HistoryQuery } from "../HistoryQuery.ts"
import type { FileError } from "../file/error.ts"
import type { Kind } from "../Kind.ts"
import type { SinkError } from "../sink/error.ts"
import * as Checkpoint from "./Checkpoint.ts"
import { because, type ExportError } from "./error.ts"
import * as plan from "./plan.ts"
import type { Target } from "./Target.ts"

/**
 * How far an export is: `reading` up to `reached` of the time until `until`,
 * or `writing` what was read to its output.
 *
 * @since 0.1.0
 * @category models
 */
export interface Progress {
  readonly phase: "reading" | "writing"
  /** How many records have been read, those of before it was stopped included, or written. */
  readonly records: number
  /** How many records there are to write; absent while they are read. */
  readonly total?: number | undefined
  readonly since?: Timestamp.Timestamp | undefined
  readonly reached?: Timestamp.Timestamp | undefined
  readonly until: Timestamp.Timestamp
}

export interface Options {
  readonly job: Omit<Checkpoint.Job, "into">
  readonly until: Timestamp.Timestamp | undefined
  readonly sinceLast: boolean
  readonly restart: boolean
  readonly isRelative: boolean
  readonly onProgress: (progress: Progress) => Effect.Effect<void>
}

export interface Outcome {
  readonly records: number
  readonly since: Timestamp.Timestamp | undefined
  readonly until: Timestamp.Timestamp
  readonly how: "begun" | "resumed" | "added" | "unchanged"
}

/** What the history is read by. */
export interface Reader<A> {
  readonly range: (query: Pick<HistoryQuery, "since" | "until">) => Effect.Effect<Shown, Failure>
  readonly batches: (query: Pick<HistoryQuery, "since" | "until">) => Stream.Stream<Batch<A>, Failure>
}

/** What an export fails with. */
export type Fault = ExportError | Failure | FileError | SinkError

const earliest = (
  a: Timestamp.Timestamp | undefined,
  b: Timestamp.Timestamp | undefined
): Timestamp.Timestamp | undefined => (a === undefined || (b !== undefined && b < a) ? b : a)

export const run = Effect.fnUntraced(function* <A>(
  kind: Kind<A>,
  reader: Reader<A>,
  target: Target<A>,
  options: Options
): Effect.fn.Return<Outcome, Fault, Scope.Scope> {
  yield* target.hold
  const { restart, sinceLast } = options
  const decided = plan.make(
    {
      job: { ...options.job, into: target.into },
      until: options.until,
      sinceLast,
      restart,
      isRelative: options.isRelative,
      output: target.output,
      beside: target.beside
    },
    restart ? undefined : yield* target.load,
    !restart && (yield* target.isThere)
  )
  if (decided._tag === "Refused") return yield* because(decided.reason)
  if (decided._tag === "Done") {
    const { job, records, until } = decided.as
    yield* target.forget
    return { records, since: job.since, until, how: "unchanged" as const }
  }

  const start = (job: Checkpoint.Job): Effect.Effect<Checkpoint.Checkpoint, Failure> =>
    Effect.map(reader.range({ since: job.since, until: options.until }), ({ until }) => ({
      version: 1,
      job,
      until,
      records: 0,
      bytes: 0,
      isDone: false
    }))

  const begin = Effect.fnUntraced(function* () {
    switch (decided._tag) {
      case "Resume":
        return { at: decided.from, add: yield* target.open(decided.from) }
      case "Fresh": {
        const at = yield* start(decided.job)
        // from here on whatever else is kept counts for nothing
        yield* target.save(at)
        return { at, add: yield* target.open(at) }
      }
      case "Add": {
        // until all of it is carried over, that of before stands
        const at = yield* start(decided.to.job)
        const reached = Checkpoint.overlap(decided.to)
        const add = yield* target.open(at)
        let kept = { records: at.records, bytes: at.bytes }
        yield* target.carry(decided.to, reached, (records) =>
          Effect.tap(add(records), (now) => Effect.sync(() => (kept = now)))
        )
        return { at: { ...at, ...kept, reached }, add }
      }
    }
  })

  const { add, at } = yield* begin()
  let now: Checkpoint.Checkpoint = at
  const { since } = now.job
  const keep = (next: Checkpoint.Checkpoint) => {
    now = next
    const { reached, records, until } = now
    return Effect.andThen(target.save(now), options.onProgress({ phase: "reading", records, since, reached, until }))
  }
  yield* keep(at)

  if (now.reached === undefined || now.reached < now.until) {
    yield* reader.batches({ since: now.reached ?? since, until: now.until }).pipe(
      Stream.runForEach(({ range, records }) =>
        Effect.flatMap(add(records), (kept) => {
          const open = records.reduce<Timestamp.Timestamp | undefined>(
            (first, record) => (kind.isFinal(record) ? first : earliest(first, kind.time(record))),
            now.open
          )
          return keep({ ...now, ...kept, reached: range.to, ...(open === undefined ? {} : { open }) })
        })
      )
    )
  }

  const { records: total, until } = now
  const records = yield* target.finish(now, (written) =>
    options.onProgress({ phase: "writing", records: written, total, since, reached: until, until })
  )
  yield* target.save({ ...now, records, isDone: true })
  yield* target.forget
  const how = decided._tag === "Resume" ? "resumed" : decided._tag === "Add" ? "added" : "begun"
  return { records, since, until, how } as const
}, Effect.scoped)
