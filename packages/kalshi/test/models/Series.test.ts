import { assert, describe, it } from "@effect/vitest"
import * as Api from "effect-kalshi/api/Markets"
import * as Contracts from "effect-kalshi/Contracts"
import * as Dollars from "effect-kalshi/Dollars"
import * as Fees from "effect-kalshi/Fees"
import * as Series from "effect-kalshi/models/Series"
import * as Golden from "./Golden.ts"
import * as Laws from "./Laws.ts"

describe("Series", () => {
  Laws.reads("today", Api.Series, Series.Series, Series.fromWire)

  it("was recorded, and tells its fees", () => {
    const series = Series.fromWire(Golden.read("series_single", Api.GetSeriesResponse).series)
    assert.deepStrictEqual<unknown>(series, {
      ticker: "CO2",
      title: "US CO2 totals",
      category: "Climate and Weather",
      frequency: "monthly",
      tags: ["Climate change"],
      feeType: "quadratic",
      feeMultiplier: 1
    })
    Laws.roundTrip(Series.Series, series)
    assert.strictEqual(
      Fees.tradeFee({
        schedule: Series.fees(series),
        role: "taker",
        price: Dollars.cents(50),
        count: Contracts.of(100)
      }),
      Dollars.of(1.75)
    )
  })
})
