/**
 * All of it, in words and figures.
 */
import * as Effect from "effect/Effect"
import { Screen } from "../Screen.ts"
import * as Outage from "./Outage.ts"
import * as Overtake from "./Overtake.ts"
import type * as Plan from "./Plan.ts"
import * as Server from "./Server.ts"
import * as Sharing from "./Sharing.ts"

export interface Outcome {
  readonly sharing: Sharing.Outcome
  readonly cancelOvertake: { readonly memory: Overtake.Outcome; readonly redis: Overtake.Outcome }
  readonly outages: ReadonlyArray<Outage.Outcome>
}

export const play = Effect.fnUntraced(function* (seed: number, scale: Plan.Scale, folder: string) {
  const screen = yield* Screen
  const server = yield* Server.make
  yield* screen.status("  processes share a budget …")
  const sharing = yield* Sharing.play(seed, scale.sharing, server, folder)
  yield* screen.status("  cancels overtake, in memory …")
  const memory = yield* Overtake.play(seed, scale.cancels, undefined, folder)
  yield* screen.status("  cancels overtake, through Redis …")
  const redis = yield* Overtake.play(seed, scale.cancels, server, folder)
  yield* screen.status("  Redis is ended …")
  const ended = yield* Outage.play(seed, "ended", scale.outage, server, folder)
  yield* screen.status("  Redis is held …")
  const held = yield* Outage.play(seed, "held", scale.outage, server, folder)
  const outcome: Outcome = { sharing, cancelOvertake: { memory, redis }, outages: [ended, held] }
  return outcome
}, Effect.scoped)

interface Row {
  readonly what: string
  readonly value: string
  /** Absent where it is only told. */
  readonly isMet?: boolean | undefined
}

const percent = (share: number): string => `${(share * 100).toFixed(1)} %`
const units = ({ max, p50, p99 }: Overtake.Outcome): string =>
  `p99 ${p99.toFixed(2)}, p50 ${p50.toFixed(2)}, longest ${max.toFixed(2)}`

// tokens for a cancel flow into a quarter of the budget within 80 ms, and the first finds out that Redis is gone
const LONGEST_CANCEL = 500

/** What each figure has to be; the share of the budget is only looked at where there was time to spend it. */
export const rows = ({ cancelOvertake, outages, sharing }: Outcome, isFull: boolean): ReadonlyArray<Row> => [
  {
    what: "429 while processes share, by their doing",
    value: String(sharing.rejections429),
    isMet: sharing.rejections429 === 0
  },
  {
    what: "  of the budget for writes they spent",
    value: `${percent(sharing.utilisation)} (at least 90 %)`,
    isMet: isFull ? sharing.utilisation >= 0.9 : undefined
  },
  { what: "  of the budget for reads", value: percent(sharing.utilisationRead) },
  {
    what: "  wanted, and killed meanwhile",
    value: `${sharing.load.toFixed(1)} times the budget by ${sharing.processes} processes, ${sharing.restarts} kills in ${sharing.seconds} s`
  },
  {
    what: "429 of one process in one second, beside a stranger",
    value: `${sharing.stranger.busiestSecond} (at most 1)`,
    isMet: sharing.stranger.busiestSecond <= 1
  },
  {
    what: "  429, spent by them and by the stranger",
    value: `${sharing.stranger.refused}, ${sharing.stranger.accepted} and ${sharing.stranger.spent} tokens in ${sharing.stranger.seconds} s`
  },
  {
    what: "429 of the official SDK",
    value: `${sharing.sdk.refused} of ${sharing.sdk.sent} orders`,
    isMet: sharing.sdk.refused > 0
  },
  {
    what: "cancels before waiting orders, in memory",
    value: `${units(cancelOvertake.memory)} refills of one (at most 2)`,
    isMet: cancelOvertake.memory.p99 <= 2
  },
  {
    what: "cancels before waiting orders, through Redis",
    value: `${units(cancelOvertake.redis)} refills of one (at most 3)`,
    isMet: cancelOvertake.redis.p99 <= 3
  },
  ...outages.flatMap((outage): ReadonlyArray<Row> => [
    {
      what: `Redis ${outage.kind} for ${outage.seconds} s: longest wait of a cancel`,
      value: `${outage.longestCancelMs} ms of ${outage.cancels} cancels`,
      isMet: outage.cancels > 0 && outage.longestCancelMs <= LONGEST_CANCEL
    },
    {
      what: "  429",
      value: `${outage.rejections429}, with ${outage.apart} processes apart`,
      isMet: outage.rejections429 === 0 && outage.apart > 0
    },
    { what: "  shared again after", value: `${outage.backMs} ms (at most 5,000)`, isMet: outage.backMs <= 5000 }
  ])
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
