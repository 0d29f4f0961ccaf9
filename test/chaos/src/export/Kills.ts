/**
 * Exports that are killed at random instants and started again, while the
 * cutoff moves: what comes out is judged by what the exchange knows, and by what
 * an undisturbed export gives.
 */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as SqlClient from "effect/sql/SqlClient"
import { Timestamp } from "effect-kalshi"
import * as NodeFs from "node:fs"
import * as NodePath from "node:path"
import * as Random from "../Random.ts"
import { Screen } from "../Screen.ts"
import * as Judge from "./Judge.ts"
import type * as Plan from "./Plan.ts"
import * as Reading from "./Reading.ts"
import * as Run from "./Run.ts"
import type * as Rows from "./Rows.ts"
import type { Venue } from "./Venue.ts"

/** How many kills fell where. */
export interface Deaths {
  readonly starting: number
  readonly reading: number
  readonly writing: number
}

/** What came of the exports of one kind into one format. */
export interface Exported extends Judge.Verdict {
  readonly what: "fills" | "orders"
  readonly into: Plan.Format | "postgres"
  /** Whether it is what the undisturbed one is: byte for byte, or in PostgreSQL row for row. */
  readonly identical: boolean
  readonly kills: Deaths
  readonly cutoffMoves: number
  /** Requests of pages, and of pages read again. */
  readonly pages: { readonly undisturbed: number; readonly killed: number }
  readonly seconds: { readonly undisturbed: number; readonly killed: number }
  /** The size of the file. */
  readonly bytes?: number | undefined
}

export interface Outcome {
  readonly fills: number
  readonly orders: number
  readonly seedingSeconds: number
  readonly exports: ReadonlyArray<Exported>
  /** What was left out, and why. */
  readonly skipped: ReadonlyArray<string>
}

/** Where a life ends: as soon as it has come so far, and a little later. */
interface Death {
  readonly phase: "starting" | "reading" | "writing"
  readonly records: number
  readonly delay: number
}

const LONGEST_START = 900
const LONGEST_DELAY = 120
const POLL = 2

const deathsOf = (
  random: Random.Random,
  { reading, starting, writing }: Deaths,
  total: number
): ReadonlyArray<Death> => {
  const some = (phase: Death["phase"], count: number, delay: number): ReadonlyArray<Death> =>
    Array.from({ length: count }, () => ({
      phase,
      records: phase === "starting" ? 0 : random.between(1, total),
      delay: random.between(0, delay)
    })).toSorted((a, b) => a.records - b.records)
  return [
    ...some("starting", starting, LONGEST_START),
    ...some("reading", reading, LONGEST_DELAY),
    // what is written is written anew in each life
    ...random.shuffle(some("writing", writing, LONGEST_DELAY))
  ]
}

const phases = ["starting", "reading", "writing", "done"] as const

/** Whether an exporter has come to where it is to die. */
const isThere = (at: Readonly<Run.At>, death: Death): boolean => {
  const here = phases.indexOf(at.phase)
  const there = phases.indexOf(death.phase)
  return here > there || (here === there && at.records >= death.records)
}

/** Exports with kills until it is done. */
const killed = Effect.fnUntraced(function* (
  deaths: ReadonlyArray<Death>,
  args: ReadonlyArray<string>,
  env: Readonly<Record<string, string>>,
  now: { at: Readonly<Run.At> }
) {
  const kills = { starting: 0, reading: 0, writing: 0 }
  for (const death of deaths) {
    const isOver = yield* Effect.gen(function* () {
      const life = yield* Run.start(args, env)
      now.at = life.at
      const dying = Effect.sync(() => isThere(life.at, death)).pipe(
        Effect.delay(POLL),
        Effect.repeat({ until: (isThere) => isThere }),
        Effect.andThen(Effect.sleep(death.delay)),
        Effect.andThen(life.kill),
        Effect.andThen(Effect.never)
      )
      const { code, said, signal } = yield* Effect.raceFirst(life.ended, dying)
      const { phase } = life.at
      if (signal === "SIGKILL" && phase !== "done") kills[phase]++
      else if (signal === null && code !== 0) return yield* Effect.die(`an export ended with ${code}: ${said}`)
      return signal === null
    }).pipe(Effect.scoped)
    if (isOver) return kills
  }
  yield* Effect.gen(function* () {
    const life = yield* Run.start(args, env)
    now.at = life.at
    const { code, said } = yield* life.ended
    if (code !== 0) return yield* Effect.die(`an export ended with ${code}: ${said}`)
  }).pipe(Effect.scoped)
  return kills
})

/** Moves the cutoff over a part of the history, each time to what is being read about then. */
const moving = Effect.fnUntraced(function* (
  random: Random.Random,
  { at, moveCutoff }: Venue,
  part: { readonly from: number; readonly to: number; readonly moves: number; readonly total: number },
  now: { readonly at: Readonly<Run.At> },
  told: { moves: number }
) {
  for (let move = 1; move <= part.moves; move++) {
    const share = part.from + ((part.to - part.from) * move) / part.moves
    // some records of where it goes are read, some are on their way, and some are not asked for
    const due = (share - random.between(0, 30) / 1000) * part.total
    yield* Effect.sync(() => now.at.phase === "reading" && now.at.records >= due).pipe(
      Effect.delay(POLL),
      Effect.repeat({ until: (isDue) => isDue })
    )
    yield* Effect.sleep(random.between(0, LONGEST_DELAY))
    yield* moveCutoff(at(share))
    told.moves++
  }
})

const extension = (format: Plan.Format): string => format.replace("+gzip", ".gz")

const argsOf = (format: Plan.Format): ReadonlyArray<string> => {
  const [name = "", compression] = format.split("+")
  return ["--format", name, ...(compression === undefined ? [] : ["--compress", compression])]
}

interface Job {
  readonly what: "fills" | "orders"
  readonly into: Exported["into"]
  readonly truth: Judge.Truth
  /** Where the undisturbed export goes, and the other one. */
  readonly to: readonly [whole: ReadonlyArray<string>, parts: ReadonlyArray<string>]
  readonly compare: Effect.Effect<{ readonly identical: boolean; readonly bytes?: number | undefined }>
  readonly read: (take: (row: Rows.Row) => void) => Effect.Effect<void>
  readonly isOrdered: boolean
  /** How many kills fall where. */
  readonly deaths: Deaths
}

/** Exports once undisturbed and once with kills, and looks at what came of it. */
const judged = Effect.fnUntraced(function* (
  job: Job,
  seed: number,
  scale: Plan.Scale["kills"],
  venue: Venue,
  env: Readonly<Record<string, string>>,
  part: { readonly index: number; readonly of: number }
) {
  const screen = yield* Screen
  const total = job.truth.lines.length
  const { until } = venue.open
  const args = [job.what, "--until", Timestamp.format(until), "--windows", String(scale.windows)]
  const [whole, parts] = job.to
  const name = `${job.what}, ${job.into}`

  yield* screen.status(`  ${name}: undisturbed …`)
  yield* venue.count
  const began = yield* Clock.currentTimeMillis
  yield* Run.toEnd([...args, ...whole], env)
  const undisturbed = (yield* Clock.currentTimeMillis) - began
  const wholePages = (yield* venue.count).pages

  yield* screen.status(`  ${name}: killed …`)
  const now: { at: Readonly<Run.At> } = { at: { phase: "starting", records: 0 } }
  const told = { moves: 0 }
  const random = (of: number) => Random.make(seed, part.index, of)
  const again = yield* Clock.currentTimeMillis
  const mover = yield* Effect.forkChild(
    moving(
      random(1),
      venue,
      { from: part.index / part.of, to: (part.index + 1) / part.of, moves: scale.moves, total },
      now,
      told
    )
  )
  const kills = yield* killed(deathsOf(random(2), job.deaths, total), [...args, ...parts], env, now)
  yield* Fiber.interrupt(mover)
  const disturbed = (yield* Clock.currentTimeMillis) - again
  const partPages = (yield* venue.count).pages

  yield* screen.status(`  ${name}: read back …`)
  const judge = Judge.make(job.truth, job.isOrdered)
  yield* job.read(judge.take)
  const exported: Exported = {
    what: job.what,
    into: job.into,
    ...judge.verdict(),
    ...(yield* job.compare),
    kills,
    cutoffMoves: told.moves,
    pages: { undisturbed: wholePages, killed: partPages },
    seconds: { undisturbed: undisturbed / 1000, killed: disturbed / 1000 }
  }
  return exported
})

const fileJob = (
  what: "fills" | "orders",
  format: Plan.Format,
  truth: Judge.Truth,
  scale: Plan.Scale["kills"],
  folder: string
): Job => {
  const path = (name: string) => NodePath.join(folder, `${what}-${name}.${extension(format)}`)
  const [whole, parts] = [path("whole"), path("killed")]
  const to = (out: string) => [...argsOf(format), "--out", out]
  return {
    what,
    into: format,
    truth,
    to: [to(whole), to(parts)],
    isOrdered: true,
    deaths: scale,
    read: (take) => Reading.file(parts, format, truth.layout, take),
    compare: Effect.gen(function* () {
      const identical = (yield* Reading.sha256(whole)) === (yield* Reading.sha256(parts))
      const bytes = NodeFs.statSync(parts).size
      // gigabytes otherwise
      for (const file of [whole, parts]) NodeFs.rmSync(file)
      return { identical, bytes }
    })
  }
}

/** Into tables of a schema of the run's own. */
const tableJob = Effect.fnUntraced(function* (truth: Judge.Truth, scale: Plan.Scale["kills"]) {
  const sql = yield* SqlClient.SqlClient
  const schema = `chaos_export_${process.pid}`
  yield* Effect.acquireRelease(Effect.orDie(sql.unsafe(`CREATE SCHEMA ${schema}`)), () =>
    Effect.ignore(sql.unsafe(`DROP SCHEMA ${schema} CASCADE`))
  )
  const [whole, parts] = [`${schema}.whole`, `${schema}.killed`]
  const differing = (a: string, b: string) =>
    Effect.orDie(sql.unsafe(`SELECT 1 FROM (TABLE ${a} EXCEPT ALL TABLE ${b}) AS rest LIMIT 1`))
  const job: Job = {
    what: "fills",
    into: "postgres",
    truth,
    to: [
      ["--table", whole],
      ["--table", parts]
    ],
    // a table has no order
    isOrdered: false,
    // each window is written as it comes
    deaths: { ...scale, reading: scale.reading + scale.writing, writing: 0 },
    read: (take) => Effect.provideService(Reading.table(parts, truth.layout, take), SqlClient.SqlClient, sql),
    compare: Effect.map(Effect.all([differing(whole, parts), differing(parts, whole)]), ([left, right]) => ({
      identical: left.length === 0 && right.length === 0
    }))
  }
  return job
})

const databaseUrl = process.env["DATABASE_URL"] ?? "postgres://root@127.0.0.1:5432/test"

export const play = Effect.fnUntraced(function* (
  seed: number,
  scale: Plan.Scale["kills"],
  venue: Venue,
  folder: string
) {
  yield* Effect.sync(() => NodeFs.mkdirSync(folder, { recursive: true }))
  const { fills, orders } = yield* venue.truth
  const of = scale.formats.length + (scale.others ? 2 : 0)
  const exports: Array<Exported> = []
  const skipped: Array<string> = []
  const next = (job: Job, env = venue.env) =>
    Effect.map(judged(job, seed, scale, venue, env, { index: exports.length, of }), (exported) => {
      exports.push(exported)
    })
  for (const format of scale.formats) yield* next(fileJob("fills", format, fills, scale, folder))
  if (scale.others) {
    yield* next(fileJob("orders", "ndjson", orders, scale, folder))
    yield* tableJob(fills, scale).pipe(
      Effect.flatMap((job) => next(job, { ...venue.env, DATABASE_URL: databaseUrl })),
      // the schema goes while there is a connection
      Effect.scoped,
      Effect.provide(Reading.database(databaseUrl)),
      Effect.catchTag("SqlError", () =>
        Effect.sync(() => void skipped.push("PostgreSQL: none answers; DATABASE_URL says where one is"))
      )
    )
  }
  const outcome: Outcome = {
    fills: venue.open.fills,
    orders: venue.open.orders,
    seedingSeconds: venue.open.millis / 1000,
    exports,
    skipped
  }
  return outcome
})

export const killsOf = ({ exports }: Outcome): Deaths & { readonly total: number } => {
  const sum = (phase: keyof Deaths) => exports.reduce((sum, { kills }) => sum + kills[phase], 0)
  const [starting, reading, writing] = [sum("starting"), sum("reading"), sum("writing")]
  return { starting, reading, writing, total: starting + reading + writing }
}

export const movesOf = ({ exports }: Outcome): number => exports.reduce((sum, { cutoffMoves }) => sum + cutoffMoves, 0)
