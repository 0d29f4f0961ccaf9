/**
 * Where the demo's words go: a terminal that can be drawn on, or plain lines.
 */
import { Context, Effect, Layer, Stdio, Stream } from "effect"
import { TerminalCapabilities } from "effect/cli"

/** Colours; each does nothing where there are none. */
export interface Paint {
  readonly bold: (text: string) => string
  readonly dim: (text: string) => string
  readonly green: (text: string) => string
  readonly red: (text: string) => string
  readonly cyan: (text: string) => string
}

export class Screen extends Context.Service<
  Screen,
  {
    readonly paint: Paint
    /** Whether lines can be drawn again in place. */
    readonly isLive: boolean
    /** Writes one line below all others. */
    readonly line: (text?: string) => Effect.Effect<void>
    /** Draws these lines in place of the ones of the drawing before. */
    readonly draw: (lines: ReadonlyArray<string>) => Effect.Effect<void>
    /** Runs an effect that draws: without a cursor, and what was drawn last stays. */
    readonly drawing: <A, E, R>(self: Effect.Effect<A, E, R>) => Effect.Effect<A, E, R>
  }
>()("demo/Screen") {}

const ESC = "\u001b["
const plain = (text: string): string => text
const style =
  (code: number) =>
  (text: string): string =>
    `${ESC}${code}m${text}${ESC}0m`

const paintOf = (canColor: boolean): Paint =>
  canColor
    ? { bold: style(1), dim: style(2), green: style(32), red: style(31), cyan: style(36) }
    : { bold: plain, dim: plain, green: plain, red: plain, cyan: plain }

/** Standard output; or standard error and never live, where standard output belongs to a machine. */
export const layer = (options: { readonly forMachine: boolean }): Layer.Layer<Screen, never, Stdio.Stdio> =>
  Layer.effect(
    Screen,
    Effect.gen(function* () {
      const stdio = yield* Stdio.Stdio
      const terminal = yield* TerminalCapabilities.TerminalCapabilities
      const isLive = terminal.canAnimate && !options.forMachine
      const sink = options.forMachine ? stdio.stderr({ endOnDone: false }) : stdio.stdout({ endOnDone: false })
      // who stopped reading (`| head`) is no reason to stop working
      const write = (text: string) => Stream.run(Stream.succeed(text), sink).pipe(Effect.ignore)
      let height = 0

      const draw = (lines: ReadonlyArray<string>) =>
        Effect.suspend(() => {
          const up = height === 0 ? "" : `${ESC}${height}A`
          height = lines.length
          return write(up + lines.map((line) => `\r${ESC}2K${line}\n`).join(""))
        })

      return Screen.of({
        paint: paintOf(terminal.canColor && !options.forMachine),
        isLive,
        line: (text = "") => write(`${text}\n`),
        draw,
        drawing: (self) =>
          isLive
            ? Effect.acquireUseRelease(
                write(`${ESC}?25l`),
                () => self,
                () => {
                  height = 0
                  return write(`${ESC}?25h`)
                }
              )
            : self
      })
    })
  )
