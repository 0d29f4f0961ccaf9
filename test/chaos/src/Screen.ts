/**
 * Where the words of a run go: lines, and one line that is drawn again in
 * place on a terminal, or written every few seconds elsewhere.
 */
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Stdio from "effect/Stdio"
import * as Stream from "effect/Stream"
import * as TerminalCapabilities from "effect/cli/TerminalCapabilities"

/** Where the words of a run go. */
export class Screen extends Context.Service<
  Screen,
  {
    readonly line: (text?: string) => Effect.Effect<void>
    /** Says how far the run is, in place of what was said before. */
    readonly status: (text: string) => Effect.Effect<void>
  }
>()("chaos/Screen") {}

const CLEAR = "\r\u001b[2K"
// how often a log that nobody watches hears of it
const QUIET_MILLIS = 15_000

/** Standard output. */
export const layer: Layer.Layer<Screen, never, Stdio.Stdio> = Layer.effect(
  Screen,
  Effect.gen(function* () {
    const stdio = yield* Stdio.Stdio
    const { canAnimate } = yield* TerminalCapabilities.TerminalCapabilities
    const sink = stdio.stdout({ endOnDone: false })
    // who stopped reading is no reason to stop working
    const write = (text: string) => Effect.ignore(Stream.run(Stream.succeed(text), sink))
    let saidAt = 0
    return Screen.of({
      line: (text = "") => write(`${canAnimate ? CLEAR : ""}${text}\n`),
      status: (text) =>
        canAnimate
          ? write(`${CLEAR}${text}`)
          : Effect.flatMap(Clock.currentTimeMillis, (now) => {
              if (now - saidAt < QUIET_MILLIS) return Effect.void
              saidAt = now
              return write(`${text}\n`)
            })
    })
  })
)

/** Says nothing. */
export const layerSilent: Layer.Layer<Screen> = Layer.succeed(
  Screen,
  Screen.of({ line: () => Effect.void, status: () => Effect.void })
)
