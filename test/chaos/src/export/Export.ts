/**
 * All of it, in words and figures.
 */
import * as Effect from "effect/Effect"
import * as NodeFs from "node:fs"
import * as NodePath from "node:path"
import * as NodeUrl from "node:url"
import { Screen } from "../Screen.ts"
import * as BadInput from "./BadInput.ts"
import * as Books from "./Books.ts"
import * as Judge from "./Judge.ts"
import * as Kills from "./Kills.ts"
import * as Memory from "./Memory.ts"
import type * as Plan from "./Plan.ts"
import * as Run from "./Run.ts"
import * as Venue from "./Venue.ts"
import * as Windows from "./Windows.ts"

/** The parts, each of which can be run by itself. */
export const parts = ["windows", "bad-input", "ledger", "kills", "memory"] as const

export type Part = (typeof parts)[number]

/** What each part that was run came to. */
export interface Outcome {
  readonly kills: Kills.Outcome | undefined
  readonly memory: Memory.Outcome | undefined
  readonly windows: Windows.Outcome | undefined
  readonly badInput: ReadonlyArray<BadInput.Outcome> | undefined
  readonly ledger: Books.Figures | undefined
}

// the built one: this module may run from its source
const kalshi = NodeUrl.fileURLToPath(new URL("../../../../packages/cli/dist/bin.js", import.meta.url))

/** The `kalshi export` command. */
const command: Run.Program = (args, env) => ({ file: process.execPath, args: [kalshi, "export", ...args], env })

export const play = Effect.fnUntraced(function* (
  seed: number,
  scale: Plan.Scale,
  folder: string,
  which: ReadonlyArray<Part> = parts
) {
  const screen = yield* Screen
  yield* Effect.sync(() => NodeFs.rmSync(folder, { recursive: true, force: true }))
  const at = (part: string) => NodePath.join(folder, part)
  const part = <A, E, R>(name: Part, says: string, run: Effect.Effect<A, E, R>) =>
    which.includes(name) ? Effect.andThen(screen.status(`  ${says} …`), run) : Effect.undefined

  const badInputs = Effect.gen(function* () {
    const venue = yield* Venue.make(
      { seed, fills: scale.badInput.fills, orders: Math.round(scale.badInput.fills / 10) },
      at("bad-input")
    )
    return [
      yield* BadInput.play("the exporter", Run.exporter, venue, at("bad-input/exporter")),
      yield* BadInput.play("kalshi export", command, venue, at("bad-input/kalshi"))
    ]
  }).pipe(Effect.scoped)
  const killed = Effect.gen(function* () {
    const { fills, orders } = scale.kills
    const venue = yield* Venue.make({ seed, fills, orders }, at("kills"))
    return yield* Kills.play(seed, scale.kills, venue, at("kills"))
  }).pipe(Effect.scoped)

  const outcome: Outcome = {
    windows: yield* part("windows", "windows side by side", Windows.play(seed, scale.windows, at("windows"))),
    badInput: yield* part("bad-input", "what cannot be done", badInputs),
    ledger: yield* part("ledger", "the ledger", Effect.orDie(Books.run({ seed, ...scale.ledger }))),
    kills: yield* part("kills", "kills", killed),
    memory: yield* part("memory", "memory", Memory.play(seed, scale.memory, at("memory")))
  }
  return outcome
})

interface Row {
  readonly what: string
  readonly value: string
  /** Absent where it is only told. */
  readonly isMet?: boolean | undefined
}

const KILLS = 30
const MOVES = 10
const GROWTH = 1.25
const SPEEDUP = 3.5

const count = (value: number): string => value.toLocaleString("en")
const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`
const percent = (share: number): string => `${Math.round(share * 100)} %`

const killRows = (kills: Kills.Outcome, isFull: boolean): ReadonlyArray<Row> => {
  const { reading, starting, total, writing } = Kills.killsOf(kills)
  const moves = Kills.movesOf(kills)
  return [
    {
      what: "fills, and orders",
      value: `${count(kills.fills)}, ${count(kills.orders)}, made in ${kills.seedingSeconds.toFixed(1)} s`
    },
    {
      what: "exporters killed",
      value: `${total} (${starting} as they began, ${reading} as they read, ${writing} as they wrote)`,
      isMet: isFull ? total >= KILLS && reading > 0 && writing > 0 : total > 0
    },
    { what: "moves of the cutoff meanwhile", value: String(moves), isMet: isFull ? moves >= MOVES : moves > 0 },
    ...kills.exports.map((one): Row => ({
      what: `${one.what} into ${one.into}`,
      value:
        `${one.missing} missing, ${one.duplicated} twice, ${one.wrong} wrong, ${one.misplaced} misplaced, ` +
        `${one.identical ? "identical" : "different"}; ${one.kills.starting + one.kills.reading + one.kills.writing} kills, ` +
        `${one.cutoffMoves} moves, ${count(one.pages.killed)} pages for ${count(one.pages.undisturbed)}, ` +
        `${one.seconds.killed.toFixed(1)} s for ${one.seconds.undisturbed.toFixed(1)} s`,
      isMet: Judge.isGood(one) && one.identical
    })),
    ...kills.skipped.map((what): Row => ({ what: "left out", value: what }))
  ]
}

const memoryRows = ({ grown }: Memory.Outcome, isFull: boolean): ReadonlyArray<Row> =>
  grown.map(({ few, into, many, ratio }) => ({
    what: `memory, ${into}`,
    value:
      `${megabytes(many.peak)} over idle at ${count(many.records)}, ${megabytes(few.peak)} at ${count(few.records)}: ` +
      `${ratio.toFixed(2)} (at most ${GROWTH})`,
    isMet: isFull ? ratio <= GROWTH : undefined
  }))

const windowRows = ({ fills, latency, paces }: Windows.Outcome, isFull: boolean): ReadonlyArray<Row> =>
  paces.map(({ exchange, median, pages, reader, speedup, windows }) => ({
    what: `${count(fills)} fills at ${latency} ms, ${windows} ${windows === 1 ? "window" : "windows"}`,
    value:
      `${(median / 1000).toFixed(2)} s, ${speedup.toFixed(2)} times as fast${windows === 8 ? ` (at least ${SPEEDUP})` : ""}; ` +
      `${count(pages)} pages, ${percent(reader)} of a processor by the reader and ${percent(exchange)} by the exchange`,
    isMet: isFull && windows === 8 ? speedup >= SPEEDUP : undefined
  }))

const badRows = ({ cases, program, skipped }: BadInput.Outcome): ReadonlyArray<Row> => [
  ...cases.map((one): Row => ({
    what: `${program}: ${one.what}`,
    value: BadInput.isGood(one)
      ? (one.message.split("\n", 1)[0] ?? "")
      : `exit ${one.code}, ${one.isClear ? "clear" : "unclear"}, ${one.isKept ? "kept" : "lost"}, ` +
        `${one.isDone ? "done afterwards" : "not done afterwards"}: ${one.message}`,
    isMet: BadInput.isGood(one)
  })),
  ...skipped.map((what): Row => ({ what: `${program}: left out`, value: what }))
]

const MICRO = 1_000_000
const LEAST_OF_A_KIND = 12

const ledgerRows = ({ account, clean, corruptions, seed, withoutOrders }: Books.Figures): ReadonlyArray<Row> => {
  const planted = Object.values(corruptions.byKind).reduce((sum, of) => sum + of.planted, 0)
  const least = Math.min(...Object.values(corruptions.byKind).map((of) => of.planted))
  return [
    {
      what: "the ledger of an account",
      value:
        `${count(account.fills)} fills in ${account.subaccounts} subaccounts (seed ${seed}), off by ` +
        `${clean.offMicros / MICRO} dollars, ${clean.discrepancies.length} named, ${clean.unexplained} unexplained`,
      isMet: clean.offMicros === 0 && clean.discrepancies.length === 0 && clean.unexplained === 0
    },
    {
      what: "corruptions found",
      value:
        `${corruptions.found} of ${planted}, ${least} of each kind at least; the set named holds ${corruptions.largest} at most, ` +
        `nothing else named by ${corruptions.alone}; by market and subaccount alone ${withoutOrders.found}`,
      isMet: corruptions.found === planted && least >= LEAST_OF_A_KIND
    }
  ]
}

/** What each figure has to be; how much, how fast and how often is only looked at in a full run. */
export const rows = ({ badInput, kills, ledger, memory, windows }: Outcome, isFull: boolean): ReadonlyArray<Row> => [
  ...(kills === undefined ? [] : killRows(kills, isFull)),
  ...(memory === undefined ? [] : memoryRows(memory, isFull)),
  ...(windows === undefined ? [] : windowRows(windows, isFull)),
  ...(ledger === undefined ? [] : ledgerRows(ledger)),
  ...(badInput ?? []).flatMap(badRows)
]

export const isGood = (outcome: Outcome, isFull: boolean): boolean =>
  rows(outcome, isFull).every(({ isMet }) => isMet !== false)

export const lines = (outcome: Outcome, isFull: boolean): ReadonlyArray<string> => {
  const all = rows(outcome, isFull)
  const width = Math.max(...all.map(({ what }) => what.length))
  return all.map(
    ({ isMet, value, what }) => `  ${isMet === undefined ? " " : isMet ? "✓" : "✗"} ${what.padEnd(width)}  ${value}`
  )
}

const toldOf = (kills: Kills.Outcome) => ({
  fills: kills.fills,
  missing: kills.exports.reduce((sum, { missing }) => sum + missing, 0),
  duplicated: kills.exports.reduce((sum, { duplicated }) => sum + duplicated, 0),
  identical: kills.exports.every(({ identical }) => identical),
  kills: Kills.killsOf(kills),
  cutoffMoves: Kills.movesOf(kills),
  seedingSeconds: kills.seedingSeconds,
  exports: kills.exports,
  skipped: kills.skipped
})

/** What the file says of it. */
export const toJson = (seed: number, { badInput, kills, ledger, memory, windows }: Outcome) => ({
  seed,
  ...(kills === undefined ? {} : toldOf(kills)),
  memory,
  windows,
  ledger,
  badInput
})
