/**
 * How much an export holds, however much there is to export: what lives after a
 * collection, over what the same process has when it does nothing.
 */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as NodeFs from "node:fs"
import * as NodePath from "node:path"
import * as NodeUrl from "node:url"
import { Screen } from "../Screen.ts"
import * as Child from "./Child.ts"
import * as Plan from "./Plan.ts"
import * as Probe from "./Probe.ts"
import * as Venue from "./Venue.ts"

// the built one: this module may run from its source
export const main = NodeUrl.fileURLToPath(new URL("../../dist/export/probe-main.js", import.meta.url))

/** What one process held, in bytes. */
export interface Held {
  readonly records: number
  readonly samples: number
  readonly idle: number
  /** The most that lived, and the median, over what it had idle. */
  readonly peak: number
  readonly median: number
  /** The most that the process had of the machine. */
  readonly resident: number
}

/** One way to read, with few records and with many. */
export interface Grown {
  readonly into: Plan.Format | "stream"
  readonly few: Held
  readonly many: Held
  /** How much more the peak of many is. */
  readonly ratio: number
}

export interface Outcome {
  readonly windows: number
  readonly grown: ReadonlyArray<Grown>
}

const WINDOWS = 4
const INTO = ["stream", ...Plan.formats] as const

const held = Effect.fnUntraced(function* (
  into: Grown["into"],
  samples: number,
  { at, env, open }: Venue.Venue,
  folder: string
) {
  const told: Array<Extract<Plan.Told, { readonly _tag: "Sample" }>> = []
  const task = Probe.encode({
    _tag: "Memory",
    into,
    path: NodePath.join(folder, "memory"),
    until: open.until,
    warm: at(Math.min(1, 20_000 / open.fills)),
    windows: WINDOWS,
    records: open.fills,
    samples
  })
  const child = yield* Child.start({ file: process.execPath, args: ["--expose-gc", main, task], env }, (line) => {
    const one = Plan.told.decode(line)
    if (Option.isSome(one) && one.value._tag === "Sample") told.push(one.value)
  })
  const { code, said } = yield* child.ended
  const [idle, ...rest] = told
  if (code !== 0 || idle === undefined) return yield* Effect.die(`a probe ended with ${code}: ${said}`)
  const growths = rest.map(({ live }) => live - idle.live).toSorted((a, b) => a - b)
  return {
    records: open.fills,
    samples: rest.length,
    idle: idle.live,
    peak: growths.at(-1) ?? NaN,
    median: growths[Math.floor(growths.length / 2)] ?? NaN,
    resident: Math.max(...rest.map(({ resident }) => resident))
  } satisfies Held
}, Effect.scoped)

/** Reads both in all ways, one process each. */
export const play = Effect.fnUntraced(function* (
  seed: number,
  { fills, samples }: Plan.Scale["memory"],
  folder: string
) {
  const screen = yield* Screen
  yield* Effect.sync(() => NodeFs.mkdirSync(folder, { recursive: true }))
  const of = Effect.fnUntraced(function* (count: number) {
    const venue = yield* Venue.make({ seed, fills: count, orders: Math.round(count / 10) }, folder)
    // some of it is archived, some is not
    yield* venue.moveCutoff(venue.at(0.5))
    return yield* Effect.forEach(INTO, (into) =>
      Effect.andThen(screen.status(`  memory: ${count} fills, ${into} …`), held(into, samples, venue, folder))
    )
  }, Effect.scoped)
  const few = yield* of(fills[0])
  const many = yield* of(fills[1])
  const outcome: Outcome = {
    windows: WINDOWS,
    grown: INTO.flatMap((into, index) => {
      const [less, more] = [few[index], many[index]]
      return less === undefined || more === undefined
        ? []
        : [{ into, few: less, many: more, ratio: more.peak / less.peak }]
    })
  }
  return outcome
})
