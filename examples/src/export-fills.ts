/**
 * All fills of an account to an NDJSON file, a page at a time.
 *
 * `portfolio.fills()` follows the cursor to its end and fetches one page ahead,
 * so that memory stays flat however long the history is. The models are
 * schemas: they write themselves, and read themselves back, exactly.
 */
import { NodeRuntime, NodeServices } from "@effect/platform-node"
import { Console, Effect, FileSystem, Stream } from "effect"
import { Ndjson } from "effect/encoding"
import { Contracts, Dollars, Fill, Portfolio } from "effect-kalshi"
import "effect-kalshi/jit"
import { Kalshi } from "effect-kalshi/node"

const file = "out/fills.ndjson"

const program = Effect.gen(function* () {
  const files = yield* FileSystem.FileSystem
  const portfolio = yield* Portfolio.Portfolio

  yield* files.makeDirectory("out", { recursive: true })
  yield* portfolio
    .fills()
    .pipe(Stream.pipeThroughChannel(Ndjson.encodeSchema(Fill.Fill)()), Stream.run(files.sink(file)))

  // Read it back: what was traded, to the last micro-dollar.
  const total = yield* files.stream(file).pipe(
    Stream.pipeThroughChannel(Ndjson.decodeSchema(Fill.Fill)()),
    Stream.runFold(
      () => ({ fills: 0, contracts: Contracts.zero, fees: Dollars.zero }),
      (sum, fill) => ({
        fills: sum.fills + 1,
        contracts: Contracts.add(sum.contracts, fill.count),
        fees: Dollars.add(sum.fees, fill.fee ?? Dollars.zero)
      })
    )
  )
  yield* Console.log(
    `${file}: ${total.fills} fills, ${Contracts.format(total.contracts)} contracts, $${Dollars.format(total.fees)} in fees`
  )
})

NodeRuntime.runMain(program.pipe(Effect.provide([Kalshi.layerConfig(), NodeServices.layer])))
