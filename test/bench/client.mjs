// @ts-check
/**
 * A program that streams every fill of its account and watches its own memory;
 * run by `memory.ts` with `--expose-gc`, against the built packages as a user
 * has them. It is plain JavaScript, so that every Node that is supported runs
 * it as it is.
 *
 * Writes the key of each fill on a line of its own to the file that is named
 * first, and one line of JSON to the standard output.
 */
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { Fill, Portfolio } from "effect-kalshi"
import { Kalshi } from "effect-kalshi/node"
import * as Fs from "node:fs"

const [, , file = ""] = process.argv
const PAGE = 1000

const collect =
  globalThis.gc ??
  (() => {
    throw new Error("run me with --expose-gc")
  })

/** What lives, in bytes; what is on its way has been given time to arrive. */
const live = Effect.sleep("30 millis").pipe(
  Effect.map(() => {
    collect()
    collect()
    const { external, heapUsed } = process.memoryUsage()
    // array buffers are part of what is external
    return heapUsed + external
  })
)

const program = Effect.gen(function* () {
  const portfolio = yield* Portfolio.Portfolio
  const out = Fs.openSync(file, "w")
  const idle = yield* live
  let count = 0
  /** @type {Array<readonly [count: number, bytes: number]>} */
  const samples = []
  // in the middle of a page, so that there is one to hold and one on its way
  const sample = Effect.suspend(() =>
    count % PAGE === PAGE / 2 ? Effect.map(live, (bytes) => void samples.push([count, bytes])) : Effect.void
  )
  yield* portfolio.fills({ limit: PAGE }).pipe(
    Stream.runForEach((fill) => {
      Fs.writeSync(out, `${Fill.key(fill)}\n`)
      count++
      return sample
    })
  )
  Fs.closeSync(out)
  console.log(JSON.stringify({ idle, count, samples }))
})

await Effect.runPromise(program.pipe(Effect.provide(Kalshi.layerConfig({ rateLimit: "basic" }))))
