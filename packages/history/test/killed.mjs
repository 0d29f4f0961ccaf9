/** Writes fills to a file, and kills itself in the middle: node killed.mjs <path> <format> [compression] */
import * as NodeServices from "@effect/platform-node/NodeServices"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { HistorySink, Kind } from "../dist/index.js"

const [path, format, compression] = process.argv.slice(2)

const fill = {
  tradeId: "a",
  orderId: "b",
  ticker: "T",
  side: "bid",
  price: 1,
  count: 1,
  isTaker: true
}

const records = Stream.concat(
  Stream.fromArray(Array.from({ length: 25_000 }, () => fill)),
  Stream.fromEffect(Effect.sync(() => process.kill(process.pid, "SIGKILL")))
)

const options = { path, format, ...(compression === "" ? {} : { compression }) }

await Effect.runPromise(Effect.provide(Stream.run(records, HistorySink.file(Kind.fills, options)), NodeServices.layer))
