/**
 * How fresh the reads of today's wire are.
 */
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as ExchangeApi from "../../api/Exchange.ts"
import * as exchangeClock from "../../internal/exchangeClock.ts"
import * as client from "../../service/client.ts"
import * as operation from "../../service/operation.ts"
import type { AskFreshness } from "../resolve.ts"

const getUserDataTimestamp = operation.make({
  name: "getUserDataTimestamp",
  success: ExchangeApi.GetUserDataTimestampResponse
})

// half of what the date of an answer leaves open
const HALF_A_SECOND = 500

// an answer that is a little older says less, and nothing wrong: many that look at once share it
const SHARED = "200 millis"

/** Makes the question. */
export const make: Effect.Effect<AskFreshness, never, client.Requires> = Effect.gen(function* () {
  const exchange = yield* client.group("exchange")
  const ask = Effect.gen(function* () {
    const sentAt = yield* Clock.currentTimeMillis
    let ahead = 0
    const { as_of_time: asOf } = yield* getUserDataTimestamp.run(
      Effect.tap(exchange.getUserDataTimestamp({ responseMode: "response-only" }), ({ headers }) =>
        Effect.sync(() => {
          const time = exchangeClock.read(headers, sentAt, sentAt)
          ahead = time === undefined ? 0 : Math.max(0, time.millis + HALF_A_SECOND - sentAt)
        })
      )
    )
    return Option.some({ asOf, ahead: Duration.millis(ahead) })
  })
  return yield* Effect.cachedWithTTL(ask, SHARED)
})
