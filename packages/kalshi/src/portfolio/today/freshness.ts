/**
 * How fresh the reads of today's wire are.
 */
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as ExchangeApi from "../../api/Exchange.ts"
import * as client from "../../service/client.ts"
import * as operation from "../../service/operation.ts"
import type { AskFreshness } from "../resolve.ts"

const getUserDataTimestamp = operation.make({
  name: "getUserDataTimestamp",
  success: ExchangeApi.GetUserDataTimestampResponse
})

// the header tells whole seconds
const SECOND = 1000

/** How far the exchange's clock can be ahead of ours, by the date of an answer that no cache has kept. */
const aheadOf = (headers: Readonly<Record<string, string | undefined>>, sentAt: number): number => {
  const date = headers["age"] === undefined ? Date.parse(headers["date"] ?? "") : Number.NaN
  return Number.isNaN(date) ? 0 : Math.max(0, date + SECOND - sentAt)
}

/** Makes the question. */
export const make: Effect.Effect<AskFreshness, never, client.Requires> = Effect.gen(function* () {
  const exchange = yield* client.group("exchange")
  return Effect.gen(function* () {
    const sentAt = yield* Clock.currentTimeMillis
    let ahead = 0
    const { as_of_time: asOf } = yield* getUserDataTimestamp.run(
      Effect.tap(exchange.getUserDataTimestamp({ responseMode: "response-only" }), ({ headers }) =>
        Effect.sync(() => {
          ahead = aheadOf(headers, sentAt)
        })
      )
    )
    return Option.some({ asOf, ahead: Duration.millis(ahead) })
  })
})
