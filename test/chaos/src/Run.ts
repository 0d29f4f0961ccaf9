/**
 * A run: an exchange, programs that trade on it while requests go astray, and
 * the judgement.
 */
import { Control, Sandbox } from "@effect-kalshi/sandbox"
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Option from "effect/Option"
import * as Ref from "effect/Ref"
import * as Schedule from "effect/Schedule"
import * as NodeFs from "node:fs"
import * as NodePath from "node:path"
import * as Biography from "./Biography.ts"
import * as Diary from "./Diary.ts"
import * as Figures from "./Figures.ts"
import * as Fleet from "./Fleet.ts"
import * as Judge from "./Judge.ts"
import type * as Plan from "./Plan.ts"
import { SETTLED_WITHIN } from "./Plan.ts"
import { Screen } from "./Screen.ts"
import { chaos } from "./Storm.ts"
import * as Tally from "./Tally.ts"
import * as Truth from "./Truth.ts"
import * as Venue from "./Venue.ts"

/** What came of a run. */
export interface Outcome {
  readonly run: Plan.Run
  readonly millis: number
  readonly figures: Figures.Figures
  readonly findings: ReadonlyArray<Judge.Finding>
  /** What programs said that ended as nobody planned. */
  readonly crashes: ReadonlyArray<string>
}

/** Whether nothing broke. */
export const isClean = ({ crashes, findings }: Outcome): boolean => findings.length === 0 && crashes.length === 0

// what a machine that is busy with everything else may add to the age of an order, in milliseconds
const TOLERANCE = { sent: 100, there: 5000 }
// beyond the minute for which the client has to have settled everything: reading the lists, and ending
const GRACE = "30 seconds"

interface Log {
  readonly writes: ReadonlyArray<Parameters<typeof Truth.request>[0]>
  readonly reads: { readonly all: number; readonly faulted: number }
}

/** Moves the requests over from the sandbox, which forgets the oldest of very many. */
const drain = Effect.fnUntraced(function* (log: Ref.Ref<Log>, quietAt: Ref.Ref<number>) {
  const control = yield* Control.Control
  const entries = yield* control.requests()
  yield* control.clearRequests
  // after the faults there is nothing that they could meet
  const quiet = yield* Ref.get(quietAt)
  const reads = entries.filter(({ at, method }) => method === "GET" && at / 1000 < quiet)
  yield* Ref.update(log, (before) => ({
    writes: [...before.writes, ...entries.filter(({ method }) => method !== "GET")],
    reads: {
      all: before.reads.all + reads.length,
      faulted: before.reads.faulted + reads.filter(({ fault }) => fault !== undefined).length
    }
  }))
})

const counted = (value: number): string => value.toLocaleString("en")

/** How far a run is; `left` is absent once nothing new is begun. */
const progress = (run: Plan.Run, counts: Plan.Counts, left: number | undefined): string => {
  const { amends, batches, cancels, creates, decreases, kills } = counts
  const changes = amends + decreases + cancels
  const until =
    left === undefined
      ? "settling"
      : run.enough !== undefined
        ? `of ${counted(run.enough.creates)}, at most ${clock(left)} to go`
        : `${clock(left)} to go`
  return (
    `  ${counted(creates)} creates, ${counted(batches)} batches, ${counted(changes)} changes, ` +
    `${kills} kills: ${until}`
  )
}

const clock = (millis: number): string => {
  const seconds = Math.max(0, Math.round(millis / 1000))
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`
}

/** Makes a folder anew. */
const clean = (folder: string): Effect.Effect<void> =>
  Effect.sync(() => {
    NodeFs.rmSync(folder, { recursive: true, force: true })
    NodeFs.mkdirSync(folder, { recursive: true })
  })

/** Plays a run in a folder, which then has the journals and the diaries of its programs. */
export const play = Effect.fnUntraced(
  function* (run: Plan.Run, folder: string) {
    const screen = yield* Screen
    const control = yield* Control.Control
    const { url } = yield* Sandbox.Sandbox
    const startedAt = yield* Clock.currentTimeMillis
    const endsAt = startedAt + run.millis
    const { accounts, ...who } = yield* Venue.open(run)
    yield* control.setChaos(chaos(run))
    yield* clean(folder)

    const log = yield* Ref.make<Log>({ writes: [], reads: { all: 0, faulted: 0 } })
    const quietAt = yield* Ref.make(Number.POSITIVE_INFINITY)
    const kills = yield* Ref.make<ReadonlyArray<{ readonly program: number; readonly kill: Fleet.Kill }>>([])
    const trading = yield* Effect.forkChild(Venue.others(run, who))
    const stop = NodePath.join(folder, "stop")
    const diaryOf = (program: number) => NodePath.join(folder, `program-${program}.diary.ndjson`)
    const tally = Tally.make(accounts.map((_, program) => diaryOf(program)))
    const watching = yield* Effect.forkChild(
      Effect.gen(function* () {
        yield* drain(log, quietAt)
        const now = yield* Clock.currentTimeMillis
        const isOver = now >= endsAt || NodeFs.existsSync(stop)
        yield* screen.status(progress(run, tally.look(), isOver ? undefined : endsAt - now))
      }).pipe(Effect.repeat(Schedule.spaced("1 second")))
    )

    const programs = yield* Effect.forEach(accounts, (account, program) =>
      Effect.gen(function* () {
        const file = (name: string) => NodePath.join(folder, `program-${program}.${name}`)
        const plan: Plan.Program = {
          seed: run.seed,
          program,
          workers: run.workers,
          url,
          keyId: account.keyId,
          privateKey: account.privateKey,
          journal: file("journal.ndjson"),
          diary: diaryOf(program),
          endsAt,
          stop,
          lives: run.lives,
          patience: run.patience,
          times: run.times,
          ...(run.defect === undefined ? {} : { defect: run.defect })
        }
        yield* Fleet.prepare(plan, file("json"))
        const running = yield* Effect.forkChild(
          Fleet.keepAlive(plan, file("json"), (kill) => Ref.update(kills, (all) => [...all, { program, kill }]))
        )
        return { account, plan, running }
      })
    )

    yield* Effect.sleep("1 second").pipe(
      Effect.repeat({ until: () => run.enough !== undefined && Tally.isEnough(tally.look(), run.enough) }),
      Effect.timeoutOption(run.millis)
    )
    yield* Effect.sync(() => NodeFs.writeFileSync(stop, ""))
    // from here on a program finds nothing in its way
    yield* Ref.set(quietAt, yield* Clock.currentTimeMillis)
    yield* control.setChaos(undefined)
    yield* Fiber.interrupt(trading)
    const ends = yield* Effect.forEach(
      programs,
      ({ running }) =>
        Fiber.join(running).pipe(
          Effect.as(Option.none<string>()),
          Effect.timeoutOrElse({
            duration: Duration.sum(Duration.millis(SETTLED_WITHIN), Duration.fromInputUnsafe(GRACE)),
            // what it has not settled by now the judge finds
            orElse: () => Effect.as(Fiber.interrupt(running), Option.none<string>())
          }),
          Effect.catchTag("Crashed", (crashed) => Effect.succeedSome(crashed.message))
        ),
      { concurrency: "unbounded" }
    )
    yield* Fiber.interrupt(watching)
    yield* drain(log, quietAt)

    const { reads, writes } = yield* Ref.get(log)
    const killed = yield* Ref.get(kills)
    const requests = writes.map(Truth.request)
    yield* Effect.sync(() =>
      NodeFs.writeFileSync(
        NodePath.join(folder, "requests.ndjson"),
        requests.map((request) => `${JSON.stringify(request)}\n`).join("")
      )
    )
    const evidence = yield* Effect.forEach(programs, ({ account, plan }) =>
      Effect.gen(function* () {
        const orders = yield* Venue.truth(account)
        const diary = Biography.read(yield* Diary.read(plan.diary))
        const ids = new Set(orders.map(({ orderId }) => orderId))
        // what never got as far as the exchange has no key there
        const of = requests.filter(({ clientOrderIds, keyId, orderId }) =>
          keyId === undefined
            ? clientOrderIds.some((id) => diary.orders.has(id)) || (orderId !== undefined && ids.has(orderId))
            : keyId === account.keyId
        )
        return {
          program: plan.program,
          diary,
          orders,
          requests: of,
          kills: killed.flatMap(({ kill, program }) => (program === plan.program ? [kill] : [])),
          maxAge: run.times.maxAge,
          tolerance: TOLERANCE
        } satisfies Judge.Evidence
      })
    )
    const findings = evidence
      .flatMap(Judge.judge)
      .toSorted((a, b) => Judge.kinds.indexOf(a.kind) - Judge.kinds.indexOf(b.kind))
    const outcome: Outcome = {
      run,
      millis: (yield* Clock.currentTimeMillis) - startedAt,
      figures: Figures.count({ programs: evidence, findings, reads }),
      findings,
      crashes: ends.flatMap(Option.toArray)
    }
    return outcome
  },
  (effect, run) => Effect.provide(effect, Venue.layer(run))
)
