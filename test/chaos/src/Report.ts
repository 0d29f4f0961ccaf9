/**
 * A run in words and in JSON, with the same figures.
 */
import * as NodeUtil from "node:util"
import type * as Biography from "./Biography.ts"
import * as Figures from "./Figures.ts"
import * as Judge from "./Judge.ts"
import * as Plan from "./Plan.ts"
import type * as Run from "./Run.ts"

type Row = readonly [what: string, value: string, isMet?: boolean]

const count = (value: number): string => value.toLocaleString("en")
const percent = (share: number): string => `${(share * 100).toFixed(1)} %`
const millis = ({ max, p50, p99 }: Figures.Percentiles): string =>
  `p50 ${count(p50)} ms, p99 ${count(p99)} ms, longest ${count(max)} ms`

/** A count or a share that a full run has to reach for its zeros to mean something. */
interface Goal {
  readonly what: string
  readonly value: number
  readonly least: number
  readonly show: (value: number) => string
}

const words: Readonly<Record<string, string>> = {
  droppedBeforeApplying: "dropped before applying",
  droppedAfterApplying: "dropped after applying",
  serverErrorBefore: "5xx before applying",
  serverErrorAfter: "5xx after applying",
  timedOut: "answered too late",
  truncated: "truncated",
  duplicated: "duplicated",
  tooManyRequests: "429",
  late: "held"
}

/** What a full run has to show. */
const goals = ({ attempted, faulted, kills, late, shares }: Figures.Figures): ReadonlyArray<Goal> => [
  { what: "creates", value: attempted.creates, least: 20_000, show: count },
  { what: "batches", value: attempted.batches, least: 5000, show: count },
  { what: "amends", value: attempted.amends, least: 5000, show: count },
  { what: "decreases", value: attempted.decreases, least: 5000, show: count },
  { what: "cancels", value: attempted.cancels, least: 5000, show: count },
  { what: "writes that met a fault", value: faulted.writes, least: 0.3, show: percent },
  { what: "reads that met a fault", value: faulted.reads, least: 0.3, show: percent },
  ...Figures.faultNames.map((name): Goal => ({
    what: `  creates: ${words[name] ?? name}`,
    value: shares[name] ?? 0,
    least: name === "droppedAfterApplying" ? 0.05 : 0.02,
    show: percent
  })),
  { what: "applied long after the time-out", value: late, least: 500, show: count },
  ...Plan.instants.map((instant): Goal => ({
    what: `killed: ${instant.replaceAll("-", " ")}`,
    value: kills[instant],
    least: 50,
    show: count
  }))
]

/** Which counts are missing for a full run. */
export const missing = (figures: Figures.Figures): ReadonlyArray<string> =>
  goals(figures).flatMap(({ least, show, value, what }) =>
    value < least ? [`${what.trim()}: ${show(value)} of ${show(least)}`] : []
  )

const table = (rows: ReadonlyArray<Row>): ReadonlyArray<string> => {
  const first = Math.max(...rows.map(([what]) => what.length))
  return rows.map(([what, value, isMet]) => {
    const mark = isMet === undefined ? " " : isMet ? "✓" : "✗"
    return `  ${mark} ${what.padEnd(first)}  ${value}`
  })
}

const invariants: Readonly<Record<Judge.Kind, string>> = {
  lost: "lost",
  duplicated: "duplicated",
  misreported: "misreported",
  unresolved: "unresolved",
  staleResends: "sent after maxAge",
  unrecorded: "not in the journal"
}

/** The lines of a run's table; goals are only looked at in a full run. */
export const lines = (outcome: Run.Outcome, isFull: boolean): ReadonlyArray<string> => {
  const { crashes, figures, millis: took, run } = outcome
  const { counts, recovery } = figures
  return [
    ...table(
      goals(figures).map(({ least, show, value, what }): Row =>
        isFull ? [what, `${show(value)} (at least ${show(least)})`, value >= least] : [what, show(value)]
      )
    ),
    "",
    ...table([
      ...Judge.kinds.map((kind): Row => [invariants[kind], count(counts[kind]), counts[kind] === 0]),
      ["crashed", count(crashes.length), crashes.length === 0],
      [
        "settled after a kill",
        `${percent(recovery.fraction)} of ${count(recovery.open)} writes of ${count(recovery.lives)} lives, ` +
          millis(recovery.settleMs),
        recovery.fraction === 1 || recovery.open === 0
      ],
      ["settled after a fault", millis(figures.resolveMs)],
      ["sent", `${count(figures.sent.writes)} writes, ${count(figures.sent.reads)} reads`],
      ["oldest order that was sent", `${count(figures.oldestSendMs)} ms`]
    ]),
    "",
    `    seed ${run.seed}, ${run.programs} programs with ${run.workers} workers each, ${count(Math.round(took / 1000))} s`
  ]
}

const actOf = (act: Biography.Act): ReadonlyArray<string> => [
  `    ${new Date(act.decidedAt[0] ?? 0).toISOString().slice(11, 23)} wanted ${act.op}: ${NodeUtil.inspect(act.wish, { breakLength: Infinity })}` +
    (act.decidedAt.length > 1
      ? ` (again ${act.decidedAt
          .slice(1)
          .map((at) => at - (act.decidedAt[0] ?? 0))
          .join(", ")} ms later)`
      : ""),
  ...act.told.map(
    (told) =>
      `      ${new Date(told.at).toISOString().slice(11, 23)} told by ${told.source}: ${NodeUtil.inspect(told.word, { breakLength: Infinity })}`
  )
]

/** A finding with all that is known about it. */
export const finding = ({ about, acts, kind, program, says, truth }: Judge.Finding): ReadonlyArray<string> => [
  `  ${kind}: program ${program}, ${about}: ${says}`,
  ...acts.flatMap(actOf),
  ...truth.map((order) => `    true: ${NodeUtil.inspect(order, { breakLength: Infinity, depth: 4 })}`)
]

// enough to see what is wrong, and not a file of gigabytes
const SHOWN = 50

/** What the file says of a run. */
export const toJson = (outcome: Run.Outcome) => {
  const { crashes, figures, findings, millis, run } = outcome
  const { attempted, counts, faulted, kills, late, oldestSendMs, recovery, resolveMs, sent, shares } = figures
  return {
    seed: run.seed,
    seconds: Math.round(millis / 1000),
    programs: run.programs,
    workers: run.workers,
    orders: {
      attempted,
      readLagMs: Plan.lag,
      sent,
      faulted,
      shares,
      late,
      kills,
      ...counts,
      resolveMs,
      oldestSendMs,
      maxAgeMs: run.times.maxAge
    },
    recovery,
    crashes,
    findings: findings.slice(0, SHOWN)
  }
}
