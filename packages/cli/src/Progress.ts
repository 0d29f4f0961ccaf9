/**
 * How far something is: a line that is drawn again in place on a terminal, and
 * a plain one every few seconds elsewhere, on standard error.
 *
 * @since 0.1.0
 */
import * as Clock from "effect/Clock"
import * as Config from "effect/Config"
import * as Effect from "effect/Effect"
import * as Stdio from "effect/Stdio"
import * as Stream from "effect/Stream"
import * as Terminal from "effect/Terminal"
import * as Output from "./Output.ts"
import * as Words from "./Words.ts"

/**
 * What is going on.
 *
 * @since 0.1.0
 * @category models
 */
export interface Options {
  /** What is done, in a word or two: `fills`. */
  readonly title: string
  /** How much there is to do; absent where nobody knows. */
  readonly total?: number | undefined
  /** What is counted, in the plural: `records`. */
  readonly unit: string
}

/**
 * Something that goes on.
 *
 * @since 0.1.0
 * @category models
 */
export interface Progress {
  /** Says how much is done of all, where that is known better than before. */
  readonly update: (done: number, total?: number) => Effect.Effect<void>
  /** Says something beside it, on a line of its own. */
  readonly note: (line: string) => Effect.Effect<void>
  /** Says how it ended: how much, in what time. Once; later calls say nothing. */
  readonly end: Effect.Effect<void>
}

const CLEAR = "\r\u001b[2K"
// how often it is drawn on a terminal, and written elsewhere, in milliseconds
const DRAWN = 100
const WRITTEN = 5000
// over how long the rate is taken, in milliseconds: longer is steadier, shorter is sooner right
const SMOOTH = 5000
const BAR = 24
const COLUMNS = 80

const whole = (count: number): string =>
  Math.round(count)
    .toString()
    .replace(/\B(?=(\d{3})+$)/g, ",")

const rateOf = (perSecond: number): string =>
  perSecond >= 10 || perSecond === 0 ? whole(perSecond) : perSecond.toFixed(1)

const bar = (share: number, width: number): string => {
  const full = Math.round(share * width)
  return "█".repeat(full) + "░".repeat(width - full)
}

interface Moment {
  readonly done: number
  readonly total: number | undefined
  /** In units a second. */
  readonly rate: number
}

/** The words of a moment, and with a width to fit in a bar where there is room for one. */
const words = ({ title, unit }: Options, { done, rate, total }: Moment, columns: number | undefined): string => {
  const share = total === undefined || total <= 0 ? undefined : Math.min(1, done / total)
  const left = total === undefined || rate <= 0 || done >= total ? undefined : ((total - done) / rate) * 1000
  const rest = [
    ...(share === undefined ? [] : [`${Math.floor(share * 100)}%`]),
    `${whole(done)}${total === undefined ? "" : ` of ${whole(total)}`} ${unit}`,
    `${rateOf(rate)}/s`,
    ...(left === undefined ? [] : [`${Words.duration(Math.max(1000, left))} left`])
  ].join("  ")
  if (columns === undefined) return `${title}: ${rest.replaceAll("  ", ", ")}`
  const room = Math.min(BAR, columns - title.length - rest.length - 5)
  const drawn = share === undefined || room < 4 ? "" : `${bar(share, room)}  `
  // a line that wraps is not drawn again in place
  return `${title}  ${drawn}${rest}`.slice(0, columns - 1)
}

/**
 * Begins to tell how far something is: with a bar, a rate and the time left on
 * a terminal, in plain lines elsewhere, and not at all with `--json` or
 * `--quiet`. Call `end` also where it fails or is interrupted
 * (`Effect.ensuring`), so that the terminal is left as it was.
 *
 * @since 0.1.0
 * @category constructors
 */
export const make = Effect.fnUntraced(function* (
  options: Options
): Effect.fn.Return<Progress, never, Output.Output | Stdio.Stdio | Terminal.Terminal> {
  const { json, quiet } = yield* Output.Output
  if (json || quiet) return { update: () => Effect.void, note: () => Effect.void, end: Effect.void }
  const stdio = yield* Stdio.Stdio
  const terminal = yield* Terminal.Terminal
  const term = yield* Effect.orElseSucceed(Config.String("TERM"), () => "")
  const isDrawn = (yield* stdio.stderrIsTerminal) && term !== "dumb"
  const sink = stdio.stderr({ endOnDone: false })
  // who does not read it is no reason to stop working
  const write = (text: string) => Effect.ignore(Stream.run(Stream.succeed(text), sink))

  const startedAt = yield* Clock.currentTimeMillis
  let done = 0
  let total = options.total
  let saidAt = startedAt
  // what was done when the rate was last taken, and the rate then
  let taken = { at: startedAt, done: 0, rate: 0 }
  let hasEnded = false

  const rateAt = (now: number): number => {
    const passed = now - taken.at
    if (passed <= 0) return taken.rate
    const fresh = ((done - taken.done) / passed) * 1000
    // the first is all there is to go by
    const weight = taken.at === startedAt ? 1 : 1 - Math.exp(-passed / SMOOTH)
    taken = { at: now, done, rate: taken.rate + (fresh - taken.rate) * weight }
    return taken.rate
  }

  const say = Effect.fnUntraced(function* (now: number) {
    saidAt = now
    const moment = { done, total, rate: rateAt(now) }
    if (!isDrawn) return yield* write(`${words(options, moment, undefined)}\n`)
    const columns = yield* terminal.columns
    yield* write(CLEAR + words(options, moment, columns > 0 ? columns : COLUMNS))
  })

  return {
    update: (count, of) =>
      Effect.flatMap(Clock.currentTimeMillis, (now) => {
        done = count
        total = of ?? total
        return hasEnded || now - saidAt < (isDrawn ? DRAWN : WRITTEN) ? Effect.void : say(now)
      }),
    note: (line) =>
      Effect.suspend(() => {
        // it is drawn again below with the next update
        saidAt = hasEnded ? saidAt : saidAt - DRAWN
        return write(`${isDrawn && !hasEnded ? CLEAR : ""}${line}\n`)
      }),
    end: Effect.flatMap(Clock.currentTimeMillis, (now) => {
      if (hasEnded) return Effect.void
      hasEnded = true
      const took = now - startedAt
      const of = total === undefined || total === done ? "" : ` of ${whole(total)}`
      const rate = took > 0 ? `, ${rateOf((done / took) * 1000)}/s` : ""
      const said = `${options.title}: ${whole(done)}${of} ${options.unit} in ${Words.duration(took)}${rate}\n`
      return write(isDrawn ? CLEAR + said : said)
    })
  }
})
