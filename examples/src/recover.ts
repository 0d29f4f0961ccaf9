/**
 * A program ends in the middle of an order, and the next one knows what became
 * of it: the journal on disk has the order before its first byte leaves.
 */
import { Control, Faults, Sandbox } from "@effect-kalshi/sandbox"
import { NodeRuntime, NodeServices } from "@effect/platform-node"
import { Console, Effect, FileSystem, Layer } from "effect"
import { FetchHttpClient } from "effect/http"
import {
  Contracts,
  Credentials,
  Dollars,
  Environment,
  Kalshi,
  OrderJournal,
  Portfolio,
  Resolution
} from "effect-kalshi"
import { OrderJournal as NodeOrderJournal } from "effect-kalshi/node"

const ticker = "KXHIGHNY-26DEC31-T40"

/** A program of its own, which has nothing of the others but the file. */
const program = (path: string) =>
  Kalshi.layer({ journal: NodeOrderJournal.layerFile({ path }) }).pipe(
    Layer.provide(
      Layer.unwrap(
        Effect.map(Sandbox.Sandbox, ({ keyId, privateKey, url }) =>
          Credentials.layer({ environment: Environment.sandbox(url), keyId, privateKey })
        )
      )
    ),
    Layer.provide(FetchHttpClient.layer)
  )

const first = Effect.gen(function* () {
  const portfolio = yield* Portfolio.Portfolio
  const control = yield* Control.Control
  // the exchange takes the order, and its answer never comes
  yield* control.inject(Faults.answeredLate("1 hour"), { endpoint: "createOrder" })
  const price = Dollars.cents(30)
  const order = {
    ticker,
    action: "buy",
    side: "yes",
    price,
    count: Contracts.of(10),
    clientOrderId: "decision-1"
  } as const
  yield* portfolio.createOrder(order).pipe(Effect.timeoutOption("500 millis"))
  yield* Console.log("the first program ends, and does not know whether it has an order")
})

const second = Effect.gen(function* () {
  const [found] = yield* OrderJournal.recover({ cancelResting: true })
  const [order] = found?.items ?? []
  yield* Console.log(`the next one finds ${order?.clientOrderId}: ${order?.outcome}, ${order?.cancelled?._tag} since`)
})

const main = Effect.gen(function* () {
  const files = yield* FileSystem.FileSystem
  const path = `${yield* files.makeTempDirectoryScoped()}/orders.log`
  yield* first.pipe(
    Effect.provide(program(path)),
    // as a process that is killed, it waits for nothing
    Effect.provideService(Resolution.Resolution, { ...Resolution.standard, closing: 0 })
  )
  yield* Effect.provide(second, program(path))
})

NodeRuntime.runMain(main.pipe(Effect.scoped, Effect.provide([Sandbox.layer(), NodeServices.layer])))
