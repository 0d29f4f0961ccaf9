/**
 * How far each list is: drawn in place on a terminal, a plain line a second
 * elsewhere.
 */
import { Clock, Duration, Effect, Fiber } from "effect"
import * as Numbers from "./Numbers.ts"
import { type Paint, Screen } from "./Screen.ts"

/** A list on its way; `total` where somebody knows it. */
export interface Task {
  readonly name: string
  readonly total?: number | undefined
}

interface State extends Task {
  rows: number
  startedAt: number
  endedAt: number | undefined
}

/** What work reports to. */
export interface Progress {
  readonly add: (name: string, rows: number) => Effect.Effect<void>
  readonly done: (name: string) => Effect.Effect<void>
}

const BAR = 28

// without a total there is nothing to fill: a block wanders
const bar = (state: State, now: number, paint: Paint): string => {
  if (state.endedAt !== undefined) return paint.green("█".repeat(BAR))
  if (state.total === undefined) {
    const at = Math.floor((now - state.startedAt) / 80) % (BAR - 4)
    return paint.dim("░".repeat(at)) + paint.cyan("████") + paint.dim("░".repeat(BAR - 4 - at))
  }
  const full = Math.min(BAR, Math.floor((BAR * state.rows) / Math.max(1, state.total)))
  return paint.cyan("█".repeat(full)) + paint.dim("░".repeat(BAR - full))
}

const amount = ({ endedAt, rows, total }: State): string =>
  total === undefined || endedAt !== undefined
    ? Numbers.count(rows)
    : `${Numbers.count(rows)} of ${Numbers.count(total)}`

const speed = (state: State, now: number): string => {
  const millis = (state.endedAt ?? now) - state.startedAt
  // too short to tell
  return state.rows < 100 || millis < 20 ? "" : Numbers.rate(state.rows, millis)
}

const liveLine = (state: State, now: number, paint: Paint): string =>
  `  ${state.endedAt === undefined ? paint.dim("·") : paint.green("✓")} ${state.name.padEnd(17)}${bar(
    state,
    now,
    paint
  )}  ${amount(state).padStart(16)}  ${paint.dim(speed(state, now).padStart(14))}`

const plainLine = (state: State, now: number): string => {
  const told = speed(state, now)
  return `  ${state.name}: ${amount(state)} rows${told === "" ? "" : `, ${told}`}${
    state.endedAt === undefined ? "" : ", complete"
  }`
}

/** Shows the progress of the work while it goes on. */
export const show = Effect.fnUntraced(function* <A, E, R>(
  tasks: ReadonlyArray<Task>,
  work: (progress: Progress) => Effect.Effect<A, E, R>
) {
  const screen = yield* Screen
  const began = yield* Clock.currentTimeMillis
  const states = new Map(
    tasks.map((task): [string, State] => [task.name, { ...task, rows: 0, startedAt: began, endedAt: undefined }])
  )
  const all = Array.from(states.values())

  const draw = Effect.flatMap(Clock.currentTimeMillis, (now) =>
    screen.isLive
      ? screen.draw(all.map((state) => liveLine(state, now, screen.paint)))
      : Effect.forEach(
          all.filter((state) => state.endedAt === undefined && state.rows > 0),
          (state) => screen.line(plainLine(state, now)),
          { discard: true }
        )
  )
  const progress: Progress = {
    add: (name, rows) =>
      Effect.sync(() => {
        const state = states.get(name)
        if (state !== undefined) state.rows += rows
      }),
    done: (name) =>
      Effect.flatMap(Clock.currentTimeMillis, (now) => {
        const state = states.get(name)
        if (state === undefined) return Effect.void
        state.endedAt = now
        return screen.isLive ? Effect.void : screen.line(plainLine(state, now))
      })
  }

  const rest = screen.isLive ? Duration.millis(80) : Duration.seconds(1)
  return yield* screen.drawing(
    Effect.gen(function* () {
      const drawer = yield* Effect.forkChild(
        Effect.forever(Effect.andThen(screen.isLive ? draw : Effect.void, Effect.andThen(Effect.sleep(rest), draw)))
      )
      const result = yield* work(progress)
      yield* Fiber.interrupt(drawer)
      if (screen.isLive) yield* draw
      return result
    })
  )
})
