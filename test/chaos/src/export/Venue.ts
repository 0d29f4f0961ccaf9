/**
 * The exchange of a run, seen from the harness: where it is, what is in it, and
 * what it is told.
 */
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Semaphore from "effect/Semaphore"
import type { Timestamp } from "effect-kalshi"
import * as NodeFs from "node:fs"
import * as NodePath from "node:path"
import * as NodeUrl from "node:url"
import * as Child from "./Child.ts"
import type * as Exchange from "./Exchange.ts"
import * as Judge from "./Judge.ts"
import * as Plan from "./Plan.ts"
import * as Rows from "./Rows.ts"

// the built one: this module may run from its source
const main = NodeUrl.fileURLToPath(new URL("../../dist/export/exchange-main.js", import.meta.url))

type Open = Extract<Plan.Answer, { readonly _tag: "Open" }>
type Counted = Extract<Plan.Answer, { readonly _tag: "Counted" }>

export interface Venue {
  readonly open: Open
  /** What a program needs in its environment to use it. */
  readonly env: Readonly<Record<string, string>>
  /** When a share of the fills had been made, from 0 to 1. */
  readonly at: (share: number) => Timestamp.Timestamp
  readonly moveCutoff: (at: Timestamp.Timestamp) => Effect.Effect<void>
  readonly setLatency: (millis: number) => Effect.Effect<void>
  /** Requests since this was asked last. */
  readonly count: Effect.Effect<Counted>
  readonly truth: Effect.Effect<{ readonly fills: Judge.Truth; readonly orders: Judge.Truth }>
}

/** Opens an exchange in a process of its own, which ends with the scope. */
export const make = Effect.fnUntraced(function* (options: Exchange.Options, folder: string) {
  let waiting = yield* Deferred.make<Plan.Answer>()
  const { send } = yield* Child.start(
    {
      file: process.execPath,
      // answers of half a megabyte live for a moment: that it sweeps is none of what is measured
      args: [
        "--max-old-space-size=6144",
        "--max-semi-space-size=64",
        main,
        String(options.seed),
        String(options.fills),
        String(options.orders)
      ]
    },
    (line) => {
      const answer = Plan.answer.decode(line)
      if (Option.isSome(answer)) Deferred.doneUnsafe(waiting, Effect.succeed(answer.value))
    }
  )
  const first = yield* Deferred.await(waiting)
  if (first._tag !== "Open") return yield* Effect.die(`the exchange said ${first._tag}`)

  const one = yield* Semaphore.make(1)
  const ask = (order: Plan.Order): Effect.Effect<Plan.Answer> =>
    Effect.gen(function* () {
      waiting = yield* Deferred.make<Plan.Answer>()
      yield* send(Plan.order.encode(order))
      return yield* Deferred.await(waiting)
    }).pipe(one.withPermits(1), Effect.uninterruptible)

  const paths = { fills: NodePath.join(folder, "truth.fills"), orders: NodePath.join(folder, "truth.orders") }
  return {
    open: first,
    env: {
      KALSHI_ENV: "sandbox",
      KALSHI_BASE_URL: first.url,
      KALSHI_API_KEY_ID: first.keyId,
      KALSHI_PRIVATE_KEY: first.privateKey
    },
    at: (share) => first.at[Math.round(Math.min(1, Math.max(0, share)) * (first.at.length - 1))] ?? first.until,
    moveCutoff: (at) => Effect.asVoid(ask({ _tag: "Cutoff", at })),
    setLatency: (millis) => Effect.asVoid(ask({ _tag: "Latency", millis })),
    count: Effect.flatMap(ask({ _tag: "Count" }), (answer) =>
      answer._tag === "Counted" ? Effect.succeed(answer) : Effect.die(answer)
    ),
    truth: Effect.gen(function* () {
      yield* Effect.sync(() => NodeFs.mkdirSync(folder, { recursive: true }))
      yield* ask({ _tag: "Truth", ...paths })
      const truth = {
        fills: yield* Judge.load(paths.fills, Rows.fills),
        orders: yield* Judge.load(paths.orders, Rows.orders)
      }
      yield* Effect.sync(() => {
        NodeFs.rmSync(paths.fills)
        NodeFs.rmSync(paths.orders)
      })
      return truth
    })
  } satisfies Venue
})
