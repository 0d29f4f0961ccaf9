import { assert, describe, it } from "@effect/vitest"
import * as scan from "../../src/archive/scan.ts"

const parses = (text: string): boolean => {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

/** Whether a text is one value. */
const isOne = (text: string): boolean => {
  const { spans, stop } = scan.values(text)
  return stop === undefined && spans.length === 1
}

const sample =
  '{"a":[1,-0.5e+3,2E-1,0],"b\\u00fc\\n\\"\\\\":{"":[{}, [ ]\t]},\r\n"t":true,"f" : false,"n":null,"s":"x\u00a0\ud800"}'

describe("where JSON ends", () => {
  it("is where JSON.parse has it end, whatever is left out, put in or put in its place", () => {
    assert.isTrue(parses(sample) && isOne(sample))
    const characters = '{}[]",:\\ \n-+.eEuat01\u0000'
    for (let at = 0; at < sample.length; at++) {
      const before = sample.slice(0, at)
      const after = sample.slice(at + 1)
      for (const text of [
        before,
        before + after,
        ...[...characters].flatMap((one) => [before + one + after, before + one + sample.slice(at)])
      ]) {
        // one object or list alone: what else parses is no record
        const expected = parses(text) && /^\s*[[{]/.test(text)
        assert.strictEqual(isOne(text), expected, text)
      }
    }
  })

  it("says where a text stops, and whether its end has cut it", () => {
    for (const [text, at, isCut] of [
      ["[1, x]", 4, false],
      ['{"a" 1}', 5, false],
      ['{"a":"b\nc"}', 7, false],
      ["[1,]", 3, false],
      ["[01]", 2, false],
      ["[", 1, true],
      ['{"a":"b', 7, true],
      ['{"a":"b\\u00', 7, true],
      ["[tru", 1, true],
      ["[1.", 2, true]
    ] as const) {
      assert.deepStrictEqual(scan.values(text).stop, { start: 0, at, isCut }, text)
    }
    assert.deepStrictEqual(scan.values("{} []\n, {}"), {
      spans: [
        { start: 0, end: 2 },
        { start: 3, end: 5 }
      ],
      stop: { start: 6, at: 6, isCut: false }
    })
  })

  it("nests without end", () => {
    const deep = `${"[".repeat(200_000)}${"]".repeat(200_000)}`
    assert.deepStrictEqual(scan.values(deep), { spans: [{ start: 0, end: deep.length }] })
  })
})
