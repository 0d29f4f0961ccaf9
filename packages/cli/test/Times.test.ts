import { assert, describe, it } from "@effect/vitest"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as Timestamp from "effect-kalshi/Timestamp"
import * as Times from "../src/Times.ts"

const at = (text: string) => Option.getOrThrow(Timestamp.fromString(text))
const read = (text: string) => Option.getOrUndefined(Times.fromString(text))

describe("a time", () => {
  it("is an instant, a date, or how long ago", () => {
    assert.deepStrictEqual(read("2026-11-20T14:00:00+01:00"), { _tag: "At", at: at("2026-11-20T13:00:00Z") })
    assert.deepStrictEqual(read(" 2026-11-20 "), { _tag: "At", at: at("2026-11-20T00:00:00Z") })
    assert.deepStrictEqual(read("7d"), { _tag: "Ago", micros: 604_800_000_000 })
    assert.deepStrictEqual(read("2w"), { _tag: "Ago", micros: 1_209_600_000_000 })
    assert.deepStrictEqual(read("90s"), { _tag: "Ago", micros: 90_000_000 })
    assert.deepStrictEqual(read("now"), { _tag: "Ago", micros: 0 })
  })

  it("is nothing else", () => {
    for (const wrong of [
      "",
      "yesterday",
      "7",
      "7 d",
      "-7d",
      "1.5h",
      "2026-02-30",
      "2026-11-20T14:00:00",
      "20/11/2026"
    ]) {
      assert.isUndefined(read(wrong), wrong)
    }
  })

  const Amount = Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 999_999 }))

  it.prop(
    "that is ago is as long ago as it says",
    [Amount, Schema.Literals(["s", "m", "h", "d", "w"])],
    ([amount, unit]) => {
      const time = read(`${amount}${unit}`)
      const seconds = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 }[unit]
      const now = at("2026-11-20T14:00:00.5Z")
      assert.strictEqual(time?._tag, "Ago")
      if (time?._tag !== "Ago") return
      const start = Times.before(time.micros)(now)
      assert.strictEqual(start, Math.max(0, now - amount * seconds * 1_000_000))
    }
  )
})
