/**
 * One client process: it trades by the plan that it is given, through the
 * public parts of the client alone, and is killed and started again.
 */
import { Credentials, Environment, Kalshi, Portfolio, Resolution, Timeout, Timestamp } from "effect-kalshi"
import { Kalshi as NodeKalshi, OrderJournal } from "effect-kalshi/node"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as HttpClient from "effect/http/HttpClient"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as Schedule from "effect/Schedule"
import * as Stream from "effect/Stream"
import * as NodeFs from "node:fs"
import * as Book from "./Book.ts"
import * as Defects from "./Defects.ts"
import * as Diary from "./Diary.ts"
import * as Killer from "./Killer.ts"
import * as Look from "./Look.ts"
import type * as Plan from "./Plan.ts"
import * as Random from "./Random.ts"
import * as Wire from "./Wire.ts"
import * as Worker from "./Worker.ts"

// a kill needs time for its write, and the exchange time for its last fault
const LAST_KILL_MILLIS = 1500

/** One life of a program. */
interface Life {
  readonly life: number
  readonly write: Diary.Write
  readonly isStopped: () => boolean
}

const clientLayer = (plan: Plan.Program, options: Life) =>
  Layer.effect(
    HttpClient.HttpClient,
    Effect.gen(function* () {
      const clock = yield* Clock.Clock
      const now = () => clock.currentTimeMillisUnsafe()
      const { lives, program, seed } = plan
      const { isStopped, life, write } = options
      const random = Random.make(seed, program, life)
      const dueAt = now() + (lives === undefined ? 0 : random.between(lives.shortest, lives.longest))
      const killing = Killer.make({
        isDue: () => lives !== undefined && now() >= dueAt && now() < plan.endsAt - LAST_KILL_MILLIS && !isStopped(),
        write,
        now
      })
      const network = yield* HttpClient.HttpClient
      // what the client does last: from here on it is the network's
      const sending = (client: HttpClient.HttpClient) =>
        HttpClient.transform(client, (answer, request) => {
          const clientOrderIds = Killer.writtenBy(request)?.clientOrderIds ?? []
          if (clientOrderIds.length === 0) return answer
          write({ _tag: "Sent", at: now(), clientOrderIds })
          return answer
        })
      // from the network up: the exchange's order, the mistake, the kill
      return sending(killing(Defects.onWire(plan.defect, now)(Wire.shuffled(random)(network))))
    })
  ).pipe(Layer.provide(NodeKalshi.layerHttpClient))

const kalshiLayer = (plan: Plan.Program, options: Life) => {
  const file = OrderJournal.layerFile({ path: plan.journal, lease: plan.times.lease })
  const journal = Layer.orDie(plan.defect === "journal-after-send" ? Defects.written(file) : file)
  // a third of all requests fail: breakers would keep most orders from being tried
  return Kalshi.layer({ rateLimit: "none", breaker: "none", journal }).pipe(
    Layer.provide(
      Credentials.layer({
        environment: Environment.sandbox(plan.url),
        keyId: plan.keyId,
        privateKey: Redacted.make(plan.privateKey)
      })
    ),
    Layer.provide(clientLayer(plan, options))
  )
}

/** Writes down how each order stands at the end, and the fills of it together. */
const showAll = Effect.fnUntraced(function* (write: Diary.Write) {
  const portfolio = yield* Portfolio.Portfolio
  yield* Look.fresh(yield* Timestamp.now)
  const fills = new Map<string, { count: number; fee: number }>()
  yield* Stream.runForEach(portfolio.fills(), (fill) =>
    Effect.sync(() => {
      const { count, fee } = fills.get(fill.orderId) ?? { count: 0, fee: 0 }
      fills.set(fill.orderId, { count: count + fill.count, fee: fee + (fill.fee ?? 0) })
    })
  )
  const orders = yield* Stream.runCollect(portfolio.orders())
  for (const order of orders) {
    write({
      _tag: "Final",
      orderId: order.orderId,
      clientOrderId: order.clientOrderId ?? "",
      status: order.status,
      price: order.price,
      filled: order.filled,
      remaining: order.remaining,
      fees: (order.takerFees ?? 0) + (order.makerFees ?? 0),
      fills: fills.get(order.orderId) ?? { count: 0, fee: 0 }
    })
  }
})

/** One life of a program, to the end of the plan or to its kill. */
export const run = Effect.fnUntraced(function* (plan: Plan.Program) {
  const past = yield* Diary.recall(plan.diary)
  const write = yield* Diary.open(plan.diary)
  const life = past.filter((line) => line._tag === "Started").length + 1
  write({ _tag: "Started", at: yield* Clock.currentTimeMillis, life, pid: process.pid })
  let stopped = false
  const isStopped = () => stopped
  yield* Effect.forkChild(
    Effect.sync(() => {
      stopped ||= NodeFs.existsSync(plan.stop)
    }).pipe(Effect.repeat(Schedule.spaced("250 millis")))
  )
  const clock = yield* Clock.Clock
  const isOver = () => stopped || clock.currentTimeMillisUnsafe() >= plan.endsAt
  const office: Worker.Office = { plan, write, isOver, book: Book.make(past, write) }
  const { times } = plan
  yield* Effect.gen(function* () {
    // the first request of a process takes long, and no order is to be late for it
    yield* Look.any
    yield* Worker.run(office)
    yield* showAll(write)
  }).pipe(
    Effect.provide(kalshiLayer(plan, { life, write, isStopped })),
    Effect.provideService(Timeout.Timeout, { read: times.read, orderEntry: times.orderEntry }),
    Effect.provideService(Resolution.Resolution, {
      maxAge: times.maxAge,
      inFlight: times.inFlight,
      margin: times.margin,
      deadline: times.deadline,
      pause: times.pause,
      closing: "1 second"
    })
  )
  write({ _tag: "Ended", at: yield* Clock.currentTimeMillis })
})
