/**
 * The process that reads a history and looks at itself: at how much of it lives,
 * or at how long it takes.
 */
import { Export, History, type HistoryQuery, type HistorySink } from "@effect-kalshi/history"
import { Timestamp } from "effect-kalshi"
import { Kalshi } from "effect-kalshi/node"
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import * as NodeFs from "node:fs"
import type * as Plan from "./Plan.ts"

/** What it is told. */
export const Task = Schema.Union([
  Schema.TaggedStruct("Memory", {
    /** Into which file, or into none. */
    into: Schema.Literals(["stream", "ndjson", "csv", "parquet", "ndjson+gzip", "csv+gzip"]),
    path: Schema.String,
    until: Timestamp.Timestamp,
    /** What lies before is read first, so that all code is there. */
    warm: Timestamp.Timestamp,
    windows: Schema.Int,
    records: Schema.Int,
    samples: Schema.Int
  }),
  /** Reads everything once for each line that it is given, with so many windows. */
  Schema.TaggedStruct("Windows", { until: Timestamp.Timestamp })
])

export type Task = typeof Task.Type

export const encode = Schema.encodeSync(Schema.fromJsonString(Task))
export const decode = Schema.decodeEffect(Schema.fromJsonString(Task))

type Memory = Extract<Task, { readonly _tag: "Memory" }>
type Tell = (told: Plan.Told) => void

/** It was not run with `--expose-gc`. */
export class NoCollector extends Data.TaggedError("NoCollector") {}

const QUIET_MILLIS = 60
const PATIENCE = 100

/** Waits until everything that can go on has: what is read ahead is all in memory then. */
const settled = Effect.gen(function* () {
  for (let tries = 0; tries < PATIENCE; tries++) {
    const before = process.cpuUsage()
    yield* Effect.sleep(QUIET_MILLIS)
    const { system, user } = process.cpuUsage(before)
    // a tenth of the time is what the waiting itself may take
    if (system + user < QUIET_MILLIS * 100) return
  }
})

/** What lives, and what the process has, in bytes. */
const measure = Effect.gen(function* () {
  const { gc } = globalThis
  if (gc === undefined) return yield* new NoCollector()
  yield* settled
  yield* Effect.sync(() => {
    gc()
    gc()
  })
  // buffers are external
  const { external, heapUsed, rss } = process.memoryUsage()
  return { live: heapUsed + external, resident: rss }
})

const MOST_FORMATS = {
  ndjson: ["ndjson", "none"],
  "ndjson+gzip": ["ndjson", "gzip"],
  csv: ["csv", "none"],
  "csv+gzip": ["csv", "gzip"],
  parquet: ["parquet", undefined]
} as const satisfies Readonly<Record<Plan.Format, readonly [HistorySink.Format, HistorySink.Compression | undefined]>>

type Step<E> = (records: number) => Effect.Effect<void, E>

/** Reads, and says after each step how many records it had. */
const read = Effect.fnUntraced(function* <E>(
  { into, path, windows }: Memory,
  until: Timestamp.Timestamp,
  step: (phase: "reading" | "writing") => Step<E>
) {
  const { fills } = yield* History.History
  if (into === "stream") {
    const take = step("reading")
    let records = 0
    return yield* fills({ until, windows }).pipe(Stream.runForEach(() => take(++records)))
  }
  const [format, compression] = MOST_FORMATS[into]
  const steps = { reading: step("reading"), writing: step("writing") }
  let failed: Option.Option<E> = Option.none()
  yield* Export.toFile({
    what: "fills",
    path,
    format,
    compression,
    until,
    windows,
    restart: true,
    onProgress: ({ phase, records }) =>
      Effect.catch(steps[phase](records), (error) =>
        Effect.sync(() => {
          failed = Option.some(error)
        })
      )
  })
  if (Option.isSome(failed)) return yield* Effect.fail(failed.value)
})

const memory = Effect.fnUntraced(function* (task: Memory, tell: Tell) {
  yield* read(task, task.warm, () => () => Effect.void)
  tell({ _tag: "Sample", records: 0, ...(yield* measure) })
  const phases = task.into === "stream" ? 1 : 2
  const every = Math.ceil((task.records * phases) / task.samples)
  yield* read(task, task.until, () => {
    // in the middle of what is between two of them
    let next = Math.ceil(every / 2)
    return (records) =>
      Effect.suspend(() => {
        if (records < next) return Effect.void
        next = records + every
        return Effect.map(measure, (measured) => tell({ _tag: "Sample", records, ...measured }))
      })
  })
  yield* Effect.sync(() => {
    for (const file of [task.path, `${task.path}.checkpoint`]) NodeFs.rmSync(file, { force: true })
  })
  tell({ _tag: "Done", records: task.records, how: task.into })
})

const windows = Effect.fnUntraced(function* (
  { until }: Extract<Task, { readonly _tag: "Windows" }>,
  lines: Stream.Stream<string>,
  tell: Tell
) {
  const { fills } = yield* History.History
  const once = (query: HistoryQuery.HistoryQuery) =>
    Stream.runFold(
      fills(query),
      () => 0,
      (count: number) => count + 1
    )
  yield* Stream.runForEach(
    lines,
    Effect.fnUntraced(function* (line) {
      const windows = Number(line)
      const began = performance.now()
      const cpu = process.cpuUsage()
      const records = yield* once({ until, windows })
      const { system, user } = process.cpuUsage(cpu)
      tell({
        _tag: "Read",
        windows,
        records,
        millis: performance.now() - began,
        cpuMillis: (system + user) / 1000
      })
    })
  )
})

const layer = Layer.provide(History.layer, Kalshi.layerConfig({ breaker: "none" }))

/** Does its task, and what it reads in lines. */
export const run = (task: Task, lines: Stream.Stream<string>, tell: Tell) =>
  (task._tag === "Memory" ? memory(task, tell) : windows(task, lines, tell)).pipe(Effect.provide(layer))
