import { assert, describe, it } from "@effect/vitest"
import * as exchangeClock from "../src/internal/exchangeClock.ts"

const NOON = Date.UTC(2026, 10, 20, 12, 0, 0)
const date = "Fri, 20 Nov 2026 12:00:00 GMT"

describe("the time that an answer tells", () => {
  it("is half a second after its date", () => {
    assert.deepStrictEqual(exchangeClock.read({ date }, 1, 2), { millis: NOON + 500, sentAt: 1, receivedAt: 2 })
  })

  it("is not that of an answer out of a cache, nor one that cannot be read", () => {
    assert.isUndefined(exchangeClock.read({}, 0, 0))
    assert.isUndefined(exchangeClock.read({ date, age: "0" }, 0, 0))
    for (const wrong of [
      "",
      "2026-11-20T12:00:00Z",
      "20 Nov 2026 12:00:00 GMT",
      "Fri, 20 Nov 2026 12:00:00 +0100",
      "Fri, 99 Nov 2026 12:00:00 GMT",
      "Fri, 20 Nov 2026 12:00:00 GMT, Fri, 20 Nov 2026 12:00:00 GMT"
    ]) {
      assert.isUndefined(exchangeClock.read({ date: wrong }, 0, 0), wrong)
    }
  })

  it("is that of the middle of the round trip", () => {
    const told = { millis: NOON + 500, sentAt: NOON - 30_000, receivedAt: NOON - 29_000 }
    assert.strictEqual(exchangeClock.offset(told), 30_000)
    assert.strictEqual(exchangeClock.offset({ ...told, sentAt: NOON + 1000, receivedAt: NOON + 1002 }), -501)
  })

  it("allows what lies within the round trip and its second, and nothing else", () => {
    const told = { millis: NOON + 500, sentAt: NOON - 2000, receivedAt: NOON + 4000 }
    assert.deepStrictEqual(
      [-4001, -4000, 0, 3000, 3001].map((offset) => exchangeClock.allows(told, offset)),
      [false, true, true, true, false]
    )
  })
})
