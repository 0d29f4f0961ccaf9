/**
 * What an order can cost, before it is sent: with the book, the market's fees
 * and the position that it meets.
 */
import { NodeRuntime } from "@effect/platform-node"
import { Console, Effect } from "effect"
import { Contracts, Dollars, Markets, Portfolio } from "effect-kalshi"
import { Kalshi } from "effect-kalshi/node"

const ticker = "KXFED-26DEC-T350"

const program = Effect.gen(function* () {
  const markets = yield* Markets.Markets
  const portfolio = yield* Portfolio.Portfolio

  const book = yield* markets.getOrderBook(ticker, { depth: 3 })
  for (const level of book.asks.toReversed()) {
    yield* Console.log(`  ask ${Dollars.format(level.price)} × ${Contracts.format(level.count)}`)
  }
  for (const level of book.bids) {
    yield* Console.log(`  bid ${Dollars.format(level.price)} × ${Contracts.format(level.count)}`)
  }

  const fees = yield* markets.getFees(ticker)
  yield* Console.log(`fees: ${fees.type} × ${fees.multiplier}`)

  // "Buy 25 NO" in the words of a person; the price is that of NO.
  const price = Dollars.complement(book.bids[0]?.price ?? Dollars.cents(50))
  const order = { ticker, action: "buy", side: "no", price, count: Contracts.of(25) } as const
  for (const held of [0, 10, 25]) {
    const preview = yield* portfolio.preview(order, { position: Contracts.of(held) })
    yield* Console.log(
      `holding ${held} yes: opens ${Contracts.format(preview.opens)}, sets aside $${Dollars.format(preview.collateral)}, ` +
        `costs at most ${preview.worstCost === "unknown" ? "who knows" : `$${Dollars.format(preview.worstCost)}`}`
    )
  }
})

NodeRuntime.runMain(Effect.provide(program, Kalshi.layerConfig()))
