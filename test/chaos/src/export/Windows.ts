/**
 * How much faster a history is read with several windows side by side, where
 * every answer takes its time and the budget allows it.
 */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Queue from "effect/Queue"
import { Screen } from "../Screen.ts"
import * as Child from "./Child.ts"
import { main } from "./Memory.ts"
import * as Plan from "./Plan.ts"
import * as Probe from "./Probe.ts"
import * as Venue from "./Venue.ts"

/** Readings with as many windows. */
export interface Pace {
  readonly windows: number
  /** Of each round, in milliseconds, and the median. */
  readonly millis: ReadonlyArray<number>
  readonly median: number
  /** How often as fast as one window, by the medians. */
  readonly speedup: number
  readonly pages: number
  /** How much of a processor the reader and the exchange used, as a share of the time; medians. */
  readonly reader: number
  readonly exchange: number
}

export interface Outcome {
  readonly fills: number
  readonly latency: number
  readonly paces: ReadonlyArray<Pace>
}

interface Once {
  readonly windows: number
  readonly millis: number
  readonly pages: number
  readonly reader: number
  readonly exchange: number
}

const median = (values: ReadonlyArray<number>): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN

/** Reads with each number of windows in turn, and all of them again and again. */
export const play = Effect.fnUntraced(function* (
  seed: number,
  { counts, fills, latency, rounds }: Plan.Scale["windows"],
  folder: string
) {
  const screen = yield* Screen
  const venue = yield* Venue.make({ seed, fills, orders: Math.round(fills / 10) }, folder)
  yield* venue.moveCutoff(venue.at(0.5))
  yield* venue.setLatency(latency)
  const told = yield* Queue.unbounded<Extract<Plan.Told, { readonly _tag: "Read" }>>()
  const child = yield* Child.start(
    {
      file: process.execPath,
      args: [main, Probe.encode({ _tag: "Windows", until: venue.open.until })],
      env: venue.env
    },
    (line) => {
      const one = Plan.told.decode(line)
      if (Option.isSome(one) && one.value._tag === "Read") Queue.offerUnsafe(told, one.value)
    }
  )
  const ended = Effect.flatMap(child.ended, ({ code, said }) => Effect.die(`a probe ended with ${code}: ${said}`))
  const once = Effect.fnUntraced(function* (windows: number) {
    yield* venue.count
    yield* child.send(String(windows))
    const { cpuMillis, millis, records } = yield* Effect.raceFirst(Queue.take(told), ended)
    if (records !== venue.open.fills) return yield* Effect.die(`${records} were read of ${venue.open.fills}`)
    const counted = yield* venue.count
    const one: Once = {
      windows,
      millis,
      pages: counted.pages,
      reader: cpuMillis / millis,
      exchange: counted.cpuMillis / millis
    }
    return one
  })
  // code is compiled, and connections are there
  for (const windows of counts) yield* once(windows)
  const all: Array<Once> = []
  for (let round = 1; round <= rounds; round++) {
    yield* screen.status(`  windows: round ${round} …`)
    for (const windows of counts) all.push(yield* once(windows))
  }
  const of = (windows: number) => all.filter((one) => one.windows === windows)
  const alone = median(of(1).map(({ millis }) => millis))
  const outcome: Outcome = {
    fills: venue.open.fills,
    latency,
    paces: counts.map((windows): Pace => {
      const these = of(windows)
      const millis = these.map((one) => Math.round(one.millis))
      return {
        windows,
        millis,
        median: median(millis),
        speedup: alone / median(these.map((one) => one.millis)),
        pages: median(these.map(({ pages }) => pages)),
        reader: median(these.map(({ reader }) => reader)),
        exchange: median(these.map(({ exchange }) => exchange))
      }
    })
  }
  return outcome
}, Effect.scoped)
