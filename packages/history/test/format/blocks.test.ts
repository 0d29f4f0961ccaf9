import { assert, describe, it } from "@effect/vitest"
import * as Schema from "effect/Schema"
import * as blocks from "../../src/format/blocks.ts"

const Sizes = Schema.Array(Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 40 })))

describe("blocks", () => {
  it.prop("are of one size, the last one apart, however the bytes come", [Sizes], ([sizes]) => {
    const { add, rest } = blocks.make(16)
    let next = 0
    const full = sizes.flatMap((size) => add(Uint8Array.from({ length: size }, () => next++ % 251)))
    const all = [...full, rest()]
    assert.deepStrictEqual(
      all.flatMap((block) => [...block]),
      Array.from({ length: next }, (_, index) => index % 251)
    )
    assert.isTrue(full.every(({ length }) => length === 16))
    assert.strictEqual(full.length, Math.floor(next / 16))
  })
})
