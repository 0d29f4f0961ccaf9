import { assert, describe, it } from "@effect/vitest"
import * as Api from "effect-kalshi/api/Exchange"
import * as January2026 from "effect-kalshi/api/legacy/January2026"
import * as Golden from "./Golden.ts"

// no models of their own: the two wires agree on the recorded records
describe("Exchange", () => {
  it("its status was recorded", () => {
    for (const wire of [January2026.GetExchangeStatusResponse, Api.GetExchangeStatusResponse]) {
      assert.deepStrictEqual<unknown>(Golden.read("exchange_status", wire), {
        exchange_active: true,
        trading_active: true,
        exchange_estimated_resume_time: null
      })
    }
  })

  it("its timestamp of user data was recorded", () => {
    for (const wire of [January2026.GetUserDataTimestampResponse, Api.GetUserDataTimestampResponse]) {
      assert.deepStrictEqual<unknown>(Golden.read("user_data_timestamp", wire), { as_of_time: 1_768_485_738_848_643 })
    }
  })
})
