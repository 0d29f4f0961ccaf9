/**
 * The subaccounts that a key sees.
 */
import * as Effect from "effect/Effect"
import * as Portfolio from "effect-kalshi/Portfolio"

/**
 * Their numbers, in order; `undefined` where the key may not ask, since it is
 * bound to one of them, or may read a balance alone.
 */
export const numbers = Effect.gen(function* () {
  const portfolio = yield* Portfolio.Portfolio
  const rows = yield* portfolio.getSubaccountBalances
  const found = new Set(rows.map(({ subaccount }) => subaccount))
  return [...found.add(0)].toSorted((one, other) => one - other)
}).pipe(Effect.catchReason("KalshiError", "Forbidden", () => Effect.undefined))
