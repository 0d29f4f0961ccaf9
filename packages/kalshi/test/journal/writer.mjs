/** Records as often as it is told, or until it is killed, and prints each id once it is durable. */
import * as Effect from "effect/Effect"
import * as Fs from "node:fs"
import { OrderJournal } from "effect-kalshi/node"

const [path = "", times = "Infinity", fibres = "1"] = process.argv.slice(2)

const intent = {
  operation: "createOrder",
  environment: "demo",
  baseUrl: "https://demo-api.kalshi.co/trade-api/v2",
  account: "key-1",
  method: "POST",
  path: "/portfolio/orders",
  body: JSON.stringify({ text: "é🙂".repeat(200) }),
  clientOrderIds: ["c-1"],
  orderIds: []
}

const program = Effect.gen(function* () {
  const journal = yield* OrderJournal.OrderJournal
  const one = Effect.map(journal.record(intent), ({ id }) => Fs.writeSync(1, `${id}\n`))
  const many = one.pipe(Effect.repeat({ times: Number(times) - 1 }))
  yield* Effect.all(
    Array.from({ length: Number(fibres) }, () => many),
    { concurrency: "unbounded", discard: true }
  )
})

Effect.runFork(Effect.provide(program, OrderJournal.layerFile({ path })))
