/**
 * An archive of any generation of the wire: a folder of files that were stored
 * in 2024, in January 2026 and today, read as the fills of today.
 */
import { NodeRuntime, NodeServices } from "@effect/platform-node"
import { Console, Effect, FileSystem, Path, Stream } from "effect"
import { Archive, Contracts, Dollars } from "effect-kalshi"

const fill = { order_id: "6e44d48f-cdf5-4181-ad6c-5c740920b5f0", ticker: "KXOLD-1-A", side: "yes", action: "buy" }

const of2024 = {
  ...fill,
  trade_id: "0a6ba4dd-7b0c-4c5c-9d0b-0f4f1b5e5a01",
  count: 32,
  yes_price: 43,
  no_price: 57,
  is_taker: true,
  created_time: "2024-08-20T10:00:00Z"
}
const ofJanuary2026 = {
  ...fill,
  trade_id: "0a6ba4dd-7b0c-4c5c-9d0b-0f4f1b5e5a02",
  fill_id: "0a6ba4dd-7b0c-4c5c-9d0b-0f4f1b5e5a02",
  count: 5,
  yes_price: 43,
  yes_price_fixed: "0.4350",
  is_taker: false,
  created_time: "2026-01-10T16:11:11.109554Z"
}
const ofToday = {
  ...fill,
  trade_id: "0a6ba4dd-7b0c-4c5c-9d0b-0f4f1b5e5a03",
  book_side: "bid",
  outcome_side: "yes",
  count_fp: "2.50",
  yes_price_dollars: "0.4310",
  fee_cost: "0.0429",
  is_taker: true,
  created_time: "2026-11-20T10:00:00.5Z"
}

// as programs would have stored them: a response that is printed, and records one a line
const stored = {
  "2024.json": JSON.stringify({ fills: [of2024], cursor: "" }, null, 2),
  "later.ndjson": [JSON.stringify(ofJanuary2026), '{"trade_id":"cut of', JSON.stringify(ofToday)].join("\n")
}

/** The fills of all files in a folder; what cannot be read is said with the name of its file. */
const fillsIn = (folder: string) =>
  Stream.unwrap(
    Effect.gen(function* () {
      const files = yield* FileSystem.FileSystem
      const path = yield* Path.Path
      const names = (yield* files.readDirectory(folder)).toSorted()
      return Stream.fromIterable(names).pipe(
        Stream.mapEffect((name) =>
          Effect.map(files.readFileString(path.join(folder, name)), (text) => ({ name, text }))
        ),
        Stream.flatMap(({ name, text }) =>
          Archive.decodeFills(text, { onBad: (error) => Console.log(`  ${name}, ${error.message}`) })
        )
      )
    })
  )

const program = Effect.gen(function* () {
  const files = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const folder = yield* files.makeTempDirectoryScoped({ prefix: "kalshi-archive-" })
  for (const [name, text] of Object.entries(stored)) yield* files.writeFileString(path.join(folder, name), text)

  yield* Stream.runForEach(fillsIn(folder), ({ generation, record }) =>
    Console.log(
      generation.padEnd(8) +
        `${record.side} ${Contracts.format(record.count)} at ${Dollars.format(record.price)}, fee ` +
        (record.fee === undefined ? "not recorded" : Dollars.format(record.fee))
    )
  )
})

NodeRuntime.runMain(program.pipe(Effect.scoped, Effect.provide(NodeServices.layer), Effect.orDie))
