/**
 * What the account has: cash, and what it holds.
 */
import { Effect, Stream } from "effect"
import { Portfolio } from "effect-kalshi"
import * as Numbers from "./Numbers.ts"
import { Screen } from "./Screen.ts"
import * as Table from "./Table.ts"

const FEW = 8

export const show = Effect.fn("Account.show")(function* () {
  const portfolio = yield* Portfolio.Portfolio
  const screen = yield* Screen
  const { paint } = screen
  const balance = yield* portfolio.getBalance()
  const positions = yield* Stream.runCollect(
    Stream.take(portfolio.marketPositions({ countFilter: ["position"] }), FEW + 1)
  )
  yield* screen.line(
    `  ${paint.bold(Numbers.dollars(balance.available))} cash${
      // not every wire says what positions are worth
      balance.portfolioValue === undefined
        ? ""
        : `, ${paint.bold(Numbers.dollars(balance.portfolioValue))} in positions`
    }`
  )
  if (positions.length === 0) return balance
  const lines = Table.render(
    [
      { title: "Market" },
      { title: "Holds", align: "right" },
      { title: "Cost", align: "right" },
      { title: "Realised", align: "right" },
      { title: "Fees", align: "right" }
    ],
    positions
      .slice(0, FEW)
      .map((position) => [
        position.ticker,
        `${Numbers.contracts(position.position).replace("−", "")} ${position.position < 0 ? "no " : "yes"}`,
        Numbers.cents(position.exposure),
        (position.realizedPnl < 0 ? paint.red : paint.green)(Numbers.cents(position.realizedPnl)),
        Numbers.cents(position.feesPaid)
      ]),
    paint
  )
  for (const line of lines) yield* screen.line(`  ${line}`)
  if (positions.length > FEW) yield* screen.line(paint.dim("  … and more; all of them are exported below"))
  return balance
})
