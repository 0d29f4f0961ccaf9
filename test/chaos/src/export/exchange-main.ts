/**
 * The process of the exchange: it is given a seed and how much history there
 * is, and does what it reads in lines.
 */
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import * as NodeStream from "@effect/platform-node/NodeStream"
import "effect-kalshi/jit"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import * as NodeFs from "node:fs"
import * as Exchange from "./Exchange.ts"
import * as Plan from "./Plan.ts"

const [seed = 1, fills = 0, orders = 0] = process.argv.slice(2).map(Number)

// whoever started it holds its input open, and nobody is left to answer when that ends
const lines = NodeStream.fromReadable<string>({ evaluate: () => process.stdin.setEncoding("utf8") }).pipe(
  Stream.splitLines,
  Stream.orDie
)

const tell = (answer: Plan.Answer): void => {
  NodeFs.writeSync(1, `${Plan.answer.encode(answer)}\n`)
}

NodeRuntime.runMain(
  Exchange.run({ seed, fills, orders }, lines, tell).pipe(
    Effect.tapCause((cause) => Effect.sync(() => NodeFs.writeSync(2, `${Cause.pretty(cause)}\n`)))
  ),
  { disableErrorReporting: true }
)
