/**
 * Redis goes, and comes back, while processes share a budget in it: once it is
 * ended and has forgotten everything, once it only does not answer.
 */
import { Control } from "@effect-kalshi/sandbox"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Fleet from "./Fleet.ts"
import * as Plan from "./Plan.ts"
import type * as Server from "./Server.ts"
import * as Venue from "./Venue.ts"

export interface Outcome {
  readonly kind: "ended" | "held"
  readonly seconds: number
  readonly cancels: number
  /** The longest that a cancel waited from the end of Redis until all shared again, for tokens included. */
  readonly longestCancelMs: number
  readonly rejections429: number
  /** From the moment at which Redis answered until the last process shared the budget again. */
  readonly backMs: number
  readonly apart: number
}

const EVERY = { create: 200, read: 1000 }
const PAUSE = 400

const modeAt = (lines: ReadonlyArray<Plan.Line>, from: number, mode: string): number | undefined =>
  lines.find((line) => line._tag === "Mode" && line.mode === mode && line.at >= from)?.at

export const play = Effect.fnUntraced(
  function* (seed: number, kind: Outcome["kind"], scale: Plan.Scale["outage"], server: Server.Server, folder: string) {
    const control = yield* Control.Control
    const budget = yield* Venue.budget
    const keys = yield* Venue.open(Plan.PROCESSES)
    const account = keys[0]?.account ?? ""
    const seconds = scale.before + scale.down + scale.after
    const traders = yield* Effect.forEach(
      keys,
      ({ account, ...key }, index) =>
        Effect.flatMap(Venue.resting(account, Math.ceil((seconds * 2000) / PAUSE)), (orderIds) =>
          Fleet.start(
            {
              ...key,
              seed: seed + index,
              redis: { url: server.url, account: budget },
              clock: 0,
              every: EVERY,
              waiting: 0,
              cancels: { orderIds, pause: PAUSE }
            },
            folder,
            `outage-${kind}-${index}`
          )
        ),
      { concurrency: "unbounded" }
    )
    yield* Effect.forEach(traders, ({ trading }) => trading, { concurrency: "unbounded" })
    yield* Effect.sleep(scale.before * 1000)
    const gone = yield* Clock.currentTimeMillis
    yield* kind === "ended" ? server.stop : server.hold
    yield* Effect.sleep(scale.down * 1000)
    yield* kind === "ended" ? server.start : server.release
    const back = yield* Clock.currentTimeMillis
    yield* Effect.sleep(scale.after * 1000)
    yield* Effect.forEach(traders, ({ kill }) => kill, { concurrency: "unbounded" })

    const tokens = yield* control.tokens(account)
    const shared = traders.map(({ lines }) => modeAt(lines, back, "shared") ?? Infinity)
    const all = Math.max(...shared)
    const cancels = traders.flatMap(({ lines }) =>
      lines.flatMap((line) => (line._tag === "Cancelled" && line.at >= gone && line.at <= all ? [line.waited] : []))
    )
    const outcome: Outcome = {
      kind,
      seconds: scale.down,
      cancels: cancels.length,
      longestCancelMs: Math.round(Math.max(0, ...cancels)),
      rejections429: Venue.refusals(tokens),
      backMs: all - back,
      apart: traders.filter(({ lines }) => modeAt(lines, gone, "apart") !== undefined).length
    }
    return outcome
  },
  (effect, seed) => Effect.scoped(Effect.provide(effect, Venue.layer(seed)))
)
