/**
 * Where words go: what was asked for to standard output, everything else to
 * standard error.
 *
 * With `--json` standard output holds JSON and nothing else: one value, or one
 * a line for lists (NDJSON), and what is said on standard error is JSON too.
 *
 * @since 0.1.0
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import type { PlatformError } from "effect/PlatformError"
import * as Predicate from "effect/Predicate"
import * as Stdio from "effect/Stdio"
import * as Stream from "effect/Stream"
import * as TerminalCapabilities from "effect/cli/TerminalCapabilities"
import { Ended, exitCodes, Failure } from "./Failure.ts"

/**
 * How the output is wanted.
 *
 * @since 0.1.0
 * @category models
 */
export interface Options {
  /** JSON and nothing else on standard output. */
  readonly json: boolean
  /** Nothing but failures on standard error. */
  readonly quiet: boolean
}

/**
 * The output of a command.
 *
 * @since 0.1.0
 * @category services
 */
export class Output extends Context.Service<
  Output,
  Options & {
    /** Whether colour on standard output is seen and wanted (`NO_COLOR`, `FORCE_COLOR`). */
    readonly color: boolean
    /**
     * Writes lines to standard output, together. Fails with `Ended` where nobody
     * reads any more, which is a good end, and with a `Failure` where they cannot
     * be written.
     */
    readonly lines: (lines: ReadonlyArray<string>) => Effect.Effect<void, Ended | Failure>
    /** Says something that was not asked for, on standard error; with `--json` as `{"note": …}`. */
    readonly note: (text: string, facts?: Readonly<Record<string, unknown>>) => Effect.Effect<void>
  }
>()("@effect-kalshi/cli/Output") {}

// what the system calls a reader that has gone
const GONE: ReadonlySet<unknown> = new Set(["EPIPE", "ERR_STREAM_DESTROYED", "ERR_STREAM_WRITE_AFTER_END"])

const codeOf = (error: unknown): unknown => (Predicate.hasProperty(error, "code") ? error.code : undefined)

const unwritten = (error: PlatformError): Ended | Failure => {
  const code = codeOf(error.reason.cause)
  return GONE.has(code)
    ? new Ended({ code: exitCodes.good })
    : new Failure({
        kind: "failed",
        reason: "Unwritten",
        text: `standard output cannot be written${Predicate.isString(code) ? ` (${code})` : ""}: is the disk full?`
      })
}

/**
 * Writes a line to standard error. Who does not read it is no reason to fail.
 *
 * @since 0.1.0
 * @category combinators
 */
export const say = (line: string): Effect.Effect<void, never, Stdio.Stdio> =>
  Stdio.Stdio.use((stdio) => Stream.run(Stream.succeed(`${line}\n`), stdio.stderr({ endOnDone: false }))).pipe(
    Effect.ignore
  )

/**
 * Makes the output of a command over the streams of the process.
 *
 * @since 0.1.0
 * @category constructors
 */
export const make = Effect.fnUntraced(function* (
  options: Options
): Effect.fn.Return<Output["Service"], never, Stdio.Stdio> {
  const stdio = yield* Stdio.Stdio
  const { canColor } = yield* TerminalCapabilities.TerminalCapabilities
  return Output.of({
    ...options,
    color: canColor,
    lines: (lines) =>
      lines.length === 0
        ? Effect.void
        : Stream.run(Stream.succeed(`${lines.join("\n")}\n`), stdio.stdout({ endOnDone: false })).pipe(
            Effect.mapError(unwritten)
          ),
    note: (text, facts) =>
      options.quiet
        ? Effect.void
        : say(options.json ? JSON.stringify({ note: { text, ...facts } }) : text).pipe(
            Effect.provideService(Stdio.Stdio, stdio)
          )
  })
})
