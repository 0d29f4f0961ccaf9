import { assert, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Books from "./src/export/Books.ts"

it.live(
  "the ledger balances to the micro-dollar, and names whatever is wrong",
  () =>
    Effect.gen(function* () {
      const { account, clean, corruptions, oneSnapshot, together, withoutOrders } = yield* Books.run({
        seed: 11,
        fills: 2_000,
        corruptions: 84,
        days: 40
      })
      // there was something to balance
      assert.isAtLeast(account.fills, 2_000)
      assert.strictEqual(account.subaccounts, 4)
      for (const what of ["scalar", "subCent", "partialCloses", "throughZero", "rebates", "open", "resting"] as const) {
        assert.isAbove(account[what], 0, what)
      }
      for (const what of ["deposits", "withdrawals", "transfers"] as const) assert.isAbove(account[what], 3, what)

      const { closedLots, ledgerMillis: _, ...rest } = clean
      assert.isAbove(closedLots, 1_000)
      assert.deepStrictEqual(rest, {
        offMicros: 0,
        reserveOffMicros: 0,
        offCentis: 0,
        discrepancies: [],
        unexplained: 0,
        notes: 0
      })

      for (const [kind, { found, planted }] of Object.entries(corruptions.byKind)) {
        assert.strictEqual(planted, 12, kind)
        assert.strictEqual(found, 12, kind)
      }
      assert.deepStrictEqual(corruptions.missed, [])
      assert.strictEqual(corruptions.alone, 84)
      assert.strictEqual(corruptions.largest, 1)
      assert.deepStrictEqual(withoutOrders.missed, [])
      assert.strictEqual(withoutOrders.found, 84)
      assert.strictEqual(oneSnapshot.found, 12)
      assert.isAbove(together.planted, 20)
      assert.strictEqual(together.found, together.planted)
    }),
  120_000
)
