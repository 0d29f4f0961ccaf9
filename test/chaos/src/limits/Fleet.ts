/**
 * The processes that share a budget, and what they have told.
 */
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import * as ChildProcess from "effect/process/ChildProcess"
import * as NodeFs from "node:fs"
import * as NodePath from "node:path"
import * as NodeUrl from "node:url"
import * as Plan from "./Plan.ts"

// the built one: this module may run from its source
const main = NodeUrl.fileURLToPath(new URL("../../dist/limits/trader-main.js", import.meta.url))

/** A process under way. */
export interface Trader {
  /** What it has told so far, by all its lives. */
  readonly lines: ReadonlyArray<Plan.Line>
  /** Ends when it trades, in this life. */
  readonly trading: Effect.Effect<void>
  /** Ends when its cancels are done. */
  readonly done: Effect.Effect<void>
  /** Ends it at once, without a last word. */
  readonly kill: Effect.Effect<void>
}

/** Starts a process, which ends with the scope. */
export const start = Effect.fnUntraced(function* (plan: Plan.Trader, folder: string, name: string) {
  const lines: Array<Plan.Line> = []
  const trading = yield* Deferred.make<void>()
  const done = yield* Deferred.make<void>()
  const path = NodePath.join(folder, `${name}.json`)
  yield* Effect.sync(() => {
    NodeFs.mkdirSync(folder, { recursive: true })
    NodeFs.writeFileSync(path, Schema.encodeSync(Schema.fromJsonString(Plan.Trader))(plan), { mode: 0o600 })
  })
  const life = yield* Scope.fork(yield* Effect.scope)
  const child = yield* Scope.provide(ChildProcess.make(process.execPath, [main, path], { killSignal: "SIGKILL" }), life)
  const log = NodeFs.createWriteStream(NodePath.join(folder, `${name}.log`))
  const hearing = child.stdout.pipe(
    Stream.decodeText,
    Stream.splitLines,
    Stream.runForEach((text) =>
      Option.match(Plan.decode(text), {
        onNone: () => Effect.sync(() => void log.write(`${text}\n`)),
        onSome: (line) => {
          lines.push(line)
          if (line._tag === "Trading") return Deferred.succeed(trading, undefined)
          if (line._tag === "Done") return Deferred.succeed(done, undefined)
          return Effect.void
        }
      })
    )
  )
  const said = child.stderr.pipe(
    Stream.decodeText,
    Stream.runForEach((text) => Effect.sync(() => void log.write(text)))
  )
  yield* Effect.forkIn(Effect.ignore(hearing), life)
  yield* Effect.forkIn(Effect.ignore(said), life)
  return {
    lines,
    trading: Deferred.await(trading),
    done: Deferred.await(done),
    kill: Scope.close(life, Exit.void)
  } satisfies Trader
})

/** What was refused to a process in its busiest second. */
export const busiestSecond = (lines: ReadonlyArray<Plan.Line>, from: number): number => {
  const at = lines.flatMap((line) => (line._tag === "Refused" && line.at >= from ? [line.at] : []))
  return Math.max(0, ...at.map((start) => at.filter((each) => each >= start && each < start + 1000).length))
}

export const waits = (lines: ReadonlyArray<Plan.Line>): ReadonlyArray<number> =>
  lines.flatMap((line) => (line._tag === "Cancelled" ? [line.waited] : []))
