/**
 * The exchange that is exported from: a sandbox in a process of its own, with a
 * history, which does what it is told while it answers.
 */
import { Buckets, Control, Faults, Sandbox } from "@effect-kalshi/sandbox"
import type { Timestamp } from "effect-kalshi"
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Stream from "effect/Stream"
import * as NodeFs from "node:fs"
import * as Plan from "./Plan.ts"
import * as Truth from "./Truth.ts"

export interface Options {
  readonly seed: number
  readonly fills: number
  readonly orders: number
}

/** The instants of the first fill, the last, and each thousandth in between. */
const thousandths = (newestFirst: ReadonlyArray<{ readonly at: Timestamp.Timestamp }>) =>
  Array.from({ length: 1001 }, (_, part) => {
    const fill = newestFirst[Math.round(((newestFirst.length - 1) * (1000 - part)) / 1000)]
    return fill === undefined ? [] : [fill.at]
  }).flat()

const PAGES = new Set<string | undefined>(["getFills", "getFillsHistorical", "getOrders", "getHistoricalOrders"])

const writeLines = (path: string, lines: Iterable<string>): void => {
  const file = NodeFs.openSync(path, "w")
  let text = ""
  for (const line of lines) {
    text += `${line}\n`
    if (text.length > 1_000_000) {
      NodeFs.writeSync(file, text)
      text = ""
    }
  }
  NodeFs.writeSync(file, text)
  NodeFs.closeSync(file)
}

/** Opens the exchange, and does what comes until nothing more does. */
export const run = Effect.fnUntraced(function* (
  options: Options,
  orders: Stream.Stream<string>,
  tell: (answer: Plan.Answer) => void
) {
  const clock = yield* Clock.Clock
  const began = clock.currentTimeMillisUnsafe()

  const obey = Effect.gen(function* () {
    const control = yield* Control.Control
    const { account, keyId, privateKey, url } = yield* Sandbox.Sandbox
    const millis = clock.currentTimeMillisUnsafe() - began
    const truth = yield* control.truth(account)
    // what is read from now on is older
    yield* Effect.sleep("20 millis")
    tell({
      _tag: "Open",
      url,
      keyId,
      privateKey: Redacted.value(privateKey),
      millis,
      fills: truth.fills.length,
      orders: truth.orders.length,
      at: thousandths(truth.fills),
      until: Truth.after(truth)
    })

    let cpu = process.cpuUsage()
    const count = Effect.gen(function* () {
      const requests = yield* control.requests()
      yield* control.clearRequests
      const { system, user } = process.cpuUsage(cpu)
      cpu = process.cpuUsage()
      return {
        pages: requests.filter(({ endpoint }) => PAGES.has(endpoint)).length,
        cutoffs: requests.filter(({ endpoint }) => endpoint === "getHistoricalCutoff").length,
        cpuMillis: (system + user) / 1000
      }
    })

    const follow = Effect.fnUntraced(function* (order: Plan.Order): Effect.fn.Return<Plan.Answer> {
      switch (order._tag) {
        case "Cutoff": {
          const { at } = order
          yield* control.setCutoff({ markets: at, trades: at, orders: at, positions: at })
          return { _tag: "Moved" }
        }
        case "Latency":
          yield* control.clearFaults
          if (order.millis > 0) {
            yield* control.inject(Faults.latency(Duration.millis(order.millis)), { times: Infinity })
          }
          return { _tag: "Late" }
        case "Count":
          return { _tag: "Counted", ...(yield* count) }
        case "Truth": {
          const now = yield* control.truth(account)
          yield* Effect.sync(() => {
            writeLines(order.fills, Truth.fills(now))
            writeLines(order.orders, Truth.orders(now))
          })
          return { _tag: "Written", fills: now.fills.length, orders: now.orders.length }
        }
      }
    })
    yield* Stream.runForEach(orders, (line) =>
      Effect.orDie(Plan.order.decode(line)).pipe(Effect.flatMap(follow), Effect.map(tell))
    )
  })

  yield* Effect.provide(
    obey,
    Sandbox.layer({
      seed: options.seed,
      keyType: "ed25519",
      limits: Buckets.unlimited,
      markets: false,
      history: { fills: options.fills, orders: options.orders }
    })
  )
})
