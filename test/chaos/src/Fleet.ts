/**
 * The processes of a run: each is started again when it was killed, and none
 * outlives the run.
 */
import { OrderJournal } from "effect-kalshi/node"
import * as Clock from "effect/Clock"
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import * as ChildProcess from "effect/process/ChildProcess"
import * as NodeFs from "node:fs"
import * as NodeUrl from "node:url"
import * as Diary from "./Diary.ts"
import * as Plan from "./Plan.ts"
import * as Random from "./Random.ts"

/** A program ended as nobody planned. */
export class Crashed extends Data.TaggedError("Crashed")<{
  readonly program: number
  readonly words: string
}> {
  /** What it said last. */
  override get message(): string {
    return `program ${this.program} crashed:\n${this.words}`
  }
}

// the built one: this module may run from its source
const main = NodeUrl.fileURLToPath(new URL("../dist/program-main.js", import.meta.url))

// most failures here are meant, and nobody reads where they came from
const flags = ["--stack-trace-limit=2", "--max-semi-space-size=32"]

const SAID = 4000

/** Writes the plan of a program where it finds it. */
export const prepare = (plan: Plan.Program, path: string): Effect.Effect<void> =>
  Effect.sync(() => {
    NodeFs.writeFileSync(path, Schema.encodeSync(Schema.fromJsonString(Plan.Program))(plan), { mode: 0o600 })
  })

/** One life: whether it came to its end, and what it said. */
const live = Effect.fnUntraced(function* (path: string) {
  // its input stays open for as long as this process is there
  const child = yield* ChildProcess.make(process.execPath, [...flags, main, path], {
    killSignal: "SIGKILL"
  })
  const saying = yield* Effect.forkChild(Stream.mkString(Stream.decodeText(child.all)))
  const exit = yield* Effect.result(child.exitCode)
  const words = Result.getOrElse(yield* Effect.result(Fiber.join(saying)), () => "")
  return { code: Result.isSuccess(exit) ? exit.success : undefined, words: words.slice(-SAID) }
}, Effect.scoped)

/** A kill, the three writes that it met, and those that the journal had open when the program was dead. */
export interface Kill {
  readonly killed: ReadonlyArray<Extract<Diary.Line, { readonly _tag: "Killed" }>>
  readonly open: ReadonlyArray<OrderJournal.Entry>
}

const openIn = (journal: string): Effect.Effect<ReadonlyArray<OrderJournal.Entry>, OrderJournal.JournalError> =>
  OrderJournal.OrderJournal.use(({ open }) => Effect.map(open, (all) => all.map(({ entry }) => entry))).pipe(
    Effect.provide(OrderJournal.layerFile({ path: journal, lease: 0 }))
  )

/** Runs a program to its end, through all its kills. */
export const keepAlive = Effect.fnUntraced(function* (
  plan: Plan.Program,
  path: string,
  onKill: (kill: Kill) => Effect.Effect<void>
) {
  const { program, seed } = plan
  for (let life = 1; ; life++) {
    const { code, words } = yield* live(path)
    if (code === 0) return
    const last = yield* Diary.last(plan.diary, Plan.instants.length)
    const killed = last.flatMap((line) => (line._tag === "Killed" ? [line] : []))
    if (code !== undefined || killed.length < Plan.instants.length) {
      return yield* new Crashed({
        program,
        words: `${words}\n(exit code ${code}, at ${yield* Clock.currentTimeMillis})`
      })
    }
    yield* onKill({ killed, open: yield* Effect.orDie(openIn(plan.journal)) })
    yield* Effect.sleep(Random.make(seed, program, life, 1).between(300, 3000))
  }
})
