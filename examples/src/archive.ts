/**
 * An archive of any generation of the wire: lines that were stored in 2024, in
 * January 2026 and today, read as the fills of today.
 */
import { NodeRuntime } from "@effect/platform-node"
import { Console, Effect, Stream } from "effect"
import { Archive, Contracts, Dollars } from "effect-kalshi"

const fill = { order_id: "6e44d48f-cdf5-4181-ad6c-5c740920b5f0", ticker: "KXOLD-1-A", side: "yes", action: "buy" }

// as a program would have stored them, one response or one record a line
const lines = Stream.make(
  JSON.stringify({
    fills: [
      {
        ...fill,
        trade_id: "0a6ba4dd-7b0c-4c5c-9d0b-0f4f1b5e5a01",
        count: 32,
        yes_price: 43,
        no_price: 57,
        is_taker: true,
        created_time: "2024-08-20T10:00:00Z"
      }
    ],
    cursor: ""
  }),
  JSON.stringify({
    ...fill,
    trade_id: "0a6ba4dd-7b0c-4c5c-9d0b-0f4f1b5e5a02",
    fill_id: "0a6ba4dd-7b0c-4c5c-9d0b-0f4f1b5e5a02",
    count: 5,
    yes_price: 43,
    yes_price_fixed: "0.4350",
    is_taker: false,
    created_time: "2026-01-10T16:11:11.109554Z"
  }),
  "this line was cut of",
  JSON.stringify({
    ...fill,
    trade_id: "0a6ba4dd-7b0c-4c5c-9d0b-0f4f1b5e5a03",
    book_side: "bid",
    outcome_side: "yes",
    count_fp: "2.50",
    yes_price_dollars: "0.4310",
    fee_cost: "0.0429",
    is_taker: true,
    created_time: "2026-11-20T10:00:00.5Z"
  })
)

const program = Archive.decodeFills(lines, { onBad: (error) => Console.log(`  ${error.message}`) }).pipe(
  Stream.runForEach(({ generation, record }) =>
    Console.log(
      `${generation.padEnd(8)}${record.side} ${Contracts.format(record.count)} at ${Dollars.format(record.price)}, fee ` +
        (record.fee === undefined ? "not recorded" : Dollars.format(record.fee))
    )
  )
)

NodeRuntime.runMain(Effect.orDie(program))
