import { assert, describe, it } from "@effect/vitest"
import * as Config from "effect/ConfigProvider"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Sink from "effect/Sink"
import * as Stdio from "effect/Stdio"
import * as Terminal from "effect/Terminal"
import { TestClock } from "effect/testing"
import * as Output from "../src/Output.ts"
import * as Progress from "../src/Progress.ts"

const CLEAR = "\r\u001b[2K"

interface Where {
  readonly terminal?: boolean
  readonly columns?: number
  readonly term?: string
  readonly json?: boolean
  readonly quiet?: boolean
}

/** Runs a progress and gives what was written, piece by piece. */
const written = <A, E>(
  where: Where,
  body: (progress: Progress.Progress) => Effect.Effect<A, E>,
  options: Progress.Options = { title: "fills", total: 1000, unit: "records" }
) =>
  Effect.gen(function* () {
    const pieces: Array<string> = []
    const layer = Layer.mergeAll(
      Layer.effect(Output.Output, Output.make({ json: where.json ?? false, quiet: where.quiet ?? false })),
      Layer.succeed(
        Terminal.Terminal,
        Terminal.make({
          columns: Effect.succeed(where.columns ?? 100),
          rows: Effect.succeed(24),
          size: Effect.die("unused"),
          readInput: Effect.die("unused"),
          readLine: Effect.die("unused"),
          display: () => Effect.void
        })
      )
    ).pipe(
      Layer.provideMerge(
        Stdio.layerTest({
          stderrIsTerminal: Effect.succeed(where.terminal ?? false),
          stderr: () => Sink.forEach((text: string | Uint8Array) => Effect.sync(() => pieces.push(String(text))))
        })
      )
    )
    yield* Effect.flatMap(Progress.make(options), body).pipe(
      Effect.provide(layer),
      Effect.provideService(
        Config.ConfigProvider,
        Config.fromEnv({ env: where.term === undefined ? {} : { TERM: where.term } })
      )
    )
    return pieces
  })

/** A hundred records a second, told every 20 ms. */
const steady = (progress: Progress.Progress, seconds: number, from = 0) =>
  Effect.forEach(
    Array.from({ length: seconds * 50 }, (_, index) => from + (index + 1) * 2),
    (done) => Effect.andThen(TestClock.adjust("20 millis"), progress.update(done)),
    { discard: true }
  )

describe("progress", () => {
  it.effect("is a line that is drawn in place on a terminal, ten times a second", () =>
    Effect.gen(function* () {
      const pieces = yield* written({ terminal: true }, (progress) => Effect.andThen(steady(progress, 5), progress.end))
      assert.strictEqual(pieces.length, 51)
      assert.strictEqual(
        pieces[49],
        `${CLEAR}fills  ${"█".repeat(12)}${"░".repeat(12)}  50%  500 of 1,000 records  100/s  5 s left`
      )
      assert.strictEqual(pieces[50], `${CLEAR}fills: 500 of 1,000 records in 5 s, 100/s\n`)
      assert.isFalse(pieces.slice(0, 50).some((piece) => piece.includes("\n")))
    })
  )

  it.effect("never wraps", () =>
    Effect.gen(function* () {
      for (const columns of [10, 40, 60, 80]) {
        const pieces = yield* written({ terminal: true, columns }, (progress) => steady(progress, 1))
        const widths = pieces.map((piece) => piece.length - CLEAR.length)
        assert.isBelow(Math.max(...widths), columns)
      }
    })
  )

  it.effect("is a plain line every five seconds elsewhere", () =>
    Effect.gen(function* () {
      for (const where of [{}, { terminal: true, term: "dumb" }]) {
        const pieces = yield* written(where, (progress) => Effect.andThen(steady(progress, 11), progress.end))
        assert.deepStrictEqual(pieces, [
          "fills: 50%, 500 of 1,000 records, 100/s, 5 s left\n",
          "fills: 100%, 1,000 of 1,000 records, 100/s\n",
          "fills: 1,100 of 1,000 records in 11 s, 100/s\n"
        ])
      }
    })
  )

  it.effect("follows a rate that changes, and a total that gets better", () =>
    Effect.gen(function* () {
      const pieces = yield* written({}, (progress) =>
        Effect.gen(function* () {
          yield* TestClock.adjust("5 seconds")
          yield* progress.update(5000, 100_000)
          yield* TestClock.adjust("30 seconds")
          yield* progress.update(6000)
        })
      )
      assert.strictEqual(pieces[0], "fills: 5%, 5,000 of 100,000 records, 1,000/s, 1 min 35 s left\n")
      assert.match(pieces[1]!, /^fills: 6%, 6,000 of 100,000 records, 3\d\/s, \d+ min( \d+ s)? left\n$/)
    })
  )

  it.effect("knows no share and no end where there is no total", () =>
    Effect.gen(function* () {
      const options = { title: "orders", unit: "orders" }
      const pieces = yield* written({ terminal: true }, (progress) => steady(progress, 1), options)
      assert.strictEqual(pieces.at(-1), `${CLEAR}orders  100 orders  100/s`)
    })
  )

  it.effect("lets notes through, each on a line of its own", () =>
    Effect.gen(function* () {
      const pieces = yield* written({ terminal: true }, (progress) =>
        Effect.gen(function* () {
          yield* TestClock.adjust("100 millis")
          yield* progress.update(10)
          yield* progress.note("the cutoff moved")
          yield* progress.update(10)
          yield* progress.end
          yield* progress.end
          yield* progress.update(20)
        })
      )
      assert.strictEqual(pieces.length, 4)
      assert.strictEqual(pieces[1], `${CLEAR}the cutoff moved\n`)
      assert.isTrue(pieces[2]!.startsWith(`${CLEAR}fills  `))
      assert.isTrue(pieces[3]!.endsWith("\n"))
    })
  )

  it.effect("says nothing with --json or --quiet", () =>
    Effect.gen(function* () {
      for (const where of [{ json: true }, { quiet: true }]) {
        const pieces = yield* written({ terminal: true, ...where }, (progress) =>
          Effect.andThen(steady(progress, 6), Effect.andThen(progress.note("a note"), progress.end))
        )
        assert.deepStrictEqual(pieces, [])
      }
    })
  )
})
