import { assert, describe, it } from "@effect/vitest"
import * as DateTime from "effect/DateTime"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as Timestamp from "effect-kalshi/Timestamp"
import * as Generators from "./Generators.ts"

const decode = Schema.decodeUnknownSync(Timestamp.Timestamp)

describe("Timestamp", () => {
  it.prop(
    "reading is the inverse of writing",
    [Generators.timestamp],
    ([instant]) => {
      const text = Timestamp.format(instant)
      assert.match(text, /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{6})?Z$/)
      assert.strictEqual(decode(text), instant)
      assert.strictEqual(Schema.encodeSync(Timestamp.Timestamp)(instant), text)
    },
    { arbitrary: { runs: 1000 } }
  )

  it("keeps microseconds", () => {
    for (const [text, micros] of [
      ["2026-01-10T16:11:11.109554Z", 1_768_061_471_109_554],
      // the exchange drops zeros at the end
      ["2026-01-10T02:00:50.76072Z", 1_768_010_450_760_720],
      ["2026-01-27T01:15:00Z", 1_769_476_500_000_000],
      ["2026-01-27T03:15:00+02:00", 1_769_476_500_000_000],
      ["2026-01-26T20:15:00.5-05:00", 1_769_476_500_500_000],
      ["2026-01-27T01:15:00.123456789Z", 1_769_476_500_123_456],
      ["1969-12-31T23:59:59.999999Z", -1],
      ["1970-01-01T00:00:00Z", 0]
    ] as const)
      assert.strictEqual<number>(decode(text), micros, text)
  })

  it("orders as time does", () => {
    assert.isTrue(decode("2026-01-10T16:11:11.109554Z") < decode("2026-01-10T16:11:11.109555Z"))
  })

  it("refuses what is no instant", () => {
    for (const text of [
      "",
      "2026-01-10",
      "2026-01-10T16:11:11",
      "2026-01-10T16:11Z",
      "2026-13-01T00:00:00Z",
      "2026-01-32T00:00:00Z",
      "2026-01-01T25:00:00Z",
      "2026-01-01T00:60:00Z",
      "2026-01-01T00:00:00.Z",
      "2026-01-01T00:00:00.1234567890Z",
      "2026-01-01T00:00:00+0200",
      "1768061471",
      "Sat, 10 Jan 2026 16:11:11 GMT"
    ]) {
      assert.isTrue(Option.isNone(Timestamp.fromString(text)), text)
      assert.throws(() => decode(text))
    }
    assert.throws(() => decode(1_768_061_471))
  })

  it("refuses a day that the month does not have", () => {
    for (const text of ["2026-02-29T00:00:00Z", "2026-02-30T00:00:00Z", "2026-04-31T00:00:00Z"]) {
      assert.isTrue(Option.isNone(Timestamp.fromString(text)), text)
    }
    assert.isTrue(Option.isSome(Timestamp.fromString("2028-02-29T00:00:00Z")))
  })

  it.prop("seconds and milliseconds there and back are the identity", [Generators.integer(-8e9, 8e9)], ([value]) => {
    const seconds = Schema.decodeSync(Timestamp.FromSeconds)(value)
    assert.strictEqual(seconds, Timestamp.fromSeconds(value))
    assert.strictEqual(Timestamp.toSeconds(seconds), value)
    assert.strictEqual(Schema.encodeSync(Timestamp.FromSeconds)(seconds), value)
    const millis = Schema.decodeSync(Timestamp.FromMillis)(value)
    assert.strictEqual(millis, Timestamp.fromMillis(value))
    assert.strictEqual(Timestamp.toMillis(millis), value)
    assert.strictEqual(Schema.encodeSync(Timestamp.FromMillis)(millis), value)
  })

  it.prop("coarser forms cut toward the past", [Generators.integer(-9e15, 9e15)], ([micros]) => {
    const instant = Timestamp.micros(micros)
    const millis = Timestamp.fromMillis(Timestamp.toMillis(instant))
    assert.isTrue(millis <= instant && instant - millis < 1000)
    const seconds = Timestamp.fromSeconds(Timestamp.toSeconds(instant))
    assert.isTrue(seconds <= instant && instant - seconds < 1_000_000)
    assert.strictEqual(Timestamp.fromDateTime(Timestamp.toDateTime(instant)), millis)
    assert.strictEqual(DateTime.toEpochMillis(Timestamp.toDateTime(instant)), Timestamp.toMillis(instant))
  })
})
